/**
 * One step of a path to a field, in the form that `fieldsV1` has it: `f:spec`, `k:{"name":"a"}`, `v:"x"`, `i:0`.
 */
import { formatNumber } from "../schema/go-format.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";

/** A path element in canonical form, so that equal elements are equal strings. */
export type PathElement = string;
export type Path = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** An element of a keyed list. Keys are put in alphabetical order. */
export function keyElement(keys: JsonRecord): PathElement {
  const fields = Object.keys(keys)
    .sort()
    .map((name) => `${escapedJson(name)}:${escapedJson(keys[name] ?? null)}`);
  return `k:{${fields.join(",")}}`;
}

/** An element of a set, by its value. */
export function valueElement(value: JsonValue): PathElement {
  return `v:${escapedJson(value)}`;
}

export function indexElement(index: number): PathElement {
  return `i:${index}`;
}

/** The name of a field element, undefined for the others. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/** Reads an element that a client has sent. Undefined for one of an unknown type; throws for a broken one. */
export function parsePathElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new SyntaxError("key must be 2 characters long:");
  if (text[1] !== ":") throw new SyntaxError(`missing colon: ${text}`);
  const rest = text.slice(2);
  switch (text[0]) {
    case "f":
      return text;
    case "v":
      return valueElement(JSON.parse(rest) as JsonValue);
    case "k": {
      const keys: unknown = JSON.parse(rest);
      if (!isRecord(keys)) throw new SyntaxError(`not an object: ${rest}`);
      return keyElement(keys);
    }
    case "i":
      if (!/^[+-]?\d+$/.test(rest))
        throw new SyntaxError(`strconv.Atoi: parsing ${JSON.stringify(rest)}: invalid syntax`);
      return indexElement(Number(rest));
    default:
      return undefined;
  }
}

const kinds = "fkvi";

/** The order in which `fieldsV1` lists elements: fields, keys, values, indexes. */
export function compareElements(a: PathElement, b: PathElement): number {
  const byKind = kinds.indexOf(a[0] ?? "") - kinds.indexOf(b[0] ?? "");
  if (byKind !== 0) return byKind;
  if (a === b) return 0;
  switch (a[0]) {
    case "k":
      return compareKeys(JSON.parse(a.slice(2)) as JsonRecord, JSON.parse(b.slice(2)) as JsonRecord);
    case "v":
      return compareValues(JSON.parse(a.slice(2)) as JsonValue, JSON.parse(b.slice(2)) as JsonValue);
    case "i":
      return Number(a.slice(2)) - Number(b.slice(2));
    default:
      return a < b ? -1 : 1;
  }
}

/** An element as error texts show it: `.spec`, `[name="a"]`, `[="x"]`, `[0]`. */
export function formatElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case "k": {
      const keys = JSON.parse(rest) as JsonRecord;
      return `[${Object.entries(keys)
        .map(([name, value]) => `${name}=${formatValue(value)}`)
        .join(",")}]`;
    }
    case "v":
      return `[=${formatValue(JSON.parse(rest) as JsonValue)}]`;
    case "i":
      return `[${rest}]`;
    default:
      return `.${rest}`;
  }
}

export function formatPath(path: Path): string {
  return path.map(formatElement).join("");
}

function formatValue(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(",")}]`;
  if (isRecord(value))
    return Object.entries(value)
      .map(([key, item]) => `${key}=${formatValue(item)}`)
      .join("");
  return typeof value === "number" ? formatNumber(value) : JSON.stringify(value);
}

/** JSON as Go's encoder writes it, which is safe inside HTML. */
function escapedJson(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function compareKeys(a: JsonRecord, b: JsonRecord): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    const byValue = compareValues(value, other[1]);
    if (byValue !== 0) return byValue;
  }
  return left.length - right.length;
}

function rank(value: JsonValue): number {
  if (value === null) return 5;
  if (Array.isArray(value)) return 3;
  return { number: 0, string: 1, boolean: 2, object: 4 }[typeof value as "number" | "string" | "boolean" | "object"];
}

function compareValues(a: JsonValue, b: JsonValue): number {
  const byType = rank(a) - rank(b);
  if (byType !== 0) return byType;
  if (a === b) return 0;
  if (typeof a === "object" || typeof b === "object") return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
  return a < b ? -1 : 1;
}
