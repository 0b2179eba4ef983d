/**
 * Times as Go reads and writes them: RFC 3339 with seconds (Time) or microseconds (MicroTime), errors in Go's words.
 */
import { GoValueError } from "./go-error.ts";

const timeLayout = "2006-01-02T15:04:05Z07:00";
const microTimeLayout = "2006-01-02T15:04:05.000000Z07:00";

interface Instant {
  readonly seconds: number;
  readonly microseconds: number;
}

/** The canonical text of a `Time`: UTC, whole seconds. Throws {@link GoValueError}. */
export function canonicalTime(text: string): string {
  const { seconds } = parse(text, timeLayout);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The canonical text of a `MicroTime`: UTC, six decimals. Throws {@link GoValueError}. */
export function canonicalMicroTime(text: string): string {
  const { seconds, microseconds } = parse(text, microTimeLayout);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(microseconds).padStart(6, "0")}Z`;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function parse(text: string, layout: string): Instant {
  let rest = text;
  const fail = (element: string): never => {
    throw new GoValueError(
      `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`,
    );
  };
  const outOfRange = (what: string): never => {
    throw new GoValueError(`parsing time ${quote(text)}: ${what} out of range`);
  };
  const digits = (count: number, element: string): number => {
    if (!new RegExp(`^\\d{${count}}`).test(rest)) fail(element);
    const value = Number(rest.slice(0, count));
    rest = rest.slice(count);
    return value;
  };
  const literal = (char: string): void => {
    if (!rest.startsWith(char)) fail(char);
    rest = rest.slice(char.length);
  };
  const year = digits(4, "2006");
  literal("-");
  const month = digits(2, "01");
  if (month < 1 || month > 12) outOfRange("month");
  literal("-");
  const day = digits(2, "02");
  literal("T");
  const hour = digits(2, "15");
  if (hour > 23) outOfRange("hour");
  literal(":");
  const minute = digits(2, "04");
  if (minute > 59) outOfRange("minute");
  literal(":");
  const second = digits(2, "05");
  if (second > 59) outOfRange("second");
  let fraction = "";
  if (layout === microTimeLayout) {
    if (!/^[.,]\d{6}/.test(rest)) fail(".000000");
    fraction = rest.slice(1, 7);
    rest = rest.slice(7);
  } else {
    // Go accepts a fraction after the seconds even where the layout has none.
    const match = /^[.,](\d+)/.exec(rest);
    if (match !== null) {
      fraction = match[1] ?? "";
      rest = rest.slice(match[0].length);
    }
  }
  let offset = 0;
  const zone = /^([+-])(\d\d):(\d\d)/.exec(rest);
  if (rest.startsWith("Z")) rest = rest.slice(1);
  else if (zone === null) fail("Z07:00");
  else {
    offset = (Number(zone[2]) * 60 + Number(zone[3])) * (zone[1] === "-" ? -60 : 60);
    rest = rest.slice(zone[0].length);
  }
  if (rest !== "") throw new GoValueError(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day < 1 || day > (monthDays[month - 1] ?? 31) + (isLeap ? 1 : 0)) outOfRange("day");
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return { seconds: date.getTime() / 1000 - offset, microseconds: Number(fraction.padEnd(6, "0").slice(0, 6)) };
}

function quote(text: string): string {
  return JSON.stringify(text);
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** The canonical text of a `metav1.Duration`, such as `1m30s`. Throws {@link GoValueError}. */
export function canonicalDuration(text: string): string {
  const fail = (why: string): never => {
    throw new GoValueError(`time: ${why} ${quote(text)}`);
  };
  const isNegative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return "0s";
  if (rest === "") fail("invalid duration");
  let nanoseconds = 0;
  while (rest !== "") {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest);
    if (number === null) return fail("invalid duration");
    rest = rest.slice(number[0].length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return fail("missing unit in duration");
    const scale = durationUnits[unit];
    if (scale === undefined) throw new GoValueError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    nanoseconds += Number(number[0]) * scale;
    rest = rest.slice(unit.length);
  }
  return formatDuration(Math.round(nanoseconds), isNegative);
}

function formatDuration(nanoseconds: number, isNegative: boolean): string {
  if (nanoseconds === 0) return "0s";
  const sign = isNegative ? "-" : "";
  if (nanoseconds < 1e9) {
    if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`;
    return nanoseconds < 1e6 ? `${sign}${nanoseconds / 1e3}µs` : `${sign}${nanoseconds / 1e6}ms`;
  }
  const hours = Math.floor(nanoseconds / 3600e9);
  const minutes = Math.floor((nanoseconds % 3600e9) / 60e9);
  const seconds = `${(nanoseconds % 60e9) / 1e9}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}
