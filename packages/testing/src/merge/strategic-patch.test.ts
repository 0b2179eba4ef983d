import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaFor } from "../schema/index.ts";
import type { JsonRecord } from "./json-value.ts";
import { applyStrategicPatch, StrategicPatchError } from "./strategic-patch.ts";

const schema = schemaFor("", "v1", "Pod");
assert(schema !== undefined);
const pod: JsonRecord = {
  metadata: { finalizers: ["a", "b"], labels: { l: "1" } },
  spec: {
    containers: [
      { name: "x", image: "1" },
      { name: "y", image: "1", args: ["p"] },
    ],
    tolerations: [{ key: "k" }],
    volumes: [{ name: "v", hostPath: { path: "/" } }],
  },
};

function patch(change: JsonRecord): JsonRecord {
  assert(schema !== undefined);
  return applyStrategicPatch(pod, change, schema);
}
function spec(change: JsonRecord): JsonRecord {
  return patch({ spec: change })["spec"] as JsonRecord;
}

test("merges keyed lists by their key, new elements first", () => {
  const { containers } = spec({
    containers: [
      { name: "z", image: "2" },
      { name: "y", image: "2" },
    ],
  });
  assert.deepEqual(containers, [
    { name: "z", image: "2" },
    { name: "x", image: "1" },
    { name: "y", image: "2", args: ["p"] },
  ]);
});

test("replaces lists without a merge key", () => {
  assert.deepEqual(spec({ tolerations: [{ key: "z" }] })["tolerations"], [{ key: "z" }]);
});

test("deletes and replaces by $patch", () => {
  assert.deepEqual(spec({ containers: [{ $patch: "delete", name: "x" }] })["containers"], [
    { name: "y", image: "1", args: ["p"] },
  ]);
  assert.deepEqual(spec({ containers: [{ $patch: "replace" }, { name: "n" }] })["containers"], [{ name: "n" }]);
  assert.deepEqual(patch({ metadata: { labels: { $patch: "replace", m: "2" } } })["metadata"], {
    finalizers: ["a", "b"],
    labels: { m: "2" },
  });
});

test("keeps only what $retainKeys names", () => {
  const { volumes } = spec({ volumes: [{ $retainKeys: ["name", "emptyDir"], name: "v", emptyDir: {} }] });
  assert.deepEqual(volumes, [{ name: "v", emptyDir: {} }]);
});

test("orders by $setElementOrder", () => {
  const order = [{ name: "y" }, { name: "x" }];
  const { containers } = spec({ "$setElementOrder/containers": order, containers: [{ name: "x", image: "2" }] });
  assert.deepEqual(containers, [
    { name: "y", image: "1", args: ["p"] },
    { name: "x", image: "2" },
  ]);
});

test("merges and deletes in lists of plain values", () => {
  assert.deepEqual((patch({ metadata: { finalizers: ["c", "a"] } })["metadata"] as JsonRecord)["finalizers"], [
    "c",
    "a",
    "b",
  ]);
  assert.deepEqual(
    (patch({ metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } })["metadata"] as JsonRecord)["finalizers"],
    ["b"],
  );
});

test("refuses in the server's words", () => {
  const refusals: readonly (readonly [JsonRecord, number, string | RegExp])[] = [
    [{ containers: [{ image: "i:7" }] }, 500, "map: map[image:i:7] does not contain declared merge key: name"],
    [
      { containers: [{ name: "z", $patch: "explode" }] },
      500,
      "unknown patch type: explode in map: map[$patch:explode name:z]",
    ],
    [{ volumes: [{ $retainKeys: ["name"], name: "v", emptyDir: {} }] }, 400, "invalid patch format of retainKeys"],
    [{ "$setElementOrder/containers": 5 }, 500, "expected a []interface {}, but received a int64"],
    [{ "$setElementOrder/bogus": [1] }, 500, 'unable to find api field in struct PodSpec for the json field "bogus"'],
    [{ containers: [["x"]] }, 500, /^list element types are not identical: \[\[map\[.*\]\] \[\[x\]\]\]$/s],
    [{ $patch: 5 }, 500, "unknown patch type: %!s(int64=5) in map: map[$patch:5]"],
  ];
  for (const [change, status, message] of refusals) {
    assert.throws(
      () => spec(change),
      (error) =>
        error instanceof StrategicPatchError &&
        error.status === status &&
        (typeof message === "string" ? error.message === message : message.test(error.message)),
      String(message),
    );
  }
});
