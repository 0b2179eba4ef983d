/**
 * The kinds of `storage.k8s.io`.
 */
import { validateDns1123Subdomain, validateLabelKey } from "bowline/core";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  keysInOrder,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { defaultVolumeSources } from "../pod/volume-defaults.ts";
import { type FieldErrors, IMMUTABLE, NOT_NEGATIVE } from "../validation/field-errors.ts";
import { goSelector, validateLabelSelector } from "../validation/metadata-validation.ts";
import { nodeLabelWarning, nodeSelectorWarnings } from "../validation/node-label-warnings.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { validateVolumeSpec } from "./volume-spec-validation.ts";

export const storageClassRules: KindRules = {
  warnings: (object) =>
    itemsAt(object, "allowedTopologies").flatMap((topology, index) =>
      itemsAt(topology, "matchLabelExpressions").flatMap((expression, i) => {
        const text = nodeLabelWarning(textAt(expression, "key"));
        return text === undefined ? [] : [`allowedTopologies[${index}].matchLabelExpressions[${i}].key: ${text}`];
      }),
    ),
  default(object): void {
    fillAbsent(object, "reclaimPolicy", "Delete");
    fillAbsent(object, "volumeBindingMode", "Immediate");
  },
  validate: validateStorageClass,
  validateUpdate(errors, object, old): void {
    validateStorageClass(errors, object);
    for (const member of ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"]) {
      if (!isSemanticallyEqual(object[member], old[member])) errors.declared.invalid(member, null, IMMUTABLE);
    }
  },
  deletion: { returnsObject: true },
};

function validateStorageClass(errors: FieldErrors, object: Fields): void {
  const provisioner = textAt(object, "provisioner");
  if (provisioner === "") errors.declared.required("provisioner");
  else errors.invalidEach("provisioner", provisioner.toLowerCase(), validateLabelKey(provisioner.toLowerCase()));
  validateParameters(errors, object);
  const policy = textAt(object, "reclaimPolicy");
  if (policy !== "") errors.oneOf("reclaimPolicy", policy, ["Delete", "Retain"]);
  errors.oneOf("volumeBindingMode", textAt(object, "volumeBindingMode"), ["Immediate", "WaitForFirstConsumer"]);
  const seen = new Set([JSON.stringify([])]);
  for (const [index, topology] of itemsAt(object, "allowedTopologies").entries()) {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const terms = validateTopology(errors, path, itemsAt(topology, "matchLabelExpressions"));
    if (seen.has(terms)) errors.duplicate(path, "");
    seen.add(terms);
  }
}

