/**
 * PersistentVolumes and their claims: binding, and protection of what is in use.
 */

import { formatTime } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  itemsAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../strategies/json-access.ts";
import { selectorMatches } from "../strategies/validation/metadata-validation.ts";
import { quantityOf } from "../strategies/validation/resource-validation.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  isAbout,
  isDeleting,
  isFinishedPod,
} from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const CLAIM_PROTECTION = "kubernetes.io/pvc-protection";
const VOLUME_PROTECTION = "kubernetes.io/pv-protection";

/** `provisions` says whether claims of a class get a new volume where none fits, as a storage driver would do. */
export function volumeBindingController(context: ControllerContext, provisions: boolean): Controller {
  const { client } = context;
  const claims = new ReconcileQueue(
    client,
    (namespace, name) => reconcileClaim(context, provisions, namespace, name),
    context.onError,
  );
  const volumes = new ReconcileQueue(client, (_, name) => reconcileVolume(context, name), context.onError);
  const addClaims = (filter: (claim: ApiObject) => boolean) => {
    for (const claim of client.list("v1", "PersistentVolumeClaim"))
      if (filter(claim)) claims.add(claim.metadata.namespace, claim.metadata.name);
  };
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "", "PersistentVolumeClaim")) {
        claims.add(object.metadata.namespace, object.metadata.name);
        const volume = textAt(object, "spec", "volumeName");
        if (volume !== "") volumes.add(undefined, volume);
      } else if (isAbout(event, "", "PersistentVolume")) {
        volumes.add(undefined, object.metadata.name);
        addClaims((claim) => textAt(claim, "status", "phase") !== "Bound");
      } else if (isAbout(event, "storage.k8s.io", "StorageClass"))
        addClaims((claim) => textAt(claim, "status", "phase") === "Pending");
      else if (isAbout(event, "", "Pod") && (event.type === "DELETED" || isFinishedPod(object))) {
        for (const name of claimsOf(object)) claims.add(object.metadata.namespace, name);
      } else if (isAbout(event, "", "Pod") && event.type === "ADDED") {
        for (const name of claimsOf(object)) claims.add(object.metadata.namespace, name);
      }
    },
    stop(): void {
      claims.stop();
      volumes.stop();
    },
  };
}

function claimsOf(pod: ApiObject): string[] {
  return itemsAt(pod, "spec", "volumes")
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
    .filter((name) => name !== "");
}

function reconcileClaim(context: ControllerContext, provisions: boolean, namespace: string, name: string): void {
  const { client } = context;
  const claim = client.get("v1", "PersistentVolumeClaim", namespace, name);
  if (claim === undefined) return;
  if (isDeleting(claim)) {
    const isUsed = client
      .list("v1", "Pod", namespace)
      .some((pod) => !isFinishedPod(pod) && claimsOf(pod).includes(name));
    if (!isUsed) dropFinalizer(context, claim, CLAIM_PROTECTION);
    return;
  }
  if (textAt(claim, "status", "phase") === "Bound") {
    writeUse(context, claim);
    return;
  }
  const volume = findVolume(context, claim) ?? (provisions ? provision(context, claim) : undefined);
  if (volume !== undefined) bind(context, claim, volume);
  else tellWhyUnbound(context, claim);
}

/** Whether a Pod names a bound claim. */
function writeUse({ client }: ControllerContext, claim: ApiObject): void {
  const { namespace, name } = claim.metadata;
  const isUsed = client.list("v1", "Pod", namespace).some((pod) => !isFinishedPod(pod) && claimsOf(pod).includes(name));
  const present = conditionOf(claim, "Unused");
  const value = isUsed ? "False" : "True";
  if (present?.["status"] === value) return;
  const condition = {
    type: "Unused",
    status: value,
    lastProbeTime: null,
    lastTransitionTime: formatTime(client.now()),
    reason: isUsed ? "PodUsingPVC" : "NoPodsUsingPVC",
    message: isUsed ? "A pod is currently referencing this PVC" : "No pods are currently referencing this PVC",
  };
  const others = itemsAt(claim, "status", "conditions").filter((one) => one["type"] !== "Unused");
  const status = { ...fieldsAt(claim, "status"), conditions: [...others, condition] };
  client.update({ ...claim, status }, { subresource: "status" });
}

/** Told once about each claim. */
function tellWhyUnbound({ client, events }: ControllerContext, claim: ApiObject): void {
  const className = textAt(claim, "spec", "storageClassName");
  const isKnown = client.get("storage.k8s.io/v1", "StorageClass", undefined, className) !== undefined;
  if (isKnown || textAt(claim, "spec", "volumeName") !== "") return;
  const [type, reason, message] =
    className === ""
      ? ([
          "Normal",
          "FailedBinding",
          "no persistent volumes available for this claim and no storage class is set",
        ] as const)
      : (["Warning", "ProvisioningFailed", `storageclass.storage.k8s.io "${className}" not found`] as const);
  const isAbout = (event: ApiObject) =>
    textAt(event, "involvedObject", "uid") === claim.metadata.uid && textAt(event, "reason") === reason;
  if (!client.list("v1", "Event", claim.metadata.namespace).some(isAbout))
    events.record(claim, type, reason, message, "persistentvolume-controller");
}

function findVolume(context: ControllerContext, claim: ApiObject): ApiObject | undefined {
  const { client } = context;
  const named = textAt(claim, "spec", "volumeName");
  if (named !== "") return client.get("v1", "PersistentVolume", undefined, named);
  const wanted = quantityOf(fieldsAt(claim, "spec", "resources", "requests")?.["storage"]);
  const candidates = client.list("v1", "PersistentVolume").filter((volume) => fits(volume, claim));
  const size = (volume: ApiObject) => quantityOf(fieldsAt(volume, "spec", "capacity")?.["storage"]);
  return candidates
    .filter((volume) => wanted === undefined || (size(volume)?.compare(wanted) ?? -1) >= 0)
    .sort((a, b) => size(a)?.compare(size(b) ?? 0) ?? 0)[0];
}

