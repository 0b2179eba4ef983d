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
import type { RequestInfo } from "./request-info.ts";
import { RequestScope } from "./scope.ts";
import { createObject, updateObject } from "./write-handlers.ts";

/** Answers one request. */
export async function route(server: ApiServer, exchange: Exchange, limits: WatchLimits = {}): Promise<void> {
  const { info } = exchange;
  exchange.user = server.authenticator.authenticate(
    exchange.header("authorization"),
    exchange.request.socket as TLSSocket,
  );
  exchange.user = impersonate(server, exchange);
  authorize(server, exchange);
  if (!info.isResource) return answerDiscovery(server, exchange);
  const resource = info.path.includes("//") ? undefined : findResource(server, info);
  if (resource === undefined) {
    refuseSubresource(server, exchange);
    const isKnownGroup = info.group === "" || server.registry.hasGroup(info.group);
    if (isKnownGroup && !server.registry.isCustomGroup(info.group)) throw noSuchResource();
    return exchange.text(404, "404 page not found\n");
  }
  const wantsOneNamespace =
    resource.isNamespaced && info.namespace === "" && info.verb !== "list" && info.verb !== "watch";
  if (resource.isCustom && wantsOneNamespace) return exchange.text(404, "404 page not found\n");
  const handler = handlerOf(server, exchange, resource, limits);
  if (info.method === "PATCH") patchType(exchange.header("content-type"), resource.isCustom);
  if (!resource.isCustom) checkRepresentation(exchange.header("accept"), info.verb === "list" || info.verb === "watch");
  negotiateOutput(exchange.header("accept")?.replace(/;\s*as=[^;,]*/g, ""), exchange.query);
  const { deprecation } = server.store(resource).strategy;
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
  if (server.authorizer.isAllowed(exchange.user, attributes)) return;
  throw denial(exchange.user.username, attributes);
}

function findResource(server: ApiServer, info: RequestInfo): ResourceInfo | undefined {
  const resource = server.registry.byPlural(info.group, info.version, info.resource);
  if (resource === undefined) return undefined;
  const isNamespaceItself = resource.group === "" && resource.plural === "namespaces";
  if (resource.isNamespaced ? info.isNamed && info.namespace === "" : info.namespace !== "" && !isNamespaceItself) {
    return undefined;
  }
  if (info.subresource !== "" && !resource.subresources.includes(info.subresource)) return undefined;
  return resource;
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
  if (info.subresource !== "") {
    const handler = subresourceHandler(scope);
    if (handler === undefined) throw refuseMethod(resource, info);
    return handler;
  }
  const { method } = info;
  const isAcrossNamespaces = resource.isNamespaced && info.namespace === "";
  const verbs = resource.verbs;
  if (info.isPrefixWatch) {
    if (method !== "GET" || !verbs.includes("watch")) throw methodNotAllowed();
    return () => watchObjects(scope, limits);
  }
  if (info.isNamed) {
    if (method === "GET" && verbs.includes("get")) return () => getObject(scope);
    // While a definition is being deleted its objects can still be changed, which discovery denies.
    if (method === "PUT" && (verbs.includes("update") || resource.isCustom)) return () => updateObject(scope);
    if (method === "PATCH" && (verbs.includes("patch") || resource.isCustom)) return () => patchObject(scope);
    if (method === "DELETE" && verbs.includes("delete")) return () => deleteObject(scope);
    if (method === "POST" && resource.isCustom) return () => createObject(scope);
    throw refuseMethod(resource, info);
  }
  if (method === "GET" && verbs.includes("list")) {
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
