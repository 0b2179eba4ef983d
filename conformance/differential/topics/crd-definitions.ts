/**
 * Definitions of custom resources that are accepted or refused, and definitions that change while they are served.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { APPLY, JSON_PATCH, named, patch, post, put, read, remove, TABLE, type TopicScenarios } from "./requests.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "defs.diff.example.com";

interface Spec {
  [field: string]: unknown;
}

/** A definition of `gears` whose spec, and whose only version, are changed. */
function definition(spec: Spec, version: Spec = {}, metadata: object = {}): object {
  return {
    metadata: { name: `gears.${GROUP}`, ...metadata },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural: "gears", kind: "Gear" },
      versions: [{ name: "v1", served: true, storage: true, schema: schemaOf({ type: "object" }), ...version }],
      ...spec,
    },
  };
}

function schemaOf(root: Spec): object {
  return { openAPIV3Schema: root };
}

/** A definition with one property `a`. */
function property(a: unknown): object {
  return definition({}, { schema: schemaOf({ type: "object", properties: { a } }) });
}

const served = (name: string, more: Spec = {}): object => ({
  name,
  served: true,
  storage: false,
  schema: schemaOf({ type: "object" }),
  ...more,
});
const stored = (name: string, more: Spec = {}): object => ({ ...served(name), storage: true, ...more });
const text = { type: "string" };
const number = { type: "integer" };
const list = (items: unknown, more: Spec = {}): Spec => ({ type: "array", items, ...more });
const fields = (properties: Spec, more: Spec = {}): Spec => ({ type: "object", properties, ...more });
const keyed = (keys: readonly string[], items: unknown): Spec =>
  list(items, { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys });

