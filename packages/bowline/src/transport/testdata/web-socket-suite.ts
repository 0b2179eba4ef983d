/**
 * What WebSockets must do, over every connection layer and real sockets. Each has a test file that runs this.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Credential, CredentialSource } from "../../auth/credential.ts";
import type { Cluster } from "../../config/cluster.ts";
import { createTransport } from "../connect-transport.ts";
import type { Transport, TransportConfig, WebSocketConnection } from "../transport.ts";
import { type Connect, deferred, failsWith, isDeno } from "./connector-pair.ts";
import { startHttpProxy, startSocks5Proxy } from "./fixture-proxy.ts";
import {
  anonymous,
  certificates,
  clusterAt,
  fixedCredential,
  startRawServer,
  startServer,
  textOf,
  withCertificate,
} from "./fixture-server.ts";
import { refusing, type ServerEnd, startWebSocketServer, type WebSocketFixture } from "./fixture-web-socket.ts";

const request = { method: "GET", path: "/api/v1/exec?a=b", headers: {}, webSocketProtocols: ["v2", "v1"] };

/** Sends back what it gets. */
const echo = (end: ServerEnd): void => {
  end.onMessage = (message) => void end.send(message);
};

async function opened(transport: Transport, more: object = {}): Promise<WebSocketConnection> {
  const response = await transport.send({ ...request, ...more });
  assert.equal(response.status, 101);
  assert.ok(response.webSocket !== undefined);
  return response.webSocket;
}

async function next(socket: WebSocketConnection): Promise<string | undefined> {
  const { done, value } = await socket.messages[Symbol.asyncIterator]().next();
  return done === true ? undefined : Buffer.from(value).toString("latin1");
}

