import assert from "node:assert/strict";
import { test } from "node:test";
import { pathWarnings } from "./path-warnings.ts";

test("files of one volume that hide each other are told", () => {
  const items = (...paths: string[]) => ({
    name: "v",
    configMap: { name: "c", items: paths.map((path) => ({ path })) },
  });
  assert.deepEqual(pathWarnings([items("a", "b", "ab")]), []);
  assert.deepEqual(pathWarnings([items("a", "a/b/")]), [
    'volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"',
  ]);
});

test("sources of a projected volume are told by name, and empty ones", () => {
  const sources = [
    { secret: { name: "s", items: [{ path: "token" }] } },
    { serviceAccountToken: { path: "token" } },
    {},
  ];
  assert.deepEqual(pathWarnings([{ name: "v", projected: { sources } }]), [
    'volume "v" (Projected) has no sources provided',
    'volume "v" (Projected): overlapping paths: "token" (ServiceAccountToken) with "token" (Secret "s")',
  ]);
});
