/**
 * The frame of a credential plugin: read what is asked, answer it, and fail in the way that clients expect.
 */

import type { ExecInfo } from "./exec-info-reader.ts";
import { readExecInfo } from "./exec-info-reader.ts";
import { PluginError } from "./plugin-error.ts";

/** The credential: a token, a certificate with its key, or both. */
export interface PluginAnswer {
  readonly token?: string | undefined;
  /** PEM. */
  readonly clientCertificateData?: string | undefined;
  /** PEM. */
  readonly clientKeyData?: string | undefined;
  /** When the client asks again; RFC 3339 where it is text. Default: after a 401 only. */
  readonly expirationTimestamp?: string | Date | undefined;
}

/** Where a plugin reads and writes. Default: this process. */
export interface RunPluginOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly stdout?: { write(text: string): unknown } | undefined;
  readonly stderr?: { write(text: string): unknown } | undefined;
}

/**
 * Reads KUBERNETES_EXEC_INFO, calls `provide` and prints its answer. An error goes to standard error, and the exit code is
 * then 1; the promise never rejects. Standard output belongs to the answer alone: log to standard error.
 */
export async function runPlugin(
  provide: (info: ExecInfo) => PluginAnswer | Promise<PluginAnswer>,
  options: RunPluginOptions = {},
): Promise<void> {
  try {
    const info = readExecInfo(options.env);
    const answer = await provide(info);
    (options.stdout ?? process.stdout).write(formatCredential(info.apiVersion, answer));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    (options.stderr ?? process.stderr).write(`${message}\n`);
    // Set, not called: what is in the pipes is still written.
    process.exitCode = 1;
  }
}

/**
 * The answer as a client reads it, with a newline at its end.
 *
 * @throws {@link PluginError} `CredentialInvalid` for what every client would refuse.
 */
export function formatCredential(apiVersion: ExecInfo["apiVersion"], answer: PluginAnswer): string {
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer;
  if (!token && !clientCertificateData && !clientKeyData) {
    throw new PluginError("CredentialInvalid", "a plugin must answer a token, or a client certificate and its key");
  }
  if (Boolean(clientCertificateData) !== Boolean(clientKeyData)) {
    throw new PluginError("CredentialInvalid", "clientCertificateData and clientKeyData go together");
  }
  if (token && /\s/.test(token)) {
    throw new PluginError("CredentialInvalid", "the token holds white space; is there a newline at its end?");
  }
  const status = {
    ...(expirationTimestamp !== undefined && { expirationTimestamp: formatExpiry(expirationTimestamp) }),
    ...(token && { token }),
    ...(clientCertificateData && { clientCertificateData, clientKeyData }),
  };
  return `${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}\n`;
}

function formatExpiry(expiry: string | Date): string {
  if (typeof expiry === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/.test(expiry)) {
    return expiry;
  }
  const date = expiry instanceof Date ? expiry : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw new PluginError("CredentialInvalid", "expirationTimestamp must be a Date or RFC 3339 text");
  }
  return date.toISOString();
}
