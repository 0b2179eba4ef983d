/**
 * From what a plugin was told of its cluster to what a client connects with. Anonymous: the credential is yet to be made.
 */
import { parseUrl } from "../../config/server-url.ts";
import type { ExecInfo } from "./exec-info-reader.ts";
import { PluginError } from "./plugin-error.ts";

/** Goes into `KubeConfig.from`. */
export interface ClusterConnection {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly proxyUrl?: string | undefined;
  readonly disableCompression?: boolean | undefined;
}

/**
 * How to reach the cluster that the credential is for.
 *
 * @throws {@link PluginError} `ClusterInfoMissing` where the kubeconfig does not provide it.
 * @example
 * const config = KubeConfig.from(clusterConnection(readExecInfo()));
 */
export function clusterConnection(info: ExecInfo): ClusterConnection {
  const { cluster } = info.spec;
  if (cluster === undefined) {
    throw new PluginError(
      "ClusterInfoMissing",
      "the ExecCredential does not contain cluster information; set provideClusterInfo: true in the kubeconfig's exec section",
    );
  }
  const proxyUrl = cluster["proxy-url"];
  if (proxyUrl && parseUrl(proxyUrl) === undefined)
    throw new PluginError("ExecInfoInvalid", "spec.cluster.proxy-url is not a URL");
  const authority = cluster["certificate-authority-data"];
  return {
    server: cluster.server,
    certificateAuthority: authority ? new TextDecoder().decode(decodeBase64(authority)) : undefined,
    tlsServerName: cluster["tls-server-name"] || undefined,
    insecureSkipTlsVerify: cluster["insecure-skip-tls-verify"] === true,
    proxyUrl: proxyUrl || undefined,
    disableCompression: cluster["disable-compression"] === true,
  };
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new PluginError("ExecInfoInvalid", "spec.cluster.certificate-authority-data is not base64");
  }
}
