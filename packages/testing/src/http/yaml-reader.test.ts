import assert from "node:assert/strict";
import { test } from "node:test";
import { readYaml, YamlSyntaxError } from "./yaml-reader.ts";

test("the first document counts, after comments and directives", () => {
  assert.equal(readYaml("# c\n%YAML 1.1\n---\na: 1\n---\na: 2\n").json, '{"a":1}');
  assert.equal(readYaml("a: 1\n---\na: 2\n").json, '{"a":1}');
  assert.equal(readYaml("# nothing\n\n").json, "null");
});

test("a key that is there twice is named, also within a line", () => {
  const errors = (text: string) => readYaml(text).strictErrors.join();
  assert.match(errors("a: 1\nb: {name: a, name: b}\n"), /line 2: key "name" already set in map/);
  assert.match(errors("x:\n  - q: 1\n    q: 2\n"), /line 3: key "q" already set in map/);
});

test("many empty lines before what is no YAML are read in no time", () => {
  const begin = performance.now();
  assert.throws(() => readYaml(`${" \n".repeat(5000)}a: [`), YamlSyntaxError);
  assert.ok(performance.now() - begin < 2000);
});
