import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { collectGarbageFinalizers, markAsDeleting, prepareDeletion } from "./deletion.ts";
import type { ApiObject } from "./strategy.ts";

const now = new Date("2030-01-01T00:00:00Z");
const graceful = { gracePeriodSeconds: (_object: ApiObject, asked?: number) => asked ?? 30 };

function pod(finalizers?: string[]): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", generation: 1, ...(finalizers === undefined ? {} : { finalizers }) },
  };
}

test("a kind without grace goes at once", () => {
  const object = pod();
  assert.deepEqual(prepareDeletion(object, {}, { gracePeriodSeconds: 10 }, now), {
    isGraceful: false,
    isPending: false,
  });
  assert.equal(object.metadata["deletionTimestamp"], undefined);
});

test("a graceful deletion ends after its period and counts as a change", () => {
  const object = pod();
  assert.equal(prepareDeletion(object, graceful, {}, now).isGraceful, true);
  assert.equal(object.metadata["deletionTimestamp"], "2030-01-01T00:00:30Z");
  assert.equal(object.metadata.generation, 2);
});

test("a second delete can only shorten the period", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -5, max: 60 }), (first, second) => {
      const object = pod();
      prepareDeletion(object, graceful, { gracePeriodSeconds: first }, now);
      const before = Date.parse(String(object.metadata["deletionTimestamp"]));
      const { isPending } = prepareDeletion(object, graceful, { gracePeriodSeconds: second }, now);
      const asked = second < 0 ? 1 : second;
      assert.equal(isPending, asked >= first);
      assert.ok(Date.parse(String(object.metadata["deletionTimestamp"])) <= before);
      assert.equal(object.metadata["deletionGracePeriodSeconds"], Math.min(asked, first));
    }),
  );
});

test("the finalizer of garbage collection is that of the last word", () => {
  const after = (finalizers: string[], policy: string | undefined, byDefault?: "orphan") => {
    const object = pod(finalizers);
    const strategy = byDefault === undefined ? {} : { defaultPropagation: byDefault };
    collectGarbageFinalizers(object, strategy, { propagationPolicy: policy });
    return object.metadata.finalizers ?? [];
  };
  assert.deepEqual(after(["x"], "Foreground"), ["x", "foregroundDeletion"]);
  assert.deepEqual(after(["x", "foregroundDeletion"], "Orphan"), ["x", "orphan"]);
  assert.deepEqual(after(["orphan"], "Background"), []);
  assert.deepEqual(after(["orphan"], undefined), ["orphan"]);
  assert.deepEqual(after([], undefined, "orphan"), ["orphan"]);
});

test("an object that stays for its finalizers is marked once", () => {
  const object = pod(["x"]);
  markAsDeleting(object, now);
  markAsDeleting(object, new Date(now.getTime() + 5000));
  assert.deepEqual(
    [object.metadata["deletionTimestamp"], object.metadata["deletionGracePeriodSeconds"], object.metadata.generation],
    ["2030-01-01T00:00:00Z", 0, 2],
  );
});
