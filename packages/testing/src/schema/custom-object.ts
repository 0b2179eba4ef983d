/**
 * What the server does to a custom resource before it looks at its values: fills in defaults, drops fields that are not in the
 * schema and nulls that it does not allow.
 */
import { isFloatLiteral, noteFloat } from "./float-literals.ts";
import { define } from "./json-reader.ts";
import type { CustomSchema } from "./schema.ts";

type Fields = Record<string, unknown>;

const resourceFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** Fills in defaults, in place, as on every read and write. */
export function defaultCustom(value: unknown, schema: CustomSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isForbiddenNull(item, schema.items)) value[index] = structuredClone(schema.items?.default ?? null);
      defaultCustom(value[index], schema.items);
    }
    return;
  }
  if (!isFields(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || property.default === null) continue;
    if (!Object.hasOwn(value, key) || isForbiddenNull(value[key], property))
      value[key] = structuredClone(property.default);
  }
  for (const key of Object.keys(value)) {
    const property = own(schema.properties, key);
    if (property !== undefined) defaultCustom(value[key], property);
    else if (typeof schema.additionalProperties === "object") {
      if (isForbiddenNull(value[key], schema.additionalProperties))
        value[key] = structuredClone(schema.additionalProperties.default ?? null);
      defaultCustom(value[key], schema.additionalProperties);
    }
  }
}

/** Drops unknown fields, in place. Returns their paths in alphabetical order: `spec.a`, `spec.list[0].b`. */
export function pruneCustom(object: unknown, schema: CustomSchema): string[] {
  const unknown: string[] = [];
  prune(object, { ...schema, "x-kubernetes-embedded-resource": true }, "", unknown);
  return unknown.sort();
}

function prune(value: unknown, schema: CustomSchema | undefined, path: string, unknown: string[]): void {
  const keeps = schema?.["x-kubernetes-preserve-unknown-fields"] === true;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (!keeps) prune(item, schema?.items, `${path}[${index}]`, unknown);
      else if (schema?.items !== undefined) {
        prune(item, { "x-kubernetes-preserve-unknown-fields": true, ...schema.items }, `${path}[${index}]`, unknown);
      }
    }
    return;
  }
  if (!isFields(value)) return;
  for (const key of Object.keys(value)) {
    if (schema?.["x-kubernetes-embedded-resource"] === true && resourceFields.has(key)) continue;
    const below = path === "" ? key : `${path}.${key}`;
    const property = own(schema?.properties, key);
    const additional = schema?.additionalProperties;
    if (property !== undefined) prune(value[key], property, below, unknown);
    else if (typeof additional === "object") prune(value[key], additional, below, unknown);
    else if (additional !== true && !keeps) {
      unknown.push(below);
      delete value[key];
    }
  }
}

/** Drops nulls of fields that may not be null and have no default, in place. Elements of lists stay. */
export function dropNulls(value: unknown, schema: CustomSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, schema.items);
    return;
  }
  if (!isFields(value)) return;
  const { additionalProperties } = schema;
  for (const key of Object.keys(value)) {
    const property =
      own(schema.properties, key) ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (isForbiddenNull(value[key], property) && property?.default === undefined) delete value[key];
    else dropNulls(value[key], property);
  }
}

/** A copy with all keys in alphabetical order, as the server writes custom resources. */
export function withSortedFields<T>(value: T): T {
  if (Array.isArray(value)) {
    const list = value.map(withSortedFields);
    for (const index of value.keys()) if (isFloatLiteral(value, index)) noteFloat(list, index);
    return list as T;
  }
  if (!isFields(value)) return value;
  const sorted: Fields = {};
  for (const key of Object.keys(value).sort()) {
    define(sorted, key, withSortedFields(value[key]));
    if (isFloatLiteral(value, key)) noteFloat(sorted, key);
  }
  return sorted as T;
}

function isForbiddenNull(value: unknown, schema: CustomSchema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

function own(properties: CustomSchema["properties"], key: string): CustomSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
