/**
 * `npm run mutations`: breaks the test server in one way after the other, in copies of its sources, and runs the areas of the
 * suite that have to notice. A change that nothing notices is a failure.
 *
 *     npm run mutations [-- --only REGEX]
 */
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { RecordedAnswers } from "../recorded-answers.ts";
import { judgeAnswers, QUICK, runClientCase, runDifferentialCase } from "../run-suite.ts";
import { type StartTestServer, startTestServerServer } from "../servers/test-server.ts";
import { ALL_CASES } from "../suite/all-cases.ts";
import { needsControllers, type SuiteCase, titleOf } from "../suite/case.ts";
import { MUTATIONS, type Mutation } from "./mutations.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const root = fileURLToPath(new URL("../..", import.meta.url));
const testing = join(root, "packages", "testing");
const folder = join(root, ".cache", `mutations-${process.pid}`);
const recorded = RecordedAnswers.read();

await mkdir(folder, { recursive: true });
try {
  // The sources as they are now, whatever is written while this runs.
  await cp(join(testing, "src"), join(folder, "src"), { recursive: true });
  process.exitCode = await main(MUTATIONS.filter(({ name }) => new RegExp(values.only).test(name)));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function main(mutations: readonly Mutation[]): Promise<number> {
  const areas = [...new Set(mutations.map(({ noticedIn }) => noticedIn))];
  const before = new Set(await failures(casesIn(...areas)));
  let unnoticed = 0;
  for (const [index, mutation] of mutations.entries()) {
    const start = await mutated(mutation, join(folder, String(index)));
    const noticed = (await failures(casesIn(mutation.noticedIn), start)).filter((title) => !before.has(title));
    if (noticed.length === 0) unnoticed += 1;
    const verdict = noticed.length === 0 ? "UNNOTICED" : `noticed by ${noticed.length}`;
    console.log(`${verdict}: ${mutation.name}`);
    for (const title of noticed.slice(0, 3)) console.log(`  ${title}`);
  }
  console.log(`${mutations.length} mutations, ${unnoticed === 0 ? "all noticed" : `${unnoticed} unnoticed`}`);
  return unnoticed === 0 ? 0 : 1;
}

function casesIn(...areas: readonly RegExp[]): readonly SuiteCase[] {
  return ALL_CASES.filter((one) => !needsControllers(one) && areas.some((area) => area.test(titleOf(one))));
}

/** The copy with the change in it. */
async function mutated({ file, from, to, name }: Mutation, copy: string): Promise<StartTestServer> {
  await cp(join(folder, "src"), join(copy, "src"), { recursive: true });
  await symlink(join(testing, "data"), join(copy, "data"), "dir");
  const path = join(copy, "src", file);
  const parts = (await readFile(path, "utf8")).split(from);
  if (parts.length !== 2)
    throw new Error(`${file} has changed: ${JSON.stringify(from)} stands in it ${parts.length - 1} times (${name})`);
  await writeFile(path, parts.join(to));
  const module = (await import(pathToFileURL(join(copy, "src", "index.ts")).href)) as {
    startTestServer: StartTestServer;
  };
  return module.startTestServer;
}

/** Titles of the cases that fail. */
async function failures(cases: readonly SuiteCase[], start?: StartTestServer): Promise<string[]> {
  await using server = await startTestServerServer(false, start);
  const failed: string[] = [];
  for (const one of cases) {
    const want = one.type === "differential" ? recorded.of(one) : undefined;
    const outcome =
      one.type === "client"
        ? await runClientCase(one, server)
        : want !== undefined
          ? judgeAnswers(one, want, await runDifferentialCase(one, server, QUICK))
          : { type: "skipped" };
    if (outcome.type === "failed") failed.push(titleOf(one));
  }
  return failed;
}
