/**
 * Exec plugins: lookup, arguments, environment, what they are told, caching, 401 and policy.
 */
import type { CasePlugin, CaseServer, CaseStep, CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, kubeconfigOf, secureCluster, v1, v1beta1 } from "../kubeconfig-text.ts";
import { execCase } from "./exec-case.ts";
import { outputCases } from "./plugin-outputs.ts";

type Fields = Readonly<Record<string, unknown>>;
const at = { kubeconfig: "@DIR@/config" };
const p: Readonly<Record<string, CasePlugin>> = { "bin/p": {} };
const info = ["KUBERNETES_EXEC_INFO"];

const lookups: readonly CredentialCase[] = [
  execCase("lookup: bare", {}),
  execCase("lookup: absolute", { command: "@DIR@/bin/p" }),
  execCase("lookup: beside the file", { command: "./p" }, { plugins: { p: {} } }),
  execCase("lookup: below the file", { command: "bin/p" }),
  execCase(
    "lookup: above the file",
    { command: "../p" },
    { files: { "x/config": kubeconfig(exec({ command: "../p" })) }, kubeconfig: "@DIR@/x/config", plugins: { p: {} } },
  ),
  execCase("lookup: not cleaned", { command: "bin/../bin//p" }),
  execCase("lookup: absolute not cleaned", { command: "@DIR@/bin/../bin//p" }),
  execCase("lookup: through a folder that is not there", { command: "nowhere/../bin/p" }),
  execCase("lookup: working folder is another", { command: "bin/p" }, { files: { "w/x": "" }, cwd: "@DIR@/w" }),
  execCase("lookup: bare in the working folder", { command: "q" }, { plugins: { q: {} } }),
  execCase("lookup: dot in PATH", { command: "q" }, { plugins: { q: {} }, env: { PATH: ".:/usr/bin:/bin" } }),
  execCase(
    "lookup: dot in PATH, absolute later",
    { command: "p" },
    { plugins: { p: {}, "bin/p": {} }, env: { PATH: ".:@DIR@/bin" } },
  ),
  execCase(
    "lookup: absolute, dot in PATH later",
    { command: "p" },
    { plugins: { p: {}, "bin/p": {} }, env: { PATH: "@DIR@/bin:." } },
  ),
  execCase("lookup: relative in PATH", { command: "p" }, { env: { PATH: "bin:/usr/bin" } }),
  execCase("lookup: empty element in PATH", { command: "q" }, { plugins: { q: {} }, env: { PATH: ":/usr/bin" } }),
  execCase("lookup: empty PATH", { command: "p" }, { env: { PATH: "" } }),
  execCase(
    "lookup: first in PATH not executable",
    { command: "p" },
    { files: { "a/p": "x" }, env: { PATH: "@DIR@/a:@DIR@/bin" } },
  ),
  execCase(
    "lookup: first in PATH a folder",
    { command: "p" },
    { files: { "a/p/x": "x" }, env: { PATH: "@DIR@/a:@DIR@/bin" } },
  ),
  execCase(
    "lookup: two in PATH",
    { command: "p" },
    { plugins: { "a/p": { outputs: [credential({ token: "ta" })] }, "bin/p": {} }, env: { PATH: "@DIR@/a:@DIR@/bin" } },
  ),
  execCase(
    "lookup: PATH of the section does not count",
    { env: [{ name: "PATH", value: "@DIR@/a" }] },
    { plugins: { "a/p": { outputs: [credential({ token: "ta" })] }, "bin/p": {} } },
  ),
  execCase("lookup: missing bare", { command: "nobody" }),
  execCase("lookup: missing bare with a hint", { command: "nobody", installHint: "install it" }),
  execCase("lookup: missing path", { command: "@DIR@/nobody" }),
  execCase("lookup: not executable", { command: "@DIR@/q" }, { plugins: { q: { mode: 0o644 } } }),
  execCase("lookup: a folder", { command: "@DIR@/bin" }),
  execCase("lookup: no interpreter", { command: "@DIR@/q" }, { files: { q: { text: "echo hello\n", mode: 0o755 } } }),
  execCase(
    "lookup: missing interpreter",
    { command: "@DIR@/q" },
    { files: { q: { text: "#!/nowhere/sh\n", mode: 0o755 } } },
  ),
  execCase("lookup: empty program", { command: "@DIR@/q" }, { files: { q: { text: "", mode: 0o755 } } }),
  execCase("lookup: with a space", { command: "@DIR@/a b/p" }, { plugins: { "a b/p": {} } }),
  execCase("lookup: command with arguments in it", { command: "p --x" }),
  execCase("lookup: tilde", { command: "~/p" }, { plugins: { "home/p": {} } }),
  execCase("lookup: variable", { command: "$HOME/p" }, { plugins: { "home/p": {} } }),
  execCase("lookup: dot", { command: "." }),
  execCase("lookup: dots", { command: ".." }),
  execCase("lookup: ends with a slash", { command: "bin/p/" }),
  execCase("lookup: not ASCII", { command: "plügin" }, { plugins: { "bin/plügin": {} } }),
  { name: "lookup: of text, bare", text: kubeconfig(exec()), plugins: p },
  { name: "lookup: of text, in a folder", text: kubeconfig(exec({ command: "./bin/p" })), plugins: p },
  { name: "lookup: of text, dot", text: kubeconfig(exec({ command: "./p" })), plugins: { p: {} } },
  { name: "lookup: of text, absolute", text: kubeconfig(exec({ command: "@DIR@/bin/p" })), plugins: p },
  {
    name: "lookup: relative file in the list",
    files: { "x/config": kubeconfig(exec({ command: "./p" })) },
    plugins: { "x/p": {} },
    env: { KUBECONFIG: "x/config" },
  },
];

