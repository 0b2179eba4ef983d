/**
 * Async iterables that own a connection: nothing before the first `next()`, and an end on break, return, throw, abort, timeout.
 */
import { type Clock, systemClock } from "./watch/clock.ts";

/** What ends a stream from outside. */
export interface StreamLimits {
  /** Ends the stream: `next()` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the stream so many milliseconds after the first `next()`. 0 and default: never. */
  readonly timeoutMs?: number | undefined;
  /** What `next()` rejects with when time is up. Default: the end comes without an error. */
  readonly timeoutError?: (() => unknown) | undefined;
  /** Default: the real one. */
  readonly clock?: Clock | undefined;
}

/** Reason of an end that is no error. */
const ENDED: unique symbol = Symbol("ended");

/** Makes the values of a stream, some at a time, ending when the signal aborts. */
export type StartStream<T> = (signal: AbortSignal) => Batches<T> | Promise<Batches<T>>;
/** Values as they come together: one by one they would cost several turns of the event loop each. */
export type Batches<T> = AsyncGenerator<readonly T[], void, undefined>;

/**
 * An iterable whose every iterator runs `start` anew. `start` gets a signal which aborts whenever the stream is to end, even
 * while a `next()` waits: an async generator alone would let `return()` wait for the next value.
 */
export function openStream<T>(start: StartStream<T>, limits: StreamLimits): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new StreamIterator(start, limits) };
}

class StreamIterator<T> implements AsyncIterator<T, undefined> {
  readonly #start: StartStream<T>;
  readonly #limits: StreamLimits;
  readonly #controller: AbortController = new AbortController();
  #source: ReturnType<StartStream<T>> | undefined;
  #batch: readonly T[] = [];
  #at = 0;
  /** Resolves when the `next()` that waits for a batch has it. */
  #pulling: Promise<void> | undefined;
  #release: () => void = () => {};
  #isOver = false;

  constructor(start: StartStream<T>, limits: StreamLimits) {
    this.#start = start;
    this.#limits = limits;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const isAtHand = this.#at < this.#batch.length && this.#pulling === undefined && !this.#controller.signal.aborted;
    return isAtHand ? Promise.resolve(this.#take()) : this.#wait();
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#over();
    await this.#leaveSource();
    return { done: true, value: undefined };
  }

  #take(): IteratorResult<T, undefined> {
    return { done: false, value: this.#batch[this.#at++] as T };
  }

  async #wait(): Promise<IteratorResult<T, undefined>> {
    while (this.#pulling !== undefined) await this.#pulling;
    while (!this.#isOver) {
      if (this.#at < this.#batch.length && !this.#controller.signal.aborted) return this.#take();
      let release = (): void => {};
      this.#pulling = new Promise<void>((resolve) => {
        release = resolve;
      });
      try {
        await this.#pull();
      } finally {
        this.#pulling = undefined;
        release();
      }
    }
    return { done: true, value: undefined };
  }

  /** Fills the batch, or ends the stream; rejects with what it ends with. */
  async #pull(): Promise<void> {
    const { signal } = this.#controller;
    try {
      if (this.#source === undefined && !signal.aborted) this.#begin();
      const source = await this.#source;
      const result = signal.aborted ? undefined : await source?.next();
      // An end that came while the values were under way wins, as it does between two values.
      if (signal.aborted) throw signal.reason;
      if (result === undefined || result.done) {
        this.#over();
      } else {
        this.#batch = result.value;
        this.#at = 0;
      }
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      this.#over();
      await this.#leaveSource();
      if (reason !== ENDED) throw reason;
    }
  }

  #begin(): void {
    const { signal, timeoutMs = 0, timeoutError, clock = systemClock } = this.#limits;
    if (signal?.aborted) {
      this.#end(signal.reason);
      return;
    }
    const onAbort = (): void => this.#end(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const cancel = timeoutMs > 0 ? clock.after(timeoutMs, () => this.#end(timeoutError?.() ?? ENDED)) : undefined;
    this.#release = () => {
      signal?.removeEventListener("abort", onAbort);
      cancel?.();
    };
    this.#source = this.#start(this.#controller.signal);
  }

  #over(): void {
    this.#isOver = true;
    this.#batch = [];
    this.#end(ENDED);
  }

  #end(reason: unknown): void {
    this.#release();
    if (!this.#controller.signal.aborted) this.#controller.abort(reason);
  }

  /** What breaks while the connection is closed is of no interest to one who has left. */
  async #leaveSource(): Promise<void> {
    try {
      const source = await this.#source;
      await source?.return();
    } catch {}
  }
}
