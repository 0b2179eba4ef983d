import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeHost } from "../../config/host.ts";
import { createCredentialSource } from "../create-credential-source.ts";
import { contextOf, execOf, FakePlugin, sourceOf, testHost } from "../testdata/fake-plugin.ts";
import { encodeExecInfo, execClusterInfo } from "./exec-info.ts";

const head = '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":';

test("E25 writes kind, apiVersion and spec in this order, and a newline", () => {
  assert.equal(encodeExecInfo("client.authentication.k8s.io/v1", undefined, true), `${head}{"interactive":true}}\n`);
});

test("E26 leaves out what is empty or false, but not server and config", () => {
  const cluster = contextOf({}, { asWritten: { server: "" } }).cluster;
  const text = encodeExecInfo("client.authentication.k8s.io/v1", execClusterInfo(cluster, nodeHost), false);
  assert.equal(text, `${head}{"cluster":{"server":"","config":null},"interactive":false}}\n`);
});

test("E26 writes all fields in their order", () => {
  const { cluster } = contextOf(
    {},
    {
      asWritten: { server: "https://1.2.3.4:6443/pfx", proxyUrl: "http://p:3128" },
      tlsServerName: "sn",
      insecureSkipTlsVerify: true,
      certificateAuthority: { data: "baz" },
      disableCompression: true,
      execConfig: { b: 1 },
    },
  );
  assert.equal(
    encodeExecInfo("client.authentication.k8s.io/v1", execClusterInfo(cluster, nodeHost), false),
    `${head}{"cluster":{"server":"https://1.2.3.4:6443/pfx","tls-server-name":"sn","insecure-skip-tls-verify":true,` +
      `"certificate-authority-data":"YmF6","proxy-url":"http://p:3128","disable-compression":true,"config":{"b":1}},` +
      `"interactive":false}}\n`,
  );
});

test("E27 reads a certificate authority file when the source is made", () => {
  using plugin = new FakePlugin();
  const file = join(plugin.folder, "ca.pem");
  writeFileSync(file, "PEM");
  const { cluster } = contextOf({}, { certificateAuthority: { file } });
  assert.equal(execClusterInfo(cluster, nodeHost)["certificate-authority-data"], "UEVN");
  const exec = execOf(plugin, { provideClusterInfo: true });
  const missing = contextOf({ exec }, { certificateAuthority: { file: join(plugin.folder, "missing") } });
  assert.throws(() => createCredentialSource(missing), { code: "PluginNotStarted" });
});

test("E28 does not report the proxy of the environment", () => {
  const info = execClusterInfo(contextOf({}).cluster, testHost({ env: () => ({ HTTPS_PROXY: "http://p" }) }));
  assert.equal(info["proxy-url"], undefined);
});

test("E29 writes the extension as compact JSON with sorted keys and Go's escapes", () => {
  const execConfig = { b: [{ d: null, c: "<a>&\u2028" }], a: "ü", 10: 1, 9: 2 };
  const info = execClusterInfo(contextOf({}, { execConfig }).cluster, nodeHost);
  assert.match(
    encodeExecInfo("v", info, false),
    /"config":\{"10":1,"9":2,"a":"ü","b":\[\{"c":"\\u003ca\\u003e\\u0026\\u2028","d":null\}\]\}/,
  );
  for (const [execConfig, text] of [
    ["str", '"str"'],
    [[1], "[1]"],
    [true, "true"],
    [null, "null"],
  ] as const) {
    const scalar = execClusterInfo(contextOf({}, { execConfig }).cluster, nodeHost);
    assert.ok(encodeExecInfo("v", scalar, false).includes(`"config":${text}}`));
  }
});

test("E30 tells a plugin nothing of the cluster unless its section says so", async () => {
  using plugin = new FakePlugin();
  await sourceOf(plugin).credential();
  assert.equal(plugin.seen("info"), `${head}{"interactive":false}}\n`);
  const context = contextOf({ exec: execOf(plugin, { provideClusterInfo: true }) }, { execConfig: { a: 1 } });
  await createCredentialSource(context, { host: testHost() }).credential();
  assert.equal(
    plugin.seen("info"),
    `${head}{"cluster":{"server":"https://1.2.3.4:6443","config":{"a":1}},"interactive":false}}\n`,
  );
});

test("E29 a number of the extension keeps all of its digits", () => {
  const { cluster } = contextOf({}, { execConfig: { account: 12345678901234567890n } });
  const text = encodeExecInfo("client.authentication.k8s.io/v1", execClusterInfo(cluster, nodeHost), false);
  assert.match(text, /"config":\{"account":12345678901234567890\}/);
});
