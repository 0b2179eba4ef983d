/**
 * Plugin outputs and kubeconfigs with one or two random changes in their text, always the same ones.
 */
import type { CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, v1 } from "../kubeconfig-text.ts";

/** Numbers in [0, 1) that depend on the seed alone. */
export function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  // The first numbers of near seeds are near each other.
  for (let skipped = 0; skipped < 5; skipped++) next();
  return next;
}

const pieces = [
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  '"',
  "'",
  "\n",
  " ",
  "  ",
  "\t",
  "#",
  " #",
  "-",
  "- ",
  "---\n",
  "...\n",
  "null",
  "true",
  "1",
  "~",
  "\\",
  "\\n",
  "\\u0041",
  "!",
  "!!str ",
  "&a ",
  "*a",
  "|",
  ">",
  "?",
  "? ",
  "%",
  "@",
  "`",
  "\u00e9",
  "\ud83d\ude00",
  "<<: ",
  "=",
  "\r",
  "\u2028",
  "0",
  "e",
  ".",
  "x: ",
  "yes",
  "/",
  "//",
  "/* */",
];

function mutate(text: string, random: () => number): string {
  const changes = random() < 0.6 ? 1 : 2;
  let result = text;
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(random() * (result.length + 1));
    const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
    const kind = random();
    if (kind < 0.45) result = result.slice(0, at) + piece + result.slice(at);
    else if (kind < 0.7) result = result.slice(0, at) + result.slice(at + 1 + Math.floor(random() * 3));
    else if (kind < 0.9) result = result.slice(0, at) + piece + result.slice(at + 1);
    else result = result.slice(0, at) + result.slice(at, at + 12) + result.slice(at);
  }
  return result;
}

const outputs: readonly string[] = [
  credential({ token: "t" }),
  credential({ token: "t", expirationTimestamp: "2099-01-02T03:04:05Z" }),
  `apiVersion: ${v1}\nkind: ExecCredential\nstatus:\n  token: t\n  expirationTimestamp: 2099-01-02T03:04:05Z\n`,
  `---\nkind: ExecCredential\napiVersion: "${v1}"\nspec: {interactive: false}\nstatus: {token: 't', x: [1, 2]}\n`,
];

const yaml = `apiVersion: v1
kind: Config
current-context: c
clusters:
- name: k
  cluster: {server: 'https://127.0.0.1:@HTTPS@', insecure-skip-tls-verify: true}
contexts:
- name: c
  context:
    cluster: k
    user: u
    namespace: n
users:
- name: u
  user:
    token: "t0"
    as: me
    as-groups: [a, b]
    # a comment
    as-user-extra:
      x: [y]
`;
const configs: readonly string[] = [
  yaml,
  yaml,
  kubeconfig({ token: "t0", as: "me" }, { server: "https://127.0.0.1:@HTTPS@", "insecure-skip-tls-verify": true }),
];

function outputCase(number: number): CredentialCase {
  const random = randomNumbers(number);
  const output = mutate(outputs[number % outputs.length] ?? "", random);
  return {
    name: `output changed: ${number}`,
    files: { config: kubeconfig(exec()) },
    plugins: { "bin/p": { outputs: [output] } },
    kubeconfig: "@DIR@/config",
  };
}

function configCase(number: number): CredentialCase {
  const random = randomNumbers(number + 1_000_000);
  const content = mutate(configs[number % configs.length] ?? "", random);
  return { name: `content changed: ${number}`, files: { config: content }, kubeconfig: "@DIR@/config" };
}

/** Of each kind, those with the numbers from `start` on. */
export function mutationCases(start: number, count: number): readonly CredentialCase[] {
  const numbers = Array.from({ length: count }, (_, at) => start + at);
  return [...numbers.map(outputCase), ...numbers.map(configCase)];
}
