import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResolvedContext } from "./cluster.ts";
import { ConfigError } from "./config-error.ts";
import { cleanInstallHint } from "./install-hint.ts";
import { KubeConfig } from "./kube-config.ts";
import { parseRequestTimeoutMs } from "./request-timeout.ts";
import type { ResolveOptions } from "./resolve-context.ts";
import type { Simple } from "./testdata/folder.ts";
import { authorityPem, Folder, kubeconfig } from "./testdata/folder.ts";

const v1 = "client.authentication.k8s.io/v1";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function resolve(simple: Simple = {}, options: ResolveOptions = {}): Promise<ResolvedContext> {
  return (await KubeConfig.parse(kubeconfig(simple))).resolve(options);
}

async function problems(simple: Simple, options: ResolveOptions = {}): Promise<string> {
  try {
    await resolve(simple, options);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.map(({ code, message }) => `${code}: ${message}`).join("\n");
  }
  return "";
}

test("K15 an override that is empty changes nothing, and a list or mapping that is set", async () => {
  const simple = {
    cluster: { server: "https://h", "proxy-url": "http://p" },
    user: { token: "t", as: "a", "as-groups": ["g"] },
  };
  const empty = {
    server: "",
    proxyUrl: "",
    token: "",
    insecureSkipTlsVerify: false,
    impersonate: { user: "", groups: [] },
  };
  const same = await resolve(simple, { overrides: empty });
  assert.equal(same.cluster.asWritten?.proxyUrl, "http://p");
  assert.deepEqual([same.user.token, same.user.impersonate?.user, same.user.impersonate?.groups], ["t", "a", ["g"]]);
  const other = await resolve(simple, { overrides: { impersonate: { groups: ["h"] } } });
  assert.deepEqual(other.user.impersonate?.groups, ["h"]);
});

test("K12 preferences are checked, and have no effect", async () => {
  await resolve({ more: { preferences: { colors: true, extensions: [] } } });
  await assert.rejects(resolve({ more: { preferences: { colors: 1 } } }), { code: "KubeconfigInvalid" });
});

test("K16 a context that is asked for by name must exist", async () => {
  assert.equal(
    await problems({}, { context: "zz" }),
    'ContextNotFound: there is no context "zz" in the given kubeconfig; it has "c"',
  );
  assert.match(await problems({ more: { "current-context": "zz" } }), /ContextNotFound: current-context: .*"zz"/);
});

test("K17 without a current context none is picked", async () => {
  assert.match(
    await problems({ more: { "current-context": "" } }),
    /KubeconfigEmpty: .*no current-context; choose one of "c"/,
  );
});

test("K18 a context that names a cluster that does not exist is an error, unless another server is given", async () => {
  const simple = { context: { cluster: "zz" } };
  assert.match(await problems(simple), /ClusterNotFound: there is no cluster "zz".* it has "k"/);
  assert.equal((await resolve(simple, { overrides: { server: "https://o" } })).cluster.server.href, "https://o/");
});

test("K19 a context that names a user that does not exist is an error, and one that names none is anonymous", async () => {
  assert.match(await problems({ context: { user: "zz" } }), /UserNotFound: there is no user "zz"/);
  assert.equal((await resolve({ context: { user: "" } })).user.token, undefined);
  assert.equal((await resolve({ context: { user: "zz" } }, { overrides: { token: "t" } })).user.token, "t");
  assert.match(await problems({}, { user: "zz" }), /UserNotFound/);
  assert.match(await problems({}, { cluster: "zz" }), /ClusterNotFound/);
});

test("K20 the whole file can be checked more strictly than one context", async () => {
  const more = {
    "current-context": "zz",
    contexts: [
      { name: "", context: { cluster: "k", user: "u" } },
      { name: "c", context: { cluster: "", user: "no", namespace: "Not A Label" } },
      { name: "d", context: { cluster: "no" } },
    ],
    users: [{ name: "u", user: { token: "t", username: "n" } }],
  };
  const config = await KubeConfig.parse(kubeconfig({ cluster: { "proxy-url": "ftp://p" }, more }));
  assert.deepEqual(
    config.problems().map(({ code, message }) => `${code} ${message.split(" ").slice(0, 4).join(" ")}`),
    [
      'ContextNotFound current-context names "zz", which',
      "KubeconfigInvalid a context has no",
      'UserNotFound context "c" names the',
      'KubeconfigInvalid context "c" names no',
      'KubeconfigInvalid context "c" has a',
      'KubeconfigInvalid context "d" names no',
      'ClusterNotFound context "d" names the',
      'KubeconfigInvalid user "u" has both',
      'ServerMissing cluster "k" has no',
      'ProxyInvalid the proxy-url "ftp://p" of',
    ],
  );
  assert.deepEqual((await KubeConfig.parse(kubeconfig())).problems(), []);
  assert.deepEqual(
    (await KubeConfig.parse("")).problems().map(({ code }) => code),
    ["KubeconfigEmpty"],
  );
});

