/**
 * Label selectors in their three forms (text, a map, the API's own object), and whether labels match one.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
import { compareUtf8, goQuote } from "./go-text.ts";
import {
  formatLabelRequirement,
  type LabelOperator,
  type LabelRequirement,
  type Labels,
  labelRequirement,
  meetsLabelRequirement,
} from "./label-requirement.ts";
import { parseLabelRequirements } from "./label-selector-parser.ts";
import { ParseError } from "./parse-error.ts";

/** The API's LabelSelector as far as a selector is concerned: `matchLabels` and `matchExpressions`. */
export interface LabelSelectorObject {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelSelectorExpression[] | undefined;
}

/** One item of `matchExpressions`. */
export interface LabelSelectorExpression {
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

/**
 * `"app=shop,tier!=db"`, a map of equalities (a list means `in`), or the API's own LabelSelector.
 *
 * An object whose `matchLabels` is a map, or whose `matchExpressions` is a list of expressions, is the API's.
 */
export type LabelSelectorInput = string | Readonly<Record<string, string | readonly string[]>> | LabelSelectorObject;

/** A label selector that has been read and checked. All of its requirements have to be met; without any, all match. */
export class ParsedLabelSelector {
  /** Sorted by key. */
  readonly requirements: readonly LabelRequirement[];

  constructor(requirements: readonly LabelRequirement[]) {
    this.requirements = [...requirements].sort((a, b) => compareUtf8(a.key, b.key));
  }

  /** Whether this selects everything. */
  get isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** Whether an object with these labels is selected. */
  matches(labels: Labels | undefined): boolean {
    return this.requirements.every((requirement) => meetsLabelRequirement(labels ?? {}, requirement));
  }

  /** The canonical text, which reads back as the same selector. */
  toString(): string {
    return this.requirements.map(formatLabelRequirement).join(",");
  }
}

/**
 * Reads any form of label selector.
 *
 * @throws {@link ParseError} where it is no selector, or holds a key or value that no label can have.
 * @example
 * parseLabelSelector("app=shop,tier notin (db)").matches({ app: "shop" }); // true
 */
export function parseLabelSelector(input: LabelSelectorInput): ParsedLabelSelector {
  if (typeof input === "string") return new ParsedLabelSelector(parseLabelRequirements(input));
  return new ParsedLabelSelector(isSelectorObject(input) ? fromObject(input) : fromMap(input));
}

/** The text of a selector for a request's `labelSelector`. Text is taken as it is: the server reads it. */
export function formatLabelSelector(input: LabelSelectorInput): string {
  return typeof input === "string" ? input : parseLabelSelector(input).toString();
}

/**
 * A selector as the API's LabelSelector.
 *
 * @throws {@link ParseError} for `!=`, `>` and `<`, which that form does not have (`notin` it has).
 */
export function toLabelSelectorObject(input: LabelSelectorInput): {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
} {
  const matchLabels = new Map<string, string>();
  const matchExpressions: { key: string; operator: string; values?: string[] }[] = [];
  const selector = parseLabelSelector(input);
  for (const { key, operator, values } of selector.requirements) {
    const name = expressionNames[operator];
    const [value = ""] = values;
    if ((operator === "=" || operator === "==") && (matchLabels.get(key) ?? value) === value) {
      matchLabels.set(key, value);
    } else if (name === undefined) {
      const reason = `${goQuote(operator)} isn't supported in label selectors`;
      throw new ParseError("label selector", selector.toString(), reason);
    } else {
      matchExpressions.push({ key, operator: name, ...(values.length > 0 ? { values: [...values] } : {}) });
    }
  }
  return {
    // fromEntries defines own properties, so that a key such as `__proto__` stays a label.
    ...(matchLabels.size > 0 ? { matchLabels: Object.fromEntries(matchLabels) } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

/** Two equalities of one key cannot both stand in `matchLabels`, so the second becomes an `In`. */
const expressionNames: Readonly<Record<LabelOperator, string | undefined>> = {
  "=": "In",
  "==": "In",
  in: "In",
  notin: "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
  "!=": undefined,
  gt: undefined,
  lt: undefined,
};

const expressionOperators: ReadonlyMap<string, LabelOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

function isSelectorObject(input: Exclude<LabelSelectorInput, string>): input is LabelSelectorObject {
  const { matchLabels, matchExpressions } = input as { matchLabels?: unknown; matchExpressions?: unknown };
  if (typeof matchLabels === "object" && matchLabels !== null && !Array.isArray(matchLabels)) return true;
  return Array.isArray(matchExpressions) && matchExpressions.every((item) => typeof item === "object" && item !== null);
}

function fromObject(input: LabelSelectorObject): LabelRequirement[] {
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(input.matchLabels ?? {})) {
    requirements.push(checked(input, key, "=", [value]));
  }
  for (const { key, operator, values } of input.matchExpressions ?? []) {
    const known = expressionOperators.get(operator);
    if (known === undefined) fail(input, `${goQuote(String(operator))} is not a valid label selector operator`);
    requirements.push(checked(input, key, known, values ?? []));
  }
  return requirements;
}

function fromMap(input: Readonly<Record<string, string | readonly string[]>>): LabelRequirement[] {
  return Object.entries(input).map(([key, value]) =>
    Array.isArray(value) ? checked(input, key, "in", value) : checked(input, key, "=", [value as string]),
  );
}

function checked(input: object, key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  // Untyped callers: an undefined value must not select more than was meant.
  if (!values.every((value) => typeof value === "string")) fail(input, `the value of ${goQuote(key)} is not a string`);
  const result = labelRequirement(key, operator, values);
  if (result.type === "invalid") fail(input, result.reason);
  return result.requirement;
}

function fail(input: object, reason: string): never {
  throw new ParseError("label selector", JSON.stringify(input), reason);
}
