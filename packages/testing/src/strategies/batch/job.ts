/**
 * Jobs and CronJobs.
 */

import { goQuote, validateDns1123Label } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import type { ApiObject, StrategyContext } from "../../registry/strategy.ts";
import { labelsValue, MISMATCH } from "../apps/workload-validation.ts";
import { internalShape } from "../difference/internal-difference.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { defaultPodTemplate } from "../pod/pod-defaults.ts";
import { validatePodTemplate } from "../pod/pod-spec-validation.ts";
import { podNameWarnings, podWarnings } from "../pod/pod-warnings.ts";
import { child, type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import { goSelector, isUsable, selectorMatches, validateLabelSelector } from "../validation/metadata-validation.ts";
import { scheduleProblem, timeZoneProblems } from "./cron-schedule.ts";
import { validateFailurePolicy, validateManagedBy, validateSuccessPolicy } from "./job-policies.ts";
import { validateJobStatus } from "./job-status.ts";

const UID_LABEL = "batch.kubernetes.io/controller-uid";
const NAME_LABEL = "batch.kubernetes.io/job-name";

export const jobRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    if (at(spec, "completions") === undefined && at(spec, "parallelism") === undefined) spec["completions"] = 1;
    fillAbsent(spec, "parallelism", 1);
    fillAbsent(spec, "backoffLimit", at(spec, "backoffLimitPerIndex") === undefined ? 6 : 2147483647);
    const labels = fieldsAt(spec, "template", "metadata", "labels");
    // The same map on purpose: labels that the Job's own selector adds to the template show on the Job, too.
    if (!isEmpty(labels) && isEmpty(object.metadata.labels)) {
      // An object whose name is generated is copied before that, which parts the two.
      const isCopied = (object.metadata.name ?? "") === "";
      object.metadata.labels = (isCopied ? clone(labels) : labels) as Record<string, string>;
    }
    fillAbsent(spec, "completionMode", "NonIndexed");
    fillAbsent(spec, "suspend", false);
    fillAbsent(
      spec,
      "podReplacementPolicy",
      at(spec, "podFailurePolicy") === undefined ? "TerminatingOrFailed" : "Failed",
    );
    fillAbsent(spec, "manualSelector", false);
    defaultFailurePolicy(spec);
    defaultPodTemplate(ensureFields(spec, "template"));
  },
  prepareForCreate: generateSelector,
  validate(errors, object): void {
    validateGeneratedSelector(errors, object);
    validateJob(errors, object);
    // It is read back from where it was stored, with its template's labels, once its own were checked.
    labelLikeTemplate(object);
    const completions = numberAt(object, "spec", "completions") ?? 0;
    if (textAt(object, "spec", "completionMode") === "Indexed" && completions > 0) {
      const hostname = `${object.metadata.name}-${completions - 1}`;
      if (validateDns1123Label(hostname).length > 0) {
        errors.invalid(
          "metadata.name",
          object.metadata.name,
          `will not able to create pod with invalid DNS label: ${hostname}`,
        );
      }
    }
  },
  validateUpdate(errors, object, old): void {
    validateJob(errors, object);
    validateJobUpdate(errors, object, old);
  },
  prepareForStatusUpdate: (object) => labelLikeTemplate(object),
  validateStatusUpdate: validateJobStatus,
  warnings: (object, old) => [
    ...podNameWarnings(object, old),
    ...podWarnings(fieldsAt(object, "spec", "template") ?? {}, "spec.template"),
  ],
  fieldSelectorError: (field) => `field label ${goQuote(field)} not supported for Job`,
  selectableFields: { "status.successful": (object) => String(numberAt(object, "status", "succeeded") ?? 0) },
  deletion: { defaultPropagation: "orphan" },
};

function defaultFailurePolicy(spec: Fields): void {
  for (const rule of itemsAt(spec, "podFailurePolicy", "rules")) {
    for (const pattern of itemsAt(rule, "onPodConditions")) fillEmpty(pattern, "status", "True");
  }
}

