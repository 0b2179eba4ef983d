/**
 * Finds the subcommand, runs it, and turns what it throws into a message and an exit code.
 */
import { type Command, type CommandIo, CommandLineError } from "./command.ts";

/** Loads a command when it is asked for, so that `bowline --help` stays quick. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "config",
    summary: "show and change the contexts of a kubeconfig",
    load: async () => (await import("./commands/config.ts")).config,
  },
  {
    name: "credentials",
    summary: "explain how a kubeconfig would authenticate, and try it with --run",
    load: async () => (await import("./commands/credentials.ts")).credentials,
  },
  {
    name: "generate",
    summary: "write TypeScript types of a cluster's custom resources",
    load: async () => (await import("./commands/generate.ts")).generate,
  },
  {
    name: "serve",
    summary: "run a Kubernetes API server in memory and write a kubeconfig for it",
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  {
    name: "whoami",
    summary: "ask the server who you are, and say how you proved it",
    load: async () => (await import("./commands/whoami.ts")).whoami,
  },
];

const SUCCESS = 0;
const FAILURE = 1;
const WRONG_USAGE = 2;

/** Runs `bowline ARGS`; the exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.out(overview());
    return name === undefined ? WRONG_USAGE : SUCCESS;
  }
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) {
    io.error(`bowline: there is no command "${name}"\n\n${overview()}`);
    return WRONG_USAGE;
  }
  const command = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(command.usage);
    return SUCCESS;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (io.signal.aborted) return FAILURE;
    if (error instanceof CommandLineError || isParseArgsError(error)) {
      io.error(`bowline ${name}: ${(error as Error).message}\n\n${command.usage}`);
      return WRONG_USAGE;
    }
    io.error(`bowline ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return FAILURE;
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `usage: bowline COMMAND [OPTIONS]\n\n${lines.join("\n")}\n\n\`bowline COMMAND --help\` says more. Exit codes: 0 done, 1 failed, 2 wrong usage.\n`;
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
