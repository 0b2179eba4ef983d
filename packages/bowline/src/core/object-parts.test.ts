/** Conditions, owner references, keys, apiVersions and times: the small parts of an object. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../kinds/meta/v1.ts";
import { findCondition, isConditionTrue, removeCondition, setCondition } from "./conditions.ts";
import { compareUtf8, utf8Length } from "./go-text.ts";
import { compareKubeVersions, formatApiVersion, groupVersionKind, parseApiVersion } from "./group-version-kind.ts";
import { formatObjectKey, isKind, objectKey, parseObjectKey } from "./object-key.ts";
import { controllerOf, isOwnedBy, ownerReference } from "./owner-reference.ts";
import { ParseError } from "./parse-error.ts";
import { formatMicroTime, formatTime, parseTimeMs } from "./timestamp.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
const later = new Date("2026-01-02T03:05:00Z");

test("a condition is true only if it is there and True", () => {
  const conditions = [
    { type: "Ready", status: "True" },
    { type: "Old", status: "False" },
  ];
  const object = { status: { conditions } };
  assert.equal(isConditionTrue(object, "Ready"), true);
  assert.equal(isConditionTrue(object, "Old"), false);
  assert.equal(isConditionTrue(object, "Other"), false);
  assert.equal(isConditionTrue({}, "Ready"), false);
  assert.equal(findCondition(object, "Old"), conditions[1]);
});

test("setting a condition moves its time only when its status changes", () => {
  const conditions: Condition[] = [];
  const ready = { type: "Ready", status: "False", reason: "Starting", message: "" };
  assert.equal(setCondition(conditions, ready, now), true);
  assert.equal(conditions[0]?.lastTransitionTime, "2026-01-02T03:04:05Z");
  assert.equal(setCondition(conditions, ready, later), false);
  assert.equal(setCondition(conditions, { ...ready, message: "still" }, later), true);
  assert.equal(conditions[0]?.lastTransitionTime, "2026-01-02T03:04:05Z");
  assert.equal(setCondition(conditions, { ...ready, message: "still", observedGeneration: 2 }, later), true);
  assert.equal(setCondition(conditions, { ...ready, status: "True", reason: "Up" }, later), true);
  const lastTransitionTime = "2026-01-02T03:05:00Z";
  assert.deepEqual(conditions, [{ type: "Ready", status: "True", reason: "Up", message: "", lastTransitionTime }]);
  assert.equal(setCondition(conditions, { ...ready, lastTransitionTime: "2020-01-01T00:00:00Z" }, later), true);
  assert.equal(conditions[0]?.lastTransitionTime, "2020-01-01T00:00:00Z");
});

test("a condition is removed in place", () => {
  const conditions = [{ type: "A" }, { type: "B" }];
  assert.equal(removeCondition(conditions, "A"), true);
  assert.equal(removeCondition(conditions, "A"), false);
  assert.deepEqual(conditions, [{ type: "B" }]);
});

test("an owner reference says what was asked and no more", () => {
  const owner = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", uid: "u-1" } };
  const plain = { apiVersion: "apps/v1", kind: "Deployment", name: "shop", uid: "u-1" };
  assert.deepEqual(ownerReference(owner), plain);
  const controller = { ...plain, controller: true, blockOwnerDeletion: true };
  assert.deepEqual(ownerReference(owner, { controller: true }), controller);
  const loose = ownerReference(owner, { controller: true, blockOwnerDeletion: false });
  assert.deepEqual(loose, { ...controller, blockOwnerDeletion: false });
  const owned = { metadata: { ownerReferences: [plain, controller] } };
  assert.equal(controllerOf(owned), controller);
  assert.equal(controllerOf({}), undefined);
  assert.equal(isOwnedBy(owned, owner), true);
  assert.equal(isOwnedBy(owned, { metadata: { uid: "u-2" } }), false);
});

test("keys of objects are printed and read", () => {
  assert.deepEqual(objectKey({ metadata: { name: "a", namespace: "n" } }), { name: "a", namespace: "n" });
  assert.deepEqual(objectKey({ metadata: { name: "a" } }), { name: "a" });
  for (const key of [{ name: "a" }, { namespace: "n", name: "a" }]) {
    assert.deepEqual(parseObjectKey(formatObjectKey(key)), key);
  }
});

test("an object is of a kind by both apiVersion and kind", () => {
  assert.ok(isKind({ apiVersion: "apps/v1", kind: "Deployment" }, "apps/v1", "Deployment"));
  assert.ok(!isKind({ apiVersion: "apps/v1", kind: "Deployment" }, "v1", "Deployment"));
  assert.ok(!isKind({}, "v1", "Pod"));
});

test("an apiVersion is taken apart and put together", () => {
  assert.deepEqual(parseApiVersion("v1"), { group: "", version: "v1" });
  assert.deepEqual(parseApiVersion("apps/v1"), { group: "apps", version: "v1" });
  for (const text of ["v1", "apps/v1"]) assert.equal(formatApiVersion(parseApiVersion(text)), text);
  assert.throws(() => parseApiVersion("a/b/c"), ParseError);
  const object = { apiVersion: "apps/v1", kind: "Deployment" };
  assert.deepEqual(groupVersionKind(object), { group: "apps", version: "v1", kind: "Deployment" });
});

test("the preferred version sorts last", () => {
  const versions = ["v1alpha1", "foo", "v2beta1", "v1", "v1beta2", "v11", "v2"];
  assert.deepEqual(versions.sort(compareKubeVersions), ["foo", "v1alpha1", "v1beta2", "v2beta1", "v1", "v2", "v11"]);
});

test("times are written to the second and to the microsecond", () => {
  assert.equal(formatTime(now), "2026-01-02T03:04:05Z");
  assert.equal(formatMicroTime(now), "2026-01-02T03:04:05.678000Z");
  assert.equal(parseTimeMs(formatMicroTime(now)), now.getTime());
});

test("times are read as RFC 3339 and refused where there is no such day", () => {
  assert.equal(parseTimeMs("2026-01-02T03:04:05.678901Z"), now.getTime() + 0.901);
  assert.equal(parseTimeMs("2026-01-02T05:04:05.678+02:00"), now.getTime());
  assert.equal(parseTimeMs("2024-02-29T00:00:00Z"), Date.UTC(2024, 1, 29));
  assert.equal(parseTimeMs("0001-01-01T00:00:00Z"), -62_135_596_800_000);
  const wrong = ["", "2026-01-02", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z"];
  for (const text of [...wrong, "2026-01-02T24:00:00Z", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05", "1767323045"]) {
    assert.equal(parseTimeMs(text), undefined, text);
  }
});

test("text is measured and ordered by its UTF-8 bytes", () => {
  const texts = ["", "a", "é", "\u0800", "\ue000", "\uffff", "😀", "a😀", "aé"];
  for (const a of texts) {
    assert.equal(utf8Length(a), new TextEncoder().encode(a).length, a);
    for (const b of texts) assert.equal(compareUtf8(a, b), Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }
});
