/**
 * A watch as an async iterable: carries out what {@link stepWatch} decides.
 */
import { isApiError, isExpired } from "../../core/api-error-predicates.ts";
import type { ApiTarget } from "../../core/api-target.ts";
import { KubeError } from "../../core/kube-error.ts";
import type { TransportResponse } from "../../transport/transport.ts";
import { notJson, statusError } from "../answer.ts";
import type { ApiSession } from "../api-session.ts";
import { decodeLines, LineSplitter } from "../bytes/line-splitter.ts";
import type { KubeObject } from "../kube-object.ts";
import type { Batches } from "../open-stream.ts";
import type { Query } from "../resource-path.ts";
import { type Clock, pause } from "./clock.ts";
import { PresentState } from "./present-state.ts";
import { type Bookmark, parseWatchLine, parseWatchText, type WatchEvent, type WatchLine } from "./watch-event.ts";
import { type StartMode, stepWatch, type WatchFailure, type WatchInput, type WatchState } from "./watch-state.ts";

/** How long the server is asked to keep one stream. */
export const STREAM_TIMEOUT_SECONDS = 290;
/** How much longer a stream may stand before it counts as dead: the server would have ended it. */
export const STREAM_GRACE_MS = 30_000;

/** A collection to watch. */
export interface WatchedCollection {
  readonly path: string;
  readonly target: ApiTarget;
  /** Selectors. */
  readonly query: Query;
  readonly accept?: string | undefined;
  readonly omitManagedFields: boolean;
  /** Put in the place of what the objects carry, for those that a server sent as PartialObjectMetadata. */
  readonly rename?: { readonly apiVersion: string; readonly kind: string } | undefined;
}

/** What a watch is made from. */
export interface WatchConfig {
  readonly session: ApiSession;
  readonly clock: Clock;
  /** Whether BOOKMARKs are wanted. They are asked of the server in any case. */
  readonly bookmarks: boolean;
  readonly resourceVersion?: string | undefined;
  readonly mode: StartMode;
  /** Called once the server has refused to stream the present state. */
  readonly onUnsupported?: (() => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  /** The present state in chunks, and its resourceVersion: for servers that do not stream it. */
  readonly list: (
    signal: AbortSignal,
  ) => AsyncIterable<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }>;
}

/** What a watch yields. */
export type Watched = WatchEvent<KubeObject> | Bookmark;

/** Yields events until `signal` aborts (then it rejects with the reason) or until it cannot go on without a gap. */
export async function* watchCollection(
  collection: WatchedCollection,
  config: WatchConfig,
  signal: AbortSignal,
): Batches<Watched> {
  const { clock } = config;
  let state: WatchState =
    config.resourceVersion === undefined
      ? { type: "starting", mode: config.mode, failures: 0 }
      : { type: "resuming", resourceVersion: config.resourceVersion, failures: 0 };
  let present: PresentState | undefined = state.type === "starting" ? new PresentState() : undefined;
  for (;;) {
    const started = clock.now();
    const progress: Progress = { isOpened: false };
    let input: WatchInput;
    try {
      present?.begin();
      const seens: AsyncGenerator<Seen, void, undefined> =
        present !== undefined && state.type === "starting" && state.mode === "list"
          ? listOnce(config, present, signal)
          : streamOnce(collection, config, state, present, progress, signal);
      for await (const seen of seens) {
        if (seen.input !== undefined) state = stepWatch(state, seen.input, 0).state;
        if (state.type === "following") present = undefined;
        if (seen.events.length > 0) yield seen.events;
      }
      if (state.type === "following" && !progress.isOpened) continue;
      input = { type: "closed", livedMs: clock.now() - started };
    } catch (error) {
      signal.throwIfAborted();
      input = { type: "failed", failure: classify(error, state, progress) };
    }
    const step = stepWatch(state, input, clock.random());
    const isByList = step.state.type === "starting" && step.state.mode === "list";
    if (isByList && state.type === "starting" && state.mode === "stream") config.onUnsupported?.();
    else if (input.type === "failed" && step.action?.type !== "fail") config.onError?.(input.failure.error);
    state = step.state;
    if (step.action?.type === "fail") throw step.action.error;
    const afterMs = step.action?.afterMs ?? 0;
    if (afterMs > 0) await pause(clock, afterMs, signal);
  }
}

/** How far one try has come. */
interface Progress {
  isOpened: boolean;
}

/** What some lines of a stream, or a chunk of a list, come to. */
interface Seen {
  /** What they mean for the state of the watch, if anything. */
  readonly input?: WatchInput | undefined;
  readonly events: readonly Watched[];
}

/** The present state by a list. */
async function* listOnce(
  config: WatchConfig,
  present: PresentState,
  signal: AbortSignal,
): AsyncGenerator<Seen, void, undefined> {
  let resourceVersion = "";
  for await (const chunk of config.list(signal)) {
    resourceVersion = chunk.resourceVersion;
    const events = chunk.items.flatMap((object) =>
      present.see({ type: "ADDED", object } as WatchEvent<KubeObject>, () => object),
    );
    yield { events };
  }
  const end: Watched[] = config.bookmarks ? [{ type: "BOOKMARK", resourceVersion, isInitialEventsEnd: true }] : [];
  yield { input: { type: "settled", resourceVersion }, events: [...present.end(), ...end] };
}

