/**
 * JSON values as Go's `%v` prints them, which a few error texts show: `map[spec:map[replicas:3]]`.
 */
export function formatGo(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(formatGo).join(" ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, item]) => `${key}:${formatGo(item)}`).join(" ")}]`;
  }
  return String(value);
}
