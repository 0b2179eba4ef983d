import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { KubeConfig } from "../config/kube-config.ts";
import { KubeError } from "../core/kube-error.ts";
import { createCredentialSource } from "./create-credential-source.ts";
import type { Credential } from "./credential.ts";
import { explainCredentials } from "./explain-credentials.ts";
import { answer, contextOf, execOf, FakePlugin, sourceOf, testHost } from "./testdata/fake-plugin.ts";

const SECRET = "s3cret";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const encoded = [SECRET, base64(SECRET), base64(`x${SECRET}`).slice(4, 10)];

/** Secrets in every place that a kubeconfig has for one. */
const whole = {
  apiVersion: "v1",
  kind: "Config",
  "current-context": "c",
  clusters: [
    {
      name: "k",
      cluster: {
        server: `https://u:${SECRET}-server@10.0.0.1:6443/path`,
        "proxy-url": `http://u:${SECRET}-proxy@10.0.0.2:3128`,
        "certificate-authority-data": "",
      },
    },
  ],
  users: [
    {
      name: "u",
      user: {
        token: `${SECRET}-token`,
        username: "ada",
        password: `${SECRET}-password`,
        "client-key-data": base64(`${SECRET}-key`),
        "client-certificate-data": base64("certificate"),
        "auth-provider": {
          name: "oidc",
          config: { "client-secret": `${SECRET}-client`, "refresh-token": `${SECRET}-r` },
        },
        exec: {
          apiVersion: "client.authentication.k8s.io/v1",
          command: "no-such-plugin",
          args: [`${SECRET}-argument`],
          env: [{ name: "A", value: `${SECRET}-variable` }],
          interactiveMode: "Never",
        },
      },
    },
  ],
  contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
};

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What stands in the place of one value; the secret stays in it, in another shape. */
const changes: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  removed: () => undefined,
  nothing: () => null,
  empty: () => "",
  number: () => 7,
  listed: (value) => [value],
  nested: (value) => ({ value }),
  lineBreak: (value) => (typeof value === "string" ? `${value}\n` : value),
  twice: (value) => (Array.isArray(value) ? [...value, ...value] : value),
  text: (value) => JSON.stringify(value) ?? "",
};

/** All values in it, by their paths. */
function pathsIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

function changed(value: Json, path: readonly string[], change: (value: Json) => Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (typeof value !== "object" || value === null || !(key in value)) return value;
  const child = changed((value as Record<string, Json>)[key] ?? null, rest, change);
  if (Array.isArray(value)) return value.flatMap((each, index) => (String(index) === key ? (child ?? []) : [each]));
  const copy: Record<string, Json> = { ...(value as Record<string, Json>) };
  if (child === undefined) delete copy[key];
  else copy[key] = child;
  return copy;
}

/** Everything that a program may log by mistake. */
function shows(value: unknown): string {
  const parts = [inspect(value, { depth: 12, showHidden: false }), String(value), JSON.stringify(value) ?? ""];
  if (value instanceof Error) parts.push(value.message, value.stack ?? "");
  return parts.join("\n");
}

function assertSilent(value: unknown, where: string): void {
  const shown = shows(value);
  for (const secret of encoded) assert.ok(!shown.includes(secret), `${where} shows a secret:\n${shown}`);
}

