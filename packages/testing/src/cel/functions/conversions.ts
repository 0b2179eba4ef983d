/**
 * Conversions between types, sizes, and the parts of times.
 */
import { canonicalTime, parseGoDuration } from "bowline/core";
import { type FunctionLibrary, fail } from "../function-library.ts";
import {
  CelDuration,
  CelObject,
  type CelOpaque,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  sizeOf,
  typeNameOf,
} from "../value.ts";
import { toDuration, toInt, toTimestamp, toUint } from "./operators.ts";

const SECOND = 1_000_000_000n;

/** Declares the conversions. */
export function declareConversions(library: FunctionLibrary): void {
  declareNumbers(library);
  declareTexts(library);
  declareTimes(library);
  const size = (value: CelValue): bigint => BigInt(sizeOf(value));
  for (const [id, type] of [
    ["string", "string"],
    ["bytes", "bytes"],
    ["list", "list(A)"],
    ["map", "map(A, B)"],
  ] as const) {
    library.declare(`size_${id}`, `size(${type}): int`, size).declare(`${id}_size`, `<${type}>.size(): int`, size);
  }
  library
    .declare("to_dyn", "dyn(A): dyn", (value) => value)
    .declare("type", "type(A): type(A)", (value) => new CelTypeValue(typeNameOf(value)));
}

function conversionError(from: string, to: string): never {
  return fail(`type conversion error from '${from}' to '${to}'`);
}

function declareNumbers(library: FunctionLibrary): void {
  const whole = (value: number): bigint =>
    Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : fail("integer overflow");
  library
    .declare("int64_to_int64", "int(int): int", (value: bigint) => value)
    .declare("double_to_int64", "int(double): int", whole)
    .declare("duration_to_int64", "int(duration): int", (value: CelDuration) => value.nanos)
    .declare("string_to_int64", "int(string): int", (text: string) =>
      /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
        ? BigInt(text)
        : conversionError("string", "int"),
    )
    .declare("timestamp_to_int64", "int(timestamp): int", (time: CelTimestamp) => floorDivide(time.nanos, SECOND))
    .declare("uint64_to_int64", "int(uint): int", (value: CelUint) => toInt(value.value))
    .declare("uint64_to_uint64", "uint(uint): uint", (value: CelUint) => value)
    .declare("double_to_uint64", "uint(double): uint", (value: number) => toUint(whole(value)))
    .declare("int64_to_uint64", "uint(int): uint", (value: bigint) => toUint(value))
    .declare("string_to_uint64", "uint(string): uint", (text: string) =>
      /^\d+$/.test(text) ? toUint(BigInt(text)) : conversionError("string", "uint"),
    )
    .declare("double_to_double", "double(double): double", (value: number) => value)
    .declare("int64_to_double", "double(int): double", (value: bigint) => Number(value))
    .declare("uint64_to_double", "double(uint): double", (value: CelUint) => Number(value.value))
    .declare("string_to_double", "double(string): double", (text: string) =>
      /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : conversionError("string", "double"),
    )
    .declare("bool_to_bool", "bool(bool): bool", (value: boolean) => value)
    .declare("string_to_bool", "bool(string): bool", (text: string) => {
      if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
      return ["0", "f", "F", "FALSE", "false", "False"].includes(text) ? false : conversionError("string", "bool");
    });
}

function declareTexts(library: FunctionLibrary): void {
  library
    .declare("bytes_to_bytes", "bytes(bytes): bytes", (value: Uint8Array) => value)
    .declare("string_to_bytes", "bytes(string): bytes", (text: string) => new TextEncoder().encode(text))
    .declare("string_to_string", "string(string): string", (text: string) => text)
    .declare("bool_to_string", "string(bool): string", String)
    .declare("bytes_to_string", "string(bytes): string", (value: Uint8Array) => {
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(value);
      } catch {
        return fail("invalid UTF-8 in bytes, cannot convert to string");
      }
    })
    .declare("double_to_string", "string(double): string", doubleText)
    .declare("duration_to_string", "string(duration): string", durationText)
    .declare("int64_to_string", "string(int): string", String)
    .declare("timestamp_to_string", "string(timestamp): string", timestampText)
    .declare("uint64_to_string", "string(uint): string", (value: CelUint) => String(value.value));
}

