/**
 * Checks of a PersistentVolume's spec, which a VolumeAttachment may also hold inline.
 */
import { validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import { at, type Fields, fieldsAt, fieldsOf, keysInOrder, shownAt, textAt, textsAt } from "../json-access.ts";
import { validateNodeSelector } from "../pod/affinity-validation.ts";
import { validateOldSource } from "../pod/old-volume-sources.ts";
import { HOST_PATH_TYPES, validateDriverName } from "../pod/volume-validation.ts";
import { child, type FieldErrors, sortedMap } from "../validation/field-errors.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { validateAccessModes } from "./claim-validation.ts";

/** Where a volume may come from, in the order in which the real server looks. */
export const VOLUME_SOURCES: readonly string[] = [
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
const INLINE = "in the context of inline volumes";

/** Checks a spec at `path`; `isInline` says whether it is no PersistentVolume's. */
export function validateVolumeSpec(errors: FieldErrors, path: string, spec: Fields, isInline: boolean): void {
  if (isInline) {
    if (fieldsAt(spec, "claimRef") !== undefined)
      errors.forbidden(child(path, "claimRef"), `may not be specified ${INLINE}`);
    if (Object.keys(fieldsAt(spec, "capacity") ?? {}).length > 0)
      errors.forbidden(child(path, "capacity"), `may not be specified ${INLINE}`);
    if (fieldsAt(spec, "csi") === undefined) errors.required(child(path, "csi"), `has to be specified ${INLINE}`);
  }
  const modes = textsAt(spec, "accessModes");
  if (modes.length === 0) errors.required(child(path, "accessModes"));
  validateAccessModes(errors, child(path, "accessModes"), modes);
  if (!isInline) validateCapacity(errors, child(path, "capacity"), fieldsOf(shownAt(spec, "capacity")));
  const reclaim = textAt(spec, "persistentVolumeReclaimPolicy");
  const reclaimPath = child(path, "persistentVolumeReclaimPolicy");
  if (isInline && reclaim !== "" && reclaim !== "Retain") errors.forbidden(reclaimPath, `may only be Retain ${INLINE}`);
  else if (!isInline && reclaim !== "") errors.oneOf(reclaimPath, reclaim, ["Delete", "Recycle", "Retain"]);
  validateVolumeAffinity(errors, child(path, "nodeAffinity"), spec, isInline);
  validateSources(errors, path, spec);
  if (/^\/+$/.test(textAt(spec, "hostPath", "path").replaceAll("/.", "/")) && reclaim === "Recycle")
    errors.forbidden(reclaimPath, "may not be 'recycle' for a hostPath mount of '/'");
  validateClasses(errors, path, spec, isInline);
}

function validateCapacity(errors: FieldErrors, path: string, capacity: Fields | undefined): void {
  const names = keysInOrder(capacity);
  if (names.length === 0) errors.required(path);
  if (!names.includes("storage") || names.length > 1)
    errors.notSupported(path, capacity === undefined ? null : sortedMap(capacity), ["storage"]);
  for (const name of names) {
    const quantity = quantityOf(capacity?.[name]);
    if (quantity === undefined || quantity.sign > 0) continue;
    const field = `${path}[${name}]`;
    if (quantity.sign < 0) errors.invalid(field, Number(quantity.value()), "must be a valid resource quantity");
    errors.invalid(field, quantity.toString(), "must be greater than zero");
  }
}

function validateVolumeAffinity(errors: FieldErrors, path: string, spec: Fields, isInline: boolean): void {
  const affinity = fieldsAt(spec, "nodeAffinity");
  if (affinity === undefined) return;
  const required = fieldsAt(affinity, "required");
  if (isInline) errors.forbidden(path, `may not be specified ${INLINE}`);
  else if (required !== undefined) validateNodeSelector(errors, child(path, "required"), required);
  else errors.required(child(path, "required"), "must specify required node constraints");
}

function validateSources(errors: FieldErrors, path: string, spec: Fields): void {
  let count = 0;
  for (const source of VOLUME_SOURCES) {
    const fields = fieldsOf(spec[source]);
    if (fields === undefined) continue;
    // A flexVolume is checked even beside another.
    if (count++ > 0 && source !== "flexVolume")
      errors.forbidden(child(path, source === "cephfs" ? "cephFS" : source), "may not specify more than 1 volume type");
    else validateSource(errors, path, source, fields, spec);
  }
  if (count === 0) errors.required(path, "must specify a volume type");
}

/** Members that a source cannot do without. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  glusterfs: ["endpoints", "path"],
  cephfs: ["monitors"],
  cinder: ["volumeID"],
  flexVolume: ["driver"],
  azureFile: ["secretName", "shareName"],
  vsphereVolume: ["volumePath"],
  photonPersistentDisk: ["pdID"],
  portworxVolume: ["volumeID"],
};

function validateSource(errors: FieldErrors, parent: string, source: string, fields: Fields, spec: Fields): void {
  if (validateOldSource(errors, parent, source, fields)) return;
  const path = child(parent, source);
  const target = textAt(fields, "path");
  if (source === "hostPath" || source === "local") {
    if (target === "") errors.required(child(path, "path"));
    else if (target.split("/").includes("..")) errors.invalid(child(path, "path"), target, "must not contain '..'");
    if (source === "local" && fieldsAt(spec, "nodeAffinity") === undefined)
      errors.required(child(parent, "nodeAffinity"), "Local volume requires node affinity");
    if (source === "hostPath" && target !== "" && at(fields, "type") !== undefined)
      errors.oneOf(child(path, "type"), textAt(fields, "type"), HOST_PATH_TYPES);
    return;
  }
  if (source === "nfs") {
    if (textAt(fields, "server") === "") errors.required(child(path, "server"));
    if (target === "") errors.required(child(path, "path"));
    if (!target.startsWith("/")) errors.invalid(child(path, "path"), target, "must be an absolute path");
    return;
  }
  if (source === "csi") {
    validateCsi(errors, path, fields);
    return;
  }
  for (const member of REQUIRED[source] ?? []) {
    const isMissing = member === "monitors" ? textsAt(fields, member).length === 0 : textAt(fields, member) === "";
    if (isMissing) errors.required(child(path, member));
  }
  if (source === "azureFile" && at(fields, "secretNamespace") === "") errors.required(child(path, "secretNamespace"));
}

const SECRETS = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
];

function validateCsi(errors: FieldErrors, path: string, csi: Fields): void {
  validateDriverName(errors, child(path, "driver"), textAt(csi, "driver"));
  if (textAt(csi, "volumeHandle") === "") errors.required(child(path, "volumeHandle"));
  for (const member of SECRETS) {
    const secret = fieldsAt(csi, member);
    if (secret === undefined) continue;
    const here = child(path, member);
    const [name, namespace] = [textAt(secret, "name"), textAt(secret, "namespace")];
    if (name === "") errors.required(child(here, "name"));
    else errors.invalidEach(child(here, "name"), name, validateDns1123Subdomain(name));
    if (namespace === "") errors.required(child(here, "namespace"));
    else errors.invalidEach(child(here, "namespace"), namespace, validateDns1123Label(namespace));
  }
}

function validateClasses(errors: FieldErrors, path: string, spec: Fields, isInline: boolean): void {
  const storageClass = textAt(spec, "storageClassName");
  const classPath = child(path, "storageClassName");
  if (storageClass !== "" && isInline) errors.forbidden(classPath, `may not be specified ${INLINE}`);
  else if (storageClass !== "") errors.invalidEach(classPath, storageClass, validateDns1123Subdomain(storageClass));
  const mode = at(spec, "volumeMode");
  const modePath = child(path, "volumeMode");
  if (mode !== undefined && !isInline) errors.oneOf(modePath, String(mode), ["Block", "Filesystem"]);
  else if (mode !== undefined && mode !== "Filesystem")
    errors.forbidden(modePath, `may not specify volumeMode other than Filesystem ${INLINE}`);
  const attributes = at(spec, "volumeAttributesClassName");
  if (typeof attributes !== "string") return;
  const field = child(path, "volumeAttributesClassName");
  if (attributes === "") errors.required(field, "an empty string is disallowed");
  else errors.invalidEach(field, attributes, validateDns1123Subdomain(attributes));
  if (fieldsAt(spec, "csi") === undefined)
    errors.required(child(path, "csi"), "has to be specified when using volumeAttributesClassName");
}
