/**
 * Where and how connections to a cluster are opened, whichever HTTP library uses them.
 */
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { ClientCertificate } from "../auth/credential.ts";
import type { Cluster } from "../config/cluster.ts";
import { ipBytes } from "./proxy/ip-address.ts";
import { proxyFor, type ServerProxy } from "./proxy/proxy-choice.ts";
import type { ServerTrust } from "./server-trust.ts";

/** How long TCP, a proxy and TLS may take together before a connection is given up. */
const CONNECT_TIMEOUT_MS = 30_000;
/** Less than what usual load balancers and the API server (90 s) allow an idle connection. */
const IDLE_TIMEOUT_MS = 60_000;
/** When TCP begins to probe a silent connection. */
export const TCP_KEEP_ALIVE_MS = 30_000;
/** The runtimes' 250 ms a try are too short for clusters on another continent. */
export const ADDRESS_ATTEMPT_TIMEOUT_MS = 2_000;

/** Where and how connections are opened. */
export interface ConnectionTarget {
  readonly cluster: Cluster;
  /** `https://host:port` for messages. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** What to go through; undefined for none. */
  readonly proxy: ServerProxy | undefined;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Settings that tests and unusual networks need. */
export interface ConnectionConfig {
  /** For TCP, a proxy and TLS together. Default 30 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** After this, a connection that no request uses is closed. Default 60 000. */
  readonly idleTimeoutMs?: number | undefined;
  /** Where the proxy variables are read. Default: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The target of a cluster's connections. @throws KubeError `ProxyInvalid`. */
export function connectionTarget(cluster: Cluster, config: ConnectionConfig): ConnectionTarget {
  const { server } = cluster;
  const isSecure = server.protocol === "https:";
  return {
    cluster,
    label: server.origin,
    host: hostOf(cluster).replace(/^\[(.*)\]$/, "$1"),
    port: server.port === "" ? (isSecure ? 443 : 80) : Number(server.port),
    isSecure,
    proxy: proxyFor(cluster, config.environment),
    connectTimeoutMs: config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    idleTimeoutMs: config.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
  };
}

/** In the letters that it was written in, which `URL` makes lower case, since servers and proxies are shown it. */
function hostOf({ server, asWritten }: Cluster): string {
  const [, written = ""] = /^[^:]+:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(asWritten?.server ?? "") ?? [];
  const isSame = written.toLowerCase() === server.hostname || isIP(written.replace(/^\[(.*)\]$/, "$1")) === 6;
  return isSame ? written : server.hostname;
}

/** What TLS needs to know of the server and the client. */
export function tlsOptions(
  target: ConnectionTarget,
  trust: ServerTrust,
  certificate: ClientCertificate | undefined,
): tls.ConnectionOptions {
  const name = target.cluster.tlsServerName ?? target.host;
  // Server name indication carries no IP addresses, which are verified all the same.
  const verified: tls.ConnectionOptions =
    isIP(name) === 0
      ? { servername: name.replace(/\.$/, "") }
      : { servername: "", checkServerIdentity: (_, peer) => tls.checkServerIdentity(addressOf(name), peer) };
  return {
    ...verified,
    minVersion: "TLSv1.2",
    // A bundle may name an authority between the root and the server, or the server's own certificate.
    allowPartialTrustChain: true,
    rejectUnauthorized: !target.cluster.insecureSkipTlsVerify,
    ...(trust.certificateAuthority === undefined ? {} : { ca: trust.certificateAuthority }),
    ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
  };
}

/** An IPv4 address that is mapped into IPv6 is in a certificate as what it is. */
function addressOf(name: string): string {
  const bytes = ipBytes(name);
  return bytes?.length === 4 ? bytes.join(".") : name;
}

/** Proxies are the rare case: what speaks to them is loaded when the first connection needs it. */
export async function throughProxy(target: ConnectionTarget, proxy: ServerProxy, trust: ServerTrust): Promise<Duplex> {
  const { openTunnel } = await import("./proxy/tunnel.ts");
  return openTunnel(proxy, target, trust);
}
