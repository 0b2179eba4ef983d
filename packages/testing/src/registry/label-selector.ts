/**
 * Label selectors as the server reads them, with its texts for what it cannot read.
 */
import type { FieldError } from "./field-error.ts";
import { aggregate, badRequest } from "./status-error.ts";

/** Whether an object's labels are selected. */
export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

type Operator = "in" | "notin" | "=" | "!=" | "exists" | "!" | ">" | "<";
interface Token {
  readonly type: string;
  readonly literal: string;
}

const IDENTIFIER = "identifier";
const END = "end";
const OPERATORS: Readonly<Record<string, Operator>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "=",
  "!=": "!=",
  ">": ">",
  "<": "<",
};
const SYMBOLS = new Set([")", ",", "!", "==", "=", ">", "<", "!=", "("]);
const KEYWORDS = new Set(["in", "notin"]);

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Parses `a=b,c in (d,e),!f`; the empty selector selects everything.
 * @throws StatusError 400
 */
export function parseLabelSelector(text: string): LabelMatcher {
  return new Parser(scan(text)).parse();
}

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    while (position < text.length && /[ \t\r\n]/.test(text[position] ?? "")) position++;
    if (position >= text.length) break;
    if (isSpecial(text[position])) {
      // The longest operator among the special characters that follow.
      let end = position;
      let found = "";
      while (end < text.length && isSpecial(text[end])) {
        const candidate = text.slice(position, end + 1);
        if (SYMBOLS.has(candidate)) found = candidate;
        else if (found !== "") break;
        end++;
      }
      if (found === "") {
        tokens.push({ type: "error", literal: `error expected: keyword found '${text.slice(position, end)}'` });
        position = end;
      } else {
        tokens.push({ type: found, literal: found });
        position += found.length;
      }
    } else {
      const start = position;
      while (position < text.length && !isSpecial(text[position]) && !/[ \t\r\n]/.test(text[position] ?? ""))
        position++;
      const word = text.slice(start, position);
      tokens.push({ type: KEYWORDS.has(word) ? word : IDENTIFIER, literal: word });
    }
  }
  tokens.push({ type: END, literal: "" });
  return tokens;
}

