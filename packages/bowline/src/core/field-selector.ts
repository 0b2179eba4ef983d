/**
 * Field selectors such as `status.phase!=Running,spec.nodeName=a`: read, matched and printed as apimachinery does.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/fields#ParseSelector
 */
import { compareUtf8 } from "./go-text.ts";
import { ParseError } from "./parse-error.ts";

/** What one field has to be, or must not be. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Text, or a map of equalities. */
export type FieldSelectorInput = string | Readonly<Record<string, string | undefined>>;

/** A field selector that has been read. All of its requirements have to be met; without any, all match. */
export class ParsedFieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  /** Whether this selects everything. */
  get isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** Whether an object with these fields is selected. A field that is missing is an empty one. */
  matches(fields: Readonly<Record<string, string>>): boolean {
    return this.requirements.every(({ field, operator, value }) => {
      const actual = Object.hasOwn(fields, field) ? fields[field] : "";
      return (actual === value) === (operator === "=");
    });
  }

  /** The canonical text, which reads back as the same selector. */
  toString(): string {
    return this.requirements.map((term) => `${term.field}${term.operator}${escapeFieldValue(term.value)}`).join(",");
  }
}

/**
 * Reads a field selector. Which fields a kind can be selected by is the server's to say.
 *
 * @throws {@link ParseError} where a term has no operator, a value is not escaped, or a map's value is undefined.
 */
export function parseFieldSelector(input: FieldSelectorInput): ParsedFieldSelector {
  return new ParsedFieldSelector(typeof input === "string" ? parseText(input) : fromMap(input));
}

/** The text of a selector for a request's `fieldSelector`. Text is taken as it is: the server reads it. */
export function formatFieldSelector(input: FieldSelectorInput): string {
  return typeof input === "string" ? input : parseFieldSelector(input).toString();
}

/** Escapes what has a meaning in a field selector: a backslash, a comma, an equals sign. */
export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, "\\$&");
}

function fromMap(input: Readonly<Record<string, string | undefined>>): FieldRequirement[] {
  return Object.entries(input).map(([field, value]) => {
    // To leave the term out would select more than was meant.
    if (typeof value !== "string") {
      throw new ParseError("field selector", JSON.stringify(input), `the value of ${field} is ${value}: leave it out`);
    }
    return { field, operator: "=", value };
  });
}

function parseText(text: string): FieldRequirement[] {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort(compareUtf8)) {
    if (term === "") continue;
    const match = /^(?<field>.*?)(?<operator>!=|==|=)(?<value>.*)$/s.exec(term);
    if (match?.groups === undefined) {
      throw new ParseError("field selector", text, `invalid selector: '${text}'; can't understand '${term}'`);
    }
    const { field = "", operator, value: escaped = "" } = match.groups;
    const value = unescapeValue(text, escaped);
    if (field === "" && value === "") continue;
    requirements.push({ field, operator: operator === "!=" ? "!=" : "=", value });
  }
  return requirements;
}

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "\\") index++;
    else if (character === ",") {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeValue(text: string, value: string): string {
  let unescaped = "";
  let isEscaped = false;
  for (const character of value) {
    if (isEscaped) {
      if (!"\\,=".includes(character)) fail(text, `invalid escape sequence: \\${character}`);
      unescaped += character;
      isEscaped = false;
    } else if (character === "\\") {
      isEscaped = true;
    } else if (character === "," || character === "=") {
      // The server prints the character's number.
      fail(text, `unescaped character in value: ${character.codePointAt(0)}`);
    } else {
      unescaped += character;
    }
  }
  if (isEscaped) fail(text, "invalid escape sequence: \\");
  return unescaped;
}

function fail(text: string, reason: string): never {
  throw new ParseError("field selector", text, `invalid field selector: ${reason}`);
}
