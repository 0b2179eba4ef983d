import assert from "node:assert/strict";
import { test } from "node:test";
import { type Interceptor, withInterceptors } from "./interceptors.ts";
import type { Transport, TransportRequest } from "./transport.ts";

const server = new URL("https://cluster.test:6443/c1");

function recording(body = "answer", status = 200) {
  const sent: TransportRequest[] = [];
  const state = { discarded: 0, returned: 0 };
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      return {
        status,
        headers: {
          "content-type": "application/json",
          warning: ['299 - "a"', '299 - "b"'],
          "content-encoding": "gzip",
          "content-length": "3",
        },
        bytes: async () => new TextEncoder().encode(body),
        async *stream() {
          try {
            for (const char of body) yield new TextEncoder().encode(char);
          } finally {
            state.returned += 1;
          }
        },
        discard: () => {
          state.discarded += 1;
        },
      };
    },
    close: async () => undefined,
  };
  return { transport, sent, state };
}

const pass: Interceptor = (next) => (request) => next(request);

test("an interceptor that changes nothing changes nothing", async () => {
  const { transport, sent } = recording();
  const wrapped = withInterceptors(transport, [pass], server);
  const response = await wrapped.send({ method: "POST", path: "/api?x=1", headers: { "x-a": ["1", "2"] }, body: "{}" });
  assert.equal(response.status, 200);
  assert.equal(response.headers["content-encoding"], undefined);
  assert.equal(new TextDecoder().decode(await response.bytes()), "answer");
  const [request] = sent;
  assert.equal(request?.method, "POST");
  assert.equal(request?.path, "/api?x=1");
  assert.equal(request?.headers["x-a"], "1, 2");
  assert.equal(new TextDecoder().decode(request?.body as Uint8Array), "{}");
});

test("the first interceptor is the outermost, and sees and changes requests and answers", async () => {
  const { transport, sent } = recording();
  const order: string[] = [];
  const named =
    (name: string): Interceptor =>
    (next) =>
    async (request) => {
      order.push(`${name} ${request.url}`);
      request.headers.set(`x-${name}`, "seen");
      const response = await next(request);
      order.push(`${name} ${response.status}`);
      return response;
    };
  await withInterceptors(transport, [named("a"), named("b")], server).send({
    method: "GET",
    path: "/api",
    headers: {},
  });
  assert.deepEqual(order, [
    "a https://cluster.test:6443/c1/api",
    "b https://cluster.test:6443/c1/api",
    "b 200",
    "a 200",
  ]);
  assert.equal(sent[0]?.headers["x-a"], "seen");
  assert.equal(sent[0]?.body, undefined);
});

test("an interceptor can answer by itself", async () => {
  const { transport, sent } = recording();
  const response = await withInterceptors(transport, [() => async () => Response.json({ own: true })], server).send({
    method: "GET",
    path: "/",
    headers: {},
  });
  assert.deepEqual(JSON.parse(new TextDecoder().decode(await response.bytes())), { own: true });
  assert.equal(sent.length, 0);
});

test("a request to another server, or out of the path prefix, is refused", async () => {
  const { transport, sent } = recording();
  for (const url of [
    "https://evil.test/c1/api",
    "https://cluster.test:6443/c2/api",
    "https://cluster.test:6443/c10/api",
  ]) {
    const wrapped = withInterceptors(transport, [(next) => () => next(new Request(url))], server);
    await assert.rejects(wrapped.send({ method: "GET", path: "/api", headers: {} }), { code: "RequestInvalid" });
  }
  assert.equal(sent.length, 0);
});

test("streams pass through chunk by chunk, and leaving one closes it below", async () => {
  const { transport, state } = recording();
  const response = await withInterceptors(transport, [pass], server).send({ method: "GET", path: "/", headers: {} });
  for await (const chunk of response.stream()) {
    assert.equal(new TextDecoder().decode(chunk), "a");
    break;
  }
  assert.equal(state.returned, 1);
});

test("a body that nobody reads is discarded below", async () => {
  const { transport, state } = recording();
  (await withInterceptors(transport, [pass], server).send({ method: "GET", path: "/", headers: {} })).discard();
  assert.equal(state.discarded, 1);
});

test("answers without a body have none", async () => {
  const { transport, state } = recording("", 204);
  const response = await withInterceptors(transport, [pass], server).send({ method: "GET", path: "/", headers: {} });
  assert.equal(response.status, 204);
  assert.equal((await response.bytes()).length, 0);
  assert.equal(state.discarded, 1);
});
