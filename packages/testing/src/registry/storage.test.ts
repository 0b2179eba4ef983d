import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readPage } from "./listing.ts";
import type { StatusError } from "./status-error.ts";
import { type Collection, Storage } from "./storage.ts";
import type { ApiObject } from "./strategy.ts";

const key = fc.constantFrom("a/x", "a/y", "b/x", "b/z", "a-b/x");
const write = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key, data: fc.nat(9) }),
  fc.record({ type: fc.constant("remove" as const), key }),
);

function object(name: string, data: number): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

function contents(state: ReadonlyMap<string, { readonly object: ApiObject }> | undefined): unknown {
  return state === undefined
    ? undefined
    : Object.fromEntries([...state].map(([name, stored]) => [name, stored.object["data"]]));
}

/** Does what the writes say, and notes what there was after each revision. */
function run(writes: readonly (typeof write extends fc.Arbitrary<infer T> ? T : never)[]): {
  collection: Collection;
  storage: Storage;
  snapshots: Map<number, Record<string, number>>;
} {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  const model: Record<string, number> = {};
  const snapshots = new Map([[storage.revision, { ...model }]]);
  for (const step of writes) {
    if (step.type === "put") {
      collection.put(step.key, object(step.key, step.data));
      model[step.key] = step.data;
    } else {
      collection.remove(step.key);
      delete model[step.key];
    }
    snapshots.set(storage.revision, { ...model });
  }
  return { collection, storage, snapshots };
}

test("the state at every revision is the one that was", () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
      const { collection, snapshots } = run(writes);
      for (const [revision, expected] of snapshots) assert.deepEqual(contents(collection.at(revision)), expected);
    }),
  );
});

test("changes replayed over an earlier state give the present one", () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 20 }), fc.nat(), (writes, pick) => {
      const { collection, storage, snapshots } = run(writes);
      const revisions = [...snapshots.keys()];
      const from = revisions[pick % revisions.length] ?? 0;
      const state = { ...snapshots.get(from) };
      for (const change of collection.changesAfter(from)) {
        if (change.type === "DELETED") delete state[change.key];
        else state[change.key] = change.after.object["data"] as number;
      }
      assert.deepEqual(state, snapshots.get(storage.revision));
    }),
  );
});

test("pages put together are the whole list at the revision of the first, whatever is written between", () => {
  fc.assert(
    fc.property(
      fc.array(write, { maxLength: 15 }),
      fc.array(write, { maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      (before, between, limit) => {
        const { collection, storage, snapshots } = run(before);
        const expected = Object.keys(snapshots.get(storage.revision) ?? {}).sort();
        const seen: string[] = [];
        let continueToken = "";
        let isFirst = true;
        do {
          const listing = { namespace: "", resourceVersion: "", resourceVersionMatch: "", limit, continueToken };
          const page = readPage(collection, storage.revision, listing);
          seen.push(...page.objects.map((stored) => stored.object.metadata.name));
          continueToken = page.continueToken ?? "";
          if (!isFirst) continue;
          isFirst = false;
          for (const step of between) {
            if (step.type === "put") collection.put(step.key, object(step.key, step.data));
            else collection.remove(step.key);
          }
        } while (continueToken !== "");
        assert.deepEqual(seen, expected);
      },
    ),
  );
});

test("a state before a compaction is forgotten, and a continued list says how to go on", () => {
  const { collection, storage } = run([
    { type: "put", key: "a/x", data: 1 },
    { type: "put", key: "a/y", data: 1 },
  ]);
  const listing = { namespace: "a", resourceVersion: "", resourceVersionMatch: "", limit: 1, continueToken: "" };
  const first = readPage(collection, storage.revision, listing);
  collection.put("a/z", object("a/z", 1));
  storage.compact();
  const resume = (continueToken: string) => readPage(collection, storage.revision, { ...listing, continueToken });
  assert.throws(
    () => resume(first.continueToken ?? ""),
    (error: StatusError) => {
      assert.equal(error.code, 410);
      const inconsistent = resume(error.status.metadata.continue ?? "");
      return inconsistent.objects[0]?.object.metadata.name === "a/y";
    },
  );
});

test("a watch that fell behind the kept history is told so", () => {
  const storage = new Storage({ historyLength: 4 });
  const collection = storage.collection("configmaps");
  for (let index = 0; index < 20; index++) collection.put("a/x", object("a/x", index));
  assert.ok(collection.oldestRevision > 10);
  assert.equal(collection.at(collection.oldestRevision - 1), undefined);
  assert.equal(contents(collection.at(storage.revision)) !== undefined, true);
});

test("two storages share nothing", () => {
  const [one, other] = [new Storage(), new Storage()];
  one.collection("configmaps").put("a/x", object("x", 1));
  assert.equal(other.collection("configmaps").size, 0);
  assert.equal(other.revision, 1);
});
