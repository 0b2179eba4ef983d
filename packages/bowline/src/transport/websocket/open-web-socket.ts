/**
 * A WebSocket that is open: messages with back-pressure, an end that says why, and a heartbeat.
 */
import type { Duplex } from "node:stream";
import { clearInterval, setInterval } from "node:timers";
import type { WebSocket } from "ws";
import { ChunkStream } from "../body-stream.ts";
import { ConnectionError } from "../connection-error.ts";
import { transportClosed } from "../connection-failure.ts";
import type { WebSocketConnection } from "../transport.ts";

/** Often enough for load balancers that end what is silent for a minute. */
const PING_INTERVAL_MS = 25_000;
/** So many pings without a sign of life, and the other end is taken for gone. */
const LOST_PINGS = 3;
/** How long the other end may take to answer our goodbye. */
const CLOSE_WAIT_MS = 1_000;
/** A close with one of these codes is the regular end: 1005 stands for a close without any. */
const REGULAR: ReadonlySet<number> = new Set([1000, 1005]);

/** What an open WebSocket needs to know of its surroundings. */
export interface OpenWebSocketConfig {
  /** The server, for messages. */
  readonly label: string;
  /** The connection below. */
  readonly socket: Duplex;
  /** Breaks it; reader and writers get its reason. */
  readonly signal: AbortSignal | undefined;
  /** Whether the client was closed, which breaks every connection. */
  readonly isTransportClosed: () => boolean;
  /** Called once, when the connection is gone. */
  readonly onClosed: () => void;
  /** Default 25 000. */
  readonly pingIntervalMs?: number | undefined;
}

/** One open WebSocket. */
export class OpenWebSocket implements WebSocketConnection {
  readonly protocol: string;
  readonly messages: ChunkStream;
  readonly #webSocket: WebSocket;
  readonly #config: OpenWebSocketConfig;
  readonly #closed: Promise<void>;
  /** Rejects the sends that wait for room, where the connection ends before. */
  readonly #waiting = new Set<(error: unknown) => void>();
  #isClosing = false;
  #isPaused = false;
  /** Pings since the last sign of life. */
  #unanswered = 0;
  /** Whether something was sent since then. */
  #hasSent = false;
  #error: unknown;

  constructor(webSocket: WebSocket, protocol: string, config: OpenWebSocketConfig) {
    this.#webSocket = webSocket;
    this.#config = config;
    this.protocol = protocol;
    this.messages = new ChunkStream({
      start: () => undefined,
      pause: () => this.#pause(true),
      resume: () => this.#pause(false),
      close: () => void this.close(),
    });
    const { signal, socket } = config;
    const onAbort = () => this.#break(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const heartbeat = setInterval(() => this.#beat(), config.pingIntervalMs ?? PING_INTERVAL_MS);
    // The socket keeps the process, and no timer does.
    heartbeat.unref();
    webSocket.on("message", (data: Buffer) => {
      this.#heard();
      this.messages.push(data);
    });
    webSocket.on("pong", () => this.#heard());
    webSocket.on("error", (error) => {
      this.#error ??= error;
    });
    socket.on("error", (error) => {
      this.#error ??= error;
    });
    this.#closed = new Promise((resolve) => {
      webSocket.once("close", (code: number, reason: Buffer) => {
        clearInterval(heartbeat);
        signal?.removeEventListener("abort", onAbort);
        this.#onClose(code, reason.toString());
        config.onClosed();
        resolve();
      });
    });
  }

  send(message: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#waiting.delete(fail);
        reject(error);
      };
      this.#waiting.add(fail);
      this.#hasSent = true;
      this.#webSocket.send(message, { binary: true }, (error) => {
        if (!this.#waiting.delete(fail)) return;
        if (error === undefined || error === null) resolve();
        else reject(this.#failure(1006, ""));
      });
    });
  }

  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.messages.abort(undefined);
      // The answer to our goodbye comes after whatever has not been read.
      this.#pause(false);
      this.#webSocket.close(1000);
      const timer = setTimeout(() => this.#webSocket.terminate(), CLOSE_WAIT_MS);
      void this.#closed.then(() => clearTimeout(timer));
    }
    return this.#closed;
  }

  /** Ends it at once, for `reason`. */
  #break(reason: unknown): void {
    this.#error = reason;
    this.messages.abort(reason);
    for (const fail of this.#waiting) fail(reason);
    this.#webSocket.terminate();
  }

  #pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  #heard(): void {
    this.#unanswered = 0;
    this.#hasSent = false;
  }

  #beat(): void {
    // Nothing is heard while we do not read, nor while the other end does not: a command may leave its stdin alone for hours. What
    // we have sent in vain is found out by TCP.
    if (this.#isPaused || this.#hasSent) this.#unanswered = 0;
    if (this.#unanswered >= LOST_PINGS) {
      this.#break(this.#cut("it does not answer any more"));
      return;
    }
    this.#unanswered += 1;
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  #onClose(code: number, reason: string): void {
    const isRegular = this.#isClosing || (REGULAR.has(code) && !this.#config.isTransportClosed());
    this.messages.end(isRegular ? undefined : this.#failure(code, reason));
    for (const fail of this.#waiting) fail(this.#failure(code, reason));
  }

  #failure(code: number, reason: string): unknown {
    const { signal, label, isTransportClosed } = this.#config;
    if (signal?.aborted === true) return signal.reason;
    if (isTransportClosed()) return transportClosed(label, true);
    if (this.#error instanceof ConnectionError) return this.#error;
    const detail = this.#error instanceof Error ? this.#error.message : reason;
    if (code === 1006 || REGULAR.has(code)) return this.#cut(detail);
    return this.#cut(`${detail === "" ? "" : `${detail}, `}code ${code}`);
  }

  #cut(detail: string): ConnectionError {
    const { label } = this.#config;
    const why = detail === "" ? "the server, or a proxy before it, closed the connection" : detail;
    const message = `the WebSocket to ${label} was cut: ${why}`;
    return new ConnectionError("BodyCut", message, { server: label, cause: this.#error });
  }
}
