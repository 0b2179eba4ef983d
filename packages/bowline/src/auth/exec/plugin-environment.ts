/**
 * The environment of a plugin: this process's, then the kubeconfig's, then KUBERNETES_EXEC_INFO, which nothing overrides.
 */
import type { ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import { execInfoVariable } from "./exec-info.ts";

/**
 * Names to values; the last of a name counts, on Windows without regard to case.
 *
 * @throws {@link CredentialError} for a NUL, which no environment can hold.
 */
export function pluginEnvironment(exec: ExecConfig, execInfo: string, host: Host): Readonly<Record<string, string>> {
  const isWindows = host.platform === "win32";
  const variables = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string): void => {
    if (name.includes("\0") || value.includes("\0")) {
      throw new CredentialError(
        "PluginNotStarted",
        `an environment variable of the exec plugin ${JSON.stringify(exec.command)} holds a NUL character`,
        { command: exec.command },
      );
    }
    variables.set(isWindows ? name.toUpperCase() : name, [name, value]);
  };
  for (const [name, value] of Object.entries(host.env())) if (value !== undefined) set(name, value);
  for (const { name, value } of exec.env) set(name, value);
  set(execInfoVariable, execInfo);
  if (isWindows && !variables.has("SYSTEMROOT")) set("SYSTEMROOT", "C:\\Windows");
  return Object.fromEntries(variables.values());
}
