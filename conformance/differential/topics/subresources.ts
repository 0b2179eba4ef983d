/**
 * The topic `subresources` with kinds and values of our own.
 */
import {
  APPLY,
  container,
  JSON_PATCH,
  labels,
  MERGE,
  named,
  patch,
  podTemplate,
  post,
  put,
  read,
  remove,
  STRATEGIC,
  selector,
  TABLE,
  type TopicScenarios,
  workload,
} from "./requests.ts";

export const subresourcesScenarios: TopicScenarios = {
  scale: (ns) => {
    const base = `/apis/apps/v1/namespaces/${ns}`;
    const core = `/api/v1/namespaces/${ns}`;
    const kinds: readonly (readonly [string, string, object])[] = [
      [
        `${base}/replicasets`,
        "rs",
        workload("apps/v1", "ReplicaSet", "rs", { replicas: 1, selector, template: podTemplate }),
      ],
      [
        `${base}/statefulsets`,
        "sts",
        workload("apps/v1", "StatefulSet", "sts", { replicas: 2, serviceName: "s", selector, template: podTemplate }),
      ],
      [
        `${base}/deployments`,
        "dep",
        workload("apps/v1", "Deployment", "dep", { replicas: 3, selector, template: podTemplate }),
      ],
      [
        `${core}/replicationcontrollers`,
        "rc",
        workload("v1", "ReplicationController", "rc", { replicas: 1, selector: labels, template: podTemplate }),
      ],
    ];
    return kinds.flatMap(([path, name, body]) => {
      const one = `${path}/${name}/scale`;
      const scale = (replicas: unknown, more: object = {}) => ({
        apiVersion: "autoscaling/v1",
        kind: "Scale",
        metadata: { name, namespace: ns, ...more },
        spec: { replicas },
      });
      return [
        post(path, body),
        read(one),
        put(one, scale(5)),
        put(one, scale(-1)),
        put(one, scale("x")),
        put(one, scale(2, { resourceVersion: "1" })),
        put(one, scale(2, { name: "other" })),
        put(one, { ...scale(2), apiVersion: "extensions/v1beta1" }),
        patch(one, { spec: { replicas: 4 } }),
        patch(one, [{ op: "replace", path: "/spec/replicas", value: 6 }], JSON_PATCH),
        patch(one, { spec: { replicas: 7 } }, STRATEGIC),
        patch(`${one}?fieldManager=scaler`, { ...scale(8), metadata: { name } }, APPLY),
        patch(`${one}?dryRun=All`, { spec: { replicas: 9 } }),
        patch(one, { spec: { replicas: null } }),
        patch(one, { metadata: { labels: { a: "b" } } }),
        read(`${path}/${name}`),
        read(one, TABLE),
        read(one, undefined, "plain"),
        patch(one, { spec: { replicas: 1 } }, MERGE, "plain"),
        post(one, scale(1)),
        remove(one),
        read(`${path}/missing/scale`),
        patch(`${path}/missing/scale`, { spec: { replicas: 1 } }),
      ];
    });
  },
  pods: (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const pod = (name: string, spec: object = {}) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels },
      spec: { containers: [container], ...spec },
    });
    const binding = (name: string, target: object) => ({
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name },
      target,
    });
    const eviction = (name: string, more: object = {}) => ({
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace: ns },
      ...more,
    });
    const budgets = `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
    return [
      post(pods, pod("a")),
      read(`${pods}/a/log`),
      read(`${pods}/a/log?container=web`),
      read(`${pods}/a/log?container=none`),
      read(`${pods}/a/log?tailLines=-1`),
      read(`${pods}/a/log?sinceSeconds=0`),
      read(`${pods}/a/log?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z`),
      read(`${pods}/a/log?limitBytes=0`),
      read(`${pods}/missing/log`),
      post(`${pods}/a/exec?command=ls`, undefined),
      post(`${pods}/a/exec`, undefined),
      post(`${pods}/a/attach`, undefined),
      post(`${pods}/a/portforward`, undefined),
      post(`${pods}/missing/exec?command=ls`, undefined),
      read(`${pods}/a/exec?command=ls`),
      read(`${pods}/a/proxy/`),
      read(`${pods}/a/status`),
      patch(`${pods}/a/status`, { status: { phase: "Running", podIPs: [{ ip: "10.1.2.3" }] } }),
      patch(`${pods}/a/status`, { status: { conditions: [{ type: "Bad Type", status: "True" }] } }),
      patch(`${pods}/a/status`, { status: { phase: "Odd", hostIP: "no" } }),
      patch(`${pods}/a/status`, { spec: { activeDeadlineSeconds: 3 }, metadata: { labels: { s: "1" } } }),
      post(`${pods}/a/binding`, binding("a", {})),
      post(`${pods}/a/binding`, binding("a", { kind: "Pod", name: "n" })),
      post(`${pods}/a/binding`, binding("b", { kind: "Node", name: "n" })),
      post(`${pods}/a/binding`, binding("a", { kind: "Node", name: "n" })),
      post(`${pods}/a/binding`, binding("a", { kind: "Node", name: "n" })),
      post(`/api/v1/namespaces/${ns}/bindings`, binding("missing", { kind: "Node", name: "n" })),
      read(`${pods}/a`),
      read(`${pods}/a/log`),
      patch(
        `${pods}/a/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: "dbg", image: "i" }] } },
        STRATEGIC,
      ),
      patch(
        `${pods}/a/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: "dbg", image: "other" }] } },
        STRATEGIC,
      ),
      patch(
        `${pods}/a/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: "two", image: "i", ports: [{ containerPort: 80 }] }] } },
        STRATEGIC,
      ),
      patch(
        `${pods}/a/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: "web", image: "i" }] } },
        STRATEGIC,
      ),
      patch(
        `${pods}/a/ephemeralcontainers`,
        { spec: { ephemeralContainers: [{ name: "x", image: "i", targetContainerName: "none" }] } },
        STRATEGIC,
      ),
      read(`${pods}/a/ephemeralcontainers`),
      patch(
        `${pods}/a/resize`,
        { spec: { containers: [{ name: "web", resources: { requests: { cpu: "100m" } } }] } },
        STRATEGIC,
      ),
      read(`${pods}/a/resize`),
      post(
        pods,
        pod("r", {
          containers: [
            { ...container, resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m" } } },
          ],
        }),
      ),
      patch(
        `${pods}/r/resize`,
        { spec: { containers: [{ name: "web", resources: { requests: { cpu: "150m" } } }] } },
        STRATEGIC,
      ),
      patch(`${pods}/r/resize`, { spec: { containers: [{ name: "web", image: "other" }] } }, STRATEGIC),
      patch(
        `${pods}/r/resize`,
        { spec: { containers: [{ name: "web", resources: { requests: { cpu: "900m" } } }] } },
        STRATEGIC,
      ),
      read(`${pods}/r`),
      remove(`${pods}/a?gracePeriodSeconds=5`),
      read(`${pods}/a`),
      remove(`${pods}/a?gracePeriodSeconds=2`),
      remove(`${pods}/a?gracePeriodSeconds=9`),
      remove(`${pods}/a?gracePeriodSeconds=0`),
      read(`${pods}/a`),
      post(pods, pod("e")),
      post(`${pods}/e/eviction?dryRun=All`, eviction("e")),
      post(`${pods}/e/eviction`, eviction("other")),
      post(`${pods}/e/eviction`, { ...eviction("e"), deleteOptions: { preconditions: { uid: "x" } } }),
      post(`${pods}/e/eviction`, { ...eviction("e"), deleteOptions: { dryRun: ["All"] } }),
      post(`${pods}/missing/eviction`, eviction("missing")),
      post(budgets, {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "b" },
        spec: { minAvailable: 1, selector },
      }),
      post(`${pods}/e/eviction`, eviction("e")),
      patch(`${budgets}/b/status`, {
        status: {
          disruptionsAllowed: 1,
          currentHealthy: 2,
          desiredHealthy: 1,
          expectedPods: 2,
          observedGeneration: 1,
        },
      }),
      post(`${pods}/e/eviction`, eviction("e")),
      read(`${budgets}/b`),
      read(`${budgets}`, TABLE),
      read(`${pods}/e`),
    ];
  },
  tokens: (ns) => {
    const accounts = `/api/v1/namespaces/${ns}/serviceaccounts`;
    const request = (spec: object) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec });
    const review = (spec: object) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec });
    return [
      post(accounts, { metadata: { name: "bot" } }),
      named("token", post(`${accounts}/bot/token`, request({ audiences: ["api"], expirationSeconds: 700 }))),
      post(`${accounts}/bot/token`, request({ expirationSeconds: 60 })),
      post(`${accounts}/bot/token`, request({ expirationSeconds: 2 ** 33 })),
      post(`${accounts}/bot/token`, request({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "none" } })),
      post(`${accounts}/bot/token`, request({ boundObjectRef: { kind: "ConfigMap", apiVersion: "v1", name: "none" } })),
      post(`${accounts}/none/token`, request({})),
      post(`${accounts}/bot/token`, { ...request({}), kind: "Other" }),
      post(`${accounts}/bot/token`, request({}), undefined, "plain"),
      named("good", post(`${accounts}/bot/token`, request({}))),
      post("/apis/authentication.k8s.io/v1/tokenreviews", review({ token: "${good.body.status.token}" })),
      post("/apis/authentication.k8s.io/v1/tokenreviews", review({ token: "${token.body.status.token}" })),
      post(
        "/apis/authentication.k8s.io/v1/tokenreviews",
        review({ token: "${token.body.status.token}", audiences: ["api", "other"] }),
      ),
      post("/apis/authentication.k8s.io/v1/tokenreviews", review({ token: "plain-token" })),
      post("/apis/authentication.k8s.io/v1/tokenreviews", review({ token: "bad" })),
      post("/apis/authentication.k8s.io/v1/tokenreviews", review({})),
      post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, undefined, "${good.body.status.token}"),
      read(`/api/v1/namespaces/${ns}/secrets`, undefined, "${good.body.status.token}"),
      remove(`${accounts}/bot`),
      read(`/api/v1/namespaces/${ns}/secrets`, undefined, "${good.body.status.token}"),
    ];
  },
  namespaces: (ns) => {
    const one = `/api/v1/namespaces/${ns}`;
    return [
      read(`${one}/status`),
      patch(`${one}/status`, { status: { phase: "Active", conditions: [{ type: "A", status: "True" }] } }),
      put(`${one}/finalize`, { metadata: { name: ns }, spec: { finalizers: ["kubernetes", "example.com/x"] } }),
      patch(`${one}/finalize`, { spec: { finalizers: [] } }),
      read(one),
      patch(one, { spec: { finalizers: ["example.com/y"] } }),
      patch(one, { metadata: { labels: { "kubernetes.io/metadata.name": "other" } } }),
      patch(one, { metadata: { labels: null } }),
      read(one, TABLE),
      remove(one),
      remove(one),
      read(one),
      read(one, TABLE),
      post(`${one}/configmaps`, { metadata: { name: "late" } }),
      post(`${one}/secrets`, { metadata: { name: "late" } }),
      patch(
        `${one}/configmaps/late?fieldManager=x`,
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "late" } },
        APPLY,
      ),
      patch(`${one}/serviceaccounts/default`, { metadata: { labels: { still: "here" } } }),
      put(`${one}/finalize`, { metadata: { name: ns }, spec: { finalizers: [] } }),
      read(one),
    ];
  },
};
