import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isExpired, isForbidden } from "bowline";
import { type Answer, fakeClient, type SeenRequest, status } from "./testdata/fake-transport.ts";

const item = (name: string): object => ({
  metadata: { name, namespace: "web", uid: name, resourceVersion: "1", managedFields: [{}] },
  data: { a: "1" },
});

/** Serves `count` config maps by limit and continue. */
function pages(count: number): (request: SeenRequest) => Answer {
  return ({ query }) => {
    const from = Number(query.get("continue") ?? 0);
    const limit = Number(query.get("limit") ?? count);
    const items = Array.from({ length: Math.min(limit, count - from) }, (_, index) => item(`c${from + index}`));
    const metadata = {
      resourceVersion: "77",
      ...(from + limit < count && { continue: String(from + limit), remainingItemCount: 1 }),
    };
    return { body: { kind: "ConfigMapList", apiVersion: "v1", metadata, items } };
  };
}

const expired = status(410, "Expired", "The provided continue parameter is too old");

describe("list", () => {
  it("puts the chunks together, with apiVersion and kind in each item", async () => {
    const { client, transport } = fakeClient(pages(7));
    const list = await client.resource("v1", "ConfigMap", { namespace: "web" }).list({ chunkSize: 3 });
    assert.deepEqual([list.apiVersion, list.kind, list.metadata], ["v1", "ConfigMapList", { resourceVersion: "77" }]);
    assert.deepEqual(
      list.items.map(({ metadata }) => metadata.name),
      ["c0", "c1", "c2", "c3", "c4", "c5", "c6"],
    );
    assert.deepEqual(Object.keys(list.items[6] ?? {}), ["apiVersion", "kind", "metadata", "data"]);
    assert.equal(list.items[6]?.kind, "ConfigMap");
    assert.deepEqual(transport.lines, [
      "GET /api/v1/namespaces/web/configmaps?limit=3",
      "GET /api/v1/namespaces/web/configmaps?limit=3&continue=3",
      "GET /api/v1/namespaces/web/configmaps?limit=3&continue=6",
    ]);
  });

  it("asks for 500 at a time, and for all at once where chunkSize is 0", async () => {
    const { client, transport } = fakeClient(pages(2));
    const maps = client.resource("v1", "ConfigMap");
    await maps.list();
    await maps.list({ chunkSize: 0 });
    assert.deepEqual(transport.lines, ["GET /api/v1/configmaps?limit=500", "GET /api/v1/configmaps"]);
  });

  it("sends selectors and resourceVersion, the version with the first chunk only", async () => {
    const { client, transport } = fakeClient(pages(4));
    await client.resource("v1", "Pod").list({
      labelSelector: { app: "shop", tier: ["a", "b"] },
      fieldSelector: { "status.phase": "Running" },
      resourceVersion: "5",
      resourceVersionMatch: "Exact",
      chunkSize: 2,
    });
    const selectors = "labelSelector=app=shop,tier in (a,b)&fieldSelector=status.phase=Running";
    assert.deepEqual(
      transport.lines.map((text) => text.replaceAll("+", " ")),
      [
        `GET /api/v1/pods?${selectors}&resourceVersion=5&resourceVersionMatch=Exact&limit=2`,
        `GET /api/v1/pods?${selectors}&limit=2&continue=2`,
      ],
    );
  });

  it("reads the list again in one piece where the server forgets it half-way", async () => {
    const serve = pages(5);
    const { client, transport } = fakeClient((request) =>
      request.query.get("continue") === "4" ? expired : serve(request),
    );
    const list = await client.resource("v1", "ConfigMap").list({ chunkSize: 2 });
    assert.equal(list.items.length, 5);
    assert.equal(transport.lines.at(-1), "GET /api/v1/configmaps");
  });

  it("throws Expired where the version that was asked for is gone", async () => {
    const { client, transport } = fakeClient(() => expired);
    await assert.rejects(
      client.resource("v1", "ConfigMap").list({ resourceVersion: "1", resourceVersionMatch: "Exact" }),
      isExpired,
    );
    assert.equal(transport.requests.length, 1);
  });

  it("leaves managedFields out where told to, also where the bytes are unusual", async () => {
    const { client } = fakeClient(pages(2));
    const list = await client.resource("v1", "ConfigMap").list({ omitManagedFields: true });
    assert.ok(list.items.every(({ metadata }) => !("managedFields" in metadata)));
    const odd =
      '{"kind":"ConfigMapList","\\u0069tems":[{"metadata":{"name":"a","managedFields":[1]}}],"metadata":{"resourceVersion":"1"}}';
    const { client: other } = fakeClient(() => ({ body: odd }));
    const { items } = await other.resource("v1", "ConfigMap").list({ omitManagedFields: true });
    assert.deepEqual(items[0]?.metadata, { name: "a" });
  });

  it("takes null for an empty list, and anything else for a typed error", async () => {
    const answer = (body: unknown): Promise<unknown> =>
      fakeClient(() => ({ body }))
        .client.resource("v1", "Pod")
        .list();
    assert.deepEqual(
      ((await answer({ metadata: { resourceVersion: "1" }, items: null })) as { items: unknown }).items,
      [],
    );
    for (const body of [{}, { items: 1 }, { items: [null] }, { items: ["a"] }, null, "[]", 1])
      await assert.rejects(answer(body), { name: "AnswerError" });
    await assert.rejects(answer('{"items":['), { code: "NotJson", message: /breaks off/ });
    await assert.rejects(answer("<html>login</html>"), {
      code: "NotJson",
      message: /check that the kubeconfig's server/,
    });
    await assert.rejects(answer(""), { code: "NotJson", message: /nothing/ });
  });

  it("keeps fields that no type knows, and a key __proto__ that pollutes nothing", async () => {
    const body =
      '{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"},"__proto__":{"polluted":1},"new":{"x":[1]}}]}';
    const { client } = fakeClient(() => ({ body }));
    const [first] = (await client.resource("v1", "ConfigMap").list()).items;
    assert.deepEqual(Object.keys(first ?? {}), ["apiVersion", "kind", "metadata", "__proto__", "new"]);
    assert.equal((first as unknown as { polluted?: number }).polluted, undefined);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  it("rejects with the error that the server gives, naming what was listed", async () => {
    const { client } = fakeClient(() => status(403, "Forbidden", "pods is forbidden"));
    await assert.rejects(client.resource("v1", "Pod", { namespace: "web" }).list(), (error) => {
      assert.ok(isForbidden(error));
      assert.match(error.message, /^cannot list pods in namespace "web": forbidden \(403\)/);
      return true;
    });
  });
});

describe("iterate", () => {
  it("asks for a chunk when it is needed, and for none after a break", async () => {
    const { client, transport } = fakeClient(pages(7));
    const seen: string[] = [];
    for await (const { metadata } of client.resource("v1", "ConfigMap").iterate({ chunkSize: 2 })) {
      seen.push(`${metadata.name} ${transport.requests.length}`);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ["c0 1", "c1 1", "c2 2"]);
    assert.equal(transport.requests.length, 2);
  });

  it("throws Expired where the server forgets the list half-way, for the rest would be of another state", async () => {
    const serve = pages(5);
    const { client } = fakeClient((request) => (request.query.has("continue") ? expired : serve(request)));
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { metadata } of client.resource("v1", "ConfigMap").iterate({ chunkSize: 2 }))
        seen.push(metadata.name);
    }, isExpired);
    assert.deepEqual(seen, ["c0", "c1"]);
  });

  it("starts anew with each loop", async () => {
    const { client, transport } = fakeClient(pages(1));
    const all = client.resource("v1", "ConfigMap").iterate();
    for (const _ of [1, 2]) for await (const { metadata } of all) assert.equal(metadata.name, "c0");
    assert.equal(transport.requests.length, 2);
  });
});

