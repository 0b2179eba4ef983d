import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "@bowline/testing";
import { execOf, Workplace } from "./testdata/workplace.ts";

/** Must never be printed; each place has its own, so that a failure names the place. */
const SENTINEL = /s3cret-[a-z-]+/;
const HOUR_AGO = "2001-01-01T00:00:00Z";

let server: TestServer;
before(async () => {
  server = await startTestServer({ tokens: { "s3cret-good-token": { user: "ada" } } });
});
after(() => server.close());

const commands: readonly (readonly string[])[] = [
  ["whoami"],
  ["whoami", "-o", "json"],
  ["whoami", "--context", "other"],
  ["credentials"],
  ["credentials", "-o", "json"],
  ["credentials", "--run"],
  ["credentials", "--run", "-o", "json"],
  ["credentials", "--context", "missing"],
  ["config"],
  ["config", "contexts", "-o", "json"],
  ["config", "check"],
  ["config", "check", "-o", "json"],
  ["config", "namespace"],
  ["config", "current"],
  ["config", "use", "missing"],
  ["config", "namespace", "web"],
  ["config", "rename", "work", "other"],
  ["config", "delete", "other"],
  ["config", "delete-user", "ada"],
  ["config", "delete-cluster", "here"],
  ["generate", "--output", "/nonexistent/kinds"],
];

/** Users, each with secrets in all the places that it has. */
function users(work: Workplace): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { certificate, key } = server.clientCertificate({ user: "grace" });
  const env = [{ name: "PASSWORD", value: "s3cret-variable" }];
  const args = ["--password", "s3cret-argument"];
  work.plugin("token", { token: "s3cret-good-token", expirationTimestamp: "2100-01-01T00:00:00Z" });
  work.plugin("expired", { token: "s3cret-expired", expirationTimestamp: HOUR_AGO });
  work.plugin("certificate", { clientCertificateData: certificate, clientKeyData: key });
  work.plugin("broken-key", { clientCertificateData: certificate, clientKeyData: "s3cret-plugin-key" });
  work.plugin("failing", { token: "s3cret-failing" }, 'echo "logged in with $PASSWORD" >&2; exit 1');
  work.plugin("not-json", { token: "s3cret-not-json" }, "echo s3cret-trailing");
  work.plugin("line-break", { token: "s3cret-line\nbreak" });
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return {
    token: { token: "s3cret-good-token" },
    rejected: { token: "s3cret-rejected" },
    lineBreak: { token: "s3cret-line\nbreak" },
    both: { token: "s3cret-both-token", username: "ada", password: "s3cret-both-password" },
    basic: { username: "ada", password: "s3cret-password" },
    tokenFile: { tokenFile: work.write("token-file", "s3cret-file") },
    plugin: execOf("./token", { args, env }),
    expired: execOf("./expired", { args, env }),
    certificate: execOf("./certificate", { args, env }),
    brokenKey: execOf("./broken-key", { args, env }),
    notJson: execOf("./not-json", { args, env }),
    pluginLineBreak: execOf("./line-break", { args, env }),
    missing: execOf("./missing", { args, env, installHint: "install it" }),
    version: execOf("./token", { args, env, apiVersion: "client.authentication.k8s.io/v1alpha1" }),
    keyOfNothing: { "client-certificate-data": base64(certificate), "client-key-data": base64("s3cret-key-data") },
    otherKey: {
      "client-certificate-data": base64(certificate),
      "client-key-data": base64(server.clientCertificate({ user: "x" }).key),
    },
    oidc: {
      "auth-provider": {
        name: "oidc",
        config: {
          "client-id": "c",
          "client-secret": "s3cret-client",
          "refresh-token": "s3cret-refresh",
          "id-token": "s3cret-id",
        },
      },
    },
    gcp: { "auth-provider": { name: "gcp", config: { "access-token": "s3cret-access" } } },
    wrongType: { token: { value: "s3cret-wrong-type" } },
    impersonating: { token: "s3cret-good-token", as: "grace", "as-groups": ["navy"] },
  };
}

test("no command prints a secret of the kubeconfig, of a plugin or of a file, however it ends", async () => {
  using work = new Workplace();
  let runs = 0;
  for (const [name, user] of Object.entries(users(work))) {
    for (const args of commands) {
      work.kubeconfig({ server: server.url, certificateAuthority: server.certificateAuthority, user });
      const { out, error } = await work.bowline(...args);
      const printed = out + error;
      const found = SENTINEL.exec(printed) ?? /PRIVATE KEY/.exec(printed);
      assert.equal(found, null, `\`bowline ${args.join(" ")}\` as user ${name} printed ${found?.[0]}:\n${printed}`);
      runs += 1;
    }
  }
  assert.equal(runs, 20 * commands.length);
});

test("no command prints a password of an address, nor the text of a file that is no kubeconfig", async () => {
  using work = new Workplace();
  const { port } = new URL(server.url);
  const configs = [
    () => work.kubeconfig({ server: `https://ada:s3cret-server@127.0.0.1:${port}`, user: {} }),
    () => work.kubeconfig({ server: "ada:s3cret-no-scheme@10.0.0.1", user: {} }),
    () => work.kubeconfig({ server: "ftp://ada:s3cret-ftp@10.0.0.1", user: {} }),
    () =>
      work.kubeconfig({
        server: server.url,
        user: { token: "t" },
        cluster: { "proxy-url": "http://ada:s3cret-proxy@127.0.0.1:1" },
      }),
    () => work.kubeconfig({ server: server.url, user: {}, cluster: { "proxy-url": "ftp://ada:s3cret-bad@p" } }),
    () => work.write("config", "token: s3cret-yaml\n  a: [\n"),
    () => work.write("config", "s3cret-text"),
    () => work.write("config", '{"users": "s3cret-list"}'),
    () => work.write("config", "users: [{name: ada, user: {token: [s3cret-sequence]}}]\n"),
  ];
  for (const [index, write] of configs.entries()) {
    for (const args of commands) {
      work.env["KUBECONFIG"] = write();
      const { out, error } = await work.bowline(...args);
      const found = SENTINEL.exec(out + error);
      assert.equal(found, null, `\`bowline ${args.join(" ")}\` of ${index} printed ${found?.[0]}:\n${out}${error}`);
    }
  }
});

test("what a failing plugin says of its own variables is hidden in the message", async () => {
  using work = new Workplace();
  work.plugin("failing", {}, 'echo "logged in with $PASSWORD" >&2; exit 1');
  const env = [{ name: "PASSWORD", value: "s3cret-variable" }];
  work.kubeconfig({ server: server.url, user: execOf("./failing", { env }) });
  const { out } = await work.bowline("credentials", "--run");
  assert.match(out, /logged in with \[hidden\]/);
});
