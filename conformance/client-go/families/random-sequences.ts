/**
 * Requests one after the other while plugins, their credentials and the server's answers change, put together at random.
 */
import type { CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, kubeconfigOf, secureCluster } from "../kubeconfig-text.ts";
import { type Choices, choices, numbered } from "./random-choices.ts";

type Fields = Readonly<Record<string, unknown>>;

const pairA = { clientCertificateData: "@CERT_A@", clientKeyData: "@KEY_A@" };
const pairB = { clientCertificateData: "@CERT_B@", clientKeyData: "@KEY_B@" };

function outputOf({ pick, chance }: Choices, number: number, hasCertificates: boolean): string {
  if (chance(0.08)) return pick(["oops", "", "{}", credential({}), credential({ token: 1 })]);
  const token = chance(0.25) ? "same" : `t${number}`;
  const parts: readonly Fields[] = hasCertificates
    ? [{ token }, pairA, pairB, { token, ...pairA }, { token, ...pairB }]
    : [{ token }];
  const expiry = pick([undefined, undefined, "2099-01-01T00:00:00Z", "2050-06-01T12:00:00+02:00"]);
  return credential({ ...pick(parts), ...(expiry && { expirationTimestamp: expiry }) });
}

function sequenceCase(number: number): CredentialCase {
  const given = choices(number + 10_000_000);
  const { pick, chance } = given;
  const outputs = Array.from({ length: 6 }, (_, index) => outputOf(given, index + 1, chance(0.5)));
  const statuses = [200, 200, 200, 403, 404, 409, 422, 201];
  const isParallel = chance(0.3);
  return {
    name: `random sequence: ${number}`,
    files: { config: kubeconfig(exec()) },
    plugins: { "bin/p": { outputs } },
    kubeconfig: "@DIR@/config",
    server: {
      asksForCertificate: chance(0.7),
      // Which of several at once gets which answer is chance.
      statuses: isParallel ? [200] : Array.from({ length: 4 }, () => pick(statuses)),
    },
    steps: [
      { requests: pick([1, 2, 3]) },
      ...(isParallel ? [{ requests: 8, parallel: true }] : []),
      ...(chance(0.2) ? [{ requests: 1, headers: { "impersonate-user": "other" } }] : []),
      { requests: pick([1, 2]) },
    ],
  };
}

/** Two users whose plugins are nearly the same. */
function sharingCase(number: number): CredentialCase {
  const { pick, chance } = choices(number + 11_000_000);
  const fields: readonly Fields[] = [
    {},
    { args: ["a"] },
    { args: ["a", "b"] },
    { env: [{ name: "A", value: "1" }] },
    { env: [{ name: "A", value: "2" }] },
    { installHint: "x" },
    { interactiveMode: "Never" },
    { provideClusterInfo: true },
    { command: "bin/p" },
  ];
  const make = (): Fields => ({ ...pick(fields), ...(chance(0.3) && pick(fields)) });
  const first = make();
  const second = chance(0.4) ? first : make();
  const clusters: readonly Fields[] = [
    secureCluster,
    secureCluster,
    { ...secureCluster, "tls-server-name": "cluster.test" },
    { ...secureCluster, "disable-compression": true },
    { ...secureCluster, server: "https://localhost:@HTTPS@" },
    { ...secureCluster, extensions: [{ name: "client.authentication.k8s.io/exec", extension: { a: 1 } }] },
  ];
  return {
    name: `random sharing: ${number}`,
    files: {
      config: kubeconfigOf({
        clusters: { k: pick(clusters), l: pick(clusters) },
        users: { u: exec(first), v: exec(second) },
        contexts: { c: { cluster: "k", user: "u" }, d: { cluster: "l", user: "v" }, e: { cluster: "l", user: "u" } },
        "current-context": "c",
      }),
    },
    plugins: { "bin/p": { outputs: [1, 2, 3, 4].map((each) => credential({ token: `t${each}` })) } },
    kubeconfig: "@DIR@/config",
    clients: pick([
      ["c", "d"],
      ["c", "e"],
      ["c", "d", "e"],
      ["d", "e", "c"],
      ["c", "c"],
    ]),
    steps: [{ requests: 6 }],
  };
}

/** Acting as somebody, with names and values of all kinds of letters. */
function impersonationCase(number: number): CredentialCase {
  const { pick, some, chance } = choices(number + 12_000_000);
  const names = [
    "me",
    "",
    "a b",
    "ü",
    "system:admin",
    "a,b",
    "a;b",
    "\t",
    "a\tb",
    "x\u0000",
    "a\r",
    "a%20b",
    "😀",

    " a",
  ];
  const keys = [
    "a",
    "A",
    "a-b",
    "a_b",
    "a.b/c",
    "ü",
    "a%b",
    "%",
    "a b",
    "A:B",
    "acme.com%2Fx",
    "\t",
    "",
    "(a)",
    "a\u0000",
    "Ab",
    "aB",
  ];
  const user = {
    token: "t0",
    ...(chance(0.85) && { as: pick(names) }),
    ...(chance(0.3) && { "as-uid": pick(names) }),
    ...(chance(0.5) && { "as-groups": some(names, pick([0, 1, 2, 3])) }),
    ...(chance(0.6) && {
      "as-user-extra": Object.fromEntries(
        some(keys, pick([1, 1, 2, 3])).map((key) => [key, some(names, pick([0, 1, 2]))]),
      ),
    }),
  };
  return {
    name: `random impersonation: ${number}`,
    files: { config: kubeconfig(user) },
    kubeconfig: "@DIR@/config",
    ...(chance(0.3) && {
      overrides: {
        impersonate: {
          ...(chance(0.7) && { user: pick(names) }),
          ...(chance(0.3) && { uid: pick(names) }),
          ...(chance(0.4) && { groups: some(names, pick([0, 1, 2])) }),
          ...(chance(0.4) && { extra: { [pick(keys)]: some(names, pick([0, 1, 2])) } }),
        },
      },
    }),
  };
}

/** Of each kind, those with the numbers from `start` on. */
export function randomSequenceCases(start: number, count: number): readonly CredentialCase[] {
  return [sequenceCase, sharingCase, impersonationCase].flatMap((make) => numbered(start, count, make));
}
