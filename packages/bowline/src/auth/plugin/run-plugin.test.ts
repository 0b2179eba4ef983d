import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { encodeExecInfo } from "../exec/exec-info.ts";
import { readPluginOutput } from "../exec/plugin-output.ts";
import type { PluginAnswer } from "./index.ts";
import { clusterConnection, formatCredential, readExecInfo, runPlugin } from "./index.ts";

const v1 = "client.authentication.k8s.io/v1";
const cluster = {
  server: "https://h/p",
  "tls-server-name": "sn",
  "insecure-skip-tls-verify": true,
  "certificate-authority-data": Buffer.from("PEM é").toString("base64"),
  "proxy-url": "http://p:1",
  "disable-compression": true,
  config: { region: "x" },
} as const;
const env = (text: string | undefined): Readonly<Record<string, string | undefined>> => ({
  KUBERNETES_EXEC_INFO: text,
});

test("E31 reads what a client writes", () => {
  const info = readExecInfo(env(encodeExecInfo(v1, cluster, true)));
  assert.equal(info.apiVersion, v1);
  assert.deepEqual(info.spec, { interactive: true, cluster });
  assert.deepEqual(readExecInfo(env(encodeExecInfo(`${v1}beta1`, undefined, false))).spec, { interactive: false });
});

test("E31 says what is wrong with the variable", () => {
  for (const [text, code, message] of [
    [undefined, "ExecInfoMissing", /unset or empty/],
    ["", "ExecInfoMissing", /unset or empty/],
    ["nonsense", "ExecInfoInvalid", /not JSON/],
    ["[]", "ExecInfoInvalid", /not an object/],
    [`{"kind":"Foo","apiVersion":"${v1}"}`, "ExecInfoInvalid", /wanted the kind ExecCredential .*got "Foo"/],
    [`{"kind":"ExecCredential","apiVersion":"${v1}alpha1"}`, "ExecInfoInvalid", /wanted the apiVersion/],
    [`{"kind":"ExecCredential","apiVersion":"${v1}","spec":{"cluster":1}}`, "ExecInfoInvalid", /spec.cluster/],
    [
      `{"kind":"ExecCredential","apiVersion":"${v1}","spec":{"cluster":{"server":1}}}`,
      "ExecInfoInvalid",
      /spec.cluster.server/,
    ],
  ] as const) {
    assert.throws(() => readExecInfo(env(text)), { code, message });
  }
});

test("E31 makes an anonymous connection from the cluster info", () => {
  assert.deepEqual(clusterConnection(readExecInfo(env(encodeExecInfo(v1, cluster, false)))), {
    server: "https://h/p",
    certificateAuthority: "PEM é",
    tlsServerName: "sn",
    insecureSkipTlsVerify: true,
    proxyUrl: "http://p:1",
    disableCompression: true,
  });
  const none = readExecInfo(env(encodeExecInfo(v1, undefined, false)));
  assert.throws(() => clusterConnection(none), { code: "ClusterInfoMissing", message: /provideClusterInfo/ });
  const bad = readExecInfo(env(encodeExecInfo(v1, { ...cluster, "proxy-url": "::" }, false)));
  assert.throws(() => clusterConnection(bad), { code: "ExecInfoInvalid", message: /proxy-url/ });
});

test("an answer is written so that a client reads it", async () => {
  const answer: PluginAnswer = { token: "t", expirationTimestamp: new Date("2030-01-01T00:00:00Z") };
  const read = await readPluginOutput(Buffer.from(formatCredential(v1, answer)), v1, "p");
  assert.deepEqual([read.token, read.expiresAtMs], ["t", Date.parse("2030-01-01T00:00:00Z")]);
});

test("an answer that every client would refuse is refused here", () => {
  for (const answer of [
    {},
    { token: "" },
    { clientKeyData: "k" },
    { token: "t\n" },
    { token: "t", expirationTimestamp: "tomorrow" },
    { token: "t", expirationTimestamp: new Date(Number.NaN) },
  ]) {
    assert.throws(() => formatCredential(v1, answer), { code: "CredentialInvalid" });
  }
});

test("a plugin prints its answer to standard output", async () => {
  const written: string[] = [];
  await runPlugin(({ spec }) => ({ token: `for-${spec.cluster?.server ?? ""}` }), {
    env: env(encodeExecInfo(v1, cluster, false)),
    stdout: { write: (text) => written.push(text) },
  });
  assert.deepEqual(written, [`{"apiVersion":"${v1}","kind":"ExecCredential","status":{"token":"for-https://h/p"}}\n`]);
});

test("a plugin that fails says so on standard error and exits with 1", () => {
  const index = new URL("./index.ts", import.meta.url).href;
  const program = `import(${JSON.stringify(index)}).then(({ runPlugin }) => runPlugin(() => { throw new Error("no login"); }))`;
  const isDeno = "Deno" in globalThis;
  const args = isDeno ? ["eval", program] : [...process.execArgv, "-e", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, KUBERNETES_EXEC_INFO: encodeExecInfo(v1, undefined, false) },
  });
  assert.deepEqual([status, stdout, stderr], [1, "", "no login\n"]);
});
