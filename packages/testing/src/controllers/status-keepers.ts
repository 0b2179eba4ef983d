/**
 * Controllers that keep a status or a sum: of PodDisruptionBudgets, of ResourceQuotas, of aggregated ClusterRoles.
 */
import { controllerOf, formatApiVersion, formatTime, Quantity } from "bowline/core";
import { podResources } from "../admission/limit-ranger.ts";
import { serviceUsage } from "../admission/resource-quota.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { at, type Fields, fieldsAt, isSemanticallyEqual, itemsAt, stringMapAt } from "../strategies/json-access.ts";
import { selectorMatches } from "../strategies/validation/metadata-validation.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  count,
  isAbout,
  isActivePod,
  isDeleting,
  isFinishedPod,
  isReadyPod,
  shareOf,
  writeStatus,
} from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

/** How many Pods a budget lets go now. */
export function disruptionController(context: ControllerContext): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(
    client,
    (namespace, name) => reconcileBudget(context, namespace, name),
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "policy", "PodDisruptionBudget")) queue.add(object.metadata.namespace, object.metadata.name);
      if (!isAbout(event, "", "Pod")) return;
      for (const budget of client.list("policy/v1", "PodDisruptionBudget", object.metadata.namespace)) {
        if (selectorMatches(fieldsAt(budget, "spec", "selector"), stringMapAt(object, "metadata", "labels"))) {
          queue.add(budget.metadata.namespace, budget.metadata.name);
        }
      }
    },
    stop: () => queue.stop(),
  };
}

function reconcileBudget(context: ControllerContext, namespace: string, name: string): void {
  const { client } = context;
  const budget = client.get("policy/v1", "PodDisruptionBudget", namespace, name);
  if (budget === undefined || isDeleting(budget)) return;
  const pods = client
    .list("v1", "Pod", namespace)
    .filter(
      (pod) =>
        isActivePod(pod) &&
        selectorMatches(fieldsAt(budget, "spec", "selector"), stringMapAt(pod, "metadata", "labels")),
    );
  const healthy = pods.filter((pod) => isReadyPod(pod)).length;
  const least = at(budget, "spec", "minAvailable");
  const most = at(budget, "spec", "maxUnavailable");
  let expected = pods.length;
  if (most !== undefined || typeof least === "string") expected = expectedPods(context, pods);
  const desired =
    most === undefined ? shareOf(least, expected, "up") : Math.max(0, expected - shareOf(most, expected, "up"));
  const allowed = expected <= 0 || healthy - desired <= 0 ? 0 : healthy - desired;
  const isSufficient = allowed > 0;
  const old = conditionOf(budget, "DisruptionAllowed");
  const value = isSufficient ? "True" : "False";
  const condition = {
    type: "DisruptionAllowed",
    status: value,
    observedGeneration: budget.metadata.generation,
    lastTransitionTime: old?.["status"] === value ? old["lastTransitionTime"] : formatTime(client.now()),
    reason: isSufficient ? "SufficientPods" : "InsufficientPods",
    message: "",
  };
  writeStatus(context, budget, {
    observedGeneration: budget.metadata.generation,
    ...(at(budget, "status", "disruptedPods") === undefined
      ? {}
      : { disruptedPods: at(budget, "status", "disruptedPods") }),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: [condition],
  });
}

/** The sum of what the Pods' controllers are asked for. */
function expectedPods(context: ControllerContext, pods: readonly ApiObject[]): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    let owner = controllerOf(pod);
    let found =
      owner === undefined
        ? undefined
        : context.client.get(owner.apiVersion, owner.kind, pod.metadata.namespace, owner.name);
    const above = found === undefined ? undefined : controllerOf(found);
    if (above?.kind === "Deployment") {
      owner = above;
      found = context.client.get("apps/v1", "Deployment", pod.metadata.namespace, above.name);
    }
    if (found !== undefined) scales.set(found.metadata.uid ?? "", count(found, "spec", "replicas"));
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

const COUNTED = ["ConfigMap", "Secret", "Service", "PersistentVolumeClaim", "ReplicationController", "ResourceQuota"];

