/**
 * Writes the generated files of packages/bowline/src/kinds from the OpenAPI documents in packages/testing/data/openapi.
 *
 * `npm run generate`, and `npm run generate -- --check`, which writes nothing and fails where a file would change.
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generateKinds } from "../packages/cli/src/generate/generate-kinds.ts";
import { compareFiles, writeFiles } from "../packages/cli/src/generate/generated-files.ts";
import { readFolder } from "../packages/cli/src/generate/read-documents.ts";

const root: string = dirname(dirname(fileURLToPath(import.meta.url)));
/** What the generator reads. */
export const SOURCE: string = join(root, "packages", "testing", "data", "openapi", "v1.37", "v3");
/** Where the generated files are. */
export const TARGET: string = join(root, "packages", "bowline", "src", "kinds");

async function main(): Promise<void> {
  const files = generateKinds(await readFolder(SOURCE));
  if (process.argv.includes("--check")) {
    const { changed, stale } = await compareFiles(TARGET, files);
    for (const path of [...changed, ...stale]) console.error(`out of date: ${relative(root, join(TARGET, path))}`);
    if (changed.length + stale.length > 0) process.exitCode = 1;
    return;
  }
  const { changed, stale } = await writeFiles(TARGET, files);
  console.log(`${files.size} files, ${changed.length} written, ${stale.length} removed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
