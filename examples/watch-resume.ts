/**
 * Watches ConfigMaps, remembers how far it came, and goes on from there later without hearing anything twice.
 */
import { Client, isExpired } from "bowline";

await using client = await Client.connect();
const configMaps = client.resource("v1", "ConfigMap", { namespace: client.defaultNamespace });
await configMaps.create({ metadata: { name: "example-a", labels: { example: "watch" } } });

let resourceVersion = "";
for await (const event of configMaps.watch({ labelSelector: { example: "watch" }, bookmarks: true })) {
  if (event.type !== "BOOKMARK") {
    console.log(`first: ${event.type} ${event.object.metadata.name}`);
    continue;
  }
  ({ resourceVersion } = event);
  // All that was there has been told: enough for now. Keep resourceVersion where you keep what you did with the events.
  if (event.isInitialEventsEnd) break;
}

await configMaps.patch("example-a", { data: { greeting: "hello" } });
await configMaps.create({ metadata: { name: "example-b", labels: { example: "watch" } } });
await configMaps.deleteCollection({ labelSelector: { example: "watch" } });

try {
  let deletions = 0;
  for await (const event of configMaps.watch({ labelSelector: { example: "watch" }, resourceVersion })) {
    console.log(`then: ${event.type} ${event.object.metadata.name}`);
    if (event.type === "DELETED" && ++deletions === 2) break;
  }
} catch (error) {
  if (!isExpired(error)) throw error;
  console.log("too long ago: the server has forgotten that state; watch without resourceVersion to begin anew");
}
