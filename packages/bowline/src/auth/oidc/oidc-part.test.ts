import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { KubeConfig } from "../../config/kube-config.ts";
import { Folder } from "../../config/testdata/folder.ts";
import { createCredentialSource } from "../create-credential-source.ts";
import type { CredentialSource } from "../credential.ts";
import type { CredentialError } from "../credential-error.ts";
import { idTokenExpiryMs } from "./id-token.ts";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

function jwt(issuer: string, exp: number, mark = "", aud = "client"): string {
  const claims = { iss: issuer, aud, sub: "me", iat: nowSeconds(), exp, mark };
  return `${encode({ alg: "RS256" })}.${encode(claims)}.${encode("signature")}`;
}

/** An identity provider whose refresh tokens work once. */
class FakeProvider implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const [status, answer] = this.#answer(request.url ?? "", body, request.headers.authorization);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  refreshes = 0;
  valid = "r0";
  lastAuthorization: string | undefined;
  withIdToken = true;
  takesForm = false;
  audience = "client";

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(path: string, body: string, authorization: string | undefined): readonly [number, unknown] {
    if (path.includes("well-known")) return [200, { issuer: this.issuer, token_endpoint: `${this.issuer}/token` }];
    const form = new URLSearchParams(body);
    this.lastAuthorization = authorization;
    if (this.takesForm && form.get("client_secret") !== "s e:c") return [401, { error: "invalid_client" }];
    if (form.get("grant_type") !== "refresh_token" || form.get("refresh_token") !== this.valid) {
      return [400, { error: "invalid_grant", error_description: `bad token ${form.get("refresh_token")}` }];
    }
    this.refreshes += 1;
    this.valid = `r${this.refreshes}`;
    const idToken = this.withIdToken
      ? { id_token: jwt(this.issuer, nowSeconds() + 3600, `n${this.refreshes}`, this.audience) }
      : {};
    return [200, { access_token: "a", token_type: "bearer", refresh_token: this.valid, ...idToken }];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function write(folder: Folder, provider: FakeProvider, tokens: Readonly<Record<string, string>>): string {
  const config = { "idp-issuer-url": provider.issuer, "client-id": "client", "client-secret": "s e:c", ...tokens };
  const lines = Object.entries(config).map(([key, value]) => `        ${key}: ${value}\n`);
  return folder.write(
    "config",
    `# mine\ncurrent-context: c\nclusters: [{name: k, cluster: {server: "https://h"}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nusers:\n- name: u\n  user:\n    auth-provider:\n      name: oidc\n      config:\n${lines.join("")}`,
  );
}

async function load(file: string): Promise<CredentialSource> {
  return createCredentialSource((await KubeConfig.load(file)).resolve());
}

async function token(source: CredentialSource): Promise<string> {
  return String((await source.credential()).headers["authorization"]).replace("Bearer ", "");
}

test("A7 an ID token is used until ten seconds before its end", async () => {
  await using provider = await new FakeProvider().start();
  using folder = new Folder();
  const idToken = jwt(provider.issuer, nowSeconds() + 60);
  const source = await load(write(folder, provider, { "id-token": idToken, "refresh-token": "r0" }));
  assert.equal(await token(source), idToken);
  assert.equal(provider.refreshes, 0);
  source.close();
});

test("A7 a token that is over is renewed once for all, and written before it is used", async () => {
  await using provider = await new FakeProvider().start();
  using folder = new Folder();
  const file = write(folder, provider, { "id-token": jwt(provider.issuer, nowSeconds() + 5), "refresh-token": "r0" });
  const mode = statSync(file).mode;
  const [one, two] = [await load(file), await load(file)];
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, index) => token(index % 2 === 0 ? one : two)));
  assert.equal(provider.refreshes, 1);
  assert.equal(new Set(tokens).size, 1);
  const text = readFileSync(file, "utf8");
  assert.ok(text.startsWith("# mine\n") && text.includes(tokens[0] ?? "none") && text.includes("refresh-token: r1"));
  assert.equal(statSync(file).mode, mode);
  const expected = `Basic ${Buffer.from("client:s+e%3Ac").toString("base64")}`;
  assert.equal(provider.lastAuthorization, expected);
  one.close();
  two.close();
});

