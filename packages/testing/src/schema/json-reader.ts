/**
 * A JSON reader that keeps what `JSON.parse` loses and the server's decoder judges: repeated keys, and the spelling of
 * numbers. Its errors are worded as those of Go's encoding/json.
 */

/** A number as it was spelled. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object with its keys in the order of the text, repeated ones included. */
export class JsonObject {
  readonly entries: [string, JsonNode][] = [];
  /** Where the values stand in the text. */
  readonly offsets: number[] = [];
}

export type JsonNode = null | boolean | string | JsonNumber | JsonObject | JsonNode[];

/** The text is not JSON. The message has Go's words. */
export class JsonSyntaxError extends Error {
  override readonly name: string = "JsonSyntaxError";
}

/** Reads one JSON value. Throws {@link JsonSyntaxError}. */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value("looking for beginning of value");
  reader.end();
  return node;
}

/** The plain value: numbers as numbers, the last of repeated keys. */
export function plainJson(node: JsonNode): unknown {
  if (node instanceof JsonNumber) return Number(node.text);
  if (Array.isArray(node)) return node.map(plainJson);
  if (!(node instanceof JsonObject)) return node;
  const plain: Record<string, unknown> = {};
  for (const [key, value] of node.entries) define(plain, key, plainJson(value));
  return plain;
}

/** Sets a key even where it is `__proto__`. */
export function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

const maxDepth = 10_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them.
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Reader {
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("after top-level value");
  }

  value(context: string): JsonNode {
    this.space();
    const char = this.text[this.at];
    switch (char) {
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.array());
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        if (char !== undefined && (char === "-" || isDigit(char))) return this.number();
        return this.fail(context);
    }
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > maxDepth) throw new JsonSyntaxError("exceeded max depth");
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): JsonObject {
    const object = new JsonObject();
    this.at += 1;
    this.space();
    if (this.take("}")) return object;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail("looking for beginning of object key string");
      const key = this.string();
      this.space();
      if (!this.take(":")) this.fail("after object key");
      this.space();
      object.offsets.push(this.at);
      object.entries.push([key, this.value("looking for beginning of value")]);
      this.space();
      if (this.take("}")) return object;
      if (!this.take(",")) this.fail("after object key:value pair");
    }
  }

  private array(): JsonNode[] {
    const array: JsonNode[] = [];
    this.at += 1;
    this.space();
    if (this.take("]")) return array;
    for (;;) {
      array.push(this.value("looking for beginning of value"));
      this.space();
      if (this.take("]")) return array;
      if (!this.take(",")) this.fail("after array element");
    }
  }

  private string(): string {
    this.at += 1;
    let out = "";
    let hasUnicodeEscape = false;
    for (;;) {
      plainCharacters.lastIndex = this.at;
      const plain = plainCharacters.exec(this.text)?.[0] ?? "";
      out += plain;
      this.at += plain.length;
      const char = this.text[this.at];
      if (char === '"') {
        this.at += 1;
        // A lone surrogate, which only an escape can make, becomes U+FFFD, as in Go.
        return hasUnicodeEscape ? out.replace(/\p{Surrogate}/gu, "\uFFFD") : out;
      }
      if (char !== "\\") this.fail("in string literal");
      this.at += 1;
      hasUnicodeEscape ||= this.text[this.at] === "u";
      out += this.escape();
    }
  }

  private escape(): string {
    const char = this.text[this.at];
    if (char === "u") {
      for (let i = 1; i <= 4; i += 1) {
        const digit = this.text[this.at + i];
        if (digit !== undefined && /[0-9a-fA-F]/.test(digit)) continue;
        this.at += i;
        this.fail("in \\u hexadecimal character escape");
      }
      const code = Number.parseInt(this.text.slice(this.at + 1, this.at + 5), 16);
      this.at += 5;
      return String.fromCharCode(code);
    }
    const plain = char === undefined ? undefined : escapes[char];
    if (plain === undefined) return this.fail("in string escape code");
    this.at += 1;
    return plain;
  }

  private number(): JsonNumber {
    const start = this.at;
    this.take("-");
    if (!this.take("0")) this.digits("in numeric literal");
    if (this.take(".")) this.digits("after decimal point in numeric literal");
    if (this.take("e") || this.take("E")) {
      if (!this.take("+")) this.take("-");
      this.digits("in exponent of numeric literal");
    }
    return new JsonNumber(this.text.slice(start, this.at));
  }

  private digits(context: string): void {
    if (!isDigit(this.text[this.at] ?? "")) this.fail(context);
    while (isDigit(this.text[this.at] ?? "")) this.at += 1;
  }

  private word<T>(word: string, value: T): T {
    for (let i = 1; i < word.length; i += 1) {
      if (this.text[this.at + i] === word[i]) continue;
      this.at += i;
      this.fail(`in literal ${word} (expecting '${word[i]}')`);
    }
    this.at += word.length;
    return value;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char !== " " && char !== "\n" && char !== "\t" && char !== "\r") return;
      this.at += 1;
    }
  }

  private fail(context: string): never {
    const char = this.text.codePointAt(this.at);
    if (char === undefined) throw new JsonSyntaxError("unexpected end of JSON input");
    throw new JsonSyntaxError(`invalid character ${quoteCharacter(char)} ${context}`);
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

/** Go reads bytes, so what is beyond ASCII is named by its first byte. */
function quoteCharacter(code: number): string {
  if (code === 0x27) return "'\\''";
  if (code === 0x22) return "'\"'";
  if (code > 0x7f) {
    const byte = new TextEncoder().encode(String.fromCodePoint(code))[0] ?? 0;
    return `'${String.fromCharCode(byte)}'`;
  }
  const named: Readonly<Record<number, string>> = {
    7: "\\a",
    8: "\\b",
    9: "\\t",
    10: "\\n",
    11: "\\v",
    12: "\\f",
    13: "\\r",
    92: "\\\\",
  };
  const short = named[code];
  if (short !== undefined) return `'${short}'`;
  return code < 0x20 || code === 0x7f ? `'\\x${code.toString(16).padStart(2, "0")}'` : `'${String.fromCharCode(code)}'`;
}
