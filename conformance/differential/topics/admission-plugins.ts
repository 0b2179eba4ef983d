/**
 * The topic `admission`: what the plug-ins within the server refuse, fill in and count: pod security, limits, quotas,
 * service accounts, priorities, runtimes, taints, resizes, certificates, and default classes.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { step } from "../families.ts";
import { levelSteps, securitySteps } from "./admission-security.ts";
import { CERTIFICATE, MASTERS_REQUEST, OTHER_REQUEST } from "./certificate-samples.ts";
import {
  container,
  labels,
  MERGE,
  named,
  patch,
  podTemplate,
  post,
  read,
  remove,
  STRATEGIC,
  selector,
  TABLE,
  type TopicScenarios,
} from "./requests.ts";

type Resources = Readonly<Record<string, string>>;

const plain = { containers: [container] };
/** The usual container, with these requests and limits. */
const sized = (requests?: Resources, limits?: Resources): typeof container & { resources: object } => ({
  ...container,
  resources: { ...(requests && { requests }), ...(limits && { limits }) },
});
const claim = (name: string, storage: string, more: object = {}): object => ({
  metadata: { name },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...more },
});
const pausing = (pause: number, item: CapturedStep): CapturedStep => ({ ...item, pause });

export const admissionPluginScenarios: TopicScenarios = {
  security: securitySteps,
  levels: levelSteps,
  limits: limitSteps,
  quotas: quotaSteps,
  pods: podSteps,
  resizes: resizeSteps,
  certificates: certificateSteps,
  storage: (ns) => [...storageClassSteps(ns), ...ingressClassSteps(ns), ...otherSteps(ns)],
};

function limitSteps(ns: string): CapturedStep[] {
  const core = `/api/v1/namespaces/${ns}`;
  const range = (name: string, ...limits: readonly object[]) =>
    post(`${core}/limitranges`, { metadata: { name }, spec: { limits } });
  const pod = (name: string, ...containers: readonly object[]) =>
    post(`${core}/pods?dryRun=All`, { metadata: { name }, spec: { containers } });
  const claims = `${core}/persistentvolumeclaims`;
  const memory = "1Gi";
  return [
    range(
      "l",
      {
        type: "Container",
        default: { cpu: "500m" },
        defaultRequest: { cpu: "100m", memory: "64Mi" },
        min: { cpu: "50m" },
        max: { cpu: "1", memory },
        maxLimitRequestRatio: { cpu: "4" },
      },
      { type: "Pod", max: { cpu: "2", "ephemeral-storage": "2Gi" }, min: { memory: "32Mi" } },
      { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "5Gi" } },
    ),
    read(`${core}/limitranges/l`),
    pod("a", container),
    pod("b", sized({ cpu: "10m" })),
    pod("c", sized({ cpu: "200m" }, { cpu: "2", memory: "2Gi" })),
    pod("d", sized({ cpu: "100m", memory }, { cpu: "1", memory })),
    pod(
      "e",
      sized({ cpu: "500m", memory: "100Mi" }, { cpu: "900m", memory }),
      { ...sized({ cpu: "900m" }, { cpu: "1", memory }), name: "two" },
      { ...sized({ cpu: "500m" }, { cpu: "1", memory }), name: "three" },
    ),
    pod("f", sized({ "ephemeral-storage": "3Gi" }, { "ephemeral-storage": "3Gi", memory })),
    post(`${core}/pods?dryRun=All`, {
      metadata: { generateName: "g-" },
      spec: { containers: [sized({ cpu: "10m" })] },
    }),
    post(claims, claim("small", "500Mi")),
    post(claims, claim("large", "6Gi")),
    post(claims, claim("good", "2Gi")),
    range("m", { type: "Container", max: { memory: "256Mi" } }),
    read(`${core}/limitranges/m`),
    pod("h", sized(undefined, { memory: "512Mi" })),
    post(`/apis/apps/v1/namespaces/${ns}/deployments?dryRun=All`, {
      metadata: { name: "d" },
      spec: { selector, template: { metadata: { labels }, spec: { containers: [sized({ cpu: "9" })] } } },
    }),
    range(
      "n",
      { type: "Container", max: { cpu: "1" }, min: { cpu: "2" }, default: { cpu: "3" } },
      { type: "Container" },
      { type: "Odd Type" },
    ),
  ];
}

