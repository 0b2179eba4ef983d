/**
 * Bodies of the patches as types: JSON merge patch, strategic merge patch, JSON patch.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
 */
import type { ListKeys } from "../kinds/kind-facts.ts";
import type { OwnerReference } from "../kinds/meta/v1.ts";

/** What `patch` takes as `type`. JSON patches go through `patchJson`, server-side apply through `apply`. */
export type PatchType = "merge" | "strategic";

type OrNull<T> = undefined extends T ? null : never;
/** JSON merge patch: null removes an optional field. A keyed list would be replaced whole, so that takes `{ type: "merge" }` in words. */
export type MergePatch<T> = { [P in keyof T]?: MergeValue<T[P]> | OrNull<T[P]> };
type MergeValue<V> = V extends readonly unknown[]
  ? [ListKeys<V>] extends [never]
    ? V
    : 'a merge patch replaces the whole list: use { type: "strategic" } or apply(), or say { type: "merge" }'
  : V extends object
    ? MergePatch<V>
    : V;
/** JSON merge patch of one who said `{ type: "merge" }`: keyed lists may be given, and replace what is there. */
export type ReplacingMergePatch<T> = { [P in keyof T]?: ReplacingMergeValue<T[P]> | OrNull<T[P]> };
type ReplacingMergeValue<V> = V extends readonly unknown[] ? V : V extends object ? ReplacingMergePatch<V> : V;

/** Strategic merge patch: items of keyed lists merge by key. Built-in kinds only. */
export type StrategicPatch<T> = { [P in keyof T]?: StrategicValue<T[P]> | OrNull<T[P]> } & PatchDirectives;
/** An item of a keyed list in a strategic merge patch: found by `K`, the rest optional. */
export type StrategicItem<I, K extends keyof I> = {
  [P in keyof I as P extends K ? never : P]?: StrategicValue<I[P]> | OrNull<I[P]>;
} & { [P in K]-?: NonNullable<I[P]> } & PatchDirectives;
/** What a strategic merge patch does with the object that it stands in. Default: merge. */
export type PatchDirectives = { $patch?: "replace" | "delete" | "merge" };
type StrategicValue<V> = V extends readonly (infer I)[]
  ? [ListKeys<V>] extends [never]
    ? V
    : StrategicItem<I, ListKeys<V> & keyof I>[]
  : V extends object
    ? StrategicPatch<V>
    : V;

/** What every kind has, so that code over a generic `T` can patch it. */
export interface MetadataPatch {
  metadata: {
    labels?: Readonly<Record<string, string | null>> | null;
    annotations?: Readonly<Record<string, string | null>> | null;
    finalizers?: string[] | null;
    ownerReferences?: OwnerReference[] | null;
    resourceVersion?: string;
  };
}

/** The body that `patch` takes for the type `Y`. */
export type PatchBody<T, Y> = Y extends "strategic"
  ? StrategicPatch<T>
  : Y extends "merge"
    ? ReplacingMergePatch<T>
    : MergePatch<T> | MetadataPatch;

/** One operation of a JSON patch (RFC 6902): `path` is checked step by step, `value` against the type found there. */
export type JsonPatchOperation<T, P extends string> =
  | { readonly op: "add" | "replace" | "test"; readonly path: P & CheckPath<T, P>; readonly value: ValueAt<T, P> }
  | { readonly op: "remove"; readonly path: P & CheckPath<T, P> }
  | { readonly op: "move" | "copy"; readonly path: P & CheckPath<T, P>; readonly from: string };
/** What the compiler shows where a JSON patch's path leads nowhere. */
export interface NoSuchPath<Message extends string> {
  readonly error: Message;
}
type CheckPath<T, P extends string> = string extends P
  ? unknown
  : [At<T, P>] extends [never]
    ? NoSuchPath<`no field at ${P}`>
    : unknown;
type ValueAt<T, P extends string> = string extends P
  ? unknown
  : [At<T, P>] extends [never]
    ? unknown
    : NonNullable<At<T, P>>;
type Unescape<S extends string> = S extends `${infer A}~1${infer B}`
  ? `${A}/${Unescape<B>}`
  : S extends `${infer A}~0${infer B}`
    ? `${A}~${Unescape<B>}`
    : S;
type At<T, P extends string> = P extends `/${infer H}/${infer R}`
  ? At<Step<T, Unescape<H>>, `/${R}`>
  : P extends `/${infer H}`
    ? Step<T, Unescape<H>>
    : never;
type Step<T, H extends string> =
  NonNullable<T> extends infer N
    ? N extends readonly (infer I)[]
      ? H extends `${number}` | "-"
        ? I
        : never
      : H extends keyof N
        ? N[H]
        : string extends keyof N
          ? N[string & keyof N]
          : never
    : never;
