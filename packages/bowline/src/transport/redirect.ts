/**
 * Which redirects are followed: those that stay inside the cluster's own server. Credentials go nowhere else.
 */
import type { TransportRequest, TransportResponse } from "./transport.ts";

/**
 * The path to ask for instead, relative to the server; undefined where the answer stands as it is: another host, scheme,
 * port or path prefix, or a verb that changes something.
 */
export function redirectPath(
  request: Pick<TransportRequest, "method" | "path">,
  response: Pick<TransportResponse, "status" | "headers">,
  serverOrigin: string,
  pathPrefix: string,
): string | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  if (!isRedirect(response.status)) return undefined;
  const { location } = response.headers;
  if (typeof location !== "string") return undefined;
  let target: URL;
  try {
    target = new URL(location, serverOrigin + pathPrefix + request.path);
  } catch {
    return undefined;
  }
  if (target.origin !== serverOrigin || target.username !== "" || target.password !== "") return undefined;
  if (!target.pathname.startsWith(`${pathPrefix}/`)) return undefined;
  return target.pathname.slice(pathPrefix.length) + target.search;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
