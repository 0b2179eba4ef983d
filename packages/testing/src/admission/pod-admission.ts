/**
 * Plugins that complete a Pod: its priority, tolerations, and what its runtime class says.
 */
import { clone } from "../merge/json-value.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  isEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
} from "../strategies/json-access.ts";
import { isPodWrite, refusal } from "./admission-refusal.ts";

/** Turns the name of a PriorityClass into a number, and keeps one default class. */
export const priorityPlugin: AdmissionPlugin = {
  name: "Priority",
  admit(request): void {
    const pod = request.object;
    if (pod === undefined) return;
    const spec = fieldsAt(pod, "spec") ?? {};
    if (isPodWrite(request, "UPDATE")) {
      for (const member of ["priority", "preemptionPolicy"]) {
        const old = at(request.oldObject, "spec", member);
        if (at(spec, member) === undefined && old !== undefined) spec[member] = old;
      }
    } else if (isPodWrite(request, "CREATE")) {
      const { name, value, policy } = priorityOf(request, textAt(spec, "priorityClassName"));
      if (name !== "") spec["priorityClassName"] = name;
      const sent = numberAt(spec, "priority");
      if (sent !== undefined && sent !== value) {
        const why = `the integer value of priority (${sent}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
        throw refusal(request, why);
      }
      spec["priority"] = value;
      const sentPolicy = at(spec, "preemptionPolicy");
      if (sentPolicy !== undefined && sentPolicy !== policy) {
        const why = `the string value of PreemptionPolicy (${sentPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
        throw refusal(request, why);
      }
      spec["preemptionPolicy"] = policy;
    }
  },
  validate(request): void {
    const { resource, object, operation } = request;
    if (resource.kind !== "PriorityClass" || object === undefined || !isTrueAt(object, "globalDefault")) return;
    const present = defaultClass(request);
    if (present === undefined || (operation === "UPDATE" && present.metadata.name === object.metadata.name)) return;
    throw refusal(
      request,
      `PriorityClass ${present.metadata.name} is already marked as default. Only one default can exist`,
    );
  },
};

function defaultClass(request: AdmissionRequest): ApiObject | undefined {
  const classes = request.context
    .list("scheduling.k8s.io/v1", "PriorityClass", undefined)
    .filter((item) => isTrueAt(item, "globalDefault"));
  return classes.sort((a, b) => (numberAt(a, "value") ?? 0) - (numberAt(b, "value") ?? 0))[0];
}

function priorityOf(request: AdmissionRequest, name: string): { name: string; value: number; policy: string } {
  const found =
    name === ""
      ? defaultClass(request)
      : request.context.find("scheduling.k8s.io/v1", "PriorityClass", undefined, name);
  if (found === undefined) {
    if (name !== "") throw refusal(request, `no PriorityClass with name ${name} was found`);
    return { name: "", value: 0, policy: "PreemptLowerPriority" };
  }
  return {
    name: found.metadata.name,
    value: numberAt(found, "value") ?? 0,
    policy: textAt(found, "preemptionPolicy") || "PreemptLowerPriority",
  };
}

const GRACEFUL_TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Lets Pods stay for five minutes on nodes that are lost. */
export const tolerationPlugin: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  admit(request): void {
    if (request.object === undefined || !(isPodWrite(request, "CREATE") || isPodWrite(request, "UPDATE"))) return;
    const spec = ensureFields(request.object, "spec");
    const tolerations = itemsAt(spec, "tolerations");
    for (const key of GRACEFUL_TAINTS) {
      const isTolerated = tolerations.some(
        (item) => ["", key].includes(textAt(item, "key")) && ["", "NoExecute"].includes(textAt(item, "effect")),
      );
      if (!isTolerated) tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
    }
    spec["tolerations"] = tolerations;
  },
};

/** Adds what a Pod's RuntimeClass costs and where it runs. */
export const runtimeClassPlugin: AdmissionPlugin = {
  name: "RuntimeClass",
  admit(request): void {
    if (request.object === undefined || !isPodWrite(request, "CREATE")) return;
    const spec = ensureFields(request.object, "spec");
    const runtimeClass = runtimeClassOf(request, spec);
    if (runtimeClass === undefined) return;
    const overhead = fieldsAt(runtimeClass, "overhead", "podFixed");
    if (overhead !== undefined) {
      if (!isEmpty(spec["overhead"]) && !isSemanticallyEqual(spec["overhead"], overhead)) {
        throw refusal(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
      }
      spec["overhead"] = clone(overhead);
    }
    const selector = stringMapAt(spec, "nodeSelector");
    for (const [key, value] of Object.entries(stringMapAt(runtimeClass, "scheduling", "nodeSelector"))) {
      if (selector[key] !== undefined && selector[key] !== value) {
        throw refusal(
          request,
          `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${selector[key]}`,
        );
      }
      selector[key] = value;
    }
    if (Object.keys(selector).length > 0) spec["nodeSelector"] = selector;
    const added = itemsAt(runtimeClass, "scheduling", "tolerations");
    if (added.length > 0) spec["tolerations"] = [...itemsAt(spec, "tolerations"), ...clone(added)];
  },
  validate(request): void {
    if (request.object === undefined || !isPodWrite(request, "CREATE")) return;
    const spec = ensureFields(request.object, "spec");
    const runtimeClass = runtimeClassOf(request, spec);
    const overhead = fieldsAt(runtimeClass, "overhead", "podFixed");
    if (overhead === undefined && at(spec, "overhead") !== undefined) {
      throw refusal(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
  },
};

function runtimeClassOf(request: AdmissionRequest, spec: Fields): ApiObject | undefined {
  const name = textAt(spec, "runtimeClassName");
  if (name === "") return undefined;
  const found = request.context.find("node.k8s.io/v1", "RuntimeClass", undefined, name);
  if (found === undefined) throw refusal(request, `pod rejected: RuntimeClass "${name}" not found`);
  return found;
}
