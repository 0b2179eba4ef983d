/**
 * ResourceQuotas: what a write would use is held against `status.hard` and added to `status.used`.
 */

import { Quantity } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../strategies/json-access.ts";
import { qosClass } from "../strategies/pod/pod-defaults.ts";
import { quantityOf } from "../strategies/validation/resource-validation.ts";
import { refusal } from "./admission-refusal.ts";
import { podResources } from "./limit-ranger.ts";

type Usage = Record<string, Quantity>;

/** Kinds that a quota counts under their bare plural too. */
const LEGACY_COUNTS = new Set([
  "ConfigMap",
  "Secret",
  "ReplicationController",
  "ResourceQuota",
  "Service",
  "PersistentVolumeClaim",
]);

/** `updateStatus` writes a quota's new status, as the API server itself. */
export function resourceQuotaPlugin(updateStatus: (quota: ApiObject) => void): AdmissionPlugin {
  return {
    name: "ResourceQuota",
    validate(request): void {
      const { object, operation, resource, subresource, context, namespace } = request;
      if (
        object === undefined ||
        namespace === "" ||
        subresource !== "" ||
        (resource.kind === "ResourceQuota" && operation !== "CREATE")
      )
        return;
      if (operation !== "CREATE" && !(operation === "UPDATE" && isMeasured(request))) return;
      const quotas = context.list("v1", "ResourceQuota", namespace);
      if (quotas.length === 0) return;
      const usage = usageOf(request, object);
      const before =
        operation === "UPDATE" && request.oldObject !== undefined ? usageOf(request, request.oldObject) : {};
      const changed: ApiObject[] = [];
      for (const quota of quotas) {
        if (!isInScope(quota, object, resource.kind)) continue;
        const next = withUsage(request, quota, usage, before);
        if (next !== undefined) changed.push(next);
      }
      if (!context.dryRun) for (const quota of changed) updateStatus(quota);
    },
  };
}

/** Kinds whose use depends on what is in them, so that updates count. */
function isMeasured(request: AdmissionRequest): boolean {
  return request.resource.group === "" && ["Pod", "Service", "PersistentVolumeClaim"].includes(request.resource.kind);
}

function withUsage(request: AdmissionRequest, quota: ApiObject, usage: Usage, before: Usage): ApiObject | undefined {
  const hard = fieldsAt(quota, "status", "hard") ?? {};
  const used = fieldsAt(quota, "status", "used") ?? {};
  if (request.resource.kind === "Pod") checkConstraints(request, quota, Object.keys(hard));
  const names = Object.keys(usage).filter((name) => hard[name] !== undefined);
  const unknown = names.filter((name) => used[name] === undefined).sort();
  if (unknown.length > 0)
    throw refusal(request, `status unknown for quota: ${quota.metadata.name}, resources: ${unknown.join(",")}`);
  const exceeded: { name: string; requested: Quantity; used: Quantity; hard: Quantity }[] = [];
  const next = clone(quota);
  let hasChanged = false;
  for (const name of names.sort()) {
    const delta = difference(usage[name], before[name]);
    const [usedNow, limit] = [quantityOf(used[name]), quantityOf(hard[name])];
    if (delta === undefined || usedNow === undefined || limit === undefined) continue;
    const total = usedNow.add(delta);
    if (total.compare(limit) > 0) exceeded.push({ name, requested: delta, used: usedNow, hard: limit });
    ensureFields(ensureFields(next, "status"), "used")[name] = total.toString();
    hasChanged = true;
  }
  if (exceeded.length > 0) {
    const text = (member: "requested" | "used" | "hard") =>
      exceeded.map((item) => `${item.name}=${item[member]}`).join(",");
    const why = `exceeded quota: ${quota.metadata.name}, requested: ${text("requested")}, used: ${text("used")}, limited: ${text("hard")}`;
    throw refusal(request, why);
  }
  return hasChanged ? next : undefined;
}

/** What is asked for beyond what was had; nothing where it is less. */
function difference(now: Quantity | undefined, before: Quantity | undefined): Quantity | undefined {
  if (now === undefined) return undefined;
  const delta = before === undefined ? now : now.sub(before);
  return delta.sign > 0 ? delta : undefined;
}

