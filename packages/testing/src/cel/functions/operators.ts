/**
 * Operators: sums, comparisons, subscripts.
 */
import { type FunctionLibrary, fail } from "../function-library.ts";
import {
  CelDuration,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
  compareValues,
  isEqual,
  joinLists,
  mapKey,
} from "../value.ts";

const MOST_INT = 2n ** 63n - 1n;
const LEAST_INT = -(2n ** 63n);
const MOST_UINT = 2n ** 64n - 1n;
const LEAST_TIME = -62135596800n * 1_000_000_000n;
const MOST_TIME = 253402300800n * 1_000_000_000n - 1n;

/** An integer in its range. */
export function toInt(value: bigint): bigint {
  return value > MOST_INT || value < LEAST_INT ? fail("integer overflow") : value;
}

/** An unsigned integer in its range. */
export function toUint(value: bigint): CelUint {
  return value > MOST_UINT || value < 0n ? fail("unsigned integer overflow") : new CelUint(value);
}

/** A time in its range. */
export function toTimestamp(nanos: bigint): CelTimestamp {
  return nanos < LEAST_TIME || nanos > MOST_TIME ? fail("timestamp overflow") : new CelTimestamp(nanos);
}

/** A duration in its range. */
export function toDuration(nanos: bigint): CelDuration {
  return nanos > MOST_INT || nanos < LEAST_INT ? fail("duration overflow") : new CelDuration(nanos);
}

/** Declares the operators. */
export function declareOperators(library: FunctionLibrary): void {
  declareLogic(library);
  declareArithmetic(library);
  declareSums(library);
  declareOrder(library);
  declareSubscripts(library);
}

function declareLogic(library: FunctionLibrary): void {
  const never = () => fail("no such overload");
  library
    .declare("logical_and", "_&&_(bool, bool): bool", never)
    .declare("logical_or", "_||_(bool, bool): bool", never)
    .declare("conditional", "_?_:_(bool, A, A): A", never)
    .declare("not_strictly_false", "@not_strictly_false(bool): bool", never)
    .declare("logical_not", "!_(bool): bool", (value: boolean) => !value)
    .declare("equals", "_==_(A, A): bool", isEqual)
    .declare("not_equals", "_!=_(A, A): bool", (a, b) => !isEqual(a, b));
}

function declareArithmetic(library: FunctionLibrary): void {
  const nonZero = (value: bigint, what: string): bigint => (value === 0n ? fail(what) : value);
  library
    .declare("subtract_int64", "_-_(int, int): int", (a: bigint, b: bigint) => toInt(a - b))
    .declare("multiply_int64", "_*_(int, int): int", (a: bigint, b: bigint) => toInt(a * b))
    .declare("divide_int64", "_/_(int, int): int", (a: bigint, b: bigint) => toInt(a / nonZero(b, "division by zero")))
    .declare("modulo_int64", "_%_(int, int): int", (a: bigint, b: bigint) => a % nonZero(b, "modulus by zero"))
    .declare("subtract_uint64", "_-_(uint, uint): uint", (a: CelUint, b: CelUint) => toUint(a.value - b.value))
    .declare("multiply_uint64", "_*_(uint, uint): uint", (a: CelUint, b: CelUint) => toUint(a.value * b.value))
    .declare("divide_uint64", "_/_(uint, uint): uint", (a: CelUint, b: CelUint) =>
      toUint(a.value / nonZero(b.value, "division by zero")),
    )
    .declare("modulo_uint64", "_%_(uint, uint): uint", (a: CelUint, b: CelUint) =>
      toUint(a.value % nonZero(b.value, "modulus by zero")),
    )
    .declare("subtract_double", "_-_(double, double): double", (a: number, b: number) => a - b)
    .declare("multiply_double", "_*_(double, double): double", (a: number, b: number) => a * b)
    .declare("divide_double", "_/_(double, double): double", (a: number, b: number) => a / b)
    .declare("negate_int64", "-_(int): int", (value: bigint) => toInt(-value))
    .declare("negate_double", "-_(double): double", (value: number) => -value);
}

