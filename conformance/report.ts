/**
 * What a run of the suite has found, as text.
 */
import { knownReason } from "./known-differences.ts";
import type { Outcome } from "./run-suite.ts";
import { type SuiteCase, titleOf } from "./suite/case.ts";

/** One case on one server. */
export interface Result {
  readonly one: SuiteCase;
  readonly server: string;
  readonly outcome: Outcome;
}

/** Gathers results, prints the failures as they come, and sums up. */
export class Report {
  readonly #results: Result[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** A failure of the test server that is known does not count as one. */
  add(result: Result): void {
    this.#results.push(result);
    const { one, server, outcome } = result;
    if (outcome.type !== "failed" || this.#isKnown(result)) return;
    this.#print(`FAILED ${titleOf(one)}, on the ${server}`);
    for (const line of outcome.reason.split("\n")) this.#print(`  ${line}`);
  }

  /** Whether nothing failed that is not known. */
  get isGood(): boolean {
    return this.#results.every((result) => result.outcome.type !== "failed" || this.#isKnown(result));
  }

  /** Counts by area and server, known differences, and one last line. */
  finish(): void {
    const servers = [...new Set(this.#results.map(({ server }) => server))];
    const areas = [...new Set(this.#results.map(({ one }) => one.area))];
    const width = Math.max(...servers.map((name) => name.length), 14) + 2;
    this.#print(`${"".padEnd(14)}${servers.map((name) => name.padStart(width)).join("")}`);
    for (const area of [...areas, undefined]) {
      const cells = servers.map((server) => {
        const of = this.#results.filter(
          (result) => result.server === server && (area === undefined || result.one.area === area),
        );
        const run = of.filter(({ outcome }) => outcome.type !== "skipped");
        return `${run.filter(({ outcome }) => outcome.type === "passed").length} of ${run.length}`.padStart(width);
      });
      this.#print(`${(area ?? "total").padEnd(14)}${cells.join("")}`);
    }
    this.#printSkipped();
    this.#printKnown();
    const failed = this.#results.filter((result) => result.outcome.type === "failed" && !this.#isKnown(result)).length;
    const cases = new Set(this.#results.map(({ one }) => one)).size;
    this.#print(`${cases} cases on ${servers.join(" and ")}: ${failed === 0 ? "none failed" : `${failed} failed`}`);
  }

  #isKnown({ one, server }: Result): boolean {
    return server === "test server" && knownReason(titleOf(one)) !== undefined;
  }

  #printSkipped(): void {
    const skipped = this.#results.filter(({ outcome }) => outcome.type === "skipped");
    const reasons = new Map<string, number>();
    for (const { outcome, server } of skipped) {
      const reason = `on the ${server}: ${outcome.type === "skipped" ? outcome.reason : ""}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of reasons) this.#print(`skipped ${count} ${reason}`);
  }

  #printKnown(): void {
    const onTestServer = this.#results.filter((result) => this.#isKnown(result));
    const differ = onTestServer.filter(({ outcome }) => outcome.type === "failed");
    if (differ.length > 0) this.#print(`known to differ on the test server: ${differ.length}`);
    for (const { one } of differ) this.#print(`  ${titleOf(one)}: ${knownReason(titleOf(one))}`);
    for (const { one, outcome } of onTestServer) {
      if (outcome.type === "passed") this.#print(`no longer differs, so take it off the list: ${titleOf(one)}`);
    }
  }
}