function isSpecial(character: string | undefined): boolean {
  return character !== undefined && "=!(),><".includes(character);
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): LabelMatcher {
    const requirements: LabelMatcher[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.type === END) break;
      if (token.type !== IDENTIFIER && token.type !== "!") {
        throw badRequest(`found '${token.literal}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.type === END) break;
      if (next.type !== ",") throw badRequest(`found '${next.literal}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.type !== IDENTIFIER && after.type !== "!") {
        throw badRequest(`found '${after.literal}', expected: identifier after ','`);
      }
    }
    return (labels) => requirements.every((matches) => matches(labels));
  }

  #requirement(): LabelMatcher {
    let token = this.#take();
    const isNegated = token.type === "!";
    if (isNegated) token = this.#take();
    if (token.type !== IDENTIFIER) throw this.#failure(`found '${token.literal}', expected: identifier`);
    const key = token.literal;
    const keyErrors = labelKeyErrors(key);
    if (keyErrors.length > 0)
      throw this.#failure(`<nil>: Invalid value: ${JSON.stringify(key)}: ${keyErrors.join("; ")}`);
    if (isNegated) return (labels) => labels === undefined || !Object.hasOwn(labels, key);
    const next = this.#peek();
    if (next.type === END || next.type === ",") return (labels) => labels !== undefined && Object.hasOwn(labels, key);
    const word = this.#take(false);
    const operator = OPERATORS[word.type];
    if (operator === undefined) throw this.#failure(`found '${word.literal}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
    this.#check(key, operator, values);
    return matcher(key, operator, values);
  }

  #values(): string[] {
    const open = this.#take();
    if (open.type !== "(") throw this.#failure(`found '${open.literal}' expected: '('`);
    const first = this.#peek();
    if (first.type === ")") {
      this.#take();
      return [""];
    }
    if (first.type !== IDENTIFIER && first.type !== ",") {
      throw this.#failure(`found '${first.literal}', expected: ',', ')' or identifier`);
    }
    const values = new Set<string>();
    for (;;) {
      const token = this.#take();
      if (token.type === IDENTIFIER) {
        values.add(token.literal);
        const next = this.#peek();
        if (next.type === ")") break;
        if (next.type !== ",") throw this.#failure(`found '${next.literal}', expected: ',' or ')'`);
      } else if (token.type === ",") {
        if (values.size === 0) values.add("");
        const next = this.#peek();
        if (next.type === ")") {
          values.add("");
          break;
        }
        if (next.type === ",") values.add("");
      } else throw this.#failure(`found '${token.literal}', expected: ',', or identifier`);
    }
    this.#take();
    return [...values].sort();
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next.type === END || next.type === ",") return "";
    const token = this.#take();
    if (token.type !== IDENTIFIER) throw this.#failure(`found '${token.literal}', expected: identifier`);
    return token.literal;
  }

  #check(key: string, operator: Operator, values: readonly string[]): void {
    const errors: FieldError[] = [];
    values.forEach((value, index) => {
      if ((operator === ">" || operator === "<") && !/^[+-]?\d+$/.test(value)) {
        const message = `Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`;
        errors.push({ type: "FieldValueInvalid", field: `values[${index}]`, message });
      }
    });
    values.forEach((value, index) => {
      const problems = labelValueErrors(value);
      if (problems.length === 0) return;
      const message = `Invalid value: ${JSON.stringify(value)}: ${problems.join("; ")}`;
      errors.push({ type: "FieldValueInvalid", field: `values[${index}][${key}]`, message });
    });
    if (errors.length > 0) throw this.#failure(aggregate(errors));
  }

  #failure(message: string): Error {
    return badRequest(`unable to parse requirement: ${message}`);
  }

  /** The next token. `in` and `notin` are names too, except where an operator stands. */
  #peek(isName = true): Token {
    const token = this.#tokens[this.#position] ?? { type: END, literal: "" };
    return isName && KEYWORDS.has(token.type) ? { type: IDENTIFIER, literal: token.literal } : token;
  }

  #take(isName = true): Token {
    const token = this.#peek(isName);
    this.#position++;
    return token;
  }
}

function matcher(key: string, operator: Operator, values: readonly string[]): LabelMatcher {
  return (labels) => {
    const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case "in":
      case "=":
        return value !== undefined && values.includes(value);
      case "notin":
      case "!=":
        return value === undefined || !values.includes(value);
      default: {
        if (value === undefined || !/^[+-]?\d+$/.test(value)) return false;
        const [have, want] = [BigInt(value.replace("+", "")), BigInt((values[0] ?? "0").replace("+", ""))];
        return operator === ">" ? have > want : have < want;
      }
    }
  };
}

/** What `IsValidLabelValue` says. */
export function labelValueErrors(value: string): string[] {
  const errors: string[] = [];
  if (Buffer.byteLength(value) > 63) errors.push("must be no more than 63 bytes");
  if (!LABEL_VALUE.test(value)) {
    errors.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    );
  }
  return errors;
}

/** What `IsQualifiedName` says of a label's key. */
export function labelKeyErrors(key: string): string[] {
  const parts = key.split("/");
  const errors: string[] = [];
  let name = parts[0] ?? "";
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    name = parts[1] ?? "";
    if (prefix === "") errors.push("prefix part must be non-empty");
    else {
      if (prefix.length > 253) errors.push("prefix part must be no more than 253 characters");
      if (!SUBDOMAIN.test(prefix)) {
        errors.push(
          "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        );
      }
    }
  } else if (parts.length > 2) {
    return [
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (name.length > 63) errors.push("name part must be no more than 63 bytes");
  if (!QUALIFIED_NAME.test(name)) {
    errors.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
  }
  return errors;
}
