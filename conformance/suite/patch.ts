/**
 * Patches of the three types, their failures, and what they leave alone.
 */
import assert from "node:assert/strict";
import { isConflict, isInvalid, isNotFound, type KindMap, type New } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const base = { metadata: { name: "a", labels: { x: "y" } }, data: { k: "1", l: "2" } };

const JSON_PATCHES: Readonly<Record<string, unknown>> = {
  adds: [{ op: "add", path: "/data/m", value: "3" }],
  replaces: [{ op: "replace", path: "/data/k", value: "9" }],
  "replaces what is missing": [{ op: "replace", path: "/data/missing", value: "9" }],
  removes: [{ op: "remove", path: "/data/k" }],
  "removes what is missing": [{ op: "remove", path: "/data/missing" }],
  moves: [{ op: "move", from: "/data/k", path: "/data/n" }],
  copies: [{ op: "copy", from: "/data/k", path: "/data/n" }],
  "copies what is missing": [{ op: "copy", from: "/data/missing", path: "/data/n" }],
  "tests and goes on": [
    { op: "test", path: "/data/k", value: "1" },
    { op: "add", path: "/data/z", value: "z" },
  ],
  "tests and fails": [
    { op: "test", path: "/data/k", value: "2" },
    { op: "add", path: "/data/z", value: "z" },
  ],
  "has an unknown operation": [{ op: "frobnicate", path: "/data/k" }],
  "has no path": [{ op: "add", value: "x" }],
  "has a path without slash": [{ op: "add", path: "data/k", value: "x" }],
  escapes: [
    { op: "add", path: "/metadata/annotations", value: {} },
    { op: "add", path: "/metadata/annotations/a~1b", value: "c" },
  ],
  "goes through nothing": [{ op: "add", path: "/nothing/k", value: "x" }],
  "is an object": { op: "add", path: "/data/k", value: "x" },
  "is empty": [],
  "is null": null,
  renames: [{ op: "replace", path: "/metadata/name", value: "b" }],
  "gives a wrong type": [{ op: "add", path: "/data/k", value: 7 }],
  "adds an unknown field": [{ op: "add", path: "/unknown", value: 7 }],
};

const MERGE_PATCHES: Readonly<Record<string, unknown>> = {
  adds: { data: { m: "3" } },
  removes: { data: { k: null } },
  "removes all": { data: null },
  "removes what is missing": { data: { missing: null } },
  "changes nothing": { data: { k: "1" } },
  "is empty": {},
  "is a list": [],
  "is null": null,
  "gives a wrong type": { data: "x" },
  "gives a wrong type deep": { data: { k: 7 } },
  "adds an unknown field": { unknown: 1 },
  renames: { metadata: { name: "b" } },
  "moves to another namespace": { metadata: { namespace: "default" } },
  "changes the kind": { kind: "Secret" },
  "changes the version": { apiVersion: "v2" },
  "has a stale version": { metadata: { resourceVersion: "1" }, data: { k: "9" } },
  "clears managedFields": { metadata: { managedFields: [{}] } },
  "sets labels to null": { metadata: { labels: null } },
  "has bad labels": { metadata: { labels: { "a b": "c" } } },
};

const deployment: New<KindMap["apps/v1/Deployment"]> = {
  metadata: { name: "a" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "a" } },
    template: {
      metadata: { labels: { app: "a" } },
      spec: {
        containers: [
          {
            name: "one",
            image: "i:1",
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "2" },
            ],
            ports: [{ containerPort: 80 }],
          },
          { name: "two", image: "i:2" },
        ],
        volumes: [{ name: "v", emptyDir: {} }],
        tolerations: [{ key: "k", operator: "Exists" }],
      },
    },
  },
};

const inTemplate = (spec: unknown) => ({ spec: { template: { spec } } });

