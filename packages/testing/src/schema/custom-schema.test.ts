import assert from "node:assert/strict";
import { test } from "node:test";
import { applyServerSide, updateManagedFields } from "../merge/index.ts";
import { schemaFromCrd } from "./custom-schema.ts";
import { validateCustom } from "./custom-validation.ts";
import { decode, decodeText } from "./decode.ts";
import { isFloatLiteral } from "./float-literals.ts";
import type { CustomSchema } from "./schema.ts";

const widget: CustomSchema = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 10 },
        color: { type: "string", enum: ["red", "blue"], default: "red" },
        code: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
        tags: { type: "array", maxItems: 3, items: { type: "string" }, "x-kubernetes-list-type": "set" },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        port: { "x-kubernetes-int-or-string": true },
        nested: { type: "object", default: {}, properties: { on: { type: "boolean", default: true } } },
        maybe: { type: "string", nullable: true },
        rows: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: { type: "string" }, value: { type: "string" } } },
        },
      },
    },
    status: { type: "object", properties: { replicas: { type: "integer" } } },
  },
};
const schema = schemaFromCrd(widget);
const object = (spec: unknown, more: object = {}): string =>
  JSON.stringify({ apiVersion: "valid.example/v1", kind: "Widget", metadata: { name: "a" }, spec, ...more });

test("fills in defaults, drops unknown fields and nulls, and keeps what is free", () => {
  const { value, strictErrors } = decodeText(
    object({ size: 3, maybe: null, code: null, unknown: 1, free: { deep: { x: 1 } } }, { top: 1 }),
    schema,
  );
  assert.deepEqual(value, {
    apiVersion: "valid.example/v1",
    kind: "Widget",
    metadata: { name: "a" },
    spec: { color: "red", free: { deep: { x: 1 } }, maybe: null, nested: { on: true }, size: 3 },
  });
  assert.deepEqual(strictErrors, ['unknown field "spec.unknown"', 'unknown field "top"']);
});

test("keeps empty values and values of wrong types for validation to judge", () => {
  const { value } = decodeText(object({ size: "3", tags: [], code: "" }), schema);
  assert.deepEqual((value as { spec: unknown }).spec, {
    size: "3",
    tags: [],
    code: "",
    color: "red",
    nested: { on: true },
  });
});

test("reads metadata as that of any kind", () => {
  assert.throws(() => decodeText('{"metadata":{"labels":{"a":1}}}', schema), {
    message: "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string",
  });
  assert.deepEqual(
    decodeText('{"metadata":{"name":"a","color":1,"labels":{}},"spec":{"size":1,"size":2}}', schema).strictErrors,
    ['duplicate field "spec.size"', 'unknown field "metadata.color"'],
  );
});

test("words what is wrong with values as the server does", () => {
  const cases: readonly (readonly [unknown, readonly (readonly [string, string])[]])[] = [
    [{}, [["spec.size", "Required value"]]],
    [{ size: "3" }, [["spec.size", 'Invalid value: "string": spec.size in body must be of type integer: "string"']]],
    [{ size: 11 }, [["spec.size", "Invalid value: 11: spec.size in body should be less than or equal to 10"]]],
    [{ size: 1, color: "green" }, [["spec.color", 'Unsupported value: "green": supported values: "red", "blue"']]],
    [{ size: 1, code: "ABCDEFG" }, [["spec.code", "Too long: may not be more than 5 bytes"]]],
    [{ size: 1, code: "A" }, [["spec.code", "Invalid value: \"A\": spec.code in body should match '^[a-z]+$'"]]],
    [{ size: 1, tags: ["a", "a"] }, [["spec.tags[1]", 'Duplicate value: "a"']]],
    [{ size: 1, tags: ["a", "b", "c", "d"] }, [["spec.tags", "Too many: 4: must have at most 3 items"]]],
    [
      { size: 1, port: true },
      [["spec.port", 'Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"']],
    ],
    [[], [["spec", 'Invalid value: "array": spec in body must be of type object: "array"']]],
    [{ size: 1, rows: [{ name: "a" }, { name: "a" }] }, [["spec.rows[1]", 'Duplicate value: {"name":"a"}']]],
    [{ size: 1 }, []],
  ];
  for (const [spec, expected] of cases) {
    const errors = validateCustom({ apiVersion: "valid.example/v1", kind: "Widget", spec }, widget);
    assert.deepEqual(
      errors.map((error) => [error.field, error.message]),
      expected,
      JSON.stringify(spec),
    );
  }
});

