import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "../connection-error.ts";
import { nodeHttps } from "../node-https/connector.ts";
import { type FixtureProxy, startHttpProxy, startSocks5Proxy } from "../testdata/fixture-proxy.ts";
import {
  certificates,
  clusterAt,
  startNamingServer,
  startRawServer,
  startServer,
  textOf,
  withCertificate,
} from "../testdata/fixture-server.ts";

/** A GET to `cluster.test`, which only the proxy knows. */
async function through(
  proxyUrl: string | undefined,
  options: { server?: string; environment?: Record<string, string>; calls?: number; timeoutMs?: number } = {},
): Promise<string> {
  const connector = nodeHttps(
    clusterAt(0, {
      server: new URL(options.server ?? "https://cluster.test:6443"),
      proxyUrl: proxyUrl === undefined ? undefined : new URL(proxyUrl),
    }),
    { environment: options.environment ?? {}, connectTimeoutMs: options.timeoutMs },
  );
  try {
    let text = "";
    for (let call = 0; call < (options.calls ?? 1); call += 1) {
      text = await textOf(
        await connector.attempt({ method: "GET", path: "/api", headers: {} }, withCertificate(certificates.clientA, 1)),
      );
    }
    return text;
  } finally {
    await connector.close();
  }
}

async function refused(code: string, work: Promise<unknown>, words: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ConnectionError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.doesNotMatch(error.message + JSON.stringify(error) + String(error.cause), /secret/);
    assert.equal(error.wasSent, false);
    return true;
  });
}

test("A9 an HTTP proxy is asked for one tunnel, and TLS with the client certificate goes through it", async () => {
  await using server = await startNamingServer();
  await using proxy = await startHttpProxy(server.port);
  assert.equal(await through(`http://127.0.0.1:${proxy.port}`, { calls: 3 }), "a");
  assert.deepEqual(proxy.targets, ["cluster.test:6443"]);
  assert.equal(server.connections, 1);
});

test("A9 a SOCKS5 proxy resolves the name itself", async () => {
  await using server = await startNamingServer();
  await using proxy = await startSocks5Proxy(server.port);
  assert.equal(await through(`socks5://127.0.0.1:${proxy.port}`, { calls: 3 }), "a");
  assert.deepEqual(proxy.targets, ["name cluster.test:6443"]);
});

test("A9 a SOCKS5 proxy gets an address as an address", async () => {
  await using server = await startNamingServer();
  await using proxy = await startSocks5Proxy(server.port);
  assert.equal(await through(`socks5://127.0.0.1:${proxy.port}`, { server: "https://127.0.0.1:6443" }), "a");
  assert.deepEqual(proxy.targets, ["address 127.0.0.1:6443"]);
});

test("A9 user and password in the URL are decoded and sent, and never in an error", async () => {
  await using server = await startNamingServer();
  const credentials = "us@er:secret:%";
  const inUrl = "us%40er:secret%3A%25";
  for (const [scheme, start] of [
    ["http", startHttpProxy],
    ["socks5", startSocks5Proxy],
  ] as const) {
    await using proxy: FixtureProxy = await start(server.port, { credentials });
    assert.equal(await through(`${scheme}://${inUrl}@127.0.0.1:${proxy.port}`), "a");
    await refused("ProxyRefused", through(`${scheme}://other:secret@127.0.0.1:${proxy.port}`), /user and password/);
    await refused("ProxyRefused", through(`${scheme}://127.0.0.1:${proxy.port}`), /user and password/);
  }
});

test("A9 a proxy that refuses says why", async () => {
  await using http = await startHttpProxy(1, { status: 403 });
  await refused("ProxyRefused", through(`http://user:secret@127.0.0.1:${http.port}`), /answered 403 No/);
  await using socks = await startSocks5Proxy(1, { reply: 4 });
  await refused("ProxyRefused", through(`socks5://127.0.0.1:${socks.port}`), /host unreachable/);
});

