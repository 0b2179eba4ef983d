/**
 * Runs every case with the real client-go and writes its answers, then with this library, and prints where they differ. Needs Go, and
 * Linux with the right to unshare for the cases of a pod.
 *
 *     node --conditions=bowline-source --import tsx conformance/client-go/record.ts [--compare] [part of a case's name]
 *     node --conditions=bowline-source --import tsx conformance/client-go/record.ts --more 1000 500
 *
 * With `--compare`, or with a part of a name, nothing is written. `--more` compares 500 other random cases of each kind, from number
 * 1000 on.
 */
import { allCases, familyOf } from "./all-cases.ts";
import type { CaseAnswer } from "./case.ts";
import { differences } from "./compare.ts";
import { mutationCases } from "./families/mutations.ts";
import { randomCases } from "./families/random.ts";
import { writeRecorded } from "./recorded-answers.ts";
import { RecordingServers } from "./recording-servers.ts";
import { runBowline } from "./run-bowline.ts";
import { runCase } from "./run-case.ts";
import { ClientGo } from "./run-client-go.ts";

const [part, count] = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const isComparing = process.argv.includes("--compare") || part !== undefined;
const cases = process.argv.includes("--more")
  ? [...randomCases(Number(part), Number(count)), ...mutationCases(Number(part), Number(count))]
  : allCases().filter(({ name }) => part === undefined || name.includes(part));
const recorded: Record<string, CaseAnswer> = {};
const counts = new Map<string, { cases: number; agree: number }>();

await using servers = new RecordingServers();
using clientGo = new ClientGo();
for (const each of cases) {
  const theirs = await runCase(each, servers, clientGo.run);
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
