/**
 * A connection to a pod's ports: SPDY/3.1 over WebSocket, one forwarded connection at a time.
 */

import type { LocalConnection } from "../../../transport/local-listener.ts";
import type { WebSocketConnection } from "../../../transport/transport.ts";
import { decodeText } from "../../answer.ts";
import { CANCEL, encodePing, encodeReset, encodeSpdyData, SpdyReader, StreamOpener } from "./spdy-frames.ts";

/** What kubectl and kube-apiserver speak since Kubernetes 1.30. */
export const TUNNEL_PROTOCOL = "SPDY/3.1+portforward.k8s.io";

/** As much as one frame takes of what a local program has written. */
const MAX_DATA_BYTES = 32 * 1024;
const NOTHING = new Uint8Array(0);
/** How long an end without a single byte may wait for the reason that says it is a failure. */
const REASON_WAIT_MS = 200;

/** How a forwarded connection ended. */
export type ForwardEnd =
  /** Both ends have closed it, and the tunnel can take another one. */
  | { readonly type: "finished" }
  /** The local program left early; the pod may still be busy with it. */
  | { readonly type: "left" }
  /** The pod's end says why it failed: nothing listens on the port, the container is gone. */
  | { readonly type: "refused"; readonly message: string }
  /** The tunnel itself broke. */
  | { readonly type: "lost"; readonly error: unknown };

interface Forwarded {
  readonly local: LocalConnection;
  readonly dataStream: number;
  readonly errorStream: number;
  readonly end: (end: ForwardEnd) => void;
  message: string;
  hasReceived: boolean;
  /** The pod has sent all that it will. */
  isDataOver: boolean;
  isErrorOver: boolean;
}

/** One tunnel. A connection of its own for each forwarded one, so that none holds up another. */
export class Tunnel {
  readonly #socket: WebSocketConnection;
  readonly #onEnd: (tunnel: Tunnel) => void;
  readonly #opener = new StreamOpener();
  #nextStream = 1;
  #current: Forwarded | undefined;
  #lost: { readonly error: unknown } | undefined;

  /** @param onEnd - called when the connection is gone, by whomever. */
  constructor(socket: WebSocketConnection, onEnd: (tunnel: Tunnel) => void) {
    this.#socket = socket;
    this.#onEnd = onEnd;
    void this.#read();
  }

  /** Whether it can take a connection. */
  get isUsable(): boolean {
    return this.#lost === undefined;
  }

  /** Carries one connection to a port until it ends. Never rejects. */
  forward(port: number, local: LocalConnection): Promise<ForwardEnd> {
    if (this.#lost !== undefined) return Promise.resolve({ type: "lost", error: this.#lost.error });
    const errorStream = this.#nextStream;
    const dataStream = errorStream + 2;
    this.#nextStream = dataStream + 2;
    return new Promise((resolve) => {
      const forwarded: Forwarded = {
        local,
        dataStream,
        errorStream,
        message: "",
        hasReceived: false,
        isDataOver: false,
        isErrorOver: false,
        end: (end) => {
          if (this.#current !== forwarded) return;
          this.#current = undefined;
          resolve(end);
        },
      };
      this.#current = forwarded;
      this.#pump(port, forwarded).catch((error: unknown) => forwarded.end({ type: "lost", error }));
    });
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  /** From the local program to the pod. */
  async #pump(port: number, forwarded: Forwarded): Promise<void> {
    const { local, dataStream, errorStream } = forwarded;
    const headers = { port: String(port), requestid: String(errorStream) };
    await this.#socket.send(this.#opener.encode(errorStream, { ...headers, streamtype: "error" }));
    // The error stream is only listened to.
    await this.#socket.send(encodeSpdyData(errorStream, NOTHING, true));
    await this.#socket.send(this.#opener.encode(dataStream, { ...headers, streamtype: "data" }));
    try {
      for await (const chunk of local.chunks) {
        for (let from = 0; from < chunk.length; from += MAX_DATA_BYTES) {
          // The pod has ended it: what is left is read away, since a connection closed over unread bytes is a broken one.
          if (this.#current !== forwarded) break;
          await this.#socket.send(encodeSpdyData(dataStream, chunk.subarray(from, from + MAX_DATA_BYTES), false));
        }
      }
    } catch (error) {
      if (this.#lost !== undefined) throw error;
      if (this.#current !== forwarded) return;
      await this.#socket.send(encodeReset(dataStream, CANCEL));
      forwarded.end({ type: "left" });
      return;
    }
    if (this.#current === forwarded && !forwarded.isDataOver) {
      await this.#socket.send(encodeSpdyData(dataStream, NOTHING, true));
    }
  }

  async #read(): Promise<void> {
    const reader = new SpdyReader();
    let error: unknown;
    try {
      for await (const message of this.#socket.messages) {
        for (const frame of reader.push(message)) {
          if (frame.type === "ping") await this.#socket.send(encodePing(frame.id));
          else if (frame.type === "data") await this.#take(frame.stream, frame.data, frame.isLast);
          else if (frame.type === "reply" && frame.isLast) await this.#take(frame.stream, NOTHING, true);
          else if (frame.type === "reset") this.#reset(frame.stream);
        }
      }
      error = new Error("the server closed the connection");
    } catch (cause) {
      error = cause;
    }
    this.#lost = { error };
    this.#current?.end({ type: "lost", error });
    this.#onEnd(this);
  }

  /** From the pod to the local program. */
  async #take(stream: number, data: Uint8Array, isLast: boolean): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    if (stream === current.errorStream) {
      current.message += decodeText(data);
      current.isErrorOver ||= isLast;
    } else if (stream === current.dataStream) {
      try {
        if (data.length > 0) {
          current.hasReceived = true;
          await current.local.write(data);
        }
      } catch {
        await this.#socket.send(encodeReset(stream, CANCEL));
        current.end({ type: "left" });
        return;
      }
      if (isLast) this.#endData(current);
    }
    this.#checkEnd(current);
  }

  #reset(stream: number): void {
    const current = this.#current;
    if (current === undefined) return;
    if (stream === current.errorStream) current.isErrorOver = true;
    if (stream === current.dataStream) this.#endData(current);
    this.#checkEnd(current);
  }

  /** The local program is told at once, unless this looks like a port that nobody listens on: that is to be no regular end. */
  #endData(current: Forwarded): void {
    if (current.isDataOver) return;
    current.isDataOver = true;
    if (current.message !== "") return;
    if (current.hasReceived || current.isErrorOver) {
      current.local.end();
      return;
    }
    setTimeout(() => {
      if (this.#current === current) current.local.end();
    }, REASON_WAIT_MS);
  }

  #checkEnd(current: Forwarded): void {
    if (!current.isErrorOver) return;
    if (current.message !== "") current.end({ type: "refused", message: current.message });
    else if (current.isDataOver) {
      current.local.end();
      current.end({ type: "finished" });
    }
  }
}