const calls: readonly CredentialCase[] = [
  execCase("call: arguments", { args: ["a", "b c", "", "$HOME", "~", "*", "'", '"', "ü", "a\nb", "--x=y", "\\"] }),
  execCase("call: arguments null", { args: null }),
  execCase("call: arguments of null", { args: [null] }),
  execCase("call: env null", { env: null }),
  execCase("call: env value null", { env: [{ name: "A", value: null }] }, { plugins: { "bin/p": { watch: ["A"] } } }),
  execCase("call: env without a value", { env: [{ name: "A" }] }, { plugins: { "bin/p": { watch: ["A"] } } }),
  execCase("call: env without a name", { env: [{ value: "x" }] }),
  execCase("call: env without a name and value", { env: [{}] }),
  execCase(
    "call: env name with an equals sign",
    { env: [{ name: "A=B", value: "c" }] },
    { plugins: { "bin/p": { watch: ["A"] } } },
  ),
  execCase("call: env value a number", { env: [{ name: "A", value: 1 }] }),
  execCase(
    "call: env is literal",
    { env: [{ name: "A", value: "$HOME ~ `x`" }] },
    { plugins: { "bin/p": { watch: ["A"] } } },
  ),
  execCase(
    "call: env over the host's",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
        { name: "a", value: "3" },
      ],
    },
    { plugins: { "bin/p": { watch: ["A", "a", "B"] } }, env: { A: "host", B: "host" } },
  ),
  execCase(
    "call: env empties the host's",
    { env: [{ name: "A", value: "" }] },
    { plugins: { "bin/p": { watch: ["A"] } }, env: { A: "host" } },
  ),
  execCase("call: EXEC_INFO of the host", {}, { env: { KUBERNETES_EXEC_INFO: "host" } }),
  execCase(
    "call: EXEC_INFO of the section",
    { env: [{ name: "KUBERNETES_EXEC_INFO", value: "x" }] },
    { plugins: { "bin/p": { watch: info } } },
  ),
  execCase(
    "call: env with a line break",
    { env: [{ name: "A", value: "a\nb" }] },
    { plugins: { "bin/p": { watch: ["A"] } } },
  ),
  execCase("call: env with a zero", { env: [{ name: "A", value: "a\u0000b" }] }),
  execCase("call: argument with a zero", { args: ["a\u0000b"] }),
  execCase("call: HOME and PATH", {}, { plugins: { "bin/p": { watch: ["HOME", "PATH"] } } }),
  execCase(
    "call: PATH of the section",
    { env: [{ name: "PATH", value: "/x" }] },
    { plugins: { "bin/p": { watch: ["PATH"] } } },
  ),
  execCase(
    "call: KUBECONFIG is passed on",
    {},
    { env: { KUBECONFIG: "/x" }, plugins: { "bin/p": { watch: ["KUBECONFIG"] } } },
  ),
  execCase("call: another working folder", {}, { files: { "w/x": "" }, cwd: "@DIR@/w" }),
  ...["Never", "IfAvailable", "Always", "", "never", "Sometimes", null].flatMap((interactiveMode) =>
    [v1, v1beta1, "client.authentication.k8s.io/v1alpha1", "", "v1", "client.authentication.k8s.io/v2"].map(
      (apiVersion) =>
        execCase(
          `call: mode ${JSON.stringify(interactiveMode)}, version ${JSON.stringify(apiVersion)}`,
          { interactiveMode, apiVersion },
          { plugins: { "bin/p": { outputs: [credential({ token: "t" }, apiVersion)] } } },
        ),
    ),
  ),
  execCase("call: no command", { command: "" }),
  execCase("call: command null", { command: null }),
  execCase("call: command a number", { command: 5 }),
  execCase("call: hint a number", { installHint: 5 }),
  execCase("call: unknown field", { foo: "x" }),
  execCase("call: cluster info as text", { provideClusterInfo: "true" }),
];

