/**
 * The server's time: the system's, or one that a test moves.
 */

/** Tells the time and calls back later. */
export interface Clock {
  now(): Date;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void;
}

/** The system's clock. Its timers hold no process. */
export const systemClock: Clock = {
  now: () => new Date(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
