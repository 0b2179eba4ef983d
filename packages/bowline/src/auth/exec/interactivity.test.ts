import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecConfig } from "../../config/cluster.ts";
import { execOf, FakePlugin, testHost } from "../testdata/fake-plugin.ts";
import type { ExecOptions } from "./exec-options.ts";
import { isInteractive } from "./interactivity.ts";

const rows: readonly [ExecConfig["interactiveMode"], boolean, ExecOptions["stdinUnavailable"], boolean | RegExp][] = [
  ["Never", true, false, false],
  ["Never", false, true, false],
  ["IfAvailable", false, false, false],
  ["IfAvailable", true, false, true],
  ["IfAvailable", true, true, false],
  ["Always", false, false, /standard input is not a terminal/],
  ["Always", false, true, /standard input is not a terminal/],
  ["Always", true, true, /standard input is unavailable$/],
  ["Always", true, "used by --filename", /standard input is unavailable: used by --filename$/],
  ["Always", true, false, true],
  ["", true, false, /interactiveMode/],
];

for (const [interactiveMode, isTerminal, stdinUnavailable, expected] of rows) {
  const conditions = `${isTerminal ? "a" : "no"} terminal, stdin ${stdinUnavailable === false ? "free" : "taken"}`;
  test(`E32 mode ${JSON.stringify(interactiveMode)} with ${conditions} is ${String(expected)}`, () => {
    using plugin = new FakePlugin();
    const ask = (): boolean =>
      isInteractive(execOf(plugin, { interactiveMode }), { stdinUnavailable }, testHost({ isTerminal }));
    if (typeof expected === "boolean") assert.equal(ask(), expected);
    else assert.throws(ask, { code: "PluginNeedsTerminal", message: expected });
  });
}

test("E33 asks for the terminal again at each run", async () => {
  using plugin = new FakePlugin();
  let isTerminal = false;
  const host = testHost({ stdinIsTerminal: () => isTerminal });
  const exec = execOf(plugin, { interactiveMode: "Always" });
  assert.throws(() => isInteractive(exec, {}, host));
  isTerminal = true;
  assert.equal(isInteractive(exec, {}, host), true);
});
