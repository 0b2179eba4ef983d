/**
 * `format`: texts made of a pattern and values.
 */
import { fail } from "../function-library.ts";
import { CelUint, type CelValue, typeNameOf } from "../value.ts";
import { textOf } from "./conversions.ts";

/** Fills the clauses of a pattern, `%s` and its like, with values. */
export function formatText(pattern: string, values: readonly CelValue[]): string {
  let index = 0;
  return pattern.replace(
    /%(?:(%)|(?:\.(\d+))?([\s\S])?)/g,
    (_, percent?: string, precision?: string, verb?: string) => {
      if (percent !== undefined) return "%";
      if (verb === undefined) return fail("unexpected end of string");
      if (!"sdfexXbo".includes(verb))
        return fail(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
      if (index >= values.length) return fail(`index ${index} out of range`);
      const value = values[index];
      index += 1;
      return clause(verb, precision === undefined ? 6 : Number(precision), value);
    },
  );
}

function clause(verb: string, digits: number, value: CelValue): string {
  switch (verb) {
    case "s":
      return textOf(value);
    case "d":
      return typeof value === "bigint" || value instanceof CelUint || typeof value === "number"
        ? textOf(value)
        : wrongType("decimal clause can only be used on integers, was given", value);
    case "f":
      return typeof value === "number" ? value.toFixed(digits) : numberOf(value, "fixed-point").toFixed(digits);
    case "e":
      return numberOf(value, "scientific")
        .toExponential(digits)
        .replace(/e([+-])(\d)$/, "e$10$2");
    case "b":
      if (typeof value === "boolean") return value ? "1" : "0";
      return integer(value, 2, "only integers and bools can be formatted as binary, was given");
    case "o":
      return integer(value, 8, "octal clause can only be used on integers, was given");
    default:
      return verb === "X" ? hexadecimal(value).toUpperCase() : hexadecimal(value);
  }
}

function hexadecimal(value: CelValue): string {
  if (typeof value === "string") return Buffer.from(value).toString("hex");
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return integer(value, 16, "only integers, byte buffers, and strings can be formatted as hex, was given");
}

function integer(value: CelValue, radix: number, what: string): string {
  if (typeof value === "bigint") return value.toString(radix);
  return value instanceof CelUint ? value.value.toString(radix) : wrongType(what, value);
}

function numberOf(value: CelValue, what: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  return Number(wrongType(`${what} clause can only be used on doubles, was given`, value));
}

function wrongType(what: string, value: CelValue): string {
  return fail(`error during formatting: ${what} ${typeNameOf(value)}`);
}
