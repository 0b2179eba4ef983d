/**
 * Handles of a kind: what can be read across namespaces, and the verbs within one.
 */
import type { ScopeOf, SubresourcesOf } from "../kinds/kind-facts.ts";
import type {
  ApplyOptions,
  CallOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  WatchOptions,
  WriteOptions,
} from "./call-options.ts";
import type { Existing, KubeObject, List, MetadataOnly } from "./kube-object.ts";
import type { JsonPatchOperation, PatchBody, PatchType } from "./patch-body.ts";
import type { ApplyConfiguration, New } from "./request-bodies.ts";
import type { GenericSubresource, SubresourceApi } from "./subresource.ts";
import type { Table, TableOptions } from "./table.ts";
import type { Bookmark, WatchEvent } from "./watch/watch-event.ts";

/** What reads many objects: a namespace's, all namespaces', or a cluster-scoped kind's. */
export interface Collection<T extends KubeObject> {
  /**
   * All objects, in one array, as they were at one resourceVersion. Read in chunks; where the server has forgotten that state
   * before the last chunk, it is read once more, in one piece.
   *
   * @throws {ApiError} `isForbidden`, `isNotFound` (no such kind), ...
   */
  list(options?: ListOptions<T>): Promise<List<T>>;
  /**
   * The same objects one by one, with one chunk in memory at a time. Each request has `timeoutMs`, since the time between
   * them is the consumer's.
   *
   * @throws {ApiError} `isExpired` where the consumer took longer than the server remembers (5 minutes by default).
   */
  iterate(options?: ListOptions<T>): AsyncIterable<Existing<T>>;
  /** The objects as the server prints them for `kubectl get`: its columns and cells. */
  table(options: TableOptions<T> & { readonly includeObject: "Object" }): Promise<Table<Existing<T>>>;
  table(options?: TableOptions<T>): Promise<Table<Existing<KubeObject>>>;
  /** The same objects without spec, status and data (PartialObjectMetadata): to read, not to write back. */
  metadataOnly(): Collection<MetadataOnly<T>>;
  /**
   * The present state as ADDED, then changes, until break, abort or `timeoutMs`. Reconnects by itself. Nothing is missed, and
   * nothing is told twice: what has gone while the present state was read again is DELETED with its last known state.
   *
   * @throws {ApiError} `isExpired` when it cannot go on without a gap: list again, or use a watcher of `bowline/runtime`.
   */
  watch(options: WatchOptions<T> & { readonly bookmarks: true }): AsyncIterable<WatchEvent<T> | Bookmark>;
  watch(options?: WatchOptions<T> & { readonly bookmarks?: false | undefined }): AsyncIterable<WatchEvent<T>>;
}

/** Reading only, so that no write can hit all namespaces by an option that was forgotten. */
export interface AllNamespaces<T extends KubeObject> extends Collection<T> {
  /** The handle of one namespace. */
  in(namespace: string): Resource<T>;
}

/** The handle of one kind, in one namespace where it is namespaced: the verbs, and one member for each subresource that the kind has. */
export type Resource<T extends KubeObject> = Verbs<T> &
  Pick<SubresourceApi<T>, SubresourcesOf<T> & keyof SubresourceApi<T>>;

/** What `client.resource` gives where no namespace is said. Of a kind of unknown scope it has both: one of them fails when called. */
export type Unbound<T extends KubeObject> =
  "Cluster" extends ScopeOf<T>
    ? "Namespaced" extends ScopeOf<T>
      ? Resource<T> & AllNamespaces<T>
      : Resource<T>
    : AllNamespaces<T>;

/** The options that put a handle into a namespace. */
export type InNamespace<T> =
  ScopeOf<T> extends "Cluster"
    ? { readonly namespace: "this kind is cluster-scoped: it is in no namespace" }
    : { readonly namespace: string };

/** The verbs on one kind, in one namespace where it is namespaced. */
export interface Verbs<T extends KubeObject> extends Collection<T> {
  /** `undefined` for a cluster-scoped kind. */
  readonly namespace: string | undefined;
  /** @throws {ApiError} `isNotFound`, ... */
  get(name: string, options?: GetOptions): Promise<Existing<T>>;
  /** `undefined` where {@link get} throws `isNotFound`. */
  find(name: string, options?: GetOptions): Promise<Existing<T> | undefined>;
  /** @throws {ApiError} `isAlreadyExists`, `isInvalid`, ... */
  create(object: New<T>, options?: WriteOptions): Promise<Existing<T>>;
  /**
   * Replaces the object. Its resourceVersion is the condition: where it has changed since, a conflict.
   *
   * @throws {ApiError} `isConflict`, `isInvalid`, ...
   */
  update(object: Existing<T>, options?: WriteOptions): Promise<Existing<T>>;
  /**
   * Changes fields: a JSON merge patch, or with `{ type: "strategic" }` a strategic merge patch.
   *
   * @throws {UsageError} `KeyedListReplaced`: the patch would replace a list of containers, ports, ... whole;
   * `StrategicPatchNotSupported`: only built-in kinds have it.
   */
  patch<const Y extends PatchType | undefined = undefined>(
    name: string,
    patch: PatchBody<T, Y>,
    options?: WriteOptions & { readonly type?: Y },
  ): Promise<Existing<T>>;
  /** Changes fields by a JSON patch (RFC 6902): all operations or none. */
  patchJson<const P extends readonly string[]>(
    name: string,
    operations: { readonly [I in keyof P]: JsonPatchOperation<T, P[I]> },
    options?: WriteOptions,
  ): Promise<Existing<T>>;
  /**
   * Server-side apply: makes these fields so, and this field manager their owner; creates the object where it is missing.
   *
   * @throws {ApiError} `isConflict`, with `conflicts`, where another manager owns one of the fields and `force` is not said.
   * @throws {UsageError} `FieldManagerMissing`.
   */
  apply(name: string, configuration: ApplyConfiguration<T>, options?: ApplyOptions): Promise<Existing<T>>;
  /** Read, change, update; again on conflict. `change` may be called more than once. */
  edit(
    name: string,
    change: (object: Existing<T>) => void | Promise<void>,
    options?: WriteOptions,
  ): Promise<Existing<T>>;
  /** @throws {ApiError} `isNotFound`, `isConflict` (a precondition), ... */
  delete(name: string, options?: DeleteOptions): Promise<void>;
  /**
   * Deletes what a selector selects, or everything where `all: true` is said.
   *
   * @throws {UsageError} `UnguardedDeleteCollection` where the selector is empty.
   */
  deleteCollection(options: DeleteCollectionOptions<T>): Promise<void>;
  /** Resolves with the first state for which `until` is true; with `"deleted"`, when the object is gone. */
  wait(name: string, until: (object: Existing<T>) => boolean, options?: CallOptions): Promise<Existing<T>>;
  wait(name: string, until: "deleted", options?: CallOptions): Promise<undefined>;
  /** A subresource that has no member of its own here, by its name. */
  subresource(name: string): GenericSubresource;
}
