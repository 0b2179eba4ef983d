/**
 * APIServices.
 */
import { formatTime, validateDns1035Label, validateDns1123Subdomain, validatePortNumber } from "bowline/core";
import { at, type Fields, fieldsAt, fillAbsent, isTrueAt, numberAt, textAt } from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import type { FieldErrors } from "../validation/field-errors.ts";

export const apiServiceRules: KindRules = {
  statusKeepsMetadata: true,
  allowsAnyFinalizer: true,
  default(object): void {
    fillAbsent(fieldsAt(object, "spec", "service"), "port", 443);
  },
  prepareForCreate(object, context): void {
    if (fieldsAt(object, "spec", "service") !== undefined) return;
    const time = formatTime(context.now());
    const message = "Local APIServices are always available";
    object["status"] = {
      conditions: [{ type: "Available", status: "True", lastTransitionTime: time, reason: "Local", message }],
    };
  },
  validate: (errors, object) => validateApiService(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
  validateUpdate: (errors, object) => validateApiService(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
};

function validateApiService(errors: FieldErrors, name: string, spec: Fields): void {
  const version = textAt(spec, "version");
  const group = textAt(spec, "group");
  const expected = `${version}.${group}`;
  if (name !== expected)
    errors.invalid("metadata.name", name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`);
  if (group !== "") errors.invalidEach("spec.group", group, validateDns1123Subdomain(group));
  else if (version !== "v1")
    errors.required("spec.group", "only v1 may have an empty group and it better be legacy kube");
  errors.invalidEach("spec.version", version, validateDns1035Label(version));
  const minimum = numberAt(spec, "groupPriorityMinimum") ?? 0;
  if (minimum <= 0 || minimum > 20000)
    errors.invalid("spec.groupPriorityMinimum", minimum, "must be positive and less than 20000");
  const priority = numberAt(spec, "versionPriority") ?? 0;
  if (priority <= 0 || priority > 1000)
    errors.invalid("spec.versionPriority", priority, "must be positive and less than 1000");
  validateReach(errors, spec);
}

/** How the API is reached, and whether its certificate is checked. */
function validateReach(errors: FieldErrors, spec: Fields): void {
  const service = fieldsAt(spec, "service");
  const isInsecure = isTrueAt(spec, "insecureSkipTLSVerify");
  const bundle = Buffer.from(textAt(spec, "caBundle"), "base64").length;
  if (service === undefined) {
    if (bundle > 0) errors.invalid("spec.caBundle", `${bundle} bytes`, "local APIServices may not have a caBundle");
    if (isInsecure)
      errors.invalid("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
    return;
  }
  if (textAt(service, "namespace") === "") errors.required("spec.service.namespace");
  if (textAt(service, "name") === "") errors.required("spec.service.name");
  const port = Number(at(service, "port") ?? 0);
  for (const problem of validatePortNumber(port))
    errors.invalid("spec.service.port", port, `port is not valid: ${problem}`);
  if (isInsecure && bundle > 0)
    errors.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
}
