/**
 * Types of CEL for values whose schema is known, and values of those types made from JSON.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
import type { Environment } from "@marcbachmann/cel-js";
import { Duration } from "@marcbachmann/cel-js/evaluator";
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from "../apiextensions/json-schema.ts";
import { isFloatLiteral } from "../schema/float-literals.ts";
import { isSameValue } from "./cel-values.ts";

/** A type, by the name that the environment knows it by. */
export interface CelType {
  readonly name: string;
  /** JSON of this type as CEL takes it. */
  toValue(value: unknown): unknown;
}

/** An object whose fields are declared. CEL reads it as a map. */
class CelObject extends Map<string, unknown> {}

const META: JsonSchema = { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } };
const RESOURCE: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: META,
};

const dyn: CelType = { name: "dyn", toValue: toDynamic };

/**
 * Declares the type of a schema in an environment. Undefined for a schema that says nothing of its type: such fields cannot be named.
 */
export function declareType(environment: Environment, schema: JsonSchema, isResource: boolean): CelType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return dyn;
  switch (schema.type) {
    case "array":
      return listType(environment, schema);
    case "object":
      return objectType(environment, schema, isResource || schema["x-kubernetes-embedded-resource"] === true);
    case "string":
      return stringType(schema.format ?? "");
    case "boolean":
      return { name: "bool", toValue: (value) => value };
    case "number":
      return { name: "double", toValue: (value) => value };
    case "integer":
      return {
        name: "int",
        toValue: (value) => (typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value),
      };
    default:
      return undefined;
  }
}

function stringType(format: string): CelType {
  switch (format.replaceAll("-", "")) {
    case "byte":
      return {
        name: "bytes",
        toValue: (value) => (typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value),
      };
    case "duration":
      return { name: "google.protobuf.Duration", toValue: toDuration };
    case "date":
    case "datetime":
      return {
        name: "google.protobuf.Timestamp",
        toValue: (value) => (typeof value === "string" ? new Date(value) : value),
      };
    default:
      return { name: "string", toValue: (value) => value };
  }
}

function listType(environment: Environment, schema: JsonSchema): CelType | undefined {
  const items = itemsOf(schema);
  const inner = items === undefined ? undefined : declareType(environment, items, false);
  if (inner === undefined) return undefined;
  return {
    name: `list<${inner.name}>`,
    toValue: (value) => (Array.isArray(value) ? value.map((item) => inner.toValue(item)) : value),
  };
}

let objectTypes = 0;

function objectType(environment: Environment, schema: JsonSchema, isResource: boolean): CelType | undefined {
  const additional = additionalOf(schema);
  if (additional !== undefined && propertiesOf(schema).length === 0) {
    const inner = declareType(environment, additional, false);
    if (inner === undefined) return undefined;
    const convert = (fields: object) =>
      new Map(Object.entries(fields).map(([key, value]) => [key, inner.toValue(value)]));
    return { name: `map<string, ${inner.name}>`, toValue: (value) => (isFields(value) ? convert(value) : value) };
  }
  const fields = new Map<string, { readonly key: string; readonly type: CelType }>();
  for (const [name, property] of Object.entries({ ...schema.properties, ...(isResource ? RESOURCE : {}) })) {
    const type = declareType(environment, property, false);
    const escaped = escapeName(name);
    if (type !== undefined && escaped !== undefined) fields.set(name, { key: escaped, type });
  }
  objectTypes += 1;
  const name = `Object${objectTypes}`;
  const ctor = { [name]: class extends CelObject {} }[name] ?? CelObject;
  const declared = Object.fromEntries([...fields.values()].map(({ key, type }) => [key, type.name]));
  environment.registerType(name, { ctor, fields: declared });
  environment.registerOperator(`${name} == ${name}`, isSameValue);
  return {
    name,
    toValue(value): unknown {
      if (!isFields(value)) return value;
      const object = new ctor();
      for (const [member, { key, type }] of fields) {
        if (Object.hasOwn(value, member))
          object.set(key, isFloatLiteral(value, member) ? value[member] : type.toValue(value[member]));
      }
      return object;
    },
  };
}

/** JSON as it is: whole numbers are integers. */
export function toDynamic(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toDynamic);
  if (isFields(value)) return new Map(Object.entries(value).map(([key, member]) => [key, toDynamic(member)]));
  return value;
}

const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** The name by which a property goes in CEL; undefined for one that cannot be written there. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

function toDuration(value: unknown): unknown {
  if (typeof value !== "string") return value;
  let nanos = 0;
  for (const [, amount = "0", unit = "s"] of value.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    nanos += Number(amount) * (UNITS[unit] ?? 0);
  const sign = value.startsWith("-") ? -1 : 1;
  return new Duration(BigInt(sign * Math.trunc(nanos / 1e9)), sign * (nanos % 1e9));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
