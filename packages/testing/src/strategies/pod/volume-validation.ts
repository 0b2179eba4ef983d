/**
 * Checks of a Pod's volumes.
 */
import { validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import { internalValue } from "../difference/internal-difference.ts";
import {
  at,
  type Fields,
  fieldsAt,
  fieldsOf,
  isEmpty,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import { validateClaimSpec } from "../storage/claim-validation.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateAnnotations, validateLabelSelector, validateLabels } from "../validation/metadata-validation.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { validateDescendingPath } from "./container-validation.ts";
import { validateFieldRef, validateResourceFieldRef } from "./env-validation.ts";
import { validateOldSource } from "./old-volume-sources.ts";

/** In the order in which the real server looks for them. */
const SOURCES = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
];
/** Paths in messages that differ from the field's name. */
const MISNAMED: Readonly<Record<string, string>> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };
/** Members that a source cannot do without. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  hostPath: ["path"],
  secret: ["secretName"],
  nfs: ["server", "path"],
  glusterfs: ["endpoints", "path"],
  persistentVolumeClaim: ["claimName"],
  cinder: ["volumeID"],
  cephfs: ["monitors"],
  flexVolume: ["driver"],
  configMap: ["name"],
  azureFile: ["secretName", "shareName"],
  vsphereVolume: ["volumePath"],
  photonPersistentDisk: ["pdID"],
  portworxVolume: ["volumeID"],
  csi: ["driver"],
  image: ["reference"],
};
export const HOST_PATH_TYPES: readonly string[] = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const VOLUME_FIELD_PATHS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];
const MODE_TEXT = "must be a number between 0 and 0777 (octal), both inclusive";
const ONE_ONLY = "may not specify more than 1 volume type";

/** Gives the valid volumes by name. `podName` is `""` for a template. */
export function validateVolumes(
  errors: FieldErrors,
  path: string,
  volumes: readonly Fields[],
  podName: string,
): Map<string, Fields> {
  const valid = new Map<string, Fields>();
  for (const [index, volume] of volumes.entries()) {
    const here = `${path}[${index}]`;
    const before = errors.count;
    validateSources(errors, here, volume, podName);
    const name = textAt(volume, "name");
    if (name === "") errors.required(child(here, "name"));
    else errors.invalidEach(child(here, "name"), name, validateDns1123Label(name));
    if (valid.has(name)) errors.duplicate(child(here, "name"), name);
    if (errors.count === before) valid.set(name, volume);
  }
  return valid;
}

function validateSources(errors: FieldErrors, path: string, volume: Fields, podName: string): void {
  let count = 0;
  for (const source of SOURCES) {
    const fields = fieldsOf(volume[source]);
    if (fields === undefined) continue;
    if (count++ > 0) errors.forbidden(child(path, MISNAMED[source] ?? source), ONE_ONLY);
    else validateSource(errors, child(path, source), source, fields, podName, textAt(volume, "name"), path);
  }
  if (count === 0) errors.required(path, "must specify a volume type");
}

