/**
 * Pods.
 */

import { formatTime, validateDns1123Label, validateDns1123Subdomain, validateLabelKey } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import type { ApiObject, StrategyContext } from "../../registry/strategy.ts";
import { internalDifference } from "../difference/internal-difference.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fieldsOf,
  isEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import { type KindRules, keep } from "../kind-rules.ts";
import { CONTAINER_APP_ARMOR_ANNOTATION } from "../pod/pod-annotations.ts";
import { defaultPod, qosClass, requestForPod } from "../pod/pod-defaults.ts";
import { refuseResize, replaceSpec, takeResources, validatePodResize } from "../pod/pod-resize.ts";
import { validatePod, validatePodUpdate } from "../pod/pod-spec-validation.ts";
import { OLD_APP_ARMOR, podWarnings } from "../pod/pod-warnings.ts";
import { type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { ipProblems } from "../validation/ip-rules.ts";

export const podRules: KindRules = {
  generation: ["spec"],
  default: defaultPod,
  prepareForCreate(object, context): void {
    const spec = ensureFields(object, "spec");
    requestForPod(spec);
    takeAppArmorAnnotations(object, context);
    object["status"] = { phase: "Pending", qosClass: qosClass(spec) };
    if (itemsAt(spec, "schedulingGates").length > 0) {
      ensureFields(object, "status")["conditions"] = [
        {
          type: "PodScheduled",
          status: "False",
          lastProbeTime: null,
          lastTransitionTime: formatTime(context.now()),
          reason: "SchedulingGated",
          message: "Scheduling is blocked due to non-empty scheduling gates",
        },
      ];
    }
    mergeLabelKeys(object, spec);
  },
  prepareForStatusUpdate(object, old): void {
    delete object.metadata["deletionTimestamp"];
    keep(object.metadata, old.metadata, "deletionTimestamp");
    keep(object.metadata, old.metadata, "ownerReferences");
    const status = ensureFields(object, "status");
    if (isEmpty(status["qosClass"])) keep(status, fieldsAt(old, "status") ?? {}, "qosClass");
  },
  prepareForSubresource(object, old, context): boolean {
    // A scheduler's decision is not a change of what was asked for.
    if (context.subresource === "binding") return true;
    if (context.subresource !== "ephemeralcontainers" && context.subresource !== "resize") return false;
    if (context.subresource === "resize") takeResources(object, old);
    else keepAllButEphemeral(object, old);
    return true;
  },
  validate(errors, object): void {
    validatePod(errors, object);
    if (itemsAt(object, "spec", "ephemeralContainers").length > 0)
      errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
    if (textAt(object, "spec", "nodeName") !== "" && itemsAt(object, "spec", "schedulingGates").length > 0) {
      errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
    }
  },
  validateUpdate(errors, object, old, context): void {
    if (context.subresource === "binding") return;
    if (context.subresource === "resize" && refuseResize(errors, old)) return;
    validatePod(errors, object);
    if (context.subresource === "ephemeralcontainers") validateEphemeralUpdate(errors, object, old);
    else if (context.subresource === "resize") validatePodResize(errors, object, old);
    else validatePodUpdate(errors, object, old);
  },
  validateStatusUpdate: validatePodStatus,
  warnings(object, old): string[] {
    if (old !== undefined) return [];
    const problems = validateDns1123Label(object.metadata.name);
    const nameWarning =
      problems.length === 0
        ? []
        : [
            `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
          ];
    return [...nameWarning, ...podWarnings(object)];
  },
  selectableFields: {
    "spec.nodeName": (o) => textAt(o, "spec", "nodeName"),
    "spec.restartPolicy": (o) => textAt(o, "spec", "restartPolicy"),
    "spec.schedulerName": (o) => textAt(o, "spec", "schedulerName"),
    "spec.serviceAccountName": (o) => textAt(o, "spec", "serviceAccountName"),
    "spec.hostNetwork": (o) => String(isTrueAt(o, "spec", "hostNetwork")),
    "status.phase": (o) => textAt(o, "status", "phase"),
    "status.podIP": (o) => textAt(itemsAt(o, "status", "podIPs")[0], "ip"),
    // Known by name only: nothing has a value to select by.
    "status.podIPs": () => "",
    "spec.host": (o) => textAt(o, "spec", "nodeName"),
    "status.nominatedNodeName": (o) => textAt(o, "status", "nominatedNodeName"),
  },
  deletion: { returnsObject: true, gracePeriodSeconds: gracePeriodOf },
};

/** Pods that no node has, and those that ended, go at once. */
function gracePeriodOf(pod: Fields, asked?: number): number {
  const phase = textAt(pod, "status", "phase");
  if (textAt(pod, "spec", "nodeName") === "" || phase === "Failed" || phase === "Succeeded") return 0;
  const seconds = asked ?? numberAt(pod, "spec", "terminationGracePeriodSeconds") ?? 0;
  return seconds < 0 ? 1 : seconds;
}

/** `matchLabelKeys` of affinity terms and spread constraints become requirements of their selectors. */
function mergeLabelKeys(pod: ApiObject, spec: Fields): void {
  const labels = stringMapAt(pod, "metadata", "labels");
  const merge = (term: Fields, list: string, operator: string) => {
    const selector = fieldsAt(term, "labelSelector");
    if (selector === undefined) return;
    for (const key of textsAt(term, list)) {
      if (labels[key] === undefined) continue;
      selector["matchExpressions"] = [
        ...itemsAt(selector, "matchExpressions"),
        { key, operator, values: [labels[key]] },
      ];
    }
  };
  for (const kind of ["podAffinity", "podAntiAffinity"]) {
    const affinity = fieldsAt(spec, "affinity", kind);
    const preferred = itemsAt(affinity, "preferredDuringSchedulingIgnoredDuringExecution").map(
      (weighted) => fieldsAt(weighted, "podAffinityTerm") ?? {},
    );
    for (const term of [...preferred, ...itemsAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution")]) {
      merge(term, "matchLabelKeys", "In");
      merge(term, "mismatchLabelKeys", "NotIn");
    }
  }
  for (const constraint of itemsAt(spec, "topologySpreadConstraints")) merge(constraint, "matchLabelKeys", "In");
}

/** Of a write of `ephemeralcontainers` only those are taken. */
function keepAllButEphemeral(object: ApiObject, old: ApiObject): void {
  const sent = fieldsAt(object, "spec") ?? {};
  const spec = clone(fieldsAt(old, "spec") ?? {});
  if (sent["ephemeralContainers"] === undefined) delete spec["ephemeralContainers"];
  else spec["ephemeralContainers"] = sent["ephemeralContainers"];
  replaceSpec(object, old, spec);
}

function validateEphemeralUpdate(errors: FieldErrors, object: Fields, old: Fields): void {
  const containers = itemsAt(object, "spec", "ephemeralContainers");
  for (const container of itemsAt(old, "spec", "ephemeralContainers")) {
    const name = textAt(container, "name");
    const now = containers.find((other) => other["name"] === name);
    if (now === undefined)
      errors.forbidden("spec.ephemeralContainers", `existing ephemeral containers "${name}" may not be removed\n`);
    else if (!isSemanticallyEqual(container, now)) {
      errors.forbidden(
        "spec.ephemeralContainers",
        `existing ephemeral containers "${name}" may not be changed\n${internalDifference("EphemeralContainer", container, now)}`,
      );
    }
  }
}

/** Profiles in annotations of old are taken over into the fields of their containers. */
function takeAppArmorAnnotations(object: ApiObject, context: StrategyContext): void {
  const spec = fieldsAt(object, "spec") ?? {};
  if (textAt(spec, "os", "name") === "windows") return;
  for (const list of ["initContainers", "containers"]) {
    for (const container of itemsAt(spec, list)) {
      const key = `${CONTAINER_APP_ARMOR_ANNOTATION}${textAt(container, "name")}`;
      const annotation = object.metadata.annotations?.[key];
      if (annotation === undefined || fieldsAt(container, "securityContext", "appArmorProfile") !== undefined) continue;
      const profile = appArmorProfileOf(annotation);
      const isPods = isSemanticallyEqual(profile, fieldsAt(spec, "securityContext", "appArmorProfile"));
      if (profile !== undefined && isPods) continue;
      if (profile !== undefined) ensureFields(container, "securityContext")["appArmorProfile"] = profile;
      context.warn(`metadata.annotations[${key}]: ${OLD_APP_ARMOR}`);
    }
  }
}

function appArmorProfileOf(annotation: string): Fields | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const [, localhostProfile] = /^localhost\/(.+)$/s.exec(annotation) ?? [];
  return localhostProfile === undefined ? undefined : { type: "Localhost", localhostProfile };
}

function validatePodStatus(errors: FieldErrors, object: ApiObject, old: ApiObject, _context: StrategyContext): void {
  const status = fieldsAt(object, "status") ?? {};
  for (const [index, condition] of itemsAt(status, "conditions").entries()) {
    const type = textAt(condition, "type");
    if (["PodScheduled", "Ready", "Initialized"].includes(type)) continue;
    errors.invalidEach(`status.conditions[${index}].Type`, type, validateLabelKey(type));
  }
  const nominated = textAt(status, "nominatedNodeName");
  if (nominated !== "" && nominated !== textAt(old, "status", "nominatedNodeName"))
    errors.invalidEach("status.nominatedNodeName", nominated, validateDns1123Subdomain(nominated));
  const qos = textAt(status, "qosClass");
  if (qos !== textAt(old, "status", "qosClass")) errors.invalid("status.qosClass", qos, IMMUTABLE);
  validateRestarts(errors, status, old);
  const addresses = itemsAt(status, "podIPs").map((item) => textAt(item, "ip"));
  for (const [index, address] of addresses.entries())
    errors.invalidEach(`status.podIPs[${index}]`, address, ipProblems(address));
  const families = new Set(addresses.map((address) => address.includes(":")));
  if (addresses.length > 1 && families.size < addresses.length) {
    const shown = addresses.map((address) => ({ IP: address }));
    errors.invalid("status.podIPs", shown, "may specify no more than one IP for each IP family");
  }
}

/** A container that has ended for good cannot run again. */
function validateRestarts(errors: FieldErrors, status: Fields, old: Fields): void {
  const policy = textAt(old, "spec", "restartPolicy");
  if (policy === "Always") return;
  const statuses = itemsAt(status, "containerStatuses");
  for (const before of itemsAt(old, "status", "containerStatuses")) {
    const ended = fieldsOf(at(before, "state", "terminated"));
    if (ended === undefined || (policy === "OnFailure" && (numberAt(ended, "exitCode") ?? 0) !== 0)) continue;
    const index = statuses.findIndex((item) => item["name"] === before["name"]);
    if (index >= 0 && fieldsOf(at(statuses[index], "state", "terminated")) === undefined) {
      errors.forbidden(`status.containerStatuses[${index}].state`, "may not be transitioned to non-terminated state");
    }
  }
}
