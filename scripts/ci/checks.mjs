// The checks of .ci/run, in order. Each rejects with what is wrong, or resolves with a word on what it saw.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { globSync } from "../glob.mjs";
import { command } from "./command.mjs";
import { checkDocumentBlocks } from "./document-blocks.mjs";
import { checkPackages } from "./packages.mjs";
import { checkEndsByItself, checkTour } from "./programs.mjs";
import { installTools, root, runtimes, tool, toolFile } from "./tools.mjs";

const node = process.execPath;
const sourceCondition = ["--conditions=bowline-source", "--import", "tsx"];
const testFiles = globSync(["packages", "scripts", "examples", "conformance"], /\.test\.ts$/);

/** @param {(folder: string) => Promise<string | void>} work */
async function inTemporaryFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "bowline-ci-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sums what each runtime's test runner says it ran, so that a runner that finds nothing fails. @param {string} output */
function testsPassed(output) {
  const count = [/^ℹ pass (\d+)$/m, /^# pass (\d+)$/m, /^\s*(\d+) pass$/m, /(\d+) passed/m]
    .map((pattern) => pattern.exec(stripVTControlCharacters(output))?.[1])
    .find((text) => text !== undefined);
  if (count === undefined || Number(count) === 0) throw new Error(`no test ran:\n${output.slice(-3000)}`);
  return `${count} tests`;
}

/** @param {string} output */
function lastLine(output) {
  return stripVTControlCharacters(output).trimEnd().split("\n").at(-1) ?? "";
}

export const checks = [
  { name: "tools and runtimes", run: installTools },
  {
    name: "types, TypeScript 7",
    run: async () => void (await command(join(root, "node_modules", ".bin", "tsc"), ["--noEmit"])),
  },
  {
    name: "types, TypeScript 5.9",
    run: async () =>
      void (await command(node, [toolFile("typescript59/bin/tsc"), "--noEmit", "--ignoreDeprecations", "5.0"])),
  },
  {
    name: "format and lint",
    run: async () => void (await command(tool("biome"), ["ci", "--error-on-warnings", "--colors=off"])),
  },
  {
    name: "floating promises",
    run: async () =>
      void (await command(
        node,
        [
          toolFile("oxlint/bin/oxlint"),
          "--type-aware",
          "--deny-warnings",
          "packages",
          "examples",
          "scripts",
          "conformance",
        ],
        {
          env: { OXLINT_TSGOLINT_PATH: tool("tsgolint") },
        },
      )),
  },
  {
    name: "generated files are up to date",
    run: async () => void (await command(node, [...sourceCondition, "scripts/generate.ts", "--check"])),
  },
  ...runtimes.map(({ name, program, test }) => ({
    name: `tests on ${name}`,
    run: async () =>
      testsPassed(
        await command(program, [...test, ...testFiles.map((file) => `./${file}`)], {
          env: { NO_COLOR: "1", FORCE_COLOR: "0" },
        }),
      ),
  })),
  ...runtimes.flatMap((runtime) => [
    { name: `tour on ${runtime.name}`, run: () => checkTour(runtime) },
    { name: `a client that is never closed, on ${runtime.name}`, run: () => checkEndsByItself(runtime) },
  ]),
  {
    name: "conformance: a real control plane and the test server",
    run: async () =>
      lastLine(await command(node, [...sourceCondition, "conformance/run.ts"], { timeoutMs: 2_400_000 })),
  },
  {
    name: "kubectl sees the same on both, and works with processes on a node",
    run: async () =>
      lastLine(await command(node, [...sourceCondition, "conformance/kubectl.ts"], { timeoutMs: 1_200_000 })),
  },
  {
    name: "mutations of the test server are noticed",
    run: async () => lastLine(await command(node, [...sourceCondition, "conformance/mutations/main.ts"])),
  },
  { name: "blocks of the documents", run: checkDocumentBlocks },
  {
    name: "public surface is as reported",
    run: async () =>
      void (await command(node, ["scripts/api-report.mjs", "--check"], {
        env: { API_EXTRACTOR: toolFile("@microsoft/api-extractor") },
      })),
  },
  {
    name: "nothing is unused",
    run: async () => void (await command(node, [toolFile("knip/bin/knip.js"), "--no-progress"])),
  },
  { name: "packages", run: () => inTemporaryFolder(checkPackages) },
];
