/**
 * Scales whatever can be scaled, custom kinds included, through the `scale` subresource.
 */
import { Client, type KubeObject, type SubresourceApi } from "bowline";

await using client = await Client.connect({ fieldManager: "example" });
const namespace = client.defaultNamespace;
const deployments = client.resource("apps/v1", "Deployment", { namespace });
const labels = { app: "example-scale" };
await client.apply({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "example-scale", namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx:1.28" }] } },
  },
});

await scaleTo(deployments, "example-scale", 3);
const { status } = await deployments.wait("example-scale", ({ status }) => status?.readyReplicas === 3);
console.log(`${status?.readyReplicas} are ready`);
await deployments.delete("example-scale", { propagationPolicy: "Foreground", wait: true });

/** A kind without the subresource does not compile here. */
async function scaleTo(kind: Pick<SubresourceApi<KubeObject>, "scale">, name: string, replicas: number): Promise<void> {
  const before = await kind.scale.get(name);
  const after = await kind.scale.patch(name, { spec: { replicas } });
  console.log(`from ${before.spec?.replicas} to ${after.spec?.replicas}`);
}
