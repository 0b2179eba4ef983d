/**
 * Creating: defaults of every kind, names and labels, options, and what the server replaces.
 */
import assert from "node:assert/strict";
import { isAlreadyExists, isBadRequest, isForbidden, isInvalid, isNotFound } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, post } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const NAMES = [
  "a",
  "a.b-c",
  "0",
  "",
  "-a",
  "a-",
  "A",
  "a_b",
  "a..b",
  "a/b",
  "ä",
  "a%b",
  ".",
  "..",
  "x".repeat(253),
  "x".repeat(254),
  `${"y".repeat(63)}.${"z".repeat(64)}`,
];

const LABELS: readonly (readonly [string, string])[] = [
  ["app", "shop"],
  ["app", ""],
  ["app", "-a"],
  ["app", "x".repeat(64)],
  ["app", "a b"],
  ["example.com/app", "v"],
  ["example.com/", "v"],
  ["/app", "v"],
  ["a/b/c", "v"],
  ["Example.com/app", "v"],
  ["-app", "v"],
  [`${"p".repeat(254)}/x`, "v"],
  ["app.", "v"],
  ["", "v"],
];

/** metadata that a client has no say in, or too much. */
const METADATA: Readonly<Record<string, Record<string, unknown>>> = {
  "a uid": { uid: "11111111-2222-3333-4444-555555555555" },
  "a resourceVersion": { resourceVersion: "1" },
  "a creationTimestamp": { creationTimestamp: "2020-01-01T00:00:00Z" },
  "a deletionTimestamp": { deletionTimestamp: "2020-01-01T00:00:00Z" },
  "a generation": { generation: 7 },
  "a selfLink": { selfLink: "/x" },
  "a namespace that is not the path's": { namespace: "default" },
  "the path's namespace": { namespace: "{ns}" },
  "finalizers without a domain": { finalizers: ["orphan", "x"] },
  "a finalizer with a domain": { finalizers: ["example.com/x"] },
  "an owner without uid": { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "" }] },
  "an owner": { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "u" }] },
  "two controllers": {
    ownerReferences: [1, 2].map((n) => ({
      apiVersion: "v1",
      kind: "Pod",
      name: `p${n}`,
      uid: `u${n}`,
      controller: true,
    })),
  },
  "an owner that cannot own": { ownerReferences: [{ apiVersion: "v1", kind: "Event", name: "p", uid: "u" }] },
  "annotations that are too long": { annotations: { a: "x".repeat(262_145) } },
  "an annotation with an odd name": { annotations: { "A B": "x", "a.B": "y" } },
  managedFields: {
    managedFields: [{ manager: "x", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: {} }],
  },
  "a field of the wrong type": { labels: ["a"] },
  "a number for a name": { name: 7 },
};

const OPTIONS = [
  "dryRun=All",
  "dryRun=Some",
  "dryRun=All&dryRun=All",
  "dryRun=",
  "fieldManager=me",
  "fieldManager=",
  `fieldManager=${"m".repeat(129)}`,
  "fieldManager=a%07b",
  "fieldValidation=Strict",
  "fieldValidation=Ignore",
  "fieldValidation=Never",
  "pretty=true",
  "unknown=1",
];

const BODIES: Readonly<Record<string, string>> = {
  nothing: "",
  "no JSON": "{",
  null: "null",
  "a list": "[]",
  "a string": '"x"',
  "an unknown field": '{"metadata":{"name":"a"},"dat":{"a":"1"}}',
  "two unknown fields": '{"metadata":{"name":"a","x":1},"dat":{}}',
  "a field twice": '{"metadata":{"name":"a"},"data":{"a":"1"},"data":{"b":"2"}}',
  "a key twice": '{"metadata":{"name":"a"},"data":{"a":"1","a":"2"}}',
  "another kind": '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}',
  "another version": '{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}',
  "no kind": '{"metadata":{"name":"a"}}',
  "fields of another case": '{"metadata":{"name":"a"},"Data":{"a":"1"}}',
  "a number in data": '{"metadata":{"name":"a"},"data":{"a":1}}',
  "null in data": '{"metadata":{"name":"a"},"data":{"a":null}}',
  "binary data that is none": '{"metadata":{"name":"a"},"binaryData":{"a":"*"}}',
  "the same key in data and binaryData": '{"metadata":{"name":"a"},"data":{"a":"1"},"binaryData":{"a":"MQ=="}}',
};