describe("metadataOnly and table", () => {
  it("ask for PartialObjectMetadata and give the kind that was asked for", async () => {
    const body = {
      metadata: { resourceVersion: "1" },
      items: [{ apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: { name: "a" } }],
    };
    const { client, transport } = fakeClient(() => ({ body }));
    const { items } = await client.resource("v1", "Pod").metadataOnly().list();
    assert.deepEqual(items, [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }] as unknown);
    assert.equal(
      transport.requests[0]?.headers["accept"],
      "application/json;g=meta.k8s.io;v=v1;as=PartialObjectMetadataList",
    );
  });

  it("put the pages of a Table together", async () => {
    const columnDefinitions = [{ name: "Name", type: "string", format: "name", description: "", priority: 0 }];
    const { client, transport } = fakeClient(({ query }) => {
      const isSecond = query.has("continue");
      const metadata = { resourceVersion: "3", ...(!isSecond && { continue: "t" }) };
      const rows = [
        { cells: [isSecond ? "b" : "a"], object: { kind: "PartialObjectMetadata", metadata: { name: "x" } } },
      ];
      return { body: { kind: "Table", metadata, columnDefinitions: isSecond ? null : columnDefinitions, rows } };
    });
    const table = await client.resource("v1", "Pod").table({ includeObject: "Metadata" });
    assert.deepEqual(table.columns, columnDefinitions);
    assert.deepEqual(
      table.rows.map(({ cells }) => cells),
      [["a"], ["b"]],
    );
    assert.equal(table.resourceVersion, "3");
    assert.equal(transport.requests[0]?.headers["accept"], "application/json;g=meta.k8s.io;v=v1;as=Table");
    assert.equal(transport.requests[1]?.query.get("includeObject"), "Metadata");
  });
});