const STRATEGIC_PATCHES: Readonly<Record<string, unknown>> = {
  "changes a container by name": inTemplate({ containers: [{ name: "one", image: "i:9" }] }),
  "adds a container": inTemplate({ containers: [{ name: "three", image: "i:3" }] }),
  "deletes a container": inTemplate({ containers: [{ name: "two", $patch: "delete" }] }),
  "replaces the containers": inTemplate({ containers: [{ $patch: "replace" }, { name: "only", image: "i" }] }),
  "orders the containers": inTemplate({
    $setElementOrder: undefined,
    "$setElementOrder/containers": [{ name: "two" }, { name: "one" }],
  }),
  "changes an env": inTemplate({ containers: [{ name: "one", env: [{ name: "A", value: "9" }] }] }),
  "removes an env": inTemplate({ containers: [{ name: "one", env: [{ name: "B", $patch: "delete" }] }] }),
  "adds a port": inTemplate({ containers: [{ name: "one", ports: [{ containerPort: 81 }] }] }),
  "replaces an atomic list": inTemplate({ tolerations: [{ key: "other", operator: "Exists" }] }),
  "replaces a volume's source": inTemplate({
    volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" }, emptyDir: null }],
  }),
  "has no merge key": inTemplate({ containers: [{ image: "i:9" }] }),
  "has an unknown directive": inTemplate({ containers: [{ name: "one", $patch: "frobnicate" }] }),
  "replaces the strategy": { spec: { strategy: { $patch: "replace", type: "Recreate" } } },
  "replaces the strategy halfway": { spec: { strategy: { type: "Recreate" } } },
  "removes replicas": { spec: { replicas: null } },
  "gives a wrong type": { spec: { replicas: "three" } },
  "gives a list for a map": { spec: [] },
  "is a list": [],
  "deletes from a primitive list": { metadata: { "$deleteFromPrimitiveList/finalizers": ["x"] } },
};

const OPTIONS = [
  "dryRun=All",
  "force=true",
  "fieldManager=me",
  "fieldValidation=Strict",
  "fieldValidation=Ignore",
  "fieldValidation=Oops",
];

