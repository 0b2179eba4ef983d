/**
 * What a request asks to do, and how it is refused.
 */
import type { RequestInfo } from "../http/request-info.ts";
import { forbidden } from "../registry/status-error.ts";
import type { AccessAttributes } from "../registry/strategy.ts";

/** What a request asks to do. */
export function accessOf(info: RequestInfo): AccessAttributes {
  if (!info.isResource) return { verb: info.verb, path: info.path };
  const { verb, group, version, resource, subresource, namespace, name } = info;
  return { verb, group, version, resource, subresource, namespace, name };
}

/** How the server refuses: `User "x" cannot list resource "pods" in API group "" in the namespace "a"`. */
export function denial(username: string, attributes: AccessAttributes, reason = ""): Error {
  const { verb, group = "", resource = "", subresource = "", namespace = "", name = "", path } = attributes;
  const user = JSON.stringify(username);
  if (path !== undefined)
    return forbidden(undefined, "", sanitize(`User ${user} cannot ${verb} path ${JSON.stringify(path)}`));
  const what = JSON.stringify(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const why = `User ${user} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
  return forbidden({ group, name: resource }, name, reason === "" ? sanitize(why) : `${sanitize(why)}: ${reason}`);
}

function sanitize(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
