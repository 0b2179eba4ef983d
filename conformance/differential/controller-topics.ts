/**
 * Scenarios for servers with controllers: what a kube-controller-manager does, without nodes.
 */
import type { CapturedStep, Scenario } from "../replay/capture.ts";
import { count, LISTED, patch, post, until } from "./controller-steps.ts";
import { clusterControllerScenarios } from "./controllers-cluster.ts";
import { workloadControllerScenarios } from "./controllers-workloads.ts";
import { step } from "./families.ts";

const labels = { app: "shop" };
const selector = { matchLabels: labels };
const container = { name: "web", image: "registry.example/web:2" };
const template = { metadata: { labels }, spec: { containers: [container] } };

/** Scenarios with controllers. */
export function controllerScenarios(): readonly { readonly topic: string; readonly scenario: Scenario }[] {
  return Object.entries({ ...SCENARIOS, ...workloadControllerScenarios, ...clusterControllerScenarios }).map(
    ([name, steps]) => {
      const namespace = `k-${name}`;
      const setup = [{ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } }];
      const account = until("account", `/api/v1/namespaces/${namespace}/serviceaccounts/default`, { status: 200 });
      return {
        topic: "controllers",
        scenario: {
          scenario: namespace,
          about: "controllers",
          controllers: true,
          setup,
          steps: [account, ...steps(namespace)],
        },
      };
    },
  );
}

