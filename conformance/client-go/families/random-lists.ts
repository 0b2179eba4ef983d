/**
 * Lists of kubeconfigs in KUBECONFIG: several files of several folders, some of them missing, empty or broken.
 */
import type { CaseFile, CredentialCase } from "../case.ts";
import { credential, exec, kubeconfigOf, secureCluster } from "../kubeconfig-text.ts";
import { type Choices, choices, numbered } from "./random-choices.ts";

type Fields = Readonly<Record<string, unknown>>;

const server = "https://127.0.0.1:@HTTPS@";
const clusters: readonly Fields[] = [
  secureCluster,
  secureCluster,
  { server, "certificate-authority": "ca.pem" },
  { server, "certificate-authority": "../ca.pem" },
  { server, "insecure-skip-tls-verify": true },
  { ...secureCluster, server: `${server}/x` },
  { ...secureCluster, "tls-server-name": "cluster.test" },
  { server: "http://127.0.0.1:@HTTP@" },
  {},
];
const users: readonly Fields[] = [
  { token: "t0" },
  { token: "t1", as: "me" },
  { tokenFile: "tok" },
  { tokenFile: "../tok" },
  { tokenFile: "./sub/../tok" },
  { username: "u", password: "p" },
  { "client-certificate": "a.pem", "client-key": "a.key" },
  { "client-certificate": "../a.pem", "client-key-data": "@KEY_A64@" },
  exec({ command: "p" }),
  exec({ command: "./p" }),
  exec({ command: "../p" }),
  exec({ command: "bin/p", provideClusterInfo: true }),
  {},
];

const contentsOf: readonly ((choices: Choices) => string)[] = [
  ...new Array<(given: Choices) => string>(8).fill(partOf),
  () => "",
  () => "null",
  () => "{}",
  () => "# nothing\n",
  () => "---\n",
  () => "clusters: []\nusers: null\n",
  () => "x: [",
  () => "- a",
  () => "kind: Foo",
];

/** Some of the entries that a whole kubeconfig has. */
function partOf({ pick, chance }: Choices): string {
  const named = (names: readonly string[], values: readonly Fields[]): Fields =>
    Object.fromEntries(names.filter(() => chance(0.6)).map((name) => [name, pick(values)]));
  const contexts = [
    { cluster: "k", user: "u" },
    { cluster: "k", user: "v", namespace: "n" },
    { cluster: "l", user: "u" },
    { cluster: "l", user: "v", namespace: "m" },
    { cluster: "k" },
  ];
  return kubeconfigOf({
    ...(chance(0.8) && { clusters: named(["k", "l"], clusters) }),
    ...(chance(0.8) && { users: named(["u", "v"], users) }),
    ...(chance(0.8) && { contexts: named(["c", "d"], contexts) }),
    ...(chance(0.6) && { "current-context": pick(["c", "c", "c", "d", ""]) }),
    ...(chance(0.1) && { preferences: { colors: true } }),
    ...(chance(0.1) && { extensions: [{ name: "x", extension: { a: 1 } }] }),
  });
}

const whole = kubeconfigOf({
  clusters: { k: secureCluster, l: secureCluster },
  users: { u: { token: "last" }, v: { token: "last-v" } },
  contexts: { c: { cluster: "k", user: "u" }, d: { cluster: "l", user: "v" } },
  "current-context": "c",
});

const folders = ["", "x/", "x/y/", "z/"];

function listCase(number: number): CredentialCase {
  const given = choices(number + 6_000_000);
  const { pick, chance } = given;
  const files: Record<string, CaseFile> = { "w/x": "" };
  const plugins: Record<string, { readonly outputs: readonly string[] }> = {};
  for (const folder of folders) {
    files[`${folder}tok`] = `tok-of-${folder.replaceAll("/", "-")}`;
    files[`${folder}a.pem`] = "@CERT_A@";
    files[`${folder}a.key`] = "@KEY_A@";
    files[`${folder}ca.pem`] = "@CA@";
    for (const name of ["p", "bin/p"]) {
      plugins[folder + name] = { outputs: [credential({ token: `of-${(folder + name).replaceAll("/", "-")}` })] };
    }
  }
  const count = pick([1, 2, 2, 3, 3, 4]);
  const paths = Array.from({ length: count }, (_, index) => {
    const path = `${pick(folders)}config${index}`;
    files[path] = pick(contentsOf)(given);
    return path;
  });
  if (chance(0.75)) {
    files["last"] = whole;
    paths.push("last");
  }
  const isElsewhere = chance(0.3);
  const written = paths.map((path) =>
    isElsewhere || chance(0.4) ? `@DIR@/${path}` : chance(0.3) ? `./${path}` : path,
  );
  for (const extra of ["", "nowhere", "@DIR@/nowhere/config", written[0] ?? "", ...(chance(0.15) ? ["@DIR@/x"] : [])]) {
    if (chance(0.25)) written.splice(Math.floor(written.length / 2), 0, extra);
  }
  return {
    name: `random list: ${number}`,
    files,
    plugins,
    env: { KUBECONFIG: written.join(":") },
    ...(isElsewhere && { cwd: "@DIR@/w" }),
    ...(chance(0.2) && { context: pick(["c", "d"]) }),
    ...(chance(0.1) && { user: pick(["u", "v"]) }),
    ...(chance(0.1) && { cluster: pick(["k", "l"]) }),
  };
}

/** Those with the numbers from `start` on. */
export function listCases(start: number, count: number): readonly CredentialCase[] {
  return numbered(start, count, listCase);
}
