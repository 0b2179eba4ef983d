/**
 * Replays recorded answers on the test server and says which steps differ.
 */
import { startTestServer } from "@bowline/testing";
import type { Answer, Scenario } from "../replay/capture.ts";
import { RawClient } from "../replay/raw-client.ts";
import { runScenario } from "../replay/scenario-run.ts";
import { standingClock, TEST_USERS } from "../replay/test-server-options.ts";
import { type Judgement, judge } from "./judge.ts";

const TOKENS = { admin: "admin-token", plain: "plain-token" };
/** The test server reacts at once. */
const QUICK = { pauseFactor: 0.05, lingerMs: 30 };

/** Replays scenarios in order on one fresh server. A scenario that stops early differs in all that was not reached. */
export async function* replayAnswers(
  scenarios: readonly Scenario[],
): AsyncGenerator<{ readonly scenario: Scenario; readonly differences: readonly Judgement[] }> {
  const withControllers = scenarios.some((scenario) => scenario.controllers === true);
  await using server = await startTestServer({
    tokens: TEST_USERS,
    // Controllers wait for time to pass; without them a second that passes would show in managedFields.
    ...(withControllers ? {} : { clock: standingClock() }),
    controllers: withControllers && { kubelet: false },
  });
  const client = new RawClient({ url: server.url, certificateAuthority: server.certificateAuthority, tokens: TOKENS });
  try {
    for (const scenario of scenarios) {
      const answers = new Map<string, Answer>();
      try {
        await runScenario(client, scenario, QUICK, (step, answer) => answers.set(step.name, answer));
      } catch {
        // What was not reached has no answer, which counts as a difference.
      }
      yield { scenario, differences: judge(scenario, answers) };
    }
  } finally {
    client.close();
  }
}
