/**
 * Whether a Pod may run on a node: node selector, required affinity, taints. Resources are not looked at.
 */
import type { ApiObject } from "../registry/strategy.ts";
import { type Fields, fieldsAt, isTrueAt, itemsAt, stringMapAt, textAt, textsAt } from "../strategies/json-access.ts";

export function fitsNode(podSpec: Fields, node: ApiObject): boolean {
  const wanted = textAt(podSpec, "nodeName");
  if (wanted !== "" && wanted !== node.metadata.name) return false;
  const labels = node.metadata.labels ?? {};
  if (Object.entries(stringMapAt(podSpec, "nodeSelector")).some(([key, value]) => labels[key] !== value)) return false;
  const required = fieldsAt(podSpec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  if (required !== undefined && !itemsAt(required, "nodeSelectorTerms").some((term) => matchesTerm(term, node)))
    return false;
  const tolerations = itemsAt(podSpec, "tolerations");
  const taints = itemsAt(node, "spec", "taints");
  if (isTrueAt(node, "spec", "unschedulable"))
    taints.push({ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" });
  return taints.every(
    (taint) => taint["effect"] === "PreferNoSchedule" || tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function matchesTerm(term: Fields, node: ApiObject): boolean {
  const labels = node.metadata.labels ?? {};
  const byLabel = itemsAt(term, "matchExpressions").every((requirement) =>
    matchesRequirement(requirement, labels[textAt(requirement, "key")]),
  );
  const byField = itemsAt(term, "matchFields").every((requirement) =>
    matchesRequirement(requirement, node.metadata.name),
  );
  return byLabel && byField;
}

function matchesRequirement(requirement: Fields, value: string | undefined): boolean {
  const values = textsAt(requirement, "values");
  switch (textAt(requirement, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function tolerates(toleration: Fields, taint: Fields): boolean {
  const effect = textAt(toleration, "effect");
  if (effect !== "" && effect !== taint["effect"]) return false;
  const key = textAt(toleration, "key");
  if (textAt(toleration, "operator") === "Exists") return key === "" || key === taint["key"];
  return key === taint["key"] && textAt(toleration, "value") === textAt(taint, "value");
}
