/** Apply a file of YAML documents. */
import { readFile } from "node:fs/promises";
import { Client, parseManifests } from "bowline";

await using client = await Client.connect();
for (const object of await parseManifests(await readFile("app.yaml", "utf8"))) {
  const applied = await client.apply(object, { fieldManager: "me" });
  console.log(`${applied.kind}/${applied.metadata.name}`);
}
