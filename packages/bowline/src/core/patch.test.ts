import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonEqual } from "./json-value.ts";
import { applyMergePatch, createMergePatch, patchTypeOf } from "./patch.ts";

const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
const { document } = fc.letrec<{ document: Record<string, unknown>; value: unknown }>((tie) => ({
  document: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(1, 2, "a", true, [], [1], [{ a: 1 }]),
    tie("document"),
  ),
}));

test("a merge patch that was made turns the one into the other, and changes neither", () => {
  fc.assert(
    fc.property(document, document, (from, to) => {
      const before = JSON.stringify([from, to]);
      const patch = createMergePatch(from, to);
      assert.ok(jsonEqual(applyMergePatch(from, patch), to), JSON.stringify({ from, to, patch }));
      assert.equal(JSON.stringify([from, to]), before);
      assert.equal(Object.keys(patch).length === 0, jsonEqual(from, to));
    }),
  );
});

test("a merge patch is applied as in RFC 7386, appendix A", () => {
  const cases: [unknown, unknown, unknown][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, expected] of cases) assert.deepEqual(applyMergePatch(target, patch), expected);
});

test("a patch cannot reach a prototype", () => {
  const merged = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"p":1}}}'));
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.deepEqual(Object.keys(merged as object), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
});

test("the kind of a patch is known by its content type", () => {
  assert.equal(patchTypeOf("application/merge-patch+json"), "merge");
  assert.equal(patchTypeOf("Application/JSON-Patch+json; charset=utf-8"), "json");
  assert.equal(patchTypeOf("application/strategic-merge-patch+json"), "strategic");
  assert.equal(patchTypeOf("application/apply-patch+yaml"), "apply");
  assert.equal(patchTypeOf("application/json"), undefined);
});
