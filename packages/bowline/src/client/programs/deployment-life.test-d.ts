/** A Deployment's life: create, new image, rolling restart, scale, delete. */
import { Client } from "bowline";

await using client = await Client.connect();
const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
await deployments.create({
  metadata: { name: "shop", labels: { app: "shop" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: { containers: [{ name: "app", image: "shop:1", ports: [{ containerPort: 80 }] }] },
    },
  },
});
await deployments.patch(
  "shop",
  { spec: { template: { spec: { containers: [{ name: "app", image: "shop:2" }] } } } },
  { type: "strategic" },
);
await deployments.patch("shop", {
  spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() } } } },
});
await deployments.scale.patch("shop", { spec: { replicas: 3 } });
await deployments.delete("shop", { propagationPolicy: "Foreground", wait: true });
