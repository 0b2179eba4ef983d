/**
 * The life of a watch as a state machine: what has been delivered, and what to do when a stream ends.
 *
 * ```
 * starting ──settled──▶ following ◀──opened── resuming
 *  │  │  │               │     │               │   │
 *  │  │  unsupported     │     closed, lost,   │   lost: again, a few times
 *  │  │  by list         │     unreachable:    unreachable, expired, fatal
 *  │  lost: again,       │     again, for ever │
 *  │  a few times        expired, fatal        │
 *  ▼                     ▼                     ▼
 *                      failed
 * ```
 */

/** How the present state is read: by one stream, or by a list and then a stream. */
export type StartMode = "stream" | "list";

/** Where a watch stands. */
export type WatchState =
  /** The present state is being read; where that breaks off, it is read anew and what has changed is told. */
  | { readonly type: "starting"; readonly mode: StartMode; readonly failures: number }
  /** Told to begin after `resourceVersion`; no stream has been opened yet. */
  | { readonly type: "resuming"; readonly resourceVersion: string; readonly failures: number }
  /** All up to `resourceVersion` has been delivered. */
  | { readonly type: "following"; readonly resourceVersion: string; readonly failures: number };

/** What happens to a watch. */
export type WatchInput =
  /** The server has begun to answer. */
  | { readonly type: "opened" }
  /** The present state has been read whole. */
  | { readonly type: "settled"; readonly resourceVersion: string }
  /** An event or a bookmark. */
  | { readonly type: "advanced"; readonly resourceVersion: string }
  /** The server ended the stream in order. */
  | { readonly type: "closed"; readonly livedMs: number }
  | { readonly type: "failed"; readonly failure: WatchFailure };

/** What went wrong, as far as it decides what comes next. */
export type WatchFailure =
  /** The server no longer has the history after the last resourceVersion. */
  | { readonly type: "expired"; readonly error: unknown }
  /** The server does not stream the present state. */
  | { readonly type: "unsupported"; readonly error: unknown }
  /** No answer at all. */
  | { readonly type: "unreachable"; readonly error: unknown }
  /** 429, 5xx, or a stream that broke. */
  | { readonly type: "lost"; readonly error: unknown; readonly retryAfterMs?: number | undefined }
  /** Another try would end the same way: 403, 404, a certificate that is not trusted. */
  | { readonly type: "fatal"; readonly error: unknown };

/** What is to be done now. */
export type WatchAction =
  | { readonly type: "connect"; readonly afterMs: number }
  | { readonly type: "fail"; readonly error: unknown };

/** The next state, and what to do; no action where the stream goes on. */
export interface WatchStep {
  readonly state: WatchState;
  readonly action?: WatchAction | undefined;
}

/**
 * First and longest pause between tries, doubled each time.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/tools/cache/reflector.go
 */
export const BACKOFF_MIN_MS = 800;
export const BACKOFF_MAX_MS = 30_000;
/** Tries to begin before the watch gives up: whoever starts a watch wants to hear that it cannot start. */
export const START_ATTEMPTS = 4;
/** A stream that ends sooner than this is treated as a failure, so that a server that ends each at once is not hammered. */
export const SHORT_STREAM_MS = 1_000;

/** The step from `state` on `input`. `random` (0 to 1) spreads the pauses of many clients. Pure. */
export function stepWatch(state: WatchState, input: WatchInput, random: number): WatchStep {
  switch (input.type) {
    case "opened":
      return { state: state.type === "resuming" ? { ...state, type: "following" } : state };
    case "settled":
    case "advanced":
      return { state: { type: "following", resourceVersion: input.resourceVersion, failures: 0 } };
    case "closed":
      // A server that does not know of the end of the present state ends its stream without one.
      if (state.type === "starting" && state.mode === "stream" && input.livedMs >= SHORT_STREAM_MS)
        return byList(state);
      return state.type === "following" && input.livedMs >= SHORT_STREAM_MS
        ? { state: { ...state, failures: 0 }, action: { type: "connect", afterMs: 0 } }
        : again(state, new Error("the server ended the watch before it had begun"), random);
    case "failed":
      return stepFailure(state, input.failure, random);
  }
}

function stepFailure(state: WatchState, failure: WatchFailure, random: number): WatchStep {
  switch (failure.type) {
    case "expired":
      // No history is needed to read the present state anew.
      return state.type === "starting" ? again(state, failure.error, random) : fail(state, failure.error);
    case "unsupported":
      return state.type === "starting" && state.mode === "stream"
        ? {
            state: { type: "starting", mode: "list", failures: state.failures },
            action: { type: "connect", afterMs: 0 },
          }
        : fail(state, failure.error);
    case "unreachable":
      return state.type === "following" ? again(state, failure.error, random) : fail(state, failure.error);
    case "lost":
      return again(state, failure.error, random, failure.retryAfterMs);
    case "fatal":
      return fail(state, failure.error);
  }
}

function byList(state: WatchState): WatchStep {
  const { failures } = state;
  return { state: { type: "starting", mode: "list", failures }, action: { type: "connect", afterMs: 0 } };
}

function fail(state: WatchState, error: unknown): WatchStep {
  return { state, action: { type: "fail", error } };
}

function again(state: WatchState, error: unknown, random: number, retryAfterMs = 0): WatchStep {
  const failures = state.failures + 1;
  if (state.type !== "following" && failures >= START_ATTEMPTS) return fail(state, error);
  const pause = Math.min(BACKOFF_MIN_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
  return {
    state: { ...state, failures },
    action: { type: "connect", afterMs: Math.max(retryAfterMs, pause * (0.5 + random / 2)) },
  };
}
