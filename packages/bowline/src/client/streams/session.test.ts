import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerEnd } from "../../transport/testdata/fixture-web-socket.ts";
import { kubelet, RemoteSession } from "../testdata/fake-kubelet.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const isDeno = "Deno" in globalThis;

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

/** The next session that is opened. */
function nextSession(): { onOpen: (end: ServerEnd) => void; opened: Promise<ServerEnd> } {
  let onOpen: (end: ServerEnd) => void = () => undefined;
  const opened = new Promise<ServerEnd>((resolve) => {
    onOpen = resolve;
  });
  return { onOpen: (end) => onOpen(end), opened };
}

test("a dialogue with a terminal: input, resize, output, exit code", async (t) => {
  const seen: string[] = [];
  const { pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    assert.equal(remote.query.get("tty"), "true");
    assert.equal(remote.query.get("stdin"), "true");
    assert.equal(remote.query.get("stderr"), "false");
    end.onMessage = (message) => {
      seen.push(`${message[0]} ${message.subarray(1).toString()}`);
      if (message.includes("exit")) {
        remote.write(1, "bye\r\n");
        remote.exit(3);
      }
    };
  });
  await using shell = await pods.exec.session("shop-0", ["sh"], { tty: true, stdin: true });
  shell.resize({ columns: 100, rows: 40 });
  const writer = shell.stdin.getWriter();
  await writer.write(encode("date\nexit\n"));
  assert.equal(await textOf(shell.stdout), "bye\r\n");
  assert.equal(await textOf(shell.stderr), "");
  assert.deepEqual(await shell.exited, { exitCode: 3 });
  assert.deepEqual(seen, ['4 {"Width":100,"Height":40}', "0 date\nexit\n"]);
  await assert.rejects(writer.write(encode("more")), { code: "SessionEnded" });
});

test("attach asks for no command", async (t) => {
  const { server, pods } = await kubelet(t, (end) => {
    const remote = new RemoteSession(end);
    remote.write(1, "running\n");
    remote.exit(0);
  });
  await using session = await pods.attach("a", { container: "c" });
  assert.equal(await textOf(session.stdout), "running\n");
  assert.deepEqual(await session.exited, { exitCode: 0 });
  assert.equal(
    server.requests[0]?.path,
    "/api/v1/namespaces/web/pods/a/attach?container=c&stdin=false&stdout=true&stderr=true&tty=false",
  );
});

test("stdin that was not asked for is refused", async (t) => {
  const { pods } = await kubelet(t, () => undefined);
  await using session = await pods.exec.session("a", ["x"]);
  await assert.rejects(session.stdin.getWriter().write(encode("x")), { code: "StdinNotRequested" });
});

test("a stdin whose source fails ends the session, since the command would take a part for the whole", async (t) => {
  const { onOpen, opened } = nextSession();
  const { pods } = await kubelet(t, onOpen);
  const session = await pods.exec.session("a", ["x"], { stdin: true });
  const end = await opened;
  const closed = new Promise((resolve) => end.socket.once("close", resolve));
  const messages: number[] = [];
  end.onMessage = (message) => messages.push(message[0] ?? -1);
  const reason = new Error("gone");
  await session.stdin.abort(reason);
  await assert.rejects(session.exited, reason);
  await closed;
  assert.deepEqual(messages, []);
});

test("output that nobody takes holds the command back, and output that is cancelled does not", {
  skip: isDeno,
}, async (t) => {
  const { onOpen, opened } = nextSession();
  const { pods } = await kubelet(t, onOpen);
  const session = await pods.exec.session("a", ["yes"]);
  const end = await opened;
  const remote = new RemoteSession(end);
  const chunk = Buffer.alloc(64 * 1024, "y");
  let sent = 0;
  const flood = (): boolean => {
    while (sent < 1_000) {
      sent += 1;
      if (!remote.write(2, chunk)) return false;
    }
    return true;
  };
  // Until nothing has moved for a while.
  await new Promise<void>((resolve) => {
    const round = (): void => {
      if (flood()) return void resolve();
      const timer = setTimeout(() => {
        end.socket.off("drain", onDrain);
        resolve();
      }, 300);
      const onDrain = (): void => {
        clearTimeout(timer);
        round();
      };
      end.socket.once("drain", onDrain);
    };
    round();
  });
  assert.ok(sent < 500, `${sent} chunks of 64 KiB were taken`);
  const reading = textOf(session.stdout);
  await session.stderr.cancel();
  remote.write(1, "done");
  remote.exit(0);
  assert.equal(await reading, "done");
  assert.deepEqual(await session.exited, { exitCode: 0 });
});

test("closing ends the streams and rejects exited; closing the client breaks them", async (t) => {
  const { server, client, pods } = await kubelet(t, (end) => void new RemoteSession(end).write(1, "begun"));
  const first = await pods.exec.session("a", ["x"]);
  await first.close();
  await first.close();
  await assert.rejects(first.exited, { code: "SessionClosed" });
  const second = await pods.exec.session("a", ["x"]);
  const reader = second.stdout.getReader();
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "begun");
  const reading = reader.read();
  const results = Promise.all([
    assert.rejects(reading, { code: "TransportClosed" }),
    assert.rejects(second.exited, { code: "TransportClosed" }),
  ]);
  await client.close();
  await results;
  for (const socket of server.sockets) await new Promise((resolve) => socket.once("close", resolve));
  await assert.rejects(pods.exec.session("a", ["x"]), { code: "ClientClosed" });
});

test("an abort ends an open session with its reason, and the time for opening does not", async (t) => {
  const { pods } = await kubelet(t, () => undefined);
  const controller = new AbortController();
  const session = await pods.exec.session("a", ["x"], { signal: controller.signal, timeoutMs: 1_000 });
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(session.exited, reason);
  await assert.rejects(textOf(session.stdout), reason);
  await assert.rejects(pods.exec.session("a", ["x"], { signal: controller.signal }), reason);
});

test("an older server's stdin can be written and not closed", async (t) => {
  const { pods } = await kubelet(
    t,
    (end) => {
      const remote = new RemoteSession(end);
      end.onMessage = (message) => {
        remote.write(1, message.subarray(1));
        remote.exit(0);
      };
    },
    () => ({ protocol: "v4.channel.k8s.io" }),
  );
  await using session = await pods.exec.session("a", ["head"], { stdin: true });
  await session.stdin.getWriter().write(encode("line\n"));
  assert.equal(await textOf(session.stdout), "line\n");
  await using other = await pods.exec.session("a", ["head"], { stdin: true });
  await assert.rejects(other.stdin.close(), { code: "StdinNotClosable" });
});
