import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readYaml, YamlSyntaxError } from "./yaml-reader.ts";
import { toYaml } from "./yaml-writer.ts";

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "yes",
    "1",
    "0x1f",
    "null",
    "~",
    "1e3",
    "a: b",
    "- a",
    "a\nb",
    "a\n",
    " a",
    "2001-01-01",
    "#",
    "é",
    "=",
    "<<",
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.boolean(), fc.integer(), text, tie("list"), tie("map")),
  list: fc.array(tie("value"), { maxLength: 3 }),
  map: fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z0-9./-]{0,8}$/), tie("value"), { maxKeys: 4 }),
})).map;

test("what is written is read back the same", () => {
  fc.assert(
    fc.property(json, (value) => {
      const written = toYaml(value);
      assert.deepEqual(JSON.parse(readYaml(written).json), JSON.parse(JSON.stringify(value)), written);
    }),
  );
});

test("keys are sorted and long strings folded", () => {
  const long = `${"word ".repeat(20)}end`;
  const lines = toYaml({ b: "1", a: { d: [], c: [{ x: 1 }] }, long }).split("\n");
  assert.deepEqual(lines.slice(0, 5), ["a:", "  c:", "  - x: 1", "  d: []", 'b: "1"']);
  assert.ok(lines.every((line) => line.length < 100));
});

test("YAML 1.1 booleans are booleans, and times are text", () => {
  assert.equal(
    readYaml("a: yes\nb: off\nc: 2001-01-01\nd: 1:30\n").json,
    '{"a":true,"b":false,"c":"2001-01-01","d":"1:30"}',
  );
});

test("only the first document counts", () => {
  assert.equal(readYaml("---\na: 1\n---\na: 2\n").json, '{"a":1}');
});

test("a repeated key is reported and the last one wins", () => {
  const { json: read, strictErrors } = readYaml("a: 1\nb:\n  c: 1\n  c: 2\n");
  assert.equal(read, '{"a":1,"b":{"c":2}}');
  assert.deepEqual(strictErrors, ['yaml: unmarshal errors:\n  line 4: key "c" already set in map']);
});

test("text that is no YAML is refused with the line", () => {
  assert.throws(
    () => readYaml("a: [1"),
    (error) => error instanceof YamlSyntaxError && /^yaml: line 1: /.test(error.message),
  );
});
