/**
 * DeviceClasses, ResourceSlices and DeviceTaintRules.
 */
import { formatTime, validateDns1123Subdomain, validateLabelKey } from "bowline/core";
import {
  at,
  type Fields,
  fieldsAt,
  fieldsOf,
  fillAbsent,
  isSemanticallyEqual,
  itemsAt,
  keysInOrder,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateNodeSelector } from "../pod/affinity-validation.ts";
import { child, type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import {
  validateDeviceName,
  validateDeviceTaint,
  validateDriver,
  validateOpaqueConfiguration,
  validatePool,
  validateQualifiedName,
  validateSelectors,
} from "./device-names.ts";

export const deviceClassRules: KindRules = {
  declaresName: true,
  generation: ["spec"],
  validate: validateDeviceClass,
  validateUpdate: validateDeviceClass,
  deletion: { returnsObject: true },
};

function validateDeviceClass(errors: FieldErrors, object: Fields): void {
  validateSelectors(errors, "spec.selectors", itemsAt(object, "spec", "selectors"));
  for (const [index, config] of itemsAt(object, "spec", "config").entries())
    validateOpaqueConfiguration(errors, `spec.config[${index}]`, config);
  const name = at(object, "spec", "extendedResourceName");
  if (typeof name === "string") declareExtendedName(errors, "spec.extendedResourceName", name);
}

/** A resource of the domain of somebody: `example.com/gpu`. */
function declareExtendedName(errors: FieldErrors, field: string, name: string): void {
  if (!name.includes("/"))
    errors.declared.invalid(field, name, "a name must be a domain-prefixed path, such as 'example.com/my-prop'");
  errors.declared.invalidEach(field, name, validateLabelKey(name));
}

export const resourceSliceRules: KindRules = {
  fieldSelectorError: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  generation: ["spec"],
  validate: (errors, object) => validateSlice(errors, fieldsAt(object, "spec") ?? {}, undefined),
  validateUpdate: (errors, object, old) =>
    validateSlice(errors, fieldsAt(object, "spec") ?? {}, fieldsAt(old, "spec") ?? {}),
  deletion: { returnsObject: true },
  selectableFields: {
    "spec.nodeName": (object) => textAt(object, "spec", "nodeName"),
    "spec.driver": (object) => textAt(object, "spec", "driver"),
  },
};

const NODES = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

function validateSlice(errors: FieldErrors, spec: Fields, old: Fields | undefined): void {
  validateDriver(errors, "spec.driver", textAt(spec, "driver"));
  validatePool(errors, "spec.pool.name", textAt(spec, "pool", "name"));
  const [count, generation] = [at(spec, "pool", "resourceSliceCount") ?? 0, at(spec, "pool", "generation") ?? 0];
  if (Number(count) <= 0) errors.invalid("spec.pool.resourceSliceCount", count, "must be greater than zero");
  if (Number(generation) < 0)
    errors.invalid("spec.pool.generation", generation, "must be greater than or equal to zero");
  if (old !== undefined) {
    for (const path of [["pool", "name"], ["driver"], ["nodeName"]]) {
      const value = at(spec, ...path);
      if (value === at(old, ...path)) continue;
      // Only the node's name is a pointer.
      const missing = path[0] === "nodeName" ? null : "";
      errors.invalid(`spec.${path.join(".")}`, missing === null ? typedText(value ?? null) : (value ?? ""), IMMUTABLE);
    }
  }
  validateNodes(errors, spec);
  if (at(spec, "sharedCounters") !== undefined && at(spec, "devices") !== undefined)
    errors.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
  const devices = itemsAt(spec, "devices");
  if (devices.length > 128) {
    errors.tooMany("spec.devices", devices.length, 128);
    return;
  }
  for (const [index, device] of devices.entries()) validateDevice(errors, `spec.devices[${index}]`, device, spec);
  const names = devices.map((device) => textAt(device, "name"));
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index) errors.duplicate(`spec.devices[${index}]`, name);
}

