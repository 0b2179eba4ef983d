/**
 * What the server's decoder makes of a body: the object as Go would write it again (unknown fields and empty omitempty fields
 * dropped, required zero values filled in, quantities and times canonical), the strict errors, or the error that fails it.
 */
import {
  canonicalMicroTime,
  canonicalTime,
  formatGoDuration,
  ParseError,
  parseGoDuration,
  Quantity,
} from "bowline/core";
import { firstBadBase64 } from "./base64.ts";
import { defaultCustom, dropNulls, pruneCustom, withSortedFields } from "./custom-object.ts";
import { objectMetaSchema } from "./custom-schema.ts";
import { readEmbedded } from "./embedded-resource.ts";
import { encodeStruct, keepEmpty, zeroValue } from "./encode.ts";
import { isFloatLiteral, isFloatSpelling, noteFloat } from "./float-literals.ts";
import { keepOrder, noteOrder } from "./given-order.ts";
import { DecodeError } from "./go-error.ts";
import { define, JsonNumber, JsonObject, plainJson, readJson } from "./json-reader.ts";
import type {
  CustomSchema,
  Field,
  FormattedSchema,
  ListSchema,
  MapSchema,
  ScalarSchema,
  Schema,
  StructSchema,
} from "./schema.ts";
import { shortGoName } from "./schema.ts";

export interface Decoded {
  readonly value: unknown;
  /** `unknown field "spec.x"`, `duplicate field "data.a"`, in the order of the text; at most 100. */
  readonly strictErrors: readonly string[];
}

/** Decodes JSON text. Throws `JsonSyntaxError` for text that is no JSON, {@link DecodeError} for wrong types. */
export function decodeText(text: string, schema: Schema): Decoded {
  return decode(readJson(text), schema);
}

/** Decodes a value: a node of the JSON reader, or plain JSON, in which nothing is repeated. Throws {@link DecodeError}. */
export function decode(node: unknown, schema: Schema): Decoded {
  if (schema.type === "struct" && schema.custom !== undefined) return decodeCustom(node, schema.custom, false);
  const decoder = new Decoder();
  const value = decoder.decode(node, schema, undefined);
  if (decoder.firstError !== undefined) throw new DecodeError(decoder.firstError);
  return { value: value ?? zeroValue(schema), strictErrors: decoder.strictErrors };
}

/** The object as the server would store it, from plain JSON. What has a wrong type is left out. */
export function normalize<T>(object: T, schema: Schema): T {
  if (schema.type === "struct" && schema.custom !== undefined)
    return decodeCustom(object, schema.custom, true).value as T;
  const decoder = new Decoder();
  return (decoder.decode(object, schema, undefined) ?? zeroValue(schema)) as T;
}

/** A custom resource as it is sent: nulls of fields that may not be null are left out. Other objects are returned as they are. */
export function withoutNulls<T>(object: T, schema: StructSchema | undefined): T {
  if (schema?.custom === undefined) return object;
  // Keeps what is noted of numbers that were written as fractions.
  const copy = new Decoder().free(object) as T;
  defaultCustom(copy, schema.custom);
  dropNulls(copy, schema.custom);
  return copy;
}

/**
 * A custom resource is kept as sent, but for its metadata, unknown fields and nulls; its values are judged later. Nulls are left out
 * of what is sent, not of what an apply has emptied.
 */