/** A Job without labels has those of its template, whenever it is read. */
function labelLikeTemplate(object: ApiObject): void {
  const labels = fieldsAt(object, "spec", "template", "metadata", "labels");
  if (!isEmpty(labels) && isEmpty(object.metadata.labels))
    object.metadata.labels = clone(labels) as Record<string, string>;
}

/** Gives the Job a selector of its own, by its uid. */
function generateSelector(object: ApiObject, _context: StrategyContext): void {
  const spec = ensureFields(object, "spec");
  if (isTrueAt(spec, "manualSelector")) return;
  const uid = object.metadata.uid ?? "";
  const labels = ensureFields(ensureFields(ensureFields(spec, "template"), "metadata"), "labels");
  const own = {
    [UID_LABEL]: uid,
    [NAME_LABEL]: object.metadata.name,
    "controller-uid": uid,
    "job-name": object.metadata.name,
  };
  for (const [key, value] of Object.entries(own)) fillAbsent(labels, key, value);
  const selector = ensureFields(spec, "selector");
  ensureFields(selector, "matchLabels")[UID_LABEL] = uid;
}

function validateGeneratedSelector(errors: FieldErrors, object: ApiObject): void {
  if (isTrueAt(object, "spec", "manualSelector")) return;
  const labels = stringMapAt(object, "spec", "template", "metadata", "labels");
  const expected: Record<string, string> = {
    "controller-uid": object.metadata.uid ?? "",
    "job-name": object.metadata.name,
    [UID_LABEL]: object.metadata.uid ?? "",
    [NAME_LABEL]: object.metadata.name,
  };
  for (const [key, value] of Object.entries(expected)) {
    if (labels[key] === undefined) errors.required(`spec.template.metadata.labels[${key}]`, `must be '${value}'`);
    else if (labels[key] !== value)
      errors.invalid(`spec.template.metadata.labels[${key}]`, labels[key], `must be '${value}'`);
  }
  const selector = fieldsAt(object, "spec", "selector");
  if (!selectorMatches(selector, expected))
    errors.invalid("spec.selector", goSelector(selector), "`selector` not auto-generated");
}

function validateJob(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  validateJobSpec(errors, "spec", spec);
  const selector = fieldsAt(spec, "selector");
  if (selector === undefined) errors.required("spec.selector");
  else validateLabelSelector(errors, "spec.selector", selector);
  const template = fieldsAt(spec, "template") ?? {};
  if (isUsable(selector) && !selectorMatches(selector, stringMapAt(template, "metadata", "labels"))) {
    errors.invalid("spec.template.metadata.labels", labelsValue(template), MISMATCH);
  }
}

const COUNTS = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
];

