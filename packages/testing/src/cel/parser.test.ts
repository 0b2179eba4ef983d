import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tokensOf } from "./lexer.ts";
import { parse } from "./parser.ts";
import { problemsText } from "./problem.ts";

const OPERAND =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function problems(source: string): readonly string[] {
  const parsed = parse(source);
  return parsed.isValid ? [] : parsed.problems.map(({ offset, message }) => `${offset} ${message}`);
}

test("repairs one token too many, and goes on", () => {
  assert.deepEqual(problems("a > > 1"), [`4 Syntax error: extraneous input '>' expecting ${OPERAND}`]);
  assert.deepEqual(problems("a 1"), ["2 Syntax error: extraneous input '1' expecting <EOF>"]);
  assert.deepEqual(problems("true ? : false"), [
    `7 Syntax error: extraneous input ':' expecting ${OPERAND}`,
    "14 Syntax error: mismatched input '<EOF>' expecting ':'",
  ]);
});

test("repairs one token too few", () => {
  assert.deepEqual(problems("(a > 1"), ["6 Syntax error: missing ')' at '<EOF>'"]);
  assert.deepEqual(problems("{'a' 1}"), ["5 Syntax error: missing ':' at '1'"]);
});

test("says once what it cannot repair", () => {
  assert.deepEqual(problems("a.b. <= 5"), ["5 Syntax error: no viable alternative at input '. <='"]);
  assert.deepEqual(problems("a..b"), ["2 Syntax error: no viable alternative at input '..'"]);
  assert.deepEqual(problems("[1, 2"), ["5 Syntax error: mismatched input '<EOF>' expecting {']', ','}"]);
});

test("leaves out what is no token", () => {
  assert.deepEqual(problems("a = 1"), [
    "2 Syntax error: token recognition error at: '= '",
    "4 Syntax error: extraneous input '1' expecting <EOF>",
  ]);
  assert.deepEqual(problems("# a"), ["0 Syntax error: token recognition error at: '#'"]);
});

test("refuses words that are kept for later, literals that do not fit and macros without a name", () => {
  assert.deepEqual(problems("for"), ["0 reserved identifier: for"]);
  assert.deepEqual(problems("9223372036854775808"), ["0 invalid int literal"]);
  assert.deepEqual(problems("a.all(1, true)"), ["6 argument must be a simple name"]);
  assert.deepEqual(problems("has(a)"), ["4 invalid argument to has() macro"]);
});

test("shows the line with a mark under the place, and wide marks under wide characters", () => {
  const parsed = parse("'é' +\n+ 1");
  assert.ok(!parsed.isValid);
  assert.match(problemsText("'é' +\n+ 1", parsed.problems), /^ERROR: <input>:2:1: .*\n \| \+ 1\n \| \^$/);
  assert.equal(problemsText("'é' x", [{ offset: 4, message: "m" }]), "ERROR: <input>:1:5: m\n | 'é' x\n | .．..^");
});

test("reads all of a text, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: "grapheme" }), (source) => {
      const { tokens } = tokensOf(source);
      const last = tokens.at(-1);
      assert.equal(last?.kind, "end");
      for (const { text, offset } of tokens.slice(0, -1))
        assert.equal(source.slice(offset, offset + text.length), text);
      parse(source);
    }),
    { numRuns: 300 },
  );
});
