import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  BACKOFF_MAX_MS,
  BACKOFF_MIN_MS,
  SHORT_STREAM_MS,
  START_ATTEMPTS,
  stepWatch,
  type WatchFailure,
  type WatchInput,
  type WatchState,
} from "./watch-state.ts";

const error = new Error("boom");
const starting: WatchState = { type: "starting", mode: "stream", failures: 0 };
const following: WatchState = { type: "following", resourceVersion: "7", failures: 0 };
const failed = (type: WatchFailure["type"], retryAfterMs?: number): WatchInput => ({
  type: "failed",
  failure: { type, error, ...(retryAfterMs !== undefined && { retryAfterMs }) } as WatchFailure,
});

describe("a watch that starts", () => {
  it("falls back to a list where the server does not stream the present state", () => {
    const { state, action } = stepWatch(starting, failed("unsupported"), 0);
    assert.deepEqual(state, { type: "starting", mode: "list", failures: 0 });
    assert.deepEqual(action, { type: "connect", afterMs: 0 });
  });

  it("fails where the server refuses the list too", () => {
    const list: WatchState = { type: "starting", mode: "list", failures: 0 };
    assert.deepEqual(stepWatch(list, failed("unsupported"), 0).action, { type: "fail", error });
  });

  it("fails at once where nobody answers", () => {
    assert.deepEqual(stepWatch(starting, failed("unreachable"), 0).action, { type: "fail", error });
  });

  it("begins anew when the stream breaks, and gives up after some tries", () => {
    let state: WatchState = { ...starting };
    for (let attempt = 1; attempt < START_ATTEMPTS; attempt++) {
      const step = stepWatch(state, failed("lost"), 1);
      assert.deepEqual(step.action, { type: "connect", afterMs: BACKOFF_MIN_MS * 2 ** (attempt - 1) });
      state = step.state;
    }
    assert.deepEqual(stepWatch(state, failed("lost"), 1).action, { type: "fail", error });
  });

  it("falls back to a list where the server ends the stream in order, without an end of the state", () => {
    const { state, action } = stepWatch(starting, { type: "closed", livedMs: SHORT_STREAM_MS }, 0);
    assert.deepEqual(state, { type: "starting", mode: "list", failures: 0 });
    assert.deepEqual(action, { type: "connect", afterMs: 0 });
  });

  it("takes an end of history as no gap, since the state is read anew", () => {
    assert.equal(stepWatch(starting, failed("expired"), 0).action?.type, "connect");
  });

  it("follows from the resourceVersion at which the present state ends", () => {
    const { state, action } = stepWatch(starting, { type: "settled", resourceVersion: "9" }, 0);
    assert.deepEqual(state, { type: "following", resourceVersion: "9", failures: 0 });
    assert.equal(action, undefined);
  });
});

describe("a watch that resumes", () => {
  const resuming: WatchState = { type: "resuming", resourceVersion: "7", failures: 0 };

  it("fails at once where nobody answers, and after some tries where the server fails", () => {
    assert.deepEqual(stepWatch(resuming, failed("unreachable"), 0).action, { type: "fail", error });
    assert.equal(stepWatch(resuming, failed("lost"), 0).action?.type, "connect");
    const tired: WatchState = { ...resuming, failures: START_ATTEMPTS - 1 };
    assert.deepEqual(stepWatch(tired, failed("lost"), 0).action, { type: "fail", error });
  });

  it("throws where the history is gone", () => {
    assert.deepEqual(stepWatch(resuming, failed("expired"), 0).action, { type: "fail", error });
  });

  it("follows once the server answers", () => {
    assert.deepEqual(stepWatch(resuming, { type: "opened" }, 0).state, following);
    assert.deepEqual(stepWatch(starting, { type: "opened" }, 0).state, starting);
  });
});

describe("a watch that follows", () => {
  it("connects at once after an orderly end", () => {
    const step = stepWatch({ ...following, failures: 3 }, { type: "closed", livedMs: SHORT_STREAM_MS }, 0.5);
    assert.deepEqual(step, { state: following, action: { type: "connect", afterMs: 0 } });
  });

  it("waits before it connects to a server that ends each stream at once", () => {
    const step = stepWatch(following, { type: "closed", livedMs: SHORT_STREAM_MS - 1 }, 1);
    assert.deepEqual(step.action, { type: "connect", afterMs: BACKOFF_MIN_MS });
  });

  it("fails where the history is gone, for that is a gap", () => {
    assert.deepEqual(stepWatch(following, failed("expired"), 0).action, { type: "fail", error });
  });

  it("fails on what another try would not mend", () => {
    assert.deepEqual(stepWatch(following, failed("fatal"), 0).action, { type: "fail", error });
  });

  it("waits at least as long as the server asks", () => {
    assert.deepEqual(stepWatch(following, failed("lost", 60_000), 0).action, { type: "connect", afterMs: 60_000 });
  });

  it("never gives up on lost and unreachable servers, and never waits beyond the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<WatchFailure["type"]>("lost", "unreachable"), { maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (types, random) => {
          let state: WatchState = following;
          for (const type of types) {
            const step = stepWatch(state, failed(type), random);
            assert.ok(
              step.action?.type === "connect" &&
                step.action.afterMs <= BACKOFF_MAX_MS &&
                step.action.afterMs >= BACKOFF_MIN_MS / 2,
            );
            state = step.state;
            assert.ok(state.type === "following" && state.resourceVersion === "7");
          }
        },
      ),
    );
  });

  it("forgets failures with the next event", () => {
    const { state } = stepWatch({ ...following, failures: 5 }, { type: "advanced", resourceVersion: "8" }, 0);
    assert.deepEqual(state, { type: "following", resourceVersion: "8", failures: 0 });
  });
});
