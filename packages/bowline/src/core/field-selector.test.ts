import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatFieldSelector, ParsedFieldSelector, parseFieldSelector } from "./field-selector.ts";
import { ParseError } from "./parse-error.ts";

const field = fc.constantFrom("metadata.name", "status.phase", "__proto__");
const value = fc.string({ unit: fc.constantFrom("a", ",", "=", "\\", "!", " ", "é") });
const operator = fc.constantFrom("=" as const, "!=" as const);
const requirements = fc.array(fc.record({ field, operator, value }), { maxLength: 4 });
const fields = fc.array(fc.tuple(field, value)).map((entries) => Object.fromEntries(entries));

test("what is printed reads back as the same selector", () => {
  fc.assert(
    fc.property(requirements, fields, (all, has) => {
      const selector = new ParsedFieldSelector(all);
      const again = parseFieldSelector(selector.toString());
      assert.equal(again.requirements.length, all.length);
      assert.equal(again.matches(has), selector.matches(has));
    }),
  );
});

test("a selector matches what all of its requirements match, a missing field being empty", () => {
  fc.assert(
    fc.property(requirements, fields, (all, has) => {
      const found = new Map(Object.entries(has));
      const expected = all.every((one) => ((found.get(one.field) ?? "") === one.value) === (one.operator === "="));
      assert.equal(new ParsedFieldSelector(all).matches(has), expected);
    }),
  );
});

test("a map is equalities, escaped", () => {
  const text = formatFieldSelector({ "metadata.name": "a,b=c\\d", "status.phase": "Running" });
  assert.equal(text, "metadata.name=a\\,b\\=c\\\\d,status.phase=Running");
  assert.ok(parseFieldSelector(text).matches({ "metadata.name": "a,b=c\\d", "status.phase": "Running" }));
});

test("an undefined value is refused, since it would select more than was meant", () => {
  assert.throws(() => formatFieldSelector({ "spec.nodeName": undefined }), ParseError);
});
