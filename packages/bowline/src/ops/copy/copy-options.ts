/**
 * What both directions of a copy take.
 */
import type { Exec, ExecResult } from "../../client/streams/exec.ts";
import { StreamError } from "../../client/streams/stream-error.ts";
import type { KubeErrorOptions } from "../../core/kube-error.ts";

/** The handle of the pods of a namespace: `client.resource("v1", "Pod", { namespace })`. */
export interface Pods {
  readonly namespace: string | undefined;
  readonly exec: Exec;
}

/** Options of `copyTo` and `copyFrom`. */
export interface CopyOptions {
  /** Needed where the pod has several. */
  readonly container?: string | undefined;
  /** Ends the copy; what has been copied stays. */
  readonly signal?: AbortSignal | undefined;
}

/** A path in a container as a folder and a name in it; the name is `.` where the path is the folder. */
export function splitRemote(path: string): { readonly folder: string; readonly name: string } {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return { folder: path.startsWith("/") ? "/" : ".", name: "." };
  const slash = trimmed.lastIndexOf("/");
  const name = trimmed.slice(slash + 1);
  if (name === "." || name === "..") return { folder: trimmed, name: "." };
  if (slash < 0) return { folder: ".", name };
  return { folder: slash === 0 ? "/" : trimmed.slice(0, slash), name };
}

/** The error of a copy, with the last of what the container's tar had to say. */
export function copyError(
  pods: Pods,
  pod: string,
  action: string,
  detail: string,
  options?: KubeErrorOptions,
): StreamError {
  const target = { apiVersion: "v1", kind: "Pod", plural: "pods", namespace: pods.namespace, name: pod };
  return new StreamError("CopyFailed", action, target, detail, options);
}

/** Words for a tar that has failed. */
export function tarFailure({ stderr, exitCode }: Pick<ExecResult, "stderr" | "exitCode">): string {
  const words = stderr.trim().split("\n").slice(-3).join("; ");
  return `tar ended with exit code ${exitCode}${words === "" ? "" : `: ${words}`}`;
}

/** A container that has no tar is told by another error than a file that is not there. */
export function withoutTar(error: unknown, pods: Pods, pod: string, action: string): unknown {
  if (!(error instanceof StreamError) || error.code !== "CommandNotRun") return error;
  return copyError(pods, pod, action, "the container could not run tar, which a copy needs in its image", {
    cause: error,
  });
}
