import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isConflict, isNotFound, UsageError } from "bowline";
import { FakeClock, fakeClient, status } from "./testdata/fake-transport.ts";

const echo = ({ body = {} }: { readonly body: unknown }): { readonly body: unknown } => ({ body });
const usage = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;
const meta = { name: "a", namespace: "web", uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };

describe("create and update", () => {
  it("send the object with apiVersion and kind, the write options as query", async () => {
    const { client, transport } = fakeClient(echo, { fieldManager: "shop" });
    const maps = client.resource("v1", "ConfigMap", { namespace: "web" });
    await maps.create({ metadata: { name: "a" }, data: { k: "v" } }, { dryRun: true, fieldValidation: "Strict" });
    await maps.update({ apiVersion: "v1", kind: "ConfigMap", metadata: meta, data: {} }, { fieldManager: "other" });
    assert.deepEqual(transport.lines, [
      "POST /api/v1/namespaces/web/configmaps?fieldManager=shop&fieldValidation=Strict&dryRun=All",
      "PUT /api/v1/namespaces/web/configmaps/a?fieldManager=other",
    ]);
    assert.deepEqual(transport.requests[0]?.body, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { k: "v" },
    });
    assert.equal(transport.requests[0]?.headers["content-type"], "application/json");
    assert.equal(transport.requests[0]?.headers["user-agent"], "test/1");
  });

  it("keep fields that no type knows", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: meta, futureField: { deep: [1] } };
    const { client, transport } = fakeClient(({ method, body }) => ({ body: method === "GET" ? object : body }));
    const maps = client.resource("v1", "ConfigMap", { namespace: "web" });
    const read = await maps.get("a");
    read.data = { k: "v" };
    await maps.update(read);
    assert.deepEqual(transport.requests[1]?.body, { ...object, data: { k: "v" } });
  });

  it("refuse an object of another namespace", async () => {
    const { client, transport } = fakeClient(echo);
    const maps = client.resource("v1", "ConfigMap", { namespace: "web" });
    await assert.rejects(maps.create({ metadata: { name: "a", namespace: "other" } }), usage("NamespaceMismatch"));
    assert.equal(transport.requests.length, 0);
  });
});

describe("a name", () => {
  it("that is missing or leads elsewhere never becomes a request", async () => {
    const { client, transport } = fakeClient(echo);
    const maps = client.resource("v1", "ConfigMap", { namespace: "web" });
    for (const name of [undefined, "", null]) {
      await assert.rejects(maps.get(name as never), usage("NameMissing"));
      await assert.rejects(maps.delete(name as never), usage("NameMissing"));
    }
    for (const name of ["..", ".", "a/b", "%2e%2e"]) await assert.rejects(maps.delete(name), usage("NameInvalid"));
    assert.throws(() => client.resource("v1", "ConfigMap", { namespace: "" }), usage("NamespaceMissing"));
    assert.throws(() => client.resource("v1", "ConfigMap").in(undefined as never), usage("NamespaceMissing"));
    await assert.rejects(
      client.resource("v1", "ConfigMap", { namespace: "../../x" }).get("a"),
      usage("NamespaceInvalid"),
    );
    assert.equal(transport.requests.length, 0);
  });

  it("is escaped in the path", async () => {
    const { client, transport } = fakeClient(echo);
    await client.resource("rbac.authorization.k8s.io/v1", "ClusterRole").get("system:node proxier?");
    assert.deepEqual(transport.lines, [
      "GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%20proxier%3F",
    ]);
  });
});

describe("patch", () => {
  const patch = { spec: { template: { spec: { containers: [{ name: "app", image: "b" }] } } } };

  it("is a merge patch by default, strategic or merge where said", async () => {
    const { client, transport } = fakeClient(echo);
    const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
    await deployments.patch("a", { spec: { replicas: 1 } });
    await deployments.patch("a", patch, { type: "strategic" });
    await deployments.patch("a", patch, { type: "merge" });
    await deployments.patchJson("a", [{ op: "test", path: "/spec/replicas", value: 1 }]);
    assert.deepEqual(
      transport.requests.map(({ headers }) => headers["content-type"]),
      [
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
        "application/merge-patch+json",
        "application/json-patch+json",
      ],
    );
    assert.deepEqual(transport.requests[3]?.body, [{ op: "test", path: "/spec/replicas", value: 1 }]);
  });

  it("refuses to replace a keyed list unasked", async () => {
    const { client, transport } = fakeClient(echo);
    const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
    await assert.rejects(deployments.patch("a", patch as never), (error: Error) => {
      assert.ok(usage("KeyedListReplaced")(error));
      assert.match(error.message, /spec\.template\.spec\.containers.*type: "strategic"/);
      return true;
    });
    assert.equal(transport.requests.length, 0);
  });

  it("refuses a strategic patch of a custom resource before the request", async () => {
    const { client, transport } = fakeClient(() => ({
      body: { resources: [{ name: "widgets", kind: "Widget", namespaced: true, verbs: [] }] },
    }));
    const widgets = client.resource("example.org/v1", "Widget", { namespace: "web" });
    await assert.rejects(widgets.patch("a", {}, { type: "strategic" }), usage("StrategicPatchNotSupported"));
    assert.deepEqual(transport.lines, ["GET /apis/example.org/v1"]);
  });
});

