/**
 * Where objects are kept: a map per resource under one revision counter, with the changes of the recent past, from which the
 * state at an earlier revision is rebuilt. What etcd and the watch cache are to a kube-apiserver.
 */
import type { ApiObject } from "./strategy.ts";

/** An object as it was stored at one revision. Its `object` is never changed. */
export class StoredObject {
  readonly object: ApiObject;
  readonly revision: number;
  #body: string | undefined;

  constructor(object: ApiObject, revision: number) {
    this.object = object;
    this.revision = revision;
  }

  /** The JSON text after `kind` and `apiVersion`, made once: `"metadata":{...},...}`. */
  get body(): string {
    if (this.#body === undefined) {
      const { kind: _kind, apiVersion: _apiVersion, ...rest } = this.object;
      this.#body = JSON.stringify(rest).slice(1);
    }
    return this.#body;
  }
}

/** One write. */
export interface Change {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** `namespace/name`, or `name`. */
  readonly key: string;
  /** The object after the change; of a deletion, its last state with the revision of the deletion. */
  readonly after: StoredObject;
  readonly before: StoredObject | undefined;
}

/** How many changes of one resource are kept at most. */
export const DEFAULT_HISTORY_LENGTH = 10_000;

/** All objects of one resource. */
export class Collection {
  /** `configmaps`, `deployments.apps`. */
  readonly name: string;
  readonly #storage: Storage;
  readonly #objects: Map<string, StoredObject> = new Map();
  readonly #listeners: Set<(change: Change) => void> = new Set();
  #history: Change[] = [];
  #sorted: string[] | undefined = [];
  #oldest: number;

  constructor(name: string, storage: Storage) {
    this.name = name;
    this.#storage = storage;
    this.#oldest = storage.revision;
  }

  /** The revision from which on every change is known. */
  get oldestRevision(): number {
    return Math.max(this.#oldest, this.#storage.compactedRevision);
  }

  /** The revision from which on changes are still in memory: what a watch that has begun needs. */
  get historyStart(): number {
    return this.#oldest;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** The present keys, in byte order. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#objects.keys()].sort(compareKeys);
    return this.#sorted;
  }

  /** Changes after `revision`, oldest first. */
  changesAfter(revision: number): readonly Change[] {
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle]?.revision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? this.#history : this.#history.slice(low);
  }

  /** The objects as they were at `revision`, by key; `undefined` where that is forgotten. */
  at(revision: number): ReadonlyMap<string, StoredObject> | undefined {
    if (revision < this.oldestRevision) return undefined;
    const changes = this.changesAfter(revision);
    if (changes.length === 0) return this.#objects;
    const state = new Map(this.#objects);
    for (let index = changes.length - 1; index >= 0; index--) {
      const change = changes[index];
      if (change === undefined) continue;
      if (change.before === undefined) state.delete(change.key);
      else state.set(change.key, change.before);
    }
    return state;
  }

  /** Stores `object` at the next revision, which is written into its metadata. */
  put(key: string, object: ApiObject): StoredObject {
    const before = this.#objects.get(key);
    const revision = this.#storage.nextRevision();
    object.metadata.resourceVersion = String(revision);
    const after = new StoredObject(object, revision);
    this.#objects.set(key, after);
    if (before === undefined) this.#sorted = undefined;
    this.#record({ revision, type: before === undefined ? "ADDED" : "MODIFIED", key, after, before });
    return after;
  }

  /** Removes the object; answers its last state, with the revision of the deletion. */
  remove(key: string): StoredObject | undefined {
    const before = this.#objects.get(key);
    if (before === undefined) return undefined;
    const revision = this.#storage.nextRevision();
    const object = { ...before.object, metadata: { ...before.object.metadata, resourceVersion: String(revision) } };
    const after = new StoredObject(object, revision);
    this.#objects.delete(key);
    this.#sorted = undefined;
    this.#record({ revision, type: "DELETED", key, after, before });
    return after;
  }

  /** Calls back on each change, in order. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #record(change: Change): void {
    this.#history.push(change);
    const length = this.#storage.historyLength;
    if (this.#history.length > length * 1.25) {
      this.#history = this.#history.slice(-length);
      this.#oldest = (this.#history[0]?.revision ?? 1) - 1;
    }
    for (const listener of [...this.#listeners]) listener(change);
    this.#storage.notify(this, change);
  }
}

/** All collections of one server. */
export class Storage {
  readonly historyLength: number;
  readonly #collections: Map<string, Collection> = new Map();
  readonly #listeners: Set<(collection: Collection, change: Change) => void> = new Set();
  #revision = 1;
  #compacted = 0;

  constructor(options: { readonly historyLength?: number | undefined } = {}) {
    this.historyLength = options.historyLength ?? DEFAULT_HISTORY_LENGTH;
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** Earlier states than this one are gone. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection(name, this);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  collections(): Iterable<Collection> {
    return this.#collections.values();
  }

  /** Forgets a collection with all that is in it, without changes: what happens to a resource that is no longer served. */
  drop(name: string): void {
    this.#collections.delete(name);
  }

  /** Forgets history up to `revision`, as etcd's compaction does. Default: up to now. */
  compact(revision: number = this.#revision): void {
    this.#compacted = Math.max(this.#compacted, Math.min(revision, this.#revision));
  }

  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** Calls back on each change of any collection, in order. */
  subscribe(listener: (collection: Collection, change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For collections. */
  notify(collection: Collection, change: Change): void {
    for (const listener of [...this.#listeners]) listener(collection, change);
  }
}

/** The order of etcd's keys. Names are ASCII, so code units are bytes. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
