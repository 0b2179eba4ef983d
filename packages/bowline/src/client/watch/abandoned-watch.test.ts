import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startTestServer } from "@bowline/testing";

const PROGRAM = fileURLToPath(new URL("testdata/abandon-watch.ts", import.meta.url));

/** What lets the runtime that runs the tests run TypeScript from this repository. */
function runtimeArguments(): string[] {
  if ("Deno" in globalThis) return ["run", "-A", "--no-check", "--conditions=bowline-source"];
  if ("Bun" in globalThis) return ["--conditions=bowline-source"];
  return ["--conditions=bowline-source", "--import", import.meta.resolve("tsx")];
}

for (const [how, what] of [
  ["abort", "aborted"],
  ["close", "left open by a client that is closed"],
] as const) {
  test(`a watch that nobody reads and that is ${what} holds no process`, { timeout: 60_000 }, async () => {
    await using server = await startTestServer();
    const folder = await mkdtemp(join(tmpdir(), "bowline-abandoned-"));
    try {
      const kubeconfig = join(folder, "kubeconfig");
      await writeFile(kubeconfig, server.kubeconfig);
      const child = spawn(process.execPath, [...runtimeArguments(), PROGRAM, kubeconfig, how], { stdio: "inherit" });
      const code = await new Promise((resolve) => child.once("close", resolve));
      assert.equal(code, 0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
