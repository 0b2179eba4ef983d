/**
 * How admission, which is synchronous, calls out over the network: a write that needs an answer that is not there yet is given up
 * by throwing, the answer is fetched, and the write is tried again from its beginning. Nothing is stored before all answers are in,
 * and the calls of a write come in the same order each time, so the answers so far are known by their place.
 */
import type { StrategyContext } from "../../registry/strategy.ts";

/** What a call has led to. */
export type CallResult =
  | { readonly type: "answer"; readonly value: unknown }
  | { readonly type: "error"; readonly message: string };

/** Thrown out of a write that has to wait. */
class PendingCall extends Error {
  readonly about: string;
  readonly run: () => Promise<CallResult>;

  constructor(about: string, run: () => Promise<CallResult>) {
    super("a webhook has to be called");
    this.name = "PendingCall";
    this.about = about;
    this.run = run;
  }
}

interface Session {
  /** `about` says which webhook was called about which state. */
  readonly results: { readonly about: string; readonly result: CallResult }[];
  next: number;
}

const sessions = new WeakMap<StrategyContext, Session>();

const CONFIGURATIONS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/**
 * Runs a write whose admission may call webhooks. `write` is run again after each call, so what it changes must be a copy: `copy`
 * makes one where there are webhooks at all. Writes that are not run so, those of the server's own parts, call none.
 */
export async function withWebhooks<T>(context: StrategyContext, write: (copy: <V>(value: V) => V) => T): Promise<T> {
  const isHooked = CONFIGURATIONS.some(
    (kind) => context.list("admissionregistration.k8s.io/v1", kind, undefined).length > 0,
  );
  if (!isHooked) return write((value) => value);
  const session: Session = { results: [], next: 0 };
  sessions.set(context, session);
  try {
    for (;;) {
      session.next = 0;
      try {
        // A map that stands in two places, as a Job's labels do, stays one.
        return write(structuredClone);
      } catch (error) {
        if (!(error instanceof PendingCall)) throw error;
        session.results.push({ about: error.about, result: await error.run() });
      }
    }
  } finally {
    sessions.delete(context);
  }
}

/** Whether the write can call out. */
export function canCall(context: StrategyContext): boolean {
  return sessions.has(context);
}

/**
 * The result of the next call of the write; where it has not been made, the write is given up until it has. Where another write
 * came in between, so that the call was about something else, it and all after it are made anew.
 */
export function callOut(context: StrategyContext, about: string, run: () => Promise<CallResult>): CallResult {
  const session = sessions.get(context);
  const known = session?.results[session.next];
  if (session === undefined || known?.about !== about) {
    session?.results.splice(session.next);
    throw new PendingCall(about, run);
  }
  session.next += 1;
  return known.result;
}
