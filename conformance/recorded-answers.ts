/**
 * What the real control plane answered to the differential cases, masked: so that the test server can be judged where
 * there is no control plane. `npm run conformance -- --record` writes it.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { MaskedAnswers } from "./run-suite.ts";
import { type DifferentialCase, titleOf } from "./suite/case.ts";

const FILE = new URL("./recorded-answers.json.gz", import.meta.url);

interface Recorded {
  /** Of the requests: what was answered to others says nothing. */
  readonly requests: string;
  readonly answers: MaskedAnswers;
}

/** Recorded answers by the titles of cases. */
export class RecordedAnswers {
  readonly #byTitle: Map<string, Recorded>;

  private constructor(byTitle: Map<string, Recorded>) {
    this.#byTitle = byTitle;
  }

  static read(): RecordedAnswers {
    let text: string;
    try {
      text = gunzipSync(readFileSync(FILE)).toString("utf8");
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT") throw error;
      text = "{}";
    }
    return new RecordedAnswers(new Map(Object.entries(JSON.parse(text) as Record<string, Recorded>)));
  }

  /** What was answered to exactly these requests, if it is recorded. */
  of(one: DifferentialCase): MaskedAnswers | undefined {
    const recorded = this.#byTitle.get(titleOf(one));
    return recorded?.requests === fingerprint(one) ? recorded.answers : undefined;
  }

  set(one: DifferentialCase, answers: MaskedAnswers): void {
    this.#byTitle.set(titleOf(one), { requests: fingerprint(one), answers });
  }

  /** Writes what there is of these cases. */
  write(cases: readonly DifferentialCase[]): void {
    const titles = cases.map(titleOf).sort();
    const kept = titles.flatMap((title) => {
      const recorded = this.#byTitle.get(title);
      return recorded === undefined ? [] : [[title, recorded] as const];
    });
    writeFileSync(FILE, gzipSync(JSON.stringify(Object.fromEntries(kept)), { level: 9 }));
  }
}

function fingerprint({ scenario }: DifferentialCase): string {
  return createHash("sha256").update(JSON.stringify(scenario)).digest("hex").slice(0, 16);
}
