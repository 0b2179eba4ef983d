/**
 * Parses an expression. Mistakes are found, worded and skipped as the parser does that ANTLR makes of cel-go's grammar: a token too
 * many or too few is repaired and reading goes on; after any other mistake nothing more is said until a token fits again.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
 */
import type { Entry, Expression, Field } from "./expression.ts";
import { shown, type Token, type TokenKind, tokensOf } from "./lexer.ts";
import { bytesLiteral, doubleLiteral, intLiteral, stringLiteral, uintLiteral } from "./literals.ts";
import { expandMacro, MacroError } from "./macros.ts";
import type { Problem } from "./problem.ts";

/** A parsed expression, or what is wrong with it. */
export type Parsed =
  | { readonly isValid: true; readonly expression: Expression }
  | { readonly isValid: false; readonly problems: readonly Problem[] };

/** Parses a whole text. */
export function parse(source: string): Parsed {
  const { tokens, problems } = tokensOf(source);
  const parser = new Parser(source, tokens, problems);
  const expression = parser.whole();
  if (parser.problems.length > 0) return { isValid: false, problems: parser.problems };
  return { isValid: true, expression };
}

/** How a kind of token, or a sign, is named where it was expected, in the order in which they are named. */
const ORDER: readonly string[] = [
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'true'",
  "'false'",
  "'null'",
  "NUM_FLOAT",
  "NUM_INT",
  "NUM_UINT",
  "STRING",
  "BYTES",
  "IDENTIFIER",
  "ESC_IDENTIFIER",
];
const KINDS: Readonly<Record<TokenKind, string>> = {
  float: "NUM_FLOAT",
  int: "NUM_INT",
  uint: "NUM_UINT",
  string: "STRING",
  bytes: "BYTES",
  identifier: "IDENTIFIER",
  escaped: "ESC_IDENTIFIER",
  sign: "",
  end: "<EOF>",
};
/** What begins an operand. */
const OPERAND: readonly string[] = ORDER.filter(
  (name) => !["']'", "'}'", "')'", "','", "'?'", "':'", "ESC_IDENTIFIER"].includes(name),
);

/** What begins an operand without a sign, but for the sign of a number. */
const PRIMARY: readonly string[] = OPERAND.filter((name) => name !== "'!'");

const RELATIONS: readonly string[] = ["<", "<=", ">=", ">", "==", "!=", "in"];
const SUMS: readonly string[] = ["+", "-"];
const PRODUCTS: readonly string[] = ["*", "/", "%"];

const RESERVED: ReadonlySet<string> = new Set(
  "as break const continue else false for function if import in let loop package namespace null return true var void while".split(
    " ",
  ),
);
const DEEPEST = 250;

/** Stands where an expression could not be read. */
const MISSING: Expression = { op: "literal", value: null, offset: 0 };

/** How a token is named among those expected. */
function nameOf({ kind, text }: Token): string {
  return kind === "sign" ? `'${text}'` : KINDS[kind];
}

class Parser {
  readonly problems: Problem[];
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  /** Whether a mistake was found after the last token that fitted. */
  #isRecovering = false;
  #depth = 0;
  /** Whether a last comma was read, after which nothing but the closing bracket comes. */
  #isClosingDue = false;
  /** What may follow the expressions that are being read, innermost last. */
  readonly #enclosing: (readonly string[])[] = [];

  constructor(source: string, tokens: readonly Token[], problems: readonly Problem[]) {
    this.#source = source;
    this.#tokens = tokens;
    this.problems = [...problems];
  }

  whole(): Expression {
    const expression = this.#expression();
    this.#expect("<EOF>", []);
    return expression;
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST) {
      this.problems.push({ offset: -1, message: `expression recursion limit exceeded: ${DEEPEST}` });
      this.#index = this.#tokens.length - 1;
      return MISSING;
    }
    const condition = this.#or();
    let result = condition;
    if (this.#is("?")) {
      const { offset } = this.#take();
      const yes = this.#within(["':'"], () => this.#or());
      this.#expect("':'", OPERAND);
      result = { op: "call", name: "_?_:_", args: [condition, yes, this.#expression()], offset };
    }
    this.#depth -= 1;
    return result;
  }

  /** Reads what stands in brackets, or before a colon; `after` is what ends it. */
  #within<T>(after: readonly string[], read: () => T): T {
    this.#enclosing.push(after);
    const result = read();
    this.#enclosing.pop();
    return result;
  }

