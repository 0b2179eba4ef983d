/**
 * Watching: the present state, changes in order, selectors, bookmarks, where a watch may begin.
 */
import assert from "node:assert/strict";
import type { Existing, KindMap, WatchEvent } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { bodyOf, differential, family, get, patch, post, put, remove, watch } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const QUERIES = [
  "watch=true&resourceVersion=abc",
  "watch=maybe",
  "watch=true&limit=1&timeoutSeconds=1&fieldSelector=metadata.name=x",
  "watch=true&sendInitialEvents=true",
  "watch=true&sendInitialEvents=true&resourceVersionMatch=Exact",
  "watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan",
  "watch=true&resourceVersionMatch=NotOlderThan",
  "watch=true&resourceVersionMatch=Exact&resourceVersion=1",
  "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
  "watch=true&continue=abc",
  "watch=true&labelSelector=a,,b",
  "watch=true&fieldSelector=data=b",
];

const STARTS = ["watch=true", "watch=1", "watch=true&resourceVersion=0", "watch=true&resourceVersion="];

/** The next events of a watch, in short. */
async function take<T extends KindMap[keyof KindMap]>(
  events: AsyncIterable<WatchEvent<T>>,
  count: number,
): Promise<string[]> {
  const seen: string[] = [];
  for await (const { type, object } of events) {
    seen.push(`${type} ${(object as Existing<KindMap["v1/ConfigMap"]>).metadata.name}`);
    if (seen.length === count) break;
  }
  return seen;
}

const LIST_WITH_BOOKMARK =
  "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";

