/**
 * Types of CEL for values whose schema is known, how large such values can be, and values of those types made from JSON.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from "../apiextensions/json-schema.ts";
import { isFloatLiteral } from "../schema/float-literals.ts";
import type { CostLimits } from "./cost-limits.ts";
import { parseDuration, parseTimestamp } from "./functions/conversions.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  struct,
  TIMESTAMP,
} from "./type.ts";
import { CelObject, type CelValue, Invalid, isEqual, type ListRules, withRules } from "./value.ts";

/** The largest request. */
const MOST_REQUEST_BYTES = 3 * 1024 * 1024;
const LONGEST_TEXT = MOST_REQUEST_BYTES - 2;

/** A type with what a schema says of its values. */
export interface SchemaType {
  readonly type: CelType;
  /** How many items, members or characters a value can have. */
  readonly mostElements: number;
  /** How many bytes of JSON a value takes at least. */
  readonly leastBytes: number;
  readonly items?: SchemaType | undefined;
  /** By their names in CEL. */
  readonly fields?: ReadonlyMap<string, SchemaType> | undefined;
  /** JSON of this type as CEL takes it. */
  toValue(value: unknown): CelValue;
}

const META: JsonSchema = { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } };
const RESOURCE: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: META,
};

/** The type of a schema; undefined for one that says nothing of its type: such fields cannot be named. */
export function schemaType(schema: JsonSchema, isResource: boolean): SchemaType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return dynamicType(schema);
  switch (schema.type) {
    case "array":
      return listType(schema);
    case "object":
      return objectType(schema, isResource || schema["x-kubernetes-embedded-resource"] === true);
    case "string":
      return stringType(schema);
    case "boolean":
      return scalar(BOOL, 4, (value) => (typeof value === "boolean" ? value : undefined));
    case "number":
      return scalar(DOUBLE, 1, (value) => (typeof value === "number" ? value : undefined));
    case "integer":
      return scalar(INT, 1, (value) =>
        typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined,
      );
    default:
      return undefined;
  }
}

/** How large a value can be that stands at a path below the type. */
export function sizeAt(root: SchemaType, path: readonly string[]): CostLimits | undefined {
  let type: SchemaType | undefined = root;
  let isKey = false;
  for (const name of path.slice(1)) {
    if (isKey) return undefined;
    if (name === "@items" || name === "@values") type = type?.items;
    else if (name === "@keys") isKey = type?.type.kind === "map";
    else type = type?.fields?.get(name);
    if (type === undefined || (name === "@keys" && !isKey)) return undefined;
  }
  if (type === undefined) return undefined;
  return { min: 0, max: isKey ? 0 : type.mostElements };
}

/** How often a value of a type can come in one request. */
export function mostOccurrences({ leastBytes }: SchemaType): number {
  return Math.trunc(MOST_REQUEST_BYTES / (leastBytes + 1));
}

function scalar(type: CelType, leastBytes: number, read: (value: unknown) => CelValue | undefined): SchemaType {
  return {
    type,
    mostElements: 0,
    leastBytes,
    toValue: (value) => read(value) ?? mismatch(type.kind, value),
  };
}

/** What was found where something else was expected, in Go's words. */
function mismatch(wanted: string, value: unknown): Invalid {
  return new Invalid(`invalid data, expected ${wanted}, got ${goTypeOf(value)}`);
}

function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return "map[string]interface {}";
  }
}

function dynamicType({ maxLength }: JsonSchema): SchemaType {
  const mostElements = maxLength === undefined ? LONGEST_TEXT : Math.max(maxLength, 0) * 4;
  return { type: DYN, mostElements, leastBytes: 1, toValue: toDynamic };
}

function stringType(schema: JsonSchema): SchemaType {
  const bounded = (otherwise: number, factor: number) =>
    schema.maxLength === undefined ? otherwise : Math.max(schema.maxLength, 0) * factor;
  const text = (read: (text: string) => CelValue | undefined, kind: string) => (value: unknown) =>
    typeof value === "string" ? (read(value) ?? mismatch(kind, value)) : mismatch(kind, value);
  switch (schema.format ?? "") {
    case "byte": {
      const toValue = text((value) => new Uint8Array(Buffer.from(value, "base64")), "string");
      return { type: BYTES, mostElements: bounded(LONGEST_TEXT, 1), leastBytes: 2, toValue };
    }
    case "duration":
      return { type: DURATION, mostElements: 32, leastBytes: 3, toValue: text(parseDuration, "duration") };
    case "date": {
      const toValue = text((value) => parseTimestamp(value.length === 10 ? `${value}T00:00:00Z` : value), "timestamp");
      return { type: TIMESTAMP, mostElements: 12, leastBytes: 12, toValue };
    }
    case "date-time":
      return { type: TIMESTAMP, mostElements: 32, leastBytes: 21, toValue: text(parseTimestamp, "timestamp") };
    default:
  }
  const longest = Math.max(
    0,
    ...(schema.enum ?? []).map((value) => (typeof value === "string" ? Buffer.byteLength(value) : 0)),
  );
  const unbounded = (schema.enum ?? []).length > 0 ? longest : LONGEST_TEXT;
  return {
    type: STRING,
    mostElements: bounded(unbounded, 4),
    leastBytes: 2,
    toValue: text((value) => value, "string"),
  };
}