const SPECS: Readonly<Record<string, object>> = {
  "no names": definition({ names: {} }),
  "no group": definition({ group: "" }),
  "group without a dot": definition({ group: "defs" }, {}, { name: "gears.defs" }),
  "upper case group": definition({ group: "Defs.example.com" }, {}, { name: "gears.Defs.example.com" }),
  "no scope": definition({ scope: "" }),
  "bad kind": definition({ names: { plural: "gears", kind: "gear-wheel" } }),
  "lower case kind": definition({ names: { plural: "gears", kind: "gear" } }),
  "bad short names": definition({ names: { plural: "gears", kind: "Gear", shortNames: ["GR", "g r", "ok"] } }),
  "bad categories": definition({ names: { plural: "gears", kind: "Gear", categories: ["All", "x_y"] } }),
  "bad singular": definition({ names: { plural: "gears", singular: "Gear", kind: "Gear" } }),
  "bad list kind": definition({ names: { plural: "gears", kind: "Gear", listKind: "Gear List" } }),
  "bad version name": definition({ versions: [stored("V1")] }),
  "empty version name": definition({ versions: [stored("")] }),
  "three versions, two alike": definition({ versions: [stored("v1"), served("v2"), served("v2")] }),
  "deprecation warning without deprecation": definition({}, { deprecationWarning: "old" }),
  "long deprecation warning": definition({}, { deprecated: true, deprecationWarning: "x".repeat(260) }),
  "empty deprecation warning": definition({}, { deprecated: true, deprecationWarning: "" }),
  "deprecation warning of two lines": definition({}, { deprecated: true, deprecationWarning: "a\nb" }),
  "printer columns": definition(
    {},
    {
      additionalPrinterColumns: [
        { name: "A", type: "string", jsonPath: ".spec.a" },
        { name: "B", type: "string", jsonPath: "spec.b" },
        { name: "C", type: "string", jsonPath: "" },
        { name: "D", type: "string", jsonPath: ".spec[" },
        { name: "E", type: "date", format: "odd", jsonPath: ".spec.e" },
        { name: "F", type: "", jsonPath: ".spec.f" },
      ],
    },
  ),
  "printer column formats": definition(
    {},
    {
      additionalPrinterColumns: ["int32", "int64", "float", "double", "byte", "date", "date-time", "password", ""].map(
        (format) => ({ name: format || "none", type: "string", format, jsonPath: ".spec.a" }),
      ),
    },
  ),
  "scale without paths": definition({}, { subresources: { scale: {} } }),
  "scale with bad paths": definition(
    {},
    {
      subresources: {
        scale: { specReplicasPath: ".status.replicas", statusReplicasPath: ".spec.replicas", labelSelectorPath: "x" },
      },
    },
  ),
  "scale with index paths": definition(
    {},
    { subresources: { scale: { specReplicasPath: ".spec.a[0]", statusReplicasPath: "status.replicas" } } },
  ),
  "status subresource": definition({}, { subresources: { status: {} } }),
  "selectable fields": definition(
    {},
    {
      schema: schemaOf(
        fields({ spec: fields({ a: text, b: number, c: { type: "boolean" }, d: list(text), e: fields({}) }) }),
      ),
      selectableFields: [".spec.a", ".spec.b", ".spec.c", ".spec.d", ".spec.e", ".spec.f", "spec.a", ".spec.d[0]"].map(
        (jsonPath) => ({ jsonPath }),
      ),
    },
  ),
  "selectable fields twice": definition(
    {},
    {
      schema: schemaOf(fields({ spec: fields({ a: text }) })),
      selectableFields: [
        { jsonPath: ".spec.a" },
        { jsonPath: ".spec.a" },
        { jsonPath: "" },
        { jsonPath: ".metadata.name" },
      ],
    },
  ),
  "too many selectable fields": definition(
    {},
    {
      schema: schemaOf(fields({ spec: fields(Object.fromEntries([..."abcdefghi"].map((name) => [name, text]))) })),
      selectableFields: [..."abcdefghi"].map((name) => ({ jsonPath: `.spec.${name}` })),
    },
  ),
  "webhook conversion with url": definition({
    conversion: {
      strategy: "Webhook",
      webhook: { clientConfig: { url: "http://hook.example.com/?a=b#c" }, conversionReviewVersions: ["v1"] },
    },
  }),
  "webhook conversion with service": definition({
    conversion: {
      strategy: "Webhook",
      webhook: {
        clientConfig: { service: { name: "", namespace: "", path: "x//y", port: 70000 } },
        conversionReviewVersions: ["v2", "v2", "V!"],
      },
    },
  }),
  "webhook conversion with both": definition({
    conversion: {
      strategy: "Webhook",
      webhook: {
        clientConfig: { url: "https://a.example.com", service: { name: "a", namespace: "b" } },
        conversionReviewVersions: ["v1beta1"],
      },
    },
  }),
  "conversion none with webhook": definition({
    conversion: {
      strategy: "None",
      webhook: { clientConfig: { url: "https://a.example.com" }, conversionReviewVersions: ["v1"] },
    },
  }),
  "unknown conversion": definition({ conversion: { strategy: "Magic" } }),
  "approval needed": definition({ group: "defs.k8s.io" }, {}, { name: "gears.defs.k8s.io" }),
  "approval unapproved": definition(
    { group: "defs.kubernetes.io" },
    {},
    { name: "gears.defs.kubernetes.io", annotations: { "api-approved.kubernetes.io": "unapproved, experimental" } },
  ),
  "approval bad": definition(
    { group: "defs.k8s.io" },
    {},
    { name: "gears.defs.k8s.io", annotations: { "api-approved.kubernetes.io": "sure" } },
  ),
  "approval by address": definition(
    { group: "defs.k8s.io" },
    {},
    {
      name: "gears.defs.k8s.io",
      annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes/kubernetes/pull/1" },
    },
  ),
  "plain good": definition({}),
  "all fields of a good one": definition({
    names: {
      plural: "gears",
      singular: "gear",
      kind: "Gear",
      listKind: "GearList",
      shortNames: ["gr"],
      categories: ["all"],
    },
    versions: [stored("v1"), served("v1beta1", { deprecated: true }), served("v1alpha1", { served: false })],
  }),
  "unknown fields": { ...definition({ odd: 1 }, { other: 2 }) },
  "root of type array": definition({}, { schema: schemaOf({ type: "array", items: text }) }),
  "root with preserve": definition(
    {},
    { schema: schemaOf({ type: "object", "x-kubernetes-preserve-unknown-fields": true }) },
  ),
  "root with preserve false": definition(
    {},
    { schema: schemaOf({ type: "object", "x-kubernetes-preserve-unknown-fields": false }) },
  ),
  "root without properties but status": definition(
    {},
    { schema: schemaOf({ type: "object", "x-kubernetes-embedded-resource": true }), subresources: { status: {} } },
  ),
  "metadata restricted": definition(
    {},
    { schema: schemaOf(fields({ metadata: fields({ name: { type: "string", maxLength: 5 }, labels: fields({}) }) })) },
  ),
  "metadata name pattern only": definition(
    {},
    { schema: schemaOf(fields({ metadata: fields({ name: { type: "string", pattern: "^a" } }) })) },
  ),
  "metadata of type string": definition({}, { schema: schemaOf(fields({ metadata: text })) }),
  "root default": definition({}, { schema: schemaOf(fields({ spec: fields({}) }, { default: {} })) }),
  "metadata default": definition(
    {},
    { schema: schemaOf(fields({ metadata: fields({ name: { type: "string", default: "x" } }) })) },
  ),
};

