/**
 * Kubeconfigs of every kind of mistake: each ends in a request or in a typed error, soon, and no secret of them is ever shown.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, KubeConfig, KubeError } from "bowline";
import { explainCredentials } from "bowline/auth";
import fc from "fast-check";
import { pemPlaceholders } from "./certificates.ts";

const secret = "hunter2-hunter2";
const base64Secret = Buffer.from(secret).toString("base64");

/** What may stand in a field: something right, or something of a wrong type. */
const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom(null, 5, true, [], {}, "") },
  );

/** The same of a field whose value is a secret, whatever its type. */
const secretOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> =>
  oneOf(...values, ...values, ...values, [secret], { a: secret }, { [secret]: 1 });

const optional = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc
    .record({ ...fields }, { requiredKeys: [] })
    // With all of its fields an entry contradicts itself; a few are more telling.
    .chain((whole) =>
      fc
        .subarray(Object.keys(whole), { maxLength: Math.min(3, Object.keys(whole).length) })
        .map((keys) => pickOf(whole, keys)),
    );

function pickOf(whole: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => keys.includes(key)));
}

const exec = optional({
  command: oneOf("/bin/echo", "nobody-has-this", "./relative", "/bin/sh"),
  apiVersion: oneOf("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1", "v1"),
  args: secretOf([secret], [], [`{"token":"${secret}"}`]),
  env: secretOf([{ name: "A", value: secret }], [{ value: secret }], [{ name: "A=", value: `${secret}\u0000` }]),
  interactiveMode: oneOf("Never", "IfAvailable", "Always", "never"),
  installHint: oneOf("install it"),
  provideClusterInfo: oneOf(true, false),
});

const wholeExec = exec.map((fields) => ({
  command: "/bin/echo",
  apiVersion: "client.authentication.k8s.io/v1",
  interactiveMode: "Never",
  ...fields,
}));

const user = optional({
  token: secretOf(secret, `${secret}\n`, `${secret}→`),
  tokenFile: oneOf("/nowhere/token", "/dev/null", "."),
  username: oneOf("ann", "a:b"),
  password: secretOf(secret),
  "client-certificate-data": oneOf(pemPlaceholders["CERT_A64"], "aGVsbG8=", "###"),
  "client-key-data": secretOf(pemPlaceholders["KEY_A64"], pemPlaceholders["KEY_B64"], base64Secret),
  "client-certificate": oneOf("/nowhere/cert"),
  exec: fc.oneof(wholeExec, exec),
  "auth-provider": secretOf(
    {
      name: "oidc",
      config: {
        "client-id": "c",
        "client-secret": secret,
        "refresh-token": secret,
        "id-token": secret,
        "idp-issuer-url": "https://127.0.0.1:1",
      },
    },
    { name: "gcp", config: { "access-token": secret } },
  ),
  as: oneOf("me", "m\ne"),
  "as-groups": oneOf(["a"], ["a", "b\n"]),
  "as-user-extra": oneOf({ a: ["b"] }, { "": ["b"] }),
});

const server = oneOf(
  "https://127.0.0.1:1",
  "https://127.0.0.1:1",
  `https://u:${secret}@127.0.0.1:1`,
  `https://u:${secret}@[`,
  `u:${secret}@host`,
  "http://127.0.0.1:1",
  `https://127.0.0.1:1/?t=${secret}`,
);

const clusterOptions = optional({
  "certificate-authority-data": oneOf(pemPlaceholders["CA64"], "aGVsbG8="),
  "certificate-authority": oneOf("/nowhere/ca"),
  "insecure-skip-tls-verify": oneOf(true, false),
  "tls-server-name": oneOf("cluster.test", "a b"),
  "proxy-url": secretOf(
    `http://u:${secret}@127.0.0.1:1`,
    `foo://u:${secret}@127.0.0.1`,
    `http://u:${secret}@a b`,
    `u:${secret}@127.0.0.1:1`,
  ),
  extensions: oneOf(
    [{ name: "client.authentication.k8s.io/exec", extension: { secret } }],
    [{ name: "a" }, { name: "a" }],
  ),
});

const kubeconfig = fc.record({ server, clusterOptions, user }).map(({ server, clusterOptions, user }) => ({
  "current-context": "c",
  clusters: [{ name: "k", cluster: { server, ...clusterOptions } }],
  users: [{ name: "u", user }],
  contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
}));

/** A changed character or two. */
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.constantFrom("", "{", "}", '"', ":", ",", "\n", "\u0000", "- ", "#"),
  }),
  { maxLength: 2 },
);

function damaged(text: string, changes: readonly { readonly at: number; readonly text: string }[]): string {
  let result = text;
  for (const change of changes) {
    const at = Math.floor(change.at * result.length);
    result = result.slice(0, at) + change.text + result.slice(at + 1);
  }
  return result;
}

/** All that a log could show of a value. */
function shownOf(value: unknown): string {
  const json = JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "";
  const error = value instanceof Error ? `${value.message}\n${value.stack}\n${String(value.cause)}` : "";
  return `${inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: false })}\n${json}\n${error}`;
}

function assertNoSecret(what: string, value: unknown): void {
  const shown = shownOf(value);
  assert.ok(
    !shown.includes(secret) && !shown.includes(base64Secret),
    `${what} shows the secret: ${shown.slice(0, 2000)}`,
  );
}

test("any kubeconfig ends in a typed error that shows no secret, and nothing is left behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bowline-hostile-"));
  const unhandled: unknown[] = [];
  const codes = new Map<string, number>();
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", onUnhandled);
  try {
    await fc.assert(
      fc.asyncProperty(
        kubeconfig,
        fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, damage),
        async (content, changes) => {
          const path = join(folder, "config");
          writeFileSync(path, damaged(JSON.stringify(content, null, 1), changes));
          try {
            const config = await KubeConfig.load(path);
            assertNoSecret("the configuration", config);
            const context = config.resolve();
            assertNoSecret("the resolved user", context.user);
            assertNoSecret("the explanation", explainCredentials(context));
            await using client = await Client.connect({
              kubeconfig: config,
              retry: { maxRetries: 0, maxUnaskedRetries: 0 },
              exec: { onStderr: () => undefined, timeoutMs: 5000 },
            });
            assertNoSecret("the client", client);
            const response = await client.raw("/version", { signal: AbortSignal.timeout(10_000) });
            assert.fail(`nobody listens there, but the answer is ${response.status}`);
          } catch (error) {
            if (error instanceof assert.AssertionError) throw error;
            codes.set(codeOf(error), (codes.get(codeOf(error)) ?? 0) + 1);
            assert.ok(error instanceof KubeError, `not a KubeError: ${shownOf(error)}`);
            assertNoSecret("the error", error);
          }
        },
      ),
      { numRuns: 500 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(unhandled, []);
    // The kubeconfigs are not all wrong in the same way.
    assert.ok(codes.size >= 8, `only ${[...codes.keys()].join(", ")}`);
  } finally {
    process.off("unhandledRejection", onUnhandled);
    rmSync(folder, { recursive: true, force: true });
  }
});

function codeOf(error: unknown): string {
  return error instanceof KubeError ? error.code : "";
}
