/**
 * What a watch yields, and how it is read from a line of the stream.
 */
import { managedFieldsOfEvent, without } from "../bytes/object-layout.ts";
import type { Existing, KubeObject } from "../kube-object.ts";

/**
 * A change of one object, or at the start its present state as ADDED.
 *
 * A union rather than one interface: as an interface it is invariant in `T`, and a Collection<Pod> is then no Collection<KubeObject>.
 */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: "ADDED"; readonly object: Existing<T> }
  | { readonly type: "MODIFIED"; readonly object: Existing<T> }
  /** With the last state; for an object that has left a selector, the last that matched. */
  | { readonly type: "DELETED"; readonly object: Existing<T> };

/** All up to `resourceVersion` has been seen. */
export interface Bookmark {
  readonly type: "BOOKMARK";
  readonly resourceVersion: string;
  /** Whether this ends the present state, and only changes follow. */
  readonly isInitialEventsEnd: boolean;
}

/** A line of a watch: an event with its resourceVersion, a bookmark, or the Status with which the server ends the stream. */
export type WatchLine =
  | { readonly type: "event"; readonly event: WatchEvent<KubeObject>; readonly resourceVersion: string }
  | { readonly type: "bookmark"; readonly bookmark: Bookmark }
  | { readonly type: "error"; readonly status: unknown }
  | { readonly type: "unknown" };

const decoder = new TextDecoder();

/**
 * Reads one line.
 *
 * @throws {SyntaxError} where it is not JSON.
 */
export function parseWatchLine(line: Uint8Array, omitManagedFields: boolean): WatchLine {
  const ranges = omitManagedFields ? managedFieldsOfEvent(line) : undefined;
  return parseWatchText(decoder.decode(ranges === undefined ? line : without(line, ranges)), omitManagedFields);
}

/**
 * Reads one line's text. `deleteManagedFields`: those that are in it are not wanted.
 *
 * @throws {SyntaxError} where it is not JSON.
 */
export function parseWatchText(text: string, deleteManagedFields: boolean): WatchLine {
  const parsed = JSON.parse(text) as { type?: unknown; object?: WireObject } | null;
  const object = parsed?.object;
  if (typeof object !== "object" || object === null) return { type: "unknown" };
  const metadata = object.metadata;
  const resourceVersion = metadata?.resourceVersion ?? "";
  switch (parsed?.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      if (deleteManagedFields && metadata?.managedFields !== undefined) delete metadata.managedFields;
      return { type: "event", event: parsed as WatchEvent<KubeObject>, resourceVersion };
    case "BOOKMARK": {
      const isInitialEventsEnd = metadata?.annotations?.[INITIAL_EVENTS_END] === "true";
      return { type: "bookmark", bookmark: { type: "BOOKMARK", resourceVersion, isInitialEventsEnd } };
    }
    case "ERROR":
      return { type: "error", status: object };
    default:
      return { type: "unknown" };
  }
}

/** @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/3157-watch-list */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

interface WireObject {
  metadata?: {
    resourceVersion?: string;
    annotations?: Readonly<Record<string, string>>;
    managedFields?: unknown;
  };
}
