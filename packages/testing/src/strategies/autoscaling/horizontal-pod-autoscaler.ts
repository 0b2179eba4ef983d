/**
 * HorizontalPodAutoscalers: kept as autoscaling/v2; autoscaling/v1 is a view that knows one metric.
 */

import { validateDns1123Label, validatePathSegmentName } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { emptyAt } from "../../schema/index.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  isEmpty,
  itemsAt,
  numberAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { child, type FieldErrors, goJson, NOT_NEGATIVE, typedText } from "../validation/field-errors.ts";
import { isStandardContainerResource, quantityOf, validateResourceName } from "../validation/resource-validation.ts";
import {
  fromOldBehavior,
  fromOldMetrics,
  fromOldStatuses,
  toOldBehavior,
  toOldMetrics,
  toOldStatuses,
} from "./old-metrics.ts";

const SCALE_UP: Fields = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: Fields = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };
/** Annotations in which autoscaling/v1 carries what it has no fields for. */
const KEPT = "autoscaling.alpha.kubernetes.io/";

export const autoscalerRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillAbsent(spec, "minReplicas", 1);
    if (isEmpty(spec["metrics"])) {
      spec["metrics"] = [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
      ];
    }
    const behavior = fieldsAt(spec, "behavior");
    if (behavior === undefined) return;
    behavior["scaleUp"] = { ...clone(SCALE_UP), ...present(fieldsAt(behavior, "scaleUp")) };
    behavior["scaleDown"] = { ...clone(SCALE_DOWN), ...present(fieldsAt(behavior, "scaleDown")) };
  },
  validate: (errors, object) => validateAutoscaler(errors, object),
  validateUpdate: (errors, object, old) => validateAutoscaler(errors, object, old),
  validateStatusUpdate(errors, object): void {
    for (const name of ["currentReplicas", "desiredReplicas"])
      errors.notNegative(`status.${name}`, numberAt(object, "status", name));
  },
};

/** Rules of `autoscaling/v1`. */
export const oldAutoscalerRules: KindRules = {
  ...autoscalerRules,
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillAbsent(spec, "minReplicas", 1);
    if (object.metadata.annotations?.[`${KEPT}metrics`] === undefined)
      fillAbsent(spec, "targetCPUUtilizationPercentage", 80);
  },
  validate: (errors, object) => validateAutoscaler(errors, fromV1(object)),
  validateUpdate: (errors, object, old) => validateAutoscaler(errors, fromV1(object), fromV1(old)),
  toStorage: fromV1,
  fromStorage: toV1,
};

function present(fields: Fields | undefined): Fields {
  // No policies at all is not the same as none given: those are refused.
  if (emptyAt(fields, "policies") !== undefined) return { ...fields, policies: [] };
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined && value !== null));
}

/** An autoscaling/v1 object as autoscaling/v2. */
function fromV1(object: ApiObject): ApiObject {
  const out = clone(object);
  out.apiVersion = "autoscaling/v2";
  const spec = ensureFields(out, "spec");
  const annotations: Record<string, string> = { ...out.metadata.annotations };
  const percent = numberAt(spec, "targetCPUUtilizationPercentage");
  delete spec["targetCPUUtilizationPercentage"];
  const others = parsed(annotations[`${KEPT}metrics`]);
  const cpu =
    percent === undefined
      ? []
      : [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } } }];
  const metrics = [...(Array.isArray(others) ? fromOldMetrics(others as Fields[]) : []), ...cpu];
  const fallback = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
  };
  spec["metrics"] = metrics.length > 0 ? metrics : [fallback];
  const behavior = parsed(annotations[`${KEPT}behavior`]);
  if (behavior !== undefined) spec["behavior"] = fromOldBehavior(behavior);
  const status = fieldsAt(out, "status");
  if (status !== undefined) {
    const current = numberAt(status, "currentCPUUtilizationPercentage");
    delete status["currentCPUUtilizationPercentage"];
    if (current !== undefined) {
      status["currentMetrics"] = [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: current, averageValue: "0" } } },
      ];
    }
    const conditions = parsed(annotations[`${KEPT}conditions`]);
    if (Array.isArray(conditions)) status["conditions"] = conditions;
    const statuses = parsed(annotations[`${KEPT}current-metrics`]);
    if (Array.isArray(statuses)) status["currentMetrics"] = fromOldStatuses(statuses as Fields[]);
    status["currentMetrics"] ??= null;
    if (status["currentReplicas"] === 0) delete status["currentReplicas"];
  }
  for (const name of ["metrics", "behavior", "conditions", "current-metrics"]) delete annotations[KEPT + name];
  setAnnotations(out, annotations);
  return out;
}

