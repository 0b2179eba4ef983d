/**
 * Ways to authenticate, alone and together; client certificates, certificate authorities and server names; impersonation.
 */
import type { CredentialCase } from "../case.ts";
import { exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

const methods: Readonly<Record<string, Fields>> = {
  token: { token: "t0" },
  file: { tokenFile: "tok" },
  username: { username: "u0" },
  password: { password: "p0" },
  certificate: { "client-certificate-data": "@CERT_A64@" },
  key: { "client-key-data": "@KEY_A64@" },
  exec: exec(),
  provider: { "auth-provider": { name: "gcp", config: { a: "b" } } },
};

const files = {
  tok: "from-file\n",
  empty: "",
  blank: " \n",
  "a.pem": "@CERT_A@",
  "a.key": "@KEY_A@",
  "b.key": "@KEY_B@",
  "ca.pem": "@CA@",
  "two.pem": "@OTHER_CA@@CA@",
  "ca.txt": "hello",
  "chain.pem": "@CERT_A@@CA@",
  "both.pem": "@CERT_A@@KEY_A@",
  secret: { text: "x", mode: 0o000 },
};

function combinations(): readonly (readonly [string, Fields])[] {
  const names = Object.keys(methods);
  return Array.from({ length: 2 ** names.length }, (_, bits) => {
    const chosen = names.filter((_, at) => (bits >> at) & 1);
    return [chosen.join("+") || "nothing", Object.assign({}, ...chosen.map((name) => methods[name]))] as const;
  });
}

const single: readonly (readonly [string, Fields])[] = [
  ["token with a line break", { token: "t0\n" }],
  ["token with spaces", { token: " a b " }],
  ["token of other letters", { token: "tü" }],
  ["token of other script", { token: "t→" }],
  ["token with a zero", { token: "a\u0000b" }],
  ["token with a tab", { token: "a\tb" }],
  ["token of spaces", { token: "  " }],
  ["file missing", { tokenFile: "nowhere" }],
  ["file missing and token", { tokenFile: "nowhere", token: "t0" }],
  ["file empty", { tokenFile: "empty" }],
  ["file empty and token", { tokenFile: "empty", token: "t0" }],
  ["file blank", { tokenFile: "blank" }],
  ["file blank and token", { tokenFile: "blank", token: "t0" }],
  ["file is a folder", { tokenFile: "." }],
  ["file is a folder and token", { tokenFile: ".", token: "t0" }],
  ["username with a colon", { username: "a:b", password: "c" }],
  ["username with letters", { username: "ü", password: "→" }],
  ["password with a colon", { username: "a", password: "b:c" }],
  ["username of a space", { username: " " }],
  ["certificate file", { "client-certificate": "a.pem", "client-key": "a.key" }],
  ["certificate file and key data", { "client-certificate": "a.pem", "client-key-data": "@KEY_A64@" }],
  ["certificate data and key file", { "client-certificate-data": "@CERT_A64@", "client-key": "a.key" }],
  [
    "certificate file and data",
    { "client-certificate": "a.pem", "client-certificate-data": "@CERT_A64@", "client-key": "a.key" },
  ],
  ["key file and data", { "client-certificate": "a.pem", "client-key-data": "@KEY_A64@", "client-key": "a.key" }],
  ["certificate file missing", { "client-certificate": "nowhere", "client-key": "a.key" }],
  ["key file missing", { "client-certificate": "a.pem", "client-key": "nowhere" }],
  ["key file missing without a certificate", { "client-key": "nowhere", token: "t0" }],
  ["key file and data without a certificate", { "client-key": "a.key", "client-key-data": "@KEY_A64@", token: "t0" }],
  ["certificate file is a folder", { "client-certificate": ".", "client-key": "a.key" }],
  ["key of another", { "client-certificate": "a.pem", "client-key": "b.key" }],
  ["key of another in data", { "client-certificate-data": "@CERT_A64@", "client-key-data": "@KEY_B64@" }],
  ["certificate garbage", { "client-certificate": "ca.txt", "client-key": "a.key" }],
  ["certificate garbage in data", { "client-certificate-data": "aGVsbG8=", "client-key-data": "@KEY_A64@" }],
  ["certificate empty file", { "client-certificate": "empty", "client-key": "a.key" }],
  ["certificate chain", { "client-certificate": "chain.pem", "client-key": "a.key" }],
  ["certificate and key in one", { "client-certificate": "both.pem", "client-key": "both.pem" }],
  ["swapped", { "client-certificate": "a.key", "client-key": "a.pem" }],
  ["key behind its certificate", { "client-certificate": "a.pem", "client-key": "both.pem" }],
  ["certificate and token", { "client-certificate": "a.pem", "client-key": "a.key", token: "t0" }],
  ["certificate and basic", { "client-certificate": "a.pem", "client-key": "a.key", username: "u" }],
  ["certificate and exec", { "client-certificate": "a.pem", "client-key": "a.key", ...exec() }],
  ["oidc without settings", { "auth-provider": { name: "oidc" } }],
  ["oidc without issuer", { "auth-provider": { name: "oidc", config: { "client-id": "a" } } }],
  [
    "oidc without a token",
    { "auth-provider": { name: "oidc", config: { "client-id": "a", "idp-issuer-url": "https://x" } } },
  ],
  [
    "oidc with garbage",
    {
      "auth-provider": {
        name: "oidc",
        config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": "garbage" },
      },
    },
  ],
  [
    "oidc with an old token",
    {
      "auth-provider": {
        name: "oidc",
        config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": idToken(1000) },
      },
    },
  ],
  [
    "oidc with a token",
    {
      "auth-provider": {
        name: "oidc",
        config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": idToken(4000000000) },
      },
    },
  ],
  [
    "oidc with a fraction",
    {
      "auth-provider": {
        name: "oidc",
        config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": idToken(4000000000.5) },
      },
    },
  ],
  [
    "oidc and a token",
    {
      token: "t0",
      "auth-provider": {
        name: "oidc",
        config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": idToken(4000000000) },
      },
    },
  ],
  ["azure", { "auth-provider": { name: "azure", config: {} } }],
  ["unknown provider", { "auth-provider": { name: "foo", config: {} } }],
  ["provider without a name", { "auth-provider": { config: {} } }],
  ["unknown provider and a token", { token: "t0", "auth-provider": { name: "foo" } }],
  ["exec without apiVersion and a token", { token: "t0", ...exec({ apiVersion: "" }) }],
  ["exec v1alpha1 and a token", { token: "t0", ...exec({ apiVersion: "client.authentication.k8s.io/v1alpha1" }) }],
];

function idToken(exp: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ iss: "https://x", exp })}.c2ln`;
}

const server = "https://127.0.0.1:@HTTPS@";
const clusters: readonly (readonly [string, Fields, Partial<CredentialCase>?])[] = [
  ["no authority", { server }],
  ["insecure", { server, "insecure-skip-tls-verify": true }],
  ["insecure and authority", { ...secureCluster, "insecure-skip-tls-verify": true }],
  ["insecure and authority file", { server, "certificate-authority": "ca.pem", "insecure-skip-tls-verify": true }],
  ["authority file", { server, "certificate-authority": "ca.pem" }],
  ["authority file and data", { ...secureCluster, "certificate-authority": "ca.pem" }],
  ["authority of two", { server, "certificate-authority": "two.pem" }],
  ["authority garbage", { server, "certificate-authority": "ca.txt" }],
  ["authority garbage in data", { server, "certificate-authority-data": "aGVsbG8=" }],
  ["authority empty", { server, "certificate-authority": "empty" }],
  ["authority folder", { server, "certificate-authority": "." }],
  ["authority missing", { server, "certificate-authority": "nowhere" }],
  ["authority other", { server, "certificate-authority-data": "@OTHER_CA64@" }],
  ["server name", { ...secureCluster, "tls-server-name": "cluster.test" }],
  ["server name localhost", { ...secureCluster, "tls-server-name": "localhost" }],
  ["server name wrong", { ...secureCluster, "tls-server-name": "wrong.test" }],
  ["server name address", { ...secureCluster, "tls-server-name": "127.0.0.1" }],
  ["server name with a dot", { ...secureCluster, "tls-server-name": "cluster.test." }],
  ["server name in upper case", { ...secureCluster, "tls-server-name": "CLUSTER.test" }],
  ["server name and insecure", { server, "insecure-skip-tls-verify": true, "tls-server-name": "wrong.test" }],
  ["host localhost", { ...secureCluster, server: "https://localhost:@HTTPS@" }],
  [
    "host localhost, name address",
    { ...secureCluster, server: "https://localhost:@HTTPS@", "tls-server-name": "127.0.0.1" },
  ],
  [
    "host localhost, name wrong address",
    { ...secureCluster, server: "https://localhost:@HTTPS@", "tls-server-name": "10.9.9.9" },
  ],
  ["certificate of another name", secureCluster, { server: { certificate: "otherName" } }],
  [
    "certificate of another name, name given",
    { ...secureCluster, "tls-server-name": "other.test" },
    { server: { certificate: "otherName" } },
  ],
  [
    "certificate of another name, insecure",
    { server, "insecure-skip-tls-verify": true },
    { server: { certificate: "otherName" } },
  ],
  ["certificate expired", secureCluster, { server: { certificate: "expired" } }],
  [
    "certificate expired, insecure",
    { server, "insecure-skip-tls-verify": true },
    { server: { certificate: "expired" } },
  ],
  ["certificate of another authority", secureCluster, { server: { certificate: "otherServer" } }],
  [
    "certificate of another authority, trusted",
    { server, "certificate-authority": "two.pem" },
    { server: { certificate: "otherServer" } },
  ],
  ["no compression", { ...secureCluster, "disable-compression": true }],
  ["plain with an authority", { server: "http://127.0.0.1:@HTTP@", "certificate-authority-data": "@CA64@" }],
  ["plain with a missing authority", { server: "http://127.0.0.1:@HTTP@", "certificate-authority": "nowhere" }],
  ["plain with garbage", { server: "http://127.0.0.1:@HTTP@", "certificate-authority-data": "aGVsbG8=" }],
  [
    "plain and insecure",
    { server: "http://127.0.0.1:@HTTP@", "insecure-skip-tls-verify": true, "certificate-authority-data": "@CA64@" },
  ],
  ["plain, no compression", { server: "http://127.0.0.1:@HTTP@", "disable-compression": true }],
  ["TLS to a plain server", { ...secureCluster, server: "https://127.0.0.1:@HTTP@" }],
  ["plain to a TLS server", { server: "http://127.0.0.1:@HTTPS@" }],
];

const plainUsers: Readonly<Record<string, Fields>> = {
  ...methods,
  "certificate missing": { "client-certificate": "nowhere", "client-key": "a.key" },
  "file missing": { tokenFile: "nowhere" },
  "two methods": { token: "t", username: "u" },
  "exec without a command": exec({ command: "" }),
  "exec with a wrong version": exec({ apiVersion: "x" }),
  "groups alone": { "as-groups": ["a"] },
};

const impersonations: readonly (readonly [string, Fields])[] = [
  ["user", { as: "me" }],
  ["user with letters", { as: "mü" }],
  ["user with a space", { as: "a b" }],
  ["user with colons", { as: "system:serviceaccount:a:b" }],
  ["user with a line break", { as: "a\nb" }],
  ["user with spaces around", { as: " a " }],
  ["uid", { as: "me", "as-uid": "123" }],
  ["uid alone", { "as-uid": "123" }],
  ["group", { as: "me", "as-groups": ["a"] }],
  ["groups", { as: "me", "as-groups": ["a", "b", "a", "c,d"] }],
  ["empty group", { as: "me", "as-groups": ["", "a"] }],
  ["groups alone", { "as-groups": ["a"] }],
  ["no groups", { as: "me", "as-groups": [] }],
  ["no groups alone", { "as-groups": [] }],
  ["extra", { as: "me", "as-user-extra": { a: ["1", "2"], b: ["3"] } }],
  ["extra alone", { "as-user-extra": { a: ["1"] } }],
  ["extra empty alone", { "as-user-extra": {} }],
  ["extra empty list", { as: "me", "as-user-extra": { a: [] } }],
  ["extra empty value", { as: "me", "as-user-extra": { a: [""] } }],
  ["extra in upper case", { as: "me", "as-user-extra": { "A.B/C": ["1"] } }],
  ["extra in both cases", { as: "me", "as-user-extra": { A: ["1"], a: ["2"] } }],
  ["extra with a slash", { as: "me", "as-user-extra": { "example.com/scopes": ["x"] } }],
  ["extra with a percent", { as: "me", "as-user-extra": { "a%2fb": ["x"] } }],
  ["extra with letters", { as: "me", "as-user-extra": { ü: ["x"] } }],
  ["extra with a space", { as: "me", "as-user-extra": { "a b": ["x"] } }],
  ["extra with all marks", { as: "me", "as-user-extra": { "!#$%&'*+-.^_`|~()<>@,;:\\\"/[]?={}": ["x"] } }],
  ["extra without a key", { as: "me", "as-user-extra": { "": ["x"] } }],
  ["extra value with letters", { as: "me", "as-user-extra": { a: ["ü"] } }],
  ["everything", { as: "me", "as-uid": "1", "as-groups": ["a", "b"], "as-user-extra": { x: ["1"] } }],
  ["empty user", { as: "" }],
];

