/**
 * Kinds by name: the map from "apiVersion/kind" to a type, and what follows from it.
 */
import type { BuiltInKindNames, BuiltInKinds } from "../kinds/built-in-kinds.ts";
import type { Untyped } from "./kube-object.ts";

/**
 * "apiVersion/kind" to type. The built-in kinds are there; add your own, always to the module "bowline".
 *
 * @example
 * ```ts
 * import type { NamespacedObject } from "bowline";
 * interface Widget extends NamespacedObject<"example.com/v1", "Widget"> { spec: { size: number } }
 * declare module "bowline" {
 *   interface KindMap { "example.com/v1/Widget": Widget }
 * }
 * ```
 */
export interface KindMap extends BuiltInKinds {}

/** Keys that were added. Those of built-in kinds come grouped, since taking them apart costs the compiler milliseconds. */
type AddedKeys = Exclude<keyof KindMap & string, keyof BuiltInKinds>;
type SplitApiVersion<K extends string> = K extends `${infer G}/${infer V}/${string}`
  ? `${G}/${V}`
  : K extends `${infer V}/${string}`
    ? V
    : never;

/** Every apiVersion that {@link KindMap} knows. */
export type ApiVersion = keyof BuiltInKindNames | SplitApiVersion<AddedKeys>;
/** Any apiVersion; editors offer the known ones. */
export type AnyApiVersion = ApiVersion | (string & {});
type AddedKindIn<A extends string, K = AddedKeys> = K extends `${A}/${infer N}` ? N : never;
type KindIn<A extends string> = AddedKindIn<A> | (A extends keyof BuiltInKindNames ? BuiltInKindNames[A] : never);
/** The kinds of `A`; any string where {@link KindMap} does not know `A`, so that a typo in a known group does not compile. */
export type KindName<A extends string> = string extends A ? string : A extends ApiVersion ? KindIn<A> : string;
/** The type of a kind by name; {@link Untyped} where {@link KindMap} does not know it. */
export type KindOf<A extends string, K extends string> = `${A}/${K}` extends keyof KindMap
  ? KindMap[`${A}/${K}`]
  : Untyped;
