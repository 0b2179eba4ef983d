/**
 * Webhook configurations and admission policies.
 */
import {
  validateDns1035Label,
  validateDns1123Subdomain,
  validatePathSegmentName,
  validatePortNumber,
} from "bowline/core";
import { PolicyCompiler } from "../../admission/policies/policy-environment.ts";
import { readMatchConditions, validatePolicyExpressions } from "../../admission/policies/policy-expressions.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateLabelSelector } from "../validation/metadata-validation.ts";
import { validateMutations } from "./mutations.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

function defaultMatching(fields: Fields): void {
  fillAbsent(fields, "matchPolicy", "Equivalent");
  fillAbsent(fields, "namespaceSelector", {});
  fillAbsent(fields, "objectSelector", {});
}

function webhookRules(isMutating: boolean): KindRules {
  return {
    allowsAnyFinalizer: true,
    generation: ["webhooks"],
    allowUnconditionalUpdate: false,
    default(object): void {
      for (const hook of itemsAt(object, "webhooks")) {
        fillAbsent(hook, "failurePolicy", "Fail");
        defaultMatching(hook);
        fillAbsent(hook, "timeoutSeconds", 10);
        if (isMutating) fillAbsent(hook, "reinvocationPolicy", "Never");
        for (const rule of itemsAt(hook, "rules")) fillAbsent(rule, "scope", "*");
        fillAbsent(fieldsAt(hook, "clientConfig", "service"), "port", 443);
      }
    },
    validate: (errors, object) => validateWebhooks(errors, object, isMutating),
    validateUpdate: (errors, object) => validateWebhooks(errors, object, isMutating),
  };
}

export const validatingWebhookRules: KindRules = webhookRules(false);
export const mutatingWebhookRules: KindRules = webhookRules(true);

function validateWebhooks(errors: FieldErrors, object: Fields, isMutating: boolean): void {
  const names = new Set<string>();
  for (const [index, hook] of itemsAt(object, "webhooks").entries()) {
    const path = `webhooks[${index}]`;
    validateWebhook(errors, path, hook, isMutating);
    const versions = textsAt(hook, "admissionReviewVersions");
    const versionsPath = child(path, "admissionReviewVersions");
    if (versions.length === 0) errors.required(versionsPath, "must specify one of v1, v1beta1");
    for (const [at, version] of versions.entries()) {
      const here = `${versionsPath}[${at}]`;
      if (versions.indexOf(version) !== at) errors.invalid(here, version, "duplicate version");
      else errors.invalidEach(here, version, validateDns1035Label(version));
    }
    if (versions.length > 0 && !versions.some((version) => version === "v1" || version === "v1beta1")) {
      errors.invalid(versionsPath, versions, "must include at least one of v1, v1beta1");
    }
    const name = textAt(hook, "name");
    if (name !== "" && names.has(name)) errors.duplicate(child(path, "name"), name);
    names.add(name);
  }
}

function validateWebhook(errors: FieldErrors, path: string, hook: Fields, isMutating: boolean): void {
  const name = textAt(hook, "name");
  const problems = validateDns1123Subdomain(name);
  if (name === "") errors.required(child(path, "name"));
  else if (problems.length > 0) errors.invalid(child(path, "name"), name, problems.join(","));
  else if (name.split(".").length < 3)
    errors.invalid(child(path, "name"), name, "should be a domain with at least three segments separated by dots");
  for (const [index, rule] of itemsAt(hook, "rules").entries())
    validateRule(errors, `${child(path, "rules")}[${index}]`, rule);
  errors.oneOf(child(path, "failurePolicy"), textAt(hook, "failurePolicy"), ["Fail", "Ignore"]);
  errors.oneOf(child(path, "matchPolicy"), textAt(hook, "matchPolicy"), ["Equivalent", "Exact"]);
  const effects = at(hook, "sideEffects");
  if (effects === undefined) errors.required(child(path, "sideEffects"), "must specify one of None, NoneOnDryRun");
  else errors.oneOf(child(path, "sideEffects"), String(effects), ["None", "NoneOnDryRun"]);
  const timeout = numberAt(hook, "timeoutSeconds");
  if (timeout !== undefined && (timeout > 30 || timeout < 1)) {
    errors.invalid(child(path, "timeoutSeconds"), timeout, "the timeout value must be between 1 and 30 seconds");
  }
  for (const selector of ["namespaceSelector", "objectSelector"])
    validateLabelSelector(errors, child(path, selector), fieldsAt(hook, selector));
  if (isMutating)
    errors.oneOf(child(path, "reinvocationPolicy"), textAt(hook, "reinvocationPolicy"), ["IfNeeded", "Never"]);
  validateClientConfig(errors, child(path, "clientConfig"), fieldsAt(hook, "clientConfig") ?? {});
  const conditions = itemsAt(hook, "matchConditions");
  readMatchConditions(errors, child(path, "matchConditions"), conditions, new PolicyCompiler(false));
}

