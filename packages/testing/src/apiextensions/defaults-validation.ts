/**
 * Whether the defaults in a schema would themselves be accepted.
 */
import type { FieldError } from "../registry/field-error.ts";
import { pruneCustom } from "../schema/custom-object.ts";
import { validateCustom } from "../schema/custom-validation.ts";
import type { CustomSchema } from "../schema/schema.ts";
import { isSemanticallyEqual } from "../strategies/json-access.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { validateEmbedded } from "./embedded-resources.ts";
import { itemsOf, type JsonSchema, propertiesOf } from "./json-schema.ts";
import { validateDefaultByRules } from "./rule-validation.ts";
import { keyed } from "./structural-validation.ts";

/** What is wrong with defaults. Those inside `additionalProperties` are forbidden elsewhere. */
export function defaultErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors = new FieldErrors();
  checkNode(errors, { ...schema, "x-kubernetes-embedded-resource": true }, path);
  return errors.all();
}

function checkNode(errors: FieldErrors, schema: JsonSchema, path: string): void {
  const { default: value } = schema;
  if (value !== undefined && value !== null) checkDefault(errors, value, schema, child(path, "default"));
  const items = itemsOf(schema);
  if (items !== undefined) checkNode(errors, items, child(path, "items"));
  for (const [name, property] of propertiesOf(schema))
    checkNode(errors, property, keyed(child(path, "properties"), name));
}

function checkDefault(errors: FieldErrors, value: unknown, schema: JsonSchema, path: string): void {
  const custom = schema as CustomSchema;
  const pruned = structuredClone({ value });
  // The wrapper keeps the value from counting as a resource, whose metadata is never dropped.
  pruneCustom(pruned, { type: "object", properties: { value: custom } });
  if (!isSemanticallyEqual(pruned.value, value)) errors.invalid(path, value, "must not have unknown fields");
  const resources = validateEmbedded(value, schema);
  if (resources.length > 0) {
    errors.addAll(resources.map((error) => ({ ...error, field: child(path, error.field) })));
    return;
  }
  const found = validateCustom(value, custom).filter((error) => !isLeftOut(error));
  const wrong = found.length > 0 ? found : validateDefaultByRules(value, schema, false);
  errors.addAll(wrong.map((error) => ({ ...error, field: error.field === "<nil>" ? path : child(path, error.field) })));
}

/** What is not asked of a default: that sets have no duplicates, and that an int-or-string is one. */
function isLeftOut({ type, message }: FieldError): boolean {
  return (
    type === "FieldValueDuplicate" ||
    message.includes("in body must be of type integer,string") ||
    message.includes("some validation rules were not checked")
  );
}
