/**
 * Integer arithmetic at decimal scales.
 */
import { KubeError } from "./kube-error.ts";

/** Beyond this a number is an attack or a mistake: it would be computed for minutes. */
const maxExponent = 4096;

/**
 * Ten to the power of `exponent`, at least 0.
 *
 * @throws {@link KubeError} `QuantityOutOfRange` above 4096.
 */
export function powerOfTen(exponent: number): bigint {
  if (exponent > maxExponent) {
    throw new KubeError("QuantityOutOfRange", `cannot compute with a quantity that has over ${maxExponent} digits`);
  }
  return 10n ** BigInt(exponent);
}

/** `value` divided by ten to the power of `exponent`, rounded away from zero. */
export function divideRoundingUp(value: bigint, exponent: number): bigint {
  if (value === 0n) return 0n;
  const away = value < 0n ? -1n : 1n;
  if (exponent > digitCount(value)) return away;
  const divisor = powerOfTen(exponent);
  const quotient = value / divisor;
  return quotient * divisor === value ? quotient : quotient + away;
}

/** How many decimal digits `value` has, without its sign. */
export function digitCount(value: bigint): number {
  const text = value.toString();
  return value < 0n ? text.length - 1 : text.length;
}

/** Divides by `factor` as long as nothing remains, `most` times at most. */
export function stripFactor(value: bigint, factor: bigint, most: number = Infinity): { rest: bigint; times: number } {
  let rest = value;
  let times = 0;
  while (rest !== 0n && times < most && rest % factor === 0n) {
    rest /= factor;
    times++;
  }
  return { rest, times };
}
