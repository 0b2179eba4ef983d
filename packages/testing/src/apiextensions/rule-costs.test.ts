import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonSchema } from "./json-schema.ts";
import { schemaErrors } from "./schema-validation.ts";

function errorsOf(spec: JsonSchema): readonly (readonly [field: string, message: string])[] {
  const schema: JsonSchema = { type: "object", properties: { spec } };
  return schemaErrors(schema, "schema", false).map(({ field, message }) => [field, message]);
}

const ADVICE =
  "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
const loops = (maxItems?: number): JsonSchema => ({
  type: "array",
  maxItems,
  items: { type: "string", maxLength: 20 },
  "x-kubernetes-validations": [{ rule: "self.all(x, self.exists(y, x == y))" }],
});
const RULE = "schema.properties[spec].x-kubernetes-validations[0].rule";

test("accepts rules whose lists are short", () => {
  assert.deepEqual(errorsOf(loops(10)), []);
});

test("says by how much a rule is too expensive", () => {
  assert.deepEqual(errorsOf(loops(1000)), [
    [RULE, `Forbidden: estimated rule cost exceeds budget by factor of 1.400500x ${ADVICE}`],
  ]);
});

test("names the rules that make a schema too expensive, and what all of them cost", () => {
  assert.deepEqual(errorsOf(loops(10000)), [
    [RULE, `Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${ADVICE}`],
    [RULE, "Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"],
    [
      "schema",
      `Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of 14.0x ${ADVICE}`,
    ],
  ]);
});

test("counts a rule as often as its value can come in a request", () => {
  const items: JsonSchema = { type: "string", "x-kubernetes-validations": [{ rule: "self.contains('abc')" }] };
  assert.deepEqual(errorsOf({ type: "array", maxItems: 2, items }), []);
  assert.equal(errorsOf({ type: "array", items }).length, 3);
});

test("holds a default against its rules, as a new value and as one that stays", () => {
  const ruled = (rule: string, more: object = {}): JsonSchema => ({
    type: "object",
    properties: { a: { type: "integer", default: 1, "x-kubernetes-validations": [{ rule, ...more }] } },
  });
  assert.deepEqual(errorsOf(ruled("self == 1")), []);
  const at = "schema.properties[spec].properties[a].default";
  assert.deepEqual(errorsOf(ruled("self > 1", { message: "more" })), [[at, "Invalid value: 1: more"]]);
  const first = ruled("oldSelf.hasValue() || self == 2", { optionalOldSelf: true, message: "begin with 2" });
  assert.deepEqual(errorsOf(first), [[at, "Invalid value: 1: begin with 2"]]);
});
