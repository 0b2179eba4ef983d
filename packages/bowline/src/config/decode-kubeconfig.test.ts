import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { ConfigError } from "./config-error.ts";
import { KubeConfig } from "./kube-config.ts";
import { kubeconfig } from "./testdata/folder.ts";

const user = (stanza: unknown): string => kubeconfig({ user: stanza });

const accepted: readonly [string, string, string][] = [
  ["K6", "nothing", ""],
  ["K6", "comments only", "# nothing\n"],
  ["K6", "null", "null\n"],
  ["K6", "the first of several documents", "kind: Config\n---\n[not, closed"],
  ["K7", "no apiVersion and kind", "clusters: []\n"],
  ["K7", "a key twice", "clusters: []\nclusters: []\n"],
  ["K7", "flow YAML that looks like JSON", "{kind: Config, clusters: [],}"],
  ["K8", "unknown fields", kubeconfig({ more: { zzz: { a: 1 } } })],
  ["E13", "null for lists", user({ exec: { command: "c", args: null, env: null } })],
  ["K8", "bytes as a list of numbers", user({ "client-key-data": [45, null, 255] })],
  ["E13", "null for stanzas", "clusters: null\nusers:\ncontexts: ~\n"],
];
for (const [number, what, text] of accepted) {
  test(`${number} accepts ${what}`, async () => void (await KubeConfig.parse(text)));
}

const refused: readonly [string, string, string, RegExp][] = [
  ["K6", "a list", "- a\n", /must be a mapping .* and is a list/],
  ["K6", "a text", "hello\n", /must be a mapping .* and is a string/],
  ["K7", "another kind", "kind: Foo\n", /kind must be "Config", and is "Foo"/],
  ["K7", "another apiVersion", "apiVersion: v2\n", /apiVersion must be "v1"/],
  ["K7", "another kind in another case", "KIND: Foo\n", /kind must be "Config"/],
  ["K8", "a token that is a number", user({ token: 123 }), /users\[0\]\.user\.token must be a string, and is a number/],
  ["K8", "a boolean that is a text", user({ exec: { provideClusterInfo: "true" } }), /provideClusterInfo must be true/],
  ["K8", "data that is not base64", user({ "client-key-data": "!!!!" }), /client-key-data must be base64/],
  ["K8", "data without its padding", user({ "client-key-data": "YQ" }), /client-key-data must be base64/],
  ["K8", "arguments that are no list", user({ exec: { args: "a" } }), /exec\.args must be a list/],
  ["K9", "a cluster twice", "clusters: [{name: k}, {name: k}]\n", /clusters\[1\] has the name "k" of an earlier entry/],
  ["K9", "a user twice", "users: [{name: k}, {name: k}]\n", /users\[1\] has the name/],
  ["K9", "a context twice", "contexts: [{name: k}, {name: k}]\n", /contexts\[1\] has the name/],
  ["K9", "an extension twice", "extensions: [{name: e, extension: 1}, {name: e}]\n", /extensions\[1\] has the name/],
];
for (const [number, what, text, message] of refused) {
  test(`${number} refuses ${what}`, () =>
    assert.rejects(KubeConfig.parse(text), { name: "ConfigError", code: "KubeconfigInvalid", message }));
}

test("all problems are reported at once", async () => {
  const text = kubeconfig({ user: { token: 1, password: [] }, cluster: { server: {} }, more: { kind: "Foo" } });
  await assert.rejects(KubeConfig.parse(text), (error: ConfigError) => error.problems.length === 4);
});

test("K9 E69 no error and no inspection shows what the kubeconfig holds", async () => {
  const secret = "hunter2hunter2";
  const value = fc.oneof(fc.constant(secret), fc.constant([secret]), fc.constant({ a: secret }), fc.constant(1));
  const fields = ["token", "password", "client-key-data", "username", "exec", "auth-provider", "as-groups", "zzz"];
  const stanza = fc.dictionary(fc.constantFrom(...fields), value);
  const mangle = fc.constantFrom(
    (text: string) => text,
    (text: string) => `${text}}`,
    (text: string) => text.slice(0, -9),
  );
  await fc.assert(
    fc.asyncProperty(stanza, mangle, async (each, change) => {
      try {
        const config = await KubeConfig.parse(
          change(kubeconfig({ user: { ...each, token: each["token"] ?? secret } })),
        );
        const text = inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config);
        assert.doesNotMatch(text, /hunter2/);
        const resolved = config.resolve();
        assert.doesNotMatch(inspect(resolved, { depth: 9 }).replace(/username: [^\n]*/, ""), /hunter2/);
        assert.doesNotMatch(JSON.stringify(resolved).replace(/"username":"[^"]*"/, ""), /hunter2/);
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        assert.doesNotMatch(`${error.stack}${inspect(error, { depth: 9 })}`, /hunter2/);
      }
    }),
  );
});

test("any text is a kubeconfig or a ConfigError", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.json()), async (text) => {
      try {
        (await KubeConfig.parse(text)).resolve();
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
      }
    }),
  );
});

test("__proto__ in a kubeconfig pollutes nothing", async () => {
  await KubeConfig.parse("__proto__: {polluted: 1}\nclusters: [{__proto__: {polluted: 1}, name: k}]\n");
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});