const COUNTED = {
  "count/configmaps": "1",
  configmaps: "5",
  secrets: "1",
  "count/deployments.apps": "1",
  services: "2",
  "services.nodeports": "1",
  "services.loadbalancers": "0",
  "count/jobs.batch": "0",
  persistentvolumeclaims: "1",
  "requests.storage": "3Gi",
  replicationcontrollers: "0",
};

/** Quotas that are refused. */
const ODD_QUOTAS: readonly object[] = [
  { hard: { pods: "x" } },
  { hard: { "not a name": "1" } },
  { hard: { pods: "1.5" } },
  { hard: { pods: "-1" } },
  { hard: { pods: "1" }, scopes: ["Odd"] },
  { hard: { pods: "1" }, scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } },
  {
    hard: { pods: "1" },
    scopeSelector: {
      matchExpressions: [
        { scopeName: "Terminating", operator: "In", values: ["a"] },
        { scopeName: "X", operator: "Odd" },
      ],
    },
  },
];

function quotaSteps(ns: string): CapturedStep[] {
  const core = `/api/v1/namespaces/${ns}`;
  const apps = `/apis/apps/v1/namespaces/${ns}`;
  const quotas = `${core}/resourcequotas`;
  const make = (path: string, name: string, spec?: object) => post(path, { metadata: { name }, ...(spec && { spec }) });
  /** A quota and its status, which is written here since no controller counts. */
  const quota = (name: string, hard: Resources, more: object = {}) => [
    make(quotas, name, { hard, ...more }),
    patch(`${quotas}/${name}/status`, {
      status: { hard, used: Object.fromEntries(Object.keys(hard).map((what) => [what, "0"])) },
    }),
  ];
  const service = (name: string, more: object = {}) =>
    make(`${core}/services`, name, { ...more, ports: [{ port: 80 }] });
  const pod = (name: string, requests: Resources, limits?: Resources) =>
    make(`${core}/pods`, name, { containers: [sized(requests, limits)] });
  const claims = `${core}/persistentvolumeclaims`;
  return [
    ...quota("count", COUNTED),
    pausing(0.5, make(`${core}/configmaps`, "a")),
    make(`${core}/configmaps`, "b"),
    make(`${core}/configmaps?dryRun=All`, "c"),
    make(`${core}/secrets`, "a"),
    make(`${core}/secrets`, "b"),
    remove(`${core}/secrets/a`),
    make(`${core}/secrets`, "c"),
    make(`${apps}/deployments`, "a", { selector, template: podTemplate }),
    make(`${apps}/deployments`, "b", { selector, template: podTemplate }),
    make(`/apis/batch/v1/namespaces/${ns}/jobs`, "j", { template: { spec: { restartPolicy: "Never", ...plain } } }),
    service("a", { type: "NodePort" }),
    service("b", { type: "NodePort" }),
    service("c", { type: "LoadBalancer" }),
    service("d"),
    patch(`${core}/services/d`, { spec: { type: "NodePort" } }),
    make(`${core}/replicationcontrollers`, "r", { selector: labels, template: podTemplate }),
    post(claims, claim("a", "4Gi")),
    post(claims, claim("b", "2Gi")),
    post(claims, claim("c", "1Gi")),
    read(`${quotas}/count`),
    ...quota("compute", { pods: "2", "requests.cpu": "1", "limits.memory": "1Gi", "requests.memory": "512Mi" }),
    pausing(0.5, make(`${core}/pods`, "none", plain)),
    pod("some", { cpu: "100m" }),
    pod("one", { cpu: "600m", memory: "128Mi" }, { memory: "256Mi" }),
    pod("two", { cpu: "600m", memory: "128Mi" }, { memory: "900Mi" }),
    pod("three", { cpu: "100m", memory: "128Mi" }, { memory: "128Mi" }),
    pod("four", { cpu: "100m", memory: "128Mi" }, { memory: "128Mi" }),
    read(`${quotas}/compute`),
    read(quotas, TABLE),
    patch(`${core}/pods/one/status`, { status: { phase: "Succeeded" } }),
    ...quota("best", { pods: "1" }, { scopes: ["BestEffort"] }),
    make(quotas, "bad", { hard: { pods: "1", "requests.cpu": "1" }, scopes: ["BestEffort", "NotBestEffort"] }),
    ...ODD_QUOTAS.map((spec) => make(quotas, "odd", spec)),
    patch(`${quotas}/count`, { spec: { scopes: ["Terminating"] } }),
  ];
}

