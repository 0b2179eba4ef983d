/**
 * Subresources: status, scale, eviction, binding, tokens, logs and the rest.
 */
import assert from "node:assert/strict";
import { isConflict, isTooManyRequests } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post, put } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const SCALABLE = SAMPLES.filter(({ kind }) =>
  ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"].includes(kind),
);
const container = { name: "c", image: "i" };
const makePod = (name: string, more: Record<string, unknown> = {}) =>
  post("~/pods", { metadata: { name, labels: { app: "a" } }, spec: { containers: [container], ...more } });
const eviction = (name: string, more: Record<string, unknown> = {}) => ({
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { name },
  ...more,
});
const tokenRequest = (spec: Record<string, unknown>) => ({
  apiVersion: "authentication.k8s.io/v1",
  kind: "TokenRequest",
  spec,
});

const TOKEN_SPECS: Readonly<Record<string, Record<string, unknown>>> = {
  nothing: {},
  "an hour": { expirationSeconds: 3600 },
  "too short a time": { expirationSeconds: 60 },
  "too long a time": { expirationSeconds: 99_999_999_999 },
  "an audience": { audiences: ["vault"] },
  "a Pod that is missing": { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "missing" } },
  "a kind that cannot be bound": { boundObjectRef: { kind: "ConfigMap", apiVersion: "v1", name: "x" } },
};

