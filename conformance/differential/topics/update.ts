/**
 * The topic `update` with kinds and values of our own.
 */
import {
  container,
  patch,
  podTemplate,
  post,
  read,
  selector,
  TABLE,
  type TopicScenarios,
  workload,
} from "./requests.ts";

export const updateScenarios: TopicScenarios = {
  immutable: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const spec = { selector, template: podTemplate };
    return [
      post(`${core}/secrets`, { metadata: { name: "s" }, immutable: true, data: { a: "YQ==" } }),
      patch(`${core}/secrets/s`, { data: { a: "Yg==" } }),
      patch(`${core}/secrets/s`, { immutable: false }),
      patch(`${core}/secrets/s`, { immutable: null }),
      patch(`${core}/secrets/s`, { metadata: { labels: { a: "b" } } }),
      patch(`${core}/secrets/s`, { type: "other" }),
      post(`${apps}/daemonsets`, workload("apps/v1", "DaemonSet", "d", spec)),
      patch(`${apps}/daemonsets/d`, { spec: { selector: { matchLabels: { app: "other" } } } }),
      patch(`${apps}/daemonsets/d`, { spec: { template: { metadata: { labels: { extra: "1" } } } } }),
      patch(`${apps}/daemonsets/d`, { spec: { updateStrategy: { type: "OnDelete", rollingUpdate: null } } }),
      post(
        `${apps}/statefulsets`,
        workload("apps/v1", "StatefulSet", "s", { ...spec, serviceName: "s", podManagementPolicy: "Parallel" }),
      ),
      patch(`${apps}/statefulsets/s`, { spec: { podManagementPolicy: "OrderedReady" } }),
      patch(`${apps}/statefulsets/s`, { spec: { replicas: 3, minReadySeconds: 4 } }),
      patch(`${apps}/statefulsets/s`, {
        spec: {
          volumeClaimTemplates: [
            {
              metadata: { name: "v" },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          ],
        },
      }),
      post(`${apps}/replicasets`, workload("apps/v1", "ReplicaSet", "r", spec)),
      patch(`${apps}/replicasets/r`, {
        spec: { selector: { matchLabels: { app: "x" } }, template: { metadata: { labels: { app: "x" } } } },
      }),
      post(
        `/apis/batch/v1/namespaces/${ns}/jobs`,
        workload("batch/v1", "Job", "j", {
          completions: 2,
          template: { spec: { restartPolicy: "Never", containers: [container] } },
        }),
      ),
      patch(`/apis/batch/v1/namespaces/${ns}/jobs/j`, { spec: { completions: 3 } }),
      patch(`/apis/batch/v1/namespaces/${ns}/jobs/j`, { spec: { parallelism: 3, suspend: true } }),
      patch(`/apis/batch/v1/namespaces/${ns}/jobs/j`, {
        spec: { template: { metadata: { annotations: { a: "b" } } } },
      }),
      patch(`/apis/batch/v1/namespaces/${ns}/jobs/j`, { spec: { completionMode: "Indexed" } }),
      post(`${core}/pods`, {
        metadata: { name: "p" },
        spec: {
          containers: [container],
          tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
        },
      }),
      patch(`${core}/pods/p`, { spec: { containers: [{ ...container, image: "other" }] } }),
      patch(`${core}/pods/p`, { spec: { hostname: "x" } }),
      patch(`${core}/pods/p`, { spec: { nodeSelector: { a: "b" } } }),
      patch(`${core}/pods/p`, { spec: { containers: [container, { name: "two", image: "x" }] } }),
      patch(`${core}/pods/p`, { spec: { containers: [{ ...container, env: [{ name: "A", value: "1" }] }] } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: 10 } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: 20 } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: null } }),
      patch(`${core}/pods/p`, {
        spec: {
          tolerations: [
            { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 9 },
            { key: "b", operator: "Exists" },
          ],
        },
      }),
      patch(`${core}/pods/p`, { spec: { tolerations: [] } }),
      patch(`${core}/pods/p`, { spec: { serviceAccountName: "other" } }),
      patch(`${core}/pods/p`, { spec: { terminationGracePeriodSeconds: 1 } }),
      post(`${core}/persistentvolumeclaims`, {
        metadata: { name: "v" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "x" },
      }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { resources: { requests: { storage: "2Gi" } } } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { storageClassName: "y" } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { accessModes: ["ReadWriteMany"] } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { volumeName: "pv" } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { volumeName: "other" } }),
      post("/api/v1/persistentvolumes", {
        metadata: { name: ns },
        spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } },
      }),
      patch(`/api/v1/persistentvolumes/${ns}`, { spec: { hostPath: { path: "/y" } } }),
      patch(`/api/v1/persistentvolumes/${ns}`, { spec: { capacity: { storage: "2Gi" } } }),
      patch(`/api/v1/persistentvolumes/${ns}`, { spec: { hostPath: null, nfs: { server: "s", path: "/" } } }),
      post(`${core}/services`, { metadata: { name: "svc" }, spec: { ports: [{ port: 80 }] } }),
      patch(`${core}/services/svc`, { spec: { type: "ExternalName", externalName: "a.example.com" } }),
      read(`${core}/services/svc`),
      patch(`${core}/services/svc`, { spec: { type: "ClusterIP", externalName: null } }),
      patch(`${core}/services/svc`, { spec: { type: "NodePort" } }),
      patch(`${core}/services/svc`, { spec: { ports: [{ port: 81, nodePort: 30001 }] } }),
      patch(`${core}/services/svc`, { spec: { clusterIP: "None" } }),
      patch(`${core}/services/svc`, { spec: { ipFamilies: ["IPv6"] } }),
      patch(`${core}/services/svc`, {
        spec: { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
      }),
      patch(`/api/v1/nodes/none`, { spec: { unschedulable: true } }),
      post(`/apis/scheduling.k8s.io/v1/priorityclasses`, { metadata: { name: ns }, value: 5 }),
      patch(`/apis/scheduling.k8s.io/v1/priorityclasses/${ns}`, { value: 6 }),
      patch(`/apis/scheduling.k8s.io/v1/priorityclasses/${ns}`, { description: "x", globalDefault: true }),
      patch(`/apis/scheduling.k8s.io/v1/priorityclasses/${ns}`, { globalDefault: false }),
      patch(`/apis/scheduling.k8s.io/v1/priorityclasses/${ns}`, { preemptionPolicy: "Never" }),
      read(`${apps}/statefulsets/s`, TABLE),
      read(`${apps}/daemonsets`, TABLE),
      read(`${core}/persistentvolumeclaims`, TABLE),
      read(`/api/v1/persistentvolumes/${ns}`, TABLE),
      read(`${core}/services`, TABLE),
    ];
  },
};
