/**
 * JSON values as Go's `fmt` prints them, since error texts contain them: `map[image:i:7]`.
 */

/** A value as `%v` prints it. */
export function formatGo(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(formatGo).join(" ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, item]) => `${key}:${formatGo(item)}`).join(" ")}]`;
  }
  return typeof value === "number" ? formatNumber(value) : String(value);
}

/** A number as `%v` prints an int64 or a float64. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -5 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** The Go type of a decoded JSON value, as `reflect` names it. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return "%!s(<nil>)";
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "object":
      return "map[string]interface {}";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    default:
      return "string";
  }
}

/** The kind of that type: `map`, `slice`, `string`. */
export function goKindOf(value: unknown): string {
  if (Array.isArray(value)) return "slice";
  return typeof value === "object" && value !== null ? "map" : goTypeOf(value);
}
