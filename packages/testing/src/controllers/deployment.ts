/**
 * Deployments: a ReplicaSet for each template, scaled up and down against each other.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
import { controllerOf } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  isSemanticallyEqual,
  isTrueAt,
  numberAt,
  textAt,
} from "../strategies/json-access.ts";
import { selectorMatches } from "../strategies/validation/metadata-validation.ts";
import {
  type Controller,
  type ControllerContext,
  controllerReference,
  count,
  isAbout,
  isDeleting,
  isFinishedPod,
  ownedBy,
  shareOf,
} from "./controller.ts";
import { progressTimeout, rolloutStatus, writeDeploymentStatus, writePause } from "./deployment-status.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";
import { templateHash } from "./template-hash.ts";

const COMPONENT = "deployment-controller";
const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED = "deployment.kubernetes.io/desired-replicas";
const MAX = "deployment.kubernetes.io/max-replicas";
const HASH = "pod-template-hash";
/** Annotations that a ReplicaSet does not take from its Deployment. */
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
  "deprecated.deployment.rollback.to",
]);

export function deploymentController(context: ControllerContext): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(
    client,
    (namespace, name) => new Rollout(context, queue).reconcile(namespace, name),
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "apps", "Deployment")) queue.add(object.metadata.namespace, object.metadata.name);
      else if (isAbout(event, "apps", "ReplicaSet")) {
        const owner = controllerOf(object);
        if (owner?.kind === "Deployment") queue.add(object.metadata.namespace, owner.name);
        else if (owner === undefined && event.type !== "DELETED") {
          for (const deployment of client.list("apps/v1", "Deployment", object.metadata.namespace))
            if (selects(deployment, object)) queue.add(object.metadata.namespace, deployment.metadata.name);
        }
      } else if (isAbout(event, "", "Pod") && event.type === "DELETED") {
        const set = client.get("apps/v1", "ReplicaSet", object.metadata.namespace, controllerOf(object)?.name ?? "");
        const owner = set === undefined ? undefined : controllerOf(set);
        if (owner?.kind === "Deployment") queue.add(object.metadata.namespace, owner.name);
      }
    },
    stop: () => queue.stop(),
  };
}

/** One look at one Deployment. */
class Rollout {
  readonly #context: ControllerContext;
  readonly #queue: ReconcileQueue;
  #deployment!: ApiObject;

  constructor(context: ControllerContext, queue: ReconcileQueue) {
    this.#context = context;
    this.#queue = queue;
  }

