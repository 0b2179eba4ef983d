/**
 * The topic `validation`, continued: workloads, and what scales and guards them.
 */
import { container, labels, podTemplate, selector, type TopicScenarios } from "./requests.ts";
import { tries } from "./validation.ts";

type Fields = Readonly<Record<string, unknown>>;

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));
/** A Pod with these fields beside a good container. */
const podOf = (fields: Fields): Fields => ({ containers: [container], ...fields });

export const validationWorkloadScenarios: TopicScenarios = {
  workloads: (ns) => {
    const apps = (kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/apis/apps/v1/namespaces/${ns}/${plural}`, "apps/v1", kind, specs(list));
    const batch = (kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/apis/batch/v1/namespaces/${ns}/${plural}`, "batch/v1", kind, specs(list));
    const good = { selector, template: podTemplate };
    const never = { template: { spec: { containers: [container], restartPolicy: "Never" } } };
    const other = { ...podTemplate, metadata: { labels: { app: "other" } } };
    const selectors: readonly Fields[] = [
      {},
      { selector: {}, template: podTemplate },
      { selector, template: other },
      { selector: { matchLabels: { "a b": "c d" } }, template: podTemplate },
      { selector: { matchExpressions: [{ key: "app", operator: "In" }] }, template: podTemplate },
      { selector: { matchExpressions: [{ key: "app", operator: "Odd", values: ["shop"] }] }, template: podTemplate },
      { selector: { matchExpressions: [{ key: "app", operator: "Exists", values: ["shop"] }] }, template: podTemplate },
      { selector, template: {} },
      { selector, template: { metadata: { labels }, spec: { containers: [] } } },
      { selector, template: { metadata: { labels, name: "Bad_" }, spec: podOf({ restartPolicy: "Never" }) } },
      { selector, template: { metadata: { labels }, spec: podOf({ activeDeadlineSeconds: 5 }) } },
      { ...good, minReadySeconds: -1, revisionHistoryLimit: -1, replicas: -3 },
    ];
    return [
      ...apps("Deployment", "deployments", [
        ...selectors,
        { ...good, progressDeadlineSeconds: 0 },
        { ...good, minReadySeconds: 700 },
        { ...good, minReadySeconds: 600, progressDeadlineSeconds: 600 },
        { ...good, strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
        { ...good, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "a%", maxUnavailable: "10" } } },
        { ...good, strategy: { rollingUpdate: { maxSurge: -1, maxUnavailable: "-5%" } } },
        { ...good, strategy: { rollingUpdate: { maxSurge: "0%", maxUnavailable: "0%" } } },
        { ...good, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "101%" } } },
        { ...good, strategy: { rollingUpdate: { maxUnavailable: "200%" } }, paused: true },
      ]),
      ...apps("ReplicaSet", "replicasets", selectors),
      ...apps("StatefulSet", "statefulsets", [
        ...selectors,
        { ...good, serviceName: "Bad_", podManagementPolicy: "Odd" },
        { ...good, updateStrategy: { type: "Odd" } },
        { ...good, updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } },
        { ...good, updateStrategy: { rollingUpdate: { partition: -1, maxUnavailable: 0 } } },
        { ...good, ordinals: { start: -1 }, minReadySeconds: -1 },
        { ...good, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Odd", whenScaled: "" } },
        { ...good, volumeClaimTemplates: [{}] },
        { ...good, volumeClaimTemplates: [{ metadata: { name: "A_" }, spec: { accessModes: [] } }] },
      ]),
      ...apps("DaemonSet", "daemonsets", [
        ...selectors,
        { ...good, updateStrategy: { type: "Odd" } },
        { ...good, updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
        { ...good, updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
        { ...good, updateStrategy: { rollingUpdate: { maxSurge: "150%", maxUnavailable: "x" } } },
        { ...good, updateStrategy: { type: "OnDelete", rollingUpdate: {} } },
      ]),
      ...tries(
        `/api/v1/namespaces/${ns}/replicationcontrollers`,
        "v1",
        "ReplicationController",
        specs([
          {},
          { selector: labels },
          { selector: { a: "b" }, template: podTemplate },
          { replicas: -1, template: podTemplate },
        ]),
      ),
      ...batch("Job", "jobs", [
        {},
        { template: {} },
        { ...never, completions: -1, parallelism: -2, activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1 },
        { ...never, completionMode: "Odd" },
        { ...never, completionMode: "Indexed" },
        { ...never, completionMode: "Indexed", completions: 200_000, parallelism: 200_000 },
        { ...never, completions: 3, backoffLimitPerIndex: 1 },
        { ...never, completions: 3, completionMode: "Indexed", backoffLimitPerIndex: -1, maxFailedIndexes: 5 },
        { ...never, completions: 3, completionMode: "Indexed", maxFailedIndexes: 5 },
        { ...never, completions: 3, completionMode: "Indexed", backoffLimitPerIndex: 1, maxFailedIndexes: 4 },
        { ...never, podReplacementPolicy: "Odd", managedBy: "a b" },
        { ...never, managedBy: `example.com/${"x".repeat(70)}` },
        { ...never, selector },
        { ...never, manualSelector: true },
        { ...never, manualSelector: true, selector },
        { ...never, successPolicy: { rules: [] } },
        { ...never, completions: 3, completionMode: "Indexed", successPolicy: { rules: [] } },
        {
          ...never,
          completions: 3,
          completionMode: "Indexed",
          successPolicy: { rules: [{ succeededIndexes: "5-2" }] },
        },
        { ...never, completions: 3, completionMode: "Indexed", successPolicy: { rules: [{ succeededCount: 9 }, {}] } },
        { ...never, podFailurePolicy: { rules: [] } },
        { ...never, podFailurePolicy: { rules: [{}] } },
        { ...never, podFailurePolicy: { rules: [{ action: "Odd", onExitCodes: { operator: "In", values: [] } }] } },
        {
          ...never,
          podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [0, 0] } }] },
        },
        {
          ...never,
          podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: { operator: "NotIn", values: [3, 1] } }] },
        },
        {
          ...never,
          podFailurePolicy: { rules: [{ action: "FailIndex", onPodConditions: [{ type: "a b", status: "Odd" }] }] },
        },
        {
          template: { spec: { containers: [container], restartPolicy: "OnFailure" } },
          podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [1] } }] },
        },
      ]),
      ...batch("CronJob", "cronjobs", [
        {},
        { schedule: "", jobTemplate: { spec: never } },
        { schedule: "* * *", jobTemplate: { spec: never } },
        { schedule: "60 * * * *", jobTemplate: { spec: never } },
        { schedule: "@every 1h", jobTemplate: { spec: never } },
        { schedule: "@sometimes", jobTemplate: { spec: never } },
        { schedule: "TZ=UTC 0 0 * * *", jobTemplate: { spec: never } },
        { schedule: "CRON_TZ=UTC 0 0 * * *", timeZone: "UTC", jobTemplate: { spec: never } },
        { schedule: "0 0 31 2 *", timeZone: "", jobTemplate: { spec: never } },
        { schedule: "0 0 * * *", timeZone: "local", jobTemplate: { spec: never } },
        { schedule: "0 0 * * *", timeZone: "europe/berlin", jobTemplate: { spec: never } },
        { schedule: "0 0 * * *", timeZone: " UTC", jobTemplate: { spec: never } },
        { schedule: "0 0 * * *", concurrencyPolicy: "Odd", jobTemplate: { spec: never } },
        {
          schedule: "0 0 * * *",
          startingDeadlineSeconds: -1,
          successfulJobsHistoryLimit: -1,
          failedJobsHistoryLimit: -1,
          jobTemplate: { spec: { ...never, backoffLimit: -1 } },
        },
        { schedule: "0 0 * * *", jobTemplate: { spec: { template: podTemplate } } },
        { schedule: "0 0 * * *", jobTemplate: { spec: { ...never, manualSelector: true, selector } } },
        { schedule: "0 0 * * *", jobTemplate: { metadata: { labels: { "a b": "c" } }, spec: never } },
      ]),
      ...tries(`/apis/batch/v1/namespaces/${ns}/cronjobs`, "batch/v1", "CronJob", [
        { metadata: { name: "x".repeat(53) }, spec: { schedule: "0 0 * * *", jobTemplate: { spec: never } } },
      ]),
      ...tries(`/apis/batch/v1/namespaces/${ns}/jobs`, "batch/v1", "Job", [
        { metadata: { name: "x".repeat(64) }, spec: never },
        { metadata: { name: "a.b" }, spec: { ...never, completions: 3, completionMode: "Indexed" } },
      ]),
    ];
  },
  scaling: (ns) => {
    const target = { apiVersion: "apps/v1", kind: "Deployment", name: "d" };
    const good = { scaleTargetRef: target, maxReplicas: 3 };
    const cpu = (to: Fields): Fields => ({ type: "Resource", resource: { name: "cpu", target: to } });
    return [
      ...tries(
        `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`,
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        specs([
          {},
          { ...good, minReplicas: 0 },
          { ...good, minReplicas: -1, maxReplicas: -1 },
          { ...good, scaleTargetRef: { apiVersion: "a/b/c", kind: "a/b", name: "a%b" } },
          { ...good, scaleTargetRef: {} },
          { ...good, metrics: [{}] },
          { ...good, metrics: [{ type: "Odd" }] },
          { ...good, metrics: [{ type: "Resource" }] },
          { ...good, metrics: [{ type: "Pods", resource: { name: "cpu", target: {} } }] },
          { ...good, metrics: [cpu({})] },
          { ...good, metrics: [cpu({ type: "Utilization" })] },
          { ...good, metrics: [cpu({ type: "Utilization", averageUtilization: 0 })] },
          { ...good, metrics: [cpu({ type: "Utilization", averageUtilization: 50, averageValue: "5" })] },
          { ...good, metrics: [cpu({ type: "Value", value: "-1" })] },
          { ...good, metrics: [cpu({ type: "AverageValue", averageValue: "0" })] },
          { ...good, metrics: [{ type: "Resource", resource: { name: "", target: { type: "Odd" } } }] },
          {
            ...good,
            metrics: [{ type: "Pods", pods: { metric: { name: "" }, target: { type: "Value", value: "1" } } }],
          },
          {
            ...good,
            metrics: [
              { type: "Pods", pods: { metric: { name: "a/b" }, target: { type: "AverageValue", averageValue: "1" } } },
            ],
          },
          {
            ...good,
            metrics: [
              {
                type: "Object",
                object: { metric: { name: "m" }, describedObject: { name: "x" }, target: { type: "Value" } },
              },
            ],
          },
          {
            ...good,
            metrics: [
              {
                type: "External",
                external: {
                  metric: { name: "m", selector: { matchExpressions: [{ key: "a", operator: "In" }] } },
                  target: { type: "Utilization", averageUtilization: 5 },
                },
              },
            ],
          },
          {
            ...good,
            metrics: [
              {
                type: "ContainerResource",
                containerResource: { name: "memory", container: "A_", target: { type: "AverageValue" } },
              },
            ],
          },
          { ...good, behavior: { scaleUp: {}, scaleDown: { policies: [] } } },
          { ...good, behavior: { scaleUp: { stabilizationWindowSeconds: 3601, selectPolicy: "Odd" } } },
          { ...good, behavior: { scaleDown: { stabilizationWindowSeconds: -1, tolerance: "-1" } } },
          { ...good, behavior: { scaleUp: { policies: [{ type: "Odd", value: 0, periodSeconds: 0 }] } } },
          { ...good, behavior: { scaleUp: { policies: [{ type: "Pods", value: 4, periodSeconds: 1801 }] } } },
        ]),
      ),
      ...tries(
        `/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers`,
        "autoscaling/v1",
        "HorizontalPodAutoscaler",
        specs([
          {},
          { ...good, targetCPUUtilizationPercentage: 0 },
          { ...good, targetCPUUtilizationPercentage: -1 },
          good,
        ]),
      ),
      ...tries(
        `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`,
        "policy/v1",
        "PodDisruptionBudget",
        specs([
          {},
          { minAvailable: -1 },
          { maxUnavailable: "x", selector },
          { maxUnavailable: "101%" },
          { minAvailable: "50", unhealthyPodEvictionPolicy: "Odd" },
          { minAvailable: 1, selector: { matchLabels: { "a b": "c d" } } },
          { minAvailable: 1, selector: { matchExpressions: [{ key: "", operator: "DoesNotExist", values: ["a"] }] } },
        ]),
      ),
    ];
  },
};
