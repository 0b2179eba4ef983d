/**
 * The parts that a credential is made of: what goes into the Authorization header, and the client certificate.
 */
import type { ClientCertificate } from "./credential.ts";

/** One state of a part. Another object means another state. */
export interface PartState {
  /** The value of the Authorization header. */
  readonly authorization?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
  /** When it ends, in milliseconds since 1970, where that was said. */
  readonly expiresAtMs?: number | undefined;
}

/** Something that yields authorization, a certificate, or both, and can be asked for a newer one. */
export interface CredentialPart {
  /** The present state: at once where one is at hand and valid. An abort tells that this caller waits no more. */
  current(signal?: AbortSignal): PartState | Promise<PartState>;
  /** A newer state than `rejected`, or the same object where there is none. Concurrent calls share one refresh. */
  refresh(rejected: PartState, signal?: AbortSignal): PartState | Promise<PartState>;
  close(): void;
}

/** A part that never changes. */
export function fixedPart(state: PartState): CredentialPart {
  return { current: () => state, refresh: () => state, close: () => undefined };
}
