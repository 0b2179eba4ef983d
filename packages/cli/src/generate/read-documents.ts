/**
 * Where OpenAPI documents come from: a folder of files, or a server's /openapi/v3.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { OpenApiDocument } from "./openapi-document.ts";

/** Reads every `*.json` and `*.json.gz` of a folder, in the order of their names. @throws Error where there is none. */
export async function readFolder(folder: string): Promise<OpenApiDocument[]> {
  const names = (await readdir(folder)).filter((name) => /\.json(\.gz)?$/.test(name)).sort();
  if (names.length === 0) throw new Error(`no OpenAPI document (*.json, *.json.gz) in folder ${folder}`);
  return await Promise.all(names.map((name) => readDocument(join(folder, name))));
}

/**
 * Reads the documents of all groups and versions from a server, a few at a time.
 *
 * @param get answers a path below the server with its JSON, or throws
 * @param isWanted whether a group and version is to be read; by default all are
 */
export async function readServer(
  get: (path: string) => Promise<unknown>,
  isWanted: (apiVersion: string) => boolean = () => true,
): Promise<OpenApiDocument[]> {
  const index = await get("/openapi/v3");
  const paths = Object.entries(pathsOf(index))
    .filter(([path]) => {
      const apiVersion = /^(?:api|apis\/[^/]+)\/[^/]+$/.test(path) ? path.slice(path.indexOf("/") + 1) : undefined;
      return apiVersion !== undefined && isWanted(apiVersion);
    })
    .map(([path, { serverRelativeURL }]) => serverRelativeURL ?? `/openapi/v3/${path}`);
  const documents: OpenApiDocument[] = [];
  for (let start = 0; start < paths.length; start += MAX_PARALLEL) {
    const batch = paths.slice(start, start + MAX_PARALLEL).map(async (path) => asDocument(await get(path), path));
    documents.push(...(await Promise.all(batch)));
  }
  return documents;
}

const MAX_PARALLEL = 4;

async function readDocument(file: string): Promise<OpenApiDocument> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes).toString("utf8");
  try {
    return asDocument(JSON.parse(text), file);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`${file} is not JSON: ${error.message}`, { cause: error }) : error;
  }
}

function asDocument(value: unknown, source: string): OpenApiDocument {
  const version = isRecord(value) ? value["openapi"] : undefined;
  if (typeof version === "string" && version.startsWith("3.")) return value as OpenApiDocument;
  throw new Error(`${source} is no OpenAPI v3 document: take those of /openapi/v3`);
}

function pathsOf(index: unknown): Record<string, { readonly serverRelativeURL?: string }> {
  const paths = isRecord(index) ? index["paths"] : undefined;
  if (!isRecord(paths))
    throw new Error("the server's answer to /openapi/v3 has no paths: it has to be Kubernetes 1.27 or later");
  return paths as Record<string, { readonly serverRelativeURL?: string }>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
