/**
 * Whether a plugin may ask its user: what the kubeconfig wants, against what standard input is.
 */
import type { ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { ExecOptions } from "./exec-options.ts";

/**
 * True where the plugin gets this process's standard input. Asked at each run; only standard input counts, not output.
 *
 * @throws {@link CredentialError} `PluginNeedsTerminal` for `Always` without a terminal.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
export function isInteractive(exec: ExecConfig, options: ExecOptions, host: Host): boolean {
  const { stdinUnavailable } = options;
  const isUnavailable = stdinUnavailable !== undefined && stdinUnavailable !== false;
  switch (exec.interactiveMode) {
    case "Never":
      return false;
    case "IfAvailable":
      return !isUnavailable && host.stdinIsTerminal();
    case "Always": {
      if (!host.stdinIsTerminal()) throw needsTerminal(exec, "standard input is not a terminal");
      const why = typeof stdinUnavailable === "string" && stdinUnavailable !== "" ? `: ${stdinUnavailable}` : "";
      if (isUnavailable) throw needsTerminal(exec, `standard input is unavailable${why}`);
      return true;
    }
    default:
      throw needsTerminal(exec, "interactiveMode must be Never, IfAvailable or Always");
  }
}

function needsTerminal({ command }: ExecConfig, reason: string): CredentialError {
  return new CredentialError(
    "PluginNeedsTerminal",
    `the exec plugin ${JSON.stringify(command)} must ask its user, and cannot: ${reason}`,
    { command },
  );
}
