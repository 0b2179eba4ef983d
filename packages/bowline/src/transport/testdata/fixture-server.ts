/**
 * Servers for the transport's tests: small, strict about nothing, and counting what the tests ask about.
 */
import { readFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import type { Credential, CredentialSource } from "../../auth/credential.ts";
import type { Cluster } from "../../config/cluster.ts";
import type { TransportResponse } from "../transport.ts";

interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

type CertificateName =
  | "ca"
  | "otherCa"
  | "server"
  | "otherName"
  | "otherServer"
  | "expired"
  | "clientA"
  | "clientB"
  | "clientOfOtherCa";

/** Made by make-certificates.mjs. */
export const certificates: Readonly<Record<CertificateName, KeyPair>> = JSON.parse(
  readFileSync(new URL("certificates.json", import.meta.url), "utf8"),
);

export interface FixtureServer extends AsyncDisposable {
  readonly port: number;
  /** TLS handshakes, or TCP connections of a server without TLS. */
  readonly connections: number;
  /** Those that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server that asks for a client certificate as kube-apiserver does; HTTP with `pair` null. */
export async function startServer(
  handler: Handler,
  pair: KeyPair | null = certificates.server,
  options: https.ServerOptions = {},
): Promise<FixtureServer> {
  const server =
    pair === null
      ? http.createServer(handler)
      : https.createServer(
          { ...pair, ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: false, ...options },
          handler,
        );
  return listen(server, pair === null ? "connection" : "secureConnection");
}

/** The common name of the client certificate that a connection came with. */
export function clientName(socket: Socket): string {
  const { subject } = (socket as tls.TLSSocket).getPeerCertificate();
  return String(subject?.CN ?? "nobody");
}

/**
 * A server that answers each GET with the name of its client's certificate. By hand over node:tls, because the HTTPS server
 * of Bun does not show certificates.
 */
export async function startNamingServer(
  handler: (socket: Socket, path: string) => void = (socket) => respond(socket, clientName(socket)),
  options: tls.TlsOptions = {},
): Promise<FixtureServer> {
  const server = tls.createServer({
    ...certificates.server,
    ca: certificates.ca.cert,
    requestCert: true,
    rejectUnauthorized: false,
    ...options,
  });
  server.on("secureConnection", (socket) => {
    socket.on("data", (chunk) => {
      for (const [, path] of String(chunk).matchAll(/^[A-Z]+ (\S+) HTTP/gm)) handler(socket, path ?? "");
    });
  });
  return listen(server, "secureConnection");
}

/** A whole answer, by hand. */
export function respond(socket: Socket, body: string): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}

/** A server of raw sockets. */
export async function startRawServer(onConnection: (socket: Socket) => void): Promise<FixtureServer> {
  return listen(net.createServer(onConnection), "connection");
}

/** Listens on a port of its own, and closes every connection when disposed. */
export async function listen(
  server: net.Server,
  countedEvent: "connection" | "secureConnection",
): Promise<FixtureServer> {
  const sockets = new Set<Socket>();
  const tcp = new Set<Socket>();
  let connections = 0;
  server.on(countedEvent, (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  server.on("connection", (socket: Socket) => {
    tcp.add(socket);
    socket.on("close", () => tcp.delete(socket));
    socket.on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of tcp) socket.destroy();
      await closed;
    },
  };
}

/** A cluster on this machine that trusts the tests' CA. */
export function clusterAt(port: number, changes: Partial<Cluster> = {}): Cluster {
  return {
    name: "fixture",
    server: new URL(`https://127.0.0.1:${port}`),
    certificateAuthority: { data: certificates.ca.cert },
    insecureSkipTlsVerify: false,
    disableCompression: false,
    ...changes,
  };
}

export const anonymous: Credential = { generation: 0, headers: {} };

/** A credential with a client certificate; `generation` serves for both. */
export function withCertificate(pair: KeyPair, generation: number): Credential {
  return { generation, headers: {}, clientCertificate: { ...pair, generation } };
}

/** Always the same credential. */
export function fixedCredential(credential: Credential = anonymous): CredentialSource {
  return { credential: () => credential, refresh: async () => credential, close: () => undefined };
}

export async function textOf(response: TransportResponse): Promise<string> {
  return new TextDecoder().decode(await response.bytes());
}
