import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Batches, openStream } from "./open-stream.ts";
import { FakeClock } from "./testdata/fake-transport.ts";

const never = (): Promise<never> => new Promise(() => {});

async function* batches<T>(values: readonly (readonly T[])[], log: string[] = []): Batches<T> {
  try {
    for (const batch of values) {
      log.push("pull");
      yield batch;
    }
  } finally {
    log.push("left");
  }
}

describe("openStream", () => {
  it("gives every value in order, however many at a time are asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(), { maxLength: 4 })),
        fc.integer({ min: 1, max: 5 }),
        async (values, atOnce) => {
          const iterator = openStream(() => batches(values), {})[Symbol.asyncIterator]();
          const seen: number[] = [];
          for (;;) {
            const results = await Promise.all(Array.from({ length: atOnce }, () => iterator.next()));
            for (const result of results) if (!result.done) seen.push(result.value);
            if (results.some(({ done }) => done)) break;
          }
          assert.deepEqual(seen, values.flat());
        },
      ),
    );
  });

  it("starts at the first next, anew for each iterator", async () => {
    let starts = 0;
    const stream = openStream(() => {
      starts++;
      return batches([[1]]);
    }, {});
    assert.equal(starts, 0);
    for (const _ of [1, 2]) for await (const value of stream) assert.equal(value, 1);
    assert.equal(starts, 2);
  });

  it("asks for no more than is read", async () => {
    const log: string[] = [];
    for await (const value of openStream(() => batches([[1, 2], [3], [4]], log), {})) if (value === 2) break;
    assert.deepEqual(log, ["pull", "left"]);
  });

  it("leaves its source on return and throw, and is over from then on", async () => {
    const log: string[] = [];
    const stream = openStream(() => batches([[1, 2]], log), {});
    await assert.rejects(async () => {
      for await (const _ of stream) throw new Error("boom");
    }, /boom/);
    assert.deepEqual(log, ["pull", "left"]);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  it("throws what its source throws, once", async () => {
    const boom = new Error("boom");
    const iterator = openStream<number>(() => Promise.reject(boom), {})[Symbol.asyncIterator]();
    await assert.rejects(iterator.next(), (error) => error === boom);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  it("rejects with the signal's reason, also where values are at hand or the source does not end", async () => {
    const reason = new Error("enough");
    for (const source of [() => batches([[1, 2, 3]]), (signal: AbortSignal) => stuck(signal)]) {
      const controller = new AbortController();
      const iterator = openStream<number>(source, controller)[Symbol.asyncIterator]();
      assert.equal((await iterator.next()).value, 1);
      controller.abort(reason);
      await assert.rejects(iterator.next(), (error) => error === reason);
    }
    const aborted = openStream(() => batches([[1]]), { signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
    await assert.rejects(aborted.next(), (error) => error === reason);
  });

  it("ends without an error when its time is up", async () => {
    const clock = new FakeClock();
    const iterator = openStream((signal) => stuck(signal), { timeoutMs: 10, clock })[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    clock.pass(10);
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.equal(clock.pending, 0);
  });
});

/** One value, then nothing until the signal aborts. */
async function* stuck(signal: AbortSignal): Batches<number> {
  yield [1];
  await Promise.race([
    never(),
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ]);
}
