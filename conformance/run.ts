/**
 * `npm run conformance`: every case on a real control plane and on the test server, where any difference is a failure; then
 * the tour and the restarts on the control plane.
 *
 *     npm run conformance -- [--only REGEX] [--server real|test] [--record] [--existing]
 *
 * `--existing` runs the client cases on the cluster of KUBECONFIG, in namespaces of their own. `--record` keeps what the
 * control plane answers for runs without one.
 */
import { parseArgs } from "node:util";
import { runRestartCases } from "./chaos/restarts.ts";
import { RecordedAnswers } from "./recorded-answers.ts";
import { Report } from "./report.ts";
import { checkTitles, judgeAnswers, PATIENT, QUICK, runClientCase, runDifferentialCase } from "./run-suite.ts";
import { startControlPlaneServer } from "./servers/control-plane-server.ts";
import { existingServer } from "./servers/existing-server.ts";
import { startTestServerServer } from "./servers/test-server.ts";
import { ALL_CASES } from "./suite/all-cases.ts";
import { type DifferentialCase, needsControllers, type SuiteCase, type SuiteServer, titleOf } from "./suite/case.ts";
import { runTourOnControlPlane } from "./tour.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    server: { type: "string" },
    record: { type: "boolean", default: false },
    existing: { type: "boolean", default: false },
  },
});

const only = values.only === undefined ? undefined : new RegExp(values.only);
checkTitles(ALL_CASES);
const cases = ALL_CASES.filter((one) => only === undefined || only.test(titleOf(one)));
const report = new Report((line) => console.log(line));
const recorded = RecordedAnswers.read();

if (values.existing) await runOnExisting();
else {
  await runPhase(
    cases.filter((one) => !needsControllers(one)),
    false,
  );
  await runPhase(cases.filter(needsControllers), true);
}
report.finish();
let isGood = report.isGood;
if (values.record) recorded.write(ALL_CASES.filter((one) => one.type === "differential"));
if (!values.existing && values.server !== "test" && only === undefined) {
  for (const check of [runTourOnControlPlane, runRestartCases]) {
    try {
      console.log(await check());
    } catch (error) {
      isGood = false;
      console.log(`FAILED ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
process.exitCode = isGood ? 0 : 1;

/** Runs cases on both servers, or on the one that was asked for. */
async function runPhase(of: readonly SuiteCase[], withControllers: boolean): Promise<void> {
  if (of.length === 0) return;
  const log = (line: string): void => console.log(line);
  await using real = values.server === "test" ? undefined : await startControlPlaneServer(withControllers, log);
  await using test = values.server === "real" ? undefined : await startTestServerServer(withControllers);
  for (const one of of) {
    if (one.type === "differential") await differ(one, real, test);
    else {
      for (const server of [real, test]) {
        if (server !== undefined) report.add({ one, server: server.name, outcome: await runClientCase(one, server) });
      }
    }
  }
}

async function differ(
  one: DifferentialCase,
  real: SuiteServer | undefined,
  test: SuiteServer | undefined,
): Promise<void> {
  const [fromReal, got] = await Promise.all([
    real === undefined ? undefined : runDifferentialCase(one, real, PATIENT),
    test === undefined ? undefined : runDifferentialCase(one, test, QUICK),
  ]);
  if (real !== undefined && fromReal !== undefined) {
    const before = recorded.of(one);
    if (values.record) recorded.set(one, fromReal);
    const outcome = judgeAnswers(one, values.record ? fromReal : (before ?? fromReal), fromReal);
    report.add({ one, server: real.name, outcome });
  }
  if (test === undefined || got === undefined) return;
  const want = fromReal ?? recorded.of(one);
  const unrecorded = {
    type: "failed",
    reason: "no answer to these requests is recorded: npm run conformance -- --record",
  } as const;
  report.add({ one, server: test.name, outcome: want === undefined ? unrecorded : judgeAnswers(one, want, got) });
}

async function runOnExisting(): Promise<void> {
  await using server = await existingServer();
  for (const one of cases) {
    const outcome =
      one.type === "client"
        ? await runClientCase(one, server)
        : ({ type: "skipped", reason: "compares the two servers that this repository starts" } as const);
    report.add({ one, server: server.name, outcome });
  }
}
