/**
 * Failures on purpose: wrong answers, cut streams, delays, for the next requests that fit.
 */
import type { RequestInfo } from "../http/request-info.ts";

/** Which requests a fault meets. What is left out fits all. */
export interface FaultMatch {
  /** `get`, `list`, `watch`, `create`, ... */
  readonly verb?: string | undefined;
  /** A kind (`Pod`) or plural (`pods`). */
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: RegExp | undefined;
  /** How many requests. Default 1; Infinity: until cleared. */
  readonly times?: number | undefined;
}

/** What happens to a request. */
export type FaultEffect =
  /** A Status of this code is answered. */
  | {
      readonly type: "status";
      readonly httpStatus: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** A watch's connection breaks after so many events. */
  | { readonly type: "cut"; readonly afterEvents: number }
  /** A watch goes silent after so many events, its connection open: what a half-open connection looks like. */
  | { readonly type: "stall"; readonly afterEvents: number }
  /** Each event of a watch waits this long for the next. */
  | { readonly type: "slow"; readonly delayMs: number }
  /** The connection breaks without an answer. */
  | { readonly type: "disconnect" }
  /** The answer comes late. */
  | { readonly type: "delay"; readonly delayMs: number }
  /** No answer comes at all. */
  | { readonly type: "hang" }
  /** An answer that is not the API's: an HTML page, a cut body. */
  | {
      readonly type: "body";
      readonly httpStatus?: number;
      readonly contentType?: string;
      readonly body: string;
      readonly contentLength?: number;
    };

export type Fault = FaultMatch & FaultEffect;

/** The faults that wait for their requests. */
export class Faults {
  readonly #waiting: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault. Of several that fit, the oldest is used first. */
  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** How many faults still wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Uses up one fault for this request. */
  take(info: RequestInfo, kindOf: (info: RequestInfo) => string | undefined): Fault | undefined {
    const index = this.#waiting.findIndex(({ fault }) => fits(fault, info, kindOf(info)));
    const found = this.#waiting[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting.splice(index, 1);
    return found.fault;
  }
}

const STREAM_FAULTS: ReadonlySet<Fault["type"]> = new Set(["cut", "stall", "slow"] as const);

function fits(fault: Fault, info: RequestInfo, kind: string | undefined): boolean {
  return (
    (fault.verb === undefined || fault.verb === info.verb) &&
    (fault.kind === undefined || fault.kind === kind || fault.kind === info.resource) &&
    (fault.namespace === undefined || fault.namespace === info.namespace) &&
    (fault.name === undefined || fault.name === info.name) &&
    (fault.path === undefined || fault.path.test(info.path)) &&
    // Only a watch has events.
    (!STREAM_FAULTS.has(fault.type) || info.verb === "watch")
  );
}
