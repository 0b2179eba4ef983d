/**
 * ReplicationControllers and PodTemplates.
 */
import { labelsValue, MISMATCH, validateAlwaysRestarting, validateStatusCounts } from "../apps/workload-validation.ts";
import { ensureFields, type Fields, fieldsAt, fillAbsent, isEmpty, numberAt, stringMapAt } from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { defaultPodTemplate } from "../pod/pod-defaults.ts";
import { validatePodTemplate } from "../pod/pod-spec-validation.ts";
import { podNameWarnings, podWarnings } from "../pod/pod-warnings.ts";
import { type FieldErrors, NOT_NEGATIVE } from "../validation/field-errors.ts";

export const replicationControllerRules: KindRules = {
  declaresName: true,
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    const labels = stringMapAt(spec, "template", "metadata", "labels");
    if (Object.keys(labels).length > 0) {
      if (isEmpty(spec["selector"])) spec["selector"] = labels;
      if (isEmpty(object.metadata.labels)) object.metadata.labels = { ...labels };
    }
    fillAbsent(spec, "replicas", 1);
    const template = fieldsAt(spec, "template");
    if (template !== undefined) defaultPodTemplate(template);
  },
  validate: validateController,
  validateUpdate: validateController,
  prepareForStatusUpdate(object): void {
    const labels = stringMapAt(object, "spec", "template", "metadata", "labels");
    if (Object.keys(labels).length > 0 && isEmpty(object.metadata.labels)) object.metadata.labels = labels;
  },
  validateStatusUpdate(errors, object): void {
    validateStatusCounts(
      errors,
      fieldsAt(object, "status") ?? {},
      ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"],
      [
        ["fullyLabeledReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"],
      ],
    );
  },
  warnings: (object, old) => [
    ...podNameWarnings(object, old),
    ...podWarnings(fieldsAt(object, "spec", "template") ?? {}, "spec.template"),
  ],
  selectableFields: { "status.replicas": (object) => String(numberAt(object, "status", "replicas") ?? 0) },
  deletion: { defaultPropagation: "orphan" },
};

function validateController(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const selector = stringMapAt(spec, "selector");
  if (Object.keys(selector).length === 0) errors.required("spec.selector");
  const template = fieldsAt(spec, "template");
  if (template === undefined) errors.required("spec.template");
  else {
    const labels = stringMapAt(template, "metadata", "labels");
    if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
      errors.invalid("spec.template.metadata.labels", labelsValue(template), MISMATCH);
    }
    validatePodTemplate(errors, "spec.template", template);
    validateAlwaysRestarting(errors, "spec.template", template, "ReplicationController");
  }
  for (const name of ["replicas", "minReadySeconds"]) {
    const value = numberAt(spec, name);
    if (value !== undefined && value < 0) errors.declared.invalid(`spec.${name}`, value, NOT_NEGATIVE);
  }
}

export const podTemplateRules: KindRules = {
  generation: ["template"],
  default: (object) => defaultPodTemplate(ensureFields(object, "template")),
  validate: (errors, object) => validatePodTemplate(errors, "template", fieldsAt(object, "template") ?? {}),
  validateUpdate: (errors, object) => validatePodTemplate(errors, "template", fieldsAt(object, "template") ?? {}),
  warnings: (object) => podWarnings(fieldsAt(object, "template") ?? {}, "template"),
  deletion: { returnsObject: true },
};
