import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "@bowline/testing";
import { execOf, Workplace } from "../testdata/workplace.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer({ tokens: { "ada-token": { user: "ada", groups: ["staff"], uid: "u-7" } } });
});
after(() => server.close());

/** What the server is asked by in these tests. */
const at = (): { server: string; certificateAuthority: string } => ({
  server: server.url,
  certificateAuthority: server.certificateAuthority,
});

test("says who the server says one is, by which method, from which file and context", async () => {
  using work = new Workplace();
  const file = work.kubeconfig({ ...at(), user: { token: "ada-token" }, context: { namespace: "web" } });
  const { exitCode, out, error } = await work.bowline("whoami");
  assert.equal(exitCode, 0, error);
  const [name, ...lines] = out.trimEnd().split("\n");
  assert.equal(name, "ada");
  assert.deepEqual(
    lines.map((line) => line.trim().split(/ {2,}/)),
    [
      ["uid", "u-7"],
      ["groups", "staff, system:authenticated"],
      ["method", "token of the kubeconfig"],
      ["token", "a bearer token, not shown"],
      ["context", `work of ${file}`],
      ["user", `ada of ${file}`],
      ["cluster", `here at ${server.url}`],
    ],
  );
});

test("runs the plugin once, and tells the end of its token", async () => {
  using work = new Workplace();
  const plugin = work.plugin("login", { token: "ada-token", expirationTimestamp: "2100-01-01T00:00:00Z" });
  work.kubeconfig({ ...at(), user: execOf("./login") });
  const { exitCode, out, error } = await work.bowline("whoami");
  assert.equal(exitCode, 0, error);
  assert.match(out, new RegExp(`method +exec plugin ${plugin}\n`));
  assert.match(out, /expires +2100-01-01T00:00:00\.000Z \(in \d+ days\)/);
  assert.equal(work.read("login.runs"), "run\n");
});

test("names the subject of the client certificate that authenticated", async () => {
  using work = new Workplace();
  const { certificate, key } = server.clientCertificate({ user: "grace", groups: ["navy"] });
  work.kubeconfig({
    ...at(),
    user: { "client-certificate": work.write("tls.crt", certificate), "client-key": work.write("tls.key", key) },
  });
  const { exitCode, out, error } = await work.bowline("whoami");
  assert.equal(exitCode, 0, error);
  assert.match(out, /^grace\n/);
  assert.match(out, /method +client certificate .*tls\.crt\n/);
  assert.match(out, /certificate +.*CN=grace/);
  assert.match(out, /certificate ends +\S+Z \(in /);
});

test("gives JSON", async () => {
  using work = new Workplace();
  const file = work.kubeconfig({ ...at(), user: { token: "ada-token" } });
  const { out } = await work.bowline("whoami", "-o", "json", "--kubeconfig", file, "--context", "work", "-n", "web");
  const found = JSON.parse(out);
  assert.equal(found.username, "ada");
  assert.deepEqual(found.authentication.methods, ["token"]);
  assert.deepEqual(found.authentication.credential, { authorization: "Bearer" });
  assert.deepEqual(found.from, {
    files: [file],
    context: "work",
    contextFile: file,
    cluster: "here",
    server: server.url,
    user: "ada",
    userFile: file,
    namespace: "web",
  });
});

test("says whom one acts as", async () => {
  using work = new Workplace();
  work.kubeconfig({ ...at(), user: { token: server.token, as: "grace", "as-groups": ["navy"] } });
  const { exitCode, out, error } = await work.bowline("whoami");
  assert.equal(exitCode, 0, error);
  assert.match(out, /^grace\n/);
  assert.match(out, /acting as +grace\n/);
});

test("a rejected token, and a plugin that fails, point to bowline credentials", async () => {
  using work = new Workplace();
  work.kubeconfig({ ...at(), user: { token: "unknown" } });
  const rejected = await work.bowline("whoami");
  assert.equal(rejected.exitCode, 1);
  assert.match(rejected.error, /401/);
  assert.match(rejected.error, /`bowline credentials --run`/);
  work.plugin("login", {}, "echo no session >&2; exit 3");
  work.kubeconfig({ ...at(), user: execOf("./login") });
  const failed = await work.bowline("whoami");
  assert.equal(failed.exitCode, 1);
  assert.match(failed.error, /failed with exit code 3/);
  assert.match(failed.error, /`bowline credentials --run`/);
  assert.equal(failed.out, "");
});

test("kuberc's policy counts", async () => {
  using work = new Workplace();
  work.plugin("login", { token: "ada-token" });
  work.kubeconfig({ ...at(), user: execOf("./login") });
  work.env["KUBERC"] = work.write(
    "kuberc",
    "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n",
  );
  const { exitCode, error } = await work.bowline("whoami");
  assert.equal(exitCode, 1);
  assert.match(error, /is not allowed/);
  assert.throws(() => work.read("login.runs"), { code: "ENOENT" });
});

test("arguments that make no sense print the usage and end with 2", async () => {
  using work = new Workplace();
  for (const args of [["--contxt", "a"], ["-o", "yaml"], ["somebody"], ["--kubeconfig", ""]]) {
    const { exitCode, error } = await work.bowline("whoami", ...args);
    assert.equal(exitCode, 2, args.join(" "));
    assert.match(error, /usage: bowline whoami/);
  }
});
