import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { decodeLines, LineSplitter } from "./line-splitter.ts";

it("gives the lines of a text however it is cut into chunks", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "ü", "\n", "€") }),
      fc.array(fc.nat({ max: 30 })),
      (text, cuts) => {
        const bytes = new TextEncoder().encode(text);
        const splitter = new LineSplitter();
        const lines: string[] = [];
        const decoder = new TextDecoder();
        let from = 0;
        for (const at of [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]) {
          for (const line of splitter.push(bytes.subarray(from, at))) lines.push(decoder.decode(line));
          from = at;
        }
        const rest = splitter.rest();
        if (rest !== undefined) lines.push(decoder.decode(rest));
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        assert.deepEqual(lines, expected);
      },
    ),
  );
});

it("decodes lines together as it would one by one", () => {
  const unit = fc.constantFrom("a", "ü", "\n", "€");
  fc.assert(
    fc.property(fc.array(fc.string({ unit }), { maxLength: 5 }), fc.nat({ max: 3 }), (chunks, from) => {
      const splitter = new LineSplitter();
      const lines = chunks.flatMap((chunk) => splitter.push(new TextEncoder().encode(chunk)));
      const expected = lines.slice(from).map((line) => new TextDecoder().decode(line));
      assert.deepEqual(decodeLines(lines, from), expected);
    }),
  );
});
