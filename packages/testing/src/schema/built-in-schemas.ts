/**
 * Schemas of the built-in kinds, resolved from `data/go-types.json.gz` on first use.
 *
 * The file has the facts of the Go types (see conformance/go-facts, which writes it), so that a stored object comes out as
 * the real server would write it.
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { formatApiVersion } from "bowline/core";
import type { Field, ListSchema, Schema, StructSchema } from "./schema.ts";

interface GoField {
  readonly n: string;
  readonly t: string;
  readonly f?: string;
  readonly e?: string;
  readonly l?: "set" | "map" | "atomic";
  readonly k?: readonly string[];
  readonly m?: string;
  readonly p?: string;
  readonly pk?: string;
  readonly d?: string | number | boolean;
  readonly b?: string;
  readonly g?: string;
}
interface GoType {
  readonly go: string;
  readonly k: string;
  readonly m?: string;
  readonly fields?: readonly GoField[];
}
interface GoTypes {
  readonly kinds: Readonly<Record<string, number>>;
  readonly types: readonly GoType[];
}

let loaded: GoTypes | undefined;
const structs = new Map<string, StructSchema>();

function goTypes(): GoTypes {
  if (loaded === undefined) {
    const file = new URL("../../data/go-types.json.gz", import.meta.url);
    loaded = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as GoTypes;
  }
  return loaded;
}

/** The schema of a built-in kind; undefined if there is no such kind. */
export function schemaFor(group: string, version: string, kind: string): StructSchema | undefined {
  const index = goTypes().kinds[`${formatApiVersion({ group, version })}/${kind}`];
  return index === undefined ? undefined : (typeAt(index, {}) as StructSchema);
}

/** Whether any kind of this group and version is built in. */
export function isBuiltInVersion(group: string, version: string): boolean {
  const prefix = `${formatApiVersion({ group, version })}/`;
  return Object.keys(goTypes().kinds).some((key) => key.startsWith(prefix));
}

/** What a field says of the list or map that it holds, beyond its Go type. */
interface Relation {
  readonly l?: GoField["l"];
  readonly k?: readonly string[];
  readonly m?: string | undefined;
}

function typeAt(index: number, relation: Relation): Schema {
  const type = goTypes().types[index];
  if (type === undefined) throw new RangeError(`go-types.json has no type ${index}`);
  if (type.k === "struct") return structAt(index, type, relation);
  return expression(type.k, relation, type.go);
}

function structAt(index: number, type: GoType, relation: Relation): StructSchema {
  const isAtomic = (relation.m ?? type.m) === "atomic";
  const key = `${index}${isAtomic ? "a" : ""}`;
  const known = structs.get(key);
  if (known !== undefined) return known;
  let fields: ReadonlyMap<string, Field> | undefined;
  const made: StructSchema = {
    type: "struct",
    go: type.go,
    isAtomic,
    get fields(): ReadonlyMap<string, Field> {
      // Resolved late: types refer to themselves.
      fields ??= new Map((type.fields ?? []).map((field) => [field.n, toField(field)]));
      return fields;
    },
  };
  structs.set(key, made);
  return made;
}

function toField(field: GoField): Field {
  return {
    name: field.n,
    schema: expression(field.t, field),
    omitEmpty: field.f?.includes("e") ?? false,
    omitZero: field.f?.includes("z") ?? false,
    embedded: field.e ?? "",
    default: field.d,
    patchStrategy: field.p === undefined ? [] : field.p.split(","),
    patchMergeKey: field.pk ?? "",
    wirePath: field.b?.split(".").map(Number),
    goName: field.g ?? field.n.charAt(0).toUpperCase() + field.n.slice(1),
  };
}

const integers: Readonly<Record<string, number>> = { int: 64, int32: 32, int64: 64, uint8: 8, uint32: 32, uint64: 64 };

/** Resolves a type expression of the file: `*#12`, `[]string`, `map[string]#3`, `int32`. */
function expression(text: string, relation: Relation, name?: string): Schema {
  if (text.startsWith("#")) return typeAt(Number(text.slice(1)), relation);
  if (text.startsWith("*")) {
    const to = expression(text.slice(1), relation);
    return { type: "pointer", go: `*${to.go}`, to };
  }
  if (text.startsWith("[]")) {
    const items = expression(text.slice(2), {});
    const listType: ListSchema["listType"] = relation.l ?? "atomic";
    return { type: "list", go: name ?? `[]${items.go}`, items, listType, keys: relation.k ?? [] };
  }
  const map = /^map\[([^\]]*)\](.*)$/.exec(text);
  if (map !== null) {
    const values = expression(map[2] ?? "", {});
    return { type: "map", go: name ?? `map[${map[1]}]${values.go}`, values, isAtomic: relation.m === "atomic" };
  }
  return named(text, name ?? text);
}

function named(text: string, go: string): Schema {
  switch (text) {
    case "string":
      return { type: "string", go, bits: 0 };
    case "bool":
      return { type: "boolean", go, bits: 0 };
    case "float64":
      return { type: "number", go, bits: 64 };
    case "bytes":
      return { type: "bytes", go: go === "bytes" ? "[]uint8" : go };
    case "quantity":
    case "time":
    case "microTime":
    case "duration":
    case "intOrString":
      return { type: text, go };
    case "raw":
      return { type: "any", go, isAtomic: true };
    case "json":
    case "fields":
      return { type: "any", go, isAtomic: false };
    default: {
      const bits = integers[text];
      if (bits === undefined) throw new TypeError(`go-types.json has an unknown type ${text}`);
      return { type: "integer", go, bits };
    }
  }
}
