/**
 * Reading and filling loosely typed objects: what is stored is JSON of any kind, so every step of a path may be missing.
 *
 * "Empty" has Go's meaning: absent, null, `""`, 0, false, or a list or map without members. Fields that are pointers in
 * the API's types differ from the others in just that point, so the two ways of filling have two functions.
 */
import { emptyAt, keepOrder } from "../schema/index.ts";

export { keysInOrder } from "../schema/index.ts";

export type Fields = Record<string, unknown>;

/** The value as an object, or undefined. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The value at a path of member names, undefined where a step is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  let current: unknown = value;
  for (const step of path) {
    const fields = fieldsOf(current);
    if (fields === undefined || !Object.hasOwn(fields, step)) return undefined;
    current = fields[step];
  }
  return current ?? undefined;
}

/** A member as messages show it: an empty list or map that was given, too, and null for nothing. */
export function shownAt(owner: unknown, name: string): unknown {
  return fieldsOf(owner)?.[name] ?? emptyAt(owner, name) ?? null;
}

export function fieldsAt(value: unknown, ...path: string[]): Fields | undefined {
  return fieldsOf(at(value, ...path));
}

/** The objects of the list at a path; members that aren't objects count as empty ones, so that indexes stay. */
export function itemsAt(value: unknown, ...path: string[]): Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map((item) => fieldsOf(item) ?? {}) : [];
}

export function textsAt(value: unknown, ...path: string[]): string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map((item) => (typeof item === "string" ? item : "")) : [];
}

/** The string at a path, `""` where there is none. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function isTrueAt(value: unknown, ...path: string[]): boolean {
  return at(value, ...path) === true;
}

/** The map of strings at a path, empty where there is none. */
export function stringMapAt(value: unknown, ...path: string[]): Record<string, string> {
  const found = fieldsAt(value, ...path);
  const out: Record<string, string> = {};
  for (const [key, item] of Object.entries(found ?? {})) out[key] = typeof item === "string" ? item : "";
  keepOrder(found, out);
  return out;
}

/** The object at a member, made where it is missing. */
export function ensureFields(parent: Fields, name: string): Fields {
  const found = fieldsOf(parent[name]);
  if (found !== undefined) return found;
  const made: Fields = {};
  parent[name] = made;
  return made;
}

/** Whether Go would call the value zero or nil. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Fills a member that Go has as a pointer: only where it is absent or null. */
export function fillAbsent(parent: Fields | undefined, name: string, value: unknown): void {
  if (parent !== undefined && (parent[name] === undefined || parent[name] === null)) parent[name] = value;
}

/** Fills a member that Go has as a plain value: also where it is `""`, 0 or without members. */
export function fillEmpty(parent: Fields | undefined, name: string, value: unknown): void {
  if (parent !== undefined && isEmpty(parent[name])) parent[name] = value;
}

/** Whether two JSON values are equal as apimachinery's semantic equality sees them: empty and absent are the same. */
export function isSemanticallyEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isContainer(left) || isContainer(right)) {
    if (isVoid(left) && isVoid(right)) return true;
    if (Array.isArray(left) && Array.isArray(right)) {
      return left.length === right.length && left.every((item, index) => isSemanticallyEqual(item, right[index]));
    }
    const [a, b] = [fieldsOf(left), fieldsOf(right)];
    if (a === undefined || b === undefined) return false;
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (!isSemanticallyEqual(a[key], b[key])) return false;
    }
    return true;
  }
  return (left ?? undefined) === (right ?? undefined);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isVoid(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
