/**
 * What a Pod's node must have for the Pod to change: features that it declares, and for a resize room and the right system.
 */
import { Quantity } from "bowline/core";
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import type { StatusError } from "../registry/status-error.ts";
import { at, type Fields, fieldsAt, isSemanticallyEqual, itemsAt, textAt, textsAt } from "../strategies/json-access.ts";
import { quantityOf } from "../strategies/validation/resource-validation.ts";
import { isPodWrite, refusal } from "./admission-refusal.ts";
import { podResources } from "./limit-ranger.ts";

const OS_LABEL = "kubernetes.io/os";

/** Some changes are understood only by newer kubelets, which say so in their node's status. */
export const declaredFeaturesPlugin: AdmissionPlugin = {
  name: "NodeDeclaredFeatureValidator",
  validate(request): void {
    const { object: pod, oldObject: old, context, subresource } = request;
    if (pod === undefined || old === undefined || !isPodWrite(request, "UPDATE", subresource)) return;
    const nodeName = textAt(pod, "spec", "nodeName");
    const isLooked = (subresource === "" || subresource === "resize") && nodeName !== "";
    if (!isLooked || pod.metadata.generation === old.metadata.generation) return;
    const needed = neededFeatures(pod, old);
    if (needed.length === 0) return;
    const node = context.find("v1", "Node", undefined, nodeName);
    if (node === undefined) throw refusal(request, `node ${JSON.stringify(nodeName)} not found`);
    const declared = textsAt(node, "status", "declaredFeatures");
    const lacking = needed.filter((feature) => !declared.includes(feature));
    if (lacking.length === 0) return;
    const where = `which are not available on node ${JSON.stringify(nodeName)}`;
    throw refusal(request, `pod update requires features ${lacking.join(", ")} ${where}`);
  },
};

function neededFeatures(pod: Fields, old: Fields): readonly string[] {
  const needed: string[] = [];
  if (!isSemanticallyEqual(at(pod, "spec", "resources"), at(old, "spec", "resources")))
    needed.push("InPlacePodLevelResourcesVerticalScaling");
  const containers = itemsAt(pod, "spec", "initContainers");
  const isInitResized = itemsAt(old, "spec", "initContainers").some(
    (container, index) =>
      container["restartPolicy"] !== "Always" &&
      !isSemanticallyEqual(container["resources"], containers[index]?.["resources"]),
  );
  if (isInitResized) needed.push("InPlacePodVerticalScalingInitContainers");
  return needed;
}

export const podResizePlugin: AdmissionPlugin = {
  name: "PodResizeValidator",
  validate(request): void {
    const { object: pod, oldObject, context } = request;
    if (pod === undefined || oldObject === undefined || !isPodWrite(request, "UPDATE", "resize")) return;
    const nodeName = textAt(pod, "spec", "nodeName");
    if (nodeName === "" || pod.metadata.generation === oldObject.metadata.generation) return;
    const node = context.find("v1", "Node", undefined, nodeName);
    if (node === undefined) throw refusal(request, `node ${JSON.stringify(nodeName)} not found`);
    const os = node.metadata.labels?.[OS_LABEL] ?? "linux";
    if (os !== "linux") {
      const why = `pod resize is only supported on linux nodes, node ${JSON.stringify(nodeName)} is ${JSON.stringify(os)}`;
      throw withReason(request, why, "UnsupportedPlatform");
    }
    const lacking = lackingResources(pod, node);
    if (lacking !== "")
      throw withReason(request, `node didn't have enough allocatable resources: ${lacking}`, "NodeCapacity");
  },
};

function withReason(request: AdmissionRequest, why: string, reason: string): StatusError {
  return refusal(request, why, [{ reason }]);
}

function lackingResources(pod: Fields, node: Fields): string {
  const requests = podResources(pod, "requests");
  const allocatable = fieldsAt(node, "status", "allocatable");
  const lacking: string[] = [];
  for (const [name, factor] of [
    ["cpu", 1000],
    ["memory", 1],
  ] as const) {
    const [wanted, present] = [requests[name], quantityOf(allocatable?.[name]) ?? Quantity.parse("0")];
    if (wanted === undefined || wanted.compare(present) <= 0) continue;
    const shown = (quantity: Quantity) => Math.ceil(quantity.toNumber() * factor);
    lacking.push(`${name}, requested: ${shown(wanted)}, allocatable: ${shown(present)}`);
  }
  return lacking.join("; ");
}
