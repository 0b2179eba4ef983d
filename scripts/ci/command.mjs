// Runs a program to its end, gathers what it prints, and rejects with the tail of it when it fails.
import { spawn } from "node:child_process";

const TAIL_CHARACTERS = 4000;
/** Lines that say of a single test that it failed, in the words of the three runners, and how much before them tells why. */
const FAILURE = /^\s*(?:✖|\(fail\)|not ok|error:)|\.\.\. .*FAILED/;
const LINES_BEFORE_FAILURE = 30;
const MOST_FAILURE_LINES = 200;

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {Promise<string>} what it printed
 */
export function command(program, args, { cwd = process.cwd(), env = {}, timeoutMs = 900_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.once("error", (error) => reject(new Error(`cannot run ${program}: ${error.message}`)));
    child.once("close", (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve(output);
      else
        reject(
          new Error(
            `${program} ${args.join(" ").slice(0, 300)}\nended with ${status ?? signal}:\n${failures(output)}${output.slice(-TAIL_CHARACTERS)}`,
          ),
        );
    });
  });
}

/** What surrounds each failure, since a long run's end may not show them. @param {string} output */
function failures(output) {
  const lines = output.slice(0, -TAIL_CHARACTERS).split("\n");
  const shown = new Set();
  for (const [index, line] of lines.entries()) {
    if (!FAILURE.test(line)) continue;
    for (let near = Math.max(0, index - LINES_BEFORE_FAILURE); near <= index; near++) shown.add(near);
  }
  const kept = [...shown].slice(0, MOST_FAILURE_LINES).map((index) => lines[index]);
  return kept.length === 0 ? "" : `${kept.join("\n")}\n[...]\n`;
}
