/**
 * Kinds from a JSON schema, with no build step: types for the compiler, a CustomResourceDefinition for the server.
 */
import type { CustomResourceDefinition } from "../kinds/apiextensions.k8s.io/v1.ts";
import type { Scope } from "../kinds/kind-facts.ts";
import type { Kind } from "./kind.ts";
import type { ClusterObject, NamespacedObject } from "./kube-object.ts";

/** A structural schema, as CustomResourceDefinitions take it. Keywords that are not named here do not change the types. */
export interface JsonSchema {
  readonly type: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly enum?: readonly (string | number)[];
  readonly [keyword: string]: unknown;
}

/** The type of what a schema describes. */
export type InferSchema<J> = J extends { readonly enum: readonly (infer E)[] }
  ? E
  : J extends { readonly type: "string" }
    ? string
    : J extends { readonly type: "integer" | "number" }
      ? number
      : J extends { readonly type: "boolean" }
        ? boolean
        : J extends { readonly type: "array"; readonly items: infer I }
          ? InferSchema<I>[]
          : J extends { readonly properties: infer P }
            ? InferProperties<P, J extends { readonly required: readonly (infer R)[] } ? R : never>
            : J extends { readonly additionalProperties: infer V }
              ? { [key: string]: InferSchema<V> }
              : { [key: string]: unknown };
type Flat<T> = { [K in keyof T]: T[K] } & {};
type InferProperties<P, R> = Flat<
  { -readonly [K in keyof P as K extends R ? K : never]: InferSchema<P[K]> } & {
    -readonly [K in keyof P as K extends R ? never : K]?: InferSchema<P[K]> | undefined;
  }
>;

/** An object of a kind that a schema describes. */
export type CustomObject<A extends string, K extends string, S extends Scope, R extends string, Body> = Body &
  (S extends "Cluster" ? ClusterObject<A, K, R> : NamespacedObject<A, K, R>);

/** What `defineKind` is given. */
export interface KindDefinition<
  A extends string,
  K extends string,
  S extends Scope,
  J extends JsonSchema,
  R extends string,
> {
  /** `group/version`. */
  readonly apiVersion: A;
  readonly kind: K;
  /** Lower case. */
  readonly plural: string;
  readonly scope: S;
  readonly subresources?: readonly R[] | undefined;
  /** Of the whole object; apiVersion, kind and metadata need not be there. */
  readonly schema: J;
  /** Default: the kind in lower case. */
  readonly singular?: string | undefined;
  readonly shortNames?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
}

/**
 * A kind from a JSON schema: the types of its objects are inferred, and `crd()` gives the CustomResourceDefinition.
 *
 * The scale subresource, where it is named, reads and writes `.spec.replicas` and `.status.replicas`.
 *
 * @example
 * ```ts
 * import { Client, defineKind } from "bowline";
 *
 * const Site = defineKind({
 *   apiVersion: "example.com/v1", kind: "Site", plural: "sites", scope: "Namespaced", subresources: ["status"],
 *   schema: {
 *     type: "object",
 *     required: ["spec"],
 *     properties: { spec: { type: "object", required: ["host"], properties: { host: { type: "string" } } } },
 *   },
 * });
 * await using client = await Client.connect({ fieldManager: "sites" });
 * await client.apply(Site.crd());
 * await client.resource(Site, { namespace: "web" }).create({ metadata: { name: "shop" }, spec: { host: "shop.example.com" } });
 * ```
 */
export function defineKind<
  const A extends `${string}/${string}`,
  const K extends string,
  const S extends Scope,
  const J extends JsonSchema,
  const R extends "status" | "scale" = never,
>(
  definition: KindDefinition<A, K, S, J, R>,
): Kind<CustomObject<A, K, S, R, InferSchema<J>>> & { crd(): CustomResourceDefinition } {
  const { apiVersion, kind, plural, scope, subresources = [] } = definition;
  return {
    apiVersion: apiVersion as CustomObject<A, K, S, R, InferSchema<J>>["apiVersion"],
    kind: kind as CustomObject<A, K, S, R, InferSchema<J>>["kind"],
    plural,
    scope,
    subresources,
    crd: () => definitionOf(definition),
  };
}

function definitionOf(definition: KindDefinition<string, string, Scope, JsonSchema, string>): CustomResourceDefinition {
  const { apiVersion, kind, plural, scope, subresources = [], schema, singular, shortNames, categories } = definition;
  const [group = "", version = ""] = apiVersion.split("/");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: singular ?? kind.toLowerCase(),
        ...(shortNames !== undefined && { shortNames: [...shortNames] }),
        ...(categories !== undefined && { categories: [...categories] }),
      },
      scope,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: structuredClone(schema) as object },
          ...(subresources.length > 0 && {
            subresources: {
              ...(subresources.includes("status") && { status: {} }),
              ...(subresources.includes("scale") && {
                scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
              }),
            },
          }),
        },
      ],
    },
  };
}
