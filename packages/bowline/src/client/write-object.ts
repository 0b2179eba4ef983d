/**
 * The writes of one object: bodies, content types, and what is refused before any request.
 */
import { isConflict } from "../core/api-error-predicates.ts";
import { replacedKeyedLists } from "../kinds/keyed-lists.ts";
import { builtInApiVersions } from "../kinds/kind-table.ts";
import type { ApplyOptions, WriteOptions } from "./call-options.ts";
import type { KubeObject } from "./kube-object.ts";
import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH } from "./media-types.ts";
import type { PatchType } from "./patch-body.ts";
import type { ResourceContext } from "./resource-context.ts";
import { UsageError } from "./usage-error.ts";
import { pause } from "./watch/clock.ts";

/** Where a write goes: the object, or a subresource of it. */
export interface WritePlace {
  readonly context: ResourceContext;
  readonly subresource?: string | undefined;
}

/**
 * The name, checked: without one, the request would go to the whole collection.
 *
 * @throws {UsageError} `NameMissing`.
 */
export function checkedName(name: unknown, verb: string, context: ResourceContext): string {
  if (typeof name === "string" && name !== "") return name;
  throw new UsageError("NameMissing", `cannot ${verb} ${context.reference.kind}: no name was given`);
}

/**
 * The body of an object that goes through a handle, with apiVersion and kind.
 *
 * @throws {UsageError} `NamespaceMismatch`, `KindMismatch`.
 */
export function objectBody(context: ResourceContext, object: object, verb: string): KubeObject {
  const { apiVersion, kind } = context.reference;
  const body = { apiVersion, kind, ...object } as KubeObject;
  body.apiVersion ??= apiVersion;
  body.kind ??= kind;
  const namespace = body.metadata?.namespace;
  if (
    namespace !== undefined &&
    namespace !== "" &&
    context.namespace !== undefined &&
    namespace !== context.namespace
  ) {
    throw new UsageError(
      "NamespaceMismatch",
      `cannot ${verb} ${kind} of namespace "${namespace}" through a handle of namespace "${context.namespace}"`,
    );
  }
  return body;
}

/** POST. */
export function createObject(
  context: ResourceContext,
  object: object,
  options: WriteOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const body = objectBody(context, object, "create");
  return context.send({ verb: "create", method: "POST", query: context.writeQuery(options), body }, signal);
}

/** PUT, of the object or of a subresource's own object. */
export function updateObject(
  place: WritePlace,
  name: string,
  body: object,
  options: WriteOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { context, subresource } = place;
  return context.send(
    { verb: "update", method: "PUT", name, subresource, query: context.writeQuery(options), body },
    signal,
  );
}

/**
 * PATCH with a merge or strategic merge patch. `type` undefined: merge, and keyed lists are refused.
 *
 * @throws {UsageError} `KeyedListReplaced`, `StrategicPatchNotSupported`.
 */
export async function patchObject(
  place: WritePlace,
  name: string,
  patch: object,
  type: PatchType | undefined,
  options: WriteOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { context, subresource } = place;
  const { apiVersion, kind } = context.reference;
  if (type === undefined && subresource === undefined) refuseReplacedLists(apiVersion, kind, patch);
  if (type === "strategic") await refuseStrategic(context, signal);
  return context.send(
    {
      verb: "patch",
      method: "PATCH",
      name,
      subresource,
      query: context.writeQuery(options),
      body: patch,
      contentType: type === "strategic" ? STRATEGIC_PATCH : MERGE_PATCH,
    },
    signal,
  );
}

function refuseReplacedLists(apiVersion: string, kind: string, patch: object): void {
  const replaced = replacedKeyedLists(apiVersion, kind, patch);
  if (replaced.length === 0) return;
  const lists = replaced.length === 1 ? "the whole list" : "the whole lists";
  throw new UsageError(
    "KeyedListReplaced",
    `cannot patch ${kind}: a merge patch would replace ${lists} ${replaced.join(", ")}; ` +
      'use { type: "strategic" } or apply() to merge items by key, or say { type: "merge" } to replace',
  );
}

async function refuseStrategic(context: ResourceContext, signal: AbortSignal): Promise<void> {
  const { apiVersion, kind, isBuiltIn } = await context.kind(signal);
  // A kind that is newer than the table, in an apiVersion of Kubernetes' own: the server shall say.
  if (isBuiltIn || builtInApiVersions().includes(apiVersion)) return;
  throw new UsageError(
    "StrategicPatchNotSupported",
    `cannot patch ${kind} of ${apiVersion} by strategic merge: servers have it for built-in kinds only; ` +
      'use a merge patch (no type, or { type: "merge" }), patchJson(), or apply()',
  );
}

/** PATCH with a JSON patch. */
export function patchObjectJson(
  place: WritePlace,
  name: string,
  operations: readonly object[],
  options: WriteOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { context, subresource } = place;
  return context.send(
    {
      verb: "patch",
      method: "PATCH",
      name,
      subresource,
      query: context.writeQuery(options),
      body: operations,
      contentType: JSON_PATCH,
    },
    signal,
  );
}

/**
 * PATCH with server-side apply. `body` has apiVersion and kind.
 *
 * @throws {UsageError} `FieldManagerMissing`.
 */
export function applyObject(
  place: WritePlace,
  name: string,
  body: KubeObject,
  options: ApplyOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { context, subresource } = place;
  const query = context.writeQuery(options);
  if (query["fieldManager"] === undefined || query["fieldManager"] === "") {
    throw new UsageError(
      "FieldManagerMissing",
      `cannot apply ${body.kind} "${name}": say who owns the fields, by { fieldManager } here or in Client.connect()`,
    );
  }
  const given = body.metadata?.name;
  if (given !== undefined && given !== name) {
    throw new UsageError("NameInvalid", `cannot apply ${body.kind} "${given}" under the name "${name}"`);
  }
  return context.send(
    {
      verb: "apply",
      method: "PATCH",
      name,
      subresource,
      query: { ...query, force: options?.force ? true : undefined },
      body: { ...body, metadata: { ...body.metadata, name } },
      contentType: APPLY_PATCH,
    },
    signal,
  );
}

/** First and longest pause between two tries of {@link editObject}. */
const EDIT_PAUSE_MS = 10;
const EDIT_MAX_PAUSE_MS = 1_000;

/** Read, change, update, until the update meets no conflict or `signal` aborts. */
export async function editObject(
  place: WritePlace,
  name: string,
  change: (object: never) => void | Promise<void>,
  options: WriteOptions | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { context, subresource } = place;
  const { clock } = context.client;
  for (let attempt = 0; ; attempt++) {
    const object = await context.send({ verb: "get", method: "GET", name, subresource }, signal);
    await change(object as never);
    try {
      return await updateObject(place, name, object as object, options, signal);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const ms = Math.min(EDIT_PAUSE_MS * 2 ** attempt, EDIT_MAX_PAUSE_MS);
      await pause(clock, ms * (0.5 + clock.random() / 2), signal);
    }
  }
}
