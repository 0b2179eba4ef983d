/**
 * The contract between those who send requests and what carries them: HTTP in web types, no library's own.
 */

import type { Credential, CredentialSource } from "../auth/credential.ts";
import type { Cluster } from "../config/cluster.ts";
import type { Interceptor } from "./interceptors.ts";
import type { RetryConfig } from "./retry-policy.ts";

/** One HTTP request. `path` is relative to the cluster's server and begins with `/`. */
export interface TransportRequest {
  readonly method: string;
  readonly path: string;
  /** Lower case names; a list repeats the header. Credentials are added by the transport. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes can be sent again after a 401 or 429; a stream cannot. */
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Asks for a WebSocket that speaks one of these subprotocols, the first of them best; `method` is then GET. Such a request is
   * never sent again where the server may have begun.
   */
  readonly webSocketProtocols?: readonly string[] | undefined;
}

/** A WebSocket: whole messages both ways, with back-pressure. The caller closes it, and the end of the transport does. */
export interface WebSocketConnection {
  /** What the server chose; `""` for none. */
  readonly protocol: string;
  /** Messages as they arrive, to one reader. Ends when the server closes; rejects where the connection is cut. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** Sends one binary message; resolves when the connection has room for the next. */
  send(message: Uint8Array): Promise<void>;
  /** Says goodbye, waits a moment for the answer, and closes. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** The answer's head; the body is read by exactly one of `bytes`, `stream`, `discard`. */
export interface TransportResponse {
  readonly status: number;
  /** Lower case names; repeated headers are a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The whole body, decompressed. */
  bytes(): Promise<Uint8Array>;
  /** The body as it arrives, decompressed, with back-pressure; return() closes the stream. */
  stream(): AsyncIterable<Uint8Array>;
  /** Gives the connection back, or closes it where much is outstanding. */
  discard(): void;
  /** With status 101: the WebSocket that was asked for. There is no body then. */
  readonly webSocket?: WebSocketConnection | undefined;
}

/** Carries requests to one cluster. Pools connections by client certificate; never keeps a process alive when idle. */
export interface Transport {
  /** Rejects with a KubeError for what went wrong below HTTP; resolves with any HTTP status. */
  send(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

/** Makes the connection layer only: one attempt, given a credential. Implemented by `node-https/` and by `undici/`. */
export interface Connector {
  attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse>;
  close(): Promise<void>;
}

/** Chooses the connection layer: `import { undici } from "bowline/transport/undici"`. */
export type ConnectorFactory = (cluster: Cluster) => Connector;

/** What {@link Transport} is made from. */
export interface TransportConfig {
  readonly cluster: Cluster;
  readonly credentials: CredentialSource;
  readonly connector?: ConnectorFactory | undefined;
  /** Around every request, the first outermost. Default none, at no cost. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  readonly observer?: TransportObserver | undefined;
  readonly retry?: RetryConfig | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** 0 to 1, for back-off. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits before a retry; rejects with the signal's reason. Default: a timer. */
  readonly wait?: ((delayMs: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/** Sees what is sent, for metrics, tracing and logs. Must not throw; requests hold no credentials. */
export interface TransportObserver {
  /** Before each attempt; `retries` is 0 for the first. */
  onRequest?(request: TransportRequest, retries: number): void;
  /** The head of each answer, those that are retried too. The body is not the observer's to read. */
  onResponse?(request: TransportRequest, response: TransportResponse): void;
  /** Before the wait; `cause` is the HTTP status or the error. */
  onRetry?(
    request: TransportRequest,
    retry: { readonly attempt: number; readonly delayMs: number; readonly cause: unknown },
  ): void;
}
