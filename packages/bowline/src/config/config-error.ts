/**
 * What is wrong with a kubeconfig, said without printing any of it.
 */

import type { KubeErrorOptions } from "../core/kube-error.ts";
import { KubeError } from "../core/kube-error.ts";

/** One thing that is wrong. */
export interface ConfigProblem {
  readonly code: ConfigErrorCode;
  readonly message: string;
}

/** The codes of a {@link ConfigError}. */
export type ConfigErrorCode =
  /** A file that was asked for by name does not exist. */
  | "KubeconfigNotFound"
  /** A file exists and cannot be read. */
  | "KubeconfigUnreadable"
  /** A file is not a kubeconfig, or an entry has a wrong type or contradicts itself. */
  | "KubeconfigInvalid"
  /** No file, context or cluster says which server to talk to. */
  | "KubeconfigEmpty"
  | "ContextNotFound"
  | "ClusterNotFound"
  | "UserNotFound"
  /** The cluster has no server. */
  | "ServerMissing"
  | "ServerWithoutScheme"
  | "ServerInvalid"
  | "ProxyInvalid"
  /** A file that an entry names cannot be read. */
  | "FileUnreadable"
  /** An override that the chosen configuration has no room for. */
  | "OverrideNotHonoured"
  | "InvalidTimeout"
  /** Another process holds the lock of a kubeconfig that was to be written. */
  | "KubeconfigLocked"
  | "KubeconfigNotWritable";

/**
 * A kubeconfig cannot be loaded, resolved or written. A retry does not help before the configuration is mended.
 *
 * The message names every problem, and `problems` lists them one by one; neither holds anything of the file but names and paths.
 */
export class ConfigError extends KubeError {
  declare readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]], options?: KubeErrorOptions) {
    const [first] = problems;
    super(first.code, problems.length === 1 ? first.message : listProblems(problems), options);
    this.problems = problems;
  }

  /** An error of a single problem. */
  static of(code: ConfigErrorCode, message: string, options?: KubeErrorOptions): ConfigError {
    return new ConfigError([{ code, message }], options);
  }

  /** Throws where there is at least one problem. */
  static throwIfAny(problems: readonly ConfigProblem[]): void {
    const [first, ...others] = problems;
    if (first !== undefined) throw new ConfigError([first, ...others]);
  }
}

function listProblems(problems: readonly ConfigProblem[]): string {
  return `${problems.length} problems in the configuration:\n${problems.map(({ message }) => `- ${message}`).join("\n")}`;
}
