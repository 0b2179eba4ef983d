import assert from "node:assert/strict";
import { test } from "node:test";
import { explainCredentials } from "./explain-credentials.ts";
import { contextOf, execOf, FakePlugin, testHost } from "./testdata/fake-plugin.ts";

test("a plugin is explained without being run, and without its secrets", () => {
  using plugin = new FakePlugin();
  const host = testHost({ env: () => ({ PATH: plugin.folder }) });
  const exec = execOf(plugin, {
    command: "plugin.sh",
    args: ["hunter2"],
    env: [{ name: "SECRET", value: "hunter2" }],
    provideClusterInfo: true,
  });
  const explanation = explainCredentials(contextOf({ exec, impersonate: { user: "me" } }), { host });
  assert.deepEqual(explanation.methods, ["exec"]);
  assert.equal(explanation.impersonates, "me");
  assert.deepEqual(explanation.problems, []);
  const { path, argumentCount, variables, interactive, policy } = explanation.plugin ?? {};
  assert.deepEqual([path, argumentCount, interactive], [plugin.path, 1, false]);
  assert.deepEqual(variables, ["SECRET", "KUBERNETES_EXEC_INFO"]);
  assert.deepEqual(policy, { type: "AllowAll", allowed: true, reason: undefined });
  assert.doesNotMatch(JSON.stringify(explanation), /hunter2/);
  assert.equal(plugin.runs, 0);
});

test("what wins and what is overshadowed is said", () => {
  using plugin = new FakePlugin();
  const user = { exec: execOf(plugin), token: "t", tokenFile: "/nope" };
  const explanation = explainCredentials(contextOf(user));
  assert.deepEqual(explanation.methods, ["tokenFile"]);
  assert.deepEqual(explanation.overshadowed, ["token", "exec"]);
  assert.deepEqual(explainCredentials(contextOf({})).methods, []);
});

test("a verdict of the policy and what stands in the way of a run are said", () => {
  using plugin = new FakePlugin();
  const context = contextOf({ exec: execOf(plugin, { interactiveMode: "Always" }) });
  const { plugin: explained, problems } = explainCredentials(context, {
    host: testHost(),
    exec: { policy: { type: "DenyAll" } },
  });
  assert.deepEqual(explained?.policy, { type: "DenyAll", allowed: false, reason: "the policy is DenyAll" });
  assert.equal(explained?.interactive, undefined);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["PluginNeedsTerminal"],
  );
  const old = contextOf({ exec: execOf(plugin, { apiVersion: "client.authentication.k8s.io/v1alpha1" }) });
  assert.deepEqual(
    explainCredentials(old).problems.map(({ code }) => code),
    ["PluginVersionUnsupported"],
  );
});
