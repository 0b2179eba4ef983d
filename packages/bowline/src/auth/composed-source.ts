/**
 * A credential source made of parts: each request gets one snapshot of all of them.
 */
import { redact, redactedText } from "../config/redaction.ts";
import type { Credential, CredentialSource } from "./credential.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";

type Headers = Readonly<Record<string, string | readonly string[]>>;
interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Combines at most one part for the header and one for the certificate, with headers that never change. */
export class ComposedSource implements CredentialSource {
  readonly #parts: readonly CredentialPart[];
  readonly #fixedHeaders: Headers;
  #latest: { readonly states: readonly PartState[]; readonly credential: Credential } | undefined;
  /** The states that older snapshots were made of, since a 401 may speak of one of them. */
  readonly #statesOf = new WeakMap<Credential, readonly PartState[]>();
  #generation = 0;
  #isClosed = false;

  constructor(parts: readonly CredentialPart[], fixedHeaders: Headers) {
    this.#parts = parts;
    this.#fixedHeaders = fixedHeaders;
  }

  credential(options: WaitOptions = {}): Credential | Promise<Credential> {
    if (this.#isClosed) return Promise.reject(closedError());
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    return this.#compose((part) => part.current(options.signal), options.signal);
  }

  async refresh(rejected: Credential, options: WaitOptions = {}): Promise<Credential> {
    if (this.#isClosed) throw closedError();
    options.signal?.throwIfAborted();
    const states = this.#statesOf.get(rejected) ?? [];
    const credential = await this.#compose((part, index) => {
      const state = states[index];
      return state === undefined ? part.current(options.signal) : part.refresh(state, options.signal);
    }, options.signal);
    return isSameCredential(credential, rejected) ? rejected : credential;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#latest = undefined;
    for (const part of this.#parts) part.close();
  }

  #compose(
    ask: (part: CredentialPart, index: number) => PartState | Promise<PartState>,
    signal: AbortSignal | undefined,
  ): Credential | Promise<Credential> {
    const states: (PartState | Promise<PartState>)[] = [];
    try {
      for (const [index, part] of this.#parts.entries()) states.push(ask(part, index));
    } catch (error) {
      return Promise.reject(error);
    }
    if (states.some((state) => state instanceof Promise)) {
      return unlessAborted(
        Promise.all(states.map(async (state) => state)).then((settled) => this.#snapshot(settled)),
        signal,
      );
    }
    return this.#snapshot(states as PartState[]);
  }

  #snapshot(states: readonly PartState[]): Credential {
    const latest = this.#latest;
    if (latest?.states.every((state, index) => state === states[index])) return latest.credential;
    this.#generation += 1;
    const authorization = states.find((state) => state.authorization !== undefined)?.authorization;
    const clientCertificate = states.find((state) => state.clientCertificate !== undefined)?.clientCertificate;
    const expiresAtMs = states.find((state) => state.expiresAtMs !== undefined)?.expiresAtMs;
    const headers = authorization === undefined ? this.#fixedHeaders : { ...this.#fixedHeaders, authorization };
    const credential: Credential = {
      generation: this.#generation,
      headers: redact(headers === this.#fixedHeaders ? { ...headers } : headers, () => hideAuthorization(headers)),
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
      ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs) }),
    };
    this.#statesOf.set(credential, states);
    if (!this.#isClosed) this.#latest = { states, credential };
    return credential;
  }
}

/** Waits for the promise or the abort; an abort leaves the promise to those who share it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function isSameCredential(a: Credential, b: Credential): boolean {
  return (
    a.headers["authorization"] === b.headers["authorization"] &&
    a.clientCertificate?.generation === b.clientCertificate?.generation
  );
}

function hideAuthorization(headers: Headers): Headers {
  return "authorization" in headers ? { ...headers, authorization: redactedText } : headers;
}

function closedError(): CredentialError {
  return new CredentialError("CredentialSourceClosed", "the client is closed and has no credentials any more");
}