describe("apply", () => {
  it("sends an apply patch under the name, by the field manager", async () => {
    const { client, transport } = fakeClient(echo, { fieldManager: "shop" });
    await client
      .resource("apps/v1", "Deployment", { namespace: "web" })
      .apply("a", { spec: { replicas: 3 } }, { force: true });
    assert.deepEqual(transport.lines, [
      "PATCH /apis/apps/v1/namespaces/web/deployments/a?fieldManager=shop&force=true",
    ]);
    assert.equal(transport.requests[0]?.headers["content-type"], "application/apply-patch+yaml");
    const body = { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 3 }, metadata: { name: "a" } };
    assert.deepEqual(transport.requests[0]?.body, body);
  });

  it("needs a field manager, before any request", async () => {
    const { client, transport } = fakeClient(echo);
    const apply = client.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    await assert.rejects(apply, usage("FieldManagerMissing"));
    assert.equal(transport.requests.length, 0);
  });

  it("takes the client's namespace for a literal without one, and none for a cluster-scoped kind", async () => {
    const { client, transport } = fakeClient(echo, { fieldManager: "shop", defaultNamespace: "team" });
    await client.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    await client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "web" } });
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } });
    await client.delete({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    assert.deepEqual(
      transport.lines.map((line) => line.replace(/\?.*/, "")),
      [
        "PATCH /api/v1/namespaces/team/configmaps/a",
        "POST /api/v1/namespaces/web/configmaps",
        "POST /api/v1/namespaces",
        "DELETE /api/v1/namespaces/team/configmaps/a",
      ],
    );
  });

  it("names the fields and managers of a conflict", async () => {
    const causes = [{ reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".data.k" }];
    const { client } = fakeClient(() => status(409, "Conflict", "Apply failed with 1 conflict", { causes }), {
      fieldManager: "two",
    });
    await assert.rejects(client.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }), (error) => {
      assert.ok(isConflict(error));
      assert.deepEqual(
        error.conflicts.map(({ field, manager }) => ({ field, manager })),
        [{ field: ".data.k", manager: "one" }],
      );
      return true;
    });
  });
});

describe("edit", () => {
  it("reads and changes again on a conflict", async () => {
    let version = 1;
    const clock = new FakeClock();
    const { client, transport } = fakeClient(
      ({ method, body }) => {
        if (method === "GET") return { body: { metadata: { ...meta, resourceVersion: String(version) }, data: {} } };
        queueMicrotask(() => setImmediate(() => clock.pass(1_000)));
        return version++ < 3 ? status(409, "Conflict", "changed") : { body };
      },
      { clock },
    );
    let calls = 0;
    const edited = await client.resource("v1", "ConfigMap", { namespace: "web" }).edit("a", (map) => {
      map.data = { calls: String(++calls) };
    });
    assert.deepEqual(edited.data, { calls: "3" });
    assert.equal(transport.requests.length, 6);
    assert.equal(edited.metadata.resourceVersion, "3");
  });

  it("throws what the change throws, without an update", async () => {
    const { client, transport } = fakeClient(() => ({ body: { metadata: meta } }));
    const boom = new Error("boom");
    const edit = client.resource("v1", "ConfigMap", { namespace: "web" }).edit("a", () => Promise.reject(boom));
    await assert.rejects(edit, (error) => error === boom);
    assert.equal(transport.requests.length, 1);
  });
});

