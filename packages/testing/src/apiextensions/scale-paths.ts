/**
 * The scale subresource of a custom resource: replicas and selector are where its definition says.
 */
import type { FieldError } from "../registry/field-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { at } from "../strategies/json-access.ts";
import { FieldErrors } from "../strategies/validation/field-errors.ts";
import type { ScaleSubresource } from "./definition.ts";

const MOST_REPLICAS = 2_147_483_647;

/** A path such as `.spec.replicas`, in steps. */
export function stepsOf(path: string): string[] {
  return path.replace(/^\./, "").split(".");
}

/** Whether the fields that the scale subresource shows can be shown. */
export function validateScaleFields(
  object: ApiObject,
  scale: ScaleSubresource | undefined,
  isStatusOnly: boolean,
): FieldError[] {
  if (scale === undefined) return [];
  const errors = new FieldErrors();
  const checkReplicas = (path: string) => {
    const value = at(object, ...stepsOf(path));
    if (value === undefined) return;
    if (typeof value !== "number" || !Number.isInteger(value)) {
      errors.invalid(
        path,
        0,
        `${path} accessor error: ${goValueText(value)} is of the type ${goTypeText(value)}, expected int64`,
      );
    } else if (value < 0) errors.invalid(path, value, "should be a non-negative integer");
    else if (value > MOST_REPLICAS) errors.invalid(path, value, `should be less than or equal to ${MOST_REPLICAS}`);
  };
  if (!isStatusOnly) checkReplicas(scale.specReplicasPath);
  checkReplicas(scale.statusReplicasPath);
  const selectorPath = scale.labelSelectorPath ?? "";
  const selector = selectorPath === "" ? undefined : at(object, ...stepsOf(selectorPath));
  if (selector !== undefined && typeof selector !== "string") {
    errors.invalid(
      selectorPath,
      "",
      `${selectorPath} accessor error: ${goValueText(selector)} is of the type ${goTypeText(selector)}, expected string`,
    );
  }
  return errors.all();
}

function goTypeText(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
}

function goValueText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
