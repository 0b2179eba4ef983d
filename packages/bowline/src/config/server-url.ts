/**
 * Server and proxy addresses of a kubeconfig: what is accepted, and what is said otherwise.
 */

import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";

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
  let written = text;
  if (url.pathname.length > 1) {
    url.search = "";
    url.hash = "";
    written = normalizePath(text.replace(/[?#].*$/s, ""));
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

/** The scheme of an address in lower case, the rest letter by letter: as exec plugins are told a proxy. */
export function lowerCaseScheme(text: string): string {
  return text.replace(/^[A-Za-z0-9+.-]+:/, (scheme) => scheme.toLowerCase());
}

/** What `URL` would mend without a word, and other clients refuse: spaces, backslashes, empty hosts, half escapes. */
function isStrictUrl(text: string): boolean {
  if (/\p{Cc}/u.test(text) || text !== text.trim() || /%(?![0-9A-Fa-f]{2})/.test(text.replace(/[?#].*$/s, "")))
    return false;
  const host = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1]?.replace(/^.*@/, "") ?? "";
  return host !== "" && !/[\s\\%]/.test(host);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** A server with a path is told with its scheme in lower case, and with what a path cannot hold escaped. */
function normalizePath(text: string): string {
  const [, start = "", path = ""] = /^([^:]+:\/\/[^/]*)(.*)$/s.exec(text) ?? [];
  const escaped = path.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (character) => encodeURIComponent(character));
  return lowerCaseScheme(start) + escaped;
}

function withoutUserinfo(text: string): string {
  return text.replace(/^([^/]*\/\/)?[^/?#]*@/, "$1").replace(/[?#].*$/s, "");
}

function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
