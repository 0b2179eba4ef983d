import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { StatusError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { startTestServer, type TestServer } from "../../server/start-test-server.ts";

const VERSION = "admissionregistration.k8s.io/v1";
const CONFIG_MAPS = {
  resourceRules: [
    { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] },
  ],
};

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** Stores a policy and a binding for the time of a test. */
function withPolicy(spec: object, binding: object, run: () => void): void {
  const { objects } = server;
  const metadata = { name: "rule" } as ApiObject["metadata"];
  objects.create({
    apiVersion: VERSION,
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: { matchConstraints: CONFIG_MAPS, ...spec },
  });
  objects.create({
    apiVersion: VERSION,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "bound" } as ApiObject["metadata"],
    spec: { policyName: "rule", validationActions: ["Deny"], ...binding },
  });
  try {
    run();
  } finally {
    objects.delete(VERSION, "ValidatingAdmissionPolicyBinding", undefined, "bound");
    objects.delete(VERSION, "ValidatingAdmissionPolicy", undefined, "rule");
    objects.delete("v1", "ConfigMap", "default", "a");
  }
}

function create(data: Record<string, string>, labels: Record<string, string> = {}): string {
  try {
    server.objects.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", labels } as ApiObject["metadata"],
      data,
    });
    server.objects.delete("v1", "ConfigMap", "default", "a");
    return "created";
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${error.code} ${error.reason} ${error.message}`;
  }
}

const DENIED = `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'rule' with binding 'bound' denied request:`;

test("denies by the first expression that is false, with its message and reason", () => {
  const validations = [
    { expression: "object.data.a == 'x'" },
    { expression: "!has(object.data.b)", message: "no b", reason: "Forbidden" },
    { expression: "size(object.data) < 2", messageExpression: "'only ' + string(size(object.data))" },
  ];
  withPolicy({ validations }, {}, () => {
    assert.equal(create({ a: "x" }), "created");
    assert.equal(create({ a: "y" }), `422 Invalid ${DENIED} failed expression: object.data.a == 'x'`);
    assert.equal(create({ a: "x", b: "1" }), `403 Forbidden ${DENIED} no b`);
    assert.equal(create({ a: "x", c: "1" }), `422 Invalid ${DENIED} only 2`);
  });
});

test("fails or ignores what cannot be evaluated, as the policy says", () => {
  const validations = [{ expression: "object.data.missing == 'x'" }];
  withPolicy({ validations }, {}, () => {
    assert.equal(
      create({ a: "x" }),
      `422 Invalid ${DENIED} expression 'object.data.missing == 'x'' resulted in error: no such key: missing`,
    );
  });
  withPolicy({ validations, failurePolicy: "Ignore" }, {}, () => assert.equal(create({ a: "x" }), "created"));
});

test("applies only where rules, selectors and conditions match", () => {
  const validations = [{ expression: "false", message: "never" }];
  const matchResources = { objectSelector: { matchLabels: { checked: "yes" } } };
  withPolicy(
    { validations, matchConditions: [{ name: "only-a", expression: "'a' in object.data" }] },
    { matchResources },
    () => {
      assert.equal(create({ a: "x" }), "created");
      assert.equal(create({ b: "x" }, { checked: "yes" }), "created");
      assert.equal(create({ a: "x" }, { checked: "yes" }), `422 Invalid ${DENIED} never`);
    },
  );
});

test("reads variables, the request, the namespace and parameters", () => {
  const { objects } = server;
  objects.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "limits" } as ApiObject["metadata"],
    data: { most: "2" },
  });
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    variables: [
      { name: "most", expression: "int(params.data.most)" },
      { name: "keys", expression: "object.data.map(k, k)" },
    ],
    validations: [
      {
        expression: "size(variables.keys) <= variables.most",
        messageExpression: "'at most ' + string(variables.most)",
      },
      {
        expression:
          "request.operation == 'CREATE' && request.userInfo.username != '' && namespaceObject.metadata.name == 'default'",
      },
      { expression: "authorizer.group('').resource('pods').namespace('default').check('list').allowed()" },
    ],
  };
  withPolicy(spec, { paramRef: { name: "limits", parameterNotFoundAction: "Deny" } }, () => {
    assert.equal(create({ a: "1", b: "2" }), "created");
    assert.equal(create({ a: "1", b: "2", c: "3" }), `422 Invalid ${DENIED} at most 2`);
  });
  withPolicy(spec, { paramRef: { name: "none", parameterNotFoundAction: "Deny" } }, () => {
    const why = "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction";
    assert.equal(create({ a: "1" }), `422 Invalid ${DENIED} ${why}`);
  });
  objects.delete("v1", "ConfigMap", "default", "limits");
});

test("lets pass what is only to be warned of", () => {
  withPolicy({ validations: [{ expression: "false" }] }, { validationActions: ["Warn", "Audit"] }, () =>
    assert.equal(create({}), "created"),
  );
});

test("refuses policies whose expressions a kube-apiserver refuses, with the same causes", () => {
  const file = new URL("./policy-expressions.cases.json", import.meta.url);
  const cases = JSON.parse(readFileSync(file, "utf8")) as { name: string; spec: object; causes: unknown }[];
  for (const { name, spec, causes } of cases) {
    const policy = {
      apiVersion: VERSION,
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "vap-bad" } as ApiObject["metadata"],
      spec,
    };
    let found: unknown = "accepted";
    try {
      server.objects.create(policy);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      found = (error.status.details?.causes ?? []).map(({ field, message }) => [field, message]);
    }
    assert.deepEqual(found, causes, name);
  }
});
