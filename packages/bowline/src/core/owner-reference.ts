/**
 * References from an object to its owners, by which the garbage collector deletes and controllers find what is theirs.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
 */
import type { OwnerReference } from "../kinds/meta/v1.ts";

/** An object as the server returned it, as far as a reference needs it. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** What {@link ownerReference} says besides who owns. */
export interface OwnerReferenceOptions {
  /** Whether the owner is the one that manages the object. At most one owner is. Default false: left out. */
  readonly controller?: boolean | undefined;
  /** Whether a foreground deletion of the owner waits for the object. Default: as `controller`. */
  readonly blockOwnerDeletion?: boolean | undefined;
}

/** An object that may have owners. */
export interface HasOwners {
  readonly metadata?: { readonly ownerReferences?: readonly OwnerReference[] | undefined } | undefined;
}

/**
 * A reference to `owner`, for `metadata.ownerReferences` of another object in the same namespace (or of any, where the
 * owner is cluster-scoped).
 */
export function ownerReference(owner: Owner, options: OwnerReferenceOptions = {}): OwnerReference {
  const { controller, blockOwnerDeletion = controller } = options;
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    ...(controller === undefined ? {} : { controller }),
    ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
  };
}

/** The owner that manages the object, if it has one. */
export function controllerOf(object: HasOwners): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether one of the object's owners is `owner`: by uid, since a name can be taken by another object later. */
export function isOwnedBy(object: HasOwners, owner: { readonly metadata: { readonly uid: string } }): boolean {
  return object.metadata?.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid) ?? false;
}
