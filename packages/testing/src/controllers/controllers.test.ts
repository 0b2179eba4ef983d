import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerClient } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";
import { at, itemsAt, numberAt, textAt } from "../strategies/json-access.ts";

const PATIENCE_MS = 10_000;
const ANY_POD = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } };
const SELECTOR = { matchLabels: { app: "web" } };

/** A server whose controllers let `onError` fail the test. */
function start(rest: object = {}): Promise<TestServer> {
  return startTestServer({ controllers: { delayMs: 1, ...rest, onError: (error) => assert.ifError(error) } });
}

/** Settles once `isSo`, looked at after every change. */
function until(client: ServerClient, isSo: () => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (then: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      then();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`still waiting until ${what}`))), PATIENCE_MS);
    const unsubscribe = client.subscribe(() => {
      if (isSo()) end(resolve);
    });
    if (isSo()) end(resolve);
  });
}

function make(client: ServerClient, apiVersion: string, kind: string, name: string, rest: object): ApiObject {
  return client.create({ apiVersion, kind, metadata: { name, namespace: "default" }, ...rest });
}

function deployment(client: ServerClient, replicas: number): ApiObject {
  return make(client, "apps/v1", "Deployment", "web", { spec: { replicas, selector: SELECTOR, template: ANY_POD } });
}

function status(client: ServerClient, kind: string, name: string, field: string): number {
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  return numberAt(client.get(apiVersion, kind, "default", name), "status", field) ?? 0;
}

function pods(client: ServerClient): readonly ApiObject[] {
  return client.list("v1", "Pod", "default");
}

test("a Deployment's Pods become ready, and its Service finds them", async () => {
  await using server = await start();
  const client = server.objects;
  deployment(client, 3);
  make(client, "v1", "Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } });
  const slices = () => client.list("discovery.k8s.io/v1", "EndpointSlice", "default");
  const endpoints = () =>
    slices().flatMap((slice) => (textAt(slice, "addressType") === "IPv4" ? itemsAt(slice, "endpoints") : []));
  await until(client, () => status(client, "Deployment", "web", "availableReplicas") === 3, "all are available");
  await until(
    client,
    () => endpoints().filter((endpoint) => at(endpoint, "conditions", "ready") === true).length >= 3,
    "all are served",
  );
  assert.deepEqual(new Set(pods(client).map((pod) => textAt(pod, "spec", "nodeName"))), new Set(["node-1", "node-2"]));
  const revision = client.get("apps/v1", "Deployment", "default", "web")?.metadata.annotations;
  assert.equal(revision?.["deployment.kubernetes.io/revision"], "1");
});

test("a rollout never has fewer Pods available, nor asks for more, than the strategy allows", async () => {
  await using server = await start();
  const client = server.objects;
  deployment(client, 4);
  await until(client, () => status(client, "Deployment", "web", "availableReplicas") === 4, "all are available");
  let [fewest, most] = [4, 4];
  client.subscribe(() => {
    const all = pods(client).filter((pod) => pod.metadata["deletionTimestamp"] === undefined);
    const ready = all.filter((pod) => textAt(pod, "status", "phase") === "Running");
    const sizes = client.list("apps/v1", "ReplicaSet", "default").map((set) => numberAt(set, "spec", "replicas") ?? 0);
    [fewest, most] = [
      Math.min(fewest, ready.length),
      Math.max(
        most,
        sizes.reduce((sum, size) => sum + size, 0),
      ),
    ];
  });
  const containers = [{ name: "web", image: "web:2" }];
  client.patch("apps/v1", "Deployment", "default", "web", { spec: { template: { spec: { containers } } } });
  const isDone = () =>
    status(client, "Deployment", "web", "observedGeneration") === 2 &&
    status(client, "Deployment", "web", "updatedReplicas") === 4 &&
    status(client, "Deployment", "web", "availableReplicas") === 4 &&
    status(client, "Deployment", "web", "replicas") === 4;
  await until(client, isDone, "the rollout is done");
  assert.deepEqual([fewest, most], [3, 5]);
  const sets = client.list("apps/v1", "ReplicaSet", "default");
  assert.deepEqual(sets.map((set) => numberAt(set, "spec", "replicas")).sort(), [0, 4]);
});

test("once a Deployment is as it should be, nothing more is written", async () => {
  await using server = await start();
  const client = server.objects;
  deployment(client, 2);
  await until(client, () => status(client, "Deployment", "web", "availableReplicas") === 2, "all are available");
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns(20);
  const changes: string[] = [];
  client.subscribe(({ type, object }) => changes.push(`${type} ${object.kind} ${object.metadata.name}`));
  await turns(50);
  assert.deepEqual(changes, []);
});

test("without nodes Pods stay pending", async () => {
  await using server = await start({ kubelet: false });
  const client = server.objects;
  deployment(client, 2);
  await until(client, () => pods(client).length === 2, "both Pods are there");
  assert.deepEqual(
    pods(client).map((pod) => textAt(pod, "status", "phase")),
    ["Pending", "Pending"],
  );
  assert.deepEqual(client.list("v1", "Node"), []);
});

test("a deletion in the foreground ends with the owner, one in the background begins with it", async () => {
  for (const propagationPolicy of ["Foreground", "Background"] as const) {
    await using server = await start();
    const client = server.objects;
    deployment(client, 2);
    await until(client, () => status(client, "Deployment", "web", "availableReplicas") === 2, "all are available");
    const gone: string[] = [];
    client.subscribe(({ type, object }) => {
      if (type === "DELETED" && ["Deployment", "ReplicaSet", "Pod"].includes(object.kind)) gone.push(object.kind);
    });
    client.delete("apps/v1", "Deployment", "default", "web", { propagationPolicy });
    await until(client, () => gone.length === 4, "all four are gone");
    assert.equal(propagationPolicy === "Foreground" ? gone.at(-1) : gone[0], "Deployment");
  }
});

test("orphans stay, without the owner", async () => {
  await using server = await start();
  const client = server.objects;
  deployment(client, 2);
  await until(client, () => status(client, "Deployment", "web", "availableReplicas") === 2, "all are available");
  client.delete("apps/v1", "Deployment", "default", "web", { propagationPolicy: "Orphan" });
  await until(client, () => client.list("apps/v1", "Deployment", "default").length === 0, "the owner is gone");
  const [set] = client.list("apps/v1", "ReplicaSet", "default");
  assert.equal(set?.metadata["ownerReferences"], undefined);
  assert.equal(pods(client).length, 2);
});

test("a namespace goes with all that is in it", async () => {
  await using server = await start();
  const client = server.objects;
  client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
  client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "team" } });
  await until(client, () => client.list("v1", "ServiceAccount", "team").length === 1, "the account is there");
  client.delete("v1", "Namespace", undefined, "team");
  await until(client, () => client.get("v1", "Namespace", undefined, "team") === undefined, "the namespace is gone");
  assert.deepEqual(client.list("v1", "ConfigMap", "team"), []);
  assert.deepEqual(client.list("v1", "ServiceAccount", "team"), []);
});

