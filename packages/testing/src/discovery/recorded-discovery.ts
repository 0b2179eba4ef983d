/**
 * The recorded documents of a kube-apiserver, read from `data/openapi` when they are first asked for.
 */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ApiGroupDiscoveryList } from "../registry/resource-registry.ts";

const FOLDER = new URL("../../data/openapi/v1.37/", import.meta.url);

let documents: readonly ApiGroupDiscoveryList[] | undefined;
let version: Readonly<Record<string, string>> | undefined;
let swagger: Uint8Array | undefined;

/** Aggregated discovery of `/api` and `/apis`. */
export function discoveryDocuments(): readonly ApiGroupDiscoveryList[] {
  documents ??= ["discovery-api.json", "discovery-apis.json"].map((name) => JSON.parse(read(name).toString("utf8")));
  return documents;
}

/** The answer of `/version`. */
export function recordedVersion(): Readonly<Record<string, string>> {
  // A server that was built from a module and not from a checkout keeps this placeholder.
  version ??= { ...JSON.parse(read("version.json").toString("utf8")), gitCommit: "$Format:%H$" } as Record<
    string,
    string
  >;
  return version;
}

/** The paths of `/openapi/v3`, such as `apis/apps/v1`. */
export function openApiPaths(): readonly string[] {
  return readdirSync(new URL("v3/", FOLDER))
    .map((name) => name.replace(/\.json\.gz$/, "").replaceAll("__", "/"))
    .sort();
}

/** A document of `/openapi/v3` as compact JSON; `undefined` for an unknown path. */
export function openApiDocument(path: string): string | undefined {
  if (!openApiPaths().includes(path)) return undefined;
  return gunzipSync(read(`v3/${path.replaceAll("/", "__")}.json.gz`)).toString("utf8");
}

/** The document of `/openapi/v2`, in gzip. */
export function swaggerGzip(): Uint8Array {
  swagger ??= read("swagger.json.gz");
  return swagger;
}

function read(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}