/** A number as Go prints it in its shortest form. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e21))
    return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 });
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** In seconds, with as many digits as there are. */
export function durationText({ nanos }: CelDuration): string {
  const sign = nanos < 0n ? "-" : "";
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = String(size % SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${sign}${size / SECOND}${fraction === "" ? "" : `.${fraction}`}s`;
}

/** In RFC 3339 with as many digits as there are. */
export function timestampText({ nanos }: CelTimestamp): string {
  const seconds = floorDivide(nanos, SECOND);
  const fraction = String(nanos - seconds * SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${text}${fraction === "" ? "" : `.${fraction}`}Z`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n;
}

/** A time of RFC 3339; undefined for any other text. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null || !isTime(text)) return undefined;
  const [, date, time, fraction = "", zone] = match;
  const seconds = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(seconds)) return undefined;
  return new CelTimestamp(BigInt(seconds) * 1_000_000n + BigInt(`${fraction.slice(1)}000000000`.slice(0, 9)));
}

function isTime(text: string): boolean {
  try {
    canonicalTime(text);
    return true;
  } catch {
    return false;
  }
}

/** A duration as Go writes it; undefined for any other text. */
export function parseDuration(text: string): CelDuration | undefined {
  try {
    return new CelDuration(parseGoDuration(text));
  } catch {
    return undefined;
  }
}

const MILLISECOND = 1_000_000n;

function declareTimes(library: FunctionLibrary): void {
  library
    .declare("timestamp_to_timestamp", "timestamp(timestamp): timestamp", (time: CelTimestamp) => time)
    .declare("int64_to_timestamp", "timestamp(int): timestamp", (seconds: bigint) => toTimestamp(seconds * SECOND))
    .declare(
      "string_to_timestamp",
      "timestamp(string): timestamp",
      (text: string) => parseTimestamp(text) ?? conversionError("string", "google.protobuf.Timestamp"),
    )
    .declare("duration_to_duration", "duration(duration): duration", (value: CelDuration) => value)
    .declare("int64_to_duration", "duration(int): duration", (nanos: bigint) => toDuration(nanos))
    .declare(
      "string_to_duration",
      "duration(string): duration",
      (text: string) => parseDuration(text) ?? conversionError("string", "google.protobuf.Duration"),
    )
    .declare("duration_to_hours", "<duration>.getHours(): int", ({ nanos }: CelDuration) => nanos / (3600n * SECOND))
    .declare("duration_to_minutes", "<duration>.getMinutes(): int", ({ nanos }: CelDuration) => nanos / (60n * SECOND))
    .declare("duration_to_seconds", "<duration>.getSeconds(): int", ({ nanos }: CelDuration) => nanos / SECOND)
    .declare(
      "duration_to_milliseconds",
      "<duration>.getMilliseconds(): int",
      ({ nanos }: CelDuration) => nanos / MILLISECOND,
    );
  const parts: Readonly<Record<string, (date: Date) => number>> = {
    getFullYear: (date) => date.getUTCFullYear(),
    getMonth: (date) => date.getUTCMonth(),
    getDayOfYear: (date) =>
      Math.floor(
        (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) -
          Date.UTC(date.getUTCFullYear(), 0, 1)) /
          86400000,
      ),
    getDayOfMonth: (date) => date.getUTCDate() - 1,
    getDate: (date) => date.getUTCDate(),
    getDayOfWeek: (date) => date.getUTCDay(),
    getHours: (date) => date.getUTCHours(),
    getMinutes: (date) => date.getUTCMinutes(),
    getSeconds: (date) => date.getUTCSeconds(),
    getMilliseconds: (date) => date.getUTCMilliseconds(),
  };
  for (const [name, part] of Object.entries(parts)) {
    const run = (time: CelTimestamp, zone?: string): bigint => {
      const shift = zone === undefined ? 0 : offsetOf(zone, time);
      return BigInt(part(new Date(Number(floorDivide(time.nanos, MILLISECOND)) + shift)));
    };
    library
      .declare(`timestamp_to_${name}`, `<timestamp>.${name}(): int`, run)
      .declare(`timestamp_to_${name}_with_tz`, `<timestamp>.${name}(string): int`, run);
  }
}

/** How many milliseconds a zone is ahead of UTC. */
function offsetOf(zone: string, time: CelTimestamp): number {
  const fixed = /^([+-])?(\d\d):(\d\d)$/.exec(zone);
  if (fixed !== null) return (fixed[1] === "-" ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * 60000;
  const date = new Date(Number(floorDivide(time.nanos, MILLISECOND)));
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
  } catch {
    return fail(`unknown time zone ${zone}`);
  }
}

/** A value as `format` and `join` write it. */
export function textOf(value: CelValue): string {
  if (typeof value === "string") return value;
  if (value === null) return "null";
  if (typeof value === "number") return doubleText(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelDuration) return durationText(value);
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof CelTypeValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (value instanceof CelObject || value instanceof Map) {
    const entries = [...value].map(([key, member]) => `${textOf(key)}: ${textOf(member)}`).sort();
    return `{${entries.join(", ")}}`;
  }
  return String((value as CelOpaque | bigint | boolean).valueOf());
}
