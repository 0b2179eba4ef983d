/**
 * Which kubeconfig files there are, and reading them: KUBECONFIG, the home folder, one explicit file.
 */

import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import type { KubeconfigSource } from "./decode-kubeconfig.ts";
import { decodeKubeconfig } from "./decode-kubeconfig.ts";
import { decodeText } from "./decode-text.ts";
import type { Host } from "./host.ts";
import { cleanPath, pathsOf, readVariable, systemCode, systemReason } from "./host.ts";
import type { KubeconfigModel } from "./kubeconfig-stanza.ts";
import { emptyModel, mergeModels } from "./kubeconfig-stanza.ts";

/** What was asked for and what was found. */
export interface LoadedFiles {
  readonly model: KubeconfigModel;
  /** In order of precedence; missing ones included. */
  readonly files: readonly string[];
  readonly missing: readonly string[];
  readonly isExplicit: boolean;
}

/**
 * Reads the explicit file, or those of KUBECONFIG, or `~/.kube/config`, and merges them. Missing files of a list are skipped.
 *
 * @throws {@link ConfigError} where the explicit file is missing, or any file cannot be read or is not a kubeconfig.
 */
export async function loadFiles(host: Host, explicitPath: string | undefined): Promise<LoadedFiles> {
  const isExplicit = explicitPath !== undefined && explicitPath !== "";
  const files = isExplicit ? [explicitPath] : kubeconfigPaths(host);
  const models: KubeconfigModel[] = [];
  const missing: string[] = [];
  const problems: ConfigProblem[] = [];
  for (const file of files) {
    try {
      models.push(await loadFile(host, file));
    } catch (error) {
      if (systemCode(error) === "ENOENT") {
        const former = isExplicit ? undefined : await loadFormer(host, file);
        if (former === undefined) missing.push(file);
        else models.push(former);
      } else if (error instanceof ConfigError) problems.push(...error.problems);
      else throw error;
    }
  }
  if (isExplicit && missing.length > 0) {
    problems.push({
      code: "KubeconfigNotFound",
      message: `kubeconfig ${JSON.stringify(explicitPath)} does not exist; check the path`,
    });
  }
  ConfigError.throwIfAny(problems);
  return { model: mergeModels(models), files, missing, isExplicit };
}

/** The files that are read where none is given, in order of precedence. Empty entries and repetitions are left out. */
export function kubeconfigPaths(host: Host): readonly string[] {
  const list = readVariable(host, "KUBECONFIG") ?? "";
  if (list === "") return [defaultKubeconfigPath(host)];
  return [...new Set(splitList(host, list))].filter((path) => path !== "");
}

/** `~/.kube/config`; on Windows in the home folder that has one. */
export function defaultKubeconfigPath(host: Host): string {
  return pathsOf(host).join(homeFolder(host), ".kube", "config");
}

/** Reads text of any encoding that kubectl reads. */
export async function parseKubeconfig(
  content: string | Uint8Array,
  source: KubeconfigSource,
): Promise<KubeconfigModel> {
  if (content.length === 0) return emptyModel;
  const { readFirstDocumentExactly, YamlError } = await import("./yaml/read-yaml.ts");
  try {
    const text = typeof content === "string" ? content.replace(/^\uFEFF/, "") : decodeText(content);
    return decodeKubeconfig(readFirstDocumentExactly(text), source);
  } catch (error) {
    if (!(error instanceof YamlError || error instanceof RangeError)) throw error;
    throw ConfigError.of("KubeconfigInvalid", `${source.label} cannot be read as YAML: ${error.message}`);
  }
}

async function loadFile(host: Host, file: string): Promise<KubeconfigModel> {
  const label = `kubeconfig ${JSON.stringify(file)}`;
  let content: Uint8Array;
  try {
    content = host.readFile(file);
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw error;
    throw ConfigError.of("KubeconfigUnreadable", `${label} cannot be read: ${systemReason(error)}`);
  }
  const paths = pathsOf(host);
  const folder = paths.dirname(file);
  const directory = paths.isAbsolute(folder) ? folder : cleanPath(host, paths.join(host.cwd(), folder));
  return parseKubeconfig(content, { label, origin: file, directory });
}

/** `~/.kube/.kubeconfig`, where the file was in the first days of Kubernetes. kubectl copies it; loading here writes nothing. */
async function loadFormer(host: Host, file: string): Promise<KubeconfigModel | undefined> {
  if ((readVariable(host, "KUBECONFIG") ?? "") !== "") return undefined;
  try {
    return await loadFile(host, pathsOf(host).join(pathsOf(host).dirname(file), ".kubeconfig"));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return undefined;
  }
}

/** `:` separates, on Windows `;`, where quotes protect it. */
function splitList(host: Host, list: string): readonly string[] {
  if (host.platform !== "win32") return list.split(":");
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  for (const character of list) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ";" && !isQuoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part];
}

function homeFolder(host: Host): string {
  const home = readVariable(host, "HOME") ?? "";
  if (host.platform !== "win32") return home;
  const drive = readVariable(host, "HOMEDRIVE") ?? "";
  const path = readVariable(host, "HOMEPATH") ?? "";
  const driveAndPath = drive !== "" && path !== "" ? drive + path : "";
  const profile = readVariable(host, "USERPROFILE") ?? "";
  const withConfig = [home, driveAndPath, profile].find(
    (folder) => folder !== "" && exists(host, pathsOf(host).join(folder, ".kube", "config")),
  );
  if (withConfig !== undefined) return withConfig;
  const set = [home, profile, driveAndPath].filter((folder) => folder !== "");
  return (
    set.find((folder) => isWritableFolder(host, folder)) ?? set.find((folder) => exists(host, folder)) ?? set[0] ?? ""
  );
}

function exists(host: Host, path: string): boolean {
  try {
    host.stat(path);
    return true;
  } catch {
    return false;
  }
}

function isWritableFolder(host: Host, path: string): boolean {
  try {
    const { isDirectory, mode } = host.stat(path);
    return isDirectory && (mode & 0o200) !== 0;
  } catch {
    return false;
  }
}
