/**
 * Runs kubectl against one server, and takes out of its words what differs from run to run.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILES, type KubectlCommand } from "./commands.ts";

/** What a command printed, and how it ended. */
export interface KubectlResult {
  readonly status: number;
  readonly output: string;
}

/** Where a server is, and who asks. */
export interface KubectlServer {
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token: string;
}

/** kubectl with one server's kubeconfig and files in a folder of its own. */
export interface Kubectl extends AsyncDisposable {
  run(command: KubectlCommand): Promise<KubectlResult>;
}

const WITHIN_MS = 90_000;

/** Prepares the folder. `nodeName` stands for NODE in commands. */
export async function kubectlFor(program: string, server: KubectlServer, nodeName: string): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-kubectl-"));
  await writeFile(join(folder, "kubeconfig"), kubeconfigOf(server), { mode: 0o600 });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  const environment = {
    ...process.env,
    HOME: folder,
    KUBECONFIG: join(folder, "kubeconfig"),
    // Adds a line where the object begins, which is a change for any object with data.
    KUBE_EDITOR: "sed -i -e 's/^data:/data:\\n  edited: \"yes\"/'",
  };
  return {
    run: async ({ line, stdin }) => {
      const args = words(line).map((word) => (word === "NODE" ? nodeName : word));
      const result = await runProgram(program, ["kubectl", ...args], folder, environment, stdin ?? "");
      return { status: result.status, output: mask(result.output, nodeName, folder) };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The same names for every server, since kubectl prints them. */
function kubeconfigOf({ url, certificateAuthority, token }: KubectlServer): string {
  const authority = Buffer.from(certificateAuthority).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server: url, "certificate-authority-data": authority } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "session", context: { cluster: "cluster", user: "admin", namespace: "kc" } }],
    "current-context": "session",
  });
}

function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map((match) => match[1] ?? match[0]);
}

function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  stdin: string,
): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], timeout: WITHIN_MS });
    const outputs = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (outputs.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (outputs.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status: status ?? -1, output: outputs.stdout + outputs.stderr }));
    // Most commands end without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/https:\/\/127\.0\.0\.1:\d+/g, "SERVER"],
  [/127\.0\.0\.1:\d+/g, "SERVER"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "TIME"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}( \w+)?/g, "TIME"],
  [/(resourceVersion"?: ?"?|uid"?: ?"?|Resource Version: *)\w+/g, "$1VERSION"],
  [/\/tmp\/[^\s/]+/g, "FOLDER"],
  [/\b10\.(0|96)\.\d+\.\d+\b/g, "ADDRESS"],
  [/\b[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "POD"],
  [/(?<=-)[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, "HASH"],
  [/(gen-|pod-template-hash[=:] ?)[bcdfghjklmnpqrstvwxz2456789]{5,10}\b/g, "$1HASH"],
  [/:3\d{4}\b/g, ":NODEPORT"],
  [/(?<=\s)(\d+[smhd])+(?=\s|$)/gm, "AGE"],
  [/[ \t]+/g, " "],
  [/ $/gm, ""],
];

function mask(text: string, nodeName: string, folder: string): string {
  let masked = text.replaceAll(folder, "FOLDER").replaceAll(nodeName, "NODE");
  for (const [pattern, replacement] of MASKS) masked = masked.replace(pattern, replacement);
  return masked;
}
