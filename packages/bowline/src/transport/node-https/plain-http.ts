/**
 * Servers without TLS. A module of its own because importing node:http costs several times what node:https does: Node then
 * loads its WebSocket, too.
 */
import http from "node:http";
import type { Duplex } from "node:stream";
import { type ConnectionTarget, throughProxy } from "../connection-target.ts";
import type { ServerTrust } from "../server-trust.ts";
import { agentOptions, type ConnectCallback, markReady, watched } from "./agent.ts";

/** `http.request`. */
export const plainRequest: typeof http.request = http.request;

/** Connections without TLS. Opens nothing before the first request. */
export function plainAgent(target: ConnectionTarget, trust: ServerTrust): http.Agent {
  return new PlainAgent(target, trust, { ...agentOptions, timeout: target.idleTimeoutMs });
}

class PlainAgent extends http.Agent {
  readonly #target: ConnectionTarget;
  readonly #trust: ServerTrust;

  constructor(target: ConnectionTarget, trust: ServerTrust, options: http.AgentOptions) {
    super(options);
    this.#target = target;
    this.#trust = trust;
  }

  override getName(): string {
    return "cluster";
  }

  override createConnection(options: http.ClientRequestArgs, callback: ConnectCallback): Duplex | null | undefined {
    const target = this.#target;
    if (target.proxy === undefined) return watched(super.createConnection(options, callback), target, "connect");
    throughProxy(target, target.proxy, this.#trust).then(
      (socket) => {
        markReady(socket);
        callback(null, socket);
        // Reading the proxy's answer left it paused; HTTP listens from the next tick on.
        setImmediate(() => socket.resume());
      },
      (error: Error) => callback(error),
    );
    return undefined;
  }
}
