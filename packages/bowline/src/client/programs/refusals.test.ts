import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

// What the compiler says does not depend on who runs it.
const skip = "Bun" in globalThis || "Deno" in globalThis;

test("the compiler refuses mistakes in words that help", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "bowline-refusals-"));
  try {
    const lines = readFileSync(join(here, "refusals.test-d.ts"), "utf8").split("\n");
    const source = lines.map((line) => line.replace("// @ts-expect-error", "//")).join("\n");
    writeFileSync(join(folder, "refusals.ts"), source);
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const compilerOptions = {
      ...(
        JSON.parse(readFileSync(join(here, "../../../../../tsconfig.base.json"), "utf8")) as { compilerOptions: object }
      ).compilerOptions,
      noEmit: true,
      paths: { bowline: [join(here, "../../index.ts")] },
      typeRoots: [join(dirname(require.resolve("@types/node/package.json")), "..")],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["refusals.ts"] }));
    const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
    const run = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { encoding: "utf8" });
    const said = saidByLine(run.stdout);
    const missing: string[] = [];
    lines.forEach((line, index) => {
      const expected = /^\/\/ @ts-expect-error (.*)$/.exec(line)?.[1];
      if (expected === undefined) return;
      const actual = said.get(index + 2) ?? "nothing";
      if (!actual.includes(expected)) missing.push(`${lines[index + 1]}\n  expected: ${expected}\n  said: ${actual}`);
    });
    assert.equal(missing.join("\n"), "");
    assert.ok(said.size > 20, run.stdout + run.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Each diagnostic with its indented continuation, by the line that it is about. */
function saidByLine(output: string): Map<number, string> {
  const said = new Map<number, string>();
  let line = 0;
  for (const text of output.split("\n")) {
    const at = /refusals\.ts\((\d+),\d+\): /.exec(text);
    if (at !== null) line = Number(at[1]);
    else if (!text.startsWith(" ")) line = 0;
    if (line !== 0) said.set(line, `${said.get(line) ?? ""}${text.trim()}\n`);
  }
  return said;
}
