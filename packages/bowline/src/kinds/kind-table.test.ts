import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { APIGroupDiscoveryList } from "./apidiscovery.k8s.io/v2.ts";
import { builtInApiVersions, findKind, findResource, type KindInfo, kindsOf } from "./kind-table.ts";

const DATA = new URL("../../../testing/data/openapi/v1.37/", import.meta.url);

/** What a kube-apiserver's discovery says, in the form of the table. */
function discovered(): KindInfo[] {
  const found: KindInfo[] = [];
  for (const file of ["discovery-api.json", "discovery-apis.json"]) {
    const list = JSON.parse(readFileSync(new URL(file, DATA), "utf8")) as APIGroupDiscoveryList;
    for (const group of list.items) {
      for (const { version, resources } of group.versions) {
        const name = group.metadata?.name ?? "";
        for (const resource of resources ?? []) {
          found.push({
            apiVersion: name === "" ? version : `${name}/${version}`,
            kind: resource.responseKind?.kind ?? "",
            plural: resource.resource,
            scope: resource.scope,
            subresources: (resource.subresources ?? []).map((sub) => sub.subresource).sort(),
          });
        }
      }
    }
  }
  return found;
}

test("has every resource that a kube-apiserver discovers, with its scope and subresources", () => {
  const kinds = discovered();
  assert.ok(kinds.length > 60, `${kinds.length} resources discovered`);
  for (const kind of kinds) assert.deepEqual(findResource(kind.apiVersion, kind.plural), kind);
});

test("has nothing that a kube-apiserver does not discover", () => {
  const expected = discovered().map((kind) => `${kind.apiVersion}/${kind.kind}`);
  const actual = builtInApiVersions().flatMap((apiVersion) => kindsOf(apiVersion).map((kind) => `${apiVersion}/${kind.kind}`));
  assert.deepEqual(actual.sort(), expected.sort());
});

test("finds a kind by name and by plural", () => {
  assert.equal(findKind("apps/v1", "Deployment")?.plural, "deployments");
  assert.equal(findResource("v1", "endpoints")?.kind, "Endpoints");
  assert.equal(findKind("v1", "Node")?.scope, "Cluster");
  assert.deepEqual(findKind("v1", "ServiceAccount")?.subresources, ["token"]);
  assert.deepEqual(findKind("v1", "ConfigMap")?.subresources, []);
});

test("knows nothing of kinds and versions that are not built in", () => {
  assert.equal(findKind("v1", "Deployment"), undefined);
  assert.equal(findKind("apps/v1", "deployments"), undefined);
  assert.equal(findResource("v1", "Pod"), undefined);
  assert.deepEqual(kindsOf("example.com/v1"), []);
  assert.equal(findKind("", "v1"), undefined);
});
