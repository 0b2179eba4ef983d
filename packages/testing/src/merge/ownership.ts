/**
 * Who owns what after a write: the core of update and apply, on decoded entries.
 */
import { formatTime, jsonEqual } from "bowline/core";
import type { Schema } from "../schema/schema.ts";
import { FieldSet } from "./field-set.ts";
import type { JsonRecord, JsonValue } from "./json-value.ts";
import { type Managed, type ManagedEntry, managerId, secondsOf } from "./managed-fields.ts";
import { fieldElement, type Path } from "./path-element.ts";
import { type Comparison, compare, merge } from "./typed-pair.ts";
import { fieldsOf, reconciled, withoutFields } from "./typed-walk.ts";

/** Keeps, of a set of changed fields, those that a write through this path can own. */
export type FieldFilter = (set: FieldSet) => FieldSet;

/** What a write is made with. */
export interface WriteContext {
  readonly schema: Schema;
  /** The version of the request, `apps/v1`. */
  readonly apiVersion: string;
  readonly manager: string;
  /** `""` for the main resource. */
  readonly subresource: string;
  readonly filter?: FieldFilter | undefined;
  readonly now: Date;
}

/** One field of another manager that an apply would change. */
export interface Conflict {
  readonly manager: ManagedEntry;
  readonly path: Path;
}

/** An apply that was not forced met fields of others. */
export class OwnershipConflict extends Error {
  override readonly name: string = "OwnershipConflict";
  readonly conflicts: readonly Conflict[];
  constructor(conflicts: readonly Conflict[]) {
    super("conflicts with other managers");
    this.conflicts = conflicts;
  }
}

const metadata = fieldElement("metadata");
const serverFields = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
] as const;
/** Fields that nobody owns. */
const unowned = FieldSet.of(
  [fieldElement("apiVersion")],
  [fieldElement("kind")],
  [metadata],
  ...serverFields.map((name): Path => [metadata, fieldElement(name)]),
);

const maxUpdateEntries = 10;
const ancientManager = "ancient-changes";

function idOf(context: WriteContext, operation: "Apply" | "Update"): Omit<ManagedEntry, "fields" | "time"> {
  return {
    manager: context.manager === "" ? "unknown" : context.manager,
    operation,
    apiVersion: context.apiVersion,
    subresource: context.subresource,
  };
}

/** Ownership after an update, a patch or a create: what changed is the writer's. */
export function ownUpdate(live: JsonValue, updated: JsonValue, managed: Managed, context: WriteContext): Managed {
  const comparison = filtered(compare(live, updated, context.schema), context.filter);
  const next = disown(reconcileAll(managed, context), comparison, context.apiVersion);
  let own = comparison.modified.union(comparison.added);
  if (context.filter !== undefined) own = context.filter(own);
  own = own.difference(unowned);
  if (!own.isEmpty) {
    const identity = idOf(context, "Update");
    const id = managerId(identity);
    const before = next.get(id)?.fields ?? new FieldSet();
    next.set(id, { ...identity, fields: own.union(before), time: formatTime(context.now) });
  }
  return capped(next);
}

/** Ownership and object after an apply. `object` is undefined if nothing changes. Throws {@link OwnershipConflict}. */
export function ownApply(
  live: JsonRecord,
  config: JsonRecord,
  managed: Managed,
  context: WriteContext,
  force: boolean,
): { readonly object: JsonValue | undefined; readonly managed: Managed } {
  const { schema, apiVersion, filter } = context;
  const next = reconcileAll(managed, context);
  const identity = idOf(context, "Apply");
  const id = managerId(identity);
  const last = next.get(id);
  let own = fieldsOf(config, schema);
  if (filter !== undefined) own = filter(own);
  next.set(id, { ...identity, fields: own, time: last?.time });
  const merged = prune(merge(live, config, schema), next, last?.fields, schema);
  const comparison = filtered(compare(live, merged, schema), filter);
  const conflicts = force ? [] : conflictsWith(next, comparison, id, apiVersion);
  if (conflicts.length > 0) throw new OwnershipConflict(conflicts);
  const applied = next.get(id) as ManagedEntry;
  next.delete(id);
  const result = disown(next, comparison, apiVersion);
  const isChanged = !jsonEqual(live, merged);
  const fields = applied.fields.difference(unowned);
  const time = isChanged ? formatTime(context.now) : applied.time;
  if (!fields.isEmpty) result.set(id, { ...applied, fields, time });
  return { object: isChanged ? merged : undefined, managed: result };
}

