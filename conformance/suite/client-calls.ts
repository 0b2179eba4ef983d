/**
 * What the client adds to the API: waiting, discovery of kinds, manifests, raw requests, time limits, many calls at once.
 */
import assert from "node:assert/strict";
import { isNotFound, parseManifests } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";

const MANIFESTS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
data: {k: "yes"}
---
# nothing here
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: two}
  stringData: {k: v}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: three}
  spec:
    replicas: 0
    selector: {matchLabels: {a: b}}
    template:
      metadata: {labels: {a: b}}
      spec: {containers: [{name: c, image: i}]}
`;

export const clientCallCases: readonly SuiteCase[] = [
  clientCase("client", "applies a file of manifests, and again", async ({ client, namespace }) => {
    const objects = await parseManifests(MANIFESTS);
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["ConfigMap", "Secret", "Deployment"],
    );
    const first = [];
    for (const object of objects) first.push(await client.apply(object));
    assert.ok(first.every(({ metadata }) => metadata.namespace === namespace));
    for (const [index, object] of objects.entries()) {
      const again = await client.apply(object);
      // Controllers may have written the status since.
      assert.equal(again.metadata.generation, first[index]?.metadata.generation, object.kind);
    }
    for (const object of objects) await client.delete({ ...object, metadata: { name: object.metadata.name ?? "" } });
    assert.equal(await client.resource("v1", "Secret", { namespace }).find("two"), undefined);
  }),
  clientCase("client", "waits for a state, and gives it", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" } });
    const waiting = maps.wait("a", ({ data }) => data?.["step"] === "3");
    for (const step of ["1", "2", "3"]) await maps.patch("a", { data: { step } });
    assert.equal((await waiting).data?.["step"], "3");
  }),
  clientCase("client", "waits for an object that is yet to come", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const waiting = maps.wait("late", () => true);
    await maps.create({ metadata: { name: "late" }, data: { k: "v" } });
    assert.deepEqual((await waiting).data, { k: "v" });
  }),
  clientCase("client", "waits for the end of an object that is gone already", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    assert.equal(await maps.wait("never", "deleted"), undefined);
  }),
  clientCase("client", "gives a wait up after its time, and says for what it waited", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" } });
    await assert.rejects(
      maps.wait("a", () => false, { timeoutMs: 300 }),
      { code: "TimedOut", message: /a/ },
    );
  }),
  clientCase("client", "reads an unknown apiVersion's kinds untyped", async ({ client, namespace }) => {
    const maps = client.resource("v1" as string, "ConfigMap", { namespace });
    const made = await maps.create({ metadata: { name: "a" }, data: { k: "v" } });
    assert.deepEqual(made["data"], { k: "v" });
  }),
  clientCase("client", "keeps a hundred calls at once apart", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const names = Array.from({ length: 100 }, (_, index) => `m-${index}`);
    await Promise.all(names.map((name) => maps.create({ metadata: { name }, data: { name } })));
    const read = await Promise.all(names.map((name) => maps.get(name)));
    assert.deepEqual(
      read.map(({ data }) => data?.["name"]),
      names,
    );
  }),
  clientCase("client", "sends and reads a megabyte", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const value = "é".repeat(450_000);
    await maps.create({ metadata: { name: "large" }, data: { value } });
    assert.equal((await maps.get("large")).data?.["value"], value);
  }),
  clientCase("client", "keeps names with dots and text of every script", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const data = { "a.b-c_d": '日本語 \u0000 \u2028 \ud83d\ude00 "quoted" \\ \n\t' };
    await maps.create({ metadata: { name: "x.y-z" }, data });
    assert.deepEqual((await maps.get("x.y-z")).data, data);
  }),
  clientCase(
    "client",
    "raw requests carry credentials and leave the body to the caller",
    async ({ client, namespace }) => {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const made = await client.raw(path, { method: "POST", body: JSON.stringify({ metadata: { name: "raw" } }) });
      assert.equal(made.status, 201);
      const list = (await (await client.raw(`${path}?fieldSelector=metadata.name=raw`)).json()) as { items: unknown[] };
      assert.equal(list.items.length, 1);
      await assert.rejects(client.raw(`${path}/missing`), isNotFound);
    },
  ),
  clientCase("client", "reads in another namespace through in()", async ({ client, namespace }) => {
    const everywhere = client.resource("v1", "ConfigMap");
    await everywhere.in(namespace).create({ metadata: { name: "a" } });
    assert.equal((await everywhere.in(namespace).get("a")).metadata.namespace, namespace);
  }),
  clientCase("client", "stands by a namespace that the object contradicts", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await assert.rejects(maps.create({ metadata: { name: "a", namespace: "default" } }), (error) => {
      assert.match(String((error as { code?: unknown }).code), /NamespaceMismatch|BadRequest/);
      return true;
    });
  }),
  clientCase(
    "client",
    "is understood by kubectl, and understands it",
    async ({ client, namespace, server }) => {
      assert.ok(server.kubectl !== undefined);
      await server.kubectl(["create", "configmap", "from-kubectl", "--from-literal=k=v", `--namespace=${namespace}`]);
      const maps = client.resource("v1", "ConfigMap", { namespace });
      const map = await maps.get("from-kubectl");
      assert.deepEqual(map.data, { k: "v" });
      await maps.update({ ...map, data: { k: "w" } });
      const shown = await server.kubectl([
        "get",
        "configmap",
        "from-kubectl",
        `--namespace=${namespace}`,
        "-o",
        "jsonpath={.data.k}",
      ]);
      assert.equal(shown, "w");
    },
    ["kubectl"],
  ),
];
