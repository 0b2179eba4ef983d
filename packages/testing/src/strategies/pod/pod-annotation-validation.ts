/**
 * Checks of the annotations that mean something in a Pod.
 */
import { goQuote } from "bowline/core";
import { keysInOrder } from "../../schema/index.ts";
import { type Fields, fieldsAt, itemsAt, stringMapAt, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateDescendingPath } from "./container-validation.ts";
import {
  CONTAINER_APP_ARMOR_ANNOTATION,
  CONTAINER_SECCOMP_ANNOTATION,
  DELETION_COST_ANNOTATION,
  MIRROR_ANNOTATION,
  POD_SECCOMP_ANNOTATION,
} from "./pod-annotations.ts";

const PATH = "metadata.annotations";
const MAX_INT32 = 2147483647;

const annotationsOf = (pod: Fields): Readonly<Record<string, string>> => stringMapAt(pod, "metadata", "annotations");

/** Checks the annotations of a Pod, new or changed. */
export function validatePodAnnotations(errors: FieldErrors, pod: Fields): void {
  const annotations = annotationsOf(pod);
  const spec = fieldsAt(pod, "spec") ?? {};
  const mirror = annotations[MIRROR_ANNOTATION];
  if (mirror !== undefined && textAt(spec, "nodeName") === "")
    errors.invalid(`${PATH}[${MIRROR_ANNOTATION}]`, mirror, "must set spec.nodeName if mirror pod annotation is set");
  const cost = annotations[DELETION_COST_ANNOTATION];
  if (cost !== undefined && !(/^(0|[+-]?[1-9]\d*)$/.test(cost) && Math.abs(Number(cost)) <= MAX_INT32))
    errors.invalid(`${PATH}[${DELETION_COST_ANNOTATION}]`, cost, "must be a 32bit integer");
  if (annotations[POD_SECCOMP_ANNOTATION] !== undefined)
    validateSeccomp(errors, POD_SECCOMP_ANNOTATION, annotations[POD_SECCOMP_ANNOTATION]);
  const keys = keysInOrder(annotations);
  for (const key of keys.filter((one) => one.startsWith(CONTAINER_SECCOMP_ANNOTATION)))
    validateSeccomp(errors, key, annotations[key] ?? "");
  for (const key of keys.filter((one) => one.startsWith(CONTAINER_APP_ARMOR_ANNOTATION)))
    validateAppArmor(errors, key, annotations[key] ?? "", spec);
}

/** What the annotations of a Pod may not become; the annotations themselves are checked as well. */
export function validatePodAnnotationUpdate(errors: FieldErrors, pod: Fields, old: Fields): void {
  const annotations = annotationsOf(pod);
  const before = annotationsOf(old);
  for (const key of keysInOrder(before)) if (annotations[key] !== before[key]) refuse(errors, key, "remove or update");
  for (const key of keysInOrder(annotations)) if (before[key] === undefined) refuse(errors, key, "add");
  validatePodAnnotations(errors, pod);
}

function refuse(errors: FieldErrors, key: string, verb: string): void {
  if (key.startsWith(CONTAINER_APP_ARMOR_ANNOTATION))
    errors.forbidden(`${PATH}[${key}]`, `may not ${verb} AppArmor annotations`);
  if (key === MIRROR_ANNOTATION) errors.forbidden(`${PATH}[${key}]`, `may not ${verb} mirror pod annotation`);
}

function validateSeccomp(errors: FieldErrors, key: string, profile: string): void {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return;
  const path = child(PATH, key);
  if (profile.startsWith("localhost/")) validateDescendingPath(errors, path, profile.slice("localhost/".length));
  else errors.invalid(path, profile, "must be a valid seccomp profile");
}

function validateAppArmor(errors: FieldErrors, key: string, profile: string, spec: Fields): void {
  const name = key.slice(CONTAINER_APP_ARMOR_ANNOTATION.length);
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => itemsAt(spec, list));
  if (!containers.some((container) => textAt(container, "name") === name))
    errors.invalid(`${PATH}[${key}]`, name, "container not found");
  if (!/^(?:|runtime\/default|unconfined|localhost\/.*)$/s.test(profile))
    errors.invalid(`${PATH}[${key}]`, profile, `invalid AppArmor profile name: ${goQuote(profile)}`);
}