/** Service accounts, mirror pods, priorities, tolerations, runtime classes, and the labels of a node. */
function podSteps(ns: string): CapturedStep[] {
  const core = `/api/v1/namespaces/${ns}`;
  const pods = `${core}/pods`;
  const tried = (name: string, spec: object, metadata: object = {}) =>
    post(`${pods}?dryRun=All`, { metadata: { name, ...metadata }, spec: { ...plain, ...spec } });
  const mirror = (spec: object) => tried("d", spec, { annotations: { "kubernetes.io/config.mirror": "x" } });
  const account = (name: string, more: object, metadata: object = {}) =>
    post(`${core}/serviceaccounts`, { metadata: { name, ...metadata }, ...more, secrets: [{ name: "allowed" }] });
  const puller = { serviceAccountName: "puller", automountServiceAccountToken: false };
  const strict = (spec: object) => tried("c", { serviceAccountName: "strict", ...spec });
  const strictContainer = (more: object) => strict({ containers: [{ ...container, ...more }] });
  const secretVolume = (secretName: string) => ({ volumes: [{ name: "v", secret: { secretName } }] });
  const priorities = "/apis/scheduling.k8s.io/v1/priorityclasses";
  const priority = (name: string, value: number, more: object = {}) =>
    post(priorities, { metadata: { name }, value, ...more });
  const tolerating = (toleration: object) => tried("h", { tolerations: [toleration] });
  const running = (spec: object = {}) => tried("i", { runtimeClassName: `${ns}-rc`, ...spec });
  const target = { kind: "Node", name: `${ns}-topo` };
  return [
    tried("a", { serviceAccountName: "none" }),
    tried("a", { serviceAccount: "none" }),
    account("puller", { imagePullSecrets: [{ name: "one" }, { name: "two" }] }),
    tried("b", puller),
    tried("b", { ...puller, imagePullSecrets: [{ name: "own" }] }),
    account(
      "strict",
      { automountServiceAccountToken: false },
      { annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } },
    ),
    strict(secretVolume("other")),
    strictContainer({ env: [{ name: "E", valueFrom: { secretKeyRef: { name: "other", key: "k" } } }] }),
    strictContainer({ envFrom: [{ secretRef: { name: "other" } }] }),
    strict({ imagePullSecrets: [{ name: "other" }] }),
    strict(secretVolume("allowed")),
    mirror({ serviceAccountName: "puller" }),
    mirror({ nodeName: "n", ...secretVolume("x") }),
    mirror({
      nodeName: "n",
      volumes: [
        { name: "v", configMap: { name: "x" } },
        { name: "w", persistentVolumeClaim: { claimName: "x" } },
      ],
    }),
    tried("e", { priorityClassName: "none" }),
    tried("e", { priorityClassName: "system-node-critical" }),
    tried("e", { priority: 5 }),
    tried("e", { preemptionPolicy: "Never" }),
    priority(`${ns}-low`, -5, { preemptionPolicy: "Never" }),
    priority(`${ns}-max`, 1_000_000_001),
    priority("system-own", 5),
    tried("f", { priorityClassName: `${ns}-low` }),
    tried("f", { priorityClassName: `${ns}-low`, priority: 7 }),
    tried("f", { priorityClassName: `${ns}-low`, preemptionPolicy: "PreemptLowerPriority" }),
    priority(`${ns}-default`, 7, { globalDefault: true }),
    priority(`${ns}-second`, 8, { globalDefault: true }),
    tried("g", {}),
    remove(`${priorities}/${ns}-default`),
    tolerating({
      key: "node.kubernetes.io/not-ready",
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 7,
    }),
    tolerating({ operator: "Exists" }),
    tolerating({ key: "node.kubernetes.io/unreachable", operator: "Equal", value: "x", effect: "NoSchedule" }),
    tried("i", { runtimeClassName: "none" }),
    post("/apis/node.k8s.io/v1/runtimeclasses", {
      metadata: { name: `${ns}-rc` },
      handler: "h",
      overhead: { podFixed: { cpu: "10m" } },
      scheduling: { nodeSelector: { a: "b" }, tolerations: [{ key: "k", operator: "Exists" }] },
    }),
    running(),
    running({ overhead: { cpu: "20m" } }),
    running({ nodeSelector: { a: "c" } }),
    running({ nodeSelector: { d: "e" } }),
    tried("j", { overhead: { cpu: "1m" } }),
    post("/api/v1/nodes?dryRun=All", {
      metadata: { name: `${ns}-n` },
      spec: { taints: [{ key: "x", effect: "NoSchedule" }] },
    }),
    post("/api/v1/nodes", {
      metadata: {
        name: target.name,
        labels: { "topology.kubernetes.io/zone": "z1", "topology.kubernetes.io/region": "r1", other: "o" },
      },
    }),
    post(pods, { metadata: { name: "placed" }, spec: { nodeName: target.name, ...plain } }),
    post(pods, { metadata: { name: "bound", labels: { "topology.kubernetes.io/zone": "own" } }, spec: plain }),
    post(`${pods}/bound/binding`, { metadata: { name: "bound" }, target }),
    read(`${pods}/bound`),
    post(pods, { metadata: { name: "free" }, spec: plain }),
    post(`${core}/bindings`, { metadata: { name: "free" }, target }),
    read(`${pods}/free`),
  ];
}

