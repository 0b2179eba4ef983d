/**
 * Roles, ClusterRoles and their bindings.
 */
import { validateDns1123Subdomain, validatePathSegmentName } from "bowline/core";
import {
  ensureFields,
  type Fields,
  fieldsAt,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { isUsable, validateLabelSelector } from "../validation/metadata-validation.ts";

const GROUP = "rbac.authorization.k8s.io";

export const roleRules: KindRules = {
  nameRule: validatePathSegmentName,
  allowCreateOnUpdate: true,
  validate: (errors, object) => validateRules(errors, object, true),
  validateUpdate: (errors, object) => validateRules(errors, object, true),
};

export const clusterRoleRules: KindRules = {
  nameRule: validatePathSegmentName,
  allowCreateOnUpdate: true,
  validate: validateClusterRole,
  validateUpdate: validateClusterRole,
};

function validateClusterRole(errors: FieldErrors, object: Fields): void {
  validateRules(errors, object, false);
  const aggregation = fieldsAt(object, "aggregationRule");
  if (aggregation === undefined) return;
  const selectors = itemsAt(aggregation, "clusterRoleSelectors");
  const path = "aggregationRule.clusterRoleSelectors";
  if (selectors.length === 0)
    errors.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
  for (const [index, selector] of selectors.entries()) {
    validateLabelSelector(errors, `${path}[${index}]`, selector);
    if (!isUsable(selector)) errors.invalid(`${path}[${index}]`, null, "invalid label selector.");
  }
}

function validateRules(errors: FieldErrors, object: Fields, isNamespaced: boolean): void {
  for (const [index, rule] of itemsAt(object, "rules").entries()) {
    const path = `rules[${index}]`;
    if (textsAt(rule, "verbs").length === 0) errors.declared.required(child(path, "verbs"));
    const urls = textsAt(rule, "nonResourceURLs");
    const hasResources = ["apiGroups", "resources", "resourceNames"].some((member) => textsAt(rule, member).length > 0);
    if (urls.length > 0) {
      const field = child(path, "nonResourceURLs");
      if (isNamespaced) errors.invalid(field, urls, "namespaced rules cannot apply to non-resource URLs");
      if (hasResources)
        errors.invalid(field, urls, "rules cannot apply to both regular resources and non-resource URLs");
      continue;
    }
    if (textsAt(rule, "apiGroups").length === 0)
      errors.required(child(path, "apiGroups"), "resource rules must supply at least one api group");
    if (textsAt(rule, "resources").length === 0)
      errors.required(child(path, "resources"), "resource rules must supply at least one resource");
  }
}

function bindingRules(isNamespaced: boolean): KindRules {
  return {
    nameRule: validatePathSegmentName,
    allowCreateOnUpdate: true,
    default(object): void {
      fillEmpty(ensureFields(object, "roleRef"), "apiGroup", GROUP);
      for (const subject of itemsAt(object, "subjects")) {
        if (subject["kind"] === "User" || subject["kind"] === "Group") fillEmpty(subject, "apiGroup", GROUP);
      }
    },
    validate: (errors, object) => validateBinding(errors, object, isNamespaced),
    validateUpdate(errors, object, old): void {
      validateBinding(errors, object, isNamespaced);
      const reference = fieldsAt(object, "roleRef") ?? {};
      if (!isSemanticallyEqual(reference, old["roleRef"])) {
        errors.declared.invalid(
          "roleRef",
          { APIGroup: textAt(reference, "apiGroup"), Kind: textAt(reference, "kind"), Name: textAt(reference, "name") },
          IMMUTABLE,
        );
      }
    },
  };
}

export const roleBindingRules: KindRules = bindingRules(true);
export const clusterRoleBindingRules: KindRules = bindingRules(false);

function validateBinding(errors: FieldErrors, object: Fields, isNamespaced: boolean): void {
  const reference = fieldsAt(object, "roleRef") ?? {};
  const group = textAt(reference, "apiGroup");
  if (group !== GROUP) errors.notSupported("roleRef.apiGroup", group, [GROUP], true);
  errors.oneOf(
    "roleRef.kind",
    textAt(reference, "kind"),
    isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"],
    "plain",
  );
  const role = textAt(reference, "name");
  if (role === "") errors.declared.required("roleRef.name");
  else errors.invalidEach("roleRef.name", role, validatePathSegmentName(role, false));
  for (const [index, subject] of itemsAt(object, "subjects").entries()) {
    const path = `subjects[${index}]`;
    const name = textAt(subject, "name");
    const kind = textAt(subject, "kind");
    const subjectGroup = textAt(subject, "apiGroup");
    const isKnown = ["ServiceAccount", "User", "Group"].includes(kind);
    if (!isKnown) errors.notSupported(child(path, "kind"), kind, ["ServiceAccount", "User", "Group"], true);
    if (name === "") errors.declared.required(child(path, "name"));
    if (kind === "ServiceAccount") {
      if (name !== "") errors.invalidEach(child(path, "name"), name, validateDns1123Subdomain(name));
      if (subjectGroup !== "") errors.notSupported(child(path, "apiGroup"), subjectGroup, [""], true);
      if (!isNamespaced && textAt(subject, "namespace") === "") errors.required(child(path, "namespace"));
    } else if (kind === "User" || kind === "Group") {
      if (subjectGroup !== GROUP) errors.notSupported(child(path, "apiGroup"), subjectGroup, [GROUP], true);
    }
  }
}
