/**
 * Short forms of the steps of scenarios with controllers.
 */
import type { CapturedStep } from "../replay/capture.ts";
import { step } from "./families.ts";

const MERGE = { "Content-Type": "application/merge-patch+json" };
const SETTLE_SECONDS = 1.5;

/** The steps of each scenario, in a namespace of its own. */
export type ControllerScenarios = Readonly<Record<string, (namespace: string) => CapturedStep[]>>;

/** Reads until something holds, and a moment longer. */
export function until(
  name: string,
  path: string,
  condition: NonNullable<CapturedStep["until"]>,
  unordered: readonly string[] = [],
): CapturedStep {
  return { ...step(name, "GET", path), until: condition, seconds: 15, settle: SETTLE_SECONDS, unordered };
}

export const post = (name: string, path: string, body: unknown) => step(name, "POST", path, body);
export const patch = (name: string, path: string, body: unknown) => step(name, "PATCH", path, body, MERGE);
export const count = (number: number) => ({ path: "body.items", count: number });
export const LISTED = ["body.items"];
