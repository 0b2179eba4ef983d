/** Code over any kind. */
import { Client, type Collection, type Existing, type KubeObject, type NamespacedObject, type Resource } from "bowline";

await using client = await Client.connect();
export async function label<T extends NamespacedObject>(
  resource: Resource<T>,
  name: string,
  labels: Record<string, string>,
): Promise<Existing<T>> {
  return resource.patch(name, { metadata: { labels } });
}
export async function names<T extends KubeObject>(collection: Collection<T>): Promise<string[]> {
  const result: string[] = [];
  for await (const object of collection.iterate()) result.push(object.metadata.name);
  return result;
}
export async function copy<T extends NamespacedObject>(
  from: Resource<T>,
  to: Resource<T>,
  name: string,
): Promise<void> {
  const object = await from.get(name);
  await to.create({ ...object, metadata: { name } });
}
await label(client.resource("v1", "Secret", { namespace: "web" }), "s", { a: "b" });
await label(client.resource("apps/v1", "Deployment", { namespace: "web" }), "s", { a: "b" });
console.log(
  await names(client.resource("v1", "Pod")),
  await names(client.resource("v1", "Node")),
  await names(client.resource("x.io/v1", "Thing")),
);
await copy(client.resource("v1", "Secret").in("a"), client.resource("v1", "Secret").in("b"), "s");
