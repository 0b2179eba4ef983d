/**
 * Rows of the workload kinds: what runs pods.
 */
import { controllerOf, parseApiVersion } from "bowline/core";
import { at, type Fields, fieldsAt, isTrueAt, itemsAt, numberAt, stringMapAt, textAt } from "../json-access.ts";
import { containerCells, intOrStringText, labelsText, selectorText } from "./cell-texts.ts";
import { ageOf, humanDuration } from "./human-duration.ts";

export type Cells = (object: Fields, now: Date) => unknown[];

export function nameOf(object: Fields): string {
  return textAt(object, "metadata", "name");
}
export function age(object: Fields, now: Date): string {
  return ageOf(at(object, "metadata", "creationTimestamp"), now);
}
function count(object: Fields, ...path: string[]): number {
  return numberAt(object, ...path) ?? 0;
}
function templateSpec(object: Fields): Fields | undefined {
  return fieldsAt(object, "spec", "template", "spec");
}

/** By `group/Kind`. */
export const WORKLOAD_CELLS: Readonly<Record<string, Cells>> = {
  "apps/Deployment": (o, now) => [
    nameOf(o),
    `${count(o, "status", "readyReplicas")}/${count(o, "spec", "replicas")}`,
    count(o, "status", "updatedReplicas"),
    count(o, "status", "availableReplicas"),
    age(o, now),
    ...containerCells(templateSpec(o)),
    selectorText(fieldsAt(o, "spec", "selector"), ""),
  ],
  "apps/ReplicaSet": (o, now) => [
    ...replicaCells(o, now),
    ...containerCells(templateSpec(o)),
    selectorText(fieldsAt(o, "spec", "selector")),
  ],
  "/ReplicationController": (o, now) => [
    ...replicaCells(o, now),
    ...containerCells(templateSpec(o)),
    labelsText(stringMapAt(o, "spec", "selector")),
  ],
  "apps/StatefulSet": (o, now) => [
    nameOf(o),
    `${count(o, "status", "readyReplicas")}/${count(o, "spec", "replicas")}`,
    age(o, now),
    ...containerCells(templateSpec(o)),
  ],
  "apps/DaemonSet": (o, now) => [
    nameOf(o),
    count(o, "status", "desiredNumberScheduled"),
    count(o, "status", "currentNumberScheduled"),
    count(o, "status", "numberReady"),
    count(o, "status", "updatedNumberScheduled"),
    count(o, "status", "numberAvailable"),
    labelsText(stringMapAt(templateSpec(o), "nodeSelector")),
    age(o, now),
    ...containerCells(templateSpec(o)),
    selectorText(fieldsAt(o, "spec", "selector")),
  ],
  "apps/ControllerRevision": (o, now) => [nameOf(o), controllerText(o), count(o, "revision"), age(o, now)],
  "batch/Job": (o, now) => [
    nameOf(o),
    jobStatus(o),
    jobCompletions(o),
    jobDuration(o, now),
    age(o, now),
    ...containerCells(templateSpec(o)),
    selectorText(fieldsAt(o, "spec", "selector")),
  ],
  "batch/CronJob": (o, now) => [
    nameOf(o),
    textAt(o, "spec", "schedule"),
    textAt(o, "spec", "timeZone") || "<none>",
    at(o, "spec", "suspend") === undefined ? "<unset>" : isTrueAt(o, "spec", "suspend") ? "True" : "False",
    itemsAt(o, "status", "active").length,
    at(o, "status", "lastScheduleTime") === undefined ? "<none>" : ageOf(at(o, "status", "lastScheduleTime"), now),
    age(o, now),
    ...containerCells(fieldsAt(o, "spec", "jobTemplate", "spec", "template", "spec")),
    selectorText(fieldsAt(o, "spec", "jobTemplate", "spec", "selector")),
  ],
  "/PodTemplate": (o) => [
    nameOf(o),
    ...containerCells(fieldsAt(o, "template", "spec")),
    labelsText(stringMapAt(o, "template", "metadata", "labels")),
  ],
  "policy/PodDisruptionBudget": (o, now) => [
    nameOf(o),
    intOrStringText(at(o, "spec", "minAvailable"), "N/A"),
    intOrStringText(at(o, "spec", "maxUnavailable"), "N/A"),
    count(o, "status", "disruptionsAllowed"),
    age(o, now),
  ],
  "autoscaling/HorizontalPodAutoscaler": (o, now) => [
    nameOf(o),
    `${textAt(o, "spec", "scaleTargetRef", "kind")}/${textAt(o, "spec", "scaleTargetRef", "name")}`,
    metricsText(o),
    intOrStringText(at(o, "spec", "minReplicas"), "<unset>"),
    count(o, "spec", "maxReplicas"),
    count(o, "status", "currentReplicas"),
    age(o, now),
  ],
};

