/**
 * How exec plugins are run, as a program chooses.
 */
import type { ExecMetrics } from "./exec-metrics.ts";
import type { PluginPolicy } from "./plugin-policy.ts";

/** Options of exec plugins. Those that change a credential are part of what it is shared by. */
export interface ExecOptions {
  /** Which plugins may run. Default: `AllowAll`. */
  readonly policy?: PluginPolicy | undefined;
  /**
   * Ends a plugin, and what it started, that takes longer. Default and 0: none, since a first login in a browser takes as long
   * as it takes.
   */
  readonly timeoutMs?: number | undefined;
  /** The most that a plugin may write to standard output. Default 16 MiB. */
  readonly maxOutputBytes?: number | undefined;
  /** A program that reads standard input itself says so, and may say why. Default false. */
  readonly stdinUnavailable?: boolean | string | undefined;
  /** Receives what plugins write to standard error, as it comes. Default: this process's standard error. */
  readonly onStderr?: ((chunk: Uint8Array) => void) | undefined;
  /** Told of a refresh after a 401 that failed; the request then ends with its 401. Default: nothing. */
  readonly onRefreshError?: ((error: unknown) => void) | undefined;
  readonly metrics?: ExecMetrics | undefined;
  /**
   * How long before its expiry a credential is replaced. Default 10,000; never more than a tenth of the credential's lifetime.
   */
  readonly leewayMs?: number | undefined;
  /** How long the first failure is answered from memory; doubles up to 30 times of it. Default 1000; 0 for never. */
  readonly backOffMs?: number | undefined;
}
