/**
 * Time and chance as a watch needs them, so that its tests bring their own.
 */

/** Where time and randomness come from. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /**
   * Calls `run` once after `afterMs`; the function given back cancels. `holdsProcess` (default true): whether a program waits
   * for it before it ends.
   */
  after(afterMs: number, run: () => void, options?: { readonly holdsProcess?: boolean | undefined }): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

/** The real ones. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (afterMs, run, { holdsProcess = true } = {}) => {
    const timer: { unref?: () => unknown } & ReturnType<typeof setTimeout> = setTimeout(run, afterMs);
    if (!holdsProcess) timer.unref?.();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Resolves after `ms`; rejects with the signal's reason when it aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
