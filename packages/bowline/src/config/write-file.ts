/**
 * Writing a kubeconfig: under its lock, whole or not at all, readable by its owner only.
 */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "./config-error.ts";
import { systemCode, systemReason } from "./host.ts";

/** How long a lock of another process is waited for where nothing else is said. */
export const lockWaitMs = 5000;
const lockPollMs = 25;

/**
 * Runs `act` while this process holds `<file>.lock` of every file, as kubectl does. Files are locked in the order of their names,
 * so that two processes never wait for each other.
 *
 * @throws ConfigError `KubeconfigLocked` where another process keeps a lock for longer than `waitMs`.
 */
export async function withLocks<T>(
  files: readonly string[],
  act: () => T | Promise<T>,
  waitMs: number = lockWaitMs,
): Promise<T> {
  const locked: string[] = [];
  try {
    for (const file of [...new Set(files)].sort()) {
      const lock = `${file}.lock`;
      await takeLock(lock, file, waitMs);
      locked.push(lock);
    }
    return await act();
  } finally {
    for (const lock of locked) rmSync(lock, { force: true });
  }
}

/**
 * Replaces the file's content. A new file gets the mode 0600 and its folder 0755; an existing one keeps its mode, and a symbolic
 * link stays one.
 *
 * @throws ConfigError `KubeconfigNotWritable`.
 */
export function writeKubeconfigFile(file: string, content: string): void {
  const target = targetOf(file);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    makeFolder(file);
    writeFileSync(temporary, content, { mode: 0o600, flag: "wx" });
    chmodSync(temporary, modeOf(target));
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    const path = JSON.stringify(file);
    throw ConfigError.of("KubeconfigNotWritable", `kubeconfig ${path} cannot be written: ${systemReason(error)}`);
  }
}

async function takeLock(lock: string, file: string, waitMs: number): Promise<void> {
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    try {
      makeFolder(file);
      closeSync(openSync(lock, "wx", 0o600));
      return;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") {
        const message = `kubeconfig ${JSON.stringify(file)} cannot be locked: ${systemReason(error)}`;
        throw ConfigError.of("KubeconfigNotWritable", message);
      }
      if (Date.now() >= deadlineMs) {
        const message = `kubeconfig ${JSON.stringify(file)} is locked by another process; where there is none, delete ${lock}`;
        throw ConfigError.of("KubeconfigLocked", message, { retryable: true });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  }
}

function makeFolder(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function modeOf(file: string): number {
  try {
    return statSync(file).mode & 0o777;
  } catch {
    return 0o600;
  }
}
