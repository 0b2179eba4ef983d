/**
 * The certificates of the recording server, the proxies and the cases.
 */
import { readFileSync } from "node:fs";

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export type CertificateName =
  | "ca"
  | "otherCa"
  | "server"
  | "otherName"
  | "otherServer"
  | "expired"
  | "clientA"
  | "clientB"
  | "clientOfOtherCa";

const file = new URL("../../packages/bowline/src/transport/testdata/certificates.json", import.meta.url);

/** Long-lived; the same that the transport's tests use. */
export const certificates: Readonly<Record<CertificateName, KeyPair>> = JSON.parse(readFileSync(file, "utf8"));

/** The placeholders of PEM texts, plain, in base64 and inside a JSON string. */
export const pemPlaceholders: Readonly<Record<string, string>> = withEncodings({
  CA: certificates.ca.cert,
  OTHER_CA: certificates.otherCa.cert,
  CERT_A: certificates.clientA.cert,
  KEY_A: certificates.clientA.key,
  CERT_B: certificates.clientB.cert,
  KEY_B: certificates.clientB.key,
});

function withEncodings(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const encoded = Object.entries(texts).flatMap(([name, text]) => [
    [`${name}64`, Buffer.from(text).toString("base64")],
    [`${name}_JSON`, JSON.stringify(text).slice(1, -1)],
  ]);
  return { ...texts, ...Object.fromEntries(encoded) };
}
