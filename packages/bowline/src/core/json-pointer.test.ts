import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatJsonPointer, parseJsonPointer, resolveJsonPointer } from "./json-pointer.ts";
import { ParseError } from "./parse-error.ts";

test("what is printed reads back as the same keys", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "/", "~", "0", "1", "") })), (keys) => {
      assert.deepEqual(parseJsonPointer(formatJsonPointer(keys)), keys);
    }),
  );
});

test("pointers are resolved as in RFC 6901, section 5", () => {
  const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, " ": 7 };
  const cases: [string, unknown][] = [
    ["", document],
    ["/foo", document.foo],
    ["/foo/0", "bar"],
    ["/foo/00", undefined],
    ["/foo/-", undefined],
    ["/foo/2", undefined],
    ["/", 0],
    ["/a~1b", 1],
    ["/m~0n", 8],
    ["/ ", 7],
    ["/toString", undefined],
    ["/foo/length", undefined],
    ["/foo/0/x", undefined],
  ];
  for (const [pointer, expected] of cases) assert.equal(resolveJsonPointer(document, pointer), expected, pointer);
});

test("what is no pointer is refused", () => {
  for (const text of ["a", "a/b", "/~", "/~2"]) assert.throws(() => parseJsonPointer(text), ParseError, text);
});
