import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ServerEvent } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";
import { startTestServer } from "../server/start-test-server.ts";
import { DEFINITION_KIND, DEFINITION_VERSION } from "./definition.ts";
import type { JsonSchema } from "./json-schema.ts";

const integer: JsonSchema = { type: "integer" };
const text: JsonSchema = { type: "string" };

function definition(
  plural: string,
  kind: string,
  more: object = {},
  version: object = {},
): { apiVersion: string; kind: string; [field: string]: unknown } {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      spec: { type: "object", properties: { replicas: { ...integer, default: 1 }, zone: text } },
      status: { type: "object", properties: { replicas: integer } },
    },
  };
  return {
    apiVersion: DEFINITION_VERSION,
    kind: DEFINITION_KIND,
    metadata: { name: `${plural}.shop.example` },
    spec: {
      group: "shop.example",
      scope: "Namespaced",
      names: { plural, kind },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
          ...version,
        },
      ],
      ...more,
    },
  };
}

function conditions(object: { readonly [field: string]: unknown } | undefined): string[] {
  const status = object?.["status"] as {
    readonly conditions?: { readonly type: string; readonly status: string; readonly reason: string }[];
  };
  return (status.conditions ?? []).map(({ type, status: is, reason }) => `${type}=${is} ${reason}`);
}

test("establishes a definition and serves what it defines", async () => {
  await using server = await startTestServer();
  const { objects } = server;
  const created = objects.create(definition("carts", "Cart"));
  assert.equal((created["status"] as { conditions: unknown }).conditions, null);
  const stored = objects.get(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  assert.deepEqual(conditions(stored), ["NamesAccepted=True NoConflicts", "Established=True InitialNamesAccepted"]);
  assert.equal(objects.resource("shop.example/v1", "Cart")?.plural, "carts");
  const cart = objects.create({
    apiVersion: "shop.example/v1",
    kind: "Cart",
    metadata: { name: "a" } as never,
    spec: { zone: "z", unknown: 1 },
    status: { replicas: 9 },
  });
  assert.deepEqual(cart["spec"], { replicas: 1, zone: "z" });
  assert.equal(cart["status"], undefined);
  assert.equal(cart.metadata.generation, 1);
});

test("raises the generation with the spec and not with status or metadata", async () => {
  await using server = await startTestServer();
  const { objects } = server;
  objects.create(definition("carts", "Cart"));
  objects.create({ apiVersion: "shop.example/v1", kind: "Cart", metadata: { name: "a" } as never, spec: {} });
  const patch = (change: Record<string, unknown>, subresource?: string) =>
    objects.patch("shop.example/v1", "Cart", "default", "a", change, { subresource });
  assert.equal(patch({ metadata: { labels: { a: "b" } } }).metadata.generation, 1);
  const status = patch({ status: { replicas: 2 }, spec: { zone: "no" }, metadata: { labels: { a: "c" } } }, "status");
  assert.deepEqual(
    [status["status"], status["spec"], status.metadata.labels],
    [{ replicas: 2 }, { replicas: 1 }, { a: "b" }],
  );
  assert.equal(status.metadata.generation, 1);
  assert.equal(patch({ spec: { zone: "x" } }).metadata.generation, 2);
});

test("refuses names that another definition of the group has, until they are free", async () => {
  await using server = await startTestServer();
  const { objects } = server;
  objects.create(definition("carts", "Cart"));
  objects.create(definition("wagons", "Cart"));
  const second = () => objects.get(DEFINITION_VERSION, DEFINITION_KIND, undefined, "wagons.shop.example");
  assert.deepEqual(conditions(second()), ["NamesAccepted=False ListKindConflict", "Established=False NotAccepted"]);
  objects.delete(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  await nextTurn();
  assert.deepEqual(conditions(second()), ["NamesAccepted=True NoConflicts", "Established=True InitialNamesAccepted"]);
});

test("deletes the objects of a deleted definition and lets it go when the last finalizer has gone", async () => {
  await using server = await startTestServer();
  const { objects } = server;
  objects.create(definition("carts", "Cart"));
  for (const name of ["a", "b"]) {
    const finalizers = name === "b" ? { finalizers: ["shop.example/keep"] } : {};
    objects.create({ apiVersion: "shop.example/v1", kind: "Cart", metadata: { name, ...finalizers } as never });
  }
  const events: string[] = [];
  objects.subscribe(({ type, object }: ServerEvent) => {
    if (object.kind === "Cart") events.push(`${type} ${object.metadata.name}`);
  });
  objects.delete(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  await nextTurn();
  const stored = () => objects.get(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  assert.deepEqual(conditions(stored()).at(-1), "Terminating=True InstanceDeletionInProgress");
  assert.deepEqual(events, ["DELETED a", "MODIFIED b"]);
  assert.throws(
    () => objects.create({ apiVersion: "shop.example/v1", kind: "Cart", metadata: { name: "c" } as never }),
    {
      message:
        'carts.shop.example "c" is forbidden: create not allowed while custom resource definition is terminating',
    },
  );
  objects.patch("shop.example/v1", "Cart", "default", "b", { metadata: { finalizers: null } });
  await nextTurn();
  assert.equal(stored(), undefined);
  assert.equal(objects.resource("shop.example/v1", "Cart"), undefined);
});

test("serves all versions of one set of objects, each pruned and defaulted by its own schema", async () => {
  await using server = await startTestServer();
  const { objects } = server;
  const version = (name: string, storage: boolean, properties: Record<string, JsonSchema>) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } } },
  });
  const versions = [
    version("v1", false, { a: { ...text, default: "one" } }),
    version("v2", true, { a: text, b: { ...text, default: "two" } }),
  ];
  objects.create(definition("carts", "Cart", { versions }));
  const created = objects.create({
    apiVersion: "shop.example/v1",
    kind: "Cart",
    metadata: { name: "a" } as never,
    spec: { b: "lost" },
  });
  assert.deepEqual([created.apiVersion, created["spec"]], ["shop.example/v1", { a: "one" }]);
  const read = objects.get("shop.example/v2", "Cart", "default", "a");
  assert.deepEqual([read?.apiVersion, read?.["spec"]], ["shop.example/v2", { a: "one", b: "two" }]);
});

test("prefers the newest stable version, and warns of deprecated ones", async () => {
  await using server = await startTestServer();
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const versions = ["v1beta1", "v1", "v2alpha1"].map((name) => ({
    name,
    served: true,
    storage: name === "v1",
    deprecated: name === "v1beta1",
    schema,
  }));
  server.objects.create(definition("carts", "Cart", { versions }));
  const order = server.objects
    .resources()
    .filter(({ isCustom }) => isCustom)
    .map(({ version }) => version);
  assert.deepEqual(order, ["v1", "v1beta1", "v2alpha1"]);
});

test("keeps two servers' definitions apart", async () => {
  await using one = await startTestServer();
  await using two = await startTestServer();
  one.objects.create(definition("carts", "Cart"));
  assert.notEqual(one.objects.resource("shop.example/v1", "Cart"), undefined);
  assert.equal(two.objects.resource("shop.example/v1", "Cart"), undefined);
  const create = () =>
    two.objects.create({ apiVersion: "shop.example/v1", kind: "Cart", metadata: { name: "a" } as never });
  assert.throws(create, (error) => error instanceof StatusError && error.code === 404);
});
