/**
 * Who somebody is and what they may do: tokens, RBAC, impersonation, reviews.
 */
import assert from "node:assert/strict";
import { isForbidden, isUnauthorized } from "bowline";
import { type CaseContext, clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post, remove, type Step } from "./exchange.ts";

const plain = { as: "plain" } as const;
const RBAC = "rbac.authorization.k8s.io/v1";
const bind = (role: string, more: Record<string, unknown> = {}) =>
  post(`~${RBAC}/rolebindings`, {
    metadata: { name: `bind-${role}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "plain-user" }],
    ...more,
  });
const role = (name: string, ...rules: unknown[]) => post(`~${RBAC}/roles`, { metadata: { name }, rules });

/** What the user without rights is told. */
const DENIED: Readonly<Record<string, Step>> = {
  get: get("~/configmaps/a", plain),
  list: get("~/configmaps", plain),
  "list everywhere": get("/api/v1/configmaps", plain),
  watch: get("~/configmaps?watch=true", plain),
  create: post("~/configmaps", { metadata: { name: "a" } }, plain),
  update: { request: { method: "PUT", path: "~/configmaps/a", body: {}, as: "plain" } },
  patch: patch("merge", "~/configmaps/a", {}, plain),
  apply: patch("apply", "~/configmaps/a?fieldManager=m", "{}", plain),
  delete: remove("~/configmaps/a", undefined, plain),
  "delete a collection": remove("~/configmaps", undefined, plain),
  "a subresource": get("~apps/v1/deployments/a/scale", plain),
  "an eviction": post("~/pods/a/eviction", {}, plain),
  "a cluster-scoped object": get("/api/v1/nodes/a", plain),
  "a list of nodes": get("/api/v1/nodes", plain),
  "a namespace": get("/api/v1/namespaces/{ns}", plain),
  "an unknown group": get("/apis/odd.example.com/v1/things", plain),
  "an unknown resource": get("~/oddities/a", plain),
  "a path": get("/metrics", plain),
  "an unknown path": get("/odd", plain),
  "a list by name": get("~/configmaps?fieldSelector=metadata.name=a", plain),
  discovery: get("/apis/apps/v1", plain),
  "the version": get("/version", plain),
  health: get("/healthz", plain),
};

const CREDENTIALS: Readonly<Record<string, Record<string, string | null>>> = {
  none: { Authorization: null },
  "a bad token": { Authorization: "Bearer nonsense" },
  "an empty token": { Authorization: "Bearer " },
  "another scheme": { Authorization: "Basic YTpi" },
  "a scheme in lower case": { Authorization: "bearer admin-token" },
};

const IMPERSONATION: Readonly<Record<string, Record<string, string | readonly string[]>>> = {
  "a user": { "Impersonate-User": "jane" },
  "a user with groups": { "Impersonate-User": "jane", "Impersonate-Group": ["devs", "ops"] },
  "a user with a uid": { "Impersonate-User": "jane", "Impersonate-Uid": "7" },
  "a user with extra": {
    "Impersonate-User": "jane",
    "Impersonate-Extra-scopes": ["a", "b"],
    "Impersonate-Extra-Example.com%2fx": "y",
  },
  "a service account": { "Impersonate-User": "system:serviceaccount:{ns}:default" },
  "a group alone": { "Impersonate-Group": "devs" },
  "a uid alone": { "Impersonate-Uid": "7" },
  "the masters": { "Impersonate-User": "jane", "Impersonate-Group": "system:masters" },
};

const WHOAMI = post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
  apiVersion: "authentication.k8s.io/v1",
  kind: "SelfSubjectReview",
});
const withHeaders = (step: Step, headers: Record<string, string | readonly string[] | null>): Step => ({
  ...step,
  request: { ...step.request, headers: { ...step.request.headers, ...headers } },
});
const access = (spec: unknown, extra = {}) =>
  post(
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec },
    extra,
  );

const RULES: readonly (readonly [string, unknown, readonly Step[]])[] = [
  [
    "one verb",
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] },
    [get("~/configmaps/a", plain), get("~/configmaps", plain), get("~/configmaps/b", plain)],
  ],
  [
    "one name",
    { apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"], verbs: ["get", "list", "delete"] },
    [
      get("~/configmaps/a", plain),
      get("~/configmaps/b", plain),
      get("~/configmaps", plain),
      get("~/configmaps?fieldSelector=metadata.name=a", plain),
      remove("~/configmaps/b", undefined, plain),
    ],
  ],
  [
    "all verbs",
    { apiGroups: [""], resources: ["configmaps"], verbs: ["*"] },
    [
      post("~/configmaps", { metadata: { name: "x" } }, plain),
      remove("~/configmaps/x", undefined, plain),
      get("~/secrets", plain),
    ],
  ],
  [
    "all resources",
    { apiGroups: ["apps"], resources: ["*"], verbs: ["get"] },
    [get("~apps/v1/deployments/a", plain), get("~apps/v1/deployments/a/scale", plain), get("~/configmaps/a", plain)],
  ],
  [
    "a subresource",
    { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get"] },
    [get("~apps/v1/deployments/a/scale", plain), get("~apps/v1/deployments/a", plain)],
  ],
  [
    "any subresource of that name",
    { apiGroups: ["apps"], resources: ["*/scale"], verbs: ["get"] },
    [
      get("~apps/v1/deployments/a/scale", plain),
      get("~apps/v1/statefulsets/a/scale", plain),
      get("~apps/v1/deployments/a/status", plain),
    ],
  ],
  [
    "another group",
    { apiGroups: ["batch"], resources: ["configmaps"], verbs: ["get"] },
    [get("~/configmaps/a", plain)],
  ],
  [
    "apply, which is patch",
    { apiGroups: [""], resources: ["configmaps"], verbs: ["patch"] },
    [
      patch(
        "apply",
        "~/configmaps/a?fieldManager=m&force=true",
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
        plain,
      ),
      patch(
        "apply",
        "~/configmaps/new?fieldManager=m",
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "new" } },
        plain,
      ),
      patch("merge", "~/configmaps/a", {}, plain),
    ],
  ],
  [
    "an escalation",
    { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: ["create"] },
    [
      {
        ...role("r", { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }),
        request: { ...role("r", { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }).request, as: "plain" },
      },
      { ...bind("rules"), request: { ...bind("rules", { metadata: { name: "again" } }).request, as: "plain" } },
    ],
  ],
];

/** A client of the user without rights. */
async function plainClient({ server, cleanup }: CaseContext) {
  const client = await server.connectWithToken(server.plainToken ?? "", {
    fieldManager: "plain",
    userAgent: "suite/1.0",
  });
  cleanup(() => client.close());
  return client;
}

export const authCases: readonly SuiteCase[] = [
  ...family(Object.entries(DENIED), ([about, step]) => differential("auth", `without rights, ${about}`, [step])),
  ...family(Object.entries(CREDENTIALS), ([about, headers]) =>
    differential("auth", `with ${about}`, [
      get("~/configmaps", { headers }),
      get("/version", { headers }),
      get("/odd", { headers }),
      withHeaders(WHOAMI, headers),
    ]),
  ),
  ...family(Object.entries(IMPERSONATION), ([about, headers]) =>
    differential("auth", `as ${about}`, [
      withHeaders(WHOAMI, headers),
      get("~/configmaps", { headers }),
      { ...get("~/configmaps", { headers }), request: { ...get("~/configmaps", { headers }).request, as: "plain" } },
    ]),
  ),
  ...family(RULES, ([about, rule, steps]) =>
    differential("auth", `a role with ${about}`, steps, {
      setup: [
        role("rules", rule),
        bind("rules"),
        ...["a", "b"].map((name) => post("~/configmaps", { metadata: { name } })),
        post("~apps/v1/deployments", {
          metadata: { name: "a" },
          spec: {
            replicas: 0,
            selector: { matchLabels: { a: "b" } },
            template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
          },
        }),
      ],
    }),
  ),
  differential("auth", "reviews of one's own access", [
    access({ resourceAttributes: { namespace: "{ns}", verb: "get", resource: "pods" } }),
    access({ resourceAttributes: { namespace: "{ns}", verb: "get", resource: "pods" } }, plain),
    // Two roles allow it, and either may be named.
    access({ nonResourceAttributes: { path: "/healthz", verb: "get" } }, { ...plain, ignore: ["body.status.reason"] }),
    access({}, plain),
    access({ resourceAttributes: { verb: "get" }, nonResourceAttributes: { path: "/x", verb: "get" } }),
    post(
      "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
      { spec: { namespace: "{ns}" } },
      { ...plain, unordered: ["body.status.resourceRules", "body.status.nonResourceRules"] },
    ),
    post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { spec: {} }, plain),
  ]),
  differential("auth", "reviews of others' access", [
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: { user: "plain-user", resourceAttributes: { verb: "get", resource: "pods" } },
    }),
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: { groups: ["system:masters"], resourceAttributes: { verb: "get", resource: "pods" } },
    }),
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: { resourceAttributes: { verb: "get", resource: "pods" } },
    }),
    post("~authorization.k8s.io/v1/localsubjectaccessreviews", {
      spec: { user: "u", resourceAttributes: { namespace: "{ns}", verb: "get", resource: "pods" } },
    }),
    post("~authorization.k8s.io/v1/localsubjectaccessreviews", {
      spec: { user: "u", resourceAttributes: { namespace: "other", verb: "get", resource: "pods" } },
    }),
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", { spec: { user: "u", resourceAttributes: {} } }, plain),
  ]),
  differential("auth", "reviews of tokens", [
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "plain-token" } }),
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "nonsense" } }),
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: {} }),
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "plain-token", audiences: ["other"] } }),
  ]),
  clientCase(
    "auth",
    "the server says who one is",
    async (context) => {
      const { username, groups } = await (await plainClient(context)).whoami();
      assert.equal(username, "plain-user");
      assert.deepEqual([...groups].sort(), ["devs", "system:authenticated"]);
    },
    ["plain user"],
  ),
  clientCase(
    "auth",
    "without rights everything is Forbidden, and the error says what",
    async (context) => {
      const other = await plainClient(context);
      const maps = other.resource("v1", "ConfigMap", { namespace: context.namespace });
      for (const attempt of [
        () => maps.list(),
        () => maps.get("a"),
        () => maps.create({ metadata: { name: "a" } }),
        () => maps.delete("a"),
      ]) {
        await assert.rejects(attempt(), (error) => {
          assert.ok(isForbidden(error));
          assert.match(error.message, /plain-user/);
          return true;
        });
      }
    },
    ["plain user"],
  ),
  clientCase(
    "auth",
    "a role gives what it lists, at once, and no more",
    async (context) => {
      const { client, namespace } = context;
      const other = await plainClient(context);
      await client.create({
        apiVersion: RBAC,
        kind: "Role",
        metadata: { name: "reader", namespace },
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      });
      await client.create({
        apiVersion: RBAC,
        kind: "RoleBinding",
        metadata: { name: "reader", namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "plain-user" }],
      });
      const maps = other.resource("v1", "ConfigMap", { namespace });
      const action = { apiVersion: "v1", kind: "ConfigMap", namespace } as const;
      // The authoriser hears of a binding by a watch of its own.
      while (!(await other.can({ ...action, verb: "list" }))) context.signal.throwIfAborted();
      await maps.list();
      assert.equal(await other.can({ ...action, verb: "delete" }), false);
      await assert.rejects(maps.delete("a"), isForbidden);
      await assert.rejects(other.resource("v1", "ConfigMap").list(), isForbidden);
    },
    ["plain user"],
  ),
  clientCase(
    "auth",
    "a token that is none is Unauthorized, for every call",
    async ({ server }) => {
      await using other = await server.connectWithToken("nonsense");
      await assert.rejects(other.version(), isUnauthorized);
      await assert.rejects(other.resource("v1", "Namespace").list(), isUnauthorized);
    },
    ["own cluster"],
  ),
  clientCase("auth", "impersonation acts as the other", async ({ server, namespace }) => {
    await using other = await server.connect({
      impersonate: { user: "jane", groups: ["ops"], extra: { "example.com/x": ["y"] } },
    });
    const who = await other.whoami();
    assert.deepEqual([who.username, who.groups.includes("ops")], ["jane", true]);
    await assert.rejects(other.resource("v1", "Secret", { namespace }).list(), isForbidden);
  }),
  clientCase(
    "auth",
    "impersonation without the right to it is Forbidden",
    async ({ server }) => {
      await using other = await server.connectWithToken(server.plainToken ?? "", { impersonate: { user: "jane" } });
      await assert.rejects(other.version(), isForbidden);
    },
    ["plain user"],
  ),
  clientCase(
    "auth",
    "can asks for subresources and names too",
    async (context) => {
      const { client, namespace } = context;
      assert.equal(
        await client.can({ verb: "create", apiVersion: "v1", kind: "Pod", subresource: "eviction", namespace }),
        true,
      );
      const other = await plainClient(context);
      assert.equal(await other.can({ verb: "get", apiVersion: "v1", kind: "Secret", name: "x", namespace }), false);
    },
    ["plain user"],
  ),
];
