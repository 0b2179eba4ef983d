/**
 * An exec plugin as a part of a credential. The code that runs processes is loaded when the first request needs it.
 */
import type { Cluster, ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { CredentialPart, PartState } from "../credential-part.ts";
import type { ExecClusterInfo } from "./exec-info.ts";
import { execClusterInfo } from "./exec-info.ts";
import type { ExecLease } from "./exec-managers.ts";
import type { ExecOptions } from "./exec-options.ts";

/** Shares its plugin's credential with all who have an equal configuration. */
export class LazyExecPart implements CredentialPart {
  readonly #exec: ExecConfig;
  readonly #cluster: ExecClusterInfo | undefined;
  readonly #settings: unknown;
  readonly #host: Host;
  readonly #options: ExecOptions;
  #lease: ExecLease | undefined;
  #isClosed = false;

  /** @throws CredentialError where the plugin is to be told a certificate authority that cannot be read. */
  constructor(cluster: Cluster, exec: ExecConfig, host: Host, options: ExecOptions) {
    this.#exec = exec;
    this.#cluster = exec.provideClusterInfo ? execClusterInfo(cluster, host) : undefined;
    this.#settings = cluster.execConfig;
    this.#host = host;
    this.#options = options;
  }

  current(signal?: AbortSignal): PartState | Promise<PartState> {
    return this.#lease?.manager.current(signal) ?? this.#load().then(({ manager }) => manager.current(signal));
  }

  async refresh(rejected: PartState, signal?: AbortSignal): Promise<PartState> {
    const { manager } = await this.#load();
    return manager.refresh(rejected, signal);
  }

  close(): void {
    this.#isClosed = true;
    this.#lease?.release();
    this.#lease = undefined;
  }

  async #load(): Promise<ExecLease> {
    const { leaseExecManager } = await import("./exec-managers.ts");
    if (this.#isClosed) {
      throw new CredentialError("CredentialSourceClosed", "the client was closed while it waited for its credential");
    }
    this.#lease ??= leaseExecManager({
      exec: this.#exec,
      cluster: this.#cluster,
      settings: this.#settings,
      options: this.#options,
      host: this.#host,
    });
    return this.#lease;
  }
}
