/**
 * What every subcommand of `bowline` is, and what it may touch.
 */

/** Where a command reads and writes. Given, so that tests run commands in process. */
export interface CommandIo {
  out(text: string): void;
  /** Progress and complaints, so that standard output stays fit for a pipe. */
  error(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether standard output is a terminal that shows colours. Default false. */
  readonly hasColour?: boolean | undefined;
}

/** One subcommand. */
export interface Command {
  readonly name: string;
  /** One line of `bowline --help`. */
  readonly summary: string;
  /** All of `bowline NAME --help`. */
  readonly usage: string;
  /** The exit code. @throws CommandLineError for arguments that make no sense; anything else is reported as a failure. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Arguments that make no sense; the usage is printed below the message and the exit code is 2. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}
