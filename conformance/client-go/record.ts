/**
 * Runs every case with the real client-go and writes its answers, then with this library, and prints where they differ. Needs Go, and
 * Linux with the right to unshare for the cases of a pod.
 *
 *     node --conditions=bowline-source --import tsx conformance/client-go/record.ts [--compare] [part of a case's name]
 *     node --conditions=bowline-source --import tsx conformance/client-go/record.ts --more 1000 500
 *
 * With `--compare`, or with a part of a name, nothing is written. `--missing` asks only what has no answer yet. `--more` compares 500 other random cases of each kind, from number
 * 1000 on.
 */
import { allCases, familyOf, moreCases } from "./all-cases.ts";
import type { CaseAnswer, CredentialCase } from "./case.ts";
import { differences } from "./compare.ts";
import { type RecordedAnswers, readRecorded, writeRecorded } from "./recorded-answers.ts";
import { RecordingServers } from "./recording-servers.ts";
import { runBowline } from "./run-bowline.ts";
import { runCase } from "./run-case.ts";
import { ClientGo } from "./run-client-go.ts";

const [part, count] = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const isComparing = process.argv.includes("--compare") || part !== undefined;
const known: RecordedAnswers = process.argv.includes("--missing") ? readRecorded() : {};
const cases = process.argv.includes("--more")
  ? moreCases(Number(part), Number(count))
  : allCases().filter(({ name }) => !(name in known) && (part === undefined || name.includes(part)));
const recorded: Record<string, CaseAnswer> = {};
for (const { name } of allCases()) if (known[name] !== undefined) recorded[name] = known[name];
const counts = new Map<string, { cases: number; agree: number }>();

await using servers = new RecordingServers();
using clientGo = new ClientGo();
const waited = new Map(
  await Promise.all(cases.filter(takesTime).map(async (each) => [each.name, await runAlone(each)] as const)),
);
for (const each of cases) {
  const theirs = waited.get(each.name) ?? (await runCase(each, servers, clientGo.run));
  const ours = await runCase(each, servers, runBowline);
  recorded[each.name] = theirs.answer;
  const different = differences(theirs.answer, ours.answer);
  const count = counts.get(familyOf(each)) ?? { cases: 0, agree: 0 };
  counts.set(familyOf(each), count);
  count.cases += 1;
  if (different.length === 0) count.agree += 1;
  else {
    console.log(`${each.name}\n  ${different.join("\n  ")}`);
    console.log(`  client-go says ${JSON.stringify(theirs.errors)}, ours ${JSON.stringify(ours.errors)}`);
  }
}
console.table(Object.fromEntries(counts));
const agreeing = [...counts.values()].reduce((sum, { agree }) => sum + agree, 0);
console.log(`${agreeing} of ${cases.length} agree`);
if (!isComparing) writeRecorded(recorded);

/** client-go has no clock that could be moved: it waits minutes in some cases, so that these are run at the same time. */
function takesTime({ steps = [] }: CredentialCase): boolean {
  return steps.some(({ waitMs }) => waitMs !== undefined);
}

async function runAlone(given: CredentialCase): ReturnType<typeof runCase> {
  await using own = new RecordingServers();
  return runCase(given, own, clientGo.run);
}
