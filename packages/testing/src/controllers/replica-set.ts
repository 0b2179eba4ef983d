/**
 * ReplicaSets and ReplicationControllers: as many Pods as are asked for.
 */
import { controllerOf, formatTime } from "bowline/core";
import type { ServerEvent } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { type Fields, fieldsAt, itemsAt, numberAt, stringMapAt, textAt } from "../strategies/json-access.ts";
import { selectorMatches } from "../strategies/validation/metadata-validation.ts";
import {
  availableIn,
  type Controller,
  type ControllerContext,
  controllerReference,
  count,
  isAbout,
  isActivePod,
  isDeleting,
  isFinishedPod,
  isReadyPod,
  ownedBy,
  podFromTemplate,
  writeStatus,
} from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

interface Kind {
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  readonly component: string;
}
const REPLICA_SET: Kind = {
  apiVersion: "apps/v1",
  group: "apps",
  kind: "ReplicaSet",
  component: "replicaset-controller",
};
const REPLICATION_CONTROLLER: Kind = {
  apiVersion: "v1",
  group: "",
  kind: "ReplicationController",
  component: "replication-controller",
};

export function replicaSetController(context: ControllerContext): Controller {
  return new ReplicaController(context, REPLICA_SET);
}
export function replicationController(context: ControllerContext): Controller {
  return new ReplicaController(context, REPLICATION_CONTROLLER);
}

class ReplicaController implements Controller {
  readonly #context: ControllerContext;
  readonly #kind: Kind;
  readonly #queue: ReconcileQueue;

