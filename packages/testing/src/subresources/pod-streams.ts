/**
 * Subresources of Pods that a kubelet would answer: logs, exec, attach, port-forward, proxy. Here they are refused as a
 * kube-apiserver refuses them whose node it cannot find.
 */
import type { RequestScope } from "../http/scope.ts";
import type { FieldError } from "../registry/field-error.ts";
import { badRequest, invalid, notFound } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { DecodeError, decode, type Schema } from "../schema/index.ts";
import type { SubresourceHandlers } from "./index.ts";

interface PodSpec {
  readonly nodeName?: string;
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
  readonly ephemeralContainers?: readonly { readonly name: string }[];
}

const TIME: Schema = { type: "time", go: "v1.Time" };

export function podStreamHandlers(scope: RequestScope): SubresourceHandlers {
  const handler = async () => answer(scope);
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler };
}

function answer(scope: RequestScope): void {
  const { subresource, exchange } = scope;
  if (subresource === "log") checkLogOptions(scope);
  const pod = scope.store.get(scope.namespace, scope.name);
  const nodeName = specOf(pod).nodeName ?? "";
  if (subresource === "log") {
    containerOf(pod, exchange.query.get("container") ?? "");
    if (nodeName === "") {
      // There is nothing to say of a Pod that was never placed.
      exchange.open(204, {});
      exchange.response.end();
      return;
    }
  } else {
    if (nodeName !== "" && subresource !== "portforward") containerOf(pod, exchange.query.get("container") ?? "");
    if (nodeName === "") throw badRequest(`pod ${scope.name} does not have a host assigned`);
  }
  if (scope.server.find("v1", "Node", undefined, nodeName) === undefined)
    throw notFound({ group: "", name: "pods" }, nodeName);
  scope.server.kubelet?.(scope, pod) ?? refuse(scope, nodeName);
}

/** A node without a kubelet behind it. */
function refuse(scope: RequestScope, nodeName: string): never {
  throw badRequest(
    `the test server runs no kubelet: ${scope.subresource} of pod ${scope.name} on node ${nodeName} is not available`,
  );
}

function specOf(pod: ApiObject): PodSpec {
  return (pod["spec"] ?? {}) as PodSpec;
}

/**
 * The container that is meant.
 * @throws StatusError 400
 */
export function containerOf(pod: ApiObject, wanted: string): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = specOf(pod);
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  const { name } = pod.metadata;
  if (wanted !== "") {
    if (all.some((container) => container.name === wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only.name;
  const names = all.map((container) => container.name).join(" ");
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]`);
}

/** @throws StatusError 400, 422 */
function checkLogOptions(scope: RequestScope): void {
  const { query } = scope.exchange;
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === "") return undefined;
    if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  };
  const [tailLines, limitBytes, sinceSeconds] = [number("tailLines"), number("limitBytes"), number("sinceSeconds")];
  const sinceTime = query.get("sinceTime");
  if (sinceTime !== null) {
    try {
      decode(sinceTime, TIME);
    } catch (error) {
      if (error instanceof DecodeError) throw badRequest(error.message);
      throw error;
    }
  }
  const errors: FieldError[] = [];
  const fail = (field: string, value: number, why: string) => {
    errors.push({ type: "FieldValueInvalid", field, message: `Invalid value: ${value}: ${why}` });
  };
  if (tailLines !== undefined && tailLines < 0) fail("tailLines", tailLines, "must be greater than or equal to 0");
  if (limitBytes !== undefined && limitBytes < 1) fail("limitBytes", limitBytes, "must be greater than 0");
  if (sinceSeconds !== undefined && sinceTime !== null) {
    const message = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified";
    errors.push({ type: "FieldValueForbidden", field: "[]", message });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    fail("sinceSeconds", sinceSeconds, "must be greater than 0");
  // Streams are told apart only behind a feature gate.
  if (query.has("stream"))
    errors.push({ type: "FieldValueForbidden", field: "stream", message: "Forbidden: may not be specified" });
  if (errors.length > 0) throw invalid({ group: "", name: "PodLogOptions" }, scope.name, errors);
}
