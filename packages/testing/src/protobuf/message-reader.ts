/**
 * Reads a message of a built-in kind into the JSON that a JSON body would have had, so that everything after is the same for both.
 */
import {
  type AnySchema,
  type FormattedSchema,
  type JsonNode,
  JsonNumber,
  JsonObject,
  JsonSyntaxError,
  type ListSchema,
  type MapSchema,
  normalize,
  readJson,
  type ScalarSchema,
  type Schema,
  type StructSchema,
} from "../schema/index.ts";
import { type MessagePlan, type PlannedField, planFor } from "./message-plan.ts";
import {
  FIXED64,
  isZero,
  LENGTH_DELIMITED,
  signed32,
  signed64Text,
  VARINT,
  type Varint,
  WireError,
  WireReader,
  type WireTag,
} from "./wire-reader.ts";

/** Fields under construction: a message may come in several parts, which are merged. */
type Fields = Map<string, Value>;
type Value = JsonNode | Fields | Value[];

const ZERO: Varint = { low: 0, high: 0 };

/** Go has no limit here, but its stacks grow. Real objects are not half as deep. */
const MAX_DEPTH = 500;

/**
 * Reads the message of a kind.
 * @throws WireError
 */
export function readMessage(bytes: Uint8Array, schema: StructSchema): JsonObject {
  const fields: Fields = new Map();
  readStruct(bytes, planFor(schema), schema, fields, 0);
  return toObject(fields);
}

/**
 * Reads a message whose fields are few and known: each field number's Go name and wire type. The last value counts.
 * @throws WireError
 */
export function readSmallMessage(
  bytes: Uint8Array,
  message: string,
  fields: Readonly<Record<number, readonly [goName: string, wireType: number]>>,
): { readonly number: (field: number) => Varint; readonly bytes: (field: number) => Uint8Array | undefined } {
  const numbers = new Map<number, Varint>();
  const texts = new Map<number, Uint8Array>();
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag(message);
    const known = fields[tag.field];
    if (known === undefined) {
      reader.skip(tag);
      continue;
    }
    expectType(tag, known[1], known[0]);
    if (known[1] === VARINT) numbers.set(tag.field, reader.varint());
    else texts.set(tag.field, reader.bytes());
  }
  return { number: (field) => numbers.get(field) ?? ZERO, bytes: (field) => texts.get(field) };
}

/** Text of bytes; what is no UTF-8 becomes the replacement character, as in Go's JSON. */
export function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function readStruct(bytes: Uint8Array, plan: MessagePlan, owner: StructSchema, into: Fields, depth: number): void {
  if (depth > MAX_DEPTH) throw new WireError(`proto: ${plan.message}: messages are nested too deeply`);
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag(plan.message);
    const field = plan.fields.get(tag.field);
    if (field === undefined) reader.skip(tag);
    else if (field.type === "embedded") {
      expectType(tag, LENGTH_DELIMITED, field.goName);
      readStruct(reader.bytes(), field.plan, owner, into, depth + 1);
    } else {
      into.set(field.name, readField(reader, tag, field, field.schema, owner, into.get(field.name), depth));
    }
  }
}

type ValueField = Extract<PlannedField, { type: "value" }>;

function readField(
  reader: WireReader,
  tag: WireTag,
  field: ValueField,
  schema: Schema,
  owner: StructSchema,
  existing: Value | undefined,
  depth: number,
): Value {
  if (schema.type === "pointer") return readField(reader, tag, field, schema.to, owner, existing, depth);
  if (schema.type === "list" && !isWrapped(schema)) {
    const list = Array.isArray(existing) ? existing : [];
    if (tag.wireType === LENGTH_DELIMITED && wireTypeOf(schema.items) !== LENGTH_DELIMITED) {
      const packed = new WireReader(reader.bytes());
      while (!packed.isAtEnd) list.push(readNumber(packed, schema.items as ScalarSchema));
      return list;
    }
    expectType(tag, wireTypeOf(schema.items), field.goName);
    list.push(readValue(reader, schema.items, owner, undefined, depth));
    return list;
  }
  expectType(tag, wireTypeOf(schema), field.goName);
  if (schema.type === "map") {
    const map = existing instanceof Map ? existing : new Map<string, Value>();
    readMapEntry(reader.bytes(), schema, owner, map, depth);
    return map;
  }
  return readValue(reader, schema, owner, existing, depth);
}