/** Resizes of pods on nodes of several kinds: Linux, Windows, without a system, none, and one that is missing. */
function resizeSteps(ns: string): CapturedStep[] {
  const pods = `/api/v1/namespaces/${ns}/pods`;
  const node = (os: string) => [
    post("/api/v1/nodes", { metadata: { name: `${ns}-${os}`, labels: { "kubernetes.io/os": os } } }),
    patch(`/api/v1/nodes/${ns}-${os}/status`, { status: { allocatable: { cpu: "1", memory: "1Gi" } } }),
  ];
  const resources = { requests: { cpu: "10m", memory: "10Mi" } };
  const make = (name: string, on?: string) =>
    post(pods, {
      metadata: { name },
      spec: {
        ...(on !== undefined && { nodeName: `${ns}-${on}` }),
        initContainers: [
          { name: "side", image: "i", restartPolicy: "Always", resources },
          { name: "init", image: "i", resources },
        ],
        containers: [sized({ cpu: "100m", memory: "64Mi" })],
      },
    });
  const resize = (pod: string, spec: object, headers = STRATEGIC) => patch(`${pods}/${pod}/resize`, { spec }, headers);
  const web = (pod: string, cpu: string, memory = "64Mi") =>
    resize(pod, { containers: [{ name: "web", resources: { requests: { cpu, memory } } }] });
  const init = (name: string, more: object) => resize("l", { initContainers: [{ name, ...more }] });
  const more = { resources: { requests: { cpu: "20m", memory: "20Mi" } } };
  return [
    ...node("linux"),
    ...node("windows"),
    post("/api/v1/nodes", { metadata: { name: `${ns}-empty` } }),
    make("l", "linux"),
    make("w", "windows"),
    make("e", "empty"),
    make("f"),
    make("m", "missing"),
    web("l", "200m"),
    web("l", "2"),
    web("l", "2", "2Gi"),
    init("side", more),
    init("init", more),
    init("init", { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] }),
    init("side", { resources: { limits: { "ephemeral-storage": "1Gi" } } }),
    read(`${pods}/l`),
    ...["w", "e", "f", "m"].map((pod) => web(pod, "200m")),
    resize("m", {}),
    patch(`${pods}/f/status`, {
      status: {
        containerStatuses: [
          { name: "web", image: "i", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
        ],
      },
    }),
    web("f", "300m"),
    resize("f", { resources: { requests: { cpu: "1" } } }),
    resize("f", { containers: [{ name: "web", $patch: "delete" }] }),
    resize("f", { containers: [{ name: "other", image: "i" }] }, MERGE),
    resize("f", { containers: [] }, MERGE),
  ];
}

