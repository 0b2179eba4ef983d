import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fieldMatcher, parseFieldSelector, requiredName } from "./field-selector.ts";
import type { ApiObject, ResourceInfo } from "./strategy.ts";

const configMaps: ResourceInfo = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  shortNames: [],
  categories: [],
  isNamespaced: true,
  verbs: [],
  subresources: [],
  subresourceKinds: {},
  storage: { group: "", version: "v1" },
  isCustom: false,
};

function named(name: string): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "a" } };
}

test("what is escaped comes back as it was", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const escaped = value.replace(/[\\,=]/g, "\\$&");
      const expected = [{ field: "metadata.name", isNegated: false, value }];
      assert.deepEqual(parseFieldSelector(`metadata.name=${escaped}`), expected);
    }),
  );
});

test("every term must hold", () => {
  const matches = fieldMatcher(parseFieldSelector("metadata.namespace=a,metadata.name!=b"), configMaps, {});
  assert.equal(matches(named("c")), true);
  assert.equal(matches(named("b")), false);
});

test("a name that is required is found", () => {
  assert.equal(requiredName(parseFieldSelector("metadata.name==x")), "x");
  assert.equal(requiredName(parseFieldSelector("metadata.name!=x")), undefined);
});

for (const [selector, message] of [
  ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  ["data.a=x", '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ["metadata.name=a\\x", "invalid field selector: invalid escape sequence: \\x"],
] as const) {
  test(`refuses ${JSON.stringify(selector)} with the server's words`, () => {
    assert.throws(() => fieldMatcher(parseFieldSelector(selector), configMaps, {}), { message });
  });
}
