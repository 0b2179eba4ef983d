import assert from "node:assert/strict";
import { test } from "node:test";
import { internalDifference, internalValue } from "./internal-difference.ts";

test("shows members under their internal names and in their internal order", () => {
  const before = { accessModes: ["ReadWriteOnce", "ReadOnlyMany"], selector: { matchLabels: { a: "b" } } };
  const after = { ...before, accessModes: ["", "ReadOnlyMany"] };
  const lines = [
    "@@ -1,6 +1,6 @@",
    " {",
    '  "AccessModes": [',
    '-  "ReadWriteOnce",',
    '+  "",',
    '   "ReadOnlyMany"',
    "  ],",
    '  "Selector": {',
    "",
  ];
  assert.equal(internalDifference("PersistentVolumeClaimSpec", before, after), lines.join("\n"));
});

test("lifts metadata to where the internal type has it, and leaves out the kind", () => {
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" }, spec: {} };
  const [shown] = internalValue("[]PersistentVolumeClaim", [claim]) as Record<string, unknown>[];
  assert.deepEqual(Object.keys(shown ?? {}), ["name", "Spec", "Status"]);
});

test("tells an empty list from none", () => {
  assert.equal(internalValue("[]string", undefined), null);
  assert.deepEqual(internalValue("[]string", []), []);
});
