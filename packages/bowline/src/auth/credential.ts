/**
 * The contract between `auth/` and those who send requests: one snapshot of a credential for each request.
 */

/** A client certificate in use. Connections are pooled by `generation`: another one never shares a connection. */
export interface ClientCertificate {
  /** Unique in the process for this certificate and key. */
  readonly generation: number;
  /** PEM, chain allowed. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** What one request authenticates with. Taken once and used for the whole request. */
export interface Credential {
  /** Grows when the headers or the certificate change. */
  readonly generation: number;
  /** `authorization` and `impersonate-*`, lower case; a list repeats the header. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly clientCertificate?: ClientCertificate | undefined;
  /** When it ends, where a plugin or a token says so; it is replaced before. */
  readonly expiresAt?: Date | undefined;
}

/** Yields credentials: fixed ones, rotating files, plugins. Anything that can do this can be plugged in. */
export interface CredentialSource {
  /**
   * The credential for one request; a value (no promise) where one is at hand and valid, so that the usual request does not
   * wait a turn of the event loop. Concurrent calls share one refresh; an abort stops the waiting, not the shared run.
   */
  credential(options?: { readonly signal?: AbortSignal | undefined }): Credential | Promise<Credential>;
  /**
   * After a 401 on `rejected`: a newer credential, or `rejected` itself where there is none to be had. Many calls for the
   * same `rejected` cause one refresh.
   */
  refresh(rejected: Credential, options?: { readonly signal?: AbortSignal | undefined }): Promise<Credential>;
  /** Stops timers and forgets secrets. Idempotent. */
  close(): void;
}
