/**
 * Plain JSON, and what the merge functions share about it.
 */
import { isJsonObject } from "bowline/core";
import { keepEmpty } from "../schema/encode.ts";
import { keepOrder } from "../schema/given-order.ts";
import { define } from "../schema/json-reader.ts";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue };
export type JsonRecord = { [field: string]: JsonValue };

export function isRecord(value: unknown): value is JsonRecord {
  return isJsonObject(value);
}

/** A deep copy. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) define(copy, key, clone(item));
  keepEmpty(value, copy);
  keepOrder(value, copy);
  return copy as T;
}

/** A copy with the keys of the given objects in alphabetical order, as Go writes the maps that a patch has opened. */
export function withSortedKeys(value: JsonValue, opened: ReadonlySet<object>): JsonValue {
  if (typeof value !== "object" || value === null || !opened.has(value)) return value;
  if (Array.isArray(value)) return value.map((item) => withSortedKeys(item, opened));
  const sorted: JsonRecord = {};
  for (const key of Object.keys(value).sort()) define(sorted, key, withSortedKeys(value[key] ?? null, opened));
  return sorted;
}
