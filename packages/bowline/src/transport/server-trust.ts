/**
 * Which certificate authority a cluster's server is checked against, read again as its file changes.
 */
import { readFileSync } from "node:fs";
import type { Cluster } from "../config/cluster.ts";
import { authoritiesOf } from "../config/pem.ts";
import { KubeError } from "../core/kube-error.ts";

/** How often a CA file is looked at; client-go's figure. */
const RELOAD_INTERVAL_MS = 5 * 60_000;

/** A CA bundle in use. Connections made under another generation are not used for new requests. */
export interface ServerTrust {
  readonly generation: number;
  /** PEM; undefined for the runtime's own roots. */
  readonly certificateAuthority: string | undefined;
}

/**
 * Yields the trust of one cluster.
 *
 * A CA file is read at the first request and looked at again at most every five minutes, when a request is sent; a file that
 * has become unreadable, empty or not PEM leaves the last good one in use.
 */
export class ServerTrustSource {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  #current: ServerTrust | undefined;
  #readAt = 0;

  /** @throws KubeError `InsecureWithCertificateAuthority` where a CA is given and verification is off: one of them is a mistake. */
  constructor(cluster: Cluster, now: () => number = Date.now) {
    if (cluster.insecureSkipTlsVerify && cluster.certificateAuthority !== undefined) {
      throw new KubeError(
        "InsecureWithCertificateAuthority",
        `cluster "${cluster.name}" has a certificate authority and insecure-skip-tls-verify: remove one of them from the kubeconfig`,
      );
    }
    this.#cluster = cluster;
    this.#now = now;
  }

  /** @throws KubeError `CertificateAuthorityInvalid` where there is none that can be read and used. */
  current(): ServerTrust {
    const authority = this.#cluster.certificateAuthority;
    if (this.#current !== undefined) {
      if (authority === undefined || "data" in authority) return this.#current;
      const now = this.#now();
      if (now - this.#readAt >= RELOAD_INTERVAL_MS) this.#reload(authority.file, now);
      return this.#current;
    }
    this.#current = { generation: 0, certificateAuthority: this.#first() };
    this.#readAt = this.#now();
    return this.#current;
  }

  #first(): string | undefined {
    const authority = this.#cluster.certificateAuthority;
    if (authority === undefined) return undefined;
    if ("data" in authority)
      return checked(authority.data, `certificate-authority-data of cluster "${this.#cluster.name}"`);
    let text: string;
    try {
      text = readFileSync(authority.file, "utf8");
    } catch (error) {
      const message = `cannot read the certificate authority of cluster "${this.#cluster.name}" from ${authority.file}; check \`certificate-authority\` in the kubeconfig`;
      throw new KubeError("CertificateAuthorityInvalid", message, { cause: error });
    }
    return checked(text, authority.file);
  }

  #reload(file: string, now: number): void {
    this.#readAt = now;
    const current = this.#current;
    if (current === undefined) return;
    try {
      const text = checked(readFileSync(file, "utf8"), file);
      if (text !== current.certificateAuthority) {
        this.#current = { generation: current.generation + 1, certificateAuthority: text };
      }
    } catch {
      // A half-written file is usual while it is being rotated; the next look finds it whole.
    }
  }
}

/** An empty bundle would mean "trust the public roots" to some runtimes and "trust nothing" to others: neither is wanted. */
function checked(pem: string, where: string): string {
  const authorities = authoritiesOf(pem);
  if (authorities !== "") return authorities;
  throw new KubeError(
    "CertificateAuthorityInvalid",
    `${where} holds no PEM certificate; it must be the CA bundle of the server`,
  );
}
