/**
 * Server-side apply.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import { convertObject } from "../schema/convert.ts";
import { DecodeError } from "../schema/go-error.ts";
import type { StructSchema } from "../schema/schema.ts";
import type { FieldSet } from "./field-set.ts";
import { clone, isRecord, type JsonRecord } from "./json-value.ts";
import {
  decodeManagedFields,
  encodeManagedFields,
  type Managed,
  type ManagedEntry,
  ManagedFieldsError,
} from "./managed-fields.ts";
import { type Conflict, OwnershipConflict, ownApply, ownUpdate, type WriteContext } from "./ownership.ts";
import { formatPath, type Path } from "./path-element.ts";
import { formatViolations } from "./typed-error.ts";
import { compare } from "./typed-pair.ts";
import { fieldsOf, violations } from "./typed-walk.ts";
import { emptyObject, managedFieldsOf, withManagedFields } from "./update.ts";

export interface ApplyOptions extends Omit<WriteContext, "schema"> {
  readonly schema: StructSchema;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** What is stored; undefined when the apply creates the object. */
  readonly live: JsonRecord | undefined;
  /** The body, as plain JSON. */
  readonly config: JsonRecord;
  readonly force: boolean;
}

export interface Applied {
  /** The whole object in stored form, with its managedFields, before defaulting. */
  readonly object: JsonRecord;
  /** Whether anything but managedFields changed: then the object is to be defaulted. */
  readonly isChanged: boolean;
}

/** An apply that the server refuses, with the HTTP status and text of its answer. */
export class ApplyError extends Error {
  override readonly name: string = "ApplyError";
  readonly status: 400 | 500;
  constructor(status: 400 | 500, message: string) {
    super(message);
    this.status = status;
  }
}

