import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { packTar } from "modern-tar";
import { kubelet, RemoteSession } from "../../client/testdata/fake-kubelet.ts";
import { runProcesses } from "../../client/testdata/process-kubelet.ts";
import { copyFrom, copyTo } from "../index.ts";

const skip = process.platform === "win32" || spawnSync("tar", ["--version"]).status !== 0;

/** A container's folder, a folder here, and the pods. */
async function setUp(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), "bowline-copy-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const remote = path.join(folder, "remote");
  const local = path.join(folder, "local");
  await mkdir(remote);
  await mkdir(local);
  const { pods } = await kubelet(t, runProcesses(remote));
  return {
    remote,
    local,
    pods,
    here: (name: string) => path.join(local, name),
    there: (name: string) => path.join(remote, name),
  };
}

test("a large file goes both ways, byte by byte, with its mode", { skip }, async (t) => {
  const { pods, here, there } = await setUp(t);
  const content = Buffer.alloc(5_000_000, "0123456789abcdef\n");
  await writeFile(here("a.bin"), content);
  await chmod(here("a.bin"), 0o750);
  await copyTo(pods, "p", here("a.bin"), "/container/b.bin");
  assert.ok((await readFile(there("b.bin"))).equals(content));
  assert.equal((await stat(there("b.bin"))).mode & 0o777, 0o750);
  await copyFrom(pods, "p", "/container/b.bin", here("c.bin"));
  assert.ok((await readFile(here("c.bin"))).equals(content));
  assert.equal((await stat(here("c.bin"))).mode & 0o777, 0o750);
});

test("a file goes into a folder that is there, and becomes the file that is named otherwise", { skip }, async (t) => {
  const { pods, here, there } = await setUp(t);
  await mkdir(there("folder"));
  await writeFile(here("-a b"), "text");
  await copyTo(pods, "p", here("-a b"), "/container/folder");
  await copyTo(pods, "p", here("-a b"), "/container/folder/other");
  assert.deepEqual((await readdir(there("folder"))).sort(), ["-a b", "other"]);
  await mkdir(here("out"));
  await copyFrom(pods, "p", "/container/folder/-a b", here("out"));
  await copyFrom(pods, "p", "/container/folder/other", here("out/third"));
  assert.deepEqual((await readdir(here("out"))).sort(), ["-a b", "third"]);
  assert.equal(await readFile(here("out/third"), "utf8"), "text");
});

test("a folder's content goes both ways, with empty folders, links inside, long names and what is there already", {
  skip,
}, async (t) => {
  const { pods, here, there } = await setUp(t);
  const long = `${"d".repeat(120)}/${"f".repeat(120)}`;
  await mkdir(here("tree/empty"), { recursive: true });
  await mkdir(path.dirname(here(`tree/${long}`)));
  await writeFile(here(`tree/${long}`), "long");
  await writeFile(here("tree/a"), "a");
  await symlink("a", here("tree/link"));
  await mkdir(there("copy"));
  await writeFile(there("copy/before"), "before");
  await copyTo(pods, "p", here("tree"), "/container/copy/");
  assert.equal(await readFile(there(`copy/${long}`), "utf8"), "long");
  await copyFrom(pods, "p", "/container/copy", here("back"));
  assert.deepEqual((await readdir(here("back"))).sort(), ["a", "before", "d".repeat(120), "empty", "link"]);
  assert.equal(await readlink(here("back/link")), "a");
  assert.equal(await readFile(here(`back/${long}`), "utf8"), "long");
  await writeFile(here("back/a"), "changed");
  await copyFrom(pods, "p", "/container/copy/", here("back"));
  assert.equal(await readFile(here("back/a"), "utf8"), "a");
});

