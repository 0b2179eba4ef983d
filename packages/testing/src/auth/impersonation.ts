/**
 * Acting as somebody else: the `Impersonate-*` headers.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
import type { Exchange } from "../http/exchange.ts";
import { badRequest } from "../registry/status-error.ts";
import type { AccessAttributes, UserInfo } from "../registry/strategy.ts";
import type { ApiServer } from "../server/api-server.ts";
import { accessOf, denial } from "./access.ts";

const EXTRA_PREFIX = "impersonate-extra-";

/**
 * The user that the request acts as.
 * @throws StatusError 400, 403
 */
export function impersonate(server: ApiServer, exchange: Exchange): UserInfo {
  const { user } = exchange;
  const { headersDistinct } = exchange.request;
  const name = headersDistinct["impersonate-user"]?.[0] ?? "";
  const groups = headersDistinct["impersonate-group"] ?? [];
  const uid = headersDistinct["impersonate-uid"]?.[0] ?? "";
  const extra: Record<string, string[]> = {};
  for (const [header, values] of Object.entries(headersDistinct)) {
    if (header.startsWith(EXTRA_PREFIX)) extra[decodeURIComponent(header.slice(EXTRA_PREFIX.length))] = values ?? [];
  }
  if (name === "") {
    if (groups.length === 0 && uid === "" && Object.keys(extra).length === 0) return user;
    throw badRequest(`requested ${goUser(uid, groups, extra)} without impersonating a user name`);
  }
  // Rights are asked for one by one; the refusal is about the request as a whole.
  const check = (group: string, resource: string, value: string, subresource = "") => {
    const [, , namespace = "", account = ""] = resource === "serviceaccounts" ? value.split(":") : [];
    const called = account === "" ? value : account;
    const attributes = { verb: "impersonate", group, version: "v1", resource, subresource, namespace, name: called };
    if (!server.authorizer.isAllowed(user, attributes)) throw denial(user.username, asked(exchange, isAccount));
  };
  const isAccount = /^system:serviceaccount:[^:]+:[^:]+$/.test(name);
  check("", isAccount ? "serviceaccounts" : "users", name);
  for (const group of groups) check("", "groups", group);
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) check("authentication.k8s.io", "userextras", value, key);
  }
  if (uid !== "") check("authentication.k8s.io", "uids", uid);
  return {
    username: name,
    groups: effectiveGroups(name, groups, isAccount),
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** What was asked for, with the verb by which it is refused. */
function asked(exchange: Exchange, isAccount: boolean): AccessAttributes {
  const attributes = accessOf(exchange.info);
  return { ...attributes, verb: `impersonate-on:${isAccount ? "serviceaccount" : "user-info"}:${attributes.verb}` };
}

/** A user as Go prints one. */
function goUser(uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string {
  const list = (values: readonly string[]) => `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const shownGroups = groups.length === 0 ? "[]string(nil)" : list(groups);
  const shownExtra = entries.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${entries.join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${shownGroups}, Extra:${shownExtra}}`;
}

function effectiveGroups(name: string, groups: readonly string[], isAccount: boolean): readonly string[] {
  const own =
    isAccount && groups.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${name.split(":")[2]}`]
      : groups;
  if (name === "system:anonymous")
    return own.includes("system:unauthenticated") ? own : [...own, "system:unauthenticated"];
  return own.includes("system:authenticated") || own.includes("system:unauthenticated")
    ? own
    : [...own, "system:authenticated"];
}
