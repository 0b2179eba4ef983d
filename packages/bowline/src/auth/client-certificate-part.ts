/**
 * A client certificate and key in files that are replaced while the program runs.
 */
import type { FileOrData } from "../config/cluster.ts";
import type { Host } from "../config/host.ts";
import { systemReason } from "../config/host.ts";
import { clientCertificate, renewedCertificate } from "./client-certificate.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";
import { fixedPart } from "./credential-part.ts";

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
  if ("file" in cert && "file" in key) {
    const part = new CertificateFilesPart(host, cert.file, key.file, origin);
    part.current();
    return part;
  }
  const [certText, keyText] = [readPem(host, cert, origin), readPem(host, key, origin)];
  return fixedPart({ clientCertificate: clientCertificate(certText, keyText, origin) });
}

class CertificateFilesPart implements CredentialPart {
  readonly #host: Host;
  readonly #certFile: string;
  readonly #keyFile: string;
  readonly #origin: string;
  #state: PartState | undefined;
  #readAtMs = 0;

  constructor(host: Host, certFile: string, keyFile: string, origin: string) {
    this.#host = host;
    this.#certFile = certFile;
    this.#keyFile = keyFile;
    this.#origin = origin;
  }

  current(): PartState {
    const isFresh = this.#host.now() - this.#readAtMs < certificateMaxAgeMs;
    return this.#state !== undefined && isFresh ? this.#state : this.#read();
  }

  refresh(rejected: PartState): PartState {
    return this.#state === rejected ? this.#read() : (this.#state ?? this.#read());
  }

  close(): void {
    this.#state = undefined;
  }

  #read(): PartState {
    const before = this.#state;
    try {
      const cert = readPem(this.#host, { file: this.#certFile }, this.#origin);
      const key = readPem(this.#host, { file: this.#keyFile }, this.#origin);
      this.#readAtMs = this.#host.now();
      const known = before?.clientCertificate;
      const certificate = renewedCertificate(known, cert, key, this.#origin);
      if (before !== undefined && certificate === known) return before;
      this.#state = { clientCertificate: certificate };
      return this.#state;
    } catch (error) {
      // In the middle of a replacement the two files may not belong together: the old pair stays until they do.
      if (before !== undefined) return before;
      throw error;
    }
  }
}

function readPem(host: Host, source: FileOrData, origin: string): string {
  if ("data" in source) return source.data;
  try {
    return new TextDecoder().decode(host.readFile(source.file));
  } catch (error) {
    const path = JSON.stringify(source.file);
    throw new CredentialError(
      "ClientCertificateInvalid",
      `the file ${path} of ${origin} cannot be read: ${systemReason(error)}`,
      { retryable: true },
    );
  }
}
