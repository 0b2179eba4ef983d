/**
 * When a Job ends before all its Pods have succeeded: by the policies of its spec.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
import type { ApiObject } from "../registry/strategy.ts";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "../strategies/json-access.ts";

const INDEX = "batch.kubernetes.io/job-completion-index";
const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

/** What a Job's failure policy makes of a failed Pod, and why. */
export interface FailureVerdict {
  readonly action: string;
  readonly message: string;
}

/** The first rule of the failure policy that a failed Pod matches. */
export function failureVerdict(job: ApiObject, pod: ApiObject): FailureVerdict | undefined {
  if (textAt(pod, "status", "phase") !== "Failed") return undefined;
  const { namespace = "", name } = pod.metadata;
  for (const [index, rule] of itemsAt(job, "spec", "podFailurePolicy", "rules").entries()) {
    const action = textAt(rule, "action");
    const end = `matching ${action} rule at index ${index}`;
    const container = failedContainer(fieldsAt(rule, "onExitCodes"), pod);
    if (container !== undefined) {
      const what = `Container ${textAt(container, "name")} for pod ${namespace}/${name}`;
      const code = numberAt(container, "state", "terminated", "exitCode");
      return { action, message: `${what} failed with exit code ${code} ${end}` };
    }
    const condition = itemsAt(rule, "onPodConditions").find((wanted) =>
      itemsAt(pod, "status", "conditions").some(
        (present) => present["type"] === wanted["type"] && present["status"] === (textAt(wanted, "status") || "True"),
      ),
    );
    if (condition !== undefined)
      return { action, message: `Pod ${namespace}/${name} has condition ${textAt(condition, "type")} ${end}` };
  }
  return undefined;
}

function failedContainer(requirement: Fields | undefined, pod: ApiObject): Fields | undefined {
  if (requirement === undefined) return undefined;
  const name = textAt(requirement, "containerName");
  const values = at(requirement, "values");
  const all = [...itemsAt(pod, "status", "containerStatuses"), ...itemsAt(pod, "status", "initContainerStatuses")];
  return all.find((container) => {
    const code = numberAt(container, "state", "terminated", "exitCode") ?? 0;
    if (code === 0 || (name !== "" && container["name"] !== name)) return false;
    const isListed = Array.isArray(values) && values.includes(code);
    return isListed === (textAt(requirement, "operator") === "In");
  });
}

/** Whether each index of the Job has a number of failures of its own. */
export function countsPerIndex(job: ApiObject): boolean {
  return numberAt(job, "spec", "backoffLimitPerIndex") !== undefined;
}

/** Indexes that have failed too often, lowest first. */
export function failedIndexes(job: ApiObject, pods: readonly ApiObject[]): readonly number[] {
  const limit = numberAt(job, "spec", "backoffLimitPerIndex");
  if (limit === undefined) return [];
  const failed = pods.filter(
    (pod) =>
      textAt(pod, "status", "phase") === "Failed" &&
      (failuresBefore(pod) + 1 > limit || failureVerdict(job, pod)?.action === "FailIndex"),
  );
  const indexes = failed.map((pod) => Number(pod.metadata.annotations?.[INDEX] ?? -1));
  return [...new Set(indexes)].filter((index) => index >= 0).sort((a, b) => a - b);
}

/** How often an index has failed. */
export function failuresOf(index: number, pods: readonly ApiObject[]): number {
  const failed = pods.filter(
    (pod) => textAt(pod, "status", "phase") === "Failed" && Number(pod.metadata.annotations?.[INDEX]) === index,
  );
  return Math.max(0, ...failed.map((pod) => failuresBefore(pod) + 1));
}

function failuresBefore(pod: ApiObject): number {
  return Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0);
}

/** The place of the success policy's rule that these indexes fulfil. */
export function successRule(job: ApiObject, succeeded: readonly number[]): number | undefined {
  const index = itemsAt(job, "spec", "successPolicy", "rules").findIndex((rule) => {
    const least = numberAt(rule, "succeededCount");
    const text = textAt(rule, "succeededIndexes");
    const wanted = text === "" ? undefined : indexesIn(text);
    const counted = wanted === undefined ? succeeded.length : wanted.filter((item) => succeeded.includes(item)).length;
    return counted >= (least ?? wanted?.length ?? Number.POSITIVE_INFINITY);
  });
  return index < 0 ? undefined : index;
}

/** `0,2-4` */
function indexesIn(text: string): readonly number[] {
  return text.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}
