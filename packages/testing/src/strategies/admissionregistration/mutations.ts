/**
 * What is asked of the parts of a MutatingAdmissionPolicy, its CEL apart.
 */
import { validateLabelKey } from "bowline/core";
import { type Fields, fieldsAt, itemsAt, textAt } from "../json-access.ts";
import type { FieldErrors } from "../validation/field-errors.ts";

const CEL_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The member that each type of a mutation needs. */
const PATCHES: Readonly<Record<string, string>> = { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" };

/** Variables, conditions, mutations and when they run again. */
export function validateMutations(errors: FieldErrors, spec: Fields): void {
  const names = new Set<string>();
  for (const [index, condition] of itemsAt(spec, "matchConditions").entries()) {
    const path = `spec.matchConditions[${index}]`;
    const name = textAt(condition, "name");
    if (textAt(condition, "expression") === "") errors.required(`${path}.expression`);
    if (name === "") errors.required(`${path}.name`);
    else errors.invalidEach(`${path}.name`, name, validateLabelKey(name));
    if (name !== "" && names.has(name)) errors.duplicate(`${path}.name`, name);
    names.add(name);
  }
  for (const [index, variable] of itemsAt(spec, "variables").entries()) {
    const path = `spec.variables[${index}]`;
    const name = textAt(variable, "name");
    if (name === "") errors.required(`${path}.name`, "name is not specified");
    else if (!CEL_IDENTIFIER.test(name)) errors.invalid(`${path}.name`, name, "must be a valid CEL identifier");
    if (textAt(variable, "expression") === "") errors.required(`${path}.expression`, "expression is not specified");
  }
  const mutations = itemsAt(spec, "mutations");
  if (mutations.length === 0) errors.required("spec.mutations", "mutations must contain at least one item");
  for (const [index, mutation] of mutations.entries()) validateMutation(errors, `spec.mutations[${index}]`, mutation);
  errors.oneOf("spec.reinvocationPolicy", textAt(spec, "reinvocationPolicy"), ["IfNeeded", "Never"], "required");
}

function validateMutation(errors: FieldErrors, path: string, mutation: Fields): void {
  const type = textAt(mutation, "patchType");
  errors.oneOf(`${path}.patchType`, type, Object.keys(PATCHES), "required");
  const member = PATCHES[type];
  if (member === undefined) return;
  const patch = fieldsAt(mutation, member);
  if (patch === undefined) errors.required(`${path}.${member}`, `must be specified when patchType is ${type}`);
  else if (textAt(patch, "expression") === "") errors.required(`${path}.${member}.expression`);
}
