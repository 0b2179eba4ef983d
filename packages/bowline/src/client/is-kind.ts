/**
 * Narrowing an object to a kind by what it says of itself.
 */
import type { ApiVersion, KindName, KindOf } from "./kind-map.ts";
import type { KubeObject } from "./kube-object.ts";

/** Whether an object is of a kind, by its `apiVersion` and `kind`; its fields are not looked at. */
export function isKind<A extends ApiVersion, K extends KindName<A>>(
  object: KubeObject,
  apiVersion: A,
  kind: K,
): object is KindOf<A, K> & KubeObject {
  return object.apiVersion === apiVersion && object.kind === kind;
}
