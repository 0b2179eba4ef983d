/**
 * ResourceClaims and their templates.
 */
import { validateDns1123Label } from "bowline/core";
import { at, type Fields, fieldsAt, fillEmpty, isSemanticallyEqual, itemsAt, textAt } from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateNodeSelector } from "../pod/affinity-validation.ts";
import { validateTemplateMetadata } from "../pod/volume-validation.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import {
  type RequestNames,
  requestNamesOf,
  validateDeviceClaim,
  validateRequestReference,
} from "./claim-spec-validation.ts";
import { declareDriver, validateDeviceToleration, validatePool } from "./device-names.ts";

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
  validate: (errors, object) => validateDeviceClaim(errors, "spec.devices", fieldsAt(object, "spec", "devices")),
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.declared.invalid("spec", null, IMMUTABLE);
  },
  validateStatusUpdate: validateClaimStatus,
  deletion: { returnsObject: true },
};

function validateClaimStatus(errors: FieldErrors, object: Fields, old: Fields): void {
  const status = fieldsAt(object, "status");
  const allocation = fieldsAt(status, "allocation");
  const before = fieldsAt(old, "status", "allocation");
  const users = itemsAt(status, "reservedFor");
  for (const [index, user] of users.entries()) {
    for (const member of ["resource", "name", "uid"])
      if (textAt(user, member) === "") errors.required(`status.reservedFor[${index}].${member}`);
  }
  const uids = users.map((user) => textAt(user, "uid"));
  for (const [index, uid] of uids.entries())
    if (uids.indexOf(uid) < index) errors.declared.duplicate(`status.reservedFor[${index}]`, users[index]);
  if (users.length > 0 && allocation === undefined)
    errors.forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
  if (allocation === undefined) return;
  if (before === undefined)
    validateAllocation(errors, "status.allocation", allocation, requestNamesOf(fieldsAt(object, "spec", "devices")));
  else if (!isSemanticallyEqual(allocation, before))
    errors.declared.invalid("status.allocation", null, "field cannot be modified once set");
}

function validateAllocation(errors: FieldErrors, path: string, allocation: Fields, names: RequestNames): void {
  for (const [index, result] of itemsAt(allocation, "devices", "results").entries()) {
    const here = `${path}.devices.results[${index}]`;
    validateRequestReference(errors, child(here, "request"), textAt(result, "request"), names);
    declareDriver(errors, child(here, "driver"), textAt(result, "driver"));
    validatePool(errors.declared, child(here, "pool"), textAt(result, "pool"));
    const device = textAt(result, "device");
    errors.invalidEach(child(here, "device"), device, validateDns1123Label(device));
    for (const [i, toleration] of itemsAt(result, "tolerations").entries())
      validateDeviceToleration(errors, `${child(here, "tolerations")}[${i}]`, toleration);
  }
  const selector = fieldsAt(allocation, "nodeSelector");
  if (selector !== undefined) validateNodeSelector(errors, child(path, "nodeSelector"), selector);
}

export const resourceClaimTemplateRules: KindRules = {
  default: (object) => defaultClaimSpec(fieldsAt(object, "spec", "spec")),
  validate: validateTemplate,
  validateUpdate(errors, object, old): void {
    validateTemplate(errors, object);
    if (!isSemanticallyEqual(object["spec"], old["spec"]))
      errors.invalid("spec", goTemplateSpec(fieldsAt(object, "spec")), IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

function validateTemplate(errors: FieldErrors, object: Fields): void {
  validateTemplateMetadata(errors, "spec.metadata", fieldsAt(object, "spec", "metadata"));
  validateDeviceClaim(errors, "spec.spec.devices", fieldsAt(object, "spec", "spec", "devices"));
}

/** The template as Go prints the type that has no JSON names; metadata has them, and lies beside the spec. */
function goTemplateSpec(spec: Fields | undefined): Fields {
  const devices = fieldsAt(spec, "spec", "devices");
  const list = (name: string, convert: (item: Fields) => Fields) => {
    const items = at(devices, name);
    return Array.isArray(items) ? itemsAt(devices, name).map(convert) : null;
  };
  const metadata = Object.fromEntries(Object.entries(fieldsAt(spec, "metadata") ?? {}));
  return {
    ...metadata,
    Spec: {
      Devices: {
        Requests: list("requests", goRequest),
        Constraints: list("constraints", goConstraint),
        Config: list("config", goConfiguration),
      },
    },
  };
}

function goRequest(request: Fields): Fields {
  const exactly = fieldsAt(request, "exactly");
  const alternatives = itemsAt(request, "firstAvailable");
  return {
    Name: textAt(request, "name"),
    Exactly: exactly === undefined ? null : goDevices(exactly, true),
    FirstAvailable:
      alternatives.length === 0
        ? null
        : alternatives.map((item) => ({ Name: textAt(item, "name"), ...goDevices(item, false) })),
  };
}

function goDevices(request: Fields, isExact: boolean): Fields {
  const orNull = (value: unknown) => value ?? null;
  const selectors = itemsAt(request, "selectors").map((selector) => {
    const cel = fieldsAt(selector, "cel");
    return { CEL: cel === undefined ? null : { Expression: textAt(cel, "expression") } };
  });
  const tolerations = itemsAt(request, "tolerations").map((toleration) => ({
    Key: textAt(toleration, "key"),
    Operator: textAt(toleration, "operator"),
    Value: textAt(toleration, "value"),
    Effect: textAt(toleration, "effect"),
    TolerationSeconds: orNull(toleration["tolerationSeconds"]),
  }));
  return {
    DeviceClassName: textAt(request, "deviceClassName"),
    Selectors: selectors.length === 0 ? null : selectors,
    AllocationMode: textAt(request, "allocationMode"),
    Count: request["count"] ?? 0,
    ...(isExact ? { AdminAccess: orNull(request["adminAccess"]) } : {}),
    Tolerations: tolerations.length === 0 ? null : tolerations,
    Capacity: orNull(request["capacity"]),
    DerivedAttributes: orNull(request["derivedAttributes"]),
  };
}

function goConstraint(constraint: Fields): Fields {
  return {
    Requests: at(constraint, "requests") ?? null,
    MatchAttribute: at(constraint, "matchAttribute") ?? null,
    DistinctAttribute: at(constraint, "distinctAttribute") ?? null,
  };
}

function goConfiguration(config: Fields): Fields {
  const opaque = fieldsAt(config, "opaque");
  return {
    Requests: at(config, "requests") ?? null,
    Opaque:
      opaque === undefined ? null : { Driver: textAt(opaque, "driver"), Parameters: at(opaque, "parameters") ?? null },
  };
}
