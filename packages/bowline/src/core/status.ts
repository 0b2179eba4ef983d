/**
 * The server's answer about a call that failed: reasons, causes, and a reason where the server gave none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
import type { Status, StatusCause } from "../kinds/meta/v1.ts";

/** Why a call failed, as far as apimachinery v0.37 knows reasons; servers may send others. */
export type StatusReason =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Gone"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "NotFound"
  | "RequestEntityTooLarge"
  | "ServerTimeout"
  | "ServiceUnavailable"
  | "StorageReadError"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "UnsupportedMediaType";

/** Reasons that apimachinery takes at their word; beside any other, the HTTP status decides too. */
const knownReasons: ReadonlySet<string> = new Set([
  "AlreadyExists",
  "BadRequest",
  "Conflict",
  "Expired",
  "Forbidden",
  "Gone",
  "InternalError",
  "Invalid",
  "MethodNotAllowed",
  "NotAcceptable",
  "NotFound",
  "RequestEntityTooLarge",
  "ServerTimeout",
  "ServiceUnavailable",
  "StorageReadError",
  "Timeout",
  "TooManyRequests",
  "Unauthorized",
  "UnsupportedMediaType",
] satisfies StatusReason[]);

/** Whether apimachinery's predicates take `reason` at its word. */
export function isKnownReason(reason: string | undefined): reason is StatusReason {
  return reason !== undefined && knownReasons.has(reason);
}

/** Whether a value is a Status of the API. */
export function isStatus(value: unknown): value is Status {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  return kind === "Status" && (apiVersion === "v1" || apiVersion === "meta.k8s.io/v1");
}

/** The causes of a Status, wherever it has them. */
export function statusCauses(status: Status): readonly StatusCause[] {
  const causes: unknown = status.details?.causes;
  return Array.isArray(causes) ? causes.filter((cause) => typeof cause === "object" && cause !== null) : [];
}

const reasonsByHttpStatus: ReadonlyMap<number, StatusReason> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [405, "MethodNotAllowed"],
  [406, "NotAcceptable"],
  [409, "Conflict"],
  [410, "Gone"],
  [413, "RequestEntityTooLarge"],
  [415, "UnsupportedMediaType"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [503, "ServiceUnavailable"],
  [504, "Timeout"],
]);

/** The reason that an HTTP status stands for: `Unknown` where it stands for none. A 409 to `create` means AlreadyExists. */
export function reasonOfHttpStatus(httpStatus: number, verb: string): StatusReason | "Unknown" {
  if (httpStatus === 409 && verb === "create") return "AlreadyExists";
  return reasonsByHttpStatus.get(httpStatus) ?? (httpStatus >= 500 ? "InternalError" : "Unknown");
}