const at = { kubeconfig: "@DIR@/config" };

export const userCases: readonly CredentialCase[] = [
  ...combinations().map(([name, user]) => ({
    name: `methods: ${name}`,
    files: { ...files, config: kubeconfig(user) },
    plugins: { "bin/p": {} },
    ...at,
  })),
  ...single.map(([name, user]) => ({
    name: `user: ${name}`,
    files: { ...files, config: kubeconfig(user) },
    plugins: { "bin/p": {} },
    ...at,
  })),
  ...clusters.flatMap(([name, cluster, rest]) => [
    { name: `cluster: ${name}`, files: { ...files, config: kubeconfig({ token: "t0" }, cluster) }, ...at, ...rest },
    {
      name: `cluster: ${name}, plugin`,
      files: { ...files, config: kubeconfig(exec(), cluster) },
      plugins: { "bin/p": {} },
      ...at,
      ...rest,
    },
    {
      name: `cluster: ${name}, certificate`,
      files: { ...files, config: kubeconfig({ "client-certificate": "a.pem", "client-key": "a.key" }, cluster) },
      ...at,
      ...rest,
    },
  ]),
  ...single.slice(0, 7).map(([name, user]) => ({
    name: `user: ${name}, override server`,
    files: { ...files, config: kubeconfig(user) },
    ...at,
    overrides: { server: "https://localhost:@HTTPS@" },
  })),
  ...Object.entries(plainUsers).map(([name, user]) => ({
    name: `plain: ${name}`,
    files: { ...files, config: kubeconfig({ ...user, as: "me" }, { server: "http://127.0.0.1:@HTTP@" }) },
    plugins: { "bin/p": {} },
    ...at,
  })),
  ...impersonations.map(([name, user]) => ({
    name: `impersonation: ${name}`,
    files: { config: kubeconfig({ token: "t0", ...user }) },
    ...at,
  })),
  {
    name: "impersonation: the request's own",
    files: { config: kubeconfig({ token: "t0", as: "me", "as-groups": ["a"] }) },
    ...at,
    steps: [{ requests: 1, headers: { "impersonate-user": "other" } }],
  },
  {
    name: "authorization: the request's own",
    files: { config: kubeconfig({ token: "t0" }) },
    ...at,
    steps: [{ requests: 1, headers: { authorization: "Bearer own" } }],
  },
  {
    name: "authorization: the request's own over basic",
    files: { config: kubeconfig({ username: "a" }) },
    ...at,
    steps: [{ requests: 1, headers: { authorization: "Bearer own" } }],
  },
];
