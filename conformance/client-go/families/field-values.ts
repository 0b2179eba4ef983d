/**
 * Every field of a kubeconfig and of a plugin's output with values of every type.
 */
import type { CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, kubeconfigOf, secureCluster, v1 } from "../kubeconfig-text.ts";
import { execCase } from "./exec-case.ts";

type Fields = Readonly<Record<string, unknown>>;

const values: Readonly<Record<string, unknown>> = {
  null: null,
  "empty text": "",
  text: "x",
  "a number": 5,
  "a fraction": 1.5,
  true: true,
  false: false,
  "an empty list": [],
  "a list of text": ["x"],
  "a list of null": [null],
  "a list of a list": [[]],
  "a list of a mapping": [{}],
  "an empty mapping": {},
  "a mapping": { name: "x" },
  "a mapping to null": { x: null },
  "a mapping to a list": { x: ["y"] },
};

const clusterFields = [
  "server",
  "tls-server-name",
  "insecure-skip-tls-verify",
  "certificate-authority",
  "certificate-authority-data",
  "proxy-url",
  "disable-compression",
  "extensions",
];
const userFields = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
  "as",
  "as-uid",
  "as-groups",
  "as-user-extra",
  "username",
  "password",
  "auth-provider",
  "exec",
  "extensions",
];
const execFields = ["command", "args", "env", "apiVersion", "installHint", "provideClusterInfo", "interactiveMode"];
const topFields = [
  "apiVersion",
  "kind",
  "preferences",
  "clusters",
  "users",
  "contexts",
  "current-context",
  "extensions",
];

const whole: Fields = {
  clusters: { k: secureCluster },
  users: { u: { token: "t0" } },
  contexts: { c: { cluster: "k", user: "u" } },
  "current-context": "c",
};

interface Place {
  readonly name: string;
  readonly fields: readonly string[];
  readonly config: (field: string, value: unknown) => string;
}

const places: readonly Place[] = [
  {
    name: "cluster",
    fields: clusterFields,
    config: (field, value) => kubeconfig({ token: "t0" }, { ...secureCluster, [field]: value }),
  },
  {
    name: "user",
    fields: userFields,
    config: (field, value) => kubeconfig({ [field]: value }),
  },
  {
    name: "exec",
    fields: execFields,
    config: (field, value) => kubeconfig(exec({ [field]: value })),
  },
  {
    name: "context",
    fields: ["cluster", "user", "namespace", "extensions"],
    config: (field, value) => kubeconfig({ token: "t0" }, secureCluster, { [field]: value }),
  },
  {
    name: "top",
    fields: topFields,
    config: (field, value) => JSON.stringify({ ...JSON.parse(kubeconfigOf(whole)), [field]: value }),
  },
  {
    name: "env entry",
    fields: ["name", "value"],
    config: (field, value) => kubeconfig(exec({ env: [{ name: "A", value: "b", [field]: value }] })),
  },
  {
    name: "provider",
    fields: ["name", "config"],
    config: (field, value) => kubeconfig({ "auth-provider": { name: "oidc", config: {}, [field]: value } }),
  },
  {
    name: "extension",
    fields: ["name", "extension"],
    config: (field, value) =>
      kubeconfig(exec({ provideClusterInfo: true }), {
        ...secureCluster,
        extensions: [{ name: "client.authentication.k8s.io/exec", extension: { a: 1 }, [field]: value }],
      }),
  },
];

/** The same text as YAML where every scalar is plain, as people write it. */
const plainScalars: Readonly<Record<string, string>> = {
  yes: "yes",
  "a sign": "+5",
  "a date": "2001-02-03",
  "a version": "1.20",
  "leading zero": "007",
  tilde: "~",
  "question mark": "?x",
  "at sign": '"@x"',
  colon: "a:b",
  "colon and space": "a: b",
  hash: "a#b",
  "space and hash": "a #b",
  star: "'*'",
  exclamation: "!x",
  "local tag": "!foo x",
  "verbatim tag": "!<tag:yaml.org,2002:str> 5",
  "two lines": "a\n      b",
  "folded with two blank lines": ">\n      a\n\n\n      b",
  "block keeping its end": "|+\n      a\n\n",
  "block of a given indent": "|2\n        a",
  "single quotes in it": "'it''s'",
  "escapes in it": '"a\\tb\\u00e9\\x41\\e"',
  "long escape": '"\\U0001F600"',
  "unknown escape": '"\\q"',
  "line break escaped": '"a\\\n      b"',
  "bracket first": "]x",
  "percent first": "%x",
  "backtick first": "`x",
  "dash alone": "-",
  "dash and text": "-x",
  "dash, space and text": "- x",
  "not a number": ".nan",
  "minus infinity": "-.inf",
  "binary digits": "0b11",
  "upper hexadecimal": "0XFF",
  "number with a comma": "1,000",
  "large integer": "123456789012345678901234567890",
  "large float": "1e400",
  TRUE: "TRUE",
  True: "True",
  Null: "Null",
  NULL: "NULL",
  NO: "NO",
  On: "On",
};

const yamlConfig = (field: string, scalar: string): string =>
  `current-context: c\nclusters:\n- name: k\n  cluster:\n    server: https://127.0.0.1:@HTTPS@\n    certificate-authority-data: @CA64@\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\nusers:\n- name: u\n  user:\n    as: me\n    ${field}: ${scalar}\n`;

const statusFields = ["token", "clientCertificateData", "clientKeyData", "expirationTimestamp"];
const outputFields = ["apiVersion", "kind", "spec", "status", "metadata"];

const files = { x: "from-x\n" };
const at = { kubeconfig: "@DIR@/config" };

export const fieldCases: readonly CredentialCase[] = [
  ...places.flatMap(({ name, fields, config }) =>
    fields.flatMap((field) =>
      Object.entries(values).map(([kind, value]) => ({
        name: `${name} field: ${field} is ${kind}`,
        files: { ...files, config: config(field, value) },
        plugins: { "bin/p": { watch: ["A"] } },
        ...at,
      })),
    ),
  ),
  ...Object.entries(plainScalars).flatMap(([name, scalar]) =>
    ["token", "as", "as-uid"].map((field) => ({
      name: `scalar: ${name} for ${field}`,
      files: { config: yamlConfig(field, scalar) },
      ...at,
    })),
  ),
  ...statusFields.flatMap((field) =>
    Object.entries(values).map(([kind, value]) =>
      execCase(
        `status field: ${field} is ${kind}`,
        {},
        { plugins: { "bin/p": { outputs: [credential({ token: "t", [field]: value })] } } },
      ),
    ),
  ),
  ...outputFields.flatMap((field) =>
    Object.entries(values).map(([kind, value]) =>
      execCase(
        `output field: ${field} is ${kind}`,
        {},
        {
          plugins: {
            "bin/p": {
              outputs: [
                JSON.stringify({ kind: "ExecCredential", apiVersion: v1, status: { token: "t" }, [field]: value }),
              ],
            },
          },
        },
      ),
    ),
  ),
  ...Object.entries(plainScalars).map(([name, scalar]) =>
    execCase(
      `output scalar: ${name}`,
      {},
      { plugins: { "bin/p": { outputs: [`apiVersion: ${v1}\nstatus:\n    token: ${scalar}\n`] } } },
    ),
  ),
];
