/**
 * Checks of volume sources of single makers and protocols, as Pods and PersistentVolumes have them alike.
 */
import { validateDns1123Label, validateInRange } from "bowline/core";
import { at, type Fields, fieldsAt, isTrueAt, numberAt, textAt, textsAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateDescendingPath } from "./container-validation.ts";

type SourceRule = (errors: FieldErrors, path: string, fields: Fields) => void;

const RULES: Readonly<Record<string, SourceRule>> = {
  // The name in the path is not the field's.
  gcePersistentDisk: (errors, path, fields) =>
    validateDisk(errors, path.replace(/gcePersistentDisk$/, "persistentDisk"), fields, "pdName"),
  awsElasticBlockStore: (errors, path, fields) => validateDisk(errors, path, fields, "volumeID"),
  gitRepo(errors, path, fields): void {
    requireAll(errors, path, fields, ["repository"]);
    validateDescendingPath(errors, child(path, "directory"), textAt(fields, "directory"));
  },
  storageos(errors, path, fields): void {
    for (const member of ["volumeName", "volumeNamespace"]) {
      const name = textAt(fields, member);
      if (name !== "") errors.invalidEach(child(path, member), name, validateDns1123Label(name));
      else if (member === "volumeName") errors.required(child(path, member));
    }
    const secret = fieldsAt(fields, "secretRef");
    if (secret !== undefined) requireAll(errors, child(path, "secretRef"), secret, ["name"]);
  },
  quobyte: validateQuobyte,
  scaleIO: (errors, path, fields) => requireAll(errors, path, fields, ["gateway", "system", "volumeName"]),
  flocker(errors, path, fields): void {
    const [name, uuid] = [textAt(fields, "datasetName"), textAt(fields, "datasetUUID")];
    if (name === "" && uuid === "") errors.required(path, "one of datasetName and datasetUUID is required");
    if (name !== "" && uuid !== "")
      errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
    if (name.includes("/")) errors.invalid(child(path, "datasetName"), name, "must not contain '/'");
  },
  azureDisk: validateAzureDisk,
  fc(errors, path, fields): void {
    const [names, ids] = [textsAt(fields, "targetWWNs"), textsAt(fields, "wwids")];
    const field = child(path, "targetWWNs");
    if (names.length === 0 && ids.length === 0)
      errors.required(field, "must specify either targetWWNs or wwids, but not both");
    if (names.length > 0 && ids.length > 0)
      errors.invalid(field, names, "targetWWNs and wwids can not be specified simultaneously");
    if (names.length === 0) return;
    const lun = numberAt(fields, "lun");
    if (lun === undefined) errors.required(child(path, "lun"), "lun is required if targetWWNs is specified");
    else errors.invalidEach(child(path, "lun"), lun, validateInRange(lun, 0, 255));
  },
  iscsi: validateIscsi,
  rbd(errors, path, fields): void {
    if (textsAt(fields, "monitors").length === 0) errors.required(child(path, "monitors"));
    requireAll(errors, path, fields, ["image"]);
  },
};

/** Checks a source of `path`, and says whether it is one of those here. */
export function validateOldSource(errors: FieldErrors, path: string, source: string, fields: Fields): boolean {
  const rule = RULES[source];
  rule?.(errors, child(path, source), fields);
  return rule !== undefined;
}

function requireAll(errors: FieldErrors, path: string, fields: Fields, members: readonly string[]): void {
  for (const member of members) if (textAt(fields, member) === "") errors.required(child(path, member));
}

function validateDisk(errors: FieldErrors, path: string, fields: Fields, id: string): void {
  requireAll(errors, path, fields, [id]);
  const partition = numberAt(fields, "partition") ?? 0;
  // The text says 1, but 0 stands for the whole disk.
  if (partition < 0 || partition > 255)
    errors.invalid(child(path, "partition"), partition, "must be between 1 and 255, inclusive");
}

function validateQuobyte(errors: FieldErrors, path: string, fields: Fields): void {
  const registry = textAt(fields, "registry");
  const pairs = "must be a host:port pair or multiple pairs separated by commas";
  if (registry === "") errors.required(child(path, "registry"), pairs);
  else if (textAt(fields, "tenant").length >= 65)
    errors.required(child(path, "tenant"), "must be a UUID and may not exceed a length of 64 characters");
  else
    for (const pair of registry.split(",")) {
      if (!/^(\[[^\]]*\]|[^:]*):[^:]*$/.test(pair)) errors.invalid(child(path, "registry"), registry, pairs);
    }
  requireAll(errors, path, fields, ["volume"]);
}

const MANAGED_DISK = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const BLOB_DISK = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

function validateAzureDisk(errors: FieldErrors, path: string, fields: Fields): void {
  requireAll(errors, path, fields, ["diskName", "diskURI"]);
  const caching = at(fields, "cachingMode");
  if (caching !== undefined)
    errors.oneOf(child(path, "cachingMode"), String(caching), ["None", "ReadOnly", "ReadWrite"]);
  const kind = at(fields, "kind");
  if (kind === undefined) return;
  errors.oneOf(child(path, "kind"), String(kind), ["Dedicated", "Managed", "Shared"]);
  const uri = textAt(fields, "diskURI");
  const field = child(path, "diskURI");
  if (kind === "Managed") {
    if (!uri.startsWith("/subscriptions/")) errors.notSupported(field, uri, [MANAGED_DISK], true);
  } else if (!uri.startsWith("https://")) errors.notSupported(field, uri, [BLOB_DISK], true);
}

const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[a-zA-Z0-9\-.]+:[^,;*&$|\s]+$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
};

function validateIscsi(errors: FieldErrors, path: string, fields: Fields): void {
  requireAll(errors, path, fields, ["targetPortal", "iqn"]);
  const name = textAt(fields, "iqn");
  // A PersistentVolume says nothing of the start.
  const isOfVolume = path.startsWith("spec.iscsi");
  if (name !== "") validateIscsiName(errors, child(path, "iqn"), name, isOfVolume);
  const lun = numberAt(fields, "lun") ?? 0;
  errors.invalidEach(child(path, "lun"), lun, validateInRange(lun, 0, 255));
  const wantsSecret = isTrueAt(fields, "chapAuthDiscovery") || isTrueAt(fields, "chapAuthSession");
  if (wantsSecret && at(fields, "secretRef") === undefined) errors.required(child(path, "secretRef"));
  const initiator = at(fields, "initiatorName");
  if (typeof initiator === "string") validateIscsiName(errors, child(path, "initiatorname"), initiator);
}

function validateIscsiName(errors: FieldErrors, field: string, name: string, isBrief = false): void {
  const pattern = ISCSI_NAMES[name.slice(0, 3)];
  if (pattern === undefined && !isBrief)
    errors.invalid(field, name, "must be valid format starting with iqn, eui, or naa");
  else if (pattern?.test(name) !== true) errors.invalid(field, name, "must be valid format");
}
