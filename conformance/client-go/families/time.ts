/**
 * What changes on disk, or comes to its end, while a client waits.
 */
import type { CasePlugin, CaseStep, CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

const at = { kubeconfig: "@DIR@/config" };
/** An expiry that many seconds after the plugin runs. */
const inSeconds = (seconds: number, status: string): string =>
  `printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{${status},"expirationTimestamp":"%s"}}' "$(/bin/date -u -d '+${seconds} seconds' +%Y-%m-%dT%H:%M:%SZ)"`;
/** Ends soon at the first run, and prints the other output ever after. */
const endsSoon = (seconds: number, status: string, then: string): CasePlugin => ({
  body: `case $n in 1) ${inSeconds(seconds, status)} ;; *) printf '%s' '${then}' ;; esac`,
});
const pair = (name: string): string =>
  `"clientCertificateData":"@CERT_${name}_JSON@","clientKeyData":"@KEY_${name}_JSON@"`.replaceAll("\\n", "\\\\n");

function tokenFile(name: string, steps: readonly CaseStep[], user: object = { tokenFile: "tok" }): CredentialCase {
  return { name: `time, token file: ${name}`, files: { tok: "a", config: kubeconfig({ ...user }) }, ...at, steps };
}

function certificateFiles(name: string, steps: readonly CaseStep[]): CredentialCase {
  const user = { "client-certificate": "a.pem", "client-key": "a.key" };
  return {
    name: `time, certificate files: ${name}`,
    files: { "a.pem": "@CERT_A@", "a.key": "@KEY_A@", config: kubeconfig(user) },
    ...at,
    steps,
  };
}

function authorityFile(name: string, steps: readonly CaseStep[]): CredentialCase {
  const cluster = { server: "https://127.0.0.1:@HTTPS@", "certificate-authority": "ca.pem" };
  return {
    name: `time, authority file: ${name}`,
    files: { "ca.pem": "@CA@", config: kubeconfig({ token: "t0" }, cluster) },
    ...at,
    steps,
  };
}

function pluginCase(name: string, plugin: CasePlugin, steps: readonly CaseStep[]): CredentialCase {
  return {
    name: `time, plugin: ${name}`,
    files: { config: kubeconfig(exec(), secureCluster) },
    plugins: { "bin/p": plugin },
    ...at,
    server: { asksForCertificate: name.includes("certificate") },
    steps,
  };
}

const b = { "@DIR@/tok": "b" };
const certificateB = { "@DIR@/a.pem": "@CERT_B@", "@DIR@/a.key": "@KEY_B@" };
const account = { token: "a", "ca.crt": "@CA@", namespace: "pod-ns" };

export const timeCases: readonly CredentialCase[] = [
  tokenFile("changed, after 45 s", [{ requests: 1 }, { write: b, waitMs: 45_000, requests: 1 }]),
  tokenFile("changed, after 52 s", [{ requests: 1 }, { write: b, waitMs: 52_000, requests: 2 }]),
  tokenFile("removed, after 52 s", [{ requests: 1 }, { remove: ["@DIR@/tok"], waitMs: 52_000, requests: 2 }]),
  tokenFile("emptied, after 52 s", [{ requests: 1 }, { write: { "@DIR@/tok": "" }, waitMs: 52_000, requests: 2 }]),
  tokenFile("changed twice", [
    { requests: 1 },
    { write: b, waitMs: 30_000, requests: 1 },
    { write: { "@DIR@/tok": "c" }, waitMs: 22_000, requests: 1 },
    { write: { "@DIR@/tok": "d" }, waitMs: 30_000, requests: 1 },
  ]),
  tokenFile("changed beside a token, after 52 s", [{ requests: 1 }, { write: b, waitMs: 52_000, requests: 1 }], {
    tokenFile: "tok",
    token: "t0",
  }),
  tokenFile(
    "there at last, beside a token",
    [{ requests: 1 }, { write: { "@DIR@/late": "l" }, waitMs: 3_000, requests: 1 }],
    {
      tokenFile: "late",
      token: "t0",
    },
  ),
  tokenFile(
    "there at last, beside a token, after 52 s",
    [{ requests: 1 }, { write: { "@DIR@/late": "l" }, waitMs: 52_000, requests: 1 }],
    {
      tokenFile: "late",
      token: "t0",
    },
  ),
  {
    name: "time, pod: another token after 52 s",
    pod: account,
    env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: "@HTTPS@" },
    steps: [{ requests: 1 }, { waitMs: 52_000, requests: 1 }],
  },
  certificateFiles("changed, after 3 s", [{ requests: 1 }, { write: certificateB, waitMs: 3_000, requests: 2 }]),
  certificateFiles("changed, after 310 s", [{ requests: 1 }, { write: certificateB, waitMs: 310_000, requests: 2 }]),
  certificateFiles("removed, after 310 s", [
    { requests: 1 },
    { remove: ["@DIR@/a.pem", "@DIR@/a.key"], waitMs: 310_000, requests: 2 },
  ]),
  certificateFiles("half changed, after 310 s", [
    { requests: 1 },
    { write: { "@DIR@/a.pem": "@CERT_B@" }, waitMs: 310_000, requests: 1 },
  ]),
  authorityFile("another, after 310 s", [
    { requests: 1 },
    { write: { "@DIR@/ca.pem": "@OTHER_CA@" }, waitMs: 310_000, requests: 2 },
  ]),
  authorityFile("another, after 200 s", [
    { requests: 1 },
    { write: { "@DIR@/ca.pem": "@OTHER_CA@" }, waitMs: 200_000, requests: 1 },
  ]),
  authorityFile("one more, after 310 s", [
    { requests: 1 },
    { write: { "@DIR@/ca.pem": "@CA@@OTHER_CA@" }, waitMs: 310_000, requests: 2 },
  ]),
  authorityFile("garbage, after 310 s", [
    { requests: 1 },
    { write: { "@DIR@/ca.pem": "hello" }, waitMs: 310_000, requests: 1 },
  ]),
  authorityFile("removed, after 310 s", [{ requests: 1 }, { remove: ["@DIR@/ca.pem"], waitMs: 310_000, requests: 1 }]),
  pluginCase("token ends", endsSoon(3, '"token":"t1"', credential({ token: "t2" })), [
    { requests: 2 },
    { waitMs: 5_000, requests: 2 },
  ]),
  pluginCase("token does not end yet", endsSoon(300, '"token":"t1"', credential({ token: "t2" })), [
    { requests: 1 },
    { waitMs: 5_000, requests: 1 },
  ]),
  pluginCase("token ends, then broken", endsSoon(3, '"token":"t1"', "oops"), [
    { requests: 1 },
    { waitMs: 5_000, requests: 1 },
  ]),
  pluginCase(
    "certificate ends",
    endsSoon(3, pair("A"), credential({ clientCertificateData: "@CERT_B@", clientKeyData: "@KEY_B@" })),
    [{ requests: 2 }, { waitMs: 5_000, requests: 2 }],
  ),
  pluginCase(
    "certificate ends, the same again",
    endsSoon(3, pair("A"), credential({ clientCertificateData: "@CERT_A@", clientKeyData: "@KEY_A@" })),
    [{ requests: 1 }, { waitMs: 5_000, requests: 2 }],
  ),
];
