/**
 * What an object is called, and of which kind it is.
 */

/** Name and, for namespaced kinds, namespace: unique within a kind. */
export interface ObjectKey {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The key of an object. */
export function objectKey(object: {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}): ObjectKey {
  const { name, namespace } = object.metadata;
  return namespace === undefined || namespace === "" ? { name } : { name, namespace };
}

/** `namespace/name`, or the name alone: as text for a log, or as the key of a map. Neither part can hold a slash. */
export function formatObjectKey({ name, namespace }: ObjectKey): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** The inverse of {@link formatObjectKey}. */
export function parseObjectKey(text: string): ObjectKey {
  const slash = text.indexOf("/");
  return slash === -1 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Whether an object says that it is of this kind. Names are compared as they are: versions are not converted. */
export function isKind<A extends string, K extends string>(
  object: { readonly apiVersion?: string | undefined; readonly kind?: string | undefined },
  apiVersion: A,
  kind: K,
): object is { readonly apiVersion: A; readonly kind: K } {
  return object.apiVersion === apiVersion && object.kind === kind;
}