/** Says what the term asks for, in a form to compare. */
function validateTopology(errors: FieldErrors, path: string, requirements: readonly Fields[]): string {
  const known = new Map<string, string[]>();
  for (const [index, requirement] of requirements.entries()) {
    const here = `${path}[${index}]`;
    const key = textAt(requirement, "key");
    const values = new Set<string>();
    if (textsAt(requirement, "values").length === 0) errors.required(`${here}.values`);
    for (const [i, value] of textsAt(requirement, "values").entries()) {
      if (values.has(value)) errors.duplicate(`${here}.values[${i}]`, value);
      values.add(value);
    }
    errors.invalidEach(`${here}.key`, key, validateLabelKey(key));
    if (known.has(key)) errors.duplicate(`${here}.key`, key);
    known.set(key, [...values].sort());
  }
  return JSON.stringify([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The name of a CSI driver where it is referred to. */
export function validateDriverName(errors: FieldErrors, field: string, name: string): void {
  if (name === "") errors.required(field);
  else {
    if (Buffer.byteLength(name) > 63) errors.tooLong(field, 63);
    errors.invalidEach(field, name, validateDns1123Subdomain(name.toLowerCase()));
  }
}

function validateParameters(errors: FieldErrors, object: Fields): void {
  const parameters = stringMapAt(object, "parameters");
  const keys = keysInOrder(parameters);
  if (keys.length > 512) errors.tooLong("parameters", 512);
  let bytes = 0;
  for (const key of keys) {
    if (key === "") errors.invalid("parameters", key, "field can not be empty.");
    bytes += Buffer.byteLength(key) + Buffer.byteLength(parameters[key] ?? "");
  }
  if (bytes > 256 * 1024) errors.tooLong("parameters", 256 * 1024);
}

export const volumeAttributesClassRules: KindRules = {
  validate: validateAttributesClass,
  validateUpdate(errors, object, old): void {
    for (const member of ["driverName", "parameters"]) {
      if (!isSemanticallyEqual(object[member], old[member])) {
        errors.forbidden(member, `updates to ${member} are forbidden.`);
      }
    }
    validateAttributesClass(errors, object);
  },
  deletion: { returnsObject: true },
};

function validateAttributesClass(errors: FieldErrors, object: Fields): void {
  const driver = textAt(object, "driverName");
  if (driver === "") errors.required("driverName");
  else errors.invalidEach("driverName", driver.toLowerCase(), validateLabelKey(driver.toLowerCase()));
  validateParameters(errors, object);
  if (Object.keys(fieldsAt(object, "parameters") ?? {}).length === 0)
    errors.required("parameters", "must contain at least one key/value pair");
}

export const csiDriverRules: KindRules = {
  allowUnconditionalUpdate: false,
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillAbsent(spec, "attachRequired", true);
    fillAbsent(spec, "podInfoOnMount", false);
    fillAbsent(spec, "storageCapacity", false);
    fillAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    fillEmpty(spec, "volumeLifecycleModes", ["Persistent"]);
    fillAbsent(spec, "requiresRepublish", false);
    fillAbsent(spec, "seLinuxMount", false);
    fillAbsent(spec, "preventPodSchedulingIfMissing", false);
  },
  warnings(object, old): string[] {
    const spec = fieldsAt(object, "spec") ?? {};
    if (old !== undefined && isSemanticallyEqual(spec["tokenRequests"], at(old, "spec", "tokenRequests"))) return [];
    if (itemsAt(spec, "tokenRequests").length === 0 || at(spec, "serviceAccountTokenInSecrets") !== undefined)
      return [];
    const why = "to prevent possible logging of tokens in volume attributes";
    return [`spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true ${why}`];
  },
  prepareForUpdate(object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"]))
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateDriver,
  validateUpdate(errors, object, old): void {
    validateDriver(errors, object);
    const isChanged = (member: string) => !isSemanticallyEqual(at(object, "spec", member), at(old, "spec", member));
    const required = at(object, "spec", "attachRequired");
    if (isChanged("attachRequired")) errors.invalid("spec.attachedRequired", required ?? null, IMMUTABLE);
    if (isChanged("volumeLifecycleModes"))
      errors.invalid("spec.volumeLifecycleModes", at(object, "spec", "volumeLifecycleModes") ?? null, IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

const SHORTEST_TOKEN_SECONDS = 600;

function validateDriver(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const policy = at(spec, "fsGroupPolicy");
  if (policy !== undefined)
    errors.oneOf("spec.fsGroupPolicy", String(policy), ["File", "None", "ReadWriteOnceWithFSType"]);
  const audiences = new Set<string>();
  for (const [index, request] of itemsAt(spec, "tokenRequests").entries()) {
    const path = `spec.tokenRequests[${index}]`;
    const audience = textAt(request, "audience");
    if (audiences.has(audience)) {
      errors.duplicate(`${path}.audience`, audience);
      continue;
    }
    audiences.add(audience);
    const seconds = numberAt(request, "expirationSeconds");
    if (seconds === undefined) continue;
    if (seconds < SHORTEST_TOKEN_SECONDS)
      errors.invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes");
    if (seconds > 2 ** 32)
      errors.invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds");
  }
  for (const mode of textsAt(spec, "volumeLifecycleModes"))
    errors.oneOf("spec.volumeLifecycleModes", mode, ["Persistent", "Ephemeral"]);
  const period = numberAt(spec, "nodeAllocatableUpdatePeriodSeconds");
  if (period !== undefined && period < 10) {
    errors.invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, "must be greater than or equal to 10 seconds");
  }
  const inSecrets = at(spec, "serviceAccountTokenInSecrets");
  if (inSecrets !== undefined && itemsAt(spec, "tokenRequests").length === 0) {
    const why = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.invalid("spec.serviceAccountTokenInSecrets", inSecrets, why);
  }
}

export const csiNodeRules: KindRules = {
  allowUnconditionalUpdate: false,
  statusKeepsMetadata: true,
  validate: validateCsiNode,
  validateUpdate(errors, object, old): void {
    validateCsiNode(errors, object);
    for (const before of itemsAt(old, "spec", "drivers")) {
      for (const driver of itemsAt(object, "spec", "drivers")) {
        if (driver["name"] !== before["name"]) continue;
        const [now, was] = [driverValue(driver), driverValue(before)];
        if (!isSemanticallyEqual(now, was)) errors.invalid("spec.drivers", now, IMMUTABLE);
      }
    }
  },
  deletion: { returnsObject: true },
};

/** As Go prints it; how much a driver can take may change. */
function driverValue(driver: Fields): Fields {
  return {
    Name: textAt(driver, "name"),
    NodeID: textAt(driver, "nodeID"),
    TopologyKeys: driver["topologyKeys"] ?? null,
    Allocatable: null,
  };
}

const LONGEST_NODE_ID = 256;

function validateCsiNode(errors: FieldErrors, object: Fields): void {
  const names = new Set<string>();
  for (const [index, driver] of itemsAt(object, "spec", "drivers").entries()) {
    const path = `spec.drivers[${index}]`;
    const name = textAt(driver, "name");
    validateDriverName(errors, `${path}.name`, name);
    const node = textAt(driver, "nodeID");
    if (node === "") errors.required(`${path}.nodeID`);
    if (Buffer.byteLength(node) > LONGEST_NODE_ID)
      errors.invalid(`${path}.nodeID`, node, `must be ${LONGEST_NODE_ID} characters or less`);
    errors.notNegative(`${path}.allocatable.count`, numberAt(driver, "allocatable", "count"));
    if (names.has(name)) errors.duplicate(`${path}.name`, name);
    names.add(name);
    const keys = new Set<string>();
    for (const key of textsAt(driver, "topologyKeys")) {
      if (key === "") errors.required(path);
      if (keys.has(key)) errors.duplicate(path, key);
      keys.add(key);
      errors.invalidEach(path, key, validateLabelKey(key));
    }
  }
}

export const csiStorageCapacityRules: KindRules = {
  warnings: (object) => nodeSelectorWarnings("nodeTopology", fieldsAt(object, "nodeTopology")),
  allowUnconditionalUpdate: false,
  validate: validateCapacity,
  validateUpdate(errors, object, old): void {
    validateCapacity(errors, object);
    const selector = fieldsAt(object, "nodeTopology");
    if (!isSemanticallyEqual(selector, old["nodeTopology"])) {
      errors.invalid("nodeTopology", selector === undefined ? null : goSelector(selector), IMMUTABLE);
    }
    const name = textAt(object, "storageClassName");
    if (name !== textAt(old, "storageClassName")) errors.invalid("storageClassName", name, IMMUTABLE);
  },
};

function validateCapacity(errors: FieldErrors, object: Fields): void {
  validateLabelSelector(errors, "nodeTopology", fieldsAt(object, "nodeTopology"));
  const name = textAt(object, "storageClassName");
  errors.invalidEach("storageClassName", name, validateDns1123Subdomain(name));
  const capacity = quantityOf(object["capacity"]);
  if (capacity !== undefined && capacity.sign < 0) errors.invalid("capacity", capacity.toString(), NOT_NEGATIVE);
}

export const volumeAttachmentRules: KindRules = {
  allowUnconditionalUpdate: false,
  statusKeepsMetadata: true,
  default(object): void {
    const inline = fieldsAt(object, "spec", "source", "inlineVolumeSpec");
    if (inline === undefined) return;
    fillAbsent(inline, "volumeMode", "Filesystem");
    defaultVolumeSources(inline);
  },
  validate(errors, object): void {
    const attacher = textAt(object, "spec", "attacher");
    if (attacher === "") errors.declared.required("spec.attacher");
    else {
      const problems = validateDns1123Subdomain(attacher.toLowerCase(), "bytes");
      errors.declared.invalidEach(
        "spec.attacher",
        attacher,
        problems.map((problem) => (problem.includes("RFC 1123") ? CASELESS : problem)),
      );
      if (attacher.length > 63) errors.declared.tooLongText("spec.attacher", 63);
    }
    validateAttachment(errors, object);
  },
  validateUpdate(errors, object, old): void {
    // Declared rules say nothing of a spec that may not change as a whole.
    validateDriverName(errors, "spec.attacher", textAt(object, "spec", "attacher"));
    validateAttachment(errors, object);
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.declared.invalid("spec", null, IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

const CASELESS =
  "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'Example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function validateAttachment(errors: FieldErrors, object: Fields): void {
  const source = fieldsAt(object, "spec", "source") ?? {};
  const name = at(source, "persistentVolumeName");
  const hasInline = at(source, "inlineVolumeSpec") !== undefined;
  const either = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (name !== undefined && hasInline) errors.forbidden("spec.source", either);
  else if (name === undefined && !hasInline) errors.required("spec.source", either);
  else if (name === "") {
    errors.required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName");
  } else if (hasInline)
    validateVolumeSpec(errors, "spec.source.inlineVolumeSpec", fieldsAt(source, "inlineVolumeSpec") ?? {}, true);
  const node = textAt(object, "spec", "nodeName");
  errors.invalidEach("spec.nodeName", node, validateDns1123Subdomain(node));
  if (typeof name === "string") {
    errors.invalidEach("spec.source.persistentVolumeName", name, validateDns1123Subdomain(name));
  }
}
