/**
 * What a call can cost, and how large its result can be.
 */
import { ACCESS_CHECK, PATTERN, selectorCost, TRAVERSAL } from "./actual-cost.ts";
import { add, type CostLimits, exactly, scaled, times, UNKNOWN } from "./cost-limits.ts";
import { type CelType, isSameType } from "./type.ts";

/** An argument, as far as costs go. */
export interface Sized {
  readonly type: CelType;
  readonly size: CostLimits | undefined;
  /** Of a list: its items. */
  readonly item?: { readonly type: CelType; readonly size: CostLimits | undefined } | undefined;
  readonly literal?: unknown;
}

/** The cost of a call itself, without its arguments', and the size of its result where that is known. */
export interface CallCost {
  readonly cost: CostLimits;
  readonly size?: CostLimits | undefined;
}

type Estimate = (target: Sized | undefined, args: readonly Sized[]) => CallCost | undefined;

const ONE: CostLimits = exactly(1);
const size = (sized: Sized | undefined): CostLimits => sized?.size ?? UNKNOWN;
const once = (sized: Sized | undefined): CostLimits => scaled(size(sized), TRAVERSAL);
const twice = (sized: Sized | undefined): CostLimits => scaled(size(sized), 2 * TRAVERSAL);
const matching = (text: CostLimits, pattern: CostLimits): CostLimits =>
  times(scaled(add(text, ONE), TRAVERSAL), scaled(pattern, PATTERN));

const SAME_SIZE: Estimate = (target) => ({ cost: once(target), size: size(target) });
const FIRST_ONCE: Estimate = (_, [first]) => ({ cost: once(first) });
const FIND: Estimate = (target, [pattern]) => ({
  cost: matching(size(target), size(pattern)),
  size: { min: 0, max: size(target).max },
});
const SELECTOR: Estimate = (_, [selector]) => {
  const { min, max } = size(selector);
  return { cost: { min: selectorCost(min), max: Math.min(selectorCost(max), UNKNOWN.max) } };
};
const CHECK: Estimate = () => ({ cost: exactly(ACCESS_CHECK) });
/** An IP address has 4 to 16 bytes. */
const ADDRESS: CostLimits = { min: 4, max: 16 };
const CONTAINS_IP: CostLimits = scaled(add(ADDRESS, ADDRESS), TRAVERSAL);
const CONTAINS_CIDR: CostLimits = add(add(CONTAINS_IP, scaled(ADDRESS, TRAVERSAL)), ONE);
const LONGEST_FORMAT = 128;

const WALK: Estimate = (target) => {
  const { item } = target ?? {};
  if (item === undefined) return { cost: once(target) };
  const isText = item.type.kind === "string" || item.type.kind === "bytes";
  const each = isText ? add(ONE, scaled(item.size ?? UNKNOWN, TRAVERSAL)) : ONE;
  return { cost: times(size(target), each) };
};

const SPLIT: Estimate = (target, [, most]) => ({
  cost: twice(target),
  size: { min: 0, max: typeof most?.literal === "bigint" ? toSize(most.literal) : size(target).max },
});

/** A negative number counts as the largest. */
function toSize(value: bigint): number {
  return value < 0n ? UNKNOWN.max : Number(value);
}

const REPLACE: Estimate = (target, [from, to]) => {
  const [text, old, fresh] = [size(target), size(from), size(to)];
  const count = (length: number, part: number) =>
    part === 0 ? Math.min(length + 1, UNKNOWN.max) : Math.ceil(length / part);
  // Nothing is longer than before where what is put in is shorter.
  const keepsMax = old.min > 0 && fresh.max <= old.min;
  const keepsMin = old.max > 0 && old.max <= fresh.min;
  const counts = { min: keepsMin ? 0 : count(text.min, old.max), max: keepsMax ? 0 : count(text.max, old.min) };
  const kept = { min: keepsMin || old.max === 0 ? text.min : 0, max: keepsMax || old.min === 0 ? text.max : 0 };
  return { cost: twice(target), size: add(times(counts, fresh), kept) };
};

const JOIN: Estimate = (target, [separator]) => {
  const list = size(target);
  let joined = target?.item === undefined ? exactly(0) : times(list, target.item.size ?? UNKNOWN);
  if (separator !== undefined) {
    const gaps = { min: Math.max(list.min - 1, 0), max: Math.max(list.max - 1, 0) };
    joined = add(joined, times(size(separator), gaps));
  }
  return { cost: scaled(joined, TRAVERSAL), size: joined };
};

const BY_FUNCTION: Readonly<Record<string, Estimate>> = {
  check: CHECK,
  fieldSelector: SELECTOR,
  labelSelector: SELECTOR,
  isSorted: WALK,
  sum: WALK,
  max: WALK,
  min: WALK,
  indexOf: WALK,
  lastIndexOf: WALK,
  url: (_, [first]) => ({ cost: once(first), size: size(first) }),
  "jsonpatch.escapeKey": (_, [first]) => ({ cost: once(first), size: size(first) }),
  lowerAscii: SAME_SIZE,
  upperAscii: SAME_SIZE,
  substring: SAME_SIZE,
  trim: SAME_SIZE,
  replace: REPLACE,
  split: SPLIT,
  join: JOIN,
  find: FIND,
  findAll: FIND,
  cidr: FIRST_ONCE,
  isIP: FIRST_ONCE,
  isCIDR: FIRST_ONCE,
  ip: FIRST_ONCE,
  "ip.isCanonical": (_, [first]) => ({ cost: twice(first) }),
  quantity: FIRST_ONCE,
  isQuantity: FIRST_ONCE,
  semver: FIRST_ONCE,
  isSemver: FIRST_ONCE,
  validate: (_, [text]) => ({ cost: scaled(once(text), LONGEST_FORMAT * PATTERN) }),
};

