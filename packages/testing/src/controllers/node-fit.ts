/**
 * Whether a Pod may run on a node: node selector, required affinity, taints. Resources are not looked at.
 */
import { type LabelOperator, meetsLabelRequirement } from "bowline/core";
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

/** A term without requirements selects no node. */
function matchesTerm(term: Fields, node: ApiObject): boolean {
  const [byLabel, byField] = [itemsAt(term, "matchExpressions"), itemsAt(term, "matchFields")];
  if (byLabel.length === 0 && byField.length === 0) return false;
  return meetsAll(byLabel, node.metadata.labels ?? {}) && meetsAll(byField, { "metadata.name": node.metadata.name });
}

const OPERATORS: ReadonlyMap<string, LabelOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
  ["Gt", "gt"],
  ["Lt", "lt"],
]);

function meetsAll(requirements: readonly Fields[], labels: Readonly<Record<string, string>>): boolean {
  return requirements.every((requirement) => {
    const operator = OPERATORS.get(textAt(requirement, "operator"));
    if (operator === undefined) return false;
    const [key, values] = [textAt(requirement, "key"), textsAt(requirement, "values")];
    return meetsLabelRequirement(labels, { key, operator, values });
  });
}

function tolerates(toleration: Fields, taint: Fields): boolean {
  const effect = textAt(toleration, "effect");
  if (effect !== "" && effect !== taint["effect"]) return false;
  const key = textAt(toleration, "key");
  if (textAt(toleration, "operator") === "Exists") return key === "" || key === taint["key"];
  return key === taint["key"] && textAt(toleration, "value") === textAt(taint, "value");
}