function validateSource(
  errors: FieldErrors,
  path: string,
  source: string,
  fields: Fields,
  podName: string,
  name: string,
  volumePath: string,
): void {
  if (validateOldSource(errors, volumePath, source, fields)) return;
  for (const member of REQUIRED[source] ?? []) {
    const value = fields[member];
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0))
      errors.required(child(path, member));
  }
  switch (source) {
    case "emptyDir": {
      const limit = quantityOf(fields["sizeLimit"]);
      if (limit !== undefined && limit.sign < 0)
        errors.forbidden(child(path, "sizeLimit"), "SizeLimit field must be a valid resource quantity");
      return;
    }
    case "hostPath": {
      const target = textAt(fields, "path");
      if (target === "") return;
      if (target.split("/").includes("..")) errors.invalid(child(path, "path"), target, "must not contain '..'");
      errors.oneOf(child(path, "type"), textAt(fields, "type"), HOST_PATH_TYPES);
      return;
    }
    case "nfs": {
      const target = textAt(fields, "path");
      if (!target.startsWith("/")) errors.invalid(child(path, "path"), target, "must be an absolute path");
      return;
    }
    case "secret":
    case "configMap":
      validateMode(errors, child(path, "defaultMode"), fields["defaultMode"]);
      for (const [index, item] of itemsAt(fields, "items").entries())
        validateKeyToPath(errors, `${child(path, "items")}[${index}]`, item);
      return;
    case "downwardAPI":
      validateMode(errors, child(path, "defaultMode"), fields["defaultMode"]);
      for (const item of itemsAt(fields, "items")) validateDownwardFile(errors, path, item);
      return;
    case "projected":
      validateMode(errors, child(path, "defaultMode"), fields["defaultMode"]);
      validateProjections(errors, path, itemsAt(fields, "sources"));
      return;
    case "image":
      errors.oneOf(
        child(path, "pullPolicy"),
        textAt(fields, "pullPolicy"),
        ["Always", "IfNotPresent", "Never"],
        "required",
      );
      return;
    case "ephemeral": {
      const template = fieldsAt(fields, "volumeClaimTemplate");
      if (template === undefined) errors.required(child(path, "volumeClaimTemplate"));
      else validateClaimTemplate(errors, child(path, "volumeClaimTemplate"), template);
      if (podName !== "" && name !== "") {
        const claim = `${podName}-${name}`;
        for (const problem of validateDns1123Subdomain(claim))
          errors.invalid(child(volumePath, "name"), name, `PVC name "${claim}": ${problem}`);
      }
      return;
    }
    case "csi": {
      const driver = textAt(fields, "driver");
      if (driver !== "") validateDriverName(errors, child(path, "driver"), driver);
      const secret = fieldsAt(fields, "nodePublishSecretRef");
      const name = textAt(secret, "name");
      if (secret === undefined) return;
      if (name === "") errors.required(child(path, "nodePublishSecretRef.name"));
      else errors.invalidEach(child(path, "name"), name, validateDns1123Subdomain(name));
      return;
    }
    default:
  }
}

/** The name of a CSI driver. */
export function validateDriverName(errors: FieldErrors, field: string, driver: string): void {
  if (driver === "") {
    errors.required(field);
    return;
  }
  if (driver.length > 63) errors.tooLong(field, 63);
  errors.invalidEach(field, driver, validateDns1123Subdomain(driver.toLowerCase()));
}

const NOT_IN_TEMPLATES = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/** Metadata of what is made of a template: only labels and annotations count. */
export function validateTemplateMetadata(errors: FieldErrors, path: string, metadata: Fields | undefined): void {
  validateAnnotations(errors, child(path, "annotations"), stringMapAt(metadata, "annotations"));
  validateLabels(errors, child(path, "labels"), stringMapAt(metadata, "labels"));
  for (const member of NOT_IN_TEMPLATES)
    if (!isEmpty(at(metadata, member))) errors.forbidden(child(path, member), "cannot be set");
}

function validateClaimTemplate(errors: FieldErrors, path: string, template: Fields): void {
  validateTemplateMetadata(errors, child(path, "metadata"), fieldsAt(template, "metadata"));
  validateClaimSpec(errors, child(path, "spec"), fieldsAt(template, "spec") ?? {});
}

function validateMode(errors: FieldErrors, field: string, mode: unknown): void {
  if (typeof mode === "number" && (mode > 0o777 || mode < 0)) errors.invalid(field, mode, MODE_TEXT);
}

function validateKeyToPath(errors: FieldErrors, path: string, item: Fields): void {
  if (textAt(item, "key") === "") errors.required(child(path, "key"));
  if (textAt(item, "path") === "") errors.required(child(path, "path"));
  validateFilePath(errors, child(path, "path"), textAt(item, "path"));
  validateMode(errors, child(path, "mode"), item["mode"]);
}

function validateFilePath(errors: FieldErrors, field: string, path: string): void {
  validateDescendingPath(errors, field, path);
  if (path.startsWith("..") && !path.startsWith("../")) errors.invalid(field, path, "must not start with '..'");
}

