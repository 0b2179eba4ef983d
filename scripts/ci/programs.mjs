// Runs the tour and an example on each runtime, as a user would, and looks that they end, succeed and leave nothing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.mjs";
import { root } from "./tools.mjs";

const PROGRAM_TIMEOUT_MS = 120_000;

/** @typedef {{ name: string, program: string, run: readonly string[] }} Runtime */

/** @param {Runtime} runtime */
export async function checkTour({ program, run }) {
  const temporary = await mkdtemp(join(tmpdir(), "bowline-ci-tour-"));
  try {
    const output = await command(program, [...run, "examples/tour/main.ts"], {
      cwd: root,
      env: { TMPDIR: temporary },
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
    if (!/^Done\./m.test(output)) throw new Error(`the tour did not come to its end:\n${output}`);
    const left = (await readdir(temporary)).filter((name) => name.startsWith("bowline-"));
    if (left.length > 0) throw new Error(`the tour left ${left.join(", ")}`);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A program that never closes its client ends by itself. @param {Runtime} runtime */
export async function checkEndsByItself({ program, run }) {
  await withServer(async (kubeconfig) => {
    await command(program, [...run, "examples/list-pods.ts"], {
      cwd: root,
      env: { KUBECONFIG: kubeconfig },
      timeoutMs: PROGRAM_TIMEOUT_MS / 4,
    });
  });
}

/** Runs `bowline serve` in a process of its own meanwhile. @param {(kubeconfig: string) => Promise<void>} work */
async function withServer(work) {
  const folder = await mkdtemp(join(tmpdir(), "bowline-ci-serve-"));
  const kubeconfig = join(folder, "kubeconfig");
  const server = spawn(
    process.execPath,
    ["--conditions=bowline-source", "--import", "tsx", "packages/cli/src/main.ts", "serve", "--kubeconfig", kubeconfig],
    { cwd: root, stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise((resolve) => server.once("close", resolve));
  try {
    await saysThatItServes(server, ended);
    await work(kubeconfig);
    server.kill("SIGTERM");
    await ended;
    if (existsSync(kubeconfig)) throw new Error("bowline serve left its kubeconfig");
  } finally {
    server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {import("node:child_process").ChildProcess} server @param {Promise<unknown>} ended */
function saysThatItServes(server, ended) {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr?.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (said.includes("try:")) resolve(undefined);
    });
    void ended.then(() => reject(new Error(`bowline serve ended early: ${said}`)));
  });
}
