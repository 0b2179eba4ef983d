/**
 * What a server sees of each way to authenticate, from the kubeconfig to the TLS handshake.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { answer, FakePlugin, v1 } from "../auth/testdata/fake-plugin.ts";
import type { FixtureServer } from "../transport/testdata/fixture-server.ts";
import {
  certificates,
  clientName,
  startNamingServer,
  startServer,
  textOf,
} from "../transport/testdata/fixture-server.ts";
import type { Transport, TransportRequest } from "../transport/transport.ts";
import { connectParts } from "./connect.ts";
import type { ConnectOptions } from "./connect-options.ts";

interface Seen {
  readonly authorization: string | undefined;
  readonly headers: readonly string[];
}

/** A server that writes down what it sees, and answers what `statusOf` says. */
async function startRecorder(
  statusOf: (seen: Seen) => number = () => 200,
  isSecure = true,
): Promise<{ readonly server: FixtureServer; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    const each = { authorization: request.headers.authorization, headers: request.rawHeaders };
    seen.push(each);
    response.writeHead(statusOf(each), { "content-type": "text/plain" }).end("answer");
  };
  return { server: await startServer(handler, isSecure ? undefined : null), seen };
}

/** A client of the server whose kubeconfig has the user, in a file beside the plugin. */
async function connect(
  server: FixtureServer,
  plugin: FakePlugin,
  user: Readonly<Record<string, unknown>>,
  options: ConnectOptions & { readonly scheme?: string } = {},
): Promise<Transport & AsyncDisposable> {
  const { scheme = "https", ...rest } = options;
  const cluster = {
    server: `${scheme}://127.0.0.1:${server.port}`,
    "certificate-authority-data": Buffer.from(certificates.ca.cert).toString("base64"),
  };
  const path = join(plugin.folder, "config");
  writeFileSync(
    path,
    JSON.stringify({
      "current-context": "c",
      clusters: [{ name: "k", cluster }],
      users: [{ name: "u", user }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    }),
  );
  const parts = await connectParts({ kubeconfig: path, exec: { onStderr: () => undefined }, ...rest });
  const { transport } = parts;
  return {
    send: (request) => transport.send(request),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

const get: TransportRequest = { method: "GET", path: "/api", headers: {} };
const execOf = (more: object = {}): Readonly<Record<string, unknown>> => ({
  exec: { command: "./plugin.sh", apiVersion: v1, interactiveMode: "Never", ...more },
});

async function status(transport: Transport, request: TransportRequest = get): Promise<number> {
  const response = await transport.send(request);
  await response.bytes();
  return response.status;
}

test("E1 E50 three requests are one run, one connection and the plugin's token", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  assert.equal(plugin.runs, 0);
  for (let request = 0; request < 3; request++) assert.equal(await status(client), 200);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer t", "Bearer t", "Bearer t"],
  );
  assert.deepEqual([plugin.runs, server.connections], [1, 1]);
});

test("E3 static credentials are sent and the plugin is not run", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  await using token = await connect(server, plugin, { ...execOf(), token: "static" });
  await status(token);
  await using basic = await connect(server, plugin, { ...execOf(), username: "u" });
  await status(basic);
  await using overridden = await connect(server, plugin, execOf(), { overrides: { token: "override" } });
  await status(overridden);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer static", "Basic dTo=", "Bearer override"],
  );
  assert.equal(plugin.runs, 0);
});

test("E8 K40 over plain HTTP no credential is sent, and impersonation is", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder(undefined, false);
  await using _ = server;
  await using client = await connect(server, plugin, { ...execOf(), as: "me" }, { scheme: "http" });
  await status(client);
  assert.equal(seen[0]?.authorization, undefined);
  assert.ok(seen[0]?.headers.some((header) => header === "me"));
  assert.equal(plugin.runs, 0);
});

test("a plugin that fails sends nothing", async () => {
  using plugin = new FakePlugin("exit 1");
  const { server, seen } = await startRecorder();
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  await assert.rejects(client.send(get), { name: "CredentialError", code: "PluginFailed" });
  assert.equal(seen.length, 0);
});

test("E53 a thousand concurrent cold requests are one run", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  await Promise.all(Array.from({ length: 1000 }, () => status(client)));
  assert.deepEqual([plugin.runs, seen.length], [1, 1000]);
});

const numbered = `printf '{"apiVersion":"${v1}","kind":"ExecCredential","status":{"token":"t%s"}}' "$n"`;

test("E54 B1 a thousand requests that get a 401 at once are one further run, and are sent again", async () => {
  using plugin = new FakePlugin(numbered);
  const { server } = await startRecorder(({ authorization }) => (authorization === "Bearer t1" ? 401 : 200));
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  const statuses = await Promise.all(Array.from({ length: 1000 }, () => status(client)));
  assert.ok(statuses.every((each) => each === 200));
  assert.equal(plugin.runs, 2);
});

