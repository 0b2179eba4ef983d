/**
 * Reads the text of a quantity, with apimachinery's rounding, caps and messages.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/api/resource#ParseQuantity
 */
import { ParseError } from "./parse-error.ts";
import { divideRoundingUp } from "./scaled-integer.ts";

/** `unscaled` times ten to the power of `scale`. */
export interface ParsedQuantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: "DecimalSI" | "BinarySI" | "DecimalExponent";
  /** The text, where the server prints it as it was written. */
  readonly text?: string | undefined;
}

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericWrong = "unable to parse numeric part of quantity";
const suffixWrong = "unable to parse quantity's suffix";

/** What the server takes; its regular expression, quoted in the message, is not quite that. */
const pattern =
  /^(?<sign>[+-]?)(?<integer>[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<suffix>(?:[eEinumkKMGTP]+[-+]?[0-9]*|[-+][0-9]*)?)$/;

const decimalExponents: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const binaryExponents: ReadonlyMap<string, number> = new Map([
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
  ["Ei", 60],
]);
const maxInt64 = 2n ** 63n - 1n;
/** Up to so many digits a number is kept at the scale it was written in, and its text may be kept. */
const maxFastDigits = 18;
const nano = -9;

/**
 * Reads a quantity.
 *
 * @throws {@link ParseError} with one of apimachinery's three reasons.
 */
export function parseQuantity(text: string): ParsedQuantity {
  const groups = text === "" ? undefined : pattern.exec(text)?.groups;
  if (groups === undefined) throw new ParseError("quantity", text, formatWrong);
  if (text === "0") return { unscaled: 0n, scale: 0, format: "DecimalSI", text };
  const { sign, integer = "", fraction = "", suffix = "" } = groups;
  const digits = (integer.replace(/^0+/, "") || "0") + fraction;
  const exponents = interpretSuffix(text, suffix);
  const magnitude =
    exponents.format === "BinarySI"
      ? binary(text, digits, fraction, exponents.exponent)
      : decimal(text, digits, fraction, exponents);
  return sign === "-" ? { ...magnitude, unscaled: -magnitude.unscaled } : magnitude;
}

function decimal(text: string, digits: string, fraction: string, suffix: Suffix): ParsedQuantity {
  const { exponent, format } = suffix;
  // Int32 arithmetic, which wraps as the server's.
  const scale = (exponent - fraction.length) | 0;
  if (digits.length <= maxFastDigits && scale >= nano) {
    const isKept = scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
    return { unscaled: BigInt(digits), scale, format, text: isKept ? text : undefined };
  }
  requireDigits(text);
  return { ...roundToNano(BigInt(digits), scale), format };
}

function binary(text: string, digits: string, fraction: string, exponent: number): ParsedQuantity {
  const unscaled = BigInt(digits);
  const shifted = unscaled << BigInt(exponent);
  const precision = 15 - digits.length - Math.trunc((exponent * 3) / 10) - 1;
  if (fraction === "" && precision >= 0) {
    const isKept = exponent % 10 === 0 && (unscaled & 7n) !== 0n;
    return { unscaled: shifted, scale: 0, format: "BinarySI", text: isKept ? text : undefined };
  }
  requireDigits(text);
  const rounded = roundToNano(shifted, -fraction.length);
  const nanos = rounded.unscaled * 10n ** BigInt(rounded.scale - nano);
  if (nanos > maxInt64 * 10n ** 9n) return { unscaled: maxInt64, scale: 0, format: "BinarySI" };
  const isBelowOne = nanos > 0n && nanos < 10n ** 9n;
  return { ...rounded, format: isBelowOne ? "DecimalSI" : "BinarySI" };
}

/** The server takes `.` and `.Ki` for 0, but not where it needs its slower arithmetic. */
function requireDigits(text: string): void {
  if (!/^[+-]?\.?[0-9]/.test(text)) throw new ParseError("quantity", text, numericWrong);
}

function roundToNano(unscaled: bigint, scale: number): { unscaled: bigint; scale: number } {
  if (scale >= nano) return { unscaled, scale };
  return { unscaled: divideRoundingUp(unscaled, nano - scale), scale: nano };
}

interface Suffix {
  readonly exponent: number;
  readonly format: ParsedQuantity["format"];
}

function interpretSuffix(text: string, suffix: string): Suffix {
  const decimalExponent = decimalExponents.get(suffix);
  if (decimalExponent !== undefined) return { exponent: decimalExponent, format: "DecimalSI" };
  const binaryExponent = binaryExponents.get(suffix);
  if (binaryExponent !== undefined) return { exponent: binaryExponent, format: "BinarySI" };
  const match = /^[eE]\+?(?<exponent>-?[0-9]+)$/.exec(suffix);
  const exponent = match?.groups?.["exponent"];
  // The server reads 64 bits and keeps 32 of them.
  if (exponent === undefined || !isInt64(BigInt(exponent))) throw new ParseError("quantity", text, suffixWrong);
  return { exponent: Number(BigInt.asIntN(32, BigInt(exponent))), format: "DecimalExponent" };
}

/** By comparison: in hot code, 64-bit `BigInt.asIntN` brings down Node 20's optimising compiler. */
function isInt64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}
