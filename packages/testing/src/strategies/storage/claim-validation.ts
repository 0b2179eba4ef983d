/**
 * A claim's spec: of PersistentVolumeClaims, of StatefulSets' templates and of ephemeral volumes.
 */
import { validateDns1123Subdomain } from "bowline/core";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  textAt,
  textsAt,
} from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateLabelSelector } from "../validation/metadata-validation.ts";
import { quantityOf, roundUpResources } from "../validation/resource-validation.ts";

export const ACCESS_MODES: readonly string[] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

export function defaultClaim(claim: Fields): void {
  fillEmpty(ensureFields(claim, "status"), "phase", "Pending");
  const spec = ensureFields(claim, "spec");
  fillAbsent(spec, "volumeMode", "Filesystem");
  roundUpResources(fieldsAt(spec, "resources", "requests"), fieldsAt(spec, "resources", "limits"));
}

export function validateAccessModes(errors: FieldErrors, path: string, modes: readonly string[]): void {
  for (const mode of modes) errors.oneOf(path, mode, ACCESS_MODES);
  if (
    modes.includes("ReadWriteOncePod") &&
    modes.some((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode))
  ) {
    errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
  }
}

export function validateClaimSpec(errors: FieldErrors, path: string, spec: Fields): void {
  const modes = textsAt(spec, "accessModes");
  if (modes.length === 0) errors.required(child(path, "accessModes"), "at least 1 access mode is required");
  validateLabelSelector(errors, child(path, "selector"), fieldsAt(spec, "selector"));
  validateAccessModes(errors, child(path, "accessModes"), modes);
  const sizePath = `${child(path, "resources")}[storage]`;
  const size = quantityOf(fieldsAt(spec, "resources", "requests")?.["storage"]);
  if (size === undefined) errors.required(sizePath);
  else if (size.sign <= 0) errors.invalid(sizePath, size.toString(), "must be greater than zero");
  const storageClass = textAt(spec, "storageClassName");
  if (storageClass !== "")
    errors.invalidEach(child(path, "storageClassName"), storageClass, validateDns1123Subdomain(storageClass));
  if (at(spec, "volumeMode") !== undefined)
    errors.oneOf(child(path, "volumeMode"), textAt(spec, "volumeMode"), ["Block", "Filesystem"]);
  for (const member of ["dataSource", "dataSourceRef"]) {
    const source = fieldsAt(spec, member);
    if (source === undefined) continue;
    const here = child(path, member);
    const kind = textAt(source, "kind");
    const group = textAt(source, "apiGroup");
    if (textAt(source, "name") === "") errors.required(child(here, "name"));
    if (kind === "") errors.required(child(here, "kind"));
    if (group === "" && kind !== "PersistentVolumeClaim") {
      errors.invalid(here, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    }
    if (group !== "") errors.invalidEach(child(here, "apiGroup"), group, validateDns1123Subdomain(group));
  }
  const [source, reference] = [fieldsAt(spec, "dataSource"), fieldsAt(spec, "dataSourceRef")];
  if (source !== undefined && reference !== undefined && !isSemanticallyEqual(source, reference))
    errors.invalid(path, {}, "must match dataSourceRef");
  const attributes = textAt(spec, "volumeAttributesClassName");
  if (attributes !== "")
    errors.invalidEach(child(path, "volumeAttributesClassName"), attributes, validateDns1123Subdomain(attributes));
}
