/**
 * Kinds with a handful of rules: PriorityClass, Lease, RuntimeClass, StorageVersionMigration.
 */
import { validateDns1035Label, validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import {
  at,
  type Fields,
  fieldsAt,
  fillAbsent,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  keysInOrder,
  numberAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateTolerations } from "../pod/affinity-validation.ts";
import { type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import { validateLabels } from "../validation/metadata-validation.ts";
import { nodeLabelWarning } from "../validation/node-label-warnings.ts";
import { validateContainerResources } from "../validation/resource-validation.ts";

const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

export const priorityClassRules: KindRules = {
  default: (object) => fillAbsent(object, "preemptionPolicy", "PreemptLowerPriority"),
  prepareForCreate(object): void {
    object.metadata.generation = 1;
  },
  validate(errors, object): void {
    const name = object.metadata.name;
    const value = numberAt(object, "value") ?? 0;
    if (name.startsWith("system-")) {
      const problem = systemClassProblem(name, value, isTrueAt(object, "globalDefault"));
      if (problem !== undefined) {
        errors.forbidden(
          "metadata.name",
          `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
        );
      }
    } else if (value > HIGHEST_USER_PRIORITY) {
      errors.forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`);
    }
    validatePreemption(errors, object);
  },
  validateUpdate(errors, object, old): void {
    if (object["value"] !== old["value"]) errors.forbidden("value", "may not be changed in an update.");
    if (object["preemptionPolicy"] !== old["preemptionPolicy"])
      errors.invalid("preemptionPolicy", typedText(object["preemptionPolicy"] ?? null), IMMUTABLE);
  },
};

function systemClassProblem(name: string, value: number, isDefault: boolean): string | undefined {
  const known = SYSTEM_PRIORITIES[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function validatePreemption(errors: FieldErrors, object: Fields): void {
  const policy = at(object, "preemptionPolicy");
  if (policy !== undefined)
    errors.oneOf("preemptionPolicy", String(policy), ["PreemptLowerPriority", "Never"], "required");
}

export const leaseRules: KindRules = {
  allowsAnyFinalizer: true,
  allowUnconditionalUpdate: false,
  allowCreateOnUpdate: true,
  prepareForCreate: dropLeaseStrategy,
  prepareForUpdate: dropLeaseStrategy,
  validate: validateLease,
  validateUpdate: validateLease,
};

/** Coordinated leader election is not on by default. */
function dropLeaseStrategy(object: Fields): void {
  const spec = fieldsAt(object, "spec");
  if (spec === undefined) return;
  delete spec["strategy"];
  delete spec["preferredHolder"];
}

function validateLease(errors: FieldErrors, object: Fields): void {
  const duration = numberAt(object, "spec", "leaseDurationSeconds");
  if (duration !== undefined && duration <= 0)
    errors.invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
  const transitions = numberAt(object, "spec", "leaseTransitions");
  if (transitions !== undefined && transitions < 0)
    errors.invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
}

export const runtimeClassRules: KindRules = {
  warnings: (object) =>
    keysInOrder(stringMapAt(object, "scheduling", "nodeSelector")).flatMap((key) => {
      const text = nodeLabelWarning(key);
      return text === undefined ? [] : [`scheduling.nodeSelector: ${text}`];
    }),
  allowsAnyFinalizer: true,
  allowUnconditionalUpdate: false,
  allowCreateOnUpdate: true,
  validate(errors, object): void {
    const overhead = fieldsAt(object, "overhead");
    if (overhead !== undefined)
      validateContainerResources(errors, "overhead", { limits: fieldsAt(overhead, "podFixed") }, []);
    const tolerations = itemsAt(object, "scheduling", "tolerations");
    validateLabels(errors, "scheduling.nodeSelector", stringMapAt(object, "scheduling", "nodeSelector"));
    validateTolerations(errors, "scheduling.tolerations", tolerations);
    for (const [index, toleration] of tolerations.entries()) {
      const isKnown = tolerations.slice(0, index).some((other) => isSemanticallyEqual(other, toleration));
      if (isKnown) errors.duplicate(`scheduling.tolerations[${index}]`, goToleration(toleration));
    }
    const handler = textAt(object, "handler");
    if (handler === "") errors.declared.required("handler");
    else errors.declared.invalidEach("handler", handler, validateDns1123Label(handler, "bytes"));
  },
  validateUpdate(errors, object, old, context): void {
    runtimeClassRules.validate?.(errors, object, context);
    if (object["handler"] !== old["handler"]) errors.declared.invalid("handler", null, IMMUTABLE);
  },
};

/** As Go prints it. */
function goToleration(toleration: Fields): Fields {
  return {
    Key: textAt(toleration, "key"),
    Operator: textAt(toleration, "operator"),
    Value: textAt(toleration, "value"),
    Effect: textAt(toleration, "effect"),
    TolerationSeconds: toleration["tolerationSeconds"] ?? null,
  };
}

export const storageMigrationRules: KindRules = {
  allowUnconditionalUpdate: false,
  statusKeepsMetadata: true,
  validate: validateMigration,
  validateUpdate(errors, object, old): void {
    validateMigration(errors, object);
    if (isSemanticallyEqual(object["spec"], old["spec"])) return;
    const [group, resource] = [
      textAt(object, "spec", "resource", "group"),
      textAt(object, "spec", "resource", "resource"),
    ];
    errors.invalid("spec", { Resource: { group, resource } }, IMMUTABLE);
  },
};

function validateMigration(errors: FieldErrors, object: Fields): void {
  const resource = textAt(object, "spec", "resource", "resource");
  if (resource === "") errors.required("spec.resource.resource", "resource is required to be set");
  else {
    const problems = validateDns1035Label(resource);
    if (problems.length > 0) errors.invalid("spec.resource.resource", resource, problems.join(","));
  }
  const group = textAt(object, "spec", "resource", "group");
  const problems = group === "" ? [] : validateDns1123Subdomain(group);
  if (problems.length > 0) errors.invalid("spec.resource.group", group, problems.join(","));
}
