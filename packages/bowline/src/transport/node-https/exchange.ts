/**
 * One request and its answer over node:http or node:https.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { KubeError } from "../../core/kube-error.ts";
import { type BodyOwner, type ChunkStream, collectBody, streamBody } from "../body-stream.ts";
import { ConnectionError } from "../connection-error.ts";
import { connectionFailure, failureCode, transportClosed } from "../connection-failure.ts";
import { decompressionFailure, gunzip, gunzipStream } from "../gzip.ts";
import type { TransportRequest, TransportResponse } from "../transport.ts";
import { isReady } from "./agent.ts";

/** What is left of a body that is read away to keep its connection; beyond, a new connection is the cheaper one. */
const MAX_DISCARDED_BYTES = 64 * 1024;

/** What an exchange needs to know of its surroundings. */
export interface ExchangeContext {
  /** `https://host:port` for messages. */
  readonly label: string;
  /** `host:port` of the proxy, for messages. */
  readonly proxy: string | undefined;
  /** Whether the client was closed, which breaks every connection. */
  readonly isClosed: () => boolean;
}

/**
 * Sends a request that was made and not yet ended, and resolves with the head of its answer.
 *
 * @param onClosed - called once, when the exchange no longer uses its connection.
 */
export function exchange(
  outgoing: ClientRequest,
  request: TransportRequest,
  context: ExchangeContext,
  onClosed: () => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => new Exchange(outgoing, request, context, { resolve, reject, onClosed }));
}

interface ExchangeCallbacks {
  readonly resolve: (response: TransportResponse) => void;
  readonly reject: (error: unknown) => void;
  readonly onClosed: () => void;
}

class Exchange {
  readonly #outgoing: ClientRequest;
  readonly #signal: AbortSignal | undefined;
  readonly #context: ExchangeContext;
  readonly #callbacks: ExchangeCallbacks;
  #response: NodeResponse | undefined;
  #isClosed = false;

  constructor(
    outgoing: ClientRequest,
    request: TransportRequest,
    context: ExchangeContext,
    callbacks: ExchangeCallbacks,
  ) {
    this.#outgoing = outgoing;
    this.#signal = request.signal;
    this.#context = context;
    this.#callbacks = callbacks;
    this.#signal?.addEventListener("abort", this.#onAbort);
    outgoing.on("response", (incoming) => this.#onResponse(incoming));
    outgoing.on("error", (error) => this.#onError(error));
    outgoing.on("close", () => this.#onClose());
    const { body } = request;
    if (body === undefined) outgoing.end();
    else if (typeof body === "string" || body instanceof Uint8Array) outgoing.end(body);
    else pump(body, outgoing).catch((error: unknown) => this.#fail(error));
  }

  #onResponse(incoming: IncomingMessage): void {
    const response = new NodeResponse(incoming, this.#context);
    this.#response = response;
    this.#callbacks.resolve(response);
  }

  #onError(error: unknown): void {
    if (this.#response !== undefined) return;
    const socket = this.#outgoing.socket;
    const wasSent = this.#outgoing.reusedSocket || isReady(socket);
    const { label: server, proxy, isClosed } = this.#context;
    this.#callbacks.reject(
      isClosed() ? transportClosed(server, wasSent) : connectionFailure(error, { server, proxy, wasSent }),
    );
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#signal?.reason);
  };

  #fail(error: unknown): void {
    this.#callbacks.reject(error);
    this.#response?.abort(error);
    this.#outgoing.destroy();
  }

  #onClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    // Settled long ago in all but the odd case: a server that switches protocols, or closes without a word.
    if (this.#response === undefined)
      this.#onError(Object.assign(new Error("closed without an answer"), { code: "ECONNRESET" }));
    this.#callbacks.onClosed();
  }
}

/** Writes a stream as the request body, at the pace of the connection. */
async function pump(body: ReadableStream<Uint8Array>, outgoing: ClientRequest): Promise<void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  outgoing.once("close", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || outgoing.destroyed) break;
      if (!outgoing.write(value)) await drained(outgoing);
    }
    outgoing.end();
  } finally {
    outgoing.off("close", stop);
  }
}

function drained(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.on("drain", done);
    outgoing.on("close", done);
  });
}