test("K21 the namespace is the override's, the context's, or default", async () => {
  assert.equal((await resolve()).namespace, "default");
  assert.equal((await resolve({ context: { namespace: "ns" } })).namespace, "ns");
  assert.equal((await resolve({ context: { namespace: "ns" } }, { namespace: "mine" })).namespace, "mine");
});

test("K22 a cluster without a server is an error", async () => {
  assert.match(await problems({ cluster: { "tls-server-name": "x" } }), /ServerMissing: cluster "k" has no server/);
  assert.match(await problems({ cluster: {} }), /KubeconfigEmpty: context "c" .*names no cluster with a server/);
});

test("K23 a certificate authority that cannot be read, or is there twice, is an error", async () => {
  const server = "https://h";
  assert.match(
    await problems({ cluster: { server, "certificate-authority": "/nope" } }),
    /FileUnreadable: cluster "k" names the certificate-authority "\/nope", which cannot be read: no such file/,
  );
  using folder = new Folder({ "ca.pem": "x" });
  const both = { "certificate-authority": folder.at("ca.pem"), "certificate-authority-data": base64("x") };
  assert.match(
    await problems({ cluster: { server, ...both } }),
    /both certificate-authority and certificate-authority-data/,
  );
});

const pem = authorityPem;

test("a certificate authority that is no PEM is an error, and an empty file is left to the handshake", async () => {
  const cluster = { server: "https://h", "certificate-authority-data": base64("hello") };
  assert.match(await problems({ cluster }), /certificate-authority of cluster "k" holds no PEM certificate/);
  const plain = await resolve({ cluster: { ...cluster, server: "http://h" } });
  assert.equal(plain.cluster.certificateAuthority, undefined);
});

test("K24 A4 insecure beside a certificate authority is an error; each override clears the other", async () => {
  const cluster = { server: "https://h", "insecure-skip-tls-verify": true, "certificate-authority-data": base64("x") };
  assert.match(await problems({ cluster }), /both a certificate authority and insecure-skip-tls-verify/);
  const insecure = await resolve({ cluster }, { overrides: { insecureSkipTlsVerify: true } });
  assert.equal(insecure.cluster.certificateAuthority, undefined);
  const trusted = await resolve({ cluster }, { overrides: { certificateAuthority: { data: pem } } });
  assert.deepEqual(trusted.cluster.certificateAuthority, { data: pem });
  assert.equal(trusted.cluster.insecureSkipTlsVerify, false);
});

test("K25 a proxy must be http, https or socks5, and its password is never shown", async () => {
  for (const proxy of ["socks6://x", "socks5h://x", "example.com:3128"]) {
    assert.match(
      await problems({ cluster: { server: "https://h", "proxy-url": proxy } }),
      /ProxyInvalid: .*must begin/,
    );
  }
  const bad = await problems({ cluster: { server: "https://h", "proxy-url": "ftp://u:hunter2@p" } });
  assert.doesNotMatch(bad, /hunter2/);
  for (const proxy of ["http://p:1", "HTTPS://p", "socks5://u:p@p:1"]) {
    const { cluster } = await resolve({ cluster: { server: "https://h", "proxy-url": proxy } });
    assert.equal(cluster.asWritten?.proxyUrl, proxy.replace("HTTPS", "https"));
  }
});

test("K26 A11 another server clears tls-server-name", async () => {
  const simple = { cluster: { server: "https://h", "tls-server-name": "sn" } };
  assert.equal((await resolve(simple)).cluster.tlsServerName, "sn");
  assert.equal((await resolve(simple, { overrides: { server: "https://o" } })).cluster.tlsServerName, undefined);
  const both = await resolve(simple, { overrides: { server: "https://o", tlsServerName: "osn" } });
  assert.equal(both.cluster.tlsServerName, "osn");
});

