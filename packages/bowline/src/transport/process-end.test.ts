import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "./testdata/fixture-server.ts";

const isBun = "Bun" in globalThis;
const isDeno = "Deno" in globalThis;

/** Runs testdata/one-call.ts on the runtime that runs the tests. */
function oneCall(...args: string[]) {
  const script = fileURLToPath(new URL("testdata/one-call.ts", import.meta.url));
  const before = isDeno ? ["run", "-A", "--no-check"] : isBun ? [] : ["--import", import.meta.resolve("tsx")];
  const child = spawn(process.execPath, [...before, script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<{ output: string; code: number | null }>((resolve) => {
    child.on("close", (code) => resolve({ output, code }));
  });
  return { child, ended };
}

for (const connector of isBun || isDeno ? ["node-https"] : ["node-https", "undici"]) {
  test(`a program that never closes its transport ends by itself (${connector})`, { timeout: 60_000 }, async () => {
    let answeredAt = 0;
    // The connection stays open for far longer than the test may take.
    await using server = await startServer((_, response) => {
      response.setHeader("keep-alive", "timeout=600");
      response.end("ok", () => {
        answeredAt = performance.now();
      });
    });
    const { ended } = oneCall(String(server.port), connector);
    assert.deepEqual(await ended, { output: "ok", code: 0 });
    const lingeringMs = performance.now() - answeredAt;
    assert.ok(lingeringMs < 3_000, `it went on for ${lingeringMs} ms after its answer`);
  });

  test(`a program that waits for an answer goes on (${connector})`, { timeout: 60_000 }, async () => {
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer: () => void = () => undefined;
    await using server = await startServer((_, response) => {
      answer = () => response.end("late");
      asked();
    });
    const { child, ended } = oneCall(String(server.port), connector);
    await isAsked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(child.exitCode, null);
    answer();
    assert.deepEqual(await ended, { output: "late", code: 0 });
  });
}
