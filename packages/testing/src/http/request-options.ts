/**
 * The options of each verb, read from the query (of a delete also from the body) and checked as the server checks them.
 */
import { goQuote } from "bowline/core";
import type { FieldError } from "../registry/field-error.ts";
import { badRequest, invalid, StatusError } from "../registry/status-error.ts";
import { isTrue } from "./request-info.ts";

/** Options of get, list, watch and deletecollection. */
export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly isWatch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly timeoutSeconds: number | undefined;
  readonly limit: number;
  readonly continueToken: string;
  readonly sendInitialEvents: boolean | undefined;
  /** Whether `sendInitialEvents` was not asked for but follows from the absence of a revision. */
  readonly isLegacy?: boolean | undefined;
}

/** Options of create, update and patch. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
  /** Patch only. */
  readonly force: boolean | undefined;
}

/** Options of a delete. */
export interface DeleteOptions {
  readonly isDryRun: boolean;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
}

/** @throws StatusError 400 */
export function readListOptions(query: URLSearchParams): ListOptions {
  return {
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
    isWatch: isTrue(query.get("watch")),
    allowWatchBookmarks: isTrue(query.get("allowWatchBookmarks")),
    resourceVersion: query.get("resourceVersion") ?? "",
    resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
    timeoutSeconds: readInteger(query.get("timeoutSeconds")),
    limit: readInteger(query.get("limit")) ?? 0,
    continueToken: query.get("continue") ?? "",
    sendInitialEvents: query.has("sendInitialEvents") ? isTrue(query.get("sendInitialEvents")) : undefined,
  };
}

/** @throws StatusError 422 */
export function checkListOptions(options: ListOptions): void {
  const errors: FieldError[] = [];
  const forbid = (field: string, message: string) =>
    errors.push({ type: "FieldValueForbidden", field, message: `Forbidden: ${message}` });
  const unsupported = (value: string, supported: string) =>
    errors.push({
      type: "FieldValueNotSupported",
      field: "resourceVersionMatch",
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    });
  const match = options.resourceVersionMatch;
  if (options.isWatch) {
    if (options.sendInitialEvents !== undefined && match !== "NotOlderThan") {
      forbid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (match !== "") {
      if (options.sendInitialEvents === undefined) {
        forbid(
          "resourceVersionMatch",
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        );
      }
      if (match !== "NotOlderThan") unsupported(match, '"NotOlderThan"');
      if (options.continueToken !== "")
        forbid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
    }
  } else {
    if (match !== "") {
      if (options.resourceVersion === "") {
        forbid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
      }
      if (options.continueToken !== "")
        forbid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
      if (match !== "Exact" && match !== "NotOlderThan") unsupported(match, '"Exact", "NotOlderThan", ""');
      if (match === "Exact" && options.resourceVersion === "0") {
        forbid("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
      }
    }
    if (options.sendInitialEvents !== undefined) forbid("sendInitialEvents", "sendInitialEvents is forbidden for list");
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: "ListOptions" }, "", errors);
}

/** @throws StatusError 422 on `CreateOptions`, `UpdateOptions` or `PatchOptions` */
export function readWriteOptions(
  query: URLSearchParams,
  kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
  patch?: "apply" | "other",
): WriteOptions {
  const errors: FieldError[] = [];
  const manager = query.get("fieldManager") ?? "";
  const force = query.has("force") ? isTrue(query.get("force")) : undefined;
  if (kind === "PatchOptions") {
    if (patch !== "apply" && force !== undefined) {
      errors.push({
        type: "FieldValueForbidden",
        field: "force",
        message: "Forbidden: may not be specified for non-apply patch",
      });
    }
    if (patch === "apply" && manager === "") {
      errors.push({
        type: "FieldValueRequired",
        field: "fieldManager",
        message: "Required value: is required for apply patch",
      });
    }
  }
  errors.push(...managerErrors(manager), ...dryRunErrors(query.getAll("dryRun")));
  const validation = query.get("fieldValidation") ?? "";
  if (!["", "Ignore", "Warn", "Strict"].includes(validation)) {
    const message = `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`;
    errors.push({ type: "FieldValueNotSupported", field: "fieldValidation", message });
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: kind }, "", errors);
  return {
    isDryRun: query.getAll("dryRun").length > 0,
    fieldManager: manager,
    fieldValidation: validation === "" ? "Warn" : (validation as WriteOptions["fieldValidation"]),
    force,
  };
}

/**
 * Options of a delete: the body's where there is one, else the query's.
 * @throws StatusError 400, 422
 */
export function readDeleteOptions(
  query: URLSearchParams,
  body: Readonly<Record<string, unknown>> | undefined,
): DeleteOptions {
  const dryRun =
    body === undefined ? query.getAll("dryRun") : Array.isArray(body["dryRun"]) ? body["dryRun"].map(String) : [];
  const policy =
    body === undefined ? (query.get("propagationPolicy") ?? undefined) : asString(body["propagationPolicy"]);
  const orphan =
    body === undefined
      ? query.has("orphanDependents")
        ? isTrue(query.get("orphanDependents"))
        : undefined
      : typeof body["orphanDependents"] === "boolean"
        ? body["orphanDependents"]
        : undefined;
  const grace =
    body === undefined ? readInteger(query.get("gracePeriodSeconds")) : asNumber(body["gracePeriodSeconds"]);
  const preconditions = body?.["preconditions"] as { uid?: unknown; resourceVersion?: unknown } | undefined;
  const errors: FieldError[] = [];
  if (orphan !== undefined && policy !== undefined) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`;
    errors.push({ type: "FieldValueInvalid", field: "propagationPolicy", message });
  }
  if (policy !== undefined && !["Foreground", "Background", "Orphan"].includes(policy)) {
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    errors.push({ type: "FieldValueNotSupported", field: "propagationPolicy", message });
  }
  errors.push(...dryRunErrors(dryRun));
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: "DeleteOptions" }, "", errors);
  return {
    isDryRun: dryRun.length > 0,
    gracePeriodSeconds: grace,
    propagationPolicy: policy,
    orphanDependents: orphan,
    preconditions:
      preconditions === undefined || preconditions === null
        ? undefined
        : { uid: asString(preconditions.uid), resourceVersion: asString(preconditions.resourceVersion) },
  };
}

/**
 * A resourceVersion that must be a number.
 * @throws StatusError of `code`
 */
export function readRevision(text: string, code: 400 | 500, prefix: string): number {
  if (/^\d+$/.test(text) && BigInt(text) < 1n << 64n) return Number(text);
  const why = /^\d+$/.test(text) ? "value out of range" : "invalid syntax";
  const message = `${prefix}strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
  throw code === 400 ? badRequest(message) : new StatusError(500, "", message);
}

function readInteger(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function managerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(manager) > 128) {
    errors.push({
      type: "FieldValueTooLong",
      field: "fieldManager",
      message: "Too long: may not be more than 128 bytes",
    });
  }
  [...manager].forEach((character, index) => {
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) return;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const message = `Invalid value: ${goQuote(manager)}: invalid character U+${code} (at position ${index})`;
    errors.push({ type: "FieldValueInvalid", field: "fieldManager", message });
  });
  return errors;
}

function dryRunErrors(values: readonly string[]): FieldError[] {
  if (values.every((value) => value === "All")) return [];
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  return [{ type: "FieldValueNotSupported", field: "dryRun", message }];
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
