/**
 * PodSecurity: refuses Pods that break the level their namespace enforces, warns of Pods and workloads that break the level it
 * warns of, and of Pods that a stricter level finds.
 */
import type { AdmissionPlugin, AdmissionRequest } from "../../registry/admission.ts";
import { forbidden, invalid } from "../../registry/status-error.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../../strategies/json-access.ts";
import { type CheckedPod, checkedPod, violations } from "./security-checks.ts";
import {
  isSamePolicy,
  LEVELS,
  type LevelVersion,
  policyText,
  readPolicy,
  type SecurityPolicy,
} from "./security-policy.ts";

/** Where workloads have the template of their Pods, by group and plural. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "/podtemplates": ["template"],
  "/replicationcontrollers": ["spec", "template"],
  "apps/replicasets": ["spec", "template"],
  "apps/deployments": ["spec", "template"],
  "apps/statefulsets": ["spec", "template"],
  "apps/daemonsets": ["spec", "template"],
  "batch/jobs": ["spec", "template"],
  "batch/cronjobs": ["spec", "jobTemplate", "spec", "template"],
};
/** What is written through these is no part of a Pod's spec. */
const OTHER_SUBRESOURCES = ["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"];
/** A check of the Pods that are there looks at no more of them. */
const CHECKED_PODS = 3000;

export const podSecurityPlugin: AdmissionPlugin = {
  name: "PodSecurity",
  validate(request): void {
    const { resource, object, operation, subresource } = request;
    if (object === undefined || (operation !== "CREATE" && operation !== "UPDATE")) return;
    const what = `${resource.group}/${resource.plural}`;
    const template = TEMPLATES[what];
    if (what === "/namespaces" && subresource === "") validateNamespace(request, object);
    else if (what === "/pods" && !OTHER_SUBRESOURCES.includes(subresource)) validatePod(request, object);
    else if (template !== undefined && subresource === "") validateTemplate(request, fieldsAt(object, ...template));
  },
};

function validateNamespace(request: AdmissionRequest, object: Fields): void {
  const { oldObject, context } = request;
  const name = textAt(object, "metadata", "name");
  const { policy, errors } = readPolicy(labelsOf(object));
  const old = oldObject === undefined ? undefined : readPolicy(labelsOf(oldObject));
  const isToldAlready = old !== undefined && JSON.stringify(old.errors.all()) === JSON.stringify(errors.all());
  if (errors.hasErrors && !isToldAlready) throw invalid({ group: "", name: "Namespace" }, name, errors.all());
  if (old === undefined) return;
  const [after, before] = [policy.enforce, old.policy.enforce];
  if (isSamePolicy(after, before) || after.level === "privileged") return;
  if (after.minor === before.minor && LEVELS.indexOf(after.level) <= LEVELS.indexOf(before.level)) return;
  for (const warning of existingViolations(request, name, after)) context.warn(warning);
}

/** What a new level finds in the Pods that are there, which stay. */
function existingViolations(
  { context }: AdmissionRequest,
  namespace: string,
  enforced: LevelVersion,
): readonly string[] {
  const pods = context.list("v1", "Pod", namespace);
  const found = new Map<string, string[]>();
  for (const pod of pods.slice(0, CHECKED_PODS)) {
    const checked = checkedPod(pod, undefined);
    const reasons =
      checked === undefined
        ? ""
        : violations(checked, enforced)
            .map(({ reason }) => reason)
            .join(", ");
    if (reasons !== "") found.set(reasons, [...(found.get(reasons) ?? []), pod.metadata.name]);
  }
  const warnings: string[] = [];
  if (pods.length > CHECKED_PODS)
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${CHECKED_PODS} of ${pods.length} existing pods`,
    );
  if (found.size > 0) {
    const level = JSON.stringify(policyText(enforced));
    warnings.push(
      `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${level}`,
    );
  }
  const each = [...found].map(([reasons, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? "" : ` (and ${others} other ${others === 1 ? "pod" : "pods"})`;
    return `${[...names].sort()[0]}${more}: ${reasons}`;
  });
  return [...warnings, ...each.sort()];
}

function validatePod(request: AdmissionRequest, object: Fields): void {
  const policy = policyOf(request);
  if (request.oldObject !== undefined && !isSignificant(object, request.oldObject)) return;
  const pod = checkedPod(object, undefined);
  if (pod === undefined) return;
  const { resource, name } = request;
  const forbiddenTexts = told(pod, policy.enforce);
  if (forbiddenTexts !== "") {
    const why = `violates PodSecurity ${JSON.stringify(policyText(policy.enforce))}: ${forbiddenTexts}`;
    throw forbidden({ group: resource.group, name: resource.plural }, name, why);
  }
  warn(request, pod, policy);
}

function validateTemplate(request: AdmissionRequest, template: Fields | undefined): void {
  const pod = template === undefined ? undefined : checkedPod({}, template);
  if (pod !== undefined) warn(request, pod, policyOf(request));
}

function warn({ context }: AdmissionRequest, pod: CheckedPod, { warn }: SecurityPolicy): void {
  const texts = told(pod, warn);
  if (texts !== "") context.warn(`would violate PodSecurity ${JSON.stringify(policyText(warn))}: ${texts}`);
}

function told(pod: CheckedPod, policy: LevelVersion): string {
  return violations(pod, policy)
    .map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`))
    .join(", ");
}

function policyOf({ context, namespace }: AdmissionRequest): SecurityPolicy {
  return readPolicy(labelsOf(context.find("v1", "Namespace", undefined, namespace) ?? {})).policy;
}

function labelsOf(object: object): Readonly<Record<string, string>> | undefined {
  return fieldsAt(object, "metadata", "labels") as Readonly<Record<string, string>> | undefined;
}

/** Only a new container or image makes another Pod of one that is there. */
function isSignificant(pod: Fields, old: object): boolean {
  const isChanged = (list: string) => {
    const [after, before] = [itemsAt(pod, "spec", list), itemsAt(old, "spec", list)];
    return (
      after.length !== before.length ||
      after.some((container, index) => textAt(container, "image") !== textAt(before[index], "image"))
    );
  };
  return isChanged("containers") || isChanged("initContainers") || isChanged("ephemeralContainers");
}
