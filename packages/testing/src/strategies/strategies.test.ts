import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { formatApiVersion } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject, ObjectMetadata } from "../registry/strategy.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";
import { at, itemsAt, textAt } from "./json-access.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer({
    objects: [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } }],
  });
});
after(() => server.close());

const TEMPLATE = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web" }] } };

function create(apiVersion: string, kind: string, name: string, rest: object): ApiObject {
  return server.objects.create({ apiVersion, kind, metadata: { name, namespace: "default" }, ...rest });
}

/** Fields and messages of a refused write. */
function causes(write: () => unknown): string[] {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return (error.status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
  }
  return assert.fail("the write was accepted");
}

function fieldsOf(write: () => unknown): string[] {
  return causes(write).map((cause) => cause.slice(0, cause.indexOf(":")));
}

test("what a fresh cluster holds passes its own kind's checks, and defaulting finds nothing to add", () => {
  let count = 0;
  for (const resource of server.objects.resources()) {
    if (resource.storage.group !== resource.group || resource.storage.version !== resource.version) continue;
    const apiVersion = formatApiVersion(resource);
    for (const object of resource.verbs.includes("list") ? server.objects.list(apiVersion, resource.kind) : []) {
      const sent = clone(object);
      delete (sent.metadata as Partial<ObjectMetadata>).resourceVersion;
      const updated = server.objects.update(sent);
      assert.equal(
        updated.metadata.resourceVersion,
        object.metadata.resourceVersion,
        `${resource.kind} ${sent.metadata.name}`,
      );
      count += 1;
    }
  }
  assert.ok(count > 150);
});

test("a Pod gets its defaults", () => {
  const pod = create("v1", "Pod", "plain", {
    spec: {
      containers: [
        { name: "a", image: "web", ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 } } },
        { name: "b", image: "web:1.2", resources: { limits: { cpu: "1", memory: "1Gi" } } },
      ],
    },
  });
  const [a, b] = itemsAt(pod, "spec", "containers");
  assert.equal(textAt(a, "imagePullPolicy"), "Always");
  assert.equal(textAt(b, "imagePullPolicy"), "IfNotPresent");
  assert.deepEqual(at(a, "ports"), [{ containerPort: 80, protocol: "TCP" }]);
  assert.deepEqual(at(a, "livenessProbe"), {
    failureThreshold: 3,
    httpGet: { path: "/", port: 80, scheme: "HTTP" },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  assert.deepEqual(at(b, "resources", "requests"), { cpu: "1", memory: "1Gi" });
  assert.equal(textAt(pod, "spec", "restartPolicy"), "Always");
  assert.equal(textAt(pod, "spec", "dnsPolicy"), "ClusterFirst");
  assert.equal(at(pod, "spec", "terminationGracePeriodSeconds"), 30);
  assert.equal(textAt(pod, "status", "phase"), "Pending");
  assert.equal(textAt(pod, "status", "qosClass"), "Burstable");
});

test("a Deployment's checks come in the order of its fields", () => {
  const found = causes(() =>
    create("apps/v1", "Deployment", "Bad_Name", {
      spec: {
        replicas: -1,
        selector: { matchLabels: { app: "x" } },
        template: { ...TEMPLATE, spec: { containers: [] } },
      },
    }),
  );
  assert.deepEqual(
    found.map((cause) => cause.slice(0, cause.indexOf(":"))),
    ["metadata.name", "spec.replicas", "spec.template.metadata.labels", "spec.template.spec.containers"],
  );
  assert.match(found[1] ?? "", /Invalid value: -1: must be greater than or equal to 0$/);
  assert.match(found[3] ?? "", /Required value$/);
});

test("a Deployment counts generations of its spec only", () => {
  const made = create("apps/v1", "Deployment", "generations", {
    spec: { selector: { matchLabels: { app: "web" } }, template: TEMPLATE },
  });
  const patch = (change: object, subresource?: string) =>
    server.objects.patch("apps/v1", "Deployment", "default", "generations", { ...change }, { subresource });
  assert.equal(made.metadata.generation, 1);
  assert.equal(patch({ metadata: { labels: { a: "b" } } }).metadata.generation, 1);
  assert.equal(patch({ spec: { replicas: 3 } }).metadata.generation, 2);
  const status = patch({ spec: { replicas: 9 }, status: { replicas: 3 } }, "status");
  assert.deepEqual([at(status, "spec", "replicas"), at(status, "status", "replicas")], [3, 3]);
  assert.equal(at(patch({ status: { replicas: 7 } }), "status", "replicas"), 3);
});

test("selectors of workloads are immutable", () => {
  create("apps/v1", "Deployment", "selector", {
    spec: { selector: { matchLabels: { app: "web" } }, template: TEMPLATE },
  });
  const change = {
    spec: { selector: { matchLabels: { app: "web", more: "x" } }, template: { metadata: { labels: { more: "x" } } } },
  };
  const found = causes(() => server.objects.patch("apps/v1", "Deployment", "default", "selector", change));
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^spec\.selector: Invalid value: .*: field is immutable$/);
});

