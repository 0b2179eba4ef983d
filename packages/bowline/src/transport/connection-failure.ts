/**
 * Gives the errors of sockets, TLS and HTTP parsers one name on every runtime, and says what to do about them.
 */
import { ConnectionError, type ConnectionErrorCode } from "./connection-error.ts";

/** Where a failure happened. */
export interface FailureContext {
  /** `https://host:port`, without credentials. */
  readonly server: string;
  /** `host:port` of the proxy in between, without credentials. */
  readonly proxy?: string | undefined;
  /** Whether bytes of the request may have left. */
  readonly wasSent: boolean;
}

/** The client was closed by its owner, before or during a call. */
export function transportClosed(server: string, wasSent: boolean): ConnectionError {
  const message = wasSent
    ? `the client was closed while ${server} was answering; it is not known whether the request was carried out`
    : `cannot reach ${server}: the client was closed`;
  return new ConnectionError("TransportClosed", message, { server, wasSent });
}

/** Error codes of the runtimes, and of undici, that mean the same everywhere. */
const byCode: Readonly<Record<string, ConnectionErrorCode>> = {
  ECONNREFUSED: "ConnectionRefused",
  ConnectionRefused: "ConnectionRefused",
  ENOTFOUND: "HostNotFound",
  EAI_AGAIN: "HostNotFound",
  EAI_FAIL: "HostNotFound",
  EAI_NODATA: "HostNotFound",
  EAI_NONAME: "HostNotFound",
  ESERVFAIL: "HostNotFound",
  EHOSTUNREACH: "HostUnreachable",
  ENETUNREACH: "HostUnreachable",
  EADDRNOTAVAIL: "HostUnreachable",
  EHOSTDOWN: "HostUnreachable",
  ETIMEDOUT: "ConnectTimeout",
  UND_ERR_CONNECT_TIMEOUT: "ConnectTimeout",
  ECONNRESET: "ConnectionReset",
  ECONNABORTED: "ConnectionReset",
  EPIPE: "ConnectionReset",
  UND_ERR_SOCKET: "ConnectionReset",
  ERR_STREAM_PREMATURE_CLOSE: "ConnectionReset",
  ConnectionClosed: "ConnectionReset",
  SELF_SIGNED_CERT_IN_CHAIN: "CertificateUntrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "CertificateUntrusted",
  UNABLE_TO_GET_ISSUER_CERT: "CertificateUntrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "CertificateUntrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "CertificateUntrusted",
  CERT_UNTRUSTED: "CertificateUntrusted",
  CERT_SIGNATURE_FAILURE: "CertificateUntrusted",
  CERT_CHAIN_TOO_LONG: "CertificateUntrusted",
  CERT_REVOKED: "CertificateUntrusted",
  INVALID_CA: "CertificateUntrusted",
  INVALID_PURPOSE: "CertificateUntrusted",
  PATH_LENGTH_EXCEEDED: "CertificateUntrusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "CertificateNameMismatch",
  HOSTNAME_MISMATCH: "CertificateNameMismatch",
  CERT_HAS_EXPIRED: "CertificateExpired",
  CERT_NOT_YET_VALID: "CertificateExpired",
  ERR_SSL_WRONG_VERSION_NUMBER: "NotTls",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "NotTls",
  ERR_SSL_HTTP_REQUEST: "NotTls",
};

/** OpenSSL's words, where a runtime gives no code of its own. Order matters: the first that matches is taken. */
const byText: readonly (readonly [RegExp, ConnectionErrorCode])[] = [
  [
    /wrong version number|packet length too long|unknown protocol|http request|InvalidContentType|corrupt message/i,
    "NotTls",
  ],
  [
    /alert (?:bad certificate|certificate (?:required|unknown|expired|revoked)|unknown ca|unsupported certificate|access denied)/i,
    "ClientCertificateRejected",
  ],
  [/tlsv1[._ 13]*alert|sslv3 alert|ALERT_CERTIFICATE|received fatal alert/i, "TlsFailed"],
  [
    /key[ _]values[ _]mismatch|no[ _]start[ _]line|bad[ _]base64[ _]decode|unsupported pem|asn1|bad[ _]end[ _]line/i,
    "ClientCertificateInvalid",
  ],
  [/self[- ]signed certificate|unable to (?:get|verify)|UnknownIssuer|unknown issuer/i, "CertificateUntrusted"],
  [/altnames|hostname mismatch|NotValidForName|does not match certificate/i, "CertificateNameMismatch"],
  [/certificate has expired|not yet valid|CERT_HAS_EXPIRED/i, "CertificateExpired"],
  [
    /socket hang up|other side closed|premature close|before secure TLS connection|socket (?:was )?(?:disconnected|closed)/i,
    "ConnectionReset",
  ],
  [/connect(?:ion)? ?timed? ?out/i, "ConnectTimeout"],
];

