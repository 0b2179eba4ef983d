/**
 * What the real client-go v0.37.2 did in every case. `record.ts` writes it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CaseAnswer } from "./case.ts";

const file = new URL("./recorded-answers.json.gz", import.meta.url);

/** Answers by the names of cases. */
export type RecordedAnswers = Readonly<Record<string, CaseAnswer>>;

export function readRecorded(): RecordedAnswers {
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as RecordedAnswers;
}

export function writeRecorded(answers: RecordedAnswers): void {
  writeFileSync(file, gzipSync(JSON.stringify(answers), { level: 9 }));
}
