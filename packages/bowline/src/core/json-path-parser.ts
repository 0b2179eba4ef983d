/**
 * Reads kubectl's JSONPath templates: `{range .items[*]}{.metadata.name}{"\n"}{end}`.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 * @see https://pkg.go.dev/k8s.io/client-go@v0.37.2/util/jsonpath
 */
import { ParseError } from "./parse-error.ts";

/** One step of an action. */
export type JsonPathStep =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value"; readonly value: number | boolean }
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "slice"; readonly slice: JsonPathSlice }
  | { readonly type: "filter"; readonly filter: JsonPathFilter }
  | { readonly type: "union"; readonly members: readonly JsonPathSteps[] }
  | { readonly type: "keyword"; readonly word: string }
  | { readonly type: "wildcard" }
  | { readonly type: "descent" };
export type JsonPathSteps = readonly JsonPathStep[];

/** `[start:end:step]`; an index alone is a slice of one, whose end is derived. */
export interface JsonPathSlice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly isIndex: boolean;
  readonly step: number | undefined;
}

/** `[?(left operator right)]`; without an operator, whether `left` finds anything. */
export interface JsonPathFilter {
  readonly left: JsonPathSteps;
  readonly operator: string | undefined;
  readonly right: JsonPathSteps;
}

/** A part of a template: text as it stands, or an action in braces. */
export type JsonPathPart =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "action"; readonly steps: JsonPathSteps };

/**
 * The parts of a template.
 *
 * @throws {@link ParseError} with client-go's reason.
 */
export function parseJsonPathTemplate(template: string): JsonPathPart[] {
  const parts: JsonPathPart[] = [];
  let position = 0;
  while (position < template.length) {
    const brace = template.indexOf("{", position);
    const end = brace === -1 ? template.length : brace;
    if (end > position) parts.push({ type: "literal", text: template.slice(position, end) });
    if (brace === -1) break;
    const action = new ActionParser(template, brace + 1);
    parts.push({ type: "action", steps: action.parse() });
    position = action.position;
  }
  return parts;
}

const terminators = " \t\r\n.,[]$@{}";

class ActionParser {
  readonly #template: string;
  readonly #steps: JsonPathStep[] = [];
  /** After `parse`, behind the closing brace. */
  position: number;

  constructor(template: string, position: number) {
    this.#template = template;
    this.position = position;
  }

  parse(): JsonPathSteps {
    for (;;) {
      const rest = this.#template.slice(this.position, this.position + 3);
      const character = rest.charAt(0);
      if (character === "}") {
        this.position++;
        return this.#steps;
      }
      if (rest === "[?(") this.#filter();
      else if (rest.startsWith("..")) this.#descent();
      else if (character === "" || character === "\n" || character === "\r") this.#fail("unclosed action");
      else if (" @$".includes(character)) this.position++;
      else if (character === "[") this.#brackets();
      else if (character === '"' || character === "'") this.#quoted(character);
      else if (character === ".") {
        this.position++;
        this.#field();
      } else if (/[-+\p{Nd}]/u.test(character)) this.#number();
      else if (isWordStart(character)) this.#word();
      else this.#failAtCharacter();
    }
  }