/** A quota of cpu or memory needs every container to say what it takes. */
function checkConstraints(request: AdmissionRequest, quota: ApiObject, hard: readonly string[]): void {
  const measured = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].filter((name) =>
    hard.includes(name),
  );
  const missing = new Map<string, string[]>();
  const pod = request.object;
  for (const container of [...itemsAt(pod, "spec", "containers"), ...itemsAt(pod, "spec", "initContainers")]) {
    for (const name of measured) {
      const kind = name.startsWith("limits.") ? "limits" : "requests";
      const resource = name.replace(/^(requests|limits)\./, "");
      if (fieldsAt(container, "resources", kind)?.[resource] !== undefined) continue;
      missing.set(name, [...(missing.get(name) ?? []), textAt(container, "name")]);
    }
  }
  if (missing.size === 0) return;
  const texts = [...missing]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, containers]) => `${name} for: ${containers.sort().join(",")}`);
  throw refusal(request, `failed quota: ${quota.metadata.name}: must specify ${texts.join("; ")}`);
}

function usageOf(request: AdmissionRequest, object: Fields): Usage {
  const { group, plural, kind } = request.resource;
  const one = Quantity.parse("1");
  const usage: Usage = { [`count/${group === "" ? plural : `${plural}.${group}`}`]: one };
  if (group !== "") return usage;
  if (LEGACY_COUNTS.has(kind)) usage[plural] = one;
  if (kind === "Pod") Object.assign(usage, podUsage(object));
  else if (kind === "Service") Object.assign(usage, serviceUsage(object));
  else if (kind === "PersistentVolumeClaim") Object.assign(usage, claimUsage(object));
  return usage;
}

function podUsage(pod: Fields): Usage {
  if (["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"))) return {};
  const usage: Usage = { pods: Quantity.parse("1") };
  for (const [name, quantity] of Object.entries(podResources(pod, "requests"))) {
    const isBasic = ["cpu", "memory", "ephemeral-storage"].includes(name);
    if (isBasic || name.startsWith("hugepages-")) usage[name] = quantity;
    usage[`requests.${name}`] = quantity;
  }
  for (const [name, quantity] of Object.entries(podResources(pod, "limits"))) {
    if (["cpu", "memory", "ephemeral-storage"].includes(name)) usage[`limits.${name}`] = quantity;
  }
  return usage;
}

/** What a Service takes of a quota's `services.nodeports` and `services.loadbalancers`. */
export function serviceUsage(service: Fields): Usage {
  const type = textAt(service, "spec", "type");
  const ports = itemsAt(service, "spec", "ports").length;
  const hasNodePorts =
    type === "NodePort" || (type === "LoadBalancer" && at(service, "spec", "allocateLoadBalancerNodePorts") !== false);
  return {
    ...(hasNodePorts ? { "services.nodeports": Quantity.parse(ports) } : {}),
    ...(type === "LoadBalancer" ? { "services.loadbalancers": Quantity.parse("1") } : {}),
  };
}

function claimUsage(claim: Fields): Usage {
  const storage = quantityOf(fieldsAt(claim, "spec", "resources", "requests")?.["storage"]);
  const storageClass = textAt(claim, "spec", "storageClassName");
  const usage: Usage = {};
  if (storage !== undefined) usage["requests.storage"] = storage;
  if (storageClass !== "") {
    usage[`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`] = Quantity.parse("1");
    if (storage !== undefined) usage[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = storage;
  }
  return usage;
}

function isInScope(quota: ApiObject, object: Fields, kind: string): boolean {
  const selected = itemsAt(quota, "spec", "scopeSelector", "matchExpressions").map((item) => ({
    scope: textAt(item, "scopeName"),
    operator: textAt(item, "operator"),
    values: textsAt(item, "values"),
  }));
  const scopes = [
    ...textsAt(quota, "spec", "scopes").map((scope) => ({ scope, operator: "Exists", values: [] as string[] })),
    ...selected,
  ];
  return scopes.every(({ scope, operator, values }) => {
    if (kind !== "Pod") return false;
    switch (scope) {
      case "Terminating":
        return (numberAt(object, "spec", "activeDeadlineSeconds") ?? -1) >= 0;
      case "NotTerminating":
        return numberAt(object, "spec", "activeDeadlineSeconds") === undefined;
      case "BestEffort":
        return qosClass(fieldsAt(object, "spec") ?? {}) === "BestEffort";
      case "NotBestEffort":
        return qosClass(fieldsAt(object, "spec") ?? {}) !== "BestEffort";
      case "PriorityClass": {
        const name = textAt(object, "spec", "priorityClassName");
        if (operator === "In") return values.includes(name);
        if (operator === "NotIn") return !values.includes(name);
        return (name !== "") === (operator === "Exists");
      }
      default:
        return false;
    }
  });
}
