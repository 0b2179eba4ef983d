/**
 * `npm run differential:record`: sends the scenarios of all kinds to a kube-apiserver and keeps its answers, one file a kind.
 *
 *     npm run differential:record -- --server URL --ca FILE --out FOLDER [--controllers]
 *       [--only REGEX]
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Answer, CapturedRequest, CapturedStep } from "../replay/capture.ts";
import { RawClient } from "../replay/raw-client.ts";
import { runScenario } from "../replay/scenario-run.ts";
import { controllerScenarios } from "./controller-topics.ts";
import { type PlannedScenario, scenariosOf } from "./families.ts";
import { readSampleObjects } from "./sample-object.ts";
import { topicScenarios } from "./topics.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    ca: { type: "string" },
    token: { type: "string", default: "admin-token" },
    "plain-token": { type: "string", default: "plain-token" },
    out: { type: "string" },
    only: { type: "string" },
    /** Only the scenarios that need controllers, instead of the others. */
    controllers: { type: "boolean", default: false },
  },
});
const { server, ca, out } = values;
if (server === undefined || ca === undefined || out === undefined)
  throw new Error("--server, --ca and --out are needed");
const only = new RegExp(values.only ?? "");
const tokens = { admin: values.token, plain: values["plain-token"] };

/** Some requests make a kube-apiserver panic; there is no answer to keep of those. */
class PatientClient extends RawClient {
  override async call(request: CapturedRequest): Promise<Answer> {
    try {
      return await super.call(request);
    } catch (error) {
      console.log(`  ${request.method} ${request.path}: ${String(error)}`);
      return { status: 0, headers: {} };
    }
  }
}

const client = new PatientClient({ url: server, certificateAuthority: readFileSync(ca, "utf8"), tokens });
mkdirSync(out, { recursive: true });
for (const sample of values.controllers ? [] : readSampleObjects().filter(({ label }) => only.test(label))) {
  const scenarios: unknown[] = [];
  for (const planned of scenariosOf(sample)) scenarios.push(await recorded(client, planned));
  const file = `${sample.label.replaceAll("/", "_")}.json`;
  writeFileSync(
    join(out, file),
    `${JSON.stringify({ topic: sample.label, server: "kube-apiserver v1.37.2", scenarios })}\n`,
  );
  console.log(sample.label);
}
const allTopics = values.controllers ? controllerScenarios() : topicScenarios();
const topics = allTopics.filter(({ topic, scenario }) => only.test(`topics/${topic}/${scenario.scenario}`));
for (const topic of new Set(topics.map((item) => item.topic))) {
  const scenarios: unknown[] = [];
  for (const planned of topics.filter((item) => item.topic === topic)) scenarios.push(await recorded(client, planned));
  const capture = { topic: `topics/${topic}`, server: "kube-apiserver v1.37.2", scenarios };
  writeFileSync(join(out, `topics_${topic}.json`), `${JSON.stringify(capture)}\n`);
}
client.close();

async function recorded(
  to: RawClient,
  { topic, scenario }: Pick<PlannedScenario, "topic" | "scenario">,
): Promise<unknown> {
  const answers = new Map<string, Answer>();
  try {
    await runScenario(to, scenario, { pauseFactor: 1, lingerMs: 200 }, (step, answer) =>
      answers.set(step.name, answer),
    );
  } catch (error) {
    console.log(`  ${scenario.scenario} stopped: ${String(error).slice(0, 300)}`);
  }
  const withAnswers = (steps: readonly CapturedStep[]): unknown[] =>
    steps
      .filter(({ name }) => (answers.get(name)?.status ?? 0) > 0)
      .map((step) => ({
        ...step,
        ...(step.watch === undefined ? {} : { watch: { ...step.watch, during: withAnswers(step.watch.during ?? []) } }),
        response: answers.get(step.name),
      }));
  return { ...scenario, about: topic, steps: withAnswers(scenario.steps) };
}
