/**
 * The frames of exec and attach: each WebSocket message begins with the number of a channel.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
 */

/** The channels of a session. */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4 } as const;

/** In the place of a channel: one that ends, whose number follows. Version 5 only. */
const CLOSE = 255;

/** Knows the end of stdin; servers since Kubernetes 1.30. */
export const V5 = "v5.channel.k8s.io";
/** Older servers: stdin cannot be ended. */
export const V4 = "v4.channel.k8s.io";

/** Larger writes are sent in pieces of this size, so that a resize or an end of stdin does not wait long. */
const MAX_DATA_BYTES = 64 * 1024;

/** What a message says. */
export type Frame =
  | { readonly type: "data"; readonly channel: number; readonly data: Uint8Array }
  | { readonly type: "close"; readonly channel: number }
  /** Nothing that the protocol knows. */
  | { readonly type: "unknown" };

/** Reads one message. Data is a view of it. */
export function decodeFrame(message: Uint8Array): Frame {
  const [channel, closed] = message;
  if (channel === undefined) return { type: "unknown" };
  if (channel !== CLOSE) return { type: "data", channel, data: message.subarray(1) };
  return closed === undefined || message.length !== 2 ? { type: "unknown" } : { type: "close", channel: closed };
}

/** One message with data for a channel. */
export function encodeData(channel: number, data: Uint8Array): Uint8Array {
  const message = new Uint8Array(data.length + 1);
  message[0] = channel;
  message.set(data, 1);
  return message;
}

/** The message that ends a channel. */
export function encodeClose(channel: number): Uint8Array {
  return Uint8Array.of(CLOSE, channel);
}

/** The message that tells a terminal its size. */
export function encodeSize(size: { readonly columns: number; readonly rows: number }): Uint8Array {
  const text = JSON.stringify({ Width: size.columns, Height: size.rows });
  return encodeData(CHANNEL.resize, new TextEncoder().encode(text));
}

/** A chunk in pieces that fit one message each. */
export function* pieces(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < chunk.length; from += MAX_DATA_BYTES) yield chunk.subarray(from, from + MAX_DATA_BYTES);
}
