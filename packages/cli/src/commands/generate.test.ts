import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { startTestServer } from "@bowline/testing";
import type { CommandIo } from "../command.ts";
import { runCommand } from "../run-command.ts";

const kindOf = (group: string) => ({ group, version: "v1", kind: "Widget" });

/** What a server says of one custom resource in that group. */
function documentOf(group: string): string {
  const kind = kindOf(group);
  return JSON.stringify({
    openapi: "3.0.0",
    paths: {
      [`/apis/${group}/v1/widgets/{name}`]: {
        get: { "x-kubernetes-action": "get", "x-kubernetes-group-version-kind": kind },
      },
    },
    components: {
      schemas: {
        [`${group.split(".").reverse().join(".")}.v1.Widget`]: {
          type: "object",
          description: "A widget.",
          properties: { size: { type: "integer" } },
          "x-kubernetes-group-version-kind": [kind],
        },
      },
    },
  });
}

function ioTo(output: string[]): CommandIo {
  return {
    out: (text) => void output.push(text),
    error: (text) => void output.push(text),
    env: {},
    signal: new AbortController().signal,
  };
}

/** Runs the command in a folder with two documents in `from`. */
async function run(
  work: (bowline: (...args: string[]) => Promise<number>, folder: string, output: string[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-generate-"));
  const output: string[] = [];
  const io = ioTo(output);
  try {
    await mkdir(join(folder, "from"));
    for (const group of ["a.example.com", "b.example.com"])
      await writeFile(join(folder, "from", `${group}.json`), documentOf(group));
    const options = ["--from", join(folder, "from"), "--output", join(folder, "out")];
    await work((...args) => runCommand(["generate", ...options, ...args], io), folder, output);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("writes a file for each group and version, and says so", async () => {
  await run(async (bowline, folder, output) => {
    assert.equal(await bowline("--docs"), 0);
    const text = await readFile(join(folder, "out", "a.example.com", "v1.ts"), "utf8");
    assert.match(text, /"a\.example\.com\/v1\/Widget": Widget;/);
    assert.match(text, /A widget\./);
    assert.match(output.join(""), /b\.example\.com\/v1\.ts\n2 files, 2 written, 0 removed\n$/);
  });
});

test("--check fails until the files are written, and writes nothing", async () => {
  await run(async (bowline, _folder, output) => {
    assert.equal(await bowline("--check"), 1);
    assert.match(output.join(""), /out of date: .*a\.example\.com/);
    assert.equal(await bowline("--check"), 1);
    assert.equal(await bowline(), 0);
    assert.equal(await bowline("--check"), 0);
  });
});

test("--group drops the files of other groups", async () => {
  await run(async (bowline, folder) => {
    assert.equal(await bowline(), 0);
    assert.equal(await bowline("--group", "b.example.com"), 0);
    await assert.rejects(readFile(join(folder, "out", "a.example.com", "v1.ts")), { code: "ENOENT" });
    assert.match(await readFile(join(folder, "out", "b.example.com", "v1.ts"), "utf8"), /Widget/);
  });
});

test("says what an unknown option is", async () => {
  await run(async (bowline, _folder, output) => {
    assert.equal(await bowline("--doc"), 2);
    assert.match(output.join(""), /'--doc'/);
  });
});

test("asks a cluster, and says so where it has the built-in kinds only", async () => {
  await using server = await startTestServer();
  const folder = await mkdtemp(join(tmpdir(), "bowline-generate-"));
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, server.kubeconfig, { mode: 0o600 });
    const output: string[] = [];
    const io = ioTo(output);
    assert.equal(await runCommand(["generate", "--kubeconfig", kubeconfig, "--output", join(folder, "out")], io), 0);
    assert.equal(output.join(""), "no kinds beyond the built-in ones\n");
    const paths = server.requests.map((request) => request.path);
    assert.ok(paths.includes("/openapi/v3"), `asked for ${paths.join(" ")}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
