import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ConfigError } from "./config-error.ts";
import type { Host } from "./host.ts";
import { nodeHost } from "./host.ts";
import { KubeConfig } from "./kube-config.ts";
import { defaultKubeconfigPath, kubeconfigPaths } from "./kubeconfig-files.ts";
import { authorityPem, Folder, kubeconfig } from "./testdata/folder.ts";

const named = (name: string, server: string, more: object = {}): string =>
  JSON.stringify({
    "current-context": name,
    clusters: [{ name: "k", cluster: { server } }],
    users: [{ name: "u", user: { token: `token-${name}` } }],
    contexts: [{ name, context: { cluster: "k", user: "u" } }],
    ...more,
  });

async function loadError(folder: Folder, env: Record<string, string>, path?: string): Promise<ConfigError> {
  try {
    await KubeConfig.load(path, { host: folder.host(env) });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "it loaded" });
}

test("K1 an explicit path is the only file, as text or as URL", async () => {
  using folder = new Folder({ a: named("a", "https://a"), b: named("b", "https://b") });
  const host = folder.host({ KUBECONFIG: folder.at("b") });
  assert.equal((await KubeConfig.load("a", { host })).currentContext, "a");
  const config = await KubeConfig.load(pathToFileURL(folder.at("a")), { host });
  assert.deepEqual(
    config.contexts.map(({ name }) => name),
    ["a"],
  );
});

test("K1 a missing explicit file is an error that names it", async () => {
  using folder = new Folder({ b: named("b", "https://b") });
  const error = await loadError(folder, { KUBECONFIG: folder.at("b") }, folder.at("nope"));
  assert.equal(error.code, "KubeconfigNotFound");
  assert.match(error.message, /nope" does not exist/);
});

test("K2 KUBECONFIG is a list: repetitions and empty entries are left out, a tilde is a name", () => {
  const host = (list: string): Host => ({
    ...nodeHost,
    platform: "linux",
    env: () => ({ KUBECONFIG: list, HOME: "/h" }),
  });
  assert.deepEqual(kubeconfigPaths(host(":/a:b::/a:~/c:")), ["/a", "b", "~/c"]);
  assert.deepEqual(kubeconfigPaths(host(":::")), []);
  assert.deepEqual(kubeconfigPaths(host("")), ["/h/.kube/config"]);
});

test("K2 a list of nothing is an empty configuration", async () => {
  using folder = new Folder({ ".kube/config": named("home", "https://home") });
  const config = await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: ":::" }) });
  assert.equal(config.currentContext, undefined);
});

test("K3 without KUBECONFIG it is the home folder's", async () => {
  using folder = new Folder({ ".kube/config": named("home", "https://home") });
  assert.equal((await KubeConfig.load(undefined, { host: folder.host() })).currentContext, "home");
});

test("K3 the file of the first days of Kubernetes is read where there is no other", async () => {
  using folder = new Folder({ ".kube/.kubeconfig": named("former", "https://former") });
  assert.equal((await KubeConfig.load(undefined, { host: folder.host() })).currentContext, "former");
  folder.write(".kube/config", named("home", "https://home"));
  assert.equal((await KubeConfig.load(undefined, { host: folder.host() })).currentContext, "home");
});

test("E70 K2 on Windows a semicolon separates, and quotes protect it", () => {
  const env = { KubeConfig: 'C:\\a;"C:\\b;c\\d";;C:\\a' };
  assert.deepEqual(kubeconfigPaths({ ...nodeHost, platform: "win32", env: () => env }), ["C:\\a", "C:\\b;c\\d"]);
});

test("E70 K3 on Windows the home is the first folder with a kubeconfig, then the first that can be written", () => {
  const env = { HOME: "C:\\home", HOMEDRIVE: "D:", HOMEPATH: "\\drive", USERPROFILE: "C:\\profile" };
  const host = (paths: Readonly<Record<string, number>>): Host => ({
    ...nodeHost,
    platform: "win32",
    env: () => env,
    stat: (path) => {
      const mode = paths[path];
      if (mode === undefined) throw Object.assign(new Error("missing"), { code: "ENOENT" });
      return { isFile: false, isDirectory: true, mode, mtimeMs: 0, sizeBytes: 0 };
    },
  });
  const found = (paths: Readonly<Record<string, number>>): string => defaultKubeconfigPath(host(paths));
  assert.equal(
    found({ "D:\\drive\\.kube\\config": 0o600, "C:\\profile\\.kube\\config": 0o600 }),
    "D:\\drive\\.kube\\config",
  );
  assert.equal(found({ "C:\\home": 0o500, "C:\\profile": 0o700, "D:\\drive": 0o700 }), "C:\\profile\\.kube\\config");
  assert.equal(found({ "D:\\drive": 0o500 }), "D:\\drive\\.kube\\config");
  assert.equal(found({}), "C:\\home\\.kube\\config");
});

