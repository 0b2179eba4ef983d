/**
 * LimitRanges and ResourceQuotas.
 */

import { validateLabelKey } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import {
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  isSemanticallyEqual,
  itemsAt,
  keysInOrder,
  shownAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import {
  isHugePages,
  isStandardContainerResource,
  isStandardQuotaResource,
  quantityOf,
  roundUpResources,
  validateResourceName,
  validateResourceQuantity,
} from "../validation/resource-validation.ts";

const LISTS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

export const limitRangeRules: KindRules = {
  allowCreateOnUpdate: true,
  default(object): void {
    for (const limit of itemsAt(object, "spec", "limits")) {
      roundUpResources(...LISTS.map((list) => fieldsAt(limit, list)));
      if (limit["type"] !== "Container") continue;
      const limits = ensureFields(limit, "default");
      const requests = ensureFields(limit, "defaultRequest");
      for (const [name, value] of Object.entries(fieldsAt(limit, "max") ?? {})) fillAbsent(limits, name, clone(value));
      for (const [name, value] of Object.entries(limits)) fillAbsent(requests, name, clone(value));
      for (const [name, value] of Object.entries(fieldsAt(limit, "min") ?? {}))
        fillAbsent(requests, name, clone(value));
    }
  },
  prepareForCreate(object): void {
    if (object.metadata.name === undefined || object.metadata.name === "") object.metadata.name = crypto.randomUUID();
  },
  validate: validateLimitRange,
  validateUpdate: validateLimitRange,
};

function validateLimitRange(errors: FieldErrors, object: Fields): void {
  const types = new Set<string>();
  for (const [index, limit] of itemsAt(object, "spec", "limits").entries()) {
    const path = `spec.limits[${index}]`;
    const type = textAt(limit, "type");
    errors.invalidEach(`${path}.type`, typedText(type), validateLabelKey(type));
    if (
      validateLabelKey(type).length === 0 &&
      !type.includes("/") &&
      !["Pod", "Container", "PersistentVolumeClaim"].includes(type)
    ) {
      errors.invalid(`${path}.type`, type, "must be a standard limit type or fully qualified");
    }
    if (types.has(type)) errors.duplicate(`${path}.type`, type);
    types.add(type);
    for (const kind of LISTS) {
      const values = fieldsAt(limit, kind) ?? {};
      const names = keysInOrder(values);
      if (type === "Pod" && (kind === "default" || kind === "defaultRequest")) {
        if (names.length > 0) errors.forbidden(`${path}.${kind}`, "may not be specified when `type` is 'Pod'");
        continue;
      }
      for (const name of names) validateLimitName(errors, `${path}.${kind}[${name}]`, type, name);
    }
    if (
      type === "PersistentVolumeClaim" &&
      fieldsAt(limit, "min")?.["storage"] === undefined &&
      fieldsAt(limit, "max")?.["storage"] === undefined
    ) {
      errors.required(
        `${path}.limits`,
        "either minimum or maximum storage value is required, but neither was provided",
      );
    }
    validateOrder(errors, path, limit, type);
  }
}

function validateLimitName(errors: FieldErrors, field: string, type: string, name: string): void {
  validateResourceName(errors, field, name);
  if ((type === "Pod" || type === "Container") && !name.includes("/") && !isStandardContainerResource(name)) {
    errors.invalid(field, typedText(name), "must be a standard resource for containers");
  }
}

function validateOrder(errors: FieldErrors, path: string, limit: Fields, type: string): void {
  const names = new Set(LISTS.flatMap((kind) => Object.keys(fieldsAt(limit, kind) ?? {})));
  for (const name of [...names].sort()) {
    const of = (kind: string) => quantityOf(fieldsAt(limit, kind)?.[name]);
    const [min, max] = [of("min"), of("max")];
    const [limits, requests] = type === "Pod" ? [undefined, undefined] : [of("default"), of("defaultRequest")];
    if (min !== undefined && max !== undefined && min.compare(max) > 0) {
      errors.invalid(`${path}.min[${name}]`, min.toString(), `min value ${min} is greater than max value ${max}`);
    }
    if (requests !== undefined && min !== undefined && min.compare(requests) > 0) {
      errors.invalid(
        `${path}.defaultRequest[${name}]`,
        requests.toString(),
        `min value ${min} is greater than default request value ${requests}`,
      );
    }
    if (requests !== undefined && max !== undefined && requests.compare(max) > 0) {
      errors.invalid(
        `${path}.defaultRequest[${name}]`,
        requests.toString(),
        `default request value ${requests} is greater than max value ${max}`,
      );
    }
    if (requests !== undefined && limits !== undefined && requests.compare(limits) > 0) {
      const why = `default request value ${requests} is greater than default limit value ${limits}`;
      errors.invalid(`${path}.defaultRequest[${name}]`, requests.toString(), why);
    }
    if (limits !== undefined && min !== undefined && min.compare(limits) > 0) {
      errors.invalid(
        `${path}.default[${name}]`,
        min.toString(),
        `min value ${min} is greater than default value ${limits}`,
      );
    }
    if (limits !== undefined && max !== undefined && limits.compare(max) > 0) {
      errors.invalid(
        `${path}.default[${name}]`,
        max.toString(),
        `default value ${limits} is greater than max value ${max}`,
      );
    }
    const ratio = of("maxLimitRequestRatio");
    if (ratio !== undefined && ratio.compare(1) < 0)
      errors.invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio.toString(), `ratio ${ratio} is less than 1`);
    if (ratio !== undefined && min !== undefined && max !== undefined) {
      const most = Number(max.milliValue()) / Number(min.milliValue());
      if (Number(ratio.milliValue()) / 1000 > most) {
        const why = `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`;
        errors.invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio.toString(), why);
      }
    }
    const isFixed = name.includes("/") ? !name.includes("kubernetes.io/") : isHugePages(name);
    if (isFixed && limits !== undefined && requests !== undefined && limits.compare(requests) !== 0) {
      const why = `default value ${limits} must equal to defaultRequest value ${requests} in ${name}`;
      errors.invalid(`${path}.defaultRequest[${name}]`, requests.toString(), why);
    }
  }
}

