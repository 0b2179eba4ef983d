/**
 * The real client-go's part of a case: main.go, built once, in a process for each case because it keeps state.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClientOutcome, CredentialCase } from "./case.ts";
import type { CaseFolder } from "./case-folder.ts";
import { outputInTerminal } from "./in-terminal.ts";

/** The program, removed by `using`. */
export class ClientGo implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "bowline-client-go-"));
  readonly #program = join(this.#folder, "client-go-case");

  constructor() {
    const source = fileURLToPath(new URL(".", import.meta.url));
    execFileSync("go", ["build", "-o", this.#program, "."], { cwd: source, stdio: ["ignore", "inherit", "inherit"] });
  }

  readonly run = async (folder: CaseFolder): Promise<ClientOutcome> => {
    const { filled, env, cwd } = folder;
    const input = join(folder.path, "case.json");
    writeFileSync(input, JSON.stringify(inputOf(filled)));
    const output =
      filled.terminal === true
        ? await outputInTerminal([this.#program, input], folder)
        : await this.#runProgram(input, folder, { env, cwd });
    return JSON.parse(output) as ClientOutcome;
  };

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #runProgram(
    input: string,
    { filled, path }: CaseFolder,
    options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
  ): Promise<string> {
    const inPod = filled.pod !== undefined;
    // A pod's files have a fixed place, which this process alone gets a file system of its own for.
    const place = "/run/secrets/kubernetes.io/serviceaccount";
    const script = `/usr/bin/mount -t tmpfs none /run && /usr/bin/mkdir -p ${place} && /usr/bin/cp '${path}'/pod/* ${place} && exec '${this.#program}' '${input}'`;
    const child = inPod
      ? spawn("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script], { ...options, stdio: ["ignore", "pipe", "pipe"] })
      : spawn(this.#program, [input], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) resolve(stdout);
        else reject(new Error(`${filled.name}: client-go's program ended with ${code}: ${stderr.slice(0, 2000)}`));
      });
    });
  }
}

function inputOf({
  text,
  kubeconfig,
  context,
  clients,
  cluster,
  user,
  namespace,
  overrides,
  policy,
  steps,
}: CredentialCase): object {
  return {
    ...{ text, kubeconfig, context, clients, cluster, user, namespace, overrides, policy },
    steps: steps ?? [{ requests: 1 }],
  };
}
