/**
 * Times as the API writes them: `Time` to the second, `MicroTime` to the microsecond, always UTC.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/apis/meta/v1#Time
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/apis/meta/v1#MicroTime
 */

/** A `Time`, such as `creationTimestamp`: `2026-01-02T03:04:05Z`. Parts of a second are cut off. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`;
}

/** A `MicroTime`, such as a Lease's `renewTime`: `2026-01-02T03:04:05.678000Z`. */
export function formatMicroTime(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an RFC 3339 time as milliseconds since 1970, with what is finer as a fraction; undefined where it is none, or
 * where there is no such day or hour. Nanoseconds are cut to microseconds. Takes what Go's `time.Parse(time.RFC3339, text)` takes.
 */
export function parseTimeMs(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [, , , , , , , fraction = "", sign, zoneHour = "0", zoneMinute = "0"] = match;
  if (hour > 23 || minute > 59 || second > 59 || Number(zoneHour) > 24 || Number(zoneMinute) > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offsetMinutes = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === "-" ? -1 : 1);
  const minutes = hour * 60 + minute - offsetMinutes;
  return (
    date.getTime() +
    minutes * 60_000 +
    second * 1000 +
    (fraction === "" ? 0 : Number(fraction.slice(0, 6).padEnd(6, "0")) / 1000)
  );
}
