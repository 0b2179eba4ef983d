/**
 * How a command ended, as the Status on a session's last channel tells it.
 */
import type { ApiTarget } from "../../core/api-target.ts";
import type { Status } from "../../kinds/meta/v1.ts";
import { statusError } from "../answer.ts";
import { StreamError } from "./stream-error.ts";

/** What runs, for errors. */
export interface SessionSubject {
  readonly verb: string;
  readonly target: ApiTarget;
}

/** What kubelets say where the container runtime could not start the command. */
const NOT_RUN = /error executing command in container: ([\s\S]*)$/;

/**
 * The exit code that a Status stands for.
 *
 * @throws {StreamError} `CommandNotRun`.
 * @throws {ApiError} for any other failure.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go
 */
export function exitCodeOf(status: Status, { verb, target }: SessionSubject): number {
  if (status.status === "Success") return 0;
  if (status.reason === "NonZeroExitCode") {
    const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
    const code = Number.parseInt(cause?.message ?? "", 10);
    if (Number.isInteger(code)) return code;
  }
  // Channels carry it without apiVersion and kind.
  const failure = (): unknown => statusError({ ...status, apiVersion: "v1", kind: "Status" }, verb, target);
  const notRun = NOT_RUN.exec(status.message ?? "")?.[1];
  if (notRun !== undefined) {
    const message = `${notRun.trim()}; check the command's path in the container's image, and that the container is running`;
    throw new StreamError("CommandNotRun", "run the command in", target, message, {
      cause: failure(),
    });
  }
  throw failure();
}