test("a Service gets an address of its own, and keeps it", () => {
  const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
  const first = create("v1", "Service", "first", { spec });
  const second = create("v1", "Service", "second", { spec: { ...spec, type: "NodePort" } });
  const address = textAt(first, "spec", "clusterIP");
  assert.match(address, /^10\.0\.0\.\d+$/);
  assert.notEqual(address, textAt(second, "spec", "clusterIP"));
  assert.deepEqual(at(first, "spec", "clusterIPs"), [address]);
  assert.equal(at(itemsAt(first, "spec", "ports")[0], "targetPort"), 80);
  const port = Number(at(itemsAt(second, "spec", "ports")[0], "nodePort"));
  assert.ok(port >= 30_000 && port <= 32_767);
  const replaced = server.objects.update({ ...first, spec: { ...spec } });
  assert.equal(textAt(replaced, "spec", "clusterIP"), address);
  const found = fieldsOf(() =>
    server.objects.patch("v1", "Service", "default", "first", { spec: { clusterIP: "10.0.0.200" } }),
  );
  assert.ok(found.includes("spec.clusterIPs[0]"));
});

test("an address that a Service holds is refused to another, and free again when it goes", () => {
  const spec = { clusterIP: "10.0.0.77", ports: [{ port: 80 }] };
  create("v1", "Service", "holder", { spec });
  assert.deepEqual(
    fieldsOf(() => create("v1", "Service", "other", { spec })),
    ["spec.clusterIPs"],
  );
  server.objects.delete("v1", "Service", "default", "holder");
  assert.equal(textAt(create("v1", "Service", "other", { spec }), "spec", "clusterIP"), "10.0.0.77");
});

test("immutable ConfigMaps and Secrets change in metadata only", () => {
  for (const kind of ["ConfigMap", "Secret"]) {
    create("v1", kind, "fixed", { data: { a: "YQ==" }, immutable: true });
    const patch = (change: object) => server.objects.patch("v1", kind, "default", "fixed", { ...change });
    patch({ metadata: { labels: { a: "b" } } });
    assert.deepEqual(
      fieldsOf(() => patch({ data: { a: "Yg==" } })),
      ["data"],
    );
    assert.deepEqual(
      fieldsOf(() => patch({ immutable: false })),
      ["immutable"],
    );
  }
});

test("of a Pod's spec little may change", () => {
  const made = create("v1", "Pod", "running", { spec: { containers: [{ name: "a", image: "web:1" }] } });
  const patch = (spec: object) => server.objects.patch("v1", "Pod", "default", "running", { spec });
  patch({ containers: itemsAt(made, "spec", "containers").map((container) => ({ ...container, image: "web:2" })) });
  patch({ activeDeadlineSeconds: 10 });
  assert.deepEqual(
    fieldsOf(() => patch({ hostname: "other" })),
    ["spec"],
  );
});

test("RBAC roles have names that DNS does not allow", () => {
  create("rbac.authorization.k8s.io/v1", "Role", "team:Ops", { rules: [] });
  const noVerbs = { rules: [{ apiGroups: [""], resources: ["pods"], verbs: [] }] };
  assert.deepEqual(
    fieldsOf(() => create("rbac.authorization.k8s.io/v1", "Role", "a", noVerbs)),
    ["rules[0].verbs"],
  );
});

test("what a RoleBinding binds cannot change", () => {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
  create("rbac.authorization.k8s.io/v1", "RoleBinding", "bound", {
    roleRef,
    subjects: [{ kind: "User", name: "ada" }],
  });
  const change = { roleRef: { ...roleRef, name: "edit" } };
  assert.deepEqual(
    fieldsOf(() => server.objects.patch("rbac.authorization.k8s.io/v1", "RoleBinding", "default", "bound", change)),
    ["roleRef"],
  );
});

test("autoscalers of v1 and v2 are one object", () => {
  const spec = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 5 };
  create("autoscaling/v1", "HorizontalPodAutoscaler", "scaler", {
    spec: { ...spec, targetCPUUtilizationPercentage: 70 },
  });
  const seen = server.objects.get("autoscaling/v2", "HorizontalPodAutoscaler", "default", "scaler");
  assert.deepEqual(at(seen, "spec", "metrics"), [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
  ]);
});

test("a Job that has completed stays so", () => {
  const template = { spec: { restartPolicy: "Never", containers: TEMPLATE.spec.containers } };
  create("batch/v1", "Job", "done", { spec: { template } });
  const time = "2030-01-01T00:00:00Z";
  const condition = (type: string) => ({ type, status: "True" });
  const patch = (status: object) =>
    server.objects.patch("batch/v1", "Job", "default", "done", { status }, { subresource: "status" });
  const conditions = [condition("SuccessCriteriaMet"), condition("Complete")];
  assert.deepEqual(
    fieldsOf(() => patch({ conditions })),
    ["status.completionTime", "status.startTime"],
  );
  patch({ conditions, startTime: time, completionTime: time, succeeded: 1 });
  assert.deepEqual(
    fieldsOf(() => patch({ succeeded: 0 })),
    ["status.succeeded"],
  );
  assert.ok(fieldsOf(() => patch({ conditions: [], completionTime: null })).includes("status.conditions"));
});

test("of owners that are given twice one is kept", () => {
  const owner = { apiVersion: "v1", kind: "Pod", name: "a", uid: "u" };
  const metadata = { name: "owned", namespace: "default", ownerReferences: [owner, { ...owner }] };
  const made = server.objects.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
  assert.deepEqual(made.metadata["ownerReferences"], [owner]);
});
