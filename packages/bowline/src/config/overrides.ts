/**
 * What a caller says in the place of what the kubeconfig says, as kubectl's flags do.
 */

import type { FileOrData, Impersonation } from "./cluster.ts";
import type { ClusterStanza, UserStanza } from "./kubeconfig-stanza.ts";

/** Each field that is set wins over the kubeconfig's. An empty text counts as not set. */
export interface Overrides {
  /** Clears the kubeconfig's tls-server-name, which was for another server. */
  readonly server?: string | undefined;
  readonly tlsServerName?: string | undefined;
  /** True clears the kubeconfig's certificate authority. */
  readonly insecureSkipTlsVerify?: boolean | undefined;
  /** Clears the kubeconfig's other form of it, and insecure-skip-tls-verify. */
  readonly certificateAuthority?: FileOrData | undefined;
  readonly proxyUrl?: string | undefined;
  readonly disableCompression?: boolean | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Clears the kubeconfig's other form of it. */
  readonly clientCertificate?: FileOrData | undefined;
  /** Clears the kubeconfig's other form of it. */
  readonly clientKey?: FileOrData | undefined;
  /** Groups, uid and extra that are not set here stay as the kubeconfig has them. */
  readonly impersonate?: (Partial<Impersonation> & object) | undefined;
  /** As kubectl's `--request-timeout`: seconds, or a Go duration such as `1m30s`; `"0"` is none. */
  readonly timeout?: string | undefined;
}

/** The kubeconfig's cluster with the overrides applied. */
export function overrideCluster(stanza: ClusterStanza, overrides: Overrides): ClusterStanza {
  const { server, tlsServerName, insecureSkipTlsVerify, certificateAuthority, proxyUrl, disableCompression } =
    overrides;
  const changes: Record<string, unknown> = {};
  if (isSet(server)) changes["server"] = server;
  if (isSet(proxyUrl)) changes["proxy-url"] = proxyUrl;
  if (disableCompression === true) changes["disable-compression"] = true;
  if (insecureSkipTlsVerify === true || certificateAuthority !== undefined) {
    changes["insecure-skip-tls-verify"] = insecureSkipTlsVerify === true;
    Object.assign(changes, bothForms("certificate-authority", certificateAuthority));
  }
  if (isSet(tlsServerName) || isSet(server)) changes["tls-server-name"] = tlsServerName ?? "";
  return { ...stanza, ...changes };
}

/** The kubeconfig's user with the overrides applied. */
export function overrideUser(stanza: UserStanza, overrides: Overrides): UserStanza {
  const { token, tokenFile, username, password, clientCertificate, clientKey, impersonate } = overrides;
  const changes: Record<string, unknown> = {};
  if (isSet(token)) changes["token"] = token;
  if (isSet(tokenFile)) changes["tokenFile"] = tokenFile;
  if (isSet(username)) changes["username"] = username;
  if (isSet(password)) changes["password"] = password;
  if (clientCertificate !== undefined) Object.assign(changes, bothForms("client-certificate", clientCertificate));
  if (clientKey !== undefined) Object.assign(changes, bothForms("client-key", clientKey));
  if (isSet(impersonate?.user)) changes["as"] = impersonate.user;
  if (isSet(impersonate?.uid)) changes["as-uid"] = impersonate.uid;
  if (impersonate?.groups !== undefined && impersonate.groups.length > 0) changes["as-groups"] = impersonate.groups;
  if (impersonate?.extra !== undefined) {
    changes["as-user-extra"] = { ...stanza["as-user-extra"], ...impersonate.extra };
  }
  return { ...stanza, ...changes };
}

/** Whether the overrides say how to authenticate, so that a user of the kubeconfig is not needed. */
export function bringCredential({ token, tokenFile, username, clientCertificate }: Overrides): boolean {
  return isSet(token) || isSet(tokenFile) || isSet(username) || clientCertificate !== undefined;
}

/** Whether the overrides say anything about the cluster. */
export function touchCluster(overrides: Overrides): boolean {
  return (
    isSet(overrides.server) ||
    isSet(overrides.tlsServerName) ||
    isSet(overrides.proxyUrl) ||
    overrides.insecureSkipTlsVerify === true ||
    overrides.disableCompression === true ||
    overrides.certificateAuthority !== undefined
  );
}

function bothForms(field: string, value: FileOrData | undefined): Record<string, string> {
  return {
    [field]: value !== undefined && "file" in value ? value.file : "",
    [`${field}-data`]: value !== undefined && "data" in value ? toBase64(value.data) : "",
  };
}

/** UTF-8 text in base64, as a kubeconfig holds PEM. */
export function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
