/**
 * Namespaces: their own finalizer, their name as a label, and termination through the `finalize` subresource.
 */
import { validateLabelKey, validateNameIsDns1123Label } from "bowline/core";
import type { ApiObject } from "../../registry/strategy.ts";
import { ensureFields, type Fields, fieldsAt, textAt, textsAt } from "../json-access.ts";
import { type KindRules, keep } from "../kind-rules.ts";
import { type FieldErrors, typedText } from "../validation/field-errors.ts";

export const namespaceRules: KindRules = {
  nameRule: validateNameIsDns1123Label,
  default(object): void {
    setNameLabel(object);
    ensureFields(object, "spec");
    const status = ensureFields(object, "status");
    if (textAt(status, "phase") === "") status["phase"] = "Active";
  },
  prepareForCreate(object): void {
    object["status"] = { phase: "Active" };
    setNameLabel(object);
    const finalizers = textsAt(object, "spec", "finalizers");
    if (!finalizers.includes("kubernetes")) ensureFields(object, "spec")["finalizers"] = [...finalizers, "kubernetes"];
  },
  prepareForUpdate(object, old): void {
    setNameLabel(object);
    keep(ensureFields(object, "spec"), fieldsAt(old, "spec") ?? {}, "finalizers");
  },
  prepareForSubresource(object, old, context): boolean {
    if (context.subresource !== "finalize") return false;
    keep(object, old, "status");
    return true;
  },
  validate: (errors, object) => validateFinalizers(errors, object, false),
  validateUpdate(errors, object, _old, context): void {
    if (context.subresource === "finalize") validateFinalizers(errors, object, true);
  },
  validateStatusUpdate(errors, object): void {
    const phase = textAt(object, "status", "phase");
    const isDeleted = object.metadata["deletionTimestamp"] !== undefined;
    if (!isDeleted && phase !== "Active")
      errors.invalid("status.Phase", typedText(phase), "may only be 'Active' if `deletionTimestamp` is empty");
    if (isDeleted && phase !== "Terminating") {
      errors.invalid("status.Phase", typedText(phase), "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
  },
  selectableFields: {
    "status.phase": (object) => textAt(object, "status", "phase"),
    name: (object) => object.metadata.name,
  },
  deletion: {
    returnsObject: true,
    isHeld: (object) => textsAt(object, "spec", "finalizers").length > 0,
    markTerminating(object): void {
      ensureFields(object, "status")["phase"] = "Terminating";
    },
  },
};

function setNameLabel(object: ApiObject): void {
  const name = object.metadata.name;
  if (name === undefined || name === "") return;
  object.metadata.labels = { ...object.metadata.labels, "kubernetes.io/metadata.name": name };
}

function validateFinalizers(errors: FieldErrors, object: Fields, isFinalize: boolean): void {
  for (const [index, finalizer] of textsAt(object, "spec", "finalizers").entries()) {
    // Only the finalize subresource says which one.
    const field = isFinalize ? `spec.finalizers[${index}]` : "spec.finalizers";
    errors.invalidEach(field, finalizer, validateLabelKey(finalizer));
    if (!finalizer.includes("/") && finalizer !== "kubernetes" && finalizer !== "orphan") {
      errors.invalid(field, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
    }
  }
}
