/**
 * What a claim for devices asks for: of ResourceClaims and of their templates.
 */
import { validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt, textsAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import {
  declareFullyQualifiedName,
  validateDeviceToleration,
  validateOpaqueConfiguration,
  validateSelectors,
} from "./device-names.ts";

/** Requests by name, with the names of their alternatives. */
export type RequestNames = ReadonlyMap<string, readonly string[]>;

const NO_SUCH_REQUEST =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** `devices` of a claim. */
export function validateDeviceClaim(errors: FieldErrors, path: string, claim: Fields | undefined): void {
  const requests = itemsAt(claim, "requests");
  const names = requestNamesOf(claim);
  if (isShortEnough(errors, child(path, "requests"), requests, 32)) {
    for (const [index, request] of requests.entries())
      validateRequest(errors, `${child(path, "requests")}[${index}]`, request);
    declareUniqueNames(errors, child(path, "requests"), requests);
  }
  const constraints = itemsAt(claim, "constraints");
  if (isShortEnough(errors, child(path, "constraints"), constraints, 32)) {
    for (const [index, constraint] of constraints.entries())
      validateConstraint(errors, `${child(path, "constraints")}[${index}]`, constraint, names);
  }
  const configs = itemsAt(claim, "config");
  if (isShortEnough(errors, child(path, "config"), configs, 32)) {
    for (const [index, config] of configs.entries()) {
      const here = `${child(path, "config")}[${index}]`;
      validateReferences(errors, child(here, "requests"), textsAt(config, "requests"), names);
      validateOpaqueConfiguration(errors, here, config);
    }
  }
}

export function requestNamesOf(claim: Fields | undefined): RequestNames {
  return new Map(
    itemsAt(claim, "requests").map((request) => [
      textAt(request, "name"),
      itemsAt(request, "firstAvailable").map((item) => textAt(item, "name")),
    ]),
  );
}

function isShortEnough(errors: FieldErrors, field: string, list: readonly unknown[], most: number): boolean {
  if (list.length > most) errors.declared.tooMany(field, list.length, most);
  return list.length <= most;
}

function declareUniqueNames(errors: FieldErrors, path: string, items: readonly Fields[]): void {
  const names = items.map((item) => textAt(item, "name"));
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index) errors.declared.duplicate(`${path}[${index}]`, items[index]);
}

function validateRequest(errors: FieldErrors, path: string, request: Fields): void {
  const name = textAt(request, "name");
  errors.invalidEach(child(path, "name"), name, validateDns1123Label(name));
  const exactly = fieldsAt(request, "exactly");
  const alternatives = itemsAt(request, "firstAvailable");
  const either = "exactly one of `exactly` or `firstAvailable` is required";
  if (exactly === undefined && alternatives.length === 0) errors.required(path, either);
  else if (exactly !== undefined && alternatives.length > 0)
    errors.invalid(path, null, `${either}, but multiple fields are set`);
  else if (exactly !== undefined) {
    const here = child(path, "exactly");
    const deviceClass = textAt(exactly, "deviceClassName");
    if (deviceClass === "") errors.required(child(here, "deviceClassName"));
    else errors.invalidEach(child(here, "deviceClassName"), deviceClass, validateDns1123Subdomain(deviceClass));
    validateDevices(errors, here, exactly);
  } else {
    const here = child(path, "firstAvailable");
    if (!isShortEnough(errors, here, alternatives, 8)) return;
    for (const [index, alternative] of alternatives.entries())
      validateAlternative(errors, `${here}[${index}]`, alternative);
    declareUniqueNames(errors, here, alternatives);
  }
}

function validateAlternative(errors: FieldErrors, path: string, request: Fields): void {
  const name = textAt(request, "name");
  errors.invalidEach(child(path, "name"), name, validateDns1123Label(name));
  const deviceClass = textAt(request, "deviceClassName");
  const field = child(path, "deviceClassName");
  if (deviceClass === "") errors.declared.required(field);
  else errors.declared.invalidEach(field, deviceClass, validateDns1123Subdomain(deviceClass, "bytes"));
  validateDevices(errors, path, request);
}

/** What a request and an alternative have alike. */
function validateDevices(errors: FieldErrors, path: string, request: Fields): void {
  validateSelectors(errors, child(path, "selectors"), itemsAt(request, "selectors"));
  const mode = textAt(request, "allocationMode");
  const count = numberAt(request, "count") ?? 0;
  if (mode === "All") {
    if (count !== 0) errors.invalid(child(path, "count"), count, "must not be specified when allocationMode is 'All'");
  } else if (mode === "ExactCount") {
    if (count <= 0) errors.invalid(child(path, "count"), count, "must be greater than zero");
  } else errors.declared.notSupported(child(path, "allocationMode"), mode, ["All", "ExactCount"]);
  for (const [index, toleration] of itemsAt(request, "tolerations").entries())
    validateDeviceToleration(errors, `${child(path, "tolerations")}[${index}]`, toleration);
}

function validateConstraint(errors: FieldErrors, path: string, constraint: Fields, names: RequestNames): void {
  validateReferences(errors, child(path, "requests"), textsAt(constraint, "requests"), names);
  const [match, distinct] = [at(constraint, "matchAttribute"), at(constraint, "distinctAttribute")];
  if (match !== undefined) declareFullyQualifiedName(errors, child(path, "matchAttribute"), String(match));
  else if (distinct !== undefined)
    declareFullyQualifiedName(errors, child(path, "distinctAttribute"), String(distinct));
  else {
    // The text is the real server's, odd as it is.
    const why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    errors.required(path, why);
  }
}

/** Names of requests, or of a request and one of its alternatives. */
function validateReferences(
  errors: FieldErrors,
  path: string,
  references: readonly string[],
  names: RequestNames,
): void {
  for (const [index, reference] of references.entries())
    validateRequestReference(errors, `${path}[${index}]`, reference, names);
  for (const [index, reference] of references.entries())
    if (references.indexOf(reference) < index) errors.declared.duplicate(`${path}[${index}]`, reference);
}

export function validateRequestReference(errors: FieldErrors, field: string, name: string, names: RequestNames): void {
  const parts = name.split("/");
  if (parts.length > 2) {
    errors.invalid(field, name, NO_SUCH_REQUEST);
    return;
  }
  for (const part of parts) errors.invalidEach(field, part, validateDns1123Label(part));
  const [request = "", alternative] = parts;
  const known = names.get(request);
  if (known === undefined || (alternative !== undefined && !known.includes(alternative)))
    errors.invalid(field, name, NO_SUCH_REQUEST);
}
