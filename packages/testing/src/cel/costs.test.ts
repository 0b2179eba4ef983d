import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonSchema } from "../apiextensions/json-schema.ts";
import { Environment, schemaType, sizeAt } from "./index.ts";

function compiled(schema: JsonSchema, source: string) {
  const type = schemaType(schema, false);
  assert.ok(type !== undefined);
  const compilation = new Environment().withVariables({ self: type.type }).compile(source);
  assert.ok(compilation.isValid, source);
  return { type, program: compilation.program, limits: compilation.program.estimate((path) => sizeAt(type, path)) };
}

const text: JsonSchema = { type: "string", maxLength: 10 };
const list = (maxItems: number): JsonSchema => ({ type: "array", maxItems, items: text });

test("estimates loops by the largest list that the schema allows", () => {
  assert.equal(compiled({ type: "integer" }, "self > 1").limits.max, 2);
  const small = compiled(list(10), "self.all(x, x == 'a')").limits.max;
  const large = compiled(list(1000), "self.all(x, x == 'a')").limits.max;
  assert.ok(large > small * 50, `${small} and ${large}`);
});

test("estimates an expression over an unbounded list beyond any budget", () => {
  const unbounded: JsonSchema = { type: "array", items: { type: "string" } };
  assert.ok(compiled(unbounded, "self.all(x, self.all(y, x == y))").limits.max > 1e9);
});

test("spends no more than was estimated", () => {
  const { type, program, limits } = compiled(
    list(20),
    "self.all(x, x.size() < 100 && x.contains('a') || self.exists(y, x == y)) && self.map(x, x + 'b').size() > 0",
  );
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 10 }), { maxLength: 20 }), (value) => {
      const { cost } = program.evaluate({ self: type.toValue(value) });
      assert.ok(cost <= limits.max, `${cost} of ${limits.max}`);
    }),
    { numRuns: 50 },
  );
});

test("gives up an evaluation that costs too much", () => {
  const { type, program } = compiled(list(100000), "self.all(x, self.all(y, self.all(z, x == y || y == z || true)))");
  const result = program.evaluate({ self: type.toValue(Array.from({ length: 200 }, (_, index) => `${index}`)) });
  assert.equal(result.type, "tooExpensive");
});
