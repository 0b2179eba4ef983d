/**
 * Walks of two values along one schema: what changed between them, and their merge.
 */

import { jsonEqual } from "bowline/core";
import { define } from "../schema/json-reader.ts";
import type { Schema } from "../schema/schema.ts";
import { type Atom, atomOf, itemElement, type ListAtom, type MapAtom, memberOf } from "./atom.ts";
import { FieldSet } from "./field-set.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import { fieldElement, type Path, type PathElement } from "./path-element.ts";

export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/** What changed from `before` to `after`. */
export function compare(before: JsonValue, after: JsonValue, schema: Schema): Comparison {
  const comparison: Comparison = { removed: new FieldSet(), modified: new FieldSet(), added: new FieldSet() };
  compareAt(before, after, schema, [], comparison);
  return comparison;
}

type Side = JsonValue | undefined;

function compareAt(before: Side, after: Side, schema: Schema, path: Path, into: Comparison): void {
  let isLeaf = false;
  for (const atom of atomsOf(before, after, schema))
    isLeaf = compareAtom(before, after, atom, path, into, isLeaf) || isLeaf;
  if (isLeaf) return;
  if (before === undefined) into.added.insert(path);
  else if (after === undefined) into.removed.insert(path);
}

/** Free-form values may be of two shapes, then both are looked at. */
function atomsOf(before: Side, after: Side, schema: Schema): Atom[] {
  const left = atomOf(schema, before);
  const right = atomOf(schema, after);
  if (after === undefined) return [left];
  return before === undefined || left.type === right.type ? [right] : [left, right];
}

/** Whether the value was taken as one. */
function compareAtom(before: Side, after: Side, atom: Atom, path: Path, into: Comparison, wasLeaf: boolean): boolean {
  if (isLeafPair(before, after, atom)) {
    if (!wasLeaf) compareLeaf(before, after, path, into);
    return true;
  }
  if (atom.type === "map") {
    for (const key of keysOf(before, after)) {
      const schema = memberOf(atom, key);
      if (schema !== undefined)
        compareAt(member(before, key), member(after, key), schema, [...path, fieldElement(key)], into);
    }
  } else if (atom.type === "list") compareLists(listOf(before), listOf(after), atom, path, into);
  return false;
}

function isLeafPair(before: Side, after: Side, atom: Atom): boolean {
  if (atom.type === "scalar" || atom.isAtomic) return true;
  if (atom.type === "list") return listOf(before).length === 0 && listOf(after).length === 0;
  return keysOf(before, after).length === 0;
}

function compareLeaf(before: Side, after: Side, path: Path, into: Comparison): void {
  if (before === undefined) into.added.insert(path);
  else if (after === undefined) into.removed.insert(path);
  else if (!jsonEqual(before, after)) into.modified.insert(path);
}

function compareLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  atom: ListAtom,
  path: Path,
  into: Comparison,
): void {
  const left = byElement(before, atom);
  const right = byElement(after, atom);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const own = [...path, element];
    const old = left.get(element) ?? [];
    const now = right.get(element) ?? [];
    if (old.length <= 1 && now.length <= 1) compareAt(old[0], now[0], atom.items, own, into);
    else if (old.length >= 2 && now.length >= 2) {
      if (!jsonEqual(old, now)) into.modified.insert(own);
    } else if (old.length >= 2) {
      if (now.length > 0) compareAt(undefined, now[0], atom.items, own, into);
      into.removed.insert(own);
    } else {
      if (old.length > 0) compareAt(old[0], undefined, atom.items, own, into);
      into.added.insert(own);
    }
  }
}

function byElement(list: readonly JsonValue[], atom: ListAtom): Map<PathElement, JsonValue[]> {
  const found = new Map<PathElement, JsonValue[]>();
  for (const item of list) {
    const named = itemElement(atom, item);
    if ("error" in named) continue;
    const others = found.get(named.element);
    if (others === undefined) found.set(named.element, [item]);
    else others.push(item);
  }
  return found;
}

/** Puts an applied configuration over the live value: what it does not name stays. */
export function merge(live: JsonValue, config: JsonValue, schema: Schema): JsonValue {
  return mergeAt(live, config, schema) ?? null;
}

function mergeAt(live: Side, config: Side, schema: Schema): Side {
  let merged: Side;
  for (const atom of atomsOf(live, config, schema)) merged = mergeAtom(live, config, atom);
  return merged;
}

function mergeAtom(live: Side, config: Side, atom: Atom): Side {
  if (isLeafPair(live, config, atom)) return config !== undefined ? config : live;
  if (atom.type === "map") return mergeMaps(live, config, atom);
  return atom.type === "list" ? mergeLists(listOf(live), listOf(config), atom) : config;
}

function mergeMaps(live: Side, config: Side, atom: MapAtom): Side {
  const merged: JsonRecord = {};
  for (const key of keysOf(live, config)) {
    const schema = memberOf(atom, key);
    const value =
      schema === undefined
        ? (member(config, key) ?? member(live, key))
        : mergeAt(member(live, key), member(config, key), schema);
    if (value !== undefined) define(merged, key, value);
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/**
 * Merges keyed lists and sets: elements of the configuration in its order, and what only the live list has where it stood, as
 * far as the two orders agree.
 */
function mergeLists(live: readonly JsonValue[], config: readonly JsonValue[], atom: ListAtom): Side {
  const left = elementsOf(live, atom);
  const right = elementsOf(config, atom);
  const inLive = byElement(live, atom);
  const inConfig = byElement(config, atom);
  const shared = right.map(({ element }) => element).filter((element) => inLive.has(element));
  let nextShared = shared.shift();
  const done = new Set<PathElement>();
  const out: JsonValue[] = [];
  const push = (element: PathElement, isLiveOnly: boolean, own?: JsonValue): void => {
    const old = isLiveOnly ? own : single(inLive.get(element));
    const value = mergeAt(old, isLiveOnly ? undefined : inConfig.get(element)?.[0], atom.items);
    if (value !== undefined) out.push(value);
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const old = left[l];
    const now = right[r];
    if (old !== undefined && now !== undefined) {
      if (old.element === now.element) {
        done.add(now.element);
        push(now.element, false);
        l += 1;
        r += 1;
        nextShared = shared.shift();
        continue;
      }
      // An element that the configuration moves to a later place.
      if (inConfig.has(old.element) && nextShared !== undefined && nextShared !== old.element) {
        l += 1;
        continue;
      }
    }
    if (old !== undefined) {
      if (!inConfig.has(old.element)) {
        push(old.element, true, old.item);
        l += 1;
        continue;
      }
      if (done.has(old.element)) l += 1;
    }
    if (now !== undefined) {
      done.add(now.element);
      push(now.element, false);
      r += 1;
      if (nextShared === now.element) nextShared = shared.shift();
    }
  }
  return out.length > 0 ? out : undefined;
}

/** Live elements that share a key are replaced as if they were null. */
function single(items: readonly JsonValue[] | undefined): Side {
  return items === undefined ? undefined : items.length === 1 ? items[0] : null;
}

function elementsOf(
  list: readonly JsonValue[],
  atom: ListAtom,
): { readonly element: PathElement; readonly item: JsonValue }[] {
  return list.flatMap((item) => {
    const named = itemElement(atom, item);
    return "error" in named ? [] : [{ element: named.element, item }];
  });
}

function keysOf(left: Side, right: Side): string[] {
  return [...new Set([...(isRecord(left) ? Object.keys(left) : []), ...(isRecord(right) ? Object.keys(right) : [])])];
}

function member(value: Side, key: string): Side {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function listOf(value: Side): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