test("E54 each request that gets a 401 is one further run, and keeps its 401 where the plugin has nothing new", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder(() => 401);
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  for (let request = 0; request < 3; request++) assert.equal(await status(client), 401);
  assert.deepEqual([plugin.runs, seen.length], [4, 3]);
});

test("E54 a 403 refreshes nothing", async () => {
  using plugin = new FakePlugin();
  const { server } = await startRecorder(() => 403);
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  assert.equal(await status(client), 403);
  assert.equal(plugin.runs, 1);
});

test("E2 a request's own Authorization is left alone, and its 401 refreshes nothing", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder(() => 401);
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  assert.equal(await status(client, { ...get, headers: { authorization: "Bearer own" } }), 401);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer own"],
  );
  assert.ok(plugin.runs <= 1);
});

test("E55 another token keeps the connection", async () => {
  const over = "2000-01-01T00:00:00Z";
  using plugin = new FakePlugin(
    `printf '{"apiVersion":"${v1}","status":{"token":"t%s","expirationTimestamp":"${over}"}}' "$n"`,
  );
  const { server, seen } = await startRecorder();
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  for (let request = 0; request < 3; request++) await status(client);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer t1", "Bearer t2", "Bearer t3"],
  );
  assert.equal(server.connections, 1);
});

test("E43 E56 E57 the plugin's certificate is shown in the handshake, and another one in another handshake", async () => {
  using plugin = new FakePlugin();
  const certificateOf = (pair: { readonly cert: string; readonly key: string }): string =>
    answer({ clientCertificateData: pair.cert, clientKeyData: pair.key, expirationTimestamp: "2000-01-01T00:00:00Z" });
  plugin.answers(certificateOf(certificates.clientA));
  const server = await startNamingServer();
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  const name = async (): Promise<string> => textOf(await client.send(get));
  const first = await name();
  assert.notEqual(first, "nobody");
  assert.equal(await name(), first);
  assert.deepEqual(
    [plugin.runs, server.connections],
    [2, 1],
    "E57 E59 a fresh run with the same certificate keeps the connection",
  );
  plugin.answers(certificateOf(certificates.clientB));
  const second = await name();
  assert.notEqual(second, first);
  assert.equal(server.connections, 2);
});

