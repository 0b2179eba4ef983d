/**
 * Plugins: where they lie, what they are called with and told, and whether the policy lets them run, put together at random.
 */
import type { CaseFile, CasePlugin, CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, secureCluster, v1, v1beta1 } from "../kubeconfig-text.ts";
import { type Choices, choices, numbered } from "./random-choices.ts";

const commands = [
  "p",
  "p",
  "q",
  "./p",
  "./q",
  "bin/p",
  "a/p",
  "../p",
  "../a/p",
  "a/../bin/p",
  "@DIR@/a/p",
  "@DIR@/bin/p",
  "@DIR@/x/p",
  "@DIR@//a/./p",
  "p/",
  "a/",
  "p.sh",
  "nobody",
  "a//p",
  "./a/p",
  " p",
  "p ",
  "-p",
  "P",
];
const elements = [
  "@DIR@/bin",
  "@DIR@/a",
  "@DIR@/x/bin",
  "a",
  ".",
  "",
  "@DIR@/nowhere",
  "@DIR@/a/p",
  "/usr/bin",
  "~",
  "@DIR@/bin/",
];
const homes = ["bin/p", "a/p", "x/p", "x/bin/p", "p", "q", "x/a/p", "bin/q", "x/q", "bin/p.sh", "bin/-p", "bin/p "];

function lookupCase(number: number): CredentialCase {
  const { pick, some, chance } = choices(number + 7_000_000);
  const plugins: Record<string, CasePlugin> = {};
  const files: Record<string, CaseFile> = { "w/x": "" };
  for (const home of homes) {
    if (chance(0.45)) plugins[home] = { outputs: [credential({ token: `of-${home.trim().replaceAll("/", "-")}` })] };
    else if (chance(0.25))
      files[home] = pick<CaseFile>([
        { text: "x", mode: 0o644 },
        { text: "", mode: 0o755 },
      ]);
    else if (chance(0.1)) files[`${home}/x`] = "";
  }
  for (const name of Object.keys(files)) if (name in plugins) delete files[name];
  const file = pick(["config", "x/config"]);
  const command = pick(commands);
  const config = kubeconfig(exec({ command, ...(chance(0.2) && { installHint: "hint" }) }));
  const entries = some(
    ["p", "@DIR@/bin/p", "@DIR@/a/p", "@DIR@/x/p", "q", "bin/p", "./p", "nobody"],
    pick([1, 1, 2, 3]),
  );
  return {
    name: `random lookup: ${number}, ${JSON.stringify(command)}`,
    files: { ...files, [file]: config },
    plugins,
    env: { PATH: some(elements, pick([1, 2, 3, 4])).join(":") },
    ...(chance(0.7) ? { kubeconfig: `@DIR@/${file}` } : { env: { PATH: "@DIR@/bin:@DIR@/a", KUBECONFIG: file } }),
    ...(chance(0.2) && { cwd: "@DIR@/w", kubeconfig: `@DIR@/${file}` }),
    ...(chance(0.3) && { policy: { type: "Allowlist", allowlist: entries } }),
  };
}

const scalars: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e21,
  1e-7,
  "",
  "a",
  "<a&b>",
  "ü",
  "\u2028",
  "yes",
  "1",
];
const keys = ["a", "b", "A", "kind", "apiVersion", "ü", "a b", "1", "10", "9", "", "config", "<", "true"];

function extensionOf(given: Choices, depth: number): unknown {
  const { pick, chance } = given;
  if (depth === 0 || chance(0.3)) return pick(scalars);
  const size = pick([0, 1, 2, 3]);
  if (chance(0.35)) return Array.from({ length: size }, () => extensionOf(given, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(keys), extensionOf(given, depth - 1)]));
}

