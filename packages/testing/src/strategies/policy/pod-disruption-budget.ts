/**
 * PodDisruptionBudgets.
 */
import { validatePathSegmentName } from "bowline/core";
import { validateAtMost100Percent, validateIntOrPercent } from "../apps/workload-validation.ts";
import { at, type Fields, fieldsAt, numberAt } from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import { goSelector, validateLabelSelector } from "../validation/metadata-validation.ts";

export const podDisruptionBudgetRules: KindRules = {
  allowsAnyFinalizer: true,
  nameRule: validatePathSegmentName,
  generation: ["spec"],
  allowUnconditionalUpdate: false,
  validate: validateBudget,
  validateUpdate: validateBudget,
  validateStatusUpdate(errors, object): void {
    for (const name of ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"]) {
      errors.notNegative(`status.${name}`, numberAt(object, "status", name));
    }
  },
};

function validateBudget(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const least = at(spec, "minAvailable");
  const most = at(spec, "maxUnavailable");
  const policy = at(spec, "unhealthyPodEvictionPolicy");
  if (least !== undefined && most !== undefined) {
    const value = {
      MinAvailable: least,
      Selector: goSelector(fieldsAt(spec, "selector")),
      MaxUnavailable: most,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    errors.invalid("spec", value, "minAvailable and maxUnavailable cannot be both set");
  }
  for (const [field, value] of [
    ["spec.minAvailable", least],
    ["spec.maxUnavailable", most],
  ] as const) {
    if (value === undefined) continue;
    validateIntOrPercent(errors, field, value);
    validateAtMost100Percent(errors, field, value);
  }
  validateLabelSelector(errors, "spec.selector", fieldsAt(spec, "selector"));
  if (policy !== undefined)
    errors.oneOf("spec.unhealthyPodEvictionPolicy", String(policy), ["AlwaysAllow", "IfHealthyBudget"]);
}
