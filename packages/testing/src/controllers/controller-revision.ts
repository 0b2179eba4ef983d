/**
 * ControllerRevisions: the templates that StatefulSets and DaemonSets have had.
 */
import { clone } from "../merge/json-value.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { fieldsAt, isSemanticallyEqual, numberAt } from "../strategies/json-access.ts";
import { type ControllerContext, controllerReference, ownedBy } from "./controller.ts";
import { templateHash } from "./template-hash.ts";

/** Keeps the present template as the newest revision; gives the revision's name. */
export function ensureRevision(context: ControllerContext, set: ApiObject): string {
  const { client } = context;
  const isDaemonSet = set.kind === "DaemonSet";
  const template = clone(fieldsAt(set, "spec", "template") ?? {});
  const data = { spec: { template: { ...template, $patch: "replace" } } };
  const revisions = ownedBy(client, "apps/v1", "ControllerRevision", set).sort((a, b) => revisionOf(a) - revisionOf(b));
  const newest = revisions.at(-1);
  const found = revisions.find((revision) => isSemanticallyEqual(revision["data"], data));
  const next = newest === undefined ? 1 : revisionOf(newest) + 1;
  if (found !== undefined) {
    if (found !== newest) client.update({ ...found, revision: next });
    return found.metadata.name;
  }
  const hash = templateHash(template, numberAt(set, "status", "collisionCount") ?? 0);
  const made = client.create({
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      namespace: set.metadata.namespace ?? "",
      labels: {
        ...(fieldsAt(set, "spec", "template", "metadata", "labels") as Record<string, string> | undefined),
        [isDaemonSet ? "controller-revision-hash" : "controller.kubernetes.io/hash"]: hash,
      },
      ...(isDaemonSet ? { annotations: templateGeneration(set) } : {}),
      ownerReferences: [controllerReference(set)],
    },
    data,
    revision: next,
  });
  return made.metadata.name;
}

function templateGeneration(set: ApiObject): Record<string, string> {
  const name = "deprecated.daemonset.template.generation";
  const generation = set.metadata.annotations?.[name];
  return generation === undefined ? {} : { [name]: generation };
}

function revisionOf(revision: ApiObject): number {
  return numberAt(revision, "revision") ?? 0;
}