/** 409, with one cause for each field. */
export class ApplyConflictError extends Error {
  override readonly name: string = "ApplyConflictError";
  readonly causes: readonly {
    readonly reason: "FieldManagerConflict";
    readonly message: string;
    readonly field: string;
  }[];
  constructor(conflicts: readonly Conflict[]) {
    super(conflictText(conflicts));
    this.causes = conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${formatManager(manager)}`,
      field: formatPath(path),
    }));
  }
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const beforeFirstApply = "before-first-apply";
/** The one manager for which the annotation of client-side apply counts. */
const kubectl = "kubectl";

/** Applies a configuration. Throws {@link ApplyError} and {@link ApplyConflictError}. */
export function applyServerSide(options: ApplyOptions): Applied {
  const { config, kind, group, version } = options;
  const { group: sentGroup, version: sentVersion } = parseApiVersion(config["apiVersion"]);
  const sentKind = typeof config["kind"] === "string" ? config["kind"] : "";
  if (sentKind !== kind || sentGroup !== group || sentVersion !== version) {
    throw new ApplyError(400, `invalid object type: ${formatKind(sentGroup, sentVersion, sentKind)}`);
  }
  const applied = applyWithLastApplied(options);
  if (options.manager !== kubectl || annotationOf(applied.object) === "") return applied;
  return { ...applied, object: withAnnotation(applied.object, lastAppliedOf(config)) };
}

function applyWithLastApplied(options: ApplyOptions): Applied {
  try {
    return applyOnce(options);
  } catch (error) {
    if (!(error instanceof OwnershipConflict)) throw error;
    const allowed = options.manager === kubectl ? fieldsOfLastApplied(options) : undefined;
    const left =
      allowed === undefined ? error.conflicts : error.conflicts.filter(({ path }) => !allowed.has(path as Path));
    if (left.length > 0) throw new ApplyConflictError(left);
    return applyOnce({ ...options, force: true });
  }
}

function applyOnce(options: ApplyOptions): Applied {
  const { schema, config, apiVersion, kind } = options;
  const live = options.live ?? emptyObject(schema, apiVersion, kind);
  let managed = decode(managedFieldsOf(live));
  if (managed.size === 0) {
    const context = { ...options, manager: beforeFirstApply };
    managed = ownUpdate(emptyObject(schema, apiVersion, kind), live, managed, context);
  }
  const sent = managedFieldsOf(config);
  if (sent !== undefined && sent !== null) throw new ApplyError(400, "metadata.managedFields must be nil");
  const found = violations(config, schema, false);
  if (found.length > 0) {
    throw new ApplyError(
      500,
      `failed to create typed patch object (${formatObject(config, options)}): ${formatViolations(found)}`,
    );
  }
  const { object, managed: next } = owned(() => ownApply(live, config, managed, options, options.force));
  const result = object === undefined ? clone(live) : stored(object as JsonRecord, options);
  return { object: withManagedFields(result, encodeManagedFields(next)), isChanged: object !== undefined };
}

function stored(object: JsonRecord, options: ApplyOptions): JsonRecord {
  try {
    return convertObject(object, options.schema).value as JsonRecord;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = `unable to convert unstructured object to ${formatKind(options.group, options.version, options.kind)}: ${error.message}`;
    throw new ApplyError(
      500,
      `failed to convert new object (${formatObject(options.config, options)}) to proper version: ${why}`,
    );
  }
}

/** Entries of a malformed version let an apply fail. */
function owned<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof ManagedFieldsError) throw new ApplyError(500, error.message);
    throw error;
  }
}

function decode(list: unknown): Managed {
  try {
    return decodeManagedFields(list);
  } catch (error) {
    if (error instanceof ManagedFieldsError)
      throw new ApplyError(500, `failed to decode managed fields: ${error.message}`);
    throw error;
  }
}

/** The fields that client-side apply has set and nobody has changed since: kubectl may take them over. */
function fieldsOfLastApplied(options: ApplyOptions): FieldSet | undefined {
  const { live, schema, apiVersion } = options;
  const text = annotationOf(live);
  if (live === undefined || text === "") return undefined;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // An annotation that is no JSON allows nothing.
    return undefined;
  }
  if (!isRecord(config) || config["apiVersion"] !== apiVersion || violations(config, schema, false).length > 0)
    return undefined;
  const { removed, modified, added } = compare(config, live, schema);
  return fieldsOf(config, schema).difference(modified).difference(added).difference(removed);
}

function annotationsOf(object: JsonRecord | undefined): JsonRecord {
  const metadata = object?.["metadata"];
  const annotations = isRecord(metadata) ? metadata["annotations"] : undefined;
  return isRecord(annotations) ? annotations : {};
}

function annotationOf(object: JsonRecord | undefined): string {
  const value = annotationsOf(object)[lastApplied];
  return typeof value === "string" ? value : "";
}

function withAnnotation(object: JsonRecord, text: string): JsonRecord {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotationsOf(object), [lastApplied]: text } } };
}

/** The configuration as the annotation keeps it: sorted, one line, without the annotation itself. */
function lastAppliedOf(config: JsonRecord): string {
  const copy = clone(config);
  const metadata = isRecord(copy["metadata"]) ? copy["metadata"] : {};
  if (isRecord(metadata["annotations"])) delete metadata["annotations"][lastApplied];
  copy["metadata"] = metadata;
  return `${JSON.stringify(sorted(copy))}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function conflictText(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${formatManager(first.manager)}: ${formatPath(first.path)}`;
  }
  const lines: string[] = [];
  let previous: ManagedEntry | undefined;
  for (const { manager, path } of conflicts) {
    if (manager !== previous) lines.push(`conflicts with ${formatManager(manager)}:`);
    lines.push(`- ${formatPath(path)}`);
    previous = manager;
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function formatManager(entry: ManagedEntry): string {
  const subresource = entry.subresource === "" ? "" : ` with subresource ${JSON.stringify(entry.subresource)}`;
  const version = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
  return `${JSON.stringify(entry.manager)}${subresource}${version}`;
}

function parseApiVersion(value: unknown): { readonly group: string; readonly version: string } {
  const text = typeof value === "string" ? value : "";
  const slash = text.indexOf("/");
  return slash < 0 ? { group: "", version: text } : { group: text.slice(0, slash), version: text.slice(slash + 1) };
}

function formatKind(group: string, version: string, kind: string): string {
  return `${group}/${version}, Kind=${kind}`;
}

function formatObject(object: JsonRecord, options: ApplyOptions): string {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const text = (name: string): string => (typeof metadata[name] === "string" ? metadata[name] : "");
  return `${text("namespace")}/${text("name")}; ${formatKind(options.group, options.version, options.kind)}`;
}
