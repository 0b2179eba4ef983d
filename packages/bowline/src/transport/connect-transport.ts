/**
 * The transport: a credential for each request, a connection layer below, and a second try where that is safe.
 */
import type { Credential } from "../auth/credential.ts";
import { transportClosed } from "./connection-failure.ts";
import { drain } from "./drain.ts";
import { withInterceptors } from "./interceptors.ts";
import { nodeHttps } from "./node-https/connector.ts";
import { redirectPath } from "./redirect.ts";
import { type Outcome, type RetryLimits, retryDelayMs, retryLimits } from "./retry-policy.ts";
import type { Connector, Transport, TransportConfig, TransportRequest, TransportResponse } from "./transport.ts";

/** More requests at once wait for one of these to be answered, so that a burst does not become as many handshakes. */
const MAX_CONCURRENT_REQUESTS = 128;
/** Streams are not counted: some servers send even the head of one only with its first event. */
const STREAM = /[?&](?:watch|follow)=/;
const MAX_REDIRECTS = 5;

/**
 * Makes the transport of one cluster. Opens nothing, reads nothing, runs nothing before the first request.
 *
 * @throws KubeError where the cluster's settings contradict each other (`InsecureWithCertificateAuthority`, `ProxyInvalid`).
 */
export function createTransport(config: TransportConfig): Transport {
  const transport = new ConnectedTransport(config);
  const { interceptors } = config;
  return interceptors === undefined || interceptors.length === 0
    ? transport
    : withInterceptors(transport, interceptors, config.cluster.server);
}

class ConnectedTransport implements Transport {
  readonly #config: TransportConfig;
  readonly #connector: Connector;
  readonly #limits: RetryLimits;
  readonly #serverOrigin: string;
  readonly #pathPrefix: string;
  readonly #waiting: (() => void)[] = [];
  /** Calls that wait for something other than a connection, to be told when the transport is closed. */
  readonly #leavers = new Set<() => void>();
  #isClosed = false;
  #running = 0;

  constructor(config: TransportConfig) {
    this.#config = config;
    this.#connector = (config.connector ?? nodeHttps)(config.cluster);
    this.#limits = retryLimits(config.retry);
    this.#serverOrigin = config.cluster.server.origin;
    this.#pathPrefix = config.cluster.server.pathname.replace(/\/+$/, "");
  }

