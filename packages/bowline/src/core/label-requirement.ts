/**
 * One requirement of a label selector: checked, matched and printed as apimachinery does.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/labels#Requirement
 */
import { compareUtf8, goQuote } from "./go-text.ts";
import { validateLabelKey, validateLabelValue } from "./label-value.ts";

/** `exists` and `!` stand alone, `gt` and `lt` compare integers, `=` and `==` are the same. */
export type LabelOperator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

/** What one label has to be. Make one with {@link labelRequirement}, which checks it. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** None for `exists` and `!`; one or more for `in` and `notin`; one for the others. */
  readonly values: readonly string[];
}

/** A requirement, or the text of what is wrong with it. */
export type CheckedRequirement =
  | { readonly type: "valid"; readonly requirement: LabelRequirement }
  | { readonly type: "invalid"; readonly reason: string };

/** Labels of an object. Keys such as `__proto__` are labels like any other. */
export type Labels = Readonly<Record<string, string>>;

/** Checks key, operator and values against the server's rules. */
export function labelRequirement(key: string, operator: LabelOperator, values: readonly string[]): CheckedRequirement {
  const errors: string[] = [];
  const keyErrors = validateLabelKey(key);
  if (keyErrors.length > 0) errors.push(`key: Invalid value: ${goQuote(key)}: ${keyErrors.join("; ")}`);
  const countError = valueCountError(operator, values);
  if (countError !== undefined) errors.push(`values: Invalid value: ${JSON.stringify(values)}: ${countError}`);
  if (operator === "gt" || operator === "lt") {
    values.forEach((value, index) => {
      if (parseInt64(value) !== undefined) return;
      const rule = "for 'Gt', 'Lt' operators, the value must be an integer";
      errors.push(`values[${index}]: Invalid value: ${goQuote(value)}: ${rule}`);
    });
  }
  values.forEach((value, index) => {
    const valueErrors = validateLabelValue(value);
    if (valueErrors.length === 0) return;
    errors.push(`values[${index}][${key}]: Invalid value: ${goQuote(value)}: ${valueErrors.join("; ")}`);
  });
  if (errors.length === 0) return { type: "valid", requirement: { key, operator, values: [...values] } };
  return { type: "invalid", reason: aggregate(errors) };
}

/** Whether `labels` meet `requirement`. A label that is missing meets `!=`, `notin` and `!` only. */
export function meetsLabelRequirement(labels: Labels, requirement: LabelRequirement): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "=":
    case "==":
    case "in":
      return value !== undefined && values.includes(value);
    case "gt":
    case "lt": {
      const actual = value === undefined ? undefined : parseInt64(value);
      const bound = values[0] === undefined ? undefined : parseInt64(values[0]);
      if (actual === undefined || bound === undefined) return false;
      return operator === "gt" ? actual > bound : actual < bound;
    }
  }
}

/** The requirement as text, with sorted values. */
export function formatLabelRequirement({ key, operator, values }: LabelRequirement): string {
  const text = [...values].sort(compareUtf8).join(",");
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${text})`;
    case "gt":
      return `${key}>${text}`;
    case "lt":
      return `${key}<${text}`;
    default:
      return `${key}${operator}${text}`;
  }
}

function valueCountError(operator: LabelOperator, values: readonly string[]): string | undefined {
  switch (operator) {
    case "in":
    case "notin":
      return values.length > 0 ? undefined : "for 'in', 'notin' operators, values set can't be empty";
    case "exists":
    case "!":
      return values.length === 0 ? undefined : "values set must be empty for exists and does not exist";
    case "gt":
    case "lt":
      return values.length === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required";
    default:
      return values.length === 1 ? undefined : "exact-match compatibility requires one single value";
  }
}

/** Several errors read `[a, b]`, without repetition, as in Kubernetes' aggregates. */
function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct.join() : `[${distinct.join(", ")}]`;
}

const maxInt64 = 2n ** 63n - 1n;

/** Go's `strconv.ParseInt(text, 10, 64)`; undefined where that has an error. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value > maxInt64 || value < -maxInt64 - 1n ? undefined : value;
}
