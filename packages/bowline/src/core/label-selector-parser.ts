/**
 * Reads label selectors such as `app=shop,tier notin (db,cache),!canary`, with apimachinery's grammar and messages.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/labels#Parse
 */
import { goQuote } from "./go-text.ts";
import { type LabelOperator, type LabelRequirement, labelRequirement } from "./label-requirement.ts";
import { validateLabelKey } from "./label-value.ts";
import { ParseError } from "./parse-error.ts";

/**
 * The requirements in the order of the text.
 *
 * @throws {@link ParseError} where the text is no selector, or holds a key or value that no label can have.
 */
export function parseLabelRequirements(text: string): LabelRequirement[] {
  return new Parser(text).parse();
}

interface Token {
  readonly type: "symbol" | "word" | "end";
  readonly text: string;
}

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ["in", "in"],
  ["notin", "notin"],
  ["=", "="],
  ["==", "=="],
  ["!=", "!="],
  [">", "gt"],
  ["<", "lt"],
]);
const endToken: Token = { type: "end", text: "" };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (isWhitespace(character)) {
      position++;
      continue;
    }
    // A NUL ends the text, and is swallowed where it ends a word or a symbol, as it is in Go.
    if (character === "\0") break;
    const token = isSymbol(character) ? symbolAt(text, position) : wordAt(text, position);
    tokens.push(token);
    position += token.text.length;
    if (text.charAt(position) === "\0") position++;
  }
  tokens.push(endToken);
  return tokens;
}

function wordAt(text: string, start: number): Token {
  let end = start;
  while (end < text.length && !isWordEnd(text.charAt(end))) end++;
  return { type: "word", text: text.slice(start, end) };
}

function symbolAt(text: string, start: number): Token {
  const pair = text.slice(start, start + 2);
  return { type: "symbol", text: pair === "==" || pair === "!=" ? pair : text.charAt(start) };
}

function isWhitespace(character: string): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}

function isSymbol(character: string): boolean {
  return "=!(),><".includes(character);
}

function isWordEnd(character: string): boolean {
  return isSymbol(character) || isWhitespace(character) || character === "\0";
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.type === "end") return requirements;
      if (!beginsRequirement(token)) this.#fail(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.type === "end") return requirements;
      if (!is(next, ",")) this.#fail(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (!beginsRequirement(after)) this.#fail(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): LabelRequirement {
    let token = this.#take();
    const isNegated = is(token, "!");
    if (isNegated) token = this.#take();
    if (token.type !== "word") this.#failRequirement(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const keyErrors = validateLabelKey(key);
    if (keyErrors.length > 0) this.#failRequirement(`<nil>: Invalid value: ${goQuote(key)}: ${keyErrors.join("; ")}`);
    // After `!key`, what follows is the caller's to refuse.
    if (isNegated) return this.#checked(key, "!", []);
    if (this.#isAtEndOfRequirement()) return this.#checked(key, "exists", []);
    const operatorToken = this.#take();
    const operator = operators.get(operatorToken.text);
    if (operator === undefined) {
      this.#failRequirement(`found '${operatorToken.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const values = operator === "in" || operator === "notin" ? this.#valueList() : [this.#exactValue()];
    return this.#checked(key, operator, values);
  }

  #exactValue(): string {
    if (this.#isAtEndOfRequirement()) return "";
    const token = this.#take();
    if (token.type !== "word") this.#failRequirement(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** `(a,b)`, where nothing between commas is the empty value. Sorted and without repetition. */
  #valueList(): string[] {
    const open = this.#take();
    if (!is(open, "(")) this.#failRequirement(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (is(first, ")")) {
      this.#take();
      return [""];
    }
    if (first.type !== "word" && !is(first, ",")) {
      this.#failRequirement(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = new Set<string>();
    for (;;) {
      const token = this.#take();
      const next = this.#peek();
      if (token.type === "word") {
        values.add(token.text);
        if (is(next, ")")) break;
        if (!is(next, ",")) this.#failRequirement(`found '${next.text}', expected: ',' or ')'`);
      } else if (is(token, ",")) {
        if (values.size === 0 || is(next, ",") || is(next, ")")) values.add("");
        if (is(next, ")")) break;
      } else {
        this.#failRequirement(`found '${token.text}', expected: ',', or identifier`);
      }
    }
    this.#take();
    return [...values].sort();
  }

  #checked(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
    const checked = labelRequirement(key, operator, values);
    if (checked.type === "invalid") this.#failRequirement(checked.reason);
    return checked.requirement;
  }

  #isAtEndOfRequirement(): boolean {
    const token = this.#peek();
    return token.type === "end" || is(token, ",");
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? endToken;
  }

  #take(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }

  #failRequirement(reason: string): never {
    this.#fail(`unable to parse requirement: ${reason}`);
  }

  #fail(reason: string): never {
    throw new ParseError("label selector", this.#text, reason);
  }
}

function is(token: Token, symbol: string): boolean {
  return token.type === "symbol" && token.text === symbol;
}

function beginsRequirement(token: Token): boolean {
  return token.type === "word" || is(token, "!");
}
