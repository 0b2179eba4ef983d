import assert from "node:assert/strict";
import { test } from "node:test";
import { clone } from "../merge/json-value.ts";
import { schemaFor } from "./built-in-schemas.ts";
import { decodeText, normalize } from "./decode.ts";
import { emptyAt } from "./encode.ts";
import { keysInOrder } from "./given-order.ts";

const schema = schemaFor("", "v1", "ConfigMap");
assert.ok(schema !== undefined);

test("a map is printed with its keys sorted, and remembers in which order they were sent", () => {
  const { value } = decodeText('{"data":{"b":"1","c":"2","a":"3"}}', schema);
  const { data } = clone(normalize(value, schema)) as { data: Record<string, string> };
  assert.deepEqual(Object.keys(data), ["a", "b", "c"]);
  assert.deepEqual(keysInOrder(data), ["b", "c", "a"]);
  delete data["c"];
  data["0"] = "added";
  assert.deepEqual(keysInOrder(data), ["b", "a", "0"]);
});

test("keys of a map that nobody sent are sorted", () => {
  assert.deepEqual(keysInOrder({ b: 1, a: 2 }), ["a", "b"]);
  assert.deepEqual(keysInOrder(undefined), []);
});

test("a list or map that was sent without members is left out, and known all the same", () => {
  const { value } = decodeText('{"data":{},"metadata":{"finalizers":[]}}', schema);
  const copy = clone(normalize(value, schema)) as { data?: unknown; metadata: object };
  assert.equal(copy.data, undefined);
  assert.deepEqual(emptyAt(copy, "data"), {});
  assert.deepEqual(emptyAt(copy.metadata, "finalizers"), []);
  assert.equal(emptyAt(copy, "binaryData"), undefined);
});
