/**
 * A Deployment's life: create it, wait for its Pods, change its image, delete it with all that it owns.
 */
import { Client } from "bowline";

await using client = await Client.connect({ fieldManager: "example" });
const deployments = client.resource("apps/v1", "Deployment", { namespace: client.defaultNamespace });

const created = await deployments.create({
  metadata: { name: "example-shop", labels: { app: "example-shop" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "example-shop" } },
    template: {
      metadata: { labels: { app: "example-shop" } },
      spec: { containers: [{ name: "web", image: "nginx:1.28", ports: [{ containerPort: 80 }] }] },
    },
  },
});
console.log(`created ${created.metadata.name} with ${created.spec.replicas} replicas`);

const ready = await deployments.wait("example-shop", ({ spec, status }) => status?.readyReplicas === spec.replicas);
console.log(`ready: ${ready.status?.readyReplicas}`);

// Reads, changes and writes, and again where somebody else was faster.
const changed = await deployments.edit("example-shop", ({ spec }) => {
  for (const container of spec.template.spec?.containers ?? []) container.image = "nginx:1.29";
});
console.log(`image: ${changed.spec.template.spec?.containers[0]?.image}`);

await deployments.delete("example-shop", { propagationPolicy: "Foreground", wait: true });
console.log(`deleted: ${(await deployments.find("example-shop")) === undefined}`);
