import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatGepDuration,
  formatGoDuration,
  parseGepDurationMs,
  parseGoDuration,
  parseGoDurationMs,
} from "./duration.ts";
import { ParseError } from "./parse-error.ts";

test("what Go's format prints reads back as the same duration", () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (nanos) => {
      assert.equal(parseGoDuration(formatGoDuration(nanos)), nanos);
    }),
  );
});

test("a Go duration is given in milliseconds", () => {
  assert.equal(parseGoDurationMs("1h0m0.5s"), 3_600_500);
  assert.equal(parseGoDurationMs("100us"), 0.1);
});

test("what the Gateway API's format prints reads back as the same duration", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 * 3_600_000 - 1 }), (ms) => {
      assert.equal(parseGepDurationMs(formatGepDuration(ms)), ms);
    }),
  );
});

test("Gateway API durations are read and printed as GEP-2257 says", () => {
  const valid: [string, number, string][] = [
    ["0h", 0, "0s"],
    ["1h30m", 5_400_000, "1h30m"],
    ["10s30m1h", 5_410_000, "1h30m10s"],
    ["100ms200ms300ms", 600, "600ms"],
    ["90m", 5_400_000, "1h30m"],
  ];
  for (const [text, ms, printed] of valid) {
    assert.equal(parseGepDurationMs(text), ms);
    assert.equal(formatGepDuration(ms), printed);
  }
  for (const text of ["", "0", "1", "1.5h", "-1h", "+1h", "1d", "1us", "100000h", "1h1h1h1h1h", "1 h"]) {
    assert.throws(() => parseGepDurationMs(text), ParseError, text);
  }
  for (const ms of [-1, 0.5, Number.NaN, Infinity, 100_000 * 3_600_000]) {
    assert.throws(() => formatGepDuration(ms), ParseError);
  }
});
