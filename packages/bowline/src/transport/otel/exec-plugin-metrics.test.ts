import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeterProvider } from "@opentelemetry/api";
import { answer, FakePlugin, sourceOf, tokenOf } from "../../auth/testdata/fake-plugin.ts";
import { execPluginMetrics } from "./exec-plugin-metrics.ts";

test("runs, failures, verdicts, expiry and rotation are recorded in client-go's names", async () => {
  const recorded: unknown[][] = [];
  const observe: ((result: { observe(value: number): void }) => void)[] = [];
  const meter = {
    createCounter: (name: string) => ({ add: (value: number, by: object) => recorded.push([name, value, by]) }),
    createHistogram: (name: string) => ({ record: (value: number) => recorded.push([name, value]) }),
    createObservableGauge: () => ({ addCallback: (callback: (typeof observe)[0]) => observe.push(callback) }),
  };
  const hooks = execPluginMetrics({ meterProvider: { getMeter: () => meter } as unknown as MeterProvider });
  const seen: number[] = [];
  const collect = (): void => {
    for (const callback of observe) callback({ observe: (value) => seen.push(value) });
  };
  collect();
  assert.deepEqual(seen, [], "there is no certificate yet");
  using plugin = new FakePlugin();
  assert.equal(await tokenOf(sourceOf(plugin, {}, { metrics: hooks })), "t");
  plugin.answers(answer({})).does("exit 3");
  await assert.rejects(tokenOf(sourceOf(plugin, {}, { metrics: hooks })), { code: "PluginFailed" });
  hooks.certificateRotation?.(5000);
  const calls = "rest_client_exec_plugin_call_total";
  const policy = ["rest_client_exec_plugin_policy_call_total", 1, { allowed: true }];
  assert.deepEqual(recorded, [
    policy,
    [calls, 1, { code: 0, call_status: "no_error" }],
    policy,
    [calls, 1, { code: 3, call_status: "plugin_execution_error" }],
    ["rest_client_exec_plugin_certificate_rotation_age", 5],
  ]);
  hooks.certificateExpiry?.(new Date(Date.now() + 60_000));
  collect();
  assert.ok(seen[0] !== undefined && seen[0] > 50 && seen[0] <= 60);
});
