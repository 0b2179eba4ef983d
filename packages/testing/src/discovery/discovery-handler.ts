/**
 * Paths that are not about resources: discovery, OpenAPI, version and health.
 */
import { createHash } from "node:crypto";
import type { Exchange } from "../http/exchange.ts";
import { checkRepresentation, negotiateDocument, parseAccept } from "../http/negotiation.ts";
import { toYaml } from "../http/yaml-writer.ts";
import { methodNotAllowed, noSuchResource, StatusError } from "../registry/status-error.ts";
import type { ApiServer } from "../server/api-server.ts";
import { aggregatedDiscovery, groupList, groupOf, resourceList } from "./discovery-documents.ts";
import { answerHealth, isHealthPath } from "./health.ts";
import { answerOpenApi } from "./openapi.ts";
import { recordedVersion } from "./recorded-discovery.ts";
import { rootPaths } from "./root-paths.ts";

/** Answers a request for a path. */
export function answerDiscovery(server: ApiServer, exchange: Exchange): void {
  const asked = exchange.info.path;
  if (isHealthPath(asked)) {
    answerHealth(exchange, asked);
    return;
  }
  if (asked.includes("//")) {
    exchange.text(404, "404 page not found\n");
    return;
  }
  if (asked === "/openapi/v3/") {
    exchange.bytes(404, new Uint8Array(), {});
    return;
  }
  const path = asked.replace(/(.)\/$/, "$1");
  if (path === "/openapi/v2" || path === "/openapi/v3" || path.startsWith("/openapi/v3/")) {
    answerOpenApi(server, exchange, path);
    return;
  }
  switch (path) {
    case "/":
    case "/index.html":
      exchange.object(200, { paths: rootPaths(server) });
      return;
    case "/version":
      if (exchange.info.method !== "GET") throw methodNotAllowed();
      checkAccepted(exchange.header("accept"), "application/json");
      exchange.object(200, recordedVersion());
      return;
    case "/.well-known/openid-configuration":
      if (exchange.info.method !== "GET") throw methodNotAllowed();
      exchange.json(
        200,
        JSON.stringify(server.serviceAccountTokens.configuration(`https://${exchange.header("host") ?? ""}`)),
        { "content-type": "application/json", "cache-control": "public, max-age=3600" },
      );
      return;
    case "/openid/v1/jwks":
      if (exchange.info.method !== "GET") throw methodNotAllowed();
      checkAccepted(exchange.header("accept"), "application/jwk-set+json");
      exchange.json(200, JSON.stringify(server.serviceAccountTokens.keySet()), {
        "content-type": "application/jwk-set+json",
      });
      return;
    case "/metrics":
      if (exchange.info.method === "DELETE") exchange.text(200, "metrics reset\n");
      else exchange.text(200, "", METRICS_HEADERS);
      return;
    case "/statusz":
    case "/flagz":
      answerComponentPage(exchange, path.slice(1));
      return;
    case "/api":
    case "/apis":
      if (path === "/api" && exchange.info.method !== "GET") throw methodNotAllowed();
      answerRoots(server, exchange, path);
      return;
  }
  const parts = path.split("/").slice(1);
  const isBuiltIn = parts[0] === "api" || !server.registry.isCustomGroup(parts[1] ?? "");
  if (isBuiltIn && exchange.info.method !== "GET" && isVersion(server, parts)) throw methodNotAllowed();
  if (parts[0] === "api" && parts.length === 2) {
    answerVersion(server, exchange, "", parts[1] ?? "");
    return;
  }
  if (parts[0] === "apis" && parts.length <= 3 && server.registry.hasGroup(parts[1] ?? "")) {
    const group = parts[1] ?? "";
    if (parts.length === 3) {
      answerVersion(server, exchange, group, parts[2] ?? "");
      return;
    }
    answerObject(exchange, { kind: "APIGroup", apiVersion: "v1", ...groupOf(server.registry, group) });
    return;
  }
  exchange.text(404, "404 page not found\n");
}