const extension = (value: unknown, name = "client.authentication.k8s.io/exec"): Fields => ({
  extensions: [{ name, extension: value }],
});
const server = "https://127.0.0.1:@HTTPS@";
const infoClusters: readonly (readonly [string, Fields, Partial<CredentialCase>?])[] = [
  ["plain", {}],
  ["server with a path", { server: `${server}/a/b` }],
  ["server with a path, query and fragment", { server: `${server}/a/b?x=1#f` }],
  ["server with a slash", { server: `${server}/` }],
  ["server with a query", { server: `${server}/?x=1` }],
  ["server in upper case", { server: "HTTPS://LOCALHOST:@HTTPS@" }],
  ["server in upper case with a path", { server: "HTTPS://LOCALHOST:@HTTPS@/A" }],
  ["server with letters in the path", { server: `${server}/ü b` }],
  ["server with marks in the path", { server: `${server}/<a>&'b"` }],
  ["server with escapes in the path", { server: `${server}/a%2fb%41` }],
  ["server name", { "tls-server-name": "cluster.test" }],
  ["insecure", { "insecure-skip-tls-verify": true, "certificate-authority-data": undefined }],
  ["authority file", { "certificate-authority-data": undefined, "certificate-authority": "ca.pem" }],
  ["no compression", { "disable-compression": true }],
  ["proxy", { "proxy-url": "http://127.0.0.1:@PROXY@" }],
  ["proxy with a slash", { "proxy-url": "http://127.0.0.1:@PROXY@/" }],
  ["proxy in upper case", { "proxy-url": "HTTP://LOCALHOST:@PROXY@" }],
  ["proxy with user and password", { "proxy-url": "http://us%40er:pa%2Fss@127.0.0.1:@PROXY@" }],
  ["proxy with a path", { "proxy-url": "http://127.0.0.1:@PROXY@/a b?x=y z#f" }],
  ["proxy socks5", { "proxy-url": "socks5://127.0.0.1:@SOCKS@" }],
  [
    "proxy of the environment",
    { server: "https://cluster.test:@HTTPS@" },
    { env: { HTTPS_PROXY: "http://127.0.0.1:@PROXY@" } },
  ],
  ["extension object", extension({ b: 1, a: "x", c: [1, { z: null, y: true }] })],
  ["extension text", extension("str")],
  ["extension number", extension(5)],
  ["extension fraction", extension(1.5)],
  ["extension large number", extension({ a: 1e21, b: 1e20, c: 1e-7, d: -0, e: 9007199254740991 })],
  ["extension list", extension(["a", 1])],
  ["extension true", extension(true)],
  ["extension null", extension(null)],
  ["extension empty object", extension({})],
  ["extension with marks", extension({ a: "<>&'\"\\/\u2028\u0001\t\n\u007f😀ü" })],
  ["extension with keys to sort", extension({ z: 1, a: 1, Z: 1, "10": 1, "9": 1, ü: 1, "": 1 })],
  ["extension with kind", extension({ kind: "Foo", apiVersion: "example.com/v1", a: 1 })],
  ["extension of another name", extension({ a: 1 }, "other")],
  [
    "extensions two",
    {
      extensions: [
        { name: "other", extension: 1 },
        { name: "client.authentication.k8s.io/exec", extension: { a: 1 } },
      ],
    },
  ],
  [
    "everything",
    {
      server: `${server}/p`,
      "tls-server-name": "cluster.test",
      "proxy-url": "http://127.0.0.1:@PROXY@",
      "disable-compression": true,
      ...extension({ a: 1 }),
    },
  ],
];