export const patchCases: readonly SuiteCase[] = [
  ...family(
    SAMPLES.filter(({ change }) => change !== undefined),
    (sample) =>
      differential(
        "patch",
        `of a ${kindOf(sample)}, merge and strategic`,
        [
          patch("merge", pathOf(sample), sample.change),
          patch("strategic", pathOf(sample), { metadata: { annotations: { a: "b" } } }),
          patch("strategic", pathOf(sample), sample.change),
        ],
        { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample)))] },
      ),
  ),
  ...family(Object.entries(JSON_PATCHES), ([about, body]) =>
    differential(
      "patch",
      `JSON patch that ${about}`,
      [patch("json", "~/configmaps/a", JSON.stringify(body)), get("~/configmaps/a")],
      {
        setup: [post("~/configmaps", base)],
      },
    ),
  ),
  ...family(Object.entries(MERGE_PATCHES), ([about, body]) =>
    differential(
      "patch",
      `merge patch that ${about}`,
      [
        patch("merge", "~/configmaps/a", JSON.stringify(body)),
        get("~/configmaps/a"),
        patch("strategic", "~/configmaps/a", JSON.stringify(body)),
      ],
      { setup: [post("~/configmaps", base)] },
    ),
  ),
  ...family(Object.entries(STRATEGIC_PATCHES), ([about, body]) =>
    differential(
      "patch",
      `strategic patch that ${about}`,
      [patch("strategic", "~apps/v1/deployments/a", body), get("~apps/v1/deployments/a")],
      {
        setup: [post("~apps/v1/deployments", deployment)],
      },
    ),
  ),
  ...family(OPTIONS, (query) =>
    differential(
      "patch",
      `with ?${query}`,
      [
        patch("merge", `~/configmaps/a?${query}`, { data: { k: "9" }, unknown: 1 }),
        patch("json", `~/configmaps/a?${query}`, [
          { op: "add", path: "/data/x", value: "1" },
          { op: "add", path: "/unknown", value: "1" },
        ]),
        get("~/configmaps/a"),
      ],
      { setup: [post("~/configmaps", base)] },
    ),
  ),
  differential(
    "patch",
    "with other media types",
    [
      "application/json",
      "text/plain",
      "application/yaml",
      "application/merge-patch+yaml",
      "application/merge-patch+json; charset=utf-8",
    ].map((type) => patch("merge", "~/configmaps/a", { data: { k: "9" } }, { headers: { "Content-Type": type } })),
    { setup: [post("~/configmaps", base)] },
  ),
  differential("patch", "of what is not there", [
    patch("merge", "~/configmaps/missing", { data: {} }),
    patch("json", "~/configmaps/missing", []),
    patch("strategic", "~/configmaps/missing", {}),
    patch("merge", "~/configmaps", { data: {} }),
  ]),
  clientCase("patch", "merges, and null removes", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a", labels: { x: "y" } }, data: { a: "1", b: "2" } });
    const patched = await maps.patch("a", { data: { c: "3" }, metadata: { labels: { x: null, z: "w" } } });
    assert.deepEqual([patched.data, patched.metadata.labels], [{ a: "1", b: "2", c: "3" }, { z: "w" }]);
    assert.equal((await maps.patch("a", { data: null })).data, undefined);
  }),
  clientCase("patch", "strategically, by the keys of lists", async ({ client, namespace }) => {
    const deployments = client.resource("apps/v1", "Deployment", { namespace });
    await deployments.create(deployment);
    const patched = await deployments.patch(
      "a",
      {
        spec: {
          template: {
            spec: {
              containers: [
                { name: "one", env: [{ name: "A", value: "9" }] },
                { name: "two", $patch: "delete" },
              ],
            },
          },
        },
      },
      { type: "strategic" },
    );
    const containers = patched.spec.template.spec?.containers;
    assert.deepEqual(
      containers?.map(({ name }) => name),
      ["one"],
    );
    assert.deepEqual(containers?.[0]?.env, [
      { name: "A", value: "9" },
      { name: "B", value: "2" },
    ]);
  }),
  clientCase("patch", "by JSON patch does all or nothing", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" }, data: { k: "1" } });
    const operations = [
      { op: "replace", path: "/data/k", value: "2" },
      { op: "test", path: "/data/k", value: "3" },
    ] as const;
    await assert.rejects(maps.patchJson("a", operations), isInvalid);
    assert.deepEqual((await maps.get("a")).data, { k: "1" });
    assert.deepEqual((await maps.patchJson("a", [{ op: "add", path: "/data/m", value: "4" }])).data, {
      k: "1",
      m: "4",
    });
  }),
  clientCase("patch", "with a version is a condition", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const { metadata } = await maps.create({ metadata: { name: "a" } });
    const { resourceVersion } = metadata;
    await maps.patch("a", { metadata: { resourceVersion }, data: { k: "1" } });
    await assert.rejects(maps.patch("a", { metadata: { resourceVersion }, data: { k: "2" } }), isConflict);
  }),
  clientCase("patch", "as a dry run answers the change and stores nothing", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" }, data: { k: "1" } });
    assert.deepEqual((await maps.patch("a", { data: { k: "2" } }, { dryRun: true })).data, { k: "2" });
    assert.deepEqual((await maps.get("a")).data, { k: "1" });
  }),
  clientCase("patch", "of nothing is NotFound", async ({ client, namespace }) => {
    await assert.rejects(client.resource("v1", "ConfigMap", { namespace }).patch("a", { data: {} }), isNotFound);
  }),
  clientCase("patch", "replaces a keyed list only where that is said", async ({ client, namespace }) => {
    const deployments = client.resource("apps/v1", "Deployment", { namespace });
    await deployments.create(deployment);
    const body = inTemplate({ containers: [{ name: "only", image: "i" }] });
    await assert.rejects(deployments.patch("a", body as object), { code: "KeyedListReplaced" });
    const patched = await deployments.patch("a", body as object, { type: "merge" });
    assert.deepEqual(
      patched.spec.template.spec?.containers.map(({ name }) => name),
      ["only"],
    );
  }),
];
