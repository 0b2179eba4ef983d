/**
 * One request and its answer over undici's dispatcher.
 */
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { KubeError } from "../../core/kube-error.ts";
import { ChunkStream, streamBody } from "../body-stream.ts";
import { ConnectionError } from "../connection-error.ts";
import { connectionFailure, failureCode, transportClosed } from "../connection-failure.ts";
import { decompressionFailure, gunzip, gunzipStream } from "../gzip.ts";
import type { TransportRequest, TransportResponse } from "../transport.ts";

/** What arrives before the body is asked for is kept up to this many bytes. */
const UNREAD_BYTES = 256 * 1024;
/** What is left of a body that is read away to keep its connection. */
const MAX_DISCARDED_BYTES = 64 * 1024;

/** What an exchange needs to know of its surroundings. */
export interface ExchangeContext {
  readonly label: string;
  readonly proxy: string | undefined;
  /** Whether the client was closed, which breaks every connection. */
  readonly isClosed: () => boolean;
}

interface ExchangeCallbacks {
  readonly resolve: (response: TransportResponse) => void;
  readonly reject: (error: unknown) => void;
  readonly onClosed: () => void;
}

type Controller = Dispatcher.DispatchController;

/** The handler of a dispatch, and the response that comes of it. */
export class UndiciExchange implements Dispatcher.DispatchHandler, TransportResponse {
  status = 0;
  headers: TransportResponse["headers"] = {};
  readonly #signal: AbortSignal | undefined;
  readonly #context: ExchangeContext;
  readonly #callbacks: ExchangeCallbacks;
  #controller: Controller | undefined;
  #isClosed = false;
  #isTaken = false;
  #announcedBytes: number | undefined;
  #receivedBytes = 0;
  /** What came before a reader did, and all of it for `bytes()`. */
  #chunks: Buffer[] = [];
  #stream: ChunkStream | undefined;
  #whole: { readonly resolve: (body: Uint8Array) => void; readonly reject: (error: unknown) => void } | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(request: TransportRequest, context: ExchangeContext, callbacks: ExchangeCallbacks) {
    this.#signal = request.signal;
    this.#context = context;
    this.#callbacks = callbacks;
    this.#signal?.addEventListener("abort", this.#onAbort);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#signal?.aborted === true) controller.abort(asError(this.#signal.reason));
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#controller = controller;
    this.status = status;
    this.headers = headers;
    const length = Number(headers["content-length"] ?? Number.NaN);
    this.#announcedBytes = Number.isSafeInteger(length) ? length : undefined;
    this.#callbacks.resolve(this);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#stream !== undefined) this.#stream.push(chunk);
    else {
      this.#chunks.push(chunk);
      if (this.#whole === undefined && this.#receivedBytes > UNREAD_BYTES) controller.pause();
    }
  }

  onResponseEnd(): void {
    // undici uses the connection again a turn of the event loop later; a caller that goes on at once would open another one.
    queueMicrotask(() => setImmediate(() => this.#finish(undefined)));
  }

  onResponseError(_controller: Controller | undefined, error: unknown): void {
    this.#finish(this.#failure(error));
  }

  bytes(): Promise<Uint8Array> {
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#take();
      const { label } = this.#context;
      this.#whole = { resolve: this.#isCompressed() ? (body) => resolve(gunzip(body, label)) : resolve, reject };
      if (this.#end === undefined) this.#controller?.resume();
      else this.#settle(this.#end.error);
    });
  }

  stream(): AsyncIterable<Uint8Array> {
    this.#take();
    const chunks = new ChunkStream({
      start: (stream) => {
        this.#stream = stream;
        for (const chunk of this.#chunks.splice(0)) stream.push(chunk);
        if (this.#end === undefined) this.#controller?.resume();
        else stream.end(this.#end.error);
      },
      pause: () => this.#controller?.pause(),
      resume: () => this.#controller?.resume(),
      close: () => this.#close(),
    });
    if (!this.#isCompressed()) return chunks;
    return streamBody(gunzipStream(Readable.from(chunks, { objectMode: false })), {
      checkEnd: () => undefined,
      failure: (error) => decompressionFailure(error, this.#context.label) ?? error ?? this.#cut(undefined),
    });
  }

  discard(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    if ((this.#announcedBytes ?? Number.POSITIVE_INFINITY) <= MAX_DISCARDED_BYTES) this.#controller?.resume();
    else this.#close();
  }

  #take(): void {
    if (this.#isTaken) throw new KubeError("BodyUsed", "the body of a response can be read only once");
    this.#isTaken = true;
  }

  #close(): void {
    if (this.#end === undefined) this.#controller?.abort(new Error("the reader has left"));
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#callbacks.reject(reason);
    this.#stream?.abort(reason);
    this.#whole?.reject(reason);
    this.#controller?.abort(asError(reason));
  };

  #finish(error: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end = { error };
    this.#signal?.removeEventListener("abort", this.#onAbort);
    if (this.status === 0) this.#callbacks.reject(error);
    this.#stream?.end(error);
    this.#settle(error);
    this.#callbacks.onClosed();
  }

  #settle(error: unknown): void {
    if (this.#whole === undefined) return;
    if (error !== undefined) this.#whole.reject(error);
    else {
      const [only] = this.#chunks;
      this.#whole.resolve(
        this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#receivedBytes),
      );
    }
    this.#chunks = [];
  }

  #failure(error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    const { label, proxy, isClosed } = this.#context;
    if (isClosed()) return transportClosed(label, this.#controller !== undefined);
    if (this.status === 0) {
      if ((error as { code?: unknown }).code === "UND_ERR_INVALID_ARG") {
        const message = `cannot send the request to ${label}: ${(error as Error).message}; a token or path must be plain ASCII without line breaks`;
        return new KubeError("RequestInvalid", message, { cause: error });
      }
      return connectionFailure(error, { server: label, proxy, wasSent: this.#controller !== undefined });
    }
    if (error instanceof ConnectionError) return error;
    if (failureCode(error) === "NotHttp") {
      const message = `the answer of ${label} breaks the rules of HTTP: ${error instanceof Error ? error.message : ""}`;
      return new ConnectionError("BodyCorrupt", message, { server: label, cause: error });
    }
    return this.#cut(error);
  }

  #cut(error: unknown): ConnectionError {
    const { label } = this.#context;
    const amount =
      this.#announcedBytes === undefined
        ? "before its end"
        : `after ${this.#receivedBytes} of ${this.#announcedBytes} bytes`;
    const message = `the answer of ${label} was cut ${amount}; the server, or a proxy before it, closed the connection`;
    return new ConnectionError("BodyCut", message, { server: label, cause: error });
  }

  #isCompressed(): boolean {
    const encoding = this.headers["content-encoding"];
    if (encoding === undefined || encoding === "identity") return false;
    if (encoding === "gzip" || encoding === "x-gzip") return true;
    this.#close();
    const message = `${this.#context.label} answered with the content encoding ${String(encoding)}, which was not asked for`;
    throw new KubeError("UnknownContentEncoding", message);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}
