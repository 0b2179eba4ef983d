/**
 * `metadata.managedFields`: who owns which fields of an object, by which operation, through which subresource and version.
 */
import { FieldSet } from "./field-set.ts";
import { isRecord, type JsonRecord } from "./json-value.ts";

/** One manager's fields. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** `""` for the main resource. */
  readonly subresource: string;
  /** RFC 3339; undefined where no change was made at all. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Entries by {@link managerId}. */
export type Managed = Map<string, ManagedEntry>;

/** managedFields that cannot be read. Writers other than apply go on as if there were none. */
export class ManagedFieldsError extends Error {
  override readonly name: string = "ManagedFieldsError";
}

type Identity = Omit<ManagedEntry, "fields" | "time">;

/** What tells managers apart, in the form in which the server sorts them. An applier is the same in all versions. */
export function managerId(entry: Identity): string {
  return JSON.stringify({
    ...(entry.manager === "" ? {} : { manager: entry.manager }),
    operation: entry.operation,
    ...(entry.operation === "Apply" ? {} : { apiVersion: entry.apiVersion }),
    ...(entry.subresource === "" ? {} : { subresource: entry.subresource }),
  });
}

/** Reads `metadata.managedFields`. Throws {@link ManagedFieldsError}. */
export function decodeManagedFields(list: unknown): Managed {
  const managed: Managed = new Map();
  for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
    const entry = decodeEntry(isRecord(item) ? item : {}, index);
    managed.set(managerId(entry), entry);
  }
  return managed;
}

function decodeEntry(item: JsonRecord, index: number): ManagedEntry {
  const operation = item["operation"];
  if (operation !== "Apply" && operation !== "Update")
    throw new ManagedFieldsError("operation must be `Apply` or `Update`");
  const apiVersion = text(item["apiVersion"]);
  if (apiVersion === "") throw new ManagedFieldsError("apiVersion must not be empty");
  const fieldsType = text(item["fieldsType"]);
  if (fieldsType === "") throw new ManagedFieldsError(`missing fieldsType in managed fields entry ${index}`);
  if (fieldsType !== "FieldsV1") {
    throw new ManagedFieldsError(`invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`);
  }
  const time = item["time"];
  return {
    manager: text(item["manager"]),
    operation,
    apiVersion,
    subresource: text(item["subresource"]),
    time: typeof time === "string" ? time : undefined,
    fields: decodeFields(item["fieldsV1"]),
  };
}

function decodeFields(fields: unknown): FieldSet {
  try {
    return FieldSet.fromFieldsV1(fields);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ManagedFieldsError(`error decoding set: ${error.message}`, { cause: error });
    throw error;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Writes entries in the server's order: operation, time, manager. Undefined if there are none. */
export function encodeManagedFields(managed: Managed): JsonRecord[] | undefined {
  if (managed.size === 0) return undefined;
  return [...managed.values()].sort(compareEntries).map((entry) => ({
    ...(entry.manager === "" ? {} : { manager: entry.manager }),
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: "FieldsV1",
    fieldsV1: entry.fields.toFieldsV1(),
    ...(entry.subresource === "" ? {} : { subresource: entry.subresource }),
  }));
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    secondsOf(a.time) - secondsOf(b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

/** Seconds since 1970; 0 where there is no time. */
export function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Whether a writer asks to clear the list: `[]`, or one entry without content. */
export function isReset(list: unknown): boolean {
  if (!Array.isArray(list)) return false;
  if (list.length === 0) return true;
  return (
    list.length === 1 && isRecord(list[0]) && Object.values(list[0]).every((value) => value === null || value === "")
  );
}
