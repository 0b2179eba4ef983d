/**
 * Checks of a container's environment: variables, where their values come from, and references to fields of the Pod.
 */
import {
  validateConfigMapKey,
  validateDns1123Subdomain,
  validateLabelKey,
  validateRelaxedEnvVarName,
} from "bowline/core";
import { type Fields, fieldsAt, fieldsOf, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { isHugePages, quantityOf } from "../validation/resource-validation.ts";

const ENV_FIELD_PATHS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const RESOURCE_FIELD_PATHS = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function validateEnv(errors: FieldErrors, path: string, variables: readonly Fields[]): void {
  for (const [index, variable] of variables.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(variable, "name");
    if (name === "") errors.required(child(here, "name"));
    else errors.invalidEach(child(here, "name"), name, validateRelaxedEnvVarName(name));
    const from = fieldsAt(variable, "valueFrom");
    if (from !== undefined) validateValueFrom(errors, child(here, "valueFrom"), from, textAt(variable, "value"));
  }
}

function validateValueFrom(errors: FieldErrors, path: string, from: Fields, value: string): void {
  const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"].filter(
    (name) => fieldsOf(from[name]) !== undefined,
  );
  for (const source of sources) {
    const here = child(path, source);
    const reference = fieldsAt(from, source) ?? {};
    if (source === "fieldRef") validateFieldRef(errors, here, reference, ENV_FIELD_PATHS);
    else if (source === "resourceFieldRef") validateResourceFieldRef(errors, here, reference, false);
    else if (source !== "fileKeyRef") validateKeySelector(errors, here, reference);
  }
  if (sources.length === 0) {
    errors.invalid(
      path,
      "",
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
    );
  } else if (value !== "") errors.invalid(path, "", "may not be specified when `value` is not empty");
  else if (sources.length > 1) errors.invalid(path, "", "may not have more than one field specified at a time");
}

/** A reference to a field of the Pod, for an environment variable or a volume. */
export function validateFieldRef(
  errors: FieldErrors,
  path: string,
  reference: Fields,
  supported: readonly string[],
): void {
  if (textAt(reference, "apiVersion") === "") {
    errors.required(child(path, "apiVersion"));
    return;
  }
  const fieldPath = textAt(reference, "fieldPath");
  if (fieldPath === "") {
    errors.required(child(path, "fieldPath"));
    return;
  }
  const version = textAt(reference, "apiVersion");
  if (version !== "v1") {
    const detail = `error converting fieldPath: unsupported pod version: ${version}`;
    errors.invalid(child(path, "fieldPath"), fieldPath, detail);
    return;
  }
  const subscripted = /^(.*)\['([^']*)'\]$/.exec(fieldPath);
  if (subscripted !== null) {
    const [, base = "", key = ""] = subscripted;
    if (base === "metadata.annotations")
      errors.invalidEach(path, key.toLowerCase(), validateLabelKey(key.toLowerCase()));
    else if (base === "metadata.labels") errors.invalidEach(path, key, validateLabelKey(key));
    else errors.invalid(path, base, "does not support subscript");
    return;
  }
  const known = [
    ...ENV_FIELD_PATHS,
    "metadata.annotations",
    "metadata.labels",
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.phase",
  ];
  if (!known.includes(fieldPath)) {
    errors.invalid(
      child(path, "fieldPath"),
      fieldPath,
      `error converting fieldPath: field label not supported: ${fieldPath}`,
    );
  } else if (!supported.includes(fieldPath))
    errors.notSupported(child(path, "fieldPath"), fieldPath, [...supported].sort());
}

export function validateResourceFieldRef(
  errors: FieldErrors,
  path: string,
  reference: Fields,
  isVolume: boolean,
): void {
  const resource = textAt(reference, "resource");
  if (isVolume && textAt(reference, "containerName") === "") errors.required(child(path, "containerName"));
  else if (resource === "") errors.required(child(path, "resource"));
  else if (!RESOURCE_FIELD_PATHS.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    errors.notSupported(child(path, "resource"), resource, RESOURCE_FIELD_PATHS, true);
  }
  validateDivisor(errors, child(path, "divisor"), resource, reference["divisor"]);
}

const BYTE_DIVISORS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

function validateDivisor(errors: FieldErrors, field: string, resource: string, value: unknown): void {
  const divisor = quantityOf(value);
  if (divisor === undefined || divisor.sign === 0) return;
  const [, name = ""] = /^(?:limits|requests)\.(.*)$/.exec(resource) ?? [];
  const isOneOf = (supported: readonly string[]) => supported.includes(divisor.toString());
  const refuse = (supported: string, what: string) =>
    errors.invalid(field, resource, `only divisor's values ${supported} are supported with the ${what} resource`);
  const bytes = BYTE_DIVISORS.join(", ");
  if (name === "cpu" && !isOneOf(["1m", "1"])) refuse("1m and 1", "cpu");
  else if (name === "memory" && !isOneOf(BYTE_DIVISORS)) refuse(bytes, "memory");
  else if (name === "ephemeral-storage" && !isOneOf(BYTE_DIVISORS)) refuse(bytes, "local ephemeral storage");
  else if (isHugePages(name) && !isOneOf(BYTE_DIVISORS)) refuse(bytes, "hugepages");
}

function validateKeySelector(errors: FieldErrors, path: string, selector: Fields): void {
  const name = textAt(selector, "name");
  errors.invalidEach(child(path, "name"), name, validateDns1123Subdomain(name));
  const key = textAt(selector, "key");
  if (key === "") errors.required(child(path, "key"));
  else errors.invalidEach(child(path, "key"), key, validateConfigMapKey(key));
}

export function validateEnvFrom(errors: FieldErrors, path: string, sources: readonly Fields[]): void {
  for (const [index, source] of sources.entries()) {
    const here = `${path}[${index}]`;
    const prefix = textAt(source, "prefix");
    if (prefix !== "") errors.invalidEach(child(here, "prefix"), prefix, validateRelaxedEnvVarName(prefix));
    const references = ["configMapRef", "secretRef"].filter((name) => fieldsOf(source[name]) !== undefined);
    for (const reference of references) {
      const name = textAt(source, reference, "name");
      if (name === "") errors.required(child(child(here, reference), "name"));
      else errors.invalidEach(child(child(here, reference), "name"), name, validateDns1123Subdomain(name));
    }
    if (references.length === 0) errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
    else if (references.length > 1) errors.invalid(path, "", "may not have more than one field specified at a time");
  }
}
