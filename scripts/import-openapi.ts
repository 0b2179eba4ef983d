/**
 * Writes packages/testing/data/openapi/<version>/ from what a kube-apiserver serves, less the descriptions.
 *
 * `npm run import-openapi -- FOLDER VERSION`, where FOLDER holds `v3/*.json` (one document of /openapi/v3 each, `/` in its
 * path written `__`), `swagger.json` (/openapi/v2), `discovery-api.json` and `discovery-apis.json` (aggregated
 * discovery of /api and /apis) and `version.json` (/version).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

/** `JSON.parse` of a document; deep and never looked at beyond its shape. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/** Maps of an OpenAPI document whose keys are names given by its author, so that a key `description` is no description. */
const NAME_MAPS = new Set(["properties", "schemas", "definitions", "parameters", "paths"]);

/** The document without its descriptions. Those of responses stay, because OpenAPI requires them. */
export function stripDescriptions(document: Json, key = ""): Json {
  if (Array.isArray(document)) return document.map((item) => stripDescriptions(item));
  if (typeof document !== "object" || document === null) return document;
  const isNameMap = NAME_MAPS.has(key);
  const kept = Object.entries(document).filter(
    ([name, value]) => isNameMap || name !== "description" || typeof value !== "string" || isResponseCode(key),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, stripDescriptions(value, isNameMap ? "" : name)]));
}

function isResponseCode(key: string): boolean {
  return /^([1-5]\d\d|default)$/.test(key);
}

/** Written only where the content differs, since compressed bytes vary with the version of zlib. */
function writeCompressed(path: string, text: string): void {
  if (existsSync(path) && gunzipSync(readFileSync(path)).toString("utf8") === text) return;
  writeFileSync(path, gzipSync(text, { level: 9 }));
}

function compact(path: string): string {
  return JSON.stringify(stripDescriptions(JSON.parse(readFileSync(path, "utf8")) as Json));
}

function main(): void {
  const [folder, version] = process.argv.slice(2);
  if (folder === undefined || version === undefined) throw new Error("usage: import-openapi FOLDER VERSION (v1.37)");
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const target = join(root, "packages", "testing", "data", "openapi", version);
  mkdirSync(join(target, "v3"), { recursive: true });
  for (const name of readdirSync(join(folder, "v3")).sort()) {
    writeCompressed(join(target, "v3", `${name}.gz`), compact(join(folder, "v3", name)));
  }
  writeCompressed(join(target, "swagger.json.gz"), compact(join(folder, "swagger.json")));
  for (const name of ["discovery-api.json", "discovery-apis.json", "version.json"]) {
    if (!existsSync(join(folder, name))) continue;
    const text = JSON.stringify(JSON.parse(readFileSync(join(folder, name), "utf8")), undefined, 1);
    writeFileSync(join(target, name), `${text}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
