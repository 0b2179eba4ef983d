/**
 * Custom resources in lists, watches, updates and discovery.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import {
  get,
  type Headers,
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

const YAML: Headers = { Accept: "application/yaml" };
const V2: Headers = { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };

/** A kind with two versions, columns, selectable fields, a status and a scale. */
function definition(group: string, scope: "Namespaced" | "Cluster"): CapturedStep[] {
  const schema = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          color: { type: "string", default: "red" },
          replicas: { type: "integer" },
          when: { type: "string", format: "date-time" },
          list: { type: "array", items: { type: "string" } },
        },
      },
      status: { type: "object", properties: { replicas: { type: "integer" }, ready: { type: "boolean" } } },
    },
  };
  const version = (name: string, storage: boolean, more: object = {}) => ({
    name,
    served: true,
    storage,
    // Versions that are alike in all would be one.
    schema: { openAPIV3Schema: { ...schema, description: name } },
    subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } },
    ...more,
  });
  const additionalPrinterColumns = [
    { name: "Color", type: "string", jsonPath: ".spec.color" },
    { name: "Ready", type: "boolean", jsonPath: ".status.ready", priority: 1 },
    { name: "List", type: "string", jsonPath: ".spec.list[*]" },
    { name: "When", type: "date", jsonPath: ".spec.when", description: "a time" },
    { name: "N", type: "integer", jsonPath: ".spec.replicas" },
  ];
  return [
    post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      metadata: { name: `paints.${group}` },
      spec: {
        group,
        scope,
        names: { plural: "paints", singular: "paint", kind: "Paint", shortNames: ["pt"], categories: ["all", "art"] },
        versions: [
          version("v1", true, { additionalPrinterColumns, selectableFields: [{ jsonPath: ".spec.color" }] }),
          version("v1beta1", false, { deprecated: true }),
        ],
      },
    }),
    {
      ...named("established", read(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/paints.${group}`)),
      until: { path: "body.status.conditions.1.status", equals: "True" },
      settle: 1.5,
      ignore: ["body"],
    },
  ];
}

function watch(
  name: string,
  path: string,
  events: number,
  during: CapturedStep[] = [],
  headers?: Headers,
): CapturedStep {
  return {
    ...named(name, get(path, headers)),
    watch: { seconds: 3, events, during: during.map((item, index) => ({ ...item, name: `${name} ${index}` })) },
  };
}

export const customLists: TopicScenarios = {
  custom: (ns) => {
    const group = `${ns}.example.com`;
    const path = `/apis/${group}/v1/namespaces/${ns}/paints`;
    const old = `/apis/${group}/v1beta1/namespaces/${ns}/paints`;
    const make = (name: string, spec: object, labels: object = {}) =>
      post(path, { apiVersion: `${group}/v1`, kind: "Paint", metadata: { name, labels }, spec });
    const queries = [
      "",
      "limit=1",
      "limit=2",
      "limit=1&continue=${page.body.metadata.continue}",
      "resourceVersion=0",
      "resourceVersion=0&limit=1",
      "resourceVersion=x",
      "resourceVersion=1&resourceVersionMatch=Odd",
      "fieldSelector=spec.color%3Dblue",
      "fieldSelector=spec.color%21%3Dblue",
      "fieldSelector=spec.replicas%3D1",
      "fieldSelector=metadata.name%3Da",
      "fieldSelector=metadata.namespace%3Dother",
      "fieldSelector=metadata.labels%3Dx",
      "labelSelector=l%3D1",
      "labelSelector=%3D",
      "limit=x",
      "continue=x",
      "sendInitialEvents=true",
      "pretty=true",
      "includeObject=Odd",
      "timeoutSeconds=x",
      "watch=false",
      "shardSelector=x",
    ];
    return [
      ...definition(group, "Namespaced"),
      make("a", {}, { l: "1" }),
      make("b", { color: "blue", replicas: 3, list: ["x", "y"], when: "2020-01-01T00:00:00Z" }),
      make("c", { color: "green" }, { l: "1", m: "2" }),
      patch(`${path}/b/status`, { status: { ready: true, replicas: 2 } }),
      named("page", get(`${path}?limit=1`)),
      ...queries.flatMap((query) =>
        [undefined, TABLE, PARTIAL_LIST].map((headers) => read(`${path}?${query}`, headers)),
      ),
      read(path, YAML),
      read(`${path}/a`, YAML),
      read(`${path}/a`, TABLE),
      read(`${path}/a?includeObject=Object`, TABLE),
      read(`${path}/a?includeObject=None`, TABLE),
      read(`${path}/a`, PARTIAL),
      read(`${path}/a`, PARTIAL_LIST),
      read(path, PARTIAL),
      read(`${path}/none`, TABLE),
      read(`${path}/b/status`),
      read(`${path}/b/status`, TABLE),
      read(`${path}/b/scale`),
      read(`${path}/b/scale`, TABLE),
      read(`${path}/b/none`),
      read(old),
      read(old, TABLE),
      read(`${old}/a`),
      read(`${old}/a`, PARTIAL),
      read(`${old}?fieldSelector=spec.color%3Dblue`),
      read(`/apis/${group}/v1/paints?fieldSelector=metadata.name%3Da`),
      read(`/apis/${group}/v1/paints`, TABLE),
      read(`/apis/${group}/v1/paints/a`),
      read(`/apis/${group}/v2/namespaces/${ns}/paints`),
      read(`/apis/${group}/v1/namespaces/${ns}/pt`),
      read(path, { Accept: "application/xml" }),
      read(path, { Accept: "application/vnd.kubernetes.protobuf" }),
      read(path, { Accept: "application/vnd.kubernetes.protobuf,application/json" }),
      read(path, undefined, "plain"),
      post(path, { apiVersion: `${group}/v1`, kind: "Paint", metadata: { name: "t" } }, TABLE),
      post(path, { apiVersion: `${group}/v1`, kind: "Paint", metadata: { generateName: "g-" } }, PARTIAL),
      post(path, { apiVersion: `${group}/v1`, kind: "Paint", metadata: { name: "y" } }, YAML),
      patch(`${path}/a`, { spec: { replicas: 9 } }, { ...TABLE, "Content-Type": "application/merge-patch+json" }),
      remove(`${path}/t`),
      remove(`${path}?labelSelector=l%3D1`),
    ];
  },
};

export const customUpdates: TopicScenarios = {
  custom: (ns) => {
    const group = `${ns}.example.com`;
    const path = `/apis/${group}/v1/paints`;
    const id = { apiVersion: `${group}/v1`, kind: "Paint" };
    const body = (metadata: object, more: object = {}) => ({ ...id, metadata: { name: "p", ...metadata }, ...more });
    const version = "${now.body.metadata.resourceVersion}";
    return [
      ...definition(group, "Cluster"),
      put(`${path}/p`, body({})),
      put(`${path}/p`, body({ resourceVersion: "5" })),
      post(path, body({ generation: 7 }, { spec: { color: "red" }, status: { ready: true } })),
      named("now", get(`${path}/p`)),
      put(`${path}/p`, body({}, { spec: { color: "blue" } })),
      put(`${path}/p`, body({ resourceVersion: "" })),
      put(`${path}/p`, body({ resourceVersion: "0" })),
      put(`${path}/p`, body({ resourceVersion: "1" })),
      put(`${path}/p`, body({ resourceVersion: "abc" })),
      put(`${path}/p`, body({ resourceVersion: version, uid: "11111111-2222-3333-4444-555555555555" })),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version }, { spec: { color: "blue", replicas: "x" } })),
      put(
        `${path}/p?dryRun=All`,
        body({ resourceVersion: version }, { spec: { color: "blue" }, status: { ready: false } }),
      ),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version, labels: { a: "b" }, generation: 99 })),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version, namespace: "x" })),
      put(`${path}/p?dryRun=All`, { ...body({ resourceVersion: version }), kind: "Other" }),
      put(`${path}/p?dryRun=All`, { ...body({ resourceVersion: version }), apiVersion: `${group}/v2` }),
      put(`${path}/p?dryRun=All`, { ...body({ resourceVersion: version }), apiVersion: `${group}/v1beta1` }),
      put(`${path}/p?dryRun=All`, { metadata: { name: "p", resourceVersion: version } }),
      put(`${path}/p?dryRun=All`, body({ name: "q", resourceVersion: version })),
      put(
        `${path}/p?dryRun=All&fieldValidation=Strict`,
        body({ resourceVersion: version, odd: 1 }, { spec: { odd: 1 }, odd: 2 }),
      ),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version, odd: 1 }, { spec: { odd: 1 }, odd: 2 })),
      put(
        `${path}/p?dryRun=All`,
        body({
          resourceVersion: version,
          deletionTimestamp: "2020-01-01T00:00:00Z",
          creationTimestamp: "2020-01-01T00:00:00Z",
        }),
      ),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version, finalizers: ["x", "example.com/y"] })),
      put(`${path}/p?dryRun=All`, body({ resourceVersion: version, ownerReferences: [{}] })),
      put(
        `${path}/p/status`,
        body(
          { resourceVersion: version, labels: { s: "t" } },
          { spec: { color: "no" }, status: { ready: true, replicas: 1 } },
        ),
      ),
      put(`${path}/p/status`, body({}, { status: {} })),
      patch(`${path}/p/status`, { status: { replicas: "x" } }),
      patch(`${path}/p/status`, [{ op: "replace", path: "/status/replicas", value: 4 }], JSON_PATCH),
      patch(`${path}/p/status`, {}, STRATEGIC),
      put(`${path}/p/scale`, {
        apiVersion: "autoscaling/v1",
        kind: "Scale",
        metadata: { name: "p" },
        spec: { replicas: 4 },
      }),
      patch(`${path}/p/scale`, { spec: { replicas: 5 } }),
      patch(`${path}/p`, { spec: { replicas: 6, color: null } }),
      patch(`${path}/p`, { spec: { list: null, when: "not a time" } }),
      patch(`${path}/p`, { metadata: { labels: { a: "b" }, annotations: { c: "d" } } }),
      patch(`${path}/p`, {}),
      patch(`/apis/${group}/v1beta1/paints/p?fieldManager=beta`, { spec: { color: "beta" } }),
      patch(
        `/apis/${group}/v1beta1/paints/p?fieldManager=app`,
        { apiVersion: `${group}/v1beta1`, kind: "Paint", metadata: { name: "p" }, spec: { color: "app", replicas: 7 } },
        { "Content-Type": "application/apply-patch+yaml" },
      ),
      patch(
        `${path}/p?fieldManager=app2`,
        { ...id, metadata: { name: "p" }, spec: { color: "two" } },
        { "Content-Type": "application/apply-patch+yaml" },
      ),
      patch(
        `${path}/p?fieldManager=app2&force=true`,
        { ...id, metadata: { name: "p" }, spec: { color: "two" } },
        { "Content-Type": "application/apply-patch+yaml" },
      ),
      patch(
        `/apis/${group}/v1beta1/paints/p?fieldManager=app2`,
        { apiVersion: `${group}/v1beta1`, kind: "Paint", metadata: { name: "p" }, spec: { replicas: 7 } },
        { "Content-Type": "application/apply-patch+yaml" },
      ),
      read(`${path}/p`),
      read(`/apis/${group}/v1beta1/paints/p`),
      patch(`${path}/none`, {}),
      put(`${path}/none/status`, body({ name: "none" })),
      read(`${path}/p`, TABLE),
    ];
  },
};

export const customWatches: TopicScenarios = {
  custom: (ns) => {
    const group = `${ns}.example.com`;
    const path = `/apis/${group}/v1/namespaces/${ns}/paints`;
    const old = `/apis/${group}/v1beta1/namespaces/${ns}/paints`;
    const body = (name: string, spec: object = {}, labels: object = {}) => ({
      apiVersion: `${group}/v1`,
      kind: "Paint",
      metadata: { name, labels },
      spec,
    });
    const initial = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    return [
      ...definition(group, "Namespaced"),
      post(path, body("a")),
      watch("all", `${path}?watch=1`, 4, [
        post(path, body("b", { color: "blue" })),
        patch(`${path}/b`, { spec: { replicas: 1 } }),
        patch(`${path}/b/status`, { status: { ready: true } }),
      ]),
      watch("field", `${path}?watch=1&fieldSelector=spec.color%3Dblue`, 2, [
        patch(`${path}/b`, { spec: { color: "red" } }),
        patch(`${path}/b`, { spec: { color: "blue" } }),
      ]),
      watch("label", `${path}?watch=1&labelSelector=l`, 2, [
        patch(`${path}/a`, { metadata: { labels: { l: "1" } } }),
        patch(`${path}/a`, { metadata: { labels: { l: null } } }),
      ]),
      watch("table", `${path}?watch=1`, 3, [patch(`${path}/a`, { spec: { list: ["q", "r"] } })], TABLE),
      watch("partial", `${path}?watch=1`, 3, [patch(`${path}/a`, { spec: { replicas: 2 } })], PARTIAL),
      watch("beta", `${old}?watch=1`, 3, [patch(`${path}/a`, { spec: { replicas: 3 } })]),
      watch("initial", `${path}?${initial}`, 3),
      watch("initial-table", `${path}?${initial}`, 3, [], TABLE),
      watch("initial-partial", `${path}?${initial}`, 3, [], PARTIAL),
      watch("initial-beta", `${old}?${initial}`, 3),
      watch("bookmarks", `${path}?watch=1&allowWatchBookmarks=true`, 3),
      watch("scale", `${path}?watch=1&fieldSelector=metadata.name%3Da`, 2, [
        patch(`${path}/a/scale`, { spec: { replicas: 8 } }),
      ]),
      watch("bad-field", `${path}?watch=1&fieldSelector=spec.replicas%3D1`, 1),
      watch("bad-version", `${path}?watch=1&resourceVersion=x`, 1),
      watch("yaml", `${path}?watch=1`, 1, [], YAML),
      watch("old-path", `/apis/${group}/v1/watch/namespaces/${ns}/paints`, 2),
      watch("old-path-one", `/apis/${group}/v1/watch/namespaces/${ns}/paints/a`, 1),
      watch("one", `${path}/a?watch=1`, 1),
      watch("gone", `${path}?watch=1`, 4, [remove(`${path}/b`), remove(`${path}/a`)]),
    ];
  },
};

export const customDiscovery: TopicScenarios = {
  custom: (ns) => {
    const group = `${ns}.example.com`;
    return [
      ...definition(group, "Namespaced"),
      ...[
        `/apis/${group}`,
        `/apis/${group}/`,
        `/apis/${group}/v1`,
        `/apis/${group}/v1beta1`,
        `/apis/${group}/v2`,
        `/apis/${group}/v1/`,
        `/apis/${group}/v1/nothings`,
        `/apis/${group}/v1/namespaces/${ns}/nothings`,
        `/apis/${group}/v1/namespaces/${ns}/paints/x/y`,
        `/apis/${group}/v1/namespaces/${ns}/paints/x/status/z`,
        `/openapi/v3/apis/${group}/v2`,
      ].flatMap((path) => [read(path), read(path, YAML), read(path, V2), read(path, undefined, "plain")]),
      ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"].flatMap((method) =>
        [
          `/apis/${group}`,
          `/apis/${group}/v1`,
          `/apis/${group}/v1/paints`,
          `/apis/${group}/v1/namespaces/${ns}/paints`,
          `/apis/${group}/v1/namespaces/${ns}/paints/x`,
          `/apis/${group}/v1/namespaces/${ns}/paints/x/status`,
          `/apis/${group}/v1/namespaces/${ns}/paints/x/scale`,
          `/apis/${group}/v9/namespaces/${ns}/paints`,
        ].map((path) => ({ ...get(path), name: `${method} ${path}`, request: { method, path } })),
      ),
    ];
  },
};
