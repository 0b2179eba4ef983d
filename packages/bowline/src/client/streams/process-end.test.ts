import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startWebSocketServer } from "../../transport/testdata/fixture-web-socket.ts";
import { RemoteSession } from "../testdata/fake-kubelet.ts";

test("a program whose streams are closed ends by itself", { timeout: 60_000 }, async () => {
  const isDeno = "Deno" in globalThis;
  const before = isDeno
    ? ["run", "-A", "--no-check"]
    : "Bun" in globalThis
      ? []
      : ["--import", import.meta.resolve("tsx")];
  let answeredAt = 0;
  await using server = await startWebSocketServer((end) => {
    const remote = new RemoteSession(end);
    if (remote.query.get("command") !== "true") return;
    answeredAt = performance.now();
    remote.exit(0);
  });
  const program = fileURLToPath(new URL("../testdata/one-session.ts", import.meta.url));
  const child = spawn(process.execPath, [...before, program, String(server.port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([status, output], [0, "number false\n0\n"]);
  const lingeringMs = performance.now() - answeredAt;
  assert.ok(lingeringMs < 3_000, `it went on for ${lingeringMs} ms after its last answer`);
});
