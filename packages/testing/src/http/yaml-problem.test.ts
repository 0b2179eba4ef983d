import assert from "node:assert/strict";
import { test } from "node:test";
import { readYaml, YamlSyntaxError } from "./yaml-reader.ts";

/** As a kube-apiserver 1.37 answers them. */
const ANSWERS: Readonly<Record<string, string>> = {
  "{": "line 1: did not find expected node content",
  '{"a":[1': "line 1: did not find expected ',' or ']'",
  '{"a":"x': "found unexpected end of stream",
  "{a: b": "line 1: did not find expected ',' or '}'",
  "a: b: c": "mapping values are not allowed in this context",
  "a: 1\nb: c: d": "line 2: mapping values are not allowed in this context",
  "a: 1\nb": "line 3: could not find expected ':'",
  "a: [1\nb: 2": "line 1: did not find expected ',' or ']'",
  'a: "x\nb: 2': "line 2: found unexpected end of stream",
  "\ta: 1": "found character that cannot start any token",
  "a:\n\tb: 1": "line 2: found character that cannot start any token",
  "a: *x": "unknown anchor 'x' referenced",
  "a: 1\n- b": "line 1: did not find expected key",
  "- a\nb: 1": "line 1: did not find expected '-' indicator",
  "a: ]": "did not find expected node content",
};

for (const [text, message] of Object.entries(ANSWERS)) {
  test(`${JSON.stringify(text)} is refused in the server's words`, () => {
    assert.throws(
      () => readYaml(text),
      (error) => {
        assert.ok(error instanceof YamlSyntaxError);
        assert.equal(error.message, `yaml: ${message}`);
        return true;
      },
    );
  });
}

test("what follows a whole flow collection is not read", () => {
  assert.equal(readYaml('{"a":1}} x').json, '{"a":1}');
});
