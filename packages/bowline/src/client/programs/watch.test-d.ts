/** Watch. */
import { Client } from "bowline";

await using client = await Client.connect();
let count = 10;
for await (const event of client.resource("v1", "Namespace").watch({ timeoutMs: 60_000 })) {
  console.log(event.type, event.object.metadata.name);
  if (--count === 0) break;
}
for await (const event of client
  .resource("v1", "Pod")
  .watch({ bookmarks: true, fieldSelector: { "status.phase": "Running" } })) {
  if (event.type === "BOOKMARK") console.log(event.resourceVersion);
  else console.log(event.object.spec.nodeName);
}
