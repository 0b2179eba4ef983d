/**
 * Why there is no credential for a request.
 */

import type { KubeErrorOptions } from "../core/kube-error.ts";
import { KubeError } from "../core/kube-error.ts";

/** The codes of a {@link CredentialError}. */
export type CredentialErrorCode =
  /** The user has ways to authenticate that contradict each other. */
  | "CredentialsConflict"
  | "TokenInvalid"
  | "TokenFileUnreadable"
  | "TokenFileEmpty"
  | "ClientCertificateInvalid"
  | "ImpersonationInvalid"
  /** The auth-provider was removed from Kubernetes, or never was in it. */
  | "AuthProviderUnsupported"
  | "OidcConfigInvalid"
  | "OidcRefreshFailed"
  /** The exec section asks for a version other than v1 and v1beta1. */
  | "PluginVersionUnsupported"
  | "PluginPolicyInvalid"
  | "PluginNotAllowed"
  | "PluginNotFound"
  /** A relative command of a configuration that came from no file. */
  | "PluginPathRelative"
  | "PluginNotStarted"
  /** The plugin must ask its user, and there is no terminal to ask at. */
  | "PluginNeedsTerminal"
  /** The plugin ended with an exit code other than 0, or by a signal. */
  | "PluginFailed"
  | "PluginTimedOut"
  | "PluginOutputTooLarge"
  /** The plugin ended, and something that it started keeps its output open. */
  | "PluginOutputHeld"
  | "PluginOutputInvalid"
  | "CredentialSourceClosed";

/** More about a failure. */
export interface CredentialErrorOptions extends KubeErrorOptions {
  /** The plugin's command as configured. */
  readonly command?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly stderrTail?: string | undefined;
}

/**
 * A request could not be authenticated and was not sent. `retryable` tells whether a later try may succeed unchanged.
 *
 * Never holds a token, a key or what a plugin wrote to standard output.
 */
export class CredentialError extends KubeError {
  declare readonly code: CredentialErrorCode;
  /** The plugin's command as configured. */
  readonly command: string | undefined;
  /** The plugin's exit code; `undefined` where a signal ended it or it did not run. */
  readonly exitCode: number | undefined;
  /** The signal that ended the plugin. */
  readonly signal: string | undefined;
  /** The last lines that the plugin wrote to standard error, where it was not the terminal itself. */
  readonly stderrTail: string | undefined;

  constructor(code: CredentialErrorCode, message: string, options: CredentialErrorOptions = {}) {
    super(code, message, options);
    this.command = options.command;
    this.exitCode = options.exitCode;
    this.signal = options.signal;
    this.stderrTail = options.stderrTail;
  }
}
