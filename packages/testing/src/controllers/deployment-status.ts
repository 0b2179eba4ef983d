/**
 * The status of a Deployment: sums over its ReplicaSets, and whether it is available and moving.
 */

import { formatTime } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  type Fields,
  fieldsAt,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
} from "../strategies/json-access.ts";
import { type ControllerContext, conditionOf, count, shareOf } from "./controller.ts";

/** Writes sums and availability, as for a paused or scaled Deployment. */
export function writeDeploymentStatus(
  context: ControllerContext,
  deployment: ApiObject,
  sets: readonly ApiObject[],
  current: ApiObject | undefined,
): void {
  write(context, deployment, calculate(deployment, sets, current, context.client.now()));
}

/** Says in the status that a Deployment was paused or goes on; gives it as it is then. */
export function writePause(context: ControllerContext, deployment: ApiObject): ApiObject {
  const progress = conditionOf(deployment, "Progressing");
  const reason = progress?.["reason"];
  if (!hasProgressDeadline(deployment) || reason === "ProgressDeadlineExceeded") return deployment;
  const isPaused = isTrueAt(deployment, "spec", "paused");
  if (isPaused === (reason === "DeploymentPaused")) return deployment;
  const status: Fields = clone(fieldsAt(deployment, "status") ?? {});
  const [next, text] = isPaused ? ["DeploymentPaused", "paused"] : ["DeploymentResumed", "resumed"];
  setCondition(status, context.client.now(), "Progressing", "Unknown", next, `Deployment is ${text}`);
  return context.client.update({ ...deployment, status }, { subresource: "status" });
}

/** Writes sums, availability and progress. */
export function rolloutStatus(
  context: ControllerContext,
  deployment: ApiObject,
  sets: readonly ApiObject[],
  current: ApiObject | undefined,
): void {
  const now = context.client.now();
  const status = calculate(deployment, sets, current, now);
  const progress = conditionOf(deployment, "Progressing");
  const hasDeadline = hasProgressDeadline(deployment);
  if (!hasDeadline) removeCondition(status, "Progressing");
  const isSettled =
    count(status, "replicas") === count(status, "updatedReplicas") && progress?.["reason"] === "NewReplicaSetAvailable";
  if (hasDeadline && !isSettled) {
    const what =
      current === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${current.metadata.name}"`;
    if (isComplete(deployment, status)) {
      setCondition(
        status,
        now,
        "Progressing",
        "True",
        "NewReplicaSetAvailable",
        `${what} has successfully progressed.`,
      );
    } else if (isProgressing(deployment, status) || progress === undefined) {
      const message = `${what} is progressing.`;
      if (progress?.["status"] === "True") removeCondition(status, "Progressing");
      setCondition(
        status,
        now,
        "Progressing",
        "True",
        "ReplicaSetUpdated",
        message,
        progress?.["status"] === "True" ? progress : undefined,
      );
    } else if ((progressTimeout(deployment, now) ?? 1) <= 0) {
      setCondition(
        status,
        now,
        "Progressing",
        "False",
        "ProgressDeadlineExceeded",
        `${what} has timed out progressing.`,
      );
    }
  }
  const failure = [...(current === undefined ? [] : [current]), ...sets]
    .map((set) => conditionOf(set, "ReplicaFailure"))
    .find((c) => c !== undefined);
  if (failure === undefined) removeCondition(status, "ReplicaFailure");
  else setCondition(status, now, "ReplicaFailure", "True", textAt(failure, "reason"), textAt(failure, "message"));
  write(context, deployment, status);
}

/** Milliseconds until the progress deadline; undefined where none is running. */
export function progressTimeout(deployment: ApiObject, now: Date): number | undefined {
  const progress = conditionOf(deployment, "Progressing");
  if (!hasProgressDeadline(deployment) || progress === undefined) return undefined;
  if (
    ["NewReplicaSetAvailable", "ProgressDeadlineExceeded"].includes(textAt(progress, "reason")) ||
    progress["status"] !== "True"
  )
    return undefined;
  const since = Date.parse(textAt(progress, "lastUpdateTime"));
  return since + count(deployment, "spec", "progressDeadlineSeconds") * 1000 - now.getTime();
}

