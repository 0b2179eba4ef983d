/**
 * When a request is sent again, and after how long: one pure decision.
 *
 * | what happened | sent again |
 * | --- | --- |
 * | 401 | once, with a refreshed credential, if that is another one (decided by the transport, not here) |
 * | 429 with `Retry-After` | any verb: the server has not begun |
 * | 429 without | any verb but POST: an eviction that a disruption budget forbids is answered so |
 * | 5xx with `Retry-After` | any verb, as client-go does: the server asks for it |
 * | 503, 504 without | GET, HEAD, OPTIONS |
 * | connection closed without an answer | GET, HEAD, OPTIONS; any verb where it was closed while being made |
 * | answer cut in its head, no such host, refused, no trust, ... | never: the caller is told at once |
 *
 * A body that is a stream is never sent again, because it has been read.
 */
import { ConnectionError } from "./connection-error.ts";

/** How often and how patiently. */
export interface RetryConfig {
  /** Attempts after the first where the server says when to come back; client-go's 10. 0 for none. */
  readonly maxRetries?: number | undefined;
  /** Attempts after the first where it does not. Default 3. */
  readonly maxUnaskedRetries?: number | undefined;
  /** The first wait, in milliseconds, doubled each time. Default 200. */
  readonly baseDelayMs?: number | undefined;
  /** The longest wait of our own choice. Default 5 000. */
  readonly maxDelayMs?: number | undefined;
  /** A `Retry-After` beyond this is left to the caller. Default 60 000. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** {@link RetryConfig} with every default in place. */
export type RetryLimits = { readonly [K in keyof RetryConfig]-?: number };

const defaults: RetryLimits = {
  maxRetries: 10,
  maxUnaskedRetries: 3,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
  maxRetryAfterMs: 60_000,
};

/** Puts the defaults in place. */
export function retryLimits(config: RetryConfig = {}): RetryLimits {
  return {
    maxRetries: config.maxRetries ?? defaults.maxRetries,
    maxUnaskedRetries: config.maxUnaskedRetries ?? defaults.maxUnaskedRetries,
    baseDelayMs: config.baseDelayMs ?? defaults.baseDelayMs,
    maxDelayMs: config.maxDelayMs ?? defaults.maxDelayMs,
    maxRetryAfterMs: config.maxRetryAfterMs ?? defaults.maxRetryAfterMs,
  };
}

/** What an attempt came to. */
export type Outcome =
  | { readonly type: "answer"; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly type: "failure"; readonly error: unknown };

/** What the decision needs to know besides the outcome. */
export interface RetryState {
  readonly method: string;
  readonly isReplayable: boolean;
  /** Retries made so far. */
  readonly retries: number;
  readonly limits: RetryLimits;
  /** In milliseconds; HTTP dates are compared with it. */
  readonly now: number;
  /** 0 to 1. */
  readonly random: number;
}

/** The wait before the next attempt in milliseconds, undefined where the outcome stands. */
export function retryDelayMs(outcome: Outcome, state: RetryState): number | undefined {
  if (!state.isReplayable) return undefined;
  return outcome.type === "failure" ? delayAfterFailure(outcome.error, state) : delayAfterAnswer(outcome, state);
}

/** Verbs that change nothing. */
function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function delayAfterFailure(error: unknown, state: RetryState): number | undefined {
  if (!(error instanceof ConnectionError) || error.code !== "ConnectionReset") return undefined;
  if (error.wasSent && !isSafe(state.method)) return undefined;
  if (state.retries >= Math.min(state.limits.maxUnaskedRetries, state.limits.maxRetries)) return undefined;
  // The usual cause is an idle connection that the other end closed just now: a new one works at once.
  return state.retries === 0 ? 0 : backOff(state);
}

function delayAfterAnswer(answer: Outcome & { type: "answer" }, state: RetryState): number | undefined {
  const { status } = answer;
  if (status !== 429 && status < 500) return undefined;
  const asked = answer.retryAfter === undefined ? undefined : retryAfterMs(answer.retryAfter, state.now);
  if (asked !== undefined) {
    if (state.retries >= state.limits.maxRetries || asked > state.limits.maxRetryAfterMs) return undefined;
    // Many clients are told the same second; they should not all come back in it.
    return Math.round(asked + state.random * Math.min(1_000, asked * 0.1));
  }
  const isWanted =
    status === 429 ? state.method !== "POST" : (status === 503 || status === 504) && isSafe(state.method);
  if (!isWanted || state.retries >= Math.min(state.limits.maxUnaskedRetries, state.limits.maxRetries)) return undefined;
  return backOff(state);
}

/** Doubled each time, half of it by chance. */
function backOff({ retries, limits, random }: RetryState): number {
  const whole = Math.min(limits.maxDelayMs, limits.baseDelayMs * 2 ** retries);
  return Math.round(whole * (0.5 + random * 0.5));
}

/**
 * A `Retry-After` header in milliseconds: seconds, or an HTTP date; undefined where it is neither. A date that has passed is 0.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(header: string, now: number): number | undefined {
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse reads far more than HTTP dates, "-1" and "12" among them.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
