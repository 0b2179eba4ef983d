/**
 * The functions that Kubernetes adds to CEL.
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */

import { isIP, isIPv4 } from "node:net";
import { Environment } from "@marcbachmann/cel-js";
import { Quantity } from "bowline/core";
import { compareValues, isSameValue } from "./cel-values.ts";

class SetsLibrary {}
class MathLibrary {}
class CelQuantity {
  readonly value: Quantity;
  constructor(value: Quantity) {
    this.value = value;
  }
}
class CelUrl {
  readonly url: URL;
  constructor(url: URL) {
    this.url = url;
  }
}
class CelIp {
  readonly address: string;
  constructor(address: string) {
    this.address = address;
  }
}

let base: Environment | undefined;

/** A new environment with all functions and no variables. */
export function kubernetesEnvironment(): Environment {
  base ??= build();
  return base.clone();
}

/** Whether a function of this name exists, with whatever arguments. */
export function isKnownFunction(name: string): boolean {
  known ??= new Set(
    kubernetesEnvironment()
      .getDefinitions()
      .functions.map((definition) => definition.name),
  );
  return known.has(name);
}
let known: ReadonlySet<string> | undefined;

function build(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  addStrings(environment);
  addLists(environment);
  addSets(environment);
  addMath(environment);
  addQuantities(environment);
  addAddresses(environment);
  return environment;
}

function addStrings(environment: Environment): void {
  environment
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) => text.charAt(Number(index)))
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) =>
      text.replaceAll(from, to),
    )
    .registerFunction("string.replace(string, string, int): string", replaceSome)
    .registerFunction("string.reverse(): string", (text: string) => [...text].reverse().join(""))
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => text.match(toRegExp(pattern))?.[0] ?? "",
    )
    .registerFunction(
      "string.findAll(string): list<string>",
      (text: string, pattern: string) => text.match(toRegExp(pattern, "g")) ?? [],
    )
    .registerFunction("string.findAll(string, int): list<string>", (text: string, pattern: string, most: bigint) =>
      (text.match(toRegExp(pattern, "g")) ?? []).slice(0, most < 0n ? undefined : Number(most)),
    )
    .registerFunction("string.format(list): string", formatString);
}

function replaceSome(text: string, from: string, to: string, most: bigint): string {
  if (most < 0n) return text.replaceAll(from, to);
  let result = text;
  let at = 0;
  for (let left = most; left > 0n; left--) {
    const found = result.indexOf(from, at);
    if (found < 0) break;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    at = found + to.length;
  }
  return result;
}

/** A pattern of RE2 in JavaScript's syntax, as far as the two differ. */
export function toRegExp(pattern: string, flags = ""): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (inline === null ? pattern : pattern.slice(inline[0].length))
    .replaceAll("(?P<", "(?<")
    .replace(/\\z/g, "$")
    .replace(/\\A/g, "^");
  return new RegExp(body, `${flags}${inline?.[1] ?? ""}`);
}