test("a link that leads out of the copy is left out and told", { skip }, async (t) => {
  const { pods, here, there } = await setUp(t);
  await mkdir(there("tree/below"), { recursive: true });
  await symlink("/etc/passwd", there("tree/absolute"));
  await symlink("../../outside", there("tree/below/up"));
  await symlink("../inside", there("tree/below/fine"));
  const skipped: string[] = [];
  await copyFrom(pods, "p", "/container/tree", here("tree"), { onSkip: (name) => skipped.push(name) });
  assert.deepEqual(skipped.map((name) => name.replace(/^\.\//, "")).sort(), ["tree/absolute", "tree/below/up"]);
  assert.deepEqual(await readdir(here("tree/below")), ["fine"]);
});

test("what is not there, here or there, and a container without tar are told in their own words", {
  skip,
}, async (t) => {
  const { pods, here } = await setUp(t);
  await assert.rejects(copyFrom(pods, "p", "/container/none", here("x")), {
    code: "CopyFailed",
    message: /none.*No such file/,
  });
  await assert.rejects(lstat(here("x")), { code: "ENOENT" });
  await assert.rejects(copyTo(pods, "p", here("none"), "/container/x"), { code: "ENOENT" });
  await writeFile(here("a"), "a");
  await assert.rejects(copyTo(pods, "p", here("a"), "/container/no/such/folder"), {
    code: "CopyFailed",
    message: /exit code/,
  });
  const status = {
    metadata: {},
    status: "Failure",
    reason: "InternalError",
    code: 500,
    message: 'error executing command in container: exec: "tar": executable file not found in $PATH',
  };
  const bare = await kubelet(t, (end) => new RemoteSession(end).status(status));
  await assert.rejects(copyFrom(bare.pods, "p", "/a", here("x")), { code: "CopyFailed", message: /could not run tar/ });
  await assert.rejects(copyTo(bare.pods, "p", here("a"), "/a/"), { code: "CopyFailed", message: /could not run tar/ });
});

test("an archive that wants out of the target writes nothing there", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "bowline-copy-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const dir = { type: "directory" as const, size: 0 };
  const evil = {
    dots: [
      { header: { name: "./x/", ...dir } },
      { header: { name: "./x/../../stolen", size: 1, type: "file" as const }, body: "x" },
    ],
    through: [
      { header: { name: "./x/", ...dir } },
      { header: { name: "./x/a/", ...dir } },
      { header: { name: "./x/l1", size: 0, type: "symlink" as const, linkname: "a" } },
      { header: { name: "./x/l1/l2", size: 0, type: "symlink" as const, linkname: ".." } },
      { header: { name: "./x/l1/l2/l3", size: 0, type: "symlink" as const, linkname: "a/../.." } },
      { header: { name: "./x/l3/stolen", size: 1, type: "file" as const }, body: "x" },
    ],
    hard: [
      { header: { name: "./x/", ...dir } },
      { header: { name: "./x/h", size: 0, type: "link" as const, linkname: "../../secret" } },
    ],
    absolute: [
      { header: { name: "/x/", ...dir } },
      { header: { name: "/../stolen", size: 1, type: "file" as const }, body: "x" },
    ],
  };
  await writeFile(path.join(folder, "secret"), "s");
  for (const [name, entries] of Object.entries(evil)) {
    const bytes = await packTar(entries);
    const { pods } = await kubelet(t, (end) => {
      const remote = new RemoteSession(end);
      remote.write(1, bytes);
      remote.exit(0);
    });
    const to = path.join(folder, name, "x");
    await assert.rejects(copyFrom(pods, "p", "/x", to), { code: "CopyFailed" }, name);
    assert.deepEqual(await readdir(path.join(folder, name)), ["x"]);
    assert.ok(!(await readdir(folder)).includes("stolen"));
  }
});

test("an archive that is cut or broken is an error", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "bowline-copy-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const whole = await packTar([{ header: { name: "./x", size: 2000, type: "file" }, body: "x".repeat(2000) }]);
  for (const bytes of [whole.subarray(0, 1500), Buffer.alloc(2048, "no archive at all ")]) {
    const { pods } = await kubelet(t, (end) => {
      const remote = new RemoteSession(end);
      remote.write(1, bytes);
      remote.exit(0);
    });
    await assert.rejects(copyFrom(pods, "p", "/x", path.join(folder, "x")), { code: "CopyFailed" });
  }
});
