/**
 * The canonical text of a quantity: `0.5` is `500m`, `1024Mi` is `1Gi`. Independent of the client's own reading, so that a
 * mistake there shows here.
 */
import { GoValueError } from "./go-error.ts";

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Rewrites a quantity in its canonical form. Throws {@link GoValueError} with the server's words. */
export function canonicalQuantity(text: string): string {
  const match = /^([+-]?)(\d*)(?:(\.)(\d*))?([^\d.].*)?$/.exec(text);
  if (match === null || text === "") throw new GoValueError(wrongFormat);
  const [, sign = "", whole = "", , fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") throw new GoValueError(wrongFormat);
  if (suffix !== "" && !/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) throw new GoValueError(wrongFormat);
  const isNegative = sign === "-";
  const digits = BigInt(`${whole}${fraction}`);
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix);
  const binaryIndex = binary.indexOf(suffix as (typeof binary)[number]);
  if (binaryIndex > 0) return formatBinary(digits * 1024n ** BigInt(binaryIndex), fraction.length, isNegative);
  const decimalIndex = decimal.indexOf(suffix as (typeof decimal)[number]);
  if (decimalIndex < 0 && exponent === null) throw new GoValueError("unable to parse quantity's suffix");
  const power = exponent === null ? (decimalIndex - 3) * 3 : Number(exponent[1]);
  return formatDecimal(digits, power - fraction.length, isNegative, exponent !== null);
}

/** A binary quantity that is not whole is rounded up, as it has no smaller unit. */
function formatBinary(scaled: bigint, decimals: number, isNegative: boolean): string {
  const unit = 10n ** BigInt(decimals);
  if (scaled % unit !== 0n || scaled / unit < 1024n) return formatDecimal(scaled, -decimals, isNegative, false);
  let value = scaled / unit;
  let index = 0;
  while (value % 1024n === 0n && value !== 0n && index < binary.length - 1) {
    value /= 1024n;
    index += 1;
  }
  return `${isNegative ? "-" : ""}${value}${binary[index]}`;
}

function formatDecimal(digits: bigint, power: number, isNegative: boolean, hasExponent: boolean): string {
  let value = digits;
  let exponent = power;
  if (value === 0n) return "0";
  // Finer than nano is rounded up.
  while (exponent < -9) {
    const rest = value % 10n;
    value = value / 10n + (rest > 0n ? 1n : 0n);
    exponent += 1;
  }
  while (value % 10n === 0n) {
    value /= 10n;
    exponent += 1;
  }
  while (exponent % 3 !== 0 || exponent > 18) {
    value *= 10n;
    exponent -= 1;
  }
  const sign = isNegative ? "-" : "";
  if (hasExponent) return exponent === 0 ? `${sign}${value}` : `${sign}${value}e${exponent}`;
  return `${sign}${value}${decimal[exponent / 3 + 3]}`;
}
