/**
 * Checks of `metadata`, the same for every kind but for the rule of its name.
 */
import {
  goQuote,
  type ParsedLabelSelector,
  ParseError,
  parseLabelSelector,
  type ValidateName,
  validateLabelKey,
  validateLabelValue,
  validateNameIsDns1123Label,
} from "bowline/core";
import { unprintable } from "../../merge/manager-name.ts";
import {
  at,
  type Fields,
  fieldsAt,
  fieldsOf,
  isSemanticallyEqual,
  itemsAt,
  keysInOrder,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import { child, FieldErrors, IMMUTABLE, typedText } from "./field-errors.ts";

const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"]);
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Checks a new object's metadata. */
export function validateMetadata(
  errors: FieldErrors,
  metadata: Fields,
  isNamespaced: boolean,
  nameRule: ValidateName,
  path = "metadata",
  /** Whether finalizers must be qualified, as for all kinds of kube-apiserver itself, custom resources not among them. */
  wantsQualifiedFinalizers = true,
): void {
  const generateName = textAt(metadata, "generateName");
  if (generateName !== "") errors.invalidEach(child(path, "generateName"), generateName, nameRule(generateName, true));
  const name = textAt(metadata, "name");
  if (name === "") errors.required(child(path, "name"), "name or generateName is required");
  else errors.invalidEach(child(path, "name"), name, nameRule(name, false));
  const namespace = textAt(metadata, "namespace");
  if (!isNamespaced) {
    if (namespace !== "") errors.forbidden(child(path, "namespace"), "not allowed on this type");
  } else if (namespace === "") errors.required(child(path, "namespace"));
  else errors.invalidEach(child(path, "namespace"), namespace, validateNameIsDns1123Label(namespace, false));
  errors.notNegative(child(path, "generation"), numberAt(metadata, "generation"));
  validateLabels(errors, child(path, "labels"), stringMapAt(metadata, "labels"));
  validateAnnotations(errors, child(path, "annotations"), stringMapAt(metadata, "annotations"));
  validateOwnerReferences(errors, child(path, "ownerReferences"), metadata["ownerReferences"]);
  validateFinalizers(errors, child(path, "finalizers"), textsAt(metadata, "finalizers"));
  validateManagedFields(errors, child(path, "managedFields"), itemsAt(metadata, "managedFields"));
  if (wantsQualifiedFinalizers) validateFinalizerNames(errors, metadata, path);
}

/** Checks a changed object's metadata against what was stored. */
export function validateMetadataUpdate(
  errors: FieldErrors,
  metadata: Fields,
  old: Fields,
  path = "metadata",
  wantsQualifiedFinalizers = true,
): void {
  if (at(old, "deletionTimestamp") !== undefined) {
    const known = new Set(textsAt(old, "finalizers"));
    const added = [...new Set(textsAt(metadata, "finalizers"))].filter((finalizer) => !known.has(finalizer)).sort();
    if (added.length > 0) {
      const list = `[]string{${added.map((finalizer) => goQuote(finalizer)).join(", ")}}`;
      errors.forbidden(
        child(path, "finalizers"),
        `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
      );
    }
  }
  const generation = numberAt(metadata, "generation") ?? 0;
  errors.notNegative(child(path, "generation"), generation);
  if (generation < (numberAt(old, "generation") ?? 0))
    errors.invalid(child(path, "generation"), generation, "must not be decremented");
  for (const name of ["name", "namespace", "uid"]) {
    if (textAt(metadata, name) !== textAt(old, name))
      errors.invalid(child(path, name), textAt(metadata, name), IMMUTABLE);
  }
  for (const name of ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"]) {
    if (!isSemanticallyEqual(metadata[name], old[name]))
      errors.invalid(child(path, name), metadata[name] ?? null, IMMUTABLE);
  }
  validateLabels(errors, child(path, "labels"), stringMapAt(metadata, "labels"));
  validateAnnotations(errors, child(path, "annotations"), stringMapAt(metadata, "annotations"));
  validateOwnerReferences(errors, child(path, "ownerReferences"), metadata["ownerReferences"]);
  validateFinalizers(errors, child(path, "finalizers"), textsAt(metadata, "finalizers"));
  validateManagedFields(errors, child(path, "managedFields"), itemsAt(metadata, "managedFields"));
  if (wantsQualifiedFinalizers) validateFinalizerNames(errors, metadata, path);
}

function validateFinalizerNames(errors: FieldErrors, metadata: Fields, path: string): void {
  for (const [index, finalizer] of textsAt(metadata, "finalizers").entries()) {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.has(finalizer)) continue;
    const why = "name is neither a standard finalizer name nor is it fully qualified";
    errors.invalid(`${child(path, "finalizers")}[${index}]`, finalizer, why);
  }
}

/** Keys and values; the real server goes through them in random order, this one in alphabetical. */
export function validateLabels(errors: FieldErrors, path: string, labels: Readonly<Record<string, string>>): void {
  for (const key of keysInOrder(labels)) {
    errors.invalidEach(path, key, validateLabelKey(key));
    errors.invalidEach(path, labels[key], validateLabelValue(labels[key] ?? ""));
  }
}

export function validateAnnotations(
  errors: FieldErrors,
  path: string,
  annotations: Readonly<Record<string, string>>,
): void {
  let bytes = 0;
  for (const key of keysInOrder(annotations)) {
    errors.invalidEach(path, key, validateLabelKey(key.toLowerCase()));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(annotations[key] ?? "");
  }
  if (bytes > MAX_ANNOTATIONS_BYTES) errors.tooLong(path, MAX_ANNOTATIONS_BYTES);
}

function validateOwnerReferences(errors: FieldErrors, path: string, references: unknown): void {
  if (!Array.isArray(references)) return;
  let controller = "";
  for (const [index, item] of references.entries()) {
    const reference = fieldsOf(item) ?? {};
    const here = `${path}[${index}]`;
    const apiVersion = textAt(reference, "apiVersion");
    if (apiVersion === "") errors.required(child(here, "apiVersion"), "must not be empty");
    else if (!/^[^/]+(\/[^/]+)?$/.test(apiVersion)) {
      errors.invalid(child(here, "apiVersion"), apiVersion, "must be <group>/<version> or <version>");
    }
    for (const name of ["kind", "name", "uid"]) {
      if (textAt(reference, name) === "") errors.required(child(here, name), "must not be empty");
    }
    if (apiVersion === "v1" && textAt(reference, "kind") === "Event") {
      errors.invalid(here, reference, "/v1, Kind=Event is disallowed from being an owner");
    }
    if (reference["controller"] !== true) continue;
    const current = `${textAt(reference, "kind")}/${textAt(reference, "name")}`;
    if (controller === "") controller = current;
    else {
      const why = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`;
      errors.invalid(path, references.map(goOwnerReference), why);
    }
  }
}

/** An owner reference with its members in the order of the API's type. */
function goOwnerReference(reference: Fields): Fields {
  const out: Fields = {};
  for (const name of ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"]) {
    if (reference[name] !== undefined) out[name] = reference[name];
  }
  return out;
}

function validateFinalizers(errors: FieldErrors, path: string, finalizers: readonly string[]): void {
  for (const finalizer of finalizers) errors.invalidEach(path, finalizer, validateLabelKey(finalizer));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
  }
}

function validateManagedFields(errors: FieldErrors, path: string, entries: readonly Fields[]): void {
  for (const [index, entry] of entries.entries()) {
    const here = `${path}[${index}]`;
    const operation = textAt(entry, "operation");
    if (operation === "") errors.required(child(here, "operation"), "must not be empty");
    else if (operation !== "Apply" && operation !== "Update")
      errors.notSupported(child(here, "operation"), operation, ["Apply", "Update"]);
    const fieldsType = textAt(entry, "fieldsType");
    if (fieldsType !== "" && fieldsType !== "FieldsV1")
      errors.invalid(child(here, "fieldsType"), fieldsType, "must be `FieldsV1`");
    const manager = textAt(entry, "manager");
    if (Buffer.byteLength(manager) > 128) errors.tooLong(child(here, "manager"), 128);
    for (const why of unprintable(manager)) errors.invalid(child(here, "manager"), manager, why);
    if (Buffer.byteLength(textAt(entry, "subresource")) > 256) errors.tooLong(child(here, "subresource"), 256);
  }
}

/** Checks a label selector. */
export function validateLabelSelector(errors: FieldErrors, path: string, selector: Fields | undefined): void {
  if (selector === undefined) return;
  validateLabels(errors, child(path, "matchLabels"), stringMapAt(selector, "matchLabels"));
  for (const [index, expression] of itemsAt(selector, "matchExpressions").entries())
    validateSelectorExpression(errors, `${child(path, "matchExpressions")}[${index}]`, expression);
}

/** Checks one requirement of a label selector; those of node selectors may also compare integers. */
export function validateSelectorExpression(
  errors: FieldErrors,
  path: string,
  expression: Fields,
  mayCompare: boolean = false,
  looksAtValues: boolean = true,
): void {
  const values = textsAt(expression, "values");
  const operator = textAt(expression, "operator");
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.required(child(path, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.forbidden(child(path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (mayCompare && (operator === "Gt" || operator === "Lt")) {
    if (values.length !== 1)
      errors.required(child(path, "values"), "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else errors.invalid(child(path, "operator"), typedText(operator), "not a valid selector operator");
  const key = textAt(expression, "key");
  errors.invalidEach(child(path, "key"), key, validateLabelKey(key));
  for (const [i, value] of (looksAtValues ? values : []).entries())
    errors.invalidEach(`${child(path, "values")}[${i}]`, value, validateLabelValue(value));
}

/** Whether a label selector can be asked: its keys, values and operators are right. */
export function isUsable(selector: Fields | undefined): boolean {
  const errors = new FieldErrors();
  validateLabelSelector(errors, "", selector);
  return errors.all().length === 0;
}

/** Whether a label selector asks for nothing. */
export function isEmptySelector(selector: Fields | undefined): boolean {
  return (
    itemsAt(selector, "matchExpressions").length === 0 &&
    Object.keys(fieldsAt(selector, "matchLabels") ?? {}).length === 0
  );
}

/** A label selector that is stored, ready to be asked; undefined where it cannot be, as one that was never checked. */
export function readSelector(selector: Fields): ParsedLabelSelector | undefined {
  const matchExpressions = itemsAt(selector, "matchExpressions").map((expression) => ({
    key: textAt(expression, "key"),
    operator: textAt(expression, "operator"),
    values: textsAt(expression, "values"),
  }));
  try {
    return parseLabelSelector({ matchLabels: stringMapAt(selector, "matchLabels"), matchExpressions });
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** Whether labels match a label selector: an empty one matches all, an absent one or one that cannot be asked nothing. */
export function selectorMatches(selector: Fields | undefined, labels: Readonly<Record<string, string>>): boolean {
  return selector !== undefined && (readSelector(selector)?.matches(labels) ?? false);
}

/** The selector with its members as Go prints it: `matchLabels` sorted, then `matchExpressions`. */
export function goSelector(selector: Fields | undefined): unknown {
  if (selector === undefined) return null;
  const labels = stringMapAt(selector, "matchLabels");
  const expressions = itemsAt(selector, "matchExpressions").map((expression) => {
    const values = textsAt(expression, "values");
    return {
      key: textAt(expression, "key"),
      operator: textAt(expression, "operator"),
      ...(values.length > 0 ? { values } : {}),
    };
  });
  const keys = Object.keys(labels).sort();
  return {
    ...(keys.length > 0 ? { matchLabels: Object.fromEntries(keys.map((key) => [key, labels[key]])) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}
