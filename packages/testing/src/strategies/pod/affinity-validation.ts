/**
 * Checks of where a Pod may run: affinity, node selectors, tolerations, spreading.
 */
import { validateDns1123Label, validateDns1123Subdomain, validateLabelKey, validateLabelValue } from "bowline/core";
import { type Fields, fieldsAt, itemsAt, numberAt, textAt, textsAt } from "../json-access.ts";
import { child, type FieldErrors, typedText } from "../validation/field-errors.ts";
import { validateLabelSelector, validateSelectorExpression } from "../validation/metadata-validation.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(errors: FieldErrors, path: string, affinity: Fields | undefined): void {
  if (affinity === undefined) return;
  const node = fieldsAt(affinity, "nodeAffinity");
  if (node !== undefined) {
    const here = child(path, "nodeAffinity");
    const required = fieldsAt(node, REQUIRED);
    if (required !== undefined) validateNodeSelector(errors, child(here, REQUIRED), required);
    for (const [index, term] of itemsAt(node, PREFERRED).entries()) {
      const termPath = `${child(here, PREFERRED)}[${index}]`;
      const weight = numberAt(term, "weight") ?? 0;
      if (weight <= 0 || weight > 100) errors.invalid(child(termPath, "weight"), weight, "must be in the range 1-100");
      validateNodeSelectorTerm(errors, child(termPath, "preference"), fieldsAt(term, "preference") ?? {}, false);
    }
  }
  for (const name of ["podAffinity", "podAntiAffinity"]) {
    const pod = fieldsAt(affinity, name);
    const here = child(path, name);
    for (const [index, term] of itemsAt(pod, REQUIRED).entries())
      validatePodTerm(errors, `${child(here, REQUIRED)}[${index}]`, term);
    for (const [index, weighted] of itemsAt(pod, PREFERRED).entries()) {
      const termPath = `${child(here, PREFERRED)}[${index}]`;
      const weight = numberAt(weighted, "weight") ?? 0;
      if (weight <= 0 || weight > 100) errors.invalid(child(termPath, "weight"), weight, "must be in the range 1-100");
      validatePodTerm(errors, child(termPath, "podAffinityTerm"), fieldsAt(weighted, "podAffinityTerm") ?? {});
    }
  }
}

export function validateNodeSelector(errors: FieldErrors, path: string, selector: Fields): void {
  const terms = itemsAt(selector, "nodeSelectorTerms");
  if (terms.length === 0)
    errors.required(child(path, "nodeSelectorTerms"), "must have at least one node selector term");
  for (const [index, term] of terms.entries())
    validateNodeSelectorTerm(errors, `${child(path, "nodeSelectorTerms")}[${index}]`, term);
}

/** Wrong values of a term that is only preferred are no error, but are warned of. */
function validateNodeSelectorTerm(errors: FieldErrors, path: string, term: Fields, looksAtValues = true): void {
  for (const [index, requirement] of itemsAt(term, "matchExpressions").entries())
    validateSelectorExpression(
      errors,
      `${child(path, "matchExpressions")}[${index}]`,
      requirement,
      true,
      looksAtValues,
    );
  for (const [index, requirement] of itemsAt(term, "matchFields").entries())
    validateFieldRequirement(errors, `${child(path, "matchFields")}[${index}]`, requirement);
}

function validateFieldRequirement(errors: FieldErrors, path: string, requirement: Fields): void {
  const operator = textAt(requirement, "operator");
  const values = textsAt(requirement, "values");
  if (operator !== "In" && operator !== "NotIn")
    errors.invalid(child(path, "operator"), typedText(operator), "not a valid selector operator");
  else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.required(child(path, "values"), detail);
  }
  const key = textAt(requirement, "key");
  if (key !== "metadata.name") errors.invalid(child(path, "key"), key, "not a valid field selector key");
  else
    for (const [index, value] of values.entries())
      errors.invalidEach(`${child(path, "values")}[${index}]`, value, validateDns1123Subdomain(value));
}

function validatePodTerm(errors: FieldErrors, path: string, term: Fields): void {
  validateLabelSelector(errors, child(path, "labelSelector"), fieldsAt(term, "labelSelector"));
  validateLabelSelector(errors, child(path, "namespaceSelector"), fieldsAt(term, "namespaceSelector"));
  for (const namespace of textsAt(term, "namespaces"))
    errors.invalidEach(child(path, "namespace"), namespace, validateDns1123Label(namespace));
  validateLabelKeys(errors, path, term);
  const key = textAt(term, "topologyKey");
  if (key === "") errors.required(child(path, "topologyKey"), "can not be empty");
  errors.invalidEach(child(path, "topologyKey"), key, validateLabelKey(key));
}

