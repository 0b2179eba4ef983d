import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceWarnings } from "./service-warnings.ts";

const warningsOf = (spec: object, metadata: object = {}) => serviceWarnings({ metadata, spec });

test("warns of nothing in a plain Service", () => {
  assert.deepEqual(warningsOf({ type: "ClusterIP", clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] }), []);
});

test("warns of fields that a headless Service ignores", () => {
  const spec = { type: "ClusterIP", clusterIP: "None", sessionAffinity: "ClientIP", externalIPs: ["192.0.2.1"] };
  assert.deepEqual(warningsOf(spec), [
    "spec.externalIPs is ignored for headless services",
    "spec.SessionAffinity is ignored for headless services",
  ]);
});

test("warns of an IPv6 address that is not spelled canonically", () => {
  assert.deepEqual(warningsOf({ type: "LoadBalancer", loadBalancerIP: "2001:DB8:0::1" }), [
    'spec.loadBalancerIP: IPv6 address "2001:DB8:0::1" should be in RFC 5952 canonical format ("2001:db8::1")',
  ]);
});

test("warns of an external name that the type ignores", () => {
  assert.deepEqual(warningsOf({ type: "ClusterIP", externalName: "a.example.com" }), [
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]);
  assert.deepEqual(warningsOf({ type: "ExternalName", externalName: "a.example.com" }), []);
});
