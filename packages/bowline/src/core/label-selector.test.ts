import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatLabelSelector,
  ParsedLabelSelector,
  parseLabelSelector,
  toLabelSelectorObject,
} from "./label-selector.ts";
import { ParseError } from "./parse-error.ts";

const key = fc.constantFrom("a", "b", "x.y/z", "in", "notin", "constructor");
const value = fc.constantFrom("", "a", "in", "1", "5", "x.2");
const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("=", "==", "!="), values: fc.tuple(value) }),
  fc.record({ key, operator: fc.constantFrom("in", "notin"), values: fc.uniqueArray(value, { minLength: 1 }) }),
  fc.record({ key, operator: fc.constantFrom("exists", "!"), values: fc.constant([] as string[]) }),
  fc.record({ key, operator: fc.constantFrom("gt", "lt"), values: fc.tuple(fc.constantFrom("0", "3", "9")) }),
);
const requirements = fc.array(requirement, { maxLength: 4 });
const labels = fc.array(fc.tuple(key, value), { maxLength: 5 }).map((entries) => Object.fromEntries(entries));

/** The rule in the plainest words. */
function meets(
  has: Record<string, string>,
  { key, operator, values }: { key: string; operator: string; values: string[] },
) {
  const found = new Map(Object.entries(has)).get(key);
  if (operator === "exists") return found !== undefined;
  if (operator === "!") return found === undefined;
  if (operator === "!=" || operator === "notin") return found === undefined || !values.includes(found);
  if (operator === "gt" || operator === "lt") {
    if (found === undefined || !/^-?[0-9]+$/.test(found)) return false;
    return operator === "gt" ? Number(found) > Number(values[0]) : Number(found) < Number(values[0]);
  }
  return found !== undefined && values.includes(found);
}

test("a selector matches what all of its requirements match", () => {
  fc.assert(
    fc.property(requirements, labels, (all, has) => {
      const selector = new ParsedLabelSelector(all as never);
      assert.equal(
        selector.matches(has),
        all.every((one) => meets(has, one)),
      );
    }),
  );
});

test("what is printed reads back as the same selector", () => {
  fc.assert(
    fc.property(requirements, labels, (all, has) => {
      const selector = new ParsedLabelSelector(all as never);
      const again = parseLabelSelector(selector.toString());
      assert.equal(again.toString(), selector.toString());
      assert.equal(again.matches(has), selector.matches(has));
    }),
  );
});

test("any text is read or refused with a ParseError", () => {
  const near = fc.string({
    unit: fc.constantFrom("a", "in", "notin", "(", ")", ",", "=", "!", "<", ">", " ", "\0", "é"),
  });
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        const selector = parseLabelSelector(text);
        assert.equal(parseLabelSelector(selector.toString()).toString(), selector.toString());
      } catch (error) {
        assert.ok(error instanceof ParseError);
      }
    }),
  );
});

test("a map is equalities, and a list means in", () => {
  const selector = parseLabelSelector({ tier: ["web", "db"], app: "shop" });
  assert.equal(selector.toString(), "app=shop,tier in (db,web)");
  assert.equal(parseLabelSelector({}).toString(), "");
  assert.ok(parseLabelSelector({}).isEmpty);
});

test("the API's LabelSelector is read", () => {
  const selector = parseLabelSelector({
    matchLabels: { app: "shop" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["web", "db"] },
      { key: "zone", operator: "NotIn", values: ["a"] },
      { key: "canary", operator: "DoesNotExist" },
      { key: "owner", operator: "Exists" },
    ],
  });
  assert.equal(selector.toString(), "app=shop,!canary,owner,tier in (db,web),zone notin (a)");
});

test("labels called matchLabels and matchExpressions can be selected by a map", () => {
  assert.equal(parseLabelSelector({ matchLabels: "a" }).toString(), "matchLabels=a");
  assert.equal(parseLabelSelector({ matchExpressions: ["a"] }).toString(), "matchExpressions in (a)");
});

test("an undefined value is refused, since it would select more than was meant", () => {
  assert.throws(() => parseLabelSelector({ app: undefined as never }), ParseError);
  assert.throws(() => parseLabelSelector({ app: [undefined as never] }), ParseError);
  assert.throws(() => parseLabelSelector({ app: [] }), /values set can't be empty/);
});

test("an operator that the API does not have is refused", () => {
  const selector = { matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] };
  assert.throws(() => parseLabelSelector(selector), /"Gt" is not a valid label selector operator/);
});

test("a selector becomes the API's object and back", () => {
  const object = toLabelSelectorObject("app=shop,tier in (db,web),!canary");
  assert.deepEqual(object, {
    matchLabels: { app: "shop" },
    matchExpressions: [
      { key: "canary", operator: "DoesNotExist" },
      { key: "tier", operator: "In", values: ["db", "web"] },
    ],
  });
  assert.equal(parseLabelSelector(object).toString(), "app=shop,!canary,tier in (db,web)");
  assert.throws(() => toLabelSelectorObject("a>1"), ParseError);
});

test("two equalities of one key stay both", () => {
  const object = toLabelSelectorObject("a=1,a=2");
  assert.equal(parseLabelSelector(object).matches({ a: "1" }), false);
});

test("text goes to the server as it is", () => {
  assert.equal(formatLabelSelector(" a = b "), " a = b ");
  assert.equal(formatLabelSelector({ a: "b" }), "a=b");
});

test("a prototype's fields are no labels", () => {
  assert.ok(parseLabelSelector("constructor=a").matches({ constructor: "a" } as never));
  assert.deepEqual(toLabelSelectorObject("constructor=a"), { matchLabels: { constructor: "a" } });
  assert.throws(() => parseLabelSelector(JSON.parse('{"__proto__":"a"}')), ParseError);
  assert.ok(!parseLabelSelector("toString").matches({}));
  assert.ok(parseLabelSelector("!constructor").matches({}));
  assert.ok(parseLabelSelector("!a").matches(undefined));
});
