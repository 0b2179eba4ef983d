/**
 * A session over a WebSocket: channels to streams, the last Status to an exit code.
 */

import type { Status } from "../../kinds/meta/v1.ts";
import type { WebSocketConnection } from "../../transport/transport.ts";
import { decodeText } from "../answer.ts";
import { CHANNEL, decodeFrame, encodeClose, encodeData, encodeSize, pieces, V5 } from "./channels.ts";
import { exitCodeOf, type SessionSubject } from "./exit-status.ts";
import { OutputStream } from "./output-stream.ts";
import type { Session } from "./session.ts";
import { StreamError, type StreamErrorCode } from "./stream-error.ts";

/** What a session is besides its connection. */
export interface ContainerSessionConfig {
  readonly subject: SessionSubject;
  readonly hasStdin: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Reads from the start, so that an end is noticed; the streams hold back what nobody takes. */
export class ContainerSession implements Session {
  readonly stdin: WritableStream<Uint8Array>;
  readonly exited: Promise<{ readonly exitCode: number }>;
  readonly #socket: WebSocketConnection;
  readonly #config: ContainerSessionConfig;
  readonly #outputs: Readonly<Record<number, OutputStream>> = {
    [CHANNEL.stdout]: new OutputStream(),
    [CHANNEL.stderr]: new OutputStream(),
  };
  #input: WritableStreamDefaultController | undefined;
  #settle: { resolve: (end: { readonly exitCode: number }) => void; reject: (error: unknown) => void };
  #isOver = false;
  #statusText = "";

  constructor(socket: WebSocketConnection, config: ContainerSessionConfig) {
    this.#socket = socket;
    this.#config = config;
    this.#settle = { resolve: () => undefined, reject: () => undefined };
    this.exited = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever only reads the output need not hear of it.
    this.exited.catch(() => undefined);
    this.stdin = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#input = controller;
      },
      write: (chunk) => this.#write(chunk),
      close: () => this.#endInput(),
      // A command that saw a regular end would take a part for the whole.
      abort: (reason) => this.fail(reason),
    });
    config.signal?.addEventListener("abort", this.#onAbort, { once: true });
    // Aborted in the moment in which it was opened.
    if (config.signal?.aborted === true) this.#onAbort();
    void this.#read();
  }

  get stdout(): ReadableStream<Uint8Array> {
    return this.#output(CHANNEL.stdout).readable;
  }

  get stderr(): ReadableStream<Uint8Array> {
    return this.#output(CHANNEL.stderr).readable;
  }

  /** Whether the server can be told that stdin has ended. */
  get canEndInput(): boolean {
    return this.#socket.protocol === V5;
  }

  resize(size: { readonly columns: number; readonly rows: number }): void {
    // Where it cannot be sent, the session is over, and says why itself.
    this.#socket.send(encodeSize(size)).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#end();
      this.#settle.reject(this.#error("SessionClosed", "the session was closed before the command had ended"));
    }
    await this.#socket.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Ends everything for `error`. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    for (const output of Object.values(this.#outputs)) output.fail(error);
    this.#end(error);
    this.#settle.reject(error);
    void this.#socket.close();
  }

  readonly #onAbort = (): void => this.fail(this.#config.signal?.reason);

  #output(channel: 1 | 2): OutputStream {
    return this.#outputs[channel] as OutputStream;
  }

  async #read(): Promise<void> {
    try {
      for await (const message of this.#socket.messages) {
        const frame = decodeFrame(message);
        if (frame.type === "close") this.#outputs[frame.channel]?.end();
        if (frame.type !== "data") continue;
        if (frame.channel === CHANNEL.status) {
          if (this.#tryStatus(frame.data)) break;
        } else {
          const waiting = this.#outputs[frame.channel]?.write(frame.data);
          if (waiting !== undefined) await waiting;
        }
      }
      const message = "the session ended without a word of how the command did; the node may have been restarted";
      this.fail(this.#error("SessionCut", message));
    } catch (error) {
      this.fail(error);
    }
  }

  /** The output is complete when the Status comes. */
  #tryStatus(data: Uint8Array): boolean {
    this.#statusText += decodeText(data);
    if (this.#statusText === "") return false;
    let status: Status;
    try {
      // Without apiVersion and kind, unlike a Status in an answer's body.
      status = JSON.parse(this.#statusText) as Status;
    } catch {
      // The rest of it is in the next message.
      return false;
    }
    try {
      const exitCode = exitCodeOf(status, this.#config.subject);
      this.#end();
      this.#settle.resolve({ exitCode });
    } catch (error) {
      this.#end();
      this.#settle.reject(error);
    }
    void this.#socket.close();
    return true;
  }

  #end(inputError?: unknown): void {
    this.#isOver = true;
    this.#config.signal?.removeEventListener("abort", this.#onAbort);
    for (const output of Object.values(this.#outputs)) output.end();
    this.#input?.error(inputError ?? this.#error("SessionEnded", "its stdin is written to after the session's end"));
  }

  async #write(chunk: Uint8Array): Promise<void> {
    if (!this.#config.hasStdin) throw this.#error("StdinNotRequested", "open the session with { stdin: true }");
    for (const piece of pieces(chunk)) await this.#socket.send(encodeData(CHANNEL.stdin, piece));
  }

  async #endInput(): Promise<void> {
    if (!this.#config.hasStdin || this.#isOver) return;
    if (!this.canEndInput) throw this.stdinNotClosable();
    await this.#socket.send(encodeClose(CHANNEL.stdin));
  }

  /** The error of a server that does not know the end of stdin. */
  stdinNotClosable(): StreamError {
    const message = `the server speaks only ${this.#socket.protocol}, in which stdin has no end; it needs Kubernetes 1.30, or a command that knows when it has read enough`;
    return this.#error("StdinNotClosable", message);
  }

  #error(code: StreamErrorCode, message: string): StreamError {
    return new StreamError(code, "stream to", this.#config.subject.target, message);
  }
}
