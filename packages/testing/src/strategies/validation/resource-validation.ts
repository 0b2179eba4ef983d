/**
 * Checks of quantities, resource names, and requests against limits.
 */
import { Quantity, validateLabelKey } from "bowline/core";
import { type Fields, fieldsAt, itemsAt, keysInOrder, textAt } from "../json-access.ts";
import { child, type FieldErrors, NOT_NEGATIVE, typedText } from "./field-errors.ts";

const CONTAINER_RESOURCES = new Set(["cpu", "memory", "ephemeral-storage"]);
const STANDARD_RESOURCES = new Set([
  ...CONTAINER_RESOURCES,
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
  "storage",
  "requests.storage",
]);
const INTEGER_RESOURCES = new Set([
  "pods",
  "services",
  "resourcequotas",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);

/** A quantity, undefined where there is none or it is none. */
export function quantityOf(value: unknown): Quantity | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  try {
    return Quantity.parse(value);
  } catch {
    return undefined;
  }
}

/** Quantities of resources are kept to a thousandth: finer ones are rounded up, as a default is filled in. */
export function roundUpResources(...lists: readonly (Fields | undefined)[]): void {
  for (const list of lists) {
    for (const [name, value] of Object.entries(list ?? {})) {
      const quantity = quantityOf(value);
      const rounded = quantity?.roundUp(-3);
      if (quantity !== undefined && rounded !== undefined && rounded.compare(quantity) !== 0 && list !== undefined)
        list[name] = rounded.toString();
    }
  }
}

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}
export function isStandardContainerResource(name: string): boolean {
  return CONTAINER_RESOURCES.has(name) || isHugePages(name);
}
export function isStandardResource(name: string): boolean {
  return STANDARD_RESOURCES.has(name) || isHugePages(name.replace(/^requests\./, ""));
}
export function isStandardQuotaResource(name: string): boolean {
  return isStandardResource(name) && name !== "storage";
}
function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}
function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") && validateLabelKey(`requests.${name}`).length === 0;
}
function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** A resource's name: qualified, or one of Kubernetes' own. */
export function validateResourceName(errors: FieldErrors, field: string, name: string): boolean {
  const problems = validateLabelKey(name);
  errors.invalidEach(field, typedText(name), problems);
  if (problems.length > 0) return false;
  if (!name.includes("/") && !isStandardResource(name)) {
    errors.invalid(field, typedText(name), "must be a standard resource type or fully qualified");
    return false;
  }
  return true;
}

function validateContainerResourceName(errors: FieldErrors, field: string, name: string): void {
  validateResourceName(errors, field, name);
  if (!name.includes("/")) {
    if (!isStandardContainerResource(name))
      errors.invalid(field, typedText(name), "must be a standard resource for containers");
  } else if (!isNative(name) && !isExtended(name))
    errors.invalid(field, name, "doesn't follow extended resource name standard");
}

/** A quantity of a resource: not negative, and whole where the resource is counted. */
export function validateResourceQuantity(errors: FieldErrors, field: string, name: string, value: unknown): void {
  const quantity = quantityOf(value);
  if (quantity === undefined) return;
  if (quantity.sign < 0) errors.invalid(field, quantity.toString(), NOT_NEGATIVE);
  if ((INTEGER_RESOURCES.has(name) || isExtended(name)) && quantity.milliValue() % 1000n !== 0n) {
    errors.invalid(field, quantity.toString(), "must be an integer");
  }
}

/** Checks the name of a resource where a list of them has it. */
type NameRule = (errors: FieldErrors, field: string, name: string) => void;

/** `resources` of a container. */
export function validateContainerResources(
  errors: FieldErrors,
  path: string,
  resources: Fields | undefined,
  claimNames: readonly string[],
): void {
  validateRequirements(errors, path, resources, claimNames, validateContainerResourceName);
}

/** `resources` of a Pod as a whole. */
export function validatePodLevelResources(errors: FieldErrors, path: string, resources: Fields): void {
  validateRequirements(errors, path, resources, [], (found, field, name) => {
    if (!validateResourceName(found, field, name)) return;
    if (name !== "cpu" && name !== "memory" && !isHugePages(name))
      found.notSupported(field, name, ["cpu", "hugepages-", "memory"]);
  });
}

function validateRequirements(
  errors: FieldErrors,
  path: string,
  resources: Fields | undefined,
  claimNames: readonly string[],
  validateName: NameRule,
): void {
  const limits = fieldsAt(resources, "limits") ?? {};
  const requests = fieldsAt(resources, "requests") ?? {};
  const requestsPath = child(path, "requests");
  for (const name of keysInOrder(limits)) {
    const field = `${child(path, "limits")}[${name}]`;
    validateName(errors, field, name);
    validateResourceQuantity(errors, field, name, limits[name]);
    validatePages(errors, field, name, limits[name]);
  }
  for (const name of keysInOrder(requests)) {
    const field = `${requestsPath}[${name}]`;
    validateName(errors, field, name);
    validateResourceQuantity(errors, field, name, requests[name]);
    const request = quantityOf(requests[name]);
    const limit = quantityOf(limits[name]);
    if (request === undefined) continue;
    if (limit === undefined) {
      if (!mayOvercommit(name))
        errors.required(child(path, "limits"), "Limit must be set for non overcommitable resources");
    } else if (request.compare(limit) !== 0 && !mayOvercommit(name)) {
      errors.invalid(requestsPath, request.toString(), `must be equal to ${name} limit of ${limit.toString()}`);
    } else if (request.compare(limit) > 0) {
      errors.invalid(
        requestsPath,
        request.toString(),
        `must be less than or equal to ${name} limit of ${limit.toString()}`,
      );
    }
    validatePages(errors, field, name, requests[name]);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === "cpu" || name === "memory")) {
    errors.forbidden(path, "HugePages require cpu or memory");
  }
  validateClaims(errors, path, resources, claimNames);
}

/** Memory in huge pages comes in whole pages. */
function validatePages(errors: FieldErrors, field: string, name: string, value: unknown): void {
  const quantity = quantityOf(value);
  const size = isHugePages(name) ? quantityOf(name.slice("hugepages-".length)) : undefined;
  if (quantity === undefined || size === undefined || size.sign <= 0) return;
  if (quantity.value() % size.value() !== 0n)
    errors.invalid(field, quantity.toString(), `${quantity.toString()} is not positive integer multiple of ${name}`);
}

function validateClaims(
  errors: FieldErrors,
  path: string,
  resources: Fields | undefined,
  claimNames: readonly string[],
): void {
  const seen = new Set<string>();
  for (const [index, claim] of itemsAt(resources, "claims").entries()) {
    const field = `${child(path, "claims")}[${index}]`;
    const name = textAt(claim, "name");
    if (name === "") {
      errors.required(field);
      continue;
    }
    if (seen.has(name)) errors.duplicate(field, name);
    else seen.add(name);
    if (claimNames.includes(name)) continue;
    const why = "must be one of the names in pod.spec.resourceClaims";
    if (claimNames.length === 0) errors.notFound(field, name, `${why} which is empty`);
    else errors.notFound(field, name, `${why}: ${[...claimNames].sort().join(", ")}`);
  }
}