function hasProgressDeadline(deployment: ApiObject): boolean {
  const deadline = numberAt(deployment, "spec", "progressDeadlineSeconds");
  return deadline !== undefined && deadline !== 2147483647;
}

function calculate(
  deployment: ApiObject,
  sets: readonly ApiObject[],
  current: ApiObject | undefined,
  now: Date,
): Fields {
  const sum = (name: string) => sets.reduce((total, set) => total + count(set, "status", name), 0);
  const wanted = sets.reduce((total, set) => total + count(set, "spec", "replicas"), 0);
  const available = sum("availableReplicas");
  const collisions = numberAt(deployment, "status", "collisionCount");
  const counts: Fields = {
    replicas: sum("replicas"),
    updatedReplicas: count(current, "status", "replicas"),
    readyReplicas: sum("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  const status: Fields = {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)),
    terminatingReplicas: sum("terminatingReplicas"),
    conditions: clone(itemsAt(deployment, "status", "conditions")),
    ...(collisions === undefined ? {} : { collisionCount: collisions }),
  };
  const replicas = count(deployment, "spec", "replicas");
  if (available >= replicas - maxUnavailable(deployment)) {
    setCondition(status, now, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
  } else {
    setCondition(
      status,
      now,
      "Available",
      "False",
      "MinimumReplicasUnavailable",
      "Deployment does not have minimum availability.",
    );
  }
  return status;
}

function maxUnavailable(deployment: ApiObject): number {
  const replicas = count(deployment, "spec", "replicas");
  if (textAt(deployment, "spec", "strategy", "type") !== "RollingUpdate" || replicas === 0) return 0;
  const rolling = at(deployment, "spec", "strategy", "rollingUpdate");
  const surge = shareOf(at(rolling, "maxSurge"), replicas, "up");
  const share = shareOf(at(rolling, "maxUnavailable"), replicas, "down");
  return Math.min(replicas, share === 0 && surge === 0 ? 1 : share);
}

function isComplete(deployment: ApiObject, status: Fields): boolean {
  const replicas = count(deployment, "spec", "replicas");
  return ["updatedReplicas", "replicas", "availableReplicas"].every((name) => count(status, name) === replicas);
}

function isProgressing(deployment: ApiObject, status: Fields): boolean {
  const before = at(deployment, "status") as Fields | undefined;
  const old = (of: Fields | undefined) => count(of, "replicas") - count(of, "updatedReplicas");
  return (
    count(status, "updatedReplicas") > count(before, "updatedReplicas") ||
    old(status) < old(before) ||
    count(status, "readyReplicas") > count(before, "readyReplicas") ||
    count(status, "availableReplicas") > count(before, "availableReplicas")
  );
}

function removeCondition(status: Fields, type: string): void {
  status["conditions"] = itemsAt(status, "conditions").filter((condition) => condition["type"] !== type);
}

/** Leaves a condition of the same status and reason as it is. */
function setCondition(
  status: Fields,
  now: Date,
  type: string,
  value: string,
  reason: string,
  message: string,
  since?: Fields,
): void {
  const conditions = itemsAt(status, "conditions");
  const present = conditions.find((condition) => condition["type"] === type);
  if (present !== undefined && present["status"] === value && present["reason"] === reason) return;
  const time = formatTime(now);
  const transition =
    since?.["lastTransitionTime"] ?? (present?.["status"] === value ? present["lastTransitionTime"] : time);
  const condition = { type, status: value, lastUpdateTime: time, lastTransitionTime: transition, reason, message };
  status["conditions"] = [...conditions.filter((other) => other["type"] !== type), condition];
}

function write(context: ControllerContext, deployment: ApiObject, status: Fields): void {
  if (isSemanticallyEqual(status, deployment["status"])) return;
  context.client.update({ ...deployment, status }, { subresource: "status" });
}
