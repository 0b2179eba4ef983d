/**
 * LimitRanges: defaults for containers, and bounds for containers, Pods and claims.
 */

import { Quantity } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import { ensureFields, type Fields, fieldsAt, itemsAt, textAt } from "../strategies/json-access.ts";
import { quantityOf } from "../strategies/validation/resource-validation.ts";
import { isPodWrite, refusal } from "./admission-refusal.ts";

type Resources = Readonly<Record<string, unknown>>;

export const limitRangerPlugin: AdmissionPlugin = {
  name: "LimitRanger",
  admit(request): void {
    if (!isPodWrite(request, "CREATE")) return;
    for (const range of rangesFor(request)) setDefaults(request, range);
  },
  validate: checkAll,
};

function rangesFor(request: AdmissionRequest): readonly Fields[] {
  return request.context.list("v1", "LimitRange", request.namespace);
}

function setDefaults(request: AdmissionRequest, range: Fields): void {
  const pod = request.object;
  if (pod === undefined) return;
  const limits: Fields = {};
  const requests: Fields = {};
  for (const limit of itemsAt(range, "spec", "limits")) {
    if (limit["type"] !== "Container") continue;
    Object.assign(requests, clone(fieldsAt(limit, "defaultRequest") ?? {}));
    Object.assign(limits, clone(fieldsAt(limit, "default") ?? {}));
  }
  const notes: string[] = [];
  for (const [list, label] of [
    ["containers", "container"],
    ["initContainers", "init container"],
  ] as const) {
    for (const container of itemsAt(pod, "spec", list)) {
      const resources = ensureFields(container, "resources");
      const setLimits = fill(ensureFields(resources, "limits"), limits);
      const setRequests = fill(ensureFields(resources, "requests"), requests);
      const name = textAt(container, "name");
      if (setRequests.length > 0) notes.push(`${setRequests.join(", ")} request for ${label} ${name}`);
      if (setLimits.length > 0) notes.push(`${setLimits.join(", ")} limit for ${label} ${name}`);
    }
  }
  if (notes.length > 0) {
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      "kubernetes.io/limit-ranger": `LimitRanger plugin set: ${notes.join("; ")}`,
    };
  }
}

function fill(target: Fields, defaults: Fields): string[] {
  const missing = Object.keys(defaults).filter((name) => target[name] === undefined);
  for (const name of missing) target[name] = defaults[name];
  return missing.sort();
}

