/**
 * The topic `create` with kinds and values of our own: what a body may say of itself, and how it may be broken.
 */
import { step } from "../families.ts";
import {
  APPLY,
  container,
  JSON_PATCH,
  labels,
  named,
  PARTIAL,
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

const YAML = { "Content-Type": "application/yaml" };

export const createScenarios: TopicScenarios = {
  bodies: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const deployment = (spec: object, more: object = {}) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d" },
      spec: { selector, template: podTemplate, ...spec },
      ...more,
    });
    const bodies: readonly unknown[] = [
      "",
      " ",
      "[]",
      '"x"',
      "5",
      "true",
      "null",
      "{}",
      "{]",
      '{"a":}',
      '{"kind":"Secret"',
      '{"metadata":{"name":"x"}}{}',
      '{"metadata":{"name":"x"}}\n\n',
      '{"apiVersion":5}',
      '{"kind":["Secret"]}',
      '{"metadata":"x"}',
      '{"metadata":[]}',
      '{"metadata":{"name":5}}',
      '{"metadata":{"labels":"a"}}',
      '{"metadata":{"labels":{"a":true}}}',
      '{"metadata":{"labels":{"a":null},"name":"nulls","annotations":null}}',
      '{"metadata":{"finalizers":"x"}}',
      '{"metadata":{"ownerReferences":{}}}',
      '{"metadata":{"creationTimestamp":"x"}}',
      '{"metadata":{"generation":"1"}}',
      '{"metadata":{"generation":1.5}}',
      '{"metadata":{"generation":9223372036854775808}}',
      '{"metadata":{"name":"x","resourceVersion":5}}',
      '{"data":[]}',
      '{"data":"x"}',
      '{"data":{"a":5}}',
      '{"data":{"a":"not base64"}}',
      '{"data":{"a":"YQ"}}',
      '{"data":{"a":null},"metadata":{"name":"null-data"}}',
      '{"stringData":{"a":1}}',
      '{"type":5}',
      '{"immutable":"yes"}',
      '{"immutable":1}',
      '{"metadata":{"name":"a\\u0000b"}}',
      '{"metadata":{"name":"dup","name":"dup2"},"type":"a","type":"b"}',
      '{"Metadata":{"name":"x"},"KIND":"Secret"}',
      "\ufeff{}",
    ];
    const specs: readonly object[] = [
      { replicas: "3" },
      { replicas: 1.5 },
      { replicas: 3_000_000_000 },
      { replicas: null, paused: null },
      { paused: "true" },
      { strategy: "Recreate" },
      { strategy: { rollingUpdate: { maxSurge: true } } },
      { strategy: { rollingUpdate: { maxSurge: 1.5 } } },
      { strategy: { rollingUpdate: { maxSurge: {} } } },
      { selector: "app=shop" },
      { selector: { matchLabels: { app: 5 } } },
      { selector: { matchExpressions: {} } },
      { template: [] },
      { template: { spec: { containers: {} } } },
      { template: { spec: { containers: ["web"] } } },
      { template: { spec: { containers: [null] } } },
      { template: { spec: { containers: [{ ...container, resources: { limits: { cpu: "1x" } } }] } } },
      { template: { spec: { containers: [{ ...container, resources: { limits: { cpu: true } } }] } } },
      { template: { spec: { containers: [{ ...container, resources: { limits: { cpu: "" } } }] } } },
      { template: { spec: { containers: [{ ...container, resources: ["cpu"] }] } } },
      { template: { spec: { containers: [{ ...container, ports: [{ containerPort: "80" }] }] } } },
      { template: { spec: { containers: [{ ...container, ports: 80 }] } } },
      { template: { spec: { containers: [{ ...container, env: { A: "b" } }] } } },
      { template: { spec: { containers: [{ ...container, env: [{ name: "A", value: 5 }] }] } } },
      { template: { spec: { containers: [{ ...container, command: "sh" }] } } },
      { template: { spec: { containers: [{ ...container, command: [5] }] } } },
      { template: { spec: { containers: [{ ...container, livenessProbe: { httpGet: { port: 1.5 } } }] } } },
      { template: { spec: { containers: [{ ...container, securityContext: { runAsUser: "root" } }] } } },
      { template: { spec: { terminationGracePeriodSeconds: "30" } } },
      { template: { spec: { volumes: [{ name: "v", emptyDir: { sizeLimit: "big" } }] } } },
      { template: { spec: { volumes: [{ name: "v", secret: { defaultMode: "0644" } }] } } },
      { template: { spec: { tolerations: [{ tolerationSeconds: "5" }] } } },
      { template: { metadata: { labels: ["a"] } } },
      { template: { metadata: { creationTimestamp: "now" } } },
    ];
    return [
      ...bodies.map((body) => post(`${core}/secrets`, body, { "Content-Type": "application/json" })),
      ...specs.map((spec) => post(`${apps}/deployments`, deployment(spec))),
      post(`${core}/services`, { metadata: { name: "s" }, spec: { ports: [{ port: "80" }] } }),
      post(`${core}/services`, { metadata: { name: "s" }, spec: { ports: [{ port: 80, targetPort: 1.5 }] } }),
      post(`${core}/services`, {
        metadata: { name: "s" },
        spec: { ports: [{ port: 80, targetPort: null }], selector: null },
      }),
      post(`${core}/events`, { metadata: { name: "e" }, involvedObject: {}, firstTimestamp: "yesterday" }),
      post(`${core}/events`, { metadata: { name: "e" }, involvedObject: {}, firstTimestamp: "2030-01-01" }),
      post(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, {
        metadata: { name: "l" },
        spec: { renewTime: "2030-01-01T00:00:00Z", acquireTime: 5 },
      }),
      post(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, {
        metadata: { name: "l" },
        spec: { leaseDurationSeconds: "15" },
      }),
      post(`/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`, {
        metadata: { name: "h" },
        spec: { maxReplicas: "3" },
      }),
      post(`/apis/batch/v1/namespaces/${ns}/cronjobs`, { metadata: { name: "c" }, spec: { schedule: 5 } }),
      post(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, {
        metadata: { name: "p" },
        spec: { minAvailable: 1.5 },
      }),
      post(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, {
        metadata: { name: "p" },
        spec: { minAvailable: [] },
      }),
      post(`/apis/networking.k8s.io/v1/namespaces/${ns}/networkpolicies`, {
        metadata: { name: "n" },
        spec: { podSelector: [] },
      }),
      post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles`, {
        metadata: { name: "r" },
        rules: { verbs: ["get"] },
      }),
      post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles`, {
        metadata: { name: "r" },
        rules: [{ verbs: "get" }],
      }),
    ];
  },
  yaml: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const bodies: readonly string[] = [
      "metadata: {name: a}\ndata: {x: y}\n",
      "metadata:\n  name: b\n  labels:\n    on: off\n",
      "metadata:\n  name: c\ndata:\n  n: 5\n",
      "metadata:\n  name: d\ndata:\n  n: !!str 5\n  multi: |\n    a\n    b\n",
      "metadata: &m\n  name: e\n",
      "- a\n- b\n",
      "just text",
      "a: b: c",
      "metadata:\n\tname: tab\n",
      "metadata: {name: f}\n---\nmetadata: {name: g}\n",
      "metadata: {name: h}\nmetadata: {name: i}\n",
      "metadata: {name: j}\nextra: 1\n",
      "# only a comment\n",
      "",
      "kind: Secret\napiVersion: v1\nmetadata: {name: k}\n",
      "metadata: {name: l, creationTimestamp: null}\nimmutable: yes\n",
      "metadata: {name: m}\nimmutable: 'true'\n",
      "{'metadata': {name: n}}",
      "metadata: {name: o}\ndata: {1: one, true: two}\n",
      "metadata: {name: p}\ndata: {d: 2001-01-01}\n",
    ];
    return [
      ...bodies.map((body) => post(`${core}/configmaps`, body, YAML)),
      post(`${core}/configmaps?fieldValidation=Strict`, "metadata: {name: q}\nextra: 1\ndata: {a: b, a: c}\n", YAML),
      post(`${core}/configmaps?fieldValidation=Ignore`, "metadata: {name: r}\nextra: 1\ndata: {a: b, a: c}\n", YAML),
      read(`${core}/configmaps/a`, { Accept: "application/yaml" }),
    ];
  },
  validation: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const service = (name: string) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, label: { a: "b" } },
      spec: {
        port: 80,
        ports: [
          { port: 80, target: 5, Protocol: "TCP" },
          { port: 81, name: "x" },
        ].slice(0, 1),
      },
      stats: {},
    });
    const twice =
      '{"kind":"Service","apiVersion":"v1","metadata":{"name":"t","name":"t"},"spec":{"ports":[{"port":80,"port":81}],"type":"NodePort","type":"ClusterIP"}}';
    const both = '{"metadata":{"name":"b","name":"b"},"spec":{"ports":[{"port":80}],"odd":1,"odd":2},"odd":{}}';
    const daemon = {
      metadata: { name: "d" },
      spec: {
        selector,
        replicas: 3,
        template: {
          metadata: { labels, lables: {} },
          spec: {
            restartpolicy: "Always",
            containers: [
              {
                ...container,
                env: [{ name: "A", valueform: {} }],
                ports: [{ containerport: 80, containerPort: 80 }],
                resources: { limit: {} },
              },
            ],
            volumes: [{ name: "v", configmap: {} }],
          },
        },
      },
    };
    return [
      ...["Strict", "Warn", "Ignore", "", "strict"].map((how) =>
        post(`${core}/services?dryRun=All&fieldValidation=${how}`, service("a")),
      ),
      ...["Strict", "Warn", "Ignore"].map((how) => post(`${core}/services?dryRun=All&fieldValidation=${how}`, twice)),
      ...["Strict", "Warn", "Ignore"].map((how) => post(`${core}/services?dryRun=All&fieldValidation=${how}`, both)),
      ...["Strict", "Warn"].map((how) => post(`${apps}/daemonsets?dryRun=All&fieldValidation=${how}`, daemon)),
      post(`${core}/services?fieldValidation=Strict&fieldValidation=Warn`, service("a")),
      post(`${core}/services`, { metadata: { name: "real" }, spec: { ports: [{ port: 80 }] } }),
      put(`${core}/services/real?fieldValidation=Strict`, service("real")),
      put(`${core}/services/real?fieldValidation=Warn`, service("real")),
      put(`${core}/services/real?fieldValidation=Odd`, service("real")),
      patch(`${core}/services/real?fieldValidation=Strict`, { spec: { odd: 1, ports: [{ port: 80, odd: 2 }] } }),
      patch(`${core}/services/real?fieldValidation=Warn`, { spec: { odd: 1, ports: [{ port: 80, odd: 2 }] } }),
      patch(`${core}/services/real`, { odd: 1 }, STRATEGIC),
      patch(`${core}/services/real?fieldValidation=Strict`, { metadata: { labls: {} } }, STRATEGIC),
      patch(`${core}/services/real?fieldValidation=Strict`, [{ op: "add", path: "/spec/odd", value: 1 }], JSON_PATCH),
      patch(`${core}/services/real`, [{ op: "add", path: "/spec/odd", value: 1 }], JSON_PATCH),
      patch(`${core}/services/real?fieldValidation=Strict`, '{"metadata":{"labels":{"a":"1","a":"2"}}}'),
      patch(
        `${core}/services/real?fieldManager=a&fieldValidation=Ignore`,
        { apiVersion: "v1", kind: "Service", metadata: { name: "real" }, spec: { odd: 1 } },
        APPLY,
      ),
    ];
  },
  names: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const at: readonly (readonly [string, object])[] = [
      [`${core}/secrets`, {}],
      [`${core}/pods`, { spec: { containers: [container] } }],
      [`${core}/services`, { spec: { ports: [{ port: 80 }] } }],
      [`${core}/endpoints`, {}],
      [`${core}/limitranges`, { spec: {} }],
      [`/apis/apps/v1/namespaces/${ns}/deployments`, { spec: { selector, template: podTemplate } }],
      [`/apis/apps/v1/namespaces/${ns}/statefulsets`, { spec: { selector, template: podTemplate } }],
      [`/apis/apps/v1/namespaces/${ns}/replicasets`, { spec: { selector, template: podTemplate } }],
      [
        `/apis/batch/v1/namespaces/${ns}/cronjobs`,
        {
          spec: {
            schedule: "@daily",
            jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: "Never" } } } },
          },
        },
      ],
      [`/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles`, { rules: [] }],
      [`/apis/networking.k8s.io/v1/namespaces/${ns}/ingresses`, { spec: { rules: [{ host: "a" }] } }],
      [`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, {}],
      ["/apis/scheduling.k8s.io/v1/priorityclasses", { value: 1 }],
      ["/apis/rbac.authorization.k8s.io/v1/clusterroles", { rules: [] }],
      ["/apis/storage.k8s.io/v1/storageclasses", { provisioner: "a" }],
      ["/api/v1/namespaces", {}],
    ];
    const names = [
      "",
      "A",
      "a_b",
      "-a",
      "a-",
      "a.b",
      "a..b",
      ".",
      "..",
      "a/b",
      "a%b",
      "1a",
      "a b",
      "x".repeat(63),
      "x".repeat(64),
      "x".repeat(254),
      "ä",
    ];
    return at.flatMap(([path, body]) => [
      ...names.map((name) => post(`${path}?dryRun=All`, { metadata: { name }, ...body })),
      post(`${path}?dryRun=All`, { metadata: { generateName: "A" }, ...body }),
      post(`${path}?dryRun=All`, { metadata: { generateName: "ok-" }, ...body }),
      post(`${path}?dryRun=All`, { metadata: { generateName: "x".repeat(70) }, ...body }),
    ]);
  },
  metadata: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const at: readonly (readonly [string, object])[] = [
      [`${core}/serviceaccounts`, {}],
      [`/apis/apps/v1/namespaces/${ns}/deployments`, { spec: { selector, template: podTemplate } }],
      [`/apis/rbac.authorization.k8s.io/v1/clusterroles`, { rules: [] }],
    ];
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" };
    const metadata: readonly object[] = [
      { labels: { "": "x", "a/b/c": "x", "/x": "x", "UPPER/x": "x", "ok.example.com/x": "" } },
      { labels: { a: "-x", b: "x-", c: "a b", d: "ok_1.2-3" } },
      { labels: { ["k".repeat(64)]: "x", [`${"p".repeat(254)}/k`]: "x" } },
      { annotations: { "a b": "x", "UPPER.example.com/Key": "any value at all\n", "a/b/c": "" } },
      { annotations: { big: "${repeat:x:262144}" } },
      { finalizers: ["a", "example.com/ok", "example.com/ok", "example.com/"] },
      { finalizers: ["orphan", "foregroundDeletion"] },
      { finalizers: ["kubernetes"] },
      {
        ownerReferences: [
          { ...owner, apiVersion: "" },
          { ...owner, kind: "" },
          { ...owner, name: "" },
        ],
      },
      { ownerReferences: [owner, owner] },
      {
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, uid: "v", controller: true },
        ],
      },
      { ownerReferences: [{ ...owner, blockOwnerDeletion: true, controller: false }] },
      {
        ownerReferences: [
          { ...owner, apiVersion: "a/b/c" },
          { ...owner, apiVersion: "v1", kind: "Event" },
        ],
      },
      { ownerReferences: [{}] },
      { managedFields: [{ manager: "x", operation: "Odd", apiVersion: "v1", fieldsType: "FieldsV2" }] },
      {
        managedFields: [
          {
            manager: "x",
            operation: "Update",
            apiVersion: "v1",
            fieldsType: "FieldsV1",
            fieldsV1: { "f:odd": {} },
            time: "2001-01-01T00:00:00Z",
          },
        ],
      },
      { managedFields: [{}] },
      { resourceVersion: "0" },
      { resourceVersion: "abc" },
      { uid: "x", selfLink: "/a", deletionTimestamp: "2001-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 },
      { generateName: "g-" },
      { namespace: "other" },
      { namespace: ns },
      { clusterName: "c", zzz_deprecatedClusterName: "d" },
    ];
    return at.flatMap(([path, body], index) =>
      metadata.map((more, i) =>
        post(`${path}?dryRun=All`, { metadata: { name: `m-${index}-${i}`, ...more }, ...body }),
      ),
    );
  },
  answers: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const secret = (name: string) => ({ metadata: { name }, stringData: { a: "b" } });
    return [
      post(`${core}/secrets`, secret("table"), TABLE),
      post(`${core}/secrets`, secret("partial"), PARTIAL),
      post(`${core}/secrets?pretty=true`, secret("pretty")),
      post(`${core}/secrets`, secret("yaml"), { Accept: "application/yaml" }),
      post(`${core}/secrets`, secret("odd"), { Accept: "text/plain" }),
      post(`${core}/secrets`, secret("odd"), { "Content-Type": "text/plain" }),
      post(`${core}/secrets`, secret("type"), { "Content-Type": "application/json; charset=utf-8" }),
      post(`${core}/secrets?fieldManager=`, secret("manager-empty")),
      post(`${core}/secrets?fieldManager=a%20b`, secret("manager-space")),
      post(`${core}/secrets?dryRun=All&dryRun=All`, secret("dry")),
      post(`${core}/secrets?dryRun=true`, secret("dry")),
      post(`${core}/secrets?unknown=1`, secret("unknown")),
      post(`${core}/secrets?force=true`, secret("forced")),
      post(`${core}/secrets`, { ...secret("agent") }, { "User-Agent": "my tool/2.1 (linux)" }),
      post(`${core}/secrets`, { ...secret("no-agent") }, { "User-Agent": "" }),
      post(`${core}/secrets`, { kind: "SecretList", apiVersion: "v1", items: [] }),
      post(`${core}/secrets`, { kind: "Secret", apiVersion: "apps/v1", ...secret("x") }),
      post(`${core}/secrets`, { kind: "Pod", apiVersion: "v1", ...secret("x") }),
      post(`${core}/secrets`, { kind: "Secret", ...secret("kind-only") }),
      post(`${core}/secrets`, { apiVersion: "v1", ...secret("version-only") }),
      post(`${core}/secrets`, { apiVersion: "a/b/c", kind: "Secret", ...secret("x") }),
      post(`/apis/apps/v1/namespaces/${ns}/deployments`, {
        apiVersion: "apps/v1beta1",
        kind: "Deployment",
        metadata: { name: "x" },
      }),
      post(`/apis/apps/v1/namespaces/${ns}/deployments`, {
        apiVersion: "extensions/v1beta1",
        kind: "Deployment",
        metadata: { name: "x" },
      }),
      post(`/apis/batch/v1/namespaces/${ns}/jobs`, {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "x" },
      }),
      post(`/api/v1/secrets`, secret("x")),
      post(`${core}/secrets/table`, secret("table")),
      post(`${core}/nothing`, secret("x")),
      post(`/apis/none.example.com/v1/namespaces/${ns}/things`, secret("x")),
      post(`${core}/secrets`, secret("table")),
      post("/api/v1/nodes", { metadata: { name: `${ns}-n`, namespace: ns } }),
      post("/api/v1/namespaces", { metadata: { name: "kube-system" } }),
      post("/api/v1/namespaces/none/secrets", secret("x")),
      post("/api/v1/namespaces/none/secrets?dryRun=All", secret("x")),
      post("/api/v1/namespaces/Bad_/secrets", secret("x")),
      step("put it", "PUT", `${core}/secrets`, secret("x")),
      put(`${core}/leases`, {}),
      named("delete", remove(`${core}/secrets/table`)),
      read(`${core}/secrets/manager-empty`),
    ];
  },
};
