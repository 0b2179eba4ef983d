import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonSchema } from "../apiextensions/json-schema.ts";
import { Environment, schemaType } from "./index.ts";

const object: JsonSchema = {
  type: "object",
  properties: {
    x: { type: "integer" },
    y: { type: "string" },
    "a-b": { type: "string" },
    l: { type: "array", items: { type: "string" } },
    m: { type: "object", additionalProperties: { type: "integer" } },
    when: { type: "string", format: "date-time" },
    ttl: { type: "string", format: "duration" },
    any: { "x-kubernetes-int-or-string": true },
    items: { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
  },
};

function run(schema: JsonSchema, source: string, value: unknown): unknown {
  const type = schemaType(schema, false);
  assert.ok(type !== undefined);
  const compilation = new Environment().withVariables({ self: type.type }).compile(source);
  if (!compilation.isValid) return compilation.error;
  const result = compilation.program.evaluate({ self: type.toValue(value) });
  return result.type === "value" ? result.value : result.message;
}

test("gives values the types of their schema", () => {
  const value = {
    x: 3,
    y: "abc",
    "a-b": "q",
    l: ["a", "b"],
    m: { k: 1 },
    when: "2030-01-01T00:00:00Z",
    ttl: "90m",
    any: 5,
    items: [{ n: 1 }, { n: 2 }],
  };
  for (const source of [
    "self.x + 1 == 4",
    "self.a__dash__b == 'q'",
    "self.l.all(i, i.size() == 1) && self.m['k'] == 1 && self.m.k == 1",
    "self.when > timestamp('2020-01-01T00:00:00Z')",
    "self.ttl == duration('1h30m')",
    "self.any == 5",
    "self.items.exists(i, i.n == 2) && self.items[0].n == 1",
    "self.items == self.items && self.items[0] != self.items[1]",
    "!has(self.when) || has(self.ttl)",
  ]) {
    assert.equal(run(object, source, value), true, source);
  }
});

test("has the functions of Kubernetes", () => {
  for (const source of [
    "'abc'.find('[b-z]+') == 'bc' && 'a1b22'.findAll('[0-9]+') == ['1', '22']",
    "[1, 2, 3].sum() == 6 && [3, 1].max() == 3 && [1, 2].isSorted() && ['a', 'b'].indexOf('b') == 1",
    "sets.contains([1, 2], [2]) && !sets.intersects(['a'], ['b']) && sets.equivalent([1, 2], [2, 1])",
    "quantity('1Gi').isGreaterThan(quantity('1G')) && isQuantity('1Ki') && !isQuantity('x')",
    "url('https://a.example:8443/p').getPort() == '8443' && isURL('https://a') && ip('::1').family() == 6 && isCIDR('10.0.0.0/8')",
    "'a-b'.replace('-', '+') == 'a+b' && '%s is %d'.format(['x', 1]) == 'x is 1'",
  ]) {
    assert.equal(run({ type: "integer" }, source, 0), true, source);
  }
});

test("words and places what does not compile as cel-go does", () => {
  const at = (schema: JsonSchema, source: string, column: number, message: string) => {
    assert.equal(
      run(schema, source, 0),
      `ERROR: <input>:1:${column}: ${message}\n | ${source}\n | ${".".repeat(column - 1)}^`,
    );
  };
  const number: JsonSchema = { type: "integer" };
  at(number, "self.nope > 1", 5, "type 'int' does not support field selection");
  at(object, "self.z == 1", 5, "undefined field 'z'");
  at(object, "has(self.z)", 4, "undefined field 'z'");
  at(number, "self > 'a'", 6, "found no matching overload for '_>_' applied to '(int, string)'");
  at(number, "self && true", 1, "expected type 'bool' but found 'int'");
  at(number, "self ? 1 : 2", 6, "found no matching overload for '_?_:_' applied to '(int, int, int)'");
  at(number, "nope == 1", 1, "undeclared reference to 'nope' (in container '')");
  at(number, "foo(self)", 4, "undeclared reference to 'foo' (in container '')");
  at(object, "self.l['a'] == 'x'", 7, "found no matching overload for '_[_]' applied to '(list(string), string)'");
  at(number, "(self > 1", 10, "Syntax error: missing ')' at '<EOF>'");
  at(number, "self > 1)", 9, "Syntax error: extraneous input ')' expecting <EOF>");
});

test("reports each character that starts no token, and what is left", () => {
  assert.equal(
    run({ type: "integer" }, "self = 1", 0),
    "ERROR: <input>:1:6: Syntax error: token recognition error at: '= '\n | self = 1\n | .....^\nERROR: <input>:1:8: Syntax error: extraneous input '1' expecting <EOF>\n | self = 1\n | .......^",
  );
});

test("says why an expression could not be evaluated", () => {
  assert.equal(run(object, "self.x == 1", {}), "no such key: x");
  assert.equal(run(object, "self.l[3] == 'a'", { l: ["a"] }), "index out of bounds: 3");
  assert.equal(run(object, "self.x / 0 == 1", { x: 1 }), "division by zero");
});

test("answers a text or a program for whatever is written", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (source) => {
      const compilation = new Environment().compile(source);
      return compilation.isValid || compilation.error.startsWith("ERROR: <input>:");
    }),
    { numRuns: 300 },
  );
});

test("compares whole numbers as JavaScript does", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer(),
      (a, b) => run({ type: "integer" }, `self < ${b < 0 ? `(${b})` : b}`, a) === a < b,
    ),
    { numRuns: 50 },
  );
});
