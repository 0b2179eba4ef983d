/**
 * Lists: which state they show, and one page of it.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */

import { badRequest, expired, StatusError } from "./status-error.ts";
import { type Collection, compareKeys, type StoredObject } from "./storage.ts";
import type { ApiObject } from "./strategy.ts";

/** What a list asks for. */
export interface Listing {
  /** `""`: all namespaces, or a cluster-scoped resource. */
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly limit: number;
  readonly continueToken: string;
  /** Absent where everything is selected; only then is the rest counted. */
  readonly matches?: ((object: ApiObject) => boolean) | undefined;
}

/** One page. */
export interface Page {
  readonly objects: readonly StoredObject[];
  readonly revision: number;
  readonly continueToken?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

const EXPIRED_LIST = "The resourceVersion for the provided list is too old.";
const EXPIRED_CONTINUE =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** The revision that a list wants to see at least; a list that asks for the future waits for it. */
export function wantedRevision(listing: Listing): number {
  return listing.continueToken !== "" || listing.resourceVersion === "" ? 0 : Number(listing.resourceVersion);
}

/** How a list is refused that waited in vain for a revision. */
export function tooLargeRevision(wanted: number, current: number): StatusError {
  return new StatusError(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

/**
 * Reads one page.
 * @throws StatusError 400 for a token that is none, 410 for a state that is forgotten
 */
export function readPage(collection: Collection, current: number, listing: Listing): Page {
  const token = listing.continueToken === "" ? undefined : decodeToken(listing.continueToken);
  const wanted = Number(listing.resourceVersion || "0");
  if (token !== undefined && listing.resourceVersion !== "" && listing.resourceVersion !== "0")
    throw badRequest("specifying resource version is not allowed when using continue");
  const isExact =
    listing.resourceVersionMatch === "Exact" ||
    (listing.resourceVersionMatch === "" && wanted > 0 && listing.limit > 0);
  const revision = token === undefined ? (isExact ? wanted : current) : token.revision < 0 ? current : token.revision;
  const state = revision === current ? undefined : collection.at(revision);
  if (state === undefined && revision !== current) {
    throw token === undefined ? expired(EXPIRED_LIST) : expired(EXPIRED_CONTINUE, encodeToken(-1, token.start));
  }
  const keys = state === undefined ? collection.keys() : [...state.keys()].sort(compareKeys);
  const prefix = listing.namespace === "" ? "" : `${listing.namespace}/`;
  // The whole list is served from the watch cache where any state will do.
  const limit = listing.resourceVersion === "0" || listing.limit <= 0 ? Number.POSITIVE_INFINITY : listing.limit;
  const start = token === undefined ? prefix : prefix + token.start.replace(/^\//, "");
  const objects: StoredObject[] = [];
  let index = lowerBound(keys, start);
  let last = "";
  for (; index < keys.length && objects.length < limit; index++) {
    const key = keys[index] ?? "";
    if (!key.startsWith(prefix)) break;
    const stored = state === undefined ? collection.get(key) : state.get(key);
    if (stored === undefined || listing.matches?.(stored.object) === false) continue;
    objects.push(stored);
    last = key;
  }
  const remaining = countPrefix(keys, index, prefix);
  if (objects.length < limit || remaining === 0) return { objects, revision };
  return {
    objects,
    revision,
    continueToken: encodeToken(revision, `/${last.slice(prefix.length)}\0`),
    ...(listing.matches === undefined ? { remainingItemCount: remaining } : {}),
  };
}

interface Token {
  readonly revision: number;
  readonly start: string;
}

function encodeToken(revision: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");
}

function decodeToken(text: string): Token {
  const invalid = (why: string) => badRequest(`invalid continue token: continue key is not valid${why}`);
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    const at = Math.max(0, text.search(/[^\w-]/));
    throw invalid(`: illegal base64 data at input byte ${at}`);
  }
  const bytes = Buffer.from(text, "base64url");
  let value: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    value = JSON.parse(bytes.toString("utf8")) as typeof value;
  } catch {
    throw invalid(`: ${jsonProblem(bytes)}`);
  }
  if (value?.v !== "meta.k8s.io/v1")
    throw invalid(`: server does not recognize this encoded version ${String(value?.v ?? "")}`);
  if (typeof value.rv !== "number" || value.rv === 0) {
    throw invalid(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  }
  if (typeof value.start !== "string" || value.start === "") {
    throw invalid(": encoded start key empty (version meta.k8s.io/v1)");
  }
  const path = value.start.startsWith("/") ? value.start : `/${value.start}`;
  if (/\/\/|\/\.\.?(\/|$)|.\/$/.test(path)) throw invalid(`: ${value.start}`);
  return { revision: value.rv, start: value.start };
}

/** Go's words for bytes that are no JSON, as far as a token can go wrong. */
function jsonProblem(bytes: Uint8Array): string {
  const first = bytes[0];
  if (first === undefined || first === 0x7b) return "unexpected end of JSON input";
  const shown = first < 0x20 || first === 0x7f || first >= 0x80 ? goRune(first) : String.fromCharCode(first);
  return `invalid character '${shown}' looking for beginning of value`;
}

function goRune(byte: number): string {
  return byte < 0x80
    ? `\\x${byte.toString(16).padStart(2, "0")}`
    : byte < 0xa0
      ? `\\u${byte.toString(16).padStart(4, "0")}`
      : String.fromCharCode(byte);
}

function lowerBound(keys: readonly string[], start: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? "", start) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countPrefix(keys: readonly string[], from: number, prefix: string): number {
  if (prefix === "") return keys.length - from;
  return lowerBound(keys, `${prefix.slice(0, -1)}0`) - from; // "0" is the character after "/"
}
