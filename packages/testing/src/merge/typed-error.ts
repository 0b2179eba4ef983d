/**
 * What a value's schema has against it, worded as the server's typed values word it.
 */
import { formatGo, formatNumber, goTypeOf } from "../schema/go-format.ts";
import { isRecord } from "./json-value.ts";

export interface Violation {
  /** `.spec.ports[port=80,protocol="TCP"]`, or nothing at the root. */
  readonly path: string;
  readonly message: string;
}

/** All violations in one text. */
export function formatViolations(violations: readonly Violation[]): string {
  const lines = violations.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? "") : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

/** Why a value is not of a scalar type; undefined if it is. Null is of any type. */
export function scalarViolation(
  scalar: "string" | "numeric" | "boolean" | "untyped",
  value: unknown,
): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (scalar) {
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "numeric":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${formatGo(value)}}`;
    default:
      return typeof value === "object" ? `expected any scalar, got &{${formatGo(value)}}` : undefined;
  }
}

export function notAList(value: unknown): string {
  return `expected list, got &{${formatGo(value)}}`;
}

export function notAMap(value: unknown): string {
  return `expected map, got &{${formatGo(value)}}`;
}

/** A value as `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isRecord(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[string]interface {}{${entries.map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`).join(", ")}}`;
  }
  return typeof value === "number" ? formatNumber(value) : JSON.stringify(value);
}
