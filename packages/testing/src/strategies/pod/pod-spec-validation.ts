/**
 * Checks of a Pod's spec, of pod templates, and of what a Pod's update may change.
 */

import {
  validateDns1123Label,
  validateDns1123Subdomain,
  validateDns1123SubdomainWithUnderscore,
  validateInRange,
  validateLabelKey,
} from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import { internalDifference, internalValue } from "../difference/internal-difference.ts";
import {
  at,
  type Fields,
  fieldsAt,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  shownAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import { child, type FieldErrors, NOT_NEGATIVE, sortedMap } from "../validation/field-errors.ts";
import { ipProblems } from "../validation/ip-rules.ts";
import { validateAnnotations, validateLabels } from "../validation/metadata-validation.ts";
import { validateContainerResources } from "../validation/resource-validation.ts";
import { validateAffinity, validateTolerations, validateTopologySpread } from "./affinity-validation.ts";
import {
  type PodSurroundings,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from "./container-validation.ts";
import { validatePodAnnotations, validatePodAnnotationUpdate } from "./pod-annotation-validation.ts";
import { validatePodResourceClaims, validatePodResources } from "./pod-resources.ts";
import {
  validateHostnameOverride,
  validateHostProcess,
  validateHostUsers,
  validateOperatingSystem,
  validatePodSecurityContext,
} from "./pod-security.ts";
import { validateVolumes } from "./volume-validation.ts";

const MAX_INT32 = 2147483647;

/** Checks a pod spec; `podName` is `""` for a template, and `isPod` says whether a Pod's own rules hold. */
export function validatePodSpec(
  errors: FieldErrors,
  path: string,
  spec: Fields,
  podName: string,
  isPod: boolean,
): void {
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  if (grace === undefined) errors.required(child(path, "terminationGracePeriodSeconds"));
  const restartPolicy = textAt(spec, "restartPolicy");
  const pod: PodSurroundings = {
    volumes: validateVolumes(errors, child(path, "volumes"), itemsAt(spec, "volumes"), podName),
    claimNames: itemsAt(spec, "resourceClaims").map((claim) => textAt(claim, "name")),
    restartPolicy,
    gracePeriodSeconds: grace,
    usesHostUsers: at(spec, "hostUsers") !== false,
  };
  validatePodResourceClaims(errors, child(path, "resourceClaims"), itemsAt(spec, "resourceClaims"));
  const containers = itemsAt(spec, "containers");
  validateContainers(errors, child(path, "containers"), containers, pod);
  validateInitContainers(errors, child(path, "initContainers"), itemsAt(spec, "initContainers"), containers, pod);
  validateEphemeralContainers(errors, child(path, "ephemeralContainers"), spec, pod);
  validatePodResources(errors, path, spec);
  validateHostNetworkPorts(errors, path, spec, isPod);
  errors.oneOf(child(path, "restartPolicy"), restartPolicy, ["Always", "OnFailure", "Never"], "required");
  errors.oneOf(
    child(path, "dnsPolicy"),
    textAt(spec, "dnsPolicy"),
    ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    "required",
  );
  validateLabels(errors, child(path, "nodeSelector"), stringMapAt(spec, "nodeSelector"));
  validatePodSecurityContext(errors, child(path, "securityContext"), spec);
  if (isTrueAt(spec, "shareProcessNamespace") && isTrueAt(spec, "hostPID")) {
    errors.invalid(
      child(path, "shareProcessNamespace"),
      true,
      "ShareProcessNamespace and HostPID cannot both be enabled",
    );
  }
  validateAffinity(errors, child(path, "affinity"), fieldsAt(spec, "affinity"));
  validateDnsConfig(errors, child(path, "dnsConfig"), fieldsAt(spec, "dnsConfig"), textAt(spec, "dnsPolicy"));
  for (const [index, gate] of itemsAt(spec, "readinessGates").entries()) {
    const type = textAt(gate, "conditionType");
    errors.invalidEach(`${child(path, "readinessGates")}[${index}].conditionType`, type, validateLabelKey(type));
  }
  const gates = new Set<string>();
  for (const [index, gate] of itemsAt(spec, "schedulingGates").entries()) {
    const name = textAt(gate, "name");
    const field = `${child(path, "schedulingGates")}[${index}]`;
    errors.invalidEach(field, name, validateLabelKey(name));
    if (gates.has(name)) errors.duplicate(field, name);
    gates.add(name);
  }
  validateTopologySpread(errors, child(path, "topologySpreadConstraints"), itemsAt(spec, "topologySpreadConstraints"));
  validateHostProcess(errors, path, spec);
  validateHostUsers(errors, path, spec);
  validateHostnameOverride(errors, path, spec);
  validateNames(errors, path, spec);
  if (at(spec, "overhead") !== undefined) {
    validateContainerResources(errors, child(path, "overhead"), { limits: fieldsAt(spec, "overhead") }, []);
  }
  validateOperatingSystem(errors, path, spec);
}

function validateHostNetworkPorts(errors: FieldErrors, path: string, spec: Fields, isPod: boolean): void {
  if (!isTrueAt(spec, "hostNetwork")) return;
  for (const [index, container] of itemsAt(spec, "containers").entries()) {
    for (const [i, port] of itemsAt(container, "ports").entries()) {
      const host = numberAt(port, "hostPort") ?? 0;
      if ((isPod || host !== 0) && host !== numberAt(port, "containerPort")) {
        errors.invalid(
          `${child(path, "containers")}[${index}].ports[${i}].hostPort`,
          host,
          "must match `containerPort` when `hostNetwork` is true",
        );
      }
    }
  }
}

function validateDnsConfig(errors: FieldErrors, path: string, config: Fields | undefined, policy: string): void {
  const servers = textsAt(config, "nameservers");
  if (policy === "None" && config === undefined) {
    errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
    return;
  }
  if (policy === "None" && servers.length === 0) {
    errors.required(child(path, "nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None");
    return;
  }
  if (config === undefined) return;
  if (servers.length > 3) errors.invalid(child(path, "nameservers"), servers, "must not have more than 3 nameservers");
  for (const [index, server] of servers.entries())
    errors.invalidEach(`${child(path, "nameservers")}[${index}]`, server, ipProblems(server));
  const searches = textsAt(config, "searches");
  if (searches.length > 32)
    errors.invalid(child(path, "searches"), searches, "must not have more than 32 search paths");
  if (searches.join(" ").length > 2048) {
    const detail = "must not have more than 2048 characters (including spaces) in the search list";
    errors.invalid(child(path, "searches"), searches, detail);
  }
  for (const [index, search] of searches.entries()) {
    const domain = search === "." ? "" : search.replace(/\.$/, "");
    if (search !== ".")
      errors.invalidEach(
        `${child(path, "searches")}[${index}]`,
        domain,
        validateDns1123SubdomainWithUnderscore(domain),
      );
  }
  for (const [index, option] of itemsAt(config, "options").entries()) {
    if (textAt(option, "name") === "") errors.required(`${child(path, "options")}[${index}]`, "must not be empty");
  }
}

function validateNames(errors: FieldErrors, path: string, spec: Fields): void {
  const account = textAt(spec, "serviceAccountName");
  if (account !== "") errors.invalidEach(child(path, "serviceAccountName"), account, validateDns1123Subdomain(account));
  const node = textAt(spec, "nodeName");
  if (node !== "") errors.invalidEach(child(path, "nodeName"), node, validateDns1123Subdomain(node));
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  if (deadline !== undefined)
    errors.invalidEach(child(path, "activeDeadlineSeconds"), deadline, validateInRange(deadline, 1, MAX_INT32));
  for (const member of ["hostname", "subdomain"]) {
    const name = textAt(spec, member);
    if (name !== "") errors.invalidEach(child(path, member), name, validateDns1123Label(name));
  }
  validateTolerations(errors, child(path, "tolerations"), itemsAt(spec, "tolerations"));
  for (const [index, alias] of itemsAt(spec, "hostAliases").entries()) {
    const here = `${child(path, "hostAliases")}[${index}]`;
    errors.invalidEach(child(here, "ip"), textAt(alias, "ip"), ipProblems(textAt(alias, "ip")));
    for (const [i, name] of textsAt(alias, "hostnames").entries())
      errors.invalidEach(`${child(here, "hostnames")}[${i}]`, name, validateDns1123Subdomain(name));
  }
  const priorityClass = textAt(spec, "priorityClassName");
  if (priorityClass !== "")
    errors.invalidEach(child(path, "priorityClassName"), priorityClass, validateDns1123Subdomain(priorityClass));
  const runtimeClass = textAt(spec, "runtimeClassName");
  if (runtimeClass !== "")
    errors.invalidEach(child(path, "runtimeClassName"), runtimeClass, validateDns1123Subdomain(runtimeClass));
  const preemption = at(spec, "preemptionPolicy");
  if (preemption !== undefined) {
    errors.oneOf(child(path, "preemptionPolicy"), String(preemption), ["PreemptLowerPriority", "Never"], "required");
  }
}

/** Checks a pod template. */
export function validatePodTemplate(errors: FieldErrors, path: string, template: Fields): void {
  validateLabels(errors, child(path, "labels"), stringMapAt(template, "metadata", "labels"));
  validateAnnotations(errors, child(path, "annotations"), stringMapAt(template, "metadata", "annotations"));
  validatePodSpec(errors, child(path, "spec"), fieldsAt(template, "spec") ?? {}, "", false);
  if (itemsAt(template, "spec", "ephemeralContainers").length > 0) {
    errors.forbidden(child(path, "spec.ephemeralContainers"), "ephemeral containers not allowed in pod template");
  }
}

/** Checks of a Pod itself, on create and on update. */
export function validatePod(errors: FieldErrors, pod: Fields): void {
  const spec = fieldsAt(pod, "spec") ?? {};
  validatePodAnnotations(errors, pod);
  validatePodSpec(errors, "spec", spec, textAt(pod, "metadata", "name"), true);
  for (const [index, volume] of itemsAt(spec, "volumes").entries()) {
    if (textAt(spec, "serviceAccountName") !== "") break;
    for (const [i, source] of itemsAt(volume, "projected", "sources").entries()) {
      const why = "must not be specified when serviceAccountName is not set";
      if (fieldsAt(source, "serviceAccountToken") !== undefined)
        errors.forbidden(`spec.volumes[${index}].projected.sources[${i}].serviceAccountToken`, why);
    }
  }
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace < 0) errors.invalid("spec.terminationGracePeriodSeconds", grace, NOT_NEGATIVE);
  for (const list of ["containers", "initContainers"]) {
    for (const [index, container] of itemsAt(spec, list).entries()) {
      const image = textAt(container, "image");
      if (image.trim() !== image)
        errors.invalid(`spec.${list}[${index}].image`, image, "must not have leading or trailing whitespace");
    }
  }
}

const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** What the update of a Pod may change. */
export function validatePodUpdate(errors: FieldErrors, pod: Fields, old: Fields): void {
  validatePodAnnotationUpdate(errors, pod, old);
  const spec = fieldsAt(pod, "spec") ?? {};
  const oldSpec = fieldsAt(old, "spec") ?? {};
  for (const list of ["containers", "initContainers"]) {
    if (itemsAt(spec, list).length !== itemsAt(oldSpec, list).length) {
      errors.forbidden(`spec.${list}`, "pod updates may not add or remove containers");
      return;
    }
    for (const [index, container] of itemsAt(spec, list).entries()) {
      if (textAt(container, "image") === "") errors.required(`spec.${list}[${index}].image`);
    }
  }
  validateDeadlineUpdate(errors, spec, oldSpec);
  for (const toleration of itemsAt(oldSpec, "tolerations")) {
    const isKept = itemsAt(spec, "tolerations").some((other) => {
      const seconds = other["tolerationSeconds"];
      return isSemanticallyEqual({ ...toleration, tolerationSeconds: seconds }, other);
    });
    if (!isKept)
      errors.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
  }
  const oldGates = itemsAt(oldSpec, "schedulingGates").map((gate) => textAt(gate, "name"));
  for (const [index, gate] of itemsAt(spec, "schedulingGates").entries()) {
    const name = textAt(gate, "name");
    if (!oldGates.includes(name))
      errors.forbidden(
        `spec.schedulingGates[${index}].name`,
        `only deletion is allowed, but found new scheduling gate '${name}'`,
      );
  }
  if (isSemanticallyEqual(spec, oldSpec)) return;
  const munged = clone(spec);
  for (const list of ["containers", "initContainers"]) {
    for (const [index, container] of itemsAt(munged, list).entries())
      container["image"] = itemsAt(oldSpec, list)[index]?.["image"];
  }
  for (const member of ["activeDeadlineSeconds", "schedulingGates", "tolerations"]) munged[member] = oldSpec[member];
  // A Pod that is not yet for the scheduler may be told more of where to go.
  if (oldGates.length > 0) {
    validateAddedSelector(errors, munged, spec, oldSpec);
    validateAddedAffinity(errors, munged, oldSpec);
  }
  if (!isSemanticallyEqual(munged, oldSpec))
    errors.forbidden(
      "spec",
      `pod updates may not change fields other than ${UPDATABLE}\n${internalDifference("PodSpec", oldSpec, munged)}`,
    );
}

const ONLY_ADDITIONS = "only additions";

function validateAddedSelector(errors: FieldErrors, munged: Fields, spec: Fields, oldSpec: Fields): void {
  const now = stringMapAt(munged, "nodeSelector");
  const before = stringMapAt(oldSpec, "nodeSelector");
  if (Object.entries(before).some(([key, value]) => now[key] !== value)) {
    const value = munged["nodeSelector"] === undefined ? shownAt(spec, "nodeSelector") : sortedMap(now);
    errors.invalid(
      "spec.nodeSelector",
      value,
      `${ONLY_ADDITIONS} to spec.nodeSelector are allowed (no mutations or deletions)`,
    );
  }
  munged["nodeSelector"] = oldSpec["nodeSelector"];
}

function validateAddedAffinity(errors: FieldErrors, munged: Fields, oldSpec: Fields): void {
  const [affinity, before] = [fieldsAt(munged, "affinity"), fieldsAt(oldSpec, "affinity")];
  const [now, was] = [fieldsAt(affinity, "nodeAffinity"), fieldsAt(before, "nodeAffinity")];
  if (isSemanticallyEqual(now, was)) return;
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const path = `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms`;
  const newTerms = itemsAt(now, required, "nodeSelectorTerms");
  const oldTerms = itemsAt(was, required, "nodeSelectorTerms");
  const shown = (value: unknown) => internalValue("[]NodeSelectorTerm", value) as unknown[] | null;
  if (oldTerms.length > 0 && oldTerms.length !== newTerms.length) {
    const why = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    errors.invalid(path, shown(at(now, required, "nodeSelectorTerms")), why);
  } else {
    for (const [index, term] of oldTerms.entries()) {
      const next = newTerms[index] ?? {};
      if (hasOnlyAdditions(next, term)) continue;
      errors.invalid(
        `${path}[${index}]`,
        shown([next])?.[0],
        `${ONLY_ADDITIONS} are allowed (no mutations or deletions)`,
      );
    }
  }
  if (was === undefined && before === undefined && Object.keys(affinity ?? {}).length === 1) delete munged["affinity"];
  else if (affinity === undefined) munged["affinity"] = { nodeAffinity: was };
  else if (was === undefined) delete affinity["nodeAffinity"];
  else affinity["nodeAffinity"] = was;
}

function hasOnlyAdditions(term: Fields, old: Fields): boolean {
  const lists = ["matchExpressions", "matchFields"];
  const isEmptyTerm = lists.every((list) => itemsAt(old, list).length === 0);
  if (isEmptyTerm) return lists.every((list) => itemsAt(term, list).length === 0);
  return lists.every((list) => {
    const before = itemsAt(old, list);
    return isSemanticallyEqual(itemsAt(term, list).slice(0, before.length), before);
  });
}

function validateDeadlineUpdate(errors: FieldErrors, spec: Fields, oldSpec: Fields): void {
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  const before = numberAt(oldSpec, "activeDeadlineSeconds");
  if (deadline !== undefined) {
    errors.invalidEach("spec.activeDeadlineSeconds", deadline, validateInRange(deadline, 0, MAX_INT32));
    if (before !== undefined && before < deadline)
      errors.invalid("spec.activeDeadlineSeconds", deadline, "must be less than or equal to previous value");
  } else if (before !== undefined)
    errors.invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
}
