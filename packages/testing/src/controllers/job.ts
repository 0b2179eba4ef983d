/**
 * Jobs: Pods that run to completion.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */

import { controllerOf, formatTime } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
} from "../strategies/json-access.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  count,
  isAbout,
  isActivePod,
  isDeleting,
  isReadyPod,
  ownedBy,
  podFromTemplate,
  writeStatus,
} from "./controller.ts";
import { countsPerIndex, failedIndexes, failuresOf, failureVerdict, successRule } from "./job-policies.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const COMPONENT = "job-controller";
const TRACKING = "batch.kubernetes.io/job-tracking";
const INDEX = "batch.kubernetes.io/job-completion-index";
const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

export function jobController(context: ControllerContext): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(
    client,
    (namespace, name) => reconcile(context, queue, namespace, name),
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "batch", "Job")) queue.add(object.metadata.namespace, object.metadata.name);
      if (!isAbout(event, "", "Pod")) return;
      const owner = controllerOf(object);
      if (owner?.kind !== "Job") return;
      queue.add(object.metadata.namespace, owner.name);
      // Of a Job that is gone nobody else takes the finalizer off.
      if (isDeleting(object) && client.get("batch/v1", "Job", object.metadata.namespace, owner.name) === undefined) {
        client.later(() => untrack(context, object));
      }
    },
    stop: () => queue.stop(),
  };
}

function untrack(context: ControllerContext, pod: ApiObject): void {
  const { namespace, name } = pod.metadata;
  const present = context.client.get("v1", "Pod", namespace, name);
  if (present === undefined || !(present.metadata.finalizers ?? []).includes(TRACKING)) return;
  const finalizers = (present.metadata.finalizers ?? []).filter((finalizer) => finalizer !== TRACKING);
  context.client.patch("v1", "Pod", namespace, name, {
    metadata: { finalizers: finalizers.length === 0 ? null : finalizers },
  });
}

function isEnded(job: ApiObject): boolean {
  return ["Complete", "Failed"].some((type) => conditionOf(job, type)?.["status"] === "True");
}

