/**
 * Kubernetes' fixed-point numbers: `100m`, `1.5Gi`, `12e6`. Exact, printed in the form that the API server prints.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/api/resource#Quantity
 */
import { KubeError } from "./kube-error.ts";
import { type ParsedQuantity, parseQuantity } from "./quantity-parser.ts";
import { digitCount, divideRoundingUp, powerOfTen, stripFactor } from "./scaled-integer.ts";

/** The family of suffixes that a quantity is printed with. */
export type QuantityFormat = ParsedQuantity["format"];

/** A quantity, its text as it stands in objects, or a number (YAML lets users write `cpu: 1`). */
export type QuantityInput = Quantity | string | number | bigint;

const suffixes: readonly string[] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const maxInt64 = 2n ** 63n - 1n;

/**
 * An immutable quantity. Parsing rounds up, away from zero, to nanos, as the server does; nothing else rounds unless
 * it says so. Arithmetic keeps the left side's suffixes, unless that is zero.
 *
 * @example
 * Quantity.parse("1.5Gi").add("512Mi").toString(); // "2Gi"
 * Quantity.parse("100m").toNumber(); // 0.1
 */
export class Quantity {
  /** The value is `unscaled` times ten to the power of `scale`. */
  readonly #unscaled: bigint;
  readonly #scale: number;
  readonly #text: string | undefined;
  readonly format: QuantityFormat;

  private constructor(unscaled: bigint, scale: number, format: QuantityFormat, text?: string | undefined) {
    this.#unscaled = unscaled;
    this.#scale = unscaled === 0n ? 0 : scale;
    this.format = format;
    this.#text = text;
  }

  /**
   * Reads a quantity.
   *
   * @throws {@link ParseError} where the input is none.
   */
  static parse(input: QuantityInput): Quantity {
    if (input instanceof Quantity) return input;
    const { unscaled, scale, format, text } = parseQuantity(String(input));
    return new Quantity(unscaled, scale, format, text);
  }

  /** `value` times ten to the power of `scale`. */
  static of(
    value: bigint | number,
    options: { readonly scale?: number; readonly format?: QuantityFormat } = {},
  ): Quantity {
    return new Quantity(BigInt(value), options.scale ?? 0, options.format ?? "DecimalSI");
  }

  /** -1, 0 or 1. */
  get sign(): -1 | 0 | 1 {
    if (this.#unscaled === 0n) return 0;
    return this.#unscaled < 0n ? -1 : 1;
  }

  get isZero(): boolean {
    return this.#unscaled === 0n;
  }

  add(other: QuantityInput): Quantity {
    const right = Quantity.parse(other);
    const scale = Math.min(this.#scale, right.#scale);
    const sum = this.#unscaledAt(scale) + right.#unscaledAt(scale);
    return new Quantity(sum, scale, this.isZero ? right.format : this.format);
  }

  sub(other: QuantityInput): Quantity {
    return this.add(Quantity.parse(other).neg());
  }

  neg(): Quantity {
    return new Quantity(-this.#unscaled, this.#scale, this.format);
  }

  mul(factor: bigint | number): Quantity {
    return new Quantity(this.#unscaled * BigInt(factor), this.#scale, this.format);
  }

  /** Negative, zero or positive, as for `sort`. `1Gi` and `1024Mi` are equal. */
  compare(other: QuantityInput): -1 | 0 | 1 {
    const right = Quantity.parse(other);
    if (this.sign !== right.sign) return this.sign < right.sign ? -1 : 1;
    if (this.isZero) return 0;
    // Magnitudes first: numbers such as 1e2000000000 cannot be written out.
    const difference = digitCount(this.#unscaled) + this.#scale - (digitCount(right.#unscaled) + right.#scale);
    if (difference !== 0) return difference > 0 === this.sign > 0 ? 1 : -1;
    const scale = Math.min(this.#scale, right.#scale);
    const [a, b] = [this.#unscaledAt(scale), right.#unscaledAt(scale)];
    if (a === b) return 0;
    return a < b ? -1 : 1;
  }

  equals(other: QuantityInput): boolean {
    return this.compare(other) === 0;
  }

  /** Rounds away from zero to a multiple of ten to the power of `scale`. */
  roundUp(scale: number): Quantity {
    if (this.#scale >= scale) return this;
    return new Quantity(divideRoundingUp(this.#unscaled, scale - this.#scale), scale, this.format);
  }

  /** How many times ten to the power of `scale` this is, rounded away from zero: with -3, milli-units. */
  scaledValue(scale: number): bigint {
    return this.roundUp(scale).#unscaledAt(scale);
  }

  /** The whole units, rounded away from zero. */
  value(): bigint {
    return this.scaledValue(0);
  }

  /** The thousandths, rounded away from zero: millicores of a CPU. */
  milliValue(): bigint {
    return this.scaledValue(-3);
  }

  /** The value where it is a whole number that fits into 64 bits with sign; undefined otherwise. */
  asInt64(): bigint | undefined {
    if (digitCount(this.#unscaled) + this.#scale > 19) return undefined;
    const rounded = this.roundUp(0);
    if (rounded.compare(this) !== 0) return undefined;
    const value = rounded.#unscaledAt(0);
    return value > maxInt64 || value < -maxInt64 - 1n ? undefined : value;
  }

  /** The nearest double. For sums and comparisons use the exact methods. */
  toNumber(): number {
    return Number(`${this.#unscaled}e${this.#scale}`);
  }

  /**
   * The form that the server prints: as it was written where that is canonical enough for it, else with the largest
   * suffix that leaves a whole number.
   *
   * Differs from apimachinery v0.37 in one place: from 1000E and 1024Ei on, that prints the number without its suffix.
   */
  toString(): string {
    return this.#text ?? this.#canonical();
  }

  toJSON(): string {
    return this.toString();
  }

  #canonical(): string {
    if (this.isZero) return "0";
    if (this.format === "BinarySI" && (this.compare(1024n) >= 0 || this.compare(-1024n) <= 0)) {
      const whole = this.roundUp(0);
      if (whole.compare(this) === 0) {
        const { rest, times } = stripFactor(whole.#unscaledAt(0), 1024n, binarySuffixes.length - 1);
        return `${rest}${binarySuffixes[times]}`;
      }
    }
    const { rest, times } = stripFactor(this.#unscaled, 10n);
    const exponent = this.#scale + times;
    let printed = Math.floor(exponent / 3) * 3;
    if (this.format === "DecimalExponent") {
      const number = rest * powerOfTen(exponent - printed);
      return printed === 0 ? `${number}` : `${number}e${printed}`;
    }
    printed = Math.min(printed, 18);
    if (printed < -9) throw outOfRange();
    return `${rest * powerOfTen(exponent - printed)}${suffixes[printed / 3 + 3]}`;
  }

  /** The multiple of ten to the power of `scale`, which is not above this one's. */
  #unscaledAt(scale: number): bigint {
    // Zero has the scale 0, whatever it was rounded to.
    return this.#unscaled === 0n ? 0n : this.#unscaled * powerOfTen(this.#scale - scale);
  }
}

function outOfRange(): KubeError {
  return new KubeError("QuantityOutOfRange", "cannot print a quantity finer than nanos: call roundUp(-9) first");
}
