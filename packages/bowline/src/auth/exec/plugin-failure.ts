/**
 * What is said when a plugin cannot be run, or does not do its work.
 */
import type { ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { ExecOptions } from "./exec-options.ts";
import type { CommandFailure, ResolvedCommand } from "./resolve-command.ts";
import type { ProcessResult } from "./run-process.ts";

const documentation =
  "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";
/** @see https://github.com/kubernetes/client-go/blob/v0.37.2/plugin/pkg/client/auth/exec/exec.go#L208-L213 */
const hintsPerWindow = 10;
const windowMs = 3_600_000;

/** The long part of a not-found message, at most ten times an hour: programs log each failed request. */
export class InstallHint {
  readonly #hint: string | undefined;
  readonly #host: Host;
  #windowBeganMs: number | undefined;
  #count = 0;

  constructor(hint: string | undefined, host: Host) {
    this.#hint = hint;
    this.#host = host;
  }

  /** The text to append; `""` where it has been shown often enough. */
  take(): string {
    const now = this.#host.now();
    if (this.#windowBeganMs === undefined || now - this.#windowBeganMs >= windowMs) {
      this.#windowBeganMs = now;
      this.#count = 0;
    }
    if (this.#count >= hintsPerWindow) return "";
    this.#count += 1;
    const hint = this.#hint ? `\n\n${this.#hint}` : "";
    return `\n\nIt is a credential plugin, a program of its own that has to be installed: ${documentation}${hint}`;
  }
}

const failures: Readonly<Record<CommandFailure, string>> = {
  notInPath: "is not found in PATH",
  inWorkingFolder:
    "is found first by an entry of PATH that is relative to the working folder, where anybody may have put it; use an absolute path",
  noSuchFile: "does not exist",
  notExecutable: "is not an executable file",
  relativePath:
    "is a path relative to nothing: the kubeconfig came from no file, so there is no folder that it could mean; use an absolute path or a bare name",
};

/** The command has no file that could be run. */
export function notFoundError(
  { failure = "notInPath" }: ResolvedCommand,
  exec: ExecConfig,
  hint: InstallHint,
): CredentialError {
  const code =
    failure === "relativePath"
      ? "PluginPathRelative"
      : failure === "notExecutable"
        ? "PluginNotStarted"
        : "PluginNotFound";
  const help = failure === "relativePath" ? "" : hint.take();
  const message = `the exec plugin ${JSON.stringify(exec.command)} ${failures[failure]}${help}`;
  return new CredentialError(code, message, { command: exec.command });
}

/** The process did not end well. */
export function processError(
  result: ProcessResult,
  exec: ExecConfig,
  options: ExecOptions,
  hint: InstallHint,
): CredentialError {
  const { command } = exec;
  const stderrTail = hideValues(result.stderrTail, exec) || undefined;
  const subject = `the exec plugin ${JSON.stringify(command)}`;
  const tail = stderrTail === undefined ? "" : `; its last words:\n${stderrTail}`;
  const shared = { command, stderrTail, retryable: true };
  switch (result.type) {
    case "exited":
      return new CredentialError("PluginFailed", `${subject} failed with exit code ${result.exitCode}${tail}`, {
        ...shared,
        exitCode: result.exitCode,
      });
    case "signalled":
      return new CredentialError("PluginFailed", `${subject} was ended by the signal ${result.signal}${tail}`, {
        ...shared,
        signal: result.signal,
      });
    case "timedOut":
      return new CredentialError(
        "PluginTimedOut",
        `${subject} did not end within ${options.timeoutMs ?? 0} ms and was killed${tail}`,
        shared,
      );
    case "tooLarge":
      return new CredentialError(
        "PluginOutputTooLarge",
        `${subject} printed more than a credential can be and was killed (maxOutputBytes)${tail}`,
        { ...shared, retryable: false },
      );
    case "held":
      return new CredentialError(
        "PluginOutputHeld",
        `${subject} ended, but something that it started keeps its standard output open${tail}`,
        shared,
      );
    case "notStarted": {
      const isMissing = result.systemCode === "ENOENT" || result.systemCode === "EACCES";
      return new CredentialError(
        isMissing ? "PluginNotFound" : "PluginNotStarted",
        `${subject} cannot be started: ${result.systemCode || "unknown reason"}${isMissing ? hint.take() : ""}`,
        { command },
      );
    }
  }
}

/** Values of the plugin's own variables and arguments are often secrets, and programs like to print them. */
function hideValues(text: string, exec: ExecConfig): string {
  let hidden = text;
  const values = [...exec.env.map(({ value }) => value), ...exec.args.flatMap(argumentValues)];
  for (const value of values) if (value.length >= 6) hidden = hidden.replaceAll(value, "[hidden]");
  return hidden;
}

const secretOption = /^--?[\w-]*(?:secret|token|password|passphrase|key)[\w-]*$/i;

/** What of an argument may be a secret: neither an option's name nor a plain word such as `get-token`. */
function argumentValues(argument: string, at: number, all: readonly string[]): readonly string[] {
  const [, option = "", value = argument] = /^(--?[\w-]+)=(.*)$/s.exec(argument) ?? [];
  if (secretOption.test(option) || secretOption.test(all[at - 1] ?? "")) return [value];
  return value.startsWith("-") || /^[a-z]+(?:-[a-z]+)*$/.test(value) ? [] : [value];
}
