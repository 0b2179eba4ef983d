/**
 * `/openapi/v2` and `/openapi/v3`: the recorded documents, with those of custom resources added.
 */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Exchange } from "../http/exchange.ts";
import type { ApiServer } from "../server/api-server.ts";
import { customOpenApiDocument, customOpenApiPaths, customSwaggerDefinitions } from "./custom-openapi.ts";
import { openApiDocument, openApiPaths, swaggerGzip } from "./recorded-discovery.ts";

/** Documents are named by their hash, so an address that has it never changes its answer. */
const IMMUTABLE = "public, immutable";

/** Hashes of the recorded documents; the same for all servers. */
const hashes: Map<string, string> = new Map();

/** Answers a request below `/openapi/`. */
export function answerOpenApi(server: ApiServer, exchange: Exchange, path: string): void {
  if (path === "/openapi/v2") {
    answerSwagger(server, exchange);
    return;
  }
  if (path === "/openapi/v3") {
    const entries = [...openApiPaths(), ...customOpenApiPaths(server)].sort().map((name) => {
      return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hashOf(server, name)}` }];
    });
    exchange.text(200, JSON.stringify({ paths: Object.fromEntries(entries) }));
    return;
  }
  const name = path.slice("/openapi/v3/".length);
  const document = openApiDocument(name) ?? customOpenApiDocument(server, name);
  if (document === undefined) {
    exchange.bytes(404, new Uint8Array(), {});
    return;
  }
  const hash = hashOf(server, name);
  const wanted = exchange.query.get("hash");
  const head = { etag: `"${hash}"`, vary: "Accept" };
  if (wanted !== null && wanted !== hash) {
    const location = `/openapi/v3/${name}?hash=${hash}`;
    exchange.text(301, "", { ...head, location, "content-type": "application/json" });
    return;
  }
  if (exchange.header("if-none-match") === head.etag) {
    exchange.response.writeHead(304, head).end();
    return;
  }
  exchange.text(200, document, {
    ...head,
    "content-type": "application/json",
    ...(wanted === null ? {} : { "cache-control": IMMUTABLE }),
  });
}

function answerSwagger(server: ApiServer, exchange: Exchange): void {
  const gzip = swaggerOf(server);
  const etag = `"${createHash("sha512").update(gzip).digest("hex").toUpperCase()}"`;
  exchange.response.setHeader("vary", ["Accept-Encoding", "Accept"]);
  const head = { etag, "content-type": "application/json" };
  if (exchange.header("if-none-match") === etag) exchange.response.writeHead(304, head).end();
  else if (/\bgzip\b/.test(exchange.header("accept-encoding") ?? "")) {
    exchange.bytes(200, gzip, { ...head, "content-encoding": "gzip" });
  } else exchange.bytes(200, gunzipSync(gzip), head);
}

/** The document with the custom resources of each server, made again when they change. */
const swaggers = new WeakMap<ApiServer, { readonly generation: number; readonly gzip: Uint8Array }>();

function swaggerOf(server: ApiServer): Uint8Array {
  if (!server.registry.groupVersions().some(({ isCustom }) => isCustom)) return swaggerGzip();
  const { generation } = server.registry;
  const known = swaggers.get(server);
  if (known?.generation === generation) return known.gzip;
  const swagger = JSON.parse(gunzipSync(swaggerGzip()).toString("utf8")) as { definitions: Record<string, unknown> };
  swagger.definitions = { ...swagger.definitions, ...customSwaggerDefinitions(server) };
  const gzip = gzipSync(JSON.stringify(swagger), { level: 1 });
  swaggers.set(server, { generation, gzip });
  return gzip;
}

function hashOf(server: ApiServer, name: string): string {
  const custom = customOpenApiDocument(server, name);
  if (custom !== undefined) return createHash("sha512").update(custom).digest("hex").toUpperCase();
  let hash = hashes.get(name);
  if (hash === undefined) {
    hash = createHash("sha512")
      .update(openApiDocument(name) ?? "")
      .digest("hex")
      .toUpperCase();
    hashes.set(name, hash);
  }
  return hash;
}