test("A7 a token that another process has renewed is taken from the file", async () => {
  await using provider = await new FakeProvider().start();
  using folder = new Folder();
  const source = await load(write(folder, provider, { "refresh-token": "used-up" }));
  const fresh = jwt(provider.issuer, nowSeconds() + 3600);
  write(folder, provider, { "id-token": fresh, "refresh-token": "r0" });
  assert.equal(await token(source), fresh);
  assert.equal(provider.refreshes, 0);
  source.close();
});

test("A7 B1 a token is renewed after a 401", async () => {
  await using provider = await new FakeProvider().start();
  using folder = new Folder();
  const idToken = jwt(provider.issuer, nowSeconds() + 3600);
  const source = await load(write(folder, provider, { "id-token": idToken, "refresh-token": "r0" }));
  const rejected = await source.credential();
  const fresh = await source.refresh(rejected);
  assert.notEqual(fresh.headers["authorization"], rejected.headers["authorization"]);
  assert.equal(provider.refreshes, 1);
  source.close();
});

test("A7 a refusal, a missing refresh token and a missing ID token are errors that hold no token", async () => {
  await using provider = await new FakeProvider().start();
  using folder = new Folder();
  const failure = async (tokens: Readonly<Record<string, string>>): Promise<CredentialError> => {
    const source = await load(write(folder, provider, tokens));
    try {
      await source.credential();
    } catch (error) {
      return error as CredentialError;
    } finally {
      source.close();
    }
    throw new assert.AssertionError({ message: "it did not fail" });
  };
  const refused = await failure({ "refresh-token": "hunter2hunter2" });
  assert.equal(refused.code, "OidcRefreshFailed");
  assert.doesNotMatch(`${refused.stack}${String(refused.cause)}`, /hunter2/);
  assert.match((await failure({})).message, /no refresh-token/);
  provider.withIdToken = false;
  assert.match((await failure({ "refresh-token": "r0" })).message, /no id_token/);
});

test("A7 issuer and client are needed, and the issuer must be https", async () => {
  const make = (config: Readonly<Record<string, string>>): unknown =>
    createCredentialSource({
      ...KubeConfig.from({ server: "https://h" }).resolve(),
      user: { name: "u", authProvider: { name: "oidc", config } },
    });
  assert.throws(() => make({}), { code: "OidcConfigInvalid", message: /idp-issuer-url/ });
  assert.throws(() => make({ "idp-issuer-url": "https://i" }), { code: "OidcConfigInvalid", message: /client-id/ });
  assert.throws(() => make({ "idp-issuer-url": "http://i", "client-id": "c" }), /must begin with https/);
});

test("A7 the expiry may be an integer or a fraction, and what is no token has none", () => {
  const withExp = (exp: unknown): string => `x.${encode({ exp })}.y`;
  assert.equal(idTokenExpiryMs(withExp(10)), 10_000);
  assert.equal(idTokenExpiryMs(withExp(10.9)), 10_000);
  assert.equal(idTokenExpiryMs(withExp("10")), undefined);
  for (const text of ["", "a.b", "a.b.c", "a.b.c.d", `${withExp(1)}.z`]) assert.equal(idTokenExpiryMs(text), undefined);
});

test("A7 a provider that takes the secret in the form alone is asked again, and whom the token is for is not checked here", async () => {
  await using provider = await new FakeProvider().start();
  provider.takesForm = true;
  provider.audience = "somebody-else";
  using folder = new Folder();
  const source = await load(write(folder, provider, { "refresh-token": "r0" }));
  assert.notEqual(await token(source), "");
  assert.equal(provider.refreshes, 1);
  assert.equal(provider.lastAuthorization, undefined);
  source.close();
});
