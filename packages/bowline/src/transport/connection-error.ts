/**
 * The errors of everything below HTTP: names, sockets, TLS, proxies, bodies that end too early.
 */
import { KubeError } from "../core/kube-error.ts";

/**
 * What went wrong below HTTP.
 *
 * - `ConnectionRefused`, `HostNotFound`, `HostUnreachable`, `ConnectTimeout`: no connection was made.
 * - `CertificateUntrusted`, `CertificateNameMismatch`, `CertificateExpired`: the server's certificate was not accepted.
 * - `ClientCertificateRejected`, `ClientCertificateInvalid`: ours was not accepted, or cannot be used.
 * - `NotTls`, `TlsFailed`, `NotHttp`: the two ends do not speak the same protocol.
 * - `NotWebSocket`: the server answered a request for a WebSocket with something else.
 * - `ProxyUnreachable`, `ProxyRefused`, `ProxyInvalid`: the proxy, not the server.
 * - `ConnectionReset`: the connection ended before an answer; whether the request was carried out is not known.
 * - `BodyCut`, `BodyCorrupt`: the answer began and is not whole.
 * - `TransportClosed`: the transport was closed before or during the call.
 */
export type ConnectionErrorCode =
  | "ConnectionRefused"
  | "HostNotFound"
  | "HostUnreachable"
  | "ConnectTimeout"
  | "CertificateUntrusted"
  | "CertificateNameMismatch"
  | "CertificateExpired"
  | "ClientCertificateRejected"
  | "ClientCertificateInvalid"
  | "NotTls"
  | "TlsFailed"
  | "NotHttp"
  | "NotWebSocket"
  | "ProxyUnreachable"
  | "ProxyRefused"
  | "ProxyInvalid"
  | "ConnectionReset"
  | "BodyCut"
  | "BodyCorrupt"
  | "TransportClosed"
  | "ConnectionFailed";

/** What a {@link ConnectionError} is made with besides its code and message. */
export interface ConnectionErrorOptions extends ErrorOptions {
  /** The server as the user knows it, without credentials: `https://host:port`. */
  readonly server: string;
  /** Default: by code, see {@link ConnectionError.wasSent}. */
  readonly wasSent?: boolean | undefined;
}

/** The request may have reached the server before these. */
const afterSending: ReadonlySet<ConnectionErrorCode> = new Set<ConnectionErrorCode>([
  "ConnectionReset",
  "BodyCut",
  "BodyCorrupt",
  "NotHttp",
  "NotWebSocket",
  "TransportClosed",
  "ConnectionFailed",
]);

/** These come and go; the others stay until somebody changes a setting. */
const passing: ReadonlySet<ConnectionErrorCode> = new Set<ConnectionErrorCode>([
  "ConnectionRefused",
  "HostNotFound",
  "HostUnreachable",
  "ConnectTimeout",
  "ConnectionReset",
  "BodyCut",
  "ProxyUnreachable",
  "ConnectionFailed",
]);

/**
 * A request that failed below HTTP. `retryable` is true where the cause may pass by itself; a request that changes
 * something should only be repeated blindly where `wasSent` is false.
 */
export class ConnectionError extends KubeError {
  declare readonly code: ConnectionErrorCode;
  /** The server as the user knows it: `https://host:port`. */
  readonly server: string;
  /** Whether the server may have seen the request. False: it certainly has not. */
  readonly wasSent: boolean;

  constructor(code: ConnectionErrorCode, message: string, options: ConnectionErrorOptions) {
    super(code, message, { cause: options.cause, retryable: passing.has(code) });
    this.server = options.server;
    this.wasSent = options.wasSent ?? afterSending.has(code);
  }
}
