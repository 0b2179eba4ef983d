/**
 * Streams to pods: exec, attach, logs, port-forward, copies. On nodes that run processes, which the test server's do not.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isBadRequest, isForbidden, isNotFound, type Resource, StreamError } from "bowline";
import type { Pod } from "bowline/kinds/v1";
import { copyFrom, copyTo } from "bowline/ops";
import { type CaseContext, type ClientCase, clientCase } from "./case.ts";

/** Says a word, then sends back in capitals what it reads, and ends when its input does. */
const SHOUTER = 'echo ready; while read -r line; do echo "$line" | tr a-z A-Z; done';
/** Sends back what it gets when the other side has said all, in brackets. */
const ECHO_SERVER = `const { createServer } = require("node:net");
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const parts = [];
  socket.on("data", (part) => parts.push(part));
  socket.on("end", () => socket.end(Buffer.concat([Buffer.from("<"), ...parts, Buffer.from(">")])));
  socket.on("error", () => {});
});
server.listen(Number(process.argv[1]), "127.0.0.1", () => console.log("ready"));`;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A running pod "p" whose container "main" runs `command`; an image that real nodes have programs in. */
async function runningPod(
  { client, namespace, signal }: CaseContext,
  command: readonly string[] = ["sh", "-c", "while true; do sleep 1; done"],
  more: object = {},
): Promise<Resource<Pod>> {
  const pods = client.resource("v1", "Pod", { namespace });
  const container = { name: "main", image: "node:22-alpine", command: [...command], ...more };
  await pods.create({
    metadata: { name: "p" },
    spec: { terminationGracePeriodSeconds: 0, containers: [container], restartPolicy: "Never" },
  });
  await pods.wait("p", (pod) => pod.status?.containerStatuses?.[0]?.state?.running !== undefined, {
    signal,
    timeoutMs: 40_000,
  });
  return pods;
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

/** Sends all of it, ends its side, and reads to the end. */
function talk(port: number, data: Uint8Array | string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const parts: Buffer[] = [];
    socket.on("data", (part) => parts.push(part));
    socket.on("end", () => resolve(Buffer.concat(parts)));
    socket.on("error", reject);
    socket.end(data);
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function processCase(name: string, run: (context: CaseContext) => Promise<void>): ClientCase {
  return clientCase("streams", name, run, ["processes"]);
}

export const streamCases: readonly ClientCase[] = [
  processCase("exec tells output and exit code", async (context) => {
    const pods = await runningPod(context);
    assert.deepEqual(await pods.exec("p", ["sh", "-c", "echo out; echo err >&2"]), {
      stdout: "out\n",
      stderr: "err\n",
      exitCode: 0,
    });
    const { exitCode } = await pods.exec("p", ["sh", "-c", "exit 42"], { container: "main" });
    assert.equal(exitCode, 42);
    assert.equal((await pods.exec("p", ["printf", "%s|", "a b", "", "'c'", "ü"])).stdout, "a b||'c'|ü|");
  }),

  processCase("exec passes a megabyte of stdin on, and its end", async (context) => {
    const pods = await runningPod(context);
    const text = "0123456789abcde\n".repeat(65_536);
    const { stdout, exitCode } = await pods.exec("p", ["cat"], { stdin: text });
    assert.equal(stdout.length, text.length);
    assert.ok(stdout === text);
    assert.equal(exitCode, 0);
    // A command need not read all of it.
    assert.equal((await pods.exec("p", ["head", "-n", "1"], { stdin: text })).stdout, "0123456789abcde\n");
  }),

  processCase("exec has a terminal with a size", async (context) => {
    const pods = await runningPod(context);
    await using session = await pods.exec.session("p", ["sh"], { tty: true, stdin: true });
    session.resize({ columns: 91, rows: 33 });
    const writer = session.stdin.getWriter();
    await writer.write(encode("for i in 1 2 3 4 5 6 7 8 9; do stty size; sleep 0.1; done; test -t 0 && exit 7\n"));
    assert.match(await textOf(session.stdout), /\b33 91\b/);
    assert.deepEqual(await session.exited, { exitCode: 7 });
  }),

  processCase("exec of what is not there, or without the right, says so", async (context) => {
    const pods = await runningPod(context);
    await assert.rejects(pods.exec("none", ["true"]), (error) => isNotFound(error) && error.target.name === "none");
    await assert.rejects(pods.exec("p", ["true"], { container: "none" }), isBadRequest);
    await assert.rejects(
      pods.exec("p", ["no-such-command"]),
      (error) =>
        error instanceof StreamError && error.code === "CommandNotRun" && /no-such-command/.test(error.message),
    );
    const { server, namespace } = context;
    if (server.plainToken === undefined) return;
    await using plain = await server.connectWithToken(server.plainToken);
    const theirs = plain.resource("v1", "Pod", { namespace });
    await assert.rejects(theirs.exec("p", ["true"]), (error) => isForbidden(error) && /pods\/exec/.test(error.message));
    await assert.rejects(theirs.attach("p"), isForbidden);
    await assert.rejects(theirs.portforward("p", { 80: 0 }), isForbidden);
  }),

  processCase("exec ends with its pod", async (context) => {
    const pods = await runningPod(context);
    await using session = await pods.exec.session("p", ["sh", "-c", "echo begun; sleep 100"]);
    const reader = session.stdout.getReader();
    assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "begun\n");
    await pods.delete("p", { gracePeriodSeconds: 0 });
    const ended = await session.exited.then(
      ({ exitCode }) => exitCode,
      () => 137,
    );
    assert.equal(ended, 137);
  }),

  processCase("attach reads and writes the container's own process", async (context) => {
    const pods = await runningPod(context, ["sh", "-c", SHOUTER], { stdin: true, stdinOnce: true });
    await using session = await pods.attach("p", { container: "main", stdin: true });
    const writer = session.stdin.getWriter();
    await writer.write(encode("hello\n"));
    const reader = session.stdout.getReader();
    let text = "";
    while (!text.includes("HELLO\n")) text += Buffer.from((await reader.read()).value ?? []).toString();
    await writer.close();
    assert.deepEqual(await session.exited, { exitCode: 0 });
    const ended = await pods.wait("p", (pod) => pod.status?.phase === "Succeeded", { signal: context.signal });
    assert.equal(ended.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 0);
    assert.equal(await pods.log("p").text(), "ready\nHELLO\n");
  }),

  processCase("log follows to the container's end", async (context) => {
    const command = "for i in 1 2 3 4 5; do echo line $i; sleep 0.2; done; echo last >&2";
    const pods = await runningPod(context, ["sh", "-c", command]);
    const lines: string[] = [];
    for await (const line of pods.log("p", { follow: true, signal: context.signal })) lines.push(line);
    assert.deepEqual(lines, ["line 1", "line 2", "line 3", "line 4", "line 5", "last"]);
    assert.equal(await pods.log("p", { tailLines: 2 }).text(), "line 5\nlast\n");
  }),

  processCase(
    "port-forward carries bytes both ways, many at once, and goes on where a port is refused",
    async (context) => {
      // On a node without containers the pod's ports are this machine's.
      const [port, closed] = [await freePort(), await freePort()];
      const pods = await runningPod(context, ["node", "-e", ECHO_SERVER, String(port)]);
      for await (const _ of pods.log("p", { follow: true, signal: context.signal })) break;
      const errors: unknown[] = [];
      await using forward = await pods.portforward(
        "p",
        { [port]: 0, [closed]: 0 },
        { signal: context.signal, onError: (error) => errors.push(error) },
      );
      const open = forward.localPorts[port] ?? 0;
      const large = Buffer.alloc(2_000_000, "0123456789");
      const answers = await Promise.all([
        talk(open, large),
        ...Array.from({ length: 20 }, (_, index) => talk(open, `message ${index}`)),
      ]);
      assert.equal(answers[0]?.length, large.length + 2);
      assert.ok(answers[0]?.subarray(1, -1).equals(large));
      assert.deepEqual(
        answers.slice(1).map(String),
        Array.from({ length: 20 }, (_, index) => `<message ${index}>`),
      );
      await assert.rejects(talk(forward.localPorts[closed] ?? 0, "x"));
      assert.equal(String(await talk(open, "still")), "<still>");
      assert.equal(errors.length, 1);
      assert.ok(errors[0] instanceof StreamError && errors[0].code === "PortForwardFailed");
      await forward.close();
      await assert.rejects(talk(open, "x"));
    },
  ),

  processCase("copies go both ways, with mode and content", async (context) => {
    const pods = await runningPod(context);
    const folder = await mkdtemp(join(tmpdir(), "bowline-case-"));
    context.cleanup(() => rm(folder, { recursive: true, force: true }));
    const content = Buffer.alloc(5_000_000, "0123456789abcdef\n");
    await writeFile(join(folder, "in"), content, { mode: 0o750 });
    await copyTo(pods, "p", join(folder, "in"), "copied");
    assert.equal((await pods.exec("p", ["sh", "-c", "wc -c < copied"])).stdout.trim(), String(content.length));
    await copyFrom(pods, "p", "copied", join(folder, "out"));
    assert.ok((await readFile(join(folder, "out"))).equals(content));
    assert.equal((await stat(join(folder, "out"))).mode & 0o777, 0o750);
    await pods.exec("p", ["sh", "-c", "mkdir -p tree/below && echo a > tree/below/a && ln -s a tree/below/link"]);
    await copyFrom(pods, "p", "tree", join(folder, "tree"));
    assert.equal(await readFile(join(folder, "tree", "below", "link"), "utf8"), "a\n");
    await copyTo(pods, "p", join(folder, "tree"), "again");
    assert.equal((await pods.exec("p", ["cat", "again/below/link"])).stdout, "a\n");
    await assert.rejects(copyFrom(pods, "p", "none", join(folder, "none")), { code: "CopyFailed" });
  }),
];
