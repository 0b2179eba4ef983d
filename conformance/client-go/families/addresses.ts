/**
 * Addresses of servers and proxies, and exceptions from proxies, put together at random: always the same ones.
 */
import type { CredentialCase } from "../case.ts";
import { exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";
import { type Choices, choices, numbered } from "./random-choices.ts";

const schemes = ["https://", "https://", "https://", "https://", "HTTPS://", "http://", "hTTp://", "", "//", "https:/"];
const userinfos = ["u:p@", "u@", "u:@", "a%20b:c%2Fd@", "a+b:c d@", "u:p:q@", "%:x@", "a/b@", "ü@", "u;v=1:p!@"];
const hosts = [
  "127.0.0.1",
  "127.0.0.1",
  "localhost",
  "LocalHost",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "[0:0:0:0:0:0:0:1]",
  "[::1%25lo]",
  "0",
  "a_b.invalid",
  "bücher.invalid",
  "a..invalid",
  "-a.invalid",
  "a%2e.invalid",
  "a!b.invalid",
  "a'b.invalid",
  "a(b).invalid",
  "a*b.invalid",
  "a;b.invalid",
  "a=b.invalid",
  "a,b.invalid",
  "a$b.invalid",
  "a~b.invalid",
  "a|b.invalid",
  "a^b.invalid",
  'a"b.invalid',
  "a{b.invalid",
  "a`b.invalid",
];
const ports = ["", ":", ":0", ":00443", ":+1", ": 1", ":1e3", ":a"];
const paths = [
  "",
  "",
  "/",
  "//",
  "/a",
  "/a/",
  "/a/b//c",
  "//a",
  "/.",
  "/./a",
  "/a/..",
  "/../a",
  "/a/...",
  "/%2F",
  "/a%2fb/",
  "/%E4%BD%A0",
  "/你",
  "/a%00",
  "/a%",
  "/a%2",
  "/~a",
  "/a:b",
  "/a@b",
  "/a=b;c=d",
  "/a[1]",
  "/a&b",
  "/'",
  '/"',
  "/{a}",
  "/a^b",
  "/a`b",
  "/a|b",
  "/+ +",
  "/*",
  "/api/v1/../x",
  "/\u00a0",
  "/😀",
];
const queries = ["", "", "", "?a=b", "?a=b&c", "?%zz", "??", "?ü", "?a b", "#", "#f", "#%zz", "?a#b", "#a?b", "#a#b"];

function address({ pick, chance }: Choices): string {
  const scheme = pick(schemes);
  const port = /^http:/i.test(scheme) ? "@HTTP@" : "@HTTPS@";
  const userinfo = chance(0.15) ? pick(userinfos) : "";
  const host = chance(0.94) ? "127.0.0.1" : pick(hosts);
  const given = chance(0.85) ? `:${port}` : pick(ports);
  const path = chance(0.3) ? "" : pick(paths) + (chance(0.3) ? pick(paths) : "");
  return `${scheme}${userinfo}${host}${given}${path}${chance(0.5) ? "" : pick(queries)}`;
}

const at = { kubeconfig: "@DIR@/config" };

function serverCase(number: number): CredentialCase {
  const given = choices(number + 3_000_000);
  const { pick, chance } = given;
  const server = address(given);
  const user = pick([
    { token: "t0" },
    { username: "u0" },
    exec({ provideClusterInfo: true }),
    { token: "t0", as: "me" },
  ]);
  const isOverride = chance(0.25);
  return {
    name: `random server: ${number}, ${JSON.stringify(server)}`,
    files: { config: kubeconfig(user, { ...secureCluster, ...(isOverride ? {} : { server }) }) },
    plugins: { "bin/p": {} },
    ...at,
    ...(isOverride && { overrides: { server } }),
  };
}

const proxySchemes = ["http://", "http://", "http://", "https://", "socks5://", "HTTP://", "Socks5://", "", "//"];
const portOf: Readonly<Record<string, string>> = {
  "https://": "@TLSPROXY@",
  "socks5://": "@SOCKS@",
  "Socks5://": "@SOCKS@",
};
const targets = [
  { server: "https://cluster.test:@HTTPS@" },
  { server: "https://CLUSTER.test:@HTTPS@/a/b" },
  { server: "https://127.0.0.1:@HTTPS@" },
  { server: "https://localhost:@HTTPS@" },
  { server: "https://cluster.test" },
  { server: "https://10.1.2.3:@HTTPS@", "tls-server-name": "cluster.test" },
  { server: "https://[2001:db8::1]:@HTTPS@", "tls-server-name": "cluster.test" },
  { server: "https://[::1]:@HTTPS@", "tls-server-name": "cluster.test" },
  { server: "https://127.9.9.9:@HTTPS@", "tls-server-name": "cluster.test" },
  { server: "https://a.b.cluster.test:@HTTPS@", "tls-server-name": "cluster.test" },
  { server: "http://cluster.test:@HTTP@" },
  { server: "http://cluster.test:@HTTP@/x?y" },
  { server: "http://localhost:@HTTP@" },
  { server: "http://10.1.2.3:@HTTP@" },
];

function proxyText({ pick, chance }: Choices): string {
  const scheme = pick(proxySchemes);
  const userinfo = chance(0.3) ? pick(userinfos) : "";
  const host = chance(0.8) ? pick(["127.0.0.1", "localhost"]) : pick(hosts);
  const given = chance(0.85) ? `:${portOf[scheme] ?? "@PROXY@"}` : pick(ports);
  const path = chance(0.75) ? "" : pick(paths);
  return `${scheme}${userinfo}${host}${given}${path}${chance(0.85) ? "" : pick(queries)}`;
}

const exceptions = [
  "*",
  "cluster.test",
  ".cluster.test",
  "b.cluster.test",
  ".b.cluster.test",
  "*.cluster.test",
  "a.*",
  "10.1.2.3",
  "10.1.2.3:@HTTPS@",
  "10.0.0.0/8",
  "10.1.2.0/255.255.255.0",
  "10.1.2.3/32",
  "10.1.2.4/31",
  "010.1.2.3",
  "2001:db8::1",
  "[2001:db8::1]",
  "[2001:db8::1]:@HTTPS@",
  "2001:0db8:0::1",
  "2001:db8::/32",
  "[2001:db8::]/32",
  "::ffff:10.1.2.3",
  "::ffff:10.1.2.0/120",
  "cluster.test:@HTTPS@",
  "cluster.test:@HTTP@",
  ".cluster.test:@HTTPS@",
  "cluster.test:443",
  "cluster.test:80",
  "cluster.test:",
  "localhost",
  "127.0.0.1",
  "",
  " ",
  "http://cluster.test",
  "cluster.test/",
  "TEST",
  "*test",
  ".",
  ":@HTTPS@",
];

function proxyCase(number: number): CredentialCase {
  const given = choices(number + 4_000_000);
  const { pick, chance } = given;
  const isOfEnvironment = chance(0.5);
  const cluster = { ...secureCluster, ...pick(targets) };
  const proxy = proxyText(given);
  const list = Array.from({ length: chance(0.5) ? 1 : 3 }, () => pick(exceptions)).join(
    pick([",", ",", ", ", " ,", ";", " "]),
  );
  const variable = pick(["HTTPS_PROXY", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY", "http_proxy"]);
  const env: Record<string, string> = isOfEnvironment ? { [variable]: proxy } : {};
  if (isOfEnvironment && chance(0.4)) env["HTTP_PROXY"] = "http://127.0.0.1:@PROXY@";
  if (chance(0.5)) env[pick(["NO_PROXY", "NO_PROXY", "no_proxy"])] = list;
  return {
    name: `random proxy: ${number}, ${JSON.stringify(proxy)}${isOfEnvironment ? ` in ${variable}` : ""} for ${cluster.server}`,
    files: {
      config: kubeconfig(pick([{ token: "t0" }, exec({ provideClusterInfo: true })]), {
        ...cluster,
        ...(isOfEnvironment ? {} : { "proxy-url": proxy }),
      }),
    },
    plugins: { "bin/p": {} },
    env,
    ...at,
    steps: [{ requests: chance(0.8) ? 1 : 2 }],
  };
}

function noProxyCase(number: number): CredentialCase {
  const { pick, chance } = choices(number + 5_000_000);
  const cluster = { ...secureCluster, ...pick(targets) };
  const separator = pick([",", ",", ", ", " , ", " "]);
  const list = Array.from({ length: chance(0.6) ? 1 : 3 }, () => pick(exceptions)).join(separator);
  const proxy = "http://127.0.0.1:@PROXY@";
  return {
    name: `random exception: ${number}, ${JSON.stringify(list)} for ${cluster.server}`,
    files: { config: kubeconfig({ token: "t0" }, cluster) },
    env: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: list },
    ...at,
  };
}

/** Of each kind, those with the numbers from `start` on. */
export function addressCases(start: number, count: number): readonly CredentialCase[] {
  return [serverCase, proxyCase, noProxyCase].flatMap((make) => numbered(start, count, make));
}
