/**
 * Metrics and behaviour as `autoscaling/v1` keeps them in annotations: in its own form of old, as JSON.
 */
import { at, type Fields, fieldsAt, fieldsOf, itemsAt, numberAt, textAt } from "../json-access.ts";

/** Metrics by the member that holds them, in the order of the old type. */
const SOURCES = ["object", "pods", "resource", "containerResource", "external"];

/** `spec.metrics` of `autoscaling/v2` in the old form. */
export function toOldMetrics(metrics: readonly Fields[]): Fields[] {
  return metrics.map((metric) => eachSource(metric, toOldSource));
}

/** `status.currentMetrics` in the old form. */
export function toOldStatuses(statuses: readonly Fields[]): Fields[] {
  return statuses.map((status) => eachSource(status, toOldStatus));
}

export function fromOldMetrics(metrics: readonly Fields[]): Fields[] {
  return metrics.map((metric) => eachSource(metric, fromOldSource));
}

export function fromOldStatuses(statuses: readonly Fields[]): Fields[] {
  return statuses.map((status) => eachSource(status, fromOldStatus));
}

function eachSource(metric: Fields, convert: (name: string, source: Fields) => Fields): Fields {
  const out: Fields = { type: textAt(metric, "type") };
  for (const name of SOURCES) {
    const source = fieldsAt(metric, name);
    if (source !== undefined) out[name] = withoutAbsent(convert(name, source));
  }
  return out;
}

function withoutAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function toOldSource(name: string, source: Fields): Fields {
  const metricName = textAt(source, "metric", "name");
  const selector = at(source, "metric", "selector");
  const value = at(source, "target", "value");
  const averageValue = at(source, "target", "averageValue");
  switch (name) {
    case "object":
      return { target: oldReference(source), metricName, targetValue: value ?? "0", selector, averageValue };
    case "pods":
      return { metricName, targetAverageValue: averageValue ?? "0", selector };
    case "external":
      return { metricName, metricSelector: selector, targetValue: value, targetAverageValue: averageValue };
    default:
      return {
        name: textAt(source, "name"),
        targetAverageUtilization: at(source, "target", "averageUtilization"),
        targetAverageValue: averageValue,
        container: source["container"],
      };
  }
}

function toOldStatus(name: string, status: Fields): Fields {
  const metricName = textAt(status, "metric", "name");
  const selector = at(status, "metric", "selector");
  const value = at(status, "current", "value") ?? "0";
  const averageValue = at(status, "current", "averageValue");
  switch (name) {
    case "object":
      return { target: oldReference(status), metricName, currentValue: value, selector, averageValue };
    case "pods":
      return { metricName, currentAverageValue: averageValue ?? "0", selector };
    case "external":
      return { metricName, metricSelector: selector, currentValue: value, currentAverageValue: averageValue };
    default:
      return {
        name: textAt(status, "name"),
        currentAverageUtilization: at(status, "current", "averageUtilization"),
        currentAverageValue: averageValue ?? "0",
        container: status["container"],
      };
  }
}

function oldReference(source: Fields): Fields {
  const apiVersion = textAt(source, "describedObject", "apiVersion");
  return {
    kind: textAt(source, "describedObject", "kind"),
    name: textAt(source, "describedObject", "name"),
    ...(apiVersion === "" ? {} : { apiVersion }),
  };
}

function fromOldSource(name: string, source: Fields): Fields {
  const metric = oldMetric(source, name);
  const value = source["targetValue"];
  const average = source["targetAverageValue"] ?? source["averageValue"];
  const percent = numberAt(source, "targetAverageUtilization");
  const byValue = average === undefined || average === null ? { type: "Value", value } : undefined;
  const target = byValue ?? { type: "AverageValue", averageValue: average };
  if (name === "object") return { describedObject: source["target"], target, metric };
  if (name === "pods" || name === "external") return { metric, target };
  const own = percent === undefined ? target : { type: "Utilization", averageUtilization: percent };
  return { name: source["name"], target: own, container: source["container"] };
}

function fromOldStatus(name: string, status: Fields): Fields {
  const metric = oldMetric(status, name);
  const averageValue = status["currentAverageValue"] ?? status["averageValue"];
  const current = withoutAbsent({ value: status["currentValue"], averageValue });
  if (name === "object") return { metric, current, describedObject: status["target"] };
  if (name === "pods" || name === "external") return { metric, current };
  const averageUtilization = numberAt(status, "currentAverageUtilization");
  return {
    name: status["name"],
    current: withoutAbsent({ averageValue, averageUtilization }),
    container: status["container"],
  };
}

function oldMetric(source: Fields, name: string): Fields {
  const selector = source[name === "external" ? "metricSelector" : "selector"];
  return withoutAbsent({ name: textAt(source, "metricName"), selector });
}

const DIRECTIONS = ["scaleUp", "scaleDown"];

/** `spec.behavior` as the annotation has it: the server's inner type, whose fields have no JSON names. */
export function toOldBehavior(behavior: Fields): Fields {
  return Object.fromEntries(
    DIRECTIONS.map((direction) => {
      const rules = fieldsAt(behavior, direction);
      const shown = rules && {
        StabilizationWindowSeconds: rules["stabilizationWindowSeconds"] ?? null,
        SelectPolicy: rules["selectPolicy"] ?? null,
        Policies: itemsAt(rules, "policies").map(({ type, value, periodSeconds }) => ({
          Type: type,
          Value: value,
          PeriodSeconds: periodSeconds,
        })),
        Tolerance: rules["tolerance"] ?? null,
      };
      return [capitalized(direction), shown ?? null];
    }),
  );
}

/** Reads that annotation; capitals do not count. */
export function fromOldBehavior(behavior: unknown): unknown {
  if (Array.isArray(behavior)) return behavior.map(fromOldBehavior);
  const fields = fieldsOf(behavior);
  if (fields === undefined) return behavior;
  const entries = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, fromOldBehavior(value)]),
  );
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
