/**
 * Reads a response body: whole, or chunk by chunk with back-pressure.
 */
import type { Readable } from "node:stream";

/** Chunks are accepted ahead of the reader up to this many bytes; then the socket is left to fill. */
const HIGH_WATER_BYTES = 256 * 1024;

/** A body larger than this is not allocated on the word of a header alone. */
const MAX_PREALLOCATED_BYTES = 512 * 1024 * 1024;

/** What tells a whole body from one that ended too early. */
export interface BodyOwner {
  /** Called at the end: throws where the end came too early. */
  checkEnd(receivedBytes: number): void;
  /** The error to report for what the runtime reported, `undefined` where the body was closed without one. */
  failure(error: unknown, receivedBytes: number): unknown;
}

/**
 * Collects a body. Where its length was announced, the chunks are copied into place as they come, so that a large list is
 * never in memory twice.
 */
export function collectBody(
  readable: Readable,
  owner: BodyOwner,
  announcedBytes: number | undefined,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let isEnded = false;
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let whole: Buffer | undefined;
    readable.on("data", (chunk: Buffer) => {
      if (whole !== undefined) chunk.copy(whole, received);
      else if (more !== undefined) more.push(chunk);
      else if (first === undefined) {
        if (announcedBytes !== undefined && chunk.length < announcedBytes && announcedBytes <= MAX_PREALLOCATED_BYTES) {
          whole = Buffer.allocUnsafeSlow(announcedBytes);
          chunk.copy(whole);
        } else first = chunk;
      } else more = [first, chunk];
      received += chunk.length;
    });
    readable.on("end", () => {
      isEnded = true;
      try {
        owner.checkEnd(received);
      } catch (error) {
        reject(error);
        return;
      }
      // A body that fits one chunk, the usual one, is handed over as it came.
      resolve(whole ?? (more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, received)));
    });
    readable.on("error", (error) => {
      isEnded = true;
      reject(owner.failure(error, received));
    });
    readable.on("close", () => {
      if (!isEnded) reject(owner.failure(undefined, received));
    });
  });
}

interface Waiting {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** The connection's side of a {@link ChunkStream}. */
export interface ChunkSource {
  /** Called at the first next(): from now on chunks are wanted. */
  start(stream: ChunkStream): void;
  pause(): void;
  resume(): void;
  /** Nobody reads any more; the connection is to be closed unless the end has come. */
  close(): void;
}

/** Chunks as they arrive. One consumer; begins at the first next(); return() closes the connection. */
export class ChunkStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #source: ChunkSource;
  readonly #queue: Uint8Array[] = [];
  readonly #waiting: Waiting[] = [];
  #queuedBytes = 0;
  #isStarted = false;
  #isPaused = false;
  /** Set once nothing more will arrive; `error` undefined for a proper end. */
  #end: { readonly error: unknown } | undefined;

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      if (this.#end === undefined) this.#source.start(this);
    }
    const chunk = this.#queue.shift();
    if (chunk !== undefined) {
      this.#queuedBytes -= chunk.length;
      if (this.#isPaused && this.#queuedBytes === 0) {
        this.#isPaused = false;
        this.#source.resume();
      }
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.#end !== undefined) return this.#ended(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#queue.length = 0;
    this.end(undefined);
    this.#source.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.return().then(() => Promise.reject(error));
  }

  /** Hands a chunk to the reader. */
  push(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ value: chunk, done: false });
      return;
    }
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes >= HIGH_WATER_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    }
  }

  /** Nothing more will come; chunks that were not read yet still are. The first call counts. */
  end(error: unknown): void {
    if (this.#end !== undefined) return;
    // An error is told once; whoever asks again finds the stream at its end.
    this.#end = { error: this.#waiting.length > 0 ? undefined : error };
    for (const waiting of this.#waiting.splice(0)) {
      if (error === undefined) waiting.resolve({ value: undefined, done: true });
      else waiting.reject(error);
    }
  }

  /** Ends the stream at once, chunks that were not read yet included. */
  abort(error: unknown): void {
    this.#queue.length = 0;
    this.end(error);
  }

  #ended(end: { readonly error: unknown }): Promise<IteratorResult<Uint8Array, undefined>> {
    if (end.error === undefined) return Promise.resolve({ value: undefined, done: true });
    this.#end = { error: undefined };
    return Promise.reject(end.error);
  }
}

/** Streams a body from a Node stream. */
export function streamBody(readable: Readable, owner: BodyOwner): ChunkStream {
  return new ChunkStream({
    start(stream) {
      let received = 0;
      let isEnded = false;
      readable.on("data", (chunk: Uint8Array) => {
        received += chunk.length;
        stream.push(chunk);
      });
      readable.once("end", () => {
        isEnded = true;
        try {
          owner.checkEnd(received);
          stream.end(undefined);
        } catch (error) {
          stream.end(error);
        }
      });
      readable.once("error", (error) => {
        isEnded = true;
        stream.end(owner.failure(error, received));
      });
      readable.once("close", () => {
        if (!isEnded) stream.end(owner.failure(undefined, received));
      });
    },
    pause: () => void readable.pause(),
    resume: () => void readable.resume(),
    close: () => void readable.destroy(),
  });
}
