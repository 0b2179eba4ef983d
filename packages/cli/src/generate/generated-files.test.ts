import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { compareFiles, MARK, writeFiles } from "./generated-files.ts";

test("writes what differs, removes what is generated no longer, and leaves the rest", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bowline-files-"));
  try {
    await mkdir(join(folder, "old"));
    await writeFile(join(folder, "old", "v1.ts"), `${MARK}x\n`);
    await writeFile(join(folder, "mine.ts"), "export {};\n");
    await writeFile(join(folder, "same.ts"), `${MARK}same\n`);
    const files = new Map([
      ["same.ts", `${MARK}same\n`],
      ["new/v1.ts", `${MARK}new\n`],
    ]);
    const expected = { changed: ["new/v1.ts"], stale: ["old/v1.ts"] };
    assert.deepEqual(await compareFiles(folder, files), expected);
    assert.deepEqual(await writeFiles(folder, files), expected);
    assert.deepEqual(await compareFiles(folder, files), { changed: [], stale: [] });
    assert.equal(await readFile(join(folder, "new", "v1.ts"), "utf8"), `${MARK}new\n`);
    assert.deepEqual((await readdir(folder)).sort(), ["mine.ts", "new", "old", "same.ts"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("takes a folder that is not there for an empty one", async () => {
  const folder = join(tmpdir(), "bowline-files-that-are-not-there");
  assert.deepEqual(await compareFiles(folder, new Map([["a.ts", ""]])), { changed: ["a.ts"], stale: [] });
});