/** Where a webhook is reached: a URL or a Service. */
const URL_FORM = "desired format: https://host[/path]";

/** Reads a URL as leniently as Go does: nearly any text is one, if only a path. */
function validateUrl(errors: FieldErrors, field: string, url: string): void {
  const found =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(url);
  const [, scheme = "", user = "", host = "", query = "", fragment = ""] = found ?? [];
  if (/\p{Cc}/u.test(url) || url.startsWith(":")) {
    errors.required(field, "url must be a valid URL");
    return;
  }
  if (scheme.toLowerCase() !== "https")
    errors.invalid(field, scheme.toLowerCase(), `'https' is the only allowed URL scheme; ${URL_FORM}`);
  if (host === "") errors.invalid(field, "", `host must be specified; ${URL_FORM}`);
  if (user !== "") errors.invalid(field, user, "user information is not permitted in the URL");
  if (fragment !== "") errors.invalid(field, fragment, "fragments are not permitted in the URL");
  if (query !== "") errors.invalid(field, query, "query parameters are not permitted in the URL");
}

export function validateClientConfig(errors: FieldErrors, path: string, config: Fields): void {
  const url = at(config, "url");
  const service = fieldsAt(config, "service");
  if ((url === undefined) === (service === undefined))
    errors.required(path, "exactly one of url or service is required");
  else if (typeof url === "string") {
    validateUrl(errors, child(path, "url"), url);
  } else if (service !== undefined) {
    // The real server has the two the wrong way round.
    if (textAt(service, "namespace") === "") errors.required(child(path, "service.name"));
    if (textAt(service, "name") === "") errors.required(child(path, "service.namespace"));
    const port = numberAt(service, "port") ?? 0;
    const problems = validatePortNumber(port);
    if (problems.length > 0)
      errors.invalid(child(path, "service.port"), port, `port is not valid: ${problems.join(", ")}`);
    validateServicePath(errors, child(path, "service.path"), textAt(service, "path"));
  }
}

function validateServicePath(errors: FieldErrors, field: string, path: string): void {
  if (path === "" || path === "/") return;
  if (path === "//") {
    errors.invalid(field, path, "segment[0] may not be empty");
    return;
  }
  if (!path.startsWith("/")) errors.invalid(field, path, "must start with a '/'");
  const segments = path.slice(1).replace(/\/$/, "").split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "") errors.invalid(field, path, `segment[${index}] may not be empty`);
    else {
      for (const problem of validateDns1123Subdomain(segment))
        errors.invalid(field, path, `segment[${index}]: ${problem}`);
    }
  }
}

function validateRule(errors: FieldErrors, path: string, rule: Fields): void {
  const operations = textsAt(rule, "operations");
  if (operations.length === 0) errors.required(child(path, "operations"));
  if (operations.length > 1 && operations.includes("*")) {
    errors.invalid(child(path, "operations"), operations, "if '*' is present, must not specify other operations");
  }
  for (const [index, operation] of operations.entries())
    errors.oneOf(`${child(path, "operations")}[${index}]`, operation, OPERATIONS);
  for (const [member, text] of [
    ["apiGroups", "API groups"],
    ["apiVersions", "API versions"],
  ] as const) {
    const values = textsAt(rule, member);
    if (values.length === 0) errors.required(child(path, member));
    if (values.length > 1 && values.includes("*"))
      errors.invalid(child(path, member), values, `if '*' is present, must not specify other ${text}`);
    if (member !== "apiVersions") continue;
    for (const [index, value] of values.entries())
      if (value === "") errors.required(`${child(path, member)}[${index}]`);
  }
  validateResources(errors, child(path, "resources"), textsAt(rule, "resources"));
  const scope = at(rule, "scope");
  if (scope !== undefined) errors.oneOf(child(path, "scope"), String(scope), ["*", "Cluster", "Namespaced"]);
}

