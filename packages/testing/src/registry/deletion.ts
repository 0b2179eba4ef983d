/**
 * What a delete changes before an object goes: grace periods, the finalizers of garbage collection, the deletion's time.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
import { formatTime } from "bowline/core";
import type { ApiObject, DeletionStrategy } from "./strategy.ts";

/** The options of a delete. */
export interface DeleteRequest {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  /** Only of an object that cannot be read, which none is here. */
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: boolean | undefined;
}

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/**
 * Sets the time and grace period of a deletion on `object`, for kinds that are deleted gracefully.
 *
 * `isPending` says that an earlier delete goes on as it is, and this one changes nothing.
 */
export function prepareDeletion(
  object: ApiObject,
  strategy: DeletionStrategy | undefined,
  request: DeleteRequest,
  now: Date,
): { readonly isGraceful: boolean; readonly isPending: boolean } {
  if (strategy?.gracePeriodSeconds === undefined) return { isGraceful: false, isPending: false };
  const metadata = object.metadata;
  const asked =
    request.gracePeriodSeconds === undefined
      ? undefined
      : request.gracePeriodSeconds < 0
        ? 1
        : request.gracePeriodSeconds;
  if (metadata["deletionTimestamp"] !== undefined) {
    const granted = metadata["deletionGracePeriodSeconds"];
    if (typeof granted !== "number" || granted === 0) return { isGraceful: false, isPending: false };
    if (asked === undefined || asked >= granted) return { isGraceful: false, isPending: true };
    // Only ever shortened: the time moves back by the old period and forward by the new one, but not into the past.
    const moved = new Date(Date.parse(String(metadata["deletionTimestamp"])) + (asked - granted) * 1000);
    const isPast = moved.getTime() < now.getTime();
    metadata["deletionTimestamp"] = formatTime(isPast ? now : moved);
    metadata["deletionGracePeriodSeconds"] = isPast && asked !== 0 ? 1 : asked;
    return { isGraceful: true, isPending: false };
  }
  const grace = strategy.gracePeriodSeconds(object, asked);
  metadata["deletionTimestamp"] = formatTime(new Date(now.getTime() + grace * 1000));
  metadata["deletionGracePeriodSeconds"] = grace;
  bumpGeneration(object);
  return { isGraceful: true, isPending: false };
}

/** Puts the finalizer that the propagation policy asks for, and takes off the other. */
export function collectGarbageFinalizers(
  object: ApiObject,
  strategy: DeletionStrategy | undefined,
  request: DeleteRequest,
): void {
  const present = object.metadata.finalizers ?? [];
  const policy = propagation(present, strategy, request);
  const finalizers = present.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  if (policy === "orphan") finalizers.push(ORPHAN);
  if (policy === "foreground") finalizers.push(FOREGROUND);
  if (finalizers.length === present.length && finalizers.every((name) => present.includes(name))) return;
  if (finalizers.length === 0) delete object.metadata.finalizers;
  else object.metadata.finalizers = finalizers;
}

/** Marks an object that stays for its finalizers. `isHeld`: by its spec alone, where no grace period is written. */
export function markAsDeleting(object: ApiObject, now: Date, isHeld = false): void {
  const metadata = object.metadata;
  if (metadata["deletionTimestamp"] === undefined) {
    if (!isHeld) bumpGeneration(object);
    metadata["deletionTimestamp"] = formatTime(now);
  } else if (Date.parse(String(metadata["deletionTimestamp"])) > now.getTime()) {
    metadata["deletionTimestamp"] = formatTime(now);
  }
  if (!isHeld) metadata["deletionGracePeriodSeconds"] = 0;
}

function propagation(
  finalizers: readonly string[],
  strategy: DeletionStrategy | undefined,
  request: DeleteRequest,
): "orphan" | "foreground" | "background" {
  if (strategy?.defaultPropagation === "unsupported") return "background";
  if (request.orphanDependents !== undefined) return request.orphanDependents ? "orphan" : "background";
  switch (request.propagationPolicy) {
    case "Orphan":
      return "orphan";
    case "Foreground":
      return "foreground";
    case "Background":
      return "background";
  }
  for (const name of finalizers) {
    if (name === ORPHAN) return "orphan";
    if (name === FOREGROUND) return "foreground";
  }
  return strategy?.defaultPropagation === "orphan" ? "orphan" : "background";
}

function bumpGeneration(object: ApiObject): void {
  const { generation } = object.metadata;
  if (generation !== undefined && generation > 0) object.metadata.generation = generation + 1;
}
