/**
 * Watches of many kinds: what a selector lets through, the forms of events, where they begin, and what is refused.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import {
  container,
  get,
  type Headers,
  named,
  PARTIAL,
  PARTIAL_LIST,
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
} from "./requests.ts";

function watch(
  name: string,
  path: string,
  events: number,
  during: CapturedStep[] = [],
  headers?: Headers,
  more: object = {},
): CapturedStep {
  return {
    ...named(name, get(path, headers)),
    watch: {
      seconds: 3,
      events,
      during: during.map((item, index) => ({ ...item, name: `${name} ${index}` })),
      ...more,
    },
  };
}

export const watchFormScenarios: TopicScenarios = {
  selected: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const pods = `${core}/pods`;
    const pod = (name: string, more: object = {}) => ({
      metadata: { name, ...more },
      spec: { containers: [container], nodeName: "n1" },
    });
    const field = (text: string) => `fieldSelector=${encodeURIComponent(text)}`;
    return [
      post(pods, pod("a", { labels: { on: "1" } })),
      watch("phase", `${pods}?watch=1&${field("status.phase=Running")}`, 3, [
        patch(`${pods}/a/status`, { status: { phase: "Running" } }),
        patch(`${pods}/a/status`, { status: { phase: "Running", message: "m" } }),
        patch(`${pods}/a/status`, { status: { phase: "Succeeded" } }),
        patch(`${pods}/a/status`, { status: { message: "n" } }),
      ]),
      watch("node", `${pods}?watch=1&${field("spec.nodeName=n1")}`, 4, [
        post(pods, pod("b")),
        remove(`${pods}/b`),
        remove(`${pods}/b?gracePeriodSeconds=0`),
      ]),
      watch("both", `${pods}?watch=1&labelSelector=on&${field("metadata.name=a")}`, 3, [
        patch(`${pods}/a`, { metadata: { labels: { on: null } } }),
        patch(`${pods}/a`, { metadata: { labels: { other: "1" } } }),
        patch(`${pods}/a`, { metadata: { labels: { on: "2" } } }),
      ]),
      watch("missing", `${pods}?watch=1&${field("metadata.name=later")}`, 2, [
        post(pods, pod("later")),
        post(pods, pod("other")),
        remove(`${pods}/later?gracePeriodSeconds=0`),
      ]),
      watch("everywhere", `/api/v1/pods?watch=1&${field(`metadata.namespace=${ns},metadata.name=everywhere`)}`, 2, [
        post(pods, pod("everywhere")),
        patch(`${pods}/everywhere`, { metadata: { annotations: { a: "b" } } }),
      ]),
      watch("collection", `${pods}?watch=1&labelSelector=on`, 2, [
        remove(`${pods}?labelSelector=on&gracePeriodSeconds=0`),
        remove(`${pods}?gracePeriodSeconds=0`),
      ]),
      post(`${core}/secrets`, { metadata: { name: "s" }, type: "example.com/a" }),
      watch("type", `${core}/secrets?watch=1&${field("type=example.com/a")}`, 2, [
        remove(`${core}/secrets/s`),
        post(`${core}/secrets`, { metadata: { name: "s" }, type: "example.com/b" }),
      ]),
      watch("noop", `${core}/secrets?watch=1`, 2, [
        patch(`${core}/secrets/s`, {}),
        patch(`${core}/secrets/s`, { metadata: { labels: {} } }),
        patch(`${core}/secrets/s?dryRun=All`, { metadata: { labels: { a: "b" } } }),
        patch(`${core}/secrets/s`, { metadata: { labels: { a: "c" } } }),
      ]),
      watch("finalizers", `${core}/secrets?watch=1`, 5, [
        patch(`${core}/secrets/s`, { metadata: { finalizers: ["example.com/a"] } }),
        remove(`${core}/secrets/s`),
        remove(`${core}/secrets/s`),
        patch(`${core}/secrets/s`, { metadata: { labels: { late: "1" } } }),
        patch(`${core}/secrets/s`, { metadata: { finalizers: null } }),
      ]),
      watch("events", `${core}/events?watch=1&${field("involvedObject.name=x")}`, 1, [
        post(`${core}/events`, {
          metadata: { name: "y" },
          involvedObject: { kind: "Pod", name: "y", namespace: ns },
          reason: "R",
        }),
        post(`${core}/events`, {
          metadata: { name: "x" },
          involvedObject: { kind: "Pod", name: "x", namespace: ns },
          reason: "R",
        }),
      ]),
      watch("new", `/apis/events.k8s.io/v1/namespaces/${ns}/events?watch=1`, 3, [
        patch(`${core}/events/x`, { count: 2 }),
      ]),
      watch("node-unschedulable", `/api/v1/nodes?watch=1&${field(`metadata.name=${ns},spec.unschedulable=true`)}`, 2, [
        post("/api/v1/nodes", { metadata: { name: ns } }),
        patch(`/api/v1/nodes/${ns}`, { spec: { unschedulable: true } }),
        patch(`/api/v1/nodes/${ns}`, { spec: { unschedulable: null } }),
        remove(`/api/v1/nodes/${ns}`),
      ]),
      watch("namespace", `/api/v1/namespaces?watch=1&${field(`metadata.name=${ns}-w`)}`, 3, [
        post("/api/v1/namespaces", { metadata: { name: `${ns}-w` } }),
        patch(`/api/v1/namespaces/${ns}-w`, { metadata: { labels: { q: "1" } } }),
        remove(`/api/v1/namespaces/${ns}-w`),
      ]),
    ];
  },
  "more-kinds": (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const lease = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`;
    const spec = { selector, template: podTemplate };
    return [
      watch("deployments", `${apps}/deployments?watch=1`, 6, [
        post(`${apps}/deployments`, { metadata: { name: "d" }, spec }),
        patch(
          `${apps}/deployments/d`,
          { spec: { template: { spec: { containers: [{ name: "web", image: "x" }] } } } },
          STRATEGIC,
        ),
        patch(`${apps}/deployments/d/scale`, { spec: { replicas: 3 } }),
        patch(`${apps}/deployments/d/status`, { status: { replicas: 1 } }),
        put(`${apps}/deployments/d`, { metadata: { name: "d" }, spec: { ...spec, replicas: 4 } }),
        remove(`${apps}/deployments/d`),
      ]),
      watch("leases", `${lease}?watch=1`, 3, [
        put(`${lease}/l`, {
          metadata: { name: "l" },
          spec: { holderIdentity: "a", renewTime: "2026-01-01T00:00:00.123456Z" },
        }),
        put(`${lease}/l`, { metadata: { name: "l" }, spec: { holderIdentity: "b" } }),
        remove(`${lease}/l`),
      ]),
      watch("apply", `${apps}/daemonsets?watch=1`, 2, [
        patch(
          `${apps}/daemonsets/x?fieldManager=a`,
          { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "x" }, spec },
          { "Content-Type": "application/apply-patch+yaml" },
        ),
        patch(
          `${apps}/daemonsets/x?fieldManager=a`,
          { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "x" }, spec },
          { "Content-Type": "application/apply-patch+yaml" },
        ),
        patch(
          `${apps}/daemonsets/x?fieldManager=b`,
          { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "x" }, spec },
          { "Content-Type": "application/apply-patch+yaml" },
        ),
      ]),
      watch("scaler-v1", `/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers?watch=1`, 1, [
        post(`/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`, {
          metadata: { name: "h" },
          spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "d" } },
        }),
      ]),
      watch(
        "pod-table",
        `/api/v1/namespaces/${ns}/pods?watch=1`,
        3,
        [
          post(`/api/v1/namespaces/${ns}/pods`, { metadata: { name: "p" }, spec: { containers: [container] } }),
          patch(`/api/v1/namespaces/${ns}/pods/p/status`, {
            status: {
              phase: "Running",
              containerStatuses: [
                {
                  name: "web",
                  ready: true,
                  restartCount: 2,
                  image: "i",
                  imageID: "x",
                  state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
                },
              ],
            },
          }),
          remove(`/api/v1/namespaces/${ns}/pods/p?gracePeriodSeconds=0`),
        ],
        TABLE,
      ),
      watch(
        "deployment-table",
        `${apps}/deployments?watch=1&includeObject=Object`,
        1,
        [post(`${apps}/deployments`, { metadata: { name: "t" }, spec })],
        TABLE,
      ),
      watch(
        "partial",
        `${apps}/deployments?watch=1`,
        2,
        [patch(`${apps}/deployments/t`, { metadata: { labels: { a: "b" } } })],
        PARTIAL,
      ),
      watch("partial-list", `${apps}/deployments?watch=1&timeoutSeconds=1`, 1, [], PARTIAL_LIST),
      watch(
        "table-selected",
        `${apps}/deployments?watch=1&labelSelector=a%3Db`,
        2,
        [patch(`${apps}/deployments/t`, { metadata: { labels: { a: null } } })],
        TABLE,
      ),
    ];
  },
  begins: (ns) => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles`;
    const initial = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    return [
      named("first", post(path, { metadata: { name: "a" } })),
      named("second", post(path, { metadata: { name: "b", labels: { x: "1" } } })),
      named("third", patch(`${path}/a`, { metadata: { labels: { x: "2" } } })),
      named("fourth", remove(`${path}/b`)),
      named("list", get(path)),
      watch("from-first", `${path}?watch=1&resourceVersion=\${first.body.metadata.resourceVersion}`, 3),
      watch(
        "from-second",
        `${path}?watch=1&resourceVersion=\${second.body.metadata.resourceVersion}&labelSelector=x`,
        2,
      ),
      watch("from-third", `${path}?watch=1&resourceVersion=\${third.body.metadata.resourceVersion}`, 1),
      watch("from-list", `${path}?watch=1&resourceVersion=\${list.body.metadata.resourceVersion}`, 1, [
        post(path, { metadata: { name: "c" } }),
      ]),
      watch("from-zero", `${path}?watch=1&resourceVersion=0`, 2),
      watch(
        "initial",
        `${path}?${initial}&allowWatchBookmarks=true`,
        4,
        [post(path, { metadata: { name: "d" } })],
        undefined,
        { initial: 3 },
      ),
      watch("initial-table", `${path}?${initial}&allowWatchBookmarks=true`, 4, [], TABLE),
      watch("initial-partial", `${path}?${initial}&allowWatchBookmarks=true&labelSelector=x`, 2, [], PARTIAL),
      watch(
        "initial-old",
        `${path}?${initial}&allowWatchBookmarks=true&resourceVersion=\${first.body.metadata.resourceVersion}`,
        4,
      ),
      watch("initial-plain", `${path}?${initial}`, 3),
      watch("initial-none", `${path}?${initial}&allowWatchBookmarks=true&labelSelector=none`, 1),
      watch(
        "initial-false",
        `${path}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`,
        1,
      ),
      watch(
        "initial-false-version",
        `${path}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=\${third.body.metadata.resourceVersion}&timeoutSeconds=1`,
        3,
      ),
      watch(
        "initial-false-zero",
        `${path}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0&timeoutSeconds=1`,
        3,
      ),
      ...[
        "resourceVersion=x",
        "resourceVersion=-1",
        "resourceVersion=1.5",
        "resourceVersion=1&resourceVersionMatch=Exact",
        "resourceVersionMatch=NotOlderThan",
        "resourceVersionMatch=Odd&resourceVersion=1",
        "sendInitialEvents=true",
        "sendInitialEvents=false",
        "sendInitialEvents=x",
        "sendInitialEvents=true&resourceVersionMatch=Exact",
        "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=x",
        "limit=2&continue=x",
        "continue=x",
        "fieldSelector=a",
        "fieldSelector=spec.a%3Db",
        "labelSelector=a%20b",
        "allowWatchBookmarks=x",
        "timeoutSeconds=x",
        "timeoutSeconds=-1&resourceVersion=0",
        "limit=x",
        "limit=1&timeoutSeconds=1",
        "resourceVersion=&timeoutSeconds=1",
        "dryRun=All&timeoutSeconds=1",
        "includeObject=Odd&timeoutSeconds=1",
      ].map((query, index) => watch(`refused-${index}`, `${path}?watch=1&${query}`, 1, [], undefined, { seconds: 1 })),
      ...["1", "true", "TRUE", "True", "yes", "0", "false", "no", "", "2", "on"].map((value) =>
        watch(`value-${value || "empty"}`, `${path}?watch=${value}&timeoutSeconds=1`, 1, [], undefined, { seconds: 1 }),
      ),
      watch("accept-yaml", `${path}?watch=1`, 1, [], { Accept: "application/yaml" }),
      watch("accept-any", `${path}?watch=1`, 1, [], { Accept: "*/*" }),
      watch("accept-stream", `${path}?watch=1`, 1, [], { Accept: "application/json;stream=watch" }),
      watch("accept-odd-stream", `${path}?watch=1`, 1, [], { Accept: "application/json;stream=odd" }),
      watch("accept-none", `${path}?watch=1`, 1, [], { Accept: null }),
      watch("accept-html", `${path}?watch=1`, 1, [], { Accept: "text/html" }),
      watch("accept-table-old", `${path}?watch=1`, 1, [], {
        Accept: "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
      }),
      watch("accept-table-bad", `${path}?watch=1`, 1, [], { Accept: "application/json;as=Table;v=v9;g=meta.k8s.io" }),
    ];
  },
  paths: (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}/deployments`;
    return [
      post(apps, { metadata: { name: "d" }, spec: { selector, template: podTemplate } }),
      watch("old-list", `/apis/apps/v1/watch/namespaces/${ns}/deployments`, 1),
      watch("old-one", `/apis/apps/v1/watch/namespaces/${ns}/deployments/d`, 1),
      watch("old-missing", `/apis/apps/v1/watch/namespaces/${ns}/deployments/none?timeoutSeconds=1`, 1),
      watch("old-all", `/apis/apps/v1/watch/deployments?fieldSelector=metadata.namespace%3D${ns}`, 1),
      watch("old-selected", `/apis/apps/v1/watch/namespaces/${ns}/deployments?labelSelector=none&timeoutSeconds=1`, 1),
      watch("old-version", `/apis/apps/v1/watch/namespaces/${ns}/deployments?resourceVersion=x`, 1),
      watch("old-table", `/apis/apps/v1/watch/namespaces/${ns}/deployments`, 1, [], TABLE),
      watch("old-status", `/apis/apps/v1/watch/namespaces/${ns}/deployments/d/status`, 1),
      watch("old-namespaces", `/api/v1/watch/namespaces/${ns}`, 1),
      watch("old-namespaces-list", `/api/v1/watch/namespaces?fieldSelector=metadata.name%3D${ns}`, 1),
      watch("old-nodes", `/api/v1/watch/nodes?timeoutSeconds=1`, 1),
      watch("old-unknown", `/api/v1/watch/nothings?timeoutSeconds=1`, 1),
      watch("old-group", `/apis/nope.example.com/v1/watch/things`, 1),
      watch("old-bare", `/api/v1/watch`, 1),
      { ...named("old-post", post(`/apis/apps/v1/watch/namespaces/${ns}/deployments`, {})) },
      watch("old-create-only", `/apis/authorization.k8s.io/v1/watch/subjectaccessreviews`, 1),
      watch("create-only", `/apis/authorization.k8s.io/v1/subjectaccessreviews?watch=1`, 1),
      watch("one", `${apps}/d?watch=1&timeoutSeconds=1`, 1),
      watch("one-name-mismatch", `${apps}/d?watch=1&fieldSelector=metadata.name%3Dx`, 1),
      watch("sub", `${apps}/d/scale?watch=1`, 1),
      watch("components", `/api/v1/componentstatuses?watch=1`, 1),
      watch("plain-user", `${apps}?watch=1`, 1, [], undefined),
      { ...watch("plain", `${apps}?watch=1`, 1), request: { method: "GET", path: `${apps}?watch=1`, as: "plain" } },
      { ...watch("anonymous", `${apps}?watch=1`, 1), request: { method: "GET", path: `${apps}?watch=1`, as: "none" } },
      read(`${apps}?watch=0`),
    ];
  },
};