/** An autoscaling/v2 object as autoscaling/v1. */
function toV1(object: ApiObject): ApiObject {
  const out = clone(object);
  out.apiVersion = "autoscaling/v1";
  const spec = ensureFields(out, "spec");
  const annotations: Record<string, string> = { ...out.metadata.annotations };
  const metrics = itemsAt(spec, "metrics");
  const isCpu = (metric: Fields) =>
    textAt(metric, "resource", "name") === "cpu" &&
    numberAt(metric, "resource", "target", "averageUtilization") !== undefined;
  const cpu = metrics.find(isCpu);
  if (cpu !== undefined)
    spec["targetCPUUtilizationPercentage"] = numberAt(cpu, "resource", "target", "averageUtilization");
  const others = metrics.filter((metric) => metric !== cpu);
  if (others.length > 0) annotations[`${KEPT}metrics`] = goJson(toOldMetrics(others));
  if (spec["behavior"] !== undefined)
    annotations[`${KEPT}behavior`] = goJson(toOldBehavior(ensureFields(spec, "behavior")));
  delete spec["metrics"];
  delete spec["behavior"];
  const status = fieldsAt(out, "status");
  if (status !== undefined) {
    const current = itemsAt(status, "currentMetrics").find((metric) => textAt(metric, "resource", "name") === "cpu");
    const percent = numberAt(current, "resource", "current", "averageUtilization");
    if (percent !== undefined) status["currentCPUUtilizationPercentage"] = percent;
    const statuses = itemsAt(status, "currentMetrics");
    if (statuses.length > 0) annotations[`${KEPT}current-metrics`] = goJson(toOldStatuses(statuses));
    if (!isEmpty(status["conditions"])) annotations[`${KEPT}conditions`] = JSON.stringify(status["conditions"]);
    delete status["currentMetrics"];
    delete status["conditions"];
  }
  setAnnotations(out, annotations);
  return out;
}