function replicaCells(o: Fields, now: Date): unknown[] {
  return [
    nameOf(o),
    count(o, "spec", "replicas"),
    count(o, "status", "replicas"),
    count(o, "status", "readyReplicas"),
    age(o, now),
  ];
}

function controllerText(o: Fields): string {
  const controller = controllerOf(o);
  if (controller === undefined) return "<none>";
  const { group } = parseApiVersion(controller.apiVersion);
  const kind = controller.kind.toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${controller.name}`;
}

function jobStatus(o: Fields): string {
  const is = (type: string) =>
    itemsAt(o, "status", "conditions").find((c) => c["type"] === type)?.["status"] === "True";
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (at(o, "metadata", "deletionTimestamp") !== undefined) return "Terminating";
  for (const type of ["Suspended", "FailureTarget", "SuccessCriteriaMet"]) if (is(type)) return type;
  return "Running";
}

function jobCompletions(o: Fields): string {
  const succeeded = count(o, "status", "succeeded");
  const completions = numberAt(o, "spec", "completions");
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = count(o, "spec", "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(o: Fields, now: Date): string {
  const start = Date.parse(textAt(o, "status", "startTime"));
  if (Number.isNaN(start)) return "";
  const end = Date.parse(textAt(o, "status", "completionTime"));
  return humanDuration((Number.isNaN(end) ? now.getTime() : end) - start);
}

const METRIC_SOURCES: Readonly<Record<string, string>> = {
  External: "external",
  Pods: "pods",
  Object: "object",
  Resource: "resource",
  ContainerResource: "containerResource",
};

function metricsText(o: Fields): string {
  // autoscaling/v1 keeps its one metric in the spec and the others in an annotation.
  const cpu = numberAt(o, "spec", "targetCPUUtilizationPercentage");
  if (cpu !== undefined) {
    const current = numberAt(o, "status", "currentCPUUtilizationPercentage");
    return `cpu: ${current === undefined ? "<unknown>" : `${current}%`}/${cpu}%`;
  }
  const metrics = itemsAt(o, "spec", "metrics");
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => metricText(metric, itemsAt(o, "status", "currentMetrics")[index]));
  return texts.length > 2 ? `${texts.slice(0, 2).join(", ")} + ${texts.length - 2} more...` : texts.join(", ");
}

function metricText(metric: Fields, status: Fields | undefined): string {
  const type = textAt(metric, "type");
  const source = METRIC_SOURCES[type];
  if (source === undefined) return "<unknown type>";
  const target = fieldsAt(metric, source, "target");
  const current = fieldsAt(status, source, "current");
  const average = at(target, "averageValue");
  if (type === "Resource" || type === "ContainerResource") {
    const name = textAt(metric, source, "name");
    if (average !== undefined)
      return `${name}: ${String(at(current, "averageValue") ?? "<unknown>")}/${String(average)}`;
    const now = numberAt(current, "averageUtilization");
    const wanted = numberAt(target, "averageUtilization");
    return `${name}: ${now === undefined ? "<unknown>" : `${now}%`}/${wanted === undefined ? "<auto>" : `${wanted}%`}`;
  }
  if (type === "Pods") return `${String(at(current, "averageValue") ?? "<unknown>")}/${String(average)}`;
  if (average !== undefined) return `${String(at(current, "averageValue") ?? "<unknown>")}/${String(average)} (avg)`;
  return `${String(at(current, "value") ?? "<unknown>")}/${String(at(target, "value"))}`;
}