function validateDownwardFile(errors: FieldErrors, path: string, file: Fields): void {
  if (textAt(file, "path") === "") errors.required(child(path, "path"));
  validateFilePath(errors, child(path, "path"), textAt(file, "path"));
  const field = fieldsAt(file, "fieldRef");
  const resource = fieldsAt(file, "resourceFieldRef");
  if (field !== undefined) {
    validateFieldRef(errors, child(path, "fieldRef"), field, VOLUME_FIELD_PATHS);
    if (resource !== undefined)
      errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
  } else if (resource !== undefined) validateResourceFieldRef(errors, child(path, "resourceFieldRef"), resource, true);
  else errors.required(path, "one of fieldRef and resourceFieldRef is required");
  validateMode(errors, child(path, "mode"), file["mode"]);
}

function validateProjections(errors: FieldErrors, path: string, sources: readonly Fields[]): void {
  const paths = new Set<string>();
  for (const [index, source] of sources.entries())
    validateProjection(errors, path, `${child(path, "sources")}[${index}]`, source, paths);
}

/** Each path is to be taken once; `shown` is what a second one is reported with. */
function takePath(errors: FieldErrors, field: string, paths: Set<string>, path: string, shown: string): void {
  if (paths.has(path)) errors.invalid(field, shown, "conflicting duplicate paths");
  if (path !== "") paths.add(path);
}

function validateProjection(
  errors: FieldErrors,
  volumePath: string,
  path: string,
  projection: Fields,
  paths: Set<string>,
): void {
  let count = 0;
  for (const source of [
    "secret",
    "configMap",
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
  ]) {
    const fields = fieldsOf(projection[source]);
    if (fields === undefined) continue;
    count++;
    const here = child(path, source);
    if (source === "secret" || source === "configMap") {
      if (textAt(fields, "name") === "") errors.required(child(here, "name"));
      for (const [index, item] of itemsAt(fields, "items").entries()) {
        validateKeyToPath(errors, `${child(here, "items")}[${index}]`, item);
        takePath(errors, volumePath, paths, textAt(item, "path"), textAt(fields, "name"));
      }
    } else if (source === "downwardAPI") {
      for (const item of itemsAt(fields, "items")) {
        validateDownwardFile(errors, here, item);
        takePath(errors, volumePath, paths, textAt(item, "path"), textAt(item, "path"));
      }
    } else if (source === "serviceAccountToken") {
      const seconds = numberAt(fields, "expirationSeconds");
      if (seconds === undefined) errors.required(child(here, "expirationSeconds"));
      else if (seconds < 600)
        errors.invalid(child(here, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
      else if (seconds > 2 ** 32)
        errors.invalid(
          child(here, "expirationSeconds"),
          seconds,
          "may not specify a duration larger than 2^32 seconds",
        );
      const target = textAt(fields, "path");
      if (target === "") errors.required(child(volumePath, "path"));
      else validateFilePath(errors, child(volumePath, "path"), target);
    } else if (source === "clusterTrustBundle") {
      validateTrustBundle(errors, here, fields);
      takePath(errors, volumePath, paths, textAt(fields, "path"), textAt(fields, "path"));
    }
  }
  if (count > 1) errors.forbidden(path, "may not specify more than 1 volume type per source");
}

function validateTrustBundle(errors: FieldErrors, path: string, bundle: Fields): void {
  const [name, signer] = [at(bundle, "name"), at(bundle, "signerName")];
  const selector = fieldsAt(bundle, "labelSelector");
  if (name !== undefined && signer !== undefined) {
    const shown = internalValue("ClusterTrustBundleProjection", bundle);
    errors.invalid(path, shown, "only one of name and signerName may be used");
  } else if (name !== undefined) {
    if (name === "") errors.required(child(path, "name"), "must be a valid object name");
    if (selector !== undefined)
      errors.invalid(child(path, "labelSelector"), selector, "labelSelector must be unset if name is specified");
  } else if (signer === "") errors.required(child(path, "signerName"), "must be a valid signer name");
  else if (signer === undefined) errors.required(path, "either name or signerName must be specified");
  if (signer !== undefined && name === undefined) validateLabelSelector(errors, child(path, "labelSelector"), selector);
  if (textAt(bundle, "path") === "") errors.required(child(path, "path"));
  validateFilePath(errors, child(path, "path"), textAt(bundle, "path"));
}