const yamlValues = [
  "1",
  "-0",
  "+1",
  "0o17",
  "017",
  "0x1f",
  "1_000",
  "1e3",
  "1.0",
  "1.50",
  ".5",
  "5.",
  "1e21",
  "12345678901234567890",
  "9223372036854775808",
  "-9223372036854775809",
  "123456789012345678901234567890",
  "0.1",
  "1e-9",
  "100000000000000000000.0",
  "true",
  "yes",
  "Off",
  "n",
  "null",
  "~",
  "",
  "2001-02-03",
  "2001-02-03T04:05:06Z",
  "1:30",
  "'1'",
  '"\\u00fc"',
  '"a\\nb"',
  "a<b>&c",
  "!!str 1",
  "!!int '1'",
  "!!float 1",
  "!!binary aGk=",
  "{a: 1, b: [x, ~]}",
  "[1, two, 3.0]",
  "{1: a, true: b, ~: c}",
  "{1.5: a}",
  "&x {a: 1}",
  "|-\n          a\n          b",
  ">-\n          a\n          b",
];

function extensionCase(number: number): CredentialCase {
  const given = choices(number + 8_000_000);
  const { pick, chance } = given;
  const apiVersion = pick([v1, v1, v1beta1]);
  const section = { apiVersion, provideClusterInfo: true, interactiveMode: "IfAvailable" };
  const plugins = { "bin/p": { outputs: [credential({ token: "t" }, apiVersion)] } };
  if (chance(0.5)) {
    const value = extensionOf(given, 3);
    const cluster = { ...secureCluster, extensions: [{ name: "client.authentication.k8s.io/exec", extension: value }] };
    return {
      name: `random extension: ${number}`,
      files: { config: kubeconfig(exec(section), cluster) },
      plugins,
      kubeconfig: "@DIR@/config",
    };
  }
  const lines = pick([1, 2, 3]);
  const body = Array.from({ length: lines }, (_, at) => `        k${at}: ${pick(yamlValues)}\n`).join("");
  return {
    name: `random extension: ${number}, YAML`,
    files: {
      config: `current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters:\n- name: k\n  cluster:\n    server: https://127.0.0.1:@HTTPS@\n    certificate-authority-data: "@CA64@"\n    extensions:\n    - name: client.authentication.k8s.io/exec\n      extension:\n${body}users:\n- name: u\n  user:\n    exec: {command: p, apiVersion: ${apiVersion}, interactiveMode: Never, provideClusterInfo: true}\n`,
    },
    plugins,
    kubeconfig: "@DIR@/config",
  };
}

const names = [
  "A",
  "B",
  "a",
  "PATH",
  "HOME",
  "KUBECONFIG",
  "KUBERNETES_EXEC_INFO",
  "A_B",
  "LANG",
  "A.B",
  "Ü",
  "A B",
  "1",
];
const texts = ["", "x", "y", "$A", "${A}", "a b", "a=b", "=", "ü", "a\nb", "'", '"', "\\", "~", "%A%"];
const shown = ["A", "B", "a", "HOME", "KUBECONFIG", "A_B", "LANG"];

function environmentCase(number: number): CredentialCase {
  const { pick, some, chance } = choices(number + 9_000_000);
  const env = Array.from({ length: pick([0, 1, 2, 4]) }, () => ({
    name: pick(names),
    ...(chance(0.9) && { value: pick(texts) }),
  }));
  const host = Object.fromEntries(
    some(["A", "B", "a", "A_B", "LANG"], pick([0, 1, 3])).map((name) => [name, pick(texts)]),
  );
  return {
    name: `random environment: ${number}`,
    files: { config: kubeconfig(exec({ command: "@DIR@/bin/p", env, args: some(texts, pick([0, 1, 3])) })) },
    plugins: { "bin/p": { watch: shown } },
    env: host,
    kubeconfig: "@DIR@/config",
  };
}

/** Of each kind, those with the numbers from `start` on. */
export function randomPluginCases(start: number, count: number): readonly CredentialCase[] {
  return [lookupCase, extensionCase, environmentCase].flatMap((make) => numbered(start, count, make));
}
