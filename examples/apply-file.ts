/**
 * Applies a file of YAML documents, as `kubectl apply --server-side -f FILE` does: apply-file.ts FILE
 */
import { readFile } from "node:fs/promises";
import { Client, isConflict, parseManifests } from "bowline";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: apply-file.ts FILE");

await using client = await Client.connect({ fieldManager: "example" });
for (const object of await parseManifests(await readFile(file, "utf8"))) {
  try {
    const { kind, metadata } = await client.apply(object);
    console.log(`${kind}/${metadata.name} applied`);
  } catch (error) {
    if (!isConflict(error)) throw error;
    // Another manager owns a field and wants it otherwise. `force: true` would take it over.
    for (const { field, manager } of error.conflicts) console.error(`${field} belongs to ${manager}`);
    process.exitCode = 1;
  }
}
