/**
 * Proxies of kubeconfig and environment, redirects, token files that change, and the service account of a pod.
 */
import type { CredentialCase } from "../case.ts";
import { exec, kubeconfig, kubeconfigOf, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;
const at = { kubeconfig: "@DIR@/config" };
const named = { ...secureCluster, server: "https://cluster.test:@HTTPS@" };
const plain = { server: "http://cluster.test:@HTTP@" };

const proxies: readonly string[] = [
  "http://127.0.0.1:@PROXY@",
  "http://127.0.0.1:@PROXY@/",
  "http://127.0.0.1:@PROXY@/path?x#y",
  "HTTP://127.0.0.1:@PROXY@",
  "http://u:p@127.0.0.1:@PROXY@",
  "http://u@127.0.0.1:@PROXY@",
  "http://u:@127.0.0.1:@PROXY@",
  "http://:p@127.0.0.1:@PROXY@",
  "http://u%40x:p%3Aq%25@127.0.0.1:@PROXY@",
  "http://ü:→@127.0.0.1:@PROXY@",
  "https://localhost:@TLSPROXY@",
  "https://127.0.0.1:@TLSPROXY@",
  "https://u:p@127.0.0.1:@TLSPROXY@",
  "socks5://127.0.0.1:@SOCKS@",
  "socks5://u:p@127.0.0.1:@SOCKS@",
  "socks5://u@127.0.0.1:@SOCKS@",
  "SOCKS5://127.0.0.1:@SOCKS@",
  "socks5h://127.0.0.1:@SOCKS@",
  "socks4://127.0.0.1:@SOCKS@",
  "127.0.0.1:@PROXY@",
  "localhost:@PROXY@",
  "//127.0.0.1:@PROXY@",
  "ftp://127.0.0.1:@PROXY@",
  "http://",
  "http:",
  "http:127.0.0.1:@PROXY@",
  "http:///x",
  "https://",
  "socks5://",
  "http://a b:1",
  "http://127.0.0.1:abc",
  "http://127.0.0.1:@PROXY@:1",
  " http://127.0.0.1:@PROXY@",
  "http://127.0.0.1:@PROXY@ ",
  "http://127.0.0.1:1",
  "http://%zz",
  "%zz",
  ":",
  "/",
];

const https = "http://127.0.0.1:@PROXY@";
const environments: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["HTTPS_PROXY", { HTTPS_PROXY: https }],
  ["https_proxy", { https_proxy: https }],
  ["both spellings", { HTTPS_PROXY: "http://127.0.0.1:1", https_proxy: https }],
  ["both spellings the other way", { HTTPS_PROXY: https, https_proxy: "http://127.0.0.1:1" }],
  ["empty and other spelling", { HTTPS_PROXY: "", https_proxy: https }],
  ["HTTP_PROXY alone", { HTTP_PROXY: https }],
  ["http_proxy alone", { http_proxy: https }],
  ["ALL_PROXY alone", { ALL_PROXY: https }],
  ["HTTP_PROXY in a CGI", { HTTP_PROXY: https, REQUEST_METHOD: "GET" }],
  ["HTTPS_PROXY in a CGI", { HTTPS_PROXY: https, REQUEST_METHOD: "GET" }],
  ["without a scheme", { HTTPS_PROXY: "127.0.0.1:@PROXY@", HTTP_PROXY: "127.0.0.1:@PROXY@" }],
  ["host without a scheme", { HTTPS_PROXY: "localhost:@PROXY@" }],
  ["with user and password", { HTTPS_PROXY: "http://u:p@127.0.0.1:@PROXY@" }],
  ["user and password without a scheme", { HTTPS_PROXY: "u:p@127.0.0.1:@PROXY@" }],
  ["socks5", { HTTPS_PROXY: "socks5://127.0.0.1:@SOCKS@", HTTP_PROXY: "socks5://127.0.0.1:@SOCKS@" }],
  ["socks5h", { HTTPS_PROXY: "socks5h://127.0.0.1:@SOCKS@" }],
  ["https", { HTTPS_PROXY: "https://localhost:@TLSPROXY@" }],
  ["garbage", { HTTPS_PROXY: "http://a b" }],
  ["scheme unknown", { HTTPS_PROXY: "foo://127.0.0.1:@PROXY@" }],
];

