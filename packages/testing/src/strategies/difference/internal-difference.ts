/**
 * How a refused change is shown: both objects as kube-apiserver's internal types, as JSON, and their difference by lines.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { emptyAt } from "../../schema/index.ts";
import { at, type Fields, fieldsOf } from "../json-access.ts";
import { lineDifference } from "./line-difference.ts";

/** Internal types that changes are shown of. */
export type InternalType =
  | "PodSpec"
  | "PersistentVolumeClaimSpec"
  | "PersistentVolumeSource"
  | "EphemeralContainer"
  | "ObjectReference"
  | "PodFailurePolicy"
  | "PodTemplateSpec"
  | "SuccessPolicy"
  | "CertificateSigningRequestCondition";

/** Its name in the dump, its path in the API, its type, and `e` where it is left out when empty. */
type InternalField = readonly [name: string, apiName: string, type: string, flags: string];
type InternalTypes = Readonly<Record<string, readonly InternalField[]>>;

let loaded: InternalTypes | undefined;

/** The difference of two values of a type, as they are in the API; a list with `[]` in front of the type. */
export function internalDifference(type: InternalType | `[]${InternalType}`, before: unknown, after: unknown): string {
  return lineDifference(dumpOf(type, before), dumpOf(type, after));
}

function dumpOf(type: string, value: unknown): string {
  return JSON.stringify(internalValue(type, value), undefined, 1)
    .replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("\x7f", "\\u007f");
}

/** An API value as its internal type, which a message shows. */
export function internalShape(type: InternalType, value: unknown): unknown {
  return internalValue(type, value);
}

/** A value of a type, `[]T` or `{}T`, as the internal type holds it. */
export function internalValue(type: string, value: unknown): unknown {
  if (type.startsWith("*")) return value === undefined || value === null ? null : internalValue(type.slice(1), value);
  if (type === "[]byte") return value ?? null;
  if (type.startsWith("[]")) {
    return Array.isArray(value) ? value.map((item) => internalValue(type.slice(2), item)) : null;
  }
  if (type.startsWith("{}")) {
    const fields = fieldsOf(value);
    if (fields === undefined) return null;
    const entries = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, internalValue(type.slice(2), item)]));
  }
  switch (type) {
    case "string":
      return value ?? "";
    case "bool":
      return value ?? false;
    case "number":
    case "IntOrString":
      return value ?? 0;
    case "Quantity":
      return value ?? "0";
    case "Time":
    case "FieldsV1":
      return value ?? null;
    default:
      return internalFields(type, fieldsOf(value) ?? {});
  }
}

/** Of a type with metadata the dump has its fields beside the others. */
function flattened(fields: Fields): Fields {
  const metadata = fieldsOf(fields["metadata"]);
  return metadata === undefined ? fields : { ...metadata, ...fields };
}

function internalFields(type: string, given: Fields): Fields {
  const fields = flattened(given);
  loaded ??= JSON.parse(
    gunzipSync(readFileSync(new URL("../../../data/internal-types.json.gz", import.meta.url))).toString("utf8"),
  ) as InternalTypes;
  const shown: Fields = {};
  for (const [name, apiName, fieldType, flags] of loaded[type] ?? []) {
    const path = apiName.split(".");
    const owner = path.length === 1 ? given : at(given, ...path.slice(0, -1));
    // What was sent without members is there all the same.
    const found = at(fields, ...path) ?? emptyAt(owner, path.at(-1) ?? "") ?? emptyAt(given["metadata"], apiName);
    const value = internalValue(fieldType, found);
    if (flags === "e" && isZero(value)) continue;
    shown[name] = value;
  }
  return shown;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === "" || value === 0 || value === false || isEmptyMap(value);
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