  #or(): Expression {
    return this.#chain(["||"], () => this.#chain(["&&"], () => this.#relation()));
  }

  #relation(): Expression {
    return this.#chain(RELATIONS, () => this.#chain(SUMS, () => this.#chain(PRODUCTS, () => this.#unary())));
  }

  #chain(signs: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.#current.kind === "sign" && signs.includes(this.#current.text)) {
      const { text, offset } = this.#take();
      left = { op: "call", name: text === "in" ? "@in" : `_${text}_`, args: [left, operand()], offset };
    }
    return left;
  }

  #unary(): Expression {
    if (!this.#startsOperand(OPERAND)) return this.#skipOperand();
    const { text, offset } = this.#current;
    const isNumber = text === "-" && ["int", "float"].includes(this.#next.kind);
    if (!(this.#is("!") || (this.#is("-") && !isNumber))) return this.#member();
    let count = 0;
    while (this.#is(text)) {
      this.#take();
      count += 1;
    }
    if (!PRIMARY.includes(nameOf(this.#current))) return this.#noOperand(text, offset);
    const operand = this.#member();
    return count % 2 === 0 ? operand : { op: "call", name: `${text}_`, args: [operand], offset };
  }

  /** Nothing follows a sign that wants an operand. */
  #noOperand(sign: string, offset: number): Expression {
    const { text, offset: place } = this.#current;
    if (sign === "!") this.#report(place, `extraneous input '${shown(text)}' expecting ${list(OPERAND)}`);
    else {
      this.#report(place, "no viable alternative at input '-'");
      this.#isRecovering = false;
      this.#mismatch(OPERAND);
    }
    this.#recover();
    return { ...MISSING, offset };
  }

  #member(): Expression {
    let operand = this.#primary();
    for (;;) {
      if (this.#is(".")) {
        const member = this.#afterDot(operand);
        if (member === undefined) return operand;
        operand = member;
      } else if (this.#is("[")) operand = this.#subscript(operand);
      else return operand;
    }
  }

  #afterDot(operand: Expression): Expression | undefined {
    const dot = this.#current;
    const [, second, third] = this.#tokens.slice(this.#index);
    const isOptional = second?.text === "?" && second.kind === "sign";
    const name = isOptional ? third : second;
    if (name === undefined || (name.kind !== "identifier" && name.kind !== "escaped")) {
      const last = isOptional ? third : second;
      this.#noAlternative(dot, last);
      this.#index += 1;
      this.#recover();
      return undefined;
    }
    this.#take();
    if (isOptional) this.#take();
    this.#take();
    const field = name.kind === "escaped" ? name.text.slice(1, -1) : name.text;
    if (!isOptional && name.kind === "identifier" && this.#is("(")) {
      const { offset } = this.#take();
      const args = this.#within(["','", "')'"], () => this.#arguments());
      this.#expect("')'", []);
      return this.#call(field, operand, args, offset);
    }
    if (!isOptional) return { op: "select", operand, field, isTest: false, offset: dot.offset };
    const key: Expression = { op: "literal", value: field, offset: name.offset };
    return { op: "call", name: "_?._", args: [operand, key], offset: dot.offset };
  }

  #subscript(operand: Expression): Expression {
    const { offset } = this.#take();
    const isOptional = this.#takeOptional();
    const wanted = [...OPERAND, "'?'"];
    const index = this.#within(["']'"], () =>
      isOptional || this.#startsOperand(wanted) ? this.#expression() : this.#skipOperand(wanted),
    );
    this.#expect("']'", []);
    return { op: "call", name: isOptional ? "_[?_]" : "_[_]", args: [operand, index], offset };
  }

  #takeOptional(): boolean {
    if (!this.#is("?")) return false;
    this.#take();
    return true;
  }

  #arguments(): Expression[] {
    const wanted = [...OPERAND, "')'"];
    if (this.#is(")")) return [];
    if (!this.#startsOperand(wanted)) {
      this.#skipOperand(wanted);
      return [];
    }
    if (this.#is(")")) return [];
    const args = [this.#expression()];
    while (this.#is(",")) {
      this.#take();
      args.push(this.#expression());
    }
    return args;
  }

  #call(name: string, target: Expression | undefined, args: readonly Expression[], offset: number): Expression {
    try {
      return expandMacro(name, target, args, offset) ?? { op: "call", name, target, args, offset };
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      this.problems.push({ offset: error.offset, message: error.message });
      return MISSING;
    }
  }

  #primary(): Expression {
    const token = this.#current;
    if (this.#is("(")) {
      this.#take();
      const inner = this.#within(["')'"], () => this.#expression());
      this.#expect("')'", []);
      return inner;
    }
    if (this.#is("[")) return this.#list();
    if (this.#is("{")) return this.#map();
    if (this.#is(".") || token.kind === "identifier") return this.#name();
    return this.#literal();
  }

  #name(): Expression {
    const first = this.#current;
    const isAbsolute = this.#is(".");
    if (isAbsolute) this.#take();
    const name = this.#current;
    if (name.kind !== "identifier") {
      this.#noAlternative(first, name);
      this.#recover();
      return MISSING;
    }
    const struct = this.#structName();
    if (struct !== undefined) return this.#struct(struct);
    this.#take();
    const text = isAbsolute ? `.${name.text}` : name.text;
    if (RESERVED.has(name.text))
      this.problems.push({ offset: name.offset, message: `reserved identifier: ${name.text}` });
    if (!this.#is("(")) return { op: "identifier", name: text, offset: first.offset };
    const { offset } = this.#take();
    const args = this.#within(["','", "')'"], () => this.#arguments());
    this.#expect("')'", []);
    return this.#call(text, undefined, args, offset);
  }

  /** A name with dots and then an opening brace: the tokens of the name. */
  #structName(): readonly Token[] | undefined {
    const names: Token[] = [];
    for (let index = this.#index; ; index += 2) {
      const [name, after] = this.#tokens.slice(index, index + 2);
      if (name?.kind !== "identifier" || after === undefined) return undefined;
      names.push(name);
      if (after.kind === "sign" && after.text === "{") return names;
      if (after.kind !== "sign" || after.text !== ".") return undefined;
    }
  }

  #struct(names: readonly Token[]): Expression {
    for (let left = names.length * 2 - 1; left > 0; left--) this.#take();
    const { offset } = this.#take();
    const fields: Field[] = [];
    while (!this.#is("}") && !this.#isAt("end")) {
      const isOptional = this.#takeOptional();
      const name = this.#current;
      if (name.kind !== "identifier" && name.kind !== "escaped") {
        this.#mismatch(["'}'", "','", "'?'", "IDENTIFIER", "ESC_IDENTIFIER"]);
        this.#recover();
        break;
      }
      this.#take();
      const colon = this.#current.offset;
      this.#expect("':'", OPERAND);
      const field = name.kind === "escaped" ? name.text.slice(1, -1) : name.text;
      fields.push({ name: field, value: this.#expression(), isOptional, offset: colon });
      if (!this.#is(",")) break;
      this.#take();
    }
    this.#close("'}'");
    return { op: "struct", name: names.map(({ text }) => text).join("."), fields, offset };
  }

  #list(): Expression {
    const { offset } = this.#take();
    const items: Expression[] = [];
    const optionals = new Set<number>();
    this.#members("']'", () => {
      if (this.#takeOptional()) optionals.add(items.length);
      items.push(this.#expression());
    });
    return { op: "list", items, optionals, offset };
  }

  #map(): Expression {
    const { offset } = this.#take();
    const entries: Entry[] = [];
    this.#members("'}'", () => {
      const isOptional = this.#takeOptional();
      const key = this.#within(["':'"], () => this.#expression());
      const colon = this.#current.offset;
      this.#expect("':'", OPERAND);
      entries.push({ key, value: this.#expression(), isOptional, offset: colon });
    });
    return { op: "map", entries, offset };
  }

  /** What stands between the brackets of a list or map, and the closing one, before which a comma may stand. */
  #members(closing: string, read: () => void): void {
    const first = [...OPERAND, closing, "','", "'?'"];
    if (!this.#startsOperand(first)) this.#mismatch(first);
    // A comma without anything before it can only be the last.
    this.#isClosingDue = this.#is(",");
    if (this.#isClosingDue) this.#take();
    this.#within(["','", closing], () => {
      while (!this.#isAt("end") && nameOf(this.#current) !== closing && !this.#isClosingDue) {
        read();
        if (!this.#is(",")) break;
        this.#take();
        if (![...OPERAND, "'?'"].includes(nameOf(this.#current))) {
          this.#isClosingDue = true;
          break;
        }
      }
    });
    if (this.#isClosingDue) this.#expect(closing, []);
    else this.#close(closing);
    this.#isClosingDue = false;
  }

  /** The end of a list or map, before which a comma may stand. */
  #close(sign: string): void {
    if (nameOf(this.#current) === sign) this.#take();
    else if (nameOf(this.#next) === sign && !this.#isRecovering) {
      this.#report(this.#current.offset, `extraneous input '${shown(this.#current.text)}' expecting {${sign}, ','}`);
      this.#index += 1;
      this.#take();
    } else this.#mismatch([sign, "','"]);
  }

  #literal(): Expression {
    const isNegative = this.#is("-");
    const { offset } = this.#current;
    if (isNegative) this.#take();
    const { kind, text } = this.#take();
    const signed = isNegative ? `-${text}` : text;
    const value = (parsed: unknown, what: string): Expression => {
      if (parsed === undefined) this.problems.push({ offset, message: what });
      return { op: "literal", value: parsed, offset };
    };
    switch (kind) {
      case "int":
        return value(intLiteral(signed), "invalid int literal");
      case "uint":
        return value(uintLiteral(text), "invalid uint literal");
      case "float":
        return value(doubleLiteral(signed), "invalid double literal");
      case "string":
        return value(stringLiteral(text), "unable to unescape string");
      case "bytes":
        return value(bytesLiteral(text), "unable to unescape string");
      default:
        return { op: "literal", value: text === "null" ? null : text === "true", offset };
    }
  }

  get #current(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "<EOF>", offset: this.#source.length };
  }

  get #next(): Token {
    return this.#tokens[this.#index + 1] ?? this.#current;
  }

  #is(sign: string): boolean {
    return this.#current.kind === "sign" && this.#current.text === sign;
  }

  #isAt(kind: TokenKind): boolean {
    return this.#current.kind === kind;
  }

  /** The current token, which fits. */
  #take(): Token {
    const token = this.#current;
    this.#isRecovering = false;
    if (token.kind !== "end") this.#index += 1;
    return token;
  }

  /** Whether an operand begins here, if need be after a token too many. */
  #startsOperand(wanted: readonly string[]): boolean {
    if (wanted.includes(nameOf(this.#current))) return true;
    if (this.#isRecovering || !wanted.includes(nameOf(this.#next)) || this.#isAt("end")) return false;
    this.#report(this.#current.offset, `extraneous input '${shown(this.#current.text)}' expecting ${list(wanted)}`);
    this.#index += 1;
    this.#isRecovering = false;
    return true;
  }

  #skipOperand(wanted: readonly string[] = OPERAND): Expression {
    this.#mismatch(wanted);
    this.#recover();
    return MISSING;
  }

  /** Takes a token, or repairs one too many or too few. `after` is what may follow it. */
  #expect(wanted: string, after: readonly string[]): void {
    if (nameOf(this.#current) === wanted) {
      this.#take();
      return;
    }
    if (nameOf(this.#next) === wanted && !this.#isAt("end")) {
      this.#report(this.#current.offset, `extraneous input '${shown(this.#current.text)}' expecting ${wanted}`);
      this.#index += 1;
      this.#take();
      return;
    }
    const canFollow =
      after.length > 0 ? after.includes(nameOf(this.#current)) : wanted !== "<EOF>" && this.#mayFollow();
    if (canFollow) this.#report(this.#current.offset, `missing ${wanted} at '${shown(this.#current.text)}'`);
    else this.#mismatch([wanted]);
  }

  /** Whether the current token may come after a closing bracket. */
  #mayFollow(): boolean {
    const name = nameOf(this.#current);
    const signs = [...RELATIONS, ...SUMS, ...PRODUCTS, "&&", "||", "?", "[", "."];
    return signs.some((sign) => name === `'${sign}'`) || (this.#enclosing.at(-1) ?? ["<EOF>"]).includes(name);
  }

  #mismatch(wanted: readonly string[]): void {
    this.#report(this.#current.offset, `mismatched input '${shown(this.#current.text)}' expecting ${list(wanted)}`);
  }

  #noAlternative(from: Token, to: Token | undefined): void {
    const end = to === undefined || to.kind === "end" ? this.#source.trimEnd().length : to.offset + to.text.length;
    const text = this.#source.slice(from.offset, end);
    this.#report(to?.offset ?? this.#source.length, `no viable alternative at input '${shown(text)}'`);
  }

  #report(offset: number, message: string): void {
    if (!this.#isRecovering) this.problems.push({ offset, message: `Syntax error: ${message}` });
    this.#isRecovering = true;
  }

  /** Leaves out what cannot follow an operand. */
  #recover(): void {
    const follows = [...RELATIONS, ...SUMS, ...PRODUCTS, "&&", "||", "?", ":", ",", ")", "]", "}", "[", "."];
    while (!this.#isAt("end") && !(this.#current.kind === "sign" && follows.includes(this.#current.text)))
      this.#index += 1;
  }
}

/** What was expected: one, or several in their order. */
function list(names: readonly string[]): string {
  const [first = ""] = names;
  if (names.length === 1) return first;
  return `{${[...names].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).join(", ")}}`;
}
