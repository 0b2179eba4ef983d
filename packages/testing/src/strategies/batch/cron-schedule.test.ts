import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextDue, scheduleProblem, timeZoneProblems } from "./cron-schedule.ts";

function due(schedule: string, after: string, zone?: string): string | undefined {
  return nextDue(schedule, new Date(after), zone)?.toISOString();
}

test("schedules that are right have no problem", () => {
  for (const schedule of ["* * * * *", "*/5 0-6,12 1 jan-mar mon", "@daily", "@every 90s", "0 0 ? * SUN"])
    assert.equal(scheduleProblem(schedule), undefined, schedule);
});

test("schedules that are wrong have one", () => {
  for (const schedule of [
    "",
    "* * * *",
    "60 * * * *",
    "* * 0 * *",
    "5-1 * * * *",
    "*/0 * * * *",
    "x * * * *",
    "@often",
  ])
    assert.notEqual(scheduleProblem(schedule), undefined, schedule);
});

test("the next due minute is strictly after", () => {
  assert.equal(due("* * * * *", "2030-01-01T00:00:00Z"), "2030-01-01T00:01:00.000Z");
  assert.equal(due("*/15 * * * *", "2030-01-01T00:14:59Z"), "2030-01-01T00:15:00.000Z");
  assert.equal(due("30 4 29 2 *", "2030-01-01T00:00:00Z"), "2032-02-29T04:30:00.000Z");
});

test("day of month and day of week are alternatives where both are given", () => {
  // The 1st is a Tuesday, the 4th the first Friday.
  assert.equal(due("0 0 15 * fri", "2030-01-01T12:00:00Z"), "2030-01-04T00:00:00.000Z");
  assert.equal(due("0 0 * * fri", "2030-01-01T12:00:00Z"), "2030-01-04T00:00:00.000Z");
  assert.equal(due("0 0 15 * *", "2030-01-01T12:00:00Z"), "2030-01-15T00:00:00.000Z");
});

test("a time zone moves the hours", () => {
  assert.equal(due("0 9 * * *", "2030-07-01T00:00:00Z", "Europe/Berlin"), "2030-07-01T07:00:00.000Z");
  assert.equal(due("0 9 * * *", "2030-01-01T00:00:00Z", "Europe/Berlin"), "2030-01-01T08:00:00.000Z");
  assert.deepEqual(timeZoneProblems("Europe/Berlin"), []);
  assert.deepEqual(timeZoneProblems("Europe/Atlantis"), ["unknown time zone Europe/Atlantis"]);
  assert.deepEqual(timeZoneProblems("europe/berlin"), ["unknown time zone europe/berlin"]);
});

test("a date that never comes is never due", () => {
  assert.equal(due("0 0 31 2 *", "2030-01-01T00:00:00Z"), undefined);
});

test("a due minute fits its fields, and none before it does", () => {
  const minute = fc.integer({ min: 0, max: 59 });
  const hour = fc.integer({ min: 0, max: 23 });
  const start = fc.date({ min: new Date("2024-01-01"), max: new Date("2034-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(minute, hour, start, (m, h, after) => {
      const found = nextDue(`${m} ${h} * * *`, after);
      assert.ok(found !== undefined);
      assert.deepEqual([found.getUTCMinutes(), found.getUTCHours(), found.getUTCSeconds()], [m, h, 0]);
      const wait = found.getTime() - after.getTime();
      assert.ok(wait > 0 && wait <= 86_400_000);
    }),
    { numRuns: 30 },
  );
});
