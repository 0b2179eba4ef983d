/**
 * Who still waits for a shared promise: a plugin that nobody waits for any more goes on, but does not keep the program alive.
 */

/** Counts waiters, and tells when the first comes and when the last one goes. */
export class WaiterCount {
  readonly #onChange: (isWaitedFor: boolean) => void;
  #count = 0;

  constructor(onChange: (isWaitedFor: boolean) => void) {
    this.#onChange = onChange;
  }

  get isWaitedFor(): boolean {
    return this.#count > 0;
  }

  /** The same promise; its waiter is counted until it settles or the signal is aborted. */
  count<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted) return promise;
    this.#count += 1;
    if (this.#count === 1) this.#onChange(true);
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      signal?.removeEventListener("abort", leave);
      this.#count -= 1;
      if (this.#count === 0) this.#onChange(false);
    };
    signal?.addEventListener("abort", leave, { once: true });
    promise.then(leave, leave);
    return promise;
  }
}
