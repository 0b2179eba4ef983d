/**
 * The `resize` subresource of Pods: what is taken of a write, and which changes of resources are allowed.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
 */
import { clone } from "../../merge/json-value.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { at, ensureFields, type Fields, fieldsAt, isSemanticallyEqual, itemsAt, textAt } from "../json-access.ts";
import { keep } from "../kind-rules.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import { MIRROR_ANNOTATION } from "./pod-annotations.ts";
import { qosClass } from "./pod-defaults.ts";

const RESIZABLE = ["cpu", "memory"];
const IMMUTABLE = "only cpu and memory resources are mutable";

/** Takes the containers' resources and resize policies, and nothing else, where the containers are the same ones. */
export function takeResources(object: ApiObject, old: ApiObject): void {
  const sent = fieldsAt(object, "spec") ?? {};
  const spec = clone(fieldsAt(old, "spec") ?? {});
  // What is added, removed or renamed is left for validation to find.
  const lengths = ["containers", "initContainers"].map(
    (list) => itemsAt(sent, list).length === itemsAt(spec, list).length,
  );
  if (!lengths.every(Boolean)) {
    bumpGeneration(object, old);
    return;
  }
  for (const list of ["containers", "initContainers"]) {
    const containers = itemsAt(sent, list);
    if (containers.length === 0) continue;
    const isSameOrder = itemsAt(spec, list).every(
      (container, index) => container["name"] === containers[index]?.["name"],
    );
    if (!isSameOrder) spec[list] = containers;
    else for (const [index, container] of itemsAt(spec, list).entries()) takeFrom(container, containers[index] ?? {});
  }
  if (sent["resources"] !== undefined) spec["resources"] = sent["resources"];
  replaceSpec(object, old, spec);
}

function takeFrom(container: Fields, wanted: Fields): void {
  for (const member of ["resources", "resizePolicy"]) {
    if (wanted[member] === undefined) delete container[member];
    else container[member] = wanted[member];
  }
}

/** Of the object written through a subresource only this spec stays. */
export function replaceSpec(object: ApiObject, old: ApiObject, spec: Fields): void {
  object["spec"] = spec;
  keep(object, old, "status");
  const { managedFields, resourceVersion } = object.metadata as Fields;
  const metadata = clone(old.metadata);
  metadata["managedFields"] = managedFields;
  if (typeof resourceVersion === "string") metadata.resourceVersion = resourceVersion;
  object.metadata = metadata;
  bumpGeneration(object, old);
}

