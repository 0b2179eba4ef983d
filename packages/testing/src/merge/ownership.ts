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

/** An object in another version of its kind, with that version's schema. */
export interface VersionedForm {
  readonly object: JsonRecord;
  readonly schema: Schema;
}

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
  /**
   * Brings an object from the version that it is in into another one of its group; undefined where that version has no such kind.
   * Throws {@link ManagedFieldsError} for what is no version. Without it, entries of other versions stay as they are.
   */
  readonly inVersion?: ((object: JsonRecord, apiVersion: string) => VersionedForm | undefined) | undefined;
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
  const comparisons = comparisonsOf(live, updated, comparison, context);
  const next = disown(reconcileAll(managed, live, context), comparisons);
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
  const { schema, filter } = context;
  const next = reconcileAll(managed, live, context);
  const identity = idOf(context, "Apply");
  const id = managerId(identity);
  const last = next.get(id);
  let own = fieldsOf(config, schema);
  if (filter !== undefined) own = filter(own);
  next.set(id, { ...identity, fields: own, time: last?.time });
  const merged = prune(merge(live, config, schema), next, last, context);
  const comparisons = comparisonsOf(live, merged, filtered(compare(live, merged, schema), filter), context);
  const conflicts = force ? [] : conflictsWith(next, comparisons, id);
  if (conflicts.length > 0) throw new OwnershipConflict(conflicts);
  const applied = next.get(id) as ManagedEntry;
  next.delete(id);
  const result = disown(next, comparisons);
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

/** The change that a write makes, as a version sees it; undefined where entries of that version are left alone. */
type Comparisons = (apiVersion: string) => Comparison | undefined;

function comparisonsOf(live: JsonValue, updated: JsonValue, own: Comparison, context: WriteContext): Comparisons {
  const found = new Map<string, Comparison | undefined>([[context.apiVersion, own]]);
  return (apiVersion) => {
    if (!found.has(apiVersion)) {
      const before = formOf(live, apiVersion, context);
      const after = formOf(updated, apiVersion, context);
      const change = before && after && filtered(compare(before.object, after.object, after.schema), context.filter);
      found.set(apiVersion, change);
    }
    return found.get(apiVersion);
  };
}

function formOf(object: JsonValue, apiVersion: string, context: WriteContext): VersionedForm | undefined {
  if (apiVersion === context.apiVersion) return { object: object as JsonRecord, schema: context.schema };
  return context.inVersion?.(object as JsonRecord, apiVersion);
}

/** Entries under the schemas of today. Those of versions that the kind does not have are gone. */
function reconcileAll(managed: Managed, live: JsonValue, context: WriteContext): Managed {
  const next: Managed = new Map();
  for (const [id, entry] of managed) {
    const form = formOf(live, entry.apiVersion, context);
    if (form !== undefined) next.set(id, { ...entry, fields: reconciled(entry.fields, form.schema) });
    else if (context.inVersion === undefined) next.set(id, entry);
  }
  return next;
}

/** Takes changed and removed fields from all. */
function disown(managed: Managed, comparisons: Comparisons): Managed {
  const next: Managed = new Map();
  for (const [id, entry] of managed) {
    const change = comparisons(entry.apiVersion);
    const fields =
      change === undefined
        ? entry.fields
        : entry.fields.difference(change.modified.union(change.added)).difference(change.removed);
    if (!fields.isEmpty) next.set(id, { ...entry, fields });
  }
  return next;
}

function conflictsWith(managed: Managed, comparisons: Comparisons, own: string): Conflict[] {
  return [...managed.keys()].sort().flatMap((id) => {
    const manager = managed.get(id);
    const change = manager === undefined ? undefined : comparisons(manager.apiVersion);
    if (id === own || manager === undefined || change === undefined) return [];
    return manager.fields
      .intersection(change.modified.union(change.added))
      .paths()
      .map((path) => ({ manager, path }));
  });
}

/** Removes what the applier named last time, in whichever version, names no longer, and nobody else owns. */
function prune(merged: JsonValue, managed: Managed, last: ManagedEntry | undefined, context: WriteContext): JsonValue {
  if (last === undefined || last.fields.isEmpty) return merged;
  const form = formOf(merged, last.apiVersion, context);
  if (form === undefined) return merged;
  const then: WriteContext = { ...context, apiVersion: last.apiVersion, schema: form.schema };
  const pruned = pruneForm(form.object, managed, last.fields, then);
  return formOf(pruned, context.apiVersion, then)?.object ?? merged;
}

function pruneForm(merged: JsonValue, managed: Managed, last: FieldSet, context: WriteContext): JsonValue {
  const { schema } = context;
  const lastNamed = last.withNamedFields(schema);
  let pruned: JsonValue = withoutFields(merged, lastNamed, schema) ?? null;
  const owned = new Map<string, FieldSet>([[context.apiVersion, new FieldSet()]]);
  for (const { apiVersion, fields } of managed.values())
    owned.set(apiVersion, fields.union(owned.get(apiVersion) ?? new FieldSet()));
  for (const [apiVersion, fields] of owned) pruned = withOwned(merged, pruned, fields, apiVersion, context);
  // What went along with a removed parent without having been named by the applier comes back.
  const mergedSet = fieldsOf(merged, schema).withNamedFields(schema);
  const left = fieldsOf(pruned, schema).withNamedFields(schema);
  return withoutFields(merged, mergedSet.difference(left).intersection(lastNamed), schema) ?? null;
}

/** Brings back what somebody owns in a version. */
function withOwned(
  merged: JsonValue,
  pruned: JsonValue,
  owned: FieldSet,
  apiVersion: string,
  context: WriteContext,
): JsonValue {
  const whole = formOf(merged, apiVersion, context);
  const part = formOf(pruned, apiVersion, context);
  if (whole === undefined || part === undefined) return pruned;
  const { schema } = whole;
  const wholeSet = fieldsOf(whole.object, schema).withNamedFields(schema);
  const kept = fieldsOf(part.object, schema).withNamedFields(schema).union(owned.withNamedFields(schema));
  const back = withoutFields(whole.object, wholeSet.difference(kept), schema) ?? null;
  if (apiVersion === context.apiVersion) return back;
  return context.inVersion?.(back as JsonRecord, context.apiVersion)?.object ?? pruned;
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
