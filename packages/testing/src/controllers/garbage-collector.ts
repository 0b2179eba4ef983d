/**
 * Garbage collection by owner references: dependents go with their owners, before them, or are set free.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
import type { ServerClient, ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { isTrueAt, itemsAt, textAt } from "../strategies/json-access.ts";
import { type Controller, type ControllerContext, isDeleting } from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const MANAGER = "kube-controller-manager";

/** Keeps an index of who depends on whom, by uid. */
export function garbageCollector(context: ControllerContext): Controller {
  return new GarbageCollector(context);
}

class GarbageCollector implements Controller {
  readonly #client: ServerClient;
  readonly #queue: ReconcileQueue;
  /** Owner's uid to its dependents, by their uid. */
  readonly #dependents: Map<string, Map<string, ApiObject>> = new Map();
  readonly #present: Map<string, ApiObject> = new Map();

  constructor({ client, onError }: ControllerContext) {
    this.#client = client;
    this.#queue = new ReconcileQueue(client, (_, uid) => this.#look(uid), onError);
  }

  onEvent(event: ServerEvent): void {
    const { object, type } = event;
    if (event.resource.kind === "Event") return;
    const uid = object.metadata.uid ?? "";
    for (const owner of ownersOf(this.#present.get(uid))) this.#dependents.get(owner)?.delete(uid);
    if (type === "DELETED") {
      this.#present.delete(uid);
      for (const dependent of this.#dependentsOf(uid)) this.#queue.add(undefined, dependent.metadata.uid ?? "");
      this.#dependents.delete(uid);
      // An owner may wait for this one to be gone.
      for (const owner of ownersOf(object)) this.#queue.add(undefined, owner);
      return;
    }
    this.#present.set(uid, object);
    for (const owner of ownersOf(object)) {
      const dependents = this.#dependents.get(owner) ?? new Map<string, ApiObject>();
      dependents.set(uid, object);
      this.#dependents.set(owner, dependents);
    }
    if (ownersOf(object).length > 0 || isDeleting(object)) this.#queue.add(undefined, uid);
  }

  stop(): void {
    this.#queue.stop();
  }

  #dependentsOf(uid: string): ApiObject[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  #look(uid: string): void {
    const object = this.#present.get(uid);
    if (object === undefined) return;
    if (!isDeleting(object)) this.#checkOwners(object);
    else if (object.metadata.finalizers?.includes("foregroundDeletion")) this.#deleteInForeground(uid);
    else if (object.metadata.finalizers?.includes("orphan")) this.#orphan(uid);
  }

  /** Deletes an object of whose owners none is left. */
  #checkOwners(object: ApiObject): void {
    const owners = itemsAt(object, "metadata", "ownerReferences");
    if (owners.length === 0) return;
    const left = owners.filter((owner) => this.#present.has(textAt(owner, "uid")));
    if (left.length === 0) this.#delete(object);
    else if (left.length < owners.length) this.#setOwners(object, left);
  }

  /** Deletes the dependents, and lets the owner go once none is left that blocks it. */
  #deleteInForeground(uid: string): void {
    for (const dependent of this.#dependentsOf(uid)) {
      const others = itemsAt(dependent, "metadata", "ownerReferences").filter((owner) => textAt(owner, "uid") !== uid);
      const staysFor = others.map((owner) => this.#present.get(textAt(owner, "uid")));
      if (staysFor.some((owner) => owner !== undefined && !isDeleting(owner))) this.#setOwners(dependent, others);
      else if (!isDeleting(dependent))
        this.#delete(dependent, this.#hasDependents(dependent) ? "Foreground" : "Background");
    }
    const isBlocked = this.#dependentsOf(uid).some((dependent) =>
      itemsAt(dependent, "metadata", "ownerReferences").some(
        (owner) => textAt(owner, "uid") === uid && isTrueAt(owner, "blockOwnerDeletion"),
      ),
    );
    if (!isBlocked) this.#removeFinalizer(uid, "foregroundDeletion");
  }

  #hasDependents(object: ApiObject): boolean {
    return (this.#dependents.get(object.metadata.uid ?? "")?.size ?? 0) > 0;
  }

  /** Sets the dependents free, and lets the owner go. */
  #orphan(uid: string): void {
    for (const dependent of this.#dependentsOf(uid)) {
      const others = itemsAt(dependent, "metadata", "ownerReferences").filter((owner) => textAt(owner, "uid") !== uid);
      this.#setOwners(dependent, others);
    }
    this.#removeFinalizer(uid, "orphan");
  }

  #removeFinalizer(uid: string, finalizer: string): void {
    const owner = this.#present.get(uid);
    if (owner === undefined) return;
    const finalizers = (owner.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    this.#client.patch(owner.apiVersion, owner.kind, owner.metadata.namespace, owner.metadata.name, {
      metadata: { finalizers: finalizers.length === 0 ? null : finalizers },
    });
  }

  #setOwners(object: ApiObject, owners: readonly unknown[]): void {
    const { namespace, name } = object.metadata;
    const ownerReferences = owners.length === 0 ? null : owners;
    this.#client.patch(
      object.apiVersion,
      object.kind,
      namespace,
      name,
      { metadata: { ownerReferences } },
      { fieldManager: MANAGER },
    );
  }

  #delete(object: ApiObject, propagationPolicy: "Foreground" | "Background" = "Background"): void {
    const { namespace, name, uid } = object.metadata;
    const preconditions = { uid };
    this.#client.delete(object.apiVersion, object.kind, namespace, name, { preconditions, propagationPolicy });
  }
}

function ownersOf(object: ApiObject | undefined): string[] {
  return itemsAt(object, "metadata", "ownerReferences").map((owner) => textAt(owner, "uid"));
}
