/**
 * The values of literals.
 */
import { CelUint } from "./value.ts";

const MOST_INT = 2n ** 63n - 1n;
const MOST_UINT = 2n ** 64n - 1n;

/** An integer, with its sign; undefined where it does not fit. */
export function intLiteral(text: string): bigint | undefined {
  const isNegative = text.startsWith("-");
  const size = BigInt(isNegative ? text.slice(1) : text);
  if (size > (isNegative ? MOST_INT + 1n : MOST_INT)) return undefined;
  return isNegative ? -size : size;
}

/** An unsigned integer, with its `u`; undefined where it does not fit. */
export function uintLiteral(text: string): CelUint | undefined {
  const value = BigInt(text.slice(0, -1));
  return value > MOST_UINT ? undefined : new CelUint(value);
}

/** A floating point number; undefined where it does not fit. */
export function doubleLiteral(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const CHARACTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The content of a string in its quotes; undefined where an escape is none. */
export function stringLiteral(text: string): string | undefined {
  return unquoted(
    text,
    (code) => String.fromCodePoint(code),
    (character) => character,
  )?.join("");
}

/** The content of bytes in their quotes, after the `b`. */
export function bytesLiteral(text: string): Uint8Array | undefined {
  if (!/^[rR]/.test(text.slice(1)) && /(?:^|[^\\])(?:\\\\)*\\[uU]/.test(text)) return undefined;
  const encoder = new TextEncoder();
  const parts = unquoted<number[]>(
    text.slice(1),
    (code, isByte) => (isByte ? [code] : [...encoder.encode(String.fromCodePoint(code))]),
    (character) => [...encoder.encode(character)],
  );
  return parts === undefined ? undefined : Uint8Array.from(parts.flat());
}

function unquoted<T>(
  text: string,
  fromCode: (code: number, isByte: boolean) => T,
  plain: (character: string) => T,
): T[] | undefined {
  const isRaw = /^[rR]/.test(text);
  const quoted = isRaw ? text.slice(1) : text;
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(width, -width);
  if (isRaw) return [...body].map(plain);
  const parts: T[] = [];
  const pattern = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))|[\s\S]/gu;
  for (const match of body.matchAll(pattern)) {
    const [whole, hex, short, long, octal, character] = match;
    if (hex !== undefined) parts.push(fromCode(Number.parseInt(hex, 16), true));
    else if (octal !== undefined) parts.push(fromCode(Number.parseInt(octal, 8), true));
    else if (short !== undefined || long !== undefined) {
      const code = Number.parseInt(short ?? long ?? "", 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      parts.push(fromCode(code, false));
    } else parts.push(plain(character === undefined ? whole : (CHARACTERS[character] ?? character)));
  }
  return parts;
}
