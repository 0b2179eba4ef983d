/**
 * Runs a command in a container, from beginning to end.
 */
import type { CallOptions } from "../call-options.ts";
import { withDeadline } from "../deadline.ts";
import type { ResourceContext } from "../resource-context.ts";
import type { ContainerSession } from "./container-session.ts";
import { openSession } from "./open-session.ts";
import type { Session, SessionOptions } from "./session.ts";

/**
 * `exec(...)` runs a command to its end; `exec.session(...)` gives its streams.
 *
 * @example
 * ```ts
 * import { Client } from "bowline";
 *
 * await using client = await Client.connect();
 * const pods = client.resource("v1", "Pod", { namespace: "web" });
 * const { stdout, exitCode } = await pods.exec("shop-0", ["psql", "-f", "-"], { stdin: "select 1" });
 * console.log(exitCode, stdout);
 * ```
 */
export interface Exec {
  /**
   * Resolves when the command has ended, whatever its exit code.
   *
   * @throws {StreamError} `CommandNotRun`: there is no such command in the container.
   * @throws {ApiError} `isNotFound`, `isForbidden`, `isBadRequest` (no such container), ...
   * @throws {ConnectionError} `BodyCut`: the connection was cut, and the command may run on.
   */
  (name: string, command: readonly string[], options?: ExecCommandOptions): Promise<ExecResult>;
  /** The streams of a command, for dialogues, terminals and large output. */
  session(name: string, command: readonly string[], options?: SessionOptions): Promise<Session>;
}

/** Options of `exec`. */
export interface ExecCommandOptions extends CallOptions {
  /** Milliseconds until the command has ended; it may run on after that. 0 and default: as long as it takes, once it has begun. */
  readonly timeoutMs?: number | undefined;
  /** Needed where the pod has several. */
  readonly container?: string | undefined;
  /** What the command reads; its end is told, too. A command that reads less is no error. Default: nothing. */
  readonly stdin?: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
}

/** What came of a command. */
export interface ExecResult {
  /** All of it as UTF-8 text. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Implements {@link Exec}. */
export function execCommand(
  context: ResourceContext,
  name: string,
  command: readonly string[],
  options: ExecCommandOptions,
): Promise<ExecResult> {
  const { container, stdin, signal, timeoutMs } = options;
  const target = { ...context.target(name), subresource: "exec" };
  const run = async (inner: AbortSignal): Promise<ExecResult> => {
    const sessionOptions = { container, stdin: stdin !== undefined, signal: inner, timeoutMs };
    await using session = await openSession(context, { subresource: "exec", name, command }, sessionOptions);
    if (stdin !== undefined) {
      if (!session.canEndInput) throw session.stdinNotClosable();
      void feed(session, stdin);
    }
    const [stdout, stderr, { exitCode }] = await Promise.all([
      textOf(session.stdout),
      textOf(session.stderr),
      session.exited,
    ]);
    return { stdout, stderr, exitCode };
  };
  return withDeadline({ verb: "create", target }, { signal, timeoutMs }, run, 0);
}

/** Passes the input on. Never rejects: a source that fails ends the session, and a command that has ended needs no more. */
async function feed(session: ContainerSession, stdin: string | Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
  const writer = session.stdin.getWriter();
  const ignore = (): void => undefined;
  writer.closed.catch(ignore);
  if (!(stdin instanceof ReadableStream)) {
    const bytes = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
    writer.write(bytes).catch(ignore);
    writer.close().catch(ignore);
    return;
  }
  const reader = stdin.getReader();
  // A source that waits is told at once that nobody does any more.
  session.exited.catch(ignore).then(() => reader.cancel().catch(ignore), ignore);
  for (;;) {
    let next: Awaited<ReturnType<typeof reader.read>>;
    try {
      next = await reader.read();
    } catch (error) {
      session.fail(error);
      return;
    }
    if (next.done) break;
    try {
      await writer.write(next.value);
    } catch {
      return;
    }
  }
  writer.close().catch(ignore);
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
}
