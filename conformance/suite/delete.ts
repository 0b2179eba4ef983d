/**
 * Deleting: answers by kind, options, finalizers, collections.
 */
import assert from "node:assert/strict";
import { isConflict, isNotFound } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post, put, remove } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const OPTIONS: readonly (readonly [string, unknown?])[] = [
  ["propagationPolicy=Foreground"],
  ["propagationPolicy=Background"],
  ["propagationPolicy=Orphan"],
  ["propagationPolicy=Never"],
  ["gracePeriodSeconds=0"],
  ["gracePeriodSeconds=5"],
  ["gracePeriodSeconds=-1"],
  ["gracePeriodSeconds=abc"],
  ["dryRun=All"],
  ["dryRun=Some"],
  ["orphanDependents=true"],
  ["orphanDependents=true&propagationPolicy=Orphan"],
  ["", { propagationPolicy: "Foreground" }],
  ["", { propagationPolicy: "Nothing" }],
  ["", { preconditions: { uid: "u" } }],
  ["", { preconditions: { resourceVersion: "1" } }],
  ["", { dryRun: ["All"] }],
  ["", { apiVersion: "v1", kind: "DeleteOptions" }],
  ["", { apiVersion: "meta.k8s.io/v1", kind: "DeleteOptions" }],
  ["", { apiVersion: "v1", kind: "ConfigMap" }],
  ["", { unknown: 1 }],
  ["", "[]"],
  ["", "{"],
  ["propagationPolicy=Orphan", { propagationPolicy: "Foreground" }],
];

const COLLECTION = [
  "",
  "labelSelector=parity=1",
  "labelSelector=parity=7",
  "fieldSelector=metadata.name=b",
  "limit=2",
  "dryRun=All",
  "labelSelector=,,",
  "fieldSelector=data=x",
  "resourceVersion=abc",
];