const noProxies: readonly string[] = [
  "",
  "*",
  "cluster.test",
  ".cluster.test",
  "test",
  ".test",
  "*.test",
  "*.cluster.test",
  "CLUSTER.TEST",
  "cluster.test:@HTTPS@",
  "cluster.test:1",
  "a,cluster.test",
  "a cluster.test",
  " cluster.test ",
  "a, cluster.test ",
  "luster.test",
  "xcluster.test",
  "other.test",
  "cluster.test.",
  "127.0.0.1",
  "127.0.0.0/8",
  "127.0.0.1:@HTTPS@",
  "10.0.0.0/8",
  "::1",
  "localhost",
  "https://cluster.test",
  "cluster.*",
  ",",
  "cluster.test,",
  "127.0.0.1/33",
  "0.0.0.0/0",
  "::/0",
];

const noProxyTargets: Readonly<Record<string, Fields>> = {
  name: named,
  address: { ...secureCluster, server: "https://127.0.0.1:@HTTPS@" },
};

const withProxy = { HTTPS_PROXY: https, HTTP_PROXY: https };

const proxyCases: readonly CredentialCase[] = [
  ...proxies.flatMap((proxy) => [
    {
      name: `proxy: ${JSON.stringify(proxy)}`,
      files: { config: kubeconfig({ token: "t0" }, { ...named, "proxy-url": proxy }) },
      ...at,
    },
    {
      name: `proxy of plain: ${JSON.stringify(proxy)}`,
      files: { config: kubeconfig({ token: "t0" }, { ...plain, "proxy-url": proxy }) },
      ...at,
    },
  ]),
  ...environments.flatMap(([name, env]) => [
    { name: `proxy of the environment: ${name}`, files: { config: kubeconfig({ token: "t0" }, named) }, env, ...at },
    {
      name: `proxy of the environment for plain: ${name}`,
      files: { config: kubeconfig({ token: "t0" }, plain) },
      env,
      ...at,
    },
  ]),
  ...noProxies.flatMap((NO_PROXY) =>
    Object.entries(noProxyTargets).map(([target, cluster]) => ({
      name: `no proxy: ${JSON.stringify(NO_PROXY)} for a ${target}`,
      files: { config: kubeconfig({ token: "t0" }, cluster) },
      env: { ...withProxy, NO_PROXY },
      ...at,
    })),
  ),
  {
    name: "no proxy: lower case",
    files: { config: kubeconfig({ token: "t0" }, named) },
    env: { ...withProxy, no_proxy: "cluster.test" },
    ...at,
  },
  {
    name: "no proxy: both cases",
    files: { config: kubeconfig({ token: "t0" }, named) },
    env: { ...withProxy, NO_PROXY: "other", no_proxy: "cluster.test" },
    ...at,
  },
  {
    name: "no proxy: does not count for proxy-url",
    files: { config: kubeconfig({ token: "t0" }, { ...named, "proxy-url": https }) },
    env: { NO_PROXY: "*" },
    ...at,
  },
  {
    name: "proxy: kubeconfig over environment",
    files: { config: kubeconfig({ token: "t0" }, { ...named, "proxy-url": https }) },
    env: { HTTPS_PROXY: "http://127.0.0.1:1" },
    ...at,
  },
  {
    name: "proxy: server on this machine",
    files: { config: kubeconfig({ token: "t0" }, { ...secureCluster, server: "https://localhost:@HTTPS@" }) },
    env: withProxy,
    ...at,
  },
  {
    name: "proxy: proxy-url for this machine",
    files: { config: kubeconfig({ token: "t0" }, { ...secureCluster, "proxy-url": https }) },
    ...at,
  },
  {
    name: "proxy: with a certificate",
    files: {
      config: kubeconfig(
        { "client-certificate-data": "@CERT_A64@", "client-key-data": "@KEY_A64@" },
        { ...named, "proxy-url": https },
      ),
    },
    ...at,
  },
  {
    name: "proxy: with a server name",
    files: {
      config: kubeconfig(
        { token: "t0" },
        { ...named, server: "https://other.invalid:@HTTPS@", "tls-server-name": "cluster.test", "proxy-url": https },
      ),
    },
    ...at,
  },
  {
    name: "proxy: with a path",
    files: {
      config: kubeconfig({ token: "t0" }, { ...named, server: "https://cluster.test:@HTTPS@/a/b", "proxy-url": https }),
    },
    ...at,
    steps: [{ requests: 2 }],
  },
  {
    name: "proxy: with the default port",
    files: { config: kubeconfig({ token: "t0" }, { ...named, server: "https://cluster.test", "proxy-url": https }) },
    ...at,
  },
  {
    name: "proxy: plain with the default port",
    files: { config: kubeconfig({ token: "t0" }, { server: "http://cluster.test", "proxy-url": https }) },
    ...at,
  },
  {
    name: "proxy: plain with user and password",
    files: { config: kubeconfig({}, { ...plain, "proxy-url": "http://u:p@127.0.0.1:@PROXY@" }) },
    ...at,
    steps: [{ requests: 2 }],
  },
  {
    name: "proxy: with a plugin",
    files: { config: kubeconfig(exec(), { ...named, "proxy-url": https }) },
    plugins: { "bin/p": {} },
    ...at,
  },
];

