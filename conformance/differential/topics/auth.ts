/**
 * The topic `auth` with kinds and values of our own.
 */
import { type Headers, MERGE, patch, post, read, remove, type TopicScenarios } from "./requests.ts";

export const authScenarios: TopicScenarios = {
  rules: (ns) => {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}`;
    const role = (name: string, rules: unknown) => ({ metadata: { name }, rules });
    const binding = (name: string, roleRef: object, subjects: unknown) => ({ metadata: { name }, roleRef, subjects });
    const ref = (kind: string, name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
    const plainUser = { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "plain-user" };
    const review = (kind: string, spec: object) => ({ apiVersion: "authorization.k8s.io/v1", kind, spec });
    const reviews = "/apis/authorization.k8s.io/v1";
    const access = (attributes: object) =>
      review("SelfSubjectAccessReview", { resourceAttributes: { namespace: ns, ...attributes } });
    const impersonated = (headers: Headers, as?: string) => read(`/api/v1/namespaces/${ns}/secrets`, headers, as);
    return [
      post(
        `${rbac}/roles`,
        role("secrets", [
          { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"], resourceNames: ["a", "b"] },
        ]),
      ),
      post(`${rbac}/rolebindings`, binding("secrets", ref("Role", "secrets"), [plainUser])),
      read(`/api/v1/namespaces/${ns}/secrets/a`, undefined, "plain"),
      read(`/api/v1/namespaces/${ns}/secrets/c`, undefined, "plain"),
      read(`/api/v1/namespaces/${ns}/secrets`, undefined, "plain"),
      read(`/api/v1/namespaces/${ns}/secrets?fieldSelector=metadata.name%3Db`, undefined, "plain"),
      read(`/api/v1/namespaces/${ns}/secrets?fieldSelector=metadata.name%3Dc`, undefined, "plain"),
      post(
        `${rbac}/roles`,
        role("scale", [
          { apiGroups: ["apps"], resources: ["*/scale"], verbs: ["*"] },
          { apiGroups: ["*"], resources: ["events"], verbs: ["create"] },
        ]),
      ),
      post(
        `${rbac}/rolebindings`,
        binding("scale", ref("Role", "scale"), [
          { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "devs" },
        ]),
      ),
      read(`/apis/apps/v1/namespaces/${ns}/statefulsets/x/scale`, undefined, "plain"),
      read(`/apis/apps/v1/namespaces/${ns}/statefulsets/x`, undefined, "plain"),
      post(
        `/api/v1/namespaces/${ns}/events?dryRun=All`,
        { metadata: { name: "e" }, involvedObject: { kind: "Pod", namespace: ns } },
        undefined,
        "plain",
      ),
      post(`${rbac}/rolebindings`, binding("view", ref("ClusterRole", "view"), [plainUser])),
      read(`/api/v1/namespaces/${ns}/configmaps`, undefined, "plain"),
      read(`/apis/apps/v1/namespaces/${ns}/daemonsets`, undefined, "plain"),
      remove(`/apis/apps/v1/namespaces/${ns}/daemonsets`, undefined, "plain"),
      post(`${reviews}/selfsubjectaccessreviews`, access({ verb: "list", resource: "configmaps" }), undefined, "plain"),
      post(
        `${reviews}/selfsubjectaccessreviews`,
        access({ verb: "delete", resource: "configmaps" }),
        undefined,
        "plain",
      ),
      post(
        `${reviews}/selfsubjectaccessreviews`,
        access({ verb: "get", resource: "secrets", name: "a" }),
        undefined,
        "plain",
      ),
      post(
        `${reviews}/selfsubjectaccessreviews`,
        access({ verb: "update", group: "apps", resource: "deployments", subresource: "scale" }),
        undefined,
        "plain",
      ),
      post(
        `${reviews}/selfsubjectaccessreviews`,
        review("SelfSubjectAccessReview", { nonResourceAttributes: { path: "/metrics", verb: "get" } }),
        undefined,
        "plain",
      ),
      post(
        `${reviews}/selfsubjectaccessreviews`,
        review("SelfSubjectAccessReview", { nonResourceAttributes: { path: "/version", verb: "get" } }),
        undefined,
        "plain",
      ),
      post(
        `${reviews}/subjectaccessreviews`,
        review("SubjectAccessReview", {
          user: "plain-user",
          groups: ["devs"],
          resourceAttributes: {
            namespace: ns,
            verb: "patch",
            group: "apps",
            resource: "replicasets",
            subresource: "scale",
          },
        }),
      ),
      post(
        `${reviews}/subjectaccessreviews`,
        review("SubjectAccessReview", {
          groups: ["system:masters"],
          resourceAttributes: { verb: "get", resource: "nodes" },
        }),
      ),
      post(
        `${reviews}/subjectaccessreviews`,
        review("SubjectAccessReview", {
          user: "x",
          resourceAttributes: { verb: "get", resource: "pods" },
          nonResourceAttributes: { path: "/x", verb: "get" },
        }),
      ),
      post(
        `${reviews}/namespaces/${ns}/localsubjectaccessreviews`,
        review("LocalSubjectAccessReview", {
          user: "plain-user",
          resourceAttributes: { namespace: ns, verb: "watch", resource: "configmaps" },
        }),
      ),
      post(
        `${reviews}/selfsubjectrulesreviews`,
        review("SelfSubjectRulesReview", { namespace: ns }),
        undefined,
        "plain",
      ),
      impersonated({ "Impersonate-User": "plain-user" }),
      impersonated({
        "Impersonate-User": "plain-user",
        "Impersonate-Group": "devs",
        "Impersonate-Extra-Reason": "x",
      }),
      impersonated({ "Impersonate-User": "system:serviceaccount:default:bot" }),
      impersonated({ "Impersonate-User": "bob" }, "plain"),
      impersonated({ "Impersonate-User": "bob", "Impersonate-Group": "g" }, "plain"),
      impersonated({ "Impersonate-User": "bob", "Impersonate-Uid": "7" }, "plain"),
      impersonated({ "Impersonate-Extra-A": "b" }),
      post(
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        {},
        { "Impersonate-User": "bob", "Impersonate-Uid": "7", "Impersonate-Extra-Scopes": ["a", "b"] },
      ),
      post(
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        {},
        { "Impersonate-User": "system:serviceaccount:default:bot" },
      ),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews?dryRun=All", {}),
      read("/api", undefined, "plain"),
      read("/healthz", undefined, "none"),
      read("/readyz?verbose", undefined, "none"),
      read("/metrics", undefined, "none"),
      read("/openapi/v2", undefined, "none"),
      post(
        `${rbac}/roles`,
        role("grant", [
          { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: ["*"] },
        ]),
      ),
      post(`${rbac}/rolebindings`, binding("grant", ref("Role", "grant"), [plainUser])),
      post(
        `${rbac}/roles`,
        role("mine", [{ apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "delete"] }]),
        undefined,
        "plain",
      ),
      post(
        `${rbac}/roles`,
        role("mine", [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }]),
        undefined,
        "plain",
      ),
      patch(`${rbac}/roles/mine`, { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }, MERGE, "plain"),
      post(
        `${rbac}/rolebindings`,
        binding("admin", ref("ClusterRole", "cluster-admin"), [plainUser]),
        undefined,
        "plain",
      ),
      post(`${rbac}/rolebindings`, binding("missing", ref("Role", "none"), [plainUser]), undefined, "plain"),
      post(
        `${rbac}/rolebindings`,
        binding("bad", { ...ref("Role", "x"), kind: "Odd" }, [
          { kind: "ServiceAccount", name: "x" },
          { kind: "Odd", name: "" },
        ]),
      ),
      patch(`${rbac}/rolebindings/view`, { roleRef: ref("ClusterRole", "edit") }),
    ];
  },
};