export const subresourceCases: readonly SuiteCase[] = [
  ...family(
    SAMPLES.filter(({ status }) => status !== undefined),
    (sample) =>
      differential(
        "subresources",
        `status of a ${kindOf(sample)}`,
        [
          get(`${pathOf(sample)}/status`),
          patch("merge", `${pathOf(sample)}/status`, {
            status: sample.status,
            metadata: { labels: { ignored: "or-not" } },
          }),
          put(`${pathOf(sample)}/status`, { ...objectOf(sample, nameOf(sample)), status: sample.status }),
          put(pathOf(sample), { ...objectOf(sample, nameOf(sample)), status: {} }),
          patch("apply", `${pathOf(sample)}/status?fieldManager=s&force=true`, {
            apiVersion: sample.apiVersion,
            kind: sample.kind,
            metadata: { name: nameOf(sample) },
            status: sample.status,
          }),
        ],
        { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample)))] },
      ),
  ),
  ...family(SCALABLE, (sample) =>
    differential(
      "subresources",
      `scale of a ${kindOf(sample)}`,
      [
        get(`${pathOf(sample)}/scale`),
        patch("merge", `${pathOf(sample)}/scale`, { spec: { replicas: 2 } }),
        put(`${pathOf(sample)}/scale`, {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name: "a" },
          spec: { replicas: 3 },
        }),
        put(`${pathOf(sample)}/scale`, {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name: "a" },
          spec: { replicas: -1 },
        }),
        put(`${pathOf(sample)}/scale`, {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name: "a", resourceVersion: "1" },
          spec: { replicas: 4 },
        }),
        put(`${pathOf(sample)}/scale`, {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name: "b" },
          spec: { replicas: 4 },
        }),
        get(pathOf(sample)),
      ],
      { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample)))] },
    ),
  ),
  ...family(Object.entries(TOKEN_SPECS), ([about, spec]) =>
    differential("subresources", `token with ${about}`, [post("~/serviceaccounts/default/token", tokenRequest(spec))]),
  ),
  differential("subresources", "token of an account that is missing", [
    post("~/serviceaccounts/missing/token", tokenRequest({})),
    get("~/serviceaccounts/default/token"),
    post("~/serviceaccounts/default/token?dryRun=All", tokenRequest({})),
  ]),
  differential(
    "subresources",
    "eviction without budget",
    [
      post("~/pods/a/eviction", eviction("a")),
      get("~/pods/a"),
      post("~/pods/missing/eviction", eviction("missing")),
      post("~/pods/b/eviction?dryRun=All", eviction("b")),
      post("~/pods/b/eviction", eviction("other")),
      post("~/pods/b/eviction", { apiVersion: "policy/v1beta1", kind: "Eviction", metadata: { name: "b" } }),
      post("~/pods/b/eviction", eviction("b", { deleteOptions: { preconditions: { uid: "u" } } })),
      get("~/pods/b"),
    ],
    { setup: [makePod("a"), makePod("b")] },
  ),
  differential(
    "subresources",
    "eviction that a budget forbids",
    [
      post("~/pods/a/eviction", eviction("a")),
      patch("merge", "~policy/v1/poddisruptionbudgets/p/status", {
        status: { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
      }),
      post("~/pods/a/eviction", eviction("a")),
      patch("merge", "~policy/v1/poddisruptionbudgets/p/status", { status: { disruptionsAllowed: 1 } }),
      post("~/pods/a/eviction", eviction("a")),
      get("~policy/v1/poddisruptionbudgets/p", { ignore: ["body.status.disruptedPods"] }),
    ],
    {
      setup: [
        makePod("a", { nodeName: "n" }),
        post("~policy/v1/poddisruptionbudgets", {
          metadata: { name: "p" },
          spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } },
        }),
        patch("merge", "~/pods/a/status", {
          status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
        }),
      ],
    },
  ),
  differential(
    "subresources",
    "binding",
    [
      post("~/pods/a/binding", { target: { kind: "Node", name: "n1" } }),
      post("~/pods/a/binding", { metadata: { name: "a" }, target: { kind: "Node", name: "n1" } }),
      post("~/pods/a/binding", { metadata: { name: "a" }, target: { kind: "Node", name: "n2" } }),
      post("~/pods/missing/binding", { metadata: { name: "missing" }, target: { kind: "Node", name: "n1" } }),
      post("~/pods/b/binding", { metadata: { name: "b" }, target: { kind: "Pod", name: "n1" } }),
      post("~/pods/b/binding", { metadata: { name: "b" }, target: {} }),
      post("~/pods/b/binding?dryRun=All", { metadata: { name: "b" }, target: { kind: "Node", name: "n1" } }),
      get("~/pods/a"),
      get("~/pods/b"),
    ],
    { setup: [makePod("a"), makePod("b")] },
  ),
  differential(
    "subresources",
    "logs and streams of Pods that do not run",
    [
      get("~/pods/a/log"),
      get("~/pods/missing/log"),
      get("~/pods/a/log?container=x"),
      get("~/pods/a/log?tailLines=-1"),
      get("~/pods/a/exec?command=ls"),
      get("~/pods/a/attach"),
      get("~/pods/a/portforward"),
      post("~/pods/a/exec?command=ls&stdout=true", undefined),
      get("~/pods/b/log"),
      get("~/pods/b/log?container=two"),
    ],
    { setup: [makePod("a"), makePod("b", { containers: [container, { name: "two", image: "i" }] })] },
  ),
  differential(
    "subresources",
    "ephemeral containers",
    [
      patch("strategic", "~/pods/a/ephemeralcontainers", {
        spec: { ephemeralContainers: [{ name: "debug", image: "i" }] },
      }),
      patch("strategic", "~/pods/a/ephemeralcontainers", {
        spec: { ephemeralContainers: [{ name: "c", image: "i" }] },
      }),
      patch("json", "~/pods/a/ephemeralcontainers", [{ op: "remove", path: "/spec/ephemeralContainers" }]),
      patch("merge", "~/pods/a", { spec: { ephemeralContainers: [] } }),
      get("~/pods/a/ephemeralcontainers"),
    ],
    { setup: [makePod("a")] },
  ),
  differential("subresources", "finalize of a namespace", [
    put("/api/v1/namespaces/{ns}/finalize", { metadata: { name: "{ns}" }, spec: { finalizers: [] } }),
    get("/api/v1/namespaces/{ns}"),
    get("/api/v1/namespaces/{ns}/status"),
    patch("merge", "/api/v1/namespaces/{ns}/status", { status: { conditions: [{ type: "X", status: "True" }] } }),
  ]),
  differential("subresources", "approval of a signing request", [
    put("/apis/certificates.k8s.io/v1/certificatesigningrequests/{ns}/approval", {
      metadata: { name: "{ns}" },
      status: { conditions: [{ type: "Approved", status: "True", reason: "r" }] },
    }),
    get("/apis/certificates.k8s.io/v1/certificatesigningrequests/{ns}-missing/approval"),
  ]),
  clientCase("subresources", "status and spec are written apart", async ({ client, namespace }) => {
    const services = client.resource("v1", "Service", { namespace });
    await services.create({
      metadata: { name: "a" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], selector: { a: "b" } },
    });
    const status = { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } };
    const written = await services.status.patch("a", { status });
    assert.deepEqual(
      written.status?.loadBalancer?.ingress?.map(({ ip }) => ip),
      ["192.0.2.7"],
    );
    const ignored = await services.patch("a", { status: { loadBalancer: { ingress: [] } } });
    assert.equal(ignored.status?.loadBalancer?.ingress?.length, 1);
    const read = await services.status.get("a");
    assert.equal(read.spec.ports?.[0]?.port, 80);
  }),
  clientCase("subresources", "status update is conditional on the version", async ({ client, namespace }) => {
    const claims = client.resource("v1", "PersistentVolumeClaim", { namespace });
    const claim = await claims.create({
      metadata: { name: "a" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "none" },
    });
    await claims.patch("a", { metadata: { labels: { x: "y" } } });
    await assert.rejects(claims.status.update({ ...claim, status: { phase: "Bound" } }), isConflict);
    const updated = await claims.status.update({ ...(await claims.get("a")), status: { phase: "Bound" } });
    assert.equal(updated.status?.phase, "Bound");
  }),
  clientCase("subresources", "scale is read, patched and replaced", async ({ client, namespace }) => {
    const sets = client.resource("apps/v1", "StatefulSet", { namespace });
    const labels = { a: "b" };
    await sets.create({
      metadata: { name: "a" },
      spec: {
        replicas: 0,
        serviceName: "s",
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    });
    const scale = await sets.scale.get("a");
    assert.deepEqual(
      [scale.kind, scale.apiVersion, scale.spec?.replicas ?? 0, scale.status?.selector],
      ["Scale", "autoscaling/v1", 0, "a=b"],
    );
    assert.equal((await sets.scale.patch("a", { spec: { replicas: 2 } })).spec?.replicas, 2);
    const now = await sets.scale.get("a");
    assert.equal((await sets.scale.update({ ...now, spec: { replicas: 0 } })).spec?.replicas ?? 0, 0);
    assert.equal((await sets.get("a")).spec.replicas, 0);
  }),
  clientCase("subresources", "eviction deletes, unless a budget forbids it", async ({ client, namespace, server }) => {
    const pods = client.resource("v1", "Pod", { namespace });
    const spec = { containers: [container], nodeName: "no-such-node" };
    await pods.create({ metadata: { name: "free" }, spec });
    await pods.eviction.create("free", { deleteOptions: { gracePeriodSeconds: 0 } });
    await pods.wait("free", "deleted");
    await pods.create({ metadata: { name: "kept", labels: { app: "kept" } }, spec });
    await pods.status.patch("kept", { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
    const budgets = client.resource("policy/v1", "PodDisruptionBudget", { namespace });
    await budgets.create({
      metadata: { name: "b" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "kept" } } },
    });
    if (server.hasControllers)
      await budgets.wait("b", ({ status }) => status?.observedGeneration === 1, { timeoutMs: 30_000 });
    const timeoutMs = 2_000;
    await assert.rejects(pods.eviction.create("kept", {}, { timeoutMs }), (error) => {
      assert.ok(isTooManyRequests(error) || (error as { code?: string }).code === "TimedOut", String(error));
      return true;
    });
    assert.equal((await pods.get("kept")).metadata.deletionTimestamp, undefined);
  }),
  clientCase("subresources", "binding puts a Pod on a node, once", async ({ client, namespace }) => {
    const pods = client.resource("v1", "Pod", { namespace });
    await pods.create({ metadata: { name: "a" }, spec: { containers: [container], schedulerName: "nobody" } });
    await pods.binding.create("a", { kind: "Node", name: "no-such-node" });
    assert.equal((await pods.get("a")).spec.nodeName, "no-such-node");
    await assert.rejects(pods.binding.create("a", { kind: "Node", name: "another" }), isConflict);
  }),
  clientCase(
    "subresources",
    "token is one of the account's, for the audience asked for",
    async ({ client, namespace, server }) => {
      const accounts = client.resource("v1", "ServiceAccount", { namespace });
      const { status } = await accounts.token.create("default", { spec: { audiences: [], expirationSeconds: 600 } });
      const token = status?.token;
      assert.ok(token !== undefined);
      if (server.isOwn) {
        await using other = await server.connectWithToken(token);
        assert.equal((await other.whoami()).username, `system:serviceaccount:${namespace}:default`);
      }
      const [, payload] = token.split(".");
      const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as { sub: string };
      assert.equal(claims.sub, `system:serviceaccount:${namespace}:default`);
    },
  ),
  clientCase("subresources", "any of them has its name", async ({ client, namespace }) => {
    const maps = client.resource("apps/v1", "DaemonSet", { namespace });
    const labels = { a: "b" };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    await maps.create({ metadata: { name: "a" }, spec: { selector: { matchLabels: labels }, template } });
    assert.equal((await maps.subresource("status").get("a")).kind, "DaemonSet");
    await assert.rejects(maps.subresource("odd").get("a"), { httpStatus: 404 });
  }),
];
