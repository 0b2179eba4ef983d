/**
 * What is asked of the parts of a MutatingAdmissionPolicy.
 */
import { readMutations } from "../../admission/policies/policy-expressions.ts";
import { type Fields, fieldsAt, textAt } from "../json-access.ts";
import type { FieldErrors } from "../validation/field-errors.ts";

/** Variables, conditions, mutations and when they run again. */
export function validateMutations(errors: FieldErrors, policy: Fields): void {
  readMutations(errors, policy);
  const reinvocation = textAt(fieldsAt(policy, "spec"), "reinvocationPolicy");
  errors.oneOf("spec.reinvocationPolicy", reinvocation, ["IfNeeded", "Never"], "required");
}
