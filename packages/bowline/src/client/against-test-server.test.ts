import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "@bowline/testing";
import { Client, isAlreadyExists, isConflict, isExpired, isInvalid, isNotFound, type Warning } from "bowline";

let server: TestServer;
let client: Client;
const warnings: Warning[] = [];

before(async () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } };
  server = await startTestServer({ objects: [namespace] });
  client = await Client.connect({
    kubeconfig: server.kubeconfig,
    namespace: "web",
    fieldManager: "shop",
    onWarning: (warning) => warnings.push(warning),
  });
});
after(async () => {
  await client?.close();
  await server?.close();
});

/** A folder of one's own for each test: a namespace. */
async function namespaceOf(name: string): Promise<string> {
  await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

describe("against the test server, a client", () => {
  it("creates, reads, changes and deletes", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("life") });
    const made = await maps.create({ metadata: { name: "a" }, data: { k: "v" } });
    assert.equal(made.metadata.namespace, "life");
    await assert.rejects(maps.create({ metadata: { name: "a" } }), isAlreadyExists);
    made.data = { k: "w" };
    const updated = await maps.update(made);
    await assert.rejects(maps.update({ ...made, data: { k: "x" } }), isConflict);
    assert.notEqual(updated.metadata.resourceVersion, made.metadata.resourceVersion);
    assert.deepEqual((await maps.patch("a", { data: { more: "1" } })).data, { k: "w", more: "1" });
    assert.deepEqual((await maps.patchJson("a", [{ op: "remove", path: "/data/more" }])).data, { k: "w" });
    const edited = await maps.edit("a", (map) => {
      map.data = { e: "1" };
    });
    assert.deepEqual(edited.data, { e: "1" });
    await maps.delete("a", { preconditions: { uid: made.metadata.uid } });
    await assert.rejects(maps.get("a"), isNotFound);
    assert.equal(await maps.find("a"), undefined);
  });

  it("applies, and is told who owns the fields of a conflict", async () => {
    const namespace = await namespaceOf("apply");
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace },
      data: { a: "1" },
    } as const;
    assert.deepEqual((await client.apply(object)).data, { a: "1" });
    const other = { ...object, data: { a: "2" } };
    await assert.rejects(client.apply(other, { fieldManager: "two" }), (error) => {
      assert.ok(isConflict(error));
      assert.deepEqual(
        error.conflicts.map(({ field, manager }) => [field, manager]),
        [[".data.a", "shop"]],
      );
      return true;
    });
    assert.deepEqual((await client.apply(other, { fieldManager: "two", force: true })).data, { a: "2" });
    await client.delete(object);
  });

  it("merges containers by name in a strategic patch, and scales through the subresource", async () => {
    const deployments = client.resource("apps/v1", "Deployment", { namespace: await namespaceOf("patch") });
    const labels = { app: "shop" };
    const container = { name: "app", image: "shop:1", ports: [{ containerPort: 80 }] };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    await deployments.create({ metadata: { name: "shop" }, spec: { selector: { matchLabels: labels }, template } });
    const patch = { spec: { template: { spec: { containers: [{ name: "app", image: "shop:2" }] } } } };
    const patched = await deployments.patch("shop", patch, { type: "strategic" });
    const [app] = patched.spec.template.spec?.containers ?? [];
    assert.deepEqual([app?.image, app?.ports?.[0]?.containerPort], ["shop:2", 80]);
    assert.equal((await deployments.scale.patch("shop", { spec: { replicas: 3 } })).spec?.replicas, 3);
    assert.equal((await deployments.get("shop")).spec.replicas, 3);
  });

  it("lists in chunks at one resourceVersion, across namespaces too", async () => {
    const namespace = await namespaceOf("chunks");
    const maps = client.resource("v1", "ConfigMap", { namespace });
    for (let index = 0; index < 7; index++) {
      await maps.create({ metadata: { name: `m${index}`, labels: { parity: String(index % 2) } } });
    }
    const list = await maps.list({ chunkSize: 2, omitManagedFields: true });
    assert.deepEqual(
      list.items.map(({ metadata }) => metadata.name),
      ["m0", "m1", "m2", "m3", "m4", "m5", "m6"],
    );
    assert.ok(list.items.every((item) => item.kind === "ConfigMap" && !("managedFields" in item.metadata)));
    const odd: string[] = [];
    const selected = client.resource("v1", "ConfigMap").iterate({ labelSelector: { parity: ["1"] }, chunkSize: 1 });
    for await (const { metadata } of selected) odd.push(`${metadata.namespace}/${metadata.name}`);
    assert.deepEqual(odd, ["chunks/m1", "chunks/m3", "chunks/m5"]);
    const table = await maps.table({ fieldSelector: { "metadata.name": "m3" } });
    assert.deepEqual([table.columns[0]?.name, table.rows[0]?.cells[0]], ["Name", "m3"]);
    const metadata = await maps.metadataOnly().list({ labelSelector: "parity=0" });
    assert.deepEqual(
      metadata.items.map(({ kind }) => kind),
      Array(4).fill("ConfigMap"),
    );
    await maps.deleteCollection({ labelSelector: "parity=0" });
    assert.equal((await maps.list()).items.length, 3);
  });

  it("reads a list again in one piece when its history is compacted half-way, which iterate throws for", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("compact") });
    for (let index = 0; index < 4; index++) await maps.create({ metadata: { name: `m${index}` } });
    await assert.rejects(async () => {
      for await (const { metadata } of maps.iterate({ chunkSize: 2 })) {
        if (metadata.name !== "m0") continue;
        await maps.create({ metadata: { name: "n" } });
        server.compact();
      }
    }, isExpired);
    server.faults.add({ type: "status", httpStatus: 410, reason: "Expired", verb: "list", path: /continue=/ });
    assert.equal((await maps.list({ chunkSize: 2 })).items.length, 5);
  });

  it("names the fields of an invalid object, and hands warnings on", async () => {
    const invalid = client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "Not_A_Name" } });
    await assert.rejects(invalid, (error) => {
      assert.ok(isInvalid(error));
      assert.equal(error.status.details.causes[0]?.field, "metadata.name");
      return true;
    });
    const unknown = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "w" }, dat: {} };
    await client.create(unknown as { apiVersion: string; kind: string }, { dryRun: true });
    assert.match(warnings.at(-1)?.text ?? "", /unknown field "dat"/);
    await assert.rejects(
      client.create(unknown as { apiVersion: string; kind: string }, { fieldValidation: "Strict" }),
      /strict decoding error/,
    );
    assert.equal(await client.resource("v1", "ConfigMap", { namespace: "web" }).find("w"), undefined);
  });

  it("waits for a state, and for the end of an object that a finalizer holds", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("wait") });
    await maps.create({ metadata: { name: "a", finalizers: ["example.com/hold"] } });
    const waiting = maps.wait("a", (map) => map.data?.["ready"] === "yes");
    await maps.patch("a", { data: { ready: "yes" } });
    assert.equal((await waiting).data?.["ready"], "yes");
    let isGone = false;
    const deleting = maps.delete("a", { wait: true }).then(() => {
      isGone = true;
    });
    await maps.wait("a", (map) => map.metadata.deletionTimestamp !== undefined);
    assert.equal(isGone, false);
    await maps.patch("a", { metadata: { finalizers: null } });
    await deleting;
    assert.equal(await maps.find("a"), undefined);
  });

  it("knows who it is, what it may do, what the server is and has", async () => {
    assert.equal((await client.whoami()).username, "admin");
    assert.equal(await client.can({ verb: "delete", apiVersion: "v1", kind: "Node" }), true);
    assert.equal((await client.version()).major, "1");
    const kinds = await client.discover();
    const deployment = kinds.find(({ kind }) => kind === "Deployment");
    assert.deepEqual(
      [deployment?.plural, deployment?.shortNames, deployment?.scope],
      ["deployments", ["deploy"], "Namespaced"],
    );
    assert.equal(await (await client.raw("/healthz")).text(), "ok");
    await assert.rejects(client.raw("/apis/nothing/here"), isNotFound);
  });
});