/** An answer of node:http or node:https. */
export class NodeResponse implements TransportResponse, BodyOwner {
  readonly status: number;
  readonly headers: TransportResponse["headers"];
  readonly #incoming: IncomingMessage;
  readonly #label: string;
  readonly #isClosed: () => boolean;
  readonly #announcedBytes: number | undefined;
  #isTaken = false;
  #abortError: { readonly reason: unknown } | undefined;
  #stream: ChunkStream | undefined;
  #error: unknown;

  constructor(incoming: IncomingMessage, { label, isClosed }: ExchangeContext) {
    this.#incoming = incoming;
    this.#label = label;
    this.#isClosed = isClosed;
    this.status = incoming.statusCode ?? 0;
    this.headers = incoming.headers.warning === undefined ? incoming.headers : withWarningList(incoming);
    const length = Number(incoming.headers["content-length"] ?? Number.NaN);
    this.#announcedBytes = Number.isSafeInteger(length) ? length : undefined;
    // An error between the head and the reading of the body must not end the process; it is told to the reader.
    incoming.on("error", (error) => {
      this.#error ??= error;
    });
  }

  bytes(): Promise<Uint8Array> {
    let isCompressed: boolean;
    try {
      this.#take();
      isCompressed = this.#isCompressed();
    } catch (error) {
      return Promise.reject(error);
    }
    const body = collectBody(this.#incoming, this, this.#announcedBytes);
    return isCompressed ? body.then((compressed) => gunzip(compressed, this.#label)) : body;
  }

  stream(): AsyncIterable<Uint8Array> {
    this.#take();
    const readable = this.#isCompressed() ? gunzipStream(this.#incoming) : this.#incoming;
    this.#stream = streamBody(readable, this);
    if (this.#abortError !== undefined) this.#stream.abort(this.#abortError.reason);
    return this.#stream;
  }

  discard(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    if (this.#incoming.complete || (this.#announcedBytes ?? Number.POSITIVE_INFINITY) <= MAX_DISCARDED_BYTES)
      this.#incoming.resume();
    else this.#incoming.destroy();
  }

  /** Ends whoever reads the body with `reason`. */
  abort(reason: unknown): void {
    this.#abortError ??= { reason };
    this.#stream?.abort(reason);
  }

  #take(): void {
    if (this.#isTaken) throw new KubeError("BodyUsed", "the body of a response can be read only once");
    this.#isTaken = true;
    // Closed in the meantime: the events that the reader waits for have passed.
    if (this.#incoming.destroyed && !this.#incoming.readableEnded) {
      if (this.#incoming.complete && this.#error === undefined && this.#abortError === undefined) return;
      throw this.failure(this.#error, 0);
    }
  }

  checkEnd(): void {
    if (this.#abortError !== undefined) throw this.#abortError.reason;
    if (!this.#incoming.complete) throw this.failure(undefined, 0);
  }

  failure(error: unknown, receivedBytes: number): unknown {
    if (this.#abortError !== undefined) return this.#abortError.reason;
    if (error instanceof ConnectionError) return error;
    if (this.#isClosed()) return transportClosed(this.#label, true);
    const undecompressed = decompressionFailure(error, this.#label);
    if (undecompressed !== undefined) return undecompressed;
    const isCorrupt = error !== undefined && failureCode(error) === "NotHttp";
    const amount =
      this.#announcedBytes === undefined ? "before its end" : `after ${receivedBytes} of ${this.#announcedBytes} bytes`;
    const message = isCorrupt
      ? `the answer of ${this.#label} breaks the rules of HTTP: ${error instanceof Error ? error.message : ""}`
      : `the answer of ${this.#label} was cut ${amount}; the server, or a proxy before it, closed the connection`;
    return new ConnectionError(isCorrupt ? "BodyCorrupt" : "BodyCut", message, { server: this.#label, cause: error });
  }

  #isCompressed(): boolean {
    const encoding = this.#incoming.headers["content-encoding"];
    if (encoding === undefined || encoding === "identity") return false;
    if (encoding === "gzip" || encoding === "x-gzip") return true;
    this.#incoming.destroy();
    throw new KubeError(
      "UnknownContentEncoding",
      `${this.#label} answered with the content encoding ${encoding}, which was not asked for`,
    );
  }
}

/** Several warnings are joined by commas on the way in, and their texts may hold commas. */
function withWarningList(incoming: IncomingMessage): TransportResponse["headers"] {
  const warning: string[] = [];
  const { rawHeaders } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === "warning") warning.push(rawHeaders[index + 1] ?? "");
  }
  return { ...incoming.headers, warning: warning.length === 1 ? warning[0] : warning };
}
