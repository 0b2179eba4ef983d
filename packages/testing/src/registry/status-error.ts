/**
 * A failed request as the API says it: a `Status`, thrown from anywhere in the server and written by the HTTP layer.
 * The texts follow `k8s.io/apimachinery/pkg/api/errors`.
 */
import { goQuote, ParseError } from "bowline/core";
import type { FieldError } from "./field-error.ts";

/** `details` of a Status. */
export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}
/** One reason among several. */
export interface StatusCause {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
}
/** The wire's `v1/Status`. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string | undefined };
  readonly status: "Failure" | "Success";
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly details?: StatusDetails | undefined;
  readonly code?: number | undefined;
}

/** A group and resource (`deployments`) or kind (`Deployment`), to be named in a message. */
export interface Qualified {
  readonly group: string;
  readonly name: string;
}

/** Ends a request with a failure. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    metadata: Status["metadata"] = {},
  ) {
    super(message);
    this.name = "StatusError";
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata,
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? "";
  }
}

/** `deployments.apps`, or the bare name in the core group. */
export function qualify(what: Qualified): string {
  return what.group === "" ? what.name : `${what.name}.${what.group}`;
}

function coordinates(what: Qualified, name: string): StatusDetails {
  return {
    ...(name === "" ? {} : { name }),
    ...(what.group === "" ? {} : { group: what.group }),
    ...(what.name === "" ? {} : { kind: what.name }),
  };
}

/** What answers such a request cannot be reached now. */
export function serviceUnavailable(message: string): StatusError {
  return new StatusError(503, "ServiceUnavailable", message);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

/**
 * What `read` reads of a request.
 * @throws StatusError 400 in Kubernetes' words, where `read` refuses its text
 */
export function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ParseError ? badRequest(error.reason) : error;
  }
}

export function unauthorized(): StatusError {
  return new StatusError(401, "Unauthorized", "Unauthorized");
}

/** Without a resource it is about a path: `forbidden: User "x" cannot get path "/metrics"`. */
export function forbidden(
  resource: Qualified | undefined,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  if (resource === undefined) return new StatusError(403, "Forbidden", `forbidden: ${why}`, {});
  const what = name === "" ? qualify(resource) : `${qualify(resource)} "${name}"`;
  return new StatusError(403, "Forbidden", `${what} is forbidden: ${why}`, {
    ...coordinates(resource, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function notFound(resource: Qualified, name: string): StatusError {
  return new StatusError(404, "NotFound", `${qualify(resource)} "${name}" not found`, coordinates(resource, name));
}

export function alreadyExists(resource: Qualified, name: string, prefix = ""): StatusError {
  const message = `${prefix}${qualify(resource)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, coordinates(resource, name));
}

/** An object that asked for a generated name exists already. */
export function notGenerated(resource: Qualified, name: string): StatusError {
  const message = `${qualify(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`;
  return new StatusError(409, "AlreadyExists", message, { ...coordinates(resource, name), retryAfterSeconds: 1 });
}

export function conflict(resource: Qualified, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualify(resource)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, coordinates(resource, name));
}

export const MODIFIED = "the object has been modified; please apply your changes to the latest version and try again";

/** 422 with one cause per error. `kind` names a kind, not a resource. */
export function invalid(
  kind: Qualified,
  name: string,
  found: readonly FieldError[],
  /** Whether each cause is told as often as it was found, as for custom resources. The message says it once. */
  keepsRepeated = false,
): StatusError {
  // Two checks of one rule may find the same; the server reports it once.
  const errors = [
    ...new Map(found.map((error) => [JSON.stringify([error.type, error.field, error.message]), error])).values(),
  ];
  const told = keepsRepeated ? found : errors;
  return new StatusError(422, "Invalid", `${qualify(kind)} ${goQuote(name)} is invalid: ${aggregate(errors)}`, {
    ...coordinates(kind, name),
    causes: told.map((error) => ({ reason: error.type, message: error.message, field: error.field })),
  });
}

/** The errors as one text: alone as it is, several in brackets, the same one once. */
export function aggregate(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}

/** A plain Go error that reached the response writer: 500 without a reason. */
export function serverError(message: string): StatusError {
  return new StatusError(500, "", message);
}

export function internalError(message: string): StatusError {
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function noSuchResource(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

/** 405 of a custom resource, which names the resource. */
export function notSupported(resource: Qualified, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind ${JSON.stringify(qualify(resource))}`;
  return new StatusError(405, "MethodNotAllowed", message, coordinates(resource, ""));
}

export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(
    410,
    "Expired",
    message,
    undefined,
    continueToken === undefined ? {} : { continue: continueToken },
  );
}

export function tooManyRequests(
  message: string,
  retryAfterSeconds?: number,
  causes?: readonly StatusCause[],
): StatusError {
  return new StatusError(429, "TooManyRequests", message, {
    ...(causes === undefined ? {} : { causes }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

export function success(details?: StatusDetails): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    ...(details === undefined ? {} : { details }),
  };
}
