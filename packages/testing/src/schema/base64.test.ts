import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstBadBase64 } from "./base64.ts";

test("accepts what is base64, also across lines", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const text = btoa(String.fromCharCode(...bytes));
      assert.equal(firstBadBase64(text), undefined);
      assert.equal(firstBadBase64(`${text}\n`), undefined);
    }),
  );
});

test("gives the offset that Go gives", () => {
  const offsets: Record<string, number> = { "!!!!": 0, aGk: 0, "aGk=x": 4, a: 0, "aG=": 3, "aGkg aGk": 4 };
  for (const [text, offset] of Object.entries(offsets)) assert.equal(firstBadBase64(text), offset, text);
});
