/**
 * What workloads have in common: a selector that fits the template, replicas, int-or-percent values, counts in a status.
 */

import { validatePercent } from "bowline/core";
import { emptyAt } from "../../schema/index.ts";
import { at, type Fields, fieldsAt, numberAt, stringMapAt, textAt } from "../json-access.ts";
import { validatePodTemplate } from "../pod/pod-spec-validation.ts";
import { child, type FieldErrors, sortedMap, typedText } from "../validation/field-errors.ts";
import {
  goSelector,
  isEmptySelector,
  isUsable,
  selectorMatches,
  validateLabelSelector,
} from "../validation/metadata-validation.ts";

export const MISMATCH = "`selector` does not match template `labels`";

/** Checks a selector that has to be there and to ask for something. */
export function validateRequiredSelector(
  errors: FieldErrors,
  path: string,
  selector: Fields | undefined,
  kind: string,
): void {
  if (selector === undefined) {
    errors.required(path);
    return;
  }
  validateLabelSelector(errors, path, selector);
  if (isEmptySelector(selector)) errors.invalid(path, goSelector(selector), `empty selector is invalid for ${kind}`);
}

/** Whether the template's labels are what the selector looks for. */
export function validateTemplateLabels(
  errors: FieldErrors,
  path: string,
  selector: Fields | undefined,
  template: Fields,
): void {
  if (selector !== undefined && isEmptySelector(selector)) return;
  if (selectorMatches(selector, stringMapAt(template, "metadata", "labels"))) return;
  errors.invalid(child(path, "metadata.labels"), labelsValue(template), MISMATCH);
}

/** The template's labels as Go prints them. */
export function labelsValue(template: Fields): unknown {
  const labels = fieldsAt(template, "metadata", "labels");
  if (labels === undefined) return emptyAt(template["metadata"], "labels") ?? null;
  return sortedMap(stringMapAt(template, "metadata", "labels"));
}

/** Pods that run for ever: their template restarts always and has no deadline. */
export function validateAlwaysRestarting(errors: FieldErrors, path: string, template: Fields, kind: string): void {
  const policy = textAt(template, "spec", "restartPolicy");
  if (policy !== "Always") errors.notSupported(child(path, "spec.restartPolicy"), policy, ["Always"]);
  if (at(template, "spec", "activeDeadlineSeconds") !== undefined) {
    errors.forbidden(child(path, "spec.activeDeadlineSeconds"), `activeDeadlineSeconds in ${kind} is not Supported`);
  }
}

/** A template of ReplicaSets and Deployments, which is looked at only where the selector can be asked. */
export function validateReplicaTemplate(
  errors: FieldErrors,
  path: string,
  template: Fields,
  selector: Fields | undefined,
  kind: string,
): void {
  if (!isUsable(selector)) {
    errors.invalid("spec.selector", goSelector(selector), "invalid label selector");
    return;
  }
  validateTemplateLabels(errors, path, selector, template);
  validatePodTemplate(errors, path, template);
  validateAlwaysRestarting(errors, path, template, kind);
}

/** A count, or a share such as `25%`. */
export function validateIntOrPercent(errors: FieldErrors, field: string, value: unknown): void {
  if (typeof value === "string") errors.invalidEach(field, typedText(value), validatePercent(value));
  else if (typeof value === "number") errors.notNegative(field, value);
}

/** The number in an int-or-percent. */
export function intOrPercentOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^[0-9]+%?$/.test(value) ? Number.parseInt(value, 10) : 0;
}

export function validateAtMost100Percent(errors: FieldErrors, field: string, value: unknown): void {
  if (typeof value === "string" && /^[0-9]+%$/.test(value) && Number(value.slice(0, -1)) > 100) {
    errors.invalid(field, typedText(value), "must not be greater than 100%");
  }
}

/** Counts in a status: none negative, and none above the one that it is part of. */
export function validateStatusCounts(
  errors: FieldErrors,
  status: Fields,
  counts: readonly string[],
  parts: readonly (readonly [part: string, whole: string, text?: string])[],
): void {
  for (const name of counts) errors.notNegative(`status.${name}`, numberAt(status, name));
  for (const [part, whole, text] of parts) {
    const value = numberAt(status, part) ?? 0;
    if (value > (numberAt(status, whole) ?? 0))
      errors.invalid(`status.${part}`, value, text ?? `cannot be greater than status.${whole}`);
  }
}
