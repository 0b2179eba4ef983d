/**
 * Functions of lists, sets, maps and optionals.
 */
import { type FunctionLibrary, fail } from "../function-library.ts";
import {
  type CelDuration,
  CelObject,
  CelOptional,
  CelUint,
  type CelValue,
  compareValues,
  isEqual,
  mapKey,
  sizeOf,
} from "../value.ts";
import { toDuration, toInt, toUint } from "./operators.ts";

const ORDERED = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];

/** Declares the functions of lists, sets, maps and optionals. */
export function declareListFunctions(library: FunctionLibrary): void {
  for (const type of ORDERED) {
    library
      .declare(`list_${type}_is_sorted_bool`, `<list(${type})>.isSorted(): bool`, isSorted)
      .declare(`list_${type}_min_${type}`, `<list(${type})>.min(): ${type}`, (list: unknown[]) =>
        extreme(list, -1, "min"),
      )
      .declare(`list_${type}_max_${type}`, `<list(${type})>.max(): ${type}`, (list: unknown[]) =>
        extreme(list, 1, "max"),
      );
  }
  library
    .declare("list_int_sum_int", "<list(int)>.sum(): int", (list: bigint[]) => toInt(list.reduce((a, b) => a + b, 0n)))
    .declare("list_uint_sum_uint", "<list(uint)>.sum(): uint", (list: CelUint[]) =>
      toUint(list.reduce((sum, { value }) => sum + value, 0n)),
    )
    .declare("list_double_sum_double", "<list(double)>.sum(): double", (list: number[]) =>
      list.reduce((a, b) => a + b, 0),
    )
    .declare("list_duration_sum_duration", "<list(duration)>.sum(): duration", (list: CelDuration[]) =>
      toDuration(list.reduce((sum, { nanos }) => sum + nanos, 0n)),
    )
    .declare("list_a_index_of_int", "<list(A)>.indexOf(A): int", (list: unknown[], value) =>
      BigInt(list.findIndex((item) => isEqual(item, value))),
    )
    .declare("list_a_last_index_of_int", "<list(A)>.lastIndexOf(A): int", (list: unknown[], value) =>
      BigInt(list.findLastIndex((item) => isEqual(item, value))),
    );
  declareRearranging(library);
  declareSets(library);
  declareOptionals(library);
  library
    .declare(
      "@mapInsert_map_key_value",
      "cel.@mapInsert(map(K, V), K, V): map(K, V)",
      (map: Map<unknown, unknown>, key, value) => insert(map, [[key, value]]),
    )
    .declare("@mapInsert_map_map", "cel.@mapInsert(map(K, V), map(K, V)): map(K, V)", insert);
}

function insert(map: Map<unknown, unknown>, more: Iterable<readonly [unknown, unknown]>): Map<unknown, unknown> {
  const all = new Map(map);
  for (const [key, value] of more) {
    const own = mapKey(key);
    if (all.has(own)) fail(`insert failed: key ${String(own)} already exists`);
    all.set(own, value);
  }
  return all;
}

function order(a: CelValue, b: CelValue): number {
  return compareValues(a, b) ?? fail("no such overload");
}

function isSorted(list: readonly unknown[]): boolean {
  return list.every((item, index) => index === 0 || order(list[index - 1], item) <= 0);
}

function extreme(list: readonly unknown[], sign: number, name: string): unknown {
  if (list.length === 0) fail(`${name} called on empty list`);
  return list.reduce((best, item) => (order(item, best) * sign > 0 ? item : best));
}

const MOST_RANGE = 1_000_000n;

