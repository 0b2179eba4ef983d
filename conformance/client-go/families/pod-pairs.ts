/**
 * A pod with two things out of the ordinary at once: overrides, kubeconfigs, variables, files of the service account.
 */
import type { CaseOverrides, CredentialCase } from "../case.ts";
import { kubeconfig, kubeconfigOf, secureCluster } from "../kubeconfig-text.ts";

const account = { token: "pod-token\n", "ca.crt": "@CA@", namespace: "pod-ns\n" };
const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: "@HTTPS@" };

type Part = Partial<CredentialCase>;
const override = (overrides: CaseOverrides): Part => ({ overrides });

const parts: Readonly<Record<string, Part>> = {
  server: override({ server: "https://localhost:@HTTPS@" }),
  "plain server": override({ server: "http://127.0.0.1:@HTTP@" }),
  authority: override({ certificateAuthority: { data: "@CA@" } }),
  "authority file": override({ certificateAuthority: { file: "@DIR@/ca.pem" } }),
  "authority file missing": override({ certificateAuthority: { file: "@DIR@/nowhere" } }),
  insecure: override({ insecureSkipTlsVerify: true }),
  "server name": override({ tlsServerName: "cluster.test" }),
  proxy: override({ proxyUrl: "http://127.0.0.1:@PROXY@" }),
  compression: override({ disableCompression: true }),
  token: override({ token: "to" }),
  "token file": override({ tokenFile: "@DIR@/tok" }),
  "token file missing": override({ tokenFile: "@DIR@/nowhere" }),
  timeout: override({ timeout: "7" }),
  as: override({ impersonate: { user: "me" } }),
  namespace: { namespace: "n" },
  "no cluster": { cluster: "k" },
  "no user": { user: "u" },
  "no context": { context: "c" },
  POD_NAMESPACE: { env: { ...env, POD_NAMESPACE: "env-ns" } },
  "no host": { env: { KUBERNETES_SERVICE_PORT: "@HTTPS@" } },
  "host a name": { env: { ...env, KUBERNETES_SERVICE_HOST: "localhost" } },
  "host with a space": { env: { ...env, KUBERNETES_SERVICE_HOST: "127.0.0.1 " } },
  "port a word": { env: { ...env, KUBERNETES_SERVICE_PORT: "https" } },
  "IPv6 host": { env: { ...env, KUBERNETES_SERVICE_HOST: "::1" } },
  "no namespace file": { pod: { token: "x", "ca.crt": "@CA@" } },
  "no authority file": { pod: { token: "x", namespace: "pod-ns" } },
  "garbage authority file": { pod: { ...account, "ca.crt": "hello" } },
  "two authorities": { pod: { ...account, "ca.crt": "@OTHER_CA@@CA@" } },
  "empty token": { pod: { ...account, token: "" } },
  "token with spaces": { pod: { ...account, token: " a \n\n" } },
  "no account": { pod: { x: "" } },
  kubeconfig: { files: { "home/.kube/config": kubeconfig({ token: "t0" }) } },
  "kubeconfig of the cluster alone": {
    files: { "home/.kube/config": kubeconfigOf({ clusters: { k: secureCluster } }) },
  },
  "kubeconfig without a user": {
    files: {
      "home/.kube/config": kubeconfigOf({
        clusters: { k: secureCluster },
        contexts: { c: { cluster: "k" } },
        "current-context": "c",
      }),
    },
  },
  "kubeconfig with an empty cluster": {
    files: {
      "home/.kube/config": kubeconfigOf({
        clusters: { k: {} },
        contexts: { c: { cluster: "k", user: "u" } },
        users: { u: { token: "x" } },
        "current-context": "c",
      }),
    },
  },
  "kubeconfig of extensions": { files: { "home/.kube/config": '{"extensions":[{"name":"a","extension":{}}]}' } },
  "kubeconfig of preferences": { files: { "home/.kube/config": '{"preferences":{"colors":true}}' } },
  "explicit kubeconfig": { files: { a: kubeconfig({ token: "ta" }) }, kubeconfig: "@DIR@/a" },
  "explicit empty kubeconfig": { files: { a: "" }, kubeconfig: "@DIR@/a" },
  text: { text: kubeconfig({ token: "tt" }) },
  HTTPS_PROXY: { env: { ...env, HTTPS_PROXY: "http://127.0.0.1:@PROXY@" } },
};

const files = { "ca.pem": "@CA@", tok: "from-file" };

function pairCase(
  [firstName, first]: readonly [string, Part],
  [secondName, second]: readonly [string, Part],
): CredentialCase {
  const merged = { ...first, ...second };
  return {
    name: `pod with two: ${firstName}, ${secondName}`,
    ...merged,
    env: { ...env, ...first.env, ...second.env, ...withoutHost(first, second) },
    pod: first.pod ?? second.pod ?? account,
    files: { ...files, ...first.files, ...second.files },
    ...(merged.overrides && { overrides: { ...first.overrides, ...second.overrides } }),
  };
}

function withoutHost(...given: readonly Part[]): Readonly<Record<string, string>> {
  return given.some((part) => part.env !== undefined && !("KUBERNETES_SERVICE_HOST" in part.env))
    ? { KUBERNETES_SERVICE_HOST: "" }
    : {};
}

const entries = Object.entries(parts);

/** Every part with every later one. */
export const podPairCases: readonly CredentialCase[] = entries.flatMap((first, at) =>
  entries.slice(at + 1).map((second) => pairCase(first, second)),
);
