import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeError } from "../core/kube-error.ts";
import { ConnectionError } from "./connection-error.ts";
import { connectionFailure, failureCode } from "./connection-failure.ts";

const raw = (code: string | undefined, message = "", more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

test("the runtimes' words for the same failure get one code", () => {
  const cases: readonly (readonly [string, Error])[] = [
    ["ConnectionRefused", raw("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1")],
    ["ConnectionRefused", raw("ConnectionRefused", "Unable to connect. Is the computer able to access the url?")],
    ["ConnectionRefused", Object.assign(new AggregateError([raw("ECONNREFUSED"), raw("ECONNREFUSED")]), {})],
    ["HostNotFound", raw("ENOTFOUND")],
    ["HostNotFound", raw("EAI_AGAIN")],
    ["ConnectionReset", raw("ECONNRESET", "socket hang up")],
    ["ConnectionReset", raw("EPIPE")],
    ["ConnectionReset", raw("UND_ERR_SOCKET", "other side closed")],
    ["ConnectTimeout", raw("UND_ERR_CONNECT_TIMEOUT")],
    ["CertificateUntrusted", raw("SELF_SIGNED_CERT_IN_CHAIN")],
    ["CertificateUntrusted", raw(undefined, "fetch failed", { cause: raw("UNABLE_TO_VERIFY_LEAF_SIGNATURE") })],
    ["CertificateUntrusted", raw(undefined, "invalid peer certificate: UnknownIssuer")],
    ["CertificateNameMismatch", raw("ERR_TLS_CERT_ALTNAME_INVALID")],
    ["CertificateNameMismatch", raw(undefined, "invalid peer certificate: NotValidForName")],
    ["CertificateExpired", raw("CERT_HAS_EXPIRED")],
    [
      "NotTls",
      raw("EPROTO", "40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/x.c:354:"),
    ],
    ["NotTls", raw("ERR_SSL_WRONG_VERSION_NUMBER")],
    ["ClientCertificateRejected", raw("ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "ssl/tls alert bad certificate")],
    [
      "ClientCertificateRejected",
      raw("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"),
    ],
    ["ClientCertificateRejected", raw("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tlsv1 alert unknown ca")],
    ["TlsFailed", raw("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tlsv1 alert protocol version")],
    ["NotHttp", raw("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/")],
    ["ConnectionFailed", raw("EWHATEVER", "strange")],
  ];
  for (const [code, error] of cases)
    assert.equal(failureCode(error), code, `${(error as { code?: string }).code} ${error.message}`);
  for (const odd of [undefined, null, "text", 7, {}]) assert.equal(failureCode(odd), "ConnectionFailed");
});

test("a failure before the handshake was certainly not sent, whatever the caller believes", () => {
  const at = (code: string) => connectionFailure(raw(code), { server: "https://c:1", wasSent: true });
  assert.equal(at("ECONNREFUSED").wasSent, false);
  assert.equal(at("CERT_HAS_EXPIRED").wasSent, false);
  assert.equal(at("ECONNRESET").wasSent, true);
});

test("an unreachable proxy is told apart from an unreachable server", () => {
  const error = connectionFailure(raw("ECONNREFUSED"), { server: "https://c:1", proxy: "proxy:3128", wasSent: false });
  assert.equal(error.code, "ProxyUnreachable");
  assert.match(error.message, /cannot reach https:\/\/c:1: the proxy proxy:3128 cannot be reached/);
});

test("a connection error says whether trying again can help, and is a KubeError", () => {
  const of = (code: "ConnectionRefused" | "CertificateUntrusted") =>
    new ConnectionError(code, "m", { server: "s", cause: 1 });
  assert.equal(of("ConnectionRefused").retryable, true);
  assert.equal(of("CertificateUntrusted").retryable, false);
  assert.ok(of("ConnectionRefused") instanceof KubeError);
  assert.equal(of("ConnectionRefused").cause, 1);
  assert.equal(connectionFailure(of("ConnectionRefused"), { server: "other", wasSent: true }).server, "s");
});

test("OpenSSL's position in its own sources is not repeated", () => {
  const text =
    "80B2:error:0A000152:SSL routines:final_renegotiate:unsafe legacy renegotiation disabled:../deps/openssl/openssl/ssl/statem/extensions.c:922:";
  const { message } = connectionFailure(raw("EPROTO", text), { server: "https://c:1", wasSent: false });
  assert.match(message, /unsafe legacy renegotiation disabled\)$/);
});
