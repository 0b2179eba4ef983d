/**
 * What a request asks for, read off its method and path: the words that authorization and admission use.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
import { parseFieldSelector } from "bowline/core";
import { requiredName } from "../registry/field-selector.ts";

/** A request in the API's words. */
export interface RequestInfo {
  /** Whether it is about a resource, or else about a path such as `/version`. */
  readonly isResource: boolean;
  readonly method: string;
  readonly path: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for a path the method in lower case. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** What follows the subresource: the path to proxy to. */
  readonly rest: readonly string[];
  readonly namespace: string;
  /** The name in the path, or the one that a list's field selector requires. */
  readonly name: string;
  /** Whether `name` stands in the path. */
  readonly isNamed: boolean;
  /** Whether it came by the old `/watch/` prefix. */
  readonly isPrefixWatch: boolean;
  /** Whether the path goes through `/namespaces/`, even if it names none. */
  readonly isInNamespace: boolean;
}

const METHOD_VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Subresources of a namespace; any other third part under `/namespaces/x/` is a resource in it. */
const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

export function readRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = decode(path)
    .replace(/^\/+|\/+$/g, "")
    .split("/");
  const about = { method, path, isPrefixWatch: false, isInNamespace: false, rest: [] };
  const pathOnly: RequestInfo = {
    ...about,
    isResource: false,
    verb: method.toLowerCase(),
    group: "",
    version: "",
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
    isNamed: false,
  };
  if (parts.length < 3 || (parts[0] !== "api" && parts[0] !== "apis")) return pathOnly;
  if (parts[0] === "apis" && parts.length < 4) return pathOnly;
  const group = parts[0] === "apis" ? (parts[1] ?? "") : "";
  const version = (parts[0] === "apis" ? parts[2] : parts[1]) ?? "";
  let rest = parts.slice(parts[0] === "apis" ? 3 : 2);
  let verb = METHOD_VERBS[method] ?? "";
  const isPrefixWatch = rest[0] === "watch" && rest.length > 1;
  if (isPrefixWatch) {
    verb = "watch";
    rest = rest.slice(1);
  }
  let namespace = "";
  const isInNamespace = rest[0] === "namespaces" && rest.length > 2 && !NAMESPACE_SUBRESOURCES.has(rest[2] ?? "");
  if (rest[0] === "namespaces" && rest.length > 1) {
    namespace = rest[1] ?? "";
    if (isInNamespace) rest = rest.slice(2);
  }
  const [resource = "", pathName = "", subresource = "", ...further] = rest;
  let name = pathName;
  if (name === "" && verb === "get") {
    verb = isTrue(query.get("watch")) ? "watch" : "list";
    name = nameInSelector(query);
  }
  if (name === "" && verb === "delete") verb = "deletecollection";
  return {
    ...about,
    isResource: true,
    verb,
    group,
    version,
    resource,
    subresource,
    rest: further,
    namespace,
    name,
    isNamed: pathName !== "",
    isPrefixWatch,
    isInNamespace,
  };
}

/** Why a path cannot be understood: `watch` and `proxy` go before a resource. */
export function whyNoRequest(path: string): string | undefined {
  return /^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\/(watch|proxy)\/?$/.test(path)
    ? `failed to create RequestInfo: unable to determine kind and namespace from url, ${path}`
    : undefined;
}

/** Go's reading of a boolean parameter: anything but its absence, `0` and `false` is true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

function nameInSelector(query: URLSearchParams): string {
  try {
    const name = requiredName(parseFieldSelector(query.get("fieldSelector") ?? ""));
    return name === undefined || /[/%]/.test(name) || name === "." || name === ".." ? "" : name;
  } catch {
    // The list itself answers what is wrong with its selector.
    return "";
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
