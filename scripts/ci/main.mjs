// Runs the checks one after the other, prints what failed, and ends with the plain line "N passed, N failed".
import { checks } from "./checks.mjs";

const only = process.argv.includes("--only")
  ? new RegExp(process.argv[process.argv.indexOf("--only") + 1] ?? "")
  : undefined;
const testsEndedWith = process.argv.includes("--tests-ended-with")
  ? Number(process.argv[process.argv.indexOf("--tests-ended-with") + 1])
  : undefined;

let passed = 0;
let failed = 0;

/** @param {string} name @param {() => Promise<string | void>} run */
async function check(name, run) {
  const begin = Date.now();
  process.stdout.write(`--- ${name}\n`);
  try {
    const word = await run();
    passed++;
    process.stdout.write(`    ok, ${seconds(begin)}${word ? `: ${word}` : ""}\n`);
  } catch (error) {
    failed++;
    process.stdout.write(
      `    FAILED, ${seconds(begin)}\n${indent(error instanceof Error ? error.message : String(error))}\n`,
    );
  }
}

/** @param {number} begin */
function seconds(begin) {
  return `${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

/** @param {string} text */
function indent(text) {
  return text.replaceAll(/^/gm, "    ");
}

if (testsEndedWith !== undefined) {
  await check("tests on the installed Node", async () => {
    if (testsEndedWith !== 0) throw new Error(`npm test ended with ${testsEndedWith}; see above`);
  });
}
for (const { name, run } of checks) {
  if (only === undefined || only.test(name)) await check(name, run);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
