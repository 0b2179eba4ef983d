/**
 * The topic `patch` with kinds and values of our own.
 */
import {
  container,
  JSON_PATCH,
  labels,
  patch,
  post,
  read,
  STRATEGIC,
  selector,
  TABLE,
  type TopicScenarios,
  workload,
} from "./requests.ts";

export const patchScenarios: TopicScenarios = {
  strategic: (ns) => {
    const base = `/apis/apps/v1/namespaces/${ns}`;
    const sts = `${base}/statefulsets/s`;
    const containers = [
      {
        ...container,
        ports: [{ containerPort: 80 }, { containerPort: 443 }],
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
        args: ["a", "b"],
      },
      { name: "side", image: "side:1" },
    ];
    const body = workload("apps/v1", "StatefulSet", "s", {
      serviceName: "s",
      selector,
      template: {
        metadata: { labels },
        spec: {
          containers,
          volumes: [
            { name: "v", emptyDir: {} },
            { name: "w", configMap: { name: "c" } },
          ],
          tolerations: [{ key: "a", operator: "Exists" }],
          hostAliases: [{ ip: "1.2.3.4", hostnames: ["a"] }],
        },
      },
    });
    const inPod = (spec: object) => ({ spec: { template: { spec } } });
    const patches: readonly object[] = [
      inPod({ containers: [{ name: "web", image: "registry.example/web:3" }] }),
      inPod({ containers: [{ name: "third", image: "third:1" }] }),
      inPod({ containers: [{ $patch: "delete", name: "third" }] }),
      inPod({
        containers: [
          {
            name: "web",
            env: [
              { name: "B", value: "3" },
              { name: "C", value: "4" },
            ],
          },
        ],
      }),
      inPod({ containers: [{ name: "web", env: [{ name: "A", $patch: "delete" }] }] }),
      inPod({ containers: [{ name: "web", ports: [{ containerPort: 80, name: "http" }] }] }),
      inPod({ containers: [{ name: "web", args: ["x"] }] }),
      inPod({ containers: [{ name: "web", args: null }] }),
      inPod({
        $setElementOrder: undefined,
        "$setElementOrder/containers": [{ name: "side" }, { name: "web" }],
        containers: [{ name: "side", image: "side:2" }],
      }),
      inPod({ volumes: [{ name: "v", $retainKeys: ["name", "secret"], secret: { secretName: "s" } }] }),
      inPod({ volumes: [{ name: "w", hostPath: { path: "/x" } }] }),
      inPod({ volumes: [{ $patch: "replace" }, { name: "only", emptyDir: {} }] }),
      inPod({ tolerations: [{ key: "b", operator: "Exists" }] }),
      inPod({
        hostAliases: [
          { ip: "1.2.3.4", hostnames: ["b"] },
          { ip: "5.6.7.8", hostnames: ["c"] },
        ],
      }),
      inPod({ containers: [{ image: "no-name" }] }),
      inPod({ containers: [{ name: "web", $patch: "odd" }] }),
      inPod({ containers: { name: "web" } }),
      inPod({ containers: null }),
      inPod({ nodeSelector: { $patch: "replace", zone: "a" } }),
      inPod({ nodeSelector: { $patch: "delete" } }),
      { metadata: { finalizers: ["example.com/a", "example.com/b"] } },
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } },
      {
        metadata: {
          "$setElementOrder/finalizers": ["example.com/c", "example.com/b"],
          finalizers: ["example.com/c"],
        },
      },
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "u1" }] } },
      { metadata: { ownerReferences: [{ uid: "u1", $patch: "delete" }] } },
      { metadata: { finalizers: null } },
      { spec: { replicas: null } },
      { spec: null },
      { spec: { replicas: "three" } },
      { spec: { serviceName: "other" } },
      { spec: { updateStrategy: { $retainKeys: ["type"], type: "OnDelete" } } },
      { extra: 1 },
    ];
    return [
      post(`${base}/statefulsets`, body),
      ...patches.map((item) => patch(sts, item, STRATEGIC)),
      read(sts),
      patch(`${sts}?force=true`, {}, STRATEGIC),
      patch(sts, "not json", STRATEGIC),
      patch(sts, "[]", STRATEGIC),
      patch(sts, "null", STRATEGIC),
      patch(sts, "", STRATEGIC),
    ];
  },
  json: (ns) => {
    const secrets = `/api/v1/namespaces/${ns}/secrets`;
    const one = `${secrets}/s`;
    const operations: readonly unknown[] = [
      [{ op: "add", path: "/data/b", value: "Yg==" }],
      [{ op: "replace", path: "/data/a", value: "Yw==" }],
      [{ op: "remove", path: "/data/b" }],
      [{ op: "remove", path: "/data/missing" }],
      [{ op: "move", from: "/data/a", path: "/data/m" }],
      [{ op: "copy", from: "/data/m", path: "/data/c" }],
      [{ op: "move", from: "/data/none", path: "/data/m" }],
      [{ op: "copy", from: "/data/none", path: "/data/m" }],
      [
        { op: "test", path: "/data/m", value: "Yw==" },
        { op: "add", path: "/metadata/labels", value: { a: "b" } },
      ],
      [{ op: "test", path: "/data/m", value: "no" }],
      [{ op: "add", path: "/metadata/labels/x~1y", value: "z" }],
      [{ op: "add", path: "/metadata/labels/x~0y", value: "z" }],
      [{ op: "add", path: "/metadata/finalizers", value: [] }],
      [{ op: "add", path: "/metadata/finalizers/-", value: "example.com/a" }],
      [{ op: "add", path: "/metadata/finalizers/0", value: "example.com/b" }],
      [{ op: "add", path: "/metadata/finalizers/9", value: "example.com/c" }],
      [{ op: "remove", path: "/metadata/finalizers/-1" }],
      [{ op: "remove", path: "/metadata/finalizers/0" }],
      [{ op: "replace", path: "/metadata/finalizers/5", value: "x" }],
      [{ op: "replace", path: "/type", value: "kubernetes.io/tls" }],
      [{ op: "replace", path: "/data", value: "text" }],
      [{ op: "replace", path: "", value: {} }],
      [{ op: "add", path: "/immutable", value: true }],
      [{ op: "add", path: "/data/late", value: "YQ==" }],
      [{ op: "odd", path: "/data/a" }],
      [{ op: "add", value: 1 }],
      [{ path: "/data/a", value: 1 }],
      [{ op: "add", path: "/data/x" }],
      [],
      {},
      [1],
      [{ op: "remove", path: "/metadata/finalizers" }],
    ];
    return [
      post(secrets, { metadata: { name: "s" }, data: { a: "YQ==" } }),
      ...operations.map((operation) => patch(one, operation, JSON_PATCH)),
      read(one),
    ];
  },
  merge: (ns) => {
    const jobs = `/apis/batch/v1/namespaces/${ns}/cronjobs`;
    const one = `${jobs}/c`;
    const jobTemplate = { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } };
    const patches: readonly unknown[] = [
      { spec: { suspend: true } },
      { spec: { schedule: "*/10 * * * *", timeZone: "Etc/UTC" } },
      { spec: { timeZone: null } },
      { spec: { concurrencyPolicy: "Odd" } },
      { spec: { schedule: "no" } },
      { spec: { successfulJobsHistoryLimit: -1 } },
      { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: "x", image: "y" }] } } } } } },
      { spec: { jobTemplate: { spec: { template: { spec: { containers: [] } } } } } },
      { spec: { jobTemplate: { metadata: { labels: { a: "b" } }, spec: { backoffLimit: 3 } } } },
      { spec: { suspend: "yes" } },
      { spec: [] },
      { spec: { startingDeadlineSeconds: 1.5 } },
      { metadata: { annotations: { a: null, b: "1" } } },
      { metadata: { labels: { a: 1 } } },
      { status: { lastScheduleTime: "2026-01-01T00:00:00Z" } },
      { metadata: { resourceVersion: "1" } },
      { metadata: { generation: 99 } },
      { metadata: { managedFields: [] } },
      { metadata: { managedFields: [{}] } },
      { kind: "Job" },
      { apiVersion: "batch/v2" },
      { spec: null },
      "text",
      5,
    ];
    return [
      post(jobs, workload("batch/v1", "CronJob", "c", { schedule: "@daily", jobTemplate })),
      ...patches.map((item) => patch(one, item)),
      read(one),
      read(jobs, TABLE),
    ];
  },
};
