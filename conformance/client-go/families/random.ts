/**
 * Kubeconfigs, overrides and surroundings put together at random, always the same ones.
 */
import type { CaseOverrides, CredentialCase } from "../case.ts";
import { credential, exec, kubeconfigOf, secureCluster, v1beta1 } from "../kubeconfig-text.ts";
import { randomNumbers } from "./mutations.ts";

type Fields = Readonly<Record<string, unknown>>;

const userParts: readonly Fields[] = [
  { token: "t0" },
  { token: "t0" },
  { tokenFile: "tok" },
  { tokenFile: "nowhere" },
  { username: "u0", password: "p0" },
  { username: "u0" },
  { password: "p0" },
  { "client-certificate-data": "@CERT_A64@", "client-key-data": "@KEY_A64@" },
  { "client-certificate": "a.pem", "client-key": "a.key" },
  { "client-certificate": "a.pem" },
  { "client-key": "a.key" },
  exec(),
  exec({ command: "./p", args: ["a", "b"] }),
  exec({ provideClusterInfo: true, env: [{ name: "A", value: "b" }] }),
  exec({ apiVersion: v1beta1, interactiveMode: undefined, provideClusterInfo: true }),
  exec({ command: "nobody", installHint: "hint" }),
  exec({ interactiveMode: "Always" }),
  exec({ apiVersion: undefined }),
  { as: "me" },
  { as: "me", "as-groups": ["a", "b"] },
  { "as-uid": "1" },
  { as: "me", "as-user-extra": { "K/x": ["1", "2"] } },
  { "auth-provider": { name: "oidc", config: {} } },
  {},
];

const clusterParts: readonly Fields[] = [
  secureCluster,
  secureCluster,
  secureCluster,
  { ...secureCluster, "tls-server-name": "cluster.test" },
  { ...secureCluster, server: "https://localhost:@HTTPS@/a/b/" },
  { server: "https://127.0.0.1:@HTTPS@", "certificate-authority": "ca.pem" },
  { server: "https://127.0.0.1:@HTTPS@", "insecure-skip-tls-verify": true },
  { ...secureCluster, "insecure-skip-tls-verify": true },
  { ...secureCluster, "disable-compression": true },
  { ...secureCluster, server: "https://cluster.test:@HTTPS@", "proxy-url": "http://u:p@127.0.0.1:@PROXY@" },
  { ...secureCluster, server: "https://cluster.test:@HTTPS@", "proxy-url": "socks5://127.0.0.1:@SOCKS@" },
  { ...secureCluster, extensions: [{ name: "client.authentication.k8s.io/exec", extension: { b: 1, a: "<&>" } }] },
  { server: "http://127.0.0.1:@HTTP@" },
  { server: "http://127.0.0.1:@HTTP@/x", "certificate-authority": "nowhere" },
  {},
  { "certificate-authority-data": "@CA64@" },
];

const overrideParts: readonly CaseOverrides[] = [
  { server: "https://localhost:@HTTPS@" },
  { server: "https://127.0.0.1:@HTTPS@/over/?x" },
  { server: "http://127.0.0.1:@HTTP@" },
  { tlsServerName: "cluster.test" },
  { insecureSkipTlsVerify: true },
  { certificateAuthority: { data: "@CA@" } },
  { certificateAuthority: { file: "@DIR@/ca.pem" } },
  { certificateAuthority: { file: "ca.pem" } },
  { proxyUrl: "http://127.0.0.1:@PROXY@" },
  { disableCompression: true },
  { token: "to" },
  { tokenFile: "@DIR@/tok2" },
  { username: "uo", password: "po" },
  { password: "po" },
  { clientCertificate: { data: "@CERT_B@" }, clientKey: { data: "@KEY_B@" } },
  { clientCertificate: { file: "@DIR@/b.pem" }, clientKey: { file: "@DIR@/b.key" } },
  { impersonate: { user: "ao" } },
  { impersonate: { groups: ["go"] } },
  { impersonate: { user: "ao", uid: "7", groups: ["go"], extra: { x: ["1"] } } },
  { timeout: "20" },
];

const environments: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  {},
  { HTTPS_PROXY: "http://127.0.0.1:@PROXY@" },
  { HTTPS_PROXY: "http://127.0.0.1:@PROXY@", NO_PROXY: "cluster.test" },
  { POD_NAMESPACE: "pod-ns" },
];

const files = {
  tok: "from-file\n",
  tok2: "from-file2",
  "a.pem": "@CERT_A@",
  "a.key": "@KEY_A@",
  "b.pem": "@CERT_B@",
  "b.key": "@KEY_B@",
  "ca.pem": "@CA@",
};

/** One with the number as its seed. */
function randomCase(number: number): CredentialCase {
  const random = randomNumbers(number + 2_000_000);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = <T extends object>(list: readonly T[], chance: number): T => {
    let result = {} as T;
    while (random() < chance) result = { ...result, ...pick(list) };
    return result;
  };
  const user = (): Fields => ({ ...pick(userParts), ...some(userParts, 0.3) });
  const entries = (): Readonly<Record<string, Fields>> => ({
    clusters: { k: pick(clusterParts), l: pick(clusterParts) },
    users: { u: user(), v: user() },
    contexts: {
      c: {
        cluster: pick(["k", "k", "k", "l", ""]),
        user: pick(["u", "u", "v"]),
        ...(random() < 0.3 && { namespace: "n" }),
      },
      d: { cluster: "l", user: "v" },
    },
  });
  const first: Record<string, unknown> = { ...entries(), "current-context": pick(["c", "c", "c", "c", "d", ""]) };
  const second: Record<string, unknown> = { ...entries(), "current-context": pick(["c", "d"]) };
  const isMerged = random() < 0.4;
  if (isMerged) for (const part of ["clusters", "users", "contexts"]) if (random() < 0.4) delete first[part];
  const options = random();
  return {
    name: `random: ${number}`,
    files: {
      ...files,
      config: kubeconfigOf(first),
      "sub/config": kubeconfigOf(second),
      "sub/tok": "from-sub",
      "sub/a.pem": "@CERT_A@",
      "sub/a.key": "@KEY_A@",
      "sub/ca.pem": "@CA@",
    },
    plugins: {
      "bin/p": { watch: ["A"] },
      p: { outputs: [credential({ token: "beside" })] },
      "sub/p": { outputs: [credential({ token: "sub" })] },
    },
    env: {
      KUBECONFIG: isMerged
        ? pick(["config:sub/config", "sub/config:@DIR@/config", "nowhere:config:sub/config"])
        : "config",
      ...pick(environments),
    },
    overrides: some(overrideParts, 0.45),
    ...(options < 0.08 && { context: pick(["c", "d", "zz"]) }),
    ...(options > 0.92 && { cluster: pick(["k", "l", "zz"]) }),
    ...(options > 0.42 && options < 0.5 && { user: pick(["u", "v", "zz"]) }),
    ...(options > 0.6 && options < 0.66 && { namespace: "over" }),
    server: { asksForCertificate: random() < 0.7, statuses: [200] },
    steps: [{ requests: random() < 0.8 ? 1 : 2 }],
  };
}

/** Those with the numbers from `start` on. */
export function randomCases(start: number, count: number): readonly CredentialCase[] {
  return Array.from({ length: count }, (_, at) => randomCase(start + at));
}
