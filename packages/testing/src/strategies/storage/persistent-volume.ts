/**
 * PersistentVolumes and PersistentVolumeClaims. Both are protected by a finalizer while they are in use.
 */

import { formatTime, validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import { internalDifference, internalValue } from "../difference/internal-difference.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fieldsOf,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateNodeSelector } from "../pod/affinity-validation.ts";
import { defaultVolumeSources } from "../pod/volume-defaults.ts";
import { HOST_PATH_TYPES, validateDriverName } from "../pod/volume-validation.ts";
import { type FieldErrors, IMMUTABLE, sortedMap, typedText } from "../validation/field-errors.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { defaultClaim, validateAccessModes, validateClaimSpec } from "./claim-validation.ts";

const SOURCES = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
];

export const persistentVolumeRules: KindRules = {
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillEmpty(ensureFields(object, "status"), "phase", "Pending");
    fillEmpty(spec, "persistentVolumeReclaimPolicy", "Retain");
    fillAbsent(spec, "volumeMode", "Filesystem");
    defaultVolumeSources(spec);
  },
  prepareForCreate(object, context): void {
    object["status"] = { phase: "Pending", lastPhaseTransitionTime: formatTime(context.now()) };
  },
  prepareForStatusUpdate(object, old, context): void {
    const status = ensureFields(object, "status");
    const before = fieldsAt(old, "status") ?? {};
    const time = status["lastPhaseTransitionTime"];
    if (status["phase"] === before["phase"])
      fillAbsent(status, "lastPhaseTransitionTime", before["lastPhaseTransitionTime"]);
    else if (time === undefined || time === before["lastPhaseTransitionTime"])
      status["lastPhaseTransitionTime"] = formatTime(context.now());
  },
  validate: validateVolume,
  validateUpdate(errors, object, old): void {
    validateVolume(errors, object);
    const sourceOf = (volume: Fields) => Object.fromEntries(SOURCES.map((name) => [name, at(volume, "spec", name)]));
    if (!isSemanticallyEqual(sourceOf(object), sourceOf(old))) {
      errors.forbidden(
        "spec.persistentvolumesource",
        `spec.persistentvolumesource is immutable after creation\n${internalDifference("PersistentVolumeSource", old["spec"], object["spec"])}`,
      );
    }
    const mode = at(object, "spec", "volumeMode");
    if (mode !== at(old, "spec", "volumeMode")) errors.invalid("volumeMode", typedText(mode ?? null), IMMUTABLE);
    const [affinity, before] = [at(object, "spec", "nodeAffinity"), at(old, "spec", "nodeAffinity")];
    if (before !== undefined && !isSemanticallyEqual(affinity, before)) {
      const shown = affinity === undefined ? null : internalValue("VolumeNodeAffinity", affinity);
      errors.invalid("nodeAffinity", shown, `${IMMUTABLE}, except for updating from beta label to GA`);
    }
  },
  deletion: { returnsObject: true },
};

function validateVolume(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const modes = textsAt(spec, "accessModes");
  if (modes.length === 0) errors.required("spec.accessModes");
  validateAccessModes(errors, "spec.accessModes", modes);
  const capacity = fieldsAt(spec, "capacity") ?? {};
  const names = Object.keys(capacity).sort();
  if (names.length === 0) errors.required("spec.capacity");
  if (!names.includes("storage") || names.length > 1) {
    errors.notSupported("spec.capacity", names.length === 0 ? null : sortedMap(capacity as Record<string, unknown>), [
      "storage",
    ]);
  }
  for (const name of names) {
    const quantity = quantityOf(capacity[name]);
    if (quantity === undefined || quantity.sign > 0) continue;
    const field = `spec.capacity[${name}]`;
    if (quantity.sign < 0) errors.invalid(field, Number(quantity.value()), "must be a valid resource quantity");
    errors.invalid(field, quantity.toString(), "must be greater than zero");
  }
  const reclaim = textAt(spec, "persistentVolumeReclaimPolicy");
  if (reclaim !== "") errors.oneOf("spec.persistentVolumeReclaimPolicy", reclaim, ["Delete", "Recycle", "Retain"]);
  const required = fieldsAt(spec, "nodeAffinity", "required");
  if (required !== undefined) validateNodeSelector(errors, "spec.nodeAffinity.required", required);
  else if (at(spec, "nodeAffinity") !== undefined)
    errors.required("spec.nodeAffinity.required", "must specify required node constraints");
  let count = 0;
  for (const source of SOURCES) {
    const fields = fieldsOf(spec[source]);
    if (fields === undefined) continue;
    if (count++ > 0) errors.forbidden(`spec.${source}`, "may not specify more than 1 volume type");
    else validateSource(errors, source, fields);
  }
  if (count === 0) errors.required("spec", "must specify a volume type");
  const storageClass = textAt(spec, "storageClassName");
  if (storageClass !== "")
    errors.invalidEach("spec.storageClassName", storageClass, validateDns1123Subdomain(storageClass));
  if (at(spec, "volumeMode") !== undefined)
    errors.oneOf("spec.volumeMode", textAt(spec, "volumeMode"), ["Block", "Filesystem"]);
}

