/**
 * Nodes: the taints that their conditions ask for, and how long what they know of the cluster may be old.
 */
import { formatTime } from "bowline/core";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { isTrueAt, itemsAt, textAt } from "../strategies/json-access.ts";
import { type Controller, type ControllerContext, conditionOf, isAbout, isDeleting } from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
/** By condition and its status. */
const TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: "node.kubernetes.io/not-ready", Unknown: "node.kubernetes.io/unreachable" },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" },
};
const MANAGED: readonly string[] = [...Object.values(TAINTS).flatMap((taints) => Object.values(taints)), UNSCHEDULABLE];
const TTL = "node.alpha.kubernetes.io/ttl";

export function nodeLifecycleController(context: ControllerContext): Controller {
  const queue = new ReconcileQueue(context.client, (_, name) => reconcileNode(context, name), context.onError);
  return {
    onEvent(event: ServerEvent): void {
      if (isAbout(event, "", "Node") && event.type !== "DELETED") queue.add(undefined, event.object.metadata.name);
    },
    stop: () => queue.stop(),
  };
}

function reconcileNode({ client }: ControllerContext, name: string): void {
  const node = client.get("v1", "Node", undefined, name);
  if (node === undefined || isDeleting(node)) return;
  if (node.metadata.annotations?.[TTL] === undefined)
    client.patch("v1", "Node", undefined, name, { metadata: { annotations: { [TTL]: "0" } } });
  const taints = itemsAt(node, "spec", "taints");
  const wanted = conditionTaints(node);
  const kept = taints.filter(
    ({ key, effect }) => effect !== "NoSchedule" || !MANAGED.includes(String(key)) || wanted.includes(String(key)),
  );
  const added = wanted
    .filter((key) => !kept.some((taint) => taint["key"] === key && taint["effect"] === "NoSchedule"))
    .map((key) => ({ key, effect: "NoSchedule", timeAdded: formatTime(client.now()) }));
  if (added.length === 0 && kept.length === taints.length) return;
  const left = [...kept, ...added];
  client.patch("v1", "Node", undefined, name, { spec: { taints: left.length === 0 ? null : left } });
}

/** The taints that a node's conditions ask for. One that has not said anything yet has none. */
function conditionTaints(node: ApiObject): readonly string[] {
  const keys = Object.entries(TAINTS).flatMap(([type, byStatus]) => {
    const key = byStatus[textAt(conditionOf(node, type), "status")];
    return key === undefined ? [] : [key];
  });
  return isTrueAt(node, "spec", "unschedulable") ? [...keys, UNSCHEDULABLE] : keys;
}