function validateJobSpec(errors: FieldErrors, path: string, spec: Fields): void {
  for (const name of COUNTS) errors.notNegative(child(path, name), numberAt(spec, name));
  const perIndex = numberAt(spec, "backoffLimitPerIndex");
  const maxFailed = numberAt(spec, "maxFailedIndexes");
  if (maxFailed !== undefined && perIndex === undefined)
    errors.required(child(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified");
  if (at(spec, "managedBy") !== undefined)
    validateManagedBy(errors, child(path, "managedBy"), textAt(spec, "managedBy"));
  const mode = String(at(spec, "completionMode") ?? "NonIndexed");
  const completions = numberAt(spec, "completions");
  errors.oneOf(child(path, "completionMode"), mode, ["NonIndexed", "Indexed"]);
  if (mode === "Indexed") {
    if (completions === undefined) errors.required(child(path, "completions"), "when completion mode is Indexed");
    const parallelism = numberAt(spec, "parallelism") ?? 0;
    if (parallelism > 100000) {
      errors.invalid(
        child(path, "parallelism"),
        parallelism,
        "must be less than or equal to 100000 when completion mode is Indexed",
      );
    }
    if (completions !== undefined && maxFailed !== undefined && maxFailed > completions) {
      errors.invalid(child(path, "maxFailedIndexes"), maxFailed, "must be less than or equal to completions");
    }
    if (maxFailed !== undefined && maxFailed > 100000)
      errors.invalid(child(path, "maxFailedIndexes"), maxFailed, "must be less than or equal to 100000");
  }
  if (mode === "NonIndexed") {
    if (perIndex !== undefined)
      errors.invalid(child(path, "backoffLimitPerIndex"), perIndex, "requires indexed completion mode");
    if (maxFailed !== undefined)
      errors.invalid(child(path, "maxFailedIndexes"), maxFailed, "requires indexed completion mode");
  }
  const failurePolicy = fieldsAt(spec, "podFailurePolicy");
  if (failurePolicy !== undefined)
    validateFailurePolicy(errors, child(path, "podFailurePolicy.rules"), spec, failurePolicy);
  const successPolicy = fieldsAt(spec, "successPolicy");
  if (successPolicy !== undefined) {
    const field = child(path, "successPolicy");
    if (mode === "Indexed") validateSuccessPolicy(errors, field, completions ?? 0, successPolicy);
    else errors.invalid(field, internalShape("SuccessPolicy", successPolicy), "requires indexed completion mode");
  }
  const replacement = at(spec, "podReplacementPolicy");
  if (replacement !== undefined) {
    errors.oneOf(
      child(path, "podReplacementPolicy"),
      String(replacement),
      failurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"],
    );
  }
  const template = fieldsAt(spec, "template") ?? {};
  validatePodTemplate(errors, child(path, "template"), template);
  const restart = textAt(template, "spec", "restartPolicy");
  const field = child(path, "template.spec.restartPolicy");
  if (restart === "Always" || restart === "") errors.required(field, 'valid values: "OnFailure", "Never"');
  else if (restart !== "OnFailure" && restart !== "Never") errors.notSupported(field, restart, ["OnFailure", "Never"]);
  else if (failurePolicy !== undefined && restart !== "Never") {
    errors.invalid(field, restart, 'only "Never" is supported when podFailurePolicy is specified');
  }
}

function validateJobUpdate(errors: FieldErrors, object: ApiObject, old: ApiObject): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const before = fieldsAt(old, "spec") ?? {};
  const same = (member: string) => isSemanticallyEqual(spec[member], before[member]);
  if (textAt(spec, "completionMode") !== "Indexed") {
    if (!same("completions")) errors.invalid("spec.completions", spec["completions"] ?? null, IMMUTABLE);
  } else if (!same("completions") && spec["completions"] !== undefined && spec["completions"] !== spec["parallelism"]) {
    errors.invalid("spec.completions", spec["completions"], "can only be modified in tandem with spec.parallelism");
  }
  if (!same("selector")) errors.invalid("spec.selector", goSelector(fieldsAt(spec, "selector")), IMMUTABLE);
  if (!isSemanticallyEqual(mutableTemplate(spec, before), before["template"])) {
    if (isTrueAt(before, "suspend"))
      errors.invalid("spec.template.spec", internalShape("PodSpec", at(spec, "template", "spec")), IMMUTABLE);
    else errors.invalid("spec.template", internalShape("PodTemplateSpec", spec["template"]), IMMUTABLE);
  }
  for (const [member, type] of [
    ["completionMode"],
    ["podFailurePolicy", "PodFailurePolicy"],
    ["backoffLimitPerIndex"],
    ["managedBy"],
    ["successPolicy", "SuccessPolicy"],
  ] as const) {
    const value = spec[member] ?? null;
    const shown = type === undefined || value === null ? typedText(value) : internalShape(type, value);
    if (!same(member)) errors.invalid(`spec.${member}`, shown, IMMUTABLE);
  }
}

/** The template with what a suspended Job may change put back. */
function mutableTemplate(spec: Fields, before: Fields): unknown {
  if (!isTrueAt(before, "suspend")) return spec["template"];
  const template = clone(fieldsAt(spec, "template") ?? {});
  const old = fieldsAt(before, "template") ?? {};
  const podSpec = ensureFields(template, "spec");
  for (const member of ["nodeSelector", "tolerations", "schedulingGates"]) podSpec[member] = at(old, "spec", member);
  podSpec["affinity"] = withNodeAffinityOf(fieldsAt(podSpec, "affinity"), fieldsAt(old, "spec", "affinity"));
  for (const list of ["containers", "initContainers"]) {
    const [containers, others] = [itemsAt(podSpec, list), itemsAt(old, "spec", list)];
    if (containers.length !== others.length) continue;
    for (const [index, container] of containers.entries()) {
      const other = others[index];
      if (other !== undefined && other["name"] === container["name"]) container["resources"] = other["resources"];
    }
  }
  template["metadata"] = old["metadata"];
  return template;
}

function withNodeAffinityOf(affinity: Fields | undefined, old: Fields | undefined): Fields | undefined {
  const members = { ...affinity, nodeAffinity: old?.["nodeAffinity"] };
  const isEmptied = Object.values(members).every((value) => value === undefined);
  return isEmptied ? old : members;
}

export const cronJobRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillEmpty(spec, "concurrencyPolicy", "Allow");
    fillAbsent(spec, "suspend", false);
    fillAbsent(spec, "successfulJobsHistoryLimit", 3);
    fillAbsent(spec, "failedJobsHistoryLimit", 1);
    const job = ensureFields(ensureFields(spec, "jobTemplate"), "spec");
    defaultFailurePolicy(job);
    defaultPodTemplate(ensureFields(job, "template"));
  },
  validate(errors, object): void {
    validateCronJob(errors, object, undefined);
    if (Buffer.byteLength(object.metadata.name) > 52)
      errors.invalid("metadata.name", object.metadata.name, "must be no more than 52 characters");
  },
  validateUpdate: validateCronJob,
  warnings(object, old): string[] {
    const warnings = [
      ...podNameWarnings(object, old),
      ...podWarnings(
        fieldsAt(object, "spec", "jobTemplate", "spec", "template") ?? {},
        "spec.jobTemplate.spec.template",
      ),
    ];
    if (textAt(object, "spec", "schedule").includes("TZ")) {
      warnings.push("spec.schedule: cannot use TZ or CRON_TZ in schedule, use timeZone instead");
    }
    return warnings;
  },
};

