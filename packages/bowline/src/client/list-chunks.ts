/**
 * Lists in chunks: `limit` and `continue`, one consistent state.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import { isExpired } from "../core/api-error-predicates.ts";
import type { TransportResponse } from "../transport/transport.ts";
import { decodeText, malformed, notJson } from "./answer.ts";
import type { ApiRequest, ApiSession } from "./api-session.ts";
import { continueToken } from "./bytes/list-head.ts";
import { layoutOfList, without } from "./bytes/object-layout.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Query } from "./resource-path.ts";

/** Objects a request. As kubectl has it. */
export const DEFAULT_CHUNK_SIZE = 500;

/** A list to read. */
export interface ListRequest {
  /** Without `limit` and `continue`. */
  readonly request: ApiRequest;
  readonly chunkSize: number;
  readonly omitManagedFields: boolean;
  /** Of the items; filled in where the server leaves them out. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Put them also in the place of those that the items carry (PartialObjectMetadata). */
  readonly rename: boolean;
}

/** One answer. */
export interface ListChunk {
  readonly metadata: WireListMeta;
  readonly items: KubeObject[];
}

/** A list's metadata, as sent. */
export interface WireListMeta {
  resourceVersion?: string | undefined;
  continue?: string | undefined;
  remainingItemCount?: number | undefined;
}

/** Chunk by chunk, each requested when it is asked for. */
export async function* listChunks(
  session: ApiSession,
  list: ListRequest,
  signal: AbortSignal,
): AsyncGenerator<ListChunk, void, undefined> {
  let token: string | undefined;
  do {
    const chunk = await listChunk(session, list, token, signal);
    token = chunk.metadata.continue;
    yield chunk;
  } while (token !== undefined && token !== "");
}

/** One chunk: the first, or the one that `token` (of the chunk before it) continues with. */
export async function listChunk(
  session: ApiSession,
  list: ListRequest,
  token: string | undefined,
  signal: AbortSignal,
): Promise<ListChunk> {
  return decodeChunk(list, await fetchChunk(session, list, chunkQuery(list, token), signal));
}

/** All of it. Where the server forgets the state half-way, it is read again in one piece. */
export async function listWhole(session: ApiSession, list: ListRequest, signal: AbortSignal): Promise<ListChunk> {
  let items: KubeObject[] | undefined;
  let metadata: WireListMeta = {};
  const fetch = (token: string | undefined): Promise<FetchedChunk> => {
    const fetched = fetchChunk(session, list, chunkQuery(list, token), signal);
    // It may fail while the chunk before it is being parsed: whoever awaits it hears of that.
    fetched.catch(() => {});
    return fetched;
  };
  let next: Promise<FetchedChunk> | undefined = fetch(undefined);
  try {
    while (next !== undefined) {
      const fetched: FetchedChunk = await next;
      // The server works on the next chunk while this one is parsed.
      const early = continueToken(fetched.bytes);
      next = early === undefined ? undefined : fetch(early);
      const chunk = decodeChunk(list, fetched);
      if (items === undefined) items = chunk.items;
      else for (const item of chunk.items) items.push(item);
      metadata = chunk.metadata;
      if (early === undefined && metadata.continue) next = fetch(metadata.continue);
    }
  } catch (error) {
    // The first request's own 410 (an exact resourceVersion that is gone) is the caller's to know.
    if (items === undefined || !isExpired(error)) throw error;
    ({ items, metadata } = decodeChunk(list, await fetchChunk(session, list, list.request.query ?? {}, signal)));
  }
  // Of the last chunk: nothing continues and nothing remains.
  const { continue: _token, remainingItemCount: _count, ...rest } = metadata;
  return { metadata: rest, items: items ?? [] };
}

function chunkQuery(list: ListRequest, token: string | undefined): Query {
  const limit = list.chunkSize > 0 ? list.chunkSize : undefined;
  if (token === undefined) return { ...list.request.query, limit };
  // The token says which state: the server refuses both together.
  const { resourceVersion: _version, resourceVersionMatch: _match, ...query } = list.request.query ?? {};
  return { ...query, limit, continue: token };
}

interface FetchedChunk {
  readonly request: ApiRequest;
  readonly response: TransportResponse;
  readonly bytes: Uint8Array;
}

async function fetchChunk(
  session: ApiSession,
  list: ListRequest,
  query: Query,
  signal: AbortSignal,
): Promise<FetchedChunk> {
  const request = { ...list.request, query, signal };
  const response = await session.open(request);
  return { request, response, bytes: await response.bytes() };
}

function decodeChunk(list: ListRequest, { request, response, bytes }: FetchedChunk): ListChunk {
  let mustDelete = false;
  let kept = bytes;
  if (list.omitManagedFields) {
    const layout = layoutOfList(bytes);
    if (layout === undefined) mustDelete = true;
    else kept = without(bytes, layout.managedFields);
  }
  let parsed: { metadata?: WireListMeta | null; items?: unknown } | null;
  try {
    parsed = JSON.parse(decodeText(kept)) as typeof parsed;
  } catch (cause) {
    throw notJson(bytes, response, request.verb, request.target, cause);
  }
  // A Go server sends null for an empty list in some versions.
  const items = parsed?.items ?? (parsed !== null && typeof parsed === "object" && "items" in parsed ? [] : undefined);
  if (!Array.isArray(items) || items.some((item) => typeof item !== "object" || item === null)) {
    throw malformed(response.status, request.verb, request.target, "no list of objects");
  }
  return { metadata: parsed?.metadata ?? {}, items: fillIn(items as KubeObject[], list, mustDelete) };
}

/** Gives each item its apiVersion and kind, in front, where they stand in a single object. */
function fillIn(items: KubeObject[], { apiVersion, kind, rename }: ListRequest, mustDelete: boolean): KubeObject[] {
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as KubeObject;
    if (mustDelete) delete item.metadata?.managedFields;
    if (rename) {
      item.apiVersion = apiVersion;
      item.kind = kind;
    } else if (item.apiVersion === undefined || item.kind === undefined) {
      items[index] = { apiVersion, kind, ...(item as object) };
    }
  }
  return items;
}