/** Who may approve and sign, and which signers and conditions are refused. */
function certificateSteps(ns: string): CapturedStep[] {
  const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const allow = (what: string, rule: object) => [
    post(`${rbac}/clusterroles`, {
      metadata: { name: `${ns}-${what}` },
      rules: [{ apiGroups: ["certificates.k8s.io"], ...rule }],
    }),
    post(`${rbac}/clusterrolebindings`, {
      metadata: { name: `${ns}-${what}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `${ns}-${what}` },
      subjects: [{ kind: "User", name: "plain-user" }],
    }),
  ];
  const body = (name: string, more: object = {}): object => ({
    metadata: { name: `${ns}-${name}` },
    spec: { request: OTHER_REQUEST, signerName: "example.com/own", usages: ["client auth"], ...more },
  });
  const approve = (name: string, as?: string) =>
    step(
      "approve",
      "PUT",
      `${requests}/${ns}-${name}/approval`,
      {
        ...body(name),
        status: { conditions: [{ type: "Approved", status: "True", reason: "R", message: "m" }] },
      },
      undefined,
      as,
    );
  const status = (name: string, change: object, as?: string) =>
    patch(`${requests}/${ns}-${name}/status`, { status: change }, MERGE, as);
  const sign = (name: string, as?: string) => named("sign", status(name, { certificate: CERTIFICATE }, as));
  const judge = (name: string, conditions: readonly object[] | null) =>
    patch(`${requests}/${ns}-${name}/approval`, { status: { conditions } });
  const client = { signerName: "kubernetes.io/kube-apiserver-client" };
  return [
    ...allow("csr", {
      resources: [
        "certificatesigningrequests",
        "certificatesigningrequests/approval",
        "certificatesigningrequests/status",
        "clustertrustbundles",
      ],
      verbs: ["*"],
    }),
    pausing(0.3, post(requests, body("a"))),
    approve("a", "plain"),
    sign("a", "plain"),
    approve("a"),
    read(`${requests}/${ns}-a`),
    sign("a"),
    sign("a"),
    status("a", { certificate: "eA==" }),
    status("a", { conditions: [{ type: "Failed", status: "True" }] }),
    ...allow("signer", {
      resources: ["signers"],
      resourceNames: ["example.com/*"],
      verbs: ["approve", "sign", "attest"],
    }),
    pausing(0.3, post(requests, body("b"), undefined, "plain")),
    approve("b", "plain"),
    sign("b", "plain"),
    post(requests, body("k", { ...client, request: MASTERS_REQUEST })),
    post(requests, body("k", client)),
    approve("k", "plain"),
    post(requests, body("l", { signerName: "kubernetes.io/kubelet-serving" })),
    post(requests, body("m", { username: "other", groups: ["x"], uid: "7" }), undefined, "plain"),
    read(`${requests}/${ns}-m`),
    judge("b", [{ type: "Denied", status: "True" }]),
    judge("m", [{ type: "Denied", status: "True", reason: "No" }]),
    judge("m", null),
    judge("l", [{ type: "Odd", status: "True" }]),
    judge("l", [{ type: "Approved", status: "False" }]),
    judge("l", [
      { type: "Approved", status: "True" },
      { type: "Denied", status: "True" },
    ]),
    read(requests, TABLE),
    remove(`${requests}/${ns}-a`),
  ];
}

/** Claims without a class, and which of them may grow. */
function storageClassSteps(ns: string): CapturedStep[] {
  const classes = "/apis/storage.k8s.io/v1/storageclasses";
  const claims = `/api/v1/namespaces/${ns}/persistentvolumeclaims`;
  const defaultClass = (name: string, group: string, more: object = {}) =>
    post(classes, {
      metadata: { name: `${ns}-${name}`, annotations: { [`${group}/is-default-class`]: "true" } },
      provisioner: "p",
      ...more,
    });
  const grow = (name: string, storage: string) =>
    patch(`${claims}/${name}`, { spec: { resources: { requests: { storage } } } });
  const bind = (name: string) =>
    patch(`${claims}/${name}/status`, { status: { phase: "Bound", capacity: { storage: "1Gi" } } });
  return [
    post(claims, claim("none", "1Gi")),
    defaultClass("a", "storageclass.kubernetes.io"),
    post(claims, claim("first", "1Gi")),
    defaultClass("b", "storageclass.beta.kubernetes.io", { allowVolumeExpansion: true }),
    post(claims, claim("explicit", "1Gi", { storageClassName: `${ns}-b` })),
    post(claims, claim("empty", "1Gi", { storageClassName: "" })),
    grow("explicit", "2Gi"),
    bind("explicit"),
    grow("explicit", "2Gi"),
    grow("explicit", "1500Mi"),
    grow("explicit", "500Mi"),
    bind("first"),
    grow("first", "2Gi"),
    bind("empty"),
    grow("empty", "2Gi"),
    remove(`${classes}/${ns}-a`),
    remove(`${classes}/${ns}-b`),
  ];
}

function ingressClassSteps(ns: string): CapturedStep[] {
  const classes = "/apis/networking.k8s.io/v1/ingressclasses";
  const defaultBackend = { service: { name: "s", port: { number: 80 } } };
  const ingress = (name: string, spec: object = {}, metadata: object = {}) =>
    post(`/apis/networking.k8s.io/v1/namespaces/${ns}/ingresses`, {
      metadata: { name, ...metadata },
      spec: { defaultBackend, ...spec },
    });
  return [
    ingress("none"),
    post(classes, {
      metadata: { name: `${ns}-i`, annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
      spec: { controller: "a.b/c" },
    }),
    ingress("first"),
    ingress("explicit", { ingressClassName: "other" }),
    ingress("old", {}, { annotations: { "kubernetes.io/ingress.class": "x" } }),
    remove(`${classes}/${ns}-i`),
  ];
}

/** A service with an external address, and kinds in versions that are not served. */
function otherSteps(ns: string): CapturedStep[] {
  return [
    post(`/api/v1/namespaces/${ns}/services`, {
      metadata: { name: "x" },
      spec: { externalIPs: ["192.0.2.9"], ports: [{ port: 80 }] },
    }),
    post("/apis/certificates.k8s.io/v1beta1/clustertrustbundles", {
      metadata: { name: "x" },
      spec: { trustBundle: "x" },
    }),
    post("/apis/scheduling.k8s.io/v1alpha2/podgroups", {}),
  ];
}
