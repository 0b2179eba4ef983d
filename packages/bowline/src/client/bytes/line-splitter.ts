/**
 * Lines out of a stream of chunks, as bytes: what a watch or a followed log sends.
 */
const NEWLINE = 0x0a;

/** Cuts chunks at newlines. A line that spans chunks is put together; the others are views into their chunk. */
export class LineSplitter {
  #pending: Uint8Array[] = [];

  /** The lines that `chunk` completes, without their newlines. Views: valid as long as the chunk is not reused. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const part = chunk.subarray(start, end);
      lines.push(this.#pending.length === 0 ? part : this.#join(part));
      start = end + 1;
    }
    if (start < chunk.length) this.#pending.push(start === 0 ? chunk : chunk.subarray(start));
    return lines;
  }

  /** What came after the last newline; `undefined` where nothing did. */
  rest(): Uint8Array | undefined {
    return this.#pending.length === 0 ? undefined : this.#join(new Uint8Array(0));
  }

  #join(last: Uint8Array): Uint8Array {
    const parts = [...this.#pending, last];
    this.#pending = [];
    const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}

const decoder = new TextDecoder();

/**
 * The texts of the lines from `from` on. Lines that lie behind each other in one chunk, as they mostly do, are decoded
 * together, which takes a fraction of the time.
 */
export function decodeLines(lines: readonly Uint8Array[], from: number): string[] {
  const texts: string[] = [];
  let index = from;
  while (index < lines.length) {
    const first = lines[index] as Uint8Array;
    let last = first;
    let next = index + 1;
    for (; next < lines.length; next++) {
      const line = lines[next] as Uint8Array;
      if (line.buffer !== first.buffer || line.byteOffset !== last.byteOffset + last.length + 1) break;
      last = line;
    }
    const length = last.byteOffset + last.length - first.byteOffset;
    const text = decoder.decode(new Uint8Array(first.buffer, first.byteOffset, length));
    if (next === index + 1) texts.push(text);
    else texts.push(...text.split("\n"));
    index = next;
  }
  return texts;
}
