import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answer, execOf, FakePlugin, sourceOf, testHost } from "../testdata/fake-plugin.ts";
import { execManagerCount, idleKeepMs, leaseExecManager } from "./exec-managers.ts";

interface Pair {
  readonly cert: string;
  readonly key: string;
}
const { clientA, clientB } = JSON.parse(
  readFileSync(new URL("../../transport/testdata/certificates.json", import.meta.url), "utf8"),
) as { readonly clientA: Pair; readonly clientB: Pair };

const statusOf = ({ cert, key }: Pair, more: object = {}): string =>
  answer({ clientCertificateData: cert, clientKeyData: key, ...more });

test("E43 a certificate alone sends no header, and with a token both are used", async () => {
  using plugin = new FakePlugin();
  plugin.answers(statusOf(clientA));
  const alone = await sourceOf(plugin).credential();
  assert.equal(alone.headers["authorization"], undefined);
  assert.equal(alone.clientCertificate?.cert, clientA.cert);
  plugin.answers(statusOf(clientA, { token: "t" }));
  const both = await sourceOf(plugin).credential();
  assert.equal(both.headers["authorization"], "Bearer t");
  assert.equal(both.clientCertificate?.key, clientA.key);
});

test("E42 a chain is kept whole", async () => {
  using plugin = new FakePlugin();
  plugin.answers(statusOf({ cert: clientA.cert + clientB.cert, key: clientA.key }));
  assert.equal((await sourceOf(plugin).credential()).clientCertificate?.cert, clientA.cert + clientB.cert);
});

for (const [what, pair] of [
  ["text that is no PEM", { cert: "junk", key: clientA.key }],
  ["base64 of PEM", { cert: Buffer.from(clientA.cert).toString("base64"), key: clientA.key }],
  [
    "a certificate that cannot be parsed",
    { cert: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key: clientA.key },
  ],
  [
    "a key that cannot be parsed",
    { cert: clientA.cert, key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" },
  ],
] as const) {
  test(`E42 refuses ${what}`, async () => {
    using plugin = new FakePlugin();
    plugin.answers(statusOf(pair));
    await assert.rejects(Promise.resolve(sourceOf(plugin).credential()), { code: "ClientCertificateInvalid" });
  });
}

test("E56 E57 another certificate gets another generation, and the same one keeps its own", async () => {
  using plugin = new FakePlugin();
  plugin.answers(statusOf(clientA, { token: "one" }));
  const source = sourceOf(plugin);
  const first = await source.credential();
  plugin.answers(statusOf(clientA, { token: "two" }));
  const second = await source.refresh(first);
  assert.equal(second.headers["authorization"], "Bearer two");
  assert.equal(second.clientCertificate, first.clientCertificate);
  plugin.answers(statusOf(clientB, { token: "two" }));
  const third = await source.refresh(second);
  assert.notEqual(third.clientCertificate?.generation, second.clientCertificate?.generation);
  plugin.answers(answer({ token: "two" }));
  assert.equal((await source.refresh(third)).clientCertificate, undefined);
});

test("E59 B3 one request takes one run, even where each certificate is over when it comes", async () => {
  using plugin = new FakePlugin();
  plugin.answers(statusOf(clientA, { token: "t", expirationTimestamp: "2000-01-01T00:00:00Z" }));
  const source = sourceOf(plugin);
  const { headers, clientCertificate } = await source.credential();
  assert.deepEqual([headers["authorization"], clientCertificate?.cert], ["Bearer t", clientA.cert]);
  assert.equal(plugin.runs, 1);
});

test("E68 reports the earliest expiry, and the age of a certificate that is replaced", async () => {
  using plugin = new FakePlugin();
  const expiries: (Date | undefined)[] = [];
  const ages: number[] = [];
  const metrics = {
    certificateExpiry: (notAfter: Date | undefined) => void expiries.push(notAfter),
    certificateRotation: (ageMs: number) => void ages.push(ageMs),
  };
  plugin.answers(statusOf(clientA));
  const source = sourceOf(plugin, {}, { metrics });
  const first = await source.credential();
  assert.ok(expiries[0] instanceof Date);
  plugin.answers(statusOf(clientB));
  await source.refresh(first);
  assert.equal(ages.length, 1);
  assert.ok((ages[0] ?? 0) > 0);
});

test("B8 a credential that no client uses any more is forgotten after a while", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  using plugin = new FakePlugin();
  const config = { exec: execOf(plugin), cluster: undefined, options: {}, host: testHost() };
  const before = execManagerCount();
  const [one, two] = [leaseExecManager(config), leaseExecManager(config)];
  assert.equal(one.manager, two.manager);
  one.release();
  one.release();
  context.mock.timers.tick(idleKeepMs);
  assert.equal(execManagerCount(), before + 1, "still in use");
  two.release();
  context.mock.timers.tick(idleKeepMs - 1);
  const again = leaseExecManager(config);
  assert.equal(again.manager, one.manager, "kept for the next client");
  again.release();
  context.mock.timers.tick(idleKeepMs);
  assert.equal(execManagerCount(), before);
});