function validateSource(errors: FieldErrors, source: string, fields: Fields): void {
  const path = `spec.${source}`;
  if (source === "hostPath" || source === "local" || source === "nfs") {
    if (source === "nfs" && textAt(fields, "server") === "") errors.required(`${path}.server`);
    const target = textAt(fields, "path");
    if (target === "") errors.required(`${path}.path`);
    else if (target.split("/").includes("..")) errors.invalid(`${path}.path`, target, "must not contain '..'");
    if (source === "hostPath" && at(fields, "type") !== undefined)
      errors.oneOf(`${path}.type`, textAt(fields, "type"), HOST_PATH_TYPES);
    if (source === "nfs" && !target.startsWith("/")) errors.invalid(`${path}.path`, target, "must be an absolute path");
  } else if (source === "csi") {
    validateDriverName(errors, `${path}.driver`, textAt(fields, "driver"));
    if (textAt(fields, "volumeHandle") === "") errors.required(`${path}.volumeHandle`);
    for (const member of SECRETS) {
      const secret = fieldsAt(fields, member);
      if (secret !== undefined) validateSecretReference(errors, `${path}.${member}`, secret);
    }
  }
}

const SECRETS = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
];

function validateSecretReference(errors: FieldErrors, path: string, secret: Fields): void {
  const name = textAt(secret, "name");
  const namespace = textAt(secret, "namespace");
  if (name === "") errors.required(`${path}.name`);
  else errors.invalidEach(`${path}.name`, name, validateDns1123Subdomain(name));
  if (namespace === "") errors.required(`${path}.namespace`);
  else errors.invalidEach(`${path}.namespace`, namespace, validateDns1123Label(namespace));
}

export const claimRules: KindRules = {
  default: (object) => defaultClaim(object),
  prepareForCreate(object): void {
    object["status"] = { phase: "Pending" };
    dropUnknownSource(ensureFields(object, "spec"));
    syncDataSources(object);
  },
  prepareForUpdate: (object) => syncDataSources(object),
  validate: (errors, object) => validateClaimSpec(errors, "spec", fieldsAt(object, "spec") ?? {}),
  validateUpdate: validateClaimUpdate,
  deletion: { returnsObject: true },
};

/** A `dataSource` is a claim or a snapshot; anything else counts as not given. */
function dropUnknownSource(spec: Fields): void {
  const group = textAt(spec, "dataSource", "apiGroup");
  const kind = textAt(spec, "dataSource", "kind");
  const isClaim = group === "" && kind === "PersistentVolumeClaim";
  const isSnapshot = group === "snapshot.storage.k8s.io" && kind === "VolumeSnapshot";
  if (!isClaim && !isSnapshot) delete spec["dataSource"];
}

/** `dataSource` and `dataSourceRef` say the same thing; each is filled from the other. */
function syncDataSources(object: Fields): void {
  const spec = ensureFields(object, "spec");
  const source = fieldsAt(spec, "dataSource");
  const reference = fieldsAt(spec, "dataSourceRef");
  if (source !== undefined && reference === undefined) spec["dataSourceRef"] = clone(source);
  else if (source === undefined && reference !== undefined && reference["namespace"] === undefined)
    spec["dataSource"] = clone(reference);
}

function validateClaimUpdate(errors: FieldErrors, object: Fields, old: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const before = fieldsAt(old, "spec") ?? {};
  validateClaimSpec(errors, "spec", spec);
  const munged = clone(spec);
  const isBound = textAt(object, "status", "phase") === "Bound";
  if (textAt(before, "volumeName") === "") munged["volumeName"] = before["volumeName"];
  if (before["storageClassName"] === undefined) munged["storageClassName"] = before["storageClassName"];
  const oldSize = fieldsAt(before, "resources", "requests")?.["storage"];
  if (isBound) {
    const requests = fieldsAt(munged, "resources", "requests");
    if (requests !== undefined) requests["storage"] = oldSize;
    munged["volumeAttributesClassName"] = before["volumeAttributesClassName"];
  }
  if (!isSemanticallyEqual(munged, before)) {
    const text =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.forbidden("spec", `${text}\n${internalDifference("PersistentVolumeClaimSpec", before, munged)}`);
  }
  const newSize = quantityOf(fieldsAt(spec, "resources", "requests")?.["storage"]);
  const was = quantityOf(oldSize);
  const has = quantityOf(fieldsAt(old, "status", "capacity")?.["storage"]);
  if (newSize !== undefined && was !== undefined && newSize.compare(was) < 0 && newSize.compare(has ?? 0) <= 0) {
    errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
  }
  const mode = at(spec, "volumeMode");
  if (mode !== at(before, "volumeMode")) errors.invalid("volumeMode", mode ?? null, IMMUTABLE);
}
