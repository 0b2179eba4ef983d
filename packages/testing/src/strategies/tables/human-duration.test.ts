import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ageOf, humanDuration } from "./human-duration.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("a length is written in the two units that say enough", () => {
  const lengths: [number, string][] = [
    [0, "0s"],
    [119 * SECOND, "119s"],
    [2 * MINUTE, "2m"],
    [3 * MINUTE + 20 * SECOND, "3m20s"],
    [10 * MINUTE + 59 * SECOND, "10m"],
    [179 * MINUTE, "179m"],
    [3 * HOUR, "3h"],
    [7 * HOUR + 59 * MINUTE, "7h59m"],
    [8 * HOUR + 59 * MINUTE, "8h"],
    [47 * HOUR, "47h"],
    [48 * HOUR, "2d"],
    [2 * DAY + 5 * HOUR, "2d5h"],
    [8 * DAY + 5 * HOUR, "8d"],
    [729 * DAY, "729d"],
    [730 * DAY, "2y"],
    [731 * DAY, "2y1d"],
    [8 * 365 * DAY + 3 * DAY, "8y"],
  ];
  for (const [milliseconds, text] of lengths) assert.equal(humanDuration(milliseconds), text);
});

test("what lies in the future is invalid, but for a clock that is a second off", () => {
  assert.equal(humanDuration(-SECOND), "0s");
  assert.equal(humanDuration(-2 * SECOND), "<invalid>");
});

test("a length never reads as longer than it is", () => {
  const units: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, y: 365 * DAY };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 * 365 * DAY }), (milliseconds) => {
      const parts = [...humanDuration(milliseconds).matchAll(/(\d+)([smhdy])/g)];
      const read = parts.reduce((sum, [, count = "", unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
      assert.ok(parts.length >= 1 && parts.length <= 2);
      assert.ok(read <= milliseconds && read >= milliseconds * 0.85 - SECOND);
    }),
  );
});

test("the age of a missing moment is unknown", () => {
  const now = new Date("2030-01-01T00:00:10Z");
  assert.equal(ageOf("2030-01-01T00:00:00Z", now), "10s");
  assert.equal(ageOf(undefined, now), "<unknown>");
});
