/**
 * Recorded scenarios: requests to a kube-apiserver, and what it answered.
 */
import { readdirSync, readFileSync } from "node:fs";

/** A request, with defaults for what is left out: an administrator's token, JSON both ways. */
export interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  /** `admin` (default), `plain`, `none`, or a token. */
  readonly as?: string;
  /** Replaces defaults; null removes, a list repeats. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  /** An object is sent as compact JSON, a string as it is. */
  readonly body?: unknown;
}

/** An answer: a body, or the events of a stream. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly events?: readonly unknown[];
  /** Who ended the stream. */
  readonly ended?: "client" | "server";
}

export interface CapturedStep {
  readonly name: string;
  readonly request: CapturedRequest;
  /** Seconds to wait before the request. */
  readonly pause?: number;
  /** The request is repeated until this holds. */
  readonly until?: {
    readonly status?: number;
    readonly path?: string;
    readonly equals?: unknown;
    readonly count?: number;
  };
  /** For how long at most. */
  readonly seconds?: number;
  /** Seconds to wait once it holds, before the answer is taken. */
  readonly settle?: number;
  readonly watch?: {
    readonly seconds?: number;
    readonly events?: number;
    readonly initial?: number;
    readonly linger?: number;
    readonly during?: readonly CapturedStep[];
  };
  /** Paths in the answer that are not compared. */
  readonly ignore?: readonly string[];
  /** Paths of lists that are compared as sets. */
  readonly unordered?: readonly string[];
  readonly response: Answer;
}

export interface Scenario {
  readonly scenario: string;
  readonly about: string;
  /** Whether controllers were running. */
  readonly controllers?: boolean;
  readonly needs?: readonly string[];
  readonly setup?: readonly CapturedRequest[];
  readonly steps: readonly CapturedStep[];
}

export interface Capture {
  readonly topic: string;
  readonly server: string;
  readonly scenarios: readonly Scenario[];
}

/** Reads every capture of a folder, by name. */
export function readCaptures(folder: URL): readonly Capture[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Capture);
}

/** All steps, those during a watch before the watch itself, in the order in which they are answered. */
export function* flatSteps(steps: readonly CapturedStep[]): Generator<CapturedStep> {
  for (const step of steps) {
    yield* flatSteps(step.watch?.during ?? []);
    yield step;
  }
}
