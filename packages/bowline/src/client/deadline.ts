/**
 * The time of one call: the caller's signal and `timeoutMs` in one signal.
 */

import type { ApiTarget } from "../core/api-target.ts";
import type { CallOptions } from "./call-options.ts";
import { TimedOutError } from "./timed-out-error.ts";

/** Applies where `timeoutMs` is not given. Long enough for a large list, short enough for a person who waits. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** What the call is, for the error's text. */
export interface CallName {
  readonly verb: string;
  readonly target: ApiTarget;
  /** What had not happened when time was up. Default "no complete answer". */
  readonly pending?: (() => string) | undefined;
}

/**
 * Runs `call` with a signal that aborts when the caller's does, with its reason, or after `timeoutMs`, with a
 * {@link TimedOutError}. Whatever `call` throws after that, the reason is what the caller gets.
 */
export function withDeadline<R>(
  name: CallName,
  options: CallOptions | undefined,
  call: (signal: AbortSignal) => Promise<R>,
  defaultMs: number = DEFAULT_TIMEOUT_MS,
): Promise<R> {
  const timeoutMs = options?.timeoutMs ?? defaultMs;
  const outer = options?.signal;
  return new Promise<R>((resolve, reject) => {
    outer?.throwIfAborted();
    const controller = new AbortController();
    // Rejects at once, even if whatever runs below does not heed the signal.
    const abort = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => abort(outer?.reason);
    outer?.addEventListener("abort", onAbort, { once: true });
    const timer =
      timeoutMs > 0 && timeoutMs < MAX_TIMER_MS
        ? setTimeout(() => abort(new TimedOutError(name.verb, name.target, timeoutMs, name.pending?.())), timeoutMs)
        : undefined;
    const settled = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      settled();
      reject(error);
    };
    try {
      call(controller.signal).then((value) => {
        settled();
        resolve(value);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}

/** Longer timers fire at once on every runtime; 24 days is no limit. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;