test("K27 E7 token and basic exclude each other, whoever brings them", async () => {
  const conflict = /both a token and a username or password/;
  assert.match(await problems({ user: { token: "t", username: "u" } }), conflict);
  assert.match(await problems({ user: { token: "t", password: "p" } }), conflict);
  assert.match(await problems({ user: { username: "u" } }, { overrides: { token: "t" } }), conflict);
  assert.match(await problems({ user: { token: "t" } }, { overrides: { username: "u" } }), conflict);
});

test("K28 K29 a token file must be readable unless there is a token beside it", async () => {
  assert.match(
    await problems({ user: { tokenFile: "/nope" } }),
    /FileUnreadable: user "u" names the tokenFile "\/nope"/,
  );
  const both = await resolve({ user: { tokenFile: "/nope", token: "t" } });
  assert.equal(both.user.tokenFile, "/nope");
  assert.equal(both.user.token, "t");
});

test("K30 a certificate needs its key; a key alone is nothing", async () => {
  const data = base64("x");
  assert.match(await problems({ user: { "client-certificate-data": data } }), /certificate and no client-key/);
  assert.equal((await resolve({ user: { "client-key-data": data } })).user.clientKey, undefined);
  const twice = { "client-certificate-data": data, "client-key-data": data, "client-key": "/nope" };
  assert.match(await problems({ user: twice }), /both client-key and client-key-data.*names the client-key "\/nope"/s);
  const { user } = await resolve(
    { user: { "client-certificate": "/nope", "client-key": "/nope" } },
    { overrides: { clientCertificate: { data: "C" }, clientKey: { data: "K" } } },
  );
  assert.deepEqual([user.clientCertificate, user.clientKey], [{ data: "C" }, { data: "K" }]);
});

test("K31 groups, uid and extra need a user to impersonate; an override of it keeps the kubeconfig's groups", async () => {
  for (const field of [{ "as-groups": ["g"] }, { "as-uid": "1" }, { "as-user-extra": { k: ["v"] } }]) {
    assert.match(await problems({ user: field }), /no user to impersonate/);
  }
  const user = { as: "a", "as-groups": ["g"], "as-uid": "1", "as-user-extra": { k: ["v"] }, "act-as": "ignored" };
  assert.deepEqual((await resolve({ user })).user.impersonate, {
    user: "a",
    uid: "1",
    groups: ["g"],
    extra: { k: ["v"] },
  });
  const other = await resolve({ user }, { overrides: { impersonate: { user: "b", extra: { l: ["w"] } } } });
  assert.deepEqual(other.user.impersonate, { user: "b", uid: "1", groups: ["g"], extra: { k: ["v"], l: ["w"] } });
});

test("K32 K33 a username or a password alone loads, and so does an empty user", async () => {
  assert.equal((await resolve({ user: { username: "u" } })).user.username, "u");
  assert.equal((await resolve({ user: { password: "p" } })).user.password, "p");
  assert.equal((await resolve({ user: {} })).user.name, "u");
});

test("E8 K40 over plain HTTP nothing authenticates or protects but impersonation, and all of it is checked", async () => {
  const cluster = { server: "http://h", "tls-server-name": "sn", "certificate-authority-data": base64("x") };
  const user = { token: "t", as: "me", exec: { command: "x", apiVersion: v1, interactiveMode: "Never" } };
  const resolved = await resolve({ cluster, user });
  assert.deepEqual(
    [resolved.user.token, resolved.user.exec, resolved.user.impersonate?.user],
    [undefined, undefined, "me"],
  );
  assert.deepEqual([resolved.cluster.certificateAuthority, resolved.cluster.tlsServerName], [undefined, undefined]);
  assert.match(
    await problems({ cluster, user: { "client-certificate": "/nope", "client-key": "/nope" } }),
    /FileUnreadable/,
  );
});

test("K40 a server without a scheme is an error that suggests https", async () => {
  assert.match(
    await problems({ cluster: { server: "h:6443", "certificate-authority-data": base64("x") } }),
    /ServerWithoutScheme: the server "h:6443" of cluster "k" has no scheme; write https:\/\/h:6443/,
  );
  assert.match(await problems({ cluster: { server: "ftp://h" } }), /ServerInvalid/);
  assert.match(await problems({ cluster: { server: "https://" } }), /ServerInvalid/);
});

