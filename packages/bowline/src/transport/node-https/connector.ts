/**
 * The default connection layer: node:https, which Node, Bun and Deno all have.
 */
import type * as http from "node:http";
import https from "node:https";
import type { Credential } from "../../auth/credential.ts";
import type { Cluster } from "../../config/cluster.ts";
import { type CertificatePool, CertificatePools } from "../certificate-pools.ts";
import { transportClosed } from "../connection-failure.ts";
import { type ConnectionConfig, type ConnectionTarget, connectionTarget } from "../connection-target.ts";
import { credentialsOf, proxyAuthorization } from "../proxy/proxy-choice.ts";
import { ServerTrustSource } from "../server-trust.ts";
import type { Connector, TransportRequest, TransportResponse } from "../transport.ts";
import { unsendable } from "../unsendable.ts";
import { WebSocketUpgrades } from "../websocket/upgrades.ts";
import { secureAgent } from "./agent.ts";
import { type ExchangeContext, exchange } from "./exchange.ts";

/** Makes the default connection layer for one cluster. Opens nothing before the first request. */
export function nodeHttps(cluster: Cluster, config: ConnectionConfig = {}): Connector {
  return new NodeHttpsConnector(cluster, config);
}

class NodeHttpsConnector implements Connector {
  readonly #trust: ServerTrustSource;
  readonly #target: ConnectionTarget;
  readonly #pools: CertificatePools<http.Agent>;
  readonly #upgrades: WebSocketUpgrades;
  #plain: typeof import("./plain-http.ts") | undefined;
  readonly #pathPrefix: string;
  readonly #fixedHeaders: http.OutgoingHttpHeaders = {};
  readonly #context: ExchangeContext;
  #isClosed = false;

  constructor(cluster: Cluster, config: ConnectionConfig) {
    const { server } = cluster;
    this.#trust = new ServerTrustSource(cluster, config.now);
    const target = connectionTarget(cluster, config);
    const { proxy } = target;
    this.#target = target;
    this.#context = { label: target.label, proxy: proxy?.label, isClosed: () => this.#isClosed };
    this.#upgrades = new WebSocketUpgrades(target, this.#trust);
    this.#pools = new CertificatePools(target.label, {
      open: (trust, certificate) =>
        this.#plain === undefined ? secureAgent(target, trust, certificate) : this.#plain.plainAgent(target, trust),
      retire: (agent) => {
        for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
      },
      end: (agent) => agent.destroy(),
    });
    // Without TLS a proxy of HTTP is asked for the whole URL, on a connection to the proxy itself.
    const isWholeUrl = !target.isSecure && proxy !== undefined && proxy.url.protocol !== "socks5:";
    this.#pathPrefix = (isWholeUrl ? server.origin : "") + server.pathname.replace(/\/+$/, "");
    const credentials = isWholeUrl ? credentialsOf(proxy) : undefined;
    if (!cluster.disableCompression) this.#fixedHeaders["accept-encoding"] = "gzip";
    if (credentials !== undefined) this.#fixedHeaders["proxy-authorization"] = proxyAuthorization(credentials);
  }

  attempt(request: TransportRequest, credential: Credential): Promise<TransportResponse> {
    const { label } = this.#target;
    if (this.#isClosed) return Promise.reject(transportClosed(label, false));
    if (request.signal?.aborted === true) return Promise.reject(request.signal.reason);
    if (request.webSocketProtocols !== undefined) return this.#upgrades.attempt(request, credential);
    if (!this.#target.isSecure && this.#plain === undefined) {
      return import("./plain-http.ts").then((plain) => {
        this.#plain = plain;
        return this.attempt(request, credential);
      });
    }
    let pool: CertificatePool<http.Agent>;
    try {
      pool = this.#pools.acquire(credential, this.#trust.current());
    } catch (error) {
      return Promise.reject(error);
    }
    let outgoing: http.ClientRequest;
    try {
      outgoing = (this.#plain?.plainRequest ?? https.request)({
        agent: pool.connections,
        host: this.#target.host,
        port: this.#target.port,
        method: request.method,
        path: this.#pathPrefix + request.path,
        headers: this.#headers(request, credential),
      });
    } catch (error) {
      this.#pools.release(pool);
      return Promise.reject(unsendable(error, request.method, label));
    }
    return exchange(outgoing, request, this.#context, () => this.#pools.release(pool));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pools.close();
    await this.#upgrades.close();
  }

  #headers(request: TransportRequest, credential: Credential): http.OutgoingHttpHeaders {
    const headers: http.OutgoingHttpHeaders = { ...this.#fixedHeaders };
    const isAnother = request.headers["impersonate-user"] !== undefined;
    for (const name in credential.headers) {
      // Who names the user to act as means the whole user, and not the kubeconfig's groups.
      if (!isAnother || !name.startsWith("impersonate-")) headers[name] = credential.headers[name] as string;
    }
    // The caller's come last: an `authorization` of his own stands.
    for (const name in request.headers) headers[name] = request.headers[name] as string;
    const { body } = request;
    // Said always, since the runtimes send a DELETE's body without either.
    if (typeof body === "string") headers["content-length"] = Buffer.byteLength(body);
    else if (body instanceof Uint8Array) headers["content-length"] = body.byteLength;
    else if (body !== undefined) headers["transfer-encoding"] = "chunked";
    return headers;
  }
}
