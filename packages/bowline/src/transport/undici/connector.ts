/**
 * The connection layer on undici. Node only; undici 7 is an optional peer dependency, loaded at the first request.
 */
import net from "node:net";
import tls from "node:tls";
import type { Dispatcher, Pool } from "undici";
import type { ClientCertificate, Credential } from "../../auth/credential.ts";
import type { Cluster } from "../../config/cluster.ts";
import { KubeError } from "../../core/kube-error.ts";
import { type CertificatePool, CertificatePools } from "../certificate-pools.ts";
import { ConnectionError } from "../connection-error.ts";
import { transportClosed } from "../connection-failure.ts";
import {
  ADDRESS_ATTEMPT_TIMEOUT_MS,
  type ConnectionConfig,
  type ConnectionTarget,
  connectionTarget,
  TCP_KEEP_ALIVE_MS,
  throughProxy,
  tlsOptions,
} from "../connection-target.ts";
import { credentialHeaders } from "../credential-headers.ts";
import { credentialsOf, proxyAuthorization } from "../proxy/proxy-choice.ts";
import { type ServerTrust, ServerTrustSource } from "../server-trust.ts";
import type { Connector, ConnectorFactory, TransportRequest, TransportResponse } from "../transport.ts";
import { WebSocketUpgrades } from "../websocket/upgrades.ts";
import { type ExchangeContext, UndiciExchange } from "./exchange.ts";

/** What the connection layer on undici can be told; the cluster's settings come from the kubeconfig. */
export type UndiciConfig = ConnectionConfig;

/**
 * Carries requests with undici instead of node:https: `Client.connect({ transport: undici() })`.
 *
 * Faster for many small concurrent requests; slower to load, and larger.
 *
 * @throws KubeError `UndiciNotSupported` on Bun and Deno, whose undici does not honour private CAs or aborts.
 */
export function undici(config: UndiciConfig = {}): ConnectorFactory {
  if ("Bun" in globalThis || "Deno" in globalThis) {
    const runtime = "Bun" in globalThis ? "Bun" : "Deno";
    throw new KubeError(
      "UndiciNotSupported",
      `bowline/transport/undici works on Node only, and this is ${runtime}; leave the \`transport\` option out`,
    );
  }
  return (cluster) => new UndiciConnector(cluster, config);
}

class UndiciConnector implements Connector {
  readonly #trust: ServerTrustSource;
  readonly #target: ConnectionTarget;
  readonly #fixedHeaders: Readonly<Record<string, string>>;
  readonly #pathPrefix: string;
  readonly #context: ExchangeContext;
  /** undici has a WebSocket, which knows neither our proxies nor what a refusal says. */
  readonly #upgrades: WebSocketUpgrades;
  #pools: CertificatePools<Pool> | undefined;
  #isClosed = false;

