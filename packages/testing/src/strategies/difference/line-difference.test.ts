import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineDifference } from "./line-difference.ts";

test("says nothing of equal texts", () => {
  assert.equal(lineDifference("a\nb", "a\nb"), "");
});

test("shows a changed line with three lines around it", () => {
  const before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
  const after = before.map((line) => (line === "5" ? "five" : line));
  const expected = "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
  assert.equal(lineDifference(before.join("\n"), after.join("\n")), expected);
});

test("begins a second hunk where more than six equal lines lie between", () => {
  const before = Array.from({ length: 20 }, (_, index) => String(index));
  const change = (near: number) => before.map((line, index) => (index === 3 || index === near ? "x" : line)).join("\n");
  assert.equal(lineDifference(before.join("\n"), change(10)).match(/^@@/gm)?.length, 1);
  assert.equal(lineDifference(before.join("\n"), change(11)).match(/^@@/gm)?.length, 2);
});

test("writes an empty range as the line before it", () => {
  assert.equal(lineDifference("a", "a\nb"), "@@ -1 +1,2 @@\n a\n+b\n");
});

test("turns the first text into the second one", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "{", "}"), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const difference = lineDifference(before.join("\n"), after.join("\n"));
      assert.deepEqual(patched(before, difference), after);
    }),
  );
});

/** Applies hunks, and checks that what they keep and take away is there. */
function patched(before: readonly string[], difference: string): string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of difference.split("\n").slice(0, -1)) {
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (header !== null) {
      const start = header[2] === "0" ? Number(header[1]) : Number(header[1]) - 1;
      result.push(...before.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else {
      assert.equal(before[at++], line.slice(1));
      if (line.startsWith(" ")) result.push(line.slice(1));
    }
  }
  return [...result, ...before.slice(at)];
}
