import assert from "node:assert/strict";
import { test } from "node:test";
import { duplicateKeyLines } from "./json-duplicates.ts";

test("names each repeated key with the line of its value, inner ones first", () => {
  const text = '{\n  "a": 1,\n  "b": {"x": 1, "x": 2},\n  "a":\n  2, "b": 3\n}';
  assert.deepEqual(duplicateKeyLines(text), [
    'line 3: key "x" already set in map',
    'line 5: key "a" already set in map',
    'line 5: key "b" already set in map',
  ]);
  assert.deepEqual(duplicateKeyLines('{"a":[{"b":1}]}'), []);
});

test("has nothing to say of text that is not JSON", () => {
  assert.equal(duplicateKeyLines("a: 1\na: 2\n"), undefined);
});