test("A9 a proxy that is not there, not a proxy, silent or closing is told apart from the server", async () => {
  const gone = await startRawServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  await refused(
    "ProxyUnreachable",
    through(`http://user:secret@127.0.0.1:${gone.port}`),
    new RegExp(`127.0.0.1:${gone.port}`),
  );
  await using banner = await startRawServer((socket) => void socket.write("220 mail.test ESMTP\r\n"));
  await refused("ProxyRefused", through(`http://127.0.0.1:${banner.port}`), /does not speak HTTP/);
  await refused("ProxyRefused", through(`socks5://127.0.0.1:${banner.port}`), /does not speak SOCKS5/);
  await using silent = await startRawServer((socket) => void socket.resume());
  await refused("ConnectTimeout", through(`http://127.0.0.1:${silent.port}`, { timeoutMs: 50 }), /within 50 ms/);
  await using closing = await startRawServer((socket) => void socket.once("data", () => socket.destroy()));
  await refused("ProxyUnreachable", through(`http://127.0.0.1:${closing.port}`), /closed the connection/);
});

test("A9 a server behind a proxy is verified as one that is not", async () => {
  await using server = await startServer((_, response) => response.end(), certificates.otherServer);
  await using proxy = await startHttpProxy(server.port);
  await refused("CertificateUntrusted", through(`http://127.0.0.1:${proxy.port}`), /certificate-authority/);
});

test("A9 the environment's proxy is used, and proxy-url comes before it", async () => {
  await using server = await startNamingServer();
  await using first = await startHttpProxy(server.port);
  await using second = await startHttpProxy(server.port);
  const environment = { HTTPS_PROXY: `http://127.0.0.1:${first.port}` };
  assert.equal(await through(undefined, { environment }), "a");
  assert.equal(
    await through(`http://127.0.0.1:${second.port}`, { environment: { ...environment, NO_PROXY: "*" } }),
    "a",
  );
  assert.deepEqual([first.targets.length, second.targets.length], [1, 1]);
});

test("A9 a server without TLS is asked for by whole URL", async () => {
  await using server = await startServer(
    (request, response) => response.end(`${request.headers.host} ${request.headers["x-proxy-authorization"]}`),
    null,
  );
  await using proxy = await startHttpProxy(server.port, { credentials: "u:p" });
  const text = await through(`http://u:p@127.0.0.1:${proxy.port}`, { server: "http://cluster.test:8080/prefix" });
  assert.equal(text, `cluster.test:8080 Basic ${Buffer.from("u:p").toString("base64")}`);
  assert.deepEqual(proxy.targets, ["http://cluster.test:8080/prefix/api"]);
  await using socks = await startSocks5Proxy(server.port);
  assert.equal(
    await through(`socks5://127.0.0.1:${socks.port}`, { server: "http://cluster.test:8080" }),
    "cluster.test:8080 undefined",
  );
});

test("A9 an HTTPS proxy may be signed by the cluster's CA, and TLS goes through TLS", async () => {
  await using server = await startNamingServer();
  await using proxy = await startHttpProxy(server.port, { isSecure: true, credentials: "u:p" });
  assert.equal(await through(`https://u:p@127.0.0.1:${proxy.port}`, { calls: 3 }), "a");
  assert.deepEqual(proxy.targets, ["cluster.test:6443"]);
});

test("A9 an HTTPS proxy that nobody vouches for, or without TLS, is refused", async () => {
  await using untrusted = await startHttpProxy(1, { isSecure: true, certificate: certificates.otherServer });
  await refused(
    "ProxyUnreachable",
    through(`https://u:secret@127.0.0.1:${untrusted.port}`),
    /not signed by an authority/,
  );
  assert.deepEqual(untrusted.targets, []);
  await using plain = await startHttpProxy(1);
  await refused("ProxyUnreachable", through(`https://u:secret@127.0.0.1:${plain.port}`), /does not speak TLS/);
});
