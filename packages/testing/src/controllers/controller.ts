/**
 * What controllers are given, and what they have in common: owned objects, conditions, pods that count.
 */
import { controllerOf, ownerReference } from "bowline/core";
import type { OwnerReference } from "bowline/kinds/meta/v1";
import type { ServerClient, ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  type Fields,
  fieldsAt,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  textAt,
} from "../strategies/json-access.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** The surroundings of a controller. */
export interface ControllerContext {
  readonly client: ServerClient;
  readonly events: EventRecorder;
  readonly onError: (error: unknown) => void;
}

/** A controller: it sees every change, in order, and every object that was there before. */
export interface Controller {
  onEvent(event: ServerEvent): void;
  stop(): void;
}

/** Whether an event is about a kind of a group. */
export function isAbout(event: ServerEvent, group: string, kind: string): boolean {
  return event.resource.group === group && event.resource.kind === kind;
}

/** Objects of a kind that `owner` manages. */
export function ownedBy(client: ServerClient, apiVersion: string, kind: string, owner: ApiObject): ApiObject[] {
  return client
    .list(apiVersion, kind, owner.metadata.namespace)
    .filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
}

/** An owner reference that says `owner` manages the object. */
export function controllerReference({ apiVersion, kind, metadata: { name, uid = "" } }: ApiObject): OwnerReference {
  return ownerReference({ apiVersion, kind, metadata: { name, uid } }, { controller: true });
}

export function isDeleting(object: ApiObject): boolean {
  return object.metadata["deletionTimestamp"] !== undefined;
}

export function conditionOf(object: Fields | undefined, type: string): Fields | undefined {
  return itemsAt(object, "status", "conditions").find((condition) => condition["type"] === type);
}

/** Whether a Pod has not come to its end and is not going away. */
export function isActivePod(pod: ApiObject): boolean {
  return !isFinishedPod(pod) && !isDeleting(pod);
}

export function isFinishedPod(pod: Fields): boolean {
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
}

export function isReadyPod(pod: Fields): boolean {
  return conditionOf(pod, "Ready")?.["status"] === "True";
}

/** How long until a ready Pod counts as available: 0 when it does, undefined where it is not ready. */
export function availableIn(pod: Fields, minReadySeconds: number, now: Date): number | undefined {
  if (!isReadyPod(pod)) return undefined;
  const since = Date.parse(textAt(conditionOf(pod, "Ready"), "lastTransitionTime"));
  if (minReadySeconds === 0 || Number.isNaN(since)) return 0;
  return Math.max(0, since + minReadySeconds * 1000 - now.getTime());
}

/** Writes a status where it changes; says whether it did. */
export function writeStatus(context: ControllerContext, object: ApiObject, status: Fields): boolean {
  if (isSemanticallyEqual(status, object["status"])) return false;
  context.client.update({ ...object, status }, { subresource: "status" });
  return true;
}

export function count(object: Fields | undefined, ...path: string[]): number {
  return numberAt(object, ...path) ?? 0;
}

/** An int-or-percent of a total, rounded up or down. */
export function shareOf(value: unknown, total: number, rounding: "up" | "down"): number {
  if (typeof value === "number") return value;
  const percent = typeof value === "string" && value.endsWith("%") ? Number(value.slice(0, -1)) : 0;
  const exact = (percent * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** The metadata of a Pod made from a template. */
export function podFromTemplate(
  owner: ApiObject,
  template: Fields | undefined,
  metadata: Fields,
): Fields & { apiVersion: string; kind: string } {
  const own = fieldsAt(template, "metadata") ?? {};
  const out: Fields = {
    namespace: owner.metadata.namespace,
    ...metadata,
    ownerReferences: [controllerReference(owner)],
  };
  for (const member of ["labels", "annotations"]) {
    const merged = { ...(at(own, member) as Fields | undefined), ...(metadata[member] as Fields | undefined) };
    if (Object.keys(merged).length > 0) out[member] = merged;
  }
  const finalizers = [
    ...((at(own, "finalizers") as string[] | undefined) ?? []),
    ...((metadata["finalizers"] as string[] | undefined) ?? []),
  ];
  if (finalizers.length > 0) out["finalizers"] = finalizers;
  return { apiVersion: "v1", kind: "Pod", metadata: out, spec: structuredClone(fieldsAt(template, "spec") ?? {}) };
}
