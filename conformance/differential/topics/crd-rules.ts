/**
 * Rules of custom resources: what compiles, what is refused and in which words, and what values fail.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { named, patch, post, read, remove, type TopicScenarios } from "./requests.ts";
import { EXPRESSIONS } from "./rule-expressions.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "rules.diff.example.com";

interface Schema {
  [field: string]: unknown;
}

const text: Schema = { type: "string", maxLength: 20 };
const number: Schema = { type: "integer" };
const list = (items: Schema, more: Schema = {}): Schema => ({ type: "array", maxItems: 10, items, ...more });
const fields = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({
  type: "object",
  properties,
  ...more,
});
const map = (additionalProperties: Schema): Schema => ({ type: "object", maxProperties: 10, additionalProperties });
const keyed = (items: Schema): Schema =>
  list(items, { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] });

/** One property of each type. */
const PROPERTIES: Readonly<Record<string, Schema>> = {
  i: number,
  s: text,
  b: { type: "boolean" },
  d: { type: "number" },
  t: { type: "string", format: "date-time" },
  u: { type: "string", format: "duration" },
  y: { type: "string", format: "byte" },
  p: { "x-kubernetes-int-or-string": true },
  l: list(number),
  w: list(text),
  m: map(text),
  n: map(number),
  o: fields({ a: text, b: number }),
  k: keyed(fields({ name: text, v: number }, { required: ["name"] })),
  e: list(text, { "x-kubernetes-list-type": "set" }),
  "x-y": text,
  namespace: text,
  a__b: text,
  q: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  z: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
  nu: { type: "string", nullable: true },
};

