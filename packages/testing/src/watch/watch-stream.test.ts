import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Storage } from "../registry/storage.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { type WatchQuery, WatchStream } from "./watch-stream.ts";

function object(name: string, color: string): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { color } } };
}

interface Seen {
  readonly type: string;
  readonly object: ApiObject;
}

function open(
  storage: Storage,
  query: Partial<WatchQuery> = {},
): { stream: WatchStream; seen: Seen[]; isEnded: () => boolean; block: () => void } {
  const seen: Seen[] = [];
  let isEnded = false;
  let isBlocked = false;
  const collection = storage.collection("configmaps");
  const stream = new WatchStream({
    collection,
    query: {
      namespace: "",
      matches: () => true,
      start: { type: "state" },
      marksInitialEnd: false,
      allowsBookmarks: false,
      ...query,
    },
    sink: {
      write: (type, shown) => {
        seen.push({ type, object: shown as ApiObject });
        return !isBlocked;
      },
      end: () => {
        isEnded = true;
      },
    },
    currentRevision: () => storage.revision,
    bookmark: (revision, isInitialEnd) => ({ ...object(isInitialEnd ? "end" : "mark", ""), revision }),
    convert: (stored) => stored.object,
  });
  stream.start();
  return {
    stream,
    seen,
    isEnded: () => isEnded,
    block: () => {
      isBlocked = true;
    },
  };
}

function summary(seen: readonly Seen[]): string[] {
  return seen.map(({ type, object: shown }) => `${type} ${shown.metadata.name}`);
}

test("begins with the present state in order, then follows", () => {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  collection.put("a/y", object("y", "red"));
  collection.put("a/x", object("x", "red"));
  const { seen } = open(storage);
  collection.put("a/x", object("x", "blue"));
  collection.remove("a/y");
  assert.deepEqual(summary(seen), ["ADDED x", "ADDED y", "MODIFIED x", "DELETED y"]);
});

test("marks the end of the present state", () => {
  const storage = new Storage();
  storage.collection("configmaps").put("a/x", object("x", "red"));
  const { seen } = open(storage, { marksInitialEnd: true });
  storage.collection("configmaps").put("a/y", object("y", "red"));
  assert.deepEqual(summary(seen), ["ADDED x", "BOOKMARK end", "ADDED y"]);
});

test("an object that leaves the selection is deleted as it last was in it", () => {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  collection.put("a/x", object("x", "red"));
  const { seen } = open(storage, {
    matches: (candidate) => candidate.metadata.labels?.["color"] === "red",
    start: { type: "after", revision: storage.revision },
  });
  collection.put("a/x", object("x", "blue"));
  collection.put("a/x", object("x", "green"));
  collection.put("a/x", object("x", "red"));
  assert.deepEqual(summary(seen), ["DELETED x", "ADDED x"]);
  assert.equal(seen[0]?.object.metadata.labels?.["color"], "red");
  assert.equal(seen[0]?.object.metadata.resourceVersion, "3");
});

test("a slow client is sent nothing more until it has read", () => {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  const { seen, block, stream } = open(storage);
  block();
  collection.put("a/x", object("x", "red"));
  collection.put("a/y", object("y", "red"));
  assert.deepEqual(summary(seen), ["ADDED x"]);
  stream.resume();
  assert.deepEqual(summary(seen), ["ADDED x", "ADDED y"]);
});

test("a client that fell behind the history is told and let go", () => {
  const storage = new Storage({ historyLength: 2 });
  const collection = storage.collection("configmaps");
  const { seen, block, stream, isEnded } = open(storage);
  block();
  for (let index = 0; index < 10; index++) collection.put("a/x", object("x", String(index)));
  stream.resume();
  assert.equal(seen.at(-1)?.type, "ERROR");
  assert.equal(isEnded(), true);
});

test("a revision before the compaction is too old", () => {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  collection.put("a/x", object("x", "red"));
  storage.compact();
  const { seen, isEnded } = open(storage, { start: { type: "after", revision: 1 } });
  assert.deepEqual(
    seen.map(({ type }) => type),
    ["ERROR"],
  );
  const [event] = seen;
  assert.ok(event !== undefined);
  assert.match(String((event.object as { message?: unknown })["message"]), /^too old resource version: 1 \(2\)$/);
  assert.equal(isEnded(), true);
});

test("a compaction does not end a watch that has begun", () => {
  const storage = new Storage();
  const collection = storage.collection("configmaps");
  const { seen } = open(storage);
  storage.collection("secrets").put("a/s", object("s", "red"));
  storage.compact();
  collection.put("a/x", object("x", "red"));
  assert.deepEqual(summary(seen), ["ADDED x"]);
});

test("events replayed over what was there give what is there, for any selection", () => {
  const write = fc.record({
    key: fc.constantFrom("a/x", "a/y", "b/x"),
    color: fc.constantFrom("red", "blue", undefined),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 8 }), fc.array(write, { maxLength: 8 }), (before, after) => {
      const storage = new Storage();
      const collection = storage.collection("configmaps");
      const apply = ({ key, color }: { key: string; color: string | undefined }) => {
        if (color === undefined) collection.remove(key);
        else collection.put(key, object(key, color));
      };
      before.forEach(apply);
      const matches = (candidate: ApiObject) => candidate.metadata.labels?.["color"] === "red";
      const { seen } = open(storage, { matches });
      after.forEach(apply);
      const view = new Map<string, ApiObject>();
      for (const { type, object: shown } of seen) {
        if (type === "DELETED") assert.ok(view.delete(shown.metadata.name), "deleted what was not there");
        else view.set(shown.metadata.name, shown);
      }
      const expected = collection.keys().filter((key) => matches(collection.get(key)?.object as ApiObject));
      assert.deepEqual([...view.keys()].sort(), expected);
    }),
  );
});