  constructor(context: ControllerContext, kind: Kind) {
    this.#context = context;
    this.#kind = kind;
    this.#queue = new ReconcileQueue(
      context.client,
      (namespace, name) => this.#reconcile(namespace, name),
      context.onError,
    );
  }

  onEvent(event: ServerEvent): void {
    const { object } = event;
    if (isAbout(event, this.#kind.group, this.#kind.kind))
      this.#queue.add(object.metadata.namespace, object.metadata.name);
    if (!isAbout(event, "", "Pod")) return;
    const owner = controllerOf(object);
    if (owner?.kind === this.#kind.kind) this.#queue.add(object.metadata.namespace, owner.name);
    else if (owner === undefined && event.type !== "DELETED") this.#queueAdopters(object);
  }

  stop(): void {
    this.#queue.stop();
  }

  #queueAdopters(pod: ApiObject): void {
    for (const set of this.#context.client.list(this.#kind.apiVersion, this.#kind.kind, pod.metadata.namespace)) {
      if (this.#selects(set, pod)) this.#queue.add(set.metadata.namespace, set.metadata.name);
    }
  }

  #selects(set: ApiObject, pod: ApiObject): boolean {
    const selector = fieldsAt(set, "spec", "selector");
    return selectorMatches(
      this.#kind === REPLICA_SET ? selector : { matchLabels: selector },
      stringMapAt(pod, "metadata", "labels"),
    );
  }

  #reconcile(namespace: string, name: string): void {
    const { client } = this.#context;
    const set = client.get(this.#kind.apiVersion, this.#kind.kind, namespace, name);
    if (set === undefined) return;
    if (!isDeleting(set)) this.#adopt(set);
    const owned = ownedBy(client, "v1", "Pod", set);
    const active = owned.filter(isActivePod);
    let failure: Fields | undefined;
    if (!isDeleting(set)) {
      try {
        this.#scale(set, active);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        const isTerminating = error.message.includes("because it is being terminated");
        if (!isTerminating) {
          failure = {
            type: "ReplicaFailure",
            status: "True",
            lastTransitionTime: formatTime(client.now()),
            reason: "FailedCreate",
            message: error.message,
          };
          this.#context.events.record(
            set,
            "Warning",
            "FailedCreate",
            `Error creating: ${error.message}`,
            this.#kind.component,
          );
          this.#queue.addAfter(100, namespace, name);
        }
      }
    }
    const present = client.get(this.#kind.apiVersion, this.#kind.kind, namespace, name);
    if (present !== undefined) this.#writeStatus(present, ownedBy(client, "v1", "Pod", present), failure);
  }

  #adopt(set: ApiObject): void {
    const { client } = this.#context;
    for (const pod of client.list("v1", "Pod", set.metadata.namespace)) {
      if (controllerOf(pod) !== undefined || !isActivePod(pod) || !this.#selects(set, pod)) continue;
      const ownerReferences = [...itemsAt(pod, "metadata", "ownerReferences"), controllerReference(set)];
      client.patch("v1", "Pod", pod.metadata.namespace, pod.metadata.name, { metadata: { ownerReferences } });
    }
  }

  #scale(set: ApiObject, active: readonly ApiObject[]): void {
    const { client, events } = this.#context;
    const wanted = numberAt(set, "spec", "replicas") ?? 0;
    const template = fieldsAt(set, "spec", "template");
    for (let missing = wanted - active.length; missing > 0; missing--) {
      const pod = client.create(podFromTemplate(set, template, { generateName: `${set.metadata.name}-` }));
      events.record(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`, this.#kind.component);
    }
    for (const pod of surplus(active, active.length - wanted)) {
      client.delete("v1", "Pod", pod.metadata.namespace, pod.metadata.name, {
        preconditions: { uid: pod.metadata.uid },
      });
      events.record(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`, this.#kind.component);
    }
  }

  #writeStatus(set: ApiObject, owned: readonly ApiObject[], failure: Fields | undefined): void {
    const now = this.#context.client.now();
    const minReady = count(set, "spec", "minReadySeconds");
    const pods = owned.filter(isActivePod);
    const labels = Object.entries(stringMapAt(set, "spec", "template", "metadata", "labels"));
    const waits = pods.map((pod) => availableIn(pod, minReady, now));
    const available = waits.filter((wait) => wait === 0).length;
    const next = Math.min(...waits.filter((wait): wait is number => wait !== undefined && wait > 0));
    if (Number.isFinite(next)) this.#queue.addAfter(next, set.metadata.namespace, set.metadata.name);
    const terminating = owned.filter((pod) => isDeleting(pod) && !isFinishedPod(pod)).length;
    const conditions = [
      ...itemsAt(set, "status", "conditions").filter((condition) => condition["type"] !== "ReplicaFailure"),
      ...(failure === undefined ? [] : [failure]),
    ];
    const ready = pods.filter(isReadyPod).length;
    const full = pods.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)).length;
    const status: Fields = {
      replicas: pods.length,
      ...(full > 0 ? { fullyLabeledReplicas: full } : {}),
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      ...(available > 0 ? { availableReplicas: available } : {}),
      ...(this.#kind === REPLICA_SET ? { terminatingReplicas: terminating } : {}),
      observedGeneration: set.metadata.generation,
      ...(conditions.length > 0 ? { conditions } : {}),
    };
    const before = conditionTimes(set);
    for (const condition of conditions) {
      const old = before.get(textAt(condition, "type"));
      if (old !== undefined && old["message"] === condition["message"])
        condition["lastTransitionTime"] = old["lastTransitionTime"];
    }
    writeStatus(this.#context, set, status);
  }
}

function conditionTimes(set: ApiObject): Map<string, Fields> {
  return new Map(itemsAt(set, "status", "conditions").map((condition) => [textAt(condition, "type"), condition]));
}

/** The Pods to give up first: those on no node, not running, not ready, and of those the youngest. */
export function surplus(pods: readonly ApiObject[], excess: number): ApiObject[] {
  if (excess <= 0) return [];
  const rank = (pod: ApiObject) => [
    textAt(pod, "spec", "nodeName") === "" ? 0 : 1,
    ["Pending", "Unknown", "Running"].indexOf(textAt(pod, "status", "phase")),
    isReadyPod(pod) ? 1 : 0,
  ];
  const sorted = [...pods].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    for (const [index, value] of left.entries()) if (value !== right[index]) return value - (right[index] ?? 0);
    const [ageA, ageB] = [textAt(a, "metadata", "creationTimestamp"), textAt(b, "metadata", "creationTimestamp")];
    return ageA === ageB ? (a.metadata.name < b.metadata.name ? -1 : 1) : ageA > ageB ? -1 : 1;
  });
  return sorted.slice(0, excess);
}
