/**
 * The error of a call that took longer than its `timeoutMs`.
 */

import { type ApiTarget, describeApiTarget } from "../core/api-target.ts";
import { KubeError } from "../core/kube-error.ts";

/** A call had no complete answer within its `timeoutMs`. Whether the server has acted on it is not known. */
export class TimedOutError extends KubeError {
  readonly verb: string;
  readonly target: ApiTarget;
  readonly timeoutMs: number;

  constructor(verb: string, target: ApiTarget, timeoutMs: number, detail?: string) {
    super(
      "TimedOut",
      `cannot ${verb} ${describeApiTarget(target)}: ` +
        (detail === undefined
          ? `no complete answer within ${timeoutMs} ms; check that the server can be reached, or raise timeoutMs`
          : `${detail} after ${timeoutMs} ms; raise timeoutMs to wait longer`),
      { retryable: true },
    );
    this.verb = verb;
    this.target = target;
    this.timeoutMs = timeoutMs;
  }
}
