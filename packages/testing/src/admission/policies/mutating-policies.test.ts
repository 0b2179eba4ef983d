import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StatusError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { startTestServer, type TestServer } from "../../server/start-test-server.ts";

const VERSION = "admissionregistration.k8s.io/v1";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const metadata = (name: string) => ({ name }) as ApiObject["metadata"];
const applied = (expression: string) => ({ patchType: "ApplyConfiguration", applyConfiguration: { expression } });
const patched = (expression: string) => ({ patchType: "JSONPatch", jsonPatch: { expression } });

/** What a ConfigMap is stored as, or why it is not, while a policy mutates. */
function created(spec: object, data: Record<string, string>): unknown {
  const { objects } = server;
  const resourceRules = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }];
  objects.create({
    apiVersion: VERSION,
    kind: "MutatingAdmissionPolicy",
    metadata: metadata("change"),
    spec: { matchConstraints: { resourceRules }, reinvocationPolicy: "Never", ...spec },
  });
  objects.create({
    apiVersion: VERSION,
    kind: "MutatingAdmissionPolicyBinding",
    metadata: metadata("change"),
    spec: { policyName: "change" },
  });
  try {
    const object = objects.create({ apiVersion: "v1", kind: "ConfigMap", metadata: metadata("a"), data });
    objects.delete("v1", "ConfigMap", "default", "a");
    return object["data"];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${error.code} ${error.message}`;
  } finally {
    objects.delete(VERSION, "MutatingAdmissionPolicyBinding", undefined, "change");
    objects.delete(VERSION, "MutatingAdmissionPolicy", undefined, "change");
  }
}

const DENIED = "policy 'change' with binding 'change' denied request:";

test("puts what an apply configuration names over the object", () => {
  const mutations = [applied("Object{data: {'size': string(object.data.size())}}")];
  assert.deepEqual(created({ mutations }, { a: "1" }), { a: "1", size: "1" });
});

test("lets each mutation see what those before it have made", () => {
  const mutations = [
    applied("Object{data: {'b': '2'}}"),
    applied("Object{data: {'size': string(object.data.size())}}"),
  ];
  assert.deepEqual(created({ mutations }, { a: "1" }), { a: "1", b: "2", size: "2" });
});

test("applies a JSON patch, and none of it where a test fails", () => {
  const mutations = [
    patched(
      "[JSONPatch{op: 'add', path: '/data/b', value: 'x'}, JSONPatch{op: 'test', path: '/data/a', value: '1'}, JSONPatch{op: 'remove', path: '/data/a'}]",
    ),
  ];
  assert.deepEqual(created({ mutations }, { a: "1" }), { b: "x" });
  assert.deepEqual(created({ mutations }, { a: "2" }), { a: "2" });
});

test("reads variables and conditions", () => {
  const spec = {
    variables: [{ name: "n", expression: "object.data.size() + 1" }],
    matchConditions: [{ name: "small", expression: "object.data.size() < 2" }],
    mutations: [applied("Object{data: {'n': string(variables.n)}}")],
  };
  assert.deepEqual(created(spec, { a: "1" }), { a: "1", n: "2" });
  assert.deepEqual(created(spec, { a: "1", b: "2" }), { a: "1", b: "2" });
});

test("refuses the write where a mutation cannot be made, unless failures are to be ignored", () => {
  const mutations = [applied("Object{dataa: Object.dataa{x: 'y'}}")];
  const why =
    "error applying patch: failed to convert patch object to typed object: .dataa: field not declared in schema";
  assert.equal(created({ mutations }, { a: "1" }), `403 ${DENIED} ${why}`);
  assert.deepEqual(created({ mutations, failurePolicy: "Ignore" }, { a: "1" }), { a: "1" });
  assert.equal(
    created({ mutations: [patched("[JSONPatch{op: 'remove', path: '/data/none'}]")] }, { a: "1" }),
    `403 ${DENIED} JSON Patch: error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value`,
  );
});

test("runs again what wants to, where the object was changed", () => {
  const mutations = [applied("Object{data: {'size': string(object.data.size())}}")];
  assert.deepEqual(created({ mutations, reinvocationPolicy: "IfNeeded" }, { a: "1" }), { a: "1", size: "2" });
});
