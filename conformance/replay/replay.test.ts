import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "@bowline/testing";
import { readCaptures } from "./capture.ts";
import { replayScenario, type ScenarioResult, selectScenarios } from "./replay.ts";
import { standingClock, TEST_USERS } from "./test-server-options.ts";

/** How many recorded steps of each topic are answered as recorded, without controllers. Only ever raised. */
const FLOORS: Readonly<Record<string, number>> = {
  apply: 82,
  auth: 70,
  create: 96,
  crd: 98,
  defaulting: 50,
  delete: 90,
  discovery: 56,
  "get-list": 109,
  patch: 70,
  subresources: 94,
  update: 56,
  validation: 93,
  watch: 76,
};
/** A server that answers from memory needs next to none of the recorded waits. */
const QUICK = { pauseFactor: 0, lingerMs: 50 };

const captures = readCaptures(new URL("../captures/", import.meta.url));
const tokens = { admin: "admin-token", plain: "plain-token" };

for (const { topic } of captures.filter((capture) => capture.topic in FLOORS)) {
  test(`answers ${topic} as a kube-apiserver does`, async () => {
    await using server = await startTestServer({ tokens: TEST_USERS, clock: standingClock() });
    const target = { url: server.url, certificateAuthority: server.certificateAuthority, tokens };
    const results: ScenarioResult[] = [];
    const selected = selectScenarios(captures, { withControllers: false });
    for (const { scenario } of selected.filter((item) => item.topic === topic)) {
      results.push(await replayScenario(target, topic, scenario, QUICK));
    }
    const matched = results.reduce((sum, result) => sum + result.matched, 0);
    const missed = results.flatMap(({ scenario, mismatches }) => mismatches.map(({ step }) => `${scenario}/${step}`));
    assert.ok(
      matched >= (FLOORS[topic] ?? 0),
      `${matched} of at least ${FLOORS[topic]} match; these do not: ${missed.join(", ")}`,
    );
  });
}