const execInfos: readonly CredentialCase[] = [
  ...infoClusters.flatMap(([name, cluster, rest]) => [
    execCase(
      `info: ${name}`,
      { provideClusterInfo: true },
      { files: { "ca.pem": "@CA@" }, ...rest },
      { ...secureCluster, ...cluster },
    ),
    execCase(
      `info: ${name}, v1beta1`,
      { provideClusterInfo: true, apiVersion: v1beta1, interactiveMode: "Never" },
      {
        files: { "ca.pem": "@CA@" },
        plugins: { "bin/p": { outputs: [credential({ token: "t" }, v1beta1)] } },
        ...rest,
      },
      { ...secureCluster, ...cluster },
    ),
  ]),
  execCase("info: not asked for", {}, {}, { ...secureCluster, ...extension({ a: 1 }) }),
  execCase(
    "info: server override",
    { provideClusterInfo: true },
    { overrides: { server: "https://localhost:@HTTPS@/x/" } },
    { ...secureCluster, "tls-server-name": "cluster.test", ...extension({ a: 1 }) },
  ),
  execCase(
    "info: authority override",
    { provideClusterInfo: true },
    { overrides: { certificateAuthority: { file: "@DIR@/ca.pem" } }, files: { "ca.pem": "@CA@" } },
  ),
  execCase("info: insecure override", { provideClusterInfo: true }, { overrides: { insecureSkipTlsVerify: true } }),
  execCase(
    "info: server name override",
    { provideClusterInfo: true },
    { overrides: { tlsServerName: "cluster.test" } },
  ),
  execCase(
    "info: proxy override",
    { provideClusterInfo: true },
    { overrides: { proxyUrl: "http://127.0.0.1:@PROXY@" } },
  ),
  execCase("info: compression override", { provideClusterInfo: true }, { overrides: { disableCompression: true } }),
  {
    name: "info: YAML extension",
    files: {
      config: `current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters:\n- name: k\n  cluster:\n    server: ${server}\n    certificate-authority-data: "@CA64@"\n    extensions:\n    - name: client.authentication.k8s.io/exec\n      extension:\n        yes: no\n        1: 2\n        n: 0o17\n        o: 017\n        f: 1.0\n        e: 1e3\n        d: 2001-01-01\n        t: ~\n        h: 0x1F\n        i: .5\n        s: '1'\n        x: 1_000\n        b: |\n          text\nusers:\n- name: u\n  user:\n    exec: {command: p, apiVersion: ${v1}, interactiveMode: Never, provideClusterInfo: true}\n`,
    },
    plugins: p,
    ...at,
  },
];

const cert = (extra: Fields = {}): Fields => ({
  clientCertificateData: "@CERT_A@",
  clientKeyData: "@KEY_A@",
  ...extra,
});

const past = "2000-01-01T00:00:00Z";
const future = "2099-01-01T00:00:00Z";
const tokens = (expirationTimestamp?: string): readonly string[] =>
  [1, 2, 3, 4, 5].map((n) => credential({ token: `t${n}`, expirationTimestamp }));
const twoCertificates = (expirationTimestamp?: string): readonly string[] => [
  credential({ clientCertificateData: "@CERT_A@", clientKeyData: "@KEY_A@", expirationTimestamp }),
  credential({ clientCertificateData: "@CERT_B@", clientKeyData: "@KEY_B@", expirationTimestamp }),
];

