/**
 * The error of a call that the server answered with a failure, made from whatever the server sent.
 */
import type { Status, StatusCause } from "../kinds/meta/v1.ts";
import { type ApiTarget, describeApiTarget } from "./api-target.ts";
import { KubeError } from "./kube-error.ts";
import { isStatus, reasonOfHttpStatus, statusCauses } from "./status.ts";

/** What an {@link ApiError} is made from. */
export interface ApiErrorInit {
  readonly status: Status;
  readonly httpStatus: number;
  /** The RBAC verb: `list`, `patch`. */
  readonly verb: string;
  readonly target: ApiTarget;
  readonly retryAfterMs?: number | undefined;
}

/** An answer as it came, for {@link apiErrorFromAnswer}. */
export interface FailedAnswer {
  readonly httpStatus: number;
  /** The body as text; empty where there was none. */
  readonly body: string;
  readonly verb: string;
  readonly target: ApiTarget;
  /** The header `Retry-After`: seconds, or a date. */
  readonly retryAfter?: string | undefined;
  /** The present time in milliseconds, against which a date in `retryAfter` is read. Default `Date.now()`. */
  readonly nowMs?: number | undefined;
}

/** A field that another manager owns, of an apply that was refused. */
export interface ApplyConflict {
  /** As the server writes paths: `.spec.replicas`. */
  readonly field: string;
  /** The manager that owns it; `""` where the server's text does not say. */
  readonly manager: string;
  /** The server's text: `conflict with "kubectl" using apps/v1`. */
  readonly message: string;
}

/**
 * The server answered with a failure. `code` is the Status' reason, or what the HTTP status stands for.
 *
 * `retryable` holds where the server asks to come back, is overloaded, or failed on its side. The call may have had its
 * effect nevertheless: repeat a `create` only if AlreadyExists is then expected. A Conflict is not retryable as it is:
 * read the object again, or use `edit`.
 */
export class ApiError extends KubeError {
  /** What the server said; made up from the HTTP status where it sent no Status. */
  readonly status: Status;
  readonly httpStatus: number;
  readonly verb: string;
  readonly target: ApiTarget;
  /** How long the server asks to wait before the next attempt, if it does. */
  readonly retryAfterMs: number | undefined;

  constructor(init: ApiErrorInit) {
    const { status, httpStatus, verb, target } = init;
    const { reason } = status;
    const code = typeof reason === "string" && reason !== "" ? reason : reasonOfHttpStatus(httpStatus, verb);
    const retryAfterMs = init.retryAfterMs ?? suggestedDelayMs(status);
    super(code, messageOf(init, code), { retryable: retryAfterMs !== undefined || isRetryable(code, httpStatus) });
    this.status = status;
    this.httpStatus = httpStatus;
    this.verb = verb;
    this.target = target;
    this.retryAfterMs = retryAfterMs;
  }

  /** The details of an Invalid, a Conflict and others: a field, a reason and a message each. */
  get causes(): readonly StatusCause[] {
    return statusCauses(this.status);
  }

  /** The fields that an apply was refused for, none for other errors. */
  get conflicts(): readonly ApplyConflict[] {
    return this.causes
      .filter((cause) => cause.reason === "FieldManagerConflict")
      .map(({ field = "", message = "" }) => {
        const manager = /^conflict with "((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? "";
        return { field, manager: manager.replace(/\\(["\\])/g, "$1"), message };
      });
  }
}

/** The error of an answer that is no success, whatever its body holds. */
export function apiErrorFromAnswer(answer: FailedAnswer): ApiError {
  const { httpStatus, verb, target } = answer;
  const parsed = parseJson(answer.body);
  const status = isStatus(parsed) ? parsed : statusOfOtherBody(answer, parsed);
  const retryAfterMs = parseRetryAfter(answer.retryAfter, answer.nowMs);
  return new ApiError({ status, httpStatus, verb, target, retryAfterMs });
}

/**
 * The header `Retry-After` as milliseconds from now, at least 0; undefined where it is missing or neither seconds nor a
 * date.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse takes much that is no HTTP date: "-5", "1.5".
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** A Status' own wish; apimachinery takes ServerTimeout as one even without seconds. */
function suggestedDelayMs(status: Status): number | undefined {
  const seconds = status.details?.retryAfterSeconds;
  if (typeof seconds === "number" && seconds > 0) return seconds * 1000;
  return status.reason === "ServerTimeout" ? 0 : undefined;
}

const retryableReasons: ReadonlySet<string> = new Set([
  "InternalError",
  "ServerTimeout",
  "ServiceUnavailable",
  "Timeout",
  "TooManyRequests",
]);

function isRetryable(code: string, httpStatus: number): boolean {
  // Not implemented, and no such HTTP version: these stay so.
  return retryableReasons.has(code) && httpStatus !== 501 && httpStatus !== 505;
}

/** Longer texts stay in `status`. */
const maxMessageCharacters = 2000;
const maxExcerptCharacters = 160;

function messageOf({ status, httpStatus, verb, target }: ApiErrorInit, code: string): string {
  const words = code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  const said = typeof status.message === "string" ? printable(status.message, maxMessageCharacters) : "";
  const isSaid = said !== "" && said.toLowerCase() !== words;
  const advice = code === "Unauthorized" ? ": the server does not accept these credentials, log in again" : "";
  return `cannot ${verb} ${describeApiTarget(target)}: ${words} (${httpStatus})${isSaid ? `: ${said}` : ""}${advice}`;
}

function statusOfOtherBody(answer: FailedAnswer, parsed: unknown): Status {
  const reason = reasonOfHttpStatus(answer.httpStatus, answer.verb);
  const text = describeBody(answer.body, parsed);
  const status: Status = { apiVersion: "v1", kind: "Status", metadata: {}, status: "Failure" };
  const causes = [{ reason: "UnexpectedServerResponse", message: text }];
  return { ...status, message: text, reason, code: answer.httpStatus, details: { causes } };
}

/** A short text of a body that is no Status. JSON that breaks off is not shown: it may be anybody's object. */
function describeBody(body: string, parsed: unknown): string {
  // Enough to tell what it is: bodies of proxies can be large.
  const text = body.trimStart().slice(0, 4096).trimEnd();
  if (text === "") return "the answer is empty";
  if (parsed !== undefined) {
    const { message, error } = (parsed ?? {}) as { message?: unknown; error?: unknown };
    const said = [message, error].find((field) => typeof field === "string" && field !== "");
    return said === undefined ? "the answer is JSON but no Status" : printable(String(said), maxExcerptCharacters);
  }
  if (/^[{[]/.test(text)) return "the answer is JSON that breaks off or is broken";
  if (/^<(?:!doctype|html|\?xml|head|body)/i.test(text)) {
    const title = /<(title|h1)[^>]*>([^<]*)</i.exec(text)?.[2]?.trim() ?? "";
    const shown = title === "" ? "" : `, "${printable(title, maxExcerptCharacters)}"`;
    return `the answer is a web page${shown}: check that the server is a Kubernetes API server and no login page or proxy`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text.
  if (/[\x00-\x08\ufffd]/.test(text)) return "the answer is binary and no Status";
  return printable(text, maxExcerptCharacters);
}

/** On one line, without what a terminal would obey. */
function printable(text: string, maxCharacters: number): string {
  const line = text
    .slice(0, 4 * maxCharacters)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
