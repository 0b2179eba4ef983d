import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StatusError } from "../registry/status-error.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer({
    objects: [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } }],
  });
});
after(() => server.close());

/** Fields and messages of a refused object. */
function causes(apiVersion: string, kind: string, rest: object): string[] {
  try {
    server.objects.create({ apiVersion, kind, metadata: { name: "x", namespace: "default" }, ...rest });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return (error.status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
  }
  return assert.fail("the object was accepted");
}

const container = { name: "web", image: "web" };
const podCauses = (spec: object) => causes("v1", "Pod", { spec: { containers: [container], ...spec } });

test("a Pod of Windows has no fields of Linux, and the other way round", () => {
  assert.deepEqual(podCauses({ os: { name: "windows" }, hostPID: true, securityContext: { runAsUser: 1 } }), [
    "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
    "spec.hostPID: Forbidden: cannot be set for a windows pod",
  ]);
  assert.deepEqual(podCauses({ os: { name: "linux" }, securityContext: { windowsOptions: {} } }), [
    "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
  ]);
});

test("what a Pod may use as a whole is no less than what its containers ask for", () => {
  const two = { containers: [{ ...container, resources: { requests: { cpu: "2" } } }] };
  assert.deepEqual(podCauses({ ...two, resources: { requests: { cpu: "1" } } }), [
    'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
  ]);
  const sidecar = { name: "s", image: "s", restartPolicy: "Always", resources: { requests: { cpu: "1" } } };
  const init = { name: "i", image: "i", resources: { requests: { cpu: "3" } } };
  assert.match(
    podCauses({ ...two, initContainers: [sidecar, init], resources: { requests: { cpu: "3500m" } } })[0] ?? "",
    /aggregate container requests of 4$/,
  );
});

test("a claim for devices names requests that it has", () => {
  const request = { name: "gpu", exactly: { deviceClassName: "gpu" } };
  const spec = { devices: { requests: [request], constraints: [{ requests: ["cpu"], matchAttribute: "a" }] } };
  assert.deepEqual(
    causes("resource.k8s.io/v1", "ResourceClaim", { spec }).map((cause) => cause.slice(0, 60)),
    [
      'spec.devices.constraints[0].requests[0]: Invalid value: "cpu"',
      'spec.devices.constraints[0].matchAttribute: Invalid value: "',
    ].map((cause) => cause.slice(0, 60)),
  );
  const twice = { devices: { requests: [request, { name: "any" }] } };
  assert.deepEqual(causes("resource.k8s.io/v1", "ResourceClaim", { spec: twice }), [
    "spec.devices.requests[1]: Required value: exactly one of `exactly` or `firstAvailable` is required",
  ]);
});

test("a ResourceSlice says for which nodes it is", () => {
  const spec = { driver: "gpu.example.com", pool: { name: "p", resourceSliceCount: 1 }, nodeName: "n", allNodes: true };
  assert.deepEqual(causes("resource.k8s.io/v1", "ResourceSlice", { metadata: { name: "x" }, spec }), [
    'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
  ]);
});

test("a volume that lies on one node says on which", () => {
  const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], local: { path: "/x" } };
  assert.deepEqual(causes("v1", "PersistentVolume", { metadata: { name: "x" }, spec }), [
    "spec.nodeAffinity: Required value: Local volume requires node affinity",
  ]);
});
