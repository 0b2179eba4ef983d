import assert from "node:assert/strict";
import { test } from "node:test";
import type { Credential, CredentialSource } from "../auth/credential.ts";
import { createTransport } from "./connect-transport.ts";
import { ConnectionError } from "./connection-error.ts";
import { nodeHttps } from "./node-https/connector.ts";
import { certificates, clusterAt, fixedCredential, startServer, textOf } from "./testdata/fixture-server.ts";
import type { ConnectorFactory, TransportConfig, TransportRequest, TransportResponse } from "./transport.ts";
import { undici } from "./undici/index.ts";

interface Attempt {
  readonly request: TransportRequest;
  readonly credential: Credential;
}

/** A transport whose connections are a script: each attempt takes the next answer. */
function scripted(
  script: readonly (number | Error | Partial<TransportResponse>)[],
  config: Partial<TransportConfig> = {},
) {
  const attempts: Attempt[] = [];
  const waits: number[] = [];
  const discarded: number[] = [];
  const left = [...script];
  const transport = createTransport({
    cluster: clusterAt(6443),
    credentials: fixedCredential(),
    random: () => 0,
    wait: async (delayMs, signal) => {
      waits.push(delayMs);
      signal?.throwIfAborted();
    },
    ...config,
    connector: () => ({
      attempt: async (request, credential) => {
        attempts.push({ request, credential });
        const next = left.shift() ?? 200;
        if (next instanceof Error) throw next;
        const answer = typeof next === "number" ? { status: next } : next;
        const number = attempts.length;
        return {
          status: 200,
          headers: {},
          bytes: async () => new Uint8Array(),
          stream: async function* () {
            discarded.push(number);
            yield new Uint8Array(1);
          },
          discard: () => discarded.push(number),
          ...answer,
        };
      },
      close: async () => undefined,
    }),
  });
  return { transport, attempts, waits, discarded };
}

/** Token 1, then 2, ... at each refresh. */
function rotating(): CredentialSource & { refreshes: number } {
  let generation = 1;
  const credential = (): Credential => ({ generation, headers: { authorization: `Bearer ${generation}` } });
  return {
    refreshes: 0,
    credential,
    async refresh(rejected) {
      this.refreshes += 1;
      if (rejected.generation === generation) generation += 1;
      return credential();
    },
    close: () => undefined,
  };
}

const get: TransportRequest = { method: "GET", path: "/api", headers: {} };
const post: TransportRequest = { method: "POST", path: "/api", headers: {}, body: "{}" };
const reset = () => new ConnectionError("ConnectionReset", "reset", { server: "s" });

/** undici is for Node alone. */
const connectors: Readonly<Record<string, () => ConnectorFactory>> = {
  "node:https": () => nodeHttps,
  ...("Bun" in globalThis || "Deno" in globalThis ? {} : { undici }),
};

test("a 401 refreshes the credential and sends the request once more", async () => {
  const credentials = rotating();
  const { transport, attempts, discarded } = scripted([401], { credentials });
  assert.equal((await transport.send(post)).status, 200);
  assert.deepEqual(
    attempts.map(({ credential }) => credential.generation),
    [1, 2],
  );
  assert.deepEqual(discarded, [1]);
});

test("a second 401 is handed out", async () => {
  const credentials = rotating();
  const { transport, attempts } = scripted([401, 401, 200], { credentials });
  assert.equal((await transport.send(get)).status, 401);
  assert.equal(attempts.length, 2);
  assert.equal(credentials.refreshes, 1);
});

test("a 401 is handed out where the credential stays the same, or the body was a stream", async () => {
  const same = scripted([401]);
  assert.equal((await same.transport.send(get)).status, 401);
  assert.equal(same.attempts.length, 1);
  const credentials = rotating();
  const streamed = scripted([401], { credentials });
  assert.equal((await streamed.transport.send({ ...post, body: new ReadableStream() })).status, 401);
  assert.equal(streamed.attempts.length, 1);
  assert.equal(credentials.refreshes, 1, "the next request profits");
});

test("a 401 on an authorization header of the caller refreshes nothing", async () => {
  const credentials = rotating();
  const { transport } = scripted([401], { credentials });
  assert.equal((await transport.send({ ...get, headers: { authorization: "Basic own" } })).status, 401);
  assert.equal(credentials.refreshes, 0);
});

test("403 refreshes nothing", async () => {
  const credentials = rotating();
  assert.equal((await scripted([403], { credentials }).transport.send(get)).status, 403);
  assert.equal(credentials.refreshes, 0);
});

test("no request is sent when there is no credential for it", async () => {
  const failure = new Error("the plugin failed");
  const { transport, attempts } = scripted([200], {
    credentials: { ...fixedCredential(), credential: () => Promise.reject(failure) },
  });
  await assert.rejects(transport.send(get), failure);
  assert.equal(attempts.length, 0);
});

