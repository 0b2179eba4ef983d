/**
 * Deployments and ReplicaSets.
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
  textAt,
} from "../json-access.ts";
import { type KindRules, keep } from "../kind-rules.ts";
import { defaultPodTemplate } from "../pod/pod-defaults.ts";
import { podNameWarnings, templateWarnings } from "../pod/pod-warnings.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { goSelector } from "../validation/metadata-validation.ts";
import {
  intOrPercentOf,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateReplicaTemplate,
  validateRequiredSelector,
  validateStatusCounts,
} from "./workload-validation.ts";

export const deploymentRules: KindRules = {
  generation: ["spec", "metadata.annotations"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillAbsent(spec, "replicas", 1);
    const strategy = ensureFields(spec, "strategy");
    fillEmpty(strategy, "type", "RollingUpdate");
    if (strategy["type"] === "RollingUpdate") {
      const rolling = ensureFields(strategy, "rollingUpdate");
      fillAbsent(rolling, "maxUnavailable", "25%");
      fillAbsent(rolling, "maxSurge", "25%");
    }
    fillAbsent(spec, "revisionHistoryLimit", 10);
    fillAbsent(spec, "progressDeadlineSeconds", 600);
    defaultPodTemplate(ensureFields(spec, "template"));
  },
  prepareForStatusUpdate(object, old): void {
    keep(object.metadata, old.metadata, "labels");
  },
  validate: validateDeployment,
  validateUpdate(errors, object, old): void {
    validateDeployment(errors, object);
    validateSameSelector(errors, object, old);
  },
  validateStatusUpdate(errors, object, old): void {
    const status = fieldsAt(object, "status") ?? {};
    validateStatusCounts(
      errors,
      status,
      [
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount",
      ],
      [
        ["updatedReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"],
      ],
    );
    validateCollisionCount(errors, status, old);
  },
  warnings: (object, old) => [...podNameWarnings(object, old), ...templateWarnings(object, old)],
};

export const replicaSetRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillAbsent(spec, "replicas", 1);
    defaultPodTemplate(ensureFields(spec, "template"));
  },
  validate: validateReplicaSet,
  validateUpdate(errors, object, old): void {
    validateReplicaSet(errors, object);
    validateSameSelector(errors, object, old);
  },
  validateStatusUpdate(errors, object): void {
    validateStatusCounts(
      errors,
      fieldsAt(object, "status") ?? {},
      [
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "observedGeneration",
        "terminatingReplicas",
      ],
      [
        ["fullyLabeledReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"],
      ],
    );
  },
  warnings: (object, old) => [...podNameWarnings(object, old), ...templateWarnings(object, old)],
};

/** A collision count only grows. */
export function validateCollisionCount(errors: FieldErrors, status: Fields, old: Fields): void {
  const before = numberAt(old, "status", "collisionCount");
  if (before === undefined) return;
  const count = numberAt(status, "collisionCount") ?? 0;
  if (count < before || at(status, "collisionCount") === undefined)
    errors.invalid("status.collisionCount", count, "cannot be decremented");
}

export function validateSameSelector(errors: FieldErrors, object: Fields, old: Fields): void {
  const selector = fieldsAt(object, "spec", "selector");
  if (!isSemanticallyEqual(selector, fieldsAt(old, "spec", "selector")))
    errors.invalid("spec.selector", goSelector(selector), IMMUTABLE);
}

function validateReplicaSet(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  errors.notNegative("spec.replicas", numberAt(spec, "replicas"));
  errors.notNegative("spec.minReadySeconds", numberAt(spec, "minReadySeconds"));
  const selector = fieldsAt(spec, "selector");
  validateRequiredSelector(errors, "spec.selector", selector, "deployment");
  validateReplicaTemplate(errors, "spec.template", fieldsAt(spec, "template") ?? {}, selector, "ReplicaSet");
}

function validateDeployment(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  errors.notNegative("spec.replicas", numberAt(spec, "replicas"));
  const selector = fieldsAt(spec, "selector");
  validateRequiredSelector(errors, "spec.selector", selector, "deployment");
  validateReplicaTemplate(errors, "spec.template", fieldsAt(spec, "template") ?? {}, selector, "ReplicaSet");
  validateStrategy(errors, "spec.strategy", fieldsAt(spec, "strategy") ?? {});
  const minReady = numberAt(spec, "minReadySeconds") ?? 0;
  errors.notNegative("spec.minReadySeconds", minReady);
  errors.notNegative("spec.revisionHistoryLimit", numberAt(spec, "revisionHistoryLimit"));
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  errors.notNegative("spec.progressDeadlineSeconds", deadline);
  if (deadline !== undefined && deadline <= minReady) {
    errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
  }
}

function validateStrategy(errors: FieldErrors, path: string, strategy: Fields): void {
  const type = textAt(strategy, "type");
  const rolling = fieldsOf(strategy["rollingUpdate"]);
  if (type === "Recreate") {
    if (rolling !== undefined)
      errors.forbidden(child(path, "rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'");
  } else if (type === "RollingUpdate") {
    if (rolling === undefined)
      errors.required(child(path, "rollingUpdate"), "this should be defaulted and never be nil");
    else validateRollingUpdate(errors, child(path, "rollingUpdate"), rolling);
  } else {
    const value = { Type: type, RollingUpdate: rolling === undefined ? null : goRollingUpdate(rolling) };
    errors.notSupported(path, value, ["Recreate", "RollingUpdate"]);
  }
}

function goRollingUpdate(rolling: Fields): Fields {
  return { MaxUnavailable: at(rolling, "maxUnavailable") ?? 0, MaxSurge: at(rolling, "maxSurge") ?? 0 };
}

function validateRollingUpdate(errors: FieldErrors, path: string, rolling: Fields): void {
  const unavailable = rolling["maxUnavailable"];
  const surge = rolling["maxSurge"];
  validateIntOrPercent(errors, child(path, "maxUnavailable"), unavailable);
  validateIntOrPercent(errors, child(path, "maxSurge"), surge);
  if (intOrPercentOf(unavailable) === 0 && intOrPercentOf(surge) === 0) {
    errors.invalid(child(path, "maxUnavailable"), unavailable ?? 0, "may not be 0 when `maxSurge` is 0");
  }
  validateAtMost100Percent(errors, child(path, "maxUnavailable"), unavailable);
}
