import assert from "node:assert/strict";
import { test } from "node:test";
import { applyJsonPatch, JsonPatchError } from "./json-patch.ts";

const document = { data: { a: "1", "x/y": "2", "t~": "3" }, list: ["p", "q"] };

test("applies every operation", () => {
  const cases: readonly (readonly [unknown, unknown])[] = [
    [
      { op: "add", path: "/data/b", value: "9" },
      { ...document, data: { ...document.data, b: "9" } },
    ],
    [
      { op: "add", path: "/list/-", value: "r" },
      { ...document, list: ["p", "q", "r"] },
    ],
    [
      { op: "add", path: "/list/1", value: "r" },
      { ...document, list: ["p", "r", "q"] },
    ],
    [
      { op: "remove", path: "/data/x~1y" },
      { ...document, data: { a: "1", "t~": "3" } },
    ],
    [
      { op: "replace", path: "/data/t~0", value: 5 },
      { ...document, data: { ...document.data, "t~": 5 } },
    ],
    [
      { op: "move", from: "/list/0", path: "/data/m" },
      { data: { ...document.data, m: "p" }, list: ["q"] },
    ],
    [
      { op: "copy", from: "/data/a", path: "/list/0" },
      { ...document, list: ["1", "p", "q"] },
    ],
    [{ op: "test", path: "/list", value: ["p", "q"] }, document],
  ];
  for (const [operation, expected] of cases) assert.deepEqual(applyJsonPatch(document, [operation]), expected);
});

test("has the habits of the server's library", () => {
  assert.deepEqual(applyJsonPatch({ a: 1 }, [{ op: "replace", path: "/b", value: 2 }]), { a: 1, b: 2 }, "replace adds");
  assert.deepEqual(
    applyJsonPatch({ a: 1 }, [{ op: "add", path: "data/b", value: 2 }]),
    { a: 1, b: 2 },
    "no leading slash",
  );
  assert.deepEqual(applyJsonPatch({ l: [1, 2] }, [{ op: "remove", path: "/l/-1" }]), { l: [1] }, "negative index");
});

test("refuses what does not apply", () => {
  const operations = [
    { op: "test", path: "/data/a", value: "2" },
    { op: "remove", path: "/data/none" },
    { op: "add", path: "/none/b", value: 1 },
    { op: "add", path: "/list/5", value: 1 },
    { op: "replace", path: "/list/2", value: 1 },
    { op: "explode", path: "/a" },
    { op: "add", value: 1 },
    { op: "add", path: "", value: {} },
    { op: "remove", path: "/list/x" },
  ];
  for (const operation of operations)
    assert.throws(() => applyJsonPatch(document, [operation]), JsonPatchError, JSON.stringify(operation));
});

test("leaves the document alone", () => {
  const before = structuredClone(document);
  applyJsonPatch(document, [
    { op: "remove", path: "/list/0" },
    { op: "add", path: "/data/z", value: { deep: 1 } },
  ]);
  assert.deepEqual(document, before);
});