function formatString(format: string, values: readonly unknown[]): string {
  let index = 0;
  return format.replace(
    /%(?:%|(?:\.(\d+))?([sdfexXbo]))/g,
    (match, precision: string | undefined, verb: string | undefined) => {
      if (match === "%%") return "%";
      const value = values[index++];
      const digits = precision === undefined ? 6 : Number(precision);
      switch (verb) {
        case "f":
          return Number(value).toFixed(digits);
        case "e":
          return Number(value).toExponential(digits);
        case "x":
        case "X":
        case "b":
        case "o": {
          const radix = { x: 16, X: 16, b: 2, o: 8 }[verb];
          const text = BigInt(value as bigint).toString(radix);
          return verb === "X" ? text.toUpperCase() : text;
        }
        default:
          return textOf(value);
      }
    },
  );
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, member]) => `${textOf(key)}: ${textOf(member)}`).join(", ")}}`;
  return String(value);
}

function addLists(environment: Environment): void {
  const isSorted = (list: readonly unknown[]) =>
    list.every((item, index) => index === 0 || compareValues(list[index - 1], item) <= 0);
  for (const type of [
    "int",
    "double",
    "string",
    "bool",
    "google.protobuf.Timestamp",
    "google.protobuf.Duration",
    "dyn",
  ]) {
    environment.registerFunction(`list<${type}>.isSorted(): bool`, isSorted);
    environment.registerFunction(`list<${type}>.min(): ${type}`, (list: readonly unknown[]) =>
      extreme(list, -1, "min"),
    );
    environment.registerFunction(`list<${type}>.max(): ${type}`, (list: readonly unknown[]) => extreme(list, 1, "max"));
  }
  environment
    .registerFunction("list<int>.sum(): int", (list: readonly bigint[]) => list.reduce((sum, item) => sum + item, 0n))
    .registerFunction("list<double>.sum(): double", (list: readonly number[]) =>
      list.reduce((sum, item) => sum + item, 0),
    )
    .registerFunction("list<dyn>.indexOf(dyn): int", (list: readonly unknown[], value: unknown) =>
      BigInt(list.findIndex((item) => isSameValue(item, value))),
    )
    .registerFunction("list<dyn>.lastIndexOf(dyn): int", (list: readonly unknown[], value: unknown) =>
      BigInt(list.findLastIndex((item) => isSameValue(item, value))),
    );
}

function extreme(list: readonly unknown[], sign: number, name: string): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (compareValues(item, best) * sign > 0 ? item : best));
}

function addSets(environment: Environment): void {
  const has = (list: readonly unknown[], value: unknown) => list.some((item) => isSameValue(item, value));
  const contains = (list: readonly unknown[], other: readonly unknown[]) => other.every((item) => has(list, item));
  environment
    .registerType("SetsLibrary", { ctor: SetsLibrary })
    .registerConstant("sets", "SetsLibrary", new SetsLibrary())
    .registerFunction("SetsLibrary.contains(list, list): bool", (_: unknown, list: unknown[], other: unknown[]) =>
      contains(list, other),
    )
    .registerFunction(
      "SetsLibrary.equivalent(list, list): bool",
      (_: unknown, list: unknown[], other: unknown[]) => contains(list, other) && contains(other, list),
    )
    .registerFunction("SetsLibrary.intersects(list, list): bool", (_: unknown, list: unknown[], other: unknown[]) =>
      other.some((item) => has(list, item)),
    );
}

function addMath(environment: Environment): void {
  environment
    .registerType("MathLibrary", { ctor: MathLibrary })
    .registerConstant("math", "MathLibrary", new MathLibrary());
  const pick = (sign: number) => (_: unknown, a: unknown, b: unknown) => (compareValues(a, b) * sign >= 0 ? a : b);
  for (const type of ["int", "double"]) {
    environment
      .registerFunction(`MathLibrary.greatest(${type}, ${type}): ${type}`, pick(1))
      .registerFunction(`MathLibrary.least(${type}, ${type}): ${type}`, pick(-1));
  }
}

function addQuantities(environment: Environment): void {
  const parse = (text: string) => {
    try {
      return new CelQuantity(Quantity.parse(text));
    } catch {
      throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
  };
  const isQuantity = (text: string) => {
    try {
      Quantity.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const order = (a: CelQuantity, b: CelQuantity) => a.value.compare(b.value);
  environment
    .registerType("kubernetes.Quantity", { ctor: CelQuantity })
    .registerFunction("quantity(string): kubernetes.Quantity", parse)
    .registerFunction("isQuantity(string): bool", isQuantity)
    .registerFunction(
      "kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool",
      (a: CelQuantity, b: CelQuantity) => order(a, b) > 0,
    )
    .registerFunction(
      "kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool",
      (a: CelQuantity, b: CelQuantity) => order(a, b) < 0,
    )
    .registerFunction("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", (a: CelQuantity, b: CelQuantity) =>
      BigInt(order(a, b)),
    )
    .registerFunction("kubernetes.Quantity.asApproximateFloat(): double", (a: CelQuantity) => a.value.toNumber())
    .registerFunction("kubernetes.Quantity.asInteger(): int", (a: CelQuantity) =>
      BigInt(Math.trunc(a.value.toNumber())),
    )
    .registerFunction("kubernetes.Quantity.isInteger(): bool", (a: CelQuantity) => Number.isInteger(a.value.toNumber()))
    .registerFunction("kubernetes.Quantity.sign(): int", (a: CelQuantity) => BigInt(Math.sign(a.value.toNumber())))
    .registerOperator(
      "kubernetes.Quantity == kubernetes.Quantity",
      (a: CelQuantity, b: CelQuantity) => order(a, b) === 0,
    );
}

function addAddresses(environment: Environment): void {
  const urlOf = (text: string) => {
    if (!URL.canParse(text))
      throw new Error(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      );
    return new CelUrl(new URL(text));
  };
  const ipOf = (text: string) => {
    if (isIP(text) === 0)
      throw new Error(
        `IP Address "${text}" parse error during conversion from string: ParseAddr("${text}"): unable to parse IP`,
      );
    return new CelIp(text);
  };
  environment
    .registerType("kubernetes.URL", { ctor: CelUrl })
    .registerFunction("url(string): kubernetes.URL", urlOf)
    .registerFunction("isURL(string): bool", (text: string) => URL.canParse(text) || text.startsWith("/"))
    .registerFunction("kubernetes.URL.getScheme(): string", ({ url }: CelUrl) => url.protocol.slice(0, -1))
    .registerFunction("kubernetes.URL.getHost(): string", ({ url }: CelUrl) => url.host)
    .registerFunction("kubernetes.URL.getHostname(): string", ({ url }: CelUrl) => url.hostname)
    .registerFunction("kubernetes.URL.getPort(): string", ({ url }: CelUrl) => url.port)
    .registerFunction("kubernetes.URL.getEscapedPath(): string", ({ url }: CelUrl) => url.pathname)
    .registerType("kubernetes.IP", { ctor: CelIp })
    .registerFunction("ip(string): kubernetes.IP", ipOf)
    .registerFunction("isIP(string): bool", (text: string) => isIP(text) !== 0)
    .registerFunction("kubernetes.IP.family(): int", ({ address }: CelIp) => (isIPv4(address) ? 4n : 6n))
    .registerFunction("isCIDR(string): bool", (text: string) => {
      const [address = "", length = ""] = text.split("/");
      return isIP(address) !== 0 && /^\d+$/.test(length) && Number(length) <= (isIPv4(address) ? 32 : 128);
    });
}
