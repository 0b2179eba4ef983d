/**
 * Replays captures against a server and counts the steps that are answered as recorded.
 */
import { type Answer, type Capture, flatSteps, type Scenario } from "./capture.ts";
import { compare, type Difference } from "./compare.ts";
import { Mask } from "./mask.ts";
import { RawClient, type Target } from "./raw-client.ts";
import { type RunOptions, runScenario } from "./scenario-run.ts";

/** One step that was not answered as recorded. */
export interface Mismatch {
  readonly step: string;
  readonly request: string;
  /** Absent where the step was not reached. */
  readonly differences?: readonly Difference[] | undefined;
}

/** What became of a scenario. */
export interface ScenarioResult {
  readonly topic: string;
  readonly scenario: string;
  readonly matched: number;
  readonly total: number;
  readonly mismatches: readonly Mismatch[];
  /** What stopped it early. */
  readonly error?: string | undefined;
}

/** Replays one scenario. The server must not have seen it before. */
export async function replayScenario(
  target: Target,
  topic: string,
  scenario: Scenario,
  options: RunOptions,
): Promise<ScenarioResult> {
  const client = new RawClient(target);
  const answers = new Map<string, Answer>();
  let error: string | undefined;
  try {
    await runScenario(client, scenario, options, (step, answer) => answers.set(step.name, answer));
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    client.close();
  }
  const [wanted, got] = [new Mask(scenario), new Mask(scenario)];
  const mismatches: Mismatch[] = [];
  let total = 0;
  for (const step of flatSteps(scenario.steps)) {
    total += 1;
    const request = `${step.request.method} ${step.request.path}`;
    const answer = answers.get(step.name);
    if (answer === undefined) {
      mismatches.push({ step: step.name, request });
      continue;
    }
    const differences = compare(wanted.answer(step, step.response), got.answer(step, answer));
    if (differences.length > 0) mismatches.push({ step: step.name, request, differences });
  }
  return { topic, scenario: scenario.scenario, matched: total - mismatches.length, total, mismatches, error };
}

/** Which scenarios to run. */
export interface Selection {
  readonly only?: RegExp | undefined;
  /** Those that need controllers, or the others. */
  readonly withControllers: boolean;
}

/** The scenarios of a selection, with their topics. */
export function selectScenarios(
  captures: readonly Capture[],
  { only, withControllers }: Selection,
): { readonly topic: string; readonly scenario: Scenario }[] {
  return captures.flatMap(({ topic, scenarios }) =>
    scenarios
      .filter((scenario) => (scenario.controllers === true) === withControllers)
      .filter(({ scenario }) => only === undefined || only.test(`${topic}/${scenario}`))
      .map((scenario) => ({ topic, scenario })),
  );
}
