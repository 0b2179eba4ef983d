import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseLabelSelector } from "./label-selector.ts";

const key = fc.stringMatching(/^[a-z]([a-z0-9.-]{0,6}[a-z0-9])?$/).filter((text) => text !== "in" && text !== "notin");
const value = fc.stringMatching(/^([a-z0-9]([a-z0-9_.-]{0,6}[a-z0-9])?)?$/);
const labels = fc.dictionary(key, value, { maxKeys: 4 });

function messageOf(selector: string): string {
  try {
    parseLabelSelector(selector);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("equality, inequality and existence select as the map of labels says", () => {
  fc.assert(
    fc.property(labels, key, value, (map, name, wanted) => {
      const has = Object.hasOwn(map, name);
      assert.equal(parseLabelSelector(`${name}=${wanted}`)(map), has && map[name] === wanted);
      assert.equal(parseLabelSelector(`${name}==${wanted}`)(map), has && map[name] === wanted);
      assert.equal(parseLabelSelector(`${name} != ${wanted}`)(map), !(has && map[name] === wanted));
      assert.equal(parseLabelSelector(name)(map), has);
      assert.equal(parseLabelSelector(`!${name}`)(map), !has);
    }),
  );
});

test("in and notin are complements of each other", () => {
  fc.assert(
    fc.property(labels, key, fc.array(value, { minLength: 1, maxLength: 3 }), (map, name, values) => {
      const list = values.join(",");
      assert.notEqual(
        parseLabelSelector(`${name} in (${list})`)(map),
        parseLabelSelector(`${name} notin (${list})`)(map),
      );
    }),
  );
});

test("a comma means and", () => {
  fc.assert(
    fc.property(labels, key, key, value, (map, a, b, wanted) => {
      const both = parseLabelSelector(`${a},${b}=${wanted}`)(map);
      assert.equal(both, parseLabelSelector(a)(map) && parseLabelSelector(`${b}=${wanted}`)(map));
    }),
  );
});

test("the empty selector selects everything", () => {
  assert.equal(parseLabelSelector("")(undefined), true);
  assert.equal(parseLabelSelector("  ")({ a: "b" }), true);
});

test("numbers are compared as numbers", () => {
  assert.equal(parseLabelSelector("n>9")({ n: "10" }), true);
  assert.equal(parseLabelSelector("n<9")({ n: "10" }), false);
  assert.equal(parseLabelSelector("n>9")({ n: "x" }), false);
});

test("in and notin can be names and values", () => {
  assert.equal(parseLabelSelector("in in (in,notin)")({ in: "notin" }), true);
});

for (const [selector, message] of [
  ["env===", "unable to parse requirement: found '=', expected: identifier"],
  ["===", "found '==', expected: !, identifier, or 'end of string'"],
  ["a b=c", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ["env in (a", "unable to parse requirement: found '', expected: ',' or ')'"],
  ["env in a", "unable to parse requirement: found 'a' expected: '('"],
  ["a,", "found '', expected: identifier after ','"],
  ["a=b c", "found 'c', expected: ',' or 'end of string'"],
  [
    "n>x",
    "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
] as const) {
  test(`refuses ${JSON.stringify(selector)} with the server's words`, () => {
    assert.equal(messageOf(selector), message);
  });
}