/** The code for an error of a socket, TLS or an HTTP parser; `ConnectionFailed` where nothing is known about it. */
export function failureCode(error: unknown): ConnectionErrorCode {
  for (const one of withCauses(error)) {
    const code = typeof one.code === "string" ? one.code : "";
    const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
    if (known !== undefined) return known;
    if (code.startsWith("HPE_") || one.name === "HTTPParserError") return "NotHttp";
    const text = `${code} ${typeof one.message === "string" ? one.message : ""}`;
    for (const [pattern, named] of byText) if (pattern.test(text)) return named;
    if (code.startsWith("ERR_SSL") || code === "EPROTO" || code.startsWith("ERR_OSSL")) return "TlsFailed";
  }
  return "ConnectionFailed";
}

/** Turns whatever a runtime threw into a {@link ConnectionError}; one that is one already is returned as it is. */
export function connectionFailure(error: unknown, context: FailureContext): ConnectionError {
  if (error instanceof ConnectionError) return error;
  let code = failureCode(error);
  // Resets while connecting are the usual answer of a load balancer with nothing behind it.
  const wasSent = context.wasSent && !beforeSending.has(code);
  if (context.proxy !== undefined && !wasSent && unreachable.has(code)) code = "ProxyUnreachable";
  const message = `cannot reach ${context.server}: ${explain(code, error, context)}`;
  return new ConnectionError(code, message, { cause: error, server: context.server, wasSent });
}

const unreachable: ReadonlySet<ConnectionErrorCode> = new Set(["ConnectionRefused", "HostNotFound", "HostUnreachable"]);

/** No request is on the wire before these are over. */
const beforeSending: ReadonlySet<ConnectionErrorCode> = new Set([
  ...unreachable,
  "CertificateUntrusted",
  "CertificateNameMismatch",
  "CertificateExpired",
  "ClientCertificateInvalid",
  "ClientCertificateRejected",
  "NotTls",
]);

function explain(code: ConnectionErrorCode, error: unknown, { server, proxy, wasSent }: FailureContext): string {
  const detail = detailOf(error);
  switch (code) {
    case "ConnectionRefused":
      return "connection refused; is the server running, and is `server` in the kubeconfig right?";
    case "HostNotFound":
      return "host not found; check the name in `server` of the kubeconfig, and the DNS or VPN that it needs";
    case "HostUnreachable":
      return `no route to it (${detail}); check the network or VPN`;
    case "ConnectTimeout":
      return "no connection in time; check the network, a firewall, or the `proxy-url` that it may need";
    case "CertificateUntrusted":
      return (
        `its certificate is not signed by a trusted authority (${detail}); ` +
        "set `certificate-authority` or `certificate-authority-data` of the cluster in the kubeconfig to the server's CA"
      );
    case "CertificateNameMismatch":
      return `its certificate is for another name (${detail}); use one of those in \`server\`, or set \`tls-server-name\` in the kubeconfig`;
    case "CertificateExpired":
      return `its certificate is not valid now (${detail}); renew it, or correct this machine's clock`;
    case "ClientCertificateRejected":
      return `it rejected the client certificate (${detail}); get a new one for the user in the kubeconfig`;
    case "ClientCertificateInvalid":
      return `the client certificate or its key cannot be used (${detail}); check \`client-certificate\` and \`client-key\` of the user`;
    case "NotTls":
      return "it does not speak TLS; is it an http:// server, or another port?";
    case "TlsFailed":
      return `the TLS handshake failed (${detail})`;
    case "NotHttp":
      return `it does not speak HTTP (${detail}); check the port in \`server\` of the kubeconfig`;
    case "ProxyUnreachable":
      return `the proxy ${proxy ?? ""} cannot be reached (${detail}); check \`proxy-url\` in the kubeconfig, or HTTPS_PROXY and NO_PROXY`;
    case "ConnectionReset":
      return wasSent
        ? `the connection was closed before it answered; it is not known whether the request was carried out${server.startsWith("http:") ? " (a server with TLS answers so to http://: is `server` in the kubeconfig right?)" : ""}`
        : `the connection was closed while it was being made${proxy === undefined ? "" : ` through the proxy ${proxy}`}`;
    default:
      return detail;
  }
}

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The error, then its causes, then the members of an AggregateError (several addresses were tried). */
function* withCauses(error: unknown, depth = 0): Generator<ErrorLike> {
  if (typeof error !== "object" || error === null || depth > 4) return;
  const one = error as ErrorLike;
  yield one;
  yield* withCauses(one.cause, depth + 1);
  if (Array.isArray(one.errors)) for (const member of one.errors) yield* withCauses(member, depth + 1);
}

/** One line of what the runtime said; the codes of several addresses where it only said that. */
function detailOf(error: unknown): string {
  for (const one of withCauses(error)) {
    if (typeof one.message === "string" && one.message !== "") return firstLine(one.message);
    if (typeof one.code === "string") return one.code;
  }
  return "no reason given";
}

function firstLine(text: string): string {
  // OpenSSL prefixes its messages with thread, code and source file, which tell nobody anything.
  const line = (text.split("\n", 1)[0] ?? "")
    .replace(/^[0-9A-F]{8,}:error:[0-9A-F]+:/i, "")
    .replace(/:(?:\.\.\/)*deps\/openssl\/.*$/, "");
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