function decodeCustom(node: unknown, schema: CustomSchema, keepsNulls: boolean): Decoded {
  const decoder = new Decoder();
  const value = decoder.free(node);
  const strictErrors = [...decoder.strictErrors];
  if (!isFields(value)) throw new DecodeError("Object 'Kind' is missing");
  if (value["metadata"] !== undefined && value["metadata"] !== null) {
    const metadata = decode(value["metadata"], objectMetaSchema());
    value["metadata"] = metadata.value;
    strictErrors.push(...metadata.strictErrors.map((text) => text.replace('"', '"metadata.')));
  }
  strictErrors.push(...readEmbedded(value, schema, (metadata) => decode(metadata, objectMetaSchema())));
  defaultCustom(value, schema);
  strictErrors.push(...pruneCustom(value, schema).map((path) => `unknown field ${JSON.stringify(path)}`));
  if (!keepsNulls) dropNulls(value, schema);
  return { value: withSortedFields(value), strictErrors };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Repeated keys of free-form JSON, as strict decoding into a map reports them: `duplicate field "data.a"`. */
export function duplicateFields(node: unknown): string[] {
  const decoder = new Decoder();
  decoder.free(node);
  return decoder.strictErrors;
}

const maxStrictErrors = 100;
const byteSchema: ScalarSchema = { type: "integer", go: "uint8", bits: 8 };

class Decoder {
  readonly strictErrors: string[] = [];
  firstError: string | undefined;
  /** The path of strict errors, with indexes: `spec.containers[0]`. */
  private path = "";
  /** Error texts name the innermost struct, and field names without indexes. */
  private structName = "";
  private readonly fieldNames: string[] = [];

  /** The value as JSON; undefined for Go's nil or an untouched zero value. */
  decode(node: unknown, schema: Schema, existing: unknown): unknown {
    if (node === undefined) return existing;
    switch (schema.type) {
      case "pointer": {
        if (node === null) return undefined;
        return this.decode(node, schema.to, existing) ?? zeroValue(schema.to);
      }
      case "struct":
        return this.struct(node, schema, existing);
      case "map":
        return this.map(node, schema, existing);
      case "list":
        return this.list(node, schema);
      case "any":
        // The Go types behind this keep the bytes, so repeated keys go unseen.
        return node === null ? undefined : plainJson(node as never);
      case "quantity":
      case "time":
      case "microTime":
      case "duration":
      case "intOrString":
        return this.custom(node, schema);
      case "bytes":
        return this.bytes(node, schema);
      default:
        return this.scalar(node, schema) ?? existing;
    }
  }

  private struct(node: unknown, schema: StructSchema, existing: unknown): unknown {
    if (node === null) return existing;
    const entries = entriesOf(node);
    if (entries === undefined) return this.wrongType(node, schema.go);
    const given = new Map<string, unknown>(Object.entries((existing ?? {}) as Record<string, unknown>));
    const seen = new Set<string>();
    for (const [key, value] of entries) {
      const field = schema.fields.get(key);
      if (field === undefined) {
        if (schema.unknownFields === undefined) this.strictError("unknown field", key);
        else
          given.set(
            key,
            this.at(key, () => this.decode(value, schema.unknownFields as Schema, given.get(key))),
          );
        continue;
      }
      if (seen.has(key)) this.strictError("duplicate field", key);
      seen.add(key);
      given.set(
        key,
        this.inField(schema, field, () => this.decode(value, field.schema, given.get(key))),
      );
    }
    const out = encodeStruct(given, schema);
    keepEmpty(node, out);
    return out;
  }

  private inField<T>(schema: StructSchema, field: Field, run: () => T): T {
    const outer = this.structName;
    const depth = this.fieldNames.length;
    this.structName = shortGoName(schema.go);
    if (field.embedded !== "") this.fieldNames.push(field.embedded);
    this.fieldNames.push(field.name);
    const value = this.at(field.name, run);
    this.fieldNames.length = depth;
    this.structName = outer;
    return value;
  }

  private map(node: unknown, schema: MapSchema, existing: unknown): unknown {
    if (node === null) return undefined;
    const entries = entriesOf(node);
    if (entries === undefined) return this.wrongType(node, schema.go);
    const values = new Map<string, unknown>(Object.entries((existing ?? {}) as Record<string, unknown>));
    const seen = new Set<string>();
    for (const [key, value] of entries) {
      if (seen.has(key)) this.strictError("duplicate field", key);
      seen.add(key);
      const decoded = this.at(key, () => this.decode(value, schema.values, undefined));
      // No bytes are stored as empty ones.
      values.set(key, decoded ?? (schema.values.type === "bytes" ? "" : zeroValue(schema.values)));
    }
    const out: Record<string, unknown> = {};
    for (const key of [...values.keys()].sort()) define(out, key, values.get(key));
    if (node instanceof JsonObject) noteOrder(out, [...values.keys()]);
    else keepOrder(node, out);
    return out;
  }

  private list(node: unknown, schema: ListSchema): unknown {
    if (node === null) return undefined;
    if (!Array.isArray(node)) return this.wrongType(node, schema.go);
    return node.map((item: unknown, index) => {
      const outer = this.path;
      this.path = `${outer}[${index}]`;
      const value = this.decode(item, schema.items, undefined) ?? zeroValue(schema.items);
      this.path = outer;
      return value;
    });
  }

  /** Free-form JSON is kept, its repeated keys noted. */
  free(node: unknown): unknown {
    if (Array.isArray(node)) {
      const list: unknown[] = [];
      for (const [index, item] of node.entries()) {
        const outer = this.path;
        this.path = `${outer}[${index}]`;
        list.push(this.free(item));
        if (isFloat(node, index, item)) noteFloat(list, index);
        this.path = outer;
      }
      return list;
    }
    const entries = entriesOf(node);
    if (entries === undefined) return plainJson(node as never);
    const out: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const [key, value] of entries) {
      if (seen.has(key)) this.strictError("duplicate field", key);
      seen.add(key);
      define(
        out,
        key,
        this.at(key, () => this.free(value)),
      );
      if (isFloat(node as object, key, value)) noteFloat(out, key);
    }
    return out;
  }

  private scalar(node: unknown, schema: ScalarSchema): unknown {
    if (node === null) return undefined;
    switch (schema.type) {
      case "string":
        return typeof node === "string" ? node : this.wrongType(node, schema.go);
      case "boolean":
        return typeof node === "boolean" ? node : this.wrongType(node, schema.go);
      case "number":
        return isNumber(node) ? Number(textOf(node)) : this.wrongType(node, schema.go);
      default: {
        if (!isNumber(node)) return this.wrongType(node, schema.go);
        const text = textOf(node);
        if (!/^-?\d+$/.test(text) || !fits(text, schema)) return this.typeError(`number ${text}`, schema.go);
        return Number(text);
      }
    }
  }

  private bytes(node: unknown, schema: FormattedSchema): unknown {
    if (node === null) return undefined;
    if (Array.isArray(node)) return btoa(String.fromCharCode(...node.map((byte: unknown) => this.byte(byte))));
    if (typeof node !== "string") return this.wrongType(node, schema.go);
    const bad = firstBadBase64(node);
    if (bad === undefined) return node.replaceAll(/[\r\n]/g, "");
    this.firstError ??= `illegal base64 data at input byte ${bad}`;
    return undefined;
  }

  /** Bytes may also be sent as an array of numbers. */
  private byte(node: unknown): number {
    return Number(this.scalar(node, byteSchema) ?? 0);
  }

  /** Types that read themselves: their errors end the decoding at once. */
  private custom(node: unknown, schema: FormattedSchema): unknown {
    if (node === null) return undefined;
    try {
      switch (schema.type) {
        case "quantity":
          return Quantity.parse((typeof node === "string" ? node : rawText(node)).trim()).toString();
        case "intOrString":
          if (typeof node === "string") return node;
          return isNumber(node) && /^-?\d+$/.test(textOf(node)) && fits(textOf(node), { bits: 32 })
            ? Number(textOf(node))
            : this.fatalType(isNumber(node) ? `number ${textOf(node)}` : typeName(node), "int32");
        case "time":
          return canonicalTime(this.text(node));
        case "microTime":
          return canonicalMicroTime(this.text(node));
        default:
          return formatGoDuration(parseGoDuration(this.text(node)));
      }
    } catch (error) {
      if (error instanceof ParseError) throw new DecodeError(error.reason);
      throw error;
    }
  }

  private text(node: unknown): string {
    return typeof node === "string" ? node : this.fatalType(typeName(node), "string");
  }

  private fatalType(value: string, go: string): never {
    throw new DecodeError(this.typeErrorText(value, go));
  }

  private wrongType(node: unknown, go: string): undefined {
    return this.typeError(typeName(node), go);
  }

  /** The first wrong type is reported, at the end, while the rest is still read. */
  private typeError(value: string, go: string): undefined {
    this.firstError ??= this.typeErrorText(value, go);
    return undefined;
  }

  private typeErrorText(value: string, go: string): string {
    const field = this.fieldNames.join(".");
    const where = this.structName === "" && field === "" ? "Go value" : `Go struct field ${this.structName}.${field}`;
    return `json: cannot unmarshal ${value} into ${where} of type ${go}`;
  }

  private at<T>(key: string, run: () => T): T {
    const outer = this.path;
    this.path = outer === "" ? key : `${outer}.${key}`;
    const value = run();
    this.path = outer;
    return value;
  }

  private strictError(what: string, key: string): void {
    const text = `${what} ${JSON.stringify(this.path === "" ? key : `${this.path}.${key}`)}`;
    if (this.strictErrors.length < maxStrictErrors && !this.strictErrors.includes(text)) this.strictErrors.push(text);
  }
}