test("K41 query and fragment are cut where there is a path", async () => {
  const written = async (server: string): Promise<string | undefined> =>
    (await resolve({ cluster: { server } })).cluster.asWritten?.server;
  assert.equal(await written("https://h/p/?x=1#f"), "https://h/p/");
  assert.equal(await written("https://h/?x=1"), "https://h/?x=1");
  assert.equal(await written("https://h:443"), "https://h:443");
  assert.equal(await written("HTTPS://H/a b|é/%2f"), "https://H/a%20b%7C%C3%A9//");
});

test("K40 an address that only a lenient parser would read is refused", async () => {
  for (const server of [
    "https:///p",
    "https://h\\p",
    "https://h ",
    "https://%68",
    "https://h/%zz",
    "https://h\n",
    "https://h:x",
  ]) {
    assert.match(await problems({ cluster: { server } }), /ServerInvalid/, server);
  }
});

test("user and password in the server's address stand beside the user's own, and do not stay in it", async () => {
  const { cluster, user } = await resolve({ cluster: { server: "https://a:b%20c@h" }, user: { token: "t" } });
  assert.equal(cluster.server.href, "https://h/");
  assert.deepEqual([user.addressLogin, user.token], [{ username: "a", password: "b c" }, "t"]);
  const unnamed = await resolve({ cluster: { server: "https://:p@h" } });
  assert.deepEqual(unnamed.user.addressLogin, { username: "", password: "p" });
});

test("K42 a timeout is seconds or a Go duration", async () => {
  const texts: readonly [string, number | undefined][] = [
    ["5", 5000],
    ["0", 0],
    ["1m30s", 90_000],
    ["1.5h", 5_400_000],
    ["-5s", -5000],
    [".5s", 500],
    ["250ms", 250],
    ["-5", undefined],
    ["abc", undefined],
    ["1d", undefined],
    ["100000000000", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of texts) {
    if (expected === undefined) assert.throws(() => parseRequestTimeoutMs(text), { code: "InvalidTimeout" }, text);
    else assert.equal(parseRequestTimeoutMs(text), expected, text);
  }
  assert.equal((await resolve({}, { overrides: { timeout: "2" } })).requestTimeoutMs, 2000);
});

test("E11 everything that an exec section lacks is said at once", async () => {
  const text = await problems({ user: { exec: { env: [{ value: "x" }] }, "auth-provider": { name: "oidc" } } });
  for (const part of [
    /exec and auth-provider/,
    /without a command/,
    /without an apiVersion/,
    /no name/,
    /interactiveMode/,
  ]) {
    assert.match(text, part);
  }
  const always = { exec: { command: "x", apiVersion: v1, interactiveMode: "always" } };
  assert.match(await problems({ user: always }), /unknown interactiveMode "always"/);
});

test("E12 the versions before v1 have a default interactiveMode", async () => {
  const mode = async (apiVersion: string): Promise<string | undefined> =>
    (await resolve({ user: { exec: { command: "x", apiVersion } } })).user.exec?.interactiveMode;
  assert.equal(await mode(`${v1}beta1`), "IfAvailable");
  assert.equal(await mode(`${v1}alpha1`), "IfAvailable");
  await assert.rejects(mode(v1), { code: "KubeconfigInvalid" });
});

test("E48 an install hint cannot speak to the terminal", () => {
  assert.equal(cleanInstallHint("\u001b[1mé😀\n\t\r x\u00ad"), "U+001B[1mé😀\n\t\r xU+00AD");
});

test("KubeConfig.from is a configuration without files", async () => {
  const config = KubeConfig.from({ server: "https://h", token: "t", namespace: "ns", certificateAuthority: "/nope" });
  assert.throws(() => config.resolve(), { code: "FileUnreadable" });
  const { cluster, user, namespace, context } = KubeConfig.from({
    server: new URL("https://h/p"),
    certificateAuthority: pem,
    username: "u",
    namespace: "ns",
    impersonate: { user: "me" },
  }).resolve();
  assert.deepEqual(cluster.certificateAuthority, { data: pem });
  assert.deepEqual([user.username, user.impersonate?.user, namespace, context], ["u", "me", "ns", undefined]);
  assert.throws(() => KubeConfig.from({ server: "h:6443" }), { code: "ServerWithoutScheme" });
});
