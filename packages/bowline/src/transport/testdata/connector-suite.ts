/**
 * What every connection layer must do with requests and answers, over real sockets. Each has a test file that runs this.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";
import { type Connect, deferred, failsWith, isDeno, pairOf } from "./connector-pair.ts";
import {
  anonymous,
  certificates,
  clientName,
  clusterAt,
  respond,
  startNamingServer,
  startServer,
  textOf,
  withCertificate,
} from "./fixture-server.ts";

/** Registers the tests of a connection layer. */
export function testConnector(connect: Connect): void {
  const pair = pairOf.bind(undefined, connect);

  test("a hundred calls in a row share one TLS handshake", async (t) => {
    const { server, get } = await pair(
      t,
      startServer((_, response) => response.end("ok")),
    );
    for (let call = 0; call < 100; call += 1) assert.equal(await get("/"), "ok");
    assert.equal(server.connections, 1);
  });

  test("the server's path is a prefix, and headers, verb and body arrive as given", async (t) => {
    const server = await startServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () =>
        response.end(
          JSON.stringify([
            request.method,
            request.url,
            request.headers["x-a"],
            request.headers["content-length"],
            body,
          ]),
        ),
      );
    });
    const connector = connect(
      clusterAt(server.port, { server: new URL(`https://127.0.0.1:${server.port}/clusters/c1/`) }),
      { environment: {} },
    );
    t.after(async () => {
      await connector.close();
      await server[Symbol.asyncDispose]();
    });
    const request = { path: "/api/v1?x=1", headers: { "x-a": ["1", "2"] } };
    const credential = { generation: 1, headers: { authorization: "Bearer t" } };
    const send = async (method: string, body: string | Uint8Array) =>
      JSON.parse(await textOf(await connector.attempt({ ...request, method, body }, credential)));
    assert.deepEqual(await send("POST", "ü"), ["POST", "/clusters/c1/api/v1?x=1", "1, 2", "2", "ü"]);
    assert.deepEqual(await send("DELETE", new TextEncoder().encode("{}")), [
      "DELETE",
      "/clusters/c1/api/v1?x=1",
      "1, 2",
      "2",
      "{}",
    ]);
  });

  test("a stream is sent chunked, a DELETE's too", async (t) => {
    const { connector } = await pair(
      t,
      startServer((request, response) => {
        let bytes = 0;
        request.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        request.on("end", () => response.end(`${request.headers["transfer-encoding"]} ${bytes}`));
      }),
    );
    for (const method of ["POST", "DELETE"]) {
      let left = 40;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (left-- > 0) controller.enqueue(new Uint8Array(65_536));
          else controller.close();
        },
      });
      assert.equal(
        await textOf(await connector.attempt({ method, path: "/", headers: {}, body }, anonymous)),
        `chunked ${40 * 65_536}`,
      );
    }
  });

  test("an authorization header of the caller stands before the credential's", async (t) => {
    const { get } = await pair(
      t,
      startServer((request, response) => response.end(request.headers.authorization)),
    );
    const credential = { generation: 1, headers: { authorization: "Bearer credential" } };
    assert.equal(await get("/", credential), "Bearer credential");
    assert.equal(await get("/", credential, { headers: { authorization: "Basic own" } }), "Basic own");
  });

  test("a caller that names the user to act as gets none of the credential's impersonation", async (t) => {
    const { get } = await pair(
      t,
      startServer((request, response) =>
        response.end(JSON.stringify([request.headers["impersonate-user"], request.headers["impersonate-group"]])),
      ),
    );
    const credential = { generation: 1, headers: { "impersonate-user": "me", "impersonate-group": ["a"] } };
    assert.equal(await get("/", credential), '["me","a"]');
    assert.equal(await get("/", credential, { headers: { "impersonate-user": "other" } }), '["other",null]');
  });

  test("a value that no header can hold is refused without being shown", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end()),
    );
    await assert.rejects(
      get("/", { generation: 1, headers: { authorization: "Bearer secret\n" } }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "RequestInvalid");
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });

  test("repeated warnings stay apart", async (t) => {
    const { connector } = await pair(
      t,
      startServer((_, response) => {
        response.setHeader("Warning", ['299 - "a, b"', '299 - "c"']);
        response.end();
      }),
    );
    const response = await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous);
    assert.deepEqual(response.headers["warning"], ['299 - "a, b"', '299 - "c"']);
    response.discard();
  });

  test("certificates never share a connection, and the same one is used again", async (t) => {
    const { server, get } = await pair(t, startNamingServer());
    assert.equal(await get("/"), "nobody");
    assert.equal(await get("/", withCertificate(certificates.clientA, 1)), "a");
    assert.equal(await get("/", withCertificate(certificates.clientB, 2)), "b");
    assert.equal(await get("/", withCertificate(certificates.clientB, 2)), "b");
    assert.equal(server.connections, 3);
  });

  test("a new token alone keeps the connection", async (t) => {
    const { server, get } = await pair(t, startNamingServer());
    for (const generation of [1, 2, 3])
      await get("/", { generation, headers: { authorization: `Bearer ${generation}` } });
    assert.equal(server.connections, 1);
  });

  test("a rotated certificate leaves a watch in flight alone and closes its connection when it ends", async (t) => {
    const { promise: watchEnds, resolve: endWatch } = deferred<void>();
    const { server, connector, get } = await pair(
      t,
      startNamingServer((socket, path) => {
        const name = clientName(socket);
        if (path !== "/watch") return respond(socket, name);
        socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n${name} 1\n\r\n`);
        void watchEnds.then(() => socket.write(`4\r\n${name} 2\n\r\n0\r\n\r\n`));
      }),
    );
    const watch = await connector.attempt(
      { method: "GET", path: "/watch", headers: {} },
      withCertificate(certificates.clientA, 1),
    );
    const events = watch.stream()[Symbol.asyncIterator]();
    assert.equal(String(Buffer.from((await events.next()).value ?? [])), "a 1\n");
    const [watchSocket] = server.sockets;
    assert.equal(await get("/", withCertificate(certificates.clientB, 2)), "b");
    assert.ok(watchSocket !== undefined && !watchSocket.destroyed);
    const closed = new Promise((resolve) => watchSocket.once("close", resolve));
    endWatch();
    assert.equal(String(Buffer.from((await events.next()).value ?? [])), "a 2\n");
    assert.equal((await events.next()).done, true);
    await closed;
    assert.equal(await get("/", withCertificate(certificates.clientB, 2)), "b");
    assert.equal(server.connections, 2);
  });

  test("a request that took its snapshot before a rotation keeps it, and the newer pool stays the current one", async (t) => {
    const { server, get } = await pair(t, startNamingServer());
    const old = withCertificate(certificates.clientA, 1);
    const fresh = withCertificate(certificates.clientB, 2);
    assert.equal(await get("/", fresh), "b");
    assert.equal(await get("/", old), "a");
    assert.equal(await get("/", fresh), "b");
    assert.equal(server.connections, 2);
  });

  test("compressed answers are decompressed, whole and as a stream", async (t) => {
    const text = "hello ".repeat(50_000);
    const { connector, get } = await pair(
      t,
      startServer((request, response) => {
        assert.equal(request.headers["accept-encoding"], "gzip");
        response.setHeader("content-encoding", "gzip");
        response.end(zlib.gzipSync(text));
      }),
    );
    assert.equal(await get("/"), text);
    const response = await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous);
    let streamed = "";
    for await (const chunk of response.stream()) streamed += Buffer.from(chunk).toString();
    assert.equal(streamed, text);
  });

  test("a compressed watch passes each event on as it arrives", async (t) => {
    const { promise: read, resolve: next } = deferred<void>();
    const { connector } = await pair(
      t,
      startServer((_, response) => {
        response.setHeader("content-encoding", "gzip");
        const gzip = zlib.createGzip();
        gzip.pipe(response);
        gzip.write("one\n");
        gzip.flush(() => undefined);
        void read.then(() => gzip.end("two\n"));
      }),
    );
    const events = (await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous))
      .stream()
      [Symbol.asyncIterator]();
    assert.equal(String(Buffer.from((await events.next()).value ?? [])), "one\n");
    next();
    assert.equal(String(Buffer.from((await events.next()).value ?? [])), "two\n");
    assert.equal((await events.next()).done, true);
  });

  test("A10 disable-compression asks for none", async (t) => {
    const { get } = await pair(
      t,
      startServer((request, response) => response.end(String(request.headers["accept-encoding"]))),
      { disableCompression: true },
    );
    assert.equal(await get("/"), "undefined");
  });

  test("a compressed answer that is cut or corrupt is an error, whole and as a stream", async (t) => {
    const compressed = zlib.gzipSync("hello".repeat(1000));
    const { connector, get } = await pair(
      t,
      startServer((request, response) => {
        response.setHeader("content-encoding", "gzip");
        response.end(request.url === "/cut" ? compressed.subarray(0, -12) : Buffer.from("this is not gzip"));
      }),
    );
    const stream = async (path: string) => {
      for await (const _ of (await connector.attempt({ method: "GET", path, headers: {} }, anonymous)).stream());
    };
    await failsWith("BodyCut", get("/cut"));
    await failsWith("BodyCut", stream("/cut"));
    await failsWith("BodyCorrupt", get("/corrupt"));
    await failsWith("BodyCorrupt", stream("/corrupt"));
  });

  test("an answer that ends too early is an error that says how much is missing", async (t) => {
    const { connector, get } = await pair(
      t,
      startServer((request, response) => {
        if (request.url === "/length") response.setHeader("content-length", 100);
        response.write("abc", () => response.destroy());
      }),
    );
    await failsWith("BodyCut", get("/length"), { message: /after 3 of 100 bytes/ });
    await failsWith("BodyCut", get("/chunked"));
    const response = await connector.attempt({ method: "GET", path: "/chunked", headers: {} }, anonymous);
    await failsWith(
      "BodyCut",
      (async () => {
        for await (const _ of response.stream());
      })(),
    );
  });

  test("a connection that is closed without an answer is ConnectionReset", async (t) => {
    const { get } = await pair(
      t,
      startServer((request) => request.socket.destroy()),
    );
    await failsWith("ConnectionReset", get("/"), { wasSent: true, message: /not known whether/ });
  });

  test("an idle connection that the server closed is not used", async (t) => {
    const { server, get } = await pair(
      t,
      startServer((_, response) => response.end("ok")),
    );
    await get("/");
    const [socket] = server.sockets;
    assert.ok(socket !== undefined);
    await new Promise((resolve) => {
      socket.once("close", resolve);
      socket.end();
    });
    assert.equal(await get("/"), "ok");
    assert.equal(server.connections, 2);
  });

  test("a connection that nobody uses is closed after a while, one with a silent answer is not", async (t) => {
    const { promise: later, resolve: goOn } = deferred<void>();
    await using server = await startServer((request, response) => {
      if (request.url === "/") return void response.end("ok");
      response.write("one\n");
      void later.then(() => response.end("two\n"));
    });
    const connector = connect(clusterAt(server.port), { environment: {}, idleTimeoutMs: 100 });
    t.after(() => connector.close());
    const send = (path: string) => connector.attempt({ method: "GET", path, headers: {} }, anonymous);
    const silent = (await send("/silent")).stream()[Symbol.asyncIterator]();
    assert.equal(String(Buffer.from((await silent.next()).value ?? [])), "one\n");
    const [used] = server.sockets;
    await textOf(await send("/"));
    const idle = [...server.sockets].find((socket) => socket !== used);
    assert.ok(idle !== undefined);
    await new Promise((resolve) => idle.once("close", resolve));
    goOn();
    assert.equal(String(Buffer.from((await silent.next()).value ?? [])), "two\n");
    assert.equal((await silent.next()).done, true);
  });

  test("an abort before, while waiting and while reading rejects with its reason and closes the connection", async (t) => {
    const { promise: asked, resolve: onAsked } = deferred<void>();
    const { server, connector, get } = await pair(
      t,
      startServer((request, response) => {
        if (request.url === "/read") response.write("begun\n");
        else onAsked();
      }),
    );
    const reason = new Error("enough");
    await assert.rejects(get("/", anonymous, { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(server.connections, 0);
    const waiting = new AbortController();
    const pending = get("/never", anonymous, { signal: waiting.signal });
    void asked.then(() => waiting.abort(reason));
    await assert.rejects(pending, reason);
    const read = async (work: (chunks: AsyncIterable<Uint8Array>, abort: () => void) => Promise<void>) => {
      const controller = new AbortController();
      const response = await connector.attempt(
        { method: "GET", path: "/read", headers: {}, signal: controller.signal },
        anonymous,
      );
      await assert.rejects(
        work(response.stream(), () => controller.abort(reason)),
        reason,
      );
    };
    await read(async (chunks, abort) => {
      for await (const _ of chunks) abort();
    });
    const whole = new AbortController();
    const response = await connector.attempt(
      { method: "GET", path: "/read", headers: {}, signal: whole.signal },
      anonymous,
    );
    const body = response.bytes();
    whole.abort(reason);
    await assert.rejects(body, reason);
    const late = new AbortController();
    const unread = await connector.attempt(
      { method: "GET", path: "/read", headers: {}, signal: late.signal },
      anonymous,
    );
    late.abort(reason);
    await assert.rejects(async () => unread.bytes(), reason);
  });

  test("a signal that outlives its calls gathers no listeners", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end("ok")),
    );
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let call = 0; call < 5; call += 1) await get("/", anonymous, { signal });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(listeners, 0);
  });

  test("leaving a stream closes its connection", async (t) => {
    const { promise: closed, resolve } = deferred<void>();
    const { connector } = await pair(
      t,
      startServer((_, response) => {
        response.write("one\n");
        response.on("close", resolve);
      }),
    );
    const response = await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous);
    for await (const _ of response.stream()) break;
    await closed;
  });

  // Deno takes everything from a TLS socket into memory, however slowly it is read.
  test("a slow reader holds the server back", { skip: isDeno }, async (t) => {
    let written = 0;
    const chunk = Buffer.alloc(65_536);
    const { promise: blocked, resolve } = deferred<void>();
    const { connector } = await pair(
      t,
      startServer((_, response) => {
        const fill = () => {
          while (written < 64 * 1024 * 1024) {
            written += chunk.length;
            if (!response.write(chunk)) {
              // Nobody reads: what the kernels hold is full, and stays so.
              const stuck = setTimeout(resolve, 300);
              response.once("drain", () => {
                clearTimeout(stuck);
                fill();
              });
              return;
            }
          }
          response.end();
        };
        fill();
      }),
    );
    const stream = (await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous))
      .stream()
      [Symbol.asyncIterator]();
    await stream.next();
    await blocked;
    assert.ok(written < 32 * 1024 * 1024, `${written} bytes were taken from the server`);
    let read = 0;
    for (let next = await stream.next(); next.done !== true; next = await stream.next()) read += next.value.length;
    assert.ok(read > 60 * 1024 * 1024);
  });

  test("a body is read once", async (t) => {
    const { connector } = await pair(
      t,
      startServer((_, response) => response.end("ok")),
    );
    const response = await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous);
    await response.bytes();
    await assert.rejects(async () => response.bytes(), { code: "BodyUsed" });
  });

  test("a discarded small answer gives its connection back, an endless one is closed", async (t) => {
    const { promise: closed, resolve } = deferred<void>();
    const { server, connector, get } = await pair(
      t,
      startServer((request, response) => {
        if (request.url !== "/endless") return void response.end("small");
        response.write("x");
        response.on("close", resolve);
      }),
    );
    for (let round = 0; round < 5; round += 1) {
      (await connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous)).discard();
      await get("/");
    }
    // The first call after a discard may not have waited for the connection to come back.
    assert.ok(server.connections <= 2);
    (await connector.attempt({ method: "GET", path: "/endless", headers: {} }, anonymous)).discard();
    await closed;
  });

  test("a closed connector refuses requests", async (t) => {
    const { connector, get } = await pair(
      t,
      startServer((_, response) => response.end()),
    );
    await get("/");
    await connector.close();
    await connector.close();
    await failsWith("TransportClosed", get("/"), { wasSent: false });
  });

  test("closing rejects calls and bodies in flight with TransportClosed", async (t) => {
    const { promise: isAsked, resolve: asked } = deferred<void>();
    const { connector, get } = await pair(
      t,
      startServer((request, response) => {
        if (request.url === "/begun") response.write("begun");
        else asked();
      }),
    );
    const begun = async () => {
      const response = await connector.attempt({ method: "GET", path: "/begun", headers: {} }, anonymous);
      return { whole: response.bytes() };
    };
    const streamed = (await connector.attempt({ method: "GET", path: "/begun", headers: {} }, anonymous)).stream();
    const { whole } = await begun();
    const results = Promise.all([
      failsWith("TransportClosed", get("/"), { wasSent: true }),
      failsWith("TransportClosed", whole),
      failsWith(
        "TransportClosed",
        (async () => {
          for await (const _ of streamed);
        })(),
      ),
    ]);
    await isAsked;
    await connector.close();
    await results;
  });
}
