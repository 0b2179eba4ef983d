import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { JsonPath, JsonPathError } from "./json-path.ts";
import { ParseError } from "./parse-error.ts";

type Answer = string | readonly ["parse" | "find", string];
const { data, cases } = JSON.parse(readFileSync(new URL("./json-path.cases.json", import.meta.url), "utf8")) as {
  data: unknown;
  cases: [string, Answer, Answer][];
};

function answer(template: string, allowMissingKeys: boolean): Answer {
  try {
    return JsonPath.parse(template, { allowMissingKeys }).print(data);
  } catch (error) {
    if (error instanceof ParseError) return ["parse", error.reason];
    if (error instanceof JsonPathError) return ["find", error.message];
    throw error;
  }
}

/** Where ours differs on purpose: data stays out of messages, mistakes show early, nothing is read of an empty range. */
const own: Readonly<Record<string, readonly Answer[]>> = {
  "{.kind[?(@.a)]}": [
    ["find", "only a list can be filtered"],
    ["find", "only a list can be filtered"],
  ],
  "{.kind[0]}": [
    ["find", "only a list has indices"],
    ["find", "only a list has indices"],
  ],
  "{end}": [
    ["parse", "not in range, nothing to end"],
    ["parse", "not in range, nothing to end"],
  ],
  "{range .e[*]}x{.a}{end}done": ["done", "done"],
};

test("templates are read and printed as client-go does", () => {
  const differences = cases.flatMap(([template, ...theirs]) => {
    const actual = [answer(template, false), answer(template, true)];
    const expected = own[template] ?? theirs;
    return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [{ template, actual, expected }];
  });
  assert.deepEqual(differences, []);
});

test("fields are found in the object's own order", () => {
  const order = { a: 1, b: { a: 2 } };
  assert.equal(JsonPath.parse("{.*}").print(order), '1 {"a":2}');
  assert.equal(JsonPath.parse("{..a}").print(order), "1 2");
});

test("each part's finds are given as values", () => {
  const found = JsonPath.parse("x{range .l[*]}{.a}{end}{.n}").find({ l: [{ a: 1 }, { a: { b: 2 } }], n: null });
  assert.deepEqual(found, [["x"], [1], [{ b: 2 }], [null]]);
});

test("a range without an end is refused", () => {
  assert.throws(() => JsonPath.parse("{range .items[*]}{.a}"), { code: "InvalidJsonPath" });
});

test("a prototype's fields are not found", () => {
  assert.equal(JsonPath.parse("{.constructor}{.toString}", { allowMissingKeys: true }).print({}), "");
});

test("any template is read or refused with a ParseError, and finds or fails with a JsonPathError", () => {
  const unit = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ".",
    "..",
    "?(",
    ")",
    "@",
    "'",
    '"',
    "a",
    "1",
    "-",
    ":",
    ",",
    "*",
    "=",
    " ",
    "\\",
    "range",
    "end",
  );
  fc.assert(
    fc.property(fc.string({ unit }), (template) => {
      const allowed = [ParseError, JsonPathError];
      try {
        JsonPath.parse(template).print({ a: [{ a: 1 }, "a"] });
      } catch (error) {
        assert.ok(
          allowed.some((type) => error instanceof type),
          String(error),
        );
      }
    }),
  );
});
