/**
 * `npm run replay`: replays the recorded answers of a kube-apiserver against the test server, or another one, and prints how
 * many steps match, by topic.
 *
 *     npm run replay -- [--only REGEX] [--verbose] [--server URL --token TOKEN [--plain-token TOKEN] [--ca FILE] [--controllers]]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startTestServer } from "@bowline/testing";
import { readCaptures } from "./capture.ts";
import type { Target } from "./raw-client.ts";
import { replayScenario, type ScenarioResult, selectScenarios } from "./replay.ts";
import type { RunOptions } from "./scenario-run.ts";
import { standingClock, TEST_USERS } from "./test-server-options.ts";

const CAPTURES = new URL("../captures/", import.meta.url);
/** A server that answers from memory needs none of the recorded waits in full. */
const QUICK: RunOptions = { pauseFactor: 0.1, lingerMs: 100 };
const PATIENT: RunOptions = { pauseFactor: 1, lingerMs: 300 };

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
    server: { type: "string" },
    token: { type: "string" },
    "plain-token": { type: "string", default: "plain-token" },
    ca: { type: "string" },
    controllers: { type: "boolean", default: false },
  },
});
const only = values.only === undefined ? undefined : new RegExp(values.only);
const results: ScenarioResult[] = [];
if (values.server === undefined) {
  for (const withControllers of [false, true]) {
    await using server = await startTestServer({
      tokens: TEST_USERS,
      // Controllers wait for time to pass.
      ...(withControllers ? {} : { clock: standingClock() }),
      controllers: withControllers && { kubelet: false },
    });
    const tokens = { admin: "admin-token", plain: "plain-token" };
    await run({ url: server.url, certificateAuthority: server.certificateAuthority, tokens }, withControllers, QUICK);
  }
} else {
  const tokens = { admin: values.token ?? "", plain: values["plain-token"] };
  const certificateAuthority = values.ca === undefined ? undefined : readFileSync(values.ca, "utf8");
  await run({ url: values.server, certificateAuthority, tokens }, values.controllers, PATIENT);
}
report();

async function run(target: Target, withControllers: boolean, options: RunOptions): Promise<void> {
  for (const { topic, scenario } of selectScenarios(readCaptures(CAPTURES), { only, withControllers })) {
    const result = await replayScenario(target, topic, scenario, options);
    results.push(result);
    const isMatch = result.matched === result.total;
    if (!isMatch || values.verbose) {
      console.log(
        `${isMatch ? "match   " : "MISMATCH"} ${topic}/${result.scenario} (${result.matched} of ${result.total})`,
      );
    }
    if (!values.verbose) continue;
    if (result.error !== undefined) console.log(`  stopped: ${result.error.slice(0, 300)}`);
    for (const { step, request, differences } of result.mismatches) {
      console.log(`  ${step}: ${request}${differences === undefined ? " (not run)" : ""}`);
      for (const { path, want, got } of (differences ?? []).slice(0, 4)) {
        console.log(`    ${path}: want ${brief(want)}, got ${brief(got)}`);
      }
    }
  }
}

function report(): void {
  const topics = [...new Set(results.map(({ topic }) => topic))].sort();
  for (const topic of topics)
    printLine(
      topic,
      results.filter((result) => result.topic === topic),
    );
  printLine("total", results);
}

function printLine(name: string, of: readonly ScenarioResult[]): void {
  const matched = of.reduce((sum, result) => sum + result.matched, 0);
  const total = of.reduce((sum, result) => sum + result.total, 0);
  const share = total === 0 ? 100 : (100 * matched) / total;
  console.log(
    `${name.padEnd(14)} ${String(matched).padStart(5)} of ${String(total).padStart(5)}  ${share.toFixed(1).padStart(5)} %`,
  );
}

function brief(value: unknown): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return text.length <= 160 ? text : `${text.slice(0, 160)}...`;
}