function declareRearranging(library: FunctionLibrary): void {
  library
    .declare("list_slice", "<list(T)>.slice(int, int): list(T)", (list: unknown[], start: bigint, end: bigint) => {
      if (start < 0n || end < 0n) fail(`cannot slice(${start}, ${end}), negative indexes not supported`);
      if (start > end) fail(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
      if (end > BigInt(list.length)) fail(`cannot slice(${start}, ${end}), list is length ${list.length}`);
      return list.slice(Number(start), Number(end));
    })
    .declare("list_flatten", "<list(list(T))>.flatten(): list(T)", (list: unknown[]) => list.flat())
    .declare("list_flatten_int", "<list(dyn)>.flatten(int): list(dyn)", (list: unknown[], depth: bigint) =>
      depth < 0n ? fail("level must be non-negative") : list.flat(Number(depth)),
    )
    .declare("lists_range", "lists.range(int): list(int)", (size: bigint) => {
      if (size < 0n) fail(`lists.range: size must be non-negative, got ${size}`);
      if (size > MOST_RANGE) fail(`lists.range: size ${size} exceeds maximum allowed (${MOST_RANGE})`);
      return Array.from({ length: Number(size) }, (_, index) => BigInt(index));
    })
    .declare("list_reverse", "<list(T)>.reverse(): list(T)", (list: unknown[]) => [...list].reverse())
    .declare("list_distinct", "<list(T)>.distinct(): list(T)", (list: unknown[]) =>
      list.filter((item, index) => list.findIndex((other) => isEqual(other, item)) === index),
    )
    .declare("list_first", "<list(T)>.first(): optional(T)", (list: unknown[]) =>
      list.length === 0 ? CelOptional.none() : CelOptional.of(list[0]),
    )
    .declare("list_last", "<list(T)>.last(): optional(T)", (list: unknown[]) =>
      list.length === 0 ? CelOptional.none() : CelOptional.of(list.at(-1)),
    );
  for (const type of ORDERED) {
    library
      .declare(`list_${type}_sort`, `<list(${type})>.sort(): list(${type})`, (list: unknown[]) => [...list].sort(order))
      .declare(`list_${type}_sortByAssociatedKeys`, `<list(T)>.@sortByAssociatedKeys(list(${type})): list(T)`, sortBy);
  }
}

function sortBy(list: readonly unknown[], keys: readonly unknown[]): unknown[] {
  return list
    .map((item, index) => ({ item, key: keys[index] }))
    .sort((a, b) => order(a.key, b.key))
    .map(({ item }) => item);
}

function declareSets(library: FunctionLibrary): void {
  const has = (list: readonly unknown[], value: unknown) => list.some((item) => isEqual(item, value));
  const contains = (list: readonly unknown[], other: readonly unknown[]) => other.every((item) => has(list, item));
  library
    .declare("list_sets_contains_list", "sets.contains(list(T), list(T)): bool", contains)
    .declare(
      "list_sets_equivalent_list",
      "sets.equivalent(list(T), list(T)): bool",
      (a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
    )
    .declare("list_sets_intersects_list", "sets.intersects(list(T), list(T)): bool", (a: unknown[], b: unknown[]) =>
      a.some((item) => has(b, item)),
    );
}

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return true;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelObject || value instanceof Map || Array.isArray(value) || value instanceof Uint8Array)
    return sizeOf(value) === 0;
  return false;
}

function declareOptionals(library: FunctionLibrary): void {
  library
    .declare("optional_of", "optional.of(V): optional(V)", CelOptional.of)
    .declare("optional_ofNonZeroValue", "optional.ofNonZeroValue(V): optional(V)", (value) =>
      isZero(value) ? CelOptional.none() : CelOptional.of(value),
    )
    .declare("optional_none", "optional.none(): optional(V)", CelOptional.none)
    .declare("optional_value", "<optional(V)>.value(): V", (optional: CelOptional) =>
      optional.hasValue ? optional.value : fail("optional.none() dereference"),
    )
    .declare("optional_hasValue", "<optional(V)>.hasValue(): bool", (optional: CelOptional) => optional.hasValue)
    .declare("optional_or_optional", "<optional(V)>.or(optional(V)): optional(V)", (a: CelOptional, b: CelOptional) =>
      a.hasValue ? a : b,
    )
    .declare("optional_orValue_value", "<optional(V)>.orValue(V): V", (optional: CelOptional, other) =>
      optional.hasValue ? optional.value : other,
    )
    .declare("optional_unwrap", "optional.unwrap(list(optional(V))): list(V)", unwrap)
    .declare("optional_unwrapOpt", "<list(optional(V))>.unwrapOpt(): list(V)", unwrap);
}

function unwrap(list: readonly CelOptional[]): unknown[] {
  return list.filter(({ hasValue }) => hasValue).map(({ value }) => value);
}
