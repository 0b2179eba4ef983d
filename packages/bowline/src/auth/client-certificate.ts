/**
 * Client certificates: checked when they are read, and numbered so that connections are never shared between two of them.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { certificateChainOf, privateKeyBlockOf, writePem } from "../config/pem.ts";
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
export function clientCertificate(certText: string, keyText: string, origin: string): ClientCertificate {
  const chain = certificateChainOf(certText);
  const cert = chain.join("");
  const key = privateKeyOf(keyText);
  checkPair(chain, key, origin);
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
  const isSame = before?.cert === certificateChainOf(cert).join("") && before.key === privateKeyOf(key);
  return before !== undefined && isSame ? before : clientCertificate(cert, key, origin);
}

/** The first key of the text in a form that this runtime can use, whatever it is labelled; `""` for one that it cannot. */
function privateKeyOf(text: string): string | undefined {
  const block = privateKeyBlockOf(text);
  if (block === undefined) return undefined;
  const forms = [block.label, "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];
  return forms.map((label) => writePem(block, label)).find(isPrivateKey) ?? "";
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
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

function checkPair(chain: readonly string[], key: string | undefined, origin: string): asserts key is string {
  const invalid = (reason: string): CredentialError =>
    new CredentialError("ClientCertificateInvalid", `the client certificate of ${origin} cannot be used: ${reason}`);
  const [first] = chain;
  if (first === undefined) throw invalid("the certificate is not PEM");
  if (key === undefined) throw invalid("the key is not PEM");
  if (key === "") throw invalid("the key cannot be parsed, or is encrypted");
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(first);
    for (const each of chain.slice(1)) new X509Certificate(each);
  } catch {
    throw invalid("the certificate cannot be parsed");
  }
  if (!belongsTo(leaf, createPrivateKey(key))) throw invalid("the key belongs to another certificate");
}

function belongsTo(leaf: X509Certificate, key: ReturnType<typeof createPrivateKey>): boolean {
  try {
    return leaf.checkPrivateKey(key);
  } catch {
    // A runtime without this check: the handshake will tell.
    return true;
  }
}