export const createCases: readonly SuiteCase[] = [
  ...family(SAMPLES, (sample) =>
    differential("create", `completes a ${kindOf(sample)}`, [
      post(collectionOf(sample), objectOf(sample, nameOf(sample))),
      get(pathOf(sample)),
      post(collectionOf(sample), objectOf(sample, nameOf(sample))),
    ]),
  ),
  ...family(NAMES, (name) =>
    differential(
      "create",
      `takes or refuses the name ${JSON.stringify(name.length > 30 ? `${name.slice(0, 9)}(${name.length})` : name)}`,
      [
        post("~/configmaps", { metadata: { name } }),
        post("~/services", { metadata: { name }, spec: { ports: [{ port: 80 }] } }),
        post("~apps/v1/deployments?dryRun=All", { metadata: { name } }),
      ],
    ),
  ),
  ...family(LABELS, ([key, value]) =>
    differential(
      "create",
      `takes or refuses the label ${JSON.stringify(`${key.slice(0, 20)}=${value.slice(0, 20)}`)} (${key.length}, ${value.length})`,
      [
        post("~/configmaps", { metadata: { name: "a", labels: { [key]: value } } }),
        post("~/configmaps", { metadata: { name: "b", annotations: { [key]: value } } }),
      ],
    ),
  ),
  ...family(Object.entries(METADATA), ([about, metadata]) =>
    differential("create", `is given ${about}`, [
      post("~/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", ...metadata } }),
      get("~/configmaps/a"),
    ]),
  ),
  ...family(OPTIONS, (query) =>
    differential("create", `with ?${query.length > 40 ? `${query.slice(0, 20)}(${query.length})` : query}`, [
      post(`~/configmaps?${query}`, { metadata: { name: "a" }, data: { k: "v" }, unknown: 1 }),
      get("~/configmaps/a"),
    ]),
  ),
  ...family(Object.entries(BODIES), ([about, body]) =>
    differential("create", `is sent ${about}`, [
      post("~/configmaps", body),
      post("~/configmaps?fieldValidation=Strict", body),
      post("~/configmaps?fieldValidation=Ignore", body),
    ]),
  ),
  differential("create", "to where nothing can be created", [
    post("/api/v1/configmaps", { metadata: { name: "a" } }),
    post("~/configmaps/a", { metadata: { name: "a" } }),
    post("~/nothing", { metadata: { name: "a" } }),
    post("~nothing.example.com/v1/things", { metadata: { name: "a" } }),
    post("/api/v1/namespaces/{ns}-missing/configmaps", { metadata: { name: "a" } }),
    post("/api/v1/namespaces/UPPER/configmaps", { metadata: { name: "a" } }),
  ]),
  clientCase("create", "makes up a name after generateName, and does so again", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const names = new Set<string>();
    for (let n = 0; n < 5; n++) names.add((await maps.create({ metadata: { generateName: "made-" } })).metadata.name);
    assert.equal(names.size, 5);
    for (const name of names) assert.match(name, /^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  }),
  clientCase(
    "create",
    "of a taken name is AlreadyExists, and leaves the object as it was",
    async ({ client, namespace }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await maps.create({ metadata: { name: "a" }, data: { k: "1" } });
      await assert.rejects(maps.create({ metadata: { name: "a" }, data: { k: "2" } }), isAlreadyExists);
      assert.deepEqual((await maps.get("a")).data, { k: "1" });
    },
  ),
  clientCase("create", "as a dry run stores nothing and answers with all defaults", async ({ client, namespace }) => {
    const services = client.resource("v1", "Service", { namespace });
    const made = await services.create({ metadata: { name: "a" }, spec: { ports: [{ port: 80 }] } }, { dryRun: true });
    assert.equal(made.spec.type, "ClusterIP");
    assert.equal(made.spec.ports?.[0]?.targetPort, 80);
    assert.equal(await services.find("a"), undefined);
  }),
  clientCase("create", "of an invalid object names every wrong field", async ({ client, namespace }) => {
    const pods = client.resource("v1", "Pod", { namespace });
    const container = { name: "A", image: "", ports: [{ containerPort: 0 }] };
    await assert.rejects(pods.create({ metadata: { name: "a" }, spec: { containers: [container] } }), (error) => {
      assert.ok(isInvalid(error));
      const fields = error.status.details.causes.map(({ field }) => field);
      assert.deepEqual(fields.sort(), [
        "spec.containers[0].image",
        "spec.containers[0].name",
        "spec.containers[0].ports[0].containerPort",
      ]);
      return true;
    });
  }),
  clientCase("create", "in a namespace that is missing is NotFound of the namespace", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace: `${namespace}-missing` });
    await assert.rejects(maps.create({ metadata: { name: "a" } }), (error) => {
      assert.ok(isNotFound(error));
      assert.equal(error.status.details?.kind, "namespaces");
      return true;
    });
  }),
  clientCase(
    "create",
    "in a namespace that is going is Forbidden with a cause",
    async ({ client, namespace, cleanup }) => {
      const name = `${namespace}-going`;
      const maps = client.resource("v1", "ConfigMap", { namespace: name });
      await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      await maps.create({ metadata: { name: "hold", finalizers: ["example.com/hold"] } });
      cleanup(() => maps.patch("hold", { metadata: { finalizers: null } }));
      await client.resource("v1", "Namespace").delete(name);
      await assert.rejects(maps.create({ metadata: { name: "late" } }), (error) => {
        assert.ok(isForbidden(error));
        assert.equal(error.causes[0]?.reason, "NamespaceTerminating");
        return true;
      });
    },
  ),
  clientCase(
    "create",
    "with unknown fields warns, fails or is silent, as it is asked",
    async ({ client, warnings }) => {
      const object = (name: string) =>
        ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, dat: {} }) as { apiVersion: string; kind: string };
      await client.create(object("a"));
      assert.deepEqual(
        warnings.map(({ code, text }) => [code, text]),
        [[299, 'unknown field "dat"']],
      );
      await client.create(object("b"), { fieldValidation: "Ignore" });
      assert.equal(warnings.length, 1);
      await assert.rejects(client.create(object("c"), { fieldValidation: "Strict" }), isBadRequest);
    },
  ),
  clientCase("create", "owns its fields under the manager that it says", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const mine = await maps.create({ metadata: { name: "a" }, data: { k: "1" } });
    const other = await maps.create({ metadata: { name: "b" }, data: { k: "1" } }, { fieldManager: "other" });
    const managers = [mine, other].map(({ metadata }) => metadata.managedFields?.map(({ manager }) => manager));
    assert.deepEqual(managers, [["suite"], ["other"]]);
  }),
];
