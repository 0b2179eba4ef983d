/**
 * One output of a session as a web stream that holds the other end back while nobody reads.
 */

/** So much is taken ahead of the reader. */
const HIGH_WATER_BYTES = 256 * 1024;

/** The writing end of a `ReadableStream`. */
export class OutputStream {
  readonly readable: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor() {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#goOn(),
        // What is not wanted is thrown away: the command is not to wait for it.
        cancel: () => {
          this.#isOver = true;
          this.#goOn();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
    );
  }

  /** Hands a chunk to the reader; where it has enough to read, the result resolves when there is room again. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#isOver || chunk.length === 0) return undefined;
    this.#controller?.enqueue(chunk);
    if ((this.#controller?.desiredSize ?? 1) > 0) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** No more will come; what has not been read still can be. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.close();
    this.#goOn();
  }

  /** Ends it for `error`, and drops what has not been read. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.error(error);
    this.#goOn();
  }

  #goOn(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