test("a Job runs as many Pods at once as it says, and completes", async () => {
  await using server = await start();
  const client = server.objects;
  let most = 0;
  client.subscribe(() => {
    const running = pods(client).filter((pod) => !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")));
    most = Math.max(most, running.length);
  });
  const template = { spec: { restartPolicy: "Never", containers: ANY_POD.spec.containers } };
  make(client, "batch/v1", "Job", "sum", { spec: { completions: 5, parallelism: 2, template } });
  await until(client, () => status(client, "Job", "sum", "succeeded") === 5, "five have succeeded");
  assert.equal(most, 2);
  const conditions = itemsAt(client.get("batch/v1", "Job", "default", "sum"), "status", "conditions");
  assert.deepEqual(
    conditions.map((condition) => condition["type"]),
    ["SuccessCriteriaMet", "Complete"],
  );
});

test("a Job whose Pods fail too often fails", async () => {
  await using server = await start();
  const client = server.objects;
  const template = {
    metadata: { annotations: { "bowline.dev/exit-code": "3" } },
    spec: { restartPolicy: "Never", containers: ANY_POD.spec.containers },
  };
  make(client, "batch/v1", "Job", "sum", { spec: { backoffLimit: 0, template } });
  const failure = () =>
    itemsAt(client.get("batch/v1", "Job", "default", "sum"), "status", "conditions").find(
      ({ type }) => type === "Failed",
    );
  await until(client, () => failure() !== undefined, "the job has failed");
  assert.equal(failure()?.["reason"], "BackoffLimitExceeded");
});

test("a StatefulSet makes its Pods one after the other, each with its claim", async () => {
  await using server = await start();
  const client = server.objects;
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  const order: string[] = [];
  client.subscribe(({ type, object }) => {
    const isReady = itemsAt(object, "status", "conditions").some(
      (one) => one["type"] === "Ready" && one["status"] === "True",
    );
    if (object.kind === "Pod" && type === "ADDED") order.push(`${object.metadata.name} made`);
    const ready = `${object.metadata.name} ready`;
    if (object.kind === "Pod" && isReady && !order.includes(ready)) order.push(ready);
  });
  const spec = { serviceName: "web", replicas: 2, selector: SELECTOR, template: ANY_POD };
  const volumeClaimTemplates = [{ metadata: { name: "data" }, spec: claim }];
  make(client, "apps/v1", "StatefulSet", "web", { spec: { ...spec, volumeClaimTemplates } });
  await until(client, () => status(client, "StatefulSet", "web", "availableReplicas") === 2, "both are available");
  assert.deepEqual(order, ["web-0 made", "web-0 ready", "web-1 made", "web-1 ready"]);
  const claims = client.list("v1", "PersistentVolumeClaim", "default");
  assert.deepEqual(
    claims.map((one) => [one.metadata.name, textAt(one, "status", "phase")]),
    [
      ["data-web-0", "Bound"],
      ["data-web-1", "Bound"],
    ],
  );
});

test("a DaemonSet has a Pod on every node that its Pods tolerate", async () => {
  await using server = await start({ nodes: ["a", "b", "c"] });
  const client = server.objects;
  client.patch("v1", "Node", undefined, "b", { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } });
  make(client, "apps/v1", "DaemonSet", "agent", { spec: { selector: SELECTOR, template: ANY_POD } });
  await until(client, () => status(client, "DaemonSet", "agent", "numberAvailable") === 2, "two are available");
  assert.deepEqual(
    pods(client)
      .map((pod) => textAt(pod, "spec", "nodeName"))
      .sort(),
    ["a", "c"],
  );
});

test("a Pod whose claim does not exist waits for it", async () => {
  await using server = await start();
  const client = server.objects;
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  await until(client, () => client.list("v1", "ServiceAccount", "default").length === 1, "the account is there");
  make(client, "v1", "Pod", "waiting", { spec: { ...ANY_POD.spec, volumes } });
  const pod = () => client.get("v1", "Pod", "default", "waiting");
  await until(client, () => itemsAt(pod(), "status", "conditions").length > 0, "it is unschedulable");
  assert.equal(itemsAt(pod(), "status", "conditions")[0]?.["reason"], "Unschedulable");
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  make(client, "v1", "PersistentVolumeClaim", "data", { spec });
  await until(client, () => textAt(pod(), "status", "phase") === "Running", "it runs");
});