function declareSums(library: FunctionLibrary): void {
  const bytes = (a: Uint8Array, b: Uint8Array): Uint8Array => Uint8Array.from([...a, ...b]);
  library
    .declare("add_bytes", "_+_(bytes, bytes): bytes", bytes)
    .declare("add_double", "_+_(double, double): double", (a: number, b: number) => a + b)
    .declare("add_duration_duration", "_+_(duration, duration): duration", (a: CelDuration, b: CelDuration) =>
      toDuration(a.nanos + b.nanos),
    )
    .declare("add_duration_timestamp", "_+_(duration, timestamp): timestamp", (a: CelDuration, b: CelTimestamp) =>
      toTimestamp(a.nanos + b.nanos),
    )
    .declare("add_timestamp_duration", "_+_(timestamp, duration): timestamp", (a: CelTimestamp, b: CelDuration) =>
      toTimestamp(a.nanos + b.nanos),
    )
    .declare("add_int64", "_+_(int, int): int", (a: bigint, b: bigint) => toInt(a + b))
    .declare("add_list", "_+_(list(A), list(A)): list(A)", joinLists)
    .declare("add_string", "_+_(string, string): string", (a: string, b: string) => a + b)
    .declare("add_uint64", "_+_(uint, uint): uint", (a: CelUint, b: CelUint) => toUint(a.value + b.value))
    .declare("subtract_duration_duration", "_-_(duration, duration): duration", (a: CelDuration, b: CelDuration) =>
      toDuration(a.nanos - b.nanos),
    )
    .declare("subtract_timestamp_duration", "_-_(timestamp, duration): timestamp", (a: CelTimestamp, b: CelDuration) =>
      toTimestamp(a.nanos - b.nanos),
    )
    .declare(
      "subtract_timestamp_timestamp",
      "_-_(timestamp, timestamp): duration",
      (a: CelTimestamp, b: CelTimestamp) => toDuration(a.nanos - b.nanos),
    );
}

const ORDERED: readonly (readonly [id: string, type: string])[] = [
  ["bool", "bool"],
  ["int64", "int"],
  ["uint64", "uint"],
  ["double", "double"],
  ["string", "string"],
  ["bytes", "bytes"],
  ["timestamp", "timestamp"],
  ["duration", "duration"],
];
const NUMBERS: readonly (readonly [id: string, type: string])[] = [
  ["int64", "int"],
  ["uint64", "uint"],
  ["double", "double"],
];

function declareOrder(library: FunctionLibrary): void {
  const signs: readonly (readonly [sign: string, id: string, holds: (order: number) => boolean])[] = [
    ["<", "less", (order) => order < 0],
    ["<=", "less_equals", (order) => order <= 0],
    [">", "greater", (order) => order > 0],
    [">=", "greater_equals", (order) => order >= 0],
  ];
  for (const [sign, id, holds] of signs) {
    const run = (a: CelValue, b: CelValue): boolean => {
      const order = compareValues(a, b);
      if (order === undefined) return fail("no such overload");
      return Number.isNaN(order) ? fail("NaN values cannot be ordered") : holds(order);
    };
    for (const [name, type] of ORDERED) library.declare(`${id}_${name}`, `_${sign}_(${type}, ${type}): bool`, run);
    for (const [a, first] of NUMBERS) {
      for (const [b, second] of NUMBERS) {
        if (a !== b) library.declare(`${id}_${a}_${b}`, `_${sign}_(${first}, ${second}): bool`, run);
      }
    }
  }
}

function declareSubscripts(library: FunctionLibrary): void {
  library
    .declare("in_list", "@in(A, list(A)): bool", (value, list: unknown[]) => list.some((item) => isEqual(item, value)))
    .declare("in_map", "@in(A, map(A, B)): bool", (key, map: Map<unknown, unknown>) => map.has(mapKey(key)))
    .declare("index_list", "_[_](list(A), int): A", (list: unknown[], index: bigint | number | CelUint) => {
      const position = positionOf(index);
      return position < 0 || position >= list.length ? fail(`index out of bounds: ${position}`) : list[position];
    })
    .declare("index_map", "_[_](map(A, B), A): B", (map: Map<unknown, unknown>, key) => {
      const own = mapKey(key);
      return map.has(own) ? map.get(own) : fail(`no such key: ${String(own)}`);
    })
    .declare("optional_list_index_value", "_[_](optional(list(A)), int): optional(A)", optionalItem)
    .declare("optional_map_index_value", "_[_](optional(map(A, B)), A): optional(B)", optionalMember)
    .declare("list_optindex_optional_int", "_[?_](list(A), int): optional(A)", optionalItem)
    .declare("optional_list_optindex_optional_int", "_[?_](optional(list(A)), int): optional(A)", optionalItem)
    .declare("map_optindex_optional_value", "_[?_](map(A, B), A): optional(B)", optionalMember)
    .declare("optional_map_optindex_optional_value", "_[?_](optional(map(A, B)), A): optional(B)", optionalMember);
}

function positionOf(index: bigint | number | CelUint): number {
  return Number(index instanceof CelUint ? index.value : index);
}

function optionalItem(given: CelOptional | unknown[], index: bigint | CelUint): CelOptional {
  const list = given instanceof CelOptional ? given.value : given;
  const position = positionOf(index);
  const isThere = Array.isArray(list) && position >= 0 && position < list.length;
  return isThere ? CelOptional.of(list[position]) : CelOptional.none();
}

function optionalMember(given: CelOptional | Map<unknown, unknown>, key: CelValue): CelOptional {
  const map = given instanceof CelOptional ? given.value : given;
  const own = mapKey(key);
  return map instanceof Map && map.has(own) ? CelOptional.of(map.get(own)) : CelOptional.none();
}