function readValue(
  reader: WireReader,
  schema: Schema,
  owner: StructSchema,
  existing: Value | undefined,
  depth: number,
): Value {
  switch (schema.type) {
    case "pointer":
      return readValue(reader, schema.to, owner, existing, depth);
    case "boolean":
    case "integer":
    case "number":
      return readNumber(reader, schema);
    case "string":
      return textOf(reader.bytes());
    case "bytes":
      return Buffer.from(reader.bytes()).toString("base64");
    case "struct": {
      const fields = existing instanceof Map ? existing : new Map<string, Value>();
      readStruct(reader.bytes(), planFor(schema), schema, fields, depth + 1);
      return fields;
    }
    case "list":
      return readWrapped(reader.bytes(), schema.go);
    case "map":
      throw new TypeError(`${schema.go} is a map where protobuf has none`);
    case "any":
      return readFreeForm(reader.bytes(), schema, owner, depth + 1);
    default:
      return readFormatted(reader.bytes(), schema);
  }
}

function readNumber(reader: WireReader, schema: ScalarSchema): JsonNode {
  if (schema.type === "number") return new JsonNumber(String(reader.double()));
  const value = reader.varint();
  if (schema.type === "boolean") return !isZero(value);
  // Go cuts off what does not fit.
  return new JsonNumber(schema.bits === 64 ? signed64Text(value) : String(signed32(value)));
}

/** The generated readers of map entries do not look at wire types. */
function readMapEntry(bytes: Uint8Array, schema: MapSchema, owner: StructSchema, map: Fields, depth: number): void {
  const reader = new WireReader(bytes);
  let key = "";
  let value: Value | undefined;
  while (!reader.isAtEnd) {
    const start = reader.tag("map entry");
    if (start.field === 1) key = textOf(reader.bytes());
    else if (start.field === 2) value = readValue(reader, schema.values, owner, value, depth);
    else reader.skip(start);
  }
  map.set(key, value ?? emptyOf(schema.values));
}

function emptyOf(schema: Schema): Value {
  if (schema.type === "struct") return new JsonObject();
  if (schema.type === "quantity") return "0";
  return schema.type === "string" || schema.type === "bytes" ? "" : null;
}

function readWrapped(bytes: Uint8Array, go: string): Value {
  const message = go.slice(go.lastIndexOf(".") + 1);
  const items: Value[] = [];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag(message);
    if (tag.field !== 1) {
      reader.skip(tag);
      continue;
    }
    expectType(tag, LENGTH_DELIMITED, "Items");
    items.push(textOf(reader.bytes()));
  }
  return items;
}

function readFormatted(bytes: Uint8Array, schema: FormattedSchema): JsonNode {
  switch (schema.type) {
    case "quantity": {
      const text = textOf(readSmallMessage(bytes, "Quantity", { 1: ["String_", LENGTH_DELIMITED] }).bytes(1));
      return text === "" ? "0" : text;
    }
    case "duration":
      return `${signed64Text(readSmallMessage(bytes, "Duration", { 1: ["Duration", VARINT] }).number(1))}ns`;
    case "intOrString": {
      const read = readSmallMessage(bytes, "IntOrString", {
        1: ["Type", VARINT],
        2: ["IntVal", VARINT],
        3: ["StrVal", LENGTH_DELIMITED],
      });
      return read.number(1).low === 1 ? textOf(read.bytes(3)) : new JsonNumber(String(signed32(read.number(2))));
    }
    default:
      return readTime(bytes, schema.type === "microTime");
  }
}

const ZERO_TIME_SECONDS = -62_135_596_800;

