/**
 * Kinds with a handful of rules: PriorityClass, Lease, RuntimeClass, flow control, APIService, and dynamic resources.
 */
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateTolerations } from "../pod/affinity-validation.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { dnsLabelProblems, dnsSubdomainProblems } from "../validation/name-rules.ts";
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
  validate(errors, object): void {
    const overhead = fieldsAt(object, "overhead");
    if (overhead !== undefined)
      validateContainerResources(errors, "overhead", { limits: fieldsAt(overhead, "podFixed") }, []);
    validateTolerations(errors, "scheduling.tolerations", itemsAt(object, "scheduling", "tolerations"));
    const handler = textAt(object, "handler");
    if (handler === "") errors.declared.required("handler");
    else errors.declared.invalidEach("handler", handler, dnsLabelProblems(handler));
  },
  validateUpdate(errors, object, old): void {
    if (object["handler"] !== old["handler"]) errors.declared.invalid("handler", textAt(object, "handler"), IMMUTABLE);
  },
};

export const flowSchemaRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  default(object): void {
    fillEmpty(ensureFields(object, "spec"), "matchingPrecedence", 1000);
  },
  validate(errors, object): void {
    const precedence = numberAt(object, "spec", "matchingPrecedence") ?? 0;
    if (precedence <= 0) errors.invalid("spec.matchingPrecedence", precedence, "must be a positive value");
    if (precedence > 10000) errors.invalid("spec.matchingPrecedence", precedence, "must not be greater than 10000");
    const level = textAt(object, "spec", "priorityLevelConfiguration", "name");
    if (level === "") errors.required("spec.priorityLevelConfiguration.name", "must reference a priority level");
    else errors.invalidEach("spec.priorityLevelConfiguration.name", level, dnsSubdomainProblems(level));
    const method = at(object, "spec", "distinguisherMethod", "type");
    if (method !== undefined) errors.oneOf("spec.distinguisherMethod", String(method), ["ByNamespace", "ByUser"]);
  },
};

export const priorityLevelRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  default(object): void {
    const spec = ensureFields(object, "spec");
    const exempt = fieldsAt(spec, "exempt");
    fillAbsent(exempt, "nominalConcurrencyShares", 0);
    fillAbsent(exempt, "lendablePercent", 0);
    const limited = fieldsAt(spec, "limited");
    fillAbsent(limited, "nominalConcurrencyShares", 30);
    fillAbsent(limited, "lendablePercent", 0);
    const queuing = fieldsAt(limited, "limitResponse", "queuing");
    fillEmpty(queuing, "handSize", 8);
    fillEmpty(queuing, "queues", 64);
    fillEmpty(queuing, "queueLengthLimit", 50);
  },
  validate(errors, object): void {
    const spec = fieldsAt(object, "spec") ?? {};
    const type = textAt(spec, "type");
    const limited = fieldsAt(spec, "limited");
    if (type === "Exempt") {
      if (limited !== undefined) errors.forbidden("spec.limited", "must be nil if the type is not Limited");
    } else if (type === "Limited") {
      if (at(spec, "exempt") !== undefined) errors.forbidden("spec.exempt", "must be nil if the type is Limited");
      if (limited === undefined) errors.required("spec.limited", "must not be empty when type is Limited");
      else {
        const response = textAt(limited, "limitResponse", "type");
        const queuing = at(limited, "limitResponse", "queuing");
        const path = "spec.limited.limitResponse";
        if (response === "Reject" && queuing !== undefined)
          errors.forbidden(`${path}.queuing`, "must be nil if limited.limitResponse.type is not Limited");
        else if (response === "Queue" && queuing === undefined)
          errors.required(`${path}.queuing`, "must not be empty if limited.limitResponse.type is Limited");
        else if (response !== "Reject" && response !== "Queue")
          errors.notSupported(`${path}.type`, response, ["Queue", "Reject"]);
      }
    } else errors.notSupported("spec.type", type, ["Exempt", "Limited"]);
  },
};

export const apiServiceRules: KindRules = {
  allowsAnyFinalizer: true,
  default(object): void {
    fillAbsent(fieldsAt(object, "spec", "service"), "port", 443);
  },
  prepareForCreate(object, context): void {
    if (fieldsAt(object, "spec", "service") !== undefined) return;
    const time = `${context.now().toISOString().slice(0, 19)}Z`;
    const message = "Local APIServices are always available";
    object["status"] = {
      conditions: [{ type: "Available", status: "True", lastTransitionTime: time, reason: "Local", message }],
    };
  },
  validate(errors, object): void {
    const expected = `${textAt(object, "spec", "version")}.${textAt(object, "spec", "group")}`;
    if (object.metadata.name !== expected) {
      errors.invalid("metadata.name", object.metadata.name, `must be \`spec.version+"."+spec.group\`: "${expected}"`);
    }
    const minimum = numberAt(object, "spec", "groupPriorityMinimum") ?? 0;
    if (minimum <= 0 || minimum > 20000)
      errors.invalid("spec.groupPriorityMinimum", minimum, "must be positive and less than 20000");
    const priority = numberAt(object, "spec", "versionPriority") ?? 0;
    if (priority <= 0 || priority > 1000)
      errors.invalid("spec.versionPriority", priority, "must be positive and less than 1000");
  },
};

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
    else errors.invalidEach(child(here, "name"), name, dnsLabelProblems(name));
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
      else errors.invalidEach(child(field, "deviceClassName"), deviceClass, dnsSubdomainProblems(deviceClass));
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
    fillAbsent(fieldsAt(object, "spec", "taint"), "timeAdded", `${context.now().toISOString().slice(0, 19)}Z`);
  },
  deletion: { returnsObject: true },
};
export const storageMigrationRules: KindRules = { allowUnconditionalUpdate: false, statusKeepsMetadata: true };