function filtered(comparison: Comparison, filter: FieldFilter | undefined): Comparison {
  if (filter === undefined) return comparison;
  const { removed, modified, added } = comparison;
  return { removed: filter(removed), modified: filter(modified), added: filter(added) };
}

function reconcileAll(managed: Managed, context: WriteContext): Managed {
  const next: Managed = new Map();
  for (const [id, entry] of managed) {
    const isOwnVersion = entry.apiVersion === context.apiVersion;
    next.set(id, isOwnVersion ? { ...entry, fields: reconciled(entry.fields, context.schema) } : entry);
  }
  return next;
}

/** Takes changed and removed fields from all. Entries of other versions stay as they are. */
function disown(managed: Managed, comparison: Comparison, apiVersion: string): Managed {
  const changed = comparison.modified.union(comparison.added);
  const next: Managed = new Map();
  for (const [id, entry] of managed) {
    const isComparable = entry.apiVersion === apiVersion;
    const fields = isComparable ? entry.fields.difference(changed).difference(comparison.removed) : entry.fields;
    if (!fields.isEmpty) next.set(id, { ...entry, fields });
  }
  return next;
}

function conflictsWith(managed: Managed, comparison: Comparison, own: string, apiVersion: string): Conflict[] {
  const changed = comparison.modified.union(comparison.added);
  return [...managed.keys()].sort().flatMap((id) => {
    const manager = managed.get(id);
    if (id === own || manager === undefined || manager.apiVersion !== apiVersion) return [];
    return manager.fields
      .intersection(changed)
      .paths()
      .map((path) => ({ manager, path }));
  });
}

/** Removes what the applier named last time, names no longer, and nobody else owns. */
function prune(merged: JsonValue, managed: Managed, last: FieldSet | undefined, schema: Schema): JsonValue {
  if (last === undefined || last.isEmpty) return merged;
  const lastNamed = last.withNamedFields(schema);
  const pruned = withoutFields(merged, lastNamed, schema) ?? null;
  const mergedSet = fieldsOf(merged, schema).withNamedFields(schema);
  let owned = new FieldSet();
  for (const entry of managed.values()) owned = owned.union(entry.fields);
  const kept = fieldsOf(pruned, schema).withNamedFields(schema).union(owned.withNamedFields(schema));
  const withOwned = withoutFields(merged, mergedSet.difference(kept), schema) ?? null;
  // What went along with a removed parent without having been named by the applier comes back.
  const left = fieldsOf(withOwned, schema).withNamedFields(schema);
  return withoutFields(merged, mergedSet.difference(left).intersection(lastNamed), schema) ?? null;
}

/** Folds the oldest updates of a version into one entry when there are too many. */
function capped(managed: Managed): Managed {
  const updates = [...managed].filter(([, entry]) => entry.operation === "Update");
  if (updates.length <= maxUpdateEntries) return managed;
  updates.sort(([idA, a], [idB, b]) => secondsOf(a.time) - secondsOf(b.time) || (idA < idB ? -1 : 1));
  const next: Managed = new Map(managed);
  const firstOf = new Map<string, string>();
  let length = updates.length;
  for (const [id, entry] of updates) {
    if (length <= maxUpdateEntries) break;
    const identity = {
      manager: ancientManager,
      operation: "Update",
      apiVersion: entry.apiVersion,
      subresource: "",
    } as const;
    const bucket = managerId(identity);
    const first = firstOf.get(entry.apiVersion);
    if (first === undefined) {
      firstOf.set(entry.apiVersion, id);
      continue;
    }
    const into = next.get(bucket) ?? next.get(first);
    if (!next.has(bucket)) next.delete(first);
    next.delete(id);
    next.set(bucket, { ...identity, fields: entry.fields.union(into?.fields ?? new FieldSet()), time: entry.time });
    length -= 1;
  }
  return next;
}
