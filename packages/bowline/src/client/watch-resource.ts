/**
 * The watch of a handle's collection: its path, selectors and form, over the watch machinery.
 */
import type { WatchOptions } from "./call-options.ts";
import { DEFAULT_CHUNK_SIZE, type ListRequest, listChunks } from "./list-chunks.ts";
import { METADATA_ITEM, METADATA_LIST } from "./media-types.ts";
import type { Batches } from "./open-stream.ts";
import { type ResourceContext, selectorQuery } from "./resource-context.ts";
import { type Watched, watchCollection } from "./watch/watch-stream.ts";

/** The options of any kind's watch, with the bookmarks wanted or not. */
export type AnyWatchOptions = Omit<WatchOptions, "fieldSelector"> & {
  readonly fieldSelector?: unknown;
  readonly bookmarks?: boolean | undefined;
};

/** The events, until `signal` aborts. `metadataOnly`: the objects come as PartialObjectMetadata. */
export async function watchResource(
  context: ResourceContext,
  options: AnyWatchOptions,
  metadataOnly: boolean,
  signal: AbortSignal,
): Promise<Batches<Watched>> {
  const { session, clock, listFirst } = context.client;
  const query = selectorQuery(options as WatchOptions);
  const request = await context.request({ verb: "watch", method: "GET", query }, signal, true);
  const { apiVersion, kind } = context.reference;
  const omitManagedFields = options.omitManagedFields ?? false;
  const list: ListRequest = {
    request: { ...request, verb: "list", accept: metadataOnly ? METADATA_LIST : undefined },
    chunkSize: DEFAULT_CHUNK_SIZE,
    omitManagedFields,
    apiVersion,
    kind,
    rename: metadataOnly,
  };
  return watchCollection(
    {
      path: request.path,
      target: request.target,
      query,
      accept: metadataOnly ? METADATA_ITEM : undefined,
      omitManagedFields,
      rename: metadataOnly ? { apiVersion, kind } : undefined,
    },
    {
      session,
      clock,
      bookmarks: options.bookmarks ?? false,
      resourceVersion: options.resourceVersion,
      mode: listFirst.has(request.path) ? "list" : "stream",
      onUnsupported: () => listFirst.add(request.path),
      onError: options.onError,
      list: async function* (inner) {
        for await (const { items, metadata } of listChunks(session, list, inner)) {
          yield { items, resourceVersion: metadata.resourceVersion ?? "" };
        }
      },
    },
    signal,
  );
}
