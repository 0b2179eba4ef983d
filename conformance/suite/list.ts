/**
 * Listing: pages, versions, one state from the first page to the last.
 */
import assert from "node:assert/strict";
import { isBadRequest, isExpired } from "bowline";
import { type CaseContext, clientCase, type SuiteCase } from "./case.ts";
import { bodyOf, differential, family, get, post, remove } from "./exchange.ts";

const QUERIES = [
  "",
  "limit=2",
  "limit=0",
  "limit=-1",
  "limit=abc",
  "limit=1000",
  "limit=2&resourceVersion=0",
  "limit=2&labelSelector=parity=1",
  "limit=1&labelSelector=parity=1",
  "limit=2&fieldSelector=metadata.name=b",
  "continue=abc",
  "continue=%7B%7D",
  "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjIifQ",
  "resourceVersion=0",
  "resourceVersion=abc",
  "resourceVersion=0&resourceVersionMatch=NotOlderThan",
  "resourceVersion=0&resourceVersionMatch=Exact",
  "resourceVersionMatch=Exact",
  "resourceVersionMatch=NotOlderThan",
  "resourceVersion=1&resourceVersionMatch=Never",
  "resourceVersion=1&resourceVersionMatch=NotOlderThan",
  "timeoutSeconds=1",
  "timeoutSeconds=abc",
  "sendInitialEvents=true",
  "sendInitialEvents=maybe",
  "allowWatchBookmarks=true",
  "watch=false",
  "watch=0",
];

const NAMES = ["a", "b", "c", "d", "e"];
const setup = NAMES.map((name, index) =>
  post("~/configmaps", { metadata: { name, labels: { parity: String(index % 2) } } }),
);

/** Secrets, since each namespace of a cluster has a ConfigMap of its own. */
async function five({ client, namespace }: CaseContext) {
  const secrets = client.resource("v1", "Secret", { namespace });
  for (const name of NAMES) await secrets.create({ metadata: { name }, stringData: { name } });
  return secrets;
}

