/**
 * Walks of one value along its schema: checking it, and collecting or removing the fields that it has.
 */

import { define } from "../schema/json-reader.ts";
import type { Schema } from "../schema/schema.ts";
import { atomOf, isNamedField, itemElement, type ListAtom, type MapAtom, memberOf } from "./atom.ts";
import { FieldSet } from "./field-set.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import { fieldElement, formatElement, indexElement, type Path, type PathElement } from "./path-element.ts";
import { notAList, notAMap, scalarViolation, type Violation } from "./typed-error.ts";

/** What the schema has against a value. With `allowDuplicates`, elements of a list may share a key. */
export function violations(value: JsonValue, schema: Schema, allowDuplicates: boolean): Violation[] {
  const atom = atomOf(schema, value);
  switch (atom.type) {
    case "scalar": {
      const message = scalarViolation(atom.scalar, value);
      return message === undefined ? [] : [{ path: "", message }];
    }
    case "list":
      if (value === null) return [];
      return Array.isArray(value)
        ? listViolations(value, atom, allowDuplicates)
        : [{ path: "", message: notAList(value) }];
    default:
      if (value === null) return [];
      return isRecord(value) ? mapViolations(value, atom, allowDuplicates) : [{ path: "", message: notAMap(value) }];
  }
}

function listViolations(list: readonly JsonValue[], atom: ListAtom, allowDuplicates: boolean): Violation[] {
  const found: Violation[] = [];
  const seen = new Set<PathElement>();
  for (const [index, item] of list.entries()) {
    let element = indexElement(index);
    if (!atom.isAtomic) {
      const named = itemElement(atom, item);
      if ("error" in named) return [...found, { path: "", message: `element ${index}: ${named.error}` }];
      element = named.element;
      if (seen.has(element) && !allowDuplicates) {
        found.push({ path: "", message: `duplicate entries for key ${formatElement(element)}` });
      }
      seen.add(element);
    }
    found.push(...below(element, violations(item, atom.items, allowDuplicates)));
  }
  return found;
}

function mapViolations(map: JsonRecord, atom: MapAtom, allowDuplicates: boolean): Violation[] {
  const found: Violation[] = [];
  for (const [key, value] of Object.entries(map)) {
    const schema = memberOf(atom, key);
    if (schema === undefined) return [...found, { path: `.${key}`, message: "field not declared in schema" }];
    found.push(...below(fieldElement(key), violations(value, schema, allowDuplicates)));
  }
  return found;
}

function below(element: PathElement, found: readonly Violation[]): Violation[] {
  return found.map(({ path, message }) => ({ path: formatElement(element) + path, message }));
}

/** The fields that an applied configuration names. */
export function fieldsOf(value: JsonValue, schema: Schema): FieldSet {
  const set = new FieldSet();
  collect(value, schema, [], set);
  return set;
}

function collect(value: JsonValue, schema: Schema, path: Path, set: FieldSet): void {
  const atom = atomOf(schema, value);
  if (atom.type === "scalar" || atom.isAtomic) set.insert(path);
  else if (atom.type === "list") {
    if (Array.isArray(value)) collectItems(value, atom, path, set);
  } else if (isRecord(value)) {
    for (const [key, member] of Object.entries(value)) collectMember(key, member, atom, path, set);
  }
}

function collectMember(key: string, value: JsonValue, atom: MapAtom, path: Path, set: FieldSet): void {
  const own = [...path, fieldElement(key)];
  const schema = memberOf(atom, key);
  if (schema !== undefined) collect(value, schema, own, set);
  const isEmpty = value === null || (isRecord(value) && Object.keys(value).length === 0);
  if (isEmpty || !isNamedField(atom, key)) set.insert(own);
}

function collectItems(list: readonly JsonValue[], atom: ListAtom, path: Path, set: FieldSet): void {
  const elements = list.map((item) => elementOf(atom, item));
  for (const [index, element] of elements.entries()) {
    if (element === undefined) continue;
    set.insert([...path, element]);
    // Of elements that share a key only the key is owned.
    if (elements.indexOf(element) !== elements.lastIndexOf(element)) continue;
    collect(list[index] ?? null, atom.items, [...path, element], set);
  }
}

/** The value without the fields in `set`; undefined where nothing is left. */
export function withoutFields(value: JsonValue, set: FieldSet, schema: Schema): JsonValue | undefined {
  const atom = atomOf(schema, value);
  if (atom.type === "scalar") return value;
  if (atom.type === "list") {
    if (!Array.isArray(value) || value.length === 0 || atom.isAtomic) return undefined;
    const kept = value.flatMap((item) => {
      const element = elementOf(atom, item);
      if (element === undefined) return [item];
      if (set.members.has(element)) return [];
      const inside = set.below(element);
      return inside.isEmpty ? [item] : [withoutFields(item, inside, atom.items) ?? null];
    });
    return kept.length > 0 ? kept : undefined;
  }
  if (!isRecord(value) || atom.isAtomic) return undefined;
  const kept: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    const element = fieldElement(key);
    if (set.members.has(element)) continue;
    const inside = set.below(element);
    const memberType = memberOf(atom, key);
    const left = inside.isEmpty || memberType === undefined ? member : withoutFields(member, inside, memberType);
    define(kept, key, left ?? null);
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** Brings a set up to date where lists or maps that it looks into are owned whole. */
export function reconciled(set: FieldSet, schema: Schema): FieldSet {
  const atom = atomOf(schema, undefined);
  if (atom.type === "scalar" || atom.isAtomic || (atom.type === "map" && atom.schema.type === "any")) return set;
  const result = new FieldSet();
  for (const element of set.members) result.members.add(element);
  for (const [element, child] of set.children) {
    const childType = atom.type === "list" ? atom.items : memberOf(atom, element.slice(2));
    if (childType === undefined) result.children.set(element, child);
    else if (isOwnedWhole(childType)) result.members.add(element);
    else result.children.set(element, reconciled(child, childType));
  }
  return result;
}

function isOwnedWhole(schema: Schema): boolean {
  const atom = atomOf(schema, undefined);
  return atom.type !== "scalar" && atom.isAtomic;
}

function elementOf(atom: ListAtom, item: JsonValue): PathElement | undefined {
  const named = itemElement(atom, item);
  return "element" in named ? named.element : undefined;
}
