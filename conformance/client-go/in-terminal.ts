/**
 * Runs a program whose standard input is a terminal, with `script` of util-linux.
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { CaseFolder } from "./case-folder.ts";

/** Whether this machine has what it takes. */
export function hasTerminal(): boolean {
  return process.platform === "linux" && spawnSync("script", ["--version"], { stdio: "ignore" }).status === 0;
}

/** What the program writes to standard output, which is no terminal. */
export async function outputInTerminal(
  command: readonly string[],
  { path, env, cwd }: Pick<CaseFolder, "path" | "env" | "cwd">,
): Promise<string> {
  const output = `${path}/output`;
  const line = `${command.map((each) => `'${each}'`).join(" ")} > '${output}' 2> '${path}/errors'`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    env: { SHELL: "/bin/sh", ...env },
    cwd,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return readFileSync(output, "utf8");
  throw new Error(`${command.join(" ")} ended with ${code}: ${readFileSync(`${path}/errors`, "utf8")}`);
}
