import assert from "node:assert/strict";
import { test } from "node:test";
import { createCredentialSource } from "../auth/create-credential-source.ts";
import type { ResolvedContext } from "./cluster.ts";
import type { Host } from "./host.ts";
import { nodeHost } from "./host.ts";
import { KubeConfig } from "./kube-config.ts";
import type { ResolveOptions } from "./resolve-context.ts";
import { authorityPem } from "./testdata/folder.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
const missing = (): never => {
  throw Object.assign(new Error("missing"), { code: "ENOENT" });
};

/** A pod that has the given files. */
function pod(files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Host {
  const all: Readonly<Record<string, string>> = {
    [`${folder}/token`]: "pod-token\n",
    [`${folder}/ca.crt`]: authorityPem,
    [`${folder}/namespace`]: "pod-ns\n",
    ...files,
  };
  const read = (path: string): string => all[path] || missing();
  return {
    ...nodeHost,
    platform: "linux",
    env: () => ({ HOME: "/home", KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443", ...env }),
    cwd: () => "/",
    readFile: (path) => Buffer.from(read(path)),
    checkReadable: (path) => void read(path),
    stat: (path) => {
      const { length } = read(path);
      return { isFile: true, isDirectory: false, mode: 0o600, mtimeMs: 0, sizeBytes: length };
    },
  };
}

async function resolve(host: Host, options: ResolveOptions = {}): Promise<ResolvedContext> {
  return (await KubeConfig.load(undefined, { host })).resolve(options);
}

test("A8 a pod without a kubeconfig uses its service account", async () => {
  const host = pod();
  const context = await resolve(host);
  assert.equal(context.cluster.server.href, "https://10.0.0.1/");
  assert.deepEqual(context.cluster.certificateAuthority, { file: `${folder}/ca.crt` });
  assert.equal(context.namespace, "pod-ns");
  const credential = await createCredentialSource(context, { host }).credential();
  assert.deepEqual({ ...credential.headers }, { authorization: "Bearer pod-token" });
});

test("A8 an IPv6 address is put in brackets", async () => {
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "6443" };
  assert.equal((await resolve(pod({}, env))).cluster.server.href, "https://[fd00::1]:6443/");
});

test("A8 a missing ca.crt leaves the runtime's own roots", async () => {
  assert.equal((await resolve(pod({ [`${folder}/ca.crt`]: "" }))).cluster.certificateAuthority, undefined);
});

test("A8 the namespace is POD_NAMESPACE, the file's, or default", async () => {
  assert.equal((await resolve(pod({}, { POD_NAMESPACE: "env-ns" }))).namespace, "env-ns");
  assert.equal((await resolve(pod({ [`${folder}/namespace`]: "" }))).namespace, "default");
});

test("A8 K45 it is no pod without address, port and token file", async () => {
  for (const host of [
    pod({}, { KUBERNETES_SERVICE_HOST: "" }),
    pod({}, { KUBERNETES_SERVICE_PORT: "" }),
    pod({ [`${folder}/token`]: "" }),
  ]) {
    await assert.rejects(resolve(host), { code: "KubeconfigEmpty" });
  }
});

test("K45 a kubeconfig that says something wins, and one that is wrong is an error", async () => {
  const config = (cluster: string): string =>
    `{"current-context":"c","clusters":[{"name":"k","cluster":{"server":"https://h"}}],"contexts":[{"name":"c","context":{"cluster":"${cluster}"}}]}`;
  const good = await resolve(pod({ "/home/.kube/config": config("k") }));
  assert.equal(good.cluster.server.href, "https://h/");
  assert.equal(good.namespace, "pod-ns", "K21 a context without a namespace means the pod's");
  await assert.rejects(resolve(pod({ "/home/.kube/config": config("typo") })), { code: "ClusterNotFound" });
});

test("K45 token, token file, namespace and impersonation are honoured on top", async () => {
  const withToken = await resolve(pod(), { namespace: "mine", overrides: { token: "t" } });
  assert.deepEqual([withToken.user.token, withToken.user.tokenFile, withToken.namespace], ["t", undefined, "mine"]);
  const withFile = await resolve(pod(), { overrides: { tokenFile: "/t" } });
  assert.deepEqual([withFile.user.token, withFile.user.tokenFile], [undefined, "/t"]);
  const as = await resolve(pod(), { overrides: { impersonate: { user: "me" } } });
  assert.equal(as.user.impersonate?.user, "me");
  assert.equal(as.user.tokenFile, `${folder}/token`);
});

test("K45 a server is another cluster, to which the pod's token does not go", async () => {
  const { cluster, user } = await resolve(pod(), { overrides: { server: "https://o" } });
  assert.equal(cluster.server.href, "https://o/");
  assert.deepEqual([user.token, user.tokenFile, cluster.certificateAuthority], [undefined, undefined, undefined]);
});

test("K45 an override that cannot be honoured is an error", async () => {
  const cert = { clientCertificate: { data: "c" }, clientKey: { data: "k" } };
  for (const overrides of [{ username: "u" }, { username: "u", password: "p" }, cert]) {
    await assert.rejects(resolve(pod(), { overrides }), { code: "OverrideNotHonoured" });
  }
  for (const overrides of [{ insecureSkipTlsVerify: true }, { tlsServerName: "sn" }, { proxyUrl: "http://p" }]) {
    await assert.rejects(resolve(pod(), { overrides }), { code: "ServerMissing" });
  }
});

test("a kubeconfig given as text never means the pod", async () => {
  const config = await KubeConfig.parse("{}", { host: pod() });
  assert.throws(() => config.resolve(), { code: "KubeconfigEmpty" });
});
