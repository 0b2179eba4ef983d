/**
 * What one call costs at run time.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#cel-cost-limits
 */
import { CelOpaque, type CelValue, sizeOf } from "./value.ts";

/** What reading a text once costs, for each of its characters. */
export const TRAVERSAL = 0.1;
/** What a pattern costs, for each of its characters. */
export const PATTERN = 0.25;
/** What asking for a user's rights costs. */
export const ACCESS_CHECK = 350000;

type Cost = (args: readonly CelValue[], result: CelValue) => number;

const size = (value: CelValue): number => sizeOf(value);
const once = (value: CelValue): number => Math.ceil(size(value) * TRAVERSAL);
const twice = (value: CelValue): number => Math.ceil(size(value) * 2 * TRAVERSAL);
const matching = (text: number, pattern: number): number =>
  Math.ceil((1 + text) * TRAVERSAL) * Math.ceil(pattern * PATTERN);

/** What going through all of a value costs. */
function whole(value: CelValue): number {
  if (typeof value === "string" || value instanceof Uint8Array) return Math.trunc(Buffer.byteLength(value) * TRAVERSAL);
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + whole(item), 0);
  if (value instanceof Map) return [...value].reduce((sum, [key, item]) => sum + whole(key) + whole(item), 0);
  return 1;
}

const CHECK: Cost = () => ACCESS_CHECK;
const FIRST_ONCE: Cost = ([first]) => once(first);
const FIRST_TWICE: Cost = ([first]) => twice(first);
const FIRST_WHOLE: Cost = ([first]) => whole(first);
const FIND: Cost = ([text, pattern]) => matching(size(text), size(pattern));
const COMPARED: Cost = ([a, b]) => (a instanceof CelOpaque ? 1 : Math.ceil(Math.min(size(a), size(b)) * TRAVERSAL));
const ADDED: Cost = ([a, b]) => Math.ceil((size(a) + size(b)) * TRAVERSAL);

const BY_FUNCTION: Readonly<Record<string, Cost>> = {
  check: CHECK,
  fieldSelector: ([, selector]) => selectorCost(size(selector)),
  labelSelector: ([, selector]) => selectorCost(size(selector)),
  isSorted: FIRST_WHOLE,
  sum: FIRST_WHOLE,
  max: FIRST_WHOLE,
  min: FIRST_WHOLE,
  indexOf: FIRST_WHOLE,
  lastIndexOf: FIRST_WHOLE,
  includes: FIRST_WHOLE,
  url: FIRST_ONCE,
  lowerAscii: FIRST_ONCE,
  upperAscii: FIRST_ONCE,
  substring: FIRST_ONCE,
  trim: FIRST_ONCE,
  "jsonpatch.escapeKey": FIRST_ONCE,
  replace: FIRST_TWICE,
  split: FIRST_TWICE,
  join: (_, result) => twice(result),
  find: FIND,
  findAll: FIND,
  cidr: FIRST_ONCE,
  ip: FIRST_ONCE,
  isIP: FIRST_ONCE,
  isCIDR: FIRST_ONCE,
  "ip.isCanonical": FIRST_TWICE,
  quantity: FIRST_ONCE,
  isQuantity: FIRST_ONCE,
  semver: FIRST_ONCE,
  isSemver: FIRST_ONCE,
  validate: ([format, text]) => matching(size(text), size(format)),
};

/** What making a list costs. */
const LIST = 10;

/** Each item against each other. */
function selfCompared(list: CelValue): number {
  const length = size(list);
  const [first] = Array.isArray(list) ? list : [];
  const factor = typeof first === "string" || first instanceof Uint8Array ? 2 + TRAVERSAL : 2;
  return 1 + LIST + Math.ceil(length * length * factor);
}

const BY_OVERLOAD: Readonly<Record<string, Cost>> = {
  cidr_ip: () => 1,
  cidr_contains_ip_ip: ([cidr]) => twice(cidr),
  cidr_contains_ip_string: ([cidr, other]) => twice(cidr) + once(other),
  cidr_contains_cidr: ([cidr]) => twice(cidr) + once(cidr) + 1,
  cidr_contains_cidr_string: ([cidr, other]) => twice(cidr) + once(cidr) + 1 + once(other),
  starts_with_string: ([, prefix]) => once(prefix),
  ends_with_string: ([, suffix]) => once(suffix),
  string_to_bytes: FIRST_ONCE,
  bytes_to_string: FIRST_ONCE,
  strings_quote: FIRST_ONCE,
  string_format: FIRST_ONCE,
  in_list: ([, list]) => size(list),
  list_sets_contains_list: ([a, b]) => 1 + size(a) * size(b),
  list_sets_intersects_list: ([a, b]) => 1 + size(a) * size(b),
  list_sets_equivalent_list: ([a, b]) => 1 + size(a) * size(b) * 2,
  list_slice: (_, result) => 1 + LIST + size(result),
  lists_range: (_, result) => 1 + LIST + size(result),
  list_reverse: (_, result) => 1 + LIST + size(result),
  list_flatten: ([list]) => 1 + LIST + size(list),
  list_flatten_int: ([list, depth]) => 1 + LIST + size(list) * Number(depth),
  list_distinct: ([list]) => selfCompared(list),
  equals: COMPARED,
  not_equals: COMPARED,
  add_string: ADDED,
  add_bytes: ADDED,
  matches: FIND,
  matches_string: FIND,
  contains_string: ([text, part]) => once(text) * once(part),
};

/** What a call cost, by its function, its overload and its values. */
export function actualCost(name: string, overload: string, args: readonly CelValue[], result: CelValue): number {
  const own = BY_OVERLOAD[overload] ?? BY_FUNCTION[name];
  if (own !== undefined) return own(args, result);
  if (/^list_\w+_sort$/.test(overload)) return selfCompared(args[0]);
  if (/^list_\w+_sortByAssociatedKeys$/.test(overload)) return selfCompared(args[1]);
  if (/^(less|greater)(_equals)?_(string|bytes)$/.test(overload)) return COMPARED(args, result);
  return 1;
}

/** What parsing a selector costs. */
export function selectorCost(length: number): number {
  return 10 + Math.ceil(length * TRAVERSAL) + Math.ceil(Math.ceil(length * 0.5) * 50);
}