  send(request: TransportRequest): Promise<TransportResponse> {
    const { credentials, observer } = this.#config;
    if (this.#isClosed) return Promise.reject(transportClosed(this.#serverOrigin, false));
    let credential: Credential | Promise<Credential>;
    try {
      request.signal?.throwIfAborted();
      credential = credentials.credential(request);
    } catch (error) {
      return Promise.reject(error);
    }
    if (credential instanceof Promise || observer !== undefined) return this.#send(request, credential);
    // The usual request, with a credential at hand and an answer at the first attempt, waits for nothing else.
    const taken = credential;
    if (this.#running >= MAX_CONCURRENT_REQUESTS || STREAM.test(request.path)) return this.#send(request, taken);
    this.#running += 1;
    return this.#connector.attempt(request, taken).then(
      (response) => {
        this.#leave();
        return response.status < 300 ? response : this.#send(request, taken, { type: "response", response });
      },
      (error: unknown) => {
        this.#leave();
        return this.#send(request, taken, { type: "failure", error });
      },
    );
  }

  /** All that may happen to a request. `first`: what its first attempt came to, where that was made already. */
  async #send(
    request: TransportRequest,
    taken: Credential | Promise<Credential>,
    first?: AttemptOutcome,
  ): Promise<TransportResponse> {
    const { credentials, observer } = this.#config;
    let credential = taken instanceof Promise ? await this.#unlessClosed(taken) : taken;
    let made = first;
    let current = request;
    let hasRefreshed = false;
    let retries = 0;
    let redirects = 0;
    for (;;) {
      if (made === undefined) observer?.onRequest?.(current, retries);
      const outcome: AttemptOutcome = made ?? (await this.#outcome(current, credential));
      made = undefined;
      if (outcome.type === "response") {
        const { response } = outcome;
        observer?.onResponse?.(current, response);
        if (response.status < 300) return response;
        if (response.status === 401 && !hasRefreshed && request.headers["authorization"] === undefined) {
          hasRefreshed = true;
          const renewed = await this.#renewed(credential, current, response);
          if (renewed === undefined) return response;
          credential = renewed;
          continue;
        }
        const mayFollow = redirects < MAX_REDIRECTS && request.webSocketProtocols === undefined;
        const path = mayFollow ? redirectPath(current, response, this.#serverOrigin, this.#pathPrefix) : undefined;
        if (path !== undefined) {
          redirects += 1;
          await drain(response);
          current = { ...current, path };
          continue;
        }
      }
      const delayMs = this.#delayMs(current, outcome, retries);
      if (delayMs === undefined) {
        if (outcome.type === "failure") throw outcome.error;
        return outcome.response;
      }
      if (outcome.type === "response") outcome.response.discard();
      retries += 1;
      const cause = outcome.type === "failure" ? outcome.error : outcome.response.status;
      observer?.onRetry?.(current, { attempt: retries, delayMs, cause });
      if (delayMs > 0) await this.#wait(delayMs, request.signal);
      // The wait may have outlasted a short-lived token.
      const next = credentials.credential(request);
      credential = next instanceof Promise ? await this.#unlessClosed(next) : next;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const leave of this.#leavers) leave();
    this.#config.credentials.close();
    await this.#connector.close();
  }

  #outcome(request: TransportRequest, credential: Credential): Promise<AttemptOutcome> {
    return this.#attempt(request, credential).then(
      (response) => ({ type: "response", response }),
      (error: unknown) => ({ type: "failure", error }),
    );
  }

  /** One attempt, once there is room for it. */
  #attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse> {
    if (STREAM.test(request.path)) return this.#connector.attempt(request, credential);
    if (this.#running >= MAX_CONCURRENT_REQUESTS) {
      return this.#unlessClosed(this.#room(request.signal)).then(() => this.#attempt(request, credential));
    }
    this.#running += 1;
    return this.#connector.attempt(request, credential).then(
      (response) => {
        this.#leave();
        return response;
      },
      (error: unknown) => {
        this.#leave();
        throw error;
      },
    );
  }

  /** Waits for a promise or for the end of the transport, which rejects with `TransportClosed`. */
  #unlessClosed<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => reject(transportClosed(this.#serverOrigin, false));
      this.#leavers.add(leave);
      promise.then(resolve, reject).finally(() => this.#leavers.delete(leave));
    });
  }

  #leave(): void {
    this.#running -= 1;
    if (this.#waiting.length > 0) this.#waiting.shift()?.();
  }

  /** The credential to send a rejected request again with; undefined where there is no other or the body is gone. */
  async #renewed(
    rejected: Credential,
    request: TransportRequest,
    response: TransportResponse,
  ): Promise<Credential | undefined> {
    let renewed: Credential;
    try {
      renewed = await this.#unlessClosed(this.#config.credentials.refresh(rejected, request));
    } catch (error) {
      // The answer would be lost otherwise, and its connection with it.
      response.discard();
      throw error;
    }
    if (renewed.generation === rejected.generation || !isReplayable(request)) return undefined;
    await drain(response);
    return renewed;
  }

  #delayMs(request: TransportRequest, outcome: AttemptOutcome, retries: number): number | undefined {
    if (request.signal?.aborted === true) return undefined;
    return retryDelayMs(described(outcome), {
      // A WebSocket begins with a GET, and may run a command.
      method: request.webSocketProtocols === undefined ? request.method : "POST",
      isReplayable: isReplayable(request),
      retries,
      limits: this.#limits,
      now: (this.#config.now ?? Date.now)(),
      random: (this.#config.random ?? Math.random)(),
    });
  }

  /** Holds the process, as a pending request does. An abort ends it with its reason, the end of the transport as well. */
  #wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { wait } = this.#config;
    if (wait !== undefined) return this.#unlessClosed(wait(delayMs, signal));
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#leavers.delete(onClose);
      };
      const onAbort = () => {
        settled();
        reject(signal?.reason);
      };
      const onClose = () => {
        settled();
        reject(transportClosed(this.#serverOrigin, false));
      };
      const timer = setTimeout(() => {
        settled();
        resolve();
      }, delayMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#leavers.add(onClose);
    });
  }

  #room(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const enter = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        const index = this.#waiting.indexOf(enter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason);
      };
      this.#waiting.push(enter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}

type AttemptOutcome =
  | { readonly type: "response"; readonly response: TransportResponse }
  | { readonly type: "failure"; readonly error: unknown };

function described(outcome: AttemptOutcome): Outcome {
  if (outcome.type === "failure") return outcome;
  const { status, headers } = outcome.response;
  const retryAfter = headers["retry-after"];
  return { type: "answer", status, retryAfter: typeof retryAfter === "string" ? retryAfter : retryAfter?.[0] };
}

function isReplayable({ body }: TransportRequest): boolean {
  return body === undefined || typeof body === "string" || body instanceof Uint8Array;
}
