/**
 * Certificates, keys and certificate authorities in all the forms that they are written in.
 */
import { readFileSync } from "node:fs";
import type { CredentialCase } from "../case.ts";
import { certificates } from "../certificates.ts";
import { credential, exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

const keys: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("../client-keys.json", import.meta.url), "utf8"),
);
const keyOf = (name: string): string => keys[name] ?? name;

const ca = certificates.ca.cert;
const otherCa = certificates.otherCa.cert;
const a = certificates.clientA;
const b = certificates.clientB;
const other = certificates.clientOfOtherCa;

const crlf = (pem: string): string => pem.replaceAll("\n", "\r\n");
/** The same PEM block with another label. */
const labelled = (pem: string, label: string): string =>
  pem.replace(/-----(BEGIN|END) [A-Z ]+-----/g, `-----$1 ${label}-----`);
/** The base64 of a PEM block with its lines in another shape. */
const reshaped = (pem: string, shape: (body: string) => string): string =>
  pem.replace(
    /(-----BEGIN [A-Z ]+-----\n)([\s\S]*?)\n(-----END)/g,
    (_, begin: string, body: string, end: string) => begin + shape(body) + end,
  );

const bad = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
const badBase64 = "-----BEGIN CERTIFICATE-----\n###\n-----END CERTIFICATE-----\n";

/** Texts with the recording server's certificate authority in them. */
const authorities: Readonly<Record<string, string>> = {
  plain: ca,
  "text before": `hello\n${ca}`,
  "text before on the same line": `hello ${ca}`,
  "text after": `${ca}hello\n`,
  "text on the line of its end": `${ca.trimEnd()}hello\n`,
  "text between": `${otherCa}hello\n\n${ca}`,
  "carriage returns": crlf(ca),
  "carriage returns alone": ca.replaceAll("\n", "\r"),
  "no line break at the end": ca.trimEnd(),
  indented: ca.replace(/^/gm, "  "),
  "inner lines indented": reshaped(ca, (body) => body.replace(/^/gm, "  ").concat("\n")),
  "with headers": reshaped(ca, (body) => `Proc-Type: 4\nFoo: bar\n\n${body}\n`),
  "on one line": reshaped(ca, (body) => body.replaceAll("\n", "")),
  "of one long line": reshaped(ca, (body) => body.replaceAll("\n", "").concat("\n")),
  "with empty lines": reshaped(ca, (body) => `\n${body}\n\n`),
  "spaces at the ends of lines": ca.replaceAll("\n", "  \n"),
  "spaces at the ends of inner lines": reshaped(ca, (body) => body.replaceAll("\n", "  \n").concat("\n")),
  "base64 without its padding": reshaped(ca, (body) => body.replace(/=+$/, "").concat("\n")),
  "TRUSTED CERTIFICATE": labelled(ca, "TRUSTED CERTIFICATE"),
  "X509 CERTIFICATE": labelled(ca, "X509 CERTIFICATE"),
  "lower case": labelled(ca, "certificate"),
  "no dashes": ca.replaceAll("-----", "---"),
  "another end": ca.replace("END CERTIFICATE", "END CRL"),
  "bad base64 first": badBase64 + ca,
  "bad base64 last": ca + badBase64,
  "bad certificate first": bad + ca,
  "bad certificate last": ca + bad,
  "bad certificate alone": bad,
  "empty certificate first": `-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n${ca}`,
  "unfinished last": `${ca}-----BEGIN CERTIFICATE-----\naGVs`,
  "unfinished first": `-----BEGIN CERTIFICATE-----\naGVs\n${ca}`,
  "a key first": a.key + ca,
  "a key alone": a.key,
  "the server's own certificate": certificates.server.cert,
  "a client's certificate": a.cert,
  "twice the same": ca + ca,
  "a byte order mark": `\ufeff${ca}`,
  "white space": " \n",
  "a hundred others first": otherCa.repeat(100) + ca,
};

