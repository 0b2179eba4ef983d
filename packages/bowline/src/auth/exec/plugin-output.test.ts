import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CredentialError } from "../credential-error.ts";
import { answer, v1, v1beta1 } from "../testdata/fake-plugin.ts";
import { parseMergingJson } from "./merging-json.ts";
import type { PluginCredential } from "./plugin-output.ts";
import { readPluginOutput } from "./plugin-output.ts";
import { parseTimestamp } from "./timestamp.ts";

const read = (output: string | Uint8Array, apiVersion: string = v1): Promise<PluginCredential> =>
  readPluginOutput(typeof output === "string" ? Buffer.from(output) : output, apiVersion, "p");

const good = answer({ token: "t" });
const accepted: readonly [string, string, string | Uint8Array][] = [
  ["E34", "JSON", good],
  ["E34", "white space around it", `\n \t${good}\r\n\n`],
  ["E34", "YAML", `kind: ExecCredential\napiVersion: ${v1}\nstatus:\n  token: t\n`],
  ["E34", "YAML after a comment", `# login ok\n${good}`],
  ["E34", "the first of two YAML documents", `---\napiVersion: ${v1}\nstatus: {token: t}\n---\n[`],
  ["E34", "UTF-8 with a byte order mark", `\uFEFF${good}`],
  ["E34", "UTF-16 with a byte order mark", Buffer.from(`\uFEFF${good}`, "utf16le")],
  ["E35", "no kind", `{"apiVersion":"${v1}","status":{"token":"t"}}`],
  ["E39", "unknown fields", answer({ token: "t", more: [1] })],
  ["E39", "a key twice: the last counts", `{"apiVersion":"${v1}","status":{"token":"u","token":"t"}}`],
  ["E39", "an object twice: they are merged", `{"apiVersion":"${v1}","status":{"token":"t"},"status":{"x":1}}`],
  ["E39", "null after a value: the value stays", `{"apiVersion":"${v1}","status":{"token":"t","token":null}}`],
  ["E39", "apiVersion and kind in any case", `{"Kind":"ExecCredential","APIVERSION":"${v1}","status":{"token":"t"}}`],
];
for (const [number, what, output] of accepted) {
  test(`${number} accepts ${what}`, async () => assert.equal((await read(output)).token, "t"));
}

const refused: readonly [string, string, string | Uint8Array, RegExp][] = [
  [
    "E34",
    "flow YAML that begins with a brace",
    `{kind: ExecCredential, apiVersion: "${v1}", status: {token: t}}`,
    /neither/,
  ],
  ["E34", "a trailing comma", good.replace('"t"', '"t",'), /neither/],
  ["E35", "another kind", good.replace("ExecCredential", "Foo"), /the kind "Foo"/],
  ["E36", "no output", "", /no apiVersion/],
  ["E36", "no apiVersion", '{"kind":"ExecCredential","status":{"token":"t"}}', /no apiVersion/],
  ["E36", "another version than configured", answer({ token: "t" }, v1beta1), /v1beta1".*asks for .*\/v1; change/],
  ["E36", "a version that is gone", answer({ token: "t" }, "client.authentication.k8s.io/v1alpha1"), /v1alpha1/],
  ["E37", "a plain text", "hello", /not an object/],
  ["E37", "a list", "[]", /not an object/],
  ["E37", "text after the object", `${good}\nDone.`, /neither JSON nor YAML/],
  ["E37", "a log line before the object", `Logged in.\n${good}`, /did not print/],
  ["E38", "no status", `{"apiVersion":"${v1}"}`, /without a status/],
  ["E38", "status null", answer(null), /without a status/],
  ["E38", "an empty status", answer({}), /neither a token nor/],
  ["E38", "a certificate without its key", answer({ token: "t", clientCertificateData: "c" }), /only one of/],
  ["E38", "a key without its certificate", answer({ clientKeyData: "k" }), /only one of/],
  ["E39", "Token in another case", answer({ Token: "t" }), /neither a token nor/],
  ["E39", "a token that is a number", answer({ token: 1 }), /token that is not a string/],
  [
    "E39",
    "a certificate authority in its spec that is not base64",
    `{"apiVersion":"${v1}","spec":{"cluster":{"certificate-authority-data":"###"}},"status":{"token":"t"}}`,
    /not base64/,
  ],
  ["E41", "an empty expiry", answer({ token: "t", expirationTimestamp: "" }), /RFC 3339/],
  ["E41", "an expiry that is a number", answer({ token: "t", expirationTimestamp: 1 }), /RFC 3339/],
];
for (const [number, what, output, message] of refused) {
  test(`${number} refuses ${what}`, () =>
    assert.rejects(read(output), { name: "CredentialError", code: "PluginOutputInvalid", message }));
}

test("E36 refuses v1 where v1beta1 is configured", () => assert.rejects(read(good, v1beta1), /asks for .*v1beta1/));

test("E41 reads the timestamps that Go reads", () => {
  const base = Date.parse("2030-01-02T15:04:05Z");
  const times: readonly [string, number | "never" | undefined][] = [
    ["2030-01-02T15:04:05Z", base],
    ["2030-01-02T16:04:05+01:00", base],
    ["2030-01-02T15:04:05.5Z", base + 500],
    ["2030-01-02T15:04:05,5Z", base + 500],
    ["2030-01-02T15:04:05.500000000000Z", base + 500],
    ["2030-01-03T15:04:05+24:00", base],
    ["2030-01-02T5:04:05Z", base - 36_000_000],
    ["0001-01-01T00:00:00Z", "never"],
    ["2030-01-02T15:04:05z", undefined],
    ["2030-01-02t15:04:05Z", undefined],
    ["2030-01-02T15:04:05+0000", undefined],
    ["2030-01-02T15:04:05", undefined],
    ["2030-01-02T15:04:60Z", undefined],
    ["2030-01-02T24:00:00Z", undefined],
    ["2030-02-29T00:00:00Z", undefined],
    ["10000-01-02T15:04:05Z", undefined],
    ["tomorrow", undefined],
  ];
  for (const [text, expected] of times) assert.equal(parseTimestamp(text), expected, text);
});

test("a text without repeated keys means what JSON.parse says", () => {
  fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(parseMergingJson(text), JSON.parse(text))));
});

test("__proto__ in the output pollutes nothing", async () => {
  await read(
    `{"apiVersion":"${v1}","__proto__":{"polluted":1},"status":{"token":"t","__proto__":{"polluted":1},"token":"t"}}`,
  );
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test("any output is a credential or a CredentialError that holds nothing of it", async () => {
  const secret = "hunter2hunter2";
  const value = fc.oneof(fc.constant(secret), fc.jsonValue(), fc.constant(null), fc.constant("2030-01-01T00:00:00Z"));
  const status = fc.dictionary(
    fc.constantFrom("token", "clientCertificateData", "clientKeyData", "expirationTimestamp", "x"),
    value,
  );
  const text = fc.oneof(
    fc.tuple(status, fc.constantFrom("", secret, ",")).map(([each, tail]) => answer(each) + tail),
    fc.string().map((each) => each + secret),
    fc.string({ unit: "binary" }).map((each) => `{${each}: ${secret}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (output) => {
      try {
        await read(output);
      } catch (error) {
        assert.ok(error instanceof CredentialError, String(error));
        assert.doesNotMatch(`${error.message}${error.stack}${String(error.cause)}`, /hunter2/);
      }
    }),
  );
});
