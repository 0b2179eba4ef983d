/**
 * The errors of exec, attach, port-forward and copies that no answer of the API server stands for.
 */
import { type ApiTarget, describeApiTarget } from "../../core/api-target.ts";
import { KubeError, type KubeErrorOptions } from "../../core/kube-error.ts";

/**
 * What {@link StreamError.code} can be.
 *
 * - `CommandNotRun`: the container could not run the command: there is no such file, or no such container any more.
 * - `SessionClosed`: the program closed the session, or the port-forward, before it had ended.
 * - `SessionCut`: the session ended without a word of how the command did: the node may have been restarted.
 * - `SessionEnded`: stdin was written after the command had ended.
 * - `StdinNotRequested`: stdin was written, and the session was opened without `stdin: true`.
 * - `StdinNotClosable`: a server before Kubernetes 1.30 cannot be told that stdin has ended.
 * - `PortForwardFailed`: one connection to a port of the pod failed; others go on.
 * - `CopyFailed`: files could not be copied; the message has the words of the container's `tar`.
 * - `ListenFailed`: the local port cannot be listened on.
 */
export type StreamErrorCode =
  | "CommandNotRun"
  | "SessionClosed"
  | "SessionCut"
  | "SessionEnded"
  | "StdinNotRequested"
  | "StdinNotClosable"
  | "PortForwardFailed"
  | "ListenFailed"
  | "CopyFailed";

/** A stream to a pod that failed beyond HTTP. A retry can help with `PortForwardFailed`. */
export class StreamError extends KubeError {
  declare readonly code: StreamErrorCode;
  readonly target: ApiTarget;

  /** @param message - follows "cannot <verb> <target>: ". */
  constructor(code: StreamErrorCode, verb: string, target: ApiTarget, message: string, options?: KubeErrorOptions) {
    const { subresource: _, ...pod } = target;
    super(code, `cannot ${verb} ${describeApiTarget(pod)}: ${message}`, options);
    this.target = target;
  }
}