export const listCases: readonly SuiteCase[] = [
  ...family(QUERIES, (query) =>
    // The newest state is read first, so that the cache has it.
    differential("list", `with ?${query}`, [get("~/configmaps"), get(`~/configmaps?${query}`)], { setup }),
  ),
  differential(
    "list",
    "page by page",
    [
      get("~/configmaps?limit=2"),
      get(`~/configmaps?limit=2&continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/configmaps?limit=2&continue=${bodyOf("s2", "metadata.continue")}`),
      get(`~/configmaps?limit=1&continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/configmaps?continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/secrets?continue=${bodyOf("s1", "metadata.continue")}`),
    ],
    { setup },
  ),
  differential(
    "list",
    "page by page while the collection changes",
    [
      get("~/configmaps?limit=2"),
      remove("~/configmaps/d"),
      post("~/configmaps", { metadata: { name: "bb" } }),
      get(`~/configmaps?limit=2&continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/configmaps?limit=9&continue=${bodyOf("s1", "metadata.continue")}`),
    ],
    { setup },
  ),
  differential(
    "list",
    "goes on with other parameters than it began with",
    [
      get("~/configmaps?limit=2"),
      get(
        `~/configmaps?limit=2&resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}&continue=${bodyOf("s1", "metadata.continue")}`,
      ),
      get(`~/configmaps?limit=2&resourceVersion=0&continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/configmaps?limit=2&resourceVersionMatch=Exact&continue=${bodyOf("s1", "metadata.continue")}`),
      get(`~/configmaps?limit=2&labelSelector=parity=1&continue=${bodyOf("s1", "metadata.continue")}`),
    ],
    { setup },
  ),
  differential(
    "list",
    "at the exact version of an earlier list",
    [
      get("~/configmaps"),
      remove("~/configmaps/a"),
      get(`~/configmaps?resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}&resourceVersionMatch=Exact`),
      get(`~/configmaps?resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}&resourceVersionMatch=NotOlderThan`),
      get(
        `~/configmaps?resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}&resourceVersionMatch=Exact&limit=2`,
      ),
      get(`~/configmaps?resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}`),
      get(`~/configmaps?resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}&limit=2`),
    ],
    { setup },
  ),
  differential("list", "of nothing", [
    get("~/configmaps"),
    get("~apps/v1/deployments"),
    get("~/configmaps?limit=1"),
    get("/api/v1/namespaces/{ns}-missing/configmaps"),
    get("~/configmaps", { headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } }),
    get("~/configmaps", { headers: { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" } }),
  ]),
  clientCase("list", "gives the same from one page and from many", async (context) => {
    const secrets = await five(context);
    const whole = await secrets.list({ chunkSize: 0 });
    for (const chunkSize of [1, 2, 3, 5, 500]) assert.deepEqual((await secrets.list({ chunkSize })).items, whole.items);
    assert.deepEqual(
      whole.items.map(({ metadata, kind, apiVersion }) => `${apiVersion} ${kind} ${metadata.name}`),
      NAMES.map((name) => `v1 Secret ${name}`),
    );
  }),
  clientCase("list", "shows one state though the collection changes between its pages", async (context) => {
    const secrets = await five(context);
    const seen: string[] = [];
    for await (const { metadata } of secrets.iterate({ chunkSize: 2 })) {
      seen.push(metadata.name);
      if (metadata.name !== "a") continue;
      await secrets.delete("e");
      await secrets.create({ metadata: { name: "bb" } });
    }
    assert.deepEqual(seen, NAMES);
  }),
  clientCase("list", "iterates one page at a time and can be left", async (context) => {
    const secrets = await five(context);
    const seen: string[] = [];
    for await (const { metadata } of secrets.iterate({ chunkSize: 1 })) {
      seen.push(metadata.name);
      if (seen.length === 2) break;
    }
    assert.deepEqual(seen, ["a", "b"]);
  }),
  clientCase("list", "leaves managedFields out where asked, and nothing else", async (context) => {
    const secrets = await five(context);
    const [whole] = (await secrets.list()).items;
    const [lean] = (await secrets.list({ omitManagedFields: true })).items;
    assert.ok(whole?.metadata.managedFields !== undefined && lean !== undefined);
    const { managedFields: _, ...metadata } = whole.metadata;
    assert.deepEqual(lean, { ...whole, metadata });
  }),
  clientCase("list", "at an exact version shows that state", async (context) => {
    const secrets = await five(context);
    const { metadata } = await secrets.list();
    await secrets.delete("a");
    const { resourceVersion } = metadata;
    const before = await secrets.list({ resourceVersion, resourceVersionMatch: "Exact" });
    assert.equal(before.items.length, 5);
    assert.equal((await secrets.list({ resourceVersion, resourceVersionMatch: "NotOlderThan" })).items.length, 4);
  }),
  clientCase("list", "refuses a continue token that is none, and Expired is told from it", async (context) => {
    await five(context);
    const { client, namespace } = context;
    await assert.rejects(client.raw(`/api/v1/namespaces/${namespace}/secrets?limit=1&continue=abc`), (error) => {
      assert.ok(isBadRequest(error));
      assert.equal(isExpired(error), false);
      return true;
    });
  }),
  clientCase("list", "has metadata only, and tables, over the same objects", async (context) => {
    const secrets = await five(context);
    const metadata = await secrets.metadataOnly().list({ chunkSize: 2 });
    assert.deepEqual(
      metadata.items.map((item) => item.metadata.name),
      NAMES,
    );
    assert.ok(metadata.items.every((item) => !("data" in item) && item.kind === "Secret"));
    const table = await secrets.table({ includeObject: "Object" });
    assert.deepEqual(
      table.columns.map(({ name }) => name),
      ["Name", "Type", "Data", "Age"],
    );
    assert.deepEqual(
      table.rows.map(({ object }) => object?.kind),
      NAMES.map(() => "Secret"),
    );
  }),
  clientCase("list", "across namespaces finds objects of each", async ({ client, namespace, cleanup }) => {
    const other = `${namespace}-b`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: other } });
    cleanup(() => client.resource("v1", "Namespace").delete(other));
    const labels = { suite: namespace };
    for (const within of [namespace, other]) {
      await client.resource("v1", "ConfigMap", { namespace: within }).create({ metadata: { name: "a", labels } });
    }
    const { items } = await client.resource("v1", "ConfigMap").list({ labelSelector: labels });
    // By the keys of storage, where "-" comes before the "/" that ends a namespace.
    assert.deepEqual(
      items.map(({ metadata }) => metadata.namespace),
      [other, namespace],
    );
  }),
];
