/**
 * A kind as a value: what a client needs to know to address its objects.
 */
import type { Scope } from "../kinds/kind-facts.ts";
import type { KubeObject, Untyped } from "./kube-object.ts";

/** A kind as a value, from `defineKind` or `client.discover()`. */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly apiVersion: T["apiVersion"];
  readonly kind: T["kind"];
  /** The resource's name in URLs and RBAC rules: lower case, plural. */
  readonly plural: string;
  readonly scope: Scope;
  /** `status`, `scale`, ... */
  readonly subresources: readonly string[];
  /** Type only. */
  readonly "~type"?: T | undefined;
}

/** A kind as the server's discovery describes it. */
export interface DiscoveredKind extends Kind<Untyped> {
  readonly singular: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** The type of a kind's objects. */
export type ObjectOf<K> = K extends Kind<infer T> ? T : never;
