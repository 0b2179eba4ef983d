import assert from "node:assert/strict";
import test from "node:test";
import type { Schema } from "./openapi-document.ts";
import { type TypeScope, writeDoc, writeField, writeType } from "./type-writer.ts";

const kind: Schema = {
  type: "object",
  "x-kubernetes-group-version-kind": [{ group: "a", version: "v1", kind: "Toy" }],
};
const scope: TypeScope = {
  schemas: new Map([
    ["a.v1.Part", { type: "object", required: ["name"], properties: { name: { type: "string" } } }],
    ["a.v1.Toy", kind],
  ]),
  refer: (schema) => schema.slice(schema.lastIndexOf(".") + 1),
  referFact: (name) => name,
  hasDocs: true,
};
const typeOf = (schema: Schema): string => writeType(schema, "a.v1.Owner.field", "", scope);
const part: Schema = { $ref: "#/components/schemas/a.v1.Part" };

test("writes scalars by their JSON form", () => {
  assert.equal(typeOf({ type: "string", format: "byte" }), "string");
  assert.equal(typeOf({ type: "integer", format: "int64" }), "number");
  assert.equal(typeOf({ type: "number", format: "double" }), "number");
  assert.equal(typeOf({ type: "boolean" }), "boolean");
  assert.equal(
    typeOf({ "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] }),
    "number | string",
  );
  assert.equal(typeOf({}), "unknown");
});

test("writes enums as literals, quoted where need be", () => {
  assert.equal(typeOf({ type: "string", enum: ["A", 'b"c'] }), '"A" | "b\\"c"');
  assert.equal(typeOf({ type: "integer", enum: [1, 2] }), "1 | 2");
  assert.equal(
    writeType({ type: "string", enum: ["Count"] }, "io.k8s.api.batch.v1.PodFailurePolicyRule.action", "", scope),
    '"Count" | (string & {})',
  );
});

test("writes null where a value may be null", () => {
  assert.equal(typeOf({ type: "string", nullable: true }), "string | null");
  assert.equal(typeOf({ type: "string", enum: ["A", null] }), '"A" | null');
  assert.equal(typeOf({ nullable: true }), "unknown");
});

test("puts items that are unions in parentheses", () => {
  assert.equal(typeOf({ type: "array", items: { type: "string" } }), "string[]");
  assert.equal(typeOf({ type: "array", items: { type: "string", enum: ["A", "B"] } }), '("A" | "B")[]');
  assert.equal(typeOf({ type: "array", items: part }), "Part[]");
  assert.equal(typeOf({ type: "array", items: { $ref: "#/components/schemas/a.v1.Toy" } }), "Embedded<Toy>[]");
  assert.equal(typeOf({ type: "array" }), "unknown[]");
});

test("writes keyed lists with the keys that are required", () => {
  const list: Schema = {
    type: "array",
    items: part,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
  };
  assert.equal(typeOf(list), 'ListMap<Part, "name">');
});

test("writes maps, open objects and objects in place", () => {
  assert.equal(typeOf({ type: "object", additionalProperties: { type: "integer" } }), "{ [key: string]: number }");
  assert.equal(typeOf({ type: "object" }), "{ [field: string]: unknown }");
  assert.equal(
    typeOf({ type: "object", required: ["a"], properties: { a: part, "b-c": { type: "string" } } }),
    '{\n  a: Part;\n  "b-c"?: string | undefined;\n}',
  );
  assert.equal(
    typeOf({ type: "object", properties: { a: part }, "x-kubernetes-preserve-unknown-fields": true }),
    "{\n  a?: Part | undefined;\n  [field: string]: unknown;\n}",
  );
});

test("gives an embedded resource its apiVersion and kind", () => {
  assert.equal(
    typeOf({ type: "object", "x-kubernetes-embedded-resource": true }),
    "{\n  apiVersion: string;\n  kind: string;\n  [field: string]: unknown;\n}",
  );
});

test("adds no undefined to unknown", () => {
  assert.equal(writeField("a", "unknown", false, ""), "a?: unknown;\n");
});

test("does not let a description end its comment", () => {
  assert.equal(writeDoc("ends */ here", "", scope), "/** ends *\\/ here */\n");
  assert.equal(writeDoc("one\n\ntwo", "  ", scope), "  /**\n   * one\n   *\n   * two\n   */\n");
  assert.equal(writeDoc("", "", scope), "");
  assert.equal(writeDoc("said", "", { hasDocs: false }), "");
});