function isFloat(container: object, key: string | number, value: unknown): boolean {
  return value instanceof JsonNumber ? isFloatSpelling(value.text) : isFloatLiteral(container, key);
}

function entriesOf(node: unknown): Iterable<[string, unknown]> | undefined {
  if (node instanceof JsonObject) return node.entries;
  if (typeof node !== "object" || node === null || Array.isArray(node) || node instanceof JsonNumber) return undefined;
  return Object.entries(node);
}

function isNumber(node: unknown): node is number | JsonNumber {
  return typeof node === "number" || node instanceof JsonNumber;
}

function textOf(node: number | JsonNumber): string {
  return node instanceof JsonNumber ? node.text : numberText(node);
}

function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value).toString() : String(value);
}

/** By comparison: in hot code, 64-bit `BigInt.asIntN` and `asUintN` bring down Node 20's optimising compiler. */
function fits(text: string, schema: { readonly go?: string; readonly bits: number }): boolean {
  const value = BigInt(text);
  if (schema.go?.startsWith("uint") ?? false) return value >= 0n && value < 2n ** BigInt(schema.bits);
  const limit = 2n ** BigInt(schema.bits - 1);
  return value >= -limit && value < limit;
}

function typeName(node: unknown): string {
  if (typeof node === "string") return "string";
  if (typeof node === "boolean") return "bool";
  if (isNumber(node)) return "number";
  return Array.isArray(node) ? "array" : "object";
}

function rawText(node: unknown): string {
  return isNumber(node) ? textOf(node) : JSON.stringify(plainJson(node as never));
}
