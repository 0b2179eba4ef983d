/**
 * `npm run differential`: replays recorded answers, one file a kind, on the test server and prints how many match, by kind and by
 * family, and what differs.
 *
 *     npm run differential -- FOLDER [--only REGEX] [--diffs N]
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { flatSteps, readCaptures } from "../replay/capture.ts";
import { replayAnswers } from "./replay-answers.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, diffs: { type: "string", default: "0" } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("a folder of recorded answers is needed");
const only = new RegExp(values.only ?? "");
const shown = Number(values.diffs);
const FAMILIES: Readonly<Record<string, string>> = {
  v: "verbs",
  e: "errors",
  c: "create",
  u: "update",
  s: "status",
  t: "topics",
  k: "topics",
};
const byKind = new Map<string, [number, number]>();
const byFamily = new Map<string, [number, number]>();

for (const { topic, scenarios } of readCaptures(pathToFileURL(`${folder}/`))) {
  if (!only.test(topic)) continue;
  for await (const { scenario, differences: wrong } of replayAnswers(scenarios)) {
    const family = FAMILIES[scenario.scenario[0] ?? ""] ?? "";
    const total = [...flatSteps(scenario.steps)].length;
    count(byKind, topic, { matched: total - wrong.length, total });
    count(byFamily, family, { matched: total - wrong.length, total });
    for (const { step, differences } of shown > 0 ? wrong : []) {
      console.log(`${topic} ${family}: ${step}`);
      for (const { path, want, got } of differences.slice(0, shown)) {
        console.log(`    ${path}\n      want ${brief(want)}\n      got  ${brief(got)}`);
      }
    }
  }
}
for (const counts of [byKind, byFamily]) for (const [name, [matched, total]] of counts) print(name, matched, total);
const all = [...byKind.values()];
print("total", sum(all.map(([matched]) => matched)), sum(all.map(([, total]) => total)));

function count(counts: Map<string, [number, number]>, name: string, result: { matched: number; total: number }): void {
  const [matched, total] = counts.get(name) ?? [0, 0];
  counts.set(name, [matched + result.matched, total + result.total]);
}

function print(name: string, matched: number, total: number): void {
  console.log(
    `${name.padEnd(72)} ${String(matched).padStart(5)} of ${String(total).padStart(5)} ${((100 * matched) / total).toFixed(1).padStart(6)} %`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function brief(value: unknown): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return text.length <= 600 ? text : `${text.slice(0, 600)}...`;
}