describe("against the test server, a watch", () => {
  const next = async <T>(iterator: AsyncIterator<T>): Promise<T> => {
    const { done, value } = await iterator.next();
    assert.ok(!done, "the watch ended");
    return value as T;
  };

  it("gives the present state, then each change, through cut streams and dropped connections", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("watch") });
    await maps.create({ metadata: { name: "a" } });
    const errors: unknown[] = [];
    const events = maps
      .watch({ onError: (error) => errors.push(error), omitManagedFields: true })
      [Symbol.asyncIterator]();
    const seen = async (): Promise<string> => {
      const { type, object } = await next(events);
      assert.equal("managedFields" in object.metadata, false);
      return `${type} ${object.metadata.name}`;
    };
    assert.equal(await seen(), "ADDED a");
    await maps.patch("a", { data: { b: "1" } });
    assert.equal(await seen(), "MODIFIED a");
    await maps.create({ metadata: { name: "b" } });
    assert.equal(await seen(), "ADDED b");
    server.dropConnections();
    server.objects.delete("v1", "ConfigMap", "watch", "b");
    assert.equal(await seen(), "DELETED b");
    assert.equal(errors.length, 1);
    await events.return?.();
  });

  it("throws Expired where its history has been compacted while it was away", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("expire") });
    const { metadata } = await maps.create({ metadata: { name: "a" } });
    await maps.create({ metadata: { name: "b" } });
    server.compact();
    const events = maps.watch({ resourceVersion: metadata.resourceVersion })[Symbol.asyncIterator]();
    await assert.rejects(next(events), isExpired);
  });

  it("sees an object that leaves its selector as deleted", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("select") });
    await maps.create({ metadata: { name: "a", labels: { app: "shop" } } });
    const events = maps.watch({ labelSelector: { app: "shop" } })[Symbol.asyncIterator]();
    assert.equal((await next(events)).type, "ADDED");
    await maps.patch("a", { metadata: { labels: { app: "other" } } });
    assert.equal((await next(events)).type, "DELETED");
    await events.return?.();
  });

  it("follows one kind across namespaces, with bookmarks where asked for", async () => {
    await namespaceOf("across");
    const events = client.resource("v1", "Secret").watch({ bookmarks: true })[Symbol.asyncIterator]();
    for (;;) {
      const event = await next(events);
      if (event.type === "BOOKMARK" && event.isInitialEventsEnd) break;
    }
    await client.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "across" } });
    for (;;) {
      const event = await next(events);
      if (event.type === "ADDED" && event.object.metadata.namespace === "across") break;
    }
    await events.return?.();
  });
});

