/**
 * The WebSockets of one connection layer. What opens them, and the library `ws`, is loaded at the first one.
 */
import type { Credential } from "../../auth/credential.ts";
import type { ConnectionTarget } from "../connection-target.ts";
import type { ServerTrustSource } from "../server-trust.ts";
import type { TransportRequest, TransportResponse } from "../transport.ts";
import type { WebSocketUpgrader } from "./upgrade.ts";

/** Opens WebSockets as requests are sent: same target, trust, proxy, certificate. Every connection layer has one of these. */
export class WebSocketUpgrades {
  readonly #target: ConnectionTarget;
  readonly #trust: ServerTrustSource;
  #upgrader: Promise<WebSocketUpgrader> | undefined;

  constructor(target: ConnectionTarget, trust: ServerTrustSource) {
    this.#target = target;
    this.#trust = trust;
  }

  /** Resolves with status 101 and the WebSocket, or with the answer that refuses it. */
  async attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse> {
    this.#upgrader ??= import("./upgrade.ts").then(
      ({ WebSocketUpgrader }) => new WebSocketUpgrader(this.#target, this.#trust),
    );
    const upgrader = await this.#upgrader;
    return upgrader.attempt(request, credential);
  }

  /** Breaks every WebSocket that is open or being opened. */
  async close(): Promise<void> {
    (await this.#upgrader)?.close();
  }
}
