/**
 * DaemonSets. Their template's generation lives in an annotation since the field left the API.
 */
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fieldsOf,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  numberAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import { type KindRules, keep } from "../kind-rules.ts";
import { defaultPodTemplate } from "../pod/pod-defaults.ts";
import { validatePodTemplate } from "../pod/pod-spec-validation.ts";
import { templateWarnings } from "../pod/pod-warnings.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import {
  goSelector,
  isEmptySelector,
  isUsable,
  selectorMatches,
  validateLabelSelector,
} from "../validation/metadata-validation.ts";
import { validateSameSelector } from "./deployment.ts";
import {
  intOrPercentOf,
  labelsValue,
  MISMATCH,
  validateAlwaysRestarting,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateStatusCounts,
} from "./workload-validation.ts";

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSetRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    const strategy = ensureFields(spec, "updateStrategy");
    fillEmpty(strategy, "type", "RollingUpdate");
    if (strategy["type"] === "RollingUpdate") {
      const rolling = ensureFields(strategy, "rollingUpdate");
      fillAbsent(rolling, "maxUnavailable", 1);
      fillAbsent(rolling, "maxSurge", 0);
    } else {
      // The internal type has plain fields for both.
      const rolling = fieldsOf(strategy["rollingUpdate"]);
      fillAbsent(rolling, "maxUnavailable", 0);
      fillAbsent(rolling, "maxSurge", 0);
    }
    fillAbsent(spec, "revisionHistoryLimit", 10);
    defaultPodTemplate(ensureFields(spec, "template"));
    // Decoding puts the annotation there, so that it is the writer's in managedFields.
    fillAbsent(ensureFields(object.metadata, "annotations"), TEMPLATE_GENERATION, "0");
  },
  prepareForCreate(object): void {
    setTemplateGeneration(object, Math.max(1, templateGenerationOf(object)));
  },
  prepareForUpdate(object, old): void {
    const isChanged = !isSemanticallyEqual(at(object, "spec", "template"), at(old, "spec", "template"));
    setTemplateGeneration(object, templateGenerationOf(old) + (isChanged ? 1 : 0));
  },
  prepareForStatusUpdate(object, old): void {
    const generation = stringMapAt(old, "metadata", "annotations")[TEMPLATE_GENERATION];
    if (generation !== undefined)
      keep(ensureFields(object.metadata, "annotations"), old.metadata.annotations ?? {}, TEMPLATE_GENERATION);
  },
  validate: validateDaemonSet,
  validateUpdate(errors, object, old): void {
    validateSameSelector(errors, object, old);
    validateDaemonSet(errors, object);
  },
  validateStatusUpdate(errors, object): void {
    const counts = [
      "currentNumberScheduled",
      "numberMisscheduled",
      "desiredNumberScheduled",
      "numberReady",
      "observedGeneration",
    ];
    const more = ["updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"];
    validateStatusCounts(errors, fieldsAt(object, "status") ?? {}, [...counts, ...more], []);
  },
  warnings: templateWarnings,
};

function templateGenerationOf(object: Fields): number {
  const text = stringMapAt(object, "metadata", "annotations")[TEMPLATE_GENERATION] ?? "";
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function setTemplateGeneration(object: Fields, generation: number): void {
  const annotations = ensureFields(ensureFields(object, "metadata"), "annotations");
  annotations[TEMPLATE_GENERATION] = String(generation);
}

function validateDaemonSet(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const selector = fieldsAt(spec, "selector");
  const template = fieldsAt(spec, "template") ?? {};
  validateLabelSelector(errors, "spec.selector", selector);
  if (isUsable(selector) && !selectorMatches(selector, stringMapAt(template, "metadata", "labels"))) {
    errors.invalid("spec.template.metadata.labels", labelsValue(template), MISMATCH);
  }
  if (selector !== undefined && isEmptySelector(selector))
    errors.invalid("spec.selector", goSelector(selector), "empty selector is invalid for daemonset");
  validatePodTemplate(errors, "spec.template", template);
  validateAlwaysRestarting(errors, "spec.template", template, "DaemonSet");
  errors.notNegative("spec.minReadySeconds", numberAt(spec, "minReadySeconds"));
  validateStrategy(errors, "spec.updateStrategy", fieldsAt(spec, "updateStrategy") ?? {});
  errors.notNegative("spec.revisionHistoryLimit", numberAt(spec, "revisionHistoryLimit"));
}

function validateStrategy(errors: FieldErrors, path: string, strategy: Fields): void {
  const type = textAt(strategy, "type");
  const rolling = fieldsOf(strategy["rollingUpdate"]);
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate") {
    const go =
      rolling === undefined
        ? null
        : { MaxUnavailable: at(rolling, "maxUnavailable") ?? 0, MaxSurge: at(rolling, "maxSurge") ?? 0 };
    errors.notSupported(path, { Type: type, RollingUpdate: go }, ["RollingUpdate", "OnDelete"]);
    return;
  }
  const unavailable = at(rolling, "maxUnavailable") ?? 0;
  const surge = at(rolling, "maxSurge") ?? 0;
  validateIntOrPercent(errors, `${path}.rollingUpdate.maxUnavailable`, unavailable);
  validateIntOrPercent(errors, `${path}.rollingUpdate.maxSurge`, surge);
  validateAtMost100Percent(errors, `${path}.rollingUpdate.maxUnavailable`, unavailable);
  validateAtMost100Percent(errors, `${path}.rollingUpdate.maxSurge`, surge);
  const hasUnavailable = intOrPercentOf(unavailable) !== 0;
  const hasSurge = intOrPercentOf(surge) !== 0;
  if (hasUnavailable && hasSurge)
    errors.invalid(`${path}.rollingUpdate.maxSurge`, surge, "may not be set when maxUnavailable is non-zero");
  else if (!hasUnavailable && !hasSurge)
    errors.required(`${path}.rollingUpdate.maxUnavailable`, "cannot be 0 when maxSurge is 0");
}
