import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaFor } from "./built-in-schemas.ts";
import { convertObject } from "./convert.ts";
import { decode, decodeText, normalize } from "./decode.ts";
import type { StructSchema } from "./schema.ts";

const configMap = schemaFor("", "v1", "ConfigMap") as StructSchema;
const deployment = schemaFor("apps", "v1", "Deployment") as StructSchema;

test("knows the built-in kinds and no others", () => {
  assert.equal(deployment.go, "v1.Deployment");
  assert.equal(schemaFor("apps", "v2", "Deployment"), undefined);
  assert.equal(schemaFor("", "v1", "constructor"), undefined);
});

test("drops unknown and empty fields and adds the zero values that Go writes", () => {
  const { value, strictErrors } = decodeText(
    '{"metadata":{"labels":{},"color":1},"spec":{"replicas":0,"paused":false,"template":{"spec":{"containers":[{"name":"a"}]}}}}',
    deployment,
  );
  assert.deepEqual(value, {
    metadata: {},
    spec: {
      replicas: 0,
      selector: null,
      template: { metadata: {}, spec: { containers: [{ name: "a", resources: {} }] } },
      strategy: {},
    },
    status: {},
  });
  assert.deepEqual(strictErrors, ['unknown field "metadata.color"']);
});

test("merges repeated objects and reports each repeated field once", () => {
  const { value, strictErrors } = decodeText('{"data":{"a":"1","a":"2","a":"3"},"data":{"b":"4"}}', configMap);
  assert.deepEqual((value as { data: unknown }).data, { a: "3", b: "4" });
  assert.deepEqual(strictErrors, ['duplicate field "data.a"', 'duplicate field "data"']);
});

test("reports the first wrong type, with the path that Go gives", () => {
  const messages: Record<string, string> = {
    '{"data":{"a":5}}': "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
    '{"metadata":{"labels":[]}}':
      "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
    '{"immutable":"x","data":5}': "json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool",
  };
  for (const [text, message] of Object.entries(messages)) {
    assert.throws(() => decodeText(text, configMap), { name: "DecodeError", message }, text);
  }
});

test("tells 2 from 2.0 in text", () => {
  assert.throws(() => decodeText('{"spec":{"replicas":2.0}}', deployment), {
    message: "json: cannot unmarshal number 2.0 into Go struct field DeploymentSpec.spec.replicas of type int32",
  });
  assert.throws(() => decodeText('{"spec":{"replicas":9999999999}}', deployment), /number 9999999999 into/);
});

test("normalizes to a form that is stable", () => {
  const object = {
    spec: {
      template: { spec: { containers: [{ name: "a", resources: { limits: { cpu: 0.5, memory: "1024Mi" } } }] } },
    },
  };
  const once = normalize(object, deployment) as unknown;
  assert.deepEqual((once as typeof object).spec.template.spec.containers[0]?.resources.limits, {
    cpu: "500m",
    memory: "1Gi",
  });
  assert.deepEqual(normalize(once, deployment), once);
});

test("decodes plain JSON as it does text", () => {
  const object = { metadata: { name: "a" }, data: { a: "1" } };
  assert.deepEqual(decode(object, configMap), decodeText(JSON.stringify(object), configMap));
});

test("converts patched objects with the converter's own words", () => {
  assert.throws(() => convertObject({ spec: { template: { spec: { containers: "x" } } } }, deployment), {
    message: "cannot restore slice from string",
  });
  assert.throws(() => convertObject({ spec: { replicas: "x" } }, deployment), { message: "unrecognized type: int32" });
  assert.throws(() => convertObject({ data: 5 }, configMap), { message: "cannot restore map from int64" });
  assert.deepEqual(convertObject({ extra: 1 }, configMap).strictErrors, ['unknown field "extra"']);
});
