import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startTestServer } from "@bowline/testing";

/** How the runtime that runs this test runs a program of TypeScript. */
function runtimeArguments(): string[] {
  if ("Deno" in globalThis) return ["run", "-A", "--no-check", "--conditions=bowline-source"];
  if ("Bun" in globalThis) return ["--conditions=bowline-source"];
  return ["--conditions=bowline-source", "--import", "tsx"];
}

test("a program that never closes its client ends by itself", { timeout: 30_000 }, async () => {
  await using server = await startTestServer();
  const folder = await mkdtemp(join(tmpdir(), "bowline-client-"));
  try {
    const kubeconfig = join(folder, "config");
    await writeFile(kubeconfig, server.kubeconfig);
    const program = fileURLToPath(new URL("./testdata/never-closed.ts", import.meta.url));
    const child = spawn(process.execPath, [...runtimeArguments(), program, kubeconfig], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(status, 0);
    assert.match(output, /^ADDED /);
  } finally {
    await rm(folder, { recursive: true });
  }
});
