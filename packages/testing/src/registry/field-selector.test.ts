import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFieldSelector } from "bowline/core";
import { fieldMatcher, requiredName } from "./field-selector.ts";
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

test("every term must hold", () => {
  const matches = fieldMatcher(parseFieldSelector("metadata.namespace=a,metadata.name!=b"), configMaps, {});
  assert.equal(matches(named("c")), true);
  assert.equal(matches(named("b")), false);
});

test("a name that is required is found", () => {
  assert.equal(requiredName(parseFieldSelector("metadata.name==x")), "x");
  assert.equal(requiredName(parseFieldSelector("metadata.name!=x")), undefined);
});

test("refuses a field that the kind is not selected by", () => {
  const message = '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"';
  assert.throws(() => fieldMatcher(parseFieldSelector("data.a=x"), configMaps, {}), { message });
});
