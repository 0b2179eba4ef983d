/**
 * Opens connections through a proxy: CONNECT over HTTP or HTTPS, SOCKS5, and plain HTTP for servers without TLS.
 */
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { ConnectionError, type ConnectionErrorCode } from "../connection-error.ts";
import { failureCode } from "../connection-failure.ts";
import type { ServerTrust } from "../server-trust.ts";
import { httpConnect } from "./http-connect.ts";
import { credentialsOf, type ServerProxy } from "./proxy-choice.ts";
import { socks5Connect } from "./socks5.ts";

/** The server at the other end. */
export interface TunnelTarget {
  /** `https://host:port` for messages. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly cluster: { readonly insecureSkipTlsVerify: boolean };
  readonly connectTimeoutMs: number;
}

/**
 * A connection that is ready for the first byte to the server.
 *
 * @throws ConnectionError `ProxyUnreachable`, `ProxyRefused` or `ConnectTimeout`; the proxy is named, its credentials never.
 */
export async function openTunnel(proxy: ServerProxy, target: TunnelTarget, trust: ServerTrust): Promise<Duplex> {
  const socket = dial(proxy, target, trust);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const why = `no connection through the proxy ${proxy.label} within ${target.connectTimeoutMs} ms`;
      reject(new ConnectionError("ConnectTimeout", `cannot reach ${target.label}: ${why}`, { server: target.label }));
    }, target.connectTimeoutMs);
  });
  const failed = new Promise<never>((_, reject) => socket.on("error", reject));
  try {
    await Promise.race([handshake(socket, proxy, target), timeout, failed]);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof ConnectionError ? error : proxyFailure(error, proxy, target);
  } finally {
    clearTimeout(timer);
    // One side of each race stays unsettled or rejects later, when nobody listens.
    timeout.catch(() => undefined);
    failed.catch(() => undefined);
  }
}

function dial(proxy: ServerProxy, target: TunnelTarget, trust: ServerTrust): net.Socket {
  const host = proxy.url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(proxy.label.slice(proxy.label.lastIndexOf(":") + 1));
  if (proxy.url.protocol !== "https:") return net.connect({ host, port, noDelay: true });
  return tls.connect({
    host,
    port,
    minVersion: "TLSv1.2",
    rejectUnauthorized: !target.cluster.insecureSkipTlsVerify,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    // As in kubectl the cluster's CA vouches for the proxy; here the public ones do, too.
    ...(trust.certificateAuthority === undefined ? {} : { ca: [trust.certificateAuthority, ...publicRoots()] }),
  });
}

function publicRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}

async function handshake(socket: net.Socket, proxy: ServerProxy, target: TunnelTarget): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once(socket instanceof tls.TLSSocket ? "secureConnect" : "connect", () => resolve());
  });
  const { url } = proxy;
  const credentials = credentialsOf(proxy);
  const refused = (reason: string) => proxyRefusal(reason, proxy, target);
  if (url.protocol === "socks5:") await socks5Connect(socket, target, credentials, refused);
  // Without TLS to the server, an HTTP proxy is sent whole URLs instead of being asked for a tunnel.
  else if (target.isSecure) await httpConnect(socket, target, credentials, refused);
}

function proxyRefusal(reason: string, proxy: ServerProxy, target: TunnelTarget): ConnectionError {
  const message = `cannot reach ${target.label}: the proxy ${proxy.label} refused: ${reason}; check \`proxy-url\` in the kubeconfig, or HTTPS_PROXY and NO_PROXY`;
  return new ConnectionError("ProxyRefused", message, { server: target.label, wasSent: false });
}

function proxyFailure(error: unknown, proxy: ServerProxy, target: TunnelTarget): ConnectionError {
  const kind: ConnectionErrorCode = failureCode(error);
  const what: Partial<Record<ConnectionErrorCode, string>> = {
    NotTls: "it does not speak TLS; is `proxy-url` http:// rather than https://?",
    CertificateUntrusted: "its certificate is not signed by an authority that this runtime trusts",
    CertificateNameMismatch: "its certificate is for another name",
    CertificateExpired: "its certificate is not valid now",
    ConnectionReset: "it closed the connection",
  };
  const reason = what[kind] ?? (error instanceof Error ? error.message : "");
  const message = `cannot reach ${target.label}: the proxy ${proxy.label} cannot be used: ${reason}; check \`proxy-url\` in the kubeconfig, or HTTPS_PROXY and NO_PROXY`;
  return new ConnectionError("ProxyUnreachable", message, { server: target.label, cause: error, wasSent: false });
}
