/**
 * From a request to its handler: authentication, impersonation, authorization, then the path.
 */
import type { TLSSocket } from "node:tls";
import { accessOf, denial } from "../auth/access.ts";
import { impersonate } from "../auth/impersonation.ts";
import { reviewHandler } from "../auth/reviews.ts";
import { answerDiscovery } from "../discovery/discovery-handler.ts";
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  notSupported,
  type StatusError,
} from "../registry/status-error.ts";
import type { ResourceInfo } from "../registry/strategy.ts";
import type { ApiServer } from "../server/api-server.ts";
import { subresourceHandler } from "../subresources/index.ts";
import { bindPod } from "../subresources/pod-binding.ts";
import { type WatchLimits, watchObjects } from "../watch/watch-handler.ts";
import { deleteCollection, deleteObject } from "./delete-handlers.ts";
import type { Exchange } from "./exchange.ts";
import { checkRepresentation, negotiateOutput, patchType } from "./negotiation.ts";
import { patchObject } from "./patch-handler.ts";
import { getObject, listObjects } from "./read-handlers.ts";
import { type RequestInfo, whyNoRequest } from "./request-info.ts";
import { RequestScope } from "./scope.ts";
import { createObject, updateObject } from "./write-handlers.ts";

/** Answers one request. */
export async function route(server: ApiServer, exchange: Exchange, limits: WatchLimits = {}): Promise<void> {
  const { info } = exchange;
  const why = whyNoRequest(info.path);
  if (why !== undefined) {
    // Before anything else, the header that forbids caches among it.
    exchange.response.writeHead(500, {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
    exchange.response.end(`Internal Server Error: ${JSON.stringify(info.path)}: ${why}\n`);
    return;
  }
  exchange.user = server.authenticator.authenticate(
    exchange.header("authorization"),
    exchange.request.socket as TLSSocket,
  );
  exchange.user = impersonate(server, exchange);
  authorize(server, exchange);
  if (!info.isResource) return answerDiscovery(server, exchange);
  const resource = findResource(server, info);
  if (resource === undefined) {
    refuseSubresource(server, exchange);
    const isKnownGroup = info.group === "" || server.registry.hasGroup(info.group);
    if (isKnownGroup && !server.registry.isCustomGroup(info.group)) throw noSuchResource();
    return exchange.text(404, "404 page not found\n");
  }
  const wantsOneNamespace =
    resource.isNamespaced && info.namespace === "" && info.verb !== "list" && info.verb !== "watch";
  if (resource.isCustom && wantsOneNamespace) return exchange.text(404, "404 page not found\n");
  const { deprecation } = server.store(resource).strategy;
  if (deprecation !== undefined && info.verb === "watch" && !resource.verbs.includes("watch"))
    exchange.warn(deprecation);
  if (info.method === "PATCH" && resource.isCustom) patchType(exchange.header("content-type"), true);
  const handler = handlerOf(server, exchange, resource, limits);
  if (info.method === "PATCH" && !resource.isCustom) patchType(exchange.header("content-type"), false);
  if (!resource.isCustom) checkRepresentation(exchange.header("accept"), info.verb === "list" || info.verb === "watch");
  negotiateOutput(exchange.header("accept")?.replace(/;\s*(as|g|v|stream)=[^;,]*/g, ""), exchange.query);
  if (deprecation !== undefined) exchange.warn(deprecation);
  await handler();
}

/**
 * A custom resource that is served has other words for a subresource that it lacks.
 * @throws StatusError 404
 */
function refuseSubresource(server: ApiServer, exchange: Exchange): void {
  const { info } = exchange;
  const resource = info.subresource === "" ? undefined : findResource(server, { ...info, subresource: "" });
  if (resource?.isCustom !== true) return;
  const { deprecation } = server.store(resource).strategy;
  if (deprecation !== undefined) exchange.warn(deprecation);
  throw notFound({ group: resource.group, name: resource.plural }, info.name);
}

function authorize(server: ApiServer, exchange: Exchange): void {
  const attributes = accessOf(exchange.info);
  const { isAllowed, reason } = server.authorizer.decide(exchange.user, attributes);
  if (!isAllowed) throw denial(exchange.user.username, attributes, reason);
}

function findResource(server: ApiServer, info: RequestInfo): ResourceInfo | undefined {
  const resource = server.registry.byPlural(info.group, info.version, info.resource);
  if (resource === undefined) return undefined;
  if (!resource.isNamespaced && info.isInNamespace) return undefined;
  if (resource.isNamespaced && info.namespace === "") {
    if (info.isInNamespace && (info.isNamed || info.verb === "create"))
      throw badRequest("Namespace parameter required.");
    if (info.isNamed) return undefined;
  }
  if (info.subresource === "") return resource;
  const isServed = info.isNamed && resource.subresources.includes(info.subresource);
  return isServed && (info.rest.length === 0 || info.subresource === "proxy") ? resource : undefined;
}

/** @throws StatusError 400 for a name that no object can have, whatever its kind */
function checkPathName(name: string): void {
  const why =
    name === "." || name === ".." ? `may not be '${name}'` : name.includes("%") ? "may not contain '%'" : undefined;
  if (why !== undefined) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${why}`);
}

function handlerOf(
  server: ApiServer,
  exchange: Exchange,
  resource: ResourceInfo,
  limits: WatchLimits,
): () => Promise<void> {
  const { info } = exchange;
  const scope = new RequestScope(server, exchange, resource);
  checkPathName(scope.name);
  if (info.isPrefixWatch && (info.subresource !== "" || !resource.verbs.includes("watch"))) throw noSuchResource();
  if (info.subresource !== "") {
    const handler = subresourceHandler(scope);
    if (handler === undefined) throw refuseMethod(resource, info);
    return handler;
  }
  // Custom resources are served by a handler that looks at verbs, where the routes of built-in kinds look at methods.
  const method = info.method === "HEAD" && resource.isCustom ? "GET" : info.method;
  const isAcrossNamespaces = resource.isNamespaced && info.namespace === "";
  const verbs = resource.verbs;
  if (info.isPrefixWatch) {
    if (method !== "GET") throw methodNotAllowed();
    return () => watchObjects(scope, limits);
  }
  if (info.isNamed) {
    if (method === "GET" && verbs.includes("get")) return () => getObject(scope);
    // While a definition is being deleted its objects can still be changed, which discovery denies.
    if (method === "PUT" && (verbs.includes("update") || resource.isCustom)) return () => updateObject(scope);
    if (method === "PATCH" && (verbs.includes("patch") || resource.isCustom)) return () => patchObject(scope);
    if (method === "DELETE" && verbs.includes("delete")) return () => deleteObject(scope);
    if (method === "POST" && resource.isCustom) return () => createObject(scope);
    // What is only created has no path for one object.
    if (!resource.isCustom && verbs.every((verb) => verb === "create")) throw noSuchResource();
    throw refuseMethod(resource, info);
  }
  if (isAcrossNamespaces && !resource.isCustom && !verbs.includes("list")) throw noSuchResource();
  if (method === "GET" && verbs.includes("list")) {
    if (info.verb === "watch" && !verbs.includes("watch"))
      throw notSupported({ group: resource.group, name: resource.plural }, "watch");
    return info.verb === "watch" ? () => watchObjects(scope, limits) : () => listObjects(scope);
  }
  if (method === "POST" && (verbs.includes("create") || resource.isCustom) && !isAcrossNamespaces) {
    if (resource.kind === "Binding" && resource.group === "") return () => bindPod(scope);
    return reviewHandler(scope) ?? (() => createObject(scope));
  }
  if (method === "DELETE" && verbs.includes("deletecollection") && !isAcrossNamespaces)
    return () => deleteCollection(scope);
  throw refuseMethod(resource, info);
}

/** Custom resources have words of their own for what cannot be done. */
function refuseMethod(resource: ResourceInfo, info: RequestInfo): StatusError {
  if (!resource.isCustom) return methodNotAllowed();
  if (!info.isNamed && (info.verb === "update" || info.verb === "patch")) return badRequest("name must be provided");
  return notSupported({ group: resource.group, name: resource.plural }, info.verb);
}
