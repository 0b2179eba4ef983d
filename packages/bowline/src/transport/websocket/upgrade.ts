/**
 * Turns a request into a WebSocket: RFC 6455 over a connection of our own, so that proxies, TLS and certificates are those of
 * every other request, and a refusal is an answer that can be read.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { Credential } from "../../auth/credential.ts";
import { checkClientCertificate } from "../client-certificate.ts";
import { ConnectionError } from "../connection-error.ts";
import { connectionFailure, failureCode, transportClosed } from "../connection-failure.ts";
import type { ConnectionTarget } from "../connection-target.ts";
import { credentialHeaders } from "../credential-headers.ts";
import { NodeResponse } from "../node-https/exchange.ts";
import type { ServerTrustSource } from "../server-trust.ts";
import type { TransportRequest, TransportResponse } from "../transport.ts";
import { unsendable } from "../unsendable.ts";
import { openSocket } from "./open-socket.ts";
import { OpenWebSocket } from "./open-web-socket.ts";
import { ProtocolNames } from "./protocol-names.ts";

/** Far more than what any of Kubernetes' streams puts into one message. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Opens WebSockets, and breaks them when it is closed. */
export class WebSocketUpgrader {
  readonly #target: ConnectionTarget;
  readonly #trust: ServerTrustSource;
  readonly #pathPrefix: string;
  readonly #host: string;
  /** What is open or being opened, each to be broken by its function. */
  readonly #open = new Set<() => void>();
  #isClosed = false;

  constructor(target: ConnectionTarget, trust: ServerTrustSource) {
    this.#target = target;
    this.#trust = trust;
    this.#pathPrefix = target.cluster.server.pathname.replace(/\/+$/, "");
    const { host, port, isSecure } = target;
    const name = host.includes(":") ? `[${host}]` : host;
    this.#host = port === (isSecure ? 443 : 80) ? name : `${name}:${port}`;
  }

  /** Resolves with status 101 and the WebSocket, or with the answer that refuses it. */
  async attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse> {
    const { signal } = request;
    const { label } = this.#target;
    if (this.#isClosed) throw transportClosed(label, false);
    signal?.throwIfAborted();
    const { clientCertificate } = credential;
    if (clientCertificate !== undefined) checkClientCertificate(clientCertificate, label);
    const socket = await this.#connect(credential, signal);
    return new Promise((resolve, reject) => this.#handshake(socket, request, credential, { resolve, reject }));
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#open) end();
  }

  async #connect(credential: Credential, signal: AbortSignal | undefined): Promise<Duplex> {
    const { label: server, proxy } = this.#target;
    const closing = new AbortController();
    const onClose = () => closing.abort(transportClosed(server, false));
    this.#open.add(onClose);
    const either = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    try {
      return await openSocket(this.#target, this.#trust.current(), credential.clientCertificate, either);
    } catch (error) {
      if (either.aborted) throw either.reason;
      throw connectionFailure(error, { server, proxy: proxy?.label, wasSent: false });
    } finally {
      this.#open.delete(onClose);
    }
  }

  #handshake(socket: Duplex, request: TransportRequest, credential: Credential, { resolve, reject }: Settle): void {
    const { signal } = request;
    const { label } = this.#target;
    const protocols = new ProtocolNames(request.webSocketProtocols ?? []);
    let webSocket: WebSocket;
    try {
      webSocket = new WebSocket(this.#url(request.path), [...protocols.tokens], {
        finishRequest: protocols.send,
        createConnection: () => socket,
        headers: { host: this.#host, ...credentialHeaders(request, credential), ...request.headers } as Record<
          string,
          string
        >,
        perMessageDeflate: false,
        followRedirects: false,
        maxPayload: MAX_MESSAGE_BYTES,
      });
    } catch (error) {
      socket.destroy();
      reject(unsendable(error, request.method, label));
      return;
    }
    let headers: TransportResponse["headers"] = {};
    const end = () => {
      webSocket.terminate();
      socket.destroy();
    };
    const onAbort = () => {
      reject(signal?.reason);
      end();
    };
    const settled = () => {
      this.#open.delete(end);
      signal?.removeEventListener("abort", onAbort);
    };
    this.#open.add(end);
    signal?.addEventListener("abort", onAbort, { once: true });
    webSocket.once("upgrade", (incoming: IncomingMessage) => {
      headers = incoming.headers;
      protocols.translate(incoming);
    });
    webSocket.once("open", () => {
      signal?.removeEventListener("abort", onAbort);
      const connection = new OpenWebSocket(webSocket, protocols.nameOf(webSocket.protocol), {
        label,
        socket,
        signal,
        isTransportClosed: () => this.#isClosed,
        onClosed: () => this.#open.delete(end),
      });
      resolve({ ...noBody, status: 101, headers, webSocket: connection });
    });
    webSocket.once("unexpected-response", (_, incoming: IncomingMessage) => {
      settled();
      resolve(refusal(incoming, socket, signal, { label, proxy: undefined, isClosed: () => this.#isClosed }));
    });
    // Stays: what is broken off while it is being opened reports one more.
    webSocket.on("error", (error) => {
      settled();
      reject(this.#failure(error));
      socket.destroy();
    });
    // Reading a proxy's answer leaves a socket paused; HTTP listens from the next tick on.
    setImmediate(() => socket.resume());
  }

  #url(path: string): string {
    const { isSecure } = this.#target;
    return `${isSecure ? "wss" : "ws"}://${this.#host}${this.#pathPrefix}${path}`;
  }

  #failure(error: unknown): unknown {
    const { label, proxy } = this.#target;
    if (this.#isClosed) return transportClosed(label, true);
    if (
      failureCode(error) === "ConnectionFailed" &&
      error instanceof Error &&
      /websocket|subprotocol|upgrade/i.test(error.message)
    ) {
      const message = `cannot reach ${label}: its answer opens no WebSocket (${error.message}); a proxy before the server may not pass them on`;
      return new ConnectionError("NotWebSocket", message, { server: label, cause: error });
    }
    return connectionFailure(error, { server: label, proxy: proxy?.label, wasSent: true });
  }
}

interface Settle {
  readonly resolve: (response: TransportResponse) => void;
  readonly reject: (error: unknown) => void;
}

const noBody = {
  bytes: async (): Promise<Uint8Array> => new Uint8Array(),
  async *stream(): AsyncGenerator<Uint8Array> {},
  discard: (): void => {},
};

/** The answer of a server that opens no WebSocket. Its connection ends with its body. */
function refusal(
  incoming: IncomingMessage,
  socket: Duplex,
  signal: AbortSignal | undefined,
  context: ConstructorParameters<typeof NodeResponse>[1],
): TransportResponse {
  const response = new NodeResponse(incoming, context);
  const onAbort = () => {
    response.abort(signal?.reason);
    incoming.destroy();
    socket.destroy();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const onEnd = () => {
    signal?.removeEventListener("abort", onAbort);
    socket.destroy();
  };
  incoming.once("end", onEnd);
  incoming.once("close", onEnd);
  return response;
}
