/**
 * What a call to the API is about, for the texts of errors.
 */

/** The coordinates of what a call is about. `name` is missing for a collection. */
export interface ApiTarget {
  readonly apiVersion: string;
  readonly kind: string;
  /** The resource's name in URLs: `pods`. */
  readonly plural?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** For an error's text: `pods "shop-0" in namespace "web"`, `nodes`, `deployments/scale "shop" in namespace "web"`. */
export function describeApiTarget({ kind, plural, namespace, name, subresource }: ApiTarget): string {
  const resource = `${plural ?? kind}${subresource === undefined ? "" : `/${subresource}`}`;
  const named = name === undefined ? "" : ` "${name}"`;
  return `${resource}${named}${namespace === undefined ? "" : ` in namespace "${namespace}"`}`;
}
