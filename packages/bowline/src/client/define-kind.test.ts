import assert from "node:assert/strict";
import { it } from "node:test";
import { defineKind, isKind, type ObjectOf } from "bowline";
import { expectTypeOf } from "expect-type";

const Site = defineKind({
  apiVersion: "example.com/v1",
  kind: "Site",
  plural: "sites",
  scope: "Namespaced",
  subresources: ["status", "scale"],
  shortNames: ["st"],
  schema: {
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        required: ["host"],
        properties: {
          host: { type: "string" },
          tier: { type: "string", enum: ["free", "paid"] },
          tags: { type: "array", items: { type: "string" } },
          limits: { type: "object", additionalProperties: { type: "integer" } },
        },
      },
      status: { type: "object", properties: { replicas: { type: "integer" } } },
    },
  },
});

it("infers the types of spec and status", () => {
  type Spec = ObjectOf<typeof Site>["spec"];
  expectTypeOf<Spec["host"]>().toEqualTypeOf<string>();
  expectTypeOf<Spec["tier"]>().toEqualTypeOf<"free" | "paid" | undefined>();
  expectTypeOf<Spec["tags"]>().toEqualTypeOf<string[] | undefined>();
  expectTypeOf<Spec["limits"]>().toEqualTypeOf<{ [key: string]: number } | undefined>();
  expectTypeOf<ObjectOf<typeof Site>["kind"]>().toEqualTypeOf<"Site">();
});

it("makes the CustomResourceDefinition", () => {
  const crd = Site.crd();
  assert.equal(crd.metadata.name, "sites.example.com");
  const names = { kind: "Site", listKind: "SiteList", plural: "sites", singular: "site", shortNames: ["st"] };
  assert.deepEqual([crd.spec.group, crd.spec.scope, crd.spec.names], ["example.com", "Namespaced", names]);
  const [version] = crd.spec.versions;
  assert.deepEqual([version?.name, version?.served, version?.storage], ["v1", true, true]);
  assert.deepEqual(version?.subresources, {
    status: {},
    scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
  });
  assert.equal(version?.schema?.openAPIV3Schema?.properties?.["spec"]?.properties?.["host"]?.type, "string");
});

it("isKind tells by apiVersion and kind, and narrows", () => {
  const object: { apiVersion: string; kind: string } = { apiVersion: "apps/v1", kind: "Deployment" };
  assert.equal(isKind(object, "apps/v1", "DaemonSet"), false);
  assert.ok(isKind(object, "apps/v1", "Deployment"));
  expectTypeOf(object.spec).not.toBeUnknown();
});
