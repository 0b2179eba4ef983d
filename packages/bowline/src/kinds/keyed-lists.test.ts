import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { keyedFieldsOf, replacedKeyedLists } from "./keyed-lists.ts";
import { builtInApiVersions, kindsOf } from "./kind-table.ts";

test("names the keyed lists that a merge patch would replace", () => {
  const patch = { spec: { replicas: 3, template: { spec: { containers: [{ name: "a" }], volumes: [{ name: "v" }] } } } };
  assert.deepEqual(replacedKeyedLists("apps/v1", "Deployment", patch), ["spec.template.spec.containers", "spec.template.spec.volumes"]);
});

test("lets through what is no keyed list", () => {
  const patch = { metadata: { labels: { a: "b" }, finalizers: ["x"] }, spec: { template: { spec: { tolerations: [{ key: "a" }] } } } };
  assert.deepEqual(replacedKeyedLists("apps/v1", "Deployment", patch), []);
  assert.deepEqual(replacedKeyedLists("v1", "ConfigMap", { data: { containers: "[]" } }), []);
});

test("lets through the removal of a list", () => {
  assert.deepEqual(replacedKeyedLists("v1", "Pod", { spec: { containers: null, volumes: [] } }), []);
});

test("follows a list that only strategic merge patch keys", () => {
  assert.deepEqual(replacedKeyedLists("v1", "Service", { spec: { ports: [{ port: 80 }] } }), ["spec.ports"]);
  assert.deepEqual(replacedKeyedLists("batch/v1", "Job", { status: { conditions: [{ type: "Complete" }] } }), ["status.conditions"]);
});

test("takes kinds that are not built in, and patches that are no objects, as having none", () => {
  assert.deepEqual(replacedKeyedLists("example.com/v1", "Pod", { spec: { containers: [{}] } }), []);
  for (const patch of [undefined, null, 1, "a", [], { spec: "x" }]) assert.deepEqual(replacedKeyedLists("v1", "Pod", patch), []);
});

test("gives all keys of a list and the struct of its items", () => {
  assert.deepEqual(keyedFieldsOf("Container")?.get("ports"), { keys: ["containerPort", "protocol"], isMap: false, struct: undefined });
  assert.deepEqual(keyedFieldsOf("PodSpec")?.get("initContainers"), { keys: ["name"], isMap: false, struct: "Container" });
  assert.deepEqual(keyedFieldsOf("v1/Pod")?.get("spec"), { keys: undefined, isMap: false, struct: "PodSpec" });
  assert.deepEqual(keyedFieldsOf("JSONSchemaProps")?.get("properties"), { keys: undefined, isMap: true, struct: "JSONSchemaProps" });
});

test("refers to no struct that is not there", () => {
  const seen = new Set<string>();
  const visit = (struct: string): void => {
    if (seen.has(struct)) return;
    seen.add(struct);
    const fields = keyedFieldsOf(struct);
    assert.ok(fields !== undefined && fields.size > 0, `struct ${struct} is referred to and has no keyed list`);
    for (const field of fields.values()) if (field.struct !== undefined) visit(field.struct);
  };
  const kinds = builtInApiVersions().flatMap((apiVersion) => kindsOf(apiVersion).map((kind) => `${apiVersion}/${kind.kind}`));
  for (const kind of kinds) if (keyedFieldsOf(kind) !== undefined) visit(kind);
  assert.ok(seen.size > 50, `${seen.size} structs seen`);
});

test("reports a keyed list wherever a patch has one, and never throws", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), json, (noise, containers) => {
      const found = replacedKeyedLists("v1", "Pod", { ...noise, spec: { ...noise, containers } });
      const isReplaced = Array.isArray(containers) && containers.length > 0;
      assert.equal(found.includes("spec.containers"), isReplaced);
    }),
  );
});
