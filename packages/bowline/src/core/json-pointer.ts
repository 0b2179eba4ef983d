/**
 * JSON pointers (RFC 6901), by which JSON patches name fields: `/metadata/annotations/example.com~1owner`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
import { isJsonObject, ownField } from "./json-value.ts";
import { ParseError } from "./parse-error.ts";

/** A key as it stands between the slashes of a pointer. */
export function escapeJsonPointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A key from what stands between the slashes of a pointer. */
export function unescapeJsonPointer(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The pointer to a field, from the keys and indices on the way. */
export function formatJsonPointer(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${escapeJsonPointer(String(key))}`).join("");
}

/**
 * The keys of a pointer; none for `""`, the whole document.
 *
 * @throws {@link ParseError} where it does not begin with a slash, or has a `~` that escapes nothing.
 */
export function parseJsonPointer(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new ParseError("JSON pointer", pointer, "it must begin with /");
  if (/~(?![01])/.test(pointer))
    throw new ParseError("JSON pointer", pointer, "~ must be written ~0, and / in a key ~1");
  return pointer.slice(1).split("/").map(unescapeJsonPointer);
}

/** What a pointer finds in a document; undefined where it finds nothing. */
export function resolveJsonPointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const key of parseJsonPointer(pointer)) {
    if (Array.isArray(value)) value = /^(?:0|[1-9][0-9]*)$/.test(key) ? value[Number(key)] : undefined;
    else value = isJsonObject(value) ? ownField(value, key) : undefined;
  }
  return value;
}
