import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Client, isApiError, isNotFound, TimedOutError, UsageError, type Warning } from "bowline";
import { FakeClock, fakeClient, status } from "./testdata/fake-transport.ts";

const never = (): Promise<never> => new Promise(() => {});
const usage = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;

describe("a call", () => {
  it("ends with a typed error after its timeoutMs, naming verb and target", async () => {
    const { client } = fakeClient(never);
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    await assert.rejects(pods.get("a", { timeoutMs: 1 }), (error) => {
      assert.ok(error instanceof TimedOutError);
      assert.deepEqual([error.code, error.verb, error.timeoutMs, error.retryable], ["TimedOut", "get", 1, true]);
      assert.match(error.message, /^cannot get pods "a" in namespace "web": no complete answer within 1 ms/);
      return true;
    });
  });

  it("takes the client's time where it says none", async () => {
    const { client } = fakeClient(never, { defaultTimeoutMs: 1 });
    await assert.rejects(client.resource("v1", "Pod").list(), { code: "TimedOut" });
    await assert.rejects(client.version(), { code: "TimedOut" });
    await assert.rejects(client.discover(), { code: "TimedOut" });
    await assert.rejects(client.raw("/x"), { code: "TimedOut" });
  });

  it("rejects with the signal's reason, before and during the request", async () => {
    const { client, transport } = fakeClient(never);
    const reason = new Error("enough");
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    await assert.rejects(pods.get("a", { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    assert.equal(transport.requests.length, 0);
    const controller = new AbortController();
    const calls = [
      pods.get("a", controller),
      pods.list(controller),
      client.raw("/x", controller),
      client.whoami(controller),
    ];
    const settled = Promise.allSettled(calls);
    controller.abort(reason);
    for (const result of await settled) assert.equal(result.status === "rejected" && result.reason, reason);
  });

  it("leaves no listener on the caller's signal", async () => {
    const { client } = fakeClient(() => ({ body: {} }));
    let listeners = 0;
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await client.resource("v1", "Pod", { namespace: "web" }).get("a", { signal });
    assert.equal(listeners, 0);
  });

  it("gives an ApiError for whatever a proxy answers in the server's place", async () => {
    const { client } = fakeClient(() => ({
      status: 502,
      headers: { "content-type": "text/html" },
      body: "<html><title>Bad Gateway</title>",
    }));
    await assert.rejects(client.resource("v1", "Node").get("a"), (error) => {
      assert.ok(isApiError(error));
      assert.equal(error.httpStatus, 502);
      assert.match(error.message, /Bad Gateway/);
      return true;
    });
  });
});

describe("warnings of the server", () => {
  it("are handed to onWarning, several in one header too", async () => {
    const warnings: Warning[] = [];
    const warning = ['299 - "unknown field \\"a\\""', '299 - "b, c", 299 kube "d"'];
    const { client } = fakeClient(() => ({ headers: { warning }, body: {} }), {
      onWarning: (one) => warnings.push(one),
    });
    await client.resource("v1", "Node").get("a");
    assert.deepEqual(warnings, [
      { code: 299, text: 'unknown field "a"' },
      { code: 299, text: "b, c" },
      { code: 299, text: "d" },
    ]);
  });
});

describe("raw", () => {
  it("sends what it is given and gives a web Response", async () => {
    const { client, transport } = fakeClient(() => ({ status: 201, headers: { "x-a": "1" }, body: { ok: true } }));
    const response = await client.raw("/apis/x?a=1", { method: "post", body: '{"b":2}', headers: { "X-B": "3" } });
    assert.deepEqual([response.status, response.headers.get("x-a"), await response.json()], [201, "1", { ok: true }]);
    const [request] = transport.requests;
    assert.deepEqual([request?.method, request?.path, request?.body], ["POST", "/apis/x", { b: 2 }]);
    assert.equal(request?.headers["x-b"], "3");
    assert.equal(request?.headers["content-type"], "application/json");
  });

  it("takes the body forms of fetch", async () => {
    const { client, transport } = fakeClient(() => ({ body: "" }));
    await client.raw("/x", { method: "POST", body: new URLSearchParams({ a: "1" }) });
    assert.equal(new TextDecoder().decode(transport.requests[0]?.body as Uint8Array), "a=1");
    assert.match(String(transport.requests[0]?.headers["content-type"]), /x-www-form-urlencoded/);
  });

  it("rejects as the verbs do", async () => {
    const { client } = fakeClient(() => status(404, "NotFound", "nothing here"));
    await assert.rejects(client.raw("/x"), isNotFound);
    await assert.rejects(client.raw("x"), usage("PathInvalid"));
  });
});

describe("a proxy", () => {
  it("reaches the object's own server, whose statuses are no errors", async () => {
    const { client, transport } = fakeClient(() => ({ status: 418, body: "teapot", headers: {} }));
    const services = client.resource("v1", "Service", { namespace: "web" });
    const response = await services.proxy.fetch("shop", "/status?verbose=1", { port: "http", method: "PUT" });
    assert.deepEqual([response.status, await response.text()], [418, "teapot"]);
    await services.proxy.fetch("shop", "x", { scheme: "https" });
    await services.proxy.fetch("shop", "/x", { scheme: "https", port: 443 });
    assert.deepEqual(transport.lines, [
      "PUT /api/v1/namespaces/web/services/shop%3Ahttp/proxy/status?verbose=1",
      "GET /api/v1/namespaces/web/services/https%3Ashop%3A/proxy/x",
      "GET /api/v1/namespaces/web/services/https%3Ashop%3A443/proxy/x",
    ]);
    await assert.rejects(services.proxy.fetch("..", "/x"), usage("NameInvalid"));
  });
});

describe("questions about the session", () => {
  it("ask for what the server calls the resource", async () => {
    const { client, transport } = fakeClient(() => ({ status: 201, body: { status: { allowed: true } } }));
    assert.equal(
      await client.can({
        verb: "get",
        apiVersion: "apps/v1",
        kind: "Deployment",
        subresource: "scale",
        namespace: "web",
      }),
      true,
    );
    const [review] = transport.requests.map(({ body }) => body as Record<string, unknown>);
    assert.deepEqual(review?.["spec"], {
      resourceAttributes: {
        verb: "get",
        group: "apps",
        version: "v1",
        resource: "deployments",
        subresource: "scale",
        namespace: "web",
      },
    });
  });

  it("give who the user is", async () => {
    const userInfo = { username: "ann", groups: ["devs"] };
    const { client, transport } = fakeClient(() => ({ status: 201, body: { status: { userInfo } } }));
    assert.deepEqual(await client.whoami(), userInfo);
    assert.deepEqual(transport.lines, ["POST /apis/authentication.k8s.io/v1/selfsubjectreviews"]);
  });
});

describe("close", () => {
  it("closes the transport once, and refuses calls from then on", async () => {
    let closed = 0;
    const { client, transport } = fakeClient(() => ({ body: {} }), { onClose: () => closed++ });
    await client.close();
    await client.close();
    await client[Symbol.asyncDispose]();
    assert.deepEqual([transport.closed, closed], [1, 1]);
    await assert.rejects(client.resource("v1", "Node").get("a"), usage("ClientClosed"));
    await assert.rejects(client.raw("/x"), usage("ClientClosed"));
  });
});

describe("a handle", () => {
  it("needs an apiVersion and a kind", () => {
    const { client } = fakeClient(() => ({}));
    const resource = client.resource.bind(client) as (...args: unknown[]) => unknown;
    for (const args of [[""], ["v1"], ["v1", ""]]) assert.throws(() => resource(...args), usage("KindMissing"));
  });

  it("takes the namespace for what it is", async () => {
    const { client, transport } = fakeClient(() => ({ body: { items: [], metadata: {} } }));
    const pods = client.resource("v1", "Pod");
    await pods.list();
    await pods.in("web").list();
    // A namespace that is said for a cluster-scoped kind, at run time, does not count.
    await (client as Client).resource("v1" as string, "Node", { namespace: "web" }).list();
    assert.deepEqual(
      transport.lines.map((line) => line.replace(/\?.*/, "")),
      ["GET /api/v1/pods", "GET /api/v1/namespaces/web/pods", "GET /api/v1/nodes"],
    );
    assert.equal(pods.in("web").namespace, "web");
  });
});

describe("log", () => {
  it("gives text, lines and bytes, each by a request of its own", async () => {
    const { client, transport } = fakeClient(() => ({ body: "one\ntwo\r\nthree" }));
    const log = client.resource("v1", "Pod", { namespace: "web" }).log("a", { container: "c", tailLines: 5 });
    assert.equal(transport.requests.length, 0);
    assert.equal(await log.text(), "one\ntwo\r\nthree");
    const lines: string[] = [];
    for await (const line of log) lines.push(line);
    assert.deepEqual(lines, ["one", "two", "three"]);
    assert.equal(await new Response(log.bytes()).text(), "one\ntwo\r\nthree");
    assert.equal(new Set(transport.lines).size, 1);
    assert.equal(transport.lines[0], "GET /api/v1/namespaces/web/pods/a/log?container=c&tailLines=5");
  });

  it("has an end in time: quiet where it follows, else an error, for the rest is missing", async () => {
    const clock = new FakeClock();
    const chunks = async function* (): AsyncGenerator<string> {
      yield "one\n";
      await never();
    };
    const { client } = fakeClient(() => ({ chunks: chunks() }), { clock });
    for (const follow of [true, false]) {
      const log = client.resource("v1", "Pod", { namespace: "web" }).log("a", { follow, timeoutMs: 10 });
      const lines = log[Symbol.asyncIterator]();
      assert.equal((await lines.next()).value, "one");
      const next = lines.next();
      clock.pass(10);
      if (follow) assert.equal((await next).done, true);
      else await assert.rejects(next, { code: "TimedOut", message: /cannot log pods "a"/ });
    }
  });

  it("closes the connection when the reader leaves", async () => {
    const { client, transport } = fakeClient(() => ({
      chunks: (async function* () {
        yield "one\n";
        await never();
      })(),
    }));
    const log = client.resource("v1", "Pod", { namespace: "web" }).log("a", { follow: true });
    for await (const line of log) {
      assert.equal(line, "one");
      break;
    }
    assert.equal(transport.openStreams, 0);
    const reader = log.bytes().getReader();
    await reader.read();
    await reader.cancel();
    assert.equal(transport.openStreams, 0);
  });
});

describe("wait", () => {
  const line = (type: string, phase: string): string =>
    `${JSON.stringify({ type, object: { metadata: { name: "a", resourceVersion: "2" }, status: { phase } } })}\n`;
  const end = `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "1", annotations: { "k8s.io/initial-events-end": "true" } } } })}\n`;

  it("gives the first state that is meant, and closes its watch", async () => {
    const { client, transport } = fakeClient(() => ({
      chunks: [end, line("ADDED", "Pending"), line("MODIFIED", "Running"), line("MODIFIED", "Failed")],
    }));
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    const pod = await pods.wait("a", ({ status: { phase } }) => phase === "Running" || phase === "Failed");
    assert.equal(pod.status.phase, "Running");
    assert.equal(transport.openStreams, 0);
  });

  it("for the end resolves where there is no such object, or when it is deleted", async () => {
    for (const chunks of [[end], [line("ADDED", "Running"), end, line("DELETED", "Running")]]) {
      const { client } = fakeClient(() => ({ chunks }));
      assert.equal(await client.resource("v1", "Pod", { namespace: "web" }).wait("a", "deleted"), undefined);
    }
  });

  it("says what it was waiting for when time is up", async () => {
    for (const [chunks, text] of [
      [[end], /there is no such object after 20 ms/],
      [[line("ADDED", "Running"), end], /its state is not the awaited one after 20 ms/],
    ] as const) {
      const open = async function* (): AsyncGenerator<string> {
        yield* chunks;
        await never();
      };
      const { client } = fakeClient(() => ({ chunks: open() }));
      const waiting = client.resource("v1", "Pod", { namespace: "web" }).wait("a", () => false, { timeoutMs: 20 });
      await assert.rejects(waiting, { code: "TimedOut", message: text });
    }
  });

  it("goes on after the history is gone", async () => {
    const expired = { kind: "Status", apiVersion: "v1", reason: "Expired", code: 410 };
    const { client } = fakeClient((_, index) => ({
      chunks:
        index === 0
          ? [end, `${JSON.stringify({ type: "ERROR", object: expired })}\n`]
          : [line("ADDED", "Running"), end],
    }));
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    assert.equal((await pods.wait("a", ({ status: { phase } }) => phase === "Running")).status.phase, "Running");
  });
});
