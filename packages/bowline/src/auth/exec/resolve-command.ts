/**
 * From a plugin's command to the file that is run: PATH, and on Windows PATHEXT. Never through the working folder.
 */

import type { Host } from "../../config/host.ts";
import { cleanPath, pathsOf, readVariable, systemCode } from "../../config/host.ts";

/** What a command turned out to be. */
export interface ResolvedCommand {
  /** As configured, cleaned. */
  readonly command: string;
  /** The absolute path of the file to run. */
  readonly path?: string | undefined;
  /** Why there is no path. */
  readonly failure?: CommandFailure | undefined;
}

/** Why a command cannot be run. */
export type CommandFailure =
  /** A bare name that no element of PATH has. */
  | "notInPath"
  /** First found by an element of PATH that is relative to the working folder, which anybody may have written to. */
  | "inWorkingFolder"
  /** A path at which there is no file. */
  | "noSuchFile"
  /** A path at which there is a file that this process may not run. */
  | "notExecutable"
  /** A path that depends on the working folder. */
  | "relativePath";

/**
 * Finds the file of a command: a path is taken as it is, a bare name is looked up in the PATH of this process, not of the
 * plugin's `env`.
 */
export function lookUpCommand(host: Host, configured: string): ResolvedCommand {
  const command = cleanPath(host, configured);
  if (isPath(host, command)) return inspectPath(host, command);
  for (const element of pathElements(host)) {
    const folder = element === "" ? "." : element;
    const found = findExecutable(host, pathsOf(host).join(folder, command));
    if (found === undefined) continue;
    // A later element may have it too, but whoever put this one here wanted it to be found first.
    return pathsOf(host).isAbsolute(found) ? { command, path: found } : { command, failure: "inWorkingFolder" };
  }
  return { command, failure: "notInPath" };
}

function isPath(host: Host, command: string): boolean {
  return host.platform === "win32" ? /[:\\/]/.test(command) : command.includes("/");
}

function inspectPath(host: Host, command: string): ResolvedCommand {
  if (!pathsOf(host).isAbsolute(command)) return { command, failure: "relativePath" };
  const path = findExecutable(host, command);
  if (path !== undefined) return { command, path };
  try {
    host.stat(command);
    return { command, failure: "notExecutable" };
  } catch (error) {
    return { command, failure: systemCode(error) === "EACCES" ? "notExecutable" : "noSuchFile" };
  }
}

function pathElements(host: Host): readonly string[] {
  const list = readVariable(host, "PATH") ?? "";
  if (list === "") return [];
  // An empty element means the working folder on Unix, and nothing on Windows.
  if (host.platform !== "win32") return list.split(":");
  return list.split(";").flatMap((element) => element.replaceAll('"', "") || []);
}

function findExecutable(host: Host, path: string): string | undefined {
  if (host.platform !== "win32") return isRunnable(host, path) ? path : undefined;
  const extensions = windowsExtensions(host);
  const hasExtension = extensions.includes(win32Extension(path));
  const candidates = [...(hasExtension ? [path] : []), ...extensions.map((extension) => path + extension)];
  return candidates.find((candidate) => isRunnable(host, candidate));
}

function windowsExtensions(host: Host): readonly string[] {
  const list = readVariable(host, "PATHEXT") || ".com;.exe;.bat;.cmd";
  return list
    .toLowerCase()
    .split(";")
    .filter((extension) => extension !== "")
    .map((extension) => (extension.startsWith(".") ? extension : `.${extension}`));
}

function win32Extension(path: string): string {
  return /\.[^.\\/:]*$/.exec(path)?.[0].toLowerCase() ?? "";
}

function isRunnable(host: Host, path: string): boolean {
  try {
    return !host.stat(path).isDirectory && host.isExecutable(path);
  } catch {
    return false;
  }
}
