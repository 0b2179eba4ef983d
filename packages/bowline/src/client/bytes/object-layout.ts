/**
 * Where the objects of a list or of a watch event lie in its bytes, and where their `metadata.managedFields` do.
 *
 * Finding them costs a fraction of parsing them: `managedFields` is half of many objects and can be cut before it is parsed,
 * and a cache may keep an object's bytes and parse them when asked. Only `metadata.managedFields` of an object itself counts:
 * the same name elsewhere (in a string, in `spec`, in a pod template's metadata) is data.
 */
import {
  CLOSE_BRACKET,
  COMMA,
  ENOUGH,
  holds,
  OPEN_BRACE,
  OPEN_BRACKET,
  skipFlatArray,
  skipSpace,
  skipValue,
  UNSURE,
  visitMembers,
} from "./json-scan.ts";

/** Half-open ranges of bytes, flat: start, end, start, end, ... */
export type Ranges = readonly number[];

/** The layout of a list's bytes. */
export interface ListLayout {
  /** One range for each object of `items`, in order. */
  readonly items: Ranges;
  /** What to leave out so that no item has `metadata.managedFields`; each range takes one comma with it. */
  readonly managedFields: Ranges;
  /** The first byte of the `items` array's content, after `[`. */
  readonly itemsStart: number;
}

/** Finds the objects of a list; `undefined` where the bytes are not plainly a list, and `JSON.parse` must judge. */
export function layoutOfList(bytes: Uint8Array): ListLayout | undefined {
  const items: number[] = [];
  const managedFields: number[] = [];
  let itemsStart = UNSURE;
  const end = visitMembers(bytes, skipSpace(bytes, 0), (keyStart, keyEnd, valueAt) => {
    if (!holds(bytes, keyStart, keyEnd, "items")) return skipValue(bytes, valueAt);
    if (itemsStart !== UNSURE || bytes[valueAt] !== OPEN_BRACKET) return UNSURE;
    itemsStart = valueAt + 1;
    return visitItems(bytes, itemsStart, items, managedFields);
  });
  if (end < 0 || itemsStart === UNSURE || skipSpace(bytes, end) !== bytes.length) return undefined;
  return { items, managedFields, itemsStart };
}

function visitItems(bytes: Uint8Array, at: number, items: number[], managedFields: number[]): number {
  let index = skipSpace(bytes, at);
  if (bytes[index] === CLOSE_BRACKET) return index + 1;
  for (;;) {
    const start = index;
    index = visitObject(bytes, start, managedFields);
    if (index < 0) return UNSURE;
    items.push(start, index);
    index = skipSpace(bytes, index);
    if (bytes[index] === CLOSE_BRACKET) return index + 1;
    if (bytes[index] !== COMMA) return UNSURE;
    index = skipSpace(bytes, index + 1);
  }
}

/** Where `managedFields` lies in one object's bytes; `undefined` where `JSON.parse` must judge. */
export function managedFieldsOfObject(bytes: Uint8Array): Ranges | undefined {
  const ranges: number[] = [];
  const end = visitObject(bytes, skipSpace(bytes, 0), ranges);
  return end < 0 || skipSpace(bytes, end) !== bytes.length ? undefined : ranges;
}

/**
 * The same in the object of a watch event, `{"type":"ADDED","object":{...}}`: the first range, the rest of the bytes is not
 * looked at. Who gives the same key twice may have more.
 */
export function managedFieldsOfEvent(bytes: Uint8Array): Ranges | undefined {
  const ranges: number[] = [];
  const end = visitMembers(bytes, skipSpace(bytes, 0), (keyStart, keyEnd, valueAt) => {
    if (!holds(bytes, keyStart, keyEnd, "object") || bytes[valueAt] !== OPEN_BRACE) return skipValue(bytes, valueAt);
    const objectEnd = visitObject(bytes, valueAt, ranges, true);
    return objectEnd === UNSURE ? UNSURE : ENOUGH;
  });
  return end === UNSURE ? undefined : ranges;
}

/** Past the object at `at`, adding the range of its `metadata.managedFields`. `isFirstEnough`: no further than that. */
function visitObject(bytes: Uint8Array, at: number, ranges: number[], isFirstEnough = false): number {
  return visitMembers(bytes, at, (keyStart, keyEnd, valueAt) => {
    if (!holds(bytes, keyStart, keyEnd, "metadata") || bytes[valueAt] !== OPEN_BRACE) return skipValue(bytes, valueAt);
    const end = visitMetadata(bytes, valueAt, ranges);
    return isFirstEnough && end >= 0 ? ENOUGH : end;
  });
}

function visitMetadata(bytes: Uint8Array, at: number, ranges: number[]): number {
  // Start of the text since the last member that stays. A range takes the comma before it, or the one after it where it
  // stands first, so that what is left is JSON again.
  let keptEnd = UNSURE;
  let pending = UNSURE;
  const end = visitMembers(bytes, at, (keyStart, keyEnd, valueAt) => {
    const isManagedFields = holds(bytes, keyStart, keyEnd, "managedFields");
    const valueEnd = isManagedFields ? skipManagedFields(bytes, valueAt) : skipValue(bytes, valueAt);
    if (valueEnd < 0) return UNSURE;
    if (isManagedFields) {
      if (keptEnd !== UNSURE) ranges.push(keptEnd, valueEnd);
      else if (pending === UNSURE) pending = keyStart - 1;
    } else {
      if (pending !== UNSURE) ranges.push(pending, keyStart - 1);
      pending = UNSURE;
    }
    keptEnd = pending === UNSURE ? valueEnd : UNSURE;
    return valueEnd;
  });
  // managedFields was all there is: leave `{}`.
  if (end >= 0 && pending !== UNSURE) ranges.push(pending, end - 1);
  return end;
}

/** They make up half of many objects, hence the short way. */
function skipManagedFields(bytes: Uint8Array, at: number): number {
  const end = bytes[at] === OPEN_BRACKET ? skipFlatArray(bytes, at + 1) : UNSURE;
  return end === UNSURE ? skipValue(bytes, at) : end;
}

/** The bytes without the ranges, as a copy; `bytes` itself where there are none. */
export function without(bytes: Uint8Array, ranges: Ranges): Uint8Array {
  if (ranges.length === 0) return bytes;
  let size = bytes.length;
  for (let index = 0; index < ranges.length; index += 2) size -= (ranges[index + 1] ?? 0) - (ranges[index] ?? 0);
  const kept = new Uint8Array(size);
  let from = 0;
  let to = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    const part = bytes.subarray(from, ranges[index]);
    kept.set(part, to);
    to += part.length;
    from = ranges[index + 1] ?? from;
  }
  kept.set(bytes.subarray(from), to);
  return kept;
}
