/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY, read as Go programs read them, kubectl among them.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
import { domainToASCII } from "node:url";
import { isStrictUrl, parseUrl } from "../../config/server-url.ts";
import { KubeError } from "../../core/kube-error.ts";
import { type Cidr, contains, ipBytes, isLoopback, parseCidr } from "./ip-address.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for `server`, undefined for none.
 *
 * Upper case wins over lower case. `localhost` and loopback addresses never go through a proxy.
 *
 * @throws KubeError `ProxyInvalid` where the variable cannot be used; its value is not in the message.
 */
export function environmentProxy(server: URL, environment: Environment): URL | undefined {
  const isSecure = server.protocol === "https:";
  const name = isSecure ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = variable(environment, name);
  if (value === "") return undefined;
  const port = server.port === "" ? (isSecure ? "443" : "80") : server.port;
  if (isExempt(server.hostname.replace(/^\[(.*)\]$/, "$1"), port, variable(environment, "NO_PROXY"))) return undefined;
  // In a CGI process a client's `Proxy:` header arrives as HTTP_PROXY.
  if (!isSecure && (environment["REQUEST_METHOD"] ?? "") !== "") {
    throw new KubeError(
      "ProxyInvalid",
      "HTTP_PROXY is not used in a CGI environment (REQUEST_METHOD is set), since a client may have set it",
    );
  }
  return parsed(value, name);
}

function variable(environment: Environment, name: string): string {
  return environment[name] || environment[name.toLowerCase()] || "";
}

function parsed(value: string, name: string): URL {
  const url = value.includes("://") ? attempt(value) : attempt(`http://${value}`);
  if (url === undefined || url.hostname === "" || !/^(?:https?|socks5h?):$/.test(url.protocol)) {
    throw new KubeError(
      "ProxyInvalid",
      `${name} is not a usable proxy; it must be http://, https:// or socks5://host:port`,
    );
  }
  return url.protocol === "socks5h:" ? new URL(url.href.replace("socks5h:", "socks5:")) : url;
}

function attempt(text: string): URL | undefined {
  return isStrictUrl(text) ? parseUrl(text) : undefined;
}

/** Whether NO_PROXY, or being local, exempts a host. */
export function isExempt(host: string, port: string, noProxy: string): boolean {
  if (host === "localhost") return true;
  const address = ipBytes(host);
  if (address !== undefined && isLoopback(address)) return true;
  const rules = noProxy.split(",").map((entry) => parseRule(entry.trim().toLowerCase()));
  const name = host.toLowerCase();
  return rules.some((rule) => {
    switch (rule?.type) {
      case "all":
        return true;
      case "block":
        return address !== undefined && contains(rule.block, address);
      case "address":
        return address !== undefined && isEqual(rule.bytes, address) && isPort(rule.port, port);
      case "domain":
        if (address !== undefined || !isPort(rule.port, port)) return false;
        return name.endsWith(rule.suffix) || (rule.matchesHost && name === rule.suffix.slice(1));
      default:
        return false;
    }
  });
}

type Rule =
  | { readonly type: "all" }
  | { readonly type: "block"; readonly block: Cidr }
  | { readonly type: "address"; readonly bytes: readonly number[]; readonly port: string }
  | { readonly type: "domain"; readonly suffix: string; readonly port: string; readonly matchesHost: boolean };

function parseRule(entry: string): Rule | undefined {
  if (entry === "") return undefined;
  if (entry === "*") return { type: "all" };
  const block = parseCidr(entry);
  if (block !== undefined) return { type: "block", block };
  const { host, port } = splitPort(entry);
  if (host === "") return undefined;
  const bytes = ipBytes(host);
  if (bytes !== undefined) return { type: "address", bytes, port };
  const domain = host.startsWith("*.") ? host.slice(1) : host;
  const matchesHost = !domain.startsWith(".");
  const suffix = matchesHost ? `.${domain}` : domain;
  return { type: "domain", suffix: ascii(suffix), port, matchesHost };
}

/** `host:port` or `[IPv6]:port`; anything else is all host. */
function splitPort(entry: string): { readonly host: string; readonly port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  if (match === null) return { host: entry, port: "" };
  return { host: match[1] ?? match[2] ?? "", port: match[3] ?? "" };
}

function ascii(suffix: string): string {
  if (!/[^\x20-\x7e]/.test(suffix)) return suffix;
  const encoded = domainToASCII(suffix.slice(1));
  return encoded === "" ? suffix : `.${encoded}`;
}

function isPort(rule: string, port: string): boolean {
  return rule === "" || rule === port;
}

function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
