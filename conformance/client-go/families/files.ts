/**
 * K1-K15: which files are read, what in them is accepted, and how they are merged.
 */
import type { CredentialCase } from "../case.ts";
import { kubeconfig, kubeconfigOf, secureCluster } from "../kubeconfig-text.ts";

const good = kubeconfig();
const named = (token: string): string => kubeconfig({ token });

const lists: readonly (readonly [string, Partial<CredentialCase>])[] = [
  ["nothing at all", {}],
  ["home", { files: { "home/.kube/config": good } }],
  ["old home file", { files: { "home/.kube/.kubeconfig": good } }],
  ["KUBECONFIG beats home", { files: { "home/.kube/config": good, a: named("ta") }, env: { KUBECONFIG: "@DIR@/a" } }],
  ["empty KUBECONFIG means home", { files: { "home/.kube/config": good }, env: { KUBECONFIG: "" } }],
  ["KUBECONFIG of separators", { files: { "home/.kube/config": good }, env: { KUBECONFIG: ":::" } }],
  ["relative KUBECONFIG", { files: { "x/a": good }, env: { KUBECONFIG: "x/a" } }],
  ["tilde is not expanded", { files: { "home/a": good }, env: { KUBECONFIG: "~/a" } }],
  ["missing and present", { files: { b: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } }],
  ["present and missing", { files: { a: good }, env: { KUBECONFIG: "@DIR@/a::@DIR@/b:" } }],
  ["all missing", { env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } }],
  ["the same twice", { files: { a: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/a" } }],
  ["space in the list", { files: { a: good }, env: { KUBECONFIG: " @DIR@/a" } }],
  [
    "explicit beats KUBECONFIG",
    { files: { a: named("ta"), b: named("tb") }, env: { KUBECONFIG: "@DIR@/a" }, kubeconfig: "@DIR@/b" },
  ],
  ["explicit relative", { files: { "x/b": good }, kubeconfig: "x/b" }],
  ["explicit missing", { files: { "home/.kube/config": good }, kubeconfig: "@DIR@/nowhere" }],
  ["explicit folder", { files: { "x/b": good }, kubeconfig: "@DIR@/x" }],
  ["explicit empty file", { files: { a: "" }, kubeconfig: "@DIR@/a" }],
  ["folder in the list", { files: { "x/b": good, a: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/x" } }],
  ["broken file in the list", { files: { a: good, b: "clusters: [" }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } }],
  ["empty file in the list", { files: { a: "", b: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } }],
  ["no HOME", { files: { "home/.kube/config": good }, env: { HOME: "" } }],
  ["path through a file", { files: { a: good }, env: { KUBECONFIG: "@DIR@/a/b" } }],
  [
    "first user wins whole",
    {
      files: { a: kubeconfigOf({ users: { u: { token: "ta" } } }), b: kubeconfig({ token: "tb", as: "x" }) },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b" },
    },
  ],
  [
    "second file has the user",
    {
      files: { a: kubeconfigOf({ users: { v: { token: "ta" } } }), b: named("tb") },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b" },
    },
  ],
  [
    "first current-context that is set",
    {
      files: { a: kubeconfigOf({ "current-context": "", users: {} }), b: good },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b" },
    },
  ],
  [
    "current-context of the first",
    {
      files: {
        a: kubeconfigOf({
          "current-context": "d",
          contexts: { d: { cluster: "k", user: "v" } },
          users: { v: { token: "tv" } },
        }),
        b: good,
      },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b" },
    },
  ],
  [
    "context of the first hides",
    {
      files: { a: kubeconfigOf({ contexts: { c: { cluster: "zz", user: "u" } } }), b: good },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b" },
    },
  ],
  [
    "empty user of the first hides",
    { files: { a: kubeconfigOf({ users: { u: {} } }), b: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } },
  ],
  [
    "empty cluster of the first hides",
    { files: { a: kubeconfigOf({ clusters: { k: {} } }), b: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } },
  ],
  [
    "null user of the first hides",
    { files: { a: kubeconfigOf({ users: { u: null } }), b: good }, env: { KUBECONFIG: "@DIR@/a:@DIR@/b" } },
  ],
  [
    "three files",
    {
      files: {
        a: kubeconfigOf({ contexts: { c: { cluster: "k", user: "u", namespace: "na" } } }),
        b: kubeconfigOf({ users: { u: { token: "tb" } } }),
        c: kubeconfigOf({ clusters: { k: secureCluster }, "current-context": "c" }),
      },
      env: { KUBECONFIG: "@DIR@/a:@DIR@/b:@DIR@/c" },
    },
  ],
  [
    "a linked file",
    {
      files: { "x/real": good, a: kubeconfig({ tokenFile: "tok" }), tok: "from-file" },
      env: { KUBECONFIG: "@DIR@/x/../a" },
    },
  ],
  ["text", { text: good }],
  ["text in a folder with relative files", { text: kubeconfig({ tokenFile: "tok" }), files: { tok: "from-cwd" } }],
  ["text of nothing", { text: "{}" }],
];

const relative: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ["tokenFile", { tokenFile: "sub/tok" }, {}],
  ["tokenFile with a dot", { tokenFile: "./sub/tok" }, {}],
  ["tokenFile of the parent", { tokenFile: "../tok" }, {}],
  ["client certificate", { "client-certificate": "sub/a.pem", "client-key": "sub/a.key" }, {}],
  ["client certificate absolute", { "client-certificate": "@DIR@/x/sub/a.pem", "client-key": "@DIR@/x/sub/a.key" }, {}],
  [
    "certificate authority",
    { token: "t0" },
    { server: "https://127.0.0.1:@HTTPS@", "certificate-authority": "sub/ca.pem" },
  ],
  [
    "certificate authority that is missing",
    { token: "t0" },
    { server: "https://127.0.0.1:@HTTPS@", "certificate-authority": "ca.pem" },
  ],
];

const relativeFiles = {
  "x/sub/tok": "from-file",
  tok: "from-parent",
  "x/sub/a.pem": "@CERT_A@",
  "x/sub/a.key": "@KEY_A@",
  "x/sub/ca.pem": "@CA@",
};

const cluster = "- name: k\n  cluster: {server: 'https://127.0.0.1:@HTTPS@', certificate-authority-data: @CA64@}";
const yaml = (user: string, more = "", head = "apiVersion: v1\nkind: Config"): string =>
  `${head}\ncurrent-context: c\nclusters:\n${cluster}\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\nusers:\n- name: u\n  user:\n${user
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")}\n${more}`;

const contents: Readonly<Record<string, string>> = {
  "plain YAML": yaml("token: t0"),
  "no apiVersion and kind": yaml("token: t0", "", "x: 1"),
  "no apiVersion": yaml("token: t0", "", "kind: Config"),
  "no kind": yaml("token: t0", "", "apiVersion: v1"),
  "kind Foo": yaml("token: t0", "", "apiVersion: v1\nkind: Foo"),
  "kind in lower case": yaml("token: t0", "", "apiVersion: v1\nkind: config"),
  "apiVersion v2": yaml("token: t0", "", "apiVersion: v2\nkind: Config"),
  "apiVersion with a group": yaml("token: t0", "", "apiVersion: a/v1\nkind: Config"),
  "apiVersion number": yaml("token: t0", "", "apiVersion: 1\nkind: Config"),
  KIND: yaml("token: t0", "", "apiVersion: v1\nKIND: Config"),
  "KIND Foo": yaml("token: t0", "", "apiVersion: v1\nKIND: Foo"),
  "token with spaces": yaml('token: " t0 "'),
  "token number": yaml("token: 123"),
  "token quoted number": yaml('token: "123"'),
  "token true": yaml("token: true"),
  "token yes": yaml("token: yes"),
  "token null": yaml("token: null"),
  "token tilde": yaml("token: ~"),
  "token empty": yaml('token: ""'),
  "token list": yaml("token: [a]"),
  "token octal": yaml("token: 0o17"),
  "token date": yaml("token: 2001-01-01"),
  "token timestamp": yaml("token: 2001-01-01T00:00:00Z"),
  "token sexagesimal": yaml("token: 1:30"),
  "token infinity": yaml("token: .inf"),
  "token exponent": yaml("token: 1e3"),
  "token hexadecimal": yaml("token: 0x10"),
  "token underscore": yaml("token: 1_000"),
  "token dotted": yaml("token: 1.2.3"),
  "token off": yaml("token: off"),
  "token y": yaml("token: y"),
  "token N": yaml("token: N"),
  "token block": yaml("token: |\n  t0"),
  "token block stripped": yaml("token: |-\n  t0"),
  "token folded": yaml("token: >-\n  t0\n  t1"),
  "token tagged": yaml("token: !!str 123"),
  "token binary": yaml("token: !!binary dDA="),
  "token anchor": yaml("username: &x t0\npassword: *x"),
  "merge key": yaml("<<: {token: t0}"),
  "merge key beside": yaml("token: own\n<<: {token: t0}"),
  "unknown alias": yaml("token: *nobody"),
  "unknown fields": yaml("token: t0\ntokens: 5\nfoo: {a: [1]}", "foo: 1\n"),
  "Token in upper case": yaml("Token: t0"),
  "token twice": yaml("token: t0\ntoken: t1"),
  "top level key twice": yaml("token: t0", "current-context: d\n"),
  "act-as": yaml("token: t0\nact-as: x"),
  "two documents": `${yaml("token: t0")}---\n${yaml("token: t1")}`,
  "document mark first": `---\n${yaml("token: t0")}`,
  "empty document first": `---\n---\n${yaml("token: t0")}`,
  "comment and mark first": `# hello\n---\n${yaml("token: t0")}`,
  "document end mark": `${yaml("token: t0")}...\n`,
  "YAML directive": `%YAML 1.1\n---\n${yaml("token: t0")}`,
  tab: yaml("token:\tt0"),
  "tab indent": yaml("token: t0\n\tfoo: 1"),
  list: "- a\n- b\n",
  scalar: "hello",
  number: "5",
  null: "null",
  "only a comment": "# nothing\n",
  "JSON with a trailing comma": good.replace(/}$/, ",}"),
  "JSON with text after it": `${good} x`,
  "JSON twice": `${good}\n${good}`,
  "JSON with a slash escaped": kubeconfig({ token: "t/0" }).replace("t/0", "t\\/0"),
  "JSON with a list after it": `${good} [`,
  "JSON and a key after it": `${good}\nfoo: bar`,
  "JSON after white space": `\n  ${good}`,
  "JSON with a tab": `\t${good}`,
  "JSON indented with tabs": JSON.stringify(JSON.parse(good), null, "\t"),
  "DEL character": yaml("token: t0\nfoo: a\u007fb"),
  "C1 character": yaml("token: t0\nfoo: a\u0081b"),
  "NEL character": yaml("token: t0\nfoo: a\u0085b"),
  "line separator": yaml('token: t0\nfoo: "a\u2028b"'),
  "unpaired quote after it": yaml("token: t0\nfoo: 'a"),
  "JSON indented": JSON.stringify(JSON.parse(good), null, 2),
  "JSON with a comment": `${good}\n# hello`,
  "flow YAML": good.replace('"kind":"Config"', "kind: Config"),
  "carriage returns": yaml("token: t0").replaceAll("\n", "\r\n"),
  "control character": yaml('token: "t\u0001"'),
  "escaped character": yaml('token: "t\\x41"'),
  "escaped slash": yaml('token: "t\\/0"'),
  "emoji name": kubeconfigOf({
    clusters: { "😀": secureCluster },
    users: { ü: { token: "t0" } },
    contexts: { "c d": { cluster: "😀", user: "ü" } },
    "current-context": "c d",
  }),
  "CA bad base64": kubeconfig({ token: "t0" }, { ...secureCluster, "certificate-authority-data": "###" }),
  "CA base64 without padding": kubeconfig({ token: "t0" }, { ...secureCluster, "certificate-authority-data": "QQ" }),
  "CA base64 with line breaks": yaml("token: t0").replace("@CA64@", '"@CA64@\\n"'),
  "CA base64 with a space": yaml("token: t0").replace("@CA64@", '"@CA64@ "'),
  "CA base64url": kubeconfig({ token: "t0" }, { ...secureCluster, "certificate-authority-data": "_-__" }),
  "insecure yes": kubeconfig().replace('"certificate-authority-data":"@CA64@"', '"insecure-skip-tls-verify": yes'),
  "insecure text": kubeconfig(
    { token: "t0" },
    { server: "https://127.0.0.1:@HTTPS@", "insecure-skip-tls-verify": "true" },
  ),
  "insecure number": kubeconfig(
    { token: "t0" },
    { server: "https://127.0.0.1:@HTTPS@", "insecure-skip-tls-verify": 1 },
  ),
  "Server in upper case": kubeconfig({ token: "t0" }, { Server: "https://127.0.0.1:@HTTPS@" }),
  "clusters null": `{"current-context":"c","clusters":null}`,
  "clusters object": `{"current-context":"c","clusters":{}}`,
  "users null": kubeconfigOf({
    clusters: { k: secureCluster },
    contexts: { c: { cluster: "k" } },
    users: undefined,
    "current-context": "c",
  }),
  "contexts number": `{"contexts":[5]}`,
  "contexts null entry": good.replace('"contexts":[', '"contexts":[null,'),
  "entry without a name": good.replace('"users":[', '"users":[{"user":{"token":"x"}},'),
  "name number": good.replace('"users":[', '"users":[{"name":5,"user":{"token":"x"}},'),
  "name null": good.replace('"users":[', '"users":[{"name":null,"user":{"token":"x"}},'),
  "user null": kubeconfigOf({
    clusters: { k: secureCluster },
    users: { u: null },
    contexts: { c: { cluster: "k", user: "u" } },
    "current-context": "c",
  }),
  "user list": kubeconfigOf({
    clusters: { k: secureCluster },
    users: { u: [] },
    contexts: { c: { cluster: "k", user: "u" } },
    "current-context": "c",
  }),
  "cluster twice": good.replace('"clusters":[', '"clusters":[{"name":"k","cluster":{}},'),
  "user twice": good.replace('"users":[', '"users":[{"name":"u","user":{}},'),
  "context twice": good.replace('"contexts":[', '"contexts":[{"name":"c","context":{}},'),
  "unnamed twice": good.replace('"users":[', '"users":[{"user":{}},{"user":{}},'),
  "extension twice": kubeconfig(
    { token: "t0" },
    {
      ...secureCluster,
      extensions: [
        { name: "a", extension: 1 },
        { name: "a", extension: 2 },
      ],
    },
  ),
  "top extension twice": good.replace(/}$/, ',"extensions":[{"name":"a","extension":1},{"name":"a","extension":2}]}'),
  "user extension twice": kubeconfig({
    token: "t0",
    extensions: [
      { name: "a", extension: {} },
      { name: "a", extension: {} },
    ],
  }),
  "extensions object": kubeconfig({ token: "t0" }, { ...secureCluster, extensions: {} }),
  "extension without a name": kubeconfig({ token: "t0" }, { ...secureCluster, extensions: [{ extension: {} }] }),
  preferences: good.replace(/}$/, ',"preferences":{"colors":true}}'),
  "preferences wrong": good.replace(/}$/, ',"preferences":{"colors":"x"}}'),
  "preferences null": good.replace(/}$/, ',"preferences":null}'),
  "current-context number": good.replace('"current-context":"c"', '"current-context":5'),
  "current-context null": good.replace('"current-context":"c"', '"current-context":null'),
  "groups text": kubeconfig({ token: "t0", as: "x", "as-groups": "a" }),
  "groups null": kubeconfig({ token: "t0", as: "x", "as-groups": null }),
  "groups of null": kubeconfig({ token: "t0", as: "x", "as-groups": ["a", null] }),
  "groups of numbers": kubeconfig({ token: "t0", as: "x", "as-groups": [1] }),
  "extra text": kubeconfig({ token: "t0", as: "x", "as-user-extra": { a: "b" } }),
  "extra null value": kubeconfig({ token: "t0", as: "x", "as-user-extra": { a: null } }),
  "exec null": kubeconfig({ token: "t0", exec: null }),
  "exec text": kubeconfig({ token: "t0", exec: "x" }),
  "auth-provider null": kubeconfig({ token: "t0", "auth-provider": null }),
  "auth-provider config number": kubeconfig({ token: "t0", "auth-provider": { name: "oidc", config: { a: 1 } } }),
  "username number": kubeconfig({ username: 5 }),
  "namespace number": kubeconfig({ token: "t0" }, secureCluster, { namespace: 5 }),
  "namespace not a label": kubeconfig({ token: "t0" }, secureCluster, { namespace: "A_b" }),
  "server number": kubeconfig({ token: "t0" }, { server: 5 }),
  "disable-compression text": kubeconfig({ token: "t0" }, { ...secureCluster, "disable-compression": "no" }),
  "large number": kubeconfig({ token: "t0" }, { ...secureCluster, extensions: [{ name: "a", extension: 1e30 }] }),
};

