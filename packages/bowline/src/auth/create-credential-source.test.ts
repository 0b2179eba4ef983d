import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { createCredentialSource } from "./create-credential-source.ts";
import type { CredentialSource } from "./credential.ts";
import { answer, contextOf, execOf, FakePlugin, testHost } from "./testdata/fake-plugin.ts";

interface Pair {
  readonly cert: string;
  readonly key: string;
}
const certificates = JSON.parse(
  readFileSync(new URL("../transport/testdata/certificates.json", import.meta.url), "utf8"),
) as Readonly<Record<string, Pair>>;
const pairs = Object.values(certificates).filter(({ cert, key }) => Boolean(cert) && Boolean(key));
const [one, two] = pairs as [Pair, Pair];

async function authorization(source: CredentialSource): Promise<unknown> {
  return (await source.credential()).headers["authorization"];
}

async function code(source: CredentialSource): Promise<string> {
  try {
    await source.credential();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "";
}

test("nothing to authenticate with is anonymous", async () => {
  const credential = await createCredentialSource(contextOf({})).credential();
  assert.deepEqual({ ...credential.headers }, {});
  assert.equal(credential.clientCertificate, undefined);
});

test("a token and username and password are headers", async () => {
  assert.equal(await authorization(createCredentialSource(contextOf({ token: "t" }))), "Bearer t");
  const basic = createCredentialSource(contextOf({ username: "u", password: "p:é" }));
  assert.equal(await authorization(basic), `Basic ${Buffer.from("u:p:é").toString("base64")}`);
});

test("A5 basic needs a username, and not a password", async () => {
  assert.equal(await authorization(createCredentialSource(contextOf({ username: "u" }))), "Basic dTo=");
  assert.equal(await authorization(createCredentialSource(contextOf({ password: "p" }))), undefined);
  const both = (): unknown => createCredentialSource(contextOf({ username: "u", tokenFile: "/x" }));
  assert.throws(both, { code: "CredentialsConflict" });
});

test("user and password of the address win over a token, and over the token of a plugin whose certificate counts", async () => {
  using plugin = new FakePlugin();
  plugin.answers(answer({ token: "t", clientCertificateData: one.cert, clientKeyData: one.key }));
  const addressLogin = { username: "", password: "p" };
  const expected = `Basic ${Buffer.from(":p").toString("base64")}`;
  assert.equal(await authorization(createCredentialSource(contextOf({ token: "t", addressLogin }))), expected);
  const source = createCredentialSource(contextOf({ exec: execOf(plugin), addressLogin }));
  const credential = await source.credential();
  assert.deepEqual([credential.headers["authorization"], credential.clientCertificate?.cert], [expected, one.cert]);
  assert.equal(await source.refresh(credential), credential);
  source.close();
});

test("E40 a token that a header cannot carry is refused", () => {
  const make = (): unknown => createCredentialSource(contextOf({ token: "hunter2\n" }));
  assert.throws(make, (error: Error) => /line break/.test(error.message) && !/hunter2/.test(error.message));
});

test("A1 a token file is trimmed and read again after 50 seconds", async () => {
  using folder = new FakePlugin();
  const tokenFile = join(folder.folder, "token");
  writeFileSync(tokenFile, " one\n");
  const host = testHost();
  const source = createCredentialSource(contextOf({ tokenFile, token: "inline" }), { host });
  assert.equal(await authorization(source), "Bearer one");
  const first = source.credential();
  writeFileSync(tokenFile, "two");
  host.nowMs += 49_999;
  assert.equal(source.credential(), first, "the same snapshot, at once");
  host.nowMs += 1;
  assert.equal(await authorization(source), "Bearer two");
});

test("A1 a file that is gone, or empty, leaves the last token in use", async () => {
  using folder = new FakePlugin();
  const tokenFile = join(folder.folder, "token");
  writeFileSync(tokenFile, "one");
  const host = testHost();
  const source = createCredentialSource(contextOf({ tokenFile }), { host });
  await source.credential();
  host.nowMs += 60_000;
  rmSync(tokenFile);
  assert.equal(await authorization(source), "Bearer one");
  host.nowMs += 60_000;
  writeFileSync(tokenFile, " \n");
  assert.equal(await authorization(source), "Bearer one");
});

test("A1 the token beside a file is used until the file can be read", async () => {
  using folder = new FakePlugin();
  const tokenFile = join(folder.folder, "token");
  const source = createCredentialSource(contextOf({ tokenFile, token: "inline" }), { host: testHost() });
  assert.equal(await authorization(source), "Bearer inline");
  writeFileSync(tokenFile, "file");
  assert.equal(await authorization(source), "Bearer file");
});

test("A1 an empty or missing token file is an error and never anonymous", async () => {
  using folder = new FakePlugin();
  const tokenFile = join(folder.folder, "token");
  const source = createCredentialSource(contextOf({ tokenFile }), { host: testHost() });
  assert.equal(await code(source), "TokenFileUnreadable");
  writeFileSync(tokenFile, " \n");
  assert.equal(await code(source), "TokenFileEmpty");
});

test("B1 a token file is read again after a 401", async () => {
  using folder = new FakePlugin();
  const tokenFile = join(folder.folder, "token");
  writeFileSync(tokenFile, "one");
  const source = createCredentialSource(contextOf({ tokenFile }), { host: testHost() });
  const rejected = await source.credential();
  assert.equal(await source.refresh(rejected), rejected, "nothing newer");
  writeFileSync(tokenFile, "two");
  const fresh = await source.refresh(rejected);
  assert.equal(fresh.headers["authorization"], "Bearer two");
  assert.ok(fresh.generation > rejected.generation);
});

test("a token function is asked once for many requests, and again after a 401", async () => {
  let asked = 0;
  const tokenFrom = async (): Promise<string> => `t${++asked}`;
  const source = createCredentialSource(contextOf({ tokenFrom }));
  const all = await Promise.all(Array.from({ length: 100 }, async () => source.credential()));
  assert.equal(asked, 1);
  const rejected = all[0];
  assert.ok(rejected);
  const fresh = await Promise.all(Array.from({ length: 100 }, () => source.refresh(rejected)));
  assert.equal(asked, 2);
  assert.equal(fresh[0]?.headers["authorization"], "Bearer t2");
});

test("a token function that fails fails the request, and is asked again by the next", async () => {
  let asked = 0;
  const tokenFrom = (): string => {
    asked += 1;
    if (asked === 1) throw new Error("no login");
    return "t";
  };
  const source = createCredentialSource(contextOf({ tokenFrom }));
  await assert.rejects(Promise.resolve(source.credential()), /no login/);
  assert.equal(await authorization(source), "Bearer t");
});

test("a client certificate and a token are both used", async () => {
  const user = { clientCertificate: { data: one.cert }, clientKey: { data: one.key }, token: "t" };
  const source = createCredentialSource(contextOf(user));
  const credential = await source.credential();
  assert.equal(credential.clientCertificate?.cert, one.cert);
  assert.equal(credential.headers["authorization"], "Bearer t");
  assert.equal(source.credential(), credential);
  assert.doesNotMatch(inspect(credential, { depth: 9 }), /PRIVATE KEY/);
});

test("E42 a certificate that is no PEM, or has another key, is refused", () => {
  const make = (cert: string, key: string) => (): unknown =>
    createCredentialSource(contextOf({ clientCertificate: { data: cert }, clientKey: { data: key } }));
  assert.throws(make("junk", one.key), { code: "ClientCertificateInvalid", message: /certificate is not PEM/ });
  assert.throws(make(one.cert, "junk"), { code: "ClientCertificateInvalid", message: /key is not PEM/ });
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  assert.throws(make(broken, one.key), { code: "ClientCertificateInvalid", message: /cannot be parsed/ });
});

test("A2 certificate files are read again when they change, and get a new generation", async () => {
  using folder = new FakePlugin();
  const [cert, key] = [join(folder.folder, "c.pem"), join(folder.folder, "k.pem")];
  const write = (pair: Pair): void => {
    writeFileSync(cert, pair.cert);
    writeFileSync(key, pair.key);
  };
  write(one);
  const host = testHost();
  const user = { clientCertificate: { file: cert }, clientKey: { file: key } };
  const source = createCredentialSource(contextOf(user), { host });
  const first = await source.credential();
  host.nowMs += 1000;
  assert.equal(source.credential(), first, "unchanged files are the same credential");
  writeFileSync(cert, "half written");
  host.nowMs += 1000;
  assert.equal(source.credential(), first, "in the middle of a replacement the old pair stays");
  write(two);
  host.nowMs += 1000;
  const second = await source.credential();
  assert.equal(second.clientCertificate?.cert, two.cert);
  assert.notEqual(second.clientCertificate?.generation, first.clientCertificate?.generation);
});

test("A6 impersonation is headers, with keys escaped and groups repeated", async () => {
  const impersonate = {
    user: "me",
    uid: "42",
    groups: ["a", "b"],
    extra: { "k/x y": ["1", "2"], "K%": ["ü"], none: [] },
  };
  const { headers } = await createCredentialSource(contextOf({ token: "t", impersonate })).credential();
  assert.deepEqual(
    { ...headers },
    {
      authorization: "Bearer t",
      "impersonate-user": "me",
      "impersonate-uid": "42",
      "impersonate-group": ["a", "b"],
      "impersonate-extra-k%2fx%20y": ["1", "2"],
      "impersonate-extra-k%25": ["Ã¼"],
    },
  );
  const make = (): unknown => createCredentialSource(contextOf({ impersonate: { user: "a\r\nb: c" } }));
  assert.throws(make, { code: "ImpersonationInvalid" });
});

test("A7 the removed auth-providers name what replaces them", () => {
  const make = (name: string) => (): unknown =>
    createCredentialSource(contextOf({ authProvider: { name, config: {} }, token: "even beside a token" }));
  assert.throws(make("gcp"), { code: "AuthProviderUnsupported", message: /gke-gcloud-auth-plugin/ });
  assert.throws(make("azure"), { code: "AuthProviderUnsupported", message: /kubelogin/ });
  assert.throws(make("zzz"), { code: "AuthProviderUnsupported", message: /exec plugin/ });
});

test("an aborted request does not even wait", async () => {
  const source = createCredentialSource(contextOf({ token: "t" }));
  const reason = new Error("gone");
  await assert.rejects(Promise.resolve(source.credential({ signal: AbortSignal.abort(reason) })), reason);
});