export const deleteCases: readonly SuiteCase[] = [
  ...family(
    SAMPLES.filter(({ kind }) => kind !== "Namespace"),
    (sample) =>
      differential(
        "delete",
        `of a ${kindOf(sample)}`,
        [remove(pathOf(sample)), get(pathOf(sample)), remove(pathOf(sample))],
        { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample)))] },
      ),
  ),
  ...family(OPTIONS, ([query, body]) =>
    differential(
      "delete",
      `with ${query === "" ? JSON.stringify(body) : `?${query}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`}`,
      [
        remove(`~/configmaps/a?${query}`, body),
        get("~/configmaps/a"),
        remove(`~/pods/a?${query}`, body),
        get("~/pods/a"),
      ],
      {
        setup: [
          post("~/configmaps", { metadata: { name: "a" } }),
          post("~/pods", { metadata: { name: "a" }, spec: { containers: [{ name: "c", image: "i" }] } }),
        ],
      },
    ),
  ),
  ...family(COLLECTION, (query) =>
    differential("delete", `a collection with ?${query}`, [remove(`~/configmaps?${query}`), get("~/configmaps")], {
      setup: ["a", "b", "c"].map((name, index) =>
        post("~/configmaps", { metadata: { name, labels: { parity: String(index % 2) } } }),
      ),
    }),
  ),
  differential(
    "delete",
    "waits for finalizers",
    [
      remove("~/configmaps/a"),
      remove("~/configmaps/a"),
      post("~/configmaps", { metadata: { name: "a" } }),
      put("~/configmaps/a", { metadata: { name: "a", finalizers: ["example.com/x", "example.com/y"] } }),
      put("~/configmaps/a", { metadata: { name: "a", finalizers: ["example.com/x"] }, data: { k: "v" } }),
      patch("json", "~/configmaps/a", [{ op: "remove", path: "/metadata/finalizers" }]),
      get("~/configmaps/a"),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a", finalizers: ["example.com/x"] } })] },
  ),
  differential(
    "delete",
    "lets a Pod on a node end in its time",
    [
      remove("~/pods/a"),
      get("~/pods/a"),
      remove("~/pods/a?gracePeriodSeconds=60"),
      remove("~/pods/a?gracePeriodSeconds=5"),
      remove("~/pods/a?gracePeriodSeconds=0"),
      get("~/pods/a"),
    ],
    {
      setup: [
        post("~/pods", {
          metadata: { name: "a" },
          spec: { nodeName: "n", terminationGracePeriodSeconds: 40, containers: [{ name: "c", image: "i" }] },
        }),
      ],
    },
  ),
  differential("delete", "of what cannot be deleted so", [
    remove("/api/v1/namespaces"),
    remove("~/configmaps/missing"),
    remove("~/nothing/a"),
    remove("/api/v1/configmaps/a"),
    remove("/api/v1/namespaces/kube-system"),
    remove("~/services"),
  ]),
  clientCase("delete", "removes, and the second time is NotFound", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" } });
    await maps.delete("a");
    await assert.rejects(maps.delete("a"), isNotFound);
  }),
  clientCase("delete", "with preconditions spares another object of the name", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const old = await maps.create({ metadata: { name: "a" } });
    await maps.delete("a");
    await maps.create({ metadata: { name: "a" } });
    await assert.rejects(maps.delete("a", { preconditions: { uid: old.metadata.uid } }), isConflict);
    const { metadata } = await maps.get("a");
    await maps.patch("a", { data: { k: "1" } });
    await assert.rejects(
      maps.delete("a", { preconditions: { resourceVersion: metadata.resourceVersion } }),
      isConflict,
    );
    await maps.delete("a", { preconditions: { uid: metadata.uid } });
    assert.equal(await maps.find("a"), undefined);
  }),
  clientCase("delete", "waits until the object is gone where asked", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a", finalizers: ["example.com/hold"] } });
    const deleting = maps.delete("a", { wait: true });
    await maps.wait("a", ({ metadata }) => metadata.deletionTimestamp !== undefined);
    await maps.patch("a", { metadata: { finalizers: null } });
    await deleting;
    assert.equal(await maps.find("a"), undefined);
  }),
  clientCase("delete", "of a collection takes what the selector selects", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    for (const name of ["a", "b", "c"]) {
      await maps.create({ metadata: { name, labels: { keep: name === "b" ? "yes" : "no" } } });
    }
    await maps.deleteCollection({ labelSelector: { keep: "no" } });
    const left = (await maps.list({ labelSelector: "keep" })).items;
    assert.deepEqual(
      left.map(({ metadata }) => metadata.name),
      ["b"],
    );
    await maps.deleteCollection({ fieldSelector: { "metadata.name": "b" } });
    assert.deepEqual((await maps.list({ labelSelector: "keep" })).items, []);
  }),
  clientCase(
    "delete",
    "of a collection is refused before it is sent where nothing is selected by",
    async ({ client, namespace }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await assert.rejects(maps.deleteCollection({ labelSelector: "" }), { code: "UnguardedDeleteCollection" });
      await assert.rejects(maps.deleteCollection({ labelSelector: {} }), { code: "UnguardedDeleteCollection" });
    },
  ),
  clientCase("delete", "as a dry run leaves the object", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" } });
    await maps.delete("a", { dryRun: true });
    assert.equal((await maps.get("a")).metadata.deletionTimestamp, undefined);
  }),
  clientCase(
    "delete",
    "in the foreground marks the object and leaves it to the collector",
    async ({ client, namespace, server, cleanup }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      const owner = await maps.create({ metadata: { name: "owner" } });
      await maps.create({
        metadata: {
          name: "owned",
          ownerReferences: [
            { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid, blockOwnerDeletion: true },
          ],
        },
      });
      await maps.delete("owner", { propagationPolicy: "Foreground" });
      if (server.hasControllers) return void (await maps.wait("owner", "deleted", { timeoutMs: 30_000 }));
      const { metadata } = await maps.get("owner");
      assert.deepEqual(metadata.finalizers, ["foregroundDeletion"]);
      cleanup(() => maps.patch("owner", { metadata: { finalizers: null } }));
    },
  ),
];