test("has the habits of the server's validator", () => {
  const quirks: CustomSchema = {
    type: "object",
    properties: {
      ratio: { type: "number", multipleOf: 0.5 },
      data: { type: "string", format: "byte" },
      count: { type: "integer" },
    },
  };
  const messages = (object: unknown): string[] =>
    validateCustom(object, quirks).map((error) => `${error.field}: ${error.message}`);
  assert.deepEqual(messages({ ratio: 1.5, data: [], count: 1 }), [], "lists pass for strings with a format");
  assert.deepEqual(messages({ ratio: 3 }), [
    "ratio: Invalid value: 0: factor MultipleOf declared for ratio must be positive: 0",
  ]);
  assert.deepEqual(messages({ data: 5 }), ['data: Invalid value: "int64": data in body must be of type byte: "int64"']);
  assert.deepEqual(messages({ count: 1.5 }), [
    'count: Invalid value: "number": count in body must be of type integer: "number"',
    '<nil>: Invalid value: "": Checked value must be of type integer (default format) in count',
  ]);
});

test("tells 2.0 from 2, also after the object has been read again", () => {
  const once = decodeText('{"spec":{"size":2.0,"code":2.0,"tags":["a",1e1]}}', schema).value;
  const again = decode(once, schema).value as { spec: { tags: unknown[] } };
  assert(
    isFloatLiteral(again.spec, "size") && !isFloatLiteral(again.spec, "color") && isFloatLiteral(again.spec.tags, 1),
  );
  assert.deepEqual(
    validateCustom(again, widget).map((error) => error.message),
    [
      'Invalid value: "number": spec.code in body must be of type string: "number"',
      'Invalid value: "number": spec.tags[1] in body must be of type string: "number"',
    ],
  );
});

test("says that rules were not checked, where there are rules", () => {
  const withRules = { ...widget, "x-kubernetes-validations": [{ rule: "true" }] } as CustomSchema;
  assert.deepEqual(
    validateCustom({}, withRules).map((error) => error.field),
    ["spec", "<nil>"],
  );
});

test("combines schemas", () => {
  const either: CustomSchema = {
    type: "object",
    properties: { x: { anyOf: [{ type: "integer" }, { type: "string" }] } },
  };
  assert.deepEqual(validateCustom({ x: 1 }, either), []);
  assert.deepEqual(
    validateCustom({ x: true }, either).map((error) => error.message),
    [
      'Invalid value: "": "x" must validate at least one schema (anyOf)',
      'Invalid value: "boolean": x in body must be of type integer: "boolean"',
    ],
  );
});

test("owns fields of custom resources, sets by element", () => {
  const common = { schema, kind: "Widget", apiVersion: "valid.example/v1", subresource: "", now: new Date(0) };
  const created = updateManagedFields({
    ...common,
    manager: "capture",
    live: undefined,
    updated: decode(JSON.parse(object({ size: 3, maybe: null })), schema).value as never,
  });
  assert.deepEqual(created?.[0]?.["fieldsV1"], {
    "f:spec": { ".": {}, "f:color": {}, "f:maybe": {}, "f:nested": { ".": {}, "f:on": {} }, "f:size": {} },
  });
  const apply = (live: unknown, manager: string, spec: unknown): ReturnType<typeof applyServerSide> =>
    applyServerSide({
      ...common,
      group: "valid.example",
      version: "v1",
      live: live as never,
      config: JSON.parse(object(spec)),
      manager,
      force: false,
    });
  const one = apply(undefined, "one", { size: 1, tags: ["a"] }).object;
  const two = apply(one, "two", { tags: ["b"] }).object;
  assert.deepEqual(two["spec"], { color: "red", nested: { on: true }, size: 1, tags: ["a", "b"] });
  assert.throws(() => apply(two, "one", { size: 1, nope: 1 }), {
    message:
      "failed to create typed patch object (/a; valid.example/v1, Kind=Widget): .spec.nope: field not declared in schema",
  });
});
