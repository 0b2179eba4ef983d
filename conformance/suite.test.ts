/**
 * The whole suite on the test server: client cases as they stand, differential cases against what the real control plane
 * has answered.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { knownReason } from "./known-differences.ts";
import { RecordedAnswers } from "./recorded-answers.ts";
import { checkTitles, judgeAnswers, type Outcome, QUICK, runClientCase, runDifferentialCase } from "./run-suite.ts";
import { startTestServerServer } from "./servers/test-server.ts";
import { ALL_CASES } from "./suite/all-cases.ts";
import { needsControllers, type SuiteCase, type SuiteServer, titleOf } from "./suite/case.ts";

/** Most cases wait for a moment somewhere, and none for another. */
const AT_ONCE = 6;
const recorded = RecordedAnswers.read();

async function outcomeOf(one: SuiteCase, server: SuiteServer): Promise<Outcome> {
  if (one.type === "client") return runClientCase(one, server);
  const want = recorded.of(one);
  assert.ok(want !== undefined, "no answer to these requests is recorded: npm run conformance -- --record");
  return judgeAnswers(one, want, await runDifferentialCase(one, server, QUICK));
}

it("has at least 300 cases, each under a title of its own", () => {
  checkTitles(ALL_CASES);
  assert.ok(ALL_CASES.length >= 300, `${ALL_CASES.length} cases`);
});

for (const withControllers of [false, true]) {
  describe(`the test server ${withControllers ? "with" : "without"} controllers`, { concurrency: AT_ONCE }, () => {
    let server: SuiteServer;
    before(async () => {
      server = await startTestServerServer(withControllers);
    });
    after(async () => {
      await server[Symbol.asyncDispose]();
    });
    for (const one of ALL_CASES.filter((any) => needsControllers(any) === withControllers)) {
      const title = titleOf(one);
      const known = knownReason(title);
      it(title, async (test) => {
        const outcome = await outcomeOf(one, server);
        if (outcome.type === "skipped") return void test.skip?.(outcome.reason);
        if (outcome.type === "failed" && known !== undefined) return void test.skip?.(`known to differ: ${known}`);
        assert.equal(outcome.type === "failed" ? outcome.reason : "", "");
      });
    }
  });
}