describe("against a server that fails, a call", () => {
  it("is sent again after 429", async () => {
    server.faults.add({ type: "status", httpStatus: 429, retryAfterSeconds: 0, verb: "create", times: 1 });
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("fail") });
    assert.equal((await maps.create({ metadata: { name: "a" } })).metadata.name, "a");
  });

  it("has a typed error for a web page, a cut body and no answer", async () => {
    const maps = client.resource("v1", "ConfigMap", { namespace: await namespaceOf("odd") });
    server.faults.add({
      type: "body",
      verb: "list",
      contentType: "text/html",
      body: "<html><title>Log in</title></html>",
    });
    await assert.rejects(maps.list(), { code: "NotJson", message: /text\/html/ });
    server.faults.add({ type: "body", verb: "list", contentType: "application/json", body: '{"items":[{"meta' });
    await assert.rejects(maps.list(), { code: "NotJson", message: /breaks off/ });
    server.faults.add({
      type: "body",
      verb: "get",
      httpStatus: 502,
      contentType: "text/html",
      body: "<html><title>Bad Gateway</title>",
    });
    await assert.rejects(maps.get("a"), { httpStatus: 502, message: /Bad Gateway/ });
    server.faults.add({
      type: "body",
      verb: "get",
      contentType: "application/json",
      body: '{"kind"',
      contentLength: 1_000,
    });
    await assert.rejects(maps.get("a", { timeoutMs: 5_000 }), { name: "ConnectionError", code: "BodyCut" });
    server.faults.add({ type: "hang", verb: "get" });
    await assert.rejects(maps.get("a", { timeoutMs: 50 }), { code: "TimedOut" });
  });
});

// Under Deno it is the test server that ends each connection after its answer.
const skip = "Deno" in globalThis;

describe("the connections of a client", () => {
  it("are used again: 100 calls need one handshake", { skip }, async () => {
    await using other = await Client.connect({ kubeconfig: server.kubeconfig });
    const before = server.handshakes;
    const namespaces = other.resource("v1", "Namespace");
    for (let call = 0; call < 100; call++) await namespaces.get("default");
    assert.equal(server.handshakes - before, 1);
  });
});
