// Runs a program to its end, gathers what it prints, and rejects with the tail of it when it fails.
import { spawn } from "node:child_process";

const TAIL_CHARACTERS = 6000;

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
          new Error(`${program} ${args.join(" ")}\nended with ${status ?? signal}:\n${output.slice(-TAIL_CHARACTERS)}`),
        );
    });
  });
}
