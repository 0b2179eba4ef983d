import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import { test } from "node:test";
import { CertificateAuthority } from "@bowline/testing";
import { execOf, Workplace } from "../testdata/workplace.ts";

const server = "https://10.0.0.1:6443";

test("explains a plugin step by step and runs nothing", async () => {
  using work = new Workplace();
  const plugin = work.plugin("login", { token: "t" });
  const exec = execOf("login", {
    args: ["--for", "me"],
    env: [{ name: "PROFILE", value: "x" }],
    provideClusterInfo: true,
  });
  const file = work.kubeconfig({ server, user: exec, context: { namespace: "web" } });
  work.env["PATH"] = `${work.folder}:/bin`;
  const { exitCode, out } = await work.bowline("credentials");
  assert.equal(exitCode, 0);
  assert.deepEqual(out.match(/^\d\. .*$/gm), [
    "1. The kubeconfig",
    "2. The cluster",
    "3. The user",
    "4. The plugin",
    "5. The credential",
  ]);
  for (const line of [
    `files      ${file}`,
    `context    work of ${file}`,
    "namespace  web",
    `server     ${server}`,
    `sends  exec plugin ${plugin}`,
    `path              ${plugin}`,
    "policy            AllowAll: allowed",
    "arguments         2, not shown",
    "variables         PROFILE, KUBERNETES_EXEC_INFO; values not shown",
    "cluster info      given",
    "standard input    empty",
    "nothing was run; --run runs the plugin",
  ]) {
    assert.ok(out.includes(`  ${line}\n`), `${line}\nis not in\n${out}`);
  }
  assert.throws(() => work.read("login.runs"), { code: "ENOENT" });
});

test("--run runs the plugin and shows the end of the credential and the subject of the certificate", async () => {
  using work = new Workplace();
  const { certificate, key } = new CertificateAuthority("ca", () => new Date()).client({ user: "ada" });
  work.plugin("login", {
    token: "secret-token",
    clientCertificateData: certificate,
    clientKeyData: key,
    expirationTimestamp: "2100-01-01T00:00:00Z",
  });
  work.kubeconfig({ server, user: execOf("./login") });
  const { exitCode, out } = await work.bowline("credentials", "--run");
  assert.equal(exitCode, 0);
  assert.match(out, /token +a bearer token, not shown\n/);
  assert.match(out, /certificate +.*CN=ada\n/);
  assert.match(out, /expires +2100-01-01T00:00:00\.000Z \(in \d+ days\)\n/);
  assert.match(out, /took +\d+ ms\n/);
  const { run, plugin, methods } = JSON.parse((await work.bowline("credentials", "--run", "-o", "json")).out);
  assert.deepEqual(methods, ["exec"]);
  assert.equal(plugin.policy.allowed, true);
  assert.equal(run.credential.expiresAt, "2100-01-01T00:00:00.000Z");
  assert.match(run.credential.clientCertificate.subject, /CN=ada/);
});

test("--run tells how the plugin failed, and ends with 1", async () => {
  using work = new Workplace();
  work.plugin("login", {}, "echo no session >&2; exit 3");
  work.kubeconfig({ server, user: execOf("./login") });
  const { exitCode, out, error } = await work.bowline("credentials", "--run");
  assert.equal(exitCode, 1);
  assert.match(out, /PluginFailed +the exec plugin .* failed with exit code 3; its last words:\n {4}no session\n/);
  assert.equal(error, "no session\n");
});

test("says why a plugin would not run: missing, not executable, refused", async () => {
  using work = new Workplace();
  work.kubeconfig({ server, user: execOf("no-such-login", { installHint: "install it from example.com" }) });
  const missing = await work.bowline("credentials");
  assert.match(missing.out, /path +none: it is in no folder of PATH\n/);
  assert.match(missing.out, /install hint +install it from example\.com\n/);
  chmodSync(work.plugin("login", {}), 0o644);
  work.kubeconfig({ server, user: execOf("./login") });
  assert.match((await work.bowline("credentials")).out, /path +none: this user may not run it\n/);
  work.plugin("login", {});
  mkdirSync(work.path(".kube"));
  work.write(
    ".kube/kuberc",
    "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: aws}]\n",
  );
  assert.match((await work.bowline("credentials")).out, /policy +Allowlist: refused: /);
  assert.equal((await work.bowline("credentials", "--run")).exitCode, 1);
  assert.throws(() => work.read("login.runs"), { code: "ENOENT" });
});

test("lists what would fail before a request is sent, and ends with 1", async () => {
  using work = new Workplace();
  work.kubeconfig({ server, user: execOf("./login", { apiVersion: "client.authentication.k8s.io/v1alpha1" }) });
  const { exitCode, out } = await work.bowline("credentials", "--run");
  assert.equal(exitCode, 1);
  assert.match(out, /PluginVersionUnsupported {2}/);
  assert.doesNotMatch(out, /took/);
});

test("says what wins and what is not used", async () => {
  using work = new Workplace();
  work.kubeconfig({ server, user: { ...execOf("./login"), token: "t" } });
  const { out } = await work.bowline("credentials");
  assert.match(out, /sends +token of the kubeconfig\n/);
  assert.match(out, /not used +exec plugin /);
  assert.match(out, /would run +no, another method wins\n/);
});

test("anonymous is said to be so", async () => {
  using work = new Workplace();
  work.kubeconfig({ server: "http://10.0.0.1:8080", user: {} });
  const { exitCode, out } = await work.bowline("credentials", "--run");
  assert.equal(exitCode, 0);
  assert.match(out, /sends +nothing: requests are anonymous\n/);
  assert.match(out, /note +over plain http no credential is sent\n/);
  assert.match(out, /obtained +nothing: requests are anonymous\n/);
});
