// Runs the tests with node's own runner: every *.test.ts of the packages and scripts, or those named on the command line.
import { spawnSync } from "node:child_process";
import { globSync } from "./glob.mjs";

const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync(["packages", "scripts", "examples", "conformance"], /\.test\.ts$/);
const result = spawnSync(
  process.execPath,
  [
    "--conditions=bowline-source",
    "--import",
    "tsx",
    "--test",
    "--test-timeout=300000",
    "--test-reporter=spec",
    ...files,
  ],
  { stdio: "inherit" },
);
process.exitCode = result.status ?? 1;
