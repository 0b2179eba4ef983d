/**
 * What may be said of a credential that was obtained: its kind, its end, the subject of its certificate. Never the secret.
 */
import { type Credential, certificateFacts } from "bowline/auth";
import type { Field, Style } from "./text-layout.ts";
import { formatDistance } from "./text-layout.ts";

/** The facts, fit for JSON. */
export interface ObtainedCredential {
  /** The scheme of the Authorization header: `Bearer`, `Basic`. */
  readonly authorization: string | undefined;
  readonly clientCertificate:
    | { readonly subject: string; readonly notBefore: string; readonly notAfter: string }
    | undefined;
  /** When it ends; `undefined` where nobody said. */
  readonly expiresAt: string | undefined;
}

export function describeCredential(credential: Credential): ObtainedCredential {
  const { authorization } = credential.headers;
  const { clientCertificate, expiresAt } = credential;
  const facts = clientCertificate && certificateFacts(clientCertificate.cert);
  return {
    authorization: typeof authorization === "string" ? authorization.split(" ", 1)[0] : undefined,
    clientCertificate: facts && {
      subject: facts.subject,
      notBefore: facts.notBefore.toISOString(),
      notAfter: facts.notAfter.toISOString(),
    },
    expiresAt: expiresAt?.toISOString(),
  };
}

/** The facts for people. */
export function credentialFields(credential: ObtainedCredential, nowMs: number, style: Style): readonly Field[] {
  const { authorization, clientCertificate, expiresAt } = credential;
  const isAnonymous = authorization === undefined && clientCertificate === undefined;
  return [
    ["obtained", isAnonymous ? style.yellow("nothing: requests are anonymous") : undefined],
    ["token", authorization && `${nameOf(authorization)}, not shown`],
    ["certificate", clientCertificate?.subject],
    ["certificate ends", clientCertificate && ending(clientCertificate.notAfter, nowMs, style)],
    ["expires", expiresAt && ending(expiresAt, nowMs, style)],
  ];
}

function nameOf(scheme: string): string {
  if (scheme === "Bearer") return "a bearer token";
  return scheme === "Basic" ? "a user name and password" : "an Authorization header";
}

function ending(time: string, nowMs: number, style: Style): string {
  const atMs = Date.parse(time);
  const text = `${time} (${formatDistance(atMs, nowMs)})`;
  return atMs > nowMs ? text : style.red(text);
}
