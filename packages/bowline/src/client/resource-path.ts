/**
 * URLs of the Kubernetes API: paths from coordinates, query strings from options.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
import { UsageError } from "./usage-error.ts";

/** What a path is made of. */
export interface PathParts {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** `/api/v1`, `/apis/apps/v1`. */
export function apiVersionPath(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? `/api/${encodeURIComponent(apiVersion)}`
    : `/apis/${encodeURIComponent(apiVersion.slice(0, slash))}/${encodeURIComponent(apiVersion.slice(slash + 1))}`;
}

/**
 * The path of a collection, an object or a subresource.
 *
 * @throws {UsageError} `NameInvalid`, `NamespaceInvalid`: a name that would lead to another path.
 */
export function resourcePath({ apiVersion, plural, namespace, name, subresource }: PathParts): string {
  let path = apiVersionPath(apiVersion);
  if (namespace !== undefined) path += `/namespaces/${segment(namespace, "NamespaceInvalid", "namespace")}`;
  path += `/${plural}`;
  if (name !== undefined) path += `/${segment(name, "NameInvalid", "name")}`;
  // A subresource may have a path below it: `proxy/metrics`.
  if (subresource !== undefined) path += `/${subresource.split("/").map(encodeURIComponent).join("/")}`;
  return path;
}

function segment(text: string, code: "NameInvalid" | "NamespaceInvalid", what: string): string {
  // An empty or dotted segment would address another resource, for a delete the whole collection.
  if (
    typeof text !== "string" ||
    text === "" ||
    text === "." ||
    text === ".." ||
    text.includes("/") ||
    text.includes("%")
  ) {
    throw new UsageError(code, `${JSON.stringify(text) ?? "undefined"} cannot be the ${what} of an object`);
  }
  return encodeURIComponent(text);
}

/** A query parameter's value; `undefined` leaves it out. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;
/** Query parameters, by their names on the wire. */
export type Query = Readonly<Record<string, QueryValue>>;

/** `?a=1&b=2`, or `""` where nothing is set. */
export function queryString(query: Query | undefined): string {
  if (query === undefined) return "";
  let text = "";
  for (const name of Object.keys(query)) {
    const value = query[name];
    if (value === undefined) continue;
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    for (const one of values) text += `${text === "" ? "?" : "&"}${name}=${encodeURIComponent(one)}`;
  }
  return text;
}
