import assert from "node:assert/strict";
import { test } from "node:test";
import { ResourceRegistry } from "../registry/resource-registry.ts";
import { aggregatedDiscovery, groupList, resourceList } from "./discovery-documents.ts";
import { discoveryDocuments } from "./recorded-discovery.ts";

function registry(): ResourceRegistry {
  return new ResourceRegistry(discoveryDocuments());
}

/** The recorded documents have the same order, so they are compared as they stand. */
test("aggregated discovery is what it was made from", () => {
  const [core, groups] = discoveryDocuments();
  assert.deepEqual(aggregatedDiscovery(registry(), true), core);
  assert.deepEqual(aggregatedDiscovery(registry(), false), groups);
});

test("custom resources come and go", () => {
  const served = registry();
  const widgets = {
    ...served.byPlural("apps", "v1", "deployments"),
    group: "example.com",
    kind: "Widget",
    plural: "widgets",
    isCustom: true,
  };
  const resources = [widgets as NonNullable<ReturnType<ResourceRegistry["byPlural"]>>];
  served.setCustom([{ group: "example.com", version: "v1", resources, isCustom: true }]);
  assert.equal(served.byKind("example.com/v1", "Widget")?.plural, "widgets");
  assert.ok(groupList(served).some(({ name }) => name === "example.com"));
  served.setCustom([]);
  assert.equal(served.byKind("example.com/v1", "Widget"), undefined);
  assert.equal(served.hasGroup("example.com"), false);
});

test("a version that is not served has no list", () => {
  assert.equal(resourceList(registry(), "apps", "v9"), undefined);
});
