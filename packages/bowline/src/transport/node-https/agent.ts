/**
 * The keep-alive agent of one certificate pool: direct connections, or through a proxy.
 */
import https from "node:https";
import type { Socket } from "node:net";
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

/** Idle connections kept after a burst of concurrent requests. */
const MAX_IDLE_CONNECTIONS = 64;

/** Settings of all agents. */
export const agentOptions: https.AgentOptions = {
  keepAlive: true,
  keepAliveMsecs: TCP_KEEP_ALIVE_MS,
  maxFreeSockets: MAX_IDLE_CONNECTIONS,
  // The last connection used is the least likely to have been closed by the other end.
  scheduling: "lifo",
  autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_TIMEOUT_MS,
};

/** How an agent is handed a connection that it has to wait for. */
export type ConnectCallback = (error: Error | null, socket?: Duplex) => void;

/** Connections over TLS. Opens nothing before the first request. */
export function secureAgent(
  target: ConnectionTarget,
  trust: ServerTrust,
  certificate: ClientCertificate | undefined,
): https.Agent {
  return new SecureAgent(target, trust, {
    ...agentOptions,
    timeout: target.idleTimeoutMs,
    ...tlsOptions(target, trust, certificate),
  });
}

class SecureAgent extends https.Agent {
  readonly #target: ConnectionTarget;
  readonly #trust: ServerTrust;

  constructor(target: ConnectionTarget, trust: ServerTrust, options: https.AgentOptions) {
    super(options);
    this.#target = target;
    this.#trust = trust;
  }

  /** All connections of an agent are alike; the inherited name would join certificate and key for every request. */
  override getName(): string {
    return "cluster";
  }

  override createConnection(options: https.RequestOptions, callback: ConnectCallback): Duplex | null | undefined {
    const target = this.#target;
    if (target.proxy === undefined) return watched(super.createConnection(options, callback), target, "secureConnect");
    throughProxy(target, target.proxy, this.#trust).then(
      (socket) => {
        const { host: _host, port: _port, path: _path, ...rest } = options as tls.ConnectionOptions;
        const secure = tls.connect({ ...rest, socket });
        secure.once("close", () => socket.destroy());
        callback(null, watched(secure, target, "secureConnect"));
      },
      (error: Error) => callback(error),
    );
    return undefined;
  }
}

/** Whether a connection has finished its handshake: what fails before has certainly not carried a request. */
const ready = new WeakSet<object>();

/** Marks a connection as able to carry a request. */
export function markReady(socket: object): void {
  ready.add(socket);
}

/** True once a connection has been able to carry a request. */
export function isReady(socket: object | null | undefined): boolean {
  return socket !== null && socket !== undefined && ready.has(socket);
}

/** Gives a connection up when it does not become ready in time. */
export function watched<S extends Duplex | null | undefined>(
  made: S,
  target: ConnectionTarget,
  event: "connect" | "secureConnect",
): S {
  const socket = made as (Duplex & Partial<Socket>) | null | undefined;
  if (socket === null || socket === undefined) return made;
  const timer = setTimeout(() => {
    const message = `cannot reach ${target.label}: no connection within ${target.connectTimeoutMs} ms; check the network, a firewall, or the \`proxy-url\` that it may need`;
    socket.destroy(new ConnectionError("ConnectTimeout", message, { server: target.label }));
  }, target.connectTimeoutMs);
  const stop = () => clearTimeout(timer);
  socket.once(event, () => {
    ready.add(socket);
    stop();
  });
  socket.once("close", stop);
  return made;
}
