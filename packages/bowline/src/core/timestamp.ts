/**
 * Times as the API writes them: `Time` to the second, `MicroTime` to the microsecond, always UTC.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/apis/meta/v1#Time
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/apis/meta/v1#MicroTime
 */
import { ParseError } from "./parse-error.ts";
import { parseTime } from "./time-parser.ts";

/** A `Time`, such as `creationTimestamp`: `2026-01-02T03:04:05Z`. Parts of a second are cut off. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`;
}

/** A `MicroTime`, such as a Lease's `renewTime`: `2026-01-02T03:04:05.678000Z`. */
export function formatMicroTime(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

/**
 * Reads an RFC 3339 time as milliseconds since 1970, with what is finer as a fraction; undefined where it is none, or
 * where there is no such day or hour. Nanoseconds are cut to microseconds. Takes what Go's `time.Parse(time.RFC3339, text)` takes.
 */
export function parseTimeMs(text: string): number | undefined {
  try {
    const { secondsMs, microseconds } = parseTime(text, "Time");
    return secondsMs + microseconds / 1000;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/**
 * A `Time` as the server stores it: UTC, whole seconds.
 *
 * @throws {@link ParseError} where Go's `time.Parse` has an error, with its text as the reason.
 */
export function canonicalTime(text: string): string {
  return formatTime(new Date(parseTime(text, "Time").secondsMs));
}

/**
 * A `MicroTime` as the server stores it: UTC, six decimals, which the text must have as well.
 *
 * @throws {@link ParseError} where Go's `time.Parse` has an error, with its text as the reason.
 */
export function canonicalMicroTime(text: string): string {
  const { secondsMs, microseconds } = parseTime(text, "MicroTime");
  return `${new Date(secondsMs).toISOString().slice(0, -5)}.${String(microseconds).padStart(6, "0")}Z`;
}
