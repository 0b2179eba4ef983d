/**
 * Acting as somebody else: the `Impersonate-*` headers.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
import { validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import type { Exchange } from "../http/exchange.ts";
import { badRequest } from "../registry/status-error.ts";
import type { AccessAttributes, UserInfo } from "../registry/strategy.ts";
import type { ApiServer } from "../server/api-server.ts";
import { accessOf, denial } from "./access.ts";

const EXTRA_PREFIX = "impersonate-extra-";
const REVIEW_GROUP = "authentication.k8s.io";
const NODE_NAME = "authentication.kubernetes.io/node-name";
const MASTERS = "system:masters";

/** Who is to be acted as, as the headers say it. */
interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly node: string | undefined;
  readonly account: { readonly namespace: string; readonly name: string } | undefined;
}

/** One way of acting as somebody, with rights of its own. */
interface Mode {
  /** What is called for; `""` is the old way, whose one right is `impersonate`. */
  readonly name: string;
  /** Whether somebody can be acted as in this way. */
  readonly suits: (wanted: Wanted, requester: UserInfo) => boolean;
}

/** In the order in which they are tried. */
const MODES: readonly Mode[] = [
  {
    name: "associated-node",
    suits: (wanted, { username, extra }) =>
      isNameAlone(wanted) &&
      wanted.node !== undefined &&
      accountOf(username) !== undefined &&
      extra?.[NODE_NAME]?.length === 1 &&
      extra[NODE_NAME][0] === wanted.node,
  },
  { name: "arbitrary-node", suits: (wanted) => isNameAlone(wanted) && wanted.node !== undefined },
  { name: "serviceaccount", suits: (wanted) => isNameAlone(wanted) && wanted.account !== undefined },
  { name: "user-info", suits: ({ node, account }) => node === undefined && account === undefined },
  { name: "", suits: () => true },
];

/** The mode in which each user last was somebody else: it is tried first, and its refusal is the one that is told. */
const lastModes = new WeakMap<ApiServer, Map<string, Mode>>();

/**
 * The user that the request acts as.
 * @throws StatusError 400, 403
 */
export function impersonate(server: ApiServer, exchange: Exchange): UserInfo {
  const { user } = exchange;
  const wanted = wantedBy(exchange);
  if (wanted === undefined) return user;
  const attributes = accessOf(exchange.info);
  const last = lastModes.get(server) ?? new Map<string, Mode>();
  lastModes.set(server, last);
  const first = last.get(user.username);
  const modes = first === undefined ? MODES : [first, ...MODES.filter((mode) => mode !== first)];
  let refusal: Error | undefined;
  for (const mode of modes) {
    if (!mode.suits(wanted, user)) continue;
    const refused = check(server, user, wanted, mode, attributes);
    if (refused === undefined) {
      last.set(user.username, mode);
      return actual(wanted, mode);
    }
    refusal ??= refused;
  }
  throw refusal ?? new Error("all impersonation modes failed");
}

/** @throws StatusError 400 */
function wantedBy(exchange: Exchange): Wanted | undefined {
  const { headersDistinct } = exchange.request;
  const name = headersDistinct["impersonate-user"]?.[0] ?? "";
  const groups = headersDistinct["impersonate-group"] ?? [];
  const uid = headersDistinct["impersonate-uid"]?.[0] ?? "";
  const extra: Record<string, string[]> = {};
  for (const [header, values] of Object.entries(headersDistinct)) {
    if (header.startsWith(EXTRA_PREFIX)) extra[unescaped(header.slice(EXTRA_PREFIX.length))] = values ?? [];
  }
  if (name !== "") return { name, uid, groups, extra, node: nodeOf(name), account: accountOf(name) };
  if (groups.length === 0 && uid === "" && Object.keys(extra).length === 0) return undefined;
  throw badRequest(`requested ${goUser(uid, groups, extra)} without impersonating a user name`);
}

