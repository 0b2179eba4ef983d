/**
 * Checks of a Job's status: that it fits together, and that a Job which has ended stays so.
 *
 * What was wrong before and has not changed is let pass.
 */
import {
  at,
  type Fields,
  fieldsAt,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import { countIndexes } from "./job-policies.ts";

const CONDITIONS = "status.conditions";

/** A Job's end, as its conditions tell it. */
interface Outcome {
  readonly isComplete: boolean;
  readonly isFailed: boolean;
  readonly willFail: boolean;
  readonly meetsCriteria: boolean;
}

export function validateJobStatus(errors: FieldErrors, job: Fields, old: Fields): void {
  const [now, was] = [outcomeOf(job), outcomeOf(old)];
  const changed = (...members: string[]) =>
    members.some((member) => !isSemanticallyEqual(at(job, "status", member), at(old, "status", member)));
  for (const name of ["active", "succeeded", "failed", "ready", "terminating"])
    errors.notNegative(`status.${name}`, numberAt(job, "status", name));
  validateUncounted(errors, job);
  validateConditions(errors, now, was);
  validateCompletionTime(errors, job, now, now.isComplete !== was.isComplete || changed("completionTime"), changed);
  validateFailure(errors, now, was, changed("failedIndexes"));
  validateFinished(errors, job, now, isEnded(now) !== isEnded(was), changed);
  validateIndexes(errors, job, changed);
  const ready = numberAt(job, "status", "ready");
  if (changed("ready", "active") && ready !== undefined && ready > (numberAt(job, "status", "active") ?? 0))
    errors.invalid("status.ready", ready, "cannot set more ready pods than active");
  validateCriteria(errors, job, now);
  validateTransition(errors, job, old, now, was);
}

/** Pods that ended and are not in the counts yet, each once and in one list. */
function validateUncounted(errors: FieldErrors, job: Fields): void {
  const seen = new Set<string>();
  for (const member of ["succeeded", "failed"]) {
    for (const [index, uid] of textsAt(job, "status", "uncountedTerminatedPods", member).entries()) {
      const field = `status.uncountedTerminatedPods.${member}[${index}]`;
      if (uid === "") errors.invalid(field, uid, "must not be empty");
      else if (seen.has(uid)) errors.duplicate(field, uid);
      else seen.add(uid);
    }
  }
}

function outcomeOf(job: Fields): Outcome {
  const isTrue = (type: string) =>
    itemsAt(job, "status", "conditions").some((one) => one["type"] === type && one["status"] === "True");
  return {
    isComplete: isTrue("Complete"),
    isFailed: isTrue("Failed"),
    willFail: isTrue("FailureTarget"),
    meetsCriteria: isTrue("SuccessCriteriaMet"),
  };
}

function isEnded(outcome: Outcome): boolean {
  return outcome.isComplete || outcome.isFailed;
}

function refuse(errors: FieldErrors, detail: string): void {
  errors.invalid(CONDITIONS, undefined, detail);
}

function validateConditions(errors: FieldErrors, now: Outcome, was: Outcome): void {
  const hasCompleted = now.isComplete !== was.isComplete;
  if ((hasCompleted || now.isFailed !== was.isFailed) && now.isComplete && now.isFailed)
    refuse(errors, "cannot set Complete=True and Failed=true conditions");
  if ((hasCompleted || now.willFail !== was.willFail) && now.isComplete && now.willFail)
    refuse(errors, "cannot set Complete=True and FailureTarget=true conditions");
}

function validateCompletionTime(
  errors: FieldErrors,
  job: Fields,
  now: Outcome,
  isChanged: boolean,
  changed: (...members: string[]) => boolean,
): void {
  const completed = at(job, "status", "completionTime");
  const started = at(job, "status", "startTime");
  const field = "status.completionTime";
  if (isChanged && completed !== undefined && !now.isComplete)
    errors.invalid(field, completed, "cannot set completionTime when there is no Complete=True condition");
  if (isChanged && completed === undefined && now.isComplete)
    errors.required(field, "completionTime is required for Complete jobs");
  if (!changed("startTime", "completionTime") || typeof completed !== "string" || typeof started !== "string") return;
  if (Date.parse(completed) < Date.parse(started))
    errors.invalid(field, completed, "must be equal to or after `startTime`");
}

function validateFailure(errors: FieldErrors, now: Outcome, was: Outcome, hasFailedIndexes: boolean): void {
  if ((now.isFailed !== was.isFailed || hasFailedIndexes) && now.isFailed && !now.willFail)
    refuse(errors, "cannot set Failed=True condition without the FailureTarget=true condition");
  const isTold = now.isComplete !== was.isComplete || now.meetsCriteria !== was.meetsCriteria;
  if (isTold && now.isComplete && !now.meetsCriteria)
    refuse(errors, "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
}

function validateFinished(
  errors: FieldErrors,
  job: Fields,
  now: Outcome,
  hasJustEnded: boolean,
  changed: (...members: string[]) => boolean,
): void {
  if (!isEnded(now)) return;
  const active = numberAt(job, "status", "active") ?? 0;
  if ((hasJustEnded || changed("active")) && active > 0)
    errors.invalid("status.active", active, "active>0 is invalid for finished job");
  const neverRan = isTrueAt(job, "spec", "suspend") && numberAt(job, "spec", "completions") === 0;
  if ((hasJustEnded || changed("startTime")) && !neverRan && at(job, "status", "startTime") === undefined)
    errors.required("status.startTime", "startTime is required for finished job");
  const pods = fieldsAt(job, "status", "uncountedTerminatedPods");
  const count = ["failed", "succeeded"].flatMap((member) => pods?.[member] ?? []).length;
  if ((hasJustEnded || changed("uncountedTerminatedPods")) && count > 0) {
    const shown = { Succeeded: pods?.["succeeded"] ?? null, Failed: pods?.["failed"] ?? null };
    errors.invalid("status.uncountedTerminatedPods", shown, "must be empty for finished job");
  }
  const terminating = numberAt(job, "status", "terminating") ?? 0;
  if ((hasJustEnded || changed("terminating")) && terminating > 0)
    errors.invalid("status.terminating", terminating, "terminating>0 is invalid for finished job");
}

function validateIndexes(errors: FieldErrors, job: Fields, changed: (...members: string[]) => boolean): void {
  const completions = numberAt(job, "spec", "completions");
  for (const member of ["completedIndexes", "failedIndexes"]) {
    const indexes = at(job, "status", member);
    if (!changed(member) || typeof indexes !== "string") continue;
    const field = `status.${member}`;
    const isCounted = member === "completedIndexes" || at(job, "spec", "backoffLimitPerIndex") !== undefined;
    const problem = completions === undefined || !isCounted ? 0 : countIndexes(indexes, completions);
    if (typeof problem === "string") errors.invalid(field, indexes, `error parsing ${member}: ${problem}`);
    if (member === "failedIndexes" && !isCounted)
      errors.invalid(field, indexes, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    if (member === "completedIndexes" && indexes !== "" && textAt(job, "spec", "completionMode") !== "Indexed")
      errors.invalid(field, indexes, "cannot set non-empty completedIndexes when non-indexed completion mode");
  }
}

function validateCriteria(errors: FieldErrors, job: Fields, now: Outcome): void {
  if (now.meetsCriteria && now.isFailed)
    refuse(errors, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
  if (now.meetsCriteria && now.willFail)
    refuse(errors, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
  if (at(job, "spec", "successPolicy") !== undefined && !now.meetsCriteria && now.isComplete)
    refuse(errors, "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
}

function validateTransition(errors: FieldErrors, job: Fields, old: Fields, now: Outcome, was: Outcome): void {
  if (was.isFailed && !now.isFailed) refuse(errors, "cannot disable the terminal Failed=True condition");
  if (was.isComplete && !now.isComplete) refuse(errors, "cannot disable the terminal Complete=True condition");
  if (was.willFail && !now.willFail) refuse(errors, "cannot disable the terminal FailureTarget=True condition");
  const isElastic =
    textAt(job, "spec", "completionMode") === "Indexed" &&
    at(job, "spec", "completions") === at(job, "spec", "parallelism");
  for (const member of isElastic ? ["failed"] : ["failed", "succeeded"]) {
    const count = numberAt(job, "status", member) ?? 0;
    if (count < (numberAt(old, "status", member) ?? 0))
      errors.invalid(`status.${member}`, count, `cannot decrease the ${member} counter`);
  }
  const completed = at(job, "status", "completionTime");
  const before = at(old, "status", "completionTime");
  if (completed !== undefined && before !== undefined && completed !== before)
    errors.invalid("status.completionTime", completed, "field is immutable");
  const isResuming = suspension(old) === "True" && suspension(job) === "False";
  const started = at(old, "status", "startTime");
  if (!isResuming && started !== undefined && started !== at(job, "status", "startTime")) {
    if (!isTrueAt(job, "spec", "suspend")) {
      const detail = "field is immutable for unsuspended job once set";
      errors.invalid("status.startTime", at(job, "status", "startTime") ?? null, detail);
    }
  }
  if (was.meetsCriteria && !now.meetsCriteria) refuse(errors, "cannot disable the SuccessCriteriaMet=True condition");
  if (was.isComplete && !was.meetsCriteria && now.meetsCriteria)
    refuse(errors, "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
}

function suspension(job: Fields): unknown {
  return itemsAt(job, "status", "conditions").find((condition) => condition["type"] === "Suspended")?.["status"];
}