/** Whether a path is that of a version that is served. The path of a group answers any method. */
function isVersion(server: ApiServer, [root, first = "", second, ...rest]: readonly string[]): boolean {
  if (root === "api") return second === undefined && resourceList(server.registry, "", first) !== undefined;
  if (root !== "apis" || rest.length > 0 || second === undefined) return false;
  return server.registry.hasGroup(first) && resourceList(server.registry, first, second) !== undefined;
}

/**
 * Documents of one media type must be asked for in it.
 * @throws StatusError 406
 */
function checkAccepted(accept: string | undefined, mediaType: string): void {
  if (accept === undefined || accept === "") return;
  const isAccepted = parseAccept(accept).some(
    ({ type, subtype }) => (type === "*" && subtype === "*") || `${type}/${subtype}` === mediaType,
  );
  if (isAccepted) return;
  throw new StatusError(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${mediaType}`, {});
}

/** Pages for people about the server itself, of which there is little to say here. */
function answerComponentPage(exchange: Exchange, page: string): void {
  const accepts = parseAccept(exchange.header("accept") ?? "*/*");
  if (!accepts.some(({ type, subtype }) => type === "*" || (type === "text" && subtype === "plain"))) {
    const types = "application/json, application/yaml, text/plain";
    throw new StatusError(406, "NotAcceptable", `only the following media types are accepted: ${types}`);
  }
  exchange.text(200, `\napiserver ${page}\n`);
}

function answerRoots(server: ApiServer, exchange: Exchange, path: "/api" | "/apis"): void {
  const format = exchange.info.path === "/apis/" ? undefined : aggregatedFormat(exchange.header("accept"));
  if (format !== undefined) {
    const document = aggregatedDiscovery(server.registry, path === "/api");
    const text = format === "yaml" ? toYaml(document) : JSON.stringify(document);
    const etag = `"${createHash("sha512").update(text).digest("hex").toUpperCase()}"`;
    const headers = { etag, vary: "Accept", "cache-control": "public" };
    if (exchange.header("if-none-match") === etag) {
      exchange.response.writeHead(304, headers).end();
      return;
    }
    const type = { ...headers, "content-type": `application/${format};${AGGREGATED}` };
    if (format === "yaml") exchange.text(200, text, type);
    else exchange.json(200, text, type);
    return;
  }
  if (path === "/apis") {
    answerObject(exchange, { kind: "APIGroupList", apiVersion: "v1", groups: groupList(server.registry) });
    return;
  }
  checkRepresentation(exchange.header("accept"), false);
  const serverAddress = exchange.header("host") ?? "127.0.0.1";
  answerObject(exchange, {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  });
}

function answerVersion(server: ApiServer, exchange: Exchange, group: string, version: string): void {
  const resources = resourceList(server.registry, group, version);
  if (resources === undefined) {
    if (server.registry.isCustomGroup(group)) {
      exchange.text(404, "404 page not found\n");
      return;
    }
    throw noSuchResource();
  }
  if (!server.registry.isCustomGroup(group)) checkRepresentation(exchange.header("accept"), false);
  answerObject(exchange, resources);
}

function answerObject(exchange: Exchange, object: unknown): void {
  exchange.object(200, object, negotiateDocument(exchange.header("accept"), exchange.query));
}

const METRICS_HEADERS = { "content-type": "text/plain; version=0.0.4; charset=utf-8; escaping=underscores" };
const AGGREGATED = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** The format of aggregated discovery where it is the first of what is accepted and known. */
function aggregatedFormat(accept: string | undefined): "json" | "yaml" | undefined {
  for (const { type, subtype, parameters } of parseAccept(accept ?? "")) {
    if (type !== "application" || (subtype !== "json" && subtype !== "yaml")) continue;
    if (!parameters.has("as")) return undefined;
    if (parameters.get("as") === "APIGroupDiscoveryList" && parameters.get("v") === "v2") return subtype;
  }
  return undefined;
}