export const watchCases: readonly SuiteCase[] = [
  ...family(
    SAMPLES.filter(({ isNamespaced }) => isNamespaced),
    (sample) =>
      differential("watch", `of a ${kindOf(sample)}'s life`, [
        watch(`${collectionOf(sample)}?watch=true&fieldSelector=metadata.name=a`, 3, [
          post(collectionOf(sample), objectOf(sample, nameOf(sample))),
          patch("merge", pathOf(sample), { metadata: { labels: { x: "y" } } }),
          remove(`${pathOf(sample)}?gracePeriodSeconds=0&propagationPolicy=Background`),
        ]),
      ]),
  ),
  ...family(QUERIES, (query) =>
    differential("watch", `refuses or takes ?${query}`, [
      get(`~/configmaps?${query}`, query.includes("timeout") ? {} : { watch: { seconds: 0.3 } }),
    ]),
  ),
  ...family(STARTS, (query) =>
    differential(
      "watch",
      `begins with the present state with ?${query}`,
      [watch(`~/configmaps?${query}`, 3, [post("~/configmaps", { metadata: { name: "c" } })], { initial: 2 })],
      { setup: ["b", "a"].map((name) => post("~/configmaps", { metadata: { name } })) },
    ),
  ),
  differential(
    "watch",
    "streams a list with its end marked",
    [
      watch(`~/configmaps?${LIST_WITH_BOOKMARK}`, 4, [post("~/configmaps", { metadata: { name: "c" } })], {
        initial: 3,
      }),
    ],
    { setup: ["a", "b"].map((name) => post("~/configmaps", { metadata: { name } })) },
  ),
  differential("watch", "streams an empty list with its end marked", [
    watch(`~/configmaps?${LIST_WITH_BOOKMARK}`, 1, []),
    watch(`~/configmaps?${LIST_WITH_BOOKMARK}&labelSelector=a=b`, 1, []),
    watch(`~/configmaps?${LIST_WITH_BOOKMARK}&resourceVersion=0`, 1, []),
  ]),
  differential(
    "watch",
    "goes on from an object's version",
    [
      patch("merge", "~/configmaps/a", { data: { n: "1" } }),
      patch("merge", "~/configmaps/a", { data: { n: "2" } }),
      watch(`~/configmaps?watch=true&resourceVersion=${bodyOf("s1", "metadata.resourceVersion")}`, 2, [
        patch("merge", "~/configmaps/a", { data: { n: "3" } }),
      ]),
      watch(`~/configmaps?watch=true&resourceVersion=${bodyOf("s2", "metadata.resourceVersion")}`, 2, [
        remove("~/configmaps/a"),
      ]),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a" } })] },
  ),
  differential(
    "watch",
    "sees objects enter and leave a selector",
    [
      watch("~/configmaps?watch=true&labelSelector=on=yes", 5, [
        patch("merge", "~/configmaps/a", { metadata: { labels: { on: "yes" } } }),
        patch("merge", "~/configmaps/a", { data: { k: "1" } }),
        patch("merge", "~/configmaps/a", { metadata: { labels: { on: "no" } } }),
        patch("merge", "~/configmaps/a", { data: { k: "2" } }),
        patch("merge", "~/configmaps/a", { metadata: { labels: { on: "yes" } } }),
        remove("~/configmaps/a"),
      ]),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a" } })] },
  ),
  differential(
    "watch",
    "is not told of writes that change nothing",
    [
      watch("~/configmaps?watch=true", 2, [
        put("~/configmaps/a", { metadata: { name: "a" }, data: { k: "1" } }),
        patch("merge", "~/configmaps/a", { data: { k: "1" } }),
        patch("merge", "~/configmaps/a", { data: { k: "2" } }),
      ]),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a" }, data: { k: "1" } })] },
  ),
  differential(
    "watch",
    "of an object with finalizers sees its deletion in two steps",
    [
      watch("~/configmaps?watch=true", 3, [
        remove("~/configmaps/a"),
        patch("merge", "~/configmaps/a", { metadata: { finalizers: null } }),
      ]),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a", finalizers: ["example.com/x"] } })] },
  ),
  differential(
    "watch",
    "in other forms",
    [
      watch("~/configmaps?watch=true", 2, [patch("merge", "~/configmaps/a", { data: { k: "2" } })], {
        headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
      }),
      watch("~/configmaps?watch=true", 2, [patch("merge", "~/configmaps/a", { data: { k: "3" } })], {
        headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
      }),
      get("~/configmaps?watch=true", { headers: { Accept: "application/yaml" } }),
      get("~/configmaps/a?watch=true"),
      get("/api/v1/watch/namespaces/{ns}/configmaps?timeoutSeconds=1", { watch: { seconds: 0.3 } }),
    ],
    { setup: [post("~/configmaps", { metadata: { name: "a" }, data: { k: "1" } })] },
  ),
  clientCase("watch", "gives the present state in order, then each change", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "b" } });
    await secrets.create({ metadata: { name: "a" } });
    const events = secrets.watch({ signal })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => {
      const { value } = await events.next();
      return `${value?.type} ${value?.object.metadata.name}`;
    };
    assert.deepEqual([await next(), await next()], ["ADDED a", "ADDED b"]);
    await secrets.patch("a", { data: { k: "MQ==" } });
    await secrets.delete("b");
    await secrets.create({ metadata: { name: "c" } });
    assert.deepEqual([await next(), await next(), await next()], ["MODIFIED a", "DELETED b", "ADDED c"]);
    await events.return?.();
  }),
  clientCase(
    "watch",
    "from a list's version misses nothing and repeats nothing",
    async ({ client, namespace, signal }) => {
      const secrets = client.resource("v1", "Secret", { namespace });
      await secrets.create({ metadata: { name: "a" } });
      const { metadata } = await secrets.list();
      const count = 20;
      for (let n = 0; n < count; n++) await secrets.patch("a", { data: { n: btoa(String(n)) } });
      const seen: string[] = [];
      for await (const { type, object } of secrets.watch({ resourceVersion: metadata.resourceVersion, signal })) {
        seen.push(`${type} ${atob(object.data?.["n"] ?? "")}`);
        if (seen.length === count) break;
      }
      assert.deepEqual(
        seen,
        Array.from({ length: count }, (_, n) => `MODIFIED ${n}`),
      );
    },
  ),
  clientCase("watch", "with selectors sees only what they select", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "a", labels: { on: "yes" } } });
    await secrets.create({ metadata: { name: "b" } });
    const { resourceVersion } = (await secrets.list()).metadata;
    const byLabel = take(secrets.watch({ labelSelector: { on: "yes" }, resourceVersion, signal }), 2);
    const byField = take(secrets.watch({ fieldSelector: { "metadata.name": "b" }, resourceVersion, signal }), 1);
    await secrets.patch("a", { metadata: { labels: { on: null } } });
    await secrets.patch("b", { metadata: { labels: { on: "yes" } } });
    assert.deepEqual(await byLabel, ["DELETED a", "ADDED b"]);
    assert.deepEqual(await byField, ["MODIFIED b"]);
  }),
  clientCase(
    "watch",
    "marks the end of the present state where bookmarks are wanted",
    async ({ client, namespace, signal }) => {
      const secrets = client.resource("v1", "Secret", { namespace });
      await secrets.create({ metadata: { name: "a" } });
      const seen: string[] = [];
      for await (const event of secrets.watch({ bookmarks: true, labelSelector: { none: "none" }, signal })) {
        seen.push(event.type);
        if (event.type === "BOOKMARK" && event.isInitialEventsEnd) break;
      }
      assert.deepEqual(seen, ["BOOKMARK"]);
    },
  ),
  clientCase("watch", "ends by itself after timeoutMs, without an error", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "a" } });
    const seen: string[] = [];
    for await (const { type } of secrets.watch({ timeoutMs: 700, signal })) seen.push(type);
    assert.deepEqual(seen, ["ADDED"]);
  }),
  clientCase("watch", "rejects with the signal's reason when it is aborted", async ({ client, namespace }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "a" } });
    const reason = new Error("enough");
    const controller = new AbortController();
    await assert.rejects(async () => {
      for await (const _ of secrets.watch({ signal: controller.signal })) controller.abort(reason);
    }, reason);
  }),
  clientCase("watch", "by several at once shows each the same", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    const { metadata } = await secrets.list();
    const watches = Array.from({ length: 8 }, () =>
      take(secrets.watch({ resourceVersion: metadata.resourceVersion, signal }), 6),
    );
    for (const name of ["a", "b", "c"]) await secrets.create({ metadata: { name } });
    for (const name of ["a", "b", "c"]) await secrets.delete(name);
    const [first, ...others] = await Promise.all(watches);
    assert.deepEqual(first, ["ADDED a", "ADDED b", "ADDED c", "DELETED a", "DELETED b", "DELETED c"]);
    for (const other of others) assert.deepEqual(other, first);
  }),
  clientCase("watch", "of metadata only has no data, and keeps the kind", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "a" }, data: { k: "dg==" } });
    for await (const { object } of secrets.metadataOnly().watch({ signal })) {
      assert.deepEqual([object.kind, object.metadata.name, "data" in object], ["Secret", "a", false]);
      break;
    }
  }),
  clientCase("watch", "shows a deleted object in its last state", async ({ client, namespace, signal }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    await secrets.create({ metadata: { name: "a" }, data: { k: "last" } });
    const { metadata } = await secrets.list();
    await secrets.delete("a");
    for await (const { type, object } of secrets.watch({ resourceVersion: metadata.resourceVersion, signal })) {
      assert.deepEqual([type, object.data], ["DELETED", { k: "last" }]);
      break;
    }
  }),
];
