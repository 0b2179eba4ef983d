/**
 * Scenarios for servers with controllers: rollouts, and how jobs end.
 */
import type { CapturedStep } from "../replay/capture.ts";
import { type ControllerScenarios, count, LISTED, patch, post, until } from "./controller-steps.ts";
import { step } from "./families.ts";

const labels = { app: "store" };
const selector = { matchLabels: labels };
const container = { name: "web", image: "registry.example/web:3" };
const template = { metadata: { labels }, spec: { containers: [container] } };
const withImage = (image: string) => ({ spec: { template: { spec: { containers: [{ ...container, image }] } } } });
const isReady = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
const EVENT_FIELDS = "body.items";

export const workloadControllerScenarios: ControllerScenarios = {
  recreate: (ns) => {
    const sets = `/apis/apps/v1/namespaces/${ns}/replicasets`;
    const at = `/apis/apps/v1/namespaces/${ns}/deployments`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    return [
      post("create", at, {
        metadata: { name: "d", annotations: { note: "kept" } },
        spec: { replicas: 2, revisionHistoryLimit: 1, strategy: { type: "Recreate" }, selector, template },
      }),
      until("made", `${at}/d`, { path: "body.status.replicas", equals: 2 }),
      until("sets", sets, count(1)),
      patch("second", `${at}/d`, withImage("two")),
      until("observed", `${at}/d`, { path: "body.status.observedGeneration", equals: 2 }),
      until("replaced", `${at}/d`, { path: "body.status.updatedReplicas", equals: 2 }),
      until("sets-two", sets, count(2), LISTED),
      until("pods-two", pods, count(2), LISTED),
      patch("third", `${at}/d`, withImage("three")),
      until("sets-three", sets, count(2), LISTED),
      patch("back", `${at}/d`, withImage("two")),
      until("sets-back", sets, count(2), LISTED),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DDeployment`,
        count(8),
        LISTED,
      ),
    ];
  },
  rolling: (ns) => {
    const sets = `/apis/apps/v1/namespaces/${ns}/replicasets`;
    const at = `/apis/apps/v1/namespaces/${ns}/deployments`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
    return [
      post("create", at, {
        metadata: { name: "d" },
        spec: { replicas: 2, progressDeadlineSeconds: 2, strategy: { rollingUpdate }, selector, template },
      }),
      until("stuck", `${at}/d`, { path: "body.status.conditions.1.reason", equals: "ProgressDeadlineExceeded" }),
      until("pods", pods, count(2), LISTED),
      step("names", "GET", pods),
      patch("ready-one", `${pods}/\${names.body.items.0.metadata.name}/status`, isReady),
      patch("ready-two", `${pods}/\${names.body.items.1.metadata.name}/status`, isReady),
      until("available", `${at}/d`, { path: "body.status.availableReplicas", equals: 2 }),
      until("set", sets, count(1)),
      patch("pause", `${at}/d`, { spec: { paused: true, ...withImage("two").spec } }),
      until("paused", `${at}/d`, { path: "body.status.observedGeneration", equals: 2 }),
      until("one-set", sets, count(1)),
      patch("resume", `${at}/d`, { spec: { paused: false } }),
      until("surge", `${at}/d`, { path: "body.status.replicas", equals: 3 }),
      until("two-sets", sets, count(2), LISTED),
      patch("scale", `${at}/d`, { spec: { replicas: 4 } }),
      until("scaled", `${at}/d`, { path: "body.status.replicas", equals: 5 }),
      until("scaled-sets", sets, count(2), LISTED),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DDeployment`,
        count(4),
        LISTED,
      ),
      step("orphan", "DELETE", `${at}/d?propagationPolicy=Orphan`),
      until("orphaned", at, count(0)),
      until("left", sets, count(2), LISTED),
      post("adopt", at, { metadata: { name: "e" }, spec: { replicas: 1, selector, template } }),
      until("adopted", sets, { path: "body.items.0.metadata.ownerReferences.0.name", equals: "e" }, LISTED),
      step("delete", "DELETE", `${at}/e?propagationPolicy=Foreground`),
      until("gone", sets, count(0)),
    ];
  },
  statefulsets: (ns) => {
    const at = `/apis/apps/v1/namespaces/${ns}/statefulsets`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const claims = `/api/v1/namespaces/${ns}/persistentvolumeclaims`;
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    return [
      post("create", at, {
        metadata: { name: "p" },
        spec: {
          replicas: 3,
          serviceName: "p",
          podManagementPolicy: "Parallel",
          ordinals: { start: 5 },
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
          selector,
          template,
          volumeClaimTemplates: [claim],
        },
      }),
      until("pods", pods, count(3)),
      until("set", `${at}/p`, { path: "body.status.replicas", equals: 3 }),
      until("claims", claims, count(3)),
      patch("scale", `${at}/p`, { spec: { replicas: 1 } }),
      until("one", pods, count(1)),
      until("set-one", `${at}/p`, { path: "body.status.replicas", equals: 1 }),
      until("claims-one", claims, count(3)),
      patch("partition", `${at}/p`, {
        spec: { updateStrategy: { rollingUpdate: { partition: 6 } }, ...withImage("two").spec },
      }),
      until("updated", `${at}/p`, { path: "body.status.observedGeneration", equals: 3 }),
      until("pod-kept", `${pods}/p-5`, { status: 200 }),
      until("revisions", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(2), LISTED),
      step("delete-pod", "DELETE", `${pods}/p-5`),
      until("again", `${pods}/p-5`, { status: 200 }),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DStatefulSet`,
        count(9),
        LISTED,
      ),
    ];
  },
  "job-ends": (ns) => {
    const jobs = `/apis/batch/v1/namespaces/${ns}/jobs`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const job = (more: object = {}) => ({
      template: { spec: { restartPolicy: "Never", containers: [container] } },
      ...more,
    });
    const of = (name: string) => `${pods}?labelSelector=job-name%3D${name}`;
    const failed = (exitCode: number) => ({
      status: {
        phase: "Failed",
        containerStatuses: [
          { name: "web", image: "i", imageID: "", ready: false, restartCount: 0, state: { terminated: { exitCode } } },
        ],
      },
    });
    const ended = (name: string): CapturedStep =>
      until(`${name}-ended`, `${jobs}/${name}`, { path: "body.status.conditions", count: 2 });
    return [
      post("limited", jobs, {
        metadata: { name: "a" },
        spec: job({ backoffLimit: 0, completions: 2, parallelism: 2 }),
      }),
      until("a-pods", of("a"), count(2), LISTED),
      step("a-name", "GET", of("a")),
      patch("a-fails", `${pods}/\${a-name.body.items.0.metadata.name}/status`, failed(3)),
      ended("a"),
      until("a-left", of("a"), count(1), LISTED),
      post("policy", jobs, {
        metadata: { name: "b" },
        spec: job({
          backoffLimit: 6,
          podFailurePolicy: {
            rules: [
              { action: "FailJob", onExitCodes: { operator: "In", values: [42] } },
              { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
            ],
          },
        }),
      }),
      until("b-pods", of("b"), count(1)),
      step("b-name", "GET", of("b")),
      patch("b-fails", `${pods}/\${b-name.body.items.0.metadata.name}/status`, failed(42)),
      ended("b"),
      post("deadline", jobs, { metadata: { name: "c" }, spec: job({ activeDeadlineSeconds: 1 }) }),
      ended("c"),
      until("c-pods", of("c"), count(0)),
      post("success", jobs, {
        metadata: { name: "d" },
        spec: job({
          completionMode: "Indexed",
          completions: 3,
          parallelism: 3,
          successPolicy: { rules: [{ succeededIndexes: "0" }] },
        }),
      }),
      until("d-pods", of("d"), count(3), LISTED),
      step("d-name", "GET", `${of("d")},batch.kubernetes.io%2Fjob-completion-index%3D0`),
      patch("d-succeeds", `${pods}/\${d-name.body.items.0.metadata.name}/status`, { status: { phase: "Succeeded" } }),
      ended("d"),
      post("indexes", jobs, {
        metadata: { name: "e" },
        spec: job({
          completionMode: "Indexed",
          completions: 2,
          parallelism: 2,
          backoffLimitPerIndex: 0,
          maxFailedIndexes: 1,
        }),
      }),
      until("e-pods", of("e"), count(2), LISTED),
      step("e-zero", "GET", `${of("e")},batch.kubernetes.io%2Fjob-completion-index%3D0`),
      step("e-one", "GET", `${of("e")},batch.kubernetes.io%2Fjob-completion-index%3D1`),
      patch("e-fails", `${pods}/\${e-zero.body.items.0.metadata.name}/status`, failed(1)),
      patch("e-succeeds", `${pods}/\${e-one.body.items.0.metadata.name}/status`, { status: { phase: "Succeeded" } }),
      ended("e"),
      post("suspended", jobs, { metadata: { name: "f" }, spec: job({ suspend: true }) }),
      until("f-suspended", `${jobs}/f`, { path: "body.status.conditions", count: 1 }),
      patch("f-resume", `${jobs}/f`, { spec: { suspend: false } }),
      until("f-pods", of("f"), count(1)),
      until("f-active", `${jobs}/f`, { path: "body.status.active", equals: 1 }),
      post("kept", jobs, { metadata: { name: "g" }, spec: job({ ttlSecondsAfterFinished: 1 }) }),
      until("g-pods", of("g"), count(1)),
      step("g-name", "GET", of("g")),
      patch("g-succeeds", `${pods}/\${g-name.body.items.0.metadata.name}/status`, { status: { phase: "Succeeded" } }),
      until("g-gone", `${jobs}/g`, { status: 404 }),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DJob`,
        { path: EVENT_FIELDS, count: 24 },
        LISTED,
      ),
    ];
  },
  "daemon-nodes": (ns) => {
    const at = `/apis/apps/v1/namespaces/${ns}/daemonsets`;
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const node = (name: string, more: object = {}) =>
      post(`node-${name}`, "/api/v1/nodes", { metadata: { name: `${ns}-${name}`, labels: { pool: ns } }, spec: more });
    return [
      node("one"),
      node("two", { taints: [{ key: "x", effect: "NoSchedule" }] }),
      until("node", `/api/v1/nodes/${ns}-one`, { status: 200 }),
      post("create", at, {
        metadata: { name: "d" },
        spec: { selector, template: { ...template, spec: { nodeSelector: { pool: ns }, containers: [container] } } },
      }),
      until("set", `${at}/d`, { path: "body.status.currentNumberScheduled", equals: 1 }),
      until("pods", pods, count(1)),
      patch("tolerate", `${at}/d`, { spec: { template: { spec: { tolerations: [{ operator: "Exists" }] } } } }),
      until("set-two", `${at}/d`, { path: "body.status.desiredNumberScheduled", equals: 2 }),
      until("revisions", `/apis/apps/v1/namespaces/${ns}/controllerrevisions`, count(2), LISTED),
      step("node-gone", "DELETE", `/api/v1/nodes/${ns}-one`),
      until("set-after", `${at}/d`, { path: "body.status.desiredNumberScheduled", equals: 1 }),
      until(
        "events",
        `/api/v1/namespaces/${ns}/events?fieldSelector=involvedObject.kind%3DDaemonSet`,
        count(3),
        LISTED,
      ),
      step("delete", "DELETE", `${at}/d`),
      until("gone", pods, count(0)),
      step("node-two-gone", "DELETE", `/api/v1/nodes/${ns}-two`),
    ];
  },
};