/** Labels of the Pod itself that a selector is to follow; admission has added them to the selector by now. */
function validateLabelKeys(errors: FieldErrors, path: string, term: Fields): void {
  const selector = fieldsAt(term, "labelSelector");
  const keys = textsAt(term, "matchLabelKeys");
  const others = textsAt(term, "mismatchLabelKeys");
  for (const [member, list] of [["matchLabelKeys", keys] as const, ["mismatchLabelKeys", others] as const]) {
    if (list.length === 0) continue;
    const field = child(path, member);
    if (selector === undefined) errors.forbidden(field, "must not be specified when labelSelector is not set");
    else
      for (const [index, key] of list.entries()) errors.invalidEach(`${field}[${index}]`, key, validateLabelKey(key));
  }
  const seen = new Set(Object.keys(fieldsAt(selector, "matchLabels") ?? {}));
  for (const expression of itemsAt(selector, "matchExpressions")) {
    const key = textAt(expression, "key");
    if (keys.includes(key) && seen.has(key))
      errors.invalid(`${path}[${keys.lastIndexOf(key)}]`, key, "exists in both matchLabelKeys and labelSelector");
    seen.add(key);
  }
  for (const [index, key] of keys.entries()) {
    if (others.includes(key))
      errors.invalid(
        `${child(path, "matchLabelKeys")}[${index}]`,
        key,
        "exists in both matchLabelKeys and mismatchLabelKeys",
      );
  }
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTolerations(errors: FieldErrors, path: string, tolerations: readonly Fields[]): void {
  for (const [index, toleration] of tolerations.entries()) {
    const here = `${path}[${index}]`;
    const key = textAt(toleration, "key");
    const operator = textAt(toleration, "operator");
    const effect = textAt(toleration, "effect");
    const value = textAt(toleration, "value");
    if (key !== "") errors.invalidEach(child(here, "key"), key, validateLabelKey(key));
    else if (operator !== "Exists") {
      errors.invalid(
        child(here, "operator"),
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    }
    if (numberAt(toleration, "tolerationSeconds") !== undefined && effect !== "NoExecute") {
      errors.invalid(
        child(here, "effect"),
        typedText(effect),
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      );
    }
    if (operator === "" || operator === "Equal") {
      const problems = validateLabelValue(value);
      if (problems.length > 0) errors.invalid(child(here, "operator"), value, problems.join(";"));
    } else if (operator === "Exists") {
      if (value !== "")
        errors.invalid(child(here, "operator"), value, "value must be empty when `operator` is 'Exists'");
    } else if (operator === "Lt" || operator === "Gt")
      errors.notSupported(child(here, "operator"), operator, ["Equal", "Exists", "Lt", "Gt"]);
    else errors.notSupported(child(here, "operator"), operator, ["Equal", "Exists"]);
    if (effect !== "") errors.oneOf(child(here, "effect"), effect, EFFECTS);
  }
}

export function validateTaints(errors: FieldErrors, path: string, taints: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const here = `${path}[${index}]`;
    const key = textAt(taint, "key");
    errors.invalidEach(child(here, "key"), key, validateLabelKey(key));
    const problems = validateLabelValue(textAt(taint, "value"));
    if (problems.length > 0) errors.invalid(child(here, "value"), textAt(taint, "value"), problems.join(";"));
    const effect = textAt(taint, "effect");
    errors.oneOf(child(here, "effect"), effect, EFFECTS, "required");
    const identity = `${key}:${effect}`;
    if (seen.has(identity)) errors.duplicate(here, goTaint(taint), "taints must be unique by key and effect pair");
    seen.add(identity);
  }
}

/** The taint as Go prints the type that has no JSON names. */
function goTaint(taint: Fields): unknown {
  const { key, value, effect, timeAdded } = taint;
  return { Key: key ?? "", Value: value ?? "", Effect: effect ?? "", TimeAdded: timeAdded ?? null };
}

export function validateTopologySpread(errors: FieldErrors, path: string, constraints: readonly Fields[]): void {
  for (const [index, constraint] of constraints.entries()) {
    const here = `${path}[${index}]`;
    const skew = numberAt(constraint, "maxSkew") ?? 0;
    if (skew <= 0) errors.invalid(child(here, "maxSkew"), skew, "must be greater than zero");
    const key = textAt(constraint, "topologyKey");
    if (key === "") errors.required(child(here, "topologyKey"), "can not be empty");
    const action = textAt(constraint, "whenUnsatisfiable");
    errors.oneOf(child(here, "whenUnsatisfiable"), action, ["DoNotSchedule", "ScheduleAnyway"]);
    const isRepeated = constraints
      .slice(index + 1)
      .some((other) => textAt(other, "topologyKey") === key && textAt(other, "whenUnsatisfiable") === action);
    if (isRepeated) errors.duplicate(child(here, "{topologyKey, whenUnsatisfiable}"), `{${key}, ${action}}`);
    const domains = numberAt(constraint, "minDomains");
    if (domains !== undefined) {
      if (domains <= 0) errors.invalid(child(here, "minDomains"), domains, "must be greater than zero");
      if (action !== "DoNotSchedule") {
        errors.invalid(
          child(here, "minDomains"),
          domains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`,
        );
      }
    }
    for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"]) {
      const value = constraint[policy];
      if (typeof value === "string") errors.oneOf(child(here, policy), value, ["Honor", "Ignore"]);
    }
    validateLabelKeys(errors, here, constraint);
    validateLabelSelector(errors, child(here, "labelSelector"), fieldsAt(constraint, "labelSelector"));
  }
}
