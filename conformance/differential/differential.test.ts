/**
 * Replays what a kube-apiserver answered to scenarios of our own on the test server. Steps that are known to differ are not
 * judged; `keep-answers.ts` writes them down.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Scenario } from "../replay/capture.ts";
import { replayAnswers } from "./replay-answers.ts";

/** The scenarios of one file of `answers.json.gz`. */
export interface KeptAnswers {
  readonly topic: string;
  readonly scenarios: readonly Scenario[];
  /** `SCENARIO STEP` of each step that is answered otherwise so far. */
  readonly differing: readonly string[];
}

const file = new URL("answers.json.gz", import.meta.url);
const kept = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as readonly KeptAnswers[];

for (const { topic, scenarios, differing } of kept) {
  test(`the test server answers ${topic} as a kube-apiserver does`, async () => {
    const known = new Set(differing);
    const wrong: string[] = [];
    for await (const { scenario, differences } of replayAnswers(scenarios)) {
      for (const { step, differences: found } of differences) {
        if (known.has(`${scenario.scenario} ${step}`)) continue;
        wrong.push(`${scenario.scenario} ${step}: ${JSON.stringify(found[0])}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}
