/**
 * Kinds with a handful of rules: PriorityClass, Lease, RuntimeClass, and dynamic resources.
 */
import { formatTime, validateDns1035Label, validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import {
  at,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateTolerations } from "../pod/affinity-validation.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { validateLabels } from "../validation/metadata-validation.ts";
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
      errors.invalid("preemptionPolicy", object["preemptionPolicy"] ?? null, IMMUTABLE);
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

function defaultDeviceRequest(request: Fields): void {
  fillEmpty(request, "allocationMode", "ExactCount");
  if (request["allocationMode"] === "ExactCount") fillEmpty(request, "count", 1);
  for (const toleration of itemsAt(request, "tolerations")) fillEmpty(toleration, "operator", "Equal");
}

function defaultClaimSpec(spec: Fields | undefined): void {
  for (const request of itemsAt(spec, "devices", "requests")) {
    const exactly = fieldsAt(request, "exactly");
    if (exactly !== undefined) defaultDeviceRequest(exactly);
    for (const alternative of itemsAt(request, "firstAvailable")) defaultDeviceRequest(alternative);
  }
}

export const resourceClaimRules: KindRules = {
  statusKeepsMetadata: true,
  default: (object) => defaultClaimSpec(fieldsAt(object, "spec")),
  validate: (errors, object) =>
    validateDeviceRequests(errors, "spec.devices.requests", itemsAt(object, "spec", "devices", "requests")),
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.invalid("spec", object["spec"] ?? null, IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

export const resourceClaimTemplateRules: KindRules = {
  default: (object) => defaultClaimSpec(fieldsAt(object, "spec", "spec")),
  validate: (errors, object) =>
    validateDeviceRequests(
      errors,
      "spec.spec.devices.requests",
      itemsAt(object, "spec", "spec", "devices", "requests"),
    ),
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.invalid("spec", object["spec"] ?? null, IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

function validateDeviceRequests(errors: FieldErrors, path: string, requests: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, request] of requests.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(request, "name");
    if (name === "") errors.required(child(here, "name"));
    else errors.invalidEach(child(here, "name"), name, validateDns1123Label(name));
    if (names.has(name)) errors.duplicate(here, name);
    names.add(name);
    const exactly = fieldsAt(request, "exactly");
    const alternatives = itemsAt(request, "firstAvailable");
    if (exactly !== undefined && alternatives.length > 0)
      errors.invalid(
        here,
        null,
        "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set",
      );
    else if (exactly === undefined && alternatives.length === 0)
      errors.required(here, "exactly one of `exactly` or `firstAvailable` is required");
    for (const [field, device] of [
      ...(exactly === undefined ? [] : [[child(here, "exactly"), exactly] as const]),
      ...alternatives.map((item, i) => [`${child(here, "firstAvailable")}[${i}]`, item] as const),
    ]) {
      const deviceClass = textAt(device, "deviceClassName");
      if (deviceClass === "") errors.required(child(field, "deviceClassName"));
      else errors.invalidEach(child(field, "deviceClassName"), deviceClass, validateDns1123Subdomain(deviceClass));
      errors.oneOf(child(field, "allocationMode"), textAt(device, "allocationMode"), ["All", "ExactCount"]);
    }
  }
}

export const deviceClassRules: KindRules = { generation: ["spec"], deletion: { returnsObject: true } };
export const resourceSliceRules: KindRules = {
  fieldSelectorError: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  generation: ["spec"],
  deletion: { returnsObject: true },
  selectableFields: {
    "spec.nodeName": (object) => textAt(object, "spec", "nodeName"),
    "spec.driver": (object) => textAt(object, "spec", "driver"),
  },
};
export const deviceTaintRuleRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  allowUnconditionalUpdate: false,
  prepareForCreate(object, context): void {
    fillAbsent(fieldsAt(object, "spec", "taint"), "timeAdded", formatTime(context.now()));
  },
  deletion: { returnsObject: true },
};
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