const SCOPES = [
  "BestEffort",
  "CrossNamespacePodAffinity",
  "NotBestEffort",
  "NotTerminating",
  "PriorityClass",
  "Terminating",
  "VolumeAttributesClass",
];

export const resourceQuotaRules: KindRules = {
  default: (object) =>
    roundUpResources(
      fieldsAt(object, "spec", "hard"),
      fieldsAt(object, "status", "hard"),
      fieldsAt(object, "status", "used"),
    ),
  validate: validateQuota,
  validateUpdate(errors, object, old): void {
    validateQuota(errors, object);
    const scopes = textsAt(object, "spec", "scopes");
    const asSet = (values: readonly string[]) => [...new Set(values)].sort();
    if (!isSemanticallyEqual(asSet(scopes), asSet(textsAt(old, "spec", "scopes"))))
      errors.invalid("spec.scopes", shownAt(object["spec"], "scopes"), IMMUTABLE);
  },
  validateStatusUpdate(errors, object): void {
    for (const kind of ["hard", "used"]) {
      const values = fieldsAt(object, "status", kind) ?? {};
      for (const name of keysInOrder(values)) validateQuotaEntry(errors, `status.${kind}[${name}]`, name, values[name]);
    }
  },
  deletion: { returnsObject: true },
};

function validateQuotaEntry(errors: FieldErrors, field: string, name: string, value: unknown): void {
  validateResourceName(errors, field, name);
  if (!name.includes("/") && !isStandardQuotaResource(name))
    errors.invalid(field, name, "must be a standard resource for quota");
  validateResourceQuantity(errors, field, name, value);
}

function validateQuota(errors: FieldErrors, object: Fields): void {
  const hard = fieldsAt(object, "spec", "hard") ?? {};
  for (const name of keysInOrder(hard)) validateQuotaEntry(errors, `spec.hard[${name}]`, name, hard[name]);
  const scopes = textsAt(object, "spec", "scopes");
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.invalid("spec.scopes", scopes, "unsupported scope");
    for (const name of keysInOrder(hard)) {
      if (isStandardQuotaResource(name) && !countsIn(scope, name))
        errors.invalid("spec.scopes", scopes, "unsupported scope applied to resource");
    }
  }
  if (scopes.includes("BestEffort") && scopes.includes("NotBestEffort"))
    errors.invalid("spec.scopes", scopes, "conflicting scopes");
  if (scopes.includes("Terminating") && scopes.includes("NotTerminating"))
    errors.invalid("spec.scopes", scopes, "conflicting scopes");
  const selector = fieldsAt(object, "spec", "scopeSelector");
  if (selector !== undefined) validateScopeSelector(errors, selector, keysInOrder(hard));
}

const COMPUTE = ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

/** Whether a scope can pick among what a resource counts. */
function countsIn(scope: string, resource: string): boolean {
  if (scope === "BestEffort") return resource === "pods";
  if (scope === "VolumeAttributesClass")
    return resource === "persistentvolumeclaims" || resource === "requests.storage";
  return !SCOPES.includes(scope) || resource === "pods" || COMPUTE.includes(resource);
}

function validateScopeSelector(errors: FieldErrors, selector: Fields, resources: readonly string[]): void {
  const path = "spec.scopeSelector.matchExpressions";
  const names: string[] = [];
  for (const requirement of itemsAt(selector, "matchExpressions")) {
    const scope = textAt(requirement, "scopeName");
    const operator = textAt(requirement, "operator");
    const values = textsAt(requirement, "values");
    names.push(scope);
    if (!SCOPES.includes(scope)) errors.invalid(`${path}.scopeName`, typedText(scope), "unsupported scope");
    for (const name of resources) {
      if (isStandardQuotaResource(name) && !countsIn(scope, name))
        errors.invalid(path, goScopeSelector(selector), "unsupported scope applied to resource");
    }
    if (SCOPES.includes(scope) && scope !== "PriorityClass" && scope !== "VolumeAttributesClass") {
      const scopes =
        "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      if (operator !== "Exists")
        errors.invalid(`${path}.operator`, operator, `must be 'Exists' when scope is any of ${scopes}`);
    }
    if (operator === "In" || operator === "NotIn") {
      const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) errors.required(`${path}.values`, detail);
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) errors.invalid(`${path}.values`, values, detail);
    } else errors.invalid(`${path}.operator`, typedText(operator), "not a valid selector operator");
  }
  for (const [one, other] of [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
  ] as const) {
    if (names.includes(one) && names.includes(other)) errors.invalid(path, null, "conflicting scopes");
  }
}

/** The selector as Go prints the type that has no JSON names. */
function goScopeSelector(selector: Fields): unknown {
  const expressions = itemsAt(selector, "matchExpressions").map((requirement) => ({
    ScopeName: textAt(requirement, "scopeName"),
    Operator: textAt(requirement, "operator"),
    Values: requirement["values"] ?? null,
  }));
  return { MatchExpressions: expressions.length === 0 ? null : expressions };
}
