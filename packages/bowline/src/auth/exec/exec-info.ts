/**
 * KUBERNETES_EXEC_INFO: what a plugin is told, byte for byte as kubectl writes it.
 */
import type { Cluster } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { systemReason } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";

/** The variable's name. */
export const execInfoVariable = "KUBERNETES_EXEC_INFO";

/** `spec.cluster` in its own words and order; what is empty or false is left out, but for `server` and `config`. */
export interface ExecClusterInfo {
  readonly server: string;
  readonly "tls-server-name"?: string | undefined;
  readonly "insecure-skip-tls-verify"?: true | undefined;
  /** Base64 of PEM. */
  readonly "certificate-authority-data"?: string | undefined;
  readonly "proxy-url"?: string | undefined;
  readonly "disable-compression"?: true | undefined;
  /** Anything; `null` for nothing. */
  readonly config: unknown;
}

/**
 * What a plugin with `provideClusterInfo` is told of the cluster. A certificate authority in a file is read now.
 *
 * @throws {@link CredentialError} where that file cannot be read.
 */
export function execClusterInfo(cluster: Cluster, host: Host): ExecClusterInfo {
  const authority = readAuthority(cluster, host);
  return {
    server: cluster.asWritten?.server ?? cluster.server.href,
    "tls-server-name": cluster.tlsServerName || undefined,
    "insecure-skip-tls-verify": cluster.insecureSkipTlsVerify || undefined,
    "certificate-authority-data": authority.length > 0 ? Buffer.from(authority).toString("base64") : undefined,
    "proxy-url": (cluster.asWritten?.proxyUrl ?? cluster.proxyUrl?.href) || undefined,
    "disable-compression": cluster.disableCompression || undefined,
    config: cluster.execConfig ?? null,
  };
}

/** The variable's value, with the newline at its end. */
export function encodeExecInfo(apiVersion: string, cluster: ExecClusterInfo | undefined, interactive: boolean): string {
  const members = [`"interactive":${interactive}`];
  if (cluster !== undefined) members.unshift(`"cluster":${encodeCluster(cluster)}`);
  return `{"kind":"ExecCredential","apiVersion":${quote(apiVersion)},"spec":{${members.join(",")}}}\n`;
}

function encodeCluster(cluster: ExecClusterInfo): string {
  const members = Object.entries(cluster)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${quote(key)}:${encodeSorted(value)}`);
  return `{${members.join(",")}}`;
}

/** Any value as JSON: an extension was YAML, and kubectl turns that into JSON with sorted keys. */
export function encodeSorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encodeSorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return quote(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, item]) => `${quote(key)}:${encodeSorted(item)}`);
  return `{${members.join(",")}}`;
}

/** Go's encoder also escapes what might end a script element, and the two line separators of JavaScript. */
function quote(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  return (JSON.stringify(value) ?? "null").replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function readAuthority({ certificateAuthority }: Cluster, host: Host): Uint8Array {
  if (certificateAuthority === undefined) return new Uint8Array();
  if ("data" in certificateAuthority) return Buffer.from(certificateAuthority.data, "utf8");
  try {
    return host.readFile(certificateAuthority.file);
  } catch (error) {
    const path = JSON.stringify(certificateAuthority.file);
    throw new CredentialError(
      "PluginNotStarted",
      `the certificate authority ${path}, which the exec plugin is to be told, cannot be read: ${systemReason(error)}`,
    );
  }
}
