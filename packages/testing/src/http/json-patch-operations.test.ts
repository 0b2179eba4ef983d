import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "../schema/index.ts";
import { checkOperations } from "./json-patch-operations.ts";

function refusal(text: string, isStrict: boolean): string {
  try {
    checkOperations(readJson(text), isStrict);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("operations of a wrong type are refused", () => {
  const decoding = "error decoding patch: json: cannot unmarshal";
  assert.equal(refusal('["x"]', true), `${decoding} string into Go value of type handlers.jsonPatchOp`);
  assert.equal(refusal('[{"op":1}]', true), `${decoding} number into Go struct field jsonPatchOp.op of type string`);
  assert.equal(refusal("{}", true), `${decoding} object into Go value of type []handlers.jsonPatchOp`);
});

test("without validation only the patch library reads them", () => {
  assert.equal(refusal('["x"]', false), "json: cannot unmarshal string into Go value of type jsonpatch.Operation");
  assert.equal(refusal('[{"op":1}]', false), "");
});

test("unknown and repeated fields are told", () => {
  const node = readJson('[{"op":"add","op":"add","path":"/a","value":{"b":1},"c":1}]');
  assert.deepEqual(checkOperations(node, true), [
    'json patch duplicate field "[0].op"',
    'json patch unknown field "[0].c"',
  ]);
  assert.deepEqual(checkOperations(node, false), []);
});
