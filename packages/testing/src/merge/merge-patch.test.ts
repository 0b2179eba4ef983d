import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonEqual } from "bowline/core";
import fc from "fast-check";
import { clone, isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
import { applyMergePatch } from "./merge-patch.ts";

const withoutNulls = (value: JsonValue): boolean =>
  value !== null &&
  (typeof value !== "object" || Object.values(value).every((item) => (item === null ? false : withoutNulls(item))));
const documents = fc
  .dictionary(fc.string({ maxLength: 2 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true })
  .map((value) => value as JsonRecord)
  .filter(withoutNulls);

/** The smallest merge patch from one document to another. */
function difference(from: JsonRecord, to: JsonRecord): JsonRecord {
  const patch: JsonRecord = {};
  for (const key of Object.keys(from))
    if (!Object.hasOwn(to, key)) Object.defineProperty(patch, key, { value: null, enumerable: true });
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (jsonEqual(before, value)) continue;
    const change = isRecord(before) && isRecord(value) ? difference(before, value) : value;
    Object.defineProperty(patch, key, { value: change, enumerable: true });
  }
  return patch;
}

test("a patch of the difference gives the target", () => {
  fc.assert(
    fc.property(documents, documents, (from, to) => {
      assert(jsonEqual(applyMergePatch(from, difference(from, to)), to));
    }),
  );
});

test("is idempotent and leaves its arguments alone", () => {
  // Of an array that replaces an object the nulls inside stay, at first; so no arrays here.
  const { patch: patches } = fc.letrec<{ patch: JsonRecord; value: JsonValue }>((tie) => ({
    patch: fc.dictionary(fc.string({ maxLength: 1 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    value: fc.oneof({ maxDepth: 3 }, fc.constantFrom<JsonValue>(null, 1, "x"), tie("patch")),
  }));
  fc.assert(
    fc.property(documents, patches, (document, patch) => {
      const before = clone({ document, patch });
      const once = applyMergePatch(document, patch);
      assert(jsonEqual(applyMergePatch(once, patch), once));
      assert.deepEqual({ document, patch }, before);
    }),
  );
});

test("sorts the keys of what it touches, and nothing else", () => {
  const document = { kind: "ConfigMap", metadata: { name: "a", labels: {} }, data: { b: "1", a: "2" } };
  const patched = applyMergePatch(document, { data: { c: "3" } });
  assert.equal(
    JSON.stringify(patched),
    '{"data":{"a":"2","b":"1","c":"3"},"kind":"ConfigMap","metadata":{"name":"a","labels":{}}}',
  );
});
