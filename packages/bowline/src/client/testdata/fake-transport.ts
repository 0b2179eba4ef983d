/**
 * A transport that answers from a function, and a clock that moves when told: the client's tests need no network.
 */

import type { Transport, TransportRequest, TransportResponse } from "../../transport/transport.ts";
import { type Client, type ClientParts, clientOf } from "../client.ts";
import type { Clock } from "../watch/clock.ts";

/** What a fake answer is made of. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON, a text as it stands. */
  readonly body?: unknown;
  /** Instead of a body: chunks as they come. */
  readonly chunks?: AsyncIterable<string> | Iterable<string>;
}

/** A request as a test looks at it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: TransportRequest["headers"];
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

export type Answerer = (request: SeenRequest, index: number) => Answer | Promise<Answer>;

/** Records requests and answers them. */
export class FakeTransport implements Transport {
  readonly requests: SeenRequest[] = [];
  closed = 0;
  /** Streams that were opened and have not ended. */
  openStreams = 0;
  readonly #answer: Answerer;

  constructor(answer: Answerer) {
    this.#answer = answer;
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const url = new URL(request.path, "https://fake");
    const body = typeof request.body === "string" ? (JSON.parse(request.body) as unknown) : request.body;
    const { method, headers, signal } = request;
    const seen: SeenRequest = { method, path: url.pathname, query: url.searchParams, headers, body, signal };
    this.requests.push(seen);
    const answer = await untilAborted(Promise.resolve(this.#answer(seen, this.requests.length - 1)), signal);
    return this.#response(answer, signal);
  }

  async close(): Promise<void> {
    this.closed++;
  }

  /** `GET /path?a=1` for each request. */
  get lines(): string[] {
    return this.requests.map(({ method, path, query }) => {
      const text = query.toString();
      return `${method} ${path}${text === "" ? "" : `?${decodeURIComponent(text)}`}`;
    });
  }

  #response(answer: Answer, signal: AbortSignal | undefined): TransportResponse {
    const { status = 200, headers = { "content-type": "application/json" }, body, chunks } = answer;
    const bytes = new TextEncoder().encode(
      typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body),
    );
    const count = (by: number): void => {
      this.openStreams += by;
    };
    return {
      status,
      headers,
      bytes: async () => bytes,
      stream: async function* () {
        if (chunks === undefined) {
          yield bytes;
          return;
        }
        count(1);
        const iterator = toAsync(chunks)[Symbol.asyncIterator]();
        try {
          for (;;) {
            const { done, value } = await untilAborted(iterator.next(), signal);
            if (done) return;
            yield new TextEncoder().encode(value);
          }
        } finally {
          count(-1);
        }
      },
      discard: () => {},
    };
  }
}

async function* toAsync(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  yield* chunks;
}

function untilAborted<R>(promise: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  if (signal === undefined) return promise;
  return new Promise<R>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** A client over a fake transport, in namespace "default". */
export function fakeClient(
  answer: Answerer,
  parts: Partial<ClientParts> = {},
): { readonly client: Client; readonly transport: FakeTransport } {
  const transport = new FakeTransport(answer);
  return { client: clientOf({ transport, defaultNamespace: "default", userAgent: "test/1", ...parts }), transport };
}

/** A Status as an API server sends it. */
export function status(code: number, reason: string, message: string, details: object = {}): Answer {
  return {
    status: code,
    body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code },
  };
}

/** Time that moves only when {@link FakeClock.pass} is called. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  /** The waits that were asked for. */
  readonly waits: number[] = [];

  now(): number {
    return this.#now;
  }

  after(afterMs: number, run: () => void): () => void {
    const timer = { at: this.#now + afterMs, run };
    this.waits.push(afterMs);
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  random(): number {
    return 1;
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time on and runs what is due. */
  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.run();
  }
}
