/**
 * managedFields of a write that is not an apply.
 */
import { jsonEqual } from "bowline/core";
import { zeroValue } from "../schema/encode.ts";
import type { StructSchema } from "../schema/schema.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import {
  decodeManagedFields,
  encodeManagedFields,
  isReset,
  type Managed,
  ManagedFieldsError,
} from "./managed-fields.ts";
import { ownUpdate, type WriteContext } from "./ownership.ts";

export interface UpdateOptions extends Omit<WriteContext, "schema"> {
  readonly schema: StructSchema;
  /** The kind, which an object that is being created is compared with an empty one of. */
  readonly kind: string;
  /** What is stored; undefined on create. */
  readonly live: JsonRecord | undefined;
  /** What was sent, defaulted, before the strategy prepares it. Its own managedFields count, as on the real server. */
  readonly updated: JsonRecord;
}

/**
 * The new `metadata.managedFields` (undefined: none). Call it with the object as it was sent and defaulted, before status and
 * other fields are put back.
 */
export function updateManagedFields(options: UpdateOptions): JsonRecord[] | undefined {
  const { live, updated } = options;
  const managed = startingPoint(options);
  // An object whose managedFields were cleared is left alone until somebody applies.
  if (managed.size === 0 && live !== undefined) return undefined;
  const before = live ?? emptyObject(options.schema, options.apiVersion, options.kind);
  try {
    return encodeManagedFields(
      ownUpdate(withoutManagedFields(before), withoutManagedFields(updated), managed, options),
    );
  } catch (error) {
    // A write must not fail because of entries that cannot be understood; all are forgotten.
    if (error instanceof ManagedFieldsError) return undefined;
    throw error;
  }
}

function startingPoint(options: UpdateOptions): Managed {
  const stored = (): Managed => decodeOrEmpty(managedFieldsOf(options.live));
  if (options.subresource !== "") return stored();
  const sent = managedFieldsOf(options.updated);
  if (isReset(sent)) return new Map();
  const managed = decodeOrEmpty(sent);
  return managed.size === 0 ? stored() : managed;
}

function decodeOrEmpty(list: unknown): Managed {
  try {
    return decodeManagedFields(list);
  } catch {
    // Unreadable entries count as none: the write must not fail because of them.
    return new Map();
  }
}

/** A new object of a kind, with the zero values that Go writes. */
export function emptyObject(schema: StructSchema, apiVersion: string, kind: string): JsonRecord {
  return { ...(zeroValue(schema) as JsonRecord), apiVersion, kind };
}

/** `metadata.managedFields` of an object. */
export function managedFieldsOf(object: unknown): JsonValue | undefined {
  const metadata = isRecord(object) ? object["metadata"] : undefined;
  return isRecord(metadata) ? metadata["managedFields"] : undefined;
}

/** A copy of the object, as far as needed, with other managedFields. */
export function withManagedFields(object: JsonRecord, list: JsonRecord[] | undefined): JsonRecord {
  const { managedFields: _, ...metadata } = isRecord(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: list === undefined ? metadata : { ...metadata, managedFields: list } };
}

export function withoutManagedFields(object: JsonRecord): JsonRecord {
  return withManagedFields(object, undefined);
}

/**
 * Undoes new times in managedFields where nothing else changed, so that such a write is no write. Call it just before the
 * objects are compared for storing.
 */
export function keepTimesIfUnchanged(updated: JsonRecord, live: JsonRecord): JsonRecord {
  const before = managedFieldsOf(live);
  const after = managedFieldsOf(updated);
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return updated;
  if (!jsonEqual(before.map(withoutTime), after.map(withoutTime))) return updated;
  if (!jsonEqual(withoutManagedFields(updated), withoutManagedFields(live))) return updated;
  return withManagedFields(updated, before as JsonRecord[]);
}

function withoutTime(entry: JsonValue): JsonValue {
  if (!isRecord(entry)) return entry;
  const { time: _, ...rest } = entry;
  return rest;
}
