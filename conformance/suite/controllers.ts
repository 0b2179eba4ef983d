/**
 * What controllers and nodes make of objects: rollouts, owners, collection, namespaces.
 */
import assert from "node:assert/strict";
import { type Client, isConditionTrue, isNotFound, isOwnedBy } from "bowline";
import { type CaseContext, clientCase, type SuiteCase } from "./case.ts";

const labels = { app: "shop" };
const container = { name: "c", image: "shop:1" };
const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
const selector = { matchLabels: labels };
const WITHIN = { timeoutMs: 40_000 };

const pods = (client: Client, namespace: string) => client.resource("v1", "Pod", { namespace });
const deployments = (client: Client, namespace: string) => client.resource("apps/v1", "Deployment", { namespace });

/** The Deployment `shop`, just created. */
const createShop = ({ client, namespace }: CaseContext, replicas: number) =>
  deployments(client, namespace).create({ metadata: { name: "shop" }, spec: { replicas, selector, template } });

/** The ConfigMap `owner`, and `owned`, which is its. */
async function createOwned({ client, namespace }: CaseContext, more: { blockOwnerDeletion?: boolean } = {}) {
  const maps = client.resource("v1", "ConfigMap", { namespace });
  const { metadata } = await maps.create({ metadata: { name: "owner" } });
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: metadata.uid, ...more };
  await maps.create({ metadata: { name: "owned", ownerReferences: [reference] } });
}

async function rolledOut({ client, namespace, signal }: CaseContext, name: string) {
  return deployments(client, namespace).wait(
    name,
    ({ spec, status, metadata }) =>
      status?.observedGeneration === metadata.generation &&
      (status?.availableReplicas ?? 0) === spec.replicas &&
      (status?.updatedReplicas ?? 0) === spec.replicas &&
      (status?.replicas ?? 0) === spec.replicas,
    { ...WITHIN, signal },
  );
}

