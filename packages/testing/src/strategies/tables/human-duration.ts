/**
 * Ages as Kubernetes' tables show them: two units at most, the second one only while it says something.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/duration#HumanDuration
 */
import { parseTimeMs } from "bowline/core";

/** A length of time, such as `3m20s`, `2d5h` or `3y`. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(seconds / 3600);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return withRest(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (days < 2920) return withRest(years, "y", days % 365, "d");
  return `${years}y`;
}

/** The age of a moment given in RFC 3339, `<unknown>` where there is none. */
export function ageOf(timestamp: unknown, now: Date): string {
  const then = typeof timestamp === "string" ? parseTimeMs(timestamp) : undefined;
  return then === undefined ? "<unknown>" : humanDuration(now.getTime() - then);
}

function withRest(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`;
}
