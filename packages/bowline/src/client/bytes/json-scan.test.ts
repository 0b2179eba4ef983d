import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { skipFlatArray, skipValue, UNSURE } from "./json-scan.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Strings that look like the end of an array, or like the quotes around one. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("}", "{", "]", "[", '"', ":", ",", "\\", " ", "a", "é"), maxLength: 6 }),
  fc.constantFrom("}]", ":{}}]", "x}],", ":{}]", '":{}}]', "\\", ""),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
}));
const space = fc.constantFrom(undefined, 1, "\t");

describe("the short way past an array", () => {
  it("ends where the walk ends, or is unsure", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(text, value), { maxLength: 3 }), value, space, (array, after, indent) => {
        const bytes = encode(JSON.stringify({ array, after }, null, indent));
        const at = bytes.indexOf(0x5b);
        const end = skipFlatArray(bytes, at + 1);
        if (end !== UNSURE) assert.equal(end, skipValue(bytes, at));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is sure of the managedFields that servers send", () => {
    for (const fields of [
      { "f:data": { ".": {}, "f:a": {} } },
      { "f:spec": { "f:containers": { 'k:{"name":"server"}': { ".": {}, "f:image": {} } } } },
    ]) {
      const entry = { manager: "kubelet", operation: "Update", fieldsType: "FieldsV1", fieldsV1: fields };
      for (const last of [entry, { ...entry, subresource: "status" }]) {
        const array = JSON.stringify([entry, last]);
        const bytes = encode(`${array},"spec":{"list":[1]}}`);
        assert.equal(skipFlatArray(bytes, 1), array.length);
      }
    }
  });

  it("is unsure of what only a walk can tell", () => {
    for (const body of [
      "[",
      "[]",
      "[1]",
      '["a',
      '[{"a":[1]}]',
      '["]"]',
      '["a}]"]',
      '[{"a\\"}]',
      '[{"a":":{}}]"}]',
      "[{}]",
    ]) {
      assert.equal(skipFlatArray(encode(body), 1), UNSURE, body);
    }
  });
});