const sequences: readonly (readonly [string, readonly string[], readonly CaseStep[], CaseServer?])[] = [
  ["no expiry", tokens(), [{ requests: 3 }]],
  ["expiry in the future", tokens(future), [{ requests: 3 }]],
  ["expiry in the past", tokens(past), [{ requests: 3 }]],
  ["past, then future", [...tokens(past).slice(0, 1), ...tokens(future).slice(1)], [{ requests: 3 }]],
  ["then broken", [...tokens(past).slice(0, 1), "oops"], [{ requests: 3 }]],
  ["broken, then whole", ["oops", ...tokens()], [{ requests: 3 }]],
  ["broken for ever", ["oops"], [{ requests: 3 }]],
  ["fifty at once", tokens(), [{ requests: 50, parallel: true }]],
  ["401 once", tokens(), [{ requests: 3 }], { statuses: [401, 200] }],
  ["401 on the first token", tokens(), [{ requests: 3 }], { rejects: ["Bearer t1"] }],
  ["401 on two tokens", tokens(), [{ requests: 3 }], { rejects: ["Bearer t1", "Bearer t2"] }],
  ["401 for ever", tokens(), [{ requests: 3 }], { statuses: [401] }],
  ["401 for ever, same token", ["same"].map((token) => credential({ token })), [{ requests: 3 }], { statuses: [401] }],
  ["401 in the middle", tokens(), [{ requests: 4 }], { statuses: [200, 401, 200] }],
  ["401, then broken", [...tokens().slice(0, 1), "oops"], [{ requests: 3 }], { statuses: [401, 200] }],
  ["401, then broken, for ever", [...tokens().slice(0, 1), "oops"], [{ requests: 3 }], { statuses: [401] }],
  ["401 for fifty at once", tokens(), [{ requests: 50, parallel: true }], { rejects: ["Bearer t1"] }],
  ["403", tokens(), [{ requests: 3 }], { statuses: [403] }],
  ["404", tokens(), [{ requests: 2 }], { statuses: [404] }],
  ["500", tokens(), [{ requests: 1 }], { statuses: [500] }],
  ["own header", tokens(), [{ requests: 2, headers: { authorization: "Bearer own" } }]],
  ["own header with 401", tokens(), [{ requests: 2, headers: { authorization: "Bearer own" } }], { statuses: [401] }],
  ["certificate", twoCertificates(), [{ requests: 3 }]],
  ["certificate with expiry", twoCertificates(future), [{ requests: 3 }]],
  ["certificate rejected", twoCertificates(), [{ requests: 3 }], { statuses: [401, 200] }],
  ["same certificate rejected", twoCertificates().slice(0, 1), [{ requests: 3 }], { statuses: [401, 200] }],
  [
    "key behind its certificate, rejected",
    [credential({ clientCertificateData: "@CERT_A@", clientKeyData: "@CERT_A@@KEY_A@" })],
    [{ requests: 2 }],
    { statuses: [401, 200] },
  ],
  [
    "certificate, then token",
    [...twoCertificates().slice(0, 1), ...tokens()],
    [{ requests: 3 }],
    { statuses: [401, 200] },
  ],
  [
    "token, then certificate",
    [...tokens().slice(0, 1), ...twoCertificates()],
    [{ requests: 3 }],
    { statuses: [401, 200] },
  ],
  [
    "certificate and new tokens",
    [1, 2, 3].map((n) => credential(cert({ token: `t${n}` }))),
    [{ requests: 3 }],
    { statuses: [401, 200] },
  ],
];

const policies: readonly (readonly [string, string, readonly string[] | undefined, string?])[] = [
  ["AllowAll", "AllowAll", undefined],
  ["none", "", undefined],
  ["DenyAll", "DenyAll", undefined],
  ["unknown", "Foo", undefined],
  ["AllowAll with a list", "AllowAll", ["p"]],
  ["AllowAll with an empty list", "AllowAll", []],
  ["DenyAll with a list", "DenyAll", ["p"]],
  ["none with a list", "", ["p"]],
  ["Allowlist without a list", "Allowlist", undefined],
  ["Allowlist empty", "Allowlist", []],
  ["Allowlist with an empty entry", "Allowlist", ["p", ""]],
  ["Allowlist bare", "Allowlist", ["p"]],
  ["Allowlist other", "Allowlist", ["q"]],
  ["Allowlist path for bare", "Allowlist", ["@DIR@/bin/p"]],
  ["Allowlist other path for bare", "Allowlist", ["@DIR@/other/p"]],
  ["Allowlist not clean", "Allowlist", ["@DIR@/bin/../bin/p"]],
  ["Allowlist relative", "Allowlist", ["bin/p"]],
  ["Allowlist two", "Allowlist", ["q", "p"]],
  ["Allowlist bare for path", "Allowlist", ["p"], "@DIR@/bin/p"],
  ["Allowlist path for path", "Allowlist", ["@DIR@/bin/p"], "@DIR@/bin/p"],
  ["Allowlist bare for another path", "Allowlist", ["p"], "@DIR@/other/p"],
  ["Allowlist missing", "Allowlist", ["nobody"], "nobody"],
  ["Allowlist with a slash at the end", "Allowlist", ["@DIR@/bin/p/"]],
  ["Allowlist path for not clean", "Allowlist", ["@DIR@/bin/p"], "@DIR@/bin/../bin/p"],
  ["DenyAll missing", "DenyAll", undefined, "nobody"],
  ["Allowlist relative for relative", "Allowlist", ["@DIR@/bin/p"], "bin/p"],
];

