/** Code over whatever can be scaled. */
import { Client, type Collection, type KubeObject, type SubresourceApi } from "bowline";

await using client = await Client.connect();
export async function scaleTo(
  target: Pick<SubresourceApi<KubeObject>, "scale">,
  name: string,
  replicas: number,
): Promise<void> {
  await target.scale.patch(name, { spec: { replicas } });
}
await scaleTo(client.resource("apps/v1", "Deployment", { namespace: "web" }), "shop", 3);
await scaleTo(client.resource("v1", "ReplicationController", { namespace: "web" }), "shop", 3);
const collections: Collection<KubeObject>[] = [
  client.resource("v1", "Pod"),
  client.resource("v1", "Service"),
  client.resource("v1", "Node"),
];
for (const c of collections) console.log((await c.list()).items.length);
