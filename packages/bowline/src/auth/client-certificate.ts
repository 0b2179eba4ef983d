/**
 * Client certificates: checked when they are read, and numbered so that connections are never shared between two of them.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { redact } from "../config/redaction.ts";
import type { ClientCertificate } from "./credential.ts";
import { CredentialError } from "./credential-error.ts";

let lastGeneration = 0;

/**
 * A certificate and its key with a generation of their own.
 *
 * @param origin whose they are, for the error.
 * @throws {@link CredentialError} `ClientCertificateInvalid` where either is not PEM, or they do not belong together.
 */
export function clientCertificate(cert: string, keyText: string, origin: string): ClientCertificate {
  const key = privateKeyOf(keyText);
  checkPair(cert, key, origin);
  lastGeneration += 1;
  const generation = lastGeneration;
  return redact({ generation, cert, key }, () => ({ generation, certificate: certificateFacts(cert) }));
}

/** `before` where it is the same certificate and key, so that its connections stay in use; else a new one. */
export function renewedCertificate(
  before: ClientCertificate | undefined,
  cert: string,
  key: string,
  origin: string,
): ClientCertificate {
  return before?.cert === cert && before.key === privateKeyOf(key) ? before : clientCertificate(cert, key, origin);
}

/** The key without the certificates and parameters that may stand in one text with it, which not every runtime skips. */
function privateKeyOf(text: string): string {
  return /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----\n?/.exec(text)?.[0] ?? text;
}

/** What may be shown of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Subject and validity of the first certificate; `undefined` where the runtime cannot read it. */
export function certificateFacts(cert: string): CertificateFacts | undefined {
  try {
    const { subject, validFrom, validTo } = new X509Certificate(cert);
    return { subject: subject.replaceAll("\n", ","), notBefore: new Date(validFrom), notAfter: new Date(validTo) };
  } catch {
    return undefined;
  }
}

function checkPair(cert: string, key: string, origin: string): void {
  const invalid = (reason: string): CredentialError =>
    new CredentialError("ClientCertificateInvalid", `the client certificate of ${origin} cannot be used: ${reason}`);
  if (!/-----BEGIN CERTIFICATE-----/.test(cert)) throw invalid("the certificate is not PEM");
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(key)) throw invalid("the key is not PEM");
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(cert);
  } catch {
    throw invalid("the certificate cannot be parsed");
  }
  let privateKey: ReturnType<typeof createPrivateKey>;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw invalid("the key cannot be parsed, or is encrypted");
  }
  if (!belongsTo(leaf, privateKey)) throw invalid("the key belongs to another certificate");
}

function belongsTo(leaf: X509Certificate, key: ReturnType<typeof createPrivateKey>): boolean {
  try {
    return leaf.checkPrivateKey(key);
  } catch {
    // A runtime without this check: the handshake will tell.
    return true;
  }
}
