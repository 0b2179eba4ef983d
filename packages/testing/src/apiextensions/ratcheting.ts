/**
 * What was stored before its rules got stricter may stay as it is: errors about parts that an update leaves unchanged don't count.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
 */
import type { FieldError } from "../registry/field-error.ts";
import { fieldsOf, isSemanticallyEqual } from "../strategies/json-access.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";

/** The errors that count, given what the value was before. */
export function ratchet(errors: readonly FieldError[], value: unknown, old: unknown, schema: JsonSchema): FieldError[] {
  return errors.filter((error) => !isOnUnchanged(error, value, old, schema));
}

function isOnUnchanged(error: FieldError, value: unknown, old: unknown, schema: JsonSchema): boolean {
  const steps = error.field === "<nil>" ? [] : (error.field.match(/[^.[\]]+|\[\d+\]/g) ?? []);
  // A field that is missing is an error of what it is missing in, an item that is there twice one of its list.
  if (error.type === "FieldValueRequired" || error.type === "FieldValueDuplicate") steps.pop();
  let [now, before, node]: [unknown, unknown, JsonSchema | undefined] = [value, old, schema];
  if (isSame(now, before)) return true;
  for (const step of steps) {
    if (before === undefined || node === undefined) return false;
    if (step.startsWith("[") && Array.isArray(now)) {
      const item: unknown = now[Number(step.slice(1, -1))];
      before = correlatedItems(node, before)(item);
      now = item;
      node = itemsOf(node);
    } else {
      before = node["x-kubernetes-map-type"] === "atomic" ? undefined : fieldsOf(before)?.[step];
      now = fieldsOf(now)?.[step];
      node = propertyOf(node, step) ?? additionalOf(node);
    }
    if (isSame(now, before)) return true;
  }
  return false;
}

function isSame(now: unknown, before: unknown): boolean {
  return before !== undefined && isSemanticallyEqual(now, before);
}

/** Finds the item of the old list that an item was: only keyed lists tell. */
export function correlatedItems(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => undefined;
  const identity = (item: unknown) => JSON.stringify(keys.map((key) => fieldsOf(item)?.[key]));
  const byIdentity = new Map(old.map((item) => [identity(item), item as unknown]));
  return (item) => byIdentity.get(identity(item));
}
