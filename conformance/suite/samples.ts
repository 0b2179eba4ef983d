/**
 * One valid object for each kind that the families go through, the least that the kind needs, and a change to make to it.
 */

/** A kind with an object of it. */
export interface Sample {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** All but apiVersion, kind and metadata. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** A merge patch that the kind allows; default: a label. */
  readonly change?: Readonly<Record<string, unknown>>;
  /** Of the subresource `status`, where it has one that a client may write. */
  readonly status?: Readonly<Record<string, unknown>>;
}

const labels = { app: "shop" };
const selector = { matchLabels: labels };
const container = { name: "web", image: "shop:1" };
const template = { metadata: { labels }, spec: { containers: [container] } };
const pod = { spec: { containers: [container] } };

function sample(
  apiVersion: string,
  kind: string,
  plural: string,
  fields: Sample["fields"],
  more: Pick<Sample, "change" | "status"> & { readonly isNamespaced?: boolean } = {},
): Sample {
  return { apiVersion, kind, plural, isNamespaced: true, fields, ...more };
}

const onCluster = { isNamespaced: false };

export const SAMPLES: readonly Sample[] = [
  sample("v1", "ConfigMap", "configmaps", { data: { a: "1" } }, { change: { data: { b: "2" } } }),
  sample("v1", "Secret", "secrets", { data: { a: "MQ==" } }, { change: { data: { b: "Mg==" } } }),
  sample(
    "v1",
    "Service",
    "services",
    { spec: { ports: [{ port: 80 }], selector: labels } },
    { change: { spec: { sessionAffinity: "ClientIP" } }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } },
  ),
  sample("v1", "ServiceAccount", "serviceaccounts", {}, { change: { automountServiceAccountToken: false } }),
  sample("v1", "Pod", "pods", pod, {
    change: { spec: { activeDeadlineSeconds: 60 } },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  }),
  sample(
    "v1",
    "PersistentVolumeClaim",
    "persistentvolumeclaims",
    { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "none" } },
    { status: { phase: "Bound", capacity: { storage: "1Gi" } } },
  ),
  sample(
    "v1",
    "ResourceQuota",
    "resourcequotas",
    { spec: { hard: { configmaps: "100" } } },
    {
      change: { spec: { hard: { secrets: "20" } } },
      status: { hard: { configmaps: "100" }, used: { configmaps: "0" } },
    },
  ),
  sample("v1", "LimitRange", "limitranges", { spec: { limits: [{ type: "Container", max: { cpu: "2" } }] } }),
  sample("v1", "PodTemplate", "podtemplates", { template }),
  sample(
    "v1",
    "ReplicationController",
    "replicationcontrollers",
    { spec: { replicas: 0, selector: labels, template } },
    {
      change: { spec: { replicas: 2 } },
      status: { replicas: 1, observedGeneration: 1 },
    },
  ),
  sample(
    "v1",
    "Event",
    "events",
    { involvedObject: { kind: "Pod", name: "p", namespace: "{ns}" }, reason: "Pulled", message: "m", type: "Normal" },
    { change: { count: 2 } },
  ),
  sample("v1", "Namespace", "namespaces", {}, onCluster),
  sample(
    "v1",
    "Node",
    "nodes",
    {},
    {
      ...onCluster,
      change: { spec: { unschedulable: true } },
      status: { capacity: { cpu: "4" }, conditions: [{ type: "Ready", status: "True" }] },
    },
  ),
  sample(
    "v1",
    "PersistentVolume",
    "persistentvolumes",
    { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/tmp/x" } } },
    { ...onCluster, change: { spec: { persistentVolumeReclaimPolicy: "Delete" } }, status: { phase: "Available" } },
  ),
  sample(
    "apps/v1",
    "Deployment",
    "deployments",
    { spec: { replicas: 0, selector, template } },
    {
      change: { spec: { replicas: 3 } },
      status: { replicas: 1, observedGeneration: 1 },
    },
  ),
  sample(
    "apps/v1",
    "StatefulSet",
    "statefulsets",
    { spec: { replicas: 0, serviceName: "s", selector, template } },
    {
      change: { spec: { replicas: 3 } },
      status: { replicas: 1, observedGeneration: 1 },
    },
  ),
  sample(
    "apps/v1",
    "DaemonSet",
    "daemonsets",
    { spec: { selector, template } },
    {
      change: { spec: { minReadySeconds: 3 } },
      status: { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0, numberReady: 0 },
    },
  ),
  sample(
    "apps/v1",
    "ReplicaSet",
    "replicasets",
    { spec: { replicas: 0, selector, template } },
    {
      change: { spec: { minReadySeconds: 3 } },
      status: { replicas: 1, observedGeneration: 1 },
    },
  ),
  sample(
    "apps/v1",
    "ControllerRevision",
    "controllerrevisions",
    { revision: 1, data: { a: 1 } },
    { change: { revision: 2 } },
  ),
  sample(
    "batch/v1",
    "Job",
    "jobs",
    { spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [container] } } } },
    { change: { spec: { parallelism: 2 } } },
  ),
  sample(
    "batch/v1",
    "CronJob",
    "cronjobs",
    {
      spec: {
        schedule: "*/5 * * * *",
        suspend: true,
        jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } },
      },
    },
    { change: { spec: { schedule: "0 0 * * *" } } },
  ),
  sample(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    { spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" } } },
    { change: { spec: { maxReplicas: 7 } }, status: { currentReplicas: 1, desiredReplicas: 2 } },
  ),
  sample(
    "networking.k8s.io/v1",
    "Ingress",
    "ingresses",
    { spec: { defaultBackend: { service: { name: "shop", port: { number: 80 } } } } },
    { change: { spec: { ingressClassName: "x" } }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } } },
  ),
  sample(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "networkpolicies",
    { spec: { podSelector: selector } },
    {
      change: { spec: { policyTypes: ["Ingress", "Egress"] } },
    },
  ),
  sample(
    "networking.k8s.io/v1",
    "IngressClass",
    "ingressclasses",
    { spec: { controller: "example.com/c" } },
    onCluster,
  ),
  sample(
    "policy/v1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
    { spec: { minAvailable: 1, selector } },
    {
      change: { spec: { minAvailable: 2 } },
      status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1, observedGeneration: 1 },
    },
  ),
  sample(
    "rbac.authorization.k8s.io/v1",
    "Role",
    "roles",
    { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    {
      change: { rules: [{ apiGroups: ["apps"], resources: ["*"], verbs: ["*"] }] },
    },
  ),
  sample(
    "rbac.authorization.k8s.io/v1",
    "RoleBinding",
    "rolebindings",
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "User", name: "u" }],
    },
    { change: { subjects: [{ kind: "ServiceAccount", name: "s", namespace: "n" }] } },
  ),
  sample(
    "rbac.authorization.k8s.io/v1",
    "ClusterRole",
    "clusterroles",
    { rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }] },
    onCluster,
  ),
  sample(
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    "clusterrolebindings",
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "Group", name: "g" }],
    },
    onCluster,
  ),
  sample(
    "coordination.k8s.io/v1",
    "Lease",
    "leases",
    { spec: { holderIdentity: "a", leaseDurationSeconds: 15, renewTime: "2026-01-02T03:04:05.678901Z" } },
    { change: { spec: { holderIdentity: "b" } } },
  ),
  sample(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "endpointslices",
    { addressType: "IPv4", endpoints: [{ addresses: ["192.0.2.1"] }], ports: [{ port: 80 }] },
    { change: { endpoints: [{ addresses: ["192.0.2.2"] }] } },
  ),
  sample(
    "events.k8s.io/v1",
    "Event",
    "events",
    {
      eventTime: "2026-01-02T03:04:05.678901Z",
      action: "Binding",
      reason: "Scheduled",
      regarding: { kind: "Pod", name: "p", namespace: "{ns}" },
      reportingController: "example.com/c",
      reportingInstance: "i",
      type: "Normal",
      note: "n",
    },
    {},
  ),
  sample(
    "storage.k8s.io/v1",
    "StorageClass",
    "storageclasses",
    { provisioner: "example.com/p" },
    {
      ...onCluster,
      change: { allowVolumeExpansion: true },
    },
  ),
  sample("storage.k8s.io/v1", "CSIDriver", "csidrivers", { spec: { attachRequired: false } }, onCluster),
  sample(
    "scheduling.k8s.io/v1",
    "PriorityClass",
    "priorityclasses",
    { value: 1000 },
    {
      ...onCluster,
      change: { description: "more" },
    },
  ),
  sample("node.k8s.io/v1", "RuntimeClass", "runtimeclasses", { handler: "runc" }, onCluster),
  sample(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    {
      webhooks: [
        {
          name: "w.example.com",
          clientConfig: { url: "https://192.0.2.1/x" },
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          rules: [
            { apiGroups: ["nothing.example.com"], apiVersions: ["v1"], resources: ["x"], operations: ["CREATE"] },
          ],
        },
      ],
    },
    onCluster,
  ),
];

/** How a sample is called in the names of cases: `apps/v1 Deployment`. */
export function kindOf({ apiVersion, kind }: Sample): string {
  return `${apiVersion} ${kind}`;
}

/** The sample's object, with a name; `{ns}` stands for the namespace. */
export function objectOf(
  { apiVersion, kind, fields }: Sample,
  name: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { apiVersion, kind, metadata: { name, ...more }, ...fields };
}

/** A name for the sample's object that no other case has. */
export function nameOf({ isNamespaced }: Sample): string {
  return isNamespaced ? "a" : "{ns}-x";
}

/** Path of the sample's object. */
export function pathOf(sample: Sample): string {
  return `${collectionOf(sample)}/${nameOf(sample)}`;
}

/** Path of the sample's collection, as differential cases write paths. */
export function collectionOf({ apiVersion, plural, isNamespaced }: Sample): string {
  if (isNamespaced) return apiVersion === "v1" ? `~/${plural}` : `~${apiVersion}/${plural}`;
  return apiVersion === "v1" ? `/api/v1/${plural}` : `/apis/${apiVersion}/${plural}`;
}
