/**
 * The managers of this process: equal plugin configurations share one, whichever clients they belong to.
 */
import { redact } from "../../config/redaction.ts";
import { encodeSorted } from "./exec-info.ts";
import type { ExecManagerConfig } from "./exec-manager.ts";
import { ExecManager } from "./exec-manager.ts";

/** How long a credential that no client uses is kept. */
export const idleKeepMs = 600_000;

interface Shared {
  readonly manager: ExecManager;
  users: number;
  eviction: ReturnType<typeof setTimeout> | undefined;
}

const managers = new Map<string, Shared>();
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A share of a manager. */
export interface ExecLease {
  readonly manager: ExecManager;
  /** Idempotent. The last one to leave starts the clock that forgets the credential. */
  release(): void;
}

/** Gives the manager for the configuration, an existing one where it is in use or was lately. */
export function leaseExecManager(config: ExecManagerConfig): ExecLease {
  const key = keyOf(config);
  const shared = managers.get(key) ?? { manager: new ExecManager(config), users: 0, eviction: undefined };
  managers.set(key, shared);
  shared.users += 1;
  clearTimeout(shared.eviction);
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    shared.users -= 1;
    if (shared.users === 0) evictLater(key, shared);
  };
  return redact({ manager: shared.manager, release }, () => "ExecLease");
}

/** How many credentials are kept, for tests and curiosity. */
export function execManagerCount(): number {
  return managers.size;
}

function evictLater(key: string, shared: Shared): void {
  shared.eviction = setTimeout(() => {
    if (shared.users > 0 || managers.get(key) !== shared) return;
    managers.delete(key);
    shared.manager.forget();
  }, idleKeepMs);
  // Nobody waits for this.
  shared.eviction.unref();
}

/** Everything that may change what a plugin answers, or how it is run. */
function keyOf({ exec, cluster, settings, options, host }: ExecManagerConfig): string {
  const { policy, timeoutMs, maxOutputBytes, stdinUnavailable, leewayMs, backOffMs } = options;
  const { command, args, env, apiVersion, installHint, provideClusterInfo, interactiveMode } = exec;
  return JSON.stringify([
    [command, args, env, apiVersion, installHint, provideClusterInfo, interactiveMode],
    [cluster && encodeSorted(cluster), encodeSorted(settings ?? null)],
    [policy, timeoutMs, maxOutputBytes, stdinUnavailable, leewayMs, backOffMs],
    [host, options.onStderr, options.onRefreshError, options.metrics].map(identityOf),
  ]);
}

function identityOf(value: object | undefined): number {
  if (value === undefined) return 0;
  const known = identities.get(value);
  if (known !== undefined) return known;
  lastIdentity += 1;
  identities.set(value, lastIdentity);
  return lastIdentity;
}
