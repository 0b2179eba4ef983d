/**
 * Checks of the resources that a Pod asks for as a whole, and of the claims that its containers use.
 */
import { type Quantity, validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import { internalValue } from "../difference/internal-difference.ts";
import { at, type Fields, fieldsAt, itemsAt, keysInOrder, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { isHugePages, quantityOf, validatePodLevelResources } from "../validation/resource-validation.ts";

/** `resourceClaims` of a Pod's spec. */
export function validatePodResourceClaims(errors: FieldErrors, path: string, claims: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(claim, "name");
    if (name === "") errors.required(child(here, "name"));
    else if (names.has(name)) errors.duplicate(child(here, "name"), name);
    else {
      errors.invalidEach(child(here, "name"), name, validateDns1123Label(name));
      names.add(name);
    }
    const references = ["resourceClaimName", "resourceClaimTemplateName"].filter(
      (member) => at(claim, member) !== undefined,
    );
    const shown = () => internalValue("PodResourceClaim", claim);
    if (references.length === 2) {
      const why = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
      errors.invalid(here, shown(), why);
    } else if (references.length === 0)
      errors.invalid(here, shown(), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    for (const member of references) {
      const reference = textAt(claim, member);
      errors.invalidEach(child(here, member), reference, validateDns1123Subdomain(reference));
    }
  }
}

/** `resources` of a Pod's spec: good in themselves, and no smaller than what the containers ask for. */
export function validatePodResources(errors: FieldErrors, path: string, spec: Fields): void {
  const resources = fieldsAt(spec, "resources");
  if (resources === undefined) return;
  const here = child(path, "resources");
  if (textAt(spec, "os", "name") === "windows") {
    errors.forbidden(here, "may not be set for a windows pod");
    return;
  }
  if (at(resources, "claims") !== undefined)
    errors.forbidden(child(here, "claims"), "claims may not be set for Resources at pod-level");
  validatePodLevelResources(errors, here, resources);
  const containers = itemsAt(spec, "containers");
  for (const [name, sum] of aggregateResources(spec, "requests")) {
    const own = quantityOf(at(resources, "requests", name));
    if (own !== undefined && sum.compare(own) > 0) {
      const why = `must be greater than or equal to aggregate container requests of ${sum.toString()}`;
      errors.invalid(`${here}.requests[${name}]`, own.toString(), why);
    }
  }
  for (const [name, sum] of aggregateResources(spec, "limits")) {
    const own = quantityOf(at(resources, "limits", name));
    if (isHugePages(name) && own !== undefined && sum.compare(own) > 0) {
      const why = `must be greater than or equal to aggregate container limits of ${sum.toString()}`;
      errors.invalid(`${here}.limits[${name}]`, own.toString(), why);
    }
  }
  for (const [index, container] of containers.entries()) {
    const limits = fieldsAt(container, "resources", "limits") ?? {};
    for (const name of keysInOrder(limits)) {
      const limit = quantityOf(limits[name]);
      const own = quantityOf(at(resources, "limits", name));
      if (limit === undefined || own === undefined || limit.compare(own) <= 0) continue;
      const field = `${here}.containers[${index}][${name}].limits`;
      errors.invalid(field, limit.toString(), `must be less than or equal to pod limits of ${own.toString()}`);
    }
  }
}

/** What containers need at once, by resource: the sum of those that run on, or an init container beside the sidecars before it if that is more. */
export function aggregateResources(spec: Fields, member: "requests" | "limits"): Map<string, Quantity> {
  const needed = new Map<string, Quantity>();
  const sidecars = new Map<string, Quantity>();
  const peaks = new Map<string, Quantity>();
  const listOf = (container: Fields) =>
    Object.entries(fieldsAt(container, "resources", member) ?? {}).flatMap(([name, value]) => {
      const quantity = quantityOf(value);
      return quantity === undefined ? [] : [[name, quantity] as const];
    });
  const add = (to: Map<string, Quantity>, name: string, quantity: Quantity) =>
    to.set(name, to.get(name)?.add(quantity) ?? quantity);
  for (const container of itemsAt(spec, "containers"))
    for (const [name, quantity] of listOf(container)) add(needed, name, quantity);
  for (const container of itemsAt(spec, "initContainers")) {
    const isSidecar = textAt(container, "restartPolicy") === "Always";
    for (const [name, quantity] of listOf(container)) {
      if (isSidecar) {
        add(needed, name, quantity);
        add(sidecars, name, quantity);
      }
      const before = sidecars.get(name);
      const peak = isSidecar ? (before ?? quantity) : (before?.add(quantity) ?? quantity);
      const highest = peaks.get(name);
      if (highest === undefined || peak.compare(highest) > 0) peaks.set(name, peak);
    }
  }
  for (const [name, peak] of peaks) {
    const sum = needed.get(name);
    if (sum === undefined || peak.compare(sum) > 0) needed.set(name, peak);
  }
  return needed;
}