function readTime(bytes: Uint8Array, hasMicroseconds: boolean): JsonNode {
  if (bytes.length === 0) return null;
  const read = readSmallMessage(bytes, "Timestamp", { 1: ["Seconds", VARINT], 2: ["Nanos", VARINT] });
  const seconds = Number(signed64Text(read.number(1)));
  if (seconds === ZERO_TIME_SECONDS) return null;
  const date = new Date(seconds * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new WireError("Time.MarshalJSON: year outside of range [0,9999]");
  const whole = date.toISOString().slice(0, 19);
  if (!hasMicroseconds) return `${whole}Z`;
  const microseconds = Math.floor(read.number(2).low / 1000) % 1_000_000;
  return `${whole}.${String(microseconds).padStart(6, "0")}Z`;
}

/** JSON inside the message, and what a schema's JSON writes in several forms. */
function readFreeForm(bytes: Uint8Array, schema: AnySchema, owner: StructSchema, depth: number): Value {
  const message = schema.go.slice(schema.go.lastIndexOf(".") + 1);
  // The owner is JSONSchemaProps: nothing else has fields of these types.
  const nested = (inner: Uint8Array): JsonNode => {
    const fields: Fields = new Map();
    readStruct(inner, planFor(owner), owner, fields, depth);
    // What is free-form is kept as it is later on, and Go puts empty values on the wire that its JSON leaves out.
    return normalize(toObject(fields), owner);
  };
  switch (message) {
    case "JSONSchemaPropsOrBool": {
      const read = readSmallMessage(bytes, message, { 1: ["Allows", VARINT], 2: ["Schema", LENGTH_DELIMITED] });
      const inner = read.bytes(2);
      return inner === undefined ? !isZero(read.number(1)) : nested(inner);
    }
    case "JSONSchemaPropsOrArray":
      return readAlternatives(bytes, message, "JSONSchemas", nested, nested);
    case "JSONSchemaPropsOrStringArray":
      return readAlternatives(bytes, message, "Property", nested, textOf);
    default: {
      const raw = readSmallMessage(bytes, message, { 1: ["Raw", LENGTH_DELIMITED] }).bytes(1);
      return raw === undefined || raw.length === 0 ? null : rawJson(raw, message);
    }
  }
}

/** One schema, or a list of something; the list counts where it has items. */
function readAlternatives(
  bytes: Uint8Array,
  message: string,
  listName: string,
  one: (bytes: Uint8Array) => Value,
  item: (bytes: Uint8Array) => Value,
): Value {
  let single: Value = null;
  const items: Value[] = [];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag(message);
    if (tag.field > 2) {
      reader.skip(tag);
      continue;
    }
    expectType(tag, LENGTH_DELIMITED, tag.field === 1 ? "Schema" : listName);
    if (tag.field === 1) single = one(reader.bytes());
    else items.push(item(reader.bytes()));
  }
  return items.length > 0 ? items : single;
}

function rawJson(raw: Uint8Array, message: string): JsonNode {
  try {
    return readJson(textOf(raw));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    // Who owns what is forgotten where it cannot be read, as in the real server.
    if (message === "FieldsV1") return new JsonObject();
    throw new WireError(error.message);
  }
}

function wireTypeOf(schema: Schema): number {
  switch (schema.type) {
    case "pointer":
      return wireTypeOf(schema.to);
    case "boolean":
    case "integer":
      return VARINT;
    case "number":
      return FIXED64;
    default:
      return LENGTH_DELIMITED;
  }
}

/** Go types of their own that are lists of strings (Verbs, ExtraValue) are messages around the list. */
function isWrapped(schema: ListSchema): boolean {
  return !schema.go.startsWith("[]") && schema.items.type === "string";
}

function expectType(tag: WireTag, wireType: number, goName: string): void {
  if (tag.wireType !== wireType) throw new WireError(`proto: wrong wireType = ${tag.wireType} for field ${goName}`);
}

function toObject(fields: Fields): JsonObject {
  const object = new JsonObject();
  for (const [name, value] of fields) object.entries.push([name, toNode(value)]);
  return object;
}

function toNode(value: Value): JsonNode {
  if (value instanceof Map) return toObject(value);
  return Array.isArray(value) ? (value as Value[]).map(toNode) : value;
}
