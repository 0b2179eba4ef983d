import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject } from "../registry/strategy.ts";
import { Authorizer, type PolicyRule } from "./authorizer.ts";

interface Grant {
  readonly namespace?: string;
  readonly subject: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly rules: readonly PolicyRule[];
}

/** One role and one binding for each grant. */
function authorizer(...grants: readonly Grant[]): Authorizer {
  const binding = (kind: string, { subject, namespace }: Grant, index: number): ApiObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name: `b${index}`, ...(namespace === undefined ? {} : { namespace }) },
    subjects: [subject],
    roleRef: { kind: namespace === undefined ? "ClusterRole" : "Role", name: `r${index}` },
  });
  return new Authorizer({
    list: (kind, namespace) =>
      grants.flatMap((grant, index) => {
        const isWanted = kind === "ClusterRoleBinding" ? grant.namespace === undefined : grant.namespace === namespace;
        return isWanted ? [binding(kind, grant, index)] : [];
      }),
    find: (kind, _namespace, name) => {
      const rules = grants[Number(name.slice(1))]?.rules;
      return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: { name }, rules };
    },
  });
}

const bob = { username: "bob", groups: ["devs", "system:authenticated"] };
const readPods: PolicyRule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] };

test("nobody may do anything that no rule allows", () => {
  assert.equal(authorizer().isAllowed(bob, { verb: "get", resource: "pods" }), false);
});

test("the members of system:masters may do everything", () => {
  assert.equal(
    authorizer().isAllowed({ username: "x", groups: ["system:masters"] }, { verb: "burn", path: "/" }),
    true,
  );
});

test("a role in a namespace holds in that namespace alone", () => {
  const rbac = authorizer({ namespace: "a", subject: { kind: "User", name: "bob" }, rules: [readPods] });
  assert.equal(rbac.isAllowed(bob, { verb: "get", resource: "pods", namespace: "a" }), true);
  assert.equal(rbac.isAllowed(bob, { verb: "get", resource: "pods", namespace: "b" }), false);
  assert.equal(rbac.isAllowed(bob, { verb: "list", resource: "pods" }), false);
  assert.equal(rbac.isAllowed(bob, { verb: "delete", resource: "pods", namespace: "a" }), false);
});

test("a resource does not stand for its subresources, nor the other way", () => {
  const rule = { apiGroups: ["apps"], resources: ["deployments/scale", "*/status"], verbs: ["*"] };
  const rbac = authorizer({ subject: { kind: "Group", name: "devs" }, rules: [rule] });
  const ask = (subresource: string) =>
    rbac.isAllowed(bob, { verb: "get", group: "apps", resource: "deployments", subresource });
  assert.deepEqual(["", "scale", "status", "log"].map(ask), [false, true, true, false]);
});

test("names restrict a rule", () => {
  const rbac = authorizer({ subject: { kind: "User", name: "bob" }, rules: [{ ...readPods, resourceNames: ["x"] }] });
  assert.equal(rbac.isAllowed(bob, { verb: "get", resource: "pods", namespace: "a", name: "x" }), true);
  assert.equal(rbac.isAllowed(bob, { verb: "list", resource: "pods", namespace: "a" }), false);
});

test("paths match exactly or by a trailing star", () => {
  const rule = { nonResourceURLs: ["/metrics", "/apis/*"], verbs: ["get"] };
  const rbac = authorizer({ subject: { kind: "Group", name: "system:authenticated" }, rules: [rule] });
  const ask = (path: string) => rbac.isAllowed(bob, { verb: "get", path });
  assert.deepEqual(["/metrics", "/metrics/x", "/apis/apps", "/api"].map(ask), [true, false, true, false]);
});

test("a service account is named by its namespace, the binding's where none is given", () => {
  const account = { username: "system:serviceaccount:a:robot", groups: [] };
  const subject = { kind: "ServiceAccount", name: "robot" };
  const local = authorizer({ namespace: "a", subject, rules: [readPods] });
  assert.equal(local.isAllowed(account, { verb: "get", resource: "pods", namespace: "a" }), true);
  const cluster = authorizer({ subject: { ...subject, namespace: "b" }, rules: [readPods] });
  assert.equal(cluster.isAllowed(account, { verb: "get", resource: "pods" }), false);
});

test("a verdict says where it came from", () => {
  const { reason } = authorizer({ subject: { kind: "User", name: "bob" }, rules: [readPods] }).decide(bob, {
    verb: "get",
    resource: "pods",
  });
  assert.equal(reason, 'RBAC: allowed by ClusterRoleBinding "b0" of ClusterRole "r0" to User "bob"');
});
