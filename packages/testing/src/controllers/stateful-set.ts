/**
 * StatefulSets: Pods with names and volumes of their own, made and replaced in order.
 */

import { clone } from "../merge/json-value.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { at, ensureFields, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "../strategies/json-access.ts";
import {
  availableIn,
  type Controller,
  type ControllerContext,
  controllerReference,
  count,
  isDeleting,
  isFinishedPod,
  isReadyPod,
  ownedBy,
  podFromTemplate,
  writeStatus,
} from "./controller.ts";
import { ensureRevision } from "./controller-revision.ts";
import { kindController } from "./kind-controller.ts";
import type { ReconcileQueue } from "./reconcile-queue.ts";

const COMPONENT = "statefulset-controller";
const REVISION = "controller-revision-hash";

export function statefulSetController(context: ControllerContext): Controller {
  return kindController(context, {
    group: "apps",
    kind: "StatefulSet",
    owned: { group: "", kind: "Pod" },
    reconcile: (namespace, name, queue) => reconcile(context, queue, namespace, name),
  });
}

function reconcile(context: ControllerContext, queue: ReconcileQueue, namespace: string, name: string): void {
  const { client } = context;
  const set = client.get("apps/v1", "StatefulSet", namespace, name);
  if (set === undefined || isDeleting(set)) return;
  const update = ensureRevision(context, set);
  const current = textAt(set, "status", "currentRevision") || update;
  sync(context, set, current, update);
  const present = client.get("apps/v1", "StatefulSet", namespace, name);
  if (present !== undefined) writeSums(context, queue, present, current, update);
}

function ordinalOf(pod: ApiObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

function sync(context: ControllerContext, set: ApiObject, current: string, update: string): void {
  const { client } = context;
  const first = count(set, "spec", "ordinals", "start");
  const replicas = count(set, "spec", "replicas");
  const isOrdered = textAt(set, "spec", "podManagementPolicy") !== "Parallel";
  const pods = new Map(ownedBy(client, "v1", "Pod", set).map((pod) => [ordinalOf(pod), pod]));
  const partition = count(set, "spec", "updateStrategy", "rollingUpdate", "partition");
  const minReady = count(set, "spec", "minReadySeconds");
  const isSettled = (pod: ApiObject) => !isDeleting(pod) && availableIn(pod, minReady, client.now()) === 0;
  for (let ordinal = first; ordinal < first + replicas; ordinal++) {
    const pod = pods.get(ordinal);
    if (pod !== undefined && isFinishedPod(pod) && !isDeleting(pod)) {
      client.delete("v1", "Pod", pod.metadata.namespace, pod.metadata.name);
      if (isOrdered) return;
    } else if (pod === undefined) {
      createPod(context, set, ordinal, ordinal - first < partition ? current : update);
      if (isOrdered) return;
    } else if (isOrdered && !isSettled(pod)) return;
  }
  const surplus = [...pods.values()]
    .filter((pod) => ordinalOf(pod) >= first + replicas || ordinalOf(pod) < first)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of surplus) {
    if (!isDeleting(pod)) {
      if (deletesClaims(set, "whenScaled")) handClaimsTo(context, set, pod);
      deletePod(context, set, pod);
    }
    if (isOrdered) return;
  }
  if (textAt(set, "spec", "updateStrategy", "type") === "OnDelete") return;
  for (let ordinal = first + replicas - 1; ordinal >= first + partition; ordinal--) {
    const pod = pods.get(ordinal);
    if (pod === undefined) return;
    if (pod.metadata.labels?.[REVISION] !== update && !isDeleting(pod)) {
      deletePod(context, set, pod);
      return;
    }
    if (!isSettled(pod)) return;
  }
}

function deletePod(context: ControllerContext, set: ApiObject, pod: ApiObject): void {
  context.client.delete("v1", "Pod", pod.metadata.namespace, pod.metadata.name);
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  context.events.record(set, "Normal", "SuccessfulDelete", message, COMPONENT);
}

