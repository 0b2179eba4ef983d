/**
 * The topic `defaulting` with kinds and values of our own: objects with few fields, as they come back.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { container, labels, podTemplate, post, read, selector, type TopicScenarios } from "./requests.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Creates objects one after the other, each under a name of its own, and reads the last. */
export function made(path: string, apiVersion: string, kind: string, objects: readonly Fields[]): CapturedStep[] {
  return objects.map((object, index) =>
    post(path, {
      apiVersion,
      kind,
      metadata: { name: `m${index}`, ...(object["metadata"] as Fields) },
      ...rest(object),
    }),
  );
}

function rest({ metadata: _, ...others }: Fields): Fields {
  return others;
}

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));
const podOf = (fields: Fields): Fields => ({ containers: [container], ...fields });
const with1 = (fields: Fields): Fields => ({ containers: [{ ...container, ...fields }] });

export const defaultingScenarios: TopicScenarios = {
  pods: (ns) => [
    ...made(
      `/api/v1/namespaces/${ns}/pods`,
      "v1",
      "Pod",
      specs([
        with1({ image: "a" }),
        with1({ image: "a:latest" }),
        with1({ image: "registry.example:5000/a" }),
        with1({ image: `a@sha256:${"0".repeat(64)}` }),
        with1({ ports: [{ containerPort: 80 }, { containerPort: 81, protocol: "UDP", name: "dns" }] }),
        with1({
          livenessProbe: { httpGet: { port: 80 } },
          readinessProbe: { tcpSocket: { port: "web" } },
          ports: [{ containerPort: 1, name: "web" }],
        }),
        with1({
          startupProbe: { grpc: { port: 90 } },
          lifecycle: { preStop: { httpGet: { port: 1 } }, postStart: { exec: { command: ["a"] } } },
        }),
        with1({ resources: { limits: { cpu: "1", memory: "1Gi" } } }),
        with1({ resources: { limits: { cpu: "1500m" }, requests: { memory: "1024Ki" } } }),
        with1({ resources: { requests: { cpu: 0.5, memory: 1000000 } } }),
        with1({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }, { name: "B" }] }),
        with1({ env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: false } } }] }),
        with1({ securityContext: {}, volumeMounts: [] }),
        with1({ securityContext: { capabilities: { drop: ["ALL"] }, runAsNonRoot: true } }),
        podOf({ hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80 }] }] }),
        podOf({ hostPID: true, hostIPC: false, shareProcessNamespace: false }),
        podOf({ securityContext: { fsGroup: 0, runAsUser: 1000, supplementalGroups: [] } }),
        podOf({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] } }),
        podOf({ serviceAccount: "default" }),
        podOf({ tolerations: [{ operator: "Exists" }, { key: "a", value: "b", effect: "NoSchedule" }] }),
        podOf({ tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }] }),
        podOf({
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "zone",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: labels },
            },
          ],
        }),
        podOf({
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 1, podAffinityTerm: { topologyKey: "zone", labelSelector: {} } },
              ],
            },
          },
        }),
        podOf({
          initContainers: [
            { name: "i", image: "i" },
            { name: "s", image: "s", restartPolicy: "Always" },
          ],
        }),
        podOf({ priorityClassName: "system-cluster-critical" }),
        podOf({ terminationGracePeriodSeconds: 0 }),
        podOf({ terminationGracePeriodSeconds: -5 }),
        podOf({ enableServiceLinks: false, automountServiceAccountToken: true }),
        podOf({ schedulingGates: [{ name: "example.com/g" }], readinessGates: [{ conditionType: "example.com/r" }] }),
        podOf({
          dnsConfig: { options: [{ name: "ndots", value: "1" }] },
          hostAliases: [{ ip: "10.0.0.1", hostnames: ["a"] }],
        }),
        podOf({ os: { name: "linux" }, nodeSelector: { "kubernetes.io/os": "linux" } }),
        podOf({ resources: { limits: { cpu: "1" } } }),
        podOf({ nodeName: "somewhere" }),
      ]),
    ),
    ...made(
      `/api/v1/namespaces/${ns}/pods`,
      "v1",
      "Pod",
      [
        [{ name: "v" }],
        [
          { name: "v", emptyDir: { medium: "Memory", sizeLimit: "1000Mi" } },
          { name: "w", hostPath: { path: "/x" } },
        ],
        [
          { name: "v", configMap: { name: "c" } },
          { name: "w", secret: { secretName: "s", items: [{ key: "k", path: "p" }] } },
        ],
        [{ name: "v", downwardAPI: { items: [{ path: "p", fieldRef: { fieldPath: "metadata.labels" } }] } }],
        [
          {
            name: "v",
            projected: {
              sources: [
                { serviceAccountToken: { path: "t" } },
                { configMap: { name: "c" } },
                {
                  downwardAPI: {
                    items: [{ path: "p", resourceFieldRef: { containerName: "web", resource: "limits.cpu" } }],
                  },
                },
              ],
            },
          },
        ],
        [
          { name: "v", persistentVolumeClaim: { claimName: "c" } },
          { name: "w", csi: { driver: "example.com" } },
        ],
        [
          {
            name: "v",
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
              },
            },
          },
        ],
        [
          { name: "v", nfs: { server: "s", path: "/" } },
          { name: "w", image: { reference: "r" } },
        ],
      ].map((volumes, index) => ({ metadata: { name: `v${index}` }, spec: podOf({ volumes }) })),
    ),
  ],
  workloads: (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const good = { selector, template: podTemplate };
    const never = { template: { spec: { containers: [container], restartPolicy: "Never" } } };
    const claim = {
      metadata: { name: "v" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    return [
      ...made(
        `${apps}/deployments`,
        "apps/v1",
        "Deployment",
        specs([
          { ...good, replicas: 0 },
          { ...good, strategy: { type: "Recreate" } },
          { ...good, strategy: { rollingUpdate: { maxSurge: 2 } } },
          { ...good, strategy: { rollingUpdate: { maxUnavailable: "10%" } }, paused: true, minReadySeconds: 5 },
          { ...good, revisionHistoryLimit: 0, progressDeadlineSeconds: 5 },
          { selector: { matchExpressions: [{ key: "app", operator: "In", values: ["shop"] }] }, template: podTemplate },
        ]),
      ),
      ...made(
        `${apps}/statefulsets`,
        "apps/v1",
        "StatefulSet",
        specs([
          good,
          { ...good, serviceName: "s", volumeClaimTemplates: [claim] },
          { ...good, updateStrategy: { type: "OnDelete" }, podManagementPolicy: "Parallel" },
          { ...good, updateStrategy: { rollingUpdate: { partition: 2 } }, ordinals: { start: 3 } },
          { ...good, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" }, minReadySeconds: 3 },
        ]),
      ),
      ...made(
        `${apps}/daemonsets`,
        "apps/v1",
        "DaemonSet",
        specs([
          good,
          { ...good, updateStrategy: { type: "OnDelete" } },
          { ...good, updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, minReadySeconds: 1 },
        ]),
      ),
      ...made(
        `${apps}/replicasets`,
        "apps/v1",
        "ReplicaSet",
        specs([good, { ...good, replicas: 2, minReadySeconds: 1 }]),
      ),
      ...made(
        `/api/v1/namespaces/${ns}/replicationcontrollers`,
        "v1",
        "ReplicationController",
        specs([{ template: podTemplate }, { selector: labels, template: podTemplate, replicas: 0 }]),
      ),
      ...made(`/apis/batch/v1/namespaces/${ns}/jobs`, "batch/v1", "Job", [
        ...specs([
          never,
          { ...never, parallelism: 3 },
          { ...never, completions: 5, completionMode: "Indexed", backoffLimitPerIndex: 1 },
          { ...never, suspend: true, ttlSecondsAfterFinished: 0, activeDeadlineSeconds: 10 },
          {
            ...never,
            podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
          },
          {
            ...never,
            podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [1, 2] } }] },
          },
          { ...never, completions: 3, completionMode: "Indexed", successPolicy: { rules: [{ succeededCount: 1 }] } },
          {
            template: {
              metadata: { labels, annotations: { a: "b" } },
              spec: { containers: [container], restartPolicy: "OnFailure" },
            },
          },
        ]),
        { metadata: { labels: { own: "label" } }, spec: never },
      ]),
      ...made(
        `/apis/batch/v1/namespaces/${ns}/cronjobs`,
        "batch/v1",
        "CronJob",
        specs([
          { schedule: "@hourly", jobTemplate: { spec: never } },
          {
            schedule: "0 0 * * 1",
            timeZone: "Europe/Berlin",
            suspend: true,
            jobTemplate: { metadata: { labels }, spec: never },
          },
          {
            schedule: "*/2 * * * *",
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 10,
            successfulJobsHistoryLimit: 0,
            jobTemplate: { spec: { ...never, backoffLimit: 0 } },
          },
        ]),
      ),
      ...made(
        `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`,
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        specs([
          { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" } },
          { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" }, behavior: {} },
          {
            maxReplicas: 3,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
            behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
          },
          {
            maxReplicas: 3,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
            metrics: [
              {
                type: "Resource",
                resource: { name: "memory", target: { type: "AverageValue", averageValue: "1000Mi" } },
              },
            ],
          },
          {
            maxReplicas: 3,
            minReplicas: 2,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
            metrics: [
              {
                type: "Pods",
                pods: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "1500m" } },
              },
            ],
          },
        ]),
      ),
      ...made(
        `/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers`,
        "autoscaling/v1",
        "HorizontalPodAutoscaler",
        [
          {
            metadata: { name: "old" },
            spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" } },
          },
          {
            metadata: { name: "older" },
            spec: {
              maxReplicas: 3,
              targetCPUUtilizationPercentage: 50,
              scaleTargetRef: { kind: "ReplicationController", name: "d", apiVersion: "v1" },
            },
          },
        ],
      ),
      read(`/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers/old`),
      read(`/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers/m2`),
      read(`/apis/autoscaling/v1/namespaces/${ns}/horizontalpodautoscalers/m4`),
    ];
  },
};
