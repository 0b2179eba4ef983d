/**
 * PodTopologyLabels: a Pod that has a node gets the node's zone and region as labels, from its creation or its binding.
 */
import type { AdmissionPlugin } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { textAt } from "../strategies/json-access.ts";
import { isPodWrite } from "./admission-refusal.ts";

const TOPOLOGY = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

export const topologyLabelsPlugin: AdmissionPlugin = {
  name: "PodTopologyLabels",
  admit(request): void {
    const { object: pod, operation, context } = request;
    if (pod === undefined || !isPodWrite(request, operation)) return;
    const nodeName = textAt(pod, "spec", "nodeName");
    if (nodeName !== "") addLabels(pod, topologyLabels(context.find("v1", "Node", undefined, nodeName)));
  },
};

/** What a Pod takes over of its node's labels. */
export function topologyLabels(node: ApiObject | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(node?.metadata.labels ?? {}).filter(([key]) => TOPOLOGY.includes(key)));
}

/** Adds labels to an object, or to the Binding of a Pod, which hands them on. */
export function addLabels(object: ApiObject, labels: Readonly<Record<string, string>>): void {
  if (Object.keys(labels).length > 0) object.metadata.labels = { ...object.metadata.labels, ...labels };
}
