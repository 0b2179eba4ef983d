/**
 * kubectl port-forward to a server that runs in a Pod: bytes both ways, connections beside each other, and a port at which
 * nobody listens.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { Client } from "bowline";
import type { ControlPlane } from "../control-plane/start-control-plane.ts";

const WITHIN_MS = 30_000;
/** Says all that it is told in capitals, and ends a connection when the other end does. */
const SERVER = `
  const server = require("node:net").createServer({ allowHalfOpen: true }, (socket) => {
    socket.setEncoding("utf8").on("data", (text) => socket.write(text.toUpperCase())).on("end", () => socket.end());
  });
  server.listen(Number(process.argv[1]), "127.0.0.1", () => console.log(process.pid));
`;

/** Rejects with what went wrong. Gives the id of a process that the control plane's end must end. */
export async function checkPortForward(plane: ControlPlane): Promise<number> {
  await using client = await Client.connect({ kubeconfig: plane.kubeconfig });
  const [port, silentPort] = [await freePort(), await freePort()];
  await client
    .resource("v1", "ServiceAccount", { namespace: "default" })
    .wait("default", () => true, { timeoutMs: WITHIN_MS });
  await client.resource("v1", "Pod", { namespace: "default" }).create({
    metadata: { name: "server" },
    spec: { containers: [{ name: "main", image: "node", command: [process.execPath, "-e", SERVER, String(port)] }] },
  });
  const pid = Number(await firstLogLine(client));
  assert.ok(pid > 0, "the server in the Pod says its process id");
  const forward = spawn(
    plane.program,
    ["kubectl", `--kubeconfig=${plane.kubeconfigFile}`, "port-forward", "pod/server", `:${port}`, `:${silentPort}`],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  try {
    const said = new Output(forward);
    const local = Number((await said.match(new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${port}\\n`)))[1]);
    const silent = Number((await said.match(new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${silentPort}\\n`)))[1]);
    const long = "abc\n".repeat(100_000);
    assert.deepEqual(await Promise.all([exchange(local, "hello"), exchange(local, long), exchange(local, "more")]), [
      "HELLO",
      long.toUpperCase(),
      "MORE",
    ]);
    assert.equal(await exchange(silent, "anybody?"), "");
    await said.match(/connect: connection refused/);
  } finally {
    forward.kill("SIGTERM");
  }
  return pid;
}

async function firstLogLine(client: Client): Promise<string> {
  const pods = client.resource("v1", "Pod", { namespace: "default" });
  await pods.wait("server", ({ status }) => status?.containerStatuses?.[0]?.state?.running !== undefined, {
    timeoutMs: WITHIN_MS,
  });
  for await (const line of pods.log("server", { follow: true })) return line;
  throw new Error("the server in the Pod ended without a word");
}

/** Sends a text, ends, and gives what comes back. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
  // A connection that goes nowhere may be reset instead of ended.
  socket.on("error", () => {});
  socket.end(text);
  await once(socket, "close");
  return answer;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What a program has printed so far. */
class Output {
  #text = "";
  #changed: () => void = () => {};
  readonly #program: ChildProcess;

  constructor(program: ChildProcess) {
    this.#program = program;
    for (const stream of [program.stdout, program.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#text += text;
        this.#changed();
      });
    program.once("close", () => this.#changed());
  }

  async match(pattern: RegExp): Promise<RegExpExecArray> {
    const timer = setTimeout(() => this.#program.kill("SIGKILL"), WITHIN_MS);
    for (;;) {
      const found = pattern.exec(this.#text);
      if (found !== null || this.#program.exitCode !== null || this.#program.signalCode !== null) clearTimeout(timer);
      if (found !== null) return found;
      if (this.#program.exitCode !== null || this.#program.signalCode !== null)
        throw new Error(`kubectl never printed ${pattern}: ${this.#text}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
