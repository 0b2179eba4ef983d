/**
 * JSON merge patch (RFC 7386) with the habits of the server's library.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7386
 */
import { define } from "../schema/json-reader.ts";
import { clone, isRecord, type JsonRecord, type JsonValue, withSortedKeys } from "./json-value.ts";

/**
 * Applies a merge patch and leaves its arguments alone. Keys of objects that the patch touches come out sorted, as in the
 * server's error texts, which quote the result.
 */
export function applyMergePatch(document: JsonRecord, patch: JsonRecord): JsonRecord {
  const opened = new Set<object>();
  const result = clone(document);
  mergeInto(result, clone(patch), opened);
  return withSortedKeys(result, opened) as JsonRecord;
}

function mergeInto(target: JsonRecord, patch: JsonRecord, opened: Set<object>): void {
  opened.add(target);
  for (const [key, value] of Object.entries(patch)) {
    const current = Object.hasOwn(target, key) ? target[key] : undefined;
    if (value === null) delete target[key];
    else if (!isRecord(current)) define(target, key, withoutNulls(value, opened));
    // An array that replaces an object is taken with the nulls in it.
    else if (isRecord(value)) mergeInto(current, value, opened);
    else target[key] = value;
  }
}

/** Nulls of objects go, also inside arrays; nulls that are elements stay. */
function withoutNulls(value: JsonValue, opened: Set<object>): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  opened.add(value);
  if (Array.isArray(value)) {
    for (const item of value) withoutNulls(item, opened);
    return value;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === null) delete value[key];
    else withoutNulls(item, opened);
  }
  return value;
}