describe("delete", () => {
  it("sends what was said, and no body where nothing was", async () => {
    const { client, transport } = fakeClient(() => ({ body: {} }));
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    await pods.delete("a");
    await pods.delete("a", {
      gracePeriodSeconds: 0,
      propagationPolicy: "Foreground",
      preconditions: { uid: "u" },
      dryRun: true,
    });
    assert.equal(transport.requests[0]?.body, undefined);
    assert.deepEqual(transport.requests[1]?.body, {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      propagationPolicy: "Foreground",
      preconditions: { uid: "u" },
      dryRun: ["All"],
    });
  });

  it("waits until this very object is gone, where told to", async () => {
    const line = (type: string, uid: string): string =>
      `${JSON.stringify({ type, object: { metadata: { name: "a", uid, resourceVersion: "2" } } })}\n`;
    const end = `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "1", annotations: { "k8s.io/initial-events-end": "true" } } } })}\n`;
    const { client, transport } = fakeClient(({ method }) =>
      method === "DELETE"
        ? { body: { metadata: { uid: "old" } } }
        : { chunks: [line("ADDED", "old"), end, line("ADDED", "new")] },
    );
    await client.resource("v1", "Pod", { namespace: "web" }).delete("a", { wait: true });
    assert.equal(transport.requests[1]?.query.get("fieldSelector"), "metadata.name=a");
  });

  it("of a collection needs a selector that selects, or all: true", async () => {
    const { client, transport } = fakeClient(() => ({ body: {} }));
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    for (const options of [
      undefined,
      {},
      { labelSelector: "" },
      { labelSelector: {} },
      { fieldSelector: {} },
      { all: false },
    ]) {
      await assert.rejects(pods.deleteCollection(options as never), usage("UnguardedDeleteCollection"));
    }
    await pods.deleteCollection({ labelSelector: "app=shop" });
    await pods.deleteCollection({ all: true });
    assert.deepEqual(transport.lines, [
      "DELETE /api/v1/namespaces/web/pods?labelSelector=app=shop",
      "DELETE /api/v1/namespaces/web/pods",
    ]);
  });

  it("never reaches all namespaces", async () => {
    const { client, transport } = fakeClient(() => ({ body: {} }));
    const pods = client.resource("v1", "Pod") as unknown as ReturnType<typeof client.resource<"v1", "Secret">> & {
      deleteCollection(options: object): Promise<void>;
      create(object: object): Promise<unknown>;
    };
    await assert.rejects(pods.deleteCollection({ all: true }), usage("NamespaceMissing"));
    await assert.rejects(pods.create({}), usage("NamespaceMissing"));
    assert.equal(transport.requests.length, 0);
  });
});

describe("subresources", () => {
  it("have their own paths, bodies and kinds", async () => {
    const { client, transport } = fakeClient(echo, { fieldManager: "shop" });
    const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    await deployments.status.patch("a", { status: { replicas: 1 } });
    await deployments.scale.apply("a", { spec: { replicas: 2 } });
    await pods.eviction.create("a", { deleteOptions: { gracePeriodSeconds: 1 } });
    await pods.binding.create("a", { kind: "Node", name: "n" });
    await client
      .resource("v1", "ServiceAccount", { namespace: "web" })
      .token.create("a", { spec: { audiences: ["x"] } });
    await pods.subresource("proxy/metrics").get("a");
    assert.deepEqual(
      transport.lines.map((line) => line.replace(/\?.*/, "")),
      [
        "PATCH /apis/apps/v1/namespaces/web/deployments/a/status",
        "PATCH /apis/apps/v1/namespaces/web/deployments/a/scale",
        "POST /api/v1/namespaces/web/pods/a/eviction",
        "POST /api/v1/namespaces/web/pods/a/binding",
        "POST /api/v1/namespaces/web/serviceaccounts/a/token",
        "GET /api/v1/namespaces/web/pods/a/proxy/metrics",
      ],
    );
    const [, scale, , binding] = transport.requests.map(({ body }) => body as Record<string, unknown>);
    assert.deepEqual([scale?.["apiVersion"], scale?.["kind"]], ["autoscaling/v1", "Scale"]);
    assert.deepEqual(transport.requests[2]?.body, {
      deleteOptions: { gracePeriodSeconds: 1 },
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "a", namespace: "web" },
    });
    assert.deepEqual(binding?.["target"], {
      apiVersion: "v1",
      kind: "Node",
      name: "n",
    });
  });
});

describe("the patches of a subresource", () => {
  it("may replace lists, and may be strategic or JSON patches", async () => {
    const { client, transport } = fakeClient(echo);
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    const ephemeralContainers = [{ name: "debug", image: "busybox" }];
    await pods.ephemeralcontainers.patch("a", { spec: { ephemeralContainers } }, { type: "strategic" });
    await pods.status.patch("a", { status: { conditions: [{ type: "Ready", status: "True" }] } });
    await pods.status.patchJson("a", [{ op: "remove", path: "/status/message" }]);
    assert.deepEqual(
      transport.requests.map(({ path, headers }) => [path.split("/").at(-1), headers["content-type"]]),
      [
        ["ephemeralcontainers", "application/strategic-merge-patch+json"],
        ["status", "application/merge-patch+json"],
        ["status", "application/json-patch+json"],
      ],
    );
  });

  it("are part of edit, which reads and writes the subresource", async () => {
    const { client, transport } = fakeClient(({ body }) => ({ body: body ?? { metadata: meta } }));
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    const edited = await pods.status.edit("a", (pod) => {
      pod.status = { phase: "Failed" };
    });
    assert.equal(edited.status.phase, "Failed");
    assert.deepEqual(transport.lines, [
      "GET /api/v1/namespaces/web/pods/a/status",
      "PUT /api/v1/namespaces/web/pods/a/status",
    ]);
  });
});

describe("find", () => {
  it("is undefined for a 404 and throws the rest", async () => {
    const { client } = fakeClient((_, index) =>
      index === 0 ? status(404, "NotFound", "x") : status(403, "Forbidden", "x"),
    );
    const pods = client.resource("v1", "Pod", { namespace: "web" });
    assert.equal(await pods.find("a"), undefined);
    await assert.rejects(pods.find("a"), (error) => !isNotFound(error));
  });
});