function listType(schema: JsonSchema): SchemaType | undefined {
  const itemSchema = itemsOf(schema);
  const items = itemSchema === undefined ? undefined : schemaType(itemSchema, false);
  if (items === undefined) return undefined;
  const most = Math.trunc(LONGEST_TEXT / (items.leastBytes + 1));
  const rules = rulesOf(schema);
  return {
    type: listOf(items.type),
    mostElements: schema.maxItems === undefined ? most : Math.max(schema.maxItems, 0),
    leastBytes: 2,
    items,
    toValue(value): CelValue {
      if (!Array.isArray(value)) return mismatch("array", value);
      const list = value.map((item, index) =>
        items.type.kind === "int" && isFloatLiteral(value, index) ? mismatchedFloat() : items.toValue(item),
      );
      return rules === undefined ? list : withRules(list, rules);
    },
  };
}

/** What tells the items of a list apart; undefined where only their places do. */
function rulesOf(schema: JsonSchema): ListRules | undefined {
  const keys = (schema["x-kubernetes-list-map-keys"] ?? []).map((key) => escapeName(key) ?? key);
  const keyOf = (item: CelValue, key: string) => (item instanceof Map ? item.get(key) : undefined);
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return { isSame: isEqual };
    case "map":
      return { isSame: (a, b) => keys.every((key) => isEqual(keyOf(a, key), keyOf(b, key))) };
    default:
      return undefined;
  }
}

function mismatchedFloat(): Invalid {
  return new Invalid("invalid data, expected int, got float64");
}

let objectTypes = 0;

function objectType(schema: JsonSchema, isResource: boolean): SchemaType | undefined {
  const additional = additionalOf(schema);
  if (additional !== undefined) return mapType(schema, additional);
  const members: (readonly [name: string, type: SchemaType])[] = [];
  let leastBytes = 2;
  for (const [name, property] of [...propertiesOf(schema), ...(isResource ? Object.entries(RESOURCE) : [])]) {
    const type = schemaType(property, false);
    if (type === undefined) continue;
    if ((schema.required ?? []).includes(name) && property.default === undefined)
      leastBytes += Buffer.byteLength(name) + type.leastBytes + 4;
    members.push([name, type]);
  }
  objectTypes += 1;
  return objectOf(`selfType${objectTypes}`, members, leastBytes);
}

/** The type of objects with these fields. */
export function objectOf(
  typeName: string,
  members: readonly (readonly [name: string, type: SchemaType])[],
  leastBytes = 2,
): SchemaType {
  const named = members.flatMap(([name, type]) => {
    const key = escapeName(name);
    return key === undefined ? [] : [{ name, key, type }];
  });
  const own = struct(typeName, new Map(named.map(({ key, type }) => [key, type.type])));
  return {
    type: own,
    mostElements: 0,
    leastBytes,
    fields: new Map(named.map(({ key, type }) => [key, type])),
    toValue(value): CelValue {
      if (!isFields(value)) return mismatch("object", value);
      const object = new CelObject(own);
      for (const { name, key, type } of named) {
        if (!Object.hasOwn(value, name) || value[name] === null) continue;
        const isFloat = isFloatLiteral(value, name) && type.type.kind === "int";
        object.set(key, isFloat ? mismatchedFloat() : type.toValue(value[name]));
      }
      return object;
    },
  };
}

function mapType(schema: JsonSchema, additional: JsonSchema): SchemaType | undefined {
  const items = schemaType(additional, false);
  if (items === undefined) return undefined;
  const most = Math.trunc(LONGEST_TEXT / (items.leastBytes + 6));
  return {
    type: mapOf(STRING, items.type),
    mostElements: schema.maxProperties === undefined ? most : Math.max(schema.maxProperties, 0),
    leastBytes: 2,
    items,
    toValue: (value) =>
      isFields(value)
        ? new Map(Object.entries(value).map(([key, member]) => [key, items.toValue(member)]))
        : mismatch("object", value),
  };
}

/** JSON as it is: whole numbers are integers. */
export function toDynamic(value: unknown): CelValue {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toDynamic);
  if (isFields(value)) {
    const map = new Map<string, CelValue>();
    for (const [key, member] of Object.entries(value))
      map.set(key, isFloatLiteral(value, key) ? member : toDynamic(member));
    return map;
  }
  return value;
}

const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** Whether a text can be a name as it is. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !RESERVED.has(text);
}

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

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