// Placeholders are filled in texts, not in bytes: the server comes from an override.
const plain = yaml("token: t0").replace("@CA64@", "''").replace("@HTTPS@", "1");
const withBytes: Readonly<Record<string, Uint8Array>> = {
  "UTF-8 with a mark": Buffer.from(`\ufeff${plain}`),
  "UTF-16 little endian": Buffer.from(`\ufeff${plain}`, "utf16le"),
  "UTF-16 big endian": Buffer.from(`\ufeff${plain}`, "utf16le").swap16(),
  "UTF-16 without a mark": Buffer.from(plain, "utf16le"),
  "UTF-16 JSON with a mark": Buffer.from(`\ufeff${kubeconfig({ token: "t0" }, { server: "https://x" })}`, "utf16le"),
  "JSON with a mark": Buffer.from(`\ufeff${kubeconfig({ token: "t0" }, { server: "https://x" })}`),
  "invalid UTF-8 in a comment": Buffer.concat([Buffer.from(`${plain}#`), Buffer.from([0xff, 0xfe])]),
  "invalid UTF-8 in a value": Buffer.concat([Buffer.from(`${plain}foo: `), Buffer.from([0xff, 0x0a])]),
  "invalid UTF-8 in JSON": Buffer.concat([
    Buffer.from(kubeconfig({ token: "t0" }, { server: "https://x" }).replace(/}$/, ',"foo":"')),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]),
  "zero byte": Buffer.concat([Buffer.from(plain), Buffer.from([0])]),
  "only a mark": Buffer.from("\ufeff"),
};

export const fileCases: readonly CredentialCase[] = [
  ...lists.map(([name, rest]) => ({ name: `files: ${name}`, ...rest })),
  ...relative.map(([name, user, cluster]) => ({
    name: `files: relative ${name}`,
    files: { ...relativeFiles, "x/config": kubeconfig(user, Object.keys(cluster).length > 0 ? cluster : undefined) },
    env: { KUBECONFIG: "x/config" },
  })),
  ...Object.entries(contents).map(([name, content]) => ({
    name: `content: ${name}`,
    files: { config: content },
    kubeconfig: "@DIR@/config",
  })),
  ...Object.entries(contents)
    .filter((_, at) => at % 9 === 0)
    .map(([name, content]) => ({ name: `content of text: ${name}`, text: content })),
  ...Object.entries(withBytes).map(([name, bytes]) => ({
    name: `bytes: ${name}`,
    files: { config: { base64: Buffer.from(bytes).toString("base64") } },
    kubeconfig: "@DIR@/config",
    overrides: { server: "https://127.0.0.1:@HTTPS@", certificateAuthority: { data: "@CA@" } },
  })),
];
