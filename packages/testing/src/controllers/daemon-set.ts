/**
 * DaemonSets: a Pod on each node that fits.
 */

import type { ApiObject } from "../registry/strategy.ts";
import { ensureFields, type Fields, fieldsAt, itemsAt, textAt } from "../strategies/json-access.ts";
import {
  availableIn,
  type Controller,
  type ControllerContext,
  count,
  isAbout,
  isActivePod,
  isDeleting,
  isFinishedPod,
  isReadyPod,
  ownedBy,
  podFromTemplate,
  writeStatus,
} from "./controller.ts";
import { ensureRevision } from "./controller-revision.ts";
import { kindController } from "./kind-controller.ts";
import { fitsNode } from "./node-fit.ts";

const COMPONENT = "daemonset-controller";
const REVISION = "controller-revision-hash";
/** Taints that Pods of a DaemonSet put up with. */
const TOLERATED = ["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];

export function daemonSetController(context: ControllerContext): Controller {
  return kindController(context, {
    group: "apps",
    kind: "DaemonSet",
    owned: { group: "", kind: "Pod" },
    reconcile: (namespace, name) => reconcile(context, namespace, name),
    onEvent(event, queue) {
      if (!isAbout(event, "", "Node")) return;
      for (const set of context.client.list("apps/v1", "DaemonSet"))
        queue.add(set.metadata.namespace, set.metadata.name);
    },
  });
}

function reconcile(context: ControllerContext, namespace: string, name: string): void {
  const { client, events } = context;
  const set = client.get("apps/v1", "DaemonSet", namespace, name);
  if (set === undefined || isDeleting(set)) return;
  const revision = ensureRevision(context, set);
  const hash = revision.slice(set.metadata.name.length + 1);
  const pods = ownedBy(client, "v1", "Pod", set);
  const nodes = client.list("v1", "Node");
  const template = fieldsAt(set, "spec", "template");
  const podSpec = {
    ...fieldsAt(template, "spec"),
    tolerations: [...itemsAt(template, "spec", "tolerations"), ...tolerations()],
  };
  const wanted = nodes.filter((node) => fitsNode(podSpec, node));
  for (const node of wanted) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name && !isDeleting(pod));
    for (const pod of here.filter(isFinishedPod)) client.delete("v1", "Pod", namespace, pod.metadata.name);
    if (pods.some((pod) => nodeOf(pod) === node.metadata.name && !isFinishedPod(pod))) continue;
    const made = client.create(daemonPod(set, template, node.metadata.name, hash));
    events.record(set, "Normal", "SuccessfulCreate", `Created pod: ${made.metadata.name}`, COMPONENT);
  }
  const names = new Set(wanted.map((node) => node.metadata.name));
  for (const pod of pods.filter((item) => !names.has(nodeOf(item)) && !isDeleting(item))) {
    client.delete("v1", "Pod", namespace, pod.metadata.name);
    events.record(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`, COMPONENT);
  }
  if (textAt(set, "spec", "updateStrategy", "type") !== "OnDelete") replaceOne(context, set, hash);
  const present = client.get("apps/v1", "DaemonSet", namespace, name);
  if (present !== undefined) writeSums(context, present, names, hash);
}

function nodeOf(pod: ApiObject): string {
  const name = textAt(pod, "spec", "nodeName");
  if (name !== "") return name;
  const terms = fieldsAt(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  const field = itemsAt(itemsAt(terms, "nodeSelectorTerms")[0], "matchFields")[0];
  return (field?.["values"] as string[] | undefined)?.[0] ?? "";
}

function tolerations(): Fields[] {
  return TOLERATED.map((taint) => ({
    key: `node.kubernetes.io/${taint}`,
    operator: "Exists",
    effect: taint === "not-ready" || taint === "unreachable" ? "NoExecute" : "NoSchedule",
  }));
}

function daemonPod(
  set: ApiObject,
  template: Fields | undefined,
  node: string,
  hash: string,
): Fields & { apiVersion: string; kind: string } {
  const labels = {
    [REVISION]: hash,
    "pod-template-generation": set.metadata.annotations?.["deprecated.daemonset.template.generation"] ?? "1",
  };
  const pod = podFromTemplate(set, template, { generateName: `${set.metadata.name}-`, labels });
  const spec = ensureFields(pod, "spec");
  const affinity = ensureFields(ensureFields(spec, "affinity"), "nodeAffinity");
  affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {
    nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }],
  };
  spec["tolerations"] = [...itemsAt(spec, "tolerations"), ...tolerations()];
  return pod;
}

/** Replaces one Pod of an old template, once all others are ready. */
function replaceOne(context: ControllerContext, set: ApiObject, hash: string): void {
  const pods = ownedBy(context.client, "v1", "Pod", set).filter(isActivePod);
  if (pods.some((pod) => !isReadyPod(pod) && pod.metadata.labels?.[REVISION] === hash)) return;
  const old = pods.find((pod) => pod.metadata.labels?.[REVISION] !== hash);
  if (old !== undefined) context.client.delete("v1", "Pod", old.metadata.namespace, old.metadata.name);
}

function writeSums(context: ControllerContext, set: ApiObject, wanted: ReadonlySet<string>, hash: string): void {
  const { client } = context;
  const pods = ownedBy(client, "v1", "Pod", set).filter((pod) => !isFinishedPod(pod));
  const here = pods.filter((pod) => wanted.has(nodeOf(pod)));
  const minReady = count(set, "spec", "minReadySeconds");
  const available = here.filter((pod) => !isDeleting(pod) && availableIn(pod, minReady, client.now()) === 0).length;
  const optional = {
    updatedNumberScheduled: here.filter((pod) => pod.metadata.labels?.[REVISION] === hash).length,
    numberAvailable: available,
    numberUnavailable: wanted.size - available,
  };
  writeStatus(context, set, {
    currentNumberScheduled: new Set(here.map(nodeOf)).size,
    numberMisscheduled: pods.length - here.length,
    desiredNumberScheduled: wanted.size,
    numberReady: here.filter((pod) => isReadyPod(pod)).length,
    observedGeneration: set.metadata.generation,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value > 0)),
  });
}
