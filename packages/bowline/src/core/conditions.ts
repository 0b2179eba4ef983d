/**
 * Conditions in an object's status: found, asked, set.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/api/meta#SetStatusCondition
 */
import type { Condition } from "../kinds/meta/v1.ts";
import { formatTime } from "./timestamp.ts";

/** An object that may have conditions, of whatever type. */
export interface HasConditions<C = { readonly type?: string | undefined; readonly status?: string | undefined }> {
  readonly status?: { readonly conditions?: readonly C[] | null | undefined } | undefined;
}

/** A condition to set: the time is filled in. */
export type NewCondition = Omit<Condition, "lastTransitionTime"> & { lastTransitionTime?: string | undefined };

/** The condition of `type`, if the object has it. */
export function findCondition<C extends { readonly type?: string | undefined }>(
  object: HasConditions<C>,
  type: string,
): C | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the object has the condition, and it is `True`. */
export function isConditionTrue(object: HasConditions, type: string): boolean {
  return findCondition(object, type)?.status === "True";
}

/**
 * Sets a condition in place and says whether that changed anything. `lastTransitionTime` moves only when `status` does,
 * or to the time given in the condition.
 */
export function setCondition(conditions: Condition[], condition: NewCondition, now: Date = new Date()): boolean {
  const lastTransitionTime = condition.lastTransitionTime ?? formatTime(now);
  const existing = conditions.find(({ type }) => type === condition.type);
  if (existing === undefined) {
    conditions.push({ ...condition, lastTransitionTime });
    return true;
  }
  const hasTransition = existing.status !== condition.status;
  const { reason, message, observedGeneration } = condition;
  const isSame =
    !hasTransition &&
    existing.reason === reason &&
    existing.message === message &&
    (existing.observedGeneration ?? 0) === (observedGeneration ?? 0);
  if (isSame) return false;
  if (hasTransition) existing.lastTransitionTime = lastTransitionTime;
  Object.assign(existing, { status: condition.status, reason, message });
  if (observedGeneration === undefined) delete existing.observedGeneration;
  else existing.observedGeneration = observedGeneration;
  return true;
}

/** Removes the condition of `type` in place and says whether it was there. */
export function removeCondition(conditions: { readonly type?: string | undefined }[], type: string): boolean {
  const kept = conditions.filter((condition) => condition.type !== type);
  const isRemoved = kept.length !== conditions.length;
  conditions.splice(0, conditions.length, ...kept);
  return isRemoved;
}
