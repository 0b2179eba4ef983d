/**
 * Scenarios for servers with controllers: what is kept up around workloads.
 */
import { type ControllerScenarios, count, LISTED, patch, post, until } from "./controller-steps.ts";
import { step } from "./families.ts";
import { REQUEST } from "./topics/certificate-samples.ts";

const labels = { app: "around" };
const container = { name: "web", image: "registry.example/web:4" };

export const clusterControllerScenarios: ControllerScenarios = {
  tokens: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    return [
      post("account", `${core}/serviceaccounts`, { metadata: { name: "bot" } }),
      post("secret", `${core}/secrets`, {
        metadata: { name: "t", annotations: { "kubernetes.io/service-account.name": "bot" } },
        type: "kubernetes.io/service-account-token",
      }),
      until("filled", `${core}/secrets?fieldSelector=type%3Dkubernetes.io%2Fservice-account-token`, {
        path: "body.items.0.metadata.annotations",
        count: 2,
      }),
      post("orphan", `${core}/secrets`, {
        metadata: { name: "o", annotations: { "kubernetes.io/service-account.name": "none" } },
        type: "kubernetes.io/service-account-token",
      }),
      until("orphan-gone", `${core}/secrets/o`, { status: 404 }),
      step("account-gone", "DELETE", `${core}/serviceaccounts/bot`),
      until("secret-gone", `${core}/secrets/t`, { status: 404 }),
    ].map((item) =>
      item.name === "filled"
        ? { ...item, seconds: 3, ignore: ["body.items.0.data.token", "body.items.0.data.ca.crt"] }
        : item,
    );
  },
  aggregation: (ns) => {
    const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const part = (name: string, resource: string) => ({
      metadata: { name: `${ns}-${name}`, labels: { [`example.com/${ns}`]: "yes" } },
      rules: [{ apiGroups: [""], resources: [resource], verbs: ["get"] }],
    });
    return [
      post("whole", roles, {
        metadata: { name: ns },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`example.com/${ns}`]: "yes" } }] },
      }),
      post("one", roles, part("b", "pods")),
      until("with-one", `${roles}/${ns}`, { path: "body.rules", count: 1 }),
      post("two", roles, part("a", "secrets")),
      until("with-two", `${roles}/${ns}`, { path: "body.rules", count: 2 }),
      patch("by-hand", `${roles}/${ns}`, { rules: [] }),
      until("again", `${roles}/${ns}`, { path: "body.rules", count: 2 }),
      step("less", "DELETE", `${roles}/${ns}-b`),
      until("with-less", `${roles}/${ns}`, { path: "body.rules", count: 1 }),
      post("to-view", roles, {
        metadata: { name: `${ns}-view`, labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
        rules: [{ apiGroups: ["example.com"], resources: [ns], verbs: ["get"] }],
      }),
      until("view", `${roles}/view`, { status: 200 }),
      step("view-less", "DELETE", `${roles}/${ns}-view`),
      step("whole-gone", "DELETE", `${roles}/${ns}`),
    ];
  },
  mirrored: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`;
    return [
      post("service", `${core}/services`, {
        metadata: { name: "m", labels },
        spec: { ports: [{ name: "http", port: 80 }] },
      }),
      post("endpoints", `${core}/endpoints`, {
        metadata: { name: "m", labels: { own: "label" }, annotations: { note: "x" } },
        subsets: [
          {
            addresses: [{ ip: "192.0.2.1" }],
            notReadyAddresses: [{ ip: "192.0.2.2", hostname: "h" }],
            ports: [{ name: "http", port: 8080 }],
          },
        ],
      }),
      until("slices", slices, count(1)),
      patch("changed", `${core}/endpoints/m`, {
        subsets: [{ addresses: [{ ip: "192.0.2.1" }, { ip: "2001:db8::1" }], ports: [{ name: "http", port: 8080 }] }],
      }),
      until("two-slices", slices, count(2), LISTED),
      step("delete", "DELETE", `${core}/endpoints/m`),
      until("gone", slices, count(0)),
      post("dual", `${core}/services`, { metadata: { name: "n" }, spec: { clusterIP: "None", selector: labels } }),
      post("pod", `${core}/pods`, {
        metadata: { name: "p", labels },
        spec: { hostname: "host", subdomain: "n", containers: [container] },
      }),
      patch("runs", `${core}/pods/p/status`, {
        status: {
          phase: "Running",
          podIP: "10.3.0.1",
          podIPs: [{ ip: "10.3.0.1" }],
          conditions: [{ type: "Ready", status: "True" }],
        },
      }),
      until("endpoints-n", `${core}/endpoints/n`, { path: "body.subsets", count: 1 }),
      until("slice-n", `${slices}?labelSelector=kubernetes.io%2Fservice-name%3Dn`, {
        path: "body.items.0.endpoints",
        count: 1,
      }),
      step("terminating", "DELETE", `${core}/pods/p`),
      until("empty", `${core}/endpoints/n`, { path: "body.subsets", equals: undefined }),
    ];
  },
  autoscaler: (ns) => {
    const at = `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`;
    const target = (name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", name });
    return [
      post("missing", at, { metadata: { name: "m" }, spec: { maxReplicas: 3, scaleTargetRef: target("none") } }),
      until("missing-status", `${at}/m`, { path: "body.status.conditions", count: 1 }),
      post("deployment", `/apis/apps/v1/namespaces/${ns}/deployments`, {
        metadata: { name: "d" },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      }),
      post("scaler", at, {
        metadata: { name: "s" },
        spec: { minReplicas: 2, maxReplicas: 3, scaleTargetRef: target("d") },
      }),
      until("raised", `/apis/apps/v1/namespaces/${ns}/deployments/d`, { path: "body.spec.replicas", equals: 2 }),
      until("status", `${at}/s`, { path: "body.status.desiredReplicas", equals: 2 }),
    ];
  },
  certificates: (ns) => {
    const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const make = (name: string, signerName: string, usages: string[]) =>
      post(`make-${name}`, csrs, {
        metadata: { name: `${ns}-${name}` },
        spec: { request: REQUEST, signerName, usages },
      });
    const approve = (name: string) =>
      patch(`approve-${name}`, `${csrs}/${ns}-${name}/approval`, {
        status: { conditions: [{ type: "Approved", status: "True", reason: "R", message: "m" }] },
      });
    const ignored = (item: ReturnType<typeof until>) => ({ ...item, seconds: 4, ignore: ["body.status.certificate"] });
    return [
      make("client", "kubernetes.io/kube-apiserver-client", ["client auth", "digital signature"]),
      approve("client"),
      ignored(until("client", `${csrs}/${ns}-client`, { path: "body.metadata.managedFields", count: 3 })),
      make("other", "example.com/own", ["client auth"]),
      approve("other"),
      ignored(until("other", `${csrs}/${ns}-other`, { status: 200 })),
      make("bad", "kubernetes.io/kube-apiserver-client", ["server auth"]),
      approve("bad"),
      ignored(until("bad", `${csrs}/${ns}-bad`, { path: "body.status.conditions", count: 2 })),
    ];
  },
  claims: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const claims = `${core}/persistentvolumeclaims`;
    const claim = (name: string, more: object = {}) =>
      post(`claim-${name}`, claims, {
        metadata: { name },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...more },
      });
    const volume = (name: string, more: object = {}) =>
      post(`volume-${name}`, "/api/v1/persistentvolumes", {
        metadata: { name: `${ns}-${name}` },
        spec: {
          capacity: { storage: "2Gi" },
          accessModes: ["ReadWriteOnce"],
          storageClassName: ns,
          hostPath: { path: "/x" },
          ...more,
        },
      });
    return [
      claim("no-class", { storageClassName: ns }),
      post("class", "/apis/storage.k8s.io/v1/storageclasses", {
        metadata: { name: `${ns}-wait` },
        provisioner: "example.com/p",
        volumeBindingMode: "WaitForFirstConsumer",
      }),
      post("class-now", "/apis/storage.k8s.io/v1/storageclasses", {
        metadata: { name: `${ns}-now` },
        provisioner: "example.com/p",
      }),
      claim("wait", { storageClassName: `${ns}-wait` }),
      claim("now", { storageClassName: `${ns}-now` }),
      until("events", `${core}/events`, count(3), LISTED),
      until("waiting", `${claims}/wait`, { status: 200 }),
      until("provisioning", `${claims}/now`, { path: "body.metadata.annotations", count: 2 }),
      volume("a"),
      until("bound", `${claims}/no-class`, { path: "body.status.phase", equals: "Bound" }),
      until("volume", `/api/v1/persistentvolumes/${ns}-a`, { path: "body.status.phase", equals: "Bound" }),
      post("pod", `${core}/pods`, {
        metadata: { name: "uses" },
        spec: { containers: [container], volumes: [{ name: "v", persistentVolumeClaim: { claimName: "no-class" } }] },
      }),
      step("delete-used", "DELETE", `${claims}/no-class`),
      until("protected", `${claims}/no-class`, { status: 200 }),
      step("delete-bound", "DELETE", `/api/v1/persistentvolumes/${ns}-a`),
      until("volume-protected", `/api/v1/persistentvolumes/${ns}-a`, { status: 200 }),
      step("delete-pod", "DELETE", `${core}/pods/uses`),
      until("claim-gone", `${claims}/no-class`, { status: 404 }),
      until("volume-gone", `/api/v1/persistentvolumes/${ns}-a`, { status: 404 }),
      volume("named", { claimRef: { namespace: ns, name: "later" } }),
      until("reserved", `/api/v1/persistentvolumes/${ns}-named`, { path: "body.status.phase", equals: "Available" }),
      claim("later", { storageClassName: ns }),
      until("later", `${claims}/later`, { path: "body.status.phase", equals: "Bound" }),
      claim("direct", { storageClassName: ns, volumeName: `${ns}-none` }),
      until("direct", `${claims}/direct`, { path: "body.status.phase", equals: "Pending" }),
      step("release", "DELETE", `${claims}/later`),
      until("released", `/api/v1/persistentvolumes/${ns}-named`, { path: "body.status.phase", equals: "Released" }),
      step("volume-delete", "DELETE", `/api/v1/persistentvolumes/${ns}-named`),
    ];
  },
  budgets: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const budgets = `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
    return [
      post("pod", `${core}/pods`, { metadata: { name: "alone", labels }, spec: { containers: [container] } }),
      post("least", budgets, {
        metadata: { name: "least" },
        spec: { minAvailable: 1, selector: { matchLabels: labels } },
      }),
      until("least-status", `${budgets}/least`, { path: "body.status.observedGeneration", equals: 1 }),
      patch("runs", `${core}/pods/alone/status`, {
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      }),
      until("healthy", `${budgets}/least`, { path: "body.status.currentHealthy", equals: 1 }),
      post("share", budgets, {
        metadata: { name: "share" },
        spec: { maxUnavailable: "50%", selector: { matchLabels: labels } },
      }),
      until("share-status", `${budgets}/share`, { path: "body.status.observedGeneration", equals: 1 }),
      post("none", budgets, { metadata: { name: "none" }, spec: { minAvailable: 0, selector: {} } }),
      until("none-status", `${budgets}/none`, { path: "body.status.observedGeneration", equals: 1 }),
      until("events", `${core}/events?fieldSelector=involvedObject.kind%3DPodDisruptionBudget`, count(1), LISTED),
      post("quota", `${core}/resourcequotas`, {
        metadata: { name: "q" },
        spec: { hard: { pods: "4", "requests.cpu": "1", secrets: "5", services: "1", "count/configmaps": "9" } },
      }),
      until("used", `${core}/resourcequotas/q`, { path: "body.status.used.pods", equals: "1" }),
      patch("harder", `${core}/resourcequotas/q`, { spec: { hard: { pods: "1" } } }),
      until("harder-status", `${core}/resourcequotas/q`, { path: "body.status.hard.pods", equals: "1" }),
    ];
  },
  "namespace-ends": (ns) => {
    const other = `/api/v1/namespaces/${ns}-other`;
    return [
      post("make", "/api/v1/namespaces", { metadata: { name: `${ns}-other` } }),
      until("account", `${other}/serviceaccounts/default`, { status: 200 }),
      post("pod", `${other}/pods`, {
        metadata: { name: "p", finalizers: ["example.com/hold"] },
        spec: { nodeName: "none", containers: [container] },
      }),
      post("secret", `${other}/secrets`, {
        metadata: { name: "s", finalizers: ["example.com/hold", "example.com/more"] },
      }),
      step("delete", "DELETE", other),
      until("conditions", other, { path: "body.status.conditions", count: 5 }),
      step("late", "POST", `${other}/configmaps`, { metadata: { name: "late" } }),
      step("left", "GET", `${other}/secrets`),
      patch("release-pod", `${other}/pods/p`, { metadata: { finalizers: null } }),
      step("force", "DELETE", `${other}/pods/p?gracePeriodSeconds=0`),
      patch("release", `${other}/secrets/s`, { metadata: { finalizers: null } }),
      { ...until("gone", other, { status: 404 }), seconds: 30 },
    ];
  },
};
