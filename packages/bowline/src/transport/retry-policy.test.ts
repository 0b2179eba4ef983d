import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ConnectionError } from "./connection-error.ts";
import { type Outcome, type RetryState, retryAfterMs, retryDelayMs, retryLimits } from "./retry-policy.ts";

const now = Date.UTC(2026, 0, 1);
const state = (method: string, more: Partial<RetryState> = {}): RetryState => ({
  method,
  isReplayable: true,
  retries: 0,
  limits: retryLimits(),
  now,
  random: 0,
  ...more,
});
const answer = (status: number, retryAfter?: string): Outcome => ({ type: "answer", status, retryAfter });
const reset = (wasSent: boolean): Outcome => ({
  type: "failure",
  error: new ConnectionError("ConnectionReset", "", { server: "", wasSent }),
});
const methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST"];
const retriedFor = (outcome: Outcome) => methods.filter((method) => retryDelayMs(outcome, state(method)) !== undefined);

test("429 with Retry-After is retried for every verb, without it for all but POST", () => {
  assert.deepEqual(retriedFor(answer(429, "1")), methods);
  assert.deepEqual(retriedFor(answer(429)), methods.slice(0, -1));
});

test("5xx with Retry-After is retried for every verb, 503 and 504 without it for verbs that change nothing", () => {
  for (const status of [500, 502, 503, 504]) assert.deepEqual(retriedFor(answer(status, "1")), methods);
  for (const status of [503, 504]) assert.deepEqual(retriedFor(answer(status)), ["GET", "HEAD", "OPTIONS"]);
  for (const status of [500, 501, 502]) assert.deepEqual(retriedFor(answer(status)), []);
});

test("other answers stand, whatever their headers say", () => {
  for (const status of [200, 201, 301, 400, 401, 403, 404, 409, 410, 422])
    assert.deepEqual(retriedFor(answer(status, "1")), []);
});

test("a lost connection is retried for verbs that change nothing, and for all where nothing was sent", () => {
  assert.deepEqual(retriedFor(reset(true)), ["GET", "HEAD", "OPTIONS"]);
  assert.deepEqual(retriedFor(reset(false)), methods);
});

test("failures that will not pass by themselves are told at once", () => {
  for (const code of [
    "ConnectionRefused",
    "HostNotFound",
    "CertificateUntrusted",
    "NotTls",
    "BodyCut",
    "ConnectTimeout",
  ] as const) {
    assert.deepEqual(retriedFor({ type: "failure", error: new ConnectionError(code, "", { server: "" }) }), []);
  }
  assert.deepEqual(retriedFor({ type: "failure", error: new Error("x") }), []);
});

test("a body that cannot be read again is not sent again", () => {
  assert.equal(retryDelayMs(answer(429, "1"), state("PUT", { isReplayable: false })), undefined);
  assert.equal(retryDelayMs(reset(false), state("PUT", { isReplayable: false })), undefined);
});

test("a server that asks is tried ten times, one that does not three times", () => {
  const count = (outcome: Outcome) => {
    let retries = 0;
    while (retryDelayMs(outcome, state("GET", { retries })) !== undefined) retries += 1;
    return retries;
  };
  assert.equal(count(answer(429, "1")), 10);
  assert.equal(count(answer(503)), 3);
  assert.equal(count(reset(true)), 3);
});

test("the wait doubles, half of it by chance, and the first after a lost connection is none", () => {
  const waits = (random: number, outcome: Outcome) =>
    [0, 1, 2].map((retries) => retryDelayMs(outcome, state("GET", { retries, random })));
  assert.deepEqual(waits(0, answer(503)), [100, 200, 400]);
  assert.deepEqual(waits(1, answer(503)), [200, 400, 800]);
  assert.deepEqual(waits(1, reset(true)), [0, 400, 800]);
  const late = state("GET", { retries: 9, random: 1, limits: retryLimits({ maxUnaskedRetries: 20, maxRetries: 20 }) });
  assert.equal(retryDelayMs(answer(503), late), 5_000);
});

test("Retry-After is waited for in full, with a little more by chance", () => {
  assert.equal(retryDelayMs(answer(429, "2"), state("GET")), 2_000);
  assert.equal(retryDelayMs(answer(429, "2"), state("GET", { random: 1 })), 2_200);
  assert.equal(retryDelayMs(answer(429, "0"), state("GET", { random: 1 })), 0);
});

test("a Retry-After beyond a minute is left to the caller", () => {
  assert.equal(retryDelayMs(answer(503, "60"), state("GET")), 60_000);
  assert.equal(retryDelayMs(answer(503, "61"), state("GET")), undefined);
});

test("no retries can be asked for", () => {
  const limits = retryLimits({ maxRetries: 0 });
  for (const outcome of [answer(429, "1"), answer(503), reset(false)]) {
    assert.equal(retryDelayMs(outcome, state("GET", { limits })), undefined);
  }
});

test("Retry-After is seconds or an HTTP date", () => {
  assert.equal(retryAfterMs("120", now), 120_000);
  assert.equal(retryAfterMs(" 1 ", now), 1_000);
  assert.equal(retryAfterMs("Thu, 01 Jan 2026 00:00:30 GMT", now), 30_000);
  assert.equal(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now), 0);
  for (const bad of ["", "-1", "1.5", "1e3", "soon", "2026-01-01", "Thu, never", "99999999999"])
    assert.equal(retryAfterMs(bad, now), undefined, bad);
});

test("every date comes back as the time until it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000_000 }), (seconds) => {
      const header = new Date(now + seconds * 1000).toUTCString();
      assert.equal(retryAfterMs(header, now), Math.max(0, seconds * 1000));
    }),
  );
});