function setAnnotations(object: ApiObject, annotations: Record<string, string>): void {
  if (Object.keys(annotations).length > 0) object.metadata.annotations = annotations;
  else delete object.metadata.annotations;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function validateAutoscaler(errors: FieldErrors, object: Fields, old?: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const least = numberAt(spec, "minReplicas");
  const most = numberAt(spec, "maxReplicas") ?? 0;
  if (least !== undefined && most < least)
    errors.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
  validateTarget(
    errors,
    "spec.scaleTargetRef",
    fieldsAt(spec, "scaleTargetRef") ?? {},
    true,
    fieldsAt(old, "spec", "scaleTargetRef"),
  );
  const metrics = itemsAt(spec, "metrics");
  for (const [index, metric] of metrics.entries()) validateMetric(errors, `spec.metrics[${index}]`, metric);
  if (least === 0 && !metrics.some((metric) => metric["type"] === "Object" || metric["type"] === "External")) {
    errors.forbidden(
      "spec.metrics",
      "must specify at least one Object or External metric to support scaling to zero replicas",
    );
  }
  for (const direction of ["scaleUp", "scaleDown"]) {
    const rules = fieldsAt(spec, "behavior", direction);
    if (rules !== undefined) validateScalingRules(errors, `spec.behavior.${direction}`, rules);
  }
  if (least !== undefined && least < 0)
    errors.declared.invalid("spec.minReplicas", least, "must be greater than or equal to 0");
  if (most === 0) errors.declared.required("spec.maxReplicas");
  else if (most < 0) errors.declared.invalid("spec.maxReplicas", most, "must be greater than or equal to 1");
}

/** `isScaled` says whether it is what the autoscaler scales; another object may leave its version out. */
function validateTarget(errors: FieldErrors, path: string, target: Fields, isScaled: boolean, old?: Fields): void {
  for (const member of ["kind", "name"]) {
    const value = textAt(target, member);
    if (value === "") errors.required(child(path, member));
    else errors.invalidEach(child(path, member), value, validatePathSegmentName(value, false));
  }
  const apiVersion = textAt(target, "apiVersion");
  const isAsBefore = old !== undefined && ["apiVersion", "kind"].every((member) => target[member] === old[member]);
  if (!isScaled || isAsBefore) return;
  if (apiVersion.split("/").length > 2) {
    errors.invalid(child(path, "apiVersion"), apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  } else if (!apiVersion.includes("/") && textAt(target, "kind") !== "ReplicationController") {
    errors.invalid(child(path, "apiVersion"), apiVersion, "apiVersion must specify API group");
  }
}

const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

function validateMetric(errors: FieldErrors, path: string, metric: Fields): void {
  const type = textAt(metric, "type");
  if (type === "") errors.required(child(path, "type"), "must specify a metric source type");
  const expected = SOURCES[type];
  if (expected === undefined) errors.notSupported(child(path, "type"), type, Object.keys(SOURCES));
  const found = ["object", "external", "pods", "resource", "containerResource"].filter(
    (source) => fieldsAt(metric, source) !== undefined,
  );
  const first = found[0];
  if (first !== undefined) validateSource(errors, child(path, first), first, fieldsAt(metric, first) ?? {});
  if (expected === undefined) errors.notSupported(child(path, "type"), type, Object.keys(SOURCES));
  else if (!found.includes(expected))
    errors.required(child(path, expected), "must populate information for the given metric source");
  if (found.length !== 1) {
    for (const source of found)
      if (source !== expected) errors.forbidden(child(path, source), "must populate the given metric source only");
  }
}

function validateSource(errors: FieldErrors, path: string, source: string, fields: Fields): void {
  const target = fieldsAt(fields, "target") ?? {};
  const has = (member: string) => at(target, member) !== undefined;
  const isResource = source === "resource" || source === "containerResource";
  if (source === "object")
    validateTarget(errors, child(path, "describedObject"), fieldsAt(fields, "describedObject") ?? {}, false);
  if (isResource) {
    if (textAt(fields, "name") === "") errors.required(child(path, "name"), "must specify a resource name");
    if (source === "containerResource") validateContainerSource(errors, path, fields);
  } else {
    const name = textAt(fields, "metric", "name");
    if (name === "") errors.required(child(path, "metric.name"), "must specify a metric name");
    else errors.invalidEach(child(path, "metric.name"), name, validatePathSegmentName(name, false));
  }
  validateMetricTarget(errors, child(path, "target"), target);
  const average = child(path, "target.averageValue");
  if (isResource) {
    if (!has("averageUtilization") && !has("averageValue")) {
      errors.required(
        child(path, "target.averageUtilization"),
        "must set either a target raw value or a target utilization",
      );
    }
    if (has("averageUtilization") && has("averageValue"))
      errors.forbidden(average, "may not set both a target raw value and a target utilization");
  } else if (source === "pods") {
    if (!has("averageValue")) errors.required(average, "must specify a positive target averageValue");
  } else if (source === "object") {
    if (!has("value") && !has("averageValue"))
      errors.required(average, "must set either a target value or averageValue");
  } else {
    if (!has("value") && !has("averageValue"))
      errors.required(average, "must set either a target value for metric or a per-pod target");
    if (has("value") && has("averageValue")) {
      errors.forbidden(child(path, "target.value"), "may not set both a target value for metric and a per-pod target");
    }
  }
}

function validateContainerSource(errors: FieldErrors, path: string, fields: Fields): void {
  const container = textAt(fields, "container");
  if (container === "") errors.required(child(path, "container"), "must specify a container");
  else errors.invalidEach(child(path, "container"), container, validateDns1123Label(container));
  const name = textAt(fields, "name");
  if (name === "") return;
  validateResourceName(errors, child(path, "name"), name);
  if (!name.includes("/") && !isStandardContainerResource(name))
    errors.invalid(child(path, "name"), name, "must be a standard resource for containers");
}

function validateMetricTarget(errors: FieldErrors, path: string, target: Fields): void {
  const type = textAt(target, "type");
  if (type === "") errors.required(child(path, "type"), "must specify a metric target type");
  if (!["Utilization", "Value", "AverageValue"].includes(type)) {
    errors.invalid(child(path, "type"), typedText(type), "must be either Utilization, Value, or AverageValue");
  }
  for (const member of ["value", "averageValue"]) {
    const quantity = quantityOf(target[member]);
    if (quantity !== undefined && quantity.sign <= 0)
      errors.invalid(child(path, member), quantity.toString(), "must be positive");
  }
  const utilization = numberAt(target, "averageUtilization");
  if (utilization !== undefined && utilization < 1)
    errors.invalid(child(path, "averageUtilization"), utilization, "must be greater than 0");
}

function validateScalingRules(errors: FieldErrors, path: string, rules: Fields): void {
  const window = numberAt(rules, "stabilizationWindowSeconds");
  if (window !== undefined && window < 0)
    errors.invalid(child(path, "stabilizationWindowSeconds"), window, "must be greater than or equal to zero");
  if (window !== undefined && window > 3600)
    errors.invalid(child(path, "stabilizationWindowSeconds"), window, "must be less than or equal to 3600");
  const select = at(rules, "selectPolicy");
  if (select !== undefined) errors.oneOf(child(path, "selectPolicy"), String(select), ["Disabled", "Max", "Min"]);
  const policies = itemsAt(rules, "policies");
  if (policies.length === 0) errors.required(child(path, "policies"), "must specify at least one Policy");
  for (const [index, policy] of policies.entries()) {
    const here = `${child(path, "policies")}[${index}]`;
    errors.oneOf(child(here, "type"), textAt(policy, "type"), ["Percent", "Pods"]);
    const value = numberAt(policy, "value") ?? 0;
    if (value <= 0) errors.invalid(child(here, "value"), value, "must be greater than zero");
    const period = numberAt(policy, "periodSeconds") ?? 0;
    if (period <= 0) errors.invalid(child(here, "periodSeconds"), period, "must be greater than zero");
    if (period > 1800) errors.invalid(child(here, "periodSeconds"), period, "must be less than or equal to 1800");
  }
  const tolerance = quantityOf(at(rules, "tolerance"));
  if (tolerance !== undefined && tolerance.sign < 0)
    errors.invalid(child(path, "tolerance"), tolerance.toString(), NOT_NEGATIVE);
}