test("B7 a watch on the old certificate goes on while new requests use the new one", async () => {
  using plugin = new FakePlugin();
  const once = { expirationTimestamp: "2000-01-01T00:00:00Z" };
  const { clientA, clientB } = certificates;
  plugin.answers(answer({ clientCertificateData: clientA.cert, clientKeyData: clientA.key, ...once }));
  let finish: () => void = () => undefined;
  const server = await startNamingServer((socket, path) => {
    const name = clientName(socket);
    if (path !== "/watch") socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`);
    else {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
      finish = () => void socket.write("two");
    }
  });
  await using _ = server;
  await using client = await connect(server, plugin, execOf());
  const watch = await client.send({ ...get, path: "/watch" });
  plugin.answers(answer({ clientCertificateData: clientB.cert, clientKeyData: clientB.key, ...once }));
  assert.notEqual(await textOf(await client.send(get)), "nobody");
  finish();
  assert.equal(await textOf(watch), "onetwo");
});

test("A1 B1 a token file that was replaced is read again after a 401", async () => {
  using plugin = new FakePlugin();
  const tokenFile = join(plugin.folder, "token");
  writeFileSync(tokenFile, "one\n");
  const { server, seen } = await startRecorder(({ authorization }) => (authorization === "Bearer one" ? 401 : 200));
  await using _ = server;
  await using client = await connect(server, plugin, { tokenFile: "token" });
  assert.equal(await status(client), 401);
  writeFileSync(tokenFile, "two\n");
  assert.equal(await status(client), 200);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer one", "Bearer one", "Bearer two"],
  );
});

test("A2 E60 a client certificate of files is shown in the handshake", async () => {
  using plugin = new FakePlugin();
  writeFileSync(join(plugin.folder, "c.pem"), certificates.clientA.cert);
  writeFileSync(join(plugin.folder, "k.pem"), certificates.clientA.key);
  const server = await startNamingServer();
  await using _ = server;
  const user = { "client-certificate": "c.pem", "client-key": "k.pem" };
  await using client = await connect(server, plugin, { ...execOf(), ...user });
  assert.notEqual(await textOf(await client.send(get)), "nobody");
  assert.equal(plugin.runs, 0, "E3 a certificate with its key wins over the plugin");
});

test("A6 impersonation is sent whole, and groups are a header each", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  const user = { token: "t", as: "me", "as-uid": "1", "as-groups": ["a", "b"], "as-user-extra": { "k/x": ["1", "2"] } };
  await using client = await connect(server, plugin, user);
  await status(client);
  const raw = seen[0]?.headers ?? [];
  const sent = raw.flatMap((name, at) =>
    at % 2 === 0 && /^impersonate/i.test(name) ? [`${name.toLowerCase()}: ${raw[at + 1]}`] : [],
  );
  assert.deepEqual(sent.sort(), [
    "impersonate-extra-k%2fx: 1",
    "impersonate-extra-k%2fx: 2",
    "impersonate-group: a",
    "impersonate-group: b",
    "impersonate-uid: 1",
    "impersonate-user: me",
  ]);
});

test("user and password in the server's address are sent as basic authentication, once and in no other place", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  const overrides = { server: `https://us%20er:pass@127.0.0.1:${server.port}` };
  await using client = await connect(server, plugin, { token: "t" }, { overrides });
  await status(client);
  assert.equal(seen[0]?.authorization, `Basic ${Buffer.from("us er:pass").toString("base64")}`);
});

test("E9 a connection layer of one's own gets the plugin's certificate with each request, and has none to contradict it", async () => {
  const { clientA, clientB } = certificates;
  const pair = ({ cert, key }: { cert: string; key: string }) => ({ clientCertificateData: cert, clientKeyData: key });
  using plugin = new FakePlugin();
  plugin.answers(answer(pair(clientA)));
  await using server = await startNamingServer();
  const shown: (string | undefined)[] = [];
  const transport: NonNullable<ConnectOptions["transport"]> = () => ({
    attempt: async (_request, { clientCertificate }) => {
      shown.push(clientCertificate?.cert);
      plugin.answers(answer(pair(clientB)));
      const status = shown.length === 1 ? 401 : 200;
      const bytes = async () => new Uint8Array();
      return {
        status,
        headers: {},
        bytes,
        stream: async function* () {
          yield new Uint8Array();
        },
        discard: () => undefined,
      };
    },
    close: async () => undefined,
  });
  await using client = await connect(server, plugin, execOf(), { transport });
  assert.equal(await status(client), 200);
  assert.deepEqual(shown, [clientA.cert, clientB.cert]);
  assert.equal(server.connections, 0);
});

test("E58 a server that asks for no certificate gets none, and the plugin has run all the same", async () => {
  const { cert, key } = certificates.clientA;
  using plugin = new FakePlugin();
  plugin.answers(answer({ clientCertificateData: cert, clientKeyData: key }));
  await using server = await startNamingServer(undefined, { requestCert: false });
  await using client = await connect(server, plugin, execOf());
  assert.equal(await textOf(await client.send(get)), "nobody");
  assert.equal(plugin.runs, 1);
});

test("E58 a plugin without a certificate shows none where the server asks for one", async () => {
  using plugin = new FakePlugin();
  await using server = await startNamingServer();
  await using client = await connect(server, plugin, execOf());
  assert.equal(await textOf(await client.send(get)), "nobody");
  assert.equal(plugin.runs, 1);
});

test("A6 impersonation in code takes the place of the kubeconfig's whole, an override adds to it", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  const user = { token: "t", as: "me", "as-uid": "1", "as-groups": ["a"], "as-user-extra": { x: ["1"] } };
  const sent = async (options: ConnectOptions): Promise<readonly string[]> => {
    await using client = await connect(server, plugin, user, options);
    await status(client);
    const raw = seen.at(-1)?.headers ?? [];
    return raw
      .flatMap((name, at) =>
        at % 2 === 0 && /^impersonate/i.test(name) ? [`${name.toLowerCase()}: ${raw[at + 1]}`] : [],
      )
      .sort();
  };
  assert.deepEqual(await sent({ impersonate: { user: "ann" } }), ["impersonate-user: ann"]);
  assert.deepEqual(await sent({ overrides: { impersonate: { user: "ann" } } }), [
    "impersonate-extra-x: 1",
    "impersonate-group: a",
    "impersonate-uid: 1",
    "impersonate-user: ann",
  ]);
  await assert.rejects(sent({ impersonate: { user: "" } }), { code: "ImpersonationInvalid" });
  const credentials = {
    credential: () => ({ generation: 1, headers: {} }),
    refresh: async () => ({ generation: 1, headers: {} }),
    close: () => undefined,
  };
  await assert.rejects(sent({ impersonate: { user: "ann" }, credentials }), { code: "OverrideNotHonoured" });
});

test("A7 the client's oidc options reach the identity provider", async () => {
  using plugin = new FakePlugin();
  const { server, seen } = await startRecorder();
  await using _ = server;
  const asked: string[] = [];
  const config = { "idp-issuer-url": "https://idp.test", "client-id": "c", "refresh-token": "r" };
  const fetch = async ({ url }: Request): Promise<Response> => {
    asked.push(url);
    return new Response("no", { status: 500 });
  };
  await using client = await connect(
    server,
    plugin,
    { "auth-provider": { name: "oidc", config } },
    { oidc: { fetch } },
  );
  await assert.rejects(client.send(get), { code: "OidcRefreshFailed" });
  assert.match(asked[0] ?? "", /^https:\/\/idp\.test\//);
  assert.equal(seen.length, 0);
});