function bumpGeneration(object: ApiObject, old: ApiObject): void {
  if (!isSemanticallyEqual(object["spec"], old["spec"]))
    object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

/** Refuses the resize of a Pod that is never resized; nothing else of it is looked at then. */
export function refuseResize(errors: FieldErrors, old: ApiObject): boolean {
  const isStatic = old.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;
  const isWindows = textAt(old, "spec", "os", "name") === "windows";
  if (isStatic) errors.forbidden("[]", "static pods cannot be resized");
  else if (isWindows) errors.forbidden("[]", "windows pods cannot be resized");
  return isStatic || isWindows;
}

/** What a resize may not change. */
export function validatePodResize(errors: FieldErrors, object: ApiObject, old: ApiObject): void {
  const before = qosOf(old);
  if (before !== qosClass(fieldsAt(object, "spec") ?? {}))
    errors.invalid("spec", before, "Pod QOS Class may not change as a result of resizing");
  const running = itemsAt(old, "status", "containerStatuses").find(
    (item) => fieldsAt(item, "state", "running") !== undefined,
  );
  if (running !== undefined && running["resources"] === undefined)
    errors.forbidden("spec", "Pod running on node without support for resize");
  if (!validateOrder(errors, object, old)) return;
  for (const list of ["initContainers", "containers"]) {
    const containers = itemsAt(object, "spec", list);
    for (const [index, container] of itemsAt(old, "spec", list).entries()) {
      validateRemoval(errors, `spec.${list}[${index}].resources`, containers[index], container);
    }
  }
  validateOtherChanges(errors, object, old);
}

function qosOf(pod: ApiObject): string {
  return textAt(pod, "status", "qosClass") || qosClass(fieldsAt(pod, "spec") ?? {});
}

function validateOrder(errors: FieldErrors, object: Fields, old: Fields): boolean {
  let isSame = true;
  for (const list of ["containers", "initContainers"]) {
    const [now, before] = [itemsAt(object, "spec", list), itemsAt(old, "spec", list)];
    if (now.length !== before.length) {
      errors.forbidden(`spec.${list}`, `${list} may not be added or removed on resize`);
      isSame = false;
      continue;
    }
    for (const [index, container] of now.entries()) {
      if (container["name"] === before[index]?.["name"]) continue;
      errors.forbidden(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`);
      isSame = false;
    }
  }
  return isSame;
}

function validateRemoval(errors: FieldErrors, path: string, now: Fields | undefined, before: Fields): void {
  for (const [member, word] of [
    ["requests", "resource requests"],
    ["limits", "resource limits"],
  ] as const) {
    const present = fieldsAt(now, "resources", member) ?? {};
    const isRemoved = Object.keys(fieldsAt(before, "resources", member) ?? {}).some(
      (name) => present[name] === undefined,
    );
    if (isRemoved) errors.forbidden(`${path}.${member}`, `${word} cannot be removed`);
  }
}

function validateOtherChanges(errors: FieldErrors, object: ApiObject, old: ApiObject): void {
  const spec = clone(fieldsAt(object, "spec") ?? {});
  const before = fieldsAt(old, "spec") ?? {};
  let isRefused = errors.hasErrors;
  for (const [index, container] of itemsAt(spec, "containers").entries()) {
    const previous = itemsAt(before, "containers")[index] ?? {};
    restoreResizable(container, previous);
    if (isSemanticallyEqual(container, previous)) continue;
    errors.forbidden("spec", IMMUTABLE);
    isRefused = true;
  }
  for (const [index, container] of itemsAt(spec, "initContainers").entries()) {
    const previous = itemsAt(before, "initContainers")[index] ?? {};
    const path = `spec.initContainers[${index}]`;
    const isChanged = !isSemanticallyEqual(container, previous);
    restoreResizable(container, previous);
    if (!isSemanticallyEqual(container, previous)) {
      errors.forbidden(path, "only cpu and memory resources for init or sidecar containers are mutable");
      isRefused = true;
    }
    if (!isChanged || container["restartPolicy"] === "Always") continue;
    for (const policy of itemsAt(container, "resizePolicy")) {
      if (policy["restartPolicy"] !== "RestartContainer") continue;
      const why = "non-sidecar init containers with a resize policy of RestartContainer cannot be resized";
      errors.forbidden(path, why);
      isRefused = true;
    }
  }
  if (!isRefused && !isSemanticallyEqual(withoutResources(spec), withoutResources(before)))
    errors.forbidden("spec", IMMUTABLE);
}

function withoutResources({ resources: _, ...spec }: Fields): Fields {
  return spec;
}

/** Puts the old amounts of what may be resized back, so that what else is changed shows. */
function restoreResizable(container: Fields, previous: Fields): void {
  for (const member of ["requests", "limits"]) {
    const old = fieldsAt(previous, "resources", member) ?? {};
    const amounts: Fields = { ...fieldsAt(container, "resources", member) };
    for (const name of RESIZABLE) {
      if (old[name] === undefined) delete amounts[name];
      else amounts[name] = old[name];
    }
    const resources = ensureFields(container, "resources");
    if (Object.keys(amounts).length === 0) delete resources[member];
    else resources[member] = amounts;
  }
  if (at(previous, "resources") === undefined && Object.keys(fieldsAt(container, "resources") ?? {}).length === 0)
    delete container["resources"];
}
