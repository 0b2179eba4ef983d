/**
 * The values of CEL. Integers are bigints, doubles numbers, lists arrays, maps and objects Maps.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#values
 */
import type { CelType } from "./type.ts";

export type CelValue = unknown;

/** Why an expression has no value. */
export class CelError extends Error {}

/** More was spent on an evaluation than is allowed. */
export class CostExceeded extends Error {}

/** A value that must not be used, since it is not of the type that its schema gives it. */
export class Invalid {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class CelTimestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelDuration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A type as a value. */
export class CelTypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class CelOptional {
  readonly value: CelValue;
  readonly hasValue: boolean;
  constructor(value: CelValue, hasValue: boolean) {
    this.value = value;
    this.hasValue = hasValue;
  }
  static of(value: CelValue): CelOptional {
    return new CelOptional(value, true);
  }
  static none(): CelOptional {
    return new CelOptional(undefined, false);
  }
}

/** A value of a type that functions alone know how to read. */
export abstract class CelOpaque {
  abstract readonly typeName: string;
  /** The size for costs. Most have none, which counts as one. */
  readonly size: number = 1;
  abstract equals(other: CelOpaque): boolean;
}

/** An object whose fields have types of their own. */
export class CelObject extends Map<string, CelValue> {
  readonly type: CelType;
  constructor(type: CelType, fields: Iterable<readonly [string, CelValue]> = []) {
    super(fields);
    this.type = type;
  }
}

/** What makes the items of a list the same: of sets their values, of keyed lists their keys. */
export interface ListRules {
  isSame(a: CelValue, b: CelValue): boolean;
}

const listRules = new WeakMap<readonly CelValue[], ListRules>();

/** Notes that a list is a set, or keyed: its order counts for nothing, and adding to it merges. */
export function withRules(list: CelValue[], rules: ListRules): CelValue[] {
  listRules.set(list, rules);
  return list;
}

/** The sum of two lists. */
export function joinLists(a: readonly CelValue[], b: readonly CelValue[]): CelValue[] {
  const rules = listRules.get(a);
  if (rules === undefined) return [...a, ...b];
  const merged = a.map((item) => b.find((other) => rules.isSame(item, other)) ?? item);
  return withRules([...merged, ...b.filter((item) => !a.some((own) => rules.isSame(own, item)))], rules);
}

/** Whether two values are equal; values of different types are not, but for numbers. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) === 0;
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanos === b.nanos;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos;
  if (a instanceof CelTypeValue) return b instanceof CelTypeValue && a.name === b.name;
  if (a instanceof CelOpaque) return b instanceof CelOpaque && a.typeName === b.typeName && a.equals(b);
  if (a instanceof CelOptional) {
    return b instanceof CelOptional && a.hasValue === b.hasValue && (!a.hasValue || isEqual(a.value, b.value));
  }
  if (a instanceof Uint8Array) {
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, index) => byte === b[index]);
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) return false;
    const rules = listRules.get(a);
    if (rules !== undefined)
      return a.length === b.length && b.every((item) => a.some((own) => rules.isSame(own, item) && isEqual(own, item)));
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (a instanceof Map) {
    return (
      b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)))
    );
  }
  return false;
}

export type CelNumber = bigint | number | CelUint;

export function isNumeric(value: CelValue): value is CelNumber {
  return typeof value === "bigint" || typeof value === "number" || value instanceof CelUint;
}

/** Negative, zero or positive; NaN for what has no order. */
export function compareNumbers(a: CelNumber, b: CelNumber): number {
  const [x, y] = [plain(a), plain(b)];
  if (x < y) return -1;
  if (x > y) return 1;
  // Neither is less: equal, but for what is no number.
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
}

function plain(value: CelNumber): bigint | number {
  return value instanceof CelUint ? value.value : value;
}

/** Negative, zero or positive, for two values of one ordered type; undefined where there is no order. */
export function compareValues(a: CelValue, b: CelValue): number | undefined {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return compareNumbers(a.nanos, b.nanos);
  if (a instanceof CelDuration && b instanceof CelDuration) return compareNumbers(a.nanos, b.nanos);
  return undefined;
}

/** By bytes, as Go does it. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The key of a map as it is kept: whole numbers of all types are one key. */
export function mapKey(key: CelValue): CelValue {
  if (key instanceof CelUint) return key.value;
  return typeof key === "number" && Number.isInteger(key) ? BigInt(key) : key;
}

/** The name of a value's type. */
export function typeNameOf(value: CelValue): string {
  if (value === null || value === undefined) return "null_type";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof CelUint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return "list";
  if (value instanceof CelObject) return value.type.name;
  if (value instanceof Map) return "map";
  if (value instanceof CelTimestamp) return "google.protobuf.Timestamp";
  if (value instanceof CelDuration) return "google.protobuf.Duration";
  if (value instanceof CelTypeValue) return "type";
  if (value instanceof CelOptional) return "optional_type";
  return value instanceof CelOpaque ? value.typeName : "dyn";
}

/** How large a value is, for costs. */
export function sizeOf(value: CelValue): number {
  if (typeof value === "string") return [...value].length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  if (value instanceof CelOptional) return value.hasValue ? sizeOf(value.value) : 1;
  return value instanceof CelOpaque ? value.size : 1;
}

/** Whether a value may be the argument of a function that takes this type. Items and members are not looked at. */
export function isOfType(value: CelValue, type: CelType): boolean {
  switch (type.kind) {
    case "dyn":
    case "parameter":
    case "error":
      return true;
    case "list":
      return Array.isArray(value);
    case "map":
      return value instanceof Map;
    case "type":
      return value instanceof CelTypeValue;
    default:
      return typeNameOf(value) === type.name || (value === null && type.kind === "struct");
  }
}
