import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FieldErrors } from "../validation/field-errors.ts";
import { countIndexes, validateFailurePolicy, validateSuccessPolicy } from "./job-policies.ts";

test("indexes are single ones and ranges, rising and below the completions", () => {
  assert.equal(countIndexes("", 10), 0);
  assert.equal(countIndexes("0-2,5,7-8", 10), 6);
  for (const text of ["a", "1-", "2-1", "3,3", "5,4", "1-2-3", "0-10", "10"])
    assert.equal(typeof countIndexes(text, 10), "string", text);
});

test("every set of indexes, written as ranges, is counted whole", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { minLength: 1 }), (indexes) => {
      const sorted = [...indexes].sort((a, b) => a - b);
      const ranges: number[][] = [];
      for (const index of sorted) {
        const last = ranges.at(-1);
        if (last !== undefined && last.at(-1) === index - 1) last.push(index);
        else ranges.push([index]);
      }
      const text = ranges
        .map((range) => (range.length === 1 ? `${range[0]}` : `${range[0]}-${range.at(-1)}`))
        .join(",");
      assert.equal(countIndexes(text, 51), sorted.length);
      assert.equal(typeof countIndexes(text, sorted.at(-1) ?? 0), "string");
    }),
  );
});

test("a rule about exit codes names codes in order, once, and not zero among those it is to match", () => {
  const spec = { template: { spec: { containers: [{ name: "a" }] } } };
  const fieldsOf = (onExitCodes: object) => {
    const errors = new FieldErrors();
    validateFailurePolicy(errors, "rules", spec, { rules: [{ action: "Ignore", onExitCodes }] });
    return errors.all().map((error) => error.field);
  };
  const path = "rules[0].onExitCodes";
  assert.deepEqual(fieldsOf({ operator: "In", values: [1, 2] }), []);
  assert.deepEqual(fieldsOf({ operator: "NotIn", values: [0] }), []);
  assert.deepEqual(fieldsOf({ operator: "In", values: [0] }), [`${path}.values[0]`]);
  assert.deepEqual(fieldsOf({ operator: "In", values: [2, 1] }), [`${path}.values`]);
  assert.deepEqual(fieldsOf({ operator: "In", values: [1, 1] }), [`${path}.values[1]`]);
  assert.deepEqual(fieldsOf({ operator: "In", values: [1], containerName: "b" }), [`${path}.containerName`]);
  assert.deepEqual(fieldsOf({ values: [1] }), [`${path}.operator`]);
});

test("a success policy asks for no more than there is", () => {
  const messagesOf = (rule: object) => {
    const errors = new FieldErrors();
    validateSuccessPolicy(errors, "policy", 3, { rules: [rule] });
    return errors.all().length;
  };
  assert.equal(messagesOf({ succeededIndexes: "0-1", succeededCount: 2 }), 0);
  assert.equal(messagesOf({ succeededIndexes: "0-1", succeededCount: 3 }), 1);
  assert.equal(messagesOf({ succeededCount: 4 }), 1);
  assert.equal(messagesOf({}), 1);
});
