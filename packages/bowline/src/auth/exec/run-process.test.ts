import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CredentialError } from "../credential-error.ts";
import { FakePlugin, sourceOf, tokenOf } from "../testdata/fake-plugin.ts";
import { StderrTail } from "./stderr-tail.ts";
import { windowsBatchCommand } from "./windows-batch.ts";

async function failure(plugin: FakePlugin, options: Parameters<typeof sourceOf>[2] = {}): Promise<CredentialError> {
  const source = sourceOf(plugin, {}, options);
  try {
    await source.credential();
  } catch (error) {
    assert.ok(error instanceof CredentialError);
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

/** Whether the process whose number the plugin wrote to `pid` is there and no zombie. */
function isAlive(plugin: FakePlugin): boolean {
  const pid = readFileSync(join(plugin.folder, "pid"), "utf8").trim();
  try {
    process.kill(Number(pid), 0);
    if (!existsSync(`/proc/${pid}/stat`)) return process.platform !== "linux";
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** A kill is asked for at once and done by the kernel a moment later. */
async function untilDead(plugin: FakePlugin): Promise<void> {
  const deadline = Date.now() + 5000;
  while (isAlive(plugin) && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!isAlive(plugin), "the process has ended");
}

test("a plugin that never ends is killed at its timeout, and with it what it started", async () => {
  using plugin = new FakePlugin('sleep 1000 & echo $! > "$d/pid"; wait');
  const error = await failure(plugin, { timeoutMs: 300 });
  assert.equal(error.code, "PluginTimedOut");
  assert.ok(error.retryable);
  await untilDead(plugin);
});

test("a plugin that prints without end is killed at the limit", async () => {
  using plugin = new FakePlugin('echo $$ > "$d/pid"; while :; do echo 0123456789012345678901234567890123456789; done');
  const error = await failure(plugin, { maxOutputBytes: 100_000 });
  assert.equal(error.code, "PluginOutputTooLarge");
  await untilDead(plugin);
});

test("a plugin that prints 100 MB is an error", async () => {
  using plugin = new FakePlugin("head -c 100000000 /dev/zero");
  assert.equal((await failure(plugin)).code, "PluginOutputTooLarge");
});

test("a grandchild that keeps standard output open beyond the timeout is an error, and is killed", async () => {
  using plugin = new FakePlugin('cat "$d/answer"; sleep 1000 & echo $! > "$d/pid"');
  const error = await failure(plugin, { timeoutMs: 500 });
  assert.equal(error.code, "PluginOutputHeld");
  await untilDead(plugin);
});

test("a plugin that closes standard output early and answers nothing is an error", async () => {
  using plugin = new FakePlugin("exec >&-; sleep 0.05");
  assert.equal((await failure(plugin)).code, "PluginOutputInvalid");
});

test("a script that names no interpreter is not run by whichever shell there is", async () => {
  using plugin = new FakePlugin();
  writeFileSync(plugin.path, readFileSync(plugin.path, "utf8").replace(/^#!.*\n/, ""));
  const error = await failure(plugin);
  assert.equal(error.code, "PluginNotStarted");
  assert.match(error.message, /ENOEXEC/);
  assert.equal(plugin.runs, 0);
});

test("a grandchild that keeps standard error open delays nothing", async () => {
  using plugin = new FakePlugin('cat "$d/answer"; sleep 5 >/dev/null & echo $! > "$d/pid"');
  const before = Date.now();
  assert.equal(await tokenOf(sourceOf(plugin)), "t");
  assert.ok(Date.now() - before < 4000);
  process.kill(Number(readFileSync(join(plugin.folder, "pid"), "utf8")), "SIGKILL");
});

test("output that is not UTF-8 is an error that quotes none of it", async () => {
  using plugin = new FakePlugin();
  plugin.answers(Buffer.from([0x61, 0xff, 0xfe, 0x80]));
  assert.equal((await failure(plugin)).code, "PluginOutputInvalid");
});

test("runs leave no file descriptor open", { skip: !existsSync("/proc/self/fd") }, async () => {
  const count = (): number => readdirSync("/proc/self/fd").length;
  using plugin = new FakePlugin('[ "$((n % 3))" = 0 ] && exit 1; [ "$((n % 3))" = 1 ] && sleep 9; cat "$d/answer"');
  const run = (): Promise<unknown> => failure(plugin, { timeoutMs: 50, backOffMs: 0 }).catch(() => undefined);
  for (let turn = 0; turn < 6; turn++) await run();
  const before = count();
  for (let turn = 0; turn < 12; turn++) await run();
  assert.ok(count() <= before + 3, `${before} before, ${count()} after`);
});

test("the tail of standard error holds the last lines, no escape sequences and nothing like a token", () => {
  const tail = new StderrTail();
  for (let line = 0; line < 2000; line++) tail.add(Buffer.from(`line ${line}\n`));
  tail.add(Buffer.from("\u001b[31mred\u001b[0m Authorization: Bearer abc.def eyJhbGciOi.eyJzdWIi.sig\n"));
  const lines = tail.text().split("\n");
  assert.equal(lines.length, 8);
  assert.equal(lines.at(-1), "red Authorization: Bearer [token] [token]");
});

test("values of the plugin's own variables do not get into the error", async () => {
  using plugin = new FakePlugin('echo "bad password $SECRET" >&2; exit 1');
  const source = sourceOf(plugin, { env: [{ name: "SECRET", value: "hunter2-hunter2" }] });
  await assert.rejects(Promise.resolve(source.credential()), (error: CredentialError) => {
    assert.equal(error.stderrTail, "bad password [hidden]");
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

test("values of the plugin's arguments do not get into the error, and its plain words do", async () => {
  using plugin = new FakePlugin('echo "$@" >&2; exit 1');
  const args = ["get-token", "--region=eu-west-1", "--client-secret", "open-sesame", "--token=hunter-two", "Pa55word"];
  await assert.rejects(Promise.resolve(sourceOf(plugin, { args }).credential()), {
    stderrTail: "get-token --region=[hidden] --client-secret [hidden] --token=[hidden] [hidden]",
  });
});

test("a plugin that nobody waits for any more does not keep the program alive", () => {
  using plugin = new FakePlugin('echo $$ > "$d/pid"; exec sleep 60');
  const program = join(plugin.folder, "program.mjs");
  const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  writeFileSync(
    program,
    `const { createCredentialSource } = await import(${url("../create-credential-source.ts")});
     const { contextOf, execOf } = await import(${url("../testdata/fake-plugin.ts")});
     const source = createCredentialSource(contextOf({ exec: execOf(${JSON.stringify({ path: plugin.path })}) }));
     const signal = AbortSignal.timeout(300);
     await source.credential({ signal }).catch((error) => console.log(error.name));`,
  );
  const isDeno = "Deno" in globalThis;
  const args = isDeno ? ["run", "-A", "--no-check", program] : [...process.execArgv, program];
  const { stdout, signal, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 15_000 });
  assert.deepEqual([stdout, signal], ["TimeoutError\n", null], stderr);
  assert.ok(isAlive(plugin), "E24 the run goes on");
  process.kill(Number(readFileSync(join(plugin.folder, "pid"), "utf8")), "SIGKILL");
});

test("E70 runs a batch file in cmd.exe with nothing that it could expand", () => {
  const { path, args } = windowsBatchCommand("C:\\p\\a b.cmd", ["x y", 'q"u', "%PATH%", "a&b", "t\\"], "C:\\cmd.exe");
  assert.equal(path, "C:\\cmd.exe");
  assert.deepEqual(args.slice(0, -1), ["/d", "/e:on", "/v:off", "/s", "/c"]);
  const words = ['"C:\\p\\a b.cmd"', '"x y"', '"q""u"', '"%%cd:~,%PATH%%cd:~,%"', '"a&b"', '"t\\\\"'];
  assert.equal(args.at(-1), `"${words.join(" ")}"`);
  assert.throws(() => windowsBatchCommand("a.bat", ["a\nb"], undefined), RangeError);
});
