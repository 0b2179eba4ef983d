/**
 * The topic `defaulting`, continued: what is no workload, and objects that change.
 */
import { made } from "./defaulting.ts";
import {
  APPLY,
  container,
  labels,
  named,
  patch,
  podTemplate,
  post,
  put,
  read,
  selector,
  type TopicScenarios,
} from "./requests.ts";

type Fields = Readonly<Record<string, unknown>>;

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));

export const defaultingKindScenarios: TopicScenarios = {
  network: (ns) => {
    const services = `/api/v1/namespaces/${ns}/services`;
    const net = `/apis/networking.k8s.io/v1/namespaces/${ns}`;
    const backend = { service: { name: "s", port: { number: 80 } } };
    return [
      ...made(
        services,
        "v1",
        "Service",
        specs([
          {
            selector: labels,
            ports: [{ port: 80 }, { port: 81, name: "x", protocol: "UDP", targetPort: "dns" }].map((port, index) => ({
              name: `p${index}`,
              ...port,
            })),
          },
          { ports: [{ port: 80, targetPort: 0 }] },
          { clusterIP: "None", ports: [{ port: 80 }] },
          { type: "NodePort", ports: [{ port: 80, nodePort: 31234 }], externalTrafficPolicy: "Local" },
          {
            type: "LoadBalancer",
            ports: [{ port: 80 }],
            externalTrafficPolicy: "Local",
            loadBalancerClass: "example.com/lb",
          },
          {
            type: "LoadBalancer",
            ports: [{ port: 80 }],
            allocateLoadBalancerNodePorts: false,
            loadBalancerSourceRanges: ["10.0.0.0/8"],
          },
          { type: "ExternalName", externalName: "a.example.com", ports: [{ port: 80 }] },
          {
            sessionAffinity: "ClientIP",
            ports: [{ port: 80 }],
            internalTrafficPolicy: "Local",
            ipFamilyPolicy: "PreferDualStack",
          },
          { ports: [{ port: 80 }], clusterIP: "", externalIPs: ["192.0.2.1"], publishNotReadyAddresses: true },
          { ports: [{ port: 80, appProtocol: "http" }], trafficDistribution: "PreferClose" },
        ]),
      ),
      ...made(
        `${net}/ingresses`,
        "networking.k8s.io/v1",
        "Ingress",
        specs([
          { defaultBackend: backend },
          { rules: [{ host: "a.example.com" }] },
          {
            rules: [{ http: { paths: [{ path: "/a", pathType: "Exact", backend }] } }],
            tls: [{ hosts: ["a.example.com"], secretName: "s" }],
            ingressClassName: "x",
          },
        ]),
      ),
      ...made(
        `${net}/networkpolicies`,
        "networking.k8s.io/v1",
        "NetworkPolicy",
        specs([
          { podSelector: {} },
          { podSelector: {}, egress: [] },
          { podSelector: {}, egress: [{}] },
          {
            podSelector: { matchLabels: labels },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{}] }],
          },
          {
            podSelector: {},
            ingress: [{ from: [{ podSelector: {} }], ports: [{ port: "web" }, { port: 1, endPort: 5 }] }],
          },
        ]),
      ),
      ...made(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, "discovery.k8s.io/v1", "EndpointSlice", [
        { addressType: "IPv4", endpoints: [] },
        {
          addressType: "IPv4",
          endpoints: [{ addresses: ["10.1.1.1"], conditions: {} }],
          ports: [{ port: 80 }, { name: "x", port: 81, protocol: "UDP" }],
        },
        { addressType: "IPv4", endpoints: null, ports: null },
      ]),
      ...made(`/api/v1/namespaces/${ns}/endpoints`, "v1", "Endpoints", [
        {},
        { subsets: [{ addresses: [{ ip: "10.1.1.1" }], ports: [{ port: 80 }] }] },
      ]),
    ];
  },
  rest: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const hook = {
      name: "a.example.com",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      clientConfig: { service: { name: "s", namespace: "n" } },
      rules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] }],
    };
    const policy = { matchConstraints: { resourceRules: hook.rules }, validations: [{ expression: "true" }] };
    const cluster = (path: string, apiVersion: string, kind: string, objects: readonly Fields[]) =>
      made(
        path,
        apiVersion,
        kind,
        objects.map((object, index) => ({
          ...object,
          metadata: { name: `${ns}-${index}`, ...(object["metadata"] as Fields) },
        })),
      );
    return [
      ...made(`${core}/secrets`, "v1", "Secret", [
        {},
        { type: "example.com/t", data: {}, immutable: false },
        { stringData: { a: "" } },
        { type: "kubernetes.io/basic-auth", stringData: { username: "u" } },
      ]),
      ...made(`${core}/configmaps`, "v1", "ConfigMap", [
        {},
        { data: {}, binaryData: {} },
        { data: { a: "" }, immutable: true },
      ]),
      ...made(`${core}/serviceaccounts`, "v1", "ServiceAccount", [
        { automountServiceAccountToken: false },
        { secrets: [{ name: "a", namespace: "b" }], imagePullSecrets: [{ name: "c" }] },
      ]),
      ...made(
        `${core}/limitranges`,
        "v1",
        "LimitRange",
        specs([
          { limits: [{ type: "Container", max: { cpu: "1" } }] },
          {
            limits: [
              { type: "Container", min: { cpu: "100m" }, default: { memory: "1Gi" } },
              { type: "Pod", max: { cpu: "2" } },
            ],
          },
          { limits: [{ type: "PersistentVolumeClaim", max: { storage: "10Gi" }, min: { storage: "1Gi" } }] },
        ]),
      ),
      ...made(
        `${core}/resourcequotas`,
        "v1",
        "ResourceQuota",
        specs([
          { hard: {} },
          { hard: { "limits.cpu": "2000m", "count/secrets": 3 }, scopes: ["NotTerminating"] },
          {
            hard: { pods: "1" },
            scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["a"] }] },
          },
        ]),
      ),
      ...made(
        `${core}/persistentvolumeclaims`,
        "v1",
        "PersistentVolumeClaim",
        specs([
          { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1000Mi" } }, storageClassName: "" },
          {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
            volumeMode: "Block",
            dataSource: { kind: "PersistentVolumeClaim", name: "m0" },
          },
          {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
            dataSourceRef: { apiGroup: "example.com", kind: "K", name: "n" },
          },
        ]),
      ),
      ...made(`${core}/podtemplates`, "v1", "PodTemplate", [{ template: podTemplate }]),
      ...made(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, "coordination.k8s.io/v1", "Lease", [
        {},
        { spec: { holderIdentity: "me", leaseDurationSeconds: 15, renewTime: "2030-01-01T00:00:00.000000Z" } },
      ]),
      ...made(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, "policy/v1", "PodDisruptionBudget", [
        {},
        { spec: { maxUnavailable: "50%", selector, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
      ]),
      ...made(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/rolebindings`,
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        [
          { roleRef: { kind: "ClusterRole", name: "view" } },
          {
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
            subjects: [
              { kind: "User", name: "u" },
              { kind: "Group", name: "g" },
              { kind: "ServiceAccount", name: "s" },
            ],
          },
        ],
      ),
      ...made(`/apis/events.k8s.io/v1/namespaces/${ns}/events`, "events.k8s.io/v1", "Event", [
        {
          regarding: { kind: "Pod", name: "m", namespace: ns },
          eventTime: "2030-01-01T00:00:00.000000Z",
          reportingController: "example.com/c",
          reportingInstance: "i",
          action: "a",
          reason: "r",
          type: "Normal",
        },
      ]),
      ...made(`/apis/apps/v1/namespaces/${ns}/controllerrevisions`, "apps/v1", "ControllerRevision", [
        { revision: 1, data: { a: [] } },
        { revision: 2 },
      ]),
      ...cluster("/api/v1/nodes", "v1", "Node", [
        { spec: { podCIDR: "10.1.0.0/24", taints: [{ key: "a", effect: "NoSchedule" }] } },
        { spec: { unschedulable: true, providerID: "p" }, status: { capacity: { cpu: "4", memory: "8Gi" } } },
      ]),
      ...cluster(
        "/api/v1/persistentvolumes",
        "v1",
        "PersistentVolume",
        specs([
          {
            capacity: { storage: "1000Mi" },
            accessModes: ["ReadWriteOnce"],
            csi: { driver: "example.com", volumeHandle: "h" },
          },
          {
            capacity: { storage: "1Gi" },
            accessModes: ["ReadWriteMany"],
            nfs: { server: "s", path: "/" },
            persistentVolumeReclaimPolicy: "Delete",
            storageClassName: "x",
          },
          {
            capacity: { storage: "1Gi" },
            accessModes: ["ReadWriteOnce"],
            iscsi: { targetPortal: "p", iqn: "iqn.2000-01.com.example:x", lun: 0 },
            claimRef: { name: "c", namespace: ns },
          },
          {
            capacity: { storage: "1Gi" },
            accessModes: ["ReadWriteOnce"],
            azureDisk: { diskName: "d", diskURI: "https://x" },
          },
        ]),
      ),
      ...cluster("/apis/storage.k8s.io/v1/storageclasses", "storage.k8s.io/v1", "StorageClass", [
        {
          provisioner: "example.com/p",
          reclaimPolicy: "Retain",
          volumeBindingMode: "WaitForFirstConsumer",
          allowVolumeExpansion: true,
        },
        {
          provisioner: "example.com/p",
          parameters: {},
          mountOptions: [],
          allowedTopologies: [{ matchLabelExpressions: [{ key: "a", values: ["b"] }] }],
        },
      ]),
      ...cluster("/apis/storage.k8s.io/v1/csidrivers", "storage.k8s.io/v1", "CSIDriver", [
        { spec: {} },
        { spec: { attachRequired: false, volumeLifecycleModes: ["Ephemeral"], tokenRequests: [{ audience: "a" }] } },
      ]),
      ...cluster("/apis/storage.k8s.io/v1/csinodes", "storage.k8s.io/v1", "CSINode", [
        { spec: { drivers: [] } },
        { spec: { drivers: [{ name: "a", nodeID: "n" }] } },
      ]),
      ...cluster("/apis/scheduling.k8s.io/v1/priorityclasses", "scheduling.k8s.io/v1", "PriorityClass", [
        { value: 0 },
        { value: -5, preemptionPolicy: "Never", globalDefault: false, description: "d" },
      ]),
      ...cluster("/apis/node.k8s.io/v1/runtimeclasses", "node.k8s.io/v1", "RuntimeClass", [
        { handler: "h" },
        {
          handler: "h",
          overhead: { podFixed: { cpu: "0.25" } },
          scheduling: { nodeSelector: { a: "b" }, tolerations: [{ key: "a" }] },
        },
      ]),
      ...cluster("/apis/networking.k8s.io/v1/ingressclasses", "networking.k8s.io/v1", "IngressClass", [
        { spec: { controller: "example.com/c" } },
        { spec: { controller: "example.com/c", parameters: { kind: "K", name: "n" } } },
      ]),
      ...cluster("/apis/rbac.authorization.k8s.io/v1/clusterroles", "rbac.authorization.k8s.io/v1", "ClusterRole", [
        {},
        { rules: [] },
        { rules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/metrics/*"] }] },
      ]),
      ...cluster(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        [
          {
            roleRef: { kind: "ClusterRole", name: "view" },
            subjects: [{ kind: "ServiceAccount", name: "s", namespace: ns }],
          },
        ],
      ),
      ...cluster(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
        [{}, { webhooks: [hook] }],
      ),
      ...cluster(
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1",
        "MutatingWebhookConfiguration",
        [{ webhooks: [{ ...hook, timeoutSeconds: 5, reinvocationPolicy: "IfNeeded", matchPolicy: "Exact" }] }],
      ),
      ...cluster(
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicy",
        specs([
          policy,
          {
            ...policy,
            failurePolicy: "Ignore",
            validations: [{ expression: "1 < 2", message: "m" }],
            variables: [{ name: "a", expression: "1" }],
          },
        ]),
      ),
      ...cluster(
        "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
        "flowcontrol.apiserver.k8s.io/v1",
        "PriorityLevelConfiguration",
        specs([
          { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
          { type: "Limited", limited: { limitResponse: { type: "Queue", queuing: {} } } },
        ]),
      ),
      ...cluster("/api/v1/namespaces", "v1", "Namespace", [
        { metadata: { labels: { a: "b" } } },
        { spec: {}, status: { phase: "Terminating" } },
      ]),
    ];
  },
  changes: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    return [
      post(`${apps}/deployments`, {
        metadata: { name: "d" },
        spec: { selector, template: podTemplate, strategy: { type: "Recreate" } },
      }),
      patch(`${apps}/deployments/d`, { spec: { strategy: { type: "RollingUpdate" } } }),
      patch(`${apps}/deployments/d`, { spec: { replicas: null, strategy: null } }),
      patch(`${apps}/deployments/d`, {
        spec: { template: { spec: { containers: [{ name: "web", image: "new:latest" }] } } },
      }),
      patch(`${apps}/deployments/d`, {
        spec: { template: { spec: { terminationGracePeriodSeconds: null, dnsPolicy: null } } },
      }),
      put(`${apps}/deployments/d`, { metadata: { name: "d" }, spec: { selector, template: podTemplate } }),
      post(`${core}/services`, { metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } }),
      patch(`${core}/services/s`, { spec: { ports: [{ port: 90 }] } }),
      patch(`${core}/services/s`, { spec: { type: "LoadBalancer" } }),
      patch(`${core}/services/s`, { spec: { sessionAffinity: "ClientIP" } }),
      patch(`${core}/services/s`, { spec: { sessionAffinity: "None" } }),
      patch(`${core}/services/s`, { spec: { type: "ClusterIP" } }),
      put(`${core}/services/s`, { metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } }),
      patch(
        `${apps}/statefulsets/a?fieldManager=x`,
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "a" },
          spec: { selector, template: podTemplate },
        },
        APPLY,
      ),
      patch(
        `${apps}/daemonsets/a?fieldManager=x`,
        {
          apiVersion: "apps/v1",
          kind: "DaemonSet",
          metadata: { name: "a" },
          spec: { selector, template: podTemplate },
        },
        APPLY,
      ),
      patch(
        `/apis/batch/v1/namespaces/${ns}/cronjobs/a?fieldManager=x`,
        {
          apiVersion: "batch/v1",
          kind: "CronJob",
          metadata: { name: "a" },
          spec: {
            schedule: "@daily",
            jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: "Never" } } } },
          },
        },
        APPLY,
      ),
      patch(
        `${core}/persistentvolumeclaims/a?fieldManager=x`,
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "a" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
        APPLY,
      ),
      named("list", read(`${apps}/deployments`)),
      named("services", read(`${core}/services`)),
    ];
  },
};
