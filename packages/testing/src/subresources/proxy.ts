/**
 * `proxy` of Pods, Services and Nodes. Nothing answers behind them here, so requests are refused as a kube-apiserver refuses them
 * that cannot find where to send them.
 */
import type { RequestScope } from "../http/scope.ts";
import { badRequest, serverError, serviceUnavailable } from "../registry/status-error.ts";
import { itemsAt, numberAt, textAt } from "../strategies/json-access.ts";
import type { SubresourceHandlers } from "./index.ts";

/** `name`, `name:port` or `scheme:name:port`. */
interface Target {
  readonly name: string;
  readonly port: string;
}

export function proxyHandlers(scope: RequestScope): SubresourceHandlers {
  const handler = async () => refuse(scope, targetOf(scope));
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler };
}

/** @throws StatusError 400 */
function targetOf(scope: RequestScope): Target {
  const parts = scope.name.split(":");
  const [scheme, name = "", port = ""] = parts.length < 3 ? ["", ...parts] : parts;
  const isValid = parts.length <= 3 && name !== "" && ["", "http", "https"].includes(scheme ?? "");
  if (!isValid) {
    const kind = scope.resource.kind.toLowerCase();
    throw badRequest(`invalid ${kind} request ${JSON.stringify(scope.name)}`);
  }
  return { name, port };
}

/** @throws StatusError 400, 404, 500, 503 */
function refuse(scope: RequestScope, target: Target): never {
  const { kind } = scope.resource;
  if (kind === "Pod") refusePod(scope, target);
  if (kind === "Node") refuseNode(scope, target);
  return refuseService(scope, target);
}

function refusePod(scope: RequestScope, { name }: Target): never {
  const pod = scope.store.get(scope.namespace, name);
  if (textAt(pod, "status", "podIP") === "" && itemsAt(pod, "status", "podIPs").length === 0)
    throw badRequest("address not allowed");
  throw badRequest(`the test server runs no containers: the proxy to pod ${name} is not available`);
}

function refuseNode(scope: RequestScope, { name }: Target): never {
  const node = scope.store.get("", name);
  const addresses = itemsAt(node, "status", "addresses");
  if (addresses.length === 0) throw serverError("no preferred addresses found; known addresses: []");
  throw badRequest(`the test server runs no kubelet: the proxy to node ${name} is not available`);
}

function refuseService(scope: RequestScope, { name, port }: Target): never {
  if (/^[+-]?\d+$/.test(port)) {
    const service = scope.store.get(scope.namespace, name);
    const number = Number(port);
    if (!itemsAt(service, "spec", "ports").some((item) => numberAt(item, "port") === number))
      throw serviceUnavailable(`no service port ${number} found for service ${JSON.stringify(name)}`);
  }
  throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
}