  reconcile(namespace: string, name: string): void {
    const { client } = this.#context;
    const deployment = client.get("apps/v1", "Deployment", namespace, name);
    if (deployment === undefined) return;
    this.#deployment = deployment;
    if (isDeleting(deployment)) {
      writeDeploymentStatus(this.#context, deployment, this.#sets(), this.#current());
      return;
    }
    this.#adopt();
    const told = writePause(this.#context, deployment);
    this.#deployment = told;
    if (isTrueAt(deployment, "spec", "paused") || this.#isScaling()) this.#scaleAsIs();
    else if (textAt(deployment, "spec", "strategy", "type") === "Recreate") this.#recreate();
    else this.#roll();
    const present = client.get("apps/v1", "Deployment", namespace, name);
    const timeout = present === undefined ? undefined : progressTimeout(present, client.now());
    if (timeout !== undefined) this.#queue.addAfter(timeout, namespace, name);
  }

  /** Takes ReplicaSets that nobody manages and that its selector names. */
  #adopt(): void {
    const { client } = this.#context;
    for (const set of client.list("apps/v1", "ReplicaSet", this.#deployment.metadata.namespace)) {
      if (isDeleting(set) || controllerOf(set) !== undefined || !selects(this.#deployment, set)) continue;
      const ownerReferences = [...(set.metadata.ownerReferences ?? []), controllerReference(this.#deployment)];
      client.patch("apps/v1", "ReplicaSet", set.metadata.namespace, set.metadata.name, {
        metadata: { ownerReferences },
      });
    }
  }

  get #replicas(): number {
    return count(this.#deployment, "spec", "replicas");
  }

  /** All owned ReplicaSets, oldest first. */
  #sets(): ApiObject[] {
    const age = (set: ApiObject) =>
      `${textAt(set, "metadata", "creationTimestamp")}/${revisionOf(set).toString().padStart(10, "0")}`;
    return ownedBy(this.#context.client, "apps/v1", "ReplicaSet", this.#deployment).sort((a, b) =>
      age(a) < age(b) ? -1 : 1,
    );
  }

  /** The ReplicaSet of the present template. */
  #current(): ApiObject | undefined {
    const wanted = withoutHash(fieldsAt(this.#deployment, "spec", "template"));
    return this.#sets().find((set) => isSemanticallyEqual(withoutHash(fieldsAt(set, "spec", "template")), wanted));
  }

  #others(): ApiObject[] {
    const current = this.#current();
    return this.#sets().filter((set) => set.metadata.uid !== current?.metadata.uid);
  }

  get #surge(): number {
    if (textAt(this.#deployment, "spec", "strategy", "type") !== "RollingUpdate") return 0;
    return shareOf(at(this.#deployment, "spec", "strategy", "rollingUpdate", "maxSurge"), this.#replicas, "up");
  }

  get #maxUnavailable(): number {
    if (this.#replicas === 0) return 0;
    const share = shareOf(
      at(this.#deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable"),
      this.#replicas,
      "down",
    );
    // Both may round to nothing, and then nothing would ever move.
    return Math.min(this.#replicas, share === 0 && this.#surge === 0 ? 1 : share);
  }

  #isScaling(): boolean {
    return this.#sets().some((set) => {
      const desired = set.metadata.annotations?.[DESIRED];
      return count(set, "spec", "replicas") > 0 && desired !== undefined && desired !== String(this.#replicas);
    });
  }

  #roll(): void {
    const current = this.#ensureCurrent();
    let hasScaled = this.#scaleCurrentUp(current);
    if (!hasScaled) hasScaled = this.#scaleOthersDown();
    const set = this.#current();
    if (!hasScaled && this.#isComplete(set)) this.#cleanUp();
    rolloutStatus(this.#context, this.#fresh(), this.#sets(), set);
  }

  #recreate(): void {
    const others = this.#others().filter((set) => count(set, "spec", "replicas") > 0);
    for (const set of others) this.#scale(set, 0);
    if (others.length === 0 && !this.#hasOldPods()) {
      const current = this.#ensureCurrent();
      this.#scale(current, this.#replicas);
    }
    const set = this.#current();
    if (this.#isComplete(set)) this.#cleanUp();
    rolloutStatus(this.#context, this.#fresh(), this.#sets(), set);
  }

  #hasOldPods(): boolean {
    return this.#others().some((set) =>
      ownedBy(this.#context.client, "v1", "Pod", set).some((pod) => !isFinishedPod(pod)),
    );
  }

  #fresh(): ApiObject {
    const { namespace, name } = this.#deployment.metadata;
    return this.#context.client.get("apps/v1", "Deployment", namespace, name) ?? this.#deployment;
  }

  /** The present template's ReplicaSet, with the newest revision; made where there is none. */
  #ensureCurrent(): ApiObject {
    const { client, events } = this.#context;
    const revision = Math.max(0, ...this.#others().map(revisionOf)) + 1;
    const found = this.#current();
    if (found !== undefined) {
      const updated = this.#withAnnotations(found, revision);
      const set = isSemanticallyEqual(updated, found) ? found : client.update(updated);
      this.#setRevision(set.metadata.annotations?.[REVISION] ?? String(revision));
      return set;
    }
    const template = clone(fieldsAt(this.#deployment, "spec", "template") ?? {});
    const hash = templateHash(template, numberAt(this.#deployment, "status", "collisionCount") ?? 0);
    const labels = ensureFields(ensureFields(template, "metadata"), "labels");
    labels[HASH] = hash;
    const selector = clone(fieldsAt(this.#deployment, "spec", "selector") ?? {});
    ensureFields(selector, "matchLabels")[HASH] = hash;
    const minReadySeconds = numberAt(this.#deployment, "spec", "minReadySeconds");
    const draft: ApiObject = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${this.#deployment.metadata.name}-${hash}`,
        namespace: this.#deployment.metadata.namespace ?? "",
        labels: clone(labels) as Record<string, string>,
        annotations: {},
        ownerReferences: [controllerReference(this.#deployment)],
      },
      spec: { replicas: 0, ...(minReadySeconds === undefined ? {} : { minReadySeconds }), selector, template },
    };
    const replicas =
      textAt(this.#deployment, "spec", "strategy", "type") === "Recreate" ? this.#replicas : this.#roomFor(draft);
    ensureFields(draft, "spec")["replicas"] = replicas;
    const annotated = this.#withAnnotations(draft, revision);
    annotated.metadata.annotations = { ...annotated.metadata.annotations, ...this.#sizeAnnotations() };
    const made = client.create(annotated);
    if (replicas > 0)
      events.record(
        this.#deployment,
        "Normal",
        "ScalingReplicaSet",
        `Scaled up replica set ${made.metadata.name} from 0 to ${replicas}`,
        COMPONENT,
      );
    this.#setRevision(String(revision));
    return made;
  }

  #sizeAnnotations(): Record<string, string> {
    return { [DESIRED]: String(this.#replicas), [MAX]: String(this.#replicas + this.#surge) };
  }

  #withAnnotations(set: ApiObject, revision: number): ApiObject {
    const out = clone(set);
    const annotations: Record<string, string> = { ...out.metadata.annotations };
    for (const [name, value] of Object.entries(this.#deployment.metadata.annotations ?? {})) {
      if (!NOT_COPIED.has(name)) annotations[name] = value;
    }
    const before = annotations[REVISION];
    if (before === undefined || Number(before) < revision) {
      annotations[REVISION] = String(revision);
      if (before !== undefined) {
        const history = annotations[HISTORY];
        annotations[HISTORY] = history === undefined ? before : `${history},${before}`;
      }
    }
    out.metadata.annotations = annotations;
    const minReady = count(this.#deployment, "spec", "minReadySeconds");
    if (count(out, "spec", "minReadySeconds") !== minReady) ensureFields(out, "spec")["minReadySeconds"] = minReady;
    return out;
  }

  /** The Deployment's revision is written together with its status, as the real controller does. */
  #setRevision(revision: string): void {
    const deployment = this.#fresh();
    if (deployment.metadata.annotations?.[REVISION] === revision) return;
    const updated = clone(deployment);
    updated.metadata.annotations = { ...updated.metadata.annotations, [REVISION]: revision };
    this.#context.client.update(updated, { subresource: "status" });
  }

  /** How large the new ReplicaSet may be now. */
  #roomFor(set: ApiObject): number {
    const others = this.#sets().filter((other) => other.metadata.uid !== set.metadata.uid);
    const own = count(set, "spec", "replicas");
    const total = own + others.reduce((sum, other) => sum + count(other, "spec", "replicas"), 0);
    const most = this.#replicas + this.#surge;
    if (total >= most) return own;
    return own + Math.min(most - total, this.#replicas - own);
  }

  #scaleCurrentUp(current: ApiObject): boolean {
    const own = count(current, "spec", "replicas");
    if (own === this.#replicas) return false;
    if (own > this.#replicas) return this.#scale(current, this.#replicas);
    return this.#scale(current, this.#roomFor(current));
  }

  /** Takes from the others what is not needed for availability: first what is not healthy anyway. */
  #scaleOthersDown(): boolean {
    const current = this.#current();
    const others = this.#others();
    if (others.every((set) => count(set, "spec", "replicas") === 0)) return false;
    const total = this.#sets().reduce((sum, set) => sum + count(set, "spec", "replicas"), 0);
    const least = this.#replicas - this.#maxUnavailable;
    const newUnavailable = count(current, "spec", "replicas") - count(current, "status", "availableReplicas");
    let budget = total - least - newUnavailable;
    if (budget <= 0) return false;
    let hasScaled = false;
    for (const set of others) {
      const replicas = count(set, "spec", "replicas");
      const unhealthy = replicas - count(set, "status", "availableReplicas");
      const less = Math.min(budget, unhealthy);
      if (less <= 0) continue;
      budget -= less;
      hasScaled = this.#scale(set, replicas - less) || hasScaled;
    }
    const available = this.#sets().reduce((sum, set) => sum + count(set, "status", "availableReplicas"), 0);
    let spare = available - least;
    for (const set of this.#others()) {
      const replicas = count(set, "spec", "replicas");
      const less = Math.min(replicas, spare);
      if (less <= 0) continue;
      spare -= less;
      hasScaled = this.#scale(set, replicas - less) || hasScaled;
    }
    return hasScaled;
  }

  /** Only sizes change: no new ReplicaSet is made, no template rolled out. */
  #scaleAsIs(): void {
    const sets = this.#sets();
    const active = sets.filter((set) => count(set, "spec", "replicas") > 0);
    const current = this.#current();
    const only = active.length === 1 ? active[0] : active.length === 0 ? (current ?? sets.at(-1)) : undefined;
    if (only !== undefined) this.#scale(only, this.#replicas);
    else this.#scaleInProportion(active);
    writeDeploymentStatus(this.#context, this.#fresh(), this.#sets(), this.#current());
  }

  #scaleInProportion(active: readonly ApiObject[]): void {
    const total = active.reduce((sum, set) => sum + count(set, "spec", "replicas"), 0);
    const allowed = this.#replicas > 0 ? this.#replicas + this.#surge : 0;
    const change = allowed - total;
    const largest = [...active].sort((a, b) => count(b, "spec", "replicas") - count(a, "spec", "replicas"));
    let added = 0;
    const sizes = new Map<ApiObject, number>();
    for (const set of largest) {
      const replicas = count(set, "spec", "replicas");
      const previous = Number(set.metadata.annotations?.[MAX] ?? total) || total;
      const share = Math.round((replicas * allowed) / previous) - replicas;
      const part =
        change > 0 ? Math.min(Math.max(0, share), change - added) : Math.max(Math.min(0, share), change - added);
      sizes.set(set, replicas + part);
      added += part;
    }
    const first = largest[0];
    if (first !== undefined) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + change - added));
    for (const [set, size] of sizes) this.#scale(set, size);
  }

  /** Says whether the size changed. */
  #scale(set: ApiObject, replicas: number): boolean {
    const { client, events } = this.#context;
    const before = count(set, "spec", "replicas");
    const updated = clone(set);
    ensureFields(updated, "spec")["replicas"] = replicas;
    updated.metadata.annotations = { ...updated.metadata.annotations, ...this.#sizeAnnotations() };
    if (isSemanticallyEqual(updated, set)) return false;
    client.update(updated);
    if (before === replicas) return false;
    const direction = before < replicas ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    events.record(this.#deployment, "Normal", "ScalingReplicaSet", message, COMPONENT);
    return true;
  }

  #isComplete(current: ApiObject | undefined): boolean {
    return (
      count(current, "status", "availableReplicas") === this.#replicas &&
      count(current, "status", "replicas") === this.#replicas &&
      this.#others().every((set) => count(set, "status", "replicas") === 0)
    );
  }

  /** Deletes old ReplicaSets beyond the history's limit. */
  #cleanUp(): void {
    const limit = numberAt(this.#deployment, "spec", "revisionHistoryLimit");
    if (limit === undefined) return;
    const old = this.#others().filter(
      (set) => count(set, "spec", "replicas") === 0 && count(set, "status", "replicas") === 0 && !isDeleting(set),
    );
    old.sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of old.slice(0, Math.max(0, old.length - limit))) {
      this.#context.client.delete("apps/v1", "ReplicaSet", set.metadata.namespace, set.metadata.name);
    }
  }
}

function revisionOf(set: ApiObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function withoutHash(template: Fields | undefined): Fields {
  const copy = clone(template ?? {});
  const labels = fieldsAt(copy, "metadata", "labels");
  if (labels !== undefined) delete labels[HASH];
  return copy;
}

function selects(deployment: ApiObject, set: ApiObject): boolean {
  return selectorMatches(fieldsAt(deployment, "spec", "selector"), set.metadata.labels ?? {});
}
