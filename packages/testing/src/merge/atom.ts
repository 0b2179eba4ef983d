/**
 * How one value is owned: as a scalar, a map or a list. The schema decides, and for free-form JSON the value does.
 */
import type { Schema } from "../schema/schema.ts";
import { memberSchema, withoutPointer } from "../schema/schema.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import { keyElement, type PathElement, valueElement } from "./path-element.ts";

export type Atom = ScalarAtom | MapAtom | ListAtom;

export interface ScalarAtom {
  readonly type: "scalar";
  readonly scalar: "string" | "numeric" | "boolean" | "untyped";
}
export interface MapAtom {
  readonly type: "map";
  readonly isAtomic: boolean;
  readonly schema: Schema;
}
export interface ListAtom {
  readonly type: "list";
  readonly isAtomic: boolean;
  readonly items: Schema;
  /** Empty for a set. */
  readonly keys: readonly string[];
}

const untyped: ScalarAtom = { type: "scalar", scalar: "untyped" };
const freeForm: Schema = { type: "any", go: "", isAtomic: false };
const atomicItems: Schema = { type: "any", go: "", isAtomic: true };

/** The atom of a schema, with `value` to tell what free-form JSON is. */
export function atomOf(schema: Schema, value: unknown): Atom {
  const inner = withoutPointer(schema);
  switch (inner.type) {
    case "struct":
    case "map":
      return { type: "map", isAtomic: inner.isAtomic, schema: inner };
    case "list":
      return { type: "list", isAtomic: inner.listType === "atomic", items: inner.items, keys: inner.keys };
    // OpenAPI gives an int-or-string no type, so that apply takes anything there.
    case "intOrString":
    case "any":
      if (Array.isArray(value)) return { type: "list", isAtomic: true, items: atomicItems, keys: [] };
      if (value !== null && value !== undefined && !isRecord(value)) return untyped;
      return inner.type === "any"
        ? { type: "map", isAtomic: inner.isAtomic, schema: inner }
        : { type: "map", isAtomic: false, schema: freeForm };
    case "string":
    case "bytes":
    case "duration":
      return { type: "scalar", scalar: "string" };
    case "boolean":
      return { type: "scalar", scalar: "boolean" };
    case "integer":
    case "number":
      return { type: "scalar", scalar: "numeric" };
    default:
      return untyped;
  }
}

/** The schema of a member of a map. */
export function memberOf(atom: MapAtom, name: string): Schema | undefined {
  return memberSchema(atom.schema, name);
}

/** Whether a member is a field that the schema lists, and not a key of a map. */
export function isNamedField(atom: MapAtom, name: string): boolean {
  return atom.schema.type === "struct" && atom.schema.fields.has(name);
}

/** The path element of a list's item; a text says why there is none. */
export function itemElement(
  atom: ListAtom,
  item: JsonValue,
): { readonly element: PathElement } | { readonly error: string } {
  if (atom.keys.length === 0) {
    if (isRecord(item)) return { error: "associative list without keys has an element that's a map type" };
    if (Array.isArray(item)) return { error: "not supported: associative list with lists as elements" };
    if (item === null) return { error: "associative list without keys has an element that's an explicit null" };
    return { element: valueElement(item) };
  }
  if (item === null) return { error: "associative list with keys may not have a null element" };
  if (!isRecord(item)) return { error: "associative list with keys may not have non-map elements" };
  const keys: JsonRecord = {};
  for (const name of atom.keys) {
    const value = Object.hasOwn(item, name) ? item[name] : keyDefault(atom.items, name);
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length > 0) return { element: keyElement(keys) };
  const names = atom.keys.map((name) => JSON.stringify(name)).join(" ");
  return {
    error: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  };
}

/** A key that is missing counts as its default. */
function keyDefault(items: Schema, name: string): JsonValue | undefined {
  const schema = withoutPointer(items);
  return schema.type === "struct" ? schema.fields.get(name)?.default : undefined;
}