function fits(volume: ApiObject, claim: ApiObject): boolean {
  const reference = fieldsAt(volume, "spec", "claimRef");
  if (reference !== undefined) {
    const isOurs = reference["namespace"] === claim.metadata.namespace && reference["name"] === claim.metadata.name;
    const uid = textAt(reference, "uid");
    return isOurs && (uid === "" || uid === claim.metadata.uid);
  }
  const modes = textsAt(volume, "spec", "accessModes");
  const selector = fieldsAt(claim, "spec", "selector");
  return (
    !isDeleting(volume) &&
    textAt(volume, "spec", "storageClassName") === textAt(claim, "spec", "storageClassName") &&
    textAt(volume, "spec", "volumeMode") === textAt(claim, "spec", "volumeMode") &&
    textsAt(claim, "spec", "accessModes").every((mode) => modes.includes(mode)) &&
    (selector === undefined || selectorMatches(selector, stringMapAt(volume, "metadata", "labels")))
  );
}

function provision(context: ControllerContext, claim: ApiObject): ApiObject | undefined {
  const { client } = context;
  const className = textAt(claim, "spec", "storageClassName");
  const storageClass =
    className === "" ? undefined : client.get("storage.k8s.io/v1", "StorageClass", undefined, className);
  if (storageClass === undefined) return undefined;
  if (textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer") {
    const hasConsumer = client
      .list("v1", "Pod", claim.metadata.namespace)
      .some((pod) => claimsOf(pod).includes(claim.metadata.name));
    if (!hasConsumer) return undefined;
  }
  const name = `pvc-${claim.metadata.uid}`;
  const present = client.get("v1", "PersistentVolume", undefined, name);
  if (present !== undefined) return present;
  const provisioner = textAt(storageClass, "provisioner");
  return client.create({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": provisioner } },
    spec: {
      capacity: { storage: fieldsAt(claim, "spec", "resources", "requests")?.["storage"] },
      accessModes: textsAt(claim, "spec", "accessModes"),
      volumeMode: textAt(claim, "spec", "volumeMode"),
      storageClassName: className,
      persistentVolumeReclaimPolicy: textAt(storageClass, "reclaimPolicy"),
      csi: { driver: provisioner, volumeHandle: name },
    },
  });
}

function bind(context: ControllerContext, claim: ApiObject, volume: ApiObject): void {
  const { client } = context;
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const bound = clone(volume);
  const reference = fieldsAt(bound, "spec", "claimRef");
  const full = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
  if (textAt(reference, "uid") !== uid) {
    ensureFields(bound, "spec")["claimRef"] = full;
    if (reference === undefined)
      bound.metadata.annotations = { ...bound.metadata.annotations, "pv.kubernetes.io/bound-by-controller": "yes" };
    client.update(bound);
  }
  const fresh = client.get("v1", "PersistentVolume", undefined, volume.metadata.name) ?? bound;
  client.update({ ...fresh, status: { ...fieldsAt(fresh, "status"), phase: "Bound" } }, { subresource: "status" });
  const updated = clone(claim);
  const annotations: Record<string, string> = {
    ...updated.metadata.annotations,
    "pv.kubernetes.io/bind-completed": "yes",
  };
  if (textAt(claim, "spec", "volumeName") === "") {
    ensureFields(updated, "spec")["volumeName"] = volume.metadata.name;
    annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
  }
  updated.metadata.annotations = annotations;
  const stored = client.update(updated);
  const status: Fields = {
    phase: "Bound",
    accessModes: at(volume, "spec", "accessModes"),
    capacity: at(volume, "spec", "capacity"),
  };
  client.update({ ...stored, status }, { subresource: "status" });
}

function reconcileVolume(context: ControllerContext, name: string): void {
  const { client } = context;
  const volume = client.get("v1", "PersistentVolume", undefined, name);
  if (volume === undefined) return;
  const reference = fieldsAt(volume, "spec", "claimRef");
  const claim =
    reference === undefined
      ? undefined
      : client.get("v1", "PersistentVolumeClaim", textAt(reference, "namespace"), textAt(reference, "name"));
  const isHeld = claim !== undefined && (textAt(reference, "uid") === "" || claim.metadata.uid === reference?.["uid"]);
  const phase = textAt(volume, "status", "phase");
  if (isDeleting(volume)) {
    if (!isHeld || phase !== "Bound") dropFinalizer(context, volume, VOLUME_PROTECTION);
    return;
  }
  const setPhase = (next: string) => {
    if (phase !== next)
      client.update({ ...volume, status: { ...fieldsAt(volume, "status"), phase: next } }, { subresource: "status" });
  };
  if (reference === undefined || textAt(reference, "uid") === "") {
    if (phase === "Pending") setPhase("Available");
  } else if (!isHeld) {
    if (textAt(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete" && phase !== "Available")
      client.delete("v1", "PersistentVolume", undefined, name);
    else setPhase("Released");
  }
}

function dropFinalizer(context: ControllerContext, object: ApiObject, finalizer: string): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) return;
  const left = finalizers.filter((name) => name !== finalizer);
  const { namespace, name } = object.metadata;
  context.client.patch(object.apiVersion, object.kind, namespace, name, {
    metadata: { finalizers: left.length === 0 ? null : left },
  });
}