test("a refresh that fails rejects the call with its reason", async () => {
  const failure = new Error("the plugin failed");
  const { transport, discarded } = scripted([401], {
    credentials: { ...fixedCredential(), refresh: () => Promise.reject(failure) },
  });
  await assert.rejects(transport.send(get), failure);
  assert.deepEqual(discarded, [1]);
});

test("429 is retried after the time that the server names, with the body, and each answer in between is discarded", async () => {
  const { transport, attempts, waits, discarded } = scripted([
    { status: 429, headers: { "retry-after": "1" } },
    { status: 429, headers: { "retry-after": "2" } },
  ]);
  assert.equal((await transport.send(post)).status, 200);
  assert.deepEqual(waits, [1_000, 2_000]);
  assert.deepEqual(discarded, [1, 2]);
  assert.ok(attempts.every(({ request }) => request.body === "{}"));
});

test("Retry-After dates are read with the injected clock", async () => {
  const now = Date.UTC(2026, 0, 1);
  const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" };
  const { transport, waits } = scripted([{ status: 503, headers }], { now: () => now });
  await transport.send(get);
  assert.deepEqual(waits, [7_000]);
});

test("the last answer is handed out when the retries are used up", async () => {
  const { transport, attempts } = scripted([503, 503, 503, 503, 200]);
  assert.equal((await transport.send(get)).status, 503);
  assert.equal(attempts.length, 4);
});

test("a lost connection is tried again at once for a GET, and told for a POST", async () => {
  const read = scripted([reset()]);
  assert.equal((await read.transport.send(get)).status, 200);
  assert.deepEqual(read.waits, []);
  const write = scripted([reset()]);
  await assert.rejects(write.transport.send(post), { code: "ConnectionReset" });
  assert.equal(write.attempts.length, 1);
});

test("each retry takes the credential of its time", async () => {
  const credentials = rotating();
  const { transport, attempts } = scripted([503], {
    credentials,
    wait: async () => void (await credentials.refresh(credentials.credential() as Credential)),
  });
  await transport.send(get);
  assert.deepEqual(
    attempts.map(({ credential }) => credential.generation),
    [1, 2],
  );
});

test("an abort ends the wait and rejects with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const { transport, attempts } = scripted([{ status: 429, headers: { "retry-after": "30" } }], { wait: undefined });
  const call = transport.send({ ...get, signal: controller.signal });
  // The first attempt is answered in a few microtasks; then the wait has begun.
  setImmediate(() => controller.abort(reason));
  await assert.rejects(call, reason);
  assert.equal(attempts.length, 1);
});

test("closing the transport ends the wait for a retry", async () => {
  const { transport, attempts } = scripted([{ status: 429, headers: { "retry-after": "30" } }], { wait: undefined });
  const call = transport.send(get);
  setImmediate(() => void transport.close());
  await assert.rejects(call, { code: "TransportClosed" });
  assert.equal(attempts.length, 1);
});

test("an aborted signal sends nothing and asks for no credential", async () => {
  let asked = 0;
  const credentials: CredentialSource = {
    ...fixedCredential(),
    credential: () => {
      asked += 1;
      return { generation: 0, headers: {} };
    },
  };
  const reason = new Error("enough");
  const { transport, attempts } = scripted([], { credentials });
  await assert.rejects(transport.send({ ...get, signal: AbortSignal.abort(reason) }), reason);
  assert.deepEqual([asked, attempts.length], [0, 0]);
});

test("redirects within the server are followed five times, others are handed out", async () => {
  const inside = scripted([{ status: 301, headers: { location: "/apis" } }]);
  assert.equal((await inside.transport.send(get)).status, 200);
  assert.deepEqual(
    inside.attempts.map(({ request }) => request.path),
    ["/api", "/apis"],
  );
  const outside = scripted([{ status: 302, headers: { location: "https://evil.test/" } }]);
  assert.equal((await outside.transport.send(get)).status, 302);
  const loop = scripted(Array.from({ length: 9 }, () => ({ status: 302, headers: { location: "/a" } })));
  assert.equal((await loop.transport.send(get)).status, 302);
  assert.equal(loop.attempts.length, 6);
});

test("no more than 128 requests wait for an answer at once, streams not counted, and those in the queue can be aborted", async () => {
  const pending: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const transport = createTransport({
    cluster: clusterAt(6443),
    credentials: fixedCredential(),
    connector: () => ({
      attempt: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => pending.push(resolve));
        running -= 1;
        return {
          status: 200,
          headers: {},
          bytes: async () => new Uint8Array(),
          stream: async function* () {},
          discard: () => undefined,
        };
      },
      close: async () => undefined,
    }),
  });
  const calls = Array.from({ length: 300 }, () => transport.send(get));
  const watches = [get, get].map((request) => transport.send({ ...request, path: "/api/v1/pods?watch=true" }));
  while (pending.length < 130) await new Promise((resolve) => setImmediate(resolve));
  for (const answer of pending.splice(-2)) answer();
  await Promise.all(watches);
  most = 128;
  const controller = new AbortController();
  const aborted = transport.send({ ...get, signal: controller.signal });
  controller.abort(new Error("left the queue"));
  await assert.rejects(aborted, /left the queue/);
  const all = Promise.all(calls);
  let isDone = false;
  void all.then(() => {
    isDone = true;
  });
  while (!isDone) {
    pending.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(most, 128);
});