const COMPARED: Estimate = (_, [a, b]) => {
  if (a !== undefined && b !== undefined && isSameType(a.type, b.type) && isCheap(a.type)) return { cost: ONE };
  const least = Math.min(size(a).max, size(b).max);
  return { cost: scaled({ min: least > 0 ? 1 : 0, max: least }, TRAVERSAL) };
};

/** Types whose values are compared in one step. */
function isCheap({ name }: CelType): boolean {
  return /^net\.|^kubernetes\.(Quantity|Semver|authorization\.)/.test(name);
}

const ADDED: Estimate = (_, [a, b]) => {
  const sum = add(size(a), size(b));
  return { cost: scaled(sum, TRAVERSAL), size: sum };
};

/** What making a list costs. */
const LIST = 10;

function comparingSets(factor: number): Estimate {
  return (_, [a, b]) => ({ cost: add(scaled(times(size(a), size(b)), factor), ONE) });
}

/** Each item against each other. */
function comparingAll(length: CostLimits, factor: number): CallCost {
  const square = times(length, length);
  return making(scaled(square, factor), square);
}

/** The value of a literal that is a size. */
function literalSize(sized: Sized | undefined, otherwise: number): number {
  return typeof sized?.literal === "bigint" ? toSize(sized.literal) : otherwise;
}

const BY_OVERLOAD: Readonly<Record<string, Estimate>> = {
  cidr_ip: () => ({ cost: ONE }),
  cidr_contains_ip_ip: () => ({ cost: CONTAINS_IP }),
  cidr_contains_ip_string: (_, [other]) => ({ cost: add(CONTAINS_IP, once(other)) }),
  cidr_contains_cidr: () => ({ cost: CONTAINS_CIDR }),
  cidr_contains_cidr_string: (_, [other]) => ({ cost: add(CONTAINS_CIDR, once(other)) }),
  string_format: (target) => ({ cost: once(target) }),
  string_to_bytes: (_, [text]) => ({
    cost: once(text),
    size: { min: size(text).min, max: Math.min(size(text).max * 4, UNKNOWN.max) },
  }),
  bytes_to_string: (_, [bytes]) => ({
    cost: once(bytes),
    size: { min: Math.floor(size(bytes).min / 4), max: size(bytes).max },
  }),
  strings_quote: (_, [text]) => ({
    cost: once(text),
    size: { min: size(text).min + 2, max: Math.min(size(text).max * 2 + 2, UNKNOWN.max) },
  }),
  starts_with_string: FIRST_ONCE,
  ends_with_string: FIRST_ONCE,
  in_list: (_, [, list]) => ({ cost: size(list) }),
  matches: (_, [text, pattern]) => ({ cost: matching(size(text), size(pattern)) }),
  matches_string: (target, [pattern]) => ({ cost: matching(size(target), size(pattern)) }),
  contains_string: (target, [part]) => ({ cost: times(once(target), once(part)) }),
  add_list: (_, [a, b]) => ({ cost: ONE, size: add(size(a), size(b)) }),
  add_string: ADDED,
  add_bytes: ADDED,
  list_sets_contains_list: comparingSets(1),
  list_sets_intersects_list: comparingSets(1),
  list_sets_equivalent_list: comparingSets(2),
  list_slice: (target, [start, end]) => {
    const length = exactly(Math.max(literalSize(end, size(target).max) - literalSize(start, 0), 0));
    return making(length, length);
  },
  lists_range: (_, [count]) =>
    making(exactly(literalSize(count, UNKNOWN.max)), exactly(literalSize(count, UNKNOWN.max))),
  list_reverse: (target) => making(size(target), size(target)),
  list_flatten: (target) => making(size(target), size(target)),
  list_flatten_int: (target, [depth]) => making(scaled(size(target), literalSize(depth, UNKNOWN.max)), size(target)),
  list_distinct: (target) => comparingAll(size(target), 2),
  equals: COMPARED,
  not_equals: COMPARED,
};

/** Functions that make a list. */
function making(cost: CostLimits, length: CostLimits): CallCost {
  return { cost: add(cost, exactly(1 + LIST)), size: length };
}

/** Estimates a call by its function and overload. */
export function callCost(name: string, overload: string, target: Sized | undefined, args: readonly Sized[]): CallCost {
  const byOverload = Object.hasOwn(BY_OVERLOAD, overload) ? BY_OVERLOAD[overload] : undefined;
  const byFunction = Object.hasOwn(BY_FUNCTION, name) ? BY_FUNCTION[name] : undefined;
  const sorted = /^list_(\w+?)_sort(ByAssociatedKeys)?$/.exec(overload);
  if (sorted !== null) {
    const isText = sorted[1] === "string" || sorted[1] === "bytes";
    return comparingAll(size(sorted[2] === undefined ? target : args[0]), isText ? 2 + TRAVERSAL : 2);
  }
  const isOrder = /^(less|greater)(_equals)?_(string|bytes)$/.test(overload);
  return (byOverload ?? byFunction ?? (isOrder ? COMPARED : undefined))?.(target, args) ?? { cost: ONE };
}
