import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, CapturedStep, Scenario } from "./capture.ts";
import { compare } from "./compare.ts";
import { Mask } from "./mask.ts";

const step: CapturedStep = { name: "s", request: { method: "GET", path: "/" }, response: { status: 200, headers: {} } };
const scenario: Scenario = { scenario: "a", about: "", steps: [step] };

function answer(body: unknown): Answer {
  return { status: 200, headers: {}, body };
}

/** Masks two answers in turn, as they come from one run. */
function masked(...bodies: unknown[]): unknown[] {
  const mask = new Mask(scenario);
  return bodies.map((body) => mask.answer(step, answer(body)));
}

function object(uid: string, resourceVersion: string): unknown {
  return { metadata: { name: "x", uid, resourceVersion, creationTimestamp: "2030-01-01T00:00:00Z" } };
}

const [first, second] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];

test("runs that differ in uids, versions and times only are the same", () => {
  const one = masked(object(first ?? "", "5"), object(first ?? "", "6"));
  const other = masked(object(second ?? "", "70"), object(second ?? "", "99"));
  assert.deepEqual(compare(one, other), []);
});

test("a version that changed where it should have stayed is seen", () => {
  const kept = masked(object(first ?? "", "5"), object(first ?? "", "5"));
  const bumped = masked(object(first ?? "", "5"), object(first ?? "", "6"));
  assert.equal(compare(kept, bumped).length, 1);
});

test("what a request gave is not masked", () => {
  const request = { method: "GET", path: "/", body: { time: "2030-01-01T00:00:00Z" } };
  const given: Scenario = { ...scenario, steps: [{ ...step, request }] };
  const shown = new Mask(given).answer(step, answer({ a: "2030-01-01T00:00:00Z" })) as { body: { a: string } };
  assert.equal(shown.body.a, "2030-01-01T00:00:00Z");
});

test("bookmarks are left out, but the one that ends the present state", () => {
  const end = { type: "BOOKMARK", object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } };
  const events = [{ type: "BOOKMARK", object: {} }, end];
  const shown = new Mask(scenario).answer(step, { status: 200, headers: {}, events }) as { events: unknown[] };
  assert.equal(shown.events.length, 1);
});

test("ignored paths are not compared, and unordered lists as sets", () => {
  const loose: CapturedStep = { ...step, ignore: ["body.x"], unordered: ["body.list"] };
  const show = (body: unknown) => new Mask(scenario).answer(loose, answer(body));
  assert.deepEqual(compare(show({ x: 1, list: ["a", "b"] }), show({ x: 2, list: ["b", "a"] })), []);
});

test("every difference is found, by its path", () => {
  const found = compare({ a: [1, 2], b: { c: "x" } }, { a: [1], b: { c: "y" }, d: null });
  assert.deepEqual(
    found.map(({ path }) => path),
    [".a[1]", ".b.c", ".d"],
  );
});
