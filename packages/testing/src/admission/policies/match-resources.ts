/**
 * Whether a write is one that a policy, or a binding, is about.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#match-constraints
 */
import type { AdmissionRequest } from "../../registry/admission.ts";
import { type Fields, fieldsAt, itemsAt, stringMapAt, textAt, textsAt } from "../../strategies/json-access.ts";
import { isEmptySelector, selectorMatches } from "../../strategies/validation/metadata-validation.ts";

/** Whether the rules and selectors of `matchConstraints` or `matchResources` hold. Without resource rules all resources match. */
export function matchesResources(match: Fields | undefined, request: AdmissionRequest): boolean {
  if (match === undefined) return true;
  if (!matchesNamespace(fieldsAt(match, "namespaceSelector"), request)) return false;
  if (!matchesObject(fieldsAt(match, "objectSelector"), request)) return false;
  const isEquivalent = textAt(match, "matchPolicy") !== "Exact";
  if (itemsAt(match, "excludeResourceRules").some((rule) => matchesRule(rule, request, isEquivalent))) return false;
  const rules = itemsAt(match, "resourceRules");
  return rules.length === 0 || rules.some((rule) => matchesRule(rule, request, isEquivalent));
}

function matchesNamespace(selector: Fields | undefined, request: AdmissionRequest): boolean {
  if (selector === undefined || isEmptySelector(selector)) return true;
  const { resource, context, namespace, object, oldObject } = request;
  if (resource.group === "" && resource.kind === "Namespace") {
    return selectorMatches(selector, stringMapAt(object ?? oldObject, "metadata", "labels"));
  }
  if (namespace === "") return true;
  return selectorMatches(
    selector,
    stringMapAt(context.find("v1", "Namespace", undefined, namespace), "metadata", "labels"),
  );
}

function matchesObject(selector: Fields | undefined, { object, oldObject }: AdmissionRequest): boolean {
  if (selector === undefined || isEmptySelector(selector)) return true;
  return [object, oldObject].some(
    (candidate) => candidate !== undefined && selectorMatches(selector, stringMapAt(candidate, "metadata", "labels")),
  );
}

function matchesRule(rule: Fields, request: AdmissionRequest, isEquivalent: boolean): boolean {
  const { resource, subresource, operation, name, object } = request;
  const includes = (field: string, value: string) => {
    const values = textsAt(rule, field);
    return values.includes("*") || values.includes(value);
  };
  if (!includes("operations", operation) || !includes("apiGroups", resource.group)) return false;
  if (!isEquivalent && !includes("apiVersions", resource.version)) return false;
  const scope = textAt(rule, "scope");
  const isNamespaced = resource.isNamespaced;
  if (scope === "Namespaced" && !isNamespaced) return false;
  if (scope === "Cluster" && isNamespaced) return false;
  const names = textsAt(rule, "resourceNames");
  const ownName = name === "" ? (object?.metadata.name ?? "") : name;
  if (names.length > 0 && !names.includes(ownName)) return false;
  return textsAt(rule, "resources").some((pattern) => {
    const [plural = "", part = ""] = pattern.split("/");
    return (
      (plural === "*" || plural === resource.plural) &&
      (part === subresource || (part === "*" && pattern.includes("/")))
    );
  });
}