  constructor(cluster: Cluster, config: UndiciConfig) {
    this.#trust = new ServerTrustSource(cluster, config.now);
    const target = connectionTarget(cluster, config);
    this.#target = target;
    this.#context = { label: target.label, proxy: target.proxy?.label, isClosed: () => this.#isClosed };
    this.#upgrades = new WebSocketUpgrades(target, this.#trust);
    const { proxy } = target;
    const isWholeUrl = !target.isSecure && proxy !== undefined && proxy.url.protocol !== "socks5:";
    const credentials = isWholeUrl ? credentialsOf(proxy) : undefined;
    this.#pathPrefix = (isWholeUrl ? cluster.server.origin : "") + cluster.server.pathname.replace(/\/+$/, "");
    this.#fixedHeaders = {
      ...(cluster.disableCompression ? {} : { "accept-encoding": "gzip" }),
      ...(credentials === undefined ? {} : { "proxy-authorization": proxyAuthorization(credentials) }),
    };
  }

  attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse> {
    const { label } = this.#target;
    if (this.#isClosed) return Promise.reject(transportClosed(label, false));
    if (request.signal?.aborted === true) return Promise.reject(request.signal.reason);
    if (request.webSocketProtocols !== undefined) return this.#upgrades.attempt(request, credential);
    const pools = this.#pools;
    if (pools === undefined) return this.#loadPools().then(() => this.attempt(request, credential));
    let pool: CertificatePool<Pool>;
    try {
      pool = pools.acquire(credential, this.#trust.current());
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const onClosed = () => pools.release(pool);
      const exchange = new UndiciExchange(request, this.#context, { resolve, reject, onClosed });
      try {
        pool.connections.dispatch(
          {
            path: this.#pathPrefix + request.path,
            method: request.method as Dispatcher.HttpMethod,
            // The caller's come last: an `authorization` of his own stands.
            headers: { ...this.#fixedHeaders, ...credentialHeaders(request, credential), ...request.headers } as Record<
              string,
              string | string[]
            >,
            body: (request.body ?? null) as Dispatcher.DispatchOptions["body"] & {},
            // Watches are silent for minutes; the client sets its own limits.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          exchange,
        );
      } catch (error) {
        exchange.onResponseError(undefined, error);
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pools?.close();
    await this.#upgrades.close();
  }

  async #loadPools(): Promise<CertificatePools<Pool>> {
    const { Pool } = await loadUndici();
    if (this.#isClosed) throw transportClosed(this.#target.label, false);
    const { origin } = this.#target.cluster.server;
    const ignore = () => undefined;
    // Another first request may have loaded it in the meantime.
    this.#pools ??= new CertificatePools<Pool>(this.#target.label, {
      open: (trust, certificate) =>
        new Pool(origin, {
          connect: connectWith(this.#target, trust, certificate),
          pipelining: 1,
          keepAliveTimeout: this.#target.idleTimeoutMs,
          keepAliveMaxTimeout: this.#target.idleTimeoutMs,
        }),
      retire: (pool) => void pool.close().catch(ignore),
      end: (pool) => void pool.destroy().catch(ignore),
    });
    return this.#pools;
  }
}

async function loadUndici(): Promise<typeof import("undici")> {
  try {
    return await import("undici");
  } catch (cause) {
    throw new KubeError(
      "UndiciNotInstalled",
      "bowline/transport/undici needs the package undici: npm install undici@7",
      { cause },
    );
  }
}

type SocketCallback = (
  ...result: [error: Error, socket: null] | [error: null, socket: net.Socket | tls.TLSSocket]
) => void;

/** Opens connections as the agent of node:https does; undici's own way knows neither SOCKS nor the proxy's credentials. */
function connectWith(target: ConnectionTarget, trust: ServerTrust, certificate: ClientCertificate | undefined) {
  const settings = { ...tlsOptions(target, trust, certificate), ALPNProtocols: ["http/1.1"] };
  const address = { host: target.host, port: target.port, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_TIMEOUT_MS };
  let session: Buffer | undefined;
  return (_options: unknown, callback: SocketCallback): void => {
    if (target.proxy === undefined) {
      if (target.isSecure) secure({ ...address, ...settings, ...(session === undefined ? {} : { session }) });
      else settle(net.connect(address), "connect");
      return;
    }
    throughProxy(target, target.proxy, trust).then(
      (socket) => {
        if (target.isSecure) secure({ ...settings, socket });
        else callback(null, socket as net.Socket);
      },
      (error: Error) => callback(error, null),
    );
    function secure(options: tls.ConnectionOptions): void {
      const socket = tls.connect(options);
      socket.on("session", (ticket) => {
        session = ticket;
      });
      settle(socket, "secureConnect");
    }
    function settle(socket: net.Socket, event: "connect" | "secureConnect"): void {
      const timer = setTimeout(() => {
        const message = `cannot reach ${target.label}: no connection within ${target.connectTimeoutMs} ms; check the network, a firewall, or the \`proxy-url\` that it may need`;
        socket.destroy(new ConnectionError("ConnectTimeout", message, { server: target.label }));
      }, target.connectTimeoutMs);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      const onError = (error: Error) => {
        clearTimeout(timer);
        callback(error, null);
      };
      socket.once("error", onError);
      socket.once(event, () => {
        clearTimeout(timer);
        socket.off("error", onError);
        callback(null, socket);
      });
    }
  };
}
