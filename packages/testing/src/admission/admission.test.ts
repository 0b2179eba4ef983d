import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";
import { at, itemsAt, textAt } from "../strategies/json-access.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

let namespaces = 0;
/** A namespace with its `default` ServiceAccount. */
function newNamespace(): string {
  namespaces += 1;
  const name = `team-${namespaces}`;
  server.objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  server.objects.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } });
  return name;
}

function pod(namespace: string, name: string, spec: object = {}, container: object = {}): ApiObject {
  const containers = [{ name: "a", image: "web", ...container }];
  return server.objects.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: { containers, ...spec },
  });
}

function refusalOf(write: () => unknown): string {
  try {
    write();
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 403) return error.message;
    throw error;
  }
  return assert.fail("the write was accepted");
}

test("a Pod needs a ServiceAccount, and gets its token mounted", () => {
  const namespace = newNamespace();
  const made = pod(namespace, "plain");
  const volume = itemsAt(made, "spec", "volumes")[0];
  const mount = itemsAt(itemsAt(made, "spec", "containers")[0], "volumeMounts")[0];
  assert.equal(textAt(made, "spec", "serviceAccountName"), "default");
  assert.match(textAt(volume, "name"), /^kube-api-access-[a-z0-9]{5}$/);
  assert.equal(textAt(mount, "name"), textAt(volume, "name"));
  assert.equal(textAt(mount, "mountPath"), "/var/run/secrets/kubernetes.io/serviceaccount");
  assert.deepEqual(itemsAt(pod(namespace, "bare", { automountServiceAccountToken: false }), "spec", "volumes"), []);
  assert.match(
    refusalOf(() => pod(namespace, "other", { serviceAccountName: "robot" })),
    /"robot" not found/,
  );
});

test("a Pod tolerates nodes that are away for a while", () => {
  const made = pod(newNamespace(), "plain");
  assert.deepEqual(
    itemsAt(made, "spec", "tolerations").map((toleration) => [toleration["key"], toleration["tolerationSeconds"]]),
    [
      ["node.kubernetes.io/not-ready", 300],
      ["node.kubernetes.io/unreachable", 300],
    ],
  );
});

test("a priority class gives the number", () => {
  const namespace = newNamespace();
  assert.equal(at(pod(namespace, "plain"), "spec", "priority"), 0);
  server.objects.create({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "high" },
    value: 1000,
  });
  assert.equal(at(pod(namespace, "high", { priorityClassName: "high" }), "spec", "priority"), 1000);
  assert.match(
    refusalOf(() => pod(namespace, "none", { priorityClassName: "none" })),
    /no PriorityClass with name none/,
  );
});

test("a LimitRange fills in what a container leaves out, and refuses what is out of range", () => {
  const namespace = newNamespace();
  const limits = [{ type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "250m" }, max: { cpu: "1" } }];
  server.objects.create({
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "limits", namespace },
    spec: { limits },
  });
  const made = pod(namespace, "plain");
  assert.deepEqual(at(itemsAt(made, "spec", "containers")[0], "resources"), {
    limits: { cpu: "500m" },
    requests: { cpu: "250m" },
  });
  assert.match(
    refusalOf(() => pod(namespace, "big", {}, { resources: { limits: { cpu: "2" } } })),
    /maximum cpu usage per Container is 1, but limit is 2/,
  );
});

test("a ResourceQuota counts, refuses what is over it, and says what is used", () => {
  const namespace = newNamespace();
  const spec = { hard: { "count/configmaps": "2", "requests.cpu": "1" } };
  const quota = server.objects.create({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "quota", namespace },
    spec,
  });
  const status = { hard: spec.hard, used: { "count/configmaps": "0", "requests.cpu": "0" } };
  server.objects.update({ ...quota, status }, { subresource: "status" });
  const map = (name: string) =>
    server.objects.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } });
  map("a");
  map("b");
  assert.match(
    refusalOf(() => map("c")),
    /exceeded quota: quota, requested: count\/configmaps=1, used: count\/configmaps=2/,
  );
  const cpu = (name: string, amount: string) => pod(namespace, name, {}, { resources: { requests: { cpu: amount } } });
  cpu("a", "600m");
  assert.match(
    refusalOf(() => cpu("b", "600m")),
    /exceeded quota: quota, requested: requests\.cpu=600m, used: requests\.cpu=600m/,
  );
  assert.match(
    refusalOf(() => pod(namespace, "c")),
    /must specify requests\.cpu/,
  );
  const seen = server.objects.get("v1", "ResourceQuota", namespace, "quota");
  assert.deepEqual(at(seen, "status", "used"), { "count/configmaps": "2", "requests.cpu": "600m" });
});

test("a claim without a class gets the default one", () => {
  const namespace = newNamespace();
  const claim = (name: string) =>
    server.objects.create({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
  assert.equal(at(claim("before"), "spec", "storageClassName"), undefined);
  server.objects.create({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "example.com/disk",
  });
  const made = claim("after");
  assert.equal(textAt(made, "spec", "storageClassName"), "fast");
  assert.deepEqual(made.metadata.finalizers, ["kubernetes.io/pvc-protection"]);
});

test("a namespace's labels refuse Pods that break the level they enforce", () => {
  const namespace = newNamespace();
  const labels = { "pod-security.kubernetes.io/enforce": "baseline" };
  server.objects.patch("v1", "Namespace", undefined, namespace, { metadata: { labels } });
  assert.match(
    refusalOf(() => pod(namespace, "host", { hostNetwork: true })),
    /violates PodSecurity "baseline:latest": host namespaces \(hostNetwork=true\)/,
  );
  assert.equal(pod(namespace, "plain").metadata.name, "plain");
});

test("a Pod takes over the zone of its node", () => {
  const namespace = newNamespace();
  const zone = { "topology.kubernetes.io/zone": "z" };
  server.objects.create({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: namespace, labels: { ...zone, other: "o" } },
  });
  assert.deepEqual(pod(namespace, "placed", { nodeName: namespace }).metadata.labels, zone);
});

test("an account can hold its Pods to the secrets that it names", () => {
  const namespace = newNamespace();
  server.objects.create({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "strict", namespace, annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } },
    secrets: [{ name: "own" }],
  });
  const withSecret = (secretName: string) =>
    pod(namespace, secretName, { serviceAccountName: "strict", volumes: [{ name: "v", secret: { secretName } }] });
  assert.match(
    refusalOf(() => withSecret("other")),
    /volume with secret.secretName="other" is not allowed/,
  );
  assert.equal(withSecret("own").metadata.name, "own");
});

test("a Pod on a node is resized only where the node has room for it", () => {
  const namespace = newNamespace();
  const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
  const made = pod(namespace, "sized", { nodeName: `${namespace}-node` }, requests("1"));
  const resize = (cpu: string) => {
    const containers = [{ ...itemsAt(made, "spec", "containers")[0], ...requests(cpu) }];
    const patch = { spec: { containers } };
    return server.objects.patch("v1", "Pod", namespace, "sized", patch, { subresource: "resize" });
  };
  assert.match(
    refusalOf(() => resize("2")),
    /node ".*-node" not found/,
  );
  const node = server.objects.create({ apiVersion: "v1", kind: "Node", metadata: { name: `${namespace}-node` } });
  server.objects.update({ ...node, status: { allocatable: { cpu: "2" } } }, { subresource: "status" });
  assert.match(
    refusalOf(() => resize("3")),
    /cpu, requested: 3000, allocatable: 2000/,
  );
  assert.equal(resize("2").metadata.generation, 2);
});
