/**
 * Options of the verbs.
 */
import type { LabelSelectorInput } from "../core/label-selector.ts";
import type { KubeObject } from "./kube-object.ts";
import type { FieldSelector, SelectorOptions } from "./selectors.ts";

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, retries included, after which it rejects with {@link TimedOutError}. 0: no limit. Default 30 000; none for streams. */
  readonly timeoutMs?: number | undefined;
}

/** Options of `get`. */
export interface GetOptions extends CallOptions {
  /** At least as new as this; `"0"`: whatever the server has at hand. Default: the newest. */
  readonly resourceVersion?: string | undefined;
}

/** Options of reads that can leave `metadata.managedFields` out. */
export interface OmitManagedFields {
  /**
   * Leave `metadata.managedFields` out of the objects. It is cut from the bytes before they are parsed, which saves about
   * half of the time and memory of a large list. Objects without it can be written back: the server keeps its own. Default false.
   */
  readonly omitManagedFields?: boolean | undefined;
}

/** Options of `list` and `iterate`. */
export interface ListOptions<T extends KubeObject = KubeObject>
  extends CallOptions,
    SelectorOptions<T>,
    OmitManagedFields {
  /** Which state is read. Default: the newest, consistently. */
  readonly resourceVersion?: string | undefined;
  /** How `resourceVersion` is meant. */
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan" | undefined;
  /** Objects a request. Default 500; 0: all in one. */
  readonly chunkSize?: number | undefined;
}

/** Options of `watch`. */
export interface WatchOptions<T extends KubeObject = KubeObject>
  extends CallOptions,
    SelectorOptions<T>,
    OmitManagedFields {
  /** Where to start. Default: the present state, as ADDED events, then changes. */
  readonly resourceVersion?: string | undefined;
  /** Milliseconds after which the stream ends by itself, without an error. 0 and default: never. */
  readonly timeoutMs?: number | undefined;
  /** Is told of what the watch recovers from: lost connections, server errors. The stream goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What every write takes. */
export interface WriteOptions extends CallOptions {
  /** Who owns the written fields. Default: the client's. `apply` throws before the request where there is neither. */
  readonly fieldManager?: string | undefined;
  /** What the server does with unknown and duplicate fields. `Warn` tells the client's `onWarning`. Default: the server's, `Warn`. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
  /** Do everything but store. Default false. */
  readonly dryRun?: boolean | undefined;
}

/** Options of `apply`. */
export interface ApplyOptions extends WriteOptions {
  /** Take fields that another manager owns. Default false: a conflict is an error (`isConflict`, with `conflicts`). */
  readonly force?: boolean | undefined;
}

/** Options of `delete`. */
export interface DeleteOptions extends CallOptions {
  /** Seconds until the object is killed; 0: at once. Default: the object's own. */
  readonly gracePeriodSeconds?: number | undefined;
  /** What becomes of the objects that this one owns. Default: the kind's own. */
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan" | undefined;
  /** Delete only this very object, or this very state of it; else a conflict. */
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  /** Do everything but delete. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Resolve when the object is gone, not when its deletion has begun. Default false. */
  readonly wait?: boolean | undefined;
}

/** Options of `deleteCollection`: a selector or `all: true`, so that an options object without either does not compile. */
export type DeleteCollectionOptions<T extends KubeObject> = Omit<DeleteOptions, "wait"> &
  (
    | (SelectorOptions<T> & { readonly labelSelector: LabelSelectorInput })
    | (SelectorOptions<T> & { readonly fieldSelector: string | FieldSelector<T> })
    | { readonly all: true }
  );
