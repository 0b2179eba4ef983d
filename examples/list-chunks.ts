/**
 * Lists in three ways: whole at one moment, one chunk in memory at a time, and the names alone.
 */
import { Client } from "bowline";

await using client = await Client.connect();
const configMaps = client.resource("v1", "ConfigMap", { namespace: client.defaultNamespace });
const labelSelector = { example: "list" };
for (const name of ["a", "b", "c", "d", "e"]) {
  await configMaps.create({ metadata: { name: `example-${name}`, labels: labelSelector }, data: { name } });
}

// As they all were at one resourceVersion, however many requests that took; half the size without managedFields.
const list = await configMaps.list({ labelSelector, chunkSize: 2, omitManagedFields: true });
console.log(`list: ${list.items.length} at one resourceVersion`);

let count = 0;
for await (const configMap of configMaps.iterate({ labelSelector, chunkSize: 2 })) {
  if (configMap.data?.["name"] === "d") break; // asks for no further chunk
  count += 1;
}
console.log(`iterate: ${count} before the one that was looked for`);

for await (const { metadata } of configMaps.metadataOnly().iterate({ labelSelector })) {
  console.log(`metadata only: ${metadata.name}`);
}
await configMaps.deleteCollection({ labelSelector });
