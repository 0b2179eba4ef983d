/**
 * Namespaces: what appears in a new one, and how one with all that it holds goes away.
 */
import { formatApiVersion, formatTime } from "bowline/core";
import type { ServerEvent } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject, ResourceInfo } from "../registry/strategy.ts";
import { type Fields, textAt } from "../strategies/json-access.ts";
import { type Controller, type ControllerContext, isAbout, isDeleting } from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const ROOT_CA = "kube-root-ca.crt";
/** How long a namespace's content may take to go before it is looked at again. */
const RETRY_MS = 100;

/** Keeps the service account `default` and the root certificates in every namespace. */
export function namespaceContentController(context: ControllerContext, certificateAuthority: string): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(
    client,
    (_, name) => {
      const namespace = client.get("v1", "Namespace", undefined, name);
      if (namespace === undefined || isDeleting(namespace)) return;
      if (client.get("v1", "ConfigMap", name, ROOT_CA) === undefined) {
        const description =
          "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";
        const metadata = { name: ROOT_CA, namespace: name, annotations: { "kubernetes.io/description": description } };
        client.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": certificateAuthority } });
      }
      if (client.get("v1", "ServiceAccount", name, "default") === undefined) {
        client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } });
      }
    },
    context.onError,
  );
  return {
    onEvent(event: ServerEvent): void {
      const { namespace, name } = event.object.metadata;
      if (isAbout(event, "", "Namespace")) queue.add(undefined, name);
      const isGone = event.type === "DELETED" && namespace !== undefined;
      if (isGone && isAbout(event, "", "ServiceAccount") && name === "default") queue.add(undefined, namespace);
      if (isGone && isAbout(event, "", "ConfigMap") && name === ROOT_CA) queue.add(undefined, namespace);
    },
    stop: () => queue.stop(),
  };
}

/** Empties namespaces that are being deleted, says what is left, and lets them go. */
export function namespaceDeletionController(context: ControllerContext): Controller {
  const { client } = context;
  const queue = new ReconcileQueue(client, (_, name) => terminate(context, queue, name), context.onError);
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "", "Namespace") && isDeleting(object)) queue.add(undefined, object.metadata.name);
      const { namespace } = object.metadata;
      if (event.type !== "DELETED" || namespace === undefined) return;
      const around = client.get("v1", "Namespace", undefined, namespace);
      if (around !== undefined && isDeleting(around)) queue.add(undefined, namespace);
    },
    stop: () => queue.stop(),
  };
}

function terminate(context: ControllerContext, queue: ReconcileQueue, name: string): void {
  const { client } = context;
  const namespace = client.get("v1", "Namespace", undefined, name);
  if (namespace === undefined || !isDeleting(namespace)) return;
  const resources = client
    .resources()
    .filter((resource) => resource.isNamespaced && resource.verbs.includes("delete") && isStored(resource));
  // Pods go first, while what they use is still there.
  const pods = resources.filter(({ group, kind }) => group === "" && kind === "Pod");
  deleteAll(context, pods, name);
  if (client.list("v1", "Pod", name).length > 0) {
    const going = client.get("v1", "Namespace", undefined, name);
    if (going !== undefined) writeConditions(context, going, []);
    queue.addAfter(RETRY_MS, undefined, name);
    return;
  }
  deleteAll(context, resources, name);
  const left = resources
    .map((resource) => ({ resource, objects: client.list(formatApiVersion(resource), resource.kind, name) }))
    .filter(({ objects }) => objects.length > 0);
  const present = client.get("v1", "Namespace", undefined, name);
  if (present === undefined) return;
  if (left.length > 0) {
    writeConditions(context, present, left);
    queue.addAfter(RETRY_MS, undefined, name);
    return;
  }
  writeConditions(context, present, left);
  const fresh = client.get("v1", "Namespace", undefined, name) ?? present;
  const finalizers = finalizersOf(fresh).filter((finalizer) => finalizer !== "kubernetes");
  client.update({ ...fresh, spec: { finalizers } }, { subresource: "finalize" });
}

function deleteAll({ client }: ControllerContext, resources: readonly ResourceInfo[], namespace: string): void {
  for (const resource of resources) {
    for (const object of client.list(formatApiVersion(resource), resource.kind, namespace)) {
      if (isDeleting(object)) continue;
      try {
        client.delete(formatApiVersion(resource), resource.kind, namespace, object.metadata.name, {
          propagationPolicy: "Background",
        });
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
      }
    }
  }
}

function finalizersOf(namespace: ApiObject): string[] {
  const spec = namespace["spec"] as { finalizers?: string[] } | undefined;
  return spec?.finalizers ?? [];
}

function isStored(resource: ResourceInfo): boolean {
  return resource.storage.group === resource.group && resource.storage.version === resource.version;
}

interface Remaining {
  readonly resource: ResourceInfo;
  readonly objects: readonly ApiObject[];
}

function writeConditions(context: ControllerContext, namespace: ApiObject, left: readonly Remaining[]): void {
  const now = formatTime(context.client.now());
  const before = (namespace["status"] as { conditions?: Fields[] } | undefined)?.conditions ?? [];
  const names = (resource: ResourceInfo) => `${resource.plural}.${resource.group}`;
  const kinds = left.map(({ resource, objects }) => `${names(resource)} has ${objects.length} resource instances`);
  const finalizers = new Map<string, number>();
  for (const { objects } of left) {
    for (const object of objects)
      for (const name of object.metadata.finalizers ?? []) finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  const holding = [...finalizers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} in ${count} resource instances`);
  const wanted: [string, boolean, string, string, string, string][] = [
    [
      "NamespaceDeletionDiscoveryFailure",
      false,
      "",
      "",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      false,
      "",
      "",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ],
    [
      "NamespaceDeletionContentFailure",
      false,
      "",
      "",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ],
    [
      "NamespaceContentRemaining",
      kinds.length > 0,
      "SomeResourcesRemain",
      `Some resources are remaining: ${kinds.join(", ")}`,
      "ContentRemoved",
      "All content successfully removed",
    ],
    [
      "NamespaceFinalizersRemaining",
      holding.length > 0,
      "SomeFinalizersRemain",
      `Some content in the namespace has finalizers remaining: ${holding.join(", ")}`,
      "ContentHasNoFinalizers",
      "All content-preserving finalizers finished",
    ],
  ];
  const conditions = wanted.map(([type, isTrue, trueReason, trueMessage, falseReason, falseMessage]) => {
    const status = isTrue ? "True" : "False";
    const old = before.find((condition) => condition["type"] === type);
    const lastTransitionTime = old?.["status"] === status ? textAt(old, "lastTransitionTime") : now;
    return {
      type,
      status,
      lastTransitionTime,
      reason: isTrue ? trueReason : falseReason,
      message: isTrue ? trueMessage : falseMessage,
    };
  });
  if (JSON.stringify(conditions.map(essence)) === JSON.stringify(before.map(essence))) return;
  context.client.update({ ...namespace, status: { phase: "Terminating", conditions } }, { subresource: "status" });
}

function essence(condition: Fields): unknown[] {
  return [condition["type"], condition["status"], condition["reason"], condition["message"]];
}