const SCENARIOS: Readonly<Record<string, (namespace: string) => CapturedStep[]>> = {
  statefulset: (ns) => {
    const sets = `/apis/apps/v1/namespaces/${ns}/statefulsets`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    return [
      post("create", sets, {
        metadata: { name: "s" },
        spec: { replicas: 2, serviceName: "s", selector, template, volumeClaimTemplates: [claim] },
      }),
      until("pods", pods, count(1)),
      until("claims", `/api/v1/namespaces/${ns}/persistentvolumeclaims`, count(1)),
      until("revisions", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(1)),
      until("set", `${sets}/s`, { path: "body.status.replicas", equals: 1 }),
      patch("ready", `${pods}/s-0/status`, {
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      }),
      until("second", pods, count(2)),
      until("set-two", `${sets}/s`, { path: "body.status.replicas", equals: 2 }),
      patch("scale", `${sets}/s`, { spec: { replicas: 1 } }),
      until("scaled", pods, count(1)),
      until("set-one", `${sets}/s`, { path: "body.status.replicas", equals: 1 }),
      patch("template", `${sets}/s`, {
        spec: { template: { spec: { containers: [{ ...container, image: "other" }] } } },
      }),
      until("revisions-two", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(2), LISTED),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DStatefulSet`,
        count(5),
        LISTED,
      ),
      step("delete", "DELETE", `${sets}/s`),
      until("gone", pods, count(0)),
    ];
  },
  replicas: (ns) => {
    const sets = `/apis/apps/v1/namespaces/${ns}/replicasets`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    return [
      post("create", sets, { metadata: { name: "r" }, spec: { replicas: 2, selector, template } }),
      until("pods", pods, count(2), LISTED),
      until("set", `${sets}/r`, { path: "body.status.replicas", equals: 2 }),
      patch("up", `${sets}/r`, { spec: { replicas: 3 } }),
      until("three", pods, count(3), LISTED),
      until("set-three", `${sets}/r`, { path: "body.status.replicas", equals: 3 }),
      patch("down", `${sets}/r`, { spec: { replicas: 0 } }),
      until("none", pods, count(0)),
      until("set-none", `${sets}/r`, { path: "body.status.replicas", equals: 0 }),
      until("events", `/api/v1/namespaces/${ns}/events`, count(6), LISTED),
      post("controller", `/api/v1/namespaces/${ns}/replicationcontrollers`, {
        metadata: { name: "c" },
        spec: { replicas: 1, selector: labels, template },
      }),
      until("controlled", pods, count(1)),
      until("controller-status", `/api/v1/namespaces/${ns}/replicationcontrollers/c`, {
        path: "body.status.replicas",
        equals: 1,
      }),
      step("orphan", "DELETE", `/api/v1/namespaces/${ns}/replicationcontrollers/c?propagationPolicy=Orphan`),
      until("orphaned", `/api/v1/namespaces/${ns}/replicationcontrollers`, count(0)),
      until("left", pods, count(1)),
      patch("adopt", `${sets}/r`, { spec: { replicas: 1 } }),
      until("adopted", pods, { path: "body.items.0.metadata.ownerReferences.0.kind", equals: "ReplicaSet" }),
    ];
  },
  daemonset: (ns) => {
    const sets = `/apis/apps/v1/namespaces/${ns}/daemonsets`;
    return [
      post("create", sets, { metadata: { name: "d" }, spec: { selector, template } }),
      until("set", `${sets}/d`, { path: "body.status.observedGeneration", equals: 1 }),
      until("revisions", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(1)),
      patch("template", `${sets}/d`, {
        spec: { template: { spec: { containers: [{ ...container, image: "other" }] } } },
      }),
      until("set-two", `${sets}/d`, { path: "body.status.observedGeneration", equals: 2 }),
      until("revisions-two", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(2), LISTED),
    ];
  },
  jobs: (ns) => {
    const jobs = `/apis/batch/v1/namespaces/${ns}/jobs`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const job = { template: { spec: { restartPolicy: "Never", containers: [container] } } };
    return [
      post("create", jobs, { metadata: { name: "j" }, spec: { ...job, completions: 2, parallelism: 1 } }),
      until("pods", pods, count(1)),
      until("job", `${jobs}/j`, { path: "body.status.active", equals: 1 }),
      step("name", "GET", pods),
      patch("succeed", `${pods}/\${name.body.items.0.metadata.name}/status`, { status: { phase: "Succeeded" } }),
      until("second", pods, count(2), LISTED),
      until("job-two", `${jobs}/j`, { path: "body.status.succeeded", equals: 1 }),
      patch("suspend", `${jobs}/j`, { spec: { suspend: true } }),
      until("suspended", `${jobs}/j`, { path: "body.status.conditions.0.type", equals: "Suspended" }),
      until("events", `/api/v1/namespaces/${ns}/events`, count(4), LISTED),
      post("indexed", jobs, {
        metadata: { name: "i" },
        spec: { ...job, completions: 2, parallelism: 2, completionMode: "Indexed" },
      }),
      until("indexed-pods", `${pods}?labelSelector=job-name%3Di`, count(2), LISTED),
      until("indexed-job", `${jobs}/i`, { path: "body.status.active", equals: 2 }),
      step("background", "DELETE", `${jobs}/i?propagationPolicy=Background`),
      until("collected", `${pods}?labelSelector=job-name%3Di`, count(0)),
      post("cron", `/apis/batch/v1/namespaces/${ns}/cronjobs`, {
        metadata: { name: "c" },
        spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: job } },
      }),
      until("cron-status", `/apis/batch/v1/namespaces/${ns}/cronjobs/c`, { status: 200 }),
      post("failing", jobs, { metadata: { name: "f" }, spec: { ...job, backoffLimit: 0 } }),
      until("failing-pods", `${pods}?labelSelector=job-name%3Df`, count(1)),
      step("failing-name", "GET", `${pods}?labelSelector=job-name%3Df`),
      patch("fail", `${pods}/\${failing-name.body.items.0.metadata.name}/status`, { status: { phase: "Failed" } }),
      until("failed", `${jobs}/f`, { path: "body.status.failed", equals: 1 }),
    ];
  },
  services: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`;
    const pod = (name: string) => ({
      metadata: { name, labels },
      spec: { containers: [{ ...container, ports: [{ name: "http", containerPort: 8080 }] }] },
    });
    return [
      post("service", `${core}/services`, {
        metadata: { name: "s" },
        spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
      }),
      until("endpoints", `${core}/endpoints/s`, { status: 200 }),
      until("slices", slices, count(1)),
      post("pod", `${core}/pods`, pod("a")),
      patch("run", `${core}/pods/a/status`, {
        status: {
          phase: "Running",
          podIP: "10.2.0.1",
          podIPs: [{ ip: "10.2.0.1" }],
          conditions: [{ type: "Ready", status: "True" }],
        },
      }),
      until("endpoints-one", `${core}/endpoints/s`, { path: "body.subsets.0.addresses", count: 1 }),
      until("slice-one", slices, { path: "body.items.0.endpoints", count: 1 }),
      patch("unready", `${core}/pods/a/status`, { status: { conditions: [{ type: "Ready", status: "False" }] } }),
      until("endpoints-unready", `${core}/endpoints/s`, { path: "body.subsets.0.notReadyAddresses", count: 1 }),
      until("slice-unready", slices, { path: "body.items.0.endpoints.0.conditions.ready", equals: false }),
      post("headless", `${core}/services`, {
        metadata: { name: "h" },
        spec: { clusterIP: "None", selector: labels, publishNotReadyAddresses: true },
      }),
      until("endpoints-headless", `${core}/endpoints/h`, { path: "body.subsets.0.addresses", count: 1 }),
      step("delete", "DELETE", `${core}/services/s`),
      until("endpoints-gone", `${core}/endpoints/s`, { status: 404 }),
      until("slices-gone", `${slices}?labelSelector=kubernetes.io%2Fservice-name%3Ds`, count(0)),
    ];
  },
  budgets: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const budgets = `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
    return [
      post("budget", budgets, { metadata: { name: "b" }, spec: { maxUnavailable: 1, selector } }),
      until("empty", `${budgets}/b`, { path: "body.status.observedGeneration", equals: 1 }),
      post("set", `/apis/apps/v1/namespaces/${ns}/replicasets`, {
        metadata: { name: "r" },
        spec: { replicas: 2, selector, template },
      }),
      until("counted", `${budgets}/b`, { path: "body.status.expectedPods", equals: 2 }),
      post("quota", `${core}/resourcequotas`, {
        metadata: { name: "q" },
        spec: { hard: { pods: "5", configmaps: "3", "count/replicasets.apps": "2" } },
      }),
      until("used", `${core}/resourcequotas/q`, { path: "body.status.used.pods", equals: "2" }),
      post("one-more", `${core}/configmaps`, { metadata: { name: "c" } }),
      until("used-two", `${core}/resourcequotas/q`, { path: "body.status.used.configmaps", equals: "2" }),
      step("foreground", "DELETE", `/apis/apps/v1/namespaces/${ns}/replicasets/r?propagationPolicy=Foreground`),
      until("collected", `${core}/pods`, count(0)),
      until("set-gone", `/apis/apps/v1/namespaces/${ns}/replicasets`, count(0)),
      post("owner", `${core}/configmaps`, { metadata: { name: "owner" } }),
      post("owned", `${core}/secrets`, {
        metadata: {
          name: "owned",
          ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "${owner.body.metadata.uid}" }],
        },
      }),
      step("delete-owner", "DELETE", `${core}/configmaps/owner`),
      until("owned-gone", `${core}/secrets/owned`, { status: 404 }),
      post("claim", `${core}/persistentvolumeclaims`, {
        metadata: { name: "v" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "" },
      }),
      post("volume", "/api/v1/persistentvolumes", {
        metadata: { name: ns },
        spec: { capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } },
      }),
      until("bound", `${core}/persistentvolumeclaims/v`, { path: "body.status.phase", equals: "Bound" }),
      until("volume-bound", `/api/v1/persistentvolumes/${ns}`, { path: "body.status.phase", equals: "Bound" }),
      step("delete-claim", "DELETE", `${core}/persistentvolumeclaims/v`),
      until("volume-released", `/api/v1/persistentvolumes/${ns}`, { path: "body.status.phase", equals: "Released" }),
      step("delete-namespace", "DELETE", core),
      until("namespace-gone", core, { status: 404 }),
    ];
  },
};