test("K4 missing files of a list are skipped, with one warning where all are missing", async () => {
  using folder = new Folder({ b: named("b", "https://b") });
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);
  const some = await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: "nope:b" }), onWarning });
  assert.equal(some.currentContext, "b");
  assert.deepEqual(warnings, []);
  const none = await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: "x:y" }), onWarning });
  assert.equal(none.currentContext, undefined);
  assert.deepEqual(warnings, ["kubeconfig not found: x, y"]);
  assert.throws(() => none.resolve(), { code: "KubeconfigEmpty" });
});

test("K5 one bad file fails the load, and all bad files are named", async () => {
  using folder = new Folder({ good: named("a", "https://a"), bad: "a: [", list: "[]" });
  mkdirSync(folder.at("folder"));
  const error = await loadError(folder, { KUBECONFIG: "good:bad:list:folder" });
  assert.deepEqual(
    error.problems.map(({ code }) => code),
    ["KubeconfigInvalid", "KubeconfigInvalid", "KubeconfigUnreadable"],
  );
  assert.match(error.message, /"bad" cannot be read as YAML: not valid YAML at line 1/);
  assert.match(error.message, /"folder" cannot be read: is a directory/);
});

test("K10 K11 K13 the first file that defines a name wins whole, and the first current context", async () => {
  using folder = new Folder({
    a: JSON.stringify({
      users: [{ name: "u", user: { token: "ta" } }],
      contexts: [{ name: "x", context: { cluster: "k", user: "u" } }],
    }),
    b: JSON.stringify({
      "current-context": "x",
      clusters: [{ name: "k", cluster: { server: "https://b" } }],
      users: [{ name: "u", user: { token: "tb", username: "nobody" } }],
      contexts: [{ name: "x", context: { cluster: "zz", user: "u" } }],
    }),
  });
  const config = await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: "a:b" }) });
  const { cluster, user, context } = config.resolve();
  assert.equal(context, "x");
  assert.equal(cluster.server.href, "https://b/");
  assert.equal(user.token, "ta");
  assert.equal(user.username, undefined);
  const turned = await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: "b:a" }) });
  assert.throws(() => turned.resolve(), { code: "ClusterNotFound" });
});

test("K14 E15 relative paths mean the folder of the file that has the entry", async () => {
  using folder = new Folder({
    "sub/ca.pem": authorityPem,
    "sub/c.pem": "x",
    "sub/k.pem": "x",
    "sub/token": "x",
  });
  const cluster = { server: "https://h", "certificate-authority": "ca.pem" };
  const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" };
  const load = async (command: string): Promise<ReturnType<KubeConfig["resolve"]>> => {
    const user = {
      "client-certificate": "../sub/c.pem",
      "client-key": folder.at("sub/k.pem"),
      tokenFile: "token",
      exec: { ...exec, command },
    };
    folder.write("sub/config", kubeconfig({ cluster, user }));
    return (await KubeConfig.load(undefined, { host: folder.host({ KUBECONFIG: "sub/config" }) })).resolve();
  };
  const resolved = await load("./x");
  assert.deepEqual(resolved.cluster.certificateAuthority, { file: folder.at("sub/ca.pem") });
  assert.deepEqual(resolved.user.clientCertificate, { file: folder.at("sub/c.pem") });
  assert.deepEqual(resolved.user.clientKey, { file: folder.at("sub/k.pem") });
  assert.equal(resolved.user.tokenFile, folder.at("sub/token"));
  for (const [command, expected] of [
    ["./x", folder.at("sub/x")],
    ["bin/x", folder.at("sub/bin/x")],
    ["../x", folder.at("x")],
    ["x", "x"],
    ["/abs/../x", "/abs/../x"],
  ] as const) {
    assert.equal((await load(command)).user.exec?.command, expected);
  }
});

test("E15 E70 on Windows only a backslash makes a command a path", async () => {
  const config = (command: string): string =>
    kubeconfig({
      user: { exec: { command, apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" } },
    });
  const host: Host = { ...nodeHost, platform: "win32", env: () => ({}), cwd: () => "C:\\w" };
  const resolve = async (command: string): Promise<string | undefined> =>
    (await KubeConfig.parse(config(command), { host, directory: "C:\\kube" })).resolve().user.exec?.command;
  assert.equal(await resolve("bin\\x"), "C:\\kube\\bin\\x");
  assert.equal(await resolve("./x"), "./x");
  assert.equal(await resolve("C:\\x.exe"), "C:\\x.exe");
});

test("a kubeconfig is read in every encoding that kubectl reads", async () => {
  const text = named("ü", "https://a");
  const little = Buffer.from(`\uFEFF${text}`, "utf16le");
  const big = Buffer.from(little).swap16();
  for (const bytes of [Buffer.from(`\uFEFF${text}`), little, big]) {
    assert.equal((await KubeConfig.parse(bytes)).currentContext, "ü");
  }
  await assert.rejects(KubeConfig.parse(Buffer.from([0x61, 0xff])), { code: "KubeconfigInvalid" });
});
