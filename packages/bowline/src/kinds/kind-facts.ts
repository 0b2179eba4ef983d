/**
 * What a kind's TypeScript type says besides its fields: scope, subresources, fields that every answer has, keys of lists.
 *
 * Generated kinds extend {@link KindFacts} and use {@link ListMap}; the client's types read both back. All of it is gone
 * at run time, and the symbols are not exported, so that no completion list shows them.
 */
declare const facts: unique symbol;
declare const listKeys: unique symbol;

/** Whether objects of a kind live in a namespace. */
export type Scope = "Namespaced" | "Cluster";

/**
 * Facts of a kind: scope `S`, subresources `R`, and top-level fields `P` that a request may leave out and an answer always
 * has (in OpenAPI: `default: {}`).
 *
 * `R` and `P` stand in parameters, so that a kind is assignable to one of which less is known.
 */
export interface KindFacts<S extends Scope, R extends string = never, P extends string = never> {
  readonly [facts]?:
    | { readonly scope: S; readonly subresources: (name: R) => void; readonly present: (field: P) => void }
    | undefined;
}

/** The key under which a type carries its facts, for `Pick` and `Omit`. */
export type FactsKey = typeof facts;

type FactsOf<T> = FactsKey extends keyof T ? NonNullable<T[FactsKey]> : unknown;

/** The scope of kind `T`; both, where `T` says nothing of it. */
export type ScopeOf<T> = FactsOf<T> extends { readonly scope: infer S extends Scope } ? S : Scope;

/** The subresources of kind `T`; any string, where `T` says nothing of them. */
export type SubresourcesOf<T> =
  FactsOf<T> extends { readonly subresources: (name: infer R extends string) => void } ? R : string;

/** Top-level fields of kind `T` that are optional in a request and present in every answer. */
export type PresentOf<T> = FactsOf<T> extends { readonly present: (field: infer P extends string) => void } ? P : never;

/**
 * A list in which apply and strategic merge find an item by its fields `K`. Plain arrays are assignable to it. A key that
 * has a default (`protocol` of a port) is not in `K`, since a writer may leave it out.
 */
export type ListMap<T, K extends keyof T> = T[] & { readonly [listKeys]?: K };

/** The keys by which items of list `V` are found; `never`, where it is no {@link ListMap}. */
export type ListKeys<V> = typeof listKeys extends keyof V ? NonNullable<V[typeof listKeys]> : never;

/** An object inside another (a volume claim template): the surrounding field says what it is, so it need not. */
export type Embedded<T extends { apiVersion: string; kind: string }> = Omit<T, "apiVersion" | "kind" | FactsKey> & {
  apiVersion?: T["apiVersion"] | undefined;
  kind?: T["kind"] | undefined;
};