/** Schemas of one property. */
const PROPERTIES: Readonly<Record<string, unknown>> = {
  "unknown type": { type: "strin" },
  "type null": { type: "null" },
  "no type": { description: "nothing" },
  empty: {},
  "array without items": { type: "array" },
  "items without a type": { type: "array", items: {} },
  "object and items": { type: "object", items: text },
  "string and properties": { type: "string", properties: { b: text } },
  "properties and additionalProperties": fields({ b: text }, { additionalProperties: text }),
  "additionalProperties false": { type: "object", additionalProperties: false },
  "additionalProperties true": { type: "object", additionalProperties: true },
  "additionalProperties without type": { type: "object", additionalProperties: {} },
  uniqueItems: list(text, { uniqueItems: true }),
  definitions: { type: "object", definitions: { a: text } },
  dependencies: { type: "object", dependencies: { a: ["b"] } },
  patternProperties: { type: "object", patternProperties: { a: text } },
  additionalItems: { type: "array", items: text, additionalItems: false },
  id: { type: "string", id: "x" },
  "external docs": { type: "string", externalDocs: { url: "https://example.com" } },
  "bad pattern": { type: "string", pattern: "[" },
  "bad format": { type: "string", format: "odd" },
  "format on integer": { type: "integer", format: "int32" },
  "int-or-string with type": { type: "string", "x-kubernetes-int-or-string": true },
  "int-or-string in anyOf": {
    anyOf: [{ type: "integer" }, { type: "string" }],
    "x-kubernetes-int-or-string": true,
    pattern: "^a",
  },
  "int-or-string with anyOf the other way": {
    anyOf: [{ type: "string" }, { type: "integer" }],
    "x-kubernetes-int-or-string": true,
  },
  "int-or-string false": { type: "string", "x-kubernetes-int-or-string": false },
  "preserve on string": { type: "string", "x-kubernetes-preserve-unknown-fields": true },
  "preserve on array": list(text, { "x-kubernetes-preserve-unknown-fields": true }),
  "preserve without type": { "x-kubernetes-preserve-unknown-fields": true },
  "embedded on string": { type: "string", "x-kubernetes-embedded-resource": true },
  "embedded without properties": { type: "object", "x-kubernetes-embedded-resource": true },
  "embedded with preserve": {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    "x-kubernetes-preserve-unknown-fields": true,
  },
  "embedded with bad metadata": fields(
    { metadata: fields({ name: number, labels: { type: "object" } }), apiVersion: number },
    { "x-kubernetes-embedded-resource": true },
  ),
  "list type on string": { type: "string", "x-kubernetes-list-type": "set" },
  "list type odd": list(text, { "x-kubernetes-list-type": "bag" }),
  "set of objects": list(fields({ b: text }), { "x-kubernetes-list-type": "set" }),
  "set of atomic objects": list(fields({ b: text }, { "x-kubernetes-map-type": "atomic" }), {
    "x-kubernetes-list-type": "set",
  }),
  "set of nullable": list({ type: "string", nullable: true }, { "x-kubernetes-list-type": "set" }),
  "set of lists": list(list(text), { "x-kubernetes-list-type": "set" }),
  "map without keys": list(fields({ b: text }), { "x-kubernetes-list-type": "map" }),
  "keys without map": list(fields({ b: text }), { "x-kubernetes-list-map-keys": ["b"] }),
  "map of strings": keyed(["b"], text),
  "map with a missing key": keyed(["b"], fields({ c: text })),
  "map with an object key": keyed(["b"], fields({ b: fields({}) }, { required: ["b"] })),
  "map with keys twice": keyed(["b", "b"], fields({ b: text }, { required: ["b"] })),
  "map with a nullable key": keyed(["b"], fields({ b: { type: "string", nullable: true } }, { required: ["b"] })),
  "map with defaulted key": keyed(["b"], fields({ b: { type: "string", default: "x" } })),
  "map type on string": { type: "string", "x-kubernetes-map-type": "atomic" },
  "map type odd": fields({ b: text }, { "x-kubernetes-map-type": "odd" }),
  "required of no property": { type: "object", required: ["zz"] },
  "required twice": fields({ b: text }, { required: ["b", "b"] }),
  "enum of another type": { type: "string", enum: [1, 2] },
  "enum twice": { type: "string", enum: ["a", "a"] },
  "enum empty": { type: "string", enum: [] },
  "minimum above maximum": { type: "integer", minimum: 5, maximum: 1 },
  "exclusive without bound": { type: "integer", exclusiveMinimum: true },
  "negative lengths": { type: "string", minLength: -1, maxLength: -2 },
  "negative items": list(text, { minItems: -1, maxItems: -2 }),
  "negative properties": { type: "object", minProperties: -1, maxProperties: -2, additionalProperties: text },
  "multipleOf zero": { type: "integer", multipleOf: 0 },
  ref: { $ref: "#/definitions/a" },
  schema: { type: "string", $schema: "odd" },
  "allOf with type": { type: "string", allOf: [{ type: "string" }] },
  "allOf with default": { type: "string", allOf: [{ default: "x" }] },
  "anyOf with new properties": fields({ b: text }, { anyOf: [{ properties: { c: { minLength: 1 } } }] }),
  "oneOf with description": fields({ b: text }, { oneOf: [{ description: "x", properties: { b: { minLength: 1 } } }] }),
  "not with nullable": fields({ b: text }, { not: { nullable: true } }),
  "oneOf with additionalProperties": fields({ b: text }, { oneOf: [{ additionalProperties: { minLength: 1 } }] }),
  "anyOf with items": list(text, { anyOf: [{ items: { minLength: 2 } }] }),
  "anyOf with x-kubernetes": fields({ b: text }, { anyOf: [{ "x-kubernetes-preserve-unknown-fields": true }] }),
  "good junctors": fields(
    { b: text, c: number },
    { oneOf: [{ required: ["b"] }, { required: ["c"] }], not: { required: ["d"] } },
  ),
  "default of another type": { type: "integer", default: 1.5 },
  "default not in the enum": { type: "string", enum: ["a"], default: "b" },
  "default against the pattern": { type: "string", pattern: "^a$", default: "b" },
  "default too long": { type: "string", maxLength: 1, default: "bb" },
  "default too small": { type: "integer", minimum: 3, default: 2 },
  "default null": { type: "string", default: null },
  "default null of a nullable": { type: "string", nullable: true, default: null },
  "default without required": fields({ b: text }, { required: ["b"], default: {} }),
  "default with unknown field": fields({ b: text }, { default: { c: 1 } }),
  "default of a list": list(number, { default: [1, "2"] }),
  "default with a duplicate": list(text, { "x-kubernetes-list-type": "set", default: ["a", "a"] }),
  "default in a junctor's property": fields({ b: text }, { allOf: [{ properties: { b: { default: "x" } } }] }),
  "default under additionalProperties": { type: "object", additionalProperties: { type: "integer", default: "x" } },
  "default of int-or-string": { "x-kubernetes-int-or-string": true, default: true },
  "default against a rule": {
    type: "integer",
    default: 1,
    "x-kubernetes-validations": [{ rule: "self > 1", message: "more" }],
  },
  "default of embedded": {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    "x-kubernetes-preserve-unknown-fields": true,
    default: { kind: "A" },
  },
  "nullable object": { type: "object", nullable: true, additionalProperties: text },
  example: { type: "string", example: "x", title: "t", description: "d" },
  numbers: { type: "number", minimum: 0.5, maximum: 1e21, multipleOf: 0.1, format: "double" },
  deep: fields({ b: fields({ c: list(fields({ d: { type: "odd" } })) }) }),
};

