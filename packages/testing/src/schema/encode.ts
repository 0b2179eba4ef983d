/**
 * What Go's encoder writes of a struct: fields in order, without what omitempty drops, with the zero values that it keeps.
 */
import { define } from "./json-reader.ts";
import type { Field, Schema, StructSchema } from "./schema.ts";

/** Fields in Go's order, less what omitempty drops, and with the zero values that it does not. */
export function encodeStruct(given: ReadonlyMap<string, unknown>, schema: StructSchema): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of schema.fields.values()) {
    const value = given.get(field.name) ?? zeroField(field);
    if (value === undefined) continue;
    if (!isOmitted(value, field)) out[field.name] = value;
    else if (given.has(field.name) && typeof value === "object") noteEmpty(out, field.name, value);
  }
  if (schema.unknownFields === undefined) return out;
  for (const [key, value] of given) if (!schema.fields.has(key)) define(out, key, value);
  return out;
}

/** Lists and maps that were given without members, and left out: Go has them in memory, and shows them in messages. */
const EMPTY = new WeakMap<object, Map<string, unknown>>();

function noteEmpty(owner: object, name: string, value: unknown): void {
  const noted = EMPTY.get(owner);
  if (noted === undefined) EMPTY.set(owner, new Map([[name, value]]));
  else noted.set(name, value);
}

/** What was given in a field that is absent now: `[]`, `{}`, or undefined for nothing. */
export function emptyAt(owner: unknown, name: string): unknown {
  return typeof owner === "object" && owner !== null ? EMPTY.get(owner)?.get(name) : undefined;
}

/** Takes what is noted of an object over to another that is made of it. */
export function keepEmpty(from: unknown, to: object): void {
  if (typeof from !== "object" || from === null) return;
  for (const [name, value] of EMPTY.get(from) ?? []) if (!(name in to)) noteEmpty(to, name, value);
}

function zeroField(field: Field): unknown {
  const { type } = field.schema;
  // omitempty never drops a struct, so an absent one is written with the zero values that it must have.
  if (field.omitZero || (field.omitEmpty && !isGoStruct(type))) return undefined;
  return zeroValue(field.schema);
}

function isGoStruct(type: Schema["type"]): boolean {
  return (
    type === "struct" ||
    type === "quantity" ||
    type === "time" ||
    type === "microTime" ||
    type === "intOrString" ||
    type === "duration"
  );
}

function isOmitted(value: unknown, field: Field): boolean {
  if (field.omitZero && field.schema.type === "struct") return Object.keys(value as object).length === 0;
  if (!field.omitEmpty) return false;
  switch (field.schema.type) {
    case "string":
    case "bytes":
      return value === "";
    case "boolean":
      return value === false;
    case "integer":
    case "number":
      return value === 0;
    case "list":
      // Of managedFields, an empty list asks for something: to forget them.
      return (value as unknown[]).length === 0 && field.name !== "managedFields";
    case "map":
      return Object.keys(value as object).length === 0;
    default:
      return false;
  }
}

/** What Go writes for a value that was never set. */
export function zeroValue(schema: Schema): unknown {
  switch (schema.type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "integer":
    case "number":
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
    case "duration":
      return "0s";
    case "struct":
      return schema.custom === undefined ? encodeStruct(new Map(), schema) : {};
    default:
      return null;
  }
}
