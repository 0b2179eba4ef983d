import assert from "node:assert/strict";
import test from "node:test";
import { keyedListOf } from "./keyed-list.ts";
import type { Schema } from "./openapi-document.ts";

const port: Schema = {
  type: "object",
  required: ["port"],
  properties: {
    port: { type: "integer", default: 0 },
    protocol: { type: "string", default: "TCP" },
    name: { type: "string", default: "" },
  },
};
const schemas = new Map([["Port", port]]);
const items: Schema = { $ref: "#/components/schemas/Port" };
const keysOf = (list: Schema): unknown => {
  const found = keyedListOf({ type: "array", items, ...list }, schemas);
  return found === undefined ? undefined : [found.keys, found.requiredKeys];
};
const map = (...keys: string[]): Schema => ({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys });

test("requires the keys that have no default", () => {
  assert.deepEqual(keysOf(map("port", "protocol")), [["port", "protocol"], ["port"]]);
});

test("takes a zero value for no default", () => {
  assert.deepEqual(keysOf(map("name")), [["name"], ["name"]]);
});

test("does not require an optional key beside a required one", () => {
  assert.deepEqual(keysOf(map("port", "name")), [["port", "name"], ["port"]]);
});

test("takes the merge key of a list that only strategic merge patch merges", () => {
  assert.deepEqual(
    keysOf({ "x-kubernetes-patch-strategy": "merge,retainKeys", "x-kubernetes-patch-merge-key": "name" }),
    [["name"], ["name"]],
  );
});

test("knows no keys of other lists", () => {
  assert.equal(keysOf({}), undefined);
  assert.equal(keysOf({ "x-kubernetes-list-type": "set" }), undefined);
  assert.equal(keysOf({ "x-kubernetes-patch-strategy": "replace", "x-kubernetes-patch-merge-key": "name" }), undefined);
  assert.equal(keyedListOf({ type: "array", items: { type: "string" }, ...map("name") }, schemas), undefined);
});
