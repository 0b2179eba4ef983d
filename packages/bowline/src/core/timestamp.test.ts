import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalMicroTime, canonicalTime } from "./timestamp.ts";

test("writes times in UTC with whole seconds", () => {
  assert.equal(canonicalTime("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z");
  assert.equal(canonicalTime("2026-01-02T03:04:05.999Z"), "2026-01-02T03:04:05Z");
  assert.equal(canonicalTime("2026-01-02T01:04:05+02:00"), "2026-01-01T23:04:05Z");
  assert.equal(canonicalTime("2026-01-02T3:04:05,5Z"), "2026-01-02T03:04:05Z");
  assert.equal(canonicalTime("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
});

test("keeps the microseconds of a MicroTime", () => {
  assert.equal(canonicalMicroTime("2026-01-02T03:04:05.123456Z"), "2026-01-02T03:04:05.123456Z");
});

test("refuses times in Go's words", () => {
  const messages: Record<string, string> = {
    yesterday: 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    "2026-13-01T00:00:00Z": 'parsing time "2026-13-01T00:00:00Z": month out of range',
    "2026-02-30T00:00:00Z": 'parsing time "2026-02-30T00:00:00Z": day out of range',
    "2026-01-01": 'parsing time "2026-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
    "2026-01-01T00:00:00":
      'parsing time "2026-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
    "2026-01-02T3:04:05.1-25:61": 'parsing time "2026-01-02T3:04:05.1-25:61": time zone offset minute out of range',
    "2026-01-02T03:04:05+0100":
      'parsing time "2026-01-02T03:04:05+0100" as "2006-01-02T15:04:05Z07:00": cannot parse "+0100" as "Z07:00"',
    "2026-01-01T00:00:00Zx": 'parsing time "2026-01-01T00:00:00Zx": extra text: "x"',
  };
  for (const [text, message] of Object.entries(messages))
    assert.throws(() => canonicalTime(text), { code: "InvalidTime", reason: message }, text);
});
