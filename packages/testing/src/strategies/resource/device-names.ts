/**
 * Names, tolerations and taints of devices, which several kinds of `resource.k8s.io` hold.
 */
import { validateDns1123Label, validateDns1123Subdomain, validateLabelKey, validateLabelValue } from "bowline/core";
import { at, type Fields, fieldsOf, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";

const MAX_DRIVER = 63;
const MAX_ID = 32;
/** What the rules beside the types say of a driver's name. */
const CASELESS_NAME =
  "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'Example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const C_IDENTIFIER =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";

/** A driver, by code. */
export function validateDriver(errors: FieldErrors, field: string, name: string): void {
  if (name === "") {
    errors.required(field);
    return;
  }
  if (name.length > MAX_DRIVER) errors.tooLong(field, MAX_DRIVER);
  errors.invalidEach(field, name, validateDns1123Subdomain(name.toLowerCase()));
}

/** A driver, by rules beside the type. */
export function declareDriver(errors: FieldErrors, field: string, name: string): void {
  if (name === "") {
    errors.declared.required(field);
    return;
  }
  if (name.length > MAX_DRIVER) errors.declared.tooLongText(field, MAX_DRIVER);
  const problems = validateDns1123Subdomain(name.toLowerCase(), "bytes");
  errors.declared.invalidEach(
    field,
    name,
    problems.map((problem) => (problem.includes("RFC 1123") ? CASELESS_NAME : problem)),
  );
}

/** A pool's name: subdomains with slashes between them. */
export function validatePool(errors: FieldErrors, field: string, name: string): void {
  if (name === "") {
    errors.required(field);
    return;
  }
  if (name.length > 253) errors.tooLong(field, 253);
  for (const part of name.split("/")) errors.invalidEach(field, part, validateDns1123Subdomain(part));
}

export function validateDeviceName(errors: FieldErrors, field: string, name: string): void {
  errors.invalidEach(field, name, validateDns1123Label(name));
}

/** `name` or `domain/name` of an attribute. */
export function validateQualifiedName(errors: FieldErrors, field: string, name: string): void {
  const [first = "", second, ...more] = name.split("/");
  if (more.length > 0) return;
  if (second === undefined) {
    validateIdentifier(errors, field, first);
    return;
  }
  if (first === "") errors.invalid(field, "", "the domain must not be empty");
  else validateDriver(errors, field, first);
  if (second === "") errors.invalid(field, "", "the name must not be empty");
  else validateIdentifier(errors, field, second);
}

function validateIdentifier(errors: FieldErrors, field: string, id: string): void {
  if (id.length > MAX_ID) errors.tooLong(field, MAX_ID);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(id)) errors.invalid(field, id, C_IDENTIFIER);
}

/** `domain/name` and nothing less. */
export function declareFullyQualifiedName(errors: FieldErrors, field: string, name: string): void {
  validateQualifiedName(errors.declared, field, name);
  if (!name.includes("/"))
    errors.declared.invalid(field, name, "a fully qualified name must be a domain and a name separated by a slash");
}

const EFFECTS = ["NoExecute", "NoSchedule", "None"];

export function validateDeviceToleration(errors: FieldErrors, path: string, toleration: Fields): void {
  const key = textAt(toleration, "key");
  const operator = textAt(toleration, "operator");
  const value = textAt(toleration, "value");
  const effect = textAt(toleration, "effect");
  if (key !== "") errors.declared.invalidEach(child(path, "key"), key, validateLabelKey(key));
  if (operator === "Exists") {
    if (value !== "") errors.invalid(child(path, "value"), value, "must be empty for operator `Exists`");
  } else if (operator === "Equal") errors.invalidEach(child(path, "value"), value, validateLabelValue(value));
  else if (operator === "") errors.declared.required(child(path, "operator"));
  else errors.declared.notSupported(child(path, "operator"), operator, ["Equal", "Exists"]);
  if (effect !== "" && !EFFECTS.includes(effect)) errors.declared.notSupported(child(path, "effect"), effect, EFFECTS);
}

/** `old` is the taint as it was: an effect that was there may stay. */
export function validateDeviceTaint(errors: FieldErrors, path: string, taint: Fields, old: Fields | undefined): void {
  const key = textAt(taint, "key");
  errors.invalidEach(child(path, "key"), key, validateLabelKey(key));
  const value = textAt(taint, "value");
  if (value !== "") errors.invalidEach(child(path, "value"), value, validateLabelValue(value));
  const effect = textAt(taint, "effect");
  if (old !== undefined && textAt(old, "effect") === effect) return;
  if (effect === "") errors.declared.required(child(path, "effect"));
  else if (!EFFECTS.includes(effect)) errors.declared.notSupported(child(path, "effect"), effect, EFFECTS);
}

/** Parameters of a driver: an object, whatever is in it. */
export function validateOpaqueConfiguration(errors: FieldErrors, path: string, config: Fields): void {
  const opaque = fieldsOf(config["opaque"]);
  const here = child(path, "opaque");
  if (opaque === undefined) {
    errors.required(here);
    return;
  }
  declareDriver(errors, child(here, "driver"), textAt(opaque, "driver"));
  const field = child(here, "parameters");
  const parameters = at(opaque, "parameters");
  if (parameters === undefined) errors.required(field);
  else if (JSON.stringify(parameters).length > 10 * 1024) errors.tooLong(field, 10 * 1024);
  else if (fieldsOf(parameters) === undefined) errors.invalid(field, "<value omitted>", "must be a valid JSON object");
}

/** A device selector; its expression is not compiled here. */
export function validateSelectors(errors: FieldErrors, path: string, selectors: readonly Fields[]): void {
  if (selectors.length > 32) {
    errors.declared.tooMany(path, selectors.length, 32);
    return;
  }
  for (const [index, selector] of selectors.entries()) {
    const cel = fieldsOf(selector["cel"]);
    const field = `${path}[${index}].cel`;
    if (cel === undefined) errors.required(field);
    else if (textAt(cel, "expression").length > 10 * 1024) errors.tooLong(`${field}.expression`, 10 * 1024);
  }
}
