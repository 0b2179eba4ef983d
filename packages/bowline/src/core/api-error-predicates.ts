/**
 * Questions to an error that was caught, in apimachinery's terms: a reason that the server gives is taken at its word;
 * where it gives none, or one of its own, the HTTP status decides.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/api/errors
 */
import { ApiError } from "./api-error.ts";
import { isKnownReason, type StatusReason } from "./status.ts";

/** An Invalid, whose causes name the fields. */
export type InvalidError = ApiError & {
  readonly status: {
    readonly details: { readonly causes: readonly { readonly field: string; readonly message: string }[] };
  };
};

/** Whether the server answered, and with a failure. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

/** 404: no such object, or no such kind. */
export function isNotFound(error: unknown): error is ApiError {
  return hasReason(error, "NotFound", 404);
}

/** 409 to a create: the name is taken. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return hasReason(error, "AlreadyExists");
}

/** 409: the object has changed since it was read, another manager owns a field, or a precondition does not hold. */
export function isConflict(error: unknown): error is ApiError {
  return hasReason(error, "Conflict", 409);
}

/** 410: the resourceVersion or the continue token is too old. List again. */
export function isExpired(error: unknown): error is ApiError {
  return hasReason(error, "Expired") || hasReason(error, "Gone", 410);
}

/** 422: fields of the object are not as they have to be; `status.details.causes` says which. */
export function isInvalid(error: unknown): error is InvalidError {
  return hasReason(error, "Invalid", 422);
}

/** 400: the request cannot be understood. */
export function isBadRequest(error: unknown): error is ApiError {
  return hasReason(error, "BadRequest", 400);
}

/** 401: the server does not know who this is. */
export function isUnauthorized(error: unknown): error is ApiError {
  return hasReason(error, "Unauthorized", 401);
}

/** 403: this user may not do this, or a quota or an admission policy is against it. */
export function isForbidden(error: unknown): error is ApiError {
  return hasReason(error, "Forbidden", 403);
}

/** 405: the kind does not have this verb. */
export function isMethodNotSupported(error: unknown): error is ApiError {
  return hasReason(error, "MethodNotAllowed", 405);
}

/** 406: the server cannot answer in a form that was asked for. */
export function isNotAcceptable(error: unknown): error is ApiError {
  return hasReason(error, "NotAcceptable", 406);
}

/** 413: the object, or the patch, is too large. */
export function isRequestEntityTooLarge(error: unknown): error is ApiError {
  return hasReason(error, "RequestEntityTooLarge") || (isApiError(error) && httpStatusOf(error) === 413);
}

/** 415: the server does not take this form of body, such as a strategic merge patch for a custom resource. */
export function isUnsupportedMediaType(error: unknown): error is ApiError {
  return hasReason(error, "UnsupportedMediaType", 415);
}

/** 429: too many requests, or an eviction that a disruption budget does not allow now. Can be retried. */
export function isTooManyRequests(error: unknown): error is ApiError {
  return hasReason(error, "TooManyRequests") || (isApiError(error) && httpStatusOf(error) === 429);
}

/** 500: something failed in the server. Can be retried. */
export function isInternalError(error: unknown): error is ApiError {
  return hasReason(error, "InternalError", 500);
}

/** 503: the server, or the aggregated API behind it, is not there. Can be retried. */
export function isServiceUnavailable(error: unknown): error is ApiError {
  return hasReason(error, "ServiceUnavailable", 503);
}

/** 504: the server gave up waiting; the call may still take effect. Can be retried. */
export function isTimeout(error: unknown): error is ApiError {
  return hasReason(error, "Timeout", 504);
}

/** The server could not do it in time and has done nothing. Can be retried. */
export function isServerTimeout(error: unknown): error is ApiError {
  return hasReason(error, "ServerTimeout");
}

function hasReason(error: unknown, reason: StatusReason, httpStatus?: number): error is ApiError {
  if (!isApiError(error)) return false;
  if (error.code === reason) return true;
  return !isKnownReason(error.code) && httpStatus !== undefined && httpStatusOf(error) === httpStatus;
}

function httpStatusOf(error: ApiError): number {
  return error.status.code || error.httpStatus;
}
