/**
 * Runs a plugin's process to its end: never through a shell, never longer or larger than allowed, leaving nothing behind.
 */

import type { ChildProcess, StdioOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { killTree } from "./kill-tree.ts";
import { StderrTail } from "./stderr-tail.ts";
import { windowsBatchCommand } from "./windows-batch.ts";

/** What to run. */
export interface ProcessRequest {
  /** Absolute. */
  readonly path: string;
  /** What the program sees as its own name. */
  readonly argv0: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** True gives it this process's standard input and standard error; false gives it an empty input. */
  readonly interactive: boolean;
  /** 0 for none. */
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly onStderr: (chunk: Uint8Array) => void;
}

/** How it ended. */
export type ProcessResult = ProcessEnd & { readonly stderrTail: string };
type ProcessEnd =
  | { readonly type: "exited"; readonly exitCode: number; readonly stdout: Uint8Array }
  | { readonly type: "signalled"; readonly signal: string }
  | { readonly type: "notStarted"; readonly systemCode: string }
  | { readonly type: "timedOut" }
  | { readonly type: "tooLarge" }
  /** It ended, and something that it started keeps its output open. */
  | { readonly type: "held" };

/** How long, without a timeout, an output may stay open after its process has ended. */
export const heldOutputGraceMs = 10_000;
/** How long standard error may stay open after everything else has ended; what comes later is not shown. */
const stderrGraceMs = 200;

/** A process on its way to its end. */
export interface RunningProcess {
  /** Resolves when it has ended; never rejects. */
  readonly result: Promise<ProcessResult>;
  /** Whether it keeps this process alive, which it does at first. */
  hold(isHeld: boolean): void;
}

/** Starts the process. */
export function runProcess(request: ProcessRequest): RunningProcess {
  let resolve: (result: ProcessResult) => void = () => undefined;
  const result = new Promise<ProcessResult>((settle) => {
    resolve = settle;
  });
  const run = new Run(request, resolve);
  run.start();
  return { result, hold: (isHeld) => run.hold(isHeld) };
}

class Run {
  readonly #request: ProcessRequest;
  readonly #resolve: (result: ProcessResult) => void;
  readonly #tail = new StderrTail();
  readonly #chunks: Uint8Array[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #child: ChildProcess | undefined;
  #sizeBytes = 0;
  #exit: { readonly code: number | null; readonly signal: string | null } | undefined;
  #stdoutEnded = false;
  #stderrEnded = false;
  #isDone = false;
  #isHeld = true;

  constructor(request: ProcessRequest, resolve: (result: ProcessResult) => void) {
    this.#request = request;
    this.#resolve = resolve;
  }

  start(): void {
    let child: ChildProcess;
    try {
      if (isTextWithoutInterpreter(this.#request.path)) {
        this.#finish({ type: "notStarted", systemCode: "ENOEXEC" });
        return;
      }
      child = this.#spawn();
    } catch (error) {
      this.#finish({ type: "notStarted", systemCode: codeOf(error) });
      return;
    }
    this.#child = child;
    if (this.#isGroupLeader()) process.once("exit", this.#onParentExit);
    child.on("error", (error) => {
      if (child.pid === undefined) this.#finish({ type: "notStarted", systemCode: codeOf(error) });
    });
    child.on("exit", (code, signal) => {
      this.#exit = { code, signal };
      this.#settle();
    });
    this.#readStdout(child);
    this.#readStderr(child);
    if (this.#request.timeoutMs > 0) this.#after(this.#request.timeoutMs, () => this.#abandon({ type: "timedOut" }));
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    const child = this.#child;
    // One that could not be started cannot be held, and Deno's says so loudly.
    if (child?.pid === undefined || this.#isDone) return;
    for (const holder of [child, child.stdout, child.stderr, ...this.#timers]) setHeld(holder, isHeld);
  }

  #spawn(): ChildProcess {
    const { path, argv0, args, env, interactive } = this.#request;
    const stdio: StdioOptions = [interactive ? "inherit" : "ignore", "pipe", interactive ? "inherit" : "pipe"];
    if (process.platform === "win32" && /\.(?:bat|cmd)$/i.test(path)) {
      const batch = windowsBatchCommand(path, args, env["ComSpec"] ?? env["COMSPEC"]);
      return spawn(batch.path, [...batch.args], { env, stdio, windowsVerbatimArguments: true });
    }
    // With a group of its own a plugin can be ended together with what it has started.
    const detached = this.#isGroupLeader();
    return spawn(path, [...args], { env, stdio, argv0, detached, shell: false });
  }

  #isGroupLeader(): boolean {
    return this.#request.timeoutMs > 0 && !this.#request.interactive && process.platform !== "win32";
  }

  /** Without this process nobody would end the plugin at its timeout. */
  readonly #onParentExit = (): void => {
    const pid = this.#child?.pid;
    if (pid !== undefined) killTree(pid, { isGroup: true, hasExited: this.#exit !== undefined });
  };

  #readStdout(child: ChildProcess): void {
    const { stdout } = child;
    if (stdout === null) return;
    stdout.on("data", (chunk: Uint8Array) => {
      if (this.#isDone) return;
      this.#sizeBytes += chunk.length;
      if (this.#sizeBytes > this.#request.maxOutputBytes) this.#abandon({ type: "tooLarge" });
      else this.#chunks.push(chunk);
    });
    const onEnd = (): void => {
      this.#stdoutEnded = true;
      this.#settle();
    };
    stdout.on("end", onEnd).on("error", onEnd).on("close", onEnd);
  }

  #readStderr(child: ChildProcess): void {
    const { stderr } = child;
    if (stderr === null) {
      this.#stderrEnded = true;
      return;
    }
    stderr.on("data", (chunk: Uint8Array) => {
      this.#tail.add(chunk);
      this.#request.onStderr(chunk);
    });
    const onEnd = (): void => {
      this.#stderrEnded = true;
      this.#settle();
    };
    stderr.on("end", onEnd).on("error", onEnd).on("close", onEnd);
  }

  /** Looks whether everything has ended that is waited for. */
  #settle(): void {
    if (this.#isDone || this.#exit === undefined) return;
    if (!this.#stdoutEnded) {
      // The timeout, where there is one, also ends this.
      if (this.#request.timeoutMs === 0) this.#after(heldOutputGraceMs, () => this.#abandon({ type: "held" }));
      return;
    }
    if (!this.#stderrEnded) {
      this.#after(stderrGraceMs, () => {
        this.#stderrEnded = true;
        this.#settle();
      });
      return;
    }
    const { code, signal } = this.#exit;
    if (code !== null) this.#finish({ type: "exited", exitCode: code, stdout: Buffer.concat(this.#chunks) });
    else this.#finish({ type: "signalled", signal: signal ?? "unknown" });
  }

  #abandon(end: ProcessEnd): void {
    if (this.#isDone) return;
    const child = this.#child;
    const isGroup = this.#isGroupLeader();
    if (child?.pid !== undefined) killTree(child.pid, { isGroup, hasExited: this.#exit !== undefined });
    this.#finish(end.type === "timedOut" && this.#exit !== undefined ? { type: "held" } : end);
  }

  #finish(end: ProcessEnd): void {
    if (this.#isDone) return;
    this.#isDone = true;
    process.off("exit", this.#onParentExit);
    for (const timer of this.#timers) clearTimeout(timer);
    // Our ends of the pipes are closed even where somebody keeps the others open.
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
    this.#resolve({ ...end, stderrTail: this.#tail.text() });
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(act, ms);
    setHeld(timer, this.#isHeld);
    this.#timers.add(timer);
  }
}

/** Streams of child processes are sockets, which their types do not say; a runtime may have others. */
function setHeld(holder: unknown, isHeld: boolean): void {
  const { ref, unref } = (holder ?? {}) as { readonly ref?: unknown; readonly unref?: unknown };
  const act = isHeld ? ref : unref;
  if (typeof act === "function") act.call(holder);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * A script that names no interpreter. The system refuses it, but some C libraries, and so some runtimes, then start a shell with it,
 * which may be another one on every machine.
 */
function isTextWithoutInterpreter(path: string): boolean {
  if (process.platform === "win32") return false;
  const head = new Uint8Array(4);
  let size = 0;
  try {
    const file = openSync(path, "r");
    size = readSync(file, head);
    closeSync(file);
  } catch {
    // A program may be for running and not for reading.
    return false;
  }
  const isText = head
    .subarray(0, size)
    .every((byte) => byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte < 0x7f));
  return isText && !(head[0] === 0x23 && head[1] === 0x21);
}
