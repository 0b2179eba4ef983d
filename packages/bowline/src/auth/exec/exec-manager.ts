/**
 * Runs one exec plugin for everybody who needs its credential: one run at a time, kept until it expires.
 */
import type { ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { bearer } from "../authorization.ts";
import { certificateFacts, renewedCertificate } from "../client-certificate.ts";
import type { ClientCertificate } from "../credential.ts";
import { CredentialError } from "../credential-error.ts";
import type { PartState } from "../credential-part.ts";
import { forgetCertificate, reportCertificate } from "./certificate-expiries.ts";
import type { ExecClusterInfo } from "./exec-info.ts";
import { encodeExecInfo } from "./exec-info.ts";
import type { ExecOptions } from "./exec-options.ts";
import { isInteractive } from "./interactivity.ts";
import { pluginEnvironment } from "./plugin-environment.ts";
import { InstallHint, notFoundError, processError } from "./plugin-failure.ts";
import type { PluginCredential } from "./plugin-output.ts";
import { readPluginOutput } from "./plugin-output.ts";
import { policyRefusal } from "./plugin-policy.ts";
import { lookUpCommand } from "./resolve-command.ts";
import type { ProcessResult, RunningProcess } from "./run-process.ts";
import { runProcess } from "./run-process.ts";
import { WaiterCount } from "./waiter-count.ts";

/** Defaults of {@link ExecOptions}. */
export const execDefaults: { readonly maxOutputBytes: number; readonly leewayMs: number; readonly backOffMs: number } =
  {
    maxOutputBytes: 16 * 1024 * 1024,
    leewayMs: 10_000,
    backOffMs: 1000,
  };
const leewayFraction = 0.1;
const maxBackOffFactor = 30;

/** What a manager is made for. Two with equal configs are one. */
export interface ExecManagerConfig {
  readonly exec: ExecConfig;
  /** Only with `provideClusterInfo`. */
  readonly cluster: ExecClusterInfo | undefined;
  /** The cluster's settings for plugins. Told or not, other settings mean another credential. */
  readonly settings?: unknown;
  readonly options: ExecOptions;
  readonly host: Host;
}

interface ExecState extends PartState {
  readonly expiresAtMs: number | undefined;
  readonly obtainedAtMs: number;
}

/**
 * The states of a plugin's credential: none, valid, due for replacement, expired. A run is shared by all who wait for it, and so
 * is its failure for a short while.
 */
export class ExecManager {
  readonly #config: ExecManagerConfig;
  readonly #hint: InstallHint;
  #state: ExecState | undefined;
  #run: Promise<ExecState> | undefined;
  #process: RunningProcess | undefined;
  readonly #waiters = new WaiterCount((isWaitedFor) => this.#process?.hold(isWaitedFor));
  #failure: { readonly error: unknown; readonly untilMs: number; readonly delayMs: number } | undefined;

  constructor(config: ExecManagerConfig) {
    this.#config = config;
    this.#hint = new InstallHint(config.exec.installHint, config.host);
  }

  /** Whether a plugin is running now. */
  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** The credential at hand, or the promise of the run that gets one. The signal tells when nobody waits any more. */
  current(signal?: AbortSignal): PartState | Promise<PartState> {
    const state = this.#state;
    const now = this.#config.host.now();
    if (state !== undefined && now <= this.#dueAtMs(state)) return state;
    const isUsable = state?.expiresAtMs !== undefined && now <= state.expiresAtMs;
    if (!isUsable) return this.#waiters.count(this.#runShared(), signal);
    // It is due and not yet over: a failing plugin is no reason to fail the request.
    return this.#waiters.count(this.#runShared(), signal).catch((error: unknown) => {
      if (this.#config.host.now() > (state.expiresAtMs ?? 0)) throw error;
      return state;
    });
  }

  /** After a 401: runs the plugin unless that has been done since. A failure leaves the credential as it is. */
  async refresh(rejected: PartState, signal?: AbortSignal): Promise<PartState> {
    if (this.#state !== rejected && this.#state !== undefined) return this.current(signal);
    try {
      return await this.#waiters.count(this.#runShared(), signal);
    } catch (error) {
      this.#config.options.onRefreshError?.(error);
      return rejected;
    }
  }

  /** Forgets the credential. */
  forget(): void {
    this.#state = undefined;
    forgetCertificate(this, this.#config.options.metrics);
  }

  #dueAtMs({ expiresAtMs, obtainedAtMs }: ExecState): number {
    if (expiresAtMs === undefined) return Infinity;
    const lifetimeMs = Math.max(0, expiresAtMs - obtainedAtMs);
    const leewayMs = this.#config.options.leewayMs ?? execDefaults.leewayMs;
    return expiresAtMs - Math.min(leewayMs, lifetimeMs * leewayFraction);
  }

  #runShared(): Promise<ExecState> {
    if (this.#run !== undefined) return this.#run;
    const failure = this.#failure;
    if (failure !== undefined && this.#config.host.now() < failure.untilMs) return Promise.reject(failure.error);
    this.#run = this.#runOnce().finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  async #runOnce(): Promise<ExecState> {
    try {
      const state = this.#toState(await this.#obtain());
      this.#failure = undefined;
      this.#state = state;
      return state;
    } catch (error) {
      if (isBeforeRun(error)) throw error;
      const firstMs = this.#config.options.backOffMs ?? execDefaults.backOffMs;
      const delayMs = Math.min((this.#failure?.delayMs ?? firstMs / 2) * 2, firstMs * maxBackOffFactor);
      this.#failure = { error, delayMs, untilMs: this.#config.host.now() + delayMs };
      throw error;
    }
  }

  async #obtain(): Promise<PluginCredential> {
    const { exec, cluster, options, host } = this.#config;
    const interactive = isInteractive(exec, options, host);
    const env = pluginEnvironment(exec, encodeExecInfo(exec.apiVersion, cluster, interactive), host);
    const resolved = lookUpCommand(host, exec.command);
    const refusal = options.policy && policyRefusal(options.policy, resolved, host);
    options.metrics?.policyCall?.({ allowed: refusal === undefined });
    if (refusal !== undefined) {
      const message = `the exec plugin ${JSON.stringify(exec.command)} is not allowed: ${refusal}`;
      throw new CredentialError("PluginNotAllowed", message, { command: exec.command });
    }
    if (resolved.path === undefined) {
      options.metrics?.call?.({ code: 1, callStatus: "plugin_not_found_error" });
      throw notFoundError(resolved, exec, this.#hint);
    }
    this.#process = runProcess({
      path: resolved.path,
      argv0: resolved.command,
      args: exec.args,
      env,
      interactive,
      timeoutMs: options.timeoutMs ?? 0,
      maxOutputBytes: options.maxOutputBytes ?? execDefaults.maxOutputBytes,
      onStderr: options.onStderr ?? ((chunk) => process.stderr.write(chunk)),
    });
    // Everybody may have gone before it was started.
    this.#process.hold(this.#waiters.isWaitedFor);
    const result = await this.#process.result;
    this.#process = undefined;
    this.#count(result);
    if (result.type !== "exited" || result.exitCode !== 0) throw processError(result, exec, options, this.#hint);
    return readPluginOutput(result.stdout, exec.apiVersion, exec.command);
  }

  #count(result: ProcessResult): void {
    const { metrics } = this.#config.options;
    if (result.type === "exited" && result.exitCode === 0) metrics?.call?.({ code: 0, callStatus: "no_error" });
    else if (result.type === "exited") {
      metrics?.call?.({ code: result.exitCode, callStatus: "plugin_execution_error" });
    } else if (result.type === "signalled") metrics?.call?.({ code: -1, callStatus: "plugin_execution_error" });
    else if (result.type === "notStarted" && ["ENOENT", "EACCES"].includes(result.systemCode)) {
      metrics?.call?.({ code: 1, callStatus: "plugin_not_found_error" });
    } else metrics?.call?.({ code: 1, callStatus: "client_internal_error" });
  }

  #toState(credential: PluginCredential): ExecState {
    const { exec, host } = this.#config;
    const origin = `the exec plugin ${JSON.stringify(exec.command)}`;
    const { token, expiresAtMs } = credential;
    const certificate = this.#certificate(credential, origin);
    return {
      authorization: token === undefined ? undefined : bearer(token, origin),
      clientCertificate: certificate,
      expiresAtMs,
      obtainedAtMs: host.now(),
    };
  }

  #certificate(credential: PluginCredential, origin: string): ClientCertificate | undefined {
    const { clientCertificateData: cert, clientKeyData: key } = credential;
    const before = this.#state?.clientCertificate;
    const { metrics } = this.#config.options;
    let certificate: ClientCertificate | undefined;
    if (cert !== undefined && key !== undefined) {
      // The same certificate again keeps its connections.
      certificate = renewedCertificate(before, cert, key, origin);
    }
    if (before !== undefined && certificate !== before) {
      const notBefore = certificateFacts(before.cert)?.notBefore;
      if (notBefore !== undefined) metrics?.certificateRotation?.(this.#config.host.now() - notBefore.getTime());
    }
    reportCertificate(this, certificate && certificateFacts(certificate.cert)?.notAfter, metrics);
    return certificate;
  }
}

/** These cost no process, so that there is nothing to spare, and their reason may be gone at the next request. */
function isBeforeRun(error: unknown): boolean {
  return (
    error instanceof CredentialError && (error.code === "PluginNotAllowed" || error.code === "PluginNeedsTerminal")
  );
}
