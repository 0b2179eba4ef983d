/**
 * Everything that the real client-go did, held against this library: what server, proxies and plugins see of both.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allCases, familyOf } from "./all-cases.ts";
import type { CredentialCase } from "./case.ts";
import { differences } from "./compare.ts";
import { hasTerminal } from "./in-terminal.ts";
import { reasonToDiffer } from "./known-differences.ts";
import { readRecorded } from "./recorded-answers.ts";
import { RecordingServers } from "./recording-servers.ts";
import { runBowline } from "./run-bowline.ts";
import { runCase } from "./run-case.ts";

const recorded = readRecorded();
const isNode = !("Bun" in globalThis || "Deno" in globalThis);
const canShowTerminal = isNode && hasTerminal();
const families = grouped();

function grouped(): Map<string, CredentialCase[]> {
  const groups = new Map<string, CredentialCase[]>();
  for (const each of allCases()) {
    if (each.terminal === true && !canShowTerminal) continue;
    groups.set(familyOf(each), [...(groups.get(familyOf(each)) ?? []), each]);
  }
  return groups;
}

for (const [family, cases] of families) {
  test(`does in ${cases.length} cases of "${family}" what client-go does, but for what is known`, async () => {
    await using servers = new RecordingServers();
    const surprises: string[] = [];
    for (const each of cases) {
      const theirs = recorded[each.name];
      if (theirs === undefined) {
        surprises.push(`${each.name}: not recorded; run conformance/client-go/record.ts`);
        continue;
      }
      const { answer, errors } = await runCase(each, servers, runBowline);
      const different = differences(theirs, answer);
      const reason = reasonToDiffer(each.name);
      if (different.length > 0 && reason === undefined) {
        surprises.push(`${each.name}\n  ${different.join("\n  ")}\n  ours said ${JSON.stringify(errors)}`);
      }
      if (different.length === 0 && reason !== undefined)
        surprises.push(`${each.name}: agrees, and is listed as different`);
    }
    assert.deepEqual(surprises, []);
  });
}
