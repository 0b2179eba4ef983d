/**
 * Nodes.
 */
import { clone } from "../../merge/json-value.ts";
import {
  ensureFields,
  type Fields,
  fieldsAt,
  isTrueAt,
  itemsAt,
  keysInOrder,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { validateTaints } from "../pod/affinity-validation.ts";
import { cidrWarnings } from "../validation/address-warnings.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import { cidrProblems } from "../validation/ip-rules.ts";
import { quantityOf, roundUpResources } from "../validation/resource-validation.ts";

export const nodeRules: KindRules = {
  statusOnCreate: true,
  default(object): void {
    const status = ensureFields(object, "status");
    const capacity = fieldsAt(status, "capacity");
    if (capacity !== undefined && status["allocatable"] === undefined) status["allocatable"] = clone(capacity);
    roundUpResources(capacity, fieldsAt(status, "allocatable"));
    const spec = fieldsAt(object, "spec");
    if (spec === undefined) return;
    // The single range is the first of them; where both are given and differ, it is the single one that counts.
    const range = textAt(spec, "podCIDR");
    const ranges = textsAt(spec, "podCIDRs");
    if (range === "" && ranges[0] !== undefined && ranges[0] !== "") spec["podCIDR"] = ranges[0];
    else if (range !== "" && ranges[0] !== range) spec["podCIDRs"] = [range];
  },
  prepareForCreate(object): void {
    // Unlike other kinds, a Node is registered together with its status.
    // What was configured through the API server is gone.
    delete ensureFields(object, "spec")["configSource"];
  },
  validate(errors, object): void {
    validateTaints(errors, "metadata.taints", itemsAt(object, "spec", "taints"));
    validateQuantities(errors, object);
    validateRanges(errors, object);
  },
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeUpdate,
  warnings(object): string[] {
    const warnings: string[] = [];
    if (textAt(object, "spec", "externalID") !== "")
      warnings.push("spec.externalID: this field is deprecated, and is unused by Kubernetes");
    for (const [index, range] of textsAt(object, "spec", "podCIDRs").entries())
      warnings.push(...cidrWarnings(`spec.podCIDRs[${index}]`, range));
    return warnings;
  },
  selectableFields: { "spec.unschedulable": (object) => String(isTrueAt(object, "spec", "unschedulable")) },
};

function validateRanges(errors: FieldErrors, object: Fields): void {
  const ranges = textsAt(object, "spec", "podCIDRs");
  for (const [index, range] of ranges.entries())
    errors.invalidEach(`spec.podCIDRs[${index}]`, range, cidrProblems(range));
  if (ranges.length > 2 || (ranges.length === 2 && ranges[0]?.includes(":") === ranges[1]?.includes(":")))
    errors.invalid("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family");
}

function validateQuantities(errors: FieldErrors, object: Fields): void {
  for (const kind of ["capacity", "allocatable"]) {
    const values = fieldsAt(object, "status", kind) ?? {};
    for (const name of keysInOrder(values)) {
      const quantity = quantityOf(values[name]);
      if (quantity !== undefined && quantity.sign < 0) {
        errors.invalid(`status.${kind}.${name}`, quantity.toString(), "must be greater than or equal to 0");
      }
    }
  }
}

function validateNodeUpdate(errors: FieldErrors, object: Fields, old: Fields): void {
  validateQuantities(errors, object);
  const addresses = new Set<string>();
  for (const [index, address] of itemsAt(object, "status", "addresses").entries()) {
    const key = `${textAt(address, "type")}/${textAt(address, "address")}`;
    if (addresses.has(key))
      errors.duplicate(`status.addresses[${index}]`, {
        Type: textAt(address, "type"),
        Address: textAt(address, "address"),
      });
    addresses.add(key);
  }
  if (textsAt(object, "spec", "podCIDRs").length > 0) validateRanges(errors, object);
  const was = textsAt(old, "spec", "podCIDRs");
  if (was.length > 0 && was.join() !== textsAt(object, "spec", "podCIDRs").join()) {
    errors.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
  }
  const provider = textAt(old, "spec", "providerID");
  const now = textAt(object, "spec", "providerID");
  if (provider !== "" && now === "")
    errors.declared.invalid("spec.providerID", null, "field cannot be cleared once set");
  else if (provider !== "" && now !== provider)
    errors.declared.invalid("spec.providerID", null, "field cannot be modified once set");
  validateTaints(errors, "metadata.taints", itemsAt(object, "spec", "taints"));
}
