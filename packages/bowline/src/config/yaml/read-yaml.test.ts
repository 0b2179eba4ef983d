import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readAllDocuments, readFirstDocument, readFirstDocumentExactly, YamlError } from "./read-yaml.ts";

test("plain scalars mean what they mean to kubectl", () => {
  const scalars: readonly [string, unknown][] = [
    ["y", true],
    ["Yes", true],
    ["on", true],
    ["off", false],
    ["tRue", "tRue"],
    ["~", null],
    ["0x1f", 31],
    ["0o17", 15],
    ["017", 15],
    ["08", 8],
    ["0b11", 3],
    ["1_000", 1000],
    ["1e3", 1000],
    [".5", 0.5],
    ["1e400", "1e400"],
    ["1:30", "1:30"],
    ["190:20:30", "190:20:30"],
    ["2001-01-01", "2001-01-01"],
    ["'1'", "1"],
    ["!!str 1", "1"],
    ["!!binary aGk=", "hi"],
    ["!foo x", "x"],
    ["1_000_", 1000],
  ];
  for (const [text, expected] of scalars) assert.deepEqual(readFirstDocument(`a: ${text}`), { a: expected }, text);
});

test("numbers that JSON cannot hold are refused", () => {
  for (const text of [".inf", "-.INF", ".nan"]) assert.throws(() => readFirstDocument(`a: ${text}`), YamlError);
});

test("merge keys are merged, and of a repeated key the last value counts", () => {
  assert.deepEqual(readFirstDocument("a: &x {p: 1, q: 1}\nb: {<<: *x, q: 2}\na: 3\n"), { a: 3, b: { p: 1, q: 2 } });
});

test("the first document ends at a marker, wherever that stands", () => {
  assert.deepEqual(readFirstDocument("%YAML 1.1\n# c\n---\na: |\n  x\n---\n[broken"), { a: "x\n" });
  assert.deepEqual(readFirstDocument("a: 1\n...\n[broken"), { a: 1 });
  assert.deepEqual(readFirstDocument("--- {a: 1}\n--- [broken"), { a: 1 });
  assert.deepEqual(readFirstDocument("a: |\n ---\n x\nb: 1"), { a: "---\nx\n", b: 1 });
  assert.equal(readFirstDocument("---\n---\na: 1"), null);
  assert.equal(readFirstDocument(""), null);
});

test("all documents are read in their order", () => {
  assert.deepEqual(readAllDocuments("a: 1\n---\n---\nb: 2\n"), [{ a: 1 }, null, { b: 2 }]);
  assert.deepEqual(readAllDocuments(""), []);
});

test("JSON is read as JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(readFirstDocument(JSON.stringify(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
});

test("a document in braces ends with its last one, whatever stands behind it", () => {
  for (const trailer of [" x", "\n{}", " [", "\nfoo: bar", " # hello", '"'])
    assert.deepEqual(readFirstDocument(`# first\n{"a": "}\\"{", 'b': '{', c: d} ${trailer}`), {
      a: '}"{',
      b: "{",
      c: "d",
    });
  assert.throws(() => readFirstDocument('{"a": 1, [ } x'), YamlError);
  assert.throws(() => readFirstDocument('{"a": "b x'), YamlError);
});

test("control characters are refused", () => {
  assert.throws(
    () => readFirstDocument("a: b\nc: d\u007f\n"),
    (error: unknown) => error instanceof YamlError && error.line === 2,
  );
});

test("an error says where and never what", () => {
  assert.throws(
    () => readFirstDocument("token: hunter2\nb: [hunter2\n"),
    (error: unknown) =>
      error instanceof YamlError && error.line === 3 && !/hunter2/.test(`${error.stack}`) && error.cause === undefined,
  );
});

test("aliases that would write out to too much are refused, and so are cycles and deep nesting", () => {
  const levels = Array.from(
    { length: 30 },
    (_, level) => `a${level}: &a${level} [${level === 0 ? "x" : `*a${level - 1}, *a${level - 1}`}]`,
  );
  assert.throws(() => readFirstDocument(levels.join("\n")), YamlError);
  assert.throws(() => readFirstDocument("a: &a [*a]"), YamlError);
  assert.throws(() => readFirstDocument(`a: ${"[".repeat(500)}${"]".repeat(500)}x`), YamlError);
});

test("__proto__ is a key like any other", () => {
  const document = readFirstDocument("__proto__: {polluted: 1}\na: 1\n") as object;
  assert.deepEqual(Object.keys(document), ["__proto__", "a"]);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test("a key may be a number or a boolean, and not null", () => {
  assert.deepEqual(readFirstDocument("1: a\ntrue: b\n1.5: c"), { "1": "a", true: "b", "1.5": "c" });
  assert.throws(() => readFirstDocument("~: a"), YamlError);
});

test("integers of 64 bits are read exactly where that is asked for, of JSON too", () => {
  const expected = { a: 12345678901234567890n, b: -9223372036854775808n, c: 5, d: 9007199254740991 };
  const yaml = "a: 12345678901234567890\nb: -9223372036854775808\nc: 5\nd: 9007199254740991";
  const json = '{"a":12345678901234567890,"b":-9223372036854775808,"c":5,"d":9007199254740991}';
  assert.deepEqual(readFirstDocumentExactly(yaml), expected);
  assert.deepEqual(readFirstDocumentExactly(json), expected);
  assert.deepEqual(readFirstDocument(json), JSON.parse(json));
});
