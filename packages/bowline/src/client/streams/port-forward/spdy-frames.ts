/**
 * The part of SPDY/3.1 that a port-forward speaks, inside of WebSocket messages.
 *
 * Headers are compressed in SPDY; ours are sent as zlib's stored blocks, which every decoder reads, and those of the other end
 * are not needed: it opens no streams.
 *
 * @see https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
 */

/** What the other end says. */
export type SpdyFrame =
  | { readonly type: "data"; readonly stream: number; readonly data: Uint8Array; readonly isLast: boolean }
  | { readonly type: "reply"; readonly stream: number; readonly isLast: boolean }
  | { readonly type: "reset"; readonly stream: number; readonly status: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "goAway" }
  /** Settings and window updates, which Kubernetes' servers do not heed either. */
  | { readonly type: "other" };

const FIN = 0x01;
const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const HEADER_BYTES = 8;
/** The reason of a stream that we end before the other end does. */
export const CANCEL = 5;

/** Data of one stream, or with no data its end. */
export function encodeSpdyData(stream: number, data: Uint8Array, isLast: boolean): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + data.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, stream & 0x7fffffff);
  view.setUint32(4, data.length);
  frame[4] = isLast ? FIN : 0;
  frame.set(data, HEADER_BYTES);
  return frame;
}

/** Ends a stream in both directions. */
export function encodeReset(stream: number, status: number): Uint8Array {
  const payload = new DataView(new ArrayBuffer(8));
  payload.setUint32(0, stream);
  payload.setUint32(4, status);
  return control(RST_STREAM, 0, new Uint8Array(payload.buffer));
}

/** The answer to a ping is the same ping. */
export function encodePing(id: number): Uint8Array {
  const payload = new DataView(new ArrayBuffer(4));
  payload.setUint32(0, id);
  return control(PING, 0, new Uint8Array(payload.buffer));
}

function control(type: number, flags: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 0x80030000 | type);
  view.setUint32(4, payload.length);
  frame[4] = flags;
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** Opens streams. One for each connection, because the blocks of headers are parts of one compressed stream. */
export class StreamOpener {
  #isFirst = true;

  /** The frame that opens a stream; names are lower case. */
  encode(stream: number, headers: Readonly<Record<string, string>>): Uint8Array {
    const block = this.#stored(headerBlock(headers));
    const payload = new Uint8Array(10 + block.length);
    new DataView(payload.buffer).setUint32(0, stream);
    payload.set(block, 10);
    return control(SYN_STREAM, 0, payload);
  }

  #stored(block: Uint8Array): Uint8Array {
    // Without a preset dictionary, and with nothing compressed; then an empty block, at which a decoder hands out what it has.
    const head = this.#isFirst ? [0x78, 0x01] : [];
    this.#isFirst = false;
    const { length } = block;
    const size = [length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff];
    return Uint8Array.from([...head, 0, ...size, ...block, 0, 0, 0, 0xff, 0xff]);
  }
}

function headerBlock(headers: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  const texts = Object.entries(headers)
    .flat()
    .map((text) => encoder.encode(text));
  const block = new Uint8Array(4 + texts.reduce((bytes, text) => bytes + 4 + text.length, 0));
  const view = new DataView(block.buffer);
  view.setUint32(0, texts.length / 2);
  let at = 4;
  for (const text of texts) {
    view.setUint32(at, text.length);
    block.set(text, at + 4);
    at += 4 + text.length;
  }
  return block;
}

/** Finds frames in bytes that arrive in pieces of any size. */
export class SpdyReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** The frames that are whole now. */
  push(bytes: Uint8Array): SpdyFrame[] {
    let buffer = bytes;
    if (this.#rest.length > 0) {
      buffer = new Uint8Array(this.#rest.length + bytes.length);
      buffer.set(this.#rest);
      buffer.set(bytes, this.#rest.length);
    }
    const frames: SpdyFrame[] = [];
    let at = 0;
    for (;;) {
      if (buffer.length - at < HEADER_BYTES) break;
      const view = new DataView(buffer.buffer, buffer.byteOffset + at);
      const end = at + HEADER_BYTES + (view.getUint32(4) & 0xffffff);
      if (buffer.length < end) break;
      frames.push(frameOf(view, buffer.subarray(at + HEADER_BYTES, end)));
      at = end;
    }
    this.#rest = buffer.subarray(at);
    return frames;
  }
}

function frameOf(head: DataView, payload: Uint8Array): SpdyFrame {
  const first = head.getUint32(0);
  const isLast = (head.getUint8(4) & FIN) !== 0;
  if ((first & 0x80000000) === 0) return { type: "data", stream: first, data: payload, isLast };
  const word = (at: number): number =>
    payload.length < at + 4 ? 0 : new DataView(payload.buffer, payload.byteOffset).getUint32(at);
  switch (first & 0xffff) {
    case SYN_REPLY:
      return { type: "reply", stream: word(0) & 0x7fffffff, isLast };
    case RST_STREAM:
      return { type: "reset", stream: word(0) & 0x7fffffff, status: word(4) };
    case PING:
      return { type: "ping", id: word(0) };
    case GOAWAY:
      return { type: "goAway" };
    default:
      return { type: "other" };
  }
}