/** A certificate and its key, in texts. */
const pairs: Readonly<Record<string, readonly [string, string]>> = {
  "RSA PKCS1": [keyOf("rsaCert"), keyOf("rsaPkcs1")],
  "RSA PKCS8": [keyOf("rsaCert"), keyOf("rsaKey")],
  "EC SEC1": [keyOf("ecCert"), keyOf("ecSec1")],
  "EC PKCS8": [keyOf("ecCert"), keyOf("ecKey")],
  "EC of 384 bits": [keyOf("ec384Cert"), keyOf("ec384Key")],
  ed25519: [keyOf("ed25519Cert"), keyOf("ed25519Key")],
  "encrypted PKCS8": [keyOf("rsaCert"), keyOf("rsaEncrypted")],
  "encrypted PKCS1": [keyOf("rsaCert"), keyOf("rsaPkcs1Encrypted")],
  "EC parameters first": [keyOf("ecCert"), keyOf("ecParameters") + keyOf("ecSec1")],
  "key of another kind": [keyOf("rsaCert"), keyOf("ecKey")],
  "text before both": [`hello\n${a.cert}`, `hello\n${a.key}`],
  "text after both": [`${a.cert}hello\n`, `${a.key}hello\n`],
  "key first in the certificate's": [a.key + a.cert, a.key],
  "certificate first in the key's": [a.cert, a.cert + a.key],
  "another key first": [a.cert, b.key + a.key],
  "another key after": [a.cert, a.key + b.key],
  "chain in order": [a.cert + ca, a.key],
  "chain out of order": [ca + a.cert, a.key],
  "chain with garbage": [`${a.cert}hello\n${ca}`, a.key],
  "chain with a bad certificate": [a.cert + bad, a.key],
  "chain with bad base64": [a.cert + badBase64, a.key],
  "bad base64 first": [badBase64 + a.cert, a.key],
  "bad certificate first": [bad + a.cert, a.key],
  "chain of the other certificate": [a.cert + b.cert, a.key],
  "of another authority": [other.cert, other.key],
  "a request for one": [labelled(a.cert, "CERTIFICATE REQUEST"), a.key],
  "label X509": [labelled(a.cert, "X509 CERTIFICATE"), a.key],
  "label TRUSTED": [labelled(a.cert, "TRUSTED CERTIFICATE"), a.key],
  "key named RSA": [a.cert, labelled(a.key, "RSA PRIVATE KEY")],
  "key named PKCS8": [a.cert, labelled(a.key, "PRIVATE KEY")],
  "key named anyhow": [a.cert, labelled(a.key, "ANY PRIVATE KEY")],
  "key named PRIVATE": [a.cert, labelled(a.key, "PRIVATE")],
  "PKCS8 named EC": [keyOf("ecCert"), labelled(keyOf("ecKey"), "EC PRIVATE KEY")],
  "PKCS8 named RSA": [keyOf("rsaCert"), labelled(keyOf("rsaKey"), "RSA PRIVATE KEY")],
  "PKCS1 named PKCS8": [keyOf("rsaCert"), labelled(keyOf("rsaPkcs1"), "PRIVATE KEY")],
  "carriage returns": [crlf(a.cert), crlf(a.key)],
  "no line break at the end": [a.cert.trimEnd(), a.key.trimEnd()],
  "certificate cut off": [a.cert.slice(0, 300), a.key],
  "key cut off": [a.cert, a.key.slice(0, 100)],
  "expired certificate": [keyOf("expiredCert"), keyOf("expiredKey")],
  "white space": [" \n", " \n"],
  "both swapped": [a.key, a.cert],
  "indented lines": [reshaped(a.cert, (body) => body.replace(/^/gm, " ").concat("\n")), a.key],
  "a byte order mark": [`\ufeff${a.cert}`, `\ufeff${a.key}`],
};

const at = { kubeconfig: "@DIR@/config" };
const server = "https://127.0.0.1:@HTTPS@";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function authorityCases(name: string, text: string): readonly CredentialCase[] {
  const inData = { server, "certificate-authority-data": base64(text) };
  return [
    {
      name: `authority: ${name}`,
      files: { "ca.pem": text, config: kubeconfig({ token: "t0" }, { server, "certificate-authority": "ca.pem" }) },
      ...at,
    },
    {
      name: `authority data: ${name}`,
      files: { config: kubeconfig(exec({ provideClusterInfo: true }), inData) },
      plugins: { "bin/p": {} },
      ...at,
    },
  ];
}

function pairCases(name: string, [cert, key]: readonly [string, string]): readonly CredentialCase[] {
  const config = (user: Fields): string => kubeconfig(user, secureCluster);
  return [
    {
      name: `certificate: ${name}`,
      files: { "a.pem": cert, "a.key": key, config: config({ "client-certificate": "a.pem", "client-key": "a.key" }) },
      ...at,
    },
    {
      name: `certificate data: ${name}`,
      files: {
        config: config({
          token: "t0",
          "client-certificate-data": base64(cert),
          "client-key-data": base64(key),
        }),
      },
      ...at,
    },
    {
      name: `certificate of a plugin: ${name}`,
      files: { config: config(exec()) },
      plugins: {
        "bin/p": { outputs: [credential({ token: "t", clientCertificateData: cert, clientKeyData: key })] },
      },
      ...at,
    },
  ];
}

export const certificateCases: readonly CredentialCase[] = [
  ...Object.entries(authorities).flatMap(([name, text]) => authorityCases(name, text)),
  ...Object.entries(pairs).flatMap(([name, pair]) => pairCases(name, pair)),
];
