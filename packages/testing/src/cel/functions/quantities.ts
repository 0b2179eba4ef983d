/**
 * Quantities and semantic versions.
 */
import { Quantity } from "bowline/core";
import { type FunctionLibrary, fail } from "../function-library.ts";
import { CelOpaque, compareNumbers } from "../value.ts";

const QUANTITY = "kubernetes.Quantity";
const SEMVER = "kubernetes.Semver";
const PATTERN = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

class CelQuantity extends CelOpaque {
  readonly typeName = QUANTITY;
  readonly value: Quantity;
  constructor(value: Quantity) {
    super();
    this.value = value;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelQuantity && this.value.compare(other.value) === 0;
  }
}

function parseQuantity(text: string): Quantity | undefined {
  try {
    return Quantity.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole, and in the range of an integer. */
function toInteger({ value }: CelQuantity): bigint | undefined {
  const whole = value.value();
  return value.compare(String(whole)) === 0 && BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

/** Declares the functions of quantities. */
export function declareQuantities(library: FunctionLibrary): void {
  const order = (a: CelQuantity, b: CelQuantity) => a.value.compare(b.value);
  library
    .declare("string_to_quantity", `quantity(string): ${QUANTITY}`, (text: string) => {
      const value = parseQuantity(text);
      return value === undefined
        ? fail(`quantities must match the regular expression '${PATTERN}'`)
        : new CelQuantity(value);
    })
    .declare("is_quantity_string", "isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined)
    .declare("quantity_sign", `sign(${QUANTITY}): int`, ({ value }: CelQuantity) => BigInt(value.sign))
    .declare(
      "quantity_is_greater_than",
      `<${QUANTITY}>.isGreaterThan(${QUANTITY}): bool`,
      (a: CelQuantity, b: CelQuantity) => order(a, b) > 0,
    )
    .declare(
      "quantity_is_less_than",
      `<${QUANTITY}>.isLessThan(${QUANTITY}): bool`,
      (a: CelQuantity, b: CelQuantity) => order(a, b) < 0,
    )
    .declare("quantity_compare_to", `<${QUANTITY}>.compareTo(${QUANTITY}): int`, (a: CelQuantity, b: CelQuantity) =>
      BigInt(order(a, b)),
    )
    .declare("quantity_get_float", `<${QUANTITY}>.asApproximateFloat(): double`, ({ value }: CelQuantity) =>
      value.toNumber(),
    )
    .declare(
      "quantity_get_int",
      `<${QUANTITY}>.asInteger(): int`,
      (quantity: CelQuantity) => toInteger(quantity) ?? fail("cannot convert value to integer"),
    )
    .declare(
      "quantity_is_integer",
      `<${QUANTITY}>.isInteger(): bool`,
      (quantity: CelQuantity) => toInteger(quantity) !== undefined,
    )
    .declare(
      "quantity_add",
      `<${QUANTITY}>.add(${QUANTITY}): ${QUANTITY}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.value.add(b.value)),
    )
    .declare(
      "quantity_add_int",
      `<${QUANTITY}>.add(int): ${QUANTITY}`,
      (a: CelQuantity, b: bigint) => new CelQuantity(a.value.add(String(b))),
    )
    .declare(
      "quantity_sub",
      `<${QUANTITY}>.sub(${QUANTITY}): ${QUANTITY}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.value.sub(b.value)),
    )
    .declare(
      "quantity_sub_int",
      `<${QUANTITY}>.sub(int): ${QUANTITY}`,
      (a: CelQuantity, b: bigint) => new CelQuantity(a.value.sub(String(b))),
    );
}

class CelSemver extends CelOpaque {
  readonly typeName = SEMVER;
  readonly parts: readonly bigint[];
  /** Of the pre-release. */
  readonly identifiers: readonly string[];
  constructor(parts: readonly bigint[], identifiers: readonly string[]) {
    super();
    this.parts = parts;
    this.identifiers = identifiers;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelSemver && compareVersions(this, other) === 0;
  }
}

function compareVersions(a: CelSemver, b: CelSemver): number {
  for (const [index, part] of a.parts.entries()) {
    const difference = compareNumbers(part, b.parts[index] ?? 0n);
    if (difference !== 0) return difference;
  }
  const [x, y] = [a.identifiers, b.identifiers];
  if (x.length === 0 || y.length === 0) return Math.sign(y.length - x.length);
  for (const [index, identifier] of x.entries()) {
    const other = y[index];
    if (other === undefined) return 1;
    if (identifier === other) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(identifier), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return compareNumbers(BigInt(identifier), BigInt(other));
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return identifier < other ? -1 : 1;
  }
  return x.length < y.length ? -1 : 0;
}

/** A version, or why a text is none. */
function parseVersion(text: string): CelSemver | string {
  if (text === "") return "Version string empty";
  const parts = text.split(".");
  if (parts.length < 3) return "No Major.Minor.Patch elements found";
  const [major = "", minor = "", ...rest] = parts;
  const [, patch = "", pre, build] = /^([^-+]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(rest.join(".")) ?? [];
  const names = ["Major", "Minor", "Patch"];
  for (const [index, part] of [major, minor, patch].entries()) {
    const shown = JSON.stringify(part);
    if (/[^0-9]/.test(part)) return `Invalid character(s) found in ${names[index]?.toLowerCase()} number ${shown}`;
    if (/^0./.test(part)) return `${names[index]} number must not contain leading zeroes ${shown}`;
    if (part === "") return 'strconv.ParseUint: parsing "": invalid syntax';
  }
  for (const identifier of pre?.split(".") ?? []) {
    if (identifier === "") return "Prerelease is empty";
    if (/[^0-9A-Za-z-]/.test(identifier))
      return `Invalid character(s) found in prerelease ${JSON.stringify(identifier)}`;
    if (/^0\d+$/.test(identifier))
      return `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(identifier)}`;
  }
  for (const identifier of build?.split(".") ?? []) {
    if (identifier === "") return "Build meta data is empty";
    if (/[^0-9A-Za-z-]/.test(identifier))
      return `Invalid character(s) found in build meta data ${JSON.stringify(identifier)}`;
  }
  return new CelSemver([BigInt(major), BigInt(minor), BigInt(patch)], pre?.split(".") ?? []);
}

/** A version whose parts may be missing or begin with zeros. */
function parseLoosely(text: string): CelSemver | string {
  const [, first = "", second, third] = /^v?([^.]*)(?:\.([^.]*))?(?:\.(.*))?$/s.exec(text) ?? [];
  const parts = [first, second, third].filter((part) => part !== undefined);
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? ""))
    return "short version cannot contain PreRelease/Build meta data";
  const trimmed = parts.map((part) =>
    part.length > 1 ? part.replace(/^0+(?=\d)/, "").replace(/^0*(?!\d)/, "0") : part,
  );
  while (trimmed.length < 3) trimmed.push("0");
  return parseVersion(trimmed.join("."));
}

/** Declares the functions of versions. */
export function declareVersions(library: FunctionLibrary): void {
  const parse = (text: string, isLoose = false): CelSemver => {
    const version = isLoose ? parseLoosely(text) : parseVersion(text);
    return typeof version === "string" ? fail(version) : version;
  };
  const isVersion = (text: string, isLoose = false) =>
    typeof (isLoose ? parseLoosely(text) : parseVersion(text)) !== "string";
  library
    .declare("string_to_semver", `semver(string): ${SEMVER}`, parse)
    .declare("string_bool_to_semver", `semver(string, bool): ${SEMVER}`, parse)
    .declare("is_semver_string", "isSemver(string): bool", isVersion)
    .declare("is_semver_string_bool", "isSemver(string, bool): bool", isVersion)
    .declare(
      "semver_is_greater_than",
      `<${SEMVER}>.isGreaterThan(${SEMVER}): bool`,
      (a: CelSemver, b: CelSemver) => compareVersions(a, b) > 0,
    )
    .declare(
      "semver_is_less_than",
      `<${SEMVER}>.isLessThan(${SEMVER}): bool`,
      (a: CelSemver, b: CelSemver) => compareVersions(a, b) < 0,
    )
    .declare("semver_compare_to", `<${SEMVER}>.compareTo(${SEMVER}): int`, (a: CelSemver, b: CelSemver) =>
      BigInt(compareVersions(a, b)),
    );
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    library.declare(`semver_${name}`, `<${SEMVER}>.${name}(): int`, ({ parts }: CelSemver) => parts[index] ?? 0n);
  }
}
