/**
 * Pools of connections, one per client certificate and CA: requests with another certificate never share a connection.
 */
import type { ClientCertificate, Credential } from "../auth/credential.ts";
import { checkClientCertificate } from "./client-certificate.ts";
import type { ServerTrust } from "./server-trust.ts";

/** How pools are made and ended, by the HTTP library that they belong to. */
export interface PoolMaker<P> {
  open(trust: ServerTrust, certificate: ClientCertificate | undefined): P;
  /** Takes no new requests any more: closes the idle connections. */
  retire(connections: P): void;
  /** Closes all connections. */
  end(connections: P): void;
}

/** One keep-alive pool and the number of requests that are using it. */
export interface CertificatePool<P> {
  readonly connections: P;
  readonly certificateGeneration: number;
  readonly trustGeneration: number;
  active: number;
  isRetired: boolean;
}

/**
 * The pools of one cluster. The newest credential's pool takes the new requests; the others drain: requests in flight,
 * watches among them, go on undisturbed, and their connections close as they end.
 */
export class CertificatePools<P> {
  readonly #maker: PoolMaker<P>;
  readonly #label: string;
  readonly #draining = new Set<CertificatePool<P>>();
  #current: CertificatePool<P> | undefined;
  #credentialGeneration = Number.NEGATIVE_INFINITY;

  /** @param label - the server, for messages. */
  constructor(label: string, maker: PoolMaker<P>) {
    this.#label = label;
    this.#maker = maker;
  }

  /** The pool for a request; the caller gives it back with {@link release}. */
  acquire(credential: Credential, trust: ServerTrust): CertificatePool<P> {
    const certificateGeneration = credential.clientCertificate?.generation ?? 0;
    let pool = this.#current;
    if (pool?.certificateGeneration !== certificateGeneration || pool.trustGeneration !== trust.generation) {
      pool = this.#switchTo(credential, certificateGeneration, trust);
    }
    if (credential.generation > this.#credentialGeneration) this.#credentialGeneration = credential.generation;
    pool.active += 1;
    return pool;
  }

  release(pool: CertificatePool<P>): void {
    pool.active -= 1;
    if (pool.isRetired && pool.active === 0) this.#end(pool);
  }

  close(): void {
    for (const pool of [this.#current, ...this.#draining]) if (pool !== undefined) this.#maker.end(pool.connections);
    this.#current = undefined;
    this.#draining.clear();
  }

  #switchTo(credential: Credential, certificateGeneration: number, trust: ServerTrust): CertificatePool<P> {
    const same = (pool: CertificatePool<P>) =>
      pool.certificateGeneration === certificateGeneration && pool.trustGeneration === trust.generation;
    const known = [...this.#draining].find(same);
    if (known === undefined && credential.clientCertificate !== undefined) {
      checkClientCertificate(credential.clientCertificate, this.#label);
    }
    const pool: CertificatePool<P> = known ?? {
      connections: this.#maker.open(trust, credential.clientCertificate),
      certificateGeneration,
      trustGeneration: trust.generation,
      active: 0,
      isRetired: true,
    };
    this.#draining.add(pool);
    // A request that took its snapshot before the rotation still gets its own certificate, but not the pool of the future.
    if (credential.generation >= this.#credentialGeneration) this.#promote(pool);
    return pool;
  }

  #promote(pool: CertificatePool<P>): void {
    const old = this.#current;
    this.#draining.delete(pool);
    pool.isRetired = false;
    this.#current = pool;
    if (old === undefined) return;
    old.isRetired = true;
    this.#draining.add(old);
    if (old.active === 0) this.#end(old);
    else this.#maker.retire(old.connections);
  }

  #end(pool: CertificatePool<P>): void {
    this.#draining.delete(pool);
    this.#maker.end(pool.connections);
  }
}
