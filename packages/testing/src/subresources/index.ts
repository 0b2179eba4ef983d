/**
 * The handlers of subresources, by name.
 */
import { deleteObject } from "../http/delete-handlers.ts";
import { patchObject } from "../http/patch-handler.ts";
import { getObject } from "../http/read-handlers.ts";
import type { RequestScope } from "../http/scope.ts";
import { updateObject } from "../http/write-handlers.ts";
import { bindPod } from "./pod-binding.ts";
import { evictPod } from "./pod-eviction.ts";
import { podStreamHandlers } from "./pod-streams.ts";
import { proxyHandlers } from "./proxy.ts";
import { scaleHandlers } from "./scale.ts";
import { requestToken } from "./token-request.ts";

/** Handlers by method. */
export type SubresourceHandlers = Readonly<Record<string, () => Promise<void>>>;

/** The handler of a request for a subresource; `undefined` where the method is not allowed. */
export function subresourceHandler(scope: RequestScope): (() => Promise<void>) | undefined {
  const { isCustom } = scope.resource;
  const method = isCustom && scope.exchange.info.method === "HEAD" ? "GET" : scope.exchange.info.method;
  const verb = { GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[method];
  if (verb === undefined || scope.subresourceInfo?.verbs.includes(verb) !== true) return undefined;
  return handlersOf(scope)[method];
}

function handlersOf(scope: RequestScope): SubresourceHandlers {
  if (scope.subresource === "scale") return scaleHandlers(scope);
  switch (`${scope.resource.plural}/${scope.subresource}`) {
    case "pods/eviction":
      return { POST: () => evictPod(scope) };
    case "pods/binding":
      return { POST: () => bindPod(scope) };
    case "serviceaccounts/token":
      return { POST: () => requestToken(scope) };
    case "pods/log":
    case "pods/exec":
    case "pods/attach":
    case "pods/portforward":
      return podStreamHandlers(scope);
    case "pods/proxy":
    case "services/proxy":
    case "nodes/proxy":
      return proxyHandlers(scope);
  }
  return {
    GET: () => getObject(scope),
    PUT: () => updateObject(scope),
    PATCH: () => patchObject(scope),
    DELETE: () => deleteObject(scope),
  };
}
