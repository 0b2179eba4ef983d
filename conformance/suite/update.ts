/**
 * Replacing objects: versions as conditions, what does not change, what may not change.
 */
import assert from "node:assert/strict";
import { isConflict, isInvalid, isNotFound } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { bodyOf, differential, family, get, patch, post, put } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const METADATA: Readonly<Record<string, Record<string, unknown>>> = {
  "no resourceVersion": {},
  "resourceVersion 0": { resourceVersion: "0" },
  "resourceVersion 1": { resourceVersion: "1" },
  "resourceVersion abc": { resourceVersion: "abc" },
  "another uid": { uid: "11111111-2222-3333-4444-555555555555" },
  "another creationTimestamp": { creationTimestamp: "2020-01-01T00:00:00Z" },
  "a deletionTimestamp": { deletionTimestamp: "2020-01-01T00:00:00Z" },
  "another generation": { generation: 9 },
  "another generateName": { generateName: "x-" },
  "another namespace": { namespace: "default" },
  "another name": { name: "b" },
  "no name": { name: "" },
  "empty managedFields": { managedFields: [] },
  finalizers: { finalizers: ["example.com/x"] },
  "a bad label": { labels: { "a b": "c" } },
};

/** Changes that kinds forbid: collection, object, fields that replace. */
const IMMUTABLE: readonly (readonly [string, string, Record<string, unknown>, Record<string, unknown>])[] = [
  [
    "a ConfigMap's data when immutable",
    "~/configmaps",
    { immutable: true, data: { a: "1" } },
    { immutable: true, data: { a: "2" } },
  ],
  ["a ConfigMap's immutable", "~/configmaps", { immutable: true }, { immutable: false }],
  ["a Secret's type", "~/secrets", { type: "Opaque" }, { type: "example.com/x" }],
  [
    "a Deployment's selector",
    "~apps/v1/deployments",
    {
      spec: {
        selector: { matchLabels: { a: "1" } },
        template: { metadata: { labels: { a: "1" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    },
    {
      spec: {
        selector: { matchLabels: { a: "2" } },
        template: { metadata: { labels: { a: "2" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    },
  ],
  [
    "a Pod's containers",
    "~/pods",
    { spec: { containers: [{ name: "c", image: "i" }] } },
    { spec: { containers: [{ name: "c", image: "i", command: ["x"] }] } },
  ],
  [
    "a RoleBinding's role",
    "~rbac.authorization.k8s.io/v1/rolebindings",
    { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" } },
    { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" } },
  ],
  [
    "a Service's clusterIP",
    "~/services",
    { spec: { ports: [{ port: 80 }] } },
    { spec: { ports: [{ port: 80 }], clusterIP: "None" } },
  ],
  [
    "a ControllerRevision's data",
    "~apps/v1/controllerrevisions",
    { revision: 1, data: { a: 1 } },
    { revision: 1, data: { a: 2 } },
  ],
  [
    "an EndpointSlice's addressType",
    "~discovery.k8s.io/v1/endpointslices",
    { addressType: "IPv4", endpoints: [] },
    { addressType: "IPv6", endpoints: [] },
  ],
];

export const updateCases: readonly SuiteCase[] = [
  ...family(SAMPLES, (sample) =>
    differential(
      "update",
      `of a ${kindOf(sample)}, twice the same`,
      [
        put(pathOf(sample), objectOf(sample, nameOf(sample), { labels: { x: "y" } })),
        put(pathOf(sample), objectOf(sample, nameOf(sample), { labels: { x: "y" } })),
        put(pathOf(sample), objectOf(sample, nameOf(sample), { resourceVersion: "1" })),
      ],
      { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample)))] },
    ),
  ),
  ...family(Object.entries(METADATA), ([about, metadata]) =>
    differential(
      "update",
      `with ${about}`,
      [put("~/configmaps/a", { metadata: { name: "a", ...metadata }, data: { k: "2" } }), get("~/configmaps/a")],
      { setup: [post("~/configmaps", { metadata: { name: "a" }, data: { k: "1" } })] },
    ),
  ),
  ...family(IMMUTABLE, ([about, path, before, after]) =>
    differential("update", `of ${about}`, [put(`${path}/a`, { metadata: { name: "a" }, ...after }), get(`${path}/a`)], {
      setup: [post(path, { metadata: { name: "a" }, ...before })],
    }),
  ),
  differential("update", "of what is not there", [
    put("~/configmaps/a", { metadata: { name: "a" } }),
    put("~/configmaps/a", { metadata: { name: "a", uid: "u", resourceVersion: "5" } }),
    put("~coordination.k8s.io/v1/leases/a", { metadata: { name: "a" } }),
    put("~/configmaps", { metadata: { name: "a" } }),
    put("~/serviceaccounts/a", {}),
  ]),
  differential(
    "update",
    "of the version that was read, and of one that was passed",
    [
      get("~/configmaps/a"),
      put("~/configmaps/a", {
        metadata: { name: "a", resourceVersion: bodyOf("s1", "metadata.resourceVersion") },
        data: { k: "2" },
      }),
      put("~/configmaps/a", {
        metadata: { name: "a", resourceVersion: bodyOf("s1", "metadata.resourceVersion") },
        data: { k: "3" },
      }),
      put("~/configmaps/a?dryRun=All", {
        metadata: { name: "a", resourceVersion: bodyOf("s2", "metadata.resourceVersion") },
        data: { k: "4" },
      }),
      put("~/configmaps/a?fieldManager=other", { metadata: { name: "a" }, data: { k: "2", l: "5" } }),
      patch("merge", "~/configmaps/a", {
        metadata: { resourceVersion: bodyOf("s1", "metadata.resourceVersion") },
        data: { k: "6" },
      }),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a" }, data: { k: "1" } })] },
  ),
  clientCase("update", "replaces what was read", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const map = await maps.create({ metadata: { name: "a", labels: { x: "y" } }, data: { a: "1", b: "2" } });
    const updated = await maps.update({ ...map, data: { c: "3" } });
    assert.deepEqual(updated.data, { c: "3" });
    assert.deepEqual(updated.metadata.labels, { x: "y" });
  }),
  clientCase("update", "of an object that has changed since is a Conflict", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const map = await maps.create({ metadata: { name: "a" } });
    await maps.update({ ...map, data: { k: "first" } });
    await assert.rejects(maps.update({ ...map, data: { k: "second" } }), isConflict);
    assert.deepEqual((await maps.get("a")).data, { k: "first" });
  }),
  clientCase("update", "that changes nothing keeps the version", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const map = await maps.create({ metadata: { name: "a" }, data: { k: "v" } });
    assert.equal((await maps.update(map)).metadata.resourceVersion, map.metadata.resourceVersion);
  }),
  clientCase("update", "without managedFields keeps the server's", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" }, data: { k: "v" } });
    const [lean] = (await maps.list({ omitManagedFields: true })).items;
    assert.ok(lean !== undefined);
    const updated = await maps.update({ ...lean, data: { k: "w" } });
    assert.deepEqual(
      updated.metadata.managedFields?.map(({ manager }) => manager),
      ["suite"],
    );
  }),
  clientCase("update", "of a spec counts the generation up, of labels does not", async ({ client, namespace }) => {
    const budgets = client.resource("policy/v1", "PodDisruptionBudget", { namespace });
    const made = await budgets.create({
      metadata: { name: "a" },
      spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
    });
    assert.equal(made.metadata.generation, 1);
    const labelled = await budgets.patch("a", { metadata: { labels: { x: "y" } } });
    assert.equal(labelled.metadata.generation, 1);
    const changed = await budgets.patch("a", { spec: { minAvailable: 2 } });
    assert.equal(changed.metadata.generation, 2);
  }),
  clientCase("update", "edit reads again on conflict until its change is in", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" }, data: { n: "0" } });
    const increment = (): Promise<unknown> =>
      maps.edit("a", (map) => {
        map.data = { n: String(Number(map.data?.["n"]) + 1) };
      });
    await Promise.all([increment(), increment(), increment(), increment()]);
    assert.deepEqual((await maps.get("a")).data, { n: "4" });
  }),
  clientCase(
    "update",
    "of what is gone is NotFound, and of another's uid a Conflict",
    async ({ client, namespace }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      const map = await maps.create({ metadata: { name: "a" } });
      await maps.delete("a");
      await assert.rejects(maps.update(map), (error) => isNotFound(error) || isConflict(error));
      await maps.create({ metadata: { name: "a" } });
      await assert.rejects(maps.update(map), isConflict);
    },
  ),
  clientCase("update", "of an immutable field is Invalid and names it", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const map = await maps.create({ metadata: { name: "a" }, immutable: true, data: { k: "v" } });
    await assert.rejects(maps.update({ ...map, data: { k: "w" } }), (error) => {
      assert.ok(isInvalid(error));
      assert.equal(error.status.details.causes[0]?.field, "data");
      return true;
    });
  }),
];
