/**
 * A session in a container: its streams, its terminal, its end.
 */
import type { CallOptions } from "../call-options.ts";

/** Options of `exec.session` and `attach`. */
export interface SessionOptions extends CallOptions {
  /** Ends the session at any time: its streams and `exited` reject with the signal's reason. The command may run on. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the session to be opened, after which {@link TimedOutError}. 0: no limit. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Needed where the pod has several. */
  readonly container?: string | undefined;
  /** Whether stdin is passed on. Default false. */
  readonly stdin?: boolean | undefined;
  /** A terminal: stderr arrives in stdout. Default false. */
  readonly tty?: boolean | undefined;
}

/**
 * A running command. Read stdout and stderr, or cancel them: as with a local process, a command waits while its output is not
 * taken. A session that is open keeps the program running.
 */
export interface Session extends AsyncDisposable {
  /** Closing it ends the command's input; aborting it ends the session. Errors where the session has no `stdin: true`. */
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  /** Nothing where there is a terminal, which mixes both. */
  readonly stderr: ReadableStream<Uint8Array>;
  /**
   * Resolves when the command has ended. An attached container's own exit code is not told: 0 stands for the end of its
   * streams, and the pod's status has the code.
   *
   * Rejects with {@link StreamError} `CommandNotRun` or `SessionClosed`, {@link ApiError}, or, where the connection was cut,
   * {@link ConnectionError} or {@link StreamError} `SessionCut`: it is not known then whether the command has ended.
   */
  readonly exited: Promise<{ readonly exitCode: number }>;
  /** Tells the terminal its size. Of no effect without `tty`. */
  resize(size: { readonly columns: number; readonly rows: number }): void;
  /** Closes the connection; a command that still runs may run on. Idempotent. */
  close(): Promise<void>;
}
