/**
 * The options of each verb, read from the query (of a delete also from the body) and checked as the server checks them.
 */
import { goQuote } from "bowline/core";
import { unprintable } from "../merge/manager-name.ts";
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
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: boolean | undefined;
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
  const preconditions = (body === undefined ? queryPreconditions(query) : body["preconditions"]) as
    | { uid?: unknown; resourceVersion?: unknown }
    | null
    | undefined;
  const unsafe = "ignoreStoreReadErrorWithClusterBreakingPotential";
  const isUnsafe = body === undefined ? query.has(unsafe) && isTrue(query.get(unsafe)) : body[unsafe] === true;
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
  const others = { propagationPolicy: policy, orphanDependents: orphan, gracePeriodSeconds: grace, preconditions };
  for (const [member, value] of isUnsafe ? Object.entries(others) : []) {
    const message = `Invalid value: true: cannot be set together with .${member}`;
    if (value !== undefined && value !== null) errors.push({ type: "FieldValueInvalid", field: unsafe, message });
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: "DeleteOptions" }, "", errors);
  return {
    ignoreStoreReadErrorWithClusterBreakingPotential: isUnsafe,
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
  const why = !/^[+-]?\d+$/.test(text) ? "invalid syntax" : isInt64(text) ? undefined : "value out of range";
  if (why === undefined) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
}

function isInt64(text: string): boolean {
  const number = BigInt(text.replace("+", ""));
  return number === BigInt.asIntN(64, number);
}

/** In a query the members of preconditions stand beside the options. */
function queryPreconditions(query: URLSearchParams): object | undefined {
  const sent = ["uid", "resourceVersion"].filter((member) => query.has(member));
  return sent.length === 0 ? undefined : Object.fromEntries(sent.map((member) => [member, query.get(member)]));
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
  for (const why of unprintable(manager)) {
    const message = `Invalid value: ${goQuote(manager)}: ${why}`;
    errors.push({ type: "FieldValueInvalid", field: "fieldManager", message });
  }
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