/** Two contexts whose users and clusters differ in what is said, and two clients that take turns. */
function sharingCase(name: string, first: Fields, second: Fields, clusters: Fields = {}): CredentialCase {
  const config = kubeconfigOf({
    clusters: { k: secureCluster, l: { ...secureCluster, ...clusters } },
    users: { u: exec(first), v: exec(second) },
    contexts: { c: { cluster: "k", user: "u" }, d: { cluster: "l", user: "v" } },
    "current-context": "c",
  });
  return {
    name: `sharing: ${name}`,
    files: { config },
    plugins: { "bin/p": { outputs: tokens() } },
    ...at,
    clients: ["c", "d"],
    steps: [{ requests: 4 }],
  };
}

const a1 = { env: [{ name: "A", value: "1" }] };
const sharing: readonly CredentialCase[] = [
  sharingCase("the same", {}, {}),
  sharingCase("empty lists", {}, { args: [], env: [] }),
  sharingCase("other arguments", { args: ["a"] }, { args: ["b"] }),
  sharingCase("arguments in another order", { args: ["a", "b"] }, { args: ["b", "a"] }),
  sharingCase("other env", a1, { env: [{ name: "A", value: "2" }] }),
  sharingCase("same env", a1, a1),
  sharingCase(
    "env in another order",
    { env: [...a1.env, { name: "B", value: "1" }] },
    { env: [{ name: "B", value: "1" }, ...a1.env] },
  ),
  sharingCase("other hint", { installHint: "a" }, { installHint: "b" }),
  sharingCase("other mode", { interactiveMode: "Never" }, { interactiveMode: "IfAvailable" }),
  sharingCase("other spelling of the command", { command: "p" }, { command: "bin/p" }),
  sharingCase("absolute and relative", { command: "@DIR@/bin/p" }, { command: "bin/p" }),
  sharingCase("another cluster, not told", {}, {}, { "tls-server-name": "cluster.test" }),
  sharingCase(
    "another cluster, told",
    { provideClusterInfo: true },
    { provideClusterInfo: true },
    { "tls-server-name": "cluster.test" },
  ),
  sharingCase("the same cluster, told", { provideClusterInfo: true }, { provideClusterInfo: true }),
  sharingCase("told and not told", { provideClusterInfo: true }, {}),
  sharingCase(
    "another extension, told",
    { provideClusterInfo: true },
    { provideClusterInfo: true },
    extension({ a: 1 }),
  ),
  sharingCase("another extension, not told", {}, {}, extension({ a: 1 })),
  { ...sharingCase("at once", {}, {}), steps: [{ requests: 20, parallel: true }] },
  { ...sharingCase("rejected", {}, {}), server: { rejects: ["Bearer t1"] } },
];

export const pluginCases: readonly CredentialCase[] = [
  ...lookups,
  ...sharing,
  ...calls,
  ...execInfos,
  ...outputCases,
  ...sequences.flatMap(([name, all, steps, rules]) =>
    [true, false].map((asksForCertificate) =>
      execCase(
        `sequence: ${name}${asksForCertificate ? "" : ", no certificate asked"}`,
        {},
        { plugins: { "bin/p": { outputs: all } }, steps, server: { asksForCertificate, ...rules } },
      ),
    ),
  ),
  ...policies.map(([name, type, allowlist, command]) =>
    execCase(`policy: ${name}`, command === undefined ? {} : { command }, {
      plugins: { "bin/p": {}, "other/p": {} },
      policy: { type, ...(allowlist && { allowlist }) },
    }),
  ),
];
