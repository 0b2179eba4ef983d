/**
 * PersistentVolumes and PersistentVolumeClaims. Both are protected by a finalizer while they are in use.
 */

import { formatTime } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import { internalDifference, internalValue } from "../difference/internal-difference.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  keysInOrder,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { claimWarnings } from "../pod/pod-warnings.ts";
import { defaultVolumeSources } from "../pod/volume-defaults.ts";
import { type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import { nodeTermWarnings } from "../validation/node-label-warnings.ts";
import { quantityOf, roundUpResources } from "../validation/resource-validation.ts";
import { defaultClaim, validateClaimSpec } from "./claim-validation.ts";
import { VOLUME_SOURCES, validateVolumeSpec } from "./volume-spec-validation.ts";

export const persistentVolumeRules: KindRules = {
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillEmpty(ensureFields(object, "status"), "phase", "Pending");
    fillEmpty(spec, "persistentVolumeReclaimPolicy", "Retain");
    fillAbsent(spec, "volumeMode", "Filesystem");
    defaultVolumeSources(spec);
    roundUpResources(fieldsAt(spec, "capacity"));
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
    const sourceOf = (volume: Fields) =>
      Object.fromEntries(VOLUME_SOURCES.map((name) => [name, at(volume, "spec", name)]));
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
  warnings: volumeWarnings,
  deletion: { returnsObject: true },
};

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  [CLASS_ANNOTATION]: 'deprecated since v1.8; use "storageClassName" attribute instead',
  "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
};

function classAnnotationWarnings(object: Fields, names: readonly string[]): string[] {
  const annotations = fieldsAt(object, "metadata", "annotations");
  return names.flatMap((name) =>
    annotations?.[name] === undefined ? [] : [`metadata.annotations[${name}]: ${OLD_ANNOTATIONS[name]}`],
  );
}

/** Sources that went to CSI drivers, in the order in which they are looked for. */
const OLD_SOURCES: readonly (readonly [source: string, path: string, text: string])[] = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

function volumeWarnings(object: Fields): string[] {
  const spec = fieldsAt(object, "spec");
  const warnings = classAnnotationWarnings(object, Object.keys(OLD_ANNOTATIONS));
  if (textAt(spec, "persistentVolumeReclaimPolicy") === "Recycle") {
    const why =
      "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${why}`);
  }
  for (const [index, term] of itemsAt(spec, "nodeAffinity", "required", "nodeSelectorTerms").entries())
    warnings.push(...nodeTermWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, term, false));
  for (const [source, path, text] of OLD_SOURCES)
    if (fieldsAt(spec, source) !== undefined) warnings.push(`spec.${path}: ${text}`);
  return warnings;
}

function validateVolume(errors: FieldErrors, object: Fields): void {
  validateVolumeSpec(errors, "spec", fieldsAt(object, "spec") ?? {}, false);
}

export const claimRules: KindRules = {
  default: (object) => defaultClaim(object),
  prepareForCreate(object): void {
    object["status"] = { phase: "Pending" };
    const spec = ensureFields(object, "spec");
    dropUnknownSource(spec);
    // Sources in other namespaces are behind a feature gate.
    if (textAt(spec, "dataSourceRef", "namespace") !== "") delete spec["dataSourceRef"];
    syncDataSources(object);
  },
  prepareForUpdate: (object) => syncDataSources(object),
  validate: (errors, object) => validateClaimSpec(errors, "spec", fieldsAt(object, "spec") ?? {}),
  validateUpdate: validateClaimUpdate,
  validateStatusUpdate(errors, object): void {
    if (textsAt(object, "spec", "accessModes").length === 0) errors.required("Spec.accessModes");
    const capacity = fieldsAt(object, "status", "capacity") ?? {};
    for (const name of keysInOrder(capacity)) {
      const quantity = quantityOf(capacity[name]);
      if (quantity !== undefined && quantity.sign < 0)
        errors.invalid(`status.capacity[${name}]`, Number(quantity.value()), "must be a valid resource quantity");
    }
  },
  warnings: (object) => [
    ...classAnnotationWarnings(object, [CLASS_ANNOTATION]),
    ...claimWarnings("spec", fieldsAt(object, "spec")),
  ],
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
  const newSize = quantityOf(fieldsAt(spec, "resources", "requests")?.["storage"] ?? "0");
  const was = quantityOf(oldSize);
  const has = quantityOf(fieldsAt(old, "status", "capacity")?.["storage"]);
  if (newSize !== undefined && was !== undefined && newSize.compare(was) < 0 && newSize.compare(has ?? 0) <= 0) {
    errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
  }
  const mode = at(spec, "volumeMode");
  if (mode !== at(before, "volumeMode")) errors.invalid("volumeMode", typedText(mode ?? null), IMMUTABLE);
}