/** Registers the tests of a connection layer. */
export function testWebSockets(connect: Connect): void {
  function transportTo(
    t: TestContext,
    port: number,
    changes: Partial<Cluster> = {},
    config: Partial<TransportConfig> & { environment?: Record<string, string>; connectTimeoutMs?: number } = {},
  ): Transport {
    const { environment = {}, connectTimeoutMs, ...rest } = config;
    const transport = createTransport({
      cluster: clusterAt(port, changes),
      credentials: fixedCredential(),
      connector: (cluster) => connect(cluster, { environment, connectTimeoutMs }),
      ...rest,
    });
    t.after(() => transport.close());
    return transport;
  }

  async function pair(
    t: TestContext,
    onOpen: (end: ServerEnd) => void = echo,
    decide?: Parameters<typeof startWebSocketServer>[1],
    config: Partial<TransportConfig> = {},
  ): Promise<{ server: WebSocketFixture; transport: Transport }> {
    const server = await startWebSocketServer(onOpen, decide);
    const transport = transportTo(t, server.port, {}, config);
    t.after(() => server[Symbol.asyncDispose]());
    return { server, transport };
  }

  test("a WebSocket carries messages both ways, with the credential's headers, certificate and protocol", async (t) => {
    const credential: Credential = {
      ...withCertificate(certificates.clientA, 1),
      headers: { authorization: "Bearer t", "impersonate-user": "me", "impersonate-group": ["a", "b"] },
    };
    const { server, transport } = await pair(t, echo, undefined, { credentials: fixedCredential(credential) });
    const socket = await opened(transport, { headers: { "user-agent": "tests" } });
    assert.equal(socket.protocol, "v2");
    await socket.send(Buffer.from("one"));
    await socket.send(new Uint8Array([116, 119, 111]));
    assert.equal(await next(socket), "one");
    assert.equal(await next(socket), "two");
    await socket.close();
    const [asked] = server.requests;
    assert.equal(asked?.path, "/api/v1/exec?a=b");
    assert.equal(asked?.client, "a");
    assert.equal(asked?.headers["authorization"], "Bearer t");
    assert.equal(asked?.headers["impersonate-user"], "me");
    assert.equal(asked?.headers["user-agent"], "tests");
    assert.equal(asked?.headers["host"], `127.0.0.1:${server.port}`);
    assert.deepEqual(asked?.protocols, ["v2", "v1"]);
  });

  test("the server's path is a prefix, and a server without TLS is reached", async (t) => {
    await using server = await startWebSocketServer(echo, undefined, null);
    const transport = transportTo(t, server.port, {
      server: new URL(`http://127.0.0.1:${server.port}/clusters/c1/`),
      certificateAuthority: undefined,
    });
    const socket = await opened(transport);
    await socket.send(Buffer.from("x"));
    assert.equal(await next(socket), "x");
    assert.equal(server.requests[0]?.path, "/clusters/c1/api/v1/exec?a=b");
    await socket.close();
  });

  test("a subprotocol whose name is no token is asked for and found by its name", async (t) => {
    const { server, transport } = await pair(t);
    const webSocketProtocols = ["SPDY/3.1+portforward.k8s.io", "v1"];
    const socket = await opened(transport, { webSocketProtocols });
    assert.equal(socket.protocol, "SPDY/3.1+portforward.k8s.io");
    assert.deepEqual(server.requests[0]?.protocols, webSocketProtocols);
    await socket.close();
  });

  test("empty, large and fragmented messages arrive whole", async (t) => {
    const large = Buffer.alloc(3_000_000, "abc");
    const { transport } = await pair(t, (end) => {
      echo(end);
      end.send("");
      end.send(Buffer.from("a"), Buffer.from("b"), Buffer.from("c"));
      end.send("text");
    });
    const socket = await opened(transport);
    assert.equal(await next(socket), "");
    assert.equal(await next(socket), "abc");
    assert.equal(await next(socket), "text");
    await socket.send(large);
    assert.equal(await next(socket), large.toString("latin1"));
    await socket.close();
  });

  test("an upgrade that is refused is an answer with its status and body", async (t) => {
    const status = { kind: "Status", code: 403, message: "no" };
    const { server, transport } = await pair(t, echo, () => refusing(403, status));
    const response = await transport.send(request);
    assert.equal(response.status, 403);
    assert.equal(response.webSocket, undefined);
    assert.deepEqual(JSON.parse(await textOf(response)), status);
    const [socket] = server.sockets;
    if (socket !== undefined) await new Promise((resolve) => socket.once("close", resolve));
  });

  test("a 401 refreshes the credential and asks once more, on a connection with the new certificate", async (t) => {
    let generation = 1;
    const credential = (): Credential => ({
      ...withCertificate(generation === 1 ? certificates.clientA : certificates.clientB, generation),
      headers: { authorization: `Bearer ${generation}` },
    });
    const credentials: CredentialSource = {
      credential,
      refresh: async () => {
        generation = 2;
        return credential();
      },
      close: () => undefined,
    };
    const { server, transport } = await pair(
      t,
      echo,
      ({ headers }) => (headers["authorization"] === "Bearer 2" ? { protocol: "v1" } : refusing(401, {})),
      { credentials },
    );
    const socket = await opened(transport);
    assert.equal(socket.protocol, "v1");
    assert.deepEqual(
      server.requests.map(({ client }) => client),
      ["a", "b"],
    );
    await socket.close();
  });

  test("a redirect is not followed, and a connection that breaks while it is asked for is not asked for again", async (t) => {
    await using other = await startWebSocketServer(echo);
    const redirecting = await pair(t, echo, () =>
      refusing(302, {}, `Location: https://127.0.0.1:${other.port}/elsewhere\r\n`),
    );
    assert.equal((await redirecting.transport.send(request)).status, 302);
    const local = await pair(t, echo, () => refusing(302, {}, "Location: /elsewhere\r\n"));
    assert.equal((await local.transport.send(request)).status, 302);
    assert.equal(other.requests.length, 0);
    let asked = 0;
    await using breaking = await startServer((incoming) => incoming.socket.destroy());
    const transport = transportTo(
      t,
      breaking.port,
      {},
      {
        observer: {
          onRequest: () => {
            asked += 1;
          },
        },
      },
    );
    await failsWith("ConnectionReset", transport.send(request), { wasSent: true });
    assert.equal(asked, 1);
  });

  test("an answer that is no upgrade, or chooses what was not offered, is an error that says so", async (t) => {
    await using plain = await startServer((_, response) => response.end("hello"));
    const response = await transportTo(t, plain.port).send(request);
    assert.equal(response.status, 200);
    assert.equal(response.webSocket, undefined);
    response.discard();
    const other = await pair(t, echo, () => ({ protocol: "v9" }));
    await failsWith("NotWebSocket", other.transport.send(request), { message: /subprotocol/ });
    await using silent = await startRawServer(
      (socket) => void socket.once("data", () => socket.end("nonsense\r\n\r\n")),
    );
    await failsWith(
      "NotHttp",
      transportTo(t, silent.port, {
        server: new URL(`http://127.0.0.1:${silent.port}`),
        certificateAuthority: undefined,
      }).send(request),
    );
  });

  test("servers that cannot be reached or trusted are told apart, as for other requests", async (t) => {
    const gone = await startRawServer(() => undefined);
    await gone[Symbol.asyncDispose]();
    await failsWith("ConnectionRefused", transportTo(t, gone.port).send(request), { wasSent: false });
    await using untrusted = await startWebSocketServer(echo, undefined, certificates.otherServer);
    await failsWith("CertificateUntrusted", transportTo(t, untrusted.port).send(request), { wasSent: false });
    await using silent = await startRawServer(() => undefined);
    await failsWith("ConnectTimeout", transportTo(t, silent.port, {}, { connectTimeoutMs: 50 }).send(request), {
      message: /within 50 ms/,
    });
    await using named = await startWebSocketServer(echo, undefined, certificates.otherName);
    await failsWith("CertificateNameMismatch", transportTo(t, named.port).send(request));
  });

  test("A10 tls-server-name and insecure-skip-tls-verify count for WebSockets, too", async (t) => {
    await using named = await startWebSocketServer(echo, undefined, certificates.otherName);
    const byName = await opened(transportTo(t, named.port, { tlsServerName: "other.test" }));
    await byName.close();
    await using untrusted = await startWebSocketServer(echo, undefined, certificates.otherServer);
    const changes = { certificateAuthority: undefined, insecureSkipTlsVerify: true };
    const unverified = await opened(transportTo(t, untrusted.port, changes));
    await unverified.close();
  });

  test("a value that no header can hold is refused without being shown", async (t) => {
    const { transport } = await pair(t, echo, undefined, {
      credentials: fixedCredential({ generation: 1, headers: { authorization: "Bearer secret\n" } }),
    });
    await assert.rejects(transport.send(request), (error: Error & { code?: string }) => {
      assert.equal(error.code, "RequestInvalid");
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });

  test("A9 proxies of every kind carry WebSockets, with TLS inside and without", async (t) => {
    await using server = await startWebSocketServer(echo);
    await using plain = await startWebSocketServer(echo, undefined, null);
    const credentials = fixedCredential(withCertificate(certificates.clientA, 1));
    for (const [scheme, start] of [
      ["http", () => startHttpProxy(server.port, { credentials: "u:p" })],
      ["https", () => startHttpProxy(server.port, { credentials: "u:p", isSecure: true })],
      ["socks5", () => startSocks5Proxy(server.port, { credentials: "u:p" })],
    ] as const) {
      await using proxy = await start();
      const transport = transportTo(
        t,
        0,
        { server: new URL("https://cluster.test:6443"), proxyUrl: new URL(`${scheme}://u:p@127.0.0.1:${proxy.port}`) },
        { credentials },
      );
      const socket = await opened(transport);
      await socket.send(Buffer.from(scheme));
      assert.equal(await next(socket), scheme);
      await socket.close();
      assert.match(proxy.targets[0] ?? "", /cluster\.test:6443$/);
      assert.equal(server.requests.at(-1)?.client, "a");
      assert.equal(server.requests.at(-1)?.headers["proxy-authorization"], undefined);
    }
    await using proxy = await startHttpProxy(plain.port);
    const transport = transportTo(
      t,
      0,
      { server: new URL("http://cluster.test:8080"), certificateAuthority: undefined },
      { environment: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` } },
    );
    const socket = await opened(transport);
    await socket.send(Buffer.from("plain"));
    assert.equal(await next(socket), "plain");
    await socket.close();
    await using refusingProxy = await startHttpProxy(1, { status: 403 });
    const refused = transportTo(t, 0, {
      server: new URL("https://cluster.test:6443"),
      proxyUrl: new URL(`http://u:secret@127.0.0.1:${refusingProxy.port}`),
    }).send(request);
    await failsWith("ProxyRefused", refused, { wasSent: false, message: /^(?!.*secret).*403/ });
  });

  test("a reader that takes its time holds the server back", { skip: isDeno }, async (t) => {
    const { promise: serverEnd, resolve: setEnd } = deferred<ServerEnd>();
    const { transport } = await pair(t, setEnd);
    const socket = await opened(transport);
    const end = await serverEnd;
    const message = Buffer.alloc(64 * 1024);
    let sent = 0;
    await new Promise<void>((resolve) => {
      const more = () => {
        while (sent < 2_000) {
          sent += 1;
          if (!end.send(message)) {
            const timer = setTimeout(() => {
              end.socket.off("drain", onDrain);
              resolve();
            }, 300);
            const onDrain = () => {
              clearTimeout(timer);
              more();
            };
            end.socket.once("drain", onDrain);
            return;
          }
        }
        resolve();
      };
      more();
    });
    assert.ok(sent < 1_000, `${sent} messages of 64 KiB were taken`);
    for (let index = 0; index < sent; index += 1) assert.equal((await next(socket))?.length, message.length);
    await socket.close();
  });

  test("a server that takes its time holds the writer back", async (t) => {
    const { promise: serverEnd, resolve: setEnd } = deferred<ServerEnd>();
    const { transport } = await pair(t, setEnd);
    const socket = await opened(transport);
    const end = await serverEnd;
    end.socket.pause();
    let received = 0;
    end.onMessage = (message) => {
      received += message.length;
    };
    let sent = 0;
    const message = Buffer.alloc(256 * 1024);
    const writing = (async () => {
      for (; sent < 400; sent += 1) await socket.send(message);
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(isDeno || sent < 200, `${sent} messages of 256 KiB were taken`);
    end.socket.resume();
    await writing;
    await socket.close();
    assert.equal(received, 400 * message.length);
  });

  test("a regular end ends the messages, and a connection that is cut or closed in error is an error", async (t) => {
    const { transport } = await pair(t, (end) => {
      end.send("last");
      if (end.request.path === "/regular") end.close(1000);
      else if (end.request.path === "/bare") end.close();
      else if (end.request.path === "/error") end.close(1011, "out of luck");
      else end.socket.end();
    });
    for (const path of ["/regular", "/bare"]) {
      const socket = await opened(transport, { path });
      assert.equal(await next(socket), "last");
      assert.equal(await next(socket), undefined);
    }
    const failed = await opened(transport, { path: "/error" });
    assert.equal(await next(failed), "last");
    await failsWith("BodyCut", next(failed), { message: /out of luck.*1011/ });
    await failsWith("BodyCut", failed.send(Buffer.from("x")));
    const cut = await opened(transport, { path: "/cut" });
    assert.equal(await next(cut), "last");
    await failsWith("BodyCut", next(cut));
  });

  test("closing says goodbye, once, and does not wait for a server that does not answer", async (t) => {
    const codes: number[] = [];
    const { server, transport } = await pair(t, (end) => {
      end.onClose = (code) => codes.push(code);
      end.isPolite = end.request.path !== "/rude";
    });
    const polite = await opened(transport);
    await Promise.all([polite.close(), polite.close()]);
    assert.equal(await next(polite), undefined);
    const rude = await opened(transport, { path: "/rude" });
    await rude.close();
    assert.deepEqual(codes, [1000, 1000]);
    for (const socket of server.sockets) await new Promise((resolve) => socket.once("close", resolve));
  });

  test("an abort while it is opened or open rejects with its reason and closes the connection", async (t) => {
    const reason = new Error("enough");
    await using silent = await startRawServer(() => undefined);
    const early = new AbortController();
    const pending = transportTo(t, silent.port).send({ ...request, signal: early.signal });
    early.abort(reason);
    await assert.rejects(pending, reason);
    const { server, transport } = await pair(t, () => undefined);
    const late = new AbortController();
    const socket = await opened(transport, { signal: late.signal });
    const [connection] = server.sockets;
    assert.ok(connection !== undefined);
    const closed = new Promise((resolve) => connection.once("close", resolve));
    const reading = next(socket);
    late.abort(reason);
    await assert.rejects(reading, reason);
    await assert.rejects(socket.send(Buffer.from("x")), reason);
    await closed;
  });

  test("closing the transport breaks WebSockets that are open or being opened", async (t) => {
    const { server, transport } = await pair(t, () => undefined);
    const socket = await opened(transport);
    const [connection] = server.sockets;
    assert.ok(connection !== undefined);
    const closed = new Promise((resolve) => connection.once("close", resolve));
    const reading = next(socket);
    await using silent = await startRawServer(() => undefined);
    const other = transportTo(t, silent.port);
    const results = Promise.all([
      failsWith("TransportClosed", reading, { wasSent: true }),
      failsWith("TransportClosed", other.send(request)),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([transport.close(), other.close()]);
    await results;
    await closed;
    await failsWith("TransportClosed", transport.send(request), { wasSent: false });
  });

  test("interceptors see the request for a WebSocket, change its headers, and can refuse it", async (t) => {
    const seen: string[] = [];
    let isRefused = false;
    const { server, transport } = await pair(t, echo, undefined, {
      credentials: fixedCredential(anonymous),
      interceptors: [
        (proceed) => async (web) => {
          seen.push(`${web.method} ${new URL(web.url).pathname} ${web.headers.get("upgrade")}`);
          if (isRefused) return new Response("no", { status: 403 });
          web.headers.set("x-added", "yes");
          const response = await proceed(web);
          seen.push(`${response.status} ${response.headers.get("upgrade")}`);
          return response;
        },
      ],
    });
    const socket = await opened(transport);
    await socket.send(Buffer.from("through"));
    assert.equal(await next(socket), "through");
    await socket.close();
    assert.equal(server.requests[0]?.headers["x-added"], "yes");
    assert.deepEqual(seen, ["GET /api/v1/exec websocket", "200 websocket"]);
    isRefused = true;
    const response = await transport.send(request);
    assert.equal(response.status, 403);
    assert.equal(await textOf(response), "no");
    assert.equal(server.requests.length, 1);
  });
}
