import assert from "node:assert/strict";
import { it } from "node:test";
import { continueToken } from "./list-head.ts";

const read = (text: string): string | undefined => continueToken(new TextEncoder().encode(text));

it("finds the token of a list that has one", () => {
  assert.equal(read('{"kind":"PodList","metadata":{"resourceVersion":"1","continue":"a\\"b"},"items":[{}]}'), 'a"b');
  assert.equal(read('{ "metadata" : { "continue" : "t" } , "items" : ['), "t");
});

it("finds none where there is none, or where it stands behind the items", () => {
  for (const text of [
    '{"metadata":{"continue":""},"items":[]}',
    '{"metadata":{},"items":[]}',
    '{"items":[{"metadata":{"continue":"t"}}],"metadata":{"continue":"t"}}',
    '{"metadata":null}',
    '{"metadata":{"continue":1}}',
    '{"metadata":{"continue":"t"',
    "",
    "[]",
  ]) {
    assert.equal(read(text), undefined, text);
  }
});
