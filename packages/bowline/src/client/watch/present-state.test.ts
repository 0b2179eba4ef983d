import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { KubeObject } from "../kube-object.ts";
import { PresentState } from "./present-state.ts";
import type { WatchEvent } from "./watch-event.ts";

type AnyEvent = WatchEvent<KubeObject>;

/** A cluster as name -> uid and version. */
type Model = ReadonlyMap<string, { readonly uid: string; readonly version: number }>;

const event = (type: AnyEvent["type"], name: string, uid: string, version: number): AnyEvent =>
  ({ type, object: { metadata: { name, uid, resourceVersion: String(version) } } }) as AnyEvent;

/** Applies events as one who watches would, refusing what a watch never does. */
function follow(mirror: Map<string, { uid: string; version: number }>, events: readonly AnyEvent[]): void {
  for (const { type, object } of events) {
    const { name, uid, resourceVersion } = object.metadata;
    const before = mirror.get(name);
    if (type === "ADDED") assert.equal(before, undefined, `${name} was added twice`);
    else assert.equal(before?.uid, uid, `${name} is not known`);
    if (type === "MODIFIED") assert.notEqual(before?.version, Number(resourceVersion));
    if (type === "DELETED") mirror.delete(name);
    else mirror.set(name, { uid, version: Number(resourceVersion) });
  }
}

const model = fc
  .dictionary(
    fc.constantFrom("a", "b", "c", "d", "e"),
    fc.record({ uid: fc.constantFrom("u", "v"), version: fc.integer({ min: 1, max: 3 }) }),
  )
  .map((record): Model => new Map(Object.entries(record).map(([name, { uid, version }]) => [name, { uid, version }])));

test("however often the reading breaks off, what is told adds up to the last state, nothing twice", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(model, fc.nat({ max: 5 })), { maxLength: 4 }), model, (broken, last) => {
      const state = new PresentState();
      const mirror = new Map<string, { uid: string; version: number }>();
      const read = (objects: Model, count: number): void => {
        state.begin();
        for (const [name, { uid, version }] of [...objects].slice(0, count)) {
          const added = event("ADDED", name, uid, version);
          follow(
            mirror,
            state.see(added, () => added.object),
          );
        }
      };
      for (const [objects, count] of broken) read(objects, count);
      read(last, last.size);
      follow(mirror, state.end());
      assert.deepEqual(new Map([...mirror].sort()), new Map([...last].sort()));
    }),
  );
});

test("changes that come before the end of the state count", () => {
  const state = new PresentState();
  state.begin();
  const types = [
    event("ADDED", "a", "u", 1),
    event("MODIFIED", "a", "u", 2),
    event("DELETED", "b", "u", 3),
    event("DELETED", "a", "u", 4),
  ]
    .flatMap((one) => state.see(one, () => one.object))
    .map(({ type, object }) => `${type} ${object.metadata.name}`);
  assert.deepEqual(types, ["ADDED a", "MODIFIED a", "DELETED a"]);
  assert.deepEqual(state.end(), []);
});
