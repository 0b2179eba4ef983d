/**
 * The kinds of `storage.k8s.io`.
 */
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { defaultVolumeSources } from "../pod/volume-defaults.ts";
import { type FieldErrors, IMMUTABLE, sortedMap } from "../validation/field-errors.ts";
import { dnsSubdomainProblems, labelKeyProblems } from "../validation/name-rules.ts";

export const storageClassRules: KindRules = {
  default(object): void {
    fillAbsent(object, "reclaimPolicy", "Delete");
    fillAbsent(object, "volumeBindingMode", "Immediate");
  },
  validate(errors, object): void {
    const provisioner = textAt(object, "provisioner");
    if (provisioner === "") errors.required("provisioner");
    else errors.invalidEach("provisioner", provisioner.toLowerCase(), labelKeyProblems(provisioner.toLowerCase()));
    validateParameters(errors, object);
    const policy = textAt(object, "reclaimPolicy");
    if (policy !== "") errors.oneOf("reclaimPolicy", policy, ["Delete", "Retain"]);
    errors.oneOf(
      "volumeBindingMode",
      textAt(object, "volumeBindingMode"),
      ["Immediate", "WaitForFirstConsumer"],
      "required",
    );
    for (const [index, topology] of itemsAt(object, "allowedTopologies").entries()) {
      for (const [i, requirement] of itemsAt(topology, "matchLabelExpressions").entries()) {
        const path = `allowedTopologies[${index}].matchLabelExpressions[${i}]`;
        const key = textAt(requirement, "key");
        errors.invalidEach(`${path}.key`, key, labelKeyProblems(key));
        if (!Array.isArray(requirement["values"]) || requirement["values"].length === 0)
          errors.required(`${path}.values`);
      }
    }
  },
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["parameters"], old["parameters"]))
      errors.forbidden("parameters", "updates to parameters are forbidden.");
    if (object["provisioner"] !== old["provisioner"])
      errors.forbidden("provisioner", "updates to provisioner are forbidden.");
    for (const member of ["reclaimPolicy", "volumeBindingMode"]) {
      if (object[member] !== old[member]) {
        if (member === "reclaimPolicy") errors.forbidden(member, "updates to reclaimPolicy are forbidden.");
        else errors.invalid(member, object[member] ?? null, IMMUTABLE);
      }
    }
  },
  deletion: { returnsObject: true },
};

function validateParameters(errors: FieldErrors, object: Fields): void {
  const parameters = stringMapAt(object, "parameters");
  const keys = Object.keys(parameters).sort();
  if (keys.length > 512) errors.tooLong("parameters", 512);
  let bytes = 0;
  for (const key of keys) {
    if (key === "") errors.invalid("parameters", key, "field can not be empty.");
    bytes += Buffer.byteLength(key) + Buffer.byteLength(parameters[key] ?? "");
  }
  if (bytes > 256 * 1024) errors.tooLong("parameters", 256 * 1024);
}

export const volumeAttributesClassRules: KindRules = {
  validate(errors, object): void {
    const driver = textAt(object, "driverName");
    if (driver === "") errors.required("driverName");
    if (Object.keys(fieldsAt(object, "parameters") ?? {}).length === 0)
      errors.required("parameters", "must contain at least one key/value pair");
    else validateParameters(errors, object);
  },
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["parameters"], old["parameters"])) {
      errors.invalid("parameters", sortedMap(stringMapAt(object, "parameters")), IMMUTABLE);
    }
    if (object["driverName"] !== old["driverName"])
      errors.invalid("driverName", textAt(object, "driverName"), IMMUTABLE);
  },
  deletion: { returnsObject: true },
};

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
  warnings(object): string[] {
    const spec = fieldsAt(object, "spec") ?? {};
    if (itemsAt(spec, "tokenRequests").length === 0 || at(spec, "serviceAccountTokenInSecrets") !== undefined) return [];
    const why = "to prevent possible logging of tokens in volume attributes";
    return [`spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true ${why}`];
  },
  prepareForUpdate(object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"]))
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate(errors, object): void {
    const policy = textAt(object, "spec", "fsGroupPolicy");
    if (policy !== "") errors.oneOf("spec.fsGroupPolicy", policy, ["File", "None", "ReadWriteOnceWithFSType"]);
    const modes = at(object, "spec", "volumeLifecycleModes");
    for (const [index, mode] of (Array.isArray(modes) ? modes : []).entries()) {
      errors.oneOf(`spec.volumeLifecycleModes[${index}]`, String(mode), ["Ephemeral", "Persistent"]);
    }
  },
  validateUpdate(errors, object, old): void {
    for (const member of ["attachRequired", "volumeLifecycleModes"]) {
      if (!isSemanticallyEqual(at(object, "spec", member), at(old, "spec", member))) {
        errors.invalid(`spec.${member}`, at(object, "spec", member) ?? null, IMMUTABLE);
      }
    }
  },
  deletion: { returnsObject: true },
};

export const csiNodeRules: KindRules = {
  allowUnconditionalUpdate: false,
  statusKeepsMetadata: true,
  validate(errors, object): void {
    for (const [index, driver] of itemsAt(object, "spec", "drivers").entries()) {
      const path = `spec.drivers[${index}]`;
      if (textAt(driver, "name") === "") errors.required(`${path}.name`);
      if (textAt(driver, "nodeID") === "") errors.required(`${path}.nodeID`);
    }
  },
  deletion: { returnsObject: true },
};

export const csiStorageCapacityRules: KindRules = {
  allowUnconditionalUpdate: false,
  validate(errors, object): void {
    const name = textAt(object, "storageClassName");
    errors.invalidEach("storageClassName", name, dnsSubdomainProblems(name));
  },
  validateUpdate(errors, object, old): void {
    for (const member of ["nodeTopology", "storageClassName"]) {
      if (!isSemanticallyEqual(object[member], old[member])) errors.invalid(member, object[member] ?? null, IMMUTABLE);
    }
  },
};

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
    if (attacher === "") errors.required("spec.attacher");
    const source = fieldsAt(object, "spec", "source") ?? {};
    const hasName = at(source, "persistentVolumeName") !== undefined;
    const hasInline = at(source, "inlineVolumeSpec") !== undefined;
    if (hasName && hasInline)
      errors.forbidden("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
    else if (!hasName && !hasInline)
      errors.required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
    const node = textAt(object, "spec", "nodeName");
    errors.invalidEach("spec.nodeName", node, dnsSubdomainProblems(node));
  },
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.invalid("spec", object["spec"] ?? null, IMMUTABLE);
  },
  deletion: { returnsObject: true },
};
