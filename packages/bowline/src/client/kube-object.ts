/**
 * Objects of the Kubernetes API as types: plain JSON, what a request may hold and what an answer always has.
 */
import type { FactsKey, KindFacts, PresentOf, ScopeOf } from "../kinds/kind-facts.ts";
import type { ClusterObjectMeta, ListMeta, ObjectMeta } from "../kinds/meta/v1.ts";

/** Any object of the Kubernetes API, as JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata?: ObjectMeta | undefined;
}

/** An object of a kind that no type describes: every field is there, none is known. */
export interface Untyped {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/**
 * Base of namespaced kinds that are written by hand.
 *
 * @example
 * ```ts
 * import type { NamespacedObject } from "bowline";
 * interface Widget extends NamespacedObject<"example.com/v1", "Widget", "status"> {
 *   spec: { size: number };
 *   status?: { phase?: "Pending" | "Ready" };
 * }
 * ```
 */
export interface NamespacedObject<A extends string = string, K extends string = string, R extends string = never>
  extends KindFacts<"Namespaced", R> {
  apiVersion: A;
  kind: K;
  metadata: ObjectMeta;
}

/** Base of cluster-scoped kinds that are written by hand. */
export interface ClusterObject<A extends string = string, K extends string = string, R extends string = never>
  extends KindFacts<"Cluster", R> {
  apiVersion: A;
  kind: K;
  metadata: ClusterObjectMeta;
}

/** What the metadata of every object that the server returned has. */
export interface ExistingMeta {
  name: string;
  uid: string;
  resourceVersion: string;
  /** RFC 3339. */
  creationTimestamp: string;
}

/** `T` as the server returned it: what the server fills in is not optional here. */
export type Existing<T extends KubeObject> = T & {
  metadata: ScopeOf<T> extends "Namespaced" ? ExistingMeta & { namespace: string } : ExistingMeta;
} & {
  [P in PresentOf<T> & keyof T]: NonNullable<T[P]>;
};

/** The wire's list. `apiVersion` and `kind` of each item are filled in: the server leaves them out. */
export interface List<T extends KubeObject> {
  apiVersion: T["apiVersion"];
  kind: `${T["kind"]}List`;
  metadata: ListMeta & { resourceVersion: string };
  items: Existing<T>[];
}

/** An object without spec, status and data, as `metadataOnly()` reads it. To read, not to write back. */
export type MetadataOnly<T extends KubeObject> = KubeObject &
  Pick<T, keyof T & ("apiVersion" | "kind" | "metadata" | FactsKey)>;
