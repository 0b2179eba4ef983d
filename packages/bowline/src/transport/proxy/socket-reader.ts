/**
 * Reads a proxy's few answers from a socket before it is handed to TLS or HTTP.
 */
import type { Duplex } from "node:stream";

/** Collects bytes until there are enough, and puts back what was read beyond. */
export class SocketReader {
  readonly #socket: Duplex;
  #buffer: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #isClosed = false;
  readonly #onData = (chunk: Buffer): void => {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    this.#wake?.();
  };
  readonly #onClose = (): void => {
    this.#isClosed = true;
    this.#wake?.();
  };

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("end", this.#onClose);
    socket.on("close", this.#onClose);
  }

  /**
   * Waits until `measure` finds a whole message at the beginning of what arrived, and takes it.
   *
   * @param measure - its length, or undefined while it is not whole.
   */
  async take(measure: (buffer: Buffer) => number | undefined): Promise<Buffer> {
    for (;;) {
      const length = measure(this.#buffer);
      if (length !== undefined) {
        const message = this.#buffer.subarray(0, length);
        this.#buffer = this.#buffer.subarray(length);
        return message;
      }
      if (this.#isClosed) throw Object.assign(new Error("the proxy closed the connection"), { code: "ECONNRESET" });
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends reading; the socket is as if only the messages had been read. */
  release(): void {
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onClose);
    this.#socket.off("close", this.#onClose);
    this.#socket.pause();
    if (this.#buffer.length > 0) this.#socket.unshift(this.#buffer);
  }
}
