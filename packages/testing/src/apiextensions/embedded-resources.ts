/**
 * Whole resources inside of custom resources (`x-kubernetes-embedded-resource`): their kind and metadata are checked too.
 */
import { validateDns1035Label, validatePathSegmentName } from "bowline/core";
import type { FieldError } from "../registry/field-error.ts";
import { fieldsOf } from "../strategies/json-access.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { validateMetadata } from "../strategies/validation/metadata-validation.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";

/** What is wrong with resources inside a value. */
export function validateEmbedded(value: unknown, schema: JsonSchema): FieldError[] {
  const errors = new FieldErrors();
  checkNode(errors, value, schema, "");
  return errors.all();
}

function checkNode(errors: FieldErrors, value: unknown, schema: JsonSchema, path: string): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined)
      for (const [index, item] of value.entries()) checkNode(errors, item, items, `${path}[${index}]`);
    return;
  }
  const fields = fieldsOf(value);
  if (fields === undefined) return;
  if (schema["x-kubernetes-embedded-resource"] === true) checkResource(errors, fields, path);
  for (const [name, member] of Object.entries(fields)) {
    const property = propertyOf(schema, name);
    const additional = additionalOf(schema);
    if (property !== undefined) checkNode(errors, member, property, child(path, name));
    else if (additional !== undefined) checkNode(errors, member, additional, `${path}[${name}]`);
  }
}

function checkResource(errors: FieldErrors, fields: Readonly<Record<string, unknown>>, path: string): void {
  for (const member of ["apiVersion", "kind"]) if (fields[member] === undefined) errors.required(child(path, member));
  const { apiVersion, kind, metadata } = fields;
  if (apiVersion !== undefined) {
    const field = child(path, "apiVersion");
    if (typeof apiVersion !== "string") errors.invalid(field, apiVersion, "must be a string");
    else if (apiVersion === "") errors.invalid(field, apiVersion, "must not be empty");
    else if (apiVersion.split("/").length > 2)
      errors.invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  }
  if (kind !== undefined) {
    const field = child(path, "kind");
    if (typeof kind !== "string") errors.invalid(field, kind, "must be a string");
    else if (kind === "") errors.invalid(field, kind, "must not be empty");
    else {
      const problems = validateDns1035Label(kind.toLowerCase());
      if (problems.length > 0)
        errors.invalid(field, kind, `may have mixed case, but should otherwise match: ${problems.join(",")}`);
    }
  }
  const meta = fieldsOf(metadata);
  if (meta === undefined) return;
  const isNamespaced = typeof meta["namespace"] === "string" && meta["namespace"] !== "";
  validateMetadata(
    errors,
    { name: "fakename", ...meta },
    isNamespaced,
    validatePathSegmentName,
    child(path, "metadata"),
    false,
  );
}
