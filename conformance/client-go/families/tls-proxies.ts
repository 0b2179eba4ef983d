/**
 * Proxies that are spoken to over TLS.
 */
import type { CredentialCase } from "../case.ts";
import { exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

const server = "https://cluster.test:@HTTPS@";
const plain = "http://cluster.test:@HTTP@";
const proxies = ["https://localhost:@TLSPROXY@", "https://127.0.0.1:@TLSPROXY@", "https://cluster.test:@TLSPROXY@"];

const clusters: Readonly<Record<string, Fields>> = {
  "an authority": { ...secureCluster, server },
  insecure: { server, "insecure-skip-tls-verify": true },
  "a server name": { ...secureCluster, server, "tls-server-name": "cluster.test" },
  "a wrong server name": { ...secureCluster, server, "tls-server-name": "wrong.test" },
  "another authority": { server, "certificate-authority-data": "@OTHER_CA64@" },
  "no authority": { server },
  "a plain server": { server: plain },
  "a plain server, insecure": { server: plain, "insecure-skip-tls-verify": true },
  "a plain server and an authority": { server: plain, "certificate-authority-data": "@CA64@" },
};

const users: Readonly<Record<string, Fields>> = {
  "a token": { token: "t0" },
  "a certificate": { "client-certificate-data": "@CERT_A64@", "client-key-data": "@KEY_A64@" },
  "a plugin": exec({ provideClusterInfo: true }),
};

export const tlsProxyCases: readonly CredentialCase[] = proxies.flatMap((proxy) => [
  ...Object.entries(clusters).map(([name, cluster]) => ({
    name: `TLS proxy: ${proxy} with ${name}`,
    files: { config: kubeconfig({ token: "t0" }, { ...cluster, "proxy-url": proxy }) },
    kubeconfig: "@DIR@/config",
  })),
  ...Object.entries(users).map(([name, user]) => ({
    name: `TLS proxy: ${proxy} in the environment, ${name}`,
    files: { config: kubeconfig(user, { ...secureCluster, server }) },
    plugins: { "bin/p": {} },
    env: { HTTPS_PROXY: proxy },
    kubeconfig: "@DIR@/config",
    steps: [{ requests: 2 }],
  })),
]);
