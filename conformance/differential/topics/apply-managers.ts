/**
 * Who owns what: names of managers, versions of a group, client-side apply, managedFields written by hand, and what apply refuses.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { step } from "../families.ts";
import {
  APPLY,
  container,
  JSON_PATCH,
  labels,
  MERGE,
  patch,
  podTemplate,
  post,
  read,
  STRATEGIC,
  selector,
  type TopicScenarios,
} from "./requests.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export const applyManagerScenarios: TopicScenarios = {
  managers: (ns) => {
    const one = `/api/v1/namespaces/${ns}/configmaps/m`;
    const body = (data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, data });
    const agents: readonly (string | null)[] = [
      "kubectl/v1.37.2 (linux/amd64) kubernetes/abc",
      "plain",
      "",
      "/leading",
      "a b/c",
      null,
      "x".repeat(140),
      "tab\tin/1",
      "ünï/1",
      `${"é".repeat(70)}/1`,
    ];
    return [
      ...[
        "one",
        "",
        "a%20b",
        "a%09b",
        "%00",
        "%C3%BC",
        "x".repeat(128),
        "x".repeat(129),
        "a/b",
        "a%0Ab",
        "%F0%9F%98%80",
      ].flatMap((manager, index) => [
        patch(`${one}?fieldManager=${manager}`, body({ [`k${index}`]: "1" }), APPLY),
        patch(`${one}?fieldManager=${manager}`, { data: { [`m${index}`]: "1" } }),
        patch(`${one}?fieldManager=${manager}&force=true`, { data: { [`f${index}`]: "1" } }),
      ]),
      ...agents.map((agent, index) => patch(one, { data: { [`a${index}`]: "1" } }, { ...MERGE, "User-Agent": agent })),
      patch(`${one}?fieldManager=one&fieldManager=two`, body({ twice: "1" }), APPLY),
      patch(`${one}?fieldManager=one&force=`, body({ twice: "1" }), APPLY),
      patch(`${one}?fieldManager=one&force`, body({ twice: "1" }), APPLY),
      patch(`${one}?fieldManager=one&force=0`, body({ k2: "2" }), APPLY),
      patch(`${one}?fieldManager=one&force=False`, body({ k2: "2" }), APPLY),
      patch(`${one}?fieldManager=one&force=no`, body({ k2: "2" }), APPLY),
      patch(`${one}?fieldManager=one&dryRun=None`, body({ k2: "2" }), APPLY),
      patch(`${one}?fieldManager=one&dryRun=All&dryRun=All`, body({ one: "2" }), APPLY),
      patch(`${one}?fieldManager=one&dryRun=`, body({ one: "2" }), APPLY),
      patch(`${one}?fieldManager=one&fieldValidation=Odd`, body({ one: "2" }), APPLY),
      patch(`${one}?fieldManager=one&fieldValidation=Ignore&x=y`, body({ one: "2" }), APPLY),
      post(`/api/v1/namespaces/${ns}/configmaps?fieldManager=${"x".repeat(129)}`, { metadata: { name: "n" } }),
      post(`/api/v1/namespaces/${ns}/configmaps?fieldManager=a%09b&dryRun=Odd&fieldValidation=odd`, {
        metadata: { name: "n" },
      }),
      step("put it", "PUT", `${one}?fieldManager=a%00`, body({})),
      read(one),
    ];
  },
  "many-updates": (ns) => {
    const one = `/apis/apps/v1/namespaces/${ns}/replicasets/r`;
    return [
      post(`/apis/apps/v1/namespaces/${ns}/replicasets`, {
        metadata: { name: "r" },
        spec: { selector, template: podTemplate },
      }),
      ...Array.from({ length: 14 }, (_, index) =>
        patch(`${one}?fieldManager=m${index}`, { metadata: { labels: { [`l${index}`]: "x" } } }),
      ),
      patch(`${one}/status?fieldManager=st`, { status: { replicas: 1 } }),
      patch(`${one}?fieldManager=st`, { metadata: { annotations: { a: "b" } } }, STRATEGIC),
      patch(
        `${one}?fieldManager=ap`,
        { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "r", labels: { l1: "y" } } },
        APPLY,
      ),
      read(one),
    ];
  },
  versions: (ns) => {
    const at = (version: string) => `/apis/autoscaling/${version}/namespaces/${ns}/horizontalpodautoscalers`;
    const one = (version: string, manager: string, more = "") => `${at(version)}/h?fieldManager=${manager}${more}`;
    const scaler = (version: string, spec: object, more: object = {}) => ({
      apiVersion: `autoscaling/${version}`,
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h", ...more },
      spec,
    });
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
    const cpu = (averageUtilization: number) => ({
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
    });
    return [
      patch(
        one("v1", "old"),
        scaler("v1", { scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 60 }),
        APPLY,
      ),
      read(`${at("v2")}/h`),
      patch(one("v2", "new"), scaler("v2", { maxReplicas: 6, metrics: [cpu(70)] }), APPLY),
      patch(one("v2", "new"), scaler("v2", { metrics: [cpu(60)] }), APPLY),
      patch(one("v2", "new", "&force=true"), scaler("v2", { maxReplicas: 6, metrics: [cpu(70)] }), APPLY),
      read(`${at("v1")}/h`),
      patch(one("v1", "old"), scaler("v1", { scaleTargetRef, maxReplicas: 7 }), APPLY),
      patch(one("v1", "old", "&force=true"), scaler("v1", { scaleTargetRef, maxReplicas: 7 }), APPLY),
      patch(one("v2", "old"), scaler("v2", { scaleTargetRef, maxReplicas: 7, minReplicas: 2 }), APPLY),
      patch(one("v2", "old"), scaler("v2", { scaleTargetRef, maxReplicas: 7 }), APPLY),
      patch(one("v1", "edit"), { spec: { minReplicas: 3 } }),
      patch(one("v2", "edit"), {
        spec: { maxReplicas: 9, behavior: { scaleDown: { stabilizationWindowSeconds: 10 } } },
      }),
      patch(one("v2", "new"), scaler("v2", { maxReplicas: 6, minReplicas: 4, metrics: [cpu(70)] }), APPLY),
      patch(one("v1", "old"), scaler("v2", { maxReplicas: 6 }), APPLY),
      patch(one("v2", "edit"), { apiVersion: "autoscaling/v1", spec: { maxReplicas: 3 } }),
      read(`${at("v1")}/h`),
      read(`${at("v2")}/h`),
      patch(
        `${at("v2")}/h/status?fieldManager=ctl`,
        { ...scaler("v2", {}), spec: undefined, status: { currentReplicas: 2, desiredReplicas: 3 } },
        APPLY,
      ),
      patch(
        `${at("v1")}/h/status?fieldManager=ctl`,
        { ...scaler("v1", {}), spec: undefined, status: { currentReplicas: 3, desiredReplicas: 3 } },
        APPLY,
      ),
      read(`${at("v2")}/h`),
      post(`/apis/events.k8s.io/v1/namespaces/${ns}/events`, {
        metadata: { name: "e" },
        eventTime: "2026-02-02T02:02:02.000000Z",
        reportingController: "example.com/c",
        reportingInstance: "c-1",
        action: "Do",
        reason: "Done",
        type: "Normal",
        regarding: { kind: "Pod", name: "p", namespace: ns },
      }),
      patch(`/api/v1/namespaces/${ns}/events/e?fieldManager=core`, { metadata: { labels: { a: "b" } } }),
      patch(
        `/api/v1/namespaces/${ns}/events/e?fieldManager=core`,
        { apiVersion: "v1", kind: "Event", metadata: { name: "e" }, count: 4 },
        APPLY,
      ),
      patch(
        `/apis/events.k8s.io/v1/namespaces/${ns}/events/e?fieldManager=new`,
        { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "e" }, deprecatedCount: 5 },
        APPLY,
      ),
      patch(
        `/apis/events.k8s.io/v1/namespaces/${ns}/events/e?fieldManager=new&force=true`,
        { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "e" }, deprecatedCount: 5, note: "n" },
        APPLY,
      ),
      read(`/api/v1/namespaces/${ns}/events/e`),
      read(`/apis/events.k8s.io/v1/namespaces/${ns}/events/e`),
    ];
  },
  "client-side": (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}/deployments`;
    const spec = { replicas: 2, selector, template: podTemplate };
    const body = (metadata: object, more: object = {}) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", ...metadata },
      spec: { ...spec, ...more },
    });
    const annotation = `${JSON.stringify(body({ annotations: {}, namespace: ns }))}\n`;
    return [
      post(`${apps}?fieldManager=kubectl-client-side-apply`, body({ annotations: { [LAST_APPLIED]: annotation } })),
      patch(`${apps}/d?fieldManager=kubectl`, body({}, { replicas: 3 }), APPLY),
      read(`${apps}/d`),
      patch(`${apps}/d?fieldManager=other`, body({}, { replicas: 4 }), APPLY),
      patch(`${apps}/d?fieldManager=edit`, { spec: { replicas: 5, minReadySeconds: 1 } }),
      patch(`${apps}/d?fieldManager=kubectl`, body({ labels: { z: "1" } }, { replicas: 3, minReadySeconds: 2 }), APPLY),
      patch(
        `${apps}/d?fieldManager=kubectl&force=true`,
        body({ labels: { z: "1" }, annotations: { b: "c" } }, { minReadySeconds: 2 }),
        APPLY,
      ),
      patch(`${apps}/d?fieldManager=kubectl&force=true`, body({ annotations: { [LAST_APPLIED]: "mine" } }), APPLY),
      patch(`${apps}/d`, { metadata: { annotations: { [LAST_APPLIED]: null } } }),
      patch(`${apps}/d?fieldManager=kubectl`, body({}), APPLY),
      read(`${apps}/d`),
    ];
  },
  "by-hand": (ns) => {
    const secrets = `/api/v1/namespaces/${ns}/secrets`;
    const entry = (more: object) => ({
      manager: "hand",
      operation: "Update",
      apiVersion: "v1",
      time: "2026-01-01T00:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {} } },
      ...more,
    });
    const lists: readonly unknown[] = [
      [entry({})],
      [entry({ manager: "" })],
      [entry({ operation: "Odd" })],
      [entry({ operation: "" })],
      [entry({ apiVersion: "" })],
      [entry({ apiVersion: "v9" })],
      [entry({ apiVersion: "a/b/c" })],
      [entry({ fieldsType: "FieldsV2" })],
      [entry({ fieldsType: "" })],
      [entry({ fieldsV1: null })],
      [entry({ fieldsV1: {} })],
      [entry({ fieldsV1: { bad: {} } })],
      [entry({ fieldsV1: { "f:data": 5 } })],
      [entry({ fieldsV1: { "k:{": {} } })],
      [entry({ fieldsV1: { "f:nope": {}, "i:3": {}, 'v:"x"': {} } })],
      [entry({ fieldsV1: "text" })],
      [entry({ manager: "x".repeat(129) })],
      [entry({ manager: "tab\t" })],
      [entry({ subresource: "status" })],
      [entry({ subresource: "x".repeat(257) })],
      [entry({ time: "yesterday" })],
      [entry({ time: null })],
      [entry({}), entry({ fieldsV1: { "f:data": { "f:b": {} } } })],
      [entry({}), entry({ operation: "Apply", fieldsV1: { "f:data": { "f:b": {}, ".": {} } } })],
      [entry({ extra: 1 })],
      [{}, {}],
      [{}],
      null,
      [],
      "text",
      {},
      [5],
    ];
    const one = (index: number) => `${secrets}/s${index}`;
    return lists.flatMap((managedFields, index) => [
      post(secrets, { metadata: { name: `s${index}`, managedFields }, data: { a: "YQ==" } }),
      patch(`${one(index)}?fieldManager=p`, { metadata: { managedFields } }),
      patch(
        `${one(index)}?fieldManager=q`,
        [{ op: "add", path: "/metadata/managedFields", value: managedFields }],
        JSON_PATCH,
      ),
      step("put it", "PUT", `${one(index)}?fieldManager=u`, {
        metadata: { name: `s${index}`, managedFields },
        data: { a: "Yg==" },
      }),
      patch(
        `${one(index)}?fieldManager=hand`,
        { apiVersion: "v1", kind: "Secret", metadata: { name: `s${index}` }, data: { c: "Yw==" } },
        APPLY,
      ),
      patch(`${one(index)}?fieldManager=last`, { data: { d: "Yw==" } }),
    ]);
  },
  refusals: (ns) => {
    const bodies: readonly (readonly [string, unknown])[] = [];
    const steps: CapturedStep[] = [];
    const role = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const id = (apiVersion: string, kind: string, metadata: unknown, more: object = {}) => ({
      apiVersion,
      kind,
      metadata,
      ...more,
    });
    const cm = `/api/v1/namespaces/${ns}/configmaps/x?fieldManager=f`;
    const list: readonly (readonly [string, unknown])[] = [
      [cm, id("v1", "ConfigMap", undefined)],
      [cm, id("v1", "ConfigMap", null)],
      [cm, id("v1", "ConfigMap", "text")],
      [cm, id("v1", "ConfigMap", [])],
      [cm, id("v1", "ConfigMap", { name: 5 })],
      [cm, id("v1", "ConfigMap", { name: "" })],
      [cm, id("v1", "ConfigMap", { name: "x", namespace: "" })],
      [cm, id("v1", "ConfigMap", { name: "x", namespace: "other" })],
      [cm, id("v1", "ConfigMap", { generateName: "x-" })],
      [cm, id("v1", "ConfigMap", { name: "x", generateName: "y-" })],
      [cm, id("v1", "ConfigMap", { name: "x", creationTimestamp: null, labels: null }, { data: null })],
      [
        cm,
        id("v1", "ConfigMap", { name: "x", creationTimestamp: "2020-01-01T00:00:00Z", selfLink: "/x", generation: 7 }),
      ],
      [cm, id("v1", "ConfigMap", { name: "x", deletionTimestamp: "2020-01-01T00:00:00Z" })],
      [cm, id("v1", "ConfigMap", { name: "x", uid: "11111111-2222-3333-4444-555555555555" })],
      [cm, id("v1", "ConfigMap", { name: "x", resourceVersion: "0" })],
      [cm, id("v1", "ConfigMap", { name: "x", resourceVersion: "abc" })],
      [
        cm,
        id("v1", "ConfigMap", {
          name: "x",
          ownerReferences: [
            { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" },
            { apiVersion: "v1", kind: "Pod", name: "q", uid: "u" },
          ],
        }),
      ],
      [cm, id("v1", "ConfigMap", { name: "x", ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p" }] })],
      [cm, id("v1", "ConfigMap", { name: "x", finalizers: ["a.example.com/a", "a.example.com/a"] })],
      [cm, id("v1", "ConfigMap", { name: "x", finalizers: [null] })],
      [cm, id("v1", "ConfigMap", { name: "x", finalizers: "a" })],
      [cm, id("v1", "ConfigMap", { name: "x", labels: { "a b": "c" } })],
      [cm, id("v1", "ConfigMap", { name: "x", labels: { a: null } }, { data: { a: null } })],
      [cm, id("v1", "ConfigMap", { name: "x", bogus: 1 }, { bogus: { a: 1 }, data: { x: 1, y: true, z: [] } })],
      [cm, id("v1", "ConfigMap", { name: "x" }, { immutable: "yes" })],
      [cm, id("v1", "ConfigMap", { name: "x" }, { binaryData: { a: "not base64!" } })],
      [cm, id("v2", "ConfigMap", { name: "x" })],
      [cm, id("apps/v1", "ConfigMap", { name: "x" })],
      [cm, id("v1", "ConfigMapList", { name: "x" }, { items: [] })],
      [cm, id("", "ConfigMap", { name: "x" })],
      [cm, { apiVersion: 1, kind: "ConfigMap", metadata: { name: "x" } }],
      [cm, { apiVersion: "v1", kind: ["ConfigMap"], metadata: { name: "x" } }],
      [cm, {}],
      [cm, "null"],
      [cm, "5"],
      [cm, "text"],
      [cm, "true"],
      [cm, "{"],
      [cm, "{}}"],
      [cm, "a: b: c"],
      [cm, "a: b\na: c\n"],
      [cm, "%YAML 1.1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"],
      [cm, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: !!str 5\n  b: 1e3\n"],
      [cm, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  ? a\n  : 'b'\n  5: 'five'\n  true: 't'\n"],
      [cm, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  <<: {a: '1'}\n  b: '2'\n"],
      [
        `${role}/${ns}?fieldManager=f`,
        id("rbac.authorization.k8s.io/v1", "ClusterRole", { name: ns, namespace: "default" }),
      ],
      [
        `${role}/${ns}?fieldManager=f`,
        id("rbac.authorization.k8s.io/v1", "ClusterRole", { name: ns }, { rules: [{ verbs: "get" }] }),
      ],
      [
        `${role}/${ns}?fieldManager=f`,
        id("rbac.authorization.k8s.io/v1", "ClusterRole", { name: ns }, { rules: [{}] }),
      ],
      [
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles/Bad_Name%25?fieldManager=f`,
        id("rbac.authorization.k8s.io/v1", "Role", { name: "Bad_Name%" }),
      ],
      [`/api/v1/namespaces/${ns}/configmaps/Bad?fieldManager=f`, id("v1", "ConfigMap", { name: "Bad" })],
      [`/api/v1/namespaces/none-such/configmaps/x?fieldManager=f`, id("v1", "ConfigMap", { name: "x" })],
      [`/api/v1/namespaces/${ns}-new?fieldManager=f`, id("v1", "Namespace", { name: `${ns}-new` })],
      [
        `/api/v1/namespaces/${ns}-new/finalize?fieldManager=f`,
        id("v1", "Namespace", { name: `${ns}-new` }, { spec: { finalizers: ["example.com/a"] } }),
      ],
      [
        `/api/v1/namespaces/${ns}-new/status?fieldManager=f`,
        id("v1", "Namespace", { name: `${ns}-new` }, { status: { conditions: [{ type: "X", status: "True" }] } }),
      ],
      [`/api/v1/namespaces/${ns}/pods/p/log?fieldManager=f`, id("v1", "Pod", { name: "p" })],
      [
        `/api/v1/namespaces/${ns}/serviceaccounts/default/token?fieldManager=f`,
        id("v1", "ServiceAccount", { name: "default" }),
      ],
      [`/api/v1/namespaces/${ns}/bindings/x?fieldManager=f`, id("v1", "Binding", { name: "x" })],
      [
        "/apis/authorization.k8s.io/v1/subjectaccessreviews/x?fieldManager=f",
        id("authorization.k8s.io/v1", "SubjectAccessReview", { name: "x" }),
      ],
    ];
    for (const [path, body] of [...bodies, ...list]) steps.push(patch(path, body, APPLY));
    for (const text of [
      "application/apply-patch+yaml; charset=utf-8",
      "application/apply-patch+cbor",
      "application/apply-patch",
      "APPLICATION/APPLY-PATCH+YAML",
      "application/yaml",
      "",
    ])
      steps.push(patch(cm, id("v1", "ConfigMap", { name: "x" }), { "Content-Type": text }));
    steps.push(read(`/api/v1/namespaces/${ns}/configmaps/x`));
    return steps;
  },
  directives: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const set = (spec: object) => ({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "d" }, spec });
    const full = (spec: object, more: object = {}) =>
      set({ selector, template: { metadata: { labels }, spec: { containers: [container], ...spec } }, ...more });
    const to = (manager: string, more = "") => `${apps}/daemonsets/d?fieldManager=${manager}${more}`;
    const only = (spec: object) => set({ template: { spec } });
    const web = (more: object) => only({ containers: [{ name: "web", ...more }] });
    return [
      patch(to("one"), full({ volumes: [{ name: "v", emptyDir: {} }], nodeSelector: { a: "b" } }), APPLY),
      patch(to("two"), only({ volumes: [{ name: "v", hostPath: { path: "/x" } }] }), APPLY),
      patch(to("two"), only({ nodeSelector: { a: "c" } }), APPLY),
      patch(to("two"), only({ nodeSelector: { c: "d" } }), APPLY),
      patch(to("two"), only({ securityContext: { runAsUser: 5, sysctls: [{ name: "a", value: "b" }] } }), APPLY),
      patch(to("three"), only({ securityContext: { runAsUser: 6, sysctls: [{ name: "c", value: "d" }] } }), APPLY),
      patch(to("two"), web({ resources: { limits: { cpu: "1" }, requests: { cpu: "500m" } } }), APPLY),
      patch(to("three"), web({ resources: { limits: { cpu: "1000m" }, requests: { cpu: 0.5 } } }), APPLY),
      patch(to("three"), web({ resources: { limits: { memory: "1Gi" } } }), APPLY),
      patch(to("two"), web({ livenessProbe: { httpGet: { port: 80 } } }), APPLY),
      patch(to("three"), web({ livenessProbe: { httpGet: { port: "http" } } }), APPLY),
      patch(to("three"), web({ livenessProbe: { exec: { command: ["x"] } } }), APPLY),
      patch(to("two"), web({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }), APPLY),
      patch(to("three"), web({ env: [{ name: "A", value: "x" }] }), APPLY),
      patch(to("three", "&force=true"), web({ env: [{ name: "A", value: "x" }] }), APPLY),
      patch(to("two"), web({ env: [{ name: "A" }, { name: "A", value: "2" }] }), APPLY),
      patch(to("two"), web({ ports: [{ containerPort: 53, protocol: "UDP" }, { containerPort: 53 }] }), APPLY),
      patch(to("three"), web({ ports: [{ containerPort: 53, name: "x" }] }), APPLY),
      patch(to("three"), web({ ports: [{ name: "no-port" }] }), APPLY),
      patch(to("three"), web({ ports: [{ containerPort: "80" }] }), APPLY),
      patch(to("three"), web({ ports: [{ containerPort: 80.5 }] }), APPLY),
      patch(
        to("three"),
        web({
          volumeMounts: [
            { name: "v", mountPath: "/a" },
            { name: "v", mountPath: "/a" },
          ],
        }),
        APPLY,
      ),
      patch(
        to("three"),
        only({ tolerations: [{ key: "a" }, { key: "a" }], imagePullSecrets: [{ name: "a" }, { name: "a" }] }),
        APPLY,
      ),
      patch(
        to("three"),
        only({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule" }] }),
        APPLY,
      ),
      patch(to("three"), only({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "z" }] }), APPLY),
      patch(to("three"), only({ hostAliases: [{ hostnames: ["a"] }] }), APPLY),
      patch(to("three"), only({ containers: null }), APPLY),
      patch(to("three"), only({ containers: [null] }), APPLY),
      patch(to("three"), only({ containers: ["x"] }), APPLY),
      patch(to("three"), only({ containers: [{ $patch: "delete", name: "web" }] }), APPLY),
      patch(to("three"), set({ template: null, updateStrategy: {} }), APPLY),
      patch(to("three"), set({ minReadySeconds: null, revisionHistoryLimit: 0 }), APPLY),
      patch(to("three"), set({ updateStrategy: { rollingUpdate: { maxUnavailable: "50%" } } }), APPLY),
      patch(to("two"), set({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } }), APPLY),
      patch(to("two", "&force=true"), set({ updateStrategy: { type: "OnDelete" } }), APPLY),
      patch(to("one"), full({}), APPLY),
      patch(to("one"), full({ containers: [{ ...container, name: "other" }] }), APPLY),
      patch(to("one"), set({ selector }), APPLY),
      patch(to("two"), set({}), APPLY),
      read(`${apps}/daemonsets/d`),
      patch(
        `${core}/services/s?fieldManager=a`,
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "s" },
          spec: { ports: [{ port: 1 }, { port: 1, protocol: "UDP", name: "u" }], type: "LoadBalancer" },
        },
        APPLY,
      ),
      patch(
        `${core}/services/s?fieldManager=a`,
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "s" },
          spec: {
            ports: [
              { port: 1, name: "t" },
              { port: 1, protocol: "UDP", name: "u" },
            ],
            type: "LoadBalancer",
          },
        },
        APPLY,
      ),
      patch(
        `${core}/services/s?fieldManager=b`,
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "s" },
          spec: {
            ports: [
              { port: 1, protocol: "UDP", name: "v" },
              { port: 1, name: "w" },
            ],
          },
        },
        APPLY,
      ),
      patch(
        `${core}/services/s/status?fieldManager=lb`,
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "s" },
          status: {
            loadBalancer: { ingress: [{ ip: "192.0.2.9" }] },
            conditions: [
              { type: "Ready", status: "True", reason: "R", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
            ],
          },
        },
        APPLY,
      ),
      patch(
        `${core}/services/s/status?fieldManager=lb2`,
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "s" },
          status: {
            loadBalancer: { ingress: [{ ip: "192.0.2.8" }] },
            conditions: [
              { type: "Ready", status: "False", reason: "R", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
            ],
          },
        },
        APPLY,
      ),
      patch(
        `${core}/services/s/status?fieldManager=lb`,
        { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { type: "ClusterIP" }, status: {} },
        APPLY,
      ),
      read(`${core}/services/s`),
    ];
  },
  scales: (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const core = `/api/v1/namespaces/${ns}`;
    const scale = (name: string, replicas: unknown, more: object = {}) => ({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name, ...more },
      spec: { replicas },
    });
    return [
      patch(
        `${apps}/statefulsets/s?fieldManager=one`,
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "s" },
          spec: { replicas: 1, serviceName: "s", selector, template: podTemplate },
        },
        APPLY,
      ),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc`, scale("s", 4), APPLY),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc&force=true`, scale("s", 4), APPLY),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc`, scale("s", undefined), APPLY),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc`, scale("s", "x"), APPLY),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc`, scale("t", 1), APPLY),
      patch(`${apps}/statefulsets/s/scale?fieldManager=sc`, scale("s", 1, { resourceVersion: "1" }), APPLY),
      patch(
        `${apps}/statefulsets/s/scale?fieldManager=sc`,
        { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "s" } },
        APPLY,
      ),
      patch(`${apps}/statefulsets/none/scale?fieldManager=sc`, scale("none", 1), APPLY),
      patch(`${apps}/statefulsets/s/scale`, { spec: { replicas: 7 } }),
      patch(`${apps}/statefulsets/s/scale`, { spec: { replicas: -7 } }),
      patch(`${apps}/statefulsets/s/scale`, [{ op: "replace", path: "/spec/replicas", value: 2 }], JSON_PATCH),
      patch(`${apps}/statefulsets/s/scale`, { spec: { replicas: 2 } }, STRATEGIC),
      patch(
        `${apps}/statefulsets/s?fieldManager=one`,
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "s" },
          spec: { replicas: 1, serviceName: "s", selector, template: podTemplate },
        },
        APPLY,
      ),
      read(`${apps}/statefulsets/s`),
      post(`${core}/replicationcontrollers`, {
        metadata: { name: "rc" },
        spec: { replicas: 1, template: podTemplate },
      }),
      patch(`${core}/replicationcontrollers/rc/scale?fieldManager=sc&force=true`, scale("rc", 3), APPLY),
      patch(
        `${core}/replicationcontrollers/rc?fieldManager=z`,
        { apiVersion: "v1", kind: "ReplicationController", metadata: { name: "rc" }, spec: { replicas: 5 } },
        APPLY,
      ),
      read(`${core}/replicationcontrollers/rc`),
    ];
  },
};