function reconcile(context: ControllerContext, queue: ReconcileQueue, namespace: string, name: string): void {
  const { client, events } = context;
  const job = client.get("batch/v1", "Job", namespace, name);
  if (job === undefined) return;
  const pods = ownedBy(client, "v1", "Pod", job);
  if (isDeleting(job) || isEnded(job)) {
    for (const pod of pods) if (!isActivePod(pod)) untrack(context, pod);
    if (isEnded(job)) collectEnded(context, queue, job);
    return;
  }
  const managedBy = textAt(job, "spec", "managedBy");
  if (managedBy !== "" && managedBy !== "kubernetes.io/job-controller") return;
  const now = client.now();
  const status = clone(fieldsAt(job, "status") ?? {});
  const finished = { succeeded: count(status, "succeeded"), failed: count(status, "failed") };
  for (const pod of pods) {
    const phase = textAt(pod, "status", "phase");
    const isTracked = (pod.metadata.finalizers ?? []).includes(TRACKING);
    if (isTracked && phase === "Succeeded") finished.succeeded++;
    else if (isTracked && (phase === "Failed" || isDeleting(pod)) && failureVerdict(job, pod)?.action !== "Ignore")
      finished.failed++;
  }
  const active = pods.filter(isActivePod);
  const isSuspended = isTrueAt(job, "spec", "suspend");
  const verdict = judge(job, finished);
  if (isSuspended || verdict !== undefined) for (const pod of active) removePod(context, job, pod);
  // What ran when the Job failed did not succeed.
  if (verdict?.type === "Failed") finished.failed += active.length;
  let running = isSuspended || verdict !== undefined ? [] : active;
  if (!isSuspended && verdict === undefined) running = scale(context, job, active, pods, finished.succeeded);
  if (!isSuspended && at(status, "startTime") === undefined) status["startTime"] = formatTime(now);
  setCounts(status, { active: running.length, ...finished });
  status["ready"] = running.filter((pod) => isReadyPod(pod)).length;
  status["terminating"] = ownedBy(client, "v1", "Pod", job).filter(
    (pod) => isDeleting(pod) && !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")),
  ).length;
  status["uncountedTerminatedPods"] = {};
  if (textAt(job, "spec", "completionMode") === "Indexed")
    status["completedIndexes"] = indexText(completedIndexes(pods));
  if (status["completedIndexes"] === "") delete status["completedIndexes"];
  if (countsPerIndex(job)) status["failedIndexes"] = indexText(failedIndexes(job, pods));
  setSuspended(status, isSuspended, formatTime(now));
  if (verdict !== undefined) endJob(status, verdict, formatTime(now));
  const present = client.get("batch/v1", "Job", namespace, name);
  if (present === undefined) return;
  writeStatus(context, present, status);
  const was = textAt(conditionOf(job, "Suspended"), "status") === "True";
  const is = textAt(conditionOf({ status }, "Suspended"), "status") === "True";
  if (is !== was)
    events.record(job, "Normal", is ? "Suspended" : "Resumed", `Job ${is ? "suspended" : "resumed"}`, COMPONENT);
  for (const pod of pods) if (!isActivePod(pod)) untrack(context, pod);
  if (verdict !== undefined) {
    const isComplete = verdict.type === "Complete";
    events.record(
      job,
      isComplete ? "Normal" : "Warning",
      isComplete ? "Completed" : verdict.reason,
      isComplete ? "Job completed" : verdict.message,
      COMPONENT,
    );
  }
  const deadline = numberAt(job, "spec", "activeDeadlineSeconds");
  const start = Date.parse(textAt(status, "startTime"));
  if (verdict === undefined && deadline !== undefined && !Number.isNaN(start))
    queue.addAfter(Math.max(0, start + deadline * 1000 - now.getTime()), namespace, name);

  function judge(of: ApiObject, done: { succeeded: number; failed: number }): Verdict | undefined {
    const completions = numberAt(of, "spec", "completions");
    const fatal = pods.map((pod) => failureVerdict(of, pod)).find((found) => found?.action === "FailJob");
    if (fatal !== undefined) return { type: "Failed", reason: "PodFailurePolicy", message: fatal.message };
    const started = Date.parse(textAt(of, "status", "startTime"));
    const seconds = numberAt(of, "spec", "activeDeadlineSeconds");
    if (seconds !== undefined && !Number.isNaN(started) && now.getTime() - started >= seconds * 1000) {
      return { type: "Failed", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
    }
    if (done.failed > count(of, "spec", "backoffLimit")) {
      return { type: "Failed", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };
    }
    const lost = failedIndexes(of, pods).length;
    if (lost > (numberAt(of, "spec", "maxFailedIndexes") ?? Number.POSITIVE_INFINITY)) {
      const message = "Job has exceeded the specified maximal number of failed indexes";
      return { type: "Failed", reason: "MaxFailedIndexesExceeded", message };
    }
    const rule = successRule(of, completedIndexes(pods));
    if (rule !== undefined)
      return { type: "Complete", reason: "SuccessPolicy", message: `Matched rules at index ${rule}` };
    if (lost > 0 && completions !== undefined && done.succeeded + lost >= completions)
      return { type: "Failed", reason: "FailedIndexes", message: "Job has failed indexes" };
    const isComplete =
      completions === undefined
        ? done.succeeded > 0 && pods.every((pod) => !isActivePod(pod))
        : done.succeeded >= completions;
    return isComplete
      ? { type: "Complete", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" }
      : undefined;
  }
}

interface Verdict {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

/** Makes Pods and takes away surplus ones; gives those that are active then. */
function scale(
  context: ControllerContext,
  job: ApiObject,
  active: readonly ApiObject[],
  pods: readonly ApiObject[],
  succeeded: number,
): ApiObject[] {
  const { client, events } = context;
  const completions = numberAt(job, "spec", "completions");
  const parallelism = count(job, "spec", "parallelism");
  const isIndexed = textAt(job, "spec", "completionMode") === "Indexed";
  const lost = failedIndexes(job, pods);
  let wanted =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.min(parallelism, completions - succeeded - lost.length);
  wanted = Math.max(0, wanted);
  const running = [...active];
  while (running.length > wanted) {
    const pod = running.pop();
    if (pod !== undefined) removePod(context, job, pod);
  }
  const taken = new Set([...completedIndexes(pods), ...lost, ...active.map(indexOf)]);
  while (running.length < wanted) {
    const pod = isIndexed
      ? indexedPod(job, freeIndex(taken), pods)
      : podFromTemplate(job, template(job), { generateName: `${job.metadata.name}-`, finalizers: [TRACKING] });
    const made = client.create(pod);
    taken.add(indexOf(made));
    running.push(made);
    events.record(job, "Normal", "SuccessfulCreate", `Created pod: ${made.metadata.name}`, COMPONENT);
  }
  return running;
}

function template(job: ApiObject): Fields | undefined {
  return fieldsAt(job, "spec", "template");
}

function indexedPod(
  job: ApiObject,
  index: number,
  pods: readonly ApiObject[],
): Fields & { apiVersion: string; kind: string } {
  const own = { [INDEX]: String(index) };
  const counted = countsPerIndex(job) ? { [INDEX_FAILURES]: String(failuresOf(index, pods)) } : {};
  const pod = podFromTemplate(job, template(job), {
    generateName: `${job.metadata.name}-${index}-`,
    labels: own,
    annotations: { ...counted, ...own },
    finalizers: [TRACKING],
  });
  const spec = ensureFields(pod, "spec");
  spec["hostname"] = `${job.metadata.name}-${index}`;
  for (const container of [...itemsAt(spec, "initContainers"), ...itemsAt(spec, "containers")]) {
    const valueFrom = { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } };
    container["env"] = [...itemsAt(container, "env"), { name: "JOB_COMPLETION_INDEX", valueFrom }];
  }
  return pod;
}

function indexOf(pod: ApiObject): number {
  return Number(pod.metadata.annotations?.[INDEX] ?? -1);
}

function completedIndexes(pods: readonly ApiObject[]): number[] {
  const done = pods.filter((pod) => textAt(pod, "status", "phase") === "Succeeded").map(indexOf);
  return [...new Set(done.filter((index) => index >= 0))].sort((a, b) => a - b);
}

function freeIndex(taken: ReadonlySet<number>): number {
  let index = 0;
  while (taken.has(index)) index++;
  return index;
}

/** Indexes as ranges: `0,2-4`. */
function indexText(indexes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([first, last]) =>
      first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(",");
}

function removePod(context: ControllerContext, job: ApiObject, pod: ApiObject): void {
  context.client.delete("v1", "Pod", pod.metadata.namespace, pod.metadata.name);
  const present = context.client.get("v1", "Pod", pod.metadata.namespace, pod.metadata.name);
  if (present !== undefined) untrack(context, present);
  context.events.record(job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`, COMPONENT);
}

function setCounts(status: Fields, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (value === 0) delete status[name];
    else status[name] = value;
  }
}

function setSuspended(status: Fields, isSuspended: boolean, time: string): void {
  const conditions = itemsAt(status, "conditions");
  const present = conditions.find((condition) => condition["type"] === "Suspended");
  if (!isSuspended && present === undefined) return;
  const value = isSuspended ? "True" : "False";
  if (present?.["status"] === value) return;
  const condition = {
    type: "Suspended",
    status: value,
    lastProbeTime: time,
    lastTransitionTime: time,
    reason: isSuspended ? "JobSuspended" : "JobResumed",
    message: isSuspended ? "Job suspended" : "Job resumed",
  };
  status["conditions"] = [...conditions.filter((other) => other !== present), condition];
  if (isSuspended) delete status["startTime"];
}

function endJob(status: Fields, verdict: Verdict, time: string): void {
  const first = verdict.type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
  const { reason, message } = verdict;
  const conditions = itemsAt(status, "conditions");
  for (const type of [first, verdict.type])
    conditions.push({ type, status: "True", lastProbeTime: time, lastTransitionTime: time, reason, message });
  status["conditions"] = conditions;
  if (verdict.type === "Complete") status["completionTime"] = time;
}

/** Deletes an ended Job after the time that it asked for. */
function collectEnded(context: ControllerContext, queue: ReconcileQueue, job: ApiObject): void {
  const seconds = numberAt(job, "spec", "ttlSecondsAfterFinished");
  if (seconds === undefined) return;
  const ended = conditionOf(job, "Complete") ?? conditionOf(job, "Failed");
  const wait = Date.parse(textAt(ended, "lastTransitionTime")) + seconds * 1000 - context.client.now().getTime();
  const { namespace, name, uid } = job.metadata;
  if (wait > 0) queue.addAfter(wait, namespace, name);
  else
    context.client.delete("batch/v1", "Job", namespace, name, {
      propagationPolicy: "Foreground",
      preconditions: { uid },
    });
}