function validateResources(errors: FieldErrors, path: string, resources: readonly string[]): void {
  if (resources.length === 0) errors.required(path);
  const [starred, onAll] = [new Set<string>(), new Set<string>()];
  for (const [index, resource] of resources.entries()) {
    const here = `${path}[${index}]`;
    if (resource === "") errors.required(here);
    const slash = resource.indexOf("/");
    if (slash < 0) continue;
    const [name, subresource] = [resource.slice(0, slash), resource.slice(slash + 1)];
    if (starred.has(name)) errors.invalid(here, resource, `if '${name}/*' is present, must not specify ${resource}`);
    if (onAll.has(subresource))
      errors.invalid(here, resource, `if '*/${subresource}' is present, must not specify ${resource}`);
    if (subresource === "*") starred.add(name);
    if (name === "*") onAll.add(subresource);
  }
  if (resources.length > 1 && resources.includes("*/*"))
    errors.invalid(path, resources, "if '*/*' is present, must not specify other resources");
  // The server looks at the last of these alone.
  const last = resources.filter((resource) => resource !== "" && !resource.includes("/")).at(-1);
  if (resources.includes("*") && last !== "*") {
    errors.invalid(path, resources, "if '*' is present, must not specify other resources without subresources");
  }
}

function policyRules(list: "validations" | "mutations"): KindRules {
  return {
    allowsAnyFinalizer: true,
    generation: ["spec"],
    allowUnconditionalUpdate: false,
    statusKeepsMetadata: true,
    default(object): void {
      const spec = ensureFields(object, "spec");
      fillAbsent(spec, "failurePolicy", "Fail");
      const match = fieldsAt(spec, "matchConstraints");
      if (match !== undefined) defaultMatchResources(match);
    },
    validate: (errors, object) => validatePolicy(errors, object, list),
    validateUpdate: (errors, object) => validatePolicy(errors, object, list),
  };
}

function defaultMatchResources(match: Fields): void {
  defaultMatching(match);
  for (const rules of ["resourceRules", "excludeResourceRules"]) {
    for (const rule of itemsAt(match, rules)) fillAbsent(rule, "scope", "*");
  }
}

export const validatingPolicyRules: KindRules = policyRules("validations");
export const mutatingPolicyRules: KindRules = policyRules("mutations");

function validatePolicy(errors: FieldErrors, object: Fields, list: "validations" | "mutations"): void {
  const spec = fieldsAt(object, "spec") ?? {};
  errors.oneOf("spec.failurePolicy", textAt(spec, "failurePolicy"), ["Fail", "Ignore"]);
  const param = fieldsAt(spec, "paramKind");
  if (param !== undefined) {
    validateParamKind(errors, "spec.paramKind", param);
  }
  const match = fieldsAt(spec, "matchConstraints");
  if (match === undefined) errors.required("spec.matchConstraints");
  else validateMatch(errors, "spec.matchConstraints", match, true);
  if (list === "mutations") validateMutations(errors, object);
  else validatePolicyExpressions(errors, object);
}

function validateParamKind(errors: FieldErrors, path: string, param: Fields): void {
  const apiVersion = textAt(param, "apiVersion");
  const field = child(path, "apiVersion");
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  if (apiVersion === "") errors.required(field);
  else if (apiVersion.split("/").length > 2)
    errors.invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else {
    const problems = group === undefined || group === "" ? [] : validateDns1123Subdomain(group);
    if (problems.length > 0) errors.invalid(field, group, problems.join(","));
    if (version === undefined || version === "") errors.invalid(field, apiVersion, "version must be specified");
    else {
      const wrong = validateDns1035Label(version);
      if (wrong.length > 0) errors.invalid(field, version, wrong.join(","));
    }
  }
  const kind = textAt(param, "kind");
  const problems = validateDns1035Label(kind.toLowerCase());
  if (kind === "") errors.required(child(path, "kind"));
  else if (problems.length > 0) {
    const why = `may have mixed case, but should otherwise match: ${problems.join(",")}`;
    errors.invalid(child(path, "kind"), kind, why);
  }
}

