/**
 * Lists whose items have an identity, so that apply and strategic merge patch merge them item by item.
 */
import { referenceOf, type Schema } from "./openapi-document.ts";

export interface KeyedList {
  /** The fields that tell items apart. */
  readonly keys: readonly string[];
  /** Those of `keys` that a writer has to give. */
  readonly requiredKeys: readonly string[];
  readonly item: Schema;
}

/**
 * Reads the keys of a list: `x-kubernetes-list-map-keys`, or the merge key where only strategic merge patch merges it.
 * Undefined for any other list.
 */
export function keyedListOf(list: Schema, schemas: ReadonlyMap<string, Schema>): KeyedList | undefined {
  const { items } = list;
  if (list.type !== "array" || items === undefined) return undefined;
  const mapKeys = list["x-kubernetes-list-type"] === "map" ? list["x-kubernetes-list-map-keys"] : undefined;
  const isMerged = list["x-kubernetes-patch-strategy"]?.split(",").includes("merge") === true;
  const mergeKey = isMerged ? list["x-kubernetes-patch-merge-key"] : undefined;
  const keys = mapKeys ?? (mergeKey === undefined ? undefined : [mergeKey]);
  if (keys === undefined) return undefined;
  const reference = referenceOf(items);
  const item = reference === undefined ? items : schemas.get(reference);
  if (item?.properties === undefined) return undefined;
  const known = keys.filter((key) => item.properties?.[key] !== undefined);
  return { keys: known, requiredKeys: requiredKeysOf(item, known), item };
}

/**
 * A key is not required where the server fills it in: a default other than the zero value, which OpenAPI states for every
 * plain Go field. Nor is an optional one beside keys that are required. One key at least is required.
 */
function requiredKeysOf(item: Schema, keys: readonly string[]): string[] {
  const given = keys.filter((key) => !hasDefault(item.properties?.[key]));
  const required = given.filter((key) => item.required?.includes(key) === true);
  return required.length > 0 ? required : given;
}

function hasDefault(field: Schema | undefined): boolean {
  const value = field?.default;
  return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
}
