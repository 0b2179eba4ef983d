/**
 * Splits an expression into tokens. What is no token becomes a problem and is left out, as ANTLR's lexers do it.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
 */
import type { Problem } from "./problem.ts";

export type TokenKind = "int" | "uint" | "float" | "string" | "bytes" | "identifier" | "escaped" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?${"`"}]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const QUOTED = [
  String.raw`[rR]"""[\s\S]*?"""`,
  String.raw`[rR]'''[\s\S]*?'''`,
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
].join("|");

const PATTERNS: readonly (readonly [kind: TokenKind | "space", pattern: RegExp])[] = [
  ["space", /[\t \r\n\f]+|\/\/[^\n]*/y],
  ["bytes", new RegExp(`[bB](?:${QUOTED})`, "y")],
  ["string", new RegExp(QUOTED, "y")],
  ["float", /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ["uint", /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ["int", /0x[0-9a-fA-F]+|\d+/y],
  ["identifier", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["escaped", /`[A-Za-z0-9_.\-/ ]+`/y],
  ["sign", /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y],
];

/** Tokens, the last of which is the end. Signs, and the words `in`, `true`, `false` and `null`, are of kind `sign`. */
export function tokensOf(source: string): { readonly tokens: readonly Token[]; readonly problems: readonly Problem[] } {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  for (let offset = 0; offset < source.length; ) {
    const found = tokenAt(source, offset);
    if (found === undefined) {
      const length = strayLength(source, offset);
      problems.push({
        offset,
        message: `Syntax error: token recognition error at: '${shown(source.slice(offset, offset + length))}'`,
      });
      offset += length;
      continue;
    }
    const [kind, text] = found;
    if (kind !== "space") tokens.push({ kind, text, offset });
    offset += text.length;
  }
  tokens.push({ kind: "end", text: "<EOF>", offset: source.length });
  return { tokens, problems };
}

const WORDS: readonly string[] = ["in", "true", "false", "null"];

function tokenAt(source: string, offset: number): readonly [kind: TokenKind | "space", text: string] | undefined {
  let longest: readonly [TokenKind | "space", string] | undefined;
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined && text.length > (longest?.[1].length ?? 0)) {
      longest = [kind === "identifier" && WORDS.includes(text) ? "sign" : kind, text];
    }
  }
  return longest;
}

/** How much is left out: up to and with the character at which no token can go on. */
function strayLength(source: string, offset: number): number {
  const [first = ""] = source.slice(offset);
  const rest = source.length - offset;
  if (first === '"' || first === "'") {
    const body = new RegExp(`(?:${ESCAPE}|[^\\\\${first}\\n\\r])*`, "y");
    body.lastIndex = offset + 1;
    const end = offset + 1 + (body.exec(source)?.[0].length ?? 0);
    if (source[end] !== "\\") return Math.min(end + 1 - offset, rest);
    // A bad escape: with the character after the backslash, or where its digits end.
    const digits = /\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?/y;
    digits.lastIndex = end;
    return Math.min(end - offset + (digits.exec(source)?.[0].length ?? 1) + 1, rest);
  }
  const width = String.fromCodePoint(source.codePointAt(offset) ?? 0).length;
  return Math.min("=&|".includes(first) ? 2 : width, rest);
}

/** As ANTLR shows a text in quotes. */
export function shown(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
}
