/**
 * A client certificate and key in files that are replaced while the program runs.
 */
import type { FileOrData } from "../config/cluster.ts";
import type { Host } from "../config/host.ts";
import { systemReason } from "../config/host.ts";
import { renewedCertificate } from "./client-certificate.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";
import { fixedPart } from "./credential-part.ts";
import { FilePart } from "./file-part.ts";

/**
 * How often the files are looked at.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/transport/transport.go
 */
export const certificateMaxAgeMs = 1000;

/**
 * The part for a certificate and its key. Read again while the program runs where both are files; otherwise read once.
 *
 * @throws CredentialError where they cannot be read or do not belong together.
 */
export function clientCertificatePart(host: Host, cert: FileOrData, key: FileOrData, origin: string): CredentialPart {
  const read = (before?: PartState): PartState => {
    const known = before?.clientCertificate;
    const texts = [readPem(host, cert, origin), readPem(host, key, origin)] as const;
    const certificate = renewedCertificate(known, ...texts, origin);
    return before !== undefined && certificate === known ? before : { clientCertificate: certificate };
  };
  if (!("file" in cert && "file" in key)) return fixedPart(read());
  const part = new FilePart(host, { maxAgeMs: certificateMaxAgeMs, read });
  part.current();
  return part;
}

function readPem(host: Host, source: FileOrData, origin: string): string {
  if ("data" in source) return source.data;
  try {
    return Buffer.from(host.readFile(source.file)).toString("utf8");
  } catch (error) {
    const path = JSON.stringify(source.file);
    throw new CredentialError(
      "ClientCertificateInvalid",
      `the file ${path} of ${origin} cannot be read: ${systemReason(error)}`,
      { retryable: true },
    );
  }
}
