/**
 * Strategic merge patch: lists are merged by their merge keys, and `$patch`, `$retainKeys`, `$setElementOrder` and
 * `$deleteFromPrimitiveList` direct it.
 *
 * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
import { formatGo, goTypeOf } from "../schema/go-format.ts";
import type { Schema } from "../schema/schema.ts";
import { shortGoName, withoutPointer } from "../schema/schema.ts";
import { clone, isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import { mergedOrder } from "./strategic-order.ts";

/** A patch that cannot be applied; `status` is the HTTP status of the server's answer, the message its text. */
export class StrategicPatchError extends Error {
  override readonly name: string = "StrategicPatchError";
  readonly status: 400 | 422 | 500;
  constructor(status: 400 | 422 | 500, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Applies a patch and leaves the document alone. The patch is used up: directives that have been followed are gone from it
 * afterwards, and so it stands in the server's error texts. Throws {@link StrategicPatchError}.
 */
export function applyStrategicPatch(document: JsonRecord, patch: JsonRecord, schema: Schema): JsonRecord {
  return mergeMap(clone(document), patch, schema);
}

const marker = "$patch";
const retainKeys = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList";
const orderPrefix = "$setElementOrder";

interface PatchMeta {
  readonly schema: Schema;
  readonly strategy: string;
  readonly mergeKey: string;
}

/** Merges into `original`, which is the caller's to lose. */
function mergeMap(original: JsonRecord, patch: JsonRecord, schema: Schema): JsonRecord {
  if (Object.hasOwn(patch, marker)) return directed(patch);
  retain(original, patch);
  for (const key of Object.keys(patch)) if (key.startsWith(orderPrefix)) mergeOrdered(original, patch, key, schema);
  for (const [key, value] of Object.entries(patch)) {
    const isDeletion = key.startsWith(deletePrefix);
    mergeField(original, isDeletion ? afterPrefix(key, deletePrefix) : key, value, isDeletion, schema);
  }
  return original;
}

function mergeField(original: JsonRecord, key: string, value: JsonValue, isDeletion: boolean, schema: Schema): void {
  if (value === null) {
    delete original[key];
    return;
  }
  const current = Object.hasOwn(original, key) ? original[key] : undefined;
  if (current === undefined || shapeOf(current) !== shapeOf(value)) {
    if (isDeletion) return;
    set(original, key, withoutDirectives(withoutNulls(value)));
  } else if (isRecord(current) && isRecord(value)) {
    const meta = lookup(schema, key, false);
    original[key] = meta.strategy === "replace" ? value : mergeMap(current, value, meta.schema);
  } else if (Array.isArray(current) && Array.isArray(value)) {
    const meta = lookup(schema, key, true);
    const isMerged = meta.strategy === "merge" || isDeletion;
    original[key] = isMerged ? mergeList(current, value, meta, isDeletion) : value;
  } else {
    original[key] = value;
  }
}

function directed(patch: JsonRecord): JsonRecord {
  const directive = patch[marker];
  if (directive === "delete") return {};
  if (directive !== "replace") throw unknownDirective(directive, patch);
  delete patch[marker];
  return patch;
}

/** `$retainKeys`: fields of the original that are not named go. */
function retain(original: JsonRecord, patch: JsonRecord): void {
  if (!Object.hasOwn(patch, retainKeys)) return;
  const names = patch[retainKeys];
  delete patch[retainKeys];
  if (!Array.isArray(names)) throw badFormat("retainKeys");
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue;
    if (!names.includes(key)) throw badFormat("retainKeys");
  }
  for (const key of Object.keys(original)) if (!names.includes(key)) delete original[key];
}

/** `$setElementOrder/<field>`: merges the list and then orders it. */
function mergeOrdered(original: JsonRecord, patch: JsonRecord, directive: string, schema: Schema): void {
  const order = patch[directive];
  delete patch[directive];
  if (!Array.isArray(order)) throw badArgument("[]interface {}", order);
  const key = afterPrefix(directive, orderPrefix);
  const before = listOrUndefined(original[key]);
  const change = listOrUndefined(patch[key]);
  const meta = lookup(schema, key, true);
  checkOrder(change ?? [], order, meta.mergeKey);
  let merged: JsonValue[];
  if (before !== undefined && change !== undefined) {
    merged = meta.strategy === "merge" ? mergeList(clone(before), change, meta, false) : change;
  } else if (before !== undefined) merged = before;
  else if (change !== undefined) merged = withoutDirectives(change) as JsonValue[];
  else return;
  elementShape(before ?? [], change ?? []);
  original[key] = arrange(merged, order, before ?? [], meta.mergeKey);
  delete patch[key];
}

function checkOrder(change: readonly JsonValue[], order: readonly JsonValue[], mergeKey: string): void {
  if (change.length === 0 || order.length === 0) return;
  const items = change.filter((item) => !(isRecord(item) && item[marker] === "delete"));
  let at = 0;
  let orderAt = 0;
  while (at < items.length && orderAt < order.length) {
    const item = items[at] ?? null;
    const wanted = order[orderAt] ?? null;
    if (isRecord(item) && Object.hasOwn(item, marker)) {
      at += 1;
      continue;
    }
    if (mergeKey === "" ? item === wanted : keyOf(item, mergeKey) === keyOf(wanted, mergeKey)) at += 1;
    orderAt += 1;
  }
  if (at < items.length) {
    const text = `The order in patch list:\n${formatGo(change)}\n doesn't match ${orderPrefix} list:\n${formatGo(order)}\n`;
    throw new StrategicPatchError(500, text);
  }
}

function mergeList(original: JsonValue[], patch: JsonValue[], meta: PatchMeta, isDeletion: boolean): JsonValue[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (elementShape(original, patch) !== "map") {
    if (isDeletion) return original.filter((item) => !patch.includes(item));
    return arrange(withoutRepeats([...original, ...patch]), patch, original, meta.mergeKey);
  }
  if (meta.mergeKey === "") {
    const name = shortGoName(withoutPointer(meta.schema).go);
    throw new StrategicPatchError(500, `cannot merge lists without merge key for ${name}`);
  }
  const { kept, changes } = takeDirectives(original, patch as JsonRecord[], meta.mergeKey);
  const merged = [...kept];
  for (const change of changes) {
    const key = keyOf(change, meta.mergeKey);
    const at = merged.findIndex((item) => isRecord(item) && item[meta.mergeKey] === key);
    const found = merged[at];
    if (isRecord(found)) merged[at] = mergeMap(found, change, meta.schema);
    else merged.push(change);
  }
  return arrange(merged, changes, kept, meta.mergeKey);
}

/** Applies the elements that are directives, and returns what is left to merge. */
function takeDirectives(
  original: JsonValue[],
  patch: JsonRecord[],
  mergeKey: string,
): { kept: JsonValue[]; changes: JsonRecord[] } {
  let kept = original;
  let isReplaced = false;
  const changes: JsonRecord[] = [];
  for (const item of patch) {
    if (!Object.hasOwn(item, marker)) {
      changes.push(item);
      continue;
    }
    const directive = item[marker];
    if (directive === "delete") {
      const key = keyOf(item, mergeKey);
      kept = kept.filter((candidate) => !isRecord(candidate) || candidate[mergeKey] !== key);
    } else if (directive === "replace") isReplaced = true;
    else if (directive === "merge")
      throw new StrategicPatchError(500, "merging lists cannot yet be specified in the patch");
    else throw unknownDirective(directive, item);
  }
  return isReplaced ? { kept: changes, changes: [] } : { kept, changes };
}

function arrange(
  merged: JsonValue[],
  patchOrder: JsonValue[],
  serverOrder: JsonValue[],
  mergeKey: string,
): JsonValue[] {
  const identify = (item: JsonValue): JsonValue | undefined =>
    mergeKey === "" || !isRecord(item) ? item : keyOf(item, mergeKey);
  return mergedOrder(merged, patchOrder, serverOrder, identify);
}

function keyOf(item: JsonValue, mergeKey: string): JsonValue {
  if (!isRecord(item)) throw badArgument("map[string]interface {}", item);
  const key = item[mergeKey];
  if (key === undefined) {
    throw new StrategicPatchError(500, `map: ${formatGo(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return key;
}

/** What the Go type's tags say of a field. */
function lookup(schema: Schema, key: string, isList: boolean): PatchMeta {
  const outer = withoutPointer(schema);
  const field = outer.type === "struct" ? outer.fields.get(key) : undefined;
  if (field === undefined) {
    const name = shortGoName(outer.go);
    throw new StrategicPatchError(
      500,
      `unable to find api field in struct ${name} for the json field ${JSON.stringify(key)}`,
    );
  }
  const inner = withoutPointer(field.schema);
  const strategy = field.patchStrategy.find((name) => name !== "retainKeys") ?? "";
  return { schema: isList && inner.type === "list" ? inner.items : inner, strategy, mergeKey: field.patchMergeKey };
}

function elementShape(...lists: readonly JsonValue[][]): string {
  let shape: string | undefined;
  for (const item of lists.flat()) {
    const own = goTypeOf(item);
    if (shape === undefined && own === "[]interface {}")
      throw new StrategicPatchError(422, "lists of lists are not supported");
    if (shape !== undefined && shape !== own) {
      throw new StrategicPatchError(500, `list element types are not identical: ${formatGo(lists)}`);
    }
    shape = own;
  }
  if (shape === undefined) throw new StrategicPatchError(500, "no elements in any of the given slices");
  return shape.startsWith("map") ? "map" : "scalar";
}

function shapeOf(value: JsonValue): string {
  return value === null ? "null" : goTypeOf(value);
}

/** The server's way to drop repeats puts the last element in the gap. */
function withoutRepeats(list: JsonValue[]): JsonValue[] {
  const items = [...list];
  for (let i = 0; i < items.length - 1; i += 1) {
    for (let j = i + 1; j < items.length; j += 1) {
      if (items[i] !== items[j]) continue;
      const last = items.pop();
      if (j < items.length && last !== undefined) items[j] = last;
      j -= 1;
    }
  }
  return items;
}

function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) for (const item of value) withoutNulls(item);
  else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item === null) delete value[key];
      else withoutNulls(item);
    }
  }
  return value;
}

/** Undefined for an object that is a directive itself. */
function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, marker)) return undefined;
  for (const [key, item] of Object.entries(value)) set(value, key, withoutDirectives(item));
  return value;
}

function set(object: JsonRecord, key: string, value: JsonValue | undefined): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}

function listOrUndefined(value: JsonValue | undefined): JsonValue[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw badArgument("[]interface {}", value);
}

function afterPrefix(key: string, prefix: string): string {
  const slash = key.indexOf("/");
  if (slash >= 0 && key.slice(0, slash) === prefix) return key.slice(slash + 1);
  throw badFormat(prefix === deletePrefix ? "primitive list" : "setElementOrder list");
}

function badFormat(what: string): StrategicPatchError {
  return new StrategicPatchError(400, `invalid patch format of ${what}`);
}

function badArgument(expected: string, value: JsonValue | undefined): StrategicPatchError {
  return new StrategicPatchError(500, `expected a ${expected}, but received a ${goTypeOf(value)}`);
}

function unknownDirective(directive: JsonValue | undefined, patch: JsonRecord): StrategicPatchError {
  // Printed as a string, which what is none shows.
  const type = directive === null ? "" : `${goTypeOf(directive)}=`;
  const shown = typeof directive === "string" ? directive : `%!s(${type}${formatGo(directive)})`;
  return new StrategicPatchError(500, `unknown patch type: ${shown} in map: ${formatGo(patch)}`);
}