function createPod(context: ControllerContext, set: ApiObject, ordinal: number, revision: string): void {
  const { client, events } = context;
  const name = `${set.metadata.name}-${ordinal}`;
  const volumes = itemsAt(set, "spec", "volumeClaimTemplates").map((claim) => ensureClaim(context, set, claim, name));
  const labels = {
    "apps.kubernetes.io/pod-index": String(ordinal),
    [REVISION]: revision,
    "statefulset.kubernetes.io/pod-name": name,
  };
  const kept = client.get("apps/v1", "ControllerRevision", set.metadata.namespace, revision);
  const template = fieldsAt(kept, "data", "spec", "template") ?? fieldsAt(set, "spec", "template");
  const pod = podFromTemplate(set, template, { name, labels });
  ensureFields(pod, "metadata")["generateName"] = `${set.metadata.name}-`;
  const spec = ensureFields(pod, "spec");
  spec["hostname"] = name;
  const service = textAt(set, "spec", "serviceName");
  if (service !== "") spec["subdomain"] = service;
  const names = volumes.map((volume) => volume["name"]);
  if (volumes.length > 0)
    spec["volumes"] = [...volumes, ...itemsAt(spec, "volumes").filter((volume) => !names.includes(volume["name"]))];
  client.create(pod);
  events.record(
    set,
    "Normal",
    "SuccessfulCreate",
    `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
    COMPONENT,
  );
}

/** Makes the claim of a Pod where it is missing; gives the volume that mounts it. */
function ensureClaim(context: ControllerContext, set: ApiObject, template: Fields, podName: string): Fields {
  const { client, events } = context;
  const volume = textAt(template, "metadata", "name");
  const claimName = `${volume}-${podName}`;
  if (client.get("v1", "PersistentVolumeClaim", set.metadata.namespace, claimName) === undefined) {
    const labels = {
      ...(at(template, "metadata", "labels") as Fields | undefined),
      ...(at(set, "spec", "selector", "matchLabels") as Fields | undefined),
    };
    client.create({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: claimName,
        namespace: set.metadata.namespace ?? "",
        labels: labels as Record<string, string>,
        ...(deletesClaims(set, "whenDeleted") ? { ownerReferences: [controllerReference(set)] } : {}),
      },
      spec: clone(template["spec"]),
    });
    const message = `Create Claim ${claimName} Pod ${podName} in StatefulSet ${set.metadata.name} success`;
    events.record(set, "Normal", "SuccessfulCreate", message, COMPONENT);
  }
  return { name: volume, persistentVolumeClaim: { claimName } };
}

function writeSums(
  context: ControllerContext,
  queue: ReconcileQueue,
  set: ApiObject,
  current: string,
  update: string,
): void {
  const { client } = context;
  const pods = ownedBy(client, "v1", "Pod", set).filter((pod) => !isFinishedPod(pod));
  const minReady = count(set, "spec", "minReadySeconds");
  const waits = pods.map((pod) => (isDeleting(pod) ? undefined : availableIn(pod, minReady, client.now())));
  const next = Math.min(...waits.filter((wait): wait is number => wait !== undefined && wait > 0));
  if (Number.isFinite(next)) queue.addAfter(next, set.metadata.namespace, set.metadata.name);
  const of = (revision: string) =>
    pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision && !isDeleting(pod)).length;
  const ready = pods.filter((pod) => isReadyPod(pod)).length;
  const replicas = count(set, "spec", "replicas");
  const isDone = of(update) === pods.length && of(update) === replicas && ready === replicas;
  const isRolling =
    textAt(set, "spec", "updateStrategy", "type") !== "OnDelete" &&
    count(set, "spec", "updateStrategy", "rollingUpdate", "partition") === 0;
  const currentRevision = isDone && isRolling ? update : current;
  const counts = { readyReplicas: ready, currentReplicas: of(currentRevision), updatedReplicas: of(update) };
  const status: Fields = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0)),
    currentRevision,
    updateRevision: update,
    collisionCount: numberAt(set, "status", "collisionCount") ?? 0,
    availableReplicas: waits.filter((wait) => wait === 0).length,
  };
  writeStatus(context, set, status);
}

function deletesClaims(set: ApiObject, when: "whenDeleted" | "whenScaled"): boolean {
  return textAt(set, "spec", "persistentVolumeClaimRetentionPolicy", when) === "Delete";
}

/** The claims of a Pod that is scaled away go with it. */
function handClaimsTo({ client }: ControllerContext, set: ApiObject, pod: ApiObject): void {
  const { namespace } = set.metadata;
  for (const template of itemsAt(set, "spec", "volumeClaimTemplates")) {
    const name = `${textAt(template, "metadata", "name")}-${pod.metadata.name}`;
    const claim = client.get("v1", "PersistentVolumeClaim", namespace, name);
    if (claim === undefined) continue;
    const others = (claim.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== set.metadata.uid);
    const ownerReferences = [...others, controllerReference({ ...pod, apiVersion: "v1", kind: "Pod" })];
    client.patch("v1", "PersistentVolumeClaim", namespace, name, { metadata: { ownerReferences } });
  }
}
