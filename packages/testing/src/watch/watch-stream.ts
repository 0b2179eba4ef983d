/**
 * One watch: a cursor over the changes of a collection, written to a stream no faster than it is read.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { Status } from "../registry/status-error.ts";
import { expired } from "../registry/status-error.ts";
import type { Change, Collection, StoredObject } from "../registry/storage.ts";
import type { ApiObject } from "../registry/strategy.ts";

/** What a watch wants to see. */
export interface WatchQuery {
  /** `""`: all namespaces, or a cluster-scoped resource. */
  readonly namespace: string;
  /** One object alone. */
  readonly name?: string | undefined;
  readonly matches: (object: ApiObject) => boolean;
  /** Where to start: after this revision, or with the present state. */
  readonly start: { readonly type: "after"; readonly revision: number } | { readonly type: "state" };
  /** Whether the end of the present state is marked by a bookmark. */
  readonly marksInitialEnd: boolean;
  readonly allowsBookmarks: boolean;
}

export type EventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

/** Where the events go. */
export interface EventSink {
  /** Writes one event; false asks to wait for {@link WatchStream.resume}. */
  write(type: EventType, object: ApiObject | Status): boolean;
  end(): void;
}

/** How far a slow client may fall behind before events wait in memory no longer: the history's length is the limit. */
export class WatchStream {
  readonly #collection: Collection;
  readonly #query: WatchQuery;
  readonly #sink: EventSink;
  readonly #bookmark: (revision: number, isInitialEnd: boolean) => ApiObject;
  readonly #convert: (stored: StoredObject) => ApiObject;
  readonly #currentRevision: () => number;
  #position: number;
  #initial: readonly StoredObject[] = [];
  #initialIndex = 0;
  #initialRevision = 0;
  #isReady = true;
  #isOver = false;
  #hasBegun = false;
  readonly #unsubscribe: () => void;

  constructor(parts: {
    readonly collection: Collection;
    readonly query: WatchQuery;
    readonly sink: EventSink;
    readonly currentRevision: () => number;
    readonly bookmark: (revision: number, isInitialEnd: boolean) => ApiObject;
    readonly convert: (stored: StoredObject) => ApiObject;
  }) {
    this.#collection = parts.collection;
    this.#query = parts.query;
    this.#sink = parts.sink;
    this.#bookmark = parts.bookmark;
    this.#convert = parts.convert;
    this.#currentRevision = parts.currentRevision;
    const { start } = parts.query;
    if (start.type === "state") {
      this.#position = parts.currentRevision();
      this.#initialRevision = this.#position;
      this.#initial = this.#present();
    } else this.#position = start.revision;
    this.#unsubscribe = this.#collection.subscribe(() => this.#pump());
  }

  /** Begins to write. */
  start(): void {
    this.#pump();
  }

  /** The client has read what was written. */
  resume(): void {
    this.#isReady = true;
    this.#pump();
  }

  /** Writes a bookmark, where they are wanted and nothing waits to be written. */
  bookmark(): void {
    if (!this.#query.allowsBookmarks || this.#isOver || !this.#isReady || this.#initialIndex < this.#initial.length)
      return;
    this.#isReady = this.#sink.write(
      "BOOKMARK",
      this.#bookmark(Math.max(this.#position, this.#currentRevision()), false),
    );
  }

  /** Ends the stream as a server does whose time is up. */
  end(): void {
    if (this.#isOver) return;
    this.close();
    this.#sink.end();
  }

  /** Stops without writing anything. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#unsubscribe();
  }

  #pump(): void {
    while (this.#isReady && !this.#isOver && this.#initialIndex < this.#initial.length) {
      const stored = this.#initial[this.#initialIndex++];
      if (stored !== undefined) this.#write("ADDED", this.#convert(stored));
    }
    if (!this.#isReady || this.#isOver) return;
    if (this.#initialRevision > 0) {
      const revision = this.#initialRevision;
      this.#initialRevision = 0;
      this.#initial = [];
      this.#initialIndex = 0;
      if (this.#query.marksInitialEnd) this.#write("BOOKMARK", this.#bookmark(revision, true));
    }
    // A compaction concerns those who come later; a watch that has begun needs only what it has not read yet.
    const oldest = this.#hasBegun ? this.#collection.historyStart : this.#collection.oldestRevision;
    this.#hasBegun = true;
    if (this.#position < oldest) {
      const { status } = expired(`too old resource version: ${this.#position} (${oldest})`);
      this.#sink.write("ERROR", status);
      this.end();
      return;
    }
    while (this.#isReady && !this.#isOver) {
      const changes = this.#collection.changesAfter(this.#position);
      if (changes.length === 0) return;
      for (const change of changes) {
        if (!this.#isReady || this.#isOver) return;
        this.#position = change.revision;
        if (this.#concerns(change.key)) this.#deliver(change);
      }
    }
  }

  /** An object that leaves the selection is shown as deleted, in the last state in which it was selected. */
  #deliver(change: Change): void {
    const before = change.before === undefined ? undefined : this.#convert(change.before);
    const wasSelected = before !== undefined && this.#query.matches(before);
    if (change.type === "DELETED") {
      if (wasSelected) this.#write("DELETED", this.#convert(change.after));
      return;
    }
    const after = this.#convert(change.after);
    const isSelected = this.#query.matches(after);
    if (isSelected) this.#write(wasSelected ? "MODIFIED" : "ADDED", after);
    else if (wasSelected && before !== undefined) {
      const metadata = { ...before.metadata, resourceVersion: String(change.revision) };
      this.#write("DELETED", { ...before, metadata });
    }
  }

  #write(type: EventType, object: ApiObject): void {
    this.#isReady = this.#sink.write(type, object);
  }

  #concerns(key: string): boolean {
    const { namespace, name } = this.#query;
    if (namespace !== "" && !key.startsWith(`${namespace}/`)) return false;
    return name === undefined || key === (namespace === "" ? name : `${namespace}/${name}`);
  }

  #present(): readonly StoredObject[] {
    const present: StoredObject[] = [];
    for (const key of this.#collection.keys()) {
      const stored = this.#concerns(key) ? this.#collection.get(key) : undefined;
      if (stored !== undefined && this.#query.matches(this.#convert(stored))) present.push(stored);
    }
    return present;
  }
}