function validateNodes(errors: FieldErrors, spec: Fields): void {
  const set: string[] = [];
  const name = at(spec, "nodeName");
  if (name === "") errors.invalid("spec.nodeName", "", "must be either unset or set to a non-empty string");
  else if (typeof name === "string") {
    set.push("`nodeName`");
    errors.invalidEach("spec.nodeName", name, validateDns1123Subdomain(name));
  }
  const selector = fieldsAt(spec, "nodeSelector");
  if (selector !== undefined) {
    set.push("`nodeSelector`");
    validateNodeSelector(errors, "spec.nodeSelector", selector);
  }
  for (const member of ["allNodes", "perDeviceNodeSelection"]) {
    const value = at(spec, member);
    if (value === true) set.push(`\`${member}\``);
    else if (value === false) errors.invalid(`spec.${member}`, false, "must be either unset or set to true");
  }
  if (set.length === 0) errors.required("spec", NODES);
  else if (set.length > 1) errors.invalid("spec", `{${set.join(", ")}}`, `${NODES}, but multiple fields are set`);
}

const MAX_KEY = 96;

function validateDevice(errors: FieldErrors, path: string, device: Fields, spec: Fields): void {
  validateDeviceName(errors, child(path, "name"), textAt(device, "name"));
  const attributes = fieldsAt(device, "attributes") ?? {};
  const capacity = fieldsAt(device, "capacity") ?? {};
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > 32) errors.invalid(path, count, "the total number of attributes and capacities must not exceed 32");
  for (const key of keysInOrder(attributes)) {
    validateQualifiedName(errors, child(path, "attributes"), key);
    validateAttribute(
      errors,
      `${child(path, "attributes")}[${key.slice(0, MAX_KEY)}]`,
      fieldsOf(attributes[key]) ?? {},
    );
  }
  for (const key of keysInOrder(capacity)) validateQualifiedName(errors, child(path, "capacity"), key);
  for (const [index, taint] of itemsAt(device, "taints").entries())
    validateDeviceTaint(errors, `${child(path, "taints")}[${index}]`, taint, undefined);
  const hasNode = ["nodeName", "nodeSelector", "allNodes"].some((member) => at(device, member) !== undefined);
  if (hasNode && at(spec, "perDeviceNodeSelection") !== true) {
    const why =
      "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    errors.invalid(path, null, why);
  }
}

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;
const VALUES = ["bool", "int", "string", "version", "bools", "ints", "strings", "versions"];

function validateAttribute(errors: FieldErrors, path: string, attribute: Fields): void {
  const text = at(attribute, "string");
  if (typeof text === "string" && text.length > 64) errors.tooLong(child(path, "string"), 64);
  const version = at(attribute, "version");
  if (typeof version === "string") {
    if (!VERSION.test(version))
      errors.invalid(child(path, "version"), version, "must be a string compatible with semver.org spec 2.0.0");
    if (version.length > 64) errors.tooLong(child(path, "version"), 64);
  }
  const given = VALUES.filter((member) => at(attribute, member) !== undefined).length;
  const any = "`int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`";
  if (given === 0) errors.declared.invalid(path, "", `must specify one of: ${any}`);
  else if (given > 1) errors.declared.invalid(path, attribute, "exactly one value must be specified");
}

export const deviceTaintRuleRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  allowUnconditionalUpdate: false,
  default: (object, context) => stampTaint(object, formatTime(context.now())),
  prepareForUpdate(object, old, context): void {
    const withoutTime = (taint: Fields | undefined) => ({ ...taint, timeAdded: undefined });
    const taint = fieldsAt(object, "spec", "taint");
    const before = fieldsAt(old, "spec", "taint");
    if (!isSemanticallyEqual(withoutTime(taint), withoutTime(before))) stampTaint(object, formatTime(context.now()));
  },
  validate: (errors, object) => validateTaintRule(errors, object, undefined),
  validateUpdate: (errors, object, old) => validateTaintRule(errors, object, old),
};

function stampTaint(object: Fields, now: string): void {
  fillAbsent(fieldsAt(object, "spec", "taint"), "timeAdded", now);
}

function validateTaintRule(errors: FieldErrors, object: Fields, old: Fields | undefined): void {
  const selector = fieldsAt(object, "spec", "deviceSelector");
  const [driver, pool, device] = ["driver", "pool", "device"].map((member) => at(selector, member));
  if (typeof driver === "string") validateDriver(errors, "spec.deviceSelector.driver", driver);
  if (typeof pool === "string") validatePool(errors, "spec.deviceSelector.pool", pool);
  if (typeof device === "string") validateDeviceName(errors, "spec.deviceSelector.device", device);
  const before = old === undefined ? undefined : (fieldsAt(old, "spec", "taint") ?? {});
  validateDeviceTaint(errors, "spec.taint", fieldsAt(object, "spec", "taint") ?? {}, before);
}