/** One request. `present`: the present state is asked for, and comes first. */
async function* streamOnce(
  collection: WatchedCollection,
  config: WatchConfig,
  state: WatchState,
  present: PresentState | undefined,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<Seen, void, undefined> {
  const controller = new AbortController();
  const { clock } = config;
  // The stream's socket holds the process for as long as it must be held.
  const cancel = clock.after(STREAM_TIMEOUT_SECONDS * 1_000 + STREAM_GRACE_MS, () => controller.abort(stalled()), {
    holdsProcess: false,
  });
  const onAbort = (): void => {
    // Nobody may ever ask for the next event, so the end cannot be left to the `finally` below.
    cancel();
    controller.abort(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  let isFinished = false;
  try {
    const response = await open(collection, config.session, state, controller.signal);
    progress.isOpened = true;
    yield { input: { type: "opened" }, events: [] };
    const splitter = new LineSplitter();
    const reader = new EventReader(collection, response, config.bookmarks, present);
    for await (const chunk of response.stream()) {
      const { seen, failure } = reader.read(splitter.push(chunk));
      if (seen !== undefined) yield seen;
      if (failure !== undefined) throw failure.error;
    }
    isFinished = true;
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
    // Leaving early must close the socket, not wait for the server's next event.
    if (!isFinished) controller.abort();
  }
}

/** Reads the lines of one stream. */
class EventReader {
  readonly #collection: WatchedCollection;
  readonly #response: TransportResponse;
  readonly #bookmarks: boolean;
  #present: PresentState | undefined;

  constructor(
    collection: WatchedCollection,
    response: TransportResponse,
    bookmarks: boolean,
    present: PresentState | undefined,
  ) {
    this.#collection = collection;
    this.#response = response;
    this.#bookmarks = bookmarks;
    this.#present = present;
  }

  /** What comes before a failure is seen all the same. */
  read(lines: readonly Uint8Array[]): { readonly seen?: Seen; readonly failure?: { readonly error: unknown } } {
    const events: Watched[] = [];
    let input: WatchInput | undefined;
    const texts = this.#collection.omitManagedFields ? undefined : decodeLines(lines, 0);
    try {
      lines.forEach((line, index) => {
        // A line feed alone keeps a connection alive.
        if (line.length <= 1) return;
        input = this.#readOne(line, texts?.[index], events) ?? input;
      });
    } catch (error) {
      return { seen: { input, events }, failure: { error } };
    }
    return events.length > 0 || input !== undefined ? { seen: { input, events } } : {};
  }

  #readOne(line: Uint8Array, text: string | undefined, events: Watched[]): WatchInput | undefined {
    const read = this.#parse(line, text);
    switch (read.type) {
      case "event": {
        if (this.#present === undefined) {
          events.push(read.event);
          return read.resourceVersion === "" ? undefined : { type: "advanced", resourceVersion: read.resourceVersion };
        }
        events.push(...this.#present.see(read.event, () => this.#object(line)));
        return undefined;
      }
      case "bookmark": {
        const { bookmark } = read;
        const type = this.#present === undefined ? "advanced" : "settled";
        if (this.#present !== undefined) {
          // Until the state is complete a bookmark says nothing that one could go on from.
          if (!bookmark.isInitialEventsEnd) return undefined;
          events.push(...this.#present.end());
          this.#present = undefined;
        }
        if (this.#bookmarks) events.push(bookmark);
        return { type, resourceVersion: bookmark.resourceVersion };
      }
      case "error":
        throw statusError(read.status, "watch", this.#collection.target);
      case "unknown":
        return undefined;
    }
  }

  /** The object of an event's line, read once more. */
  #object(line: Uint8Array): KubeObject {
    const read = this.#parse(line, undefined);
    if (read.type === "event") return read.event.object;
    throw notJson(line, this.#response, "watch", this.#collection.target, undefined);
  }

  #parse(line: Uint8Array, text: string | undefined): WatchLine {
    const { omitManagedFields, rename, target } = this.#collection;
    let read: WatchLine;
    try {
      read = text === undefined ? parseWatchLine(line, omitManagedFields) : parseWatchText(text, false);
    } catch (cause) {
      throw notJson(line, this.#response, "watch", target, cause);
    }
    if (read.type === "event" && rename !== undefined) Object.assign(read.event.object, rename);
    return read;
  }
}

function open(
  collection: WatchedCollection,
  session: ApiSession,
  state: WatchState,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const start: Query =
    state.type === "starting"
      ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
      : { resourceVersion: state.resourceVersion };
  return session.open({
    verb: "watch",
    target: collection.target,
    method: "GET",
    path: collection.path,
    query: {
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: STREAM_TIMEOUT_SECONDS,
      ...start,
      ...collection.query,
    },
    accept: collection.accept,
    signal,
  });
}

function stalled(): KubeError {
  return new KubeError("StreamStalled", "the watch has outlived its time without an end: the connection is dead", {
    retryable: true,
  });
}

function classify(error: unknown, state: WatchState, progress: Progress): WatchFailure {
  if (isExpired(error)) return { type: "expired", error };
  if (isApiError(error)) {
    const { httpStatus, retryAfterMs } = error;
    if (httpStatus === 429 || httpStatus >= 500) return { type: "lost", error, retryAfterMs };
    // Servers from before WatchList refuse its parameters.
    const isRefusal = httpStatus === 400 || httpStatus === 422;
    return isRefusal && state.type === "starting" ? { type: "unsupported", error } : { type: "fatal", error };
  }
  if (!(error instanceof KubeError) || !error.retryable) return { type: "fatal", error };
  return progress.isOpened ? { type: "lost", error } : { type: "unreachable", error };
}
