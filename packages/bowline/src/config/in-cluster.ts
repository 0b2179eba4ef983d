/**
 * The configuration that Kubernetes gives to a pod: its service account.
 */
import type { ResolvedContext } from "./cluster.ts";
import { ConfigError } from "./config-error.ts";
import type { Host } from "./host.ts";
import { readVariable, systemReason } from "./host.ts";
import type { Overrides } from "./overrides.ts";
import { authoritiesOf } from "./pem.ts";
import { redactUser } from "./redact-user.ts";
import { readServerUrl } from "./server-url.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
const tokenFile = `${folder}/token`;
const certificateAuthorityFile = `${folder}/ca.crt`;
const namespaceFile = `${folder}/namespace`;

/** Whether this process runs in a pod with a service account. */
export function isInCluster(host: Host): boolean {
  if (!(readVariable(host, "KUBERNETES_SERVICE_HOST") && readVariable(host, "KUBERNETES_SERVICE_PORT"))) return false;
  try {
    return !host.stat(tokenFile).isDirectory;
  } catch {
    return false;
  }
}

/** The pod's namespace, else `"default"`. */
export function inClusterNamespace(host: Host): string {
  const named = readVariable(host, "POD_NAMESPACE");
  if (named) return named;
  return readText(host, namespaceFile)?.trim() || "default";
}

/**
 * The pod's own cluster and service account. Overrides of token, token file, namespace and impersonation apply on top.
 *
 * @throws {@link ConfigError} outside a pod, where the token cannot be read, and for an override that a pod has no room for.
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export function resolveInCluster(host: Host, overrides: Overrides, namespace: string | undefined): ResolvedContext {
  const address = readVariable(host, "KUBERNETES_SERVICE_HOST");
  const port = readVariable(host, "KUBERNETES_SERVICE_PORT");
  if (!(address && port)) {
    throw ConfigError.of(
      "KubeconfigEmpty",
      "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not both set; give a kubeconfig",
    );
  }
  try {
    host.checkReadable(tokenFile);
  } catch (error) {
    throw ConfigError.of(
      "FileUnreadable",
      `the service account token ${tokenFile} cannot be read: ${systemReason(error)}; is automountServiceAccountToken off?`,
    );
  }
  refuseOverrides(overrides);
  const server = `https://${address.includes(":") ? `[${address}]` : address}:${port}`;
  const { token, tokenFile: otherTokenFile, impersonate } = overrides;
  const hasOwnToken = Boolean(token) || Boolean(otherTokenFile);
  return {
    context: undefined,
    cluster: {
      name: "in-cluster",
      server: readServerUrl(server, "the pod's environment").url,
      asWritten: { server },
      // A pod without the file is left to the runtime's own roots.
      certificateAuthority: hasCertificate(host) ? { file: certificateAuthorityFile } : undefined,
      insecureSkipTlsVerify: false,
      disableCompression: false,
    },
    user: redactUser({
      name: "in-cluster",
      token: hasOwnToken ? token || undefined : undefined,
      tokenFile: hasOwnToken ? otherTokenFile || undefined : tokenFile,
      impersonate: impersonate?.user ? { ...impersonate, user: impersonate.user } : undefined,
    }),
    namespace: namespace ?? inClusterNamespace(host),
  };
}

/** In a pod these would be dropped without a word, which may mean other rights than were asked for. */
function refuseOverrides(overrides: Overrides): void {
  const refused = [
    overrides.username || overrides.password ? "username and password" : "",
    overrides.clientCertificate || overrides.clientKey ? "client certificate" : "",
    overrides.impersonate && !overrides.impersonate.user ? "impersonation without a user" : "",
  ].filter((name) => name !== "");
  if (refused.length === 0) return;
  throw ConfigError.of(
    "OverrideNotHonoured",
    `in a pod without a kubeconfig the override of ${refused.join(", ")} cannot be honoured; give the server too, or a kubeconfig`,
  );
}

function hasCertificate(host: Host): boolean {
  return authoritiesOf(readText(host, certificateAuthorityFile) ?? "") !== "";
}

function readText(host: Host, path: string): string | undefined {
  try {
    return new TextDecoder().decode(host.readFile(path));
  } catch {
    return undefined;
  }
}
