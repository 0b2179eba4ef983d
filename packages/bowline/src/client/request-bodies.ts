/**
 * Bodies of create and apply as types.
 */
import type { ListKeys } from "../kinds/kind-facts.ts";
import type { KubeObject, Untyped } from "./kube-object.ts";

/** What `create` takes through a handle: apiVersion and kind may be left out, status is the server's. */
export type New<T extends KubeObject> = Omit<T, "apiVersion" | "kind" | "status"> & {
  apiVersion?: T["apiVersion"] | undefined;
  kind?: T["kind"] | undefined;
};

/** Server-side apply: every field optional, except those by which an item of a keyed list is found. */
export type ApplyConfiguration<T> = { [P in keyof T as P extends "status" ? never : P]?: ApplyValue<T[P]> };
/** An item of a keyed list in an apply: found by `K`, the rest optional. */
export type ApplyItem<I, K extends keyof I> = { [P in keyof I as P extends K ? never : P]?: ApplyValue<I[P]> } & {
  [P in K]-?: NonNullable<I[P]>;
};
/** A field's value in an apply. */
export type ApplyValue<V> = V extends readonly (infer I)[]
  ? [ListKeys<V>] extends [never]
    ? V
    : ApplyItem<I, ListKeys<V> & keyof I>[]
  : V extends object
    ? ApplyConfiguration<V>
    : V;

/** What `client.create` takes besides apiVersion and kind; an object whose kind no type describes is taken as it is. */
export type NewBody<T extends KubeObject> = Untyped extends T ? KubeObject | Untyped : Omit<T, "status">;
/** What `client.apply` takes besides apiVersion and kind; an object whose kind no type describes is taken as it is. */
export type ApplyBody<T extends KubeObject> = Untyped extends T ? KubeObject | Untyped : ApplyConfiguration<T>;
