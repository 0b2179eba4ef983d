/**
 * Objects of custom resources of several shapes: cluster-wide, with columns of all sorts, scales, selectable fields, resources inside
 * resources; and definitions that get in each other's way.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import {
  APPLY,
  JSON_PATCH,
  named,
  PARTIAL,
  PARTIAL_LIST,
  patch,
  post,
  put,
  read,
  remove,
  STRATEGIC,
  TABLE,
  type TopicScenarios,
} from "./requests.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Schema {
  [field: string]: unknown;
}

const text: Schema = { type: "string" };
const number: Schema = { type: "integer" };
const fields = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({
  type: "object",
  properties,
  ...more,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: "array", items, ...more });

function definition(
  group: string,
  plural: string,
  kind: string,
  versions: readonly object[],
  more: Schema = {},
): object {
  return {
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: "Namespaced", names: { plural, kind }, versions, ...more },
  };
}

function version(name: string, root: Schema, more: object = {}): object {
  return { name, served: true, storage: name === "v1", schema: { openAPIV3Schema: root }, ...more };
}

function established(name: string): CapturedStep {
  return {
    ...read(`${CRDS}/${name}`),
    name: "established",
    until: { path: "body.status.conditions.1.type", equals: "Established" },
    seconds: 5,
    settle: 1.5,
  };
}

export const crdObjectScenarios: TopicScenarios = {
  columns: columnSteps,
  cluster: clusterSteps,
  embedded: embeddedSteps,
  scales: scaleSteps,
  applied: appliedSteps,
  names: nameSteps,
  strict: strictSteps,
};

function columnSteps(ns: string): CapturedStep[] {
  const group = "columns.diff.example.com";
  const spec = fields({
    count: number,
    ratio: { type: "number" },
    on: { type: "boolean" },
    since: { type: "string", format: "date-time" },
    words: list(text),
    parts: list(fields({ name: text, size: number })),
    labels: { type: "object", additionalProperties: text },
    any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  });
  const column = (name: string, type: string, jsonPath: string, more: object = {}) => ({
    name,
    type,
    jsonPath,
    ...more,
  });
  const columns = [
    column("Count", "integer", ".spec.count", { description: "how many", format: "int32" }),
    column("Ratio", "number", ".spec.ratio", { priority: 1 }),
    column("On", "boolean", ".spec.on"),
    column("Since", "date", ".spec.since"),
    column("Words", "string", ".spec.words"),
    column("First", "string", ".spec.words[0]"),
    column("Names", "string", ".spec.parts[*].name"),
    column("Big", "string", ".spec.parts[?(@.size > 1)].name"),
    column("Label", "string", ".spec.labels.app\\.kubernetes\\.io/name"),
    column("Any", "string", ".spec.any"),
    column("Text as number", "integer", ".metadata.name"),
    column("Number as text", "string", ".spec.count"),
    column("Age", "date", ".metadata.creationTimestamp"),
    column("Missing", "string", ".spec.none"),
    column("Own", "string", ".metadata.annotations.note"),
  ];
  const path = `/apis/${group}/v1/namespaces/${ns}/rows`;
  const row = (name: string, spec_: object, metadata: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: "Row",
    metadata: { name, ...metadata },
    spec: spec_,
  });
  return [
    post(
      CRDS,
      definition(group, "rows", "Row", [version("v1", fields({ spec }), { additionalPrinterColumns: columns })]),
    ),
    established(`rows.${group}`),
    post(
      path,
      row(
        "full",
        {
          count: 3,
          ratio: 0.5,
          on: true,
          since: "2020-01-01T00:00:00Z",
          words: ["a", "b"],
          parts: [
            { name: "p", size: 1 },
            { name: "q", size: 2 },
            { name: "r", size: 3 },
          ],
          labels: { "app.kubernetes.io/name": "x" },
          any: { a: [1, { b: null }], c: "d" },
        },
        { annotations: { note: "hello" } },
      ),
    ),
    post(path, row("empty", {})),
    post(path, row("odd", { count: 0, ratio: 2, on: false, words: [], parts: [] })),
    post(path, row("bad-date", { since: "2020-01-01T00:00:00.123+02:00" })),
    read(path, TABLE),
    read(`${path}/full`, TABLE),
    read(`${path}?includeObject=Object&limit=1`, TABLE),
    read(`${path}?includeObject=None`, TABLE),
    read(path, PARTIAL_LIST),
    read(`${path}/full`, PARTIAL),
    read(`${path}?limit=2`),
    read(`${path}?labelSelector=a%3Db`),
    read(`${path}?fieldSelector=metadata.namespace%3D${ns}`),
    read(`${path}?fieldSelector=spec.count%3D3`),
    read(`/apis/${group}/v1/rows`),
    read(`/apis/${group}/v1`),
    read(`/apis/${group}`),
    remove(`${CRDS}/rows.${group}`),
  ];
}

function clusterSteps(ns: string): CapturedStep[] {
  const group = "cluster.diff.example.com";
  const root = fields({ spec: fields({ a: { type: "string", default: "x" } }), status: fields({ b: text }) });
  const path = `/apis/${group}/v1/worlds`;
  const world = (name: string, more: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: "World",
    metadata: { name },
    ...more,
  });
  const versions = [
    version("v1", root, { subresources: { status: {} }, deprecated: true, deprecationWarning: "worlds v1 will go" }),
    version("v2", root, { deprecated: true }),
    version("v3alpha1", root),
  ];
  return [
    post(CRDS, definition(group, "worlds", "World", versions, { scope: "Cluster" })),
    established(`worlds.${group}`),
    read(`/apis/${group}`),
    read(`/apis/${group}/v1`),
    read(`/apis/${group}/v2`),
    post(path, world("a", { spec: {}, status: { b: "no" } })),
    post(path, world("b")),
    post(path, world("c", { metadata: { name: "c", namespace: ns } })),
    post(path, world("A_b")),
    post(path, world("a")),
    post(`/apis/${group}/v1/namespaces/${ns}/worlds`, world("d")),
    read(`/apis/${group}/v1/namespaces/${ns}/worlds`),
    read(`/apis/${group}/v2/worlds/a`),
    read(`/apis/${group}/v3alpha1/worlds/a`),
    read(`/apis/${group}/v2/worlds/a/status`),
    patch(`${path}/a/status`, { status: { b: "yes" }, metadata: { labels: { x: "y" } } }),
    put(`${path}/a/status`, world("a", { status: { b: "put" } })),
    patch(`${path}/a`, { status: { b: "no" }, spec: { a: "z" } }),
    patch(`${path}/a`, { spec: null }),
    patch(`${path}/a`, { metadata: { generation: 9, uid: "x" } }),
    patch(`${path}/a`, { metadata: { name: "other" } }),
    patch(`${path}/a`, { apiVersion: `${group}/v2` }),
    patch(`${path}/a`, { kind: "Other" }),
    patch(`${path}/none`, { spec: {} }),
    patch(`${path}/a/other`, { spec: {} }),
    read(`${path}/a/scale`),
    remove(`${path}/a`, { preconditions: { uid: "x" } }),
    remove(`${path}/a?dryRun=All`),
    remove(`${path}/a`),
    remove(`${path}/a`),
    remove(`${path}?dryRun=All`),
    remove(`${CRDS}/worlds.${group}`),
  ];
}

function embeddedSteps(ns: string): CapturedStep[] {
  const group = "embedded.diff.example.com";
  const resource = { type: "object", "x-kubernetes-embedded-resource": true };
  const spec = fields({
    open: { ...resource, "x-kubernetes-preserve-unknown-fields": true },
    closed: { ...resource, properties: { spec: fields({ a: text }), metadata: { type: "object" } } },
    all: list({ ...resource, "x-kubernetes-preserve-unknown-fields": true }),
    free: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { known: fields({ a: number }) },
    },
    maybe: { type: "object", nullable: true, properties: { a: { type: "string", default: "d" } } },
    filled: {
      type: "object",
      default: {},
      properties: { a: { type: "string", default: "d" }, b: { type: "integer", default: 1 } },
    },
    nullText: { type: "string", nullable: true, default: "n" },
    plainText: { type: "string", default: "p" },
    items: list(fields({ a: text, b: { type: "string", default: "ib" } }), { default: [{ a: "one" }] }),
    byName: { type: "object", additionalProperties: fields({ a: text }) },
  });
  const path = `/apis/${group}/v1/namespaces/${ns}/boxes`;
  const box = (spec_: unknown) => ({ apiVersion: `${group}/v1`, kind: "Box", metadata: { name: "a" }, spec: spec_ });
  const specs: readonly unknown[] = [
    {},
    { open: {} },
    { open: { apiVersion: "v1" } },
    { open: { apiVersion: "v1", kind: "A", other: 1, metadata: { name: "x", odd: 1, labels: { a: "b" } } } },
    { open: { apiVersion: "a/b/c", kind: "A" } },
    { open: { apiVersion: "v1", kind: "a b" } },
    { open: { apiVersion: "v1", kind: "A", metadata: { name: "A_B", labels: { "a b": "c" }, namespace: "X" } } },
    { open: { apiVersion: "v1", kind: "A", metadata: { labels: { a: 1 } } } },
    { open: { apiVersion: 1, kind: "A" } },
    { closed: { apiVersion: "v1", kind: "A", spec: { a: "x", b: "y" }, other: 1 } },
    { all: [{ apiVersion: "v1", kind: "A" }, { kind: "B" }] },
    { free: { known: { a: 1, b: 2 }, unknown: { c: 3 } } },
    { free: { known: { a: "x" } } },
    { maybe: null },
    { maybe: {} },
    { filled: null },
    { filled: { a: null, b: 2 } },
    { nullText: null, plainText: null },
    { items: [] },
    { items: [{}, { b: "own" }, { c: 1 }] },
    { items: [null] },
    { byName: { x: { a: "1", b: 2 }, y: null } },
    { byName: { x: "text" } },
    { unknown: { a: 1 }, byName: {} },
  ];
  return [
    post(CRDS, definition(group, "boxes", "Box", [version("v1", fields({ spec }))])),
    established(`boxes.${group}`),
    ...specs.map((item) => post(`${path}?dryRun=All`, box(item))),
    ...specs.slice(9, 12).map((item) => post(`${path}?dryRun=All&fieldValidation=Strict`, box(item))),
    post(path, box({ items: [{ a: "x" }], maybe: {} })),
    patch(`${path}/a`, { spec: { items: null, maybe: null, filled: { a: "mine" } } }),
    patch(`${path}/a`, [{ op: "remove", path: "/spec/filled" }], JSON_PATCH),
    patch(`${path}/a`, [{ op: "replace", path: "/spec/plainText", value: 1 }], JSON_PATCH),
    patch(`${path}/a`, [{ op: "test", path: "/spec/plainText", value: "no" }], JSON_PATCH),
    patch(`${path}/a`, { spec: {} }, STRATEGIC),
    read(`${path}/a`),
    remove(`${CRDS}/boxes.${group}`),
  ];
}

function scaleSteps(ns: string): CapturedStep[] {
  const group = "scales.diff.example.com";
  const root = fields({
    spec: fields({ size: { type: "integer", maximum: 5 }, inner: fields({ wanted: number }) }),
    status: fields({ size: number, selector: text }),
  });
  const scale = {
    specReplicasPath: ".spec.size",
    statusReplicasPath: ".status.size",
    labelSelectorPath: ".status.selector",
  };
  const inner = { specReplicasPath: ".spec.inner.wanted", statusReplicasPath: ".status.size" };
  const versions = [
    version("v1", root, { subresources: { status: {}, scale } }),
    version("v2", root, { subresources: { scale: inner } }),
  ];
  const path = `/apis/${group}/v1/namespaces/${ns}/flocks`;
  const flock = (name: string, more: object) => ({
    apiVersion: `${group}/v1`,
    kind: "Flock",
    metadata: { name },
    ...more,
  });
  const one = `${path}/a`;
  return [
    post(CRDS, definition(group, "flocks", "Flock", versions)),
    established(`flocks.${group}`),
    post(path, flock("a", { spec: { size: 2 } })),
    post(path, flock("none", {})),
    read(`${one}/scale`),
    read(`${path}/none/scale`),
    read(`${path}/missing/scale`),
    patch(`${one}/status`, { status: { size: 1, selector: "app=a" } }),
    read(`${one}/scale`),
    patch(`${one}/scale`, { spec: { replicas: 4 } }),
    patch(`${one}/scale`, { spec: { replicas: 9 } }),
    patch(`${one}/scale`, { spec: { replicas: -1 } }),
    patch(`${one}/scale`, { spec: { replicas: "x" } }),
    patch(`${one}/scale`, { spec: null }),
    patch(`${one}/scale`, { metadata: { labels: { a: "b" } }, spec: { replicas: 3 } }),
    patch(`${one}/scale`, [{ op: "replace", path: "/spec/replicas", value: 1 }], JSON_PATCH),
    patch(
      `${one}/scale?fieldManager=s`,
      { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "a" }, spec: { replicas: 5 } },
      APPLY,
    ),
    patch(
      `${one}/scale?fieldManager=s&force=true`,
      { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "a" }, spec: { replicas: 5 } },
      APPLY,
    ),
    put(`${one}/scale`, {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a", namespace: ns },
      spec: { replicas: 2 },
    }),
    put(`${one}/scale`, {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "b", namespace: ns },
      spec: { replicas: 2 },
    }),
    put(`${one}/scale`, {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a", namespace: ns, resourceVersion: "1" },
      spec: { replicas: 2 },
    }),
    put(`${one}/scale`, flock("a", { spec: { size: 1 } })),
    post(`${one}/scale`, { spec: { replicas: 1 } }),
    remove(`${one}/scale`),
    patch(`${path}/none/scale`, { spec: { replicas: 1 } }),
    read(`/apis/${group}/v2/namespaces/${ns}/flocks/a/scale`),
    patch(`/apis/${group}/v2/namespaces/${ns}/flocks/a/scale`, { spec: { replicas: 7 } }),
    read(one),
    post(path, flock("neg", { spec: { size: -1 } })),
    patch(one, { spec: { size: -3 } }),
    patch(`${one}/status`, { status: { size: -1 } }),
    patch(`${one}/status`, { status: { selector: "a=b=c" } }),
    read(`${one}/scale`),
    read(`/apis/${group}/v1`),
    remove(`${CRDS}/flocks.${group}`),
  ];
}

function appliedSteps(ns: string): CapturedStep[] {
  const group = "applied.diff.example.com";
  const keyed = (keys: readonly string[], items: Schema): Schema =>
    list(items, { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys });
  const spec = fields({
    set: list(text, { "x-kubernetes-list-type": "set" }),
    atomic: list(text, { "x-kubernetes-list-type": "atomic" }),
    plain: list(text),
    ports: keyed(
      ["port", "protocol"],
      fields({ port: number, protocol: { type: "string", default: "TCP" }, name: text }, { required: ["port"] }),
    ),
    granular: fields({ a: text, b: text }),
    whole: fields({ a: text, b: text }, { "x-kubernetes-map-type": "atomic" }),
    map: { type: "object", additionalProperties: text },
    replicas: number,
  });
  const path = `/apis/${group}/v1/namespaces/${ns}/merges`;
  const merged = (spec_: unknown, more: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: "Merge",
    metadata: { name: "a", ...more },
    spec: spec_,
  });
  const by = (manager: string, spec_: unknown, query = "", more: object = {}) =>
    patch(`${path}/a?fieldManager=${manager}${query}`, merged(spec_, more), APPLY);
  return [
    post(
      CRDS,
      definition(group, "merges", "Merge", [
        version("v1", fields({ spec, status: fields({ x: text }) }), { subresources: { status: {} } }),
      ]),
    ),
    established(`merges.${group}`),
    by("one", {
      set: ["a", "b"],
      atomic: ["a"],
      plain: ["a"],
      ports: [{ port: 80 }],
      granular: { a: "1" },
      whole: { a: "1" },
      map: { k: "v" },
      replicas: 1,
    }),
    by("two", {
      set: ["b", "c"],
      ports: [{ port: 80, protocol: "UDP", name: "u" }],
      granular: { b: "2" },
      map: { l: "w" },
    }),
    by("two", { atomic: ["b"] }),
    by("two", { plain: ["b"], whole: { b: "2" }, replicas: 2 }),
    by("two", { plain: ["b"], replicas: 2 }, "&force=true"),
    by("one", { set: ["a"], ports: [{ port: 80, name: "n" }], granular: {} }),
    by("one", { ports: [{ port: 81 }, { port: 81 }] }),
    by("one", { ports: [{ name: "x" }] }),
    by("one", { set: ["x", "x"] }),
    by("one", { set: [null] }),
    by("one", { replicas: "x" }),
    by("one", { unknown: 1 }),
    by("one", { granular: "x" }),
    by("one", null),
    by("one", {}, "&fieldValidation=Strict"),
    by("one", { replicas: 3 }, "&dryRun=All"),
    by("three", { replicas: 3 }, "", { labels: { a: "b" }, finalizers: ["example.com/f"] }),
    by("three", { replicas: 3 }, "&force=true", { labels: { a: "b" }, finalizers: ["example.com/f"] }),
    by("four", {}, "", { managedFields: [] }),
    by("four", {}, "", { uid: "other" }),
    by("four", {}, "", { resourceVersion: "1" }),
    patch(`${path}/a?fieldManager=four`, { ...merged({}), kind: "Other" }, APPLY),
    patch(`${path}/a?fieldManager=four`, { ...merged({}), apiVersion: `${group}/v2` }, APPLY),
    patch(`${path}/a?fieldManager=four`, { ...merged({}), metadata: { name: "b" } }, APPLY),
    patch(`${path}/a`, merged({}), APPLY),
    patch(`${path}/a/status?fieldManager=ctl`, { ...merged(undefined), status: { x: "y" } }, APPLY),
    patch(`${path}/a/status?fieldManager=ctl`, { ...merged({ replicas: 9 }), status: { x: "z" } }, APPLY),
    patch(`${path}/a`, { spec: { ports: [{ port: 90 }], set: ["z"] } }),
    patch(`${path}/a?fieldManager=one`, { spec: { granular: null } }),
    patch(`${path}/a`, { metadata: { managedFields: [{}] } }),
    by("five", { replicas: 8 }),
    by("five", { replicas: 8 }, "&force=true"),
    read(`${path}/a`),
    patch(`${path}/a`, { metadata: { finalizers: null } }),
    remove(`${CRDS}/merges.${group}`),
  ];
}

function nameSteps(): CapturedStep[] {
  const group = "names.diff.example.com";
  const root = fields({});
  const define = (plural: string, kind: string, more: object = {}) => ({
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: "Namespaced", names: { plural, kind, ...more }, versions: [version("v1", root)] },
  });
  const settled = (plural: string): CapturedStep => ({
    ...read(`${CRDS}/${plural}.${group}`),
    name: `settled ${plural}`,
    pause: 1.5,
  });
  return [
    post(CRDS, define("firsts", "First", { shortNames: ["ft", "fst"], categories: ["all", "mine"] })),
    established(`firsts.${group}`),
    post(CRDS, define("seconds", "First")),
    settled("seconds"),
    post(CRDS, define("thirds", "Third", { shortNames: ["ft"] })),
    settled("thirds"),
    post(CRDS, define("fourths", "Fourth", { singular: "firsts" })),
    settled("fourths"),
    post(CRDS, define("fifths", "Fifth", { listKind: "Third" })),
    settled("fifths"),
    post(CRDS, define("firsts", "First")),
    read(`/apis/${group}/v1`),
    read(`/apis/${group}/v1/namespaces/default/seconds`),
    read(`/apis/${group}/v1/namespaces/default/thirds`),
    patch(`${CRDS}/firsts.${group}`, { spec: { names: { shortNames: ["other"] } } }),
    settled("firsts"),
    named("thirds after", settled("thirds")),
    read(`/apis/${group}/v1`),
    remove(`${CRDS}/firsts.${group}`),
    named("seconds after", { ...settled("seconds"), pause: 4 }),
    named("fourths after", settled("fourths")),
    ...["fifths", "seconds", "thirds", "fourths"].map((plural) => remove(`${CRDS}/${plural}.${group}`)),
  ];
}

function strictSteps(ns: string): CapturedStep[] {
  const group = "strict.diff.example.com";
  const spec = fields({
    a: text,
    list: list(fields({ b: number })),
    map: { type: "object", additionalProperties: fields({ c: text }) },
  });
  const path = `/apis/${group}/v1/namespaces/${ns}/rules`;
  const body = (spec_: string, more = "") =>
    `{"apiVersion":"${group}/v1","kind":"Rule","metadata":{"name":"a"${more}},"spec":${spec_}}`;
  const bodies = [
    body('{"a":"x","a":"y"}'),
    body('{"z":1,"y":{"x":2}}'),
    body('{"list":[{"b":1,"q":2},{"b":1,"b":2}]}'),
    body('{"map":{"k":{"c":"1","d":2},"k":{}}}'),
    body('{"A":"x"}'),
    body("{}", ',"odd":1'),
    body("{}", ',"name":"b"'),
    body("{}", ',"labels":{"a":"b","a":"c"}'),
    body("{}", ',"creationTimestamp":"x"'),
    body("{}", ',"annotations":{"a":1}'),
    `{"apiVersion":"${group}/v1","kind":"Rule","metadata":{"name":"a"},"spec":{},"more":1,"spec":{}}`,
    body('{"a":"x"'),
    body("{}").replace("}}", "}},"),
    "[]",
    '"text"',
    "null",
    "{}",
    `{"apiVersion":"${group}/v1","kind":"Rule"}`,
    `{"apiVersion":"${group}/v1","kind":"Rule","metadata":[]}`,
    `{"apiVersion":"${group}/v1","kind":"Rule","metadata":{"name":"a"},"spec":[]}`,
  ];
  const yaml = { "Content-Type": "application/yaml" };
  return [
    post(CRDS, definition(group, "rules", "Rule", [version("v1", fields({ spec }))])),
    established(`rules.${group}`),
    ...["Strict", "Warn", "Ignore"].flatMap((mode) =>
      bodies.map((item) => post(`${path}?dryRun=All&fieldValidation=${mode}`, item)),
    ),
    post(
      `${path}?dryRun=All`,
      `apiVersion: ${group}/v1\nkind: Rule\nmetadata: {name: a}\nspec: {a: yes, z: 1}\n`,
      yaml,
    ),
    post(
      `${path}?dryRun=All&fieldValidation=Strict`,
      `apiVersion: ${group}/v1\nkind: Rule\nmetadata: {name: a}\nspec: {a: x, a: y, z: 1}\n`,
      yaml,
    ),
    post(`${path}?dryRun=All&fieldValidation=Odd`, body("{}")),
    post(path, body('{"a":"x"}')),
    patch(`${path}/a?fieldValidation=Strict`, { spec: { z: 1 } }),
    patch(`${path}/a?fieldValidation=Strict`, [{ op: "add", path: "/spec/z", value: 1 }], JSON_PATCH),
    patch(`${path}/a?fieldValidation=Warn`, { spec: { z: 1, list: [{ q: 1 }] } }),
    patch(`${path}/a`, '{"spec":{"a":"b","a":"c"}}'),
    patch(`${path}/a`, '{"spec":'),
    patch(`${path}/a`, []),
    remove(`${CRDS}/rules.${group}`),
  ];
}