function checkAll(request: AdmissionRequest): void {
  const isPod = isPodWrite(request, "CREATE");
  const isClaim =
    request.resource.group === "" && request.resource.kind === "PersistentVolumeClaim" && request.subresource === "";
  if (request.object === undefined || !(isPod || isClaim)) return;
  for (const range of rangesFor(request)) {
    const problems: string[] = [];
    for (const limit of itemsAt(range, "spec", "limits")) {
      problems.push(...(isPod ? podProblems(limit, request.object) : claimProblems(limit, request.object)));
    }
    const unique = [...new Set(problems)];
    if (unique.length > 0) throw refusal(request, unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`);
  }
}

function podProblems(limit: Fields, pod: Fields): string[] {
  const type = textAt(limit, "type");
  if (type === "Container") {
    const containers = [...itemsAt(pod, "spec", "containers"), ...itemsAt(pod, "spec", "initContainers")];
    return containers.flatMap((container) =>
      boundProblems(limit, {
        type,
        requests: fieldsAt(container, "resources", "requests") ?? {},
        limits: fieldsAt(container, "resources", "limits") ?? {},
      }),
    );
  }
  if (type !== "Pod") return [];
  return boundProblems(limit, { type, requests: podResources(pod, "requests"), limits: podResources(pod, "limits") });
}

function claimProblems(limit: Fields, claim: Fields): string[] {
  const type = textAt(limit, "type");
  if (type !== "PersistentVolumeClaim") return [];
  const requests = fieldsAt(claim, "spec", "resources", "requests") ?? {};
  return [
    ...eachBound(limit, "min", (name, bound) => minimumProblem({ type, requests, limits: {} }, name, bound)),
    ...eachBound(limit, "max", (name, bound) => {
      const request = asQuantity(requests[name]);
      if (request === undefined) return `maximum ${name} usage per ${type} is ${bound}.  No request is specified`;
      return request.compare(bound) > 0
        ? `maximum ${name} usage per ${type} is ${bound}, but request is ${request}`
        : undefined;
    }),
  ];
}

/** What a container, a Pod or a claim asks for. */
interface Usage {
  readonly type: string;
  readonly requests: Resources;
  readonly limits: Resources;
}

/** The same of one resource. */
function usageOf(
  { type, requests, limits }: Usage,
  name: string,
): { type: string; request: Quantity | undefined; limit: Quantity | undefined } {
  return { type, request: asQuantity(requests[name]), limit: asQuantity(limits[name]) };
}

function boundProblems(limit: Fields, usage: Usage): string[] {
  return [
    ...eachBound(limit, "min", (name, bound) => minimumProblem(usage, name, bound)),
    ...eachBound(limit, "max", (name, bound) => maximumProblem(usage, name, bound)),
    ...eachBound(limit, "maxLimitRequestRatio", (name, bound) => ratioProblem(usage, name, bound)),
  ];
}

function eachBound(
  limit: Fields,
  kind: string,
  check: (name: string, bound: Quantity) => string | undefined,
): string[] {
  const bounds = fieldsAt(limit, kind) ?? {};
  return Object.keys(bounds)
    .sort()
    .flatMap((name) => {
      const bound = quantityOf(bounds[name]);
      return (bound === undefined ? undefined : check(name, bound)) ?? [];
    });
}

function minimumProblem(usage: Usage, name: string, bound: Quantity): string | undefined {
  const { type, request, limit } = usageOf(usage, name);
  if (request === undefined) return `minimum ${name} usage per ${type} is ${bound}.  No request is specified`;
  if (request.compare(bound) < 0) return `minimum ${name} usage per ${type} is ${bound}, but request is ${request}`;
  if (limit !== undefined && limit.compare(bound) < 0)
    return `minimum ${name} usage per ${type} is ${bound}, but limit is ${limit}`;
  return undefined;
}

function maximumProblem(usage: Usage, name: string, bound: Quantity): string | undefined {
  const { type, request, limit } = usageOf(usage, name);
  if (limit === undefined) return `maximum ${name} usage per ${type} is ${bound}.  No limit is specified`;
  if (limit.compare(bound) > 0) return `maximum ${name} usage per ${type} is ${bound}, but limit is ${limit}`;
  if (request !== undefined && request.compare(bound) > 0)
    return `maximum ${name} usage per ${type} is ${bound}, but request is ${request}`;
  return undefined;
}

function ratioProblem(usage: Usage, name: string, bound: Quantity): string | undefined {
  const { type, request, limit } = usageOf(usage, name);
  const text = `${name} max limit to request ratio per ${type} is ${bound}`;
  if (request === undefined || request.isZero) return `${text}, but no request is specified or request is 0`;
  if (limit === undefined || limit.isZero) return `${text}, but no limit is specified or limit is 0`;
  const ratio = limit.toNumber() / request.toNumber();
  return ratio > bound.toNumber() ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

/** What a Pod's containers need together: the sum of those that run at once, or what its largest init container needs. */
export function podResources(pod: Fields, kind: "requests" | "limits"): Record<string, Quantity> {
  const total: Record<string, Quantity> = {};
  const sidecars: Record<string, Quantity> = {};
  const largest: Record<string, Quantity> = {};
  for (const container of itemsAt(pod, "spec", "containers")) add(total, fieldsAt(container, "resources", kind));
  for (const container of itemsAt(pod, "spec", "initContainers")) {
    const own = fieldsAt(container, "resources", kind);
    if (container["restartPolicy"] === "Always") {
      add(total, own);
      add(sidecars, own);
      raise(largest, sidecars);
    } else {
      const needed: Record<string, Quantity> = { ...sidecars };
      add(needed, own);
      raise(largest, needed);
    }
  }
  raise(total, largest);
  for (const [name, value] of Object.entries(fieldsAt(pod, "spec", "resources", kind) ?? {})) {
    const quantity = quantityOf(value);
    if (quantity !== undefined) total[name] = quantity;
  }
  return total;
}

function asQuantity(value: unknown): Quantity | undefined {
  return value instanceof Quantity ? value : quantityOf(value);
}

function add(sum: Record<string, Quantity>, more: Resources | undefined): void {
  for (const [name, value] of Object.entries(more ?? {})) {
    const quantity = asQuantity(value);
    if (quantity !== undefined) sum[name] = sum[name]?.add(quantity) ?? quantity;
  }
}

function raise(sum: Record<string, Quantity>, other: Readonly<Record<string, Quantity>>): void {
  for (const [name, quantity] of Object.entries(other)) {
    const present = sum[name];
    if (present === undefined || present.compare(quantity) < 0) sum[name] = quantity;
  }
}
