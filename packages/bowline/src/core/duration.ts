/**
 * Durations: Go's (`1h30m`, `500ms`), which kubeconfigs, flags and many fields hold, and the Gateway API's stricter ones.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2257/
 */
import { goTimeQuote } from "./go-text.ts";
import { ParseError } from "./parse-error.ts";

const minInt64Magnitude = 2n ** 63n;
const unitNanos: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/**
 * Reads a Go duration as nanoseconds.
 *
 * @throws {@link ParseError} where Go's `time.ParseDuration` has an error, with its text as the reason.
 */
export function parseGoDuration(text: string): bigint {
  const isNegative = text.startsWith("-");
  let rest = isNegative || text.startsWith("+") ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") fail(text, "invalid duration");
  let nanos = 0n;
  while (rest !== "") {
    const [matched = "", whole = "", fraction = "", unit = ""] = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest) ?? [];
    if (whole === "" && fraction === "") fail(text, "invalid duration");
    // Longer numbers overflow, and would take long to read.
    const digits = whole.replace(/^0+/, "");
    if (digits.length > 19) fail(text, "invalid duration");
    const number = BigInt(digits);
    if (number > minInt64Magnitude) fail(text, "invalid duration");
    if (unit === "") fail(text, "missing unit in duration");
    const nanosPerUnit = unitNanos.get(unit);
    if (nanosPerUnit === undefined) fail(text, `unknown unit ${goTimeQuote(unit)} in duration`);
    if (number > minInt64Magnitude / nanosPerUnit) fail(text, "invalid duration");
    nanos += number * nanosPerUnit + fractionNanos(fraction, nanosPerUnit);
    if (nanos > minInt64Magnitude) fail(text, "invalid duration");
    rest = rest.slice(matched.length);
  }
  if (isNegative) return -nanos;
  if (nanos === minInt64Magnitude) fail(text, "invalid duration");
  return nanos;
}

/** Prints nanoseconds as Go's `Duration.String`: `1h0m0.5s`, `1.5ms`, `0s`. */
export function formatGoDuration(nanos: bigint): string {
  const sign = nanos < 0n ? "-" : "";
  const magnitude = nanos < 0n ? -nanos : nanos;
  if (magnitude === 0n) return "0s";
  if (magnitude < 1_000n) return `${sign}${magnitude}ns`;
  if (magnitude < 1_000_000n) return `${sign}${decimal(magnitude, 3)}\u00b5s`;
  if (magnitude < 1_000_000_000n) return `${sign}${decimal(magnitude, 6)}ms`;
  const minutes = magnitude / 60_000_000_000n;
  const seconds = `${decimal(magnitude % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? "" : `${hours}h`}${minutes % 60n}m${seconds}`;
}

/**
 * Reads a Go duration as milliseconds, with the nanoseconds as a fraction.
 *
 * @throws {@link ParseError} as {@link parseGoDuration}.
 */
export function parseGoDurationMs(text: string): number {
  return Number(parseGoDuration(text)) / 1e6;
}

/** A Gateway API duration: whole numbers of `h`, `m`, `s`, `ms`, at most five digits each, four parts, no sign. */
const gepPattern = /^(?:[0-9]{1,5}(?:h|m|s|ms)){1,4}$/;

/**
 * Reads a duration of the Gateway API (GEP-2257) as milliseconds.
 *
 * @throws {@link ParseError} where the text is none.
 */
export function parseGepDurationMs(text: string): number {
  if (!gepPattern.test(text)) throw new ParseError("duration", text, `must match ${gepPattern.source}`);
  return Number(parseGoDuration(text) / 1_000_000n);
}

/**
 * Prints milliseconds as a duration of the Gateway API: `1h30m`, `0s`.
 *
 * @throws {@link ParseError} for what that form cannot say: parts of a millisecond, negative, over 99999 hours.
 */
export function formatGepDuration(milliseconds: number): string {
  const isWhole = Number.isSafeInteger(milliseconds) && milliseconds >= 0;
  if (!isWhole || milliseconds >= 100_000 * 3_600_000) {
    throw new ParseError("duration", String(milliseconds), "must be whole milliseconds, at most 99999 hours");
  }
  if (milliseconds === 0) return "0s";
  const parts: [number, string][] = [
    [Math.floor(milliseconds / 3_600_000), "h"],
    [Math.floor(milliseconds / 60_000) % 60, "m"],
    [Math.floor(milliseconds / 1000) % 60, "s"],
    [milliseconds % 1000, "ms"],
  ];
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("");
}

/** Go computes fractions in doubles, so the last nanosecond can be one less than exact arithmetic has it. */
function fractionNanos(fraction: string, nanosPerUnit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of fraction) {
    if (value > (minInt64Magnitude - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > minInt64Magnitude) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(nanosPerUnit) / scale)));
}

/** `value` over ten to the power of `digits`, without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, "0");
  const fraction = text.slice(-digits).replace(/0+$/, "");
  return fraction === "" ? text.slice(0, -digits) : `${text.slice(0, -digits)}.${fraction}`;
}

function fail(text: string, problem: string): never {
  throw new ParseError("duration", text, `time: ${problem} ${goTimeQuote(text)}`);
}
