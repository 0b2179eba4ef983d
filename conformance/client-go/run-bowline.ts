/**
 * This library's part of a case, in this process: its environment and working folder are the case's for as long as it runs.
 */
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ApiError, Client, KubeConfig } from "bowline";
import type { ExecOptions, PluginPolicy } from "bowline/auth";
import { createCredentialSource } from "bowline/auth";
import type { Host, Overrides, ResolvedContext, ResolveOptions } from "bowline/config";
import { nodeHost } from "bowline/config";
import { nodeHttps } from "../../packages/bowline/src/transport/node-https/connector.ts";
import type { CaseStep, ClientOutcome } from "./case.ts";
import type { CaseFolder } from "./case-folder.ts";
import { outputInTerminal } from "./in-terminal.ts";

const podFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Only one at a time in a process. */
export async function runBowline(folder: CaseFolder): Promise<ClientOutcome> {
  if (folder.filled.terminal === true) return runInTerminal(folder);
  const before = { env: { ...process.env }, cwd: process.cwd() };
  replaceEnvironment(folder.env);
  process.chdir(folder.cwd);
  try {
    return await runInside(folder);
  } finally {
    process.chdir(before.cwd);
    replaceEnvironment(before.env);
  }
}

/** In a process whose standard input is a terminal. */
async function runInTerminal({ path, filled, env, cwd }: CaseFolder): Promise<ClientOutcome> {
  writeFileSync(`${path}/folder.json`, JSON.stringify({ path, filled, env, cwd }));
  const program = fileURLToPath(new URL("run-in-terminal.ts", import.meta.url));
  const loader = import.meta.resolve("tsx");
  const command = [process.execPath, "--conditions=bowline-source", "--import", loader, program, path];
  return JSON.parse(await outputInTerminal(command, { path, env, cwd })) as ClientOutcome;
}

/** In this process, whose environment and working folder are the case's. */
export async function runInside(folder: CaseFolder): Promise<ClientOutcome> {
  const { filled } = folder;
  const { context, cluster, user, namespace, steps = [{ requests: 1 }] } = filled;
  // What is in a case is JSON of the right form; client-go's own program is given the same.
  const overrides = filled.overrides as Overrides | undefined;
  const exec = {
    policy: filled.policy as PluginPolicy | undefined,
    onStderr: () => undefined,
    leewayMs: 0,
    backOffMs: 0,
  };
  const connected: Connected[] = [];
  const clock = { offsetMs: 0 };
  try {
    try {
      for (const each of filled.clients ?? [context]) {
        connected.push(await connect(folder, { context: each, cluster, user, namespace, overrides }, exec, clock));
      }
    } catch (error) {
      return { stage: "config", namespace: "", timeoutMs: 0, requests: [], errors: [String(error)] };
    }
    const results: Result[] = [];
    const clients = connected.map(({ client }) => client);
    for (const step of steps) {
      clock.offsetMs += step.waitMs ?? 0;
      results.push(...(await runStep(clients, step)));
    }
    const last = connected.at(-1)?.resolved;
    return {
      stage: "",
      namespace: last?.namespace ?? "",
      timeoutMs: last?.requestTimeoutMs ?? 0,
      requests: results.map(({ status }) => status),
      errors: results.map(({ error }) => error),
    };
  } finally {
    for (const { client } of connected) await client.close();
  }
}

interface Connected {
  readonly client: Client;
  readonly resolved: ResolvedContext;
}

interface Clock {
  readonly offsetMs: number;
}

async function connect(
  folder: CaseFolder,
  options: ResolveOptions,
  exec: ExecOptions,
  clock: Clock,
): Promise<Connected> {
  const { filled } = folder;
  const now = (): number => Date.now() + clock.offsetMs;
  const host = filled.pod === undefined ? { ...nodeHost, now } : { ...podHost(folder), now };
  const config =
    filled.text === undefined
      ? await KubeConfig.load(filled.kubeconfig, { host })
      : await KubeConfig.parse(filled.text, { host });
  const resolved = config.resolve(options);
  const hasClock = filled.steps?.some(({ waitMs }) => waitMs !== undefined) ?? false;
  const ownHost = filled.pod === undefined && !hasClock ? {} : connectWith(resolved, host, folder, exec);
  const client = await Client.connect({ kubeconfig: config, ...options, exec, ...ownHost });
  return { client, resolved };
}

async function runStep(clients: readonly Client[], step: CaseStep): Promise<readonly Result[]> {
  for (const [path, text] of Object.entries(step.write ?? {})) writeFileSync(path, text);
  for (const path of step.remove ?? []) rmSync(path);
  const count = step.requests ?? 0;
  const send = async (at: number): Promise<Result> => {
    const client = clients[at % clients.length];
    if (client === undefined) throw new TypeError("a case without a client");
    return request(client, step.headers);
  };
  if (step.parallel === true) return Promise.all(Array.from({ length: count }, (_, at) => send(at)));
  const results: Result[] = [];
  for (let made = 0; made < count; made++) results.push(await send(made));
  return results;
}

interface Result {
  readonly status: string;
  readonly error: string;
}

async function request(client: Client, headers: Readonly<Record<string, string>> = {}): Promise<Result> {
  try {
    const response = await client.raw("/probe", { headers, signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return { status: String(response.status), error: "" };
  } catch (error) {
    return error instanceof ApiError
      ? { status: String(error.httpStatus), error: "" }
      : { status: "error", error: String(error) };
  }
}

/** The pod's folder is the case's. */
function podHost({ path }: CaseFolder): Host {
  const moved = (file: string): string => moveToCase(file, path);
  return {
    ...nodeHost,
    readFile: (file) => nodeHost.readFile(moved(file)),
    stat: (file) => nodeHost.stat(moved(file)),
    checkReadable: (file) => nodeHost.checkReadable(moved(file)),
  };
}

/** With another clock and other files than the machine's. */
function connectWith(resolved: ResolvedContext, host: Host, { path }: CaseFolder, exec: ExecOptions): object {
  return {
    credentials: createCredentialSource(resolved, { host, exec }),
    transport: (cluster: ResolvedContext["cluster"]) => {
      const { certificateAuthority: ca } = cluster;
      const moved = ca !== undefined && "file" in ca ? { file: moveToCase(ca.file, path) } : ca;
      return nodeHttps({ ...cluster, certificateAuthority: moved }, { now: host.now });
    },
  };
}

function moveToCase(file: string, caseFolder: string): string {
  return file.startsWith(`${podFolder}/`) ? `${caseFolder}/pod/${file.slice(podFolder.length + 1)}` : file;
}

function replaceEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}
