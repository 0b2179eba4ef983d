/**
 * Keys of objects to be looked at again, each in a turn of the event loop of its own, and never twice at once.
 *
 * What a controller cannot do yet (a conflict, an account that is still missing) is tried again a little later; a write into a
 * namespace that is going away is given up.
 */
import type { ServerClient } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1000;
const MAX_RETRIES = 20;

export class ReconcileQueue {
  readonly #client: ServerClient;
  readonly #reconcile: (namespace: string, name: string) => void;
  readonly #onError: (error: unknown) => void;
  readonly #queued: Set<string> = new Set();
  readonly #failures: Map<string, number> = new Map();
  #isStopped = false;

  constructor(
    client: ServerClient,
    reconcile: (namespace: string, name: string) => void,
    onError: (error: unknown) => void,
  ) {
    this.#client = client;
    this.#reconcile = reconcile;
    this.#onError = onError;
  }

  add(namespace: string | undefined, name: string): void {
    const key = `${namespace ?? ""}/${name}`;
    if (this.#queued.has(key) || this.#isStopped) return;
    this.#queued.add(key);
    this.#client.later(() => this.#run(key, namespace ?? "", name));
  }

  addAfter(ms: number, namespace: string | undefined, name: string): void {
    this.#client.after(ms, () => this.add(namespace, name));
  }

  stop(): void {
    this.#isStopped = true;
  }

  #run(key: string, namespace: string, name: string): void {
    this.#queued.delete(key);
    if (this.#isStopped) return;
    try {
      this.#reconcile(namespace, name);
      this.#failures.delete(key);
    } catch (error) {
      this.#retry(key, namespace, name, error);
    }
  }

  #retry(key: string, namespace: string, name: string, error: unknown): void {
    const isExpected = error instanceof StatusError;
    const isTerminating = isExpected && error.message.includes("because it is being terminated");
    const failures = (this.#failures.get(key) ?? 0) + 1;
    if (isTerminating || failures > MAX_RETRIES) {
      this.#failures.delete(key);
      if (!isTerminating) this.#onError(error);
      return;
    }
    if (!isExpected) this.#onError(error);
    this.#failures.set(key, failures);
    this.addAfter(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures), namespace, name);
  }
}