function definition(name: string, schema: Schema, more: object = {}): object {
  return {
    metadata: { name: `${name}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural: name, kind: `${name[0]?.toUpperCase()}${name.slice(1)}` },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: fields({ spec: schema }) }, ...more },
      ],
    },
  };
}

const ruled = (rule: object): object => definition("rules", fields(PROPERTIES, { "x-kubernetes-validations": [rule] }));

const RULES: Readonly<Record<string, object>> = {
  "message empty": { rule: "true", message: "" },
  "message blank": { rule: "true", message: "  " },
  "message of two lines": { rule: "true", message: "a\nb" },
  "message too long": { rule: "true", message: "x".repeat(2049) },
  "rule of two lines without a message": { rule: "true\n&& true" },
  "message expression": { rule: "true", messageExpression: "'a' + self.s" },
  "message expression of a number": { rule: "true", messageExpression: "self.i" },
  "message expression broken": { rule: "true", messageExpression: "self.none" },
  "message expression blank": { rule: "true", messageExpression: "  " },
  "both broken": { rule: "self.none", messageExpression: "self.other +" },
  "reason odd": { rule: "true", reason: "Odd" },
  "reason given": { rule: "true", reason: "FieldValueDuplicate" },
  "field path": { rule: "true", fieldPath: ".o.a" },
  "field path of a key": { rule: "true", fieldPath: ".m['a']" },
  "field path of an index": { rule: "true", fieldPath: ".l[0]" },
  "field path missing": { rule: "true", fieldPath: ".none" },
  "field path without a dot": { rule: "true", fieldPath: "o" },
  "field path blank": { rule: "true", fieldPath: "  " },
  "optional old self": { rule: "!oldSelf.hasValue() || oldSelf.value().i == self.i", optionalOldSelf: true },
  "optional old self unused": { rule: "self.i > 1", optionalOldSelf: true },
  "optional old self false": { rule: "oldSelf.i > 1", optionalOldSelf: false },
  "no rule": { message: "a" },
  "unknown field": { rule: "true", odd: 1 },
};

const bound = (rule: string, schema: Schema): Schema => ({ ...schema, "x-kubernetes-validations": [{ rule }] });
const repeated = (count: number, rule: string): object[] => Array.from({ length: count }, () => ({ rule }));

/** Schemas with rules whose cost, or whose place, matters. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  "unbounded string in an unbounded list": fields({
    l: { type: "array", items: bound("self.contains('a')", { type: "string" }) },
  }),
  "unbounded nested loops": fields({
    l: bound("self.all(x, self.all(y, x == y))", { type: "array", items: { type: "string" } }),
  }),
  "unbounded triple loops": fields({
    l: bound("self.all(x, self.all(y, self.all(z, x == y || y == z)))", { type: "array", items: { type: "string" } }),
  }),
  "bounded nested loops": fields({ l: bound("self.all(x, self.all(y, x == y))", list(text)) }),
  "loops of a thousand": fields({ l: bound("self.all(x, self.exists(y, x == y))", list(text, { maxItems: 1000 })) }),
  "loops of ten thousand": fields({ l: bound("self.all(x, self.exists(y, x == y))", list(text, { maxItems: 10000 })) }),
  "regular expression on an unbounded string": bound("self.matches('^a+$')", { type: "string" }),
  "regular expression in an unbounded list": list(bound("self.matches('^a+$')", { type: "string" }), {
    maxItems: undefined,
  }),
  "map keys": bound("self.all(k, k.startsWith('a'))", { type: "object", additionalProperties: { type: "string" } }),
  "unbounded map in a map": {
    type: "object",
    additionalProperties: bound("self.all(k, self[k].size() > 1)", {
      type: "object",
      additionalProperties: { type: "string" },
    }),
  },
  "rule under lists of lists": {
    type: "array",
    items: {
      type: "array",
      items: { type: "array", items: bound("self.size() < 5 && self != 'a'", { type: "string" }) },
    },
  },
  "comparison of whole objects": { type: "array", items: bound("self == oldSelf", fields({ a: { type: "string" } })) },
  "transition in a list": list(bound("self == oldSelf", text)),
  "transition in a keyed list": keyed(
    bound("self == oldSelf", fields({ name: text, v: number }, { required: ["name"] })),
  ),
  "transition in a set": list(bound("self == oldSelf", text), { "x-kubernetes-list-type": "set" }),
  "transition in a map": map(bound("self == oldSelf", text)),
  "transition in an atomic map": { ...map(bound("self == oldSelf", text)), "x-kubernetes-map-type": "atomic" },
  "many rules": {
    type: "array",
    items: { type: "string", "x-kubernetes-validations": repeated(30, "self.contains('abc')") },
  },
  "rules on several levels": fields(
    {
      l: { type: "array", items: bound("self.all(x, x.contains('a'))", { type: "array", items: { type: "string" } }) },
    },
    { "x-kubernetes-validations": [{ rule: "self.l.all(a, a.all(b, b.contains('c')))" }] },
  ),
  "list with long enums": bound("self.all(x, self.all(y, x == y))", {
    type: "array",
    items: { type: "string", enum: ["a", "b"] },
  }),
  dates: bound("self.all(x, self.all(y, x == y))", { type: "array", items: { type: "string", format: "date" } }),
  joined: bound("self.map(x, x + x).join(',').size() > 3", { type: "array", items: { type: "string" } }),
  sorted: bound("self.isSorted()", { type: "array", items: { type: "string" } }),
  "contained sets": bound("sets.contains(self, self)", { type: "array", items: { type: "string" } }),
  "expensive message": {
    type: "array",
    items: {
      type: "string",
      "x-kubernetes-validations": [
        { rule: "true", messageExpression: "self.replace('a', 'b').matches('a.*b') ? self : self + self" },
      ],
    },
  },
  "rule on int-or-string": bound("self == 1", { "x-kubernetes-int-or-string": true }),
  "rule on nullable": bound("self == 'a'", { type: "string", nullable: true }),
  "rule on preserved": bound("self.a == 1", { type: "object", "x-kubernetes-preserve-unknown-fields": true }),
  "rule on an embedded object": bound("self.metadata.name == 'a' && self.kind == 'A'", {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    "x-kubernetes-preserve-unknown-fields": true,
  }),
  "rule in a junctor": fields({ a: text }, { allOf: [{ properties: { a: bound("self == 'a'", {}) } }] }),
  "rule on additionalProperties": map(bound("self.size() > 1 && self", text)),
  "rule on items": list(bound("self.size() > 1 && self", text)),
};

/** A rule of each value, and values that break it. */
const VALUES: readonly (readonly [schema: Schema, rule: string | object, ...values: unknown[]])[] = [
  [number, "self > 1", 0, 2, 1.5],
  [{ type: "number" }, "self > 1.5", 1, 2, 1.25],
  [number, "10 / self > 1", 0, 5],
  [number, "10 % self > 1", 0, 3],
  [number, "self + 9223372036854775807 > 1", 1],
  [text, "self.size() > 2", "a", "é", "abc"],
  [text, "int(self) > 1", "a", "0", "2"],
  [text, "double(self) > 1.0", "a", "0.5"],
  [text, "self.charAt(3) == 'a'", "a"],
  [text, "self.substring(2) == 'a'", "a", "bba"],
  [text, "self.substring(3, 1) == 'a'", "abcd"],
  [text, "timestamp(self).getFullYear() > 2025", "x", "2020-01-01T00:00:00Z"],
  [text, "duration(self) > duration('1m')", "x", "1s", "2m"],
  [text, "quantity(self).isGreaterThan(quantity('1Gi'))", "x", "1Mi", "2Gi"],
  [text, "quantity(self).asInteger() > 1", "1.5", "0"],
  [text, "ip(self).family() == 6", "x", "10.0.0.1", "::1"],
  [text, "cidr(self).prefixLength() > 8", "x", "10.0.0.1/33", "10.0.0.0/8"],
  [text, "url(self).getHost() == 'a'", "x y", "https://b/", "https://a/"],
  [text, "semver(self).isGreaterThan(semver('1.2.3'))", "x", "1.0.0", "1.10.0"],
  [text, "!format.dns1123Label().validate(self).hasValue()", "A B", "a"],
  [text, "format.uuid().validate(self).value() == ['a']", "x"],
  [text, { rule: "self == 'a'", messageExpression: "'not a but ' + self" }, "b"],
  [text, { rule: "self == 'a'", messageExpression: "'x\\ny'", message: "plain" }, "b"],
  [text, { rule: "self == 'a'", messageExpression: "'  '" }, "b"],
  [text, { rule: "self == 'a'", messageExpression: "string(1 / 0)" }, "b"],
  [text, { rule: "self == 'a'", reason: "FieldValueRequired", message: "give a" }, "b"],
  [text, { rule: "self == 'a'", reason: "FieldValueDuplicate", message: "give a" }, "b"],
  [text, { rule: "self == 'a'", reason: "FieldValueForbidden" }, "b"],
  [list(number), "self[2] > 1", [1], [1, 2, 3]],
  [list(number), "self.sum() > 3", [], [1, 3]],
  [list(number), "self.max() > 3", [], [1], [4]],
  [list(number), "self.all(x, 10 / x > 1)", [1, 0], [0, 100], [1]],
  [list(number), "self.exists(x, 10 / x > 1)", [0, 1], [0, 100]],
  [list(number), "self.exists_one(x, x > 1)", [2, 3], [1, 2]],
  [list(text), "self.join('-') == 'a-b'", ["a"], ["a", "b"]],
  [list(text), "self.indexOf('b') == 1", ["b"], ["a", "b"]],
  [list(text), "self[0].lowerAscii() in ['a', 'b']", ["C"], ["A"], []],
  [map(text), "self['a'] == 'b'", {}, { a: "c" }, { a: "b" }],
  [map(text), "self.all(k, self[k] == k)", { a: "b" }, { a: "a" }],
  [map(number), "self.exists(k, v, k == 'a' && v > 1)", { a: 1 }, { a: 2 }],
  [fields({ a: text, b: number }), "self.a == 'x'", {}, { a: "y" }, { a: "x" }],
  [fields({ a: text, b: number }), { rule: "self.b > 1", fieldPath: ".b" }, { b: 1 }, {}],
  [
    fields({ a: text, b: number }),
    { rule: "self.b > 1", fieldPath: ".b", reason: "FieldValueForbidden", message: "no" },
    { b: 1 },
  ],
  [fields({ a: text, b: number }), "has(self.a) == has(self.b)", { a: "x" }, {}],
  [fields({ a: text, b: number }), "self.?b.orValue(3) > 2", { b: 1 }, {}],
  [fields({ a: text }, { nullable: true }), "has(self.a)", null, {}],
  [{ "x-kubernetes-int-or-string": true }, "type(self) == int ? self > 1 : self == 'a'", 1, "b", "a"],
  [{ "x-kubernetes-int-or-string": true }, "self > 1", "a", 1],
  [{ type: "string", format: "date-time" }, "self > timestamp('2026-01-01T00:00:00Z')", "2025-01-01T00:00:00Z", "x"],
  [{ type: "string", format: "duration" }, "self > duration('1h')", "1m", "2h"],
  [{ type: "string", format: "byte" }, "self.size() > 2", "YQ==", "YWJj"],
  [
    keyed(fields({ name: text, v: number }, { required: ["name"] })),
    "self.all(x, x.v > 1)",
    [{ name: "a" }],
    [{ name: "a", v: 1 }],
  ],
  [list(text, { "x-kubernetes-list-type": "set" }), "self == ['a', 'b']", ["b", "a"], ["a"]],
  [{ type: "string", nullable: true }, "self == 'a'", null, "b"],
  [
    { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    "self.metadata.name == 'a'",
    { apiVersion: "v1", kind: "A" },
    { apiVersion: "v1", kind: "A", metadata: { name: "b" } },
  ],
];

/** Rules that compare with what was. */
const TRANSITIONS: readonly (readonly [schema: Schema, rule: object, old: unknown, ...next: unknown[]])[] = [
  [number, { rule: "self >= oldSelf", message: "must not shrink" }, 2, 1, 3],
  [text, { rule: "self == oldSelf" }, "a", "b"],
  [text, { rule: "oldSelf.hasValue() || self == 'a'", optionalOldSelf: true, message: "begin with a" }, "a", "b"],
  [
    list(text, { "x-kubernetes-list-type": "set" }),
    { rule: "oldSelf.all(x, x in self)", message: "only grows" },
    ["a"],
    ["b"],
    ["a", "b"],
  ],
  [map(bound("self == oldSelf", text)), { rule: "size(self) >= size(oldSelf)" }, { a: "x" }, { a: "y" }, { b: "y" }],
  [
    keyed(bound("self.v >= oldSelf.v", fields({ name: text, v: number }, { required: ["name"] }))),
    { rule: "true" },
    [{ name: "a", v: 2 }],
    [{ name: "a", v: 1 }],
    [{ name: "b", v: 1 }],
  ],
  [
    fields({ a: bound("self == oldSelf", text), b: number }),
    { rule: "!has(oldSelf.b) || has(self.b)" },
    { a: "x", b: 1 },
    { a: "y", b: 1 },
    { a: "x" },
    { b: 2 },
  ],
];

export const crdRuleScenarios: TopicScenarios = {
  expressions: () => EXPRESSIONS.map((rule) => post(`${CRDS}?dryRun=All`, ruled({ rule }))),
  rules: () => Object.entries(RULES).map(([name, rule]) => named(name, post(`${CRDS}?dryRun=All`, ruled(rule)))),
  "rule-schemas": () =>
    Object.entries(SCHEMAS).map(([name, schema]) =>
      named(name, post(`${CRDS}?dryRun=All`, definition("rules", schema))),
    ),
  "rule-values": valueSteps,
};

function valueSteps(namespace: string): CapturedStep[] {
  const withRule = (schema: Schema, rule: string | object): Schema => ({
    ...schema,
    "x-kubernetes-validations": [typeof rule === "string" ? { rule } : rule],
  });
  const all: Record<string, Schema> = {};
  for (const [index, [schema, rule]] of VALUES.entries()) all[`v${index}`] = withRule(schema, rule);
  for (const [index, [schema, rule]] of TRANSITIONS.entries()) all[`t${index}`] = withRule(schema, rule);
  const path = `/apis/${GROUP}/v1/namespaces/${namespace}/values`;
  const value = (spec: object): object => ({
    apiVersion: `${GROUP}/v1`,
    kind: "Values",
    metadata: { name: "a" },
    spec,
  });
  const old = Object.fromEntries(TRANSITIONS.map(([, , before], index) => [`t${index}`, before]));
  return [
    post(CRDS, definition("values", fields(all))),
    {
      ...read(`${CRDS}/values.${GROUP}`),
      name: "established",
      until: { path: "body.status.conditions.1.type", equals: "Established" },
      seconds: 5,
      settle: 1.5,
    },
    ...VALUES.flatMap(([, , ...values], index) =>
      values.map((item) => post(`${path}?dryRun=All`, value({ [`v${index}`]: item }))),
    ),
    post(path, value(old)),
    ...TRANSITIONS.flatMap(([, , , ...next], index) =>
      next.map((item) => patch(`${path}/a?dryRun=All`, { spec: { [`t${index}`]: item } })),
    ),
    post(`${path}?dryRun=All`, value({ v0: 0, v1: 0, v5: "a", t2: "b" })),
    remove(`${CRDS}/values.${GROUP}`),
  ];
}
