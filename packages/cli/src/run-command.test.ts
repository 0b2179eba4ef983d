import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "./run-command.ts";
import { Workplace } from "./testdata/workplace.ts";

test("--help lists every command, and each explains itself", async () => {
  using work = new Workplace();
  const { exitCode, out } = await work.bowline("--help");
  assert.equal(exitCode, 0);
  for (const { name, summary } of commands) {
    assert.ok(out.includes(`${name} `) && out.includes(summary), name);
    const help = await work.bowline(name, "--help");
    assert.equal(help.exitCode, 0);
    assert.match(help.out, new RegExp(`^usage: bowline ${name} `));
    assert.ok(
      help.out.split("\n").every((line) => line.length <= 120),
      name,
    );
  }
});

test("no command, and one that there is not, end with 2", async () => {
  using work = new Workplace();
  assert.equal((await work.bowline()).exitCode, 2);
  const unknown = await work.bowline("who");
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.error, /there is no command "who"/);
});
