/**
 * What a container has written, as text, lines or bytes.
 */
import type { TransportResponse } from "../transport/transport.ts";
import { decodeText } from "./answer.ts";
import { byteStream } from "./byte-stream.ts";
import { LineSplitter } from "./bytes/line-splitter.ts";
import type { CallOptions } from "./call-options.ts";
import { type Batches, openStream, type StreamLimits } from "./open-stream.ts";
import type { Query, QueryValue } from "./resource-path.ts";

/** Options of `log`. */
export interface LogOptions extends CallOptions {
  /**
   * Milliseconds until the log ends: without an error where it follows, else with {@link TimedOutError}. 0: no limit. Default
   * 30 000 for `text()`, none for streams.
   */
  readonly timeoutMs?: number | undefined;
  /** Needed where the pod has several. */
  readonly container?: string | undefined;
  /** Go on with what is written from now on, until the container ends. Default false. */
  readonly follow?: boolean | undefined;
  /** Of the container's instance before the last restart. Default false. */
  readonly previous?: boolean | undefined;
  /** Begin each line with its RFC 3339 time. Default false. */
  readonly timestamps?: boolean | undefined;
  /** Lines from the end. Default: all. */
  readonly tailLines?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  /** RFC 3339. */
  readonly sinceTime?: string | undefined;
  readonly limitBytes?: number | undefined;
}

/** Lines; or all of it as text or bytes. Nothing is requested before the first of these, and each of them requests anew. */
export interface LogStream extends AsyncIterable<string> {
  /** The whole text. */
  text(): Promise<string>;
  /** The bytes as they come. Cancelling closes the connection. */
  bytes(): ReadableStream<Uint8Array>;
}

/** The query of a log request. */
export function logQuery(options: LogOptions): Query {
  const { container, follow, previous, timestamps, tailLines, sinceSeconds, sinceTime, limitBytes } = options;
  const query = { container, follow, previous, timestamps, tailLines, sinceSeconds, sinceTime, limitBytes };
  return query satisfies Record<Exclude<keyof LogOptions, keyof CallOptions>, QueryValue>;
}

/** Opens the answer's head with the given signal. */
export type OpenLog = (signal: AbortSignal) => Promise<TransportResponse>;

/** A log over a request that is yet to be made. `whole` runs a call within its time. */
export function logStream(
  open: OpenLog,
  limits: StreamLimits,
  whole: (call: (signal: AbortSignal) => Promise<string>) => Promise<string>,
): LogStream {
  const lines = openStream((inner) => readLines(open, inner), limits);
  return {
    text: () => whole(async (inner) => decodeText(await (await open(inner)).bytes())),
    bytes: () => byteStream(openStream((inner) => readChunks(open, inner), limits)),
    [Symbol.asyncIterator]: () => lines[Symbol.asyncIterator](),
  };
}

async function* readChunks(open: OpenLog, signal: AbortSignal): Batches<Uint8Array> {
  const response = await open(signal);
  for await (const chunk of response.stream()) yield [chunk];
}

async function* readLines(open: OpenLog, signal: AbortSignal): Batches<string> {
  const splitter = new LineSplitter();
  const response = await open(signal);
  for await (const chunk of response.stream()) yield splitter.push(chunk).map(lineText);
  const rest = splitter.rest();
  if (rest !== undefined) yield [lineText(rest)];
}

function lineText(line: Uint8Array): string {
  const text = decodeText(line);
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