function validateCronJob(errors: FieldErrors, object: Fields, old: Fields | undefined): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const schedule = textAt(spec, "schedule");
  if (schedule === "") errors.declared.required("spec.schedule");
  else {
    const problem = scheduleProblem(schedule);
    if (problem !== undefined) errors.invalid("spec.schedule", schedule, problem);
    if (schedule.includes("TZ") && !textAt(old, "spec", "schedule").includes("TZ")) {
      errors.invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
    }
  }
  errors.notNegative("spec.startingDeadlineSeconds", numberAt(spec, "startingDeadlineSeconds"));
  const zone = at(spec, "timeZone");
  if (typeof zone === "string" && zone !== at(old, "spec", "timeZone")) {
    errors.invalidEach("spec.timeZone", typedText(zone), timeZoneProblems(zone));
  }
  errors.oneOf("spec.concurrencyPolicy", textAt(spec, "concurrencyPolicy"), ["Allow", "Forbid", "Replace"], "required");
  const job = fieldsAt(spec, "jobTemplate", "spec") ?? {};
  validateJobSpec(errors, "spec.jobTemplate.spec", job);
  const selector = fieldsAt(job, "selector");
  if (selector !== undefined)
    errors.invalid("spec.jobTemplate.spec.selector", goSelector(selector), "`selector` will be auto-generated");
  if (isTrueAt(job, "manualSelector"))
    errors.notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]);
  errors.notNegative("spec.successfulJobsHistoryLimit", numberAt(spec, "successfulJobsHistoryLimit"));
  errors.notNegative("spec.failedJobsHistoryLimit", numberAt(spec, "failedJobsHistoryLimit"));
}