test("an observer sees each attempt, each answer and each wait", async () => {
  const seen: string[] = [];
  const { transport } = scripted([{ status: 429, headers: { "retry-after": "1" } }, reset()], {
    observer: {
      onRequest: (request, retries) => seen.push(`request ${request.method} ${retries}`),
      onResponse: (_, response) => seen.push(`response ${response.status}`),
      onRetry: (_, { attempt, delayMs, cause }) =>
        seen.push(`retry ${attempt} ${delayMs} ${cause instanceof Error ? cause.message : cause}`),
    },
  });
  await transport.send(get);
  assert.deepEqual(seen, [
    "request GET 0",
    "response 429",
    "retry 1 1000 429",
    "request GET 1",
    "retry 2 200 reset",
    "request GET 2",
    "response 200",
  ]);
});

test("over real connections: a server that hangs up an idle connection is not noticed by reads", async (t) => {
  let calls = 0;
  await using server = await startServer((request, response) => {
    calls += 1;
    // The second request arrives on a connection that is closed in the same moment.
    if (calls === 2) request.socket.destroy();
    else response.end("ok");
  });
  const transport = createTransport({ cluster: clusterAt(server.port), credentials: fixedCredential() });
  t.after(() => transport.close());
  assert.equal(await textOf(await transport.send(get)), "ok");
  assert.equal(await textOf(await transport.send(get)), "ok");
  assert.equal(server.connections, 2);
});

test("over real connections: an HTML answer is an answer", async (t) => {
  await using server = await startServer((_, response) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end("<html>bad gateway</html>");
  }, certificates.server);
  const transport = createTransport({ cluster: clusterAt(server.port), credentials: fixedCredential() });
  t.after(() => transport.close());
  const response = await transport.send(get);
  assert.equal(response.status, 502);
  assert.match(await textOf(response), /html/);
});

for (const [name, connector] of Object.entries(connectors)) {
  test(`over ${name}: a 401 in between costs no second handshake, nor does a redirect`, async (t) => {
    await using server = await startServer((request, response) => {
      if (request.url === "/old") response.writeHead(302, { location: "/api" }).end("x".repeat(5000));
      else if (request.headers.authorization === "Bearer 2") response.end("ok");
      else response.writeHead(401).end(JSON.stringify({ kind: "Status", message: "Unauthorized".repeat(100) }));
    });
    const transport = createTransport({
      cluster: clusterAt(server.port),
      credentials: rotating(),
      connector: connector(),
    });
    t.after(() => transport.close());
    assert.equal(await textOf(await transport.send({ ...get, path: "/old" })), "ok");
    assert.equal(server.connections, 1);
  });
}

test("over real connections: a 401 whose body has no end is given up", async (t) => {
  await using server = await startServer((request, response) => {
    if (request.headers.authorization === "Bearer 2") return void response.end("ok");
    response.writeHead(401);
    response.write("x".repeat(70_000));
  });
  const transport = createTransport({ cluster: clusterAt(server.port), credentials: rotating() });
  t.after(() => transport.close());
  assert.equal(await textOf(await transport.send(get)), "ok");
  assert.equal(server.connections, 2);
});

test("closing ends calls that wait for an answer, a credential, a retry or the rest of a body with TransportClosed", async () => {
  const never = new Promise<never>(() => undefined);
  const closed = { name: "ConnectionError", code: "TransportClosed" };
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await using server = await startServer((request, response) => {
    if (request.url === "/body") response.write("begun");
    else asked();
  });
  const real = createTransport({ cluster: clusterAt(server.port), credentials: fixedCredential() });
  const begun = (await real.send({ ...get, path: "/body" })).bytes();
  const pending = real.send(get);
  const results = Promise.all([assert.rejects(begun, closed), assert.rejects(pending, { ...closed, wasSent: true })]);
  await isAsked;
  await real.close();
  await results;

  const stuck = scripted([], {
    credentials: { credential: () => never, refresh: () => never, close: () => undefined },
  }).transport;
  const waiting = stuck.send(get);
  await stuck.close();
  await assert.rejects(waiting, { ...closed, wasSent: false });

  let wait = (): void => undefined;
  const isWaiting = new Promise<void>((resolve) => {
    wait = resolve;
  });
  const retrying = scripted([{ status: 429, headers: { "retry-after": "9" } }], {
    wait: () => {
      wait();
      return never;
    },
  });
  const again = retrying.transport.send(get);
  await isWaiting;
  await retrying.transport.close();
  await assert.rejects(again, closed);
  assert.equal(retrying.attempts.length, 1);
  await assert.rejects(retrying.transport.send(get), closed);
});
