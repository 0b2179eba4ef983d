/**
 * HTTPS on a port of the loopback address, with every connection kept track of so that closing leaves nothing.
 */
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions, type Server as TlsServer } from "node:tls";
import type { KeyPair } from "./certificates.ts";

export interface ListenerConfig {
  readonly certificate: KeyPair;
  /** PEM; whose client certificates are good. */
  readonly clientAuthority: string;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  readonly host: string;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Told of each connection whose handshake is done. */
  readonly onConnection?: ((socket: TLSSocket) => void) | undefined;
}

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Breaks every connection. */
  dropConnections(): void;
  /** Ends every connection and stops listening. Idempotent. */
  close(): Promise<void>;
}

export async function listen(config: ListenerConfig): Promise<Listener> {
  const options: TlsOptions = {
    cert: config.certificate.certificate,
    key: config.certificate.key,
    ca: [config.clientAuthority],
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  };
  const { http, tls } = isBun ? separateServers(options, config) : oneServer(options, config);
  // Clients decide when an idle connection has lived long enough.
  http.keepAliveTimeout = 90_000;
  http.headersTimeout = 95_000;
  http.requestTimeout = 0;
  const sockets = new Set<{ destroy(): void }>();
  tls.on("connection", (socket: { destroy(): void; once(event: "close", run: () => void): void }) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  tls.on("secureConnection", (socket: TLSSocket) => {
    config.onConnection?.(socket);
    socket.on("error", () => socket.destroy());
  });
  // A client that breaks off its handshake is its own affair.
  tls.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve, reject) => {
    tls.once("error", reject);
    tls.listen(config.port ?? 0, config.host, () => {
      tls.off("error", reject);
      resolve();
    });
  });
  let closing: Promise<void> | undefined;
  const dropConnections = () => {
    for (const socket of [...sockets]) socket.destroy();
  };
  return {
    port: (tls.address() as AddressInfo).port,
    dropConnections,
    close: () => {
      closing ??= new Promise((resolve) => {
        tls.close(() => resolve());
        http.closeAllConnections?.();
        dropConnections();
      });
      return closing;
    },
  };
}

interface Servers {
  readonly http: HttpServer | HttpsServer;
  readonly tls: TlsServer;
}

function oneServer(options: TlsOptions, config: ListenerConfig): Servers {
  const server = createHttpsServer(options, config.onRequest);
  return { http: server, tls: server };
}

/** Bun's HTTPS server does not show a handler the client's certificate; a TLS server in front of an HTTP server does. */
function separateServers(options: TlsOptions, config: ListenerConfig): Servers {
  const http = createHttpServer({ keepAlive: true }, config.onRequest);
  return { http, tls: createTlsServer(options, (socket) => http.emit("connection", socket)) };
}

const isBun: boolean = "bun" in process.versions;
