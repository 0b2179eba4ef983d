/**
 * The quick start's tour on a real control plane with a node: the program that a user runs, unchanged.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startControlPlane } from "./control-plane/start-control-plane.ts";

const TOUR = fileURLToPath(new URL("../examples/tour/main.ts", import.meta.url));
const WITHIN_MS = 180_000;

/** Runs it to its end; a word on what was seen. Rejects with what it printed where it fails. */
export async function runTourOnControlPlane(): Promise<string> {
  await using plane = await startControlPlane({ node: true });
  const begin = performance.now();
  const args = ["--conditions=bowline-source", "--import", "tsx", TOUR, "--kubeconfig", plane.kubeconfigFile];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const timer = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(timer);
  if (status !== 0) throw new Error(`the tour on the control plane ended with ${status}:\n${output}`);
  return `the tour ran on the control plane in ${((performance.now() - begin) / 1000).toFixed(1)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await runTourOnControlPlane());
