/**
 * A connection of its own to a cluster's server, for what no pool carries.
 */
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { ClientCertificate } from "../../auth/credential.ts";
import { ConnectionError } from "../connection-error.ts";
import {
  ADDRESS_ATTEMPT_TIMEOUT_MS,
  type ConnectionTarget,
  TCP_KEEP_ALIVE_MS,
  throughProxy,
  tlsOptions,
} from "../connection-target.ts";
import type { ServerTrust } from "../server-trust.ts";

/**
 * A connection that is ready for the first byte of HTTP: through the proxy, and with the handshake done. The caller owns it.
 *
 * @throws what the socket, the proxy or TLS failed with, to be named by `connectionFailure`; the signal's reason.
 */
export async function openSocket(
  target: ConnectionTarget,
  trust: ServerTrust,
  certificate: ClientCertificate | undefined,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const { proxy } = target;
  // A WebSocket without TLS needs a tunnel as well: a proxy would not pass the upgrade on.
  const tunnel = proxy === undefined ? undefined : await throughProxy({ ...target, isSecure: true }, proxy, trust);
  if (signal?.aborted === true) {
    tunnel?.destroy();
    throw signal.reason;
  }
  if (tunnel !== undefined && !target.isSecure) return tunnel;
  const address = { host: target.host, port: target.port, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_TIMEOUT_MS };
  if (!target.isSecure) return ready(net.connect(address), "connect", target, signal);
  const secure = tls.connect({
    ...(tunnel === undefined ? address : { socket: tunnel }),
    ...tlsOptions(target, trust, certificate),
    ALPNProtocols: ["http/1.1"],
  });
  secure.once("close", () => tunnel?.destroy());
  return ready(secure, "secureConnect", target, signal);
}

/** Waits until a socket is connected; destroys it where it is not in time. */
function ready(
  socket: net.Socket,
  event: "connect" | "secureConnect",
  target: ConnectionTarget,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.off(event, onReady);
      socket.off("close", onClose);
    };
    const fail = (error: unknown) => {
      settled();
      reject(error);
      socket.destroy();
    };
    const onReady = () => {
      settled();
      socket.off("error", fail);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      resolve(socket);
    };
    const onClose = () => fail(Object.assign(new Error("closed while connecting"), { code: "ECONNRESET" }));
    const onAbort = () => fail(signal?.reason);
    const timer = setTimeout(() => {
      const message = `cannot reach ${target.label}: no connection within ${target.connectTimeoutMs} ms; check the network, a firewall, or the \`proxy-url\` that it may need`;
      fail(new ConnectionError("ConnectTimeout", message, { server: target.label }));
    }, target.connectTimeoutMs);
    // Stays: a socket that is destroyed may report more than one error.
    socket.on("error", fail);
    socket.once(event, onReady);
    socket.once("close", onClose);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