/** Asks for each right that a mode takes; gives the first refusal. */
function check(
  server: ApiServer,
  user: UserInfo,
  wanted: Wanted,
  mode: Mode,
  attributes: AccessAttributes,
): Error | undefined {
  const ask = (right: AccessAttributes) =>
    server.authorizer.isAllowed(user, right) ? undefined : denial(user.username, right);
  if (mode.name === "") {
    const rights = rightsFor(wanted, "impersonate", "");
    return firstOf(rights, ask);
  }
  const onRequest = ask({ ...attributes, verb: `impersonate-on:${mode.name}:${attributes.verb}` });
  if (onRequest !== undefined) return onRequest;
  const verb = `impersonate:${mode.name}`;
  const groupRight = { verb, group: REVIEW_GROUP, version: "v1", resource: "groups" };
  return firstOf(rightsFor(wanted, verb, REVIEW_GROUP), (right) => {
    // What the old way allows, the new ones do not.
    if (right.resource === "groups" && wanted.groups.includes(""))
      return denial(user.username, groupRight, "impersonating the empty string group is not allowed");
    if (right.resource === "groups" && wanted.groups.includes(MASTERS))
      return denial(
        user.username,
        { ...groupRight, name: MASTERS },
        "impersonating the system:masters group is not allowed",
      );
    const badKey = right.resource === "userextras" ? extraProblem(wanted.extra) : undefined;
    if (badKey !== undefined) return denial(user.username, { ...groupRight, resource: "userextras" }, badKey);
    return ask(mode.name === "associated-node" ? { ...right, name: "*" } : right);
  });
}

/** What the new ways do not allow in extra fields. */
function extraProblem(extra: Wanted["extra"]): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    if (key === "") return "impersonating the empty string key in extra is not allowed";
    const [, host, path] = /^([^/]+)\/(.+)$/.exec(key) ?? [];
    const problem =
      host === undefined || path === undefined
        ? `${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`
        : validateDns1123Subdomain(host).map((text) => `${JSON.stringify(host)}: ${text}`)[0];
    if (problem !== undefined)
      return `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${problem}`;
    if (values.includes("")) return "impersonating the empty string value in extra is not allowed";
  }
  return undefined;
}

function firstOf(
  rights: Iterable<AccessAttributes>,
  ask: (right: AccessAttributes) => Error | undefined,
): Error | undefined {
  for (const right of rights) {
    const refused = ask(right);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** The rights to be somebody, one for each thing that is claimed; users and groups are asked for in `group`. */
function* rightsFor(wanted: Wanted, verb: string, group: string): Generator<AccessAttributes> {
  const right = { verb, group, version: "v1" };
  const { name, uid, groups, extra, node, account } = wanted;
  if (account !== undefined) yield { ...right, resource: "serviceaccounts", ...account };
  else if (node !== undefined && group !== "") yield { ...right, resource: "nodes", name: node };
  else yield { ...right, resource: "users", name };
  if (uid !== "") yield { ...right, group: REVIEW_GROUP, resource: "uids", name: uid };
  for (const member of groups) yield { ...right, resource: "groups", name: member };
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) {
      yield { ...right, group: REVIEW_GROUP, resource: "userextras", subresource: key, name: value };
    }
  }
}

/** The user that is acted as, with the groups that follow from the name. */
function actual({ name, uid, groups, extra, node, account }: Wanted, mode: Mode): UserInfo {
  const own = [...groups];
  if (node !== undefined && mode.name !== "") own.push("system:nodes");
  if (account !== undefined && groups.length === 0)
    own.push("system:serviceaccounts", `system:serviceaccounts:${account.namespace}`);
  const isUnauthenticated = own.includes("system:unauthenticated");
  if (name === "system:anonymous") {
    if (!isUnauthenticated) own.push("system:unauthenticated");
  } else if (!isUnauthenticated && !own.includes("system:authenticated")) own.push("system:authenticated");
  return {
    username: name,
    groups: own,
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

function isNameAlone({ uid, groups, extra }: Wanted): boolean {
  return uid === "" && groups.length === 0 && Object.keys(extra).length === 0;
}

function nodeOf(username: string): string | undefined {
  const prefix = "system:node:";
  if (!username.startsWith(prefix)) return undefined;
  const name = username.slice(prefix.length);
  return validateDns1123Subdomain(name).length === 0 ? name : undefined;
}

function accountOf(username: string): Wanted["account"] {
  const [, namespace, name] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(username) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  const isWellFormed = validateDns1123Label(namespace).length === 0 && validateDns1123Subdomain(name).length === 0;
  return isWellFormed ? { namespace, name } : undefined;
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** A user as Go prints one. */
function goUser(uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string {
  const list = (values: readonly string[]) => `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const shownGroups = groups.length === 0 ? "[]string(nil)" : list(groups);
  const shownExtra = entries.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${entries.join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${shownGroups}, Extra:${shownExtra}}`;
}
