/**
 * Compares two servers' answers to one planned scenario. Most steps stand alone, so each has masks of its own: what one step differs
 * in does not spoil the next. What a kube-apiserver does in no fixed order is compared as a set.
 */
import { sortedByText } from "../managed-fields-order.ts";
import type { Answer, CapturedStep, Scenario } from "../replay/capture.ts";
import { flatSteps } from "../replay/capture.ts";
import { compare, type Difference } from "../replay/compare.ts";
import { Mask } from "../replay/mask.ts";

/** A step that was answered otherwise than recorded. */
export interface Judgement {
  readonly step: string;
  readonly differences: readonly Difference[];
}

/** Steps that differ. */
export function judge(scenario: Scenario, answers: ReadonlyMap<string, Answer>): Judgement[] {
  return [...flatSteps(scenario.steps)].flatMap((step) => {
    const answer = answers.get(step.name);
    const differences =
      answer === undefined ? [{ path: "", want: "an answer", got: "none" }] : differencesOf(step, answer);
    return differences.length === 0 ? [] : [{ step: step.name, differences }];
  });
}

function differencesOf(step: CapturedStep, answer: Answer): Difference[] {
  const scenario: Scenario = { scenario: "", about: "", steps: [step] };
  const show = (shown: Answer) => unordered(new Mask(scenario).answer(step, shown));
  return compare(show(step.response), show(answer));
}

/** Sorts what a Go map's order shows through in, and what depends on the second in which a write fell. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]));
  for (const key of ["causes", "managedFields"]) {
    const list: unknown = fields[key];
    if (Array.isArray(list)) fields[key] = sortedByText(list);
  }
  const { details, message } = fields;
  if (typeof message === "string" && typeof details === "object" && details !== null && "causes" in details) {
    fields["message"] = message.replace(/\[.*\]$/s, (list) => list.slice(1, -1).split(", ").sort().join(", "));
  }
  return fields;
}