/** Loads, resolves and uses a kubeconfig, and looks at everything that comes of it; whether that was a credential. */
async function useAll(text: string): Promise<boolean> {
  try {
    const config = await KubeConfig.parse(text);
    assertSilent(config, "the kubeconfig");
    assertSilent(config.clusters, "its clusters");
    assertSilent(config.problems(), "its problems");
    const resolved = config.resolve();
    assertSilent(resolved, "the context");
    assertSilent(explainCredentials(resolved), "the explanation");
    const source = createCredentialSource(resolved, { host: testHost() });
    try {
      assertSilent(source, "the source");
      const credential: Credential = await source.credential();
      assertSilent(credential, "the credential");
      return true;
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assertSilent(error, "the error");
    assert.ok(error instanceof KubeError, `a KubeError, not ${inspect(error)}`);
    return false;
  }
}

/** Some of the ways to authenticate, since all of them at once are refused early. */
const kubeconfigs = fc
  .tuple(fc.subarray(Object.keys(whole.users[0]?.user ?? {})), fc.boolean())
  .map(([kept, isPlain]) => {
    const { clusters } = isPlain ? { clusters: [{ name: "k", cluster: { server: "https://10.0.0.1:6443" } }] } : whole;
    const entries = Object.entries(whole.users[0]?.user ?? {}).filter(([key]) => kept.includes(key));
    return { ...whole, clusters, users: [{ name: "u", user: Object.fromEntries(entries) }] };
  });

test("whatever is wrong with a kubeconfig, what is thrown is ours, and nothing shows a secret", async () => {
  const edit = fc.record({
    path: fc.constantFrom(...pathsIn(whole)),
    change: fc.constantFrom(...Object.keys(changes)),
  });
  let uses = 0;
  await fc.assert(
    fc.asyncProperty(kubeconfigs, fc.array(edit, { maxLength: 4 }), async (base, edits) => {
      let config: Json = base;
      for (const { path, change } of edits) config = changed(config, path, changes[change] ?? (() => null)) ?? null;
      if (await useAll(JSON.stringify(config))) uses += 1;
    }),
    { numRuns: 600 },
  );
  assert.ok(uses > 20, `only ${uses} of them came to a credential`);
});

test("a kubeconfig that is cut off or garbled anywhere shows no secret", async () => {
  const text = JSON.stringify(whole, undefined, 1);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length),
      fc.constantFrom("", "\t- ", "}", '"', "&a *a", "!!binary ", "\u0000", ": : "),
      async (at, junk) => {
        await useAll(text.slice(0, at) + junk);
        await useAll(text.slice(0, at) + junk + text.slice(at));
      },
    ),
    { numRuns: 200 },
  );
});

test("whatever a plugin prints, the error is ours and shows none of it", async () => {
  using plugin = new FakePlugin();
  const status = {
    token: `${SECRET}-token`,
    clientCertificateData: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
    clientKeyData: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
    expirationTimestamp: "2031-01-01T00:00:00Z",
  };
  const good = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
  const edit = fc.record({ path: fc.constantFrom(...pathsIn(good)), change: fc.constantFrom(...Object.keys(changes)) });
  const printed = fc.oneof(
    fc.array(edit, { maxLength: 4 }).map((edits) => {
      let output: Json = good;
      for (const { path, change } of edits) output = changed(output, path, changes[change] ?? (() => null)) ?? null;
      return JSON.stringify(output);
    }),
    fc.nat(200).map((at) => JSON.stringify(good).slice(0, at)),
    fc.constantFrom(`${SECRET}\n`, `token: ${SECRET}\n a: [`, `${answer({ token: SECRET })}${SECRET}`),
  );
  await fc.assert(
    fc.asyncProperty(printed, async (output) => {
      plugin.answers(output);
      const source = sourceOf(plugin);
      try {
        assertSilent(await source.credential(), "the credential");
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assertSilent(error, "the error");
        assert.ok(error instanceof KubeError, `a KubeError, not ${inspect(error)}`);
      } finally {
        source.close();
      }
    }),
    { numRuns: 60 },
  );
});

test("a plugin's arguments and variables are shown by nothing that is made of them", () => {
  using plugin = new FakePlugin();
  const env = [{ name: "A", value: `${SECRET}-variable` }];
  const context = contextOf({ exec: execOf(plugin, { args: [`${SECRET}-argument`], env }) });
  assertSilent(explainCredentials(context), "the explanation");
  assertSilent(createCredentialSource(context), "the source");
});
