/**
 * Nodes: the taint of one that is not ready, and how long what they know of the cluster may be old.
 */
import type { ServerEvent } from "../registry/server-client.ts";
import { itemsAt, textAt } from "../strategies/json-access.ts";
import { type Controller, type ControllerContext, conditionOf, isAbout, isDeleting } from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const NOT_READY = "node.kubernetes.io/not-ready";
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
  const isReady = textAt(conditionOf(node, "Ready"), "status") === "True";
  if (!isReady || !taints.some((taint) => taint["key"] === NOT_READY)) return;
  const left = taints.filter((taint) => taint["key"] !== NOT_READY);
  client.patch("v1", "Node", undefined, name, { spec: { taints: left.length === 0 ? null : left } });
}
