/**
 * Server and proxy addresses of a kubeconfig: what is accepted, and what is said otherwise.
 */

import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import { cleanUrlPath, escapeBytes, escapedUrlPath, toBytes } from "./url-path.ts";

/** A server address taken apart. */
export interface ServerUrl {
  /** Without user information, and without query and fragment where there is a path. */
  readonly url: URL;
  /** The same letter by letter as written, as exec plugins are told it. */
  readonly text: string;
  /** User and password of the address, which are sent as basic authentication. */
  readonly userinfo: { readonly username: string; readonly password: string } | undefined;
}

/**
 * Reads `clusters[].cluster.server`.
 *
 * @throws {@link ConfigError} `ServerWithoutScheme` or `ServerInvalid`.
 */
export function readServerUrl(text: string, place: string): ServerUrl {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  // An address may hold a password, so that only its host is repeated.
  const shown = JSON.stringify(withoutUserinfo(text));
  if (scheme === undefined) {
    const suggestion = /^[\w.[\]:-]+(?:\/|$)/.test(text) ? `; write https://${withoutUserinfo(text)}` : "";
    throw ConfigError.of("ServerWithoutScheme", `the server ${shown} of ${place} has no scheme${suggestion}`);
  }
  if (scheme !== "https" && scheme !== "http") {
    throw ConfigError.of("ServerInvalid", `the server ${shown} of ${place} must begin with https:// or http://`);
  }
  const url = isStrictUrl(text) ? parseUrl(text) : undefined;
  if (url === undefined) throw ConfigError.of("ServerInvalid", `the server ${shown} of ${place} is not a URL`);
  const userinfo =
    url.username === "" && url.password === ""
      ? undefined
      : { username: unescapePercent(url.username), password: unescapePercent(url.password) };
  url.username = "";
  url.password = "";
  const [, start = "", path = ""] = /^([^:]+:\/\/[^/?#]*)([^?]*)/s.exec(text) ?? [];
  let written = text;
  // A path of its own ends at the first question mark: what would be a fragment belongs to it.
  if (path.startsWith("/") && path.length > 1) {
    url.pathname = cleanUrlPath(path);
    url.search = "";
    url.hash = "";
    written = lowerCaseScheme(escapedAuthority(start)) + escapedUrlPath(path);
  }
  return { url, text: written, userinfo };
}

/** Reads `clusters[].cluster.proxy-url`; the password in it is never repeated. */
export function readProxyUrl(text: string, cluster: string): URL | ConfigProblem {
  const problem = (reason: string): ConfigProblem => ({
    code: "ProxyInvalid",
    message: `the proxy-url ${JSON.stringify(withoutUserinfo(text))} of cluster ${JSON.stringify(cluster)} ${reason}`,
  });
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase();
  if (scheme !== "http" && scheme !== "https" && scheme !== "socks5") {
    return problem("must begin with http://, https:// or socks5://");
  }
  return (isStrictUrl(text) ? parseUrl(text) : undefined) ?? problem("is not a URL");
}

/** An address with its scheme in lower case and its path escaped, the rest letter by letter: as exec plugins are told a proxy. */
export function writtenProxyUrl(text: string): string {
  const [, start = "", path = "", rest = ""] = /^([^:]+:\/\/[^/?#]*)([^?#]*)(.*)$/s.exec(text) ?? [];
  return lowerCaseScheme(escapedAuthority(start)) + escapedUrlPath(path) + rest.replace(/#$/, "");
}

/** User, password and host escaped as far as they need it and no further. */
function escapedAuthority(text: string): string {
  const [, scheme = "", userinfo, host = ""] = /^([^:]+:\/\/)(?:(.*)@)?(.*)$/s.exec(text) ?? [];
  const escaped = (part: string): string => escapeBytes(toBytes(part), /[^\w.~$&+,;=-]/g);
  const [, user = "", password] = /^([^:]*)(?::(.*))?$/s.exec(userinfo ?? "") ?? [];
  const shownUser =
    userinfo === undefined ? "" : `${escaped(user)}${password === undefined ? "" : `:${escaped(password)}`}@`;
  return scheme + shownUser + host.replace(/[^\x20-\x7e]+/g, (part) => escapeBytes(toBytes(part)));
}

function lowerCaseScheme(text: string): string {
  return text.replace(/^[A-Za-z0-9+.-]+:/, (scheme) => scheme.toLowerCase());
}

/** Whether there is nothing in it that `URL` would mend without a word, and other clients refuse: spaces, backslashes, empty hosts, half escapes. */
export function isStrictUrl(text: string): boolean {
  // Half an escape is allowed in the query alone.
  const withoutQuery = text.replace(/^([^?#]*)\?[^#]*/, "$1");
  if (/(?![\x80-\x9f])\p{Cc}/u.test(text) || text.endsWith(" ")) return false;
  if (/%(?![0-9A-Fa-f]{2})/.test(withoutQuery)) return false;
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
  const host = authority.replace(/^.*@/, "");
  const userinfo = authority.slice(0, authority.length - host.length);
  return host !== "" && !/[\s\\%]/.test(host) && /^[\w.~!$&'()*+,;=%:@-]*$/.test(userinfo) && isPlainAddress(host);
}

/** Addresses such as `127.1` and `0x7f000001` are names to everybody but `URL`. */
function isPlainAddress(host: string): boolean {
  const name = host.replace(/:\d*$/, "");
  const parsed = parseUrl(`http://${name}`)?.hostname ?? name;
  return parsed === name || !/^[\d.]+$/.test(parsed);
}

/** Not by `URL.canParse`: once it is compiled, that of Node 20 refuses letters that are not ASCII. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * An address as it may be shown: user, password, query and fragment are left out. Where it is too broken to tell them from the
 * rest, all up to the last `@` is.
 */
export function withoutUserinfo(text: string): string {
  const afterScheme = text.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "");
  const isTold = /^[^/?#\s]*(?:[/?#]|$)/.test(afterScheme) && !/^[^/]*:\//.test(afterScheme);
  const userinfo = isTold ? /^([^/]*\/\/)?[^/?#]*@/ : /^([^/]*\/\/)?.*@/s;
  return text.replace(userinfo, "$1").replace(/[?#].*$/s, "");
}

function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
