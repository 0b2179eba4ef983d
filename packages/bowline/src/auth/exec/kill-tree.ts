/**
 * Ends a process together with what it has started.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What is known of the process. */
export interface KillOptions {
  /** It leads a process group of its own. */
  readonly isGroup: boolean;
  /** It has ended, and only what it started may be left; its number may belong to another process by now. */
  readonly hasExited: boolean;
}

/** Kills at once and without asking. What has ended already is no error. */
export function killTree(pid: number, { isGroup, hasExited }: KillOptions): void {
  if (process.platform === "win32") {
    if (!hasExited)
      spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" }).on("error", () => kill(pid));
    return;
  }
  // The kernel gives the number of a group that has members to no new process.
  if (isGroup) kill(-pid);
  else if (!hasExited) for (const each of [pid, ...descendants(pid)]) kill(each);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** The processes below one, on Linux; elsewhere a plugin without a group is ended alone. */
function descendants(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  let names: readonly string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    queue.push(...below);
  }
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before it stands in parentheses and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
