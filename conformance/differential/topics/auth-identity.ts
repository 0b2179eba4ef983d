/**
 * The topic `auth`: who acts as whom, reviews, and tokens of service accounts.
 */
import { as, binding, CLUSTER, ref, role, user, withSettling } from "./auth-objects.ts";
import { type Headers, named, post, put, read, remove, TABLE, type TopicScenarios } from "./requests.ts";

export const identityScenarios: TopicScenarios = withSettling({
  impersonators: (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const self = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const grant = (name: string, rules: unknown) => [
      post(`${CLUSTER}/clusterroles`, role(`${ns}-${name}`, rules)),
      post(
        `${CLUSTER}/clusterrolebindings`,
        binding(`${ns}-${name}`, ref("ClusterRole", `${ns}-${name}`), [user("plain-user")]),
      ),
    ];
    const who = (headers: Headers, token?: string) => post(self, {}, headers, token);
    const plain = "plain";
    return [
      who(as("bob"), plain),
      who(as("system:serviceaccount:a:b"), plain),
      who(as("system:serviceaccount:a:b:c"), plain),
      who(as("system:node:n"), plain),
      who(as("bob", "g1", "g2"), plain),
      who({ ...as("bob"), "Impersonate-Uid": "u" }, plain),
      who({ ...as("bob"), "Impersonate-Extra-Scopes": "s" }, plain),
      who({ ...as("bob"), "Impersonate-Extra-A%2fB": ["s", "t"] }, plain),
      ...grant("users", [{ apiGroups: [""], resources: ["users"], resourceNames: ["bob"], verbs: ["impersonate"] }]),
      who(as("bob"), plain),
      who(as("carol"), plain),
      who(as("bob", "g1", "g2"), plain),
      who({ ...as("bob"), "Impersonate-Uid": "u" }, plain),
      who({ ...as("bob"), "Impersonate-Extra-Scopes": "s" }, plain),
      read(pods, as("bob"), plain),
      ...grant("groups", [
        { apiGroups: [""], resources: ["groups"], resourceNames: ["g1"], verbs: ["impersonate"] },
        { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
        { apiGroups: ["authentication.k8s.io"], resources: ["uids"], verbs: ["impersonate"] },
        {
          apiGroups: ["authentication.k8s.io"],
          resources: ["userextras/scopes"],
          resourceNames: ["s"],
          verbs: ["impersonate"],
        },
      ]),
      who(as("bob", "g1"), plain),
      who(as("bob", "g1", "g2"), plain),
      who({ ...as("bob"), "Impersonate-Uid": "u" }, plain),
      who({ ...as("bob"), "Impersonate-Extra-Scopes": "s" }, plain),
      who({ ...as("bob"), "Impersonate-Extra-Scopes": ["s", "t"] }, plain),
      who({ ...as("bob"), "Impersonate-Extra-Other": "s" }, plain),
      who(as("system:serviceaccount:a:b"), plain),
      who(as("system:serviceaccount:a:b", "g1"), plain),
      who(as("system:anonymous"), undefined),
      who(as("system:unauthenticated"), undefined),
      who(as("x", "system:unauthenticated"), undefined),
      who(as("x", "system:authenticated"), undefined),
      who(as("system:admin", "system:masters"), undefined),
      who(
        { ...as("x"), "Impersonate-Extra-Example.Com%2FReason": ["b", "a"], "Impersonate-Extra-Dn": "c=d" },
        undefined,
      ),
      who({ "Impersonate-User": "" }, undefined),
      who({ "Impersonate-Group": "g" }, undefined),
      who({ "Impersonate-Uid": "g" }, undefined),
      who({ "Impersonate-Extra-X": "g" }, undefined),
      who({ "Impersonate-User": "a b<c>" }, undefined),
      read(pods, as("a b<c>&")),
      read(pods, as('quote"d')),
      who(as("bob"), "none"),
      who(as("bob"), "bad"),
      read("/version", as("bob")),
      read("/metrics", as("bob")),
      read("/healthz", as("bob"), "none"),
      ...grant("constrained", [
        {
          apiGroups: ["authentication.k8s.io"],
          resources: ["users"],
          resourceNames: ["dan"],
          verbs: ["impersonate:user-info"],
        },
        { apiGroups: [""], resources: ["pods"], verbs: ["impersonate-on:user-info:list"] },
        { apiGroups: ["authentication.k8s.io"], resources: ["serviceaccounts"], verbs: ["impersonate:serviceaccount"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["impersonate-on:serviceaccount:list"] },
      ]),
      read(pods, as("dan"), plain),
      read(`${pods}/x`, as("dan"), plain),
      read(pods, as("dan", "g9"), plain),
      read(pods, as("system:node:n"), plain),
      read(pods, as(`system:serviceaccount:${ns}:q`), plain),
    ];
  },
  reviews: (ns) => {
    const authorization = "/apis/authorization.k8s.io/v1";
    const sar = (spec: object, more: object = {}) => post(`${authorization}/subjectaccessreviews`, { spec, ...more });
    const get = { verb: "get", resource: "pods", namespace: ns };
    const local = (spec: object, metadata: object = {}) =>
      post(`${authorization}/namespaces/${ns}/localsubjectaccessreviews`, { metadata, spec });
    return [
      sar({}),
      sar({ user: "x" }),
      sar({ resourceAttributes: get }),
      sar({ user: "x", resourceAttributes: get }),
      sar({ user: "system:serviceaccount:kube-system:x", resourceAttributes: get }),
      sar({ user: "", groups: [""], resourceAttributes: get }),
      sar({ user: "x", groups: ["system:masters", ""], resourceAttributes: get }),
      sar({
        user: "x",
        uid: "u",
        extra: { a: ["b"] },
        groups: ["g"],
        nonResourceAttributes: { path: "/healthz", verb: "get" },
      }),
      sar({ user: "x", groups: ["system:authenticated"], nonResourceAttributes: { path: "/healthz", verb: "get" } }),
      sar({ user: "x", resourceAttributes: { ...get, verb: "", resource: "" } }),
      sar({ user: "x", resourceAttributes: { ...get, version: "v1", subresource: "log", name: "n" } }),
      sar({ user: "x", resourceAttributes: get }, { metadata: { name: "n" } }),
      sar({ user: "x", resourceAttributes: get }, { metadata: { labels: { a: "b" } } }),
      sar({ user: "x", resourceAttributes: get }, { status: { allowed: true } }),
      sar({ user: "x", resourceAttributes: { ...get, labelSelector: {} } }),
      sar({
        user: "x",
        resourceAttributes: {
          ...get,
          fieldSelector: { rawSelector: "a=b", requirements: [{ key: "a", operator: "In", values: ["b"] }] },
        },
      }),
      sar({ user: "x", resourceAttributes: { ...get, fieldSelector: { requirements: [{ key: "", operator: "" }] } } }),
      sar({
        user: "x",
        resourceAttributes: {
          ...get,
          labelSelector: {
            requirements: [
              { key: "a", operator: "NotIn", values: [] },
              { key: "b", operator: "DoesNotExist", values: ["x"] },
            ],
          },
        },
      }),
      sar({ user: "x", group: ["g"], unknown: 1, resourceAttributes: get }),
      post(`${authorization}/subjectaccessreviews?dryRun=All`, { spec: { user: "x", resourceAttributes: get } }),
      post(`${authorization}/subjectaccessreviews?fieldValidation=Strict`, {
        spec: { user: "x", odd: 1, resourceAttributes: get },
      }),
      post(`${authorization}/subjectaccessreviews`, { kind: "Pod", apiVersion: "v1" }),
      post(`${authorization}/subjectaccessreviews`, "nope"),
      read(`${authorization}/subjectaccessreviews`),
      read(`${authorization}/subjectaccessreviews/x`),
      remove(`${authorization}/subjectaccessreviews/x`),
      local({ user: "x", resourceAttributes: get }),
      local({ user: "x", resourceAttributes: { ...get, namespace: "" } }),
      local({ user: "x", resourceAttributes: { ...get, namespace: "other" } }),
      local({ user: "x", nonResourceAttributes: { path: "/x", verb: "get" } }),
      local({ user: "x" }),
      local({ resourceAttributes: get }),
      local({ user: "x", resourceAttributes: get }, { namespace: "other" }),
      local({ user: "x", resourceAttributes: get }, { name: "n" }),
      local({ user: "x", resourceAttributes: get, nonResourceAttributes: { path: "/x", verb: "get" } }),
      post(`${authorization}/selfsubjectaccessreviews`, { spec: {} }, undefined, "plain"),
      post(`${authorization}/selfsubjectaccessreviews`, {}, undefined, "plain"),
      post(
        `${authorization}/selfsubjectaccessreviews`,
        { metadata: { name: "x" }, spec: { resourceAttributes: get } },
        undefined,
        "plain",
      ),
      post(
        `${authorization}/selfsubjectaccessreviews`,
        { metadata: { generateName: "x" }, spec: { resourceAttributes: get } },
        undefined,
        "plain",
      ),
      post(`${authorization}/selfsubjectaccessreviews`, { spec: { resourceAttributes: get } }, TABLE, "plain"),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", { metadata: { name: "x" } }),
      post(
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        { status: { userInfo: { username: "x" } } },
        undefined,
        "plain",
      ),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
        kind: "Odd",
        apiVersion: "authentication.k8s.io/v1",
      }),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", ""),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, TABLE, "plain"),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, as("x", "b", "a")),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, as("system:serviceaccount:ns:sa")),
      post("/apis/authentication.k8s.io/v1/tokenreviews", {}),
      post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "admin-token" } }),
      post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "admin-token", audiences: ["x"] } }),
      post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "a.b.c" } }),
      post("/apis/authentication.k8s.io/v1/tokenreviews", { metadata: { name: "x" }, spec: { token: "plain-token" } }),
      post("/apis/authentication.k8s.io/v1/tokenreviews", {
        spec: { token: "plain-token" },
        status: { authenticated: true },
      }),
      read("/apis/authentication.k8s.io/v1/tokenreviews"),
    ];
  },
  tokenrequests: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const accounts = `${core}/serviceaccounts`;
    const request = (spec: object, more: object = {}) => post(`${accounts}/bot/token`, { spec, ...more });
    const review = (token: string, audiences?: string[]) =>
      post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token, audiences } });
    const self = (token: string) => post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, undefined, token);
    return [
      post(accounts, { metadata: { name: "bot" } }),
      named(
        "pod",
        post(`${core}/pods`, {
          metadata: { name: "p" },
          spec: {
            serviceAccountName: "bot",
            automountServiceAccountToken: false,
            containers: [{ name: "c", image: "i" }],
          },
        }),
      ),
      post(`${core}/pods`, { metadata: { name: "q" }, spec: { containers: [{ name: "c", image: "i" }] } }),
      named("secret", post(`${core}/secrets`, { metadata: { name: "s" } })),
      named("node", post("/api/v1/nodes", { metadata: { name: `${ns}-n` } })),
      named("bound", request({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p" } })),
      named(
        "boundsecret",
        request({
          boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "s", uid: "${secret.body.metadata.uid}" },
        }),
      ),
      named("boundnode", request({ boundObjectRef: { kind: "Node", apiVersion: "v1", name: `${ns}-n` } })),
      request({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "q" } }),
      request({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p", uid: "other" } }),
      request({ boundObjectRef: { kind: "Pod", apiVersion: "v2", name: "p" } }),
      request({ boundObjectRef: { kind: "Deployment", apiVersion: "apps/v1", name: "p" } }),
      request({ boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "none" } }),
      request({ boundObjectRef: {} }),
      request({ expirationSeconds: 599 }),
      request({ expirationSeconds: 600 }),
      request({ expirationSeconds: -1 }),
      request({ expirationSeconds: 4294967297 }),
      request({ audiences: ["a", "b"], expirationSeconds: 100000 }),
      request({ audiences: [""] }),
      request({}, { metadata: { name: "other" } }),
      request({}, { metadata: { name: "bot", namespace: ns } }),
      request({}, { metadata: { namespace: "other" } }),
      request({}, { metadata: { labels: { a: "b" } } }),
      post(`${accounts}/bot/token?dryRun=All`, {}),
      post(`${accounts}/bot/token`, ""),
      post(`${accounts}/bot/token`, { kind: "TokenRequest", apiVersion: "v1" }),
      post(`${accounts}/none/token`, {}),
      read(`${accounts}/bot/token`),
      put(`${accounts}/bot/token`, {}),
      self("${bound.body.status.token}"),
      self("${boundsecret.body.status.token}"),
      self("${boundnode.body.status.token}"),
      review("${bound.body.status.token}"),
      review("${bound.body.status.token}", ["https://kubernetes.default.svc"]),
      review("${bound.body.status.token}", ["else"]),
      remove(`${core}/pods/p`),
      self("${bound.body.status.token}"),
      review("${bound.body.status.token}"),
      remove(`${core}/secrets/s`),
      self("${boundsecret.body.status.token}"),
      remove(`/api/v1/nodes/${ns}-n`),
      self("${boundnode.body.status.token}"),
      read(`${core}/secrets`, undefined, "${boundnode.body.status.token}"),
      post(`${accounts}`, {
        metadata: { name: "imp" },
        automountServiceAccountToken: false,
        secrets: [{ name: "x" }],
        imagePullSecrets: [{ name: "y" }],
      }),
      post(`${core}/secrets`, { metadata: { name: "t" }, type: "kubernetes.io/service-account-token" }),
      post(`${core}/secrets`, {
        metadata: { name: "t", annotations: { "kubernetes.io/service-account.name": "bot" } },
        type: "kubernetes.io/service-account-token",
      }),
      read(accounts, TABLE),
    ];
  },
});
