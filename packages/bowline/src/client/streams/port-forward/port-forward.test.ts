import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { refusing } from "../../../transport/testdata/fixture-web-socket.ts";
import { kubelet, type PortProgram, type RemoteConnection, servePorts } from "../../testdata/fake-kubelet.ts";

/** Sends back what comes, and ends when the other end does. */
const echo: PortProgram = (connection) => {
  connection.onData = (data) => void connection.write(data);
  connection.onEnd = () => connection.end();
};

/** Sends all of it, ends, and reads to the end. */
function talk(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const parts: Buffer[] = [];
    socket.on("data", (chunk) => parts.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(parts).toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed")));
    socket.end(text);
  });
}

test("bytes go both ways, with each direction's own end, over many connections at once", async (t) => {
  const { server, pods } = await kubelet(t, (end) => servePorts(end, echo));
  await using forward = await pods.portforward("shop-0", { 80: 0, 81: 0 });
  assert.equal(server.requests[0]?.path, "/api/v1/namespaces/web/pods/shop-0/portforward");
  assert.deepEqual(server.requests[0]?.protocols, ["SPDY/3.1+portforward.k8s.io"]);
  const { 80: first = 0, 81: second = 0 } = forward.localPorts;
  assert.ok(first > 0 && second > 0 && first !== second);
  const large = Buffer.alloc(2_000_000, "0123456789");
  const answers = await Promise.all([
    talk(first, large),
    ...Array.from({ length: 20 }, (_, index) => talk(index % 2 === 0 ? first : second, `message ${index}`)),
  ]);
  assert.equal(answers[0], large.toString("latin1"));
  assert.deepEqual(
    answers.slice(1),
    Array.from({ length: 20 }, (_, index) => `message ${index}`),
  );
});

test("connections one after the other share one tunnel, and each port leads to its own", async (t) => {
  const { server, pods } = await kubelet(t, (end) =>
    servePorts(end, (connection) => {
      connection.onEnd = () => {
        connection.write(`port ${connection.port}`);
        connection.end();
      };
    }),
  );
  await using forward = await pods.portforward("a", { 80: 0, 8443: 0 });
  for (const port of [80, 8443, 80]) assert.equal(await talk(forward.localPorts[port] ?? 0, "?"), `port ${port}`);
  assert.equal(server.requests.length, 1);
});

for (const isLate of [false, true])
  test(`a port that nobody listens on is told${isLate ? " after the end" : ""}, resets that connection alone, and the forward goes on`, async (t) => {
    const { pods } = await kubelet(t, (end) =>
      servePorts(end, (connection) => {
        if (connection.port === 81) connection.fail("dial tcp4 127.0.0.1:81: connect: connection refused", isLate);
        else echo(connection);
      }),
    );
    const errors: Error[] = [];
    await using forward = await pods.portforward(
      "a",
      { 80: 0, 81: 0 },
      { onError: (error) => errors.push(error as Error) },
    );
    await assert.rejects(talk(forward.localPorts[81] ?? 0, "x"));
    assert.equal(await talk(forward.localPorts[80] ?? 0, "still here"), "still here");
    assert.equal(errors.length, 1);
    assert.equal(errors[0]?.name, "StreamError");
    assert.match(errors[0]?.message ?? "", /^cannot forward port 81 of .*"a".*connection refused/);
  });

test("a tunnel that breaks is one connection's error; the next connection opens another one", async (t) => {
  const { server, pods } = await kubelet(t, (end) => {
    servePorts(end, (connection) => {
      connection.onData = (data) => {
        if (data.includes("break")) end.socket.destroy();
        else connection.write(data);
      };
      connection.onEnd = () => connection.end();
    });
  });
  const errors: (Error & { code?: string })[] = [];
  await using forward = await pods.portforward("a", { 80: 0 }, { onError: (error) => errors.push(error as Error) });
  const port = forward.localPorts[80] ?? 0;
  await assert.rejects(talk(port, "break"));
  assert.equal(await talk(port, "again"), "again");
  assert.equal(errors.length, 1);
  assert.equal(errors[0]?.code, "BodyCut");
  assert.equal(server.requests.length, 2);
});

test("a pod that has gone in the meantime is told to onError", async (t) => {
  let isGone = false;
  const status = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    reason: "NotFound",
    code: 404,
    message: 'pods "a" not found',
  };
  const { pods } = await kubelet(
    t,
    (end) => servePorts(end, echo),
    ({ protocols }) => (isGone ? refusing(404, status) : { protocol: protocols[0] }),
  );
  const errors: { httpStatus?: number }[] = [];
  await using forward = await pods.portforward("a", { 80: 0 }, { onError: (error) => errors.push(error as object) });
  isGone = true;
  const port = forward.localPorts[80] ?? 0;
  // The first connection takes the tunnel that is open.
  const [ok] = await Promise.allSettled([talk(port, "x"), talk(port, "y")]);
  assert.ok(ok !== undefined);
  assert.equal(errors.length, 1);
  assert.equal(errors[0]?.httpStatus, 404);
});

test("a local program that leaves early is told to the pod", async (t) => {
  let reset = (): void => undefined;
  const isReset = new Promise<void>((resolve) => {
    reset = resolve;
  });
  let opened: (connection: RemoteConnection) => void = () => undefined;
  const isOpen = new Promise<RemoteConnection>((resolve) => {
    opened = resolve;
  });
  const { pods } = await kubelet(t, (end) => {
    end.socket.once("close", () => reset());
    servePorts(end, (connection) => {
      connection.onReset = () => reset();
      opened(connection);
    });
  });
  await using forward = await pods.portforward("a", { 80: 0 });
  const socket = net.connect({ port: forward.localPorts[80] ?? 0, host: "127.0.0.1" });
  socket.write("x");
  await isOpen;
  socket.destroy();
  const connection = await isOpen;
  // Without a reset the end is noticed when something is written.
  const timer = setInterval(() => connection.write("y"), 5);
  await isReset;
  clearInterval(timer);
});

test("ports that are none, or taken, are refused", async (t) => {
  const { pods } = await kubelet(t, (end) => servePorts(end, echo));
  await assert.rejects(pods.portforward("a", {}), { code: "PortInvalid" });
  await assert.rejects(pods.portforward("a", { 0: 0 }), { code: "PortInvalid" });
  await assert.rejects(pods.portforward("a", { 80: 70_000 }), { code: "PortInvalid" });
  await using forward = await pods.portforward("a", { 80: 0 });
  await assert.rejects(pods.portforward("a", { 80: forward.localPorts[80] ?? 0 }), {
    code: "ListenFailed",
    message: /choose another local port/,
  });
});

test("closing ends connections, listening and tunnels; so does an abort, and the client's end", async (t) => {
  const { server, client, pods } = await kubelet(t, (end) => servePorts(end, echo));
  const forward = await pods.portforward("a", { 80: 0 });
  const port = forward.localPorts[80] ?? 0;
  const socket = net.connect({ port, host: "127.0.0.1" });
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.write("x");
  });
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await Promise.all([forward.close(), forward.close()]);
  await forward.closed;
  await ended;
  await assert.rejects(talk(port, "x"));
  const controller = new AbortController();
  const aborted = await pods.portforward("a", { 80: 0 }, { signal: controller.signal });
  controller.abort();
  await aborted.closed;
  const last = await pods.portforward("a", { 80: 0 });
  await client.close();
  await last.close();
  for (const one of server.sockets) await new Promise((resolve) => one.once("close", resolve));
});
