/**
 * What the rules of a schema can cost together, and where that is too much.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#resource-use-by-validation-functions
 */
import type { FieldErrors } from "../strategies/validation/field-errors.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What one rule may cost in one request. */
const MOST_RULE_COST = 10_000_000;
/** What all rules of a schema may cost in one request. */
const MOST_SCHEMA_COST = 100_000_000;
/** Rules that are named where all of them are too expensive. */
const NAMED_RULES = 4;
const MOST_COST = 2 ** 64;

/** Adds up the costs of a schema's rules. */
export class RuleCosts {
  readonly #expensive: { readonly path: string; readonly cost: number }[] = [];
  #total = 0;

  /** Counts a rule, or a message, and notes where it alone is too expensive. */
  count(errors: FieldErrors, path: string, what: string, cost: number): void {
    if (cost > MOST_RULE_COST) errors.forbidden(path, costText(what, cost, MOST_RULE_COST));
    this.#total = Math.min(this.#total + cost, MOST_COST);
    if (cost >= MOST_SCHEMA_COST / 100) this.#expensive.push({ path, cost });
  }

  /** Notes where all rules together are too expensive. `path` is that of the schema. */
  checkTotal(errors: FieldErrors, path: string): void {
    if (this.#total <= MOST_SCHEMA_COST) return;
    const most = [...this.#expensive].sort((a, b) => b.cost - a.cost).slice(0, NAMED_RULES);
    for (const expensive of most) {
      errors.forbidden(
        expensive.path,
        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
      );
    }
    const what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    errors.forbidden(path, costText(what, this.#total, MOST_SCHEMA_COST));
  }
}

/** How often a rule can run that each of so many values has. */
export function multiplied(cost: number, occurrences: number): number {
  return Math.min(cost * occurrences, MOST_COST);
}

/** How many values can be below a node, for each of its own; undefined where there is no bound. */
export function mostBelow(schema: JsonSchema): number | undefined {
  if (schema.type === "object") {
    const isMap = schema.additionalProperties !== undefined;
    return isMap ? (schema.maxProperties === undefined ? undefined : Math.max(schema.maxProperties, 0)) : 1;
  }
  if (schema.type === "array") return schema.maxItems === undefined ? undefined : Math.max(schema.maxItems, 0);
  return 1;
}

function costText(what: string, cost: number, most: number): string {
  const factor = cost / most;
  const shown = factor > 100 ? "more than 100x" : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  const advice =
    "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
  return `${what} exceeds budget by factor of ${shown} ${advice}`;
}