export const crdDefinitionScenarios: TopicScenarios = {
  definitions: () => Object.entries(SPECS).map(([name, body]) => named(name, post(`${CRDS}?dryRun=All`, body))),
  properties: () =>
    Object.entries(PROPERTIES).map(([name, schema]) => named(name, post(`${CRDS}?dryRun=All`, property(schema)))),
  changes: changeSteps,
};

/** A definition that changes while it has objects. */
function changeSteps(namespace: string): CapturedStep[] {
  const group = "wheels.diff.example.com";
  const one = `${CRDS}/wheels.${group}`;
  const wheels = `/apis/${group}/v1/namespaces/${namespace}/wheels`;
  const spec = fields({
    size: { type: "integer", minimum: 1 },
    color: { type: "string", default: "red" },
    tags: list(text),
    inner: fields({ a: text, b: number }),
  });
  const version = (name: string, more: object = {}) => ({
    name,
    served: true,
    storage: name === "v1",
    schema: schemaOf(fields({ spec, status: fields({ phase: text }) })),
    ...more,
  });
  const body = (versions: readonly object[], more: object = {}) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `wheels.${group}` },
    spec: { group, scope: "Namespaced", names: { plural: "wheels", kind: "Wheel", ...more }, versions },
  });
  const wheel = (name: string, fieldsOfIt: object, metadata: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: "Wheel",
    metadata: { name, ...metadata },
    spec: fieldsOfIt,
  });
  const established: CapturedStep = {
    ...read(one),
    name: "established",
    until: { path: "body.status.conditions.1.type", equals: "Established" },
    seconds: 5,
    settle: 1.5,
  };
  const settle = (name: string): CapturedStep => ({ ...read(one), name, pause: 1.5 });
  return [
    post(CRDS, body([version("v1")])),
    established,
    post(wheels, wheel("a", { size: 2, inner: { a: "x", b: 1 } })),
    post(wheels, wheel("b", { tags: ["x", "x"] })),
    patch(one, body([version("v1"), version("v2")])),
    settle("second version"),
    read(`/apis/${group}`),
    read(`/apis/${group}/v2/namespaces/${namespace}/wheels/a`),
    post(`/apis/${group}/v2/namespaces/${namespace}/wheels`, { ...wheel("c", { size: 4 }), apiVersion: `${group}/v2` }),
    read(`${wheels}/c`),
    patch(`/apis/${group}/v2/namespaces/${namespace}/wheels/a`, { spec: { size: 5 } }),
    patch(
      `/apis/${group}/v2/namespaces/${namespace}/wheels/d?fieldManager=m`,
      { ...wheel("d", { size: 4 }), apiVersion: `${group}/v2` },
      APPLY,
    ),
    read(`${wheels}/d`),
    patch(`${wheels}/d?fieldManager=m`, wheel("d", { color: "blue" }), APPLY),
    patch(one, body([version("v1", { storage: false }), version("v2", { storage: true })])),
    settle("storage moved"),
    patch(`${wheels}/a`, { spec: { size: 6 } }),
    patch(one, body([version("v2", { storage: true })])),
    patch(`${one}/status`, { status: { storedVersions: ["v2"] } }),
    patch(`${one}/status`, { status: { storedVersions: ["v3"] } }),
    patch(`${one}/status`, { status: { storedVersions: [] } }),
    patch(one, body([version("v1", { served: false }), version("v2", { storage: true })])),
    settle("first version not served"),
    read(`${wheels}/a`),
    patch(one, body([version("v1"), version("v2", { storage: true })], { shortNames: ["wh"], categories: ["all"] })),
    settle("short names"),
    read(`/apis/${group}/v1`),
    patch(
      one,
      [
        {
          op: "replace",
          path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum",
          value: 10,
        },
      ],
      JSON_PATCH,
    ),
    settle("stricter"),
    patch(`${wheels}/a`, { metadata: { labels: { x: "y" } } }),
    patch(`${wheels}/a`, { spec: { color: "green" } }),
    patch(`${wheels}/a`, { spec: { size: 7 } }),
    patch(`${wheels}/a`, { spec: { size: 12 } }),
    patch(
      one,
      [
        {
          op: "add",
          path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/tags/x-kubernetes-list-type",
          value: "set",
        },
      ],
      JSON_PATCH,
    ),
    settle("a set"),
    patch(`${wheels}/b`, { metadata: { labels: { x: "y" } } }),
    patch(`${wheels}/b`, { spec: { tags: ["x", "x", "y"] } }),
    patch(`${wheels}/b`, { spec: { tags: ["y"] } }),
    patch(
      one,
      [{ op: "remove", path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/inner" }],
      JSON_PATCH,
    ),
    settle("a field less"),
    read(`${wheels}/a`),
    patch(`${wheels}/a?fieldManager=late`, { spec: { inner: { a: "z" } } }),
    patch(one, [{ op: "add", path: "/spec/versions/0/subresources", value: { status: {} } }], JSON_PATCH),
    settle("status"),
    patch(`${wheels}/a/status`, { status: { phase: "Ready", odd: 1 }, spec: { size: 1 } }),
    patch(`${wheels}/a`, { status: { phase: "No" } }),
    put(`${wheels}/a/status`, wheel("a", { size: 99 })),
    patch(
      one,
      [
        {
          op: "add",
          path: "/spec/versions/0/additionalPrinterColumns",
          value: [{ name: "Color", type: "string", jsonPath: ".spec.color" }],
        },
      ],
      JSON_PATCH,
    ),
    settle("columns"),
    read(wheels, TABLE),
    patch(one, { metadata: { labels: { x: "y" }, annotations: { a: "b" } } }),
    patch(one, { spec: { preserveUnknownFields: true } }),
    patch(one, { spec: { names: { plural: "others" } } }),
    patch(one, { spec: { names: { listKind: "Wheels" } } }),
    settle("another list kind"),
    read(wheels),
    put(one, body([version("v1")])),
    put(one, { ...body([version("v1")]), metadata: { name: `wheels.${group}`, resourceVersion: "1" } }),
    patch(`${one}?fieldManager=ssa`, body([version("v1", { additionalPrinterColumns: [] })]), APPLY),
    patch(`${wheels}/a`, { metadata: { finalizers: ["example.com/hold"] } }),
    remove(one),
    { ...read(one), name: "terminating", pause: 1.5 },
    read(wheels),
    post(wheels, wheel("late", {})),
    patch(`${wheels}/a`, { metadata: { finalizers: null } }),
    { ...read(one), name: "gone", pause: 4 },
    read(wheels),
  ];
}
