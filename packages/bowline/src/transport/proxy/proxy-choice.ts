/**
 * Which proxy, if any, stands before a cluster's server.
 */
import type { Cluster } from "../../config/cluster.ts";
import { environmentProxy } from "./proxy-environment.ts";

/** A proxy to go through. Its credentials are only in `url`, which must not be printed. */
export interface ServerProxy {
  readonly url: URL;
  /** `host:port`, for messages. */
  readonly label: string;
}

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443", "socks5:": "1080" };

/** The kubeconfig's `proxy-url`, else what the environment's proxy variables say about the server; undefined for none. */
export function proxyFor(
  cluster: Pick<Cluster, "proxyUrl" | "server">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerProxy | undefined {
  const url = cluster.proxyUrl ?? environmentProxy(cluster.server, environment);
  if (url === undefined) return undefined;
  const port = url.port === "" ? defaultPorts[url.protocol] : url.port;
  return { url, label: port === undefined ? url.hostname : `${url.hostname}:${port}` };
}

/** User and password of a proxy. */
export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

/** Those in the proxy's URL, decoded; undefined for none. */
export function credentialsOf({ url }: ServerProxy): ProxyCredentials | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return { username: decoded(url.username), password: decoded(url.password) };
}

/** `%40` in the URL is an `@` of the password; what is not an escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The `Proxy-Authorization` header's value. */
export function proxyAuthorization({ username, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
