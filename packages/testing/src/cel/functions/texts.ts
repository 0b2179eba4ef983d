/**
 * Functions of texts, patterns among them.
 */
import { goQuote } from "bowline/core";
import { type FunctionLibrary, fail } from "../function-library.ts";
import { formatText } from "./formatting.ts";

/** Declares the functions of texts. */
export function declareTextFunctions(library: FunctionLibrary): void {
  library
    .declare("contains_string", "<string>.contains(string): bool", (text: string, part: string) => text.includes(part))
    .declare("ends_with_string", "<string>.endsWith(string): bool", (text: string, end: string) => text.endsWith(end))
    .declare("starts_with_string", "<string>.startsWith(string): bool", (text: string, start: string) =>
      text.startsWith(start),
    )
    .declare("matches", "matches(string, string): bool", isMatch)
    .declare("matches_string", "<string>.matches(string): bool", isMatch)
    .declare(
      "string_find_string",
      "<string>.find(string): string",
      (text: string, pattern: string) => text.match(compiled(pattern))?.[0] ?? "",
    )
    .declare("string_find_all_string", "<string>.findAll(string): list(string)", (text: string, pattern: string) =>
      findAll(text, pattern, -1n),
    )
    .declare("string_find_all_string_int", "<string>.findAll(string, int): list(string)", findAll)
    .declare("string_format", "<string>.format(list(dyn)): string", formatText)
    .declare("strings_quote", "strings.quote(string): string", goQuote);
  declarePositions(library);
  declareChanges(library);
}

function declarePositions(library: FunctionLibrary): void {
  library
    .declare("string_char_at_int", "<string>.charAt(int): string", (text: string, index: bigint) => {
      const characters = [...text];
      const position = Number(index);
      if (position < 0 || position > characters.length) fail(`index out of range: ${index}`);
      return characters[position] ?? "";
    })
    .declare("string_index_of_string", "<string>.indexOf(string): int", (text: string, part: string) =>
      indexOf(text, part, 0n),
    )
    .declare("string_index_of_string_int", "<string>.indexOf(string, int): int", indexOf)
    .declare("string_last_index_of_string", "<string>.lastIndexOf(string): int", (text: string, part: string) =>
      lastIndexOf(text, part, BigInt([...text].length)),
    )
    .declare("string_last_index_of_string_int", "<string>.lastIndexOf(string, int): int", lastIndexOf)
    .declare("string_substring_int", "<string>.substring(int): string", (text: string, start: bigint) => {
      const characters = [...text];
      if (start < 0n || Number(start) > characters.length) fail(`index out of range: ${start}`);
      return characters.slice(Number(start)).join("");
    })
    .declare(
      "string_substring_int_int",
      "<string>.substring(int, int): string",
      (text: string, start: bigint, end: bigint) => {
        const characters = [...text];
        if (start > end) fail(`invalid substring range. start: ${start}, end: ${end}`);
        if (start < 0n || Number(start) > characters.length) fail(`index out of range: ${start}`);
        if (end < 0n || Number(end) > characters.length) fail(`index out of range: ${end}`);
        return characters.slice(Number(start), Number(end)).join("");
      },
    );
}

function declareChanges(library: FunctionLibrary): void {
  library
    .declare("list_join", "<list(string)>.join(): string", (list: string[]) => list.join(""))
    .declare("list_join_string", "<list(string)>.join(string): string", (list: string[], separator: string) =>
      list.join(separator),
    )
    .declare("string_lower_ascii", "<string>.lowerAscii(): string", (text: string) =>
      text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    )
    .declare("string_upper_ascii", "<string>.upperAscii(): string", (text: string) =>
      text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
    )
    .declare(
      "string_replace_string_string",
      "<string>.replace(string, string): string",
      (text: string, from: string, to: string) => replace(text, from, to, -1n),
    )
    .declare("string_replace_string_string_int", "<string>.replace(string, string, int): string", replace)
    .declare("string_split_string", "<string>.split(string): list(string)", (text: string, separator: string) =>
      split(text, separator, -1n),
    )
    .declare("string_split_string_int", "<string>.split(string, int): list(string)", split)
    .declare("string_trim", "<string>.trim(): string", (text: string) => text.trim());
}

/** A pattern of RE2 in JavaScript's syntax, as far as the two differ. */
export function toRegExp(pattern: string, flags = ""): RegExp {
  const inline = /^\(\?([imsU]+)\)/.exec(pattern);
  const body = (inline === null ? pattern : pattern.slice(inline[0].length))
    .replaceAll("(?P<", "(?<")
    .replace(/\\z/g, "$")
    .replace(/\\A/g, "^")
    .replaceAll("[[:alpha:]]", "[A-Za-z]")
    .replaceAll("[[:digit:]]", "[0-9]")
    .replaceAll("[[:alnum:]]", "[A-Za-z0-9]")
    .replaceAll("[[:space:]]", "\\s");
  return new RegExp(body, `${flags}${(inline?.[1] ?? "").replace("U", "")}`);
}

/** Whether a text is a pattern. */
export function isPattern(pattern: string): boolean {
  try {
    toRegExp(pattern);
    return !/\(\?[=!]|\(\?<[=!]|\\[1-9]/.test(pattern);
  } catch {
    return false;
  }
}

function compiled(pattern: string, flags = ""): RegExp {
  try {
    return toRegExp(pattern, flags);
  } catch {
    return fail(`Illegal regex: error parsing regexp: ${pattern}`);
  }
}

function isMatch(text: string, pattern: string): boolean {
  return compiled(pattern).test(text);
}

function findAll(text: string, pattern: string, most: bigint): string[] {
  const found = text.match(compiled(pattern, "g")) ?? [];
  return most < 0n ? [...found] : found.slice(0, Number(most));
}

function indexOf(text: string, part: string, from: bigint): bigint {
  const characters = [...text];
  if (part === "") return from;
  if (from < 0n || Number(from) > characters.length) fail(`index out of range: ${from}`);
  const start = characters.slice(0, Number(from)).join("").length;
  const found = text.indexOf(part, start);
  return found < 0 ? -1n : BigInt([...text.slice(0, found)].length);
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  const characters = [...text];
  if (part === "") return from;
  if (from < 0n || Number(from) > characters.length) fail(`index out of range: ${from}`);
  const start = characters.slice(0, Number(from)).join("").length;
  const found = text.lastIndexOf(part, start);
  return found < 0 ? -1n : BigInt([...text.slice(0, found)].length);
}

function replace(text: string, from: string, to: string, most: bigint): string {
  const parts = from === "" ? ["", ...text, ""] : text.split(from);
  if (from === "" && text === "") parts.pop();
  const gaps = parts.length - 1;
  const count = most < 0n ? gaps : Math.min(Number(most), gaps);
  return (
    parts.slice(0, count + 1).join(to) +
    parts
      .slice(count + 1)
      .map((part) => from + part)
      .join("")
  );
}

function split(text: string, separator: string, most: bigint): string[] {
  if (most === 0n) return [];
  const parts = separator === "" ? [...text] : text.split(separator);
  if (most < 0n || Number(most) >= parts.length) return parts;
  const first = parts.slice(0, Number(most) - 1);
  return [...first, parts.slice(Number(most) - 1).join(separator)];
}
