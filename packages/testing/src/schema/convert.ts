/**
 * Reading an object that a strategic merge patch has made. The real server does not go through JSON text here, and its
 * converter has its own error texts.
 */
import { type Decoded, decode, normalize } from "./decode.ts";
import { DecodeError } from "./go-error.ts";
import { goKindOf, goTypeOf } from "./go-format.ts";
import type { ScalarSchema, Schema, StructSchema } from "./schema.ts";

/** Reads a patched object. Throws {@link DecodeError} for the first wrong type, in the converter's words. */
export function convertObject(object: unknown, schema: Schema): Decoded {
  if (schema.type === "struct" && schema.custom !== undefined)
    return { value: normalize(object, schema), strictErrors: [] };
  const unknown: string[] = [];
  check(object, schema, "", unknown);
  return { value: normalize(object, schema), strictErrors: unknown };
}

function check(value: unknown, schema: Schema, path: string, unknown: string[]): void {
  if (value === null || value === undefined) return;
  switch (schema.type) {
    case "pointer":
      check(value, schema.to, path, unknown);
      return;
    case "struct":
      checkStruct(value, schema, path, unknown);
      return;
    case "map":
      if (!isObject(value)) throw new DecodeError(`cannot restore map from ${goKindOf(value)}`);
      for (const item of Object.values(value)) check(item, schema.values, path, unknown);
      return;
    case "list":
      if (!Array.isArray(value)) throw new DecodeError(`cannot restore slice from ${goKindOf(value)}`);
      for (const [index, item] of value.entries()) check(item, schema.items, `${path}[${index}]`, unknown);
      return;
    case "any":
      return;
    case "bytes":
      if (typeof value !== "string") throw new DecodeError(`cannot restore slice from ${goKindOf(value)}`);
      checkFormatted(value, schema);
      return;
    case "quantity":
    case "time":
    case "microTime":
    case "duration":
    case "intOrString":
      checkFormatted(value, schema);
      return;
    default:
      checkScalar(value, schema);
      return;
  }
}

function checkFormatted(value: unknown, schema: Schema): void {
  try {
    decode(value, schema);
  } catch (error) {
    if (error instanceof DecodeError && schema.type === "bytes") {
      throw new DecodeError(`error decoding from json: ${error.message}`);
    }
    throw error;
  }
}

function checkStruct(value: unknown, schema: StructSchema, path: string, unknown: string[]): void {
  if (!isObject(value)) throw new DecodeError(`cannot restore struct from: ${goKindOf(value)}`);
  for (const field of schema.fields.values()) {
    check(value[field.name], field.schema, path === "" ? field.name : `${path}.${field.name}`, unknown);
  }
  for (const key of Object.keys(value)) {
    if (!schema.fields.has(key)) unknown.push(`unknown field ${JSON.stringify(path === "" ? key : `${path}.${key}`)}`);
  }
}

const scalarKinds = { string: "string", boolean: "bool", number: "float64" } as const;

function checkScalar(value: unknown, schema: ScalarSchema): void {
  const isInteger = typeof value === "number" && Number.isInteger(value);
  switch (schema.type) {
    case "string":
      if (typeof value === "string") return;
      // Go could turn an integer into a string of that code point, and refuses to.
      if (isInteger) throw new DecodeError(`cannot convert ${goTypeOf(value)} to ${schema.go}`);
      break;
    case "boolean":
      if (typeof value === "boolean") return;
      break;
    case "number":
      if (typeof value === "number") return;
      break;
    default:
      if (isInteger) return;
      if (typeof value === "number") throw new DecodeError(`cannot convert float64 to ${schema.go}`);
      throw new DecodeError(`unrecognized type: int${schema.bits}`);
  }
  throw new DecodeError(`unrecognized type: ${scalarKinds[schema.type]}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
