import assert from "node:assert/strict";
import { test } from "node:test";
import { isForbidden } from "../../core/api-error-predicates.ts";
import { refusing } from "../../transport/testdata/fixture-web-socket.ts";
import { kubelet, RemoteSession } from "../testdata/fake-kubelet.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("exec gives output and exit code, and asks as kubectl does", async (t) => {
  const { server, pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    remote.write(1, "");
    remote.write(1, "sho");
    remote.write(2, "warning\n");
    remote.write(1, "p-0\n");
    remote.exit(42);
  });
  const result = await pods.exec("shop-0", ["cat", "/etc/host name"], { container: "app" });
  assert.deepEqual(result, { stdout: "shop-0\n", stderr: "warning\n", exitCode: 42 });
  const [request] = server.requests;
  const url = new URL(request?.path ?? "", "https://s");
  assert.equal(url.pathname, "/api/v1/namespaces/web/pods/shop-0/exec");
  assert.deepEqual(url.searchParams.getAll("command"), ["cat", "/etc/host name"]);
  assert.equal(url.searchParams.get("container"), "app");
  assert.deepEqual(
    ["stdin", "stdout", "stderr", "tty"].map((name) => url.searchParams.get(name)),
    ["false", "true", "true", "false"],
  );
  assert.deepEqual(request?.protocols, ["v5.channel.k8s.io", "v4.channel.k8s.io"]);
  assert.equal(request?.headers["authorization"], "Bearer t");
  assert.equal(request?.headers["accept"], "application/json, */*");
});

test("a character that is cut in two is one character", async (t) => {
  const euro = Buffer.from("€");
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    remote.write(1, euro.subarray(0, 1));
    remote.write(1, euro.subarray(1));
    remote.exit(0);
  });
  assert.equal((await pods.exec("a", ["x"])).stdout, "€");
});

test("stdin is passed on whole, in order, with its end: text, bytes and streams", async (t) => {
  const large = "0123456789".repeat(30_000);
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    const parts: Buffer[] = [];
    end.onMessage = (message) => {
      if (message[0] === 0) parts.push(message.subarray(1));
      else if (message[0] === 255 && message[1] === 0) {
        remote.write(1, Buffer.concat(parts));
        remote.exit(0);
      }
    };
  });
  assert.equal((await pods.exec("a", ["cat"], { stdin: large })).stdout, large);
  assert.equal((await pods.exec("a", ["cat"], { stdin: encode("bytes") })).stdout, "bytes");
  assert.equal((await pods.exec("a", ["cat"], { stdin: "" })).stdout, "");
  const stdin = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encode("one "));
      controller.enqueue(encode("two"));
      controller.close();
    },
  });
  assert.equal((await pods.exec("a", ["cat"], { stdin })).stdout, "one two");
});

test("a source of stdin that fails ends the call with its error, and one that nobody reads is cancelled", async (t) => {
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    if (remote.query.get("command") === "true") remote.exit(0);
  });
  const reason = new Error("the disk is gone");
  const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(reason) });
  await assert.rejects(pods.exec("a", ["cat"], { stdin: failing }), reason);
  let cancelled = (): void => undefined;
  const isCancelled = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const waiting = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => undefined),
    cancel: () => cancelled(),
  });
  assert.equal((await pods.exec("a", ["true"], { stdin: waiting })).exitCode, 0);
  await isCancelled;
});

test("an older server runs commands, and is not given a stdin that would never end", async (t) => {
  const { pods } = await kubelet(
    t,
    (end) => {
      const remote = new RemoteSession(end);
      if (remote.query.get("stdin") === "false") remote.exit(7);
    },
    () => ({ protocol: "v4.channel.k8s.io" }),
  );
  assert.equal((await pods.exec("a", ["x"])).exitCode, 7);
  await assert.rejects(pods.exec("a", ["cat"], { stdin: "x" }), { code: "StdinNotClosable", message: /1\.30/ });
});

test("a refusal is the ApiError of its Status", async (t) => {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: 'pods "a" is forbidden: User "me" cannot create resource "pods/exec"',
    reason: "Forbidden",
    details: { name: "a", kind: "pods" },
    code: 403,
  };
  const { pods } = await kubelet(
    t,
    () => undefined,
    () => refusing(403, status),
  );
  await assert.rejects(pods.exec("a", ["x"]), (error) => {
    assert.ok(isForbidden(error));
    assert.deepEqual(error.status, status);
    assert.equal(error.target.name, "a");
    assert.equal(error.target.subresource, "exec");
    return true;
  });
  await assert.rejects(pods.exec.session("a", ["x"]), isForbidden);
  await assert.rejects(pods.attach("a"), isForbidden);
  await assert.rejects(pods.portforward("a", { 80: 0 }), isForbidden);
});

test("a server that opens no WebSocket, an empty name and no namespace are told apart", async (t) => {
  const { pods, client } = await kubelet(
    t,
    () => undefined,
    () => refusing(200, {}),
  );
  await assert.rejects(pods.exec("a", ["x"]), {
    name: "AnswerError",
    code: "UnexpectedAnswer",
    message: /no WebSocket/,
  });
  await assert.rejects(pods.exec("", ["x"]), { code: "NameMissing" });
  await assert.rejects(pods.attach(""), { code: "NameMissing" });
  const all = client.resource("v1", "Pod") as unknown as typeof pods;
  await assert.rejects(all.exec("a", ["x"]), { code: "NamespaceMissing" });
});

test("an end without a Status, and a connection that is cut, are errors", async (t) => {
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    remote.write(1, "half");
    if (remote.query.get("command") === "bye") end.close(1000);
    else end.socket.end();
  });
  await assert.rejects(pods.exec("a", ["bye"]), { code: "SessionCut" });
  await assert.rejects(pods.exec("a", ["cut"]), { name: "ConnectionError", code: "BodyCut", wasSent: true });
});

test("a command that takes too long, or is not wanted any more, ends the call and its connection", async (t) => {
  const { server, pods } = await kubelet(t, () => undefined);
  await assert.rejects(pods.exec("a", ["sleep"], { timeoutMs: 50 }), { name: "TimedOutError" });
  const controller = new AbortController();
  const reason = new Error("enough");
  const running = pods.exec("a", ["sleep"], { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(running, reason);
  for (const socket of server.sockets) await new Promise((resolve) => socket.once("close", resolve));
});

test("a Status that comes in pieces is one Status", async (t) => {
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    remote.write(3, "");
    remote.write(3, '{"metadata":{},"sta');
    remote.write(3, 'tus":"Success"}');
  });
  assert.equal((await pods.exec("a", ["x"])).exitCode, 0);
});
