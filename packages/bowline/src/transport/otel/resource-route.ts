/**
 * The shape of a request's path, so that spans of the same kind of request have the same name.
 */

/**
 * `/api/v1/namespaces/web/pods/shop-0/log` is `/api/v1/namespaces/{namespace}/pods/{name}/log`. Paths of no resource, and a path that
 * the server's address has in front, stay as they are.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function resourceRoute(path: string): string {
  const found = /^(.*?\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+))\/(.+)$/.exec(path);
  if (found === null) return path;
  const [, start = "", rest = ""] = found;
  const segments = rest.split("/");
  const [first, , third] = segments;
  const isInNamespace = first === "namespaces" && third !== undefined && third !== "status" && third !== "finalize";
  const scope = isInNamespace ? ["namespaces", "{namespace}"] : [];
  const [plural = "", name, subresource, ...others] = isInNamespace ? segments.slice(2) : segments;
  return [
    start,
    ...scope,
    plural,
    ...(name === undefined ? [] : ["{name}"]),
    ...(subresource === undefined ? [] : [subresource]),
    // What lies behind a proxy subresource is the program's own.
    ...(others.length === 0 ? [] : ["{path}"]),
  ].join("/");
}
