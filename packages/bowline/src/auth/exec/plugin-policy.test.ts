import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeHost } from "../../config/host.ts";
import { FakePlugin, sourceOf, testHost, tokenOf } from "../testdata/fake-plugin.ts";
import type { ExecMetrics } from "./exec-metrics.ts";
import type { PluginPolicy } from "./plugin-policy.ts";
import { checkPluginPolicy } from "./plugin-policy.ts";

const invalid: readonly [unknown, RegExp][] = [
  [{ type: "Foo" }, /"Foo" is not AllowAll/],
  [{ type: "AllowAll", allowlist: [] }, /the policy is "AllowAll" and yet there is an allowlist/],
  [{ type: "DenyAll", allowlist: ["x"] }, /the policy is "DenyAll" and yet/],
  [{ type: "", allowlist: ["x"] }, /the policy is "" and yet/],
  [{ type: "Allowlist" }, /there is no allowlist/],
  [{ type: "Allowlist", allowlist: [] }, /allowlist is empty.*DenyAll/],
  [{ type: "Allowlist", allowlist: ["a", ""] }, /entry 2 of the allowlist is empty/],
  [{ type: "Allowlist", allowlist: ["/tmp/../tmp/x"] }, /"\/tmp\/\.\.\/tmp\/x" is not a clean path; write "\/tmp\/x"/],
];
for (const [policy, message] of invalid) {
  test(`E62 refuses the policy ${JSON.stringify(policy)} when the source is made`, () => {
    using plugin = new FakePlugin();
    const make = (): unknown => sourceOf(plugin, {}, { policy: policy as PluginPolicy });
    assert.throws(make, { code: "PluginPolicyInvalid", message });
  });
}

test("E61 accepts AllowAll, DenyAll and a list", () => {
  checkPluginPolicy({ type: "AllowAll" }, nodeHost);
  checkPluginPolicy({ type: "DenyAll" }, nodeHost);
  checkPluginPolicy({ type: "Allowlist", allowlist: ["a", "/b/c"] }, nodeHost);
});

async function verdict(plugin: FakePlugin, command: string, allowlist: readonly string[] | "DenyAll"): Promise<string> {
  const policy: PluginPolicy = allowlist === "DenyAll" ? { type: "DenyAll" } : { type: "Allowlist", allowlist };
  const host = testHost({ env: () => ({ PATH: `/nonexistent:${plugin.folder}:/usr/bin:/bin` }) });
  const source = sourceOf(plugin, { command }, { policy, host });
  try {
    await source.credential();
    return "runs";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("E61 B9 DenyAll runs nothing, and is one option", async () => {
  using plugin = new FakePlugin();
  assert.equal(await verdict(plugin, plugin.path, "DenyAll"), "PluginNotAllowed");
  assert.equal(plugin.runs, 0);
});

test("E63 compares as configured, then as found in PATH, on both sides", async () => {
  using plugin = new FakePlugin();
  assert.equal(await verdict(plugin, plugin.path, [plugin.path]), "runs");
  assert.equal(await verdict(plugin, "plugin.sh", ["plugin.sh"]), "runs");
  assert.equal(await verdict(plugin, "plugin.sh", ["other", plugin.path]), "runs");
  assert.equal(await verdict(plugin, plugin.path, ["plugin.sh", "other"]), "runs");
});

test("E63 does not look through symbolic links", async () => {
  using plugin = new FakePlugin();
  symlinkSync(plugin.path, join(plugin.folder, "link.sh"));
  assert.equal(await verdict(plugin, join(plugin.folder, "link.sh"), [plugin.path]), "PluginNotAllowed");
});

test("E63 a bare name in the list permits only what PATH has under it", async () => {
  using plugin = new FakePlugin();
  using elsewhere = new FakePlugin();
  assert.equal(await verdict(plugin, elsewhere.path, ["plugin.sh"]), "PluginNotAllowed");
});

test("E64 refuses what is not listed and what cannot be found", async () => {
  using plugin = new FakePlugin();
  assert.equal(await verdict(plugin, plugin.path, ["other"]), "PluginNotAllowed");
  assert.equal(await verdict(plugin, "nowhere", ["other"]), "PluginNotAllowed");
  assert.equal(plugin.runs, 0);
});

test("E65 policies do not share a credential", async () => {
  using plugin = new FakePlugin();
  const [host, onStderr] = [testHost(), () => undefined];
  await tokenOf(sourceOf(plugin, {}, { host, onStderr }));
  const denied = sourceOf(plugin, {}, { host, onStderr, policy: { type: "DenyAll" } });
  await assert.rejects(tokenOf(denied), { code: "PluginNotAllowed" });
});

test("E66 E67 counts calls and policy verdicts with client-go's labels", async () => {
  const calls: string[] = [];
  const metrics: ExecMetrics = {
    call: ({ code, callStatus }) => void calls.push(`${code} ${callStatus}`),
    policyCall: ({ allowed }) => void calls.push(allowed ? "allowed" : "denied"),
  };
  const ask = async (body: string, changes = {}, options = {}): Promise<void> => {
    using plugin = new FakePlugin(body);
    await tokenOf(sourceOf(plugin, changes, { metrics, ...options })).catch(() => undefined);
  };
  await ask('cat "$d/answer"');
  await ask("exit 5");
  await ask("kill -9 $$");
  await ask("", { command: "/nonexistent" });
  await ask("", { command: "nonexistent" });
  await ask("", {}, { policy: { type: "DenyAll" } });
  assert.deepEqual(calls, [
    ...["allowed", "0 no_error", "allowed", "5 plugin_execution_error", "allowed", "-1 plugin_execution_error"],
    ...["allowed", "1 plugin_not_found_error", "allowed", "1 plugin_not_found_error", "denied"],
  ]);
});