const redirects: readonly (readonly [string, string])[] = [
  ["same server", "/other"],
  ["same server, whole address", "https://127.0.0.1:@HTTPS@/other"],
  ["another name of it", "https://localhost:@HTTPS@/other"],
  ["plain", "http://127.0.0.1:@HTTP@/other"],
  ["nowhere", "https://127.0.0.1:1/other"],
  ["relative", "other"],
  ["for ever", "/probe"],
];

const tokenFileCases: readonly CredentialCase[] = [
  {
    name: "token file: three requests",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ requests: 3 }],
  },
  {
    name: "token file: changed at once",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ requests: 1 }, { write: { "@DIR@/tok": "b" }, requests: 2 }],
  },
  {
    name: "token file: removed",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ requests: 1 }, { remove: ["@DIR@/tok"], requests: 2 }],
  },
  {
    name: "token file: removed before the first request",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ remove: ["@DIR@/tok"], requests: 2 }],
  },
  {
    name: "token file: changed before the first request",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ write: { "@DIR@/tok": "b" }, requests: 2 }],
  },
  {
    name: "token file: rejected",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ requests: 3 }],
    server: { statuses: [401] },
  },
  {
    name: "token file: rejected and changed",
    files: { tok: "a", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
    steps: [{ requests: 1 }, { write: { "@DIR@/tok": "b" }, requests: 2 }],
    server: { rejects: ["Bearer a"] },
  },
  { name: "token file: spaces around", files: { tok: "  a b \n\n", config: kubeconfig({ tokenFile: "tok" }) }, ...at },
  { name: "token file: two lines", files: { tok: "a\nb", config: kubeconfig({ tokenFile: "tok" }) }, ...at },
  { name: "token file: byte order mark", files: { tok: "\ufeffa", config: kubeconfig({ tokenFile: "tok" }) }, ...at },
  {
    name: "token file: space at the end that is not ASCII",
    files: { tok: "a\u00a0\u2003\u0085", config: kubeconfig({ tokenFile: "tok" }) },
    ...at,
  },
  {
    name: "certificate files: three requests",
    files: {
      "a.pem": "@CERT_A@",
      "a.key": "@KEY_A@",
      config: kubeconfig({ "client-certificate": "a.pem", "client-key": "a.key" }),
    },
    ...at,
    steps: [{ requests: 3 }],
  },
  {
    name: "certificate files: removed",
    files: {
      "a.pem": "@CERT_A@",
      "a.key": "@KEY_A@",
      config: kubeconfig({ "client-certificate": "a.pem", "client-key": "a.key" }),
    },
    ...at,
    steps: [{ requests: 1 }, { remove: ["@DIR@/a.pem"], requests: 2 }],
  },
];

