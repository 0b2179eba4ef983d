import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonNumber, JsonObject, JsonSyntaxError, plainJson, readJson } from "./json-reader.ts";

test("reads any JSON to the same value as JSON.parse", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.deepEqual(plainJson(readJson(text)), JSON.parse(text));
    }),
  );
});

test("accepts the same texts as JSON.parse", () => {
  const characters = fc.constantFrom(...'{}[]":,0123456789.eE+-truefalsn \\u\n');
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (isJson) readJson(text);
      else assert.throws(() => readJson(text), JsonSyntaxError);
    }),
    { numRuns: 2000 },
  );
});

test("keeps repeated keys and the spelling of numbers", () => {
  const node = readJson('{"a":1.0,"a":2}');
  assert(node instanceof JsonObject);
  assert.deepEqual(node.entries, [
    ["a", new JsonNumber("1.0")],
    ["a", new JsonNumber("2")],
  ]);
});

test("words errors as Go does", () => {
  const errors: Record<string, string> = {
    "": "unexpected end of JSON input",
    "{": "unexpected end of JSON input",
    hello: "invalid character 'h' looking for beginning of value",
    "{} x": "invalid character 'x' after top-level value",
    "{a:1}": "invalid character 'a' looking for beginning of object key string",
    '{"a" 1}': "invalid character '1' after object key",
    '{"a":1 "b"}': "invalid character '\"' after object key:value pair",
    "[1 2]": "invalid character '2' after array element",
    nul: "unexpected end of JSON input",
    nuxl: "invalid character 'x' in literal null (expecting 'l')",
    "1.x": "invalid character 'x' after decimal point in numeric literal",
    '"\\x"': "invalid character 'x' in string escape code",
    '"a\nb"': "invalid character '\\n' in string literal",
    "'": "invalid character '\\'' looking for beginning of value",
  };
  for (const [text, message] of Object.entries(errors)) {
    assert.throws(() => readJson(text), { name: "JsonSyntaxError", message }, text);
  }
});

test("does not let a key change the prototype", () => {
  const plain = plainJson(readJson('{"__proto__":{"polluted":1}}')) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(plain), Object.prototype);
  assert.equal(JSON.stringify(plain), '{"__proto__":{"polluted":1}}');
});

test("makes a lone surrogate U+FFFD and keeps a pair", () => {
  assert.equal(readJson('"\\ud800x"'), "\ufffdx");
  assert.equal(readJson('"\\ud83d\\ude00"'), "\u{1f600}");
});
