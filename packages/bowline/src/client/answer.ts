/**
 * What a server answered, as values or as typed errors.
 */
import { type ApiError, apiErrorFromAnswer } from "../core/api-error.ts";
import { type ApiTarget, describeApiTarget } from "../core/api-target.ts";
import { KubeError, type KubeErrorOptions } from "../core/kube-error.ts";
import type { TransportResponse } from "../transport/transport.ts";

/** What {@link AnswerError.code} can be. */
export type AnswerErrorCode =
  /** Not JSON: HTML of a proxy, a text that was cut, nothing at all. */
  | "NotJson"
  /** JSON, but not what was asked for. */
  | "UnexpectedAnswer";

/** The server answered with success, and with something that is no answer of a Kubernetes API. */
export class AnswerError extends KubeError {
  declare readonly code: AnswerErrorCode;
  readonly verb: string;
  readonly target: ApiTarget;
  readonly httpStatus: number;

  constructor(
    code: AnswerErrorCode,
    message: string,
    facts: { readonly verb: string; readonly target: ApiTarget; readonly httpStatus: number },
    options?: KubeErrorOptions,
  ) {
    super(code, message, options);
    this.verb = facts.verb;
    this.target = facts.target;
    this.httpStatus = facts.httpStatus;
  }
}

const decoder = new TextDecoder();

/** UTF-8 bytes as text. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * The body as JSON.
 *
 * @throws {AnswerError} `NotJson`.
 */
export function parseAnswer(bytes: Uint8Array, response: TransportResponse, verb: string, target: ApiTarget): unknown {
  try {
    return JSON.parse(decodeText(bytes));
  } catch (cause) {
    throw notJson(bytes, response, verb, target, cause);
  }
}

/** How much of an unexpected body an error shows. */
const EXCERPT_CHARACTERS = 80;

/** The error of a success whose body is not JSON. */
export function notJson(
  bytes: Uint8Array,
  response: TransportResponse,
  verb: string,
  target: ApiTarget,
  cause: unknown,
): AnswerError {
  const type = firstOf(response.headers["content-type"]);
  const text = decodeText(bytes.subarray(0, 4 * EXCERPT_CHARACTERS)).trim();
  const isJson = /^[{[]/.test(text);
  const what =
    bytes.length === 0
      ? "nothing"
      : isJson
        ? `JSON that breaks off or is broken (${bytes.length} bytes)`
        : `${type ?? "no content-type"}, ${JSON.stringify(text.slice(0, EXCERPT_CHARACTERS))}`;
  const advice = isJson
    ? "something between here and the server may have cut it"
    : "check that the kubeconfig's server is a Kubernetes API server and no login page or proxy";
  return new AnswerError(
    "NotJson",
    `cannot ${verb} ${describeApiTarget(target)}: the answer (${response.status}) is not JSON but ${what}; ${advice}`,
    { verb, target, httpStatus: response.status },
    // The cause's own text quotes the body, which may be a Secret's.
    { retryable: isJson, cause: isJson ? undefined : cause },
  );
}

/** The error of a success whose body is JSON of another form than asked for. */
export function malformed(httpStatus: number, verb: string, target: ApiTarget, what: string): AnswerError {
  return new AnswerError(
    "UnexpectedAnswer",
    `cannot ${verb} ${describeApiTarget(target)}: the answer (${httpStatus}) is ${what}`,
    { verb, target, httpStatus },
  );
}

/** The error of an answer that is no success. Reads the body. */
export async function answerError(response: TransportResponse, verb: string, target: ApiTarget): Promise<ApiError> {
  const body = decodeText(await response.bytes());
  const retryAfter = firstOf(response.headers["retry-after"]);
  return apiErrorFromAnswer({ httpStatus: response.status, body, verb, target, retryAfter });
}

/** The error of a Status that ends a watch. */
export function statusError(status: unknown, verb: string, target: ApiTarget): ApiError {
  const code = (status as { readonly code?: unknown } | null)?.code;
  const httpStatus = typeof code === "number" ? code : 500;
  return apiErrorFromAnswer({ httpStatus, body: JSON.stringify(status), verb, target });
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