const account = { token: "pod-token\n", "ca.crt": "@CA@", namespace: "pod-ns\n" };
const podEnv = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: "@HTTPS@" };
const pods: readonly (readonly [string, Partial<CredentialCase>])[] = [
  ["plain", {}],
  ["three requests", { steps: [{ requests: 3 }] }],
  ["no host", { env: { KUBERNETES_SERVICE_PORT: "@HTTPS@" } }],
  ["no port", { env: { KUBERNETES_SERVICE_HOST: "127.0.0.1" } }],
  ["empty host", { env: { ...podEnv, KUBERNETES_SERVICE_HOST: "" } }],
  ["host is a name", { env: { ...podEnv, KUBERNETES_SERVICE_HOST: "localhost" } }],
  ["host is IPv6", { env: { KUBERNETES_SERVICE_HOST: "::1", KUBERNETES_SERVICE_PORT: "1" } }],
  ["no token", { pod: { "ca.crt": "@CA@" } }],
  ["empty token", { pod: { ...account, token: "" } }],
  ["blank token", { pod: { ...account, token: " \n" } }],
  ["no authority", { pod: { token: "x" } }],
  ["garbage authority", { pod: { ...account, "ca.crt": "hello" } }],
  ["other authority", { pod: { ...account, "ca.crt": "@OTHER_CA@" } }],
  ["no namespace", { pod: { token: "x", "ca.crt": "@CA@" } }],
  ["empty namespace", { pod: { ...account, namespace: "" } }],
  ["POD_NAMESPACE", { env: { ...podEnv, POD_NAMESPACE: "env-ns" } }],
  ["override namespace", { namespace: "n" }],
  ["override token", { overrides: { token: "to" } }],
  ["override token file", { overrides: { tokenFile: "@DIR@/tok" }, files: { tok: "from-file" } }],
  [
    "override token and token file",
    { overrides: { token: "to", tokenFile: "@DIR@/tok" }, files: { tok: "from-file" } },
  ],
  ["override server", { overrides: { server: "https://localhost:@HTTPS@" } }],
  [
    "override server and authority",
    { overrides: { server: "https://localhost:@HTTPS@", certificateAuthority: { data: "@CA@" } } },
  ],
  ["override authority", { overrides: { certificateAuthority: { data: "@CA@" } } }],
  ["override insecure", { overrides: { insecureSkipTlsVerify: true } }],
  ["override server name", { overrides: { tlsServerName: "cluster.test" } }],
  ["override proxy", { overrides: { proxyUrl: https } }],
  ["override compression", { overrides: { disableCompression: true } }],
  ["override user", { user: "u" }],
  ["override context", { context: "c" }],
  ["override cluster", { cluster: "k" }],
  ["override as", { overrides: { impersonate: { user: "me" } } }],
  ["override basic", { overrides: { username: "a", password: "b" } }],
  ["override certificate", { overrides: { clientCertificate: { data: "@CERT_A@" }, clientKey: { data: "@KEY_A@" } } }],
  ["override timeout", { overrides: { timeout: "7" } }],
  ["override timeout wrong", { overrides: { timeout: "x" } }],
  ["with a kubeconfig", { files: { "home/.kube/config": kubeconfig() } }],
  [
    "with a kubeconfig with a namespace",
    { files: { "home/.kube/config": kubeconfig({ token: "t0" }, secureCluster, { namespace: "nc" }) } },
  ],
  ["with an empty kubeconfig", { files: { "home/.kube/config": "" } }],
  ["with a broken kubeconfig", { files: { "home/.kube/config": "x: [" } }],
  [
    "with a kubeconfig of no context",
    { files: { "home/.kube/config": kubeconfigOf({ clusters: { k: secureCluster }, users: { u: { token: "x" } } }) } },
  ],
  [
    "with a lost cluster",
    {
      files: {
        "home/.kube/config": kubeconfigOf({
          contexts: { c: { cluster: "zz", user: "u" } },
          users: { u: { token: "x" } },
          "current-context": "c",
        }),
      },
    },
  ],
  ["with a lost context", { files: { "home/.kube/config": kubeconfigOf({ "current-context": "zz" }) } }],
  [
    "with a user that is wrong",
    {
      files: {
        "home/.kube/config": kubeconfigOf({
          contexts: { c: { user: "u" } },
          users: { u: { token: "x", username: "y" } },
          "current-context": "c",
        }),
      },
    },
  ],
  ["with an explicit empty file", { files: { a: "" }, kubeconfig: "@DIR@/a" }],
  ["with an explicit missing file", { kubeconfig: "@DIR@/a" }],
  ["with missing files", { env: { ...podEnv, KUBECONFIG: "a:b" } }],
  ["of text", { text: "{}" }],
  ["401", { server: { statuses: [401] }, steps: [{ requests: 2 }] }],
  ["proxy of the environment", { env: { ...podEnv, HTTPS_PROXY: https } }],
];

export const networkCases: readonly CredentialCase[] = [
  ...proxyCases,
  ...redirects.map(([name, redirect]) => ({
    name: `redirect: ${name}`,
    files: { config: kubeconfig({ token: "t0", as: "me" }) },
    ...at,
    server: { redirect },
  })),
  ...redirects.map(([name, redirect]) => ({
    name: `redirect with a plugin: ${name}`,
    files: { config: kubeconfig(exec()) },
    plugins: { "bin/p": {} },
    ...at,
    server: { redirect },
  })),
  ...tokenFileCases,
  ...pods.map(([name, rest]) => ({ name: `pod: ${name}`, pod: account, env: podEnv, ...rest })),
];