  #field(): void {
    const start = this.position;
    while (!this.#isAtTerminator()) this.position += this.#template.charAt(this.position) === "\\" ? 2 : 1;
    this.position = Math.min(this.position, this.#template.length);
    const name = this.#template.slice(start, this.position);
    this.#steps.push(name === "*" ? { type: "wildcard" } : { type: "field", name: name.replaceAll("\\", "") });
  }

  #descent(): void {
    if (this.#steps.at(-1)?.type === "descent") this.#fail("invalid multiple recursive descent");
    this.position += 2;
    this.#steps.push({ type: "descent" });
    if (isWordStart(this.#template.charAt(this.position))) this.#field();
  }

  #number(): void {
    const [text = ""] = /^[-+]?[.\p{Nd}]*/u.exec(this.#template.slice(this.position)) ?? [];
    this.position += text.length;
    if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text)) this.#fail(`cannot parse number ${text}`);
    this.#steps.push({ type: "value", value: Number(text) });
  }

  #word(): void {
    const start = this.position;
    while (!this.#isAtTerminator()) this.position++;
    const word = this.#template.slice(start, this.position);
    const isBoolean = word === "true" || word === "false";
    this.#steps.push(isBoolean ? { type: "value", value: word === "true" } : { type: "keyword", word });
  }

  #quoted(quote: string): void {
    const start = this.position;
    for (this.position++; ; this.position++) {
      const character = this.#template.charAt(this.position);
      if (character === "" || character === "\n") this.#fail("unterminated quoted string");
      if (character === quote && this.#template.charAt(this.position - 1) !== "\\") break;
    }
    this.position++;
    const quoted = this.#template.slice(start, this.position);
    const text = unquote(quoted.slice(1, -1), quote);
    if (text === undefined) this.#fail(`unquote string ${quoted} error invalid syntax`);
    this.#steps.push({ type: "text", text });
  }

  #brackets(): void {
    const start = this.position + 1;
    while (this.#template.charAt(this.position) !== "]") {
      if (this.#template.charAt(this.position) === "\n" || this.position >= this.#template.length) {
        this.#fail("unterminated array");
      }
      this.position++;
    }
    const inside = this.#template.slice(start, this.position++);
    const members = (inside === "*" ? ":" : inside).split(",");
    if (members.length > 1) {
      this.#steps.push({
        type: "union",
        members: members.map((member) => this.#nested(`[${member.replace(/^ +| +$/g, "")}]`)),
      });
      return;
    }
    const key = /^'([^']*)'$/.exec(inside)?.[1];
    if (key !== undefined) this.#steps.push(...this.#nested(`.${key}`));
    else this.#steps.push({ type: "slice", slice: this.#slice(inside === "*" ? ":" : inside) });
  }

  #slice(text: string): JsonPathSlice {
    const match = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/.exec(text);
    if (match === null) this.#fail(`invalid array index ${text}`);
    const [, start = "", end, step] = match;
    const isIndex = end === undefined;
    const [first, last, every] = [start, end?.slice(1) ?? "", step?.slice(1) ?? ""].map((part) => {
      if (part === "-") this.#fail("array index - is not a number");
      return part === "" ? undefined : Number(part);
    });
    return { start: first, end: isIndex ? (first ?? 0) + 1 : last, isIndex, step: every };
  }

  #filter(): void {
    this.position += 3;
    const start = this.position;
    let quote = "";
    let isClosed = false;
    for (; ; this.position++) {
      const character = this.#template.charAt(this.position);
      if (character === "" || character === "\n") this.#fail("unterminated filter");
      if (character === '"' || character === "'") {
        if (quote === "") quote = character;
        else if (character === quote && this.#template.charAt(this.position - 1) !== "\\") isClosed = true;
      }
      if (character === ")" && (quote === "" || isClosed)) break;
    }
    const inside = this.#template.slice(start, this.position++);
    if (this.#template.charAt(this.position++) !== "]") this.#fail("unclosed array expect ]");
    const match = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(inside);
    const [, left = inside, operator, right = ""] = match ?? [];
    const filter = { left: this.#nested(left), operator, right: operator === undefined ? [] : this.#nested(right) };
    this.#steps.push({ type: "filter", filter });
  }

  /** The steps of a part, as if it stood in braces of its own. */
  #nested(text: string): JsonPathSteps {
    return new ActionParser(`${text}}`, 0).parse();
  }

  #isAtTerminator(): boolean {
    return this.position >= this.#template.length || terminators.includes(this.#template.charAt(this.position));
  }

  #failAtCharacter(): never {
    const code = this.#template.codePointAt(this.position) ?? 0;
    const number = code.toString(16).toUpperCase().padStart(4, "0");
    this.#fail(`unrecognized character in action: U+${number} '${String.fromCodePoint(code)}'`);
  }

  #fail(reason: string): never {
    throw new ParseError("JSONPath", this.#template, reason);
  }
}

function isWordStart(character: string): boolean {
  return /[_\p{L}\p{Nd}]/u.test(character);
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** Go's escapes; undefined where there is another. Only the quote that is in use can be escaped. */
function unquote(text: string, quote: string): string | undefined {
  let isValid = true;
  const plain = text.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{3}|.|$)/gsu, (_, code: string) => {
    if (/^[ux]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    const isOtherQuote = (code === '"' || code === "'") && code !== quote;
    isValid &&= Object.hasOwn(escapes, code) && !isOtherQuote;
    return escapes[code] ?? "";
  });
  return isValid ? plain : undefined;
}
