/**
 * The kinds of patches by their content types, and JSON merge patches (RFC 7386): made, applied.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
 * @see https://www.rfc-editor.org/rfc/rfc7386
 */
import { isJsonObject, type JsonObject, jsonEqual, ownField } from "./json-value.ts";

/** How the server reads a patch. */
export type PatchType = "json" | "merge" | "strategic" | "apply";

/** The content type of each kind of patch. `apply` takes JSON as well, which is YAML. */
export const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** One operation of a JSON patch (RFC 6902). `path` and `from` are JSON pointers. */
export type JsonPatchOp =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

/** The kind of patch that a `Content-Type` announces, parameters aside; undefined where it announces none. */
export function patchTypeOf(contentType: string): PatchType | undefined {
  const mediaType = contentType.split(";", 1).join().trim().toLowerCase();
  const types = Object.keys(patchContentTypes) as PatchType[];
  return types.find((type) => patchContentTypes[type] === mediaType);
}

/**
 * The merge patch that makes `to` out of `from`: null where a field goes, whole lists where they differ.
 *
 * A null in `to` cannot be said in a merge patch, since null removes.
 */
export function createMergePatch(from: JsonObject, to: JsonObject): Record<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && ownField(to, key) === undefined) changes.set(key, null);
  }
  for (const key of Object.keys(to)) {
    const [before, after] = [ownField(from, key), to[key]];
    if (after === undefined || jsonEqual(before, after)) continue;
    changes.set(key, isJsonObject(before) && isJsonObject(after) ? createMergePatch(before, after) : after);
  }
  return Object.fromEntries(changes);
}

/** `target` with `patch` merged in; neither is changed, parts of both are shared with the result. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  // fromEntries defines own properties, so that `__proto__` in a patch stays a field.
  const merged = new Map<string, unknown>(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (value !== undefined) merged.set(key, applyMergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