export const controllerCases: readonly SuiteCase[] = [
  clientCase(
    "controllers",
    "a Deployment gets a ReplicaSet and Pods that become ready",
    async (context) => {
      const { client, namespace } = context;
      const made = await createShop(context, 2);
      const done = await rolledOut(context, "shop");
      assert.ok(isConditionTrue(done, "Available"));
      const sets = (await client.resource("apps/v1", "ReplicaSet", { namespace }).list()).items;
      assert.equal(sets.length, 1);
      assert.ok(sets[0] !== undefined && isOwnedBy(sets[0], made));
      const running = (await pods(client, namespace).list({ labelSelector: labels })).items;
      assert.equal(running.length, 2);
      for (const pod of running) {
        assert.ok(isConditionTrue(pod, "Ready"));
        assert.ok(pod.spec.nodeName !== undefined && pod.status?.podIP !== undefined);
        assert.ok(pod.metadata.labels?.["pod-template-hash"] !== undefined);
      }
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a new template rolls out, and the old ReplicaSet is left at zero",
    async (context) => {
      const { client, namespace } = context;
      await createShop(context, 2);
      await rolledOut(context, "shop");
      const change = { spec: { template: { spec: { containers: [{ name: "c", image: "shop:2" }] } } } };
      await deployments(client, namespace).patch("shop", change, { type: "strategic" });
      await rolledOut(context, "shop");
      const sets = (await client.resource("apps/v1", "ReplicaSet", { namespace }).list()).items;
      const replicas = sets.map(
        ({ spec, metadata }) => `${metadata.annotations?.["deployment.kubernetes.io/revision"]}: ${spec.replicas}`,
      );
      assert.deepEqual(replicas.sort(), ["1: 0", "2: 2"]);
      for (const pod of (await pods(client, namespace).list({ labelSelector: labels })).items) {
        if (pod.metadata.deletionTimestamp === undefined) assert.equal(pod.spec.containers[0]?.image, "shop:2");
      }
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "scaling up and down changes the number of Pods",
    async (context) => {
      const { client, namespace } = context;
      const handle = deployments(client, namespace);
      await createShop(context, 1);
      await rolledOut(context, "shop");
      await handle.scale.patch("shop", { spec: { replicas: 3 } });
      assert.equal((await rolledOut(context, "shop")).status?.readyReplicas, 3);
      await handle.scale.patch("shop", { spec: { replicas: 0 } });
      await rolledOut(context, "shop");
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a deleted Pod is replaced",
    async (context) => {
      const { client, namespace, signal } = context;
      await createShop(context, 1);
      await rolledOut(context, "shop");
      const [first] = (await pods(client, namespace).list({ labelSelector: labels })).items;
      assert.ok(first !== undefined);
      await pods(client, namespace).delete(first.metadata.name, { wait: true, ...WITHIN });
      for await (const { type, object } of pods(client, namespace).watch({ labelSelector: labels, signal })) {
        if (type !== "DELETED" && object.metadata.uid !== first.metadata.uid && isConditionTrue(object, "Ready")) break;
      }
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a StatefulSet numbers its Pods and starts them in order",
    async ({ client, namespace, signal }) => {
      const sets = client.resource("apps/v1", "StatefulSet", { namespace });
      await sets.create({ metadata: { name: "db" }, spec: { replicas: 2, serviceName: "db", selector, template } });
      await sets.wait("db", ({ status }) => status?.readyReplicas === 2, { ...WITHIN, signal });
      const { items } = await pods(client, namespace).list({ labelSelector: labels });
      assert.deepEqual(
        items.map(({ metadata }) => metadata.name),
        ["db-0", "db-1"],
      );
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a DaemonSet has one Pod a node",
    async ({ client, namespace, signal }) => {
      const nodes = (await client.resource("v1", "Node").list()).items.filter((node) => isConditionTrue(node, "Ready"));
      const sets = client.resource("apps/v1", "DaemonSet", { namespace });
      await sets.create({ metadata: { name: "agent" }, spec: { selector, template } });
      const { status } = await sets.wait("agent", (set) => (set.status?.numberReady ?? 0) === nodes.length, {
        ...WITHIN,
        signal,
      });
      assert.equal(status?.desiredNumberScheduled, nodes.length);
    },
    ["nodes", "own cluster"],
  ),
  clientCase(
    "controllers",
    "deleting an owner deletes what it owns",
    async (context) => {
      const { client, namespace, signal } = context;
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await createOwned(context);
      await maps.delete("owner");
      await maps.wait("owned", "deleted", { ...WITHIN, signal });
    },
    ["controllers"],
  ),
  clientCase(
    "controllers",
    "deleting in the foreground deletes the owned first",
    async (context) => {
      const { client, namespace, signal } = context;
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await createOwned(context, { blockOwnerDeletion: true });
      const { metadata } = await maps.list();
      await maps.delete("owner", { propagationPolicy: "Foreground" });
      const gone: string[] = [];
      for await (const { type, object } of maps.watch({ resourceVersion: metadata.resourceVersion, signal })) {
        if (type === "DELETED") gone.push(object.metadata.name);
        if (gone.length === 2) break;
      }
      assert.deepEqual(gone, ["owned", "owner"]);
    },
    ["controllers"],
  ),
  clientCase(
    "controllers",
    "deleting with orphans lets them live without owner",
    async (context) => {
      const { client, namespace, signal } = context;
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await createOwned(context);
      await maps.delete("owner", { propagationPolicy: "Orphan" });
      await maps.wait("owner", "deleted", { ...WITHIN, signal });
      assert.equal((await maps.get("owned")).metadata.ownerReferences, undefined);
    },
    ["controllers"],
  ),
  clientCase(
    "controllers",
    "a new namespace gets its account and certificate authority",
    async ({ client, namespace, signal }) => {
      await client.resource("v1", "ServiceAccount", { namespace }).wait("default", () => true, { ...WITHIN, signal });
      const map = await client
        .resource("v1", "ConfigMap", { namespace })
        .wait("kube-root-ca.crt", () => true, { ...WITHIN, signal });
      assert.match(map.data?.["ca.crt"] ?? "", /BEGIN CERTIFICATE/);
    },
    ["controllers"],
  ),
  clientCase(
    "controllers",
    "deleting a namespace deletes all that is in it",
    async ({ client, namespace, signal }) => {
      const name = `${namespace}-x`;
      const namespaces = client.resource("v1", "Namespace");
      await namespaces.create({ metadata: { name } });
      const maps = client.resource("v1", "ConfigMap", { namespace: name });
      await maps.create({ metadata: { name: "a" } });
      await namespaces.delete(name, { wait: true, signal, ...WITHIN });
      await assert.rejects(namespaces.get(name), isNotFound);
      assert.deepEqual((await maps.list()).items, []);
    },
    ["controllers"],
  ),
  clientCase(
    "controllers",
    "a Service has the addresses of its ready Pods",
    async (context) => {
      const { client, namespace, signal } = context;
      await client.create({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "shop", namespace },
        spec: { selector: labels, ports: [{ port: 80 }] },
      });
      await createShop(context, 2);
      const slices = client.resource("discovery.k8s.io/v1", "EndpointSlice", { namespace });
      for await (const { object } of slices.watch({
        labelSelector: { "kubernetes.io/service-name": "shop" },
        signal,
      })) {
        const ready = (object.endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
        if (ready.length === 2) break;
      }
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a budget counts its Pods, and eviction heeds it",
    async (context) => {
      const { client, namespace, signal } = context;
      await createShop(context, 2);
      await rolledOut(context, "shop");
      const budgets = client.resource("policy/v1", "PodDisruptionBudget", { namespace });
      await budgets.create({ metadata: { name: "b" }, spec: { minAvailable: 2, selector } });
      const { status } = await budgets.wait("b", (one) => one.status?.currentHealthy === 2, { ...WITHIN, signal });
      assert.deepEqual([status?.disruptionsAllowed, status?.desiredHealthy, status?.expectedPods], [0, 2, 2]);
      const [pod] = (await pods(client, namespace).list({ labelSelector: labels })).items;
      await assert.rejects(pods(client, namespace).eviction.create(pod?.metadata.name ?? "", {}, { timeoutMs: 2_000 }));
    },
    ["nodes"],
  ),
  clientCase(
    "controllers",
    "a suspended CronJob makes no Job, a Job makes a Pod",
    async ({ client, namespace, signal }) => {
      const spec = { template: { spec: { restartPolicy: "Never" as const, containers: [container] } } };
      const cron = client.resource("batch/v1", "CronJob", { namespace });
      await cron.create({
        metadata: { name: "never" },
        spec: { schedule: "* * * * *", suspend: true, jobTemplate: { spec } },
      });
      const jobs = client.resource("batch/v1", "Job", { namespace });
      await jobs.create({ metadata: { name: "once" }, spec });
      await jobs.wait("once", ({ status }) => (status?.active ?? 0) + (status?.succeeded ?? 0) > 0, {
        ...WITHIN,
        signal,
      });
      const made = (await pods(client, namespace).list({ labelSelector: { "batch.kubernetes.io/job-name": "once" } }))
        .items;
      assert.equal(made.length, 1);
      assert.deepEqual(
        (await jobs.list()).items.map(({ metadata }) => metadata.name),
        ["once"],
      );
    },
    ["controllers"],
  ),
];
