/**
 * The topic `validation`, continued: changes that make objects wrong, and what quotas and limits of a namespace refuse.
 */
import {
  APPLY,
  container,
  JSON_PATCH,
  labels,
  patch,
  podTemplate,
  post,
  put,
  read,
  STRATEGIC,
  selector,
  type TopicScenarios,
} from "./requests.ts";

const never = { template: { spec: { containers: [container], restartPolicy: "Never" } } };

export const validationChangeScenarios: TopicScenarios = {
  "workload-changes": (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const batch = `/apis/batch/v1/namespaces/${ns}`;
    const hpas = `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`;
    const d = `${apps}/deployments/d`;
    return [
      post(`${apps}/deployments`, { metadata: { name: "d" }, spec: { selector, template: podTemplate } }),
      patch(d, { spec: { replicas: -1 } }),
      patch(d, { spec: { replicas: "3" } }),
      patch(d, { spec: { selector: { matchLabels: { app: "other" } } } }),
      patch(d, {
        spec: { selector: { matchLabels: { app: "other" } }, template: { metadata: { labels: { app: "other" } } } },
      }),
      patch(d, { spec: { template: { metadata: { labels: { app: null } } } } }),
      patch(d, { spec: { template: { spec: { containers: [] } } } }),
      patch(d, { spec: { template: { spec: { containers: [{ name: "web", image: null }] } } } }, STRATEGIC),
      patch(d, { spec: { template: { spec: { containers: [{ name: "Bad_", image: "i" }] } } } }, STRATEGIC),
      patch(d, { spec: { template: { spec: { containers: [{ name: "web", $patch: "delete" }] } } } }, STRATEGIC),
      patch(d, { spec: { strategy: { type: "Recreate" } } }),
      patch(d, { spec: { strategy: { type: "Recreate", rollingUpdate: null } } }),
      patch(d, { spec: { progressDeadlineSeconds: 0, minReadySeconds: 5, revisionHistoryLimit: -1 } }),
      patch(d, [{ op: "replace", path: "/spec/template/spec/restartPolicy", value: "Never" }], JSON_PATCH),
      patch(d, [{ op: "remove", path: "/spec/template/spec/containers/0/image" }], JSON_PATCH),
      patch(d, [{ op: "remove", path: "/spec/selector" }], JSON_PATCH),
      patch(d, [{ op: "add", path: "/metadata/labels", value: { "a b": "c" } }], JSON_PATCH),
      patch(d, { metadata: { labels: { a: "not valid!" }, annotations: { "b c": "x" }, finalizers: ["plain"] } }),
      patch(d, { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "" }] } }),
      patch(d, { metadata: { generation: 50, deletionGracePeriodSeconds: 3 } }),
      patch(
        `${d}?fieldManager=x&force=true`,
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "d" },
          spec: { replicas: -5, selector: { matchLabels: { b: "c" } } },
        },
        APPLY,
      ),
      put(d, { metadata: { name: "d" }, spec: { selector, template: podTemplate, replicas: -2, paused: true } }),
      put(d, { metadata: { name: "d" }, spec: {} }),
      put(d, { metadata: { name: "d", resourceVersion: "1" }, spec: { replicas: -1 } }),
      put(d, { metadata: { name: "other" }, spec: { replicas: -1 } }),
      patch(`${d}/status`, {
        status: { replicas: -1, readyReplicas: 5, availableReplicas: 9, observedGeneration: -1 },
      }),
      patch(`${d}/scale`, { spec: { replicas: -1 } }),
      post(`${apps}/statefulsets`, {
        metadata: { name: "s" },
        spec: { serviceName: "s", selector, template: podTemplate },
      }),
      patch(`${apps}/statefulsets/s`, { spec: { serviceName: "t" } }),
      patch(`${apps}/statefulsets/s`, {
        spec: { selector: { matchLabels: { b: "c" } }, template: { metadata: { labels: { b: "c" } } } },
      }),
      patch(`${apps}/statefulsets/s`, {
        spec: { podManagementPolicy: "Parallel", serviceName: "u", revisionHistoryLimit: 3 },
      }),
      patch(`${apps}/statefulsets/s`, { spec: { updateStrategy: { type: "OnDelete" } } }),
      patch(`${apps}/statefulsets/s`, { spec: { updateStrategy: { rollingUpdate: { partition: -1 } } } }),
      patch(`${apps}/statefulsets/s`, { spec: { ordinals: { start: -1 }, minReadySeconds: -1 } }),
      post(`${apps}/daemonsets`, { metadata: { name: "ds" }, spec: { selector, template: podTemplate } }),
      patch(`${apps}/daemonsets/ds`, { spec: { selector: { matchLabels: { b: "c" } } } }),
      patch(`${apps}/daemonsets/ds`, { spec: { updateStrategy: { rollingUpdate: { maxSurge: 1 } } } }),
      patch(`${apps}/daemonsets/ds`, { spec: { template: { spec: { restartPolicy: "OnFailure" } } } }),
      post(`${apps}/replicasets`, { metadata: { name: "rs" }, spec: { selector, template: podTemplate } }),
      patch(`${apps}/replicasets/rs`, { spec: { selector: { matchLabels: { app: "shop", more: "x" } } } }),
      patch(`${apps}/replicasets/rs/status`, { status: { replicas: 1, readyReplicas: 3 } }),
      post(`${batch}/jobs`, { metadata: { name: "j" }, spec: never }),
      patch(`${batch}/jobs/j`, { spec: { completions: 5 } }),
      patch(`${batch}/jobs/j`, { spec: { template: { spec: { containers: [{ ...container, image: "x" }] } } } }),
      patch(`${batch}/jobs/j`, { spec: { template: { metadata: { labels: { a: "b" } } } } }),
      patch(`${batch}/jobs/j`, { spec: { selector: { matchLabels: { a: "b" } } } }),
      patch(`${batch}/jobs/j`, { spec: { completionMode: "Indexed", backoffLimit: -1 } }),
      patch(`${batch}/jobs/j`, { spec: { backoffLimit: 2, activeDeadlineSeconds: 5, ttlSecondsAfterFinished: 1 } }),
      patch(`${batch}/jobs/j`, { spec: { podFailurePolicy: { rules: [] }, podReplacementPolicy: "Failed" } }),
      patch(`${batch}/jobs/j`, { spec: { managedBy: "example.com/x" } }),
      patch(`${batch}/jobs/j/status`, { status: { active: -1, conditions: [{ type: "Complete", status: "True" }] } }),
      patch(`${batch}/jobs/j/status`, { status: { completionTime: "2030-01-01T00:00:00Z" } }),
      post(`${batch}/cronjobs`, {
        metadata: { name: "c" },
        spec: { schedule: "@daily", jobTemplate: { spec: never } },
      }),
      patch(`${batch}/cronjobs/c`, { spec: { schedule: "x", timeZone: "Nowhere/X", concurrencyPolicy: "Odd" } }),
      patch(`${batch}/cronjobs/c`, { spec: { schedule: "TZ=UTC * * * * *" } }),
      patch(`${batch}/cronjobs/c`, {
        spec: { jobTemplate: { spec: { template: { spec: { restartPolicy: "Always" } } } } },
      }),
      post(hpas, {
        metadata: { name: "h" },
        spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" } },
      }),
      patch(`${hpas}/h`, { spec: { minReplicas: 5 } }),
      patch(`${hpas}/h`, { spec: { minReplicas: 0 } }),
      patch(`${hpas}/h`, { spec: { maxReplicas: 0, minReplicas: -1 } }),
      patch(`${hpas}/h`, {
        spec: { metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization" } } }] },
      }),
      patch(`${hpas}/h`, { spec: { scaleTargetRef: { kind: null, name: "" } } }),
      post(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, {
        metadata: { name: "b" },
        spec: { minAvailable: 1, selector },
      }),
      patch(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/b`, { spec: { maxUnavailable: 1 } }),
      patch(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/b`, { spec: { minAvailable: "-5%" } }),
      patch(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/b`, {
        spec: { selector: { matchLabels: { app: "other" } } },
      }),
      patch(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/b/status`, {
        status: { currentHealthy: -1, desiredHealthy: -1, disruptionsAllowed: -1, expectedPods: -1 },
      }),
    ];
  },
  "other-changes": (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const net = `/apis/networking.k8s.io/v1/namespaces/${ns}`;
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}`;
    return [
      post(`${core}/pods`, { metadata: { name: "p", labels }, spec: { containers: [container] } }),
      patch(`${core}/pods/p`, { spec: { nodeName: "n" } }),
      patch(`${core}/pods/p`, { spec: { containers: [{ name: "web", image: "" }] } }, STRATEGIC),
      patch(`${core}/pods/p`, { spec: { containers: [{ name: "web", image: " x" }] } }, STRATEGIC),
      patch(
        `${core}/pods/p`,
        { spec: { containers: [{ name: "web", resources: { limits: { cpu: "1" } } }] } },
        STRATEGIC,
      ),
      patch(`${core}/pods/p`, { spec: { containers: [{ name: "new", image: "i" }] } }, STRATEGIC),
      patch(`${core}/pods/p`, { spec: { restartPolicy: "Never", dnsPolicy: "Default" } }),
      patch(`${core}/pods/p`, { spec: { tolerations: [{ key: "a", operator: "Exists" }] } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: 0 } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: 50 } }),
      patch(`${core}/pods/p`, { spec: { activeDeadlineSeconds: 60 } }),
      patch(`${core}/pods/p`, { spec: { terminationGracePeriodSeconds: 5 } }),
      patch(`${core}/pods/p`, { spec: { ephemeralContainers: [{ name: "e", image: "i" }] } }),
      patch(`${core}/pods/p/status`, { status: { phase: "Odd", podIP: "x", hostIP: "y", podIPs: [{ ip: "z" }] } }),
      patch(`${core}/pods/p/status`, {
        status: { containerStatuses: [{ name: "web", restartCount: -1 }], conditions: [{ type: "a b", status: "x" }] },
      }),
      patch(`${core}/pods/p/status`, { status: { nominatedNodeName: "Bad_", qosClass: "Guaranteed" } }),
      post(`${core}/services`, { metadata: { name: "s" }, spec: { ports: [{ port: 80 }], selector: labels } }),
      patch(`${core}/services/s`, { spec: { ports: [] } }),
      patch(`${core}/services/s`, { spec: { ports: [{ port: 0 }] } }),
      patch(`${core}/services/s`, { spec: { ports: [{ port: 81 }] } }, STRATEGIC),
      patch(`${core}/services/s`, { spec: { clusterIP: "10.0.0.99" } }),
      patch(`${core}/services/s`, { spec: { clusterIP: "" } }),
      patch(`${core}/services/s`, { spec: { clusterIP: null, clusterIPs: null } }),
      patch(`${core}/services/s`, { spec: { ipFamilyPolicy: "RequireDualStack" } }),
      patch(`${core}/services/s`, { spec: { type: "ExternalName" } }),
      patch(`${core}/services/s`, { spec: { type: "LoadBalancer", loadBalancerClass: "a b" } }),
      patch(`${core}/services/s`, { spec: { externalTrafficPolicy: "Local" } }),
      patch(`${core}/services/s/status`, {
        status: {
          loadBalancer: { ingress: [{ ip: "x" }, { hostname: "10.0.0.1" }, { ip: "10.0.0.1", ports: [{ port: 0 }] }] },
        },
      }),
      post(`${core}/secrets`, {
        metadata: { name: "x" },
        type: "kubernetes.io/basic-auth",
        stringData: { username: "u" },
      }),
      patch(`${core}/secrets/x`, { data: { username: null } }),
      patch(`${core}/secrets/x`, { data: { "a b": "eA==" } }),
      patch(`${core}/secrets/x`, { data: { a: "***" } }),
      patch(`${core}/secrets/x`, { stringData: { a: 5 } }),
      patch(`${core}/secrets/x`, { type: "Opaque", immutable: true }),
      patch(`${core}/secrets/x`, { immutable: true }),
      patch(`${core}/secrets/x`, { stringData: { a: "b" } }),
      post(`${core}/configmaps`, { metadata: { name: "c" }, data: { a: "b" } }),
      patch(`${core}/configmaps/c`, { data: { a: 5 } }),
      patch(`${core}/configmaps/c`, { data: { "../x": "y" }, binaryData: { a: "eA==" } }),
      patch(`${core}/configmaps/c`, { data: "x" }),
      post(`${core}/persistentvolumeclaims`, {
        metadata: { name: "v" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
      }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { resources: { requests: { storage: "1Gi" } } } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { accessModes: [], volumeMode: "Block" } }),
      patch(`${core}/persistentvolumeclaims/v/status`, { status: { phase: "Bound", capacity: { storage: "2Gi" } } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { resources: { requests: { storage: "3Gi" } } } }),
      patch(`${core}/persistentvolumeclaims/v`, { spec: { resources: { requests: { storage: "1Gi" } } } }),
      post(`${core}/serviceaccounts`, { metadata: { name: "sa" } }),
      patch(`${core}/serviceaccounts/sa`, { secrets: "x" }),
      post(`${core}/limitranges`, { metadata: { name: "l" }, spec: { limits: [{ type: "Pod", max: { cpu: "2" } }] } }),
      patch(`${core}/limitranges/l`, { spec: { limits: [{ type: "Pod", max: { cpu: "1" }, min: { cpu: "2" } }] } }),
      post(`${core}/resourcequotas`, {
        metadata: { name: "q" },
        spec: { hard: { pods: "9" }, scopes: ["BestEffort"] },
      }),
      patch(`${core}/resourcequotas/q`, { spec: { hard: { pods: "-1", cpu: "1" } } }),
      patch(`${core}/resourcequotas/q`, { spec: { scopes: ["NotBestEffort"] } }),
      patch(`${core}/resourcequotas/q/status`, { status: { hard: { "a b": "1" }, used: { pods: "-1" } } }),
      post(`${net}/ingresses`, {
        metadata: { name: "i" },
        spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } },
      }),
      patch(`${net}/ingresses/i`, { spec: { defaultBackend: null } }),
      patch(`${net}/ingresses/i`, { spec: { defaultBackend: { service: { port: { name: "x" } } } } }),
      patch(`${net}/ingresses/i`, { spec: { rules: [{ host: "*", http: { paths: [] } }] } }),
      patch(`${net}/ingresses/i/status`, { status: { loadBalancer: { ingress: [{ ip: "x", hostname: "Bad_" }] } } }),
      post(`${net}/networkpolicies`, { metadata: { name: "n" }, spec: { podSelector: {} } }),
      patch(`${net}/networkpolicies/n`, { spec: { policyTypes: ["Odd"], ingress: [{ from: [{}] }] } }),
      post(`${rbac}/roles`, {
        metadata: { name: "r" },
        rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
      }),
      patch(`${rbac}/roles/r`, { rules: [{ verbs: [] }] }),
      patch(`${rbac}/roles/r`, [{ op: "remove", path: "/rules/0/resources" }], JSON_PATCH),
      post(`${rbac}/rolebindings`, {
        metadata: { name: "rb" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
      }),
      patch(`${rbac}/rolebindings/rb`, { roleRef: { name: "other" } }),
      patch(`${rbac}/rolebindings/rb`, {
        subjects: [
          { kind: "User", name: "" },
          { kind: "Odd", name: "x" },
        ],
      }),
      post(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, {
        metadata: { name: "l" },
        spec: { holderIdentity: "a" },
      }),
      patch(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases/l`, {
        spec: { leaseDurationSeconds: 0, leaseTransitions: -1 },
      }),
      post(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, {
        metadata: { name: "e" },
        addressType: "IPv4",
        endpoints: [{ addresses: ["10.1.1.1"] }],
      }),
      patch(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices/e`, { addressType: "IPv6" }),
      patch(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices/e`, { endpoints: [{ addresses: [] }] }),
      patch(`/api/v1/namespaces/${ns}`, { metadata: { labels: { "kubernetes.io/metadata.name": "x" } } }),
      patch(`/api/v1/namespaces/${ns}`, { spec: { finalizers: [] }, metadata: { finalizers: ["plain"] } }),
      patch(`/api/v1/namespaces/${ns}/status`, { status: { phase: "Odd" } }),
      post("/apis/storage.k8s.io/v1/storageclasses", {
        metadata: { name: ns },
        provisioner: "a",
        parameters: { a: "b" },
      }),
      patch(`/apis/storage.k8s.io/v1/storageclasses/${ns}`, {
        provisioner: "b",
        parameters: { a: "c" },
        reclaimPolicy: "Retain",
      }),
      patch(`/apis/storage.k8s.io/v1/storageclasses/${ns}`, {
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      }),
      post("/api/v1/nodes", { metadata: { name: ns }, spec: { podCIDR: "10.1.0.0/24", providerID: "p" } }),
      patch(`/api/v1/nodes/${ns}`, { spec: { podCIDR: "10.2.0.0/24", podCIDRs: ["10.2.0.0/24"] } }),
      patch(`/api/v1/nodes/${ns}`, { spec: { providerID: "q", taints: [{ key: "a" }] } }),
      patch(`/api/v1/nodes/${ns}/status`, {
        status: {
          capacity: { cpu: "-1" },
          addresses: [
            { type: "InternalIP", address: "a" },
            { type: "InternalIP", address: "a" },
          ],
        },
      }),
      post("/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name: ns }, value: 7 }),
      patch(`/apis/scheduling.k8s.io/v1/priorityclasses/${ns}`, { value: 8, preemptionPolicy: "Never" }),
    ];
  },
  "pod-annotations": (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const pod = (annotations: object, spec: object = {}) =>
      post(pods, { metadata: { generateName: "p", annotations }, spec: { containers: [container], ...spec } });
    const seccomp = (name: string) => `container.seccomp.security.alpha.kubernetes.io/${name}`;
    const appArmor = (name: string) => `container.apparmor.security.beta.kubernetes.io/${name}`;
    const mirror = "kubernetes.io/config.mirror";
    const cost = "controller.kubernetes.io/pod-deletion-cost";
    return [
      pod({ "seccomp.security.alpha.kubernetes.io/pod": "x" }),
      pod({ "seccomp.security.alpha.kubernetes.io/pod": "localhost//a/../b" }),
      pod({ [seccomp("web")]: "strange" }),
      pod({ [seccomp("other")]: "localhost/../b" }),
      pod({ [appArmor("other")]: "runtime/default" }),
      pod({ [appArmor("web")]: "strange" }),
      pod({ [mirror]: "h" }),
      pod({ [cost]: "01" }, { restartPolicy: "Odd" }),
      post(pods, { metadata: { name: "one", annotations: { [cost]: "5" } }, spec: { containers: [container] } }),
      patch(`${pods}/one`, { metadata: { annotations: { [mirror]: "h" } } }),
      patch(`${pods}/one`, { metadata: { annotations: { [appArmor("web")]: "unconfined" } } }),
      patch(`${pods}/one`, { metadata: { annotations: { [appArmor("x")]: "no" } } }),
      patch(`${pods}/one`, { metadata: { annotations: { [cost]: "x", [seccomp("web")]: "y" } } }),
      post(pods, {
        metadata: { name: "two", annotations: { [appArmor("web")]: "unconfined" } },
        spec: { containers: [container] },
      }),
      patch(`${pods}/two`, { metadata: { annotations: { [appArmor("web")]: "runtime/default" } } }),
      patch(`${pods}/two`, { metadata: { annotations: { [appArmor("web")]: null } } }),
    ];
  },
  "quotas-and-limits": (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const quota = (name: string, hard: object, used: object, more: object = {}) => [
      post(`${core}/resourcequotas`, { metadata: { name }, spec: { hard, ...more } }),
      patch(`${core}/resourcequotas/${name}/status`, { status: { hard, used } }),
    ];
    const pod = (name: string, resources: object, more: object = {}) =>
      post(`${core}/pods`, { metadata: { name }, spec: { containers: [{ ...container, resources }], ...more } });
    const claim = (name: string, storage: string, more: object = {}) =>
      post(`${core}/persistentvolumeclaims`, {
        metadata: { name },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...more },
      });
    return [
      ...quota(
        "things",
        {
          secrets: "2",
          "count/configmaps": "2",
          services: "2",
          "services.nodeports": "1",
          "services.loadbalancers": "0",
          persistentvolumeclaims: "2",
          "requests.storage": "3Gi",
        },
        {
          secrets: "1",
          "count/configmaps": "1",
          services: "0",
          "services.nodeports": "0",
          "services.loadbalancers": "0",
          persistentvolumeclaims: "0",
          "requests.storage": "0",
        },
      ),
      post(`${core}/secrets`, { metadata: { name: "a" } }),
      post(`${core}/secrets`, { metadata: { name: "b" } }),
      post(`${core}/configmaps`, { metadata: { name: "a" } }),
      post(`${core}/configmaps`, { metadata: { name: "b" } }),
      post(`${core}/services`, { metadata: { name: "a" }, spec: { type: "NodePort", ports: [{ port: 80 }] } }),
      post(`${core}/services`, { metadata: { name: "b" }, spec: { type: "NodePort", ports: [{ port: 80 }] } }),
      post(`${core}/services`, { metadata: { name: "c" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } }),
      post(`${core}/services`, { metadata: { name: "d" }, spec: { ports: [{ port: 80 }] } }),
      post(`${core}/services`, { metadata: { name: "e" }, spec: { ports: [{ port: 80 }] } }),
      patch(`${core}/services/d`, { spec: { type: "NodePort" } }),
      claim("a", "2Gi"),
      claim("b", "2Gi"),
      claim("c", "1Gi"),
      claim("d", "1Mi"),
      read(`${core}/resourcequotas/things`),
      ...quota(
        "pods",
        { pods: "3", "requests.cpu": "1", "limits.memory": "1Gi" },
        { pods: "0", "requests.cpu": "0", "limits.memory": "0" },
      ),
      pod("none", {}),
      pod("half", { requests: { cpu: "500m" } }),
      pod("one", { requests: { cpu: "600m" }, limits: { memory: "512Mi" } }),
      pod("two", { requests: { cpu: "600m" }, limits: { memory: "600Mi" } }),
      pod("three", { requests: { cpu: "100m" }, limits: { memory: "512Mi", cpu: "1" } }),
      read(`${core}/resourcequotas/pods`),
      ...quota("best", { pods: "1" }, { pods: "0" }, { scopes: ["BestEffort"] }),
      ...quota("terminating", { pods: "0" }, { pods: "0" }, { scopes: ["Terminating"] }),
      pod("deadline", { requests: { cpu: "1m" }, limits: { memory: "1Mi" } }, { activeDeadlineSeconds: 5 }),
      read(`${core}/resourcequotas`),
      post(`${core}/limitranges`, {
        metadata: { name: "all" },
        spec: {
          limits: [
            {
              type: "Container",
              min: { cpu: "50m", memory: "10Mi" },
              max: { cpu: "2" },
              default: { memory: "100Mi" },
              defaultRequest: { cpu: "60m" },
              maxLimitRequestRatio: { cpu: "4" },
            },
            { type: "Pod", max: { memory: "300Mi" } },
            { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } },
          ],
        },
      }),
      pod("small", { requests: { cpu: "10m", memory: "1Mi" } }),
      pod("large", { limits: { cpu: "3" } }),
      pod("ratio", { requests: { cpu: "100m" }, limits: { cpu: "1" } }),
      pod("whole", { limits: { memory: "400Mi" }, requests: { cpu: "60m" } }),
      pod("no-limit", { requests: { memory: "20Mi" } }),
      claim("low", "500Mi"),
      claim("high", "5Gi"),
      post(`/apis/apps/v1/namespaces/${ns}/deployments`, {
        metadata: { name: "d" },
        spec: { selector, template: podTemplate },
      }),
      read(`${core}/limitranges/all`),
    ];
  },
};