/** What a quota's namespace uses. */
export function resourceQuotaController(context: ControllerContext): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(
    client,
    (namespace, name) => reconcileQuota(context, namespace, name),
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "", "ResourceQuota")) queue.add(object.metadata.namespace, object.metadata.name);
      else if (
        object.metadata.namespace !== undefined &&
        (event.type === "DELETED" || (isAbout(event, "", "Pod") && isFinishedPod(object)))
      ) {
        for (const quota of client.list("v1", "ResourceQuota", object.metadata.namespace))
          queue.add(quota.metadata.namespace, quota.metadata.name);
      }
    },
    stop: () => queue.stop(),
  };
}

function reconcileQuota(context: ControllerContext, namespace: string, name: string): void {
  const { client } = context;
  const quota = client.get("v1", "ResourceQuota", namespace, name);
  if (quota === undefined || isDeleting(quota)) return;
  const hard = fieldsAt(quota, "spec", "hard") ?? {};
  const used: Fields = {};
  for (const resource of Object.keys(hard)) used[resource] = usageOf(context, namespace, resource);
  writeStatus(context, quota, { hard: structuredClone(hard), used });
}

function usageOf(context: ControllerContext, namespace: string, resource: string): string {
  const { client } = context;
  const pods = client.list("v1", "Pod", namespace).filter((pod) => !isFinishedPod(pod));
  if (resource === "pods") return String(pods.length);
  const counted = /^count\/([^.]+)(?:\.(.+))?$/.exec(resource);
  if (counted !== null) {
    const found = client.resources().find((item) => item.plural === counted[1] && item.group === (counted[2] ?? ""));
    if (found === undefined) return "0";
    const apiVersion = formatApiVersion(found);
    return String(client.list(apiVersion, found.kind, namespace).length);
  }
  const kind = COUNTED.find((item) => client.resource("v1", item)?.plural === resource);
  if (kind !== undefined) return String(client.list("v1", kind, namespace).length);
  if (resource.startsWith("services."))
    return sum(client.list("v1", "Service", namespace).map((service) => serviceUsage(service)[resource]));
  const side = resource.startsWith("limits.") ? "limits" : "requests";
  const bare = resource.replace(/^(requests|limits)\./, "");
  if (bare === "storage") {
    const sizes = client
      .list("v1", "PersistentVolumeClaim", namespace)
      .map((claim) => fieldsAt(claim, "spec", "resources", "requests")?.["storage"]);
    return sum(sizes);
  }
  return sum(pods.map((pod) => podResources(pod, side)[bare]));
}

function sum(values: readonly unknown[]): string {
  let total = Quantity.parse("0");
  for (const value of values) {
    if (value instanceof Quantity || typeof value === "string" || typeof value === "number") total = total.add(value);
  }
  return total.toString();
}

/** ClusterRoles that are the sum of others, picked by label: `admin`, `edit`, `view`. */
export function clusterRoleAggregationController(context: ControllerContext): Controller {
  const { client } = context;
  const group = "rbac.authorization.k8s.io";
  const queue = new ReconcileQueue(
    client,
    (_, name) => {
      const role = client.get(`${group}/v1`, "ClusterRole", undefined, name);
      const selectors = itemsAt(role, "aggregationRule", "clusterRoleSelectors");
      if (role === undefined || selectors.length === 0) return;
      const rules: Fields[] = [];
      for (const other of client.list(`${group}/v1`, "ClusterRole")) {
        if (
          other.metadata.name === name ||
          !selectors.some((selector) => selectorMatches(selector, stringMapAt(other, "metadata", "labels")))
        )
          continue;
        for (const rule of itemsAt(other, "rules"))
          if (!rules.some((known) => isSemanticallyEqual(known, rule))) rules.push(rule);
      }
      if (!isSemanticallyEqual(role["rules"], rules))
        client.update({ ...role, rules }, { fieldManager: "clusterrole-aggregation-controller" });
    },
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      if (!isAbout(event, group, "ClusterRole")) return;
      for (const role of client.list(`${group}/v1`, "ClusterRole")) {
        if (itemsAt(role, "aggregationRule", "clusterRoleSelectors").length > 0)
          queue.add(undefined, role.metadata.name);
      }
    },
    stop: () => queue.stop(),
  };
}