function validateMatch(errors: FieldErrors, path: string, match: Fields, needsRules: boolean): void {
  for (const selector of ["namespaceSelector", "objectSelector"])
    validateLabelSelector(errors, child(path, selector), fieldsAt(match, selector));
  const policy = at(match, "matchPolicy");
  if (policy !== undefined) errors.oneOf(child(path, "matchPolicy"), String(policy), ["Equivalent", "Exact"]);
  const rules = itemsAt(match, "resourceRules");
  for (const list of ["resourceRules", "excludeResourceRules"]) {
    for (const [index, rule] of itemsAt(match, list).entries())
      validateNamedRule(errors, `${child(path, list)}[${index}]`, rule);
  }
  if (needsRules && rules.length === 0) errors.required(child(path, "resourceRules"));
}

/** A rule that may be about objects by name. */
function validateNamedRule(errors: FieldErrors, path: string, rule: Fields): void {
  validateRule(errors, path, rule);
  const names = textsAt(rule, "resourceNames");
  for (const [index, name] of names.entries()) {
    const field = `${child(path, "resourceNames")}[${index}]`;
    errors.invalidEach(field, name, validatePathSegmentName(name));
    if (names.indexOf(name) < index) errors.duplicate(field, name);
  }
}

function policyBindingRules(hasActions: boolean): KindRules {
  return {
    allowsAnyFinalizer: true,
    generation: ["spec"],
    allowUnconditionalUpdate: false,
    default(object): void {
      const match = fieldsAt(object, "spec", "matchResources");
      if (match !== undefined) defaultMatchResources(match);
    },
    validate: (errors, object) => validatePolicyBinding(errors, object, hasActions),
    validateUpdate(errors, object, old): void {
      if (!isSemanticallyEqual(object["spec"], old["spec"])) validatePolicyBinding(errors, object, hasActions);
    },
  };
}

export const validatingPolicyBindingRules: KindRules = policyBindingRules(true);
export const mutatingPolicyBindingRules: KindRules = policyBindingRules(false);

function validatePolicyBinding(errors: FieldErrors, object: Fields, hasActions: boolean): void {
  const name = textAt(object, "spec", "policyName");
  if (name === "") errors.required("spec.policyName");
  else errors.invalidEach("spec.policyName", name, validateDns1123Subdomain(name));
  const param = fieldsAt(object, "spec", "paramRef");
  if (param !== undefined) {
    const name = textAt(param, "name");
    const selector = fieldsAt(param, "selector");
    const both = "name and selector are mutually exclusive";
    if (name !== "") errors.invalidEach("spec.paramRef.name", name, validatePathSegmentName(name, false));
    if (name !== "" && selector !== undefined) errors.forbidden("spec.paramRef.name", both);
    validateLabelSelector(errors, "spec.paramRef.selector", selector);
    if (name !== "" && selector !== undefined) errors.forbidden("spec.paramRef.selector", both);
    if (name === "" && selector === undefined)
      errors.required("spec.paramRef", "one of name or selector must be specified");
    const action = textAt(param, "parameterNotFoundAction");
    errors.oneOf("spec.paramRef.parameterNotFoundAction", action, ["Deny", "Allow"], "required");
  }
  const match = fieldsAt(object, "spec", "matchResources");
  if (match !== undefined) validateMatch(errors, "spec.matchResources", match, false);
  if (!hasActions) return;
  const actions = textsAt(object, "spec", "validationActions");
  if (actions.length === 0) errors.required("spec.validationActions");
  for (const [index, action] of actions.entries()) {
    errors.oneOf(`spec.validationActions[${index}]`, action, ["Audit", "Deny", "Warn"]);
    if (actions.indexOf(action) !== index) errors.duplicate(`spec.validationActions[${index}]`, action);
  }
  if (actions.includes("Deny") && actions.includes("Warn")) {
    errors.invalid(
      "spec.validationActions",
      actions,
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
    );
  }
}
