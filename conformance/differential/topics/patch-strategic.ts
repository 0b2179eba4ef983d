/**
 * Strategic patches: directives, right and wrong, and the merge keys of many kinds.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import {
  container,
  labels,
  patch,
  podTemplate,
  post,
  read,
  STRATEGIC,
  selector,
  type TopicScenarios,
} from "./requests.ts";

export const patchStrategicScenarios: TopicScenarios = {
  "strategic-odd": (ns) => {
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    const one = `${path}/d`;
    const inPod = (spec: unknown) => ({ spec: { template: { spec } } });
    const web = (more: object) => inPod({ containers: [{ name: "web", ...more }] });
    const bodies: readonly unknown[] = [
      { $patch: "replace", metadata: { name: "d" } },
      { $patch: "delete" },
      { $patch: "merge", metadata: { labels: { m: "1" } } },
      { $patch: null },
      { $patch: 5 },
      { $retainKeys: ["metadata"] },
      { $retainKeys: "x" },
      { $retainKeys: [] },
      { metadata: { $retainKeys: ["name", "labels"], labels: { a: "1" } } },
      { metadata: { $retainKeys: ["name"], labels: { a: "1" } } },
      { metadata: { labels: { $patch: "delete" } } },
      { metadata: { labels: { $patch: "odd" } } },
      { metadata: { labels: { $retainKeys: ["x"], x: "1" } } },
      { metadata: { annotations: { $patch: "replace" } } },
      { "$deleteFromPrimitiveList/metadata": ["a"] },
      { metadata: { "$deleteFromPrimitiveList/finalizers": "x" } },
      { metadata: { "$deleteFromPrimitiveList/finalizers": [] } },
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["none.example.com/x"] } },
      { metadata: { $deleteFromPrimitiveList: ["x"] } },
      { metadata: { "$deleteFromPrimitiveList/nothing": ["x"] } },
      {
        metadata: {
          "$setElementOrder/finalizers": ["b.example.com/x", "a.example.com/x"],
          finalizers: ["a.example.com/x", "b.example.com/x"],
        },
      },
      { metadata: { finalizers: ["a.example.com/x", "b.example.com/x", "a.example.com/x"] } },
      { metadata: { finalizers: ["c.example.com/x", "a.example.com/x"] } },
      { metadata: { "$setElementOrder/finalizers": ["c.example.com/x", "b.example.com/x", "a.example.com/x"] } },
      { metadata: { "$setElementOrder/finalizers": ["zz"] } },
      { metadata: { "$setElementOrder/finalizers": "x" } },
      { metadata: { "$setElementOrder/finalizers": null } },
      { metadata: { finalizers: [1] } },
      { metadata: { finalizers: [["x"]] } },
      { metadata: { finalizers: [{}] } },
      { metadata: { finalizers: null } },
      { metadata: { ownerReferences: [{ uid: "a", apiVersion: "v1", kind: "Pod", name: "a" }] } },
      {
        metadata: {
          ownerReferences: [
            { uid: "a", controller: true },
            { uid: "b", apiVersion: "v1", kind: "Pod", name: "b" },
          ],
        },
      },
      { metadata: { ownerReferences: [{ name: "b" }] } },
      { metadata: { "$setElementOrder/ownerReferences": [{ uid: "b" }, { uid: "a" }] } },
      { metadata: { ownerReferences: [{ $patch: "replace" }] } },
      web({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }] }),
      web({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
      web({ ports: [{ $patch: "delete", containerPort: 80 }] }),
      web({ ports: [{ containerPort: 90 }, { $patch: "replace" }] }),
      web({ ports: [{ port: 90 }] }),
      web({ ports: [{ containerPort: "x" }] }),
      web({
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      }),
      web({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }),
      web({ env: [{ name: "A", value: null }] }),
      web({ "$setElementOrder/env": [{ name: "B" }, { name: "A" }], env: [{ name: "B", value: "b" }] }),
      web({ "$setElementOrder/env": [{ name: "A" }], env: [{ name: "B", value: "b" }] }),
      web({ "$setElementOrder/env": [{}], env: [{ name: "B", value: "b" }] }),
      web({ envFrom: [{ configMapRef: { name: "c" } }] }),
      web({ envFrom: [{ secretRef: { name: "s" } }] }),
      web({
        volumeMounts: [
          { name: "v", mountPath: "/a" },
          { name: "v", mountPath: "/b" },
        ],
      }),
      web({
        volumeMounts: [
          { mountPath: "/a", $patch: "delete" },
          { mountPath: "/b", readOnly: true },
        ],
      }),
      web({ resources: { limits: { cpu: "1", memory: "1Gi" } } }),
      web({ resources: { limits: { cpu: null, memory: "2Gi" } } }),
      web({ resources: { limits: { $patch: "replace", cpu: 2 } } }),
      web({ livenessProbe: { httpGet: { port: 80 } } }),
      web({ livenessProbe: { exec: { command: ["x"] } } }),
      web({ livenessProbe: { httpGet: null, exec: { command: ["x"] } } }),
      web({ livenessProbe: null }),
      web({ command: ["a", "b"] }),
      web({ command: ["c"] }),
      web({ "$setElementOrder/command": ["c"] }),
      web({ "$deleteFromPrimitiveList/command": ["c"] }),
      web({ lifecycle: { preStop: { sleep: { seconds: 1 } } } }),
      inPod({ containers: [{ name: "web" }, { name: "new" }] }),
      inPod({ containers: [{ name: "web", $retainKeys: ["name", "image"], image: "registry.example/web:9" }] }),
      inPod({ containers: [{ name: "none", $patch: "delete" }] }),
      inPod({ containers: [null] }),
      inPod({ containers: [5] }),
      inPod({ containers: [[]] }),
      inPod({ containers: [] }),
      inPod({ containers: "x" }),
      inPod({ initContainers: [{ name: "i", image: "x", $patch: "delete" }] }),
      inPod({ initContainers: [{ name: "i", image: "x", bogus: 1 }] }),
      inPod({ volumes: [{ name: "v", emptyDir: {} }] }),
      inPod({ volumes: [{ name: "v", secret: { secretName: "x" } }] }),
      inPod({
        volumes: [
          { name: "v", $retainKeys: ["name", "secret"], secret: { secretName: "x", items: [{ key: "k", path: "p" }] } },
        ],
      }),
      inPod({ volumes: [{ name: "v", secret: { items: [{ key: "l", path: "q" }] } }] }),
      inPod({ volumes: [{ name: "v", projected: { sources: [{ configMap: { name: "a" } }] }, secret: null }] }),
      inPod({ volumes: [{ $patch: "delete", name: "v" }] }),
      inPod({ imagePullSecrets: [{ name: "a" }, { name: "b" }] }),
      inPod({ imagePullSecrets: [{ name: "a", $patch: "delete" }] }),
      inPod({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule", labelSelector: selector },
        ],
      }),
      inPod({
        topologySpreadConstraints: [
          { maxSkew: 2, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway", labelSelector: selector },
        ],
      }),
      inPod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      }),
      inPod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }],
            },
          },
        },
      }),
      inPod({ affinity: { $patch: "delete" } }),
      inPod({ securityContext: { sysctls: [{ name: "a", value: "b" }], supplementalGroups: [1, 2] } }),
      inPod({ securityContext: { sysctls: [{ name: "c", value: "d" }], supplementalGroups: [3] } }),
      inPod({ dnsConfig: { nameservers: ["1.1.1.1"], options: [{ name: "a" }] } }),
      inPod({ dnsConfig: { nameservers: ["2.2.2.2"], options: [{ name: "b" }] } }),
      inPod({ bogus: 1 }),
      inPod({ $setElementOrder: [] }),
      inPod({ "$setElementOrder/bogus": [{ name: "x" }] }),
      inPod({ "$setElementOrder/containers": [] }),
      inPod({ "$setElementOrder/containers": [{ name: "other" }, { name: "web" }] }),
      { spec: { strategy: { type: "Recreate" } } },
      { spec: { strategy: { type: "Recreate", rollingUpdate: null } } },
      {
        spec: {
          strategy: { $retainKeys: ["type", "rollingUpdate"], type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
        },
      },
      { spec: { selector: { matchLabels: { $patch: "replace", app: "shop" } } } },
      { spec: { selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } },
      { spec: { replicas: 2.5 } },
      { spec: { replicas: 99999999999 } },
      { spec: { replicas: -1, paused: "yes" } },
      { status: { replicas: 5 } },
      { kind: "DaemonSet" },
      { apiVersion: "apps/v1beta1" },
      { apiVersion: "extensions/v1beta1", kind: "Deployment" },
      { metadata: { name: "other" } },
      { metadata: { namespace: "other" } },
      { metadata: { uid: "x" } },
      { metadata: null },
      { metadata: { labels: null, annotations: null } },
    ];
    return [
      post(path, { metadata: { name: "d", labels: { l: "1" } }, spec: { selector, template: podTemplate } }),
      ...bodies.flatMap((body) => [
        patch(one, body, STRATEGIC),
        patch(`${one}?fieldValidation=Strict&dryRun=All`, body, STRATEGIC),
      ]),
      read(one),
    ];
  },
  "merge-keys": (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}`;
    const on = (path: string, ...bodies: readonly unknown[]): CapturedStep[] =>
      bodies.map((body) => patch(path, body, STRATEGIC));
    return [
      post(`${core}/services`, {
        metadata: { name: "s" },
        spec: {
          ports: [
            { port: 80, name: "a" },
            { port: 443, name: "b" },
          ],
          externalIPs: ["192.0.2.1"],
          loadBalancerSourceRanges: ["10.0.0.0/8"],
          type: "LoadBalancer",
        },
      }),
      ...on(
        `${core}/services/s`,
        { spec: { ports: [{ port: 80, targetPort: 8080 }] } },
        { spec: { ports: [{ port: 81, name: "c" }] } },
        { spec: { ports: [{ port: 443, $patch: "delete" }] } },
        { spec: { ports: [{ name: "a", nodePort: 30009 }] } },
        { spec: { ports: [{ port: 80, protocol: "UDP" }] } },
        { spec: { externalIPs: ["192.0.2.2"], loadBalancerSourceRanges: ["192.0.2.0/24"] } },
        {
          spec: { "$setElementOrder/ports": [{ port: 81 }, { port: 80 }], ports: [{ port: 81, appProtocol: "http" }] },
        },
        { spec: { selector: { a: "b" }, sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } } },
      ),
      patch(
        `${core}/services/s/status`,
        {
          status: {
            loadBalancer: { ingress: [{ ip: "192.0.2.3" }] },
            conditions: [
              { type: "A", status: "True", reason: "R", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" },
            ],
          },
        },
        STRATEGIC,
      ),
      patch(
        `${core}/services/s/status`,
        {
          status: {
            loadBalancer: { ingress: [{ ip: "192.0.2.4" }] },
            conditions: [
              { type: "B", status: "True", reason: "R", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" },
              { type: "A", message: "n" },
            ],
          },
          spec: { type: "ClusterIP" },
        },
        STRATEGIC,
      ),
      post(`${core}/serviceaccounts`, {
        metadata: { name: "sa" },
        secrets: [{ name: "a" }],
        imagePullSecrets: [{ name: "p" }],
      }),
      ...on(
        `${core}/serviceaccounts/sa`,
        { secrets: [{ name: "b" }] },
        { secrets: [{ name: "a", $patch: "delete" }] },
        { imagePullSecrets: [{ name: "q" }] },
        { imagePullSecrets: null },
        { automountServiceAccountToken: "x" },
      ),
      post(`${rbac}/roles`, {
        metadata: { name: "r" },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
      }),
      ...on(
        `${rbac}/roles/r`,
        { rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] },
        { rules: null },
        { rules: {} },
      ),
      post(`${rbac}/rolebindings`, {
        metadata: { name: "rb" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
        subjects: [{ kind: "User", name: "a" }],
      }),
      ...on(
        `${rbac}/rolebindings/rb`,
        { subjects: [{ kind: "Group", name: "g" }] },
        { roleRef: { name: "z" } },
        { subjects: [{}] },
      ),
      post(`${core}/endpoints`, {
        metadata: { name: "e" },
        subsets: [{ addresses: [{ ip: "10.1.0.1" }], ports: [{ port: 80 }] }],
      }),
      ...on(`${core}/endpoints/e`, { subsets: [{ addresses: [{ ip: "10.1.0.2" }] }] }, { subsets: [] }),
      post(`${core}/limitranges`, {
        metadata: { name: "l" },
        spec: { limits: [{ type: "Container", max: { cpu: "1" } }] },
      }),
      ...on(
        `${core}/limitranges/l`,
        { spec: { limits: [{ type: "Pod", max: { cpu: "2" } }] } },
        { spec: { limits: [{ type: "Pod", max: { cpu: null, memory: "1Gi" } }] } },
      ),
      post(`${core}/resourcequotas`, { metadata: { name: "q" }, spec: { hard: { pods: "1" } } }),
      ...on(
        `${core}/resourcequotas/q`,
        { spec: { hard: { services: 5 } } },
        { spec: { hard: { pods: null } } },
        { spec: { scopes: ["BestEffort"] } },
      ),
      post("/api/v1/nodes", { metadata: { name: ns }, spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }),
      ...on(
        `/api/v1/nodes/${ns}`,
        { spec: { taints: [{ key: "b", effect: "NoSchedule" }] } },
        { spec: { podCIDRs: ["10.0.1.0/24"] } },
        { spec: { podCIDRs: ["10.0.2.0/24"] } },
      ),
      patch(
        `/api/v1/nodes/${ns}/status`,
        {
          status: {
            conditions: [{ type: "Ready", status: "True" }],
            addresses: [{ type: "InternalIP", address: "10.9.9.9" }],
          },
        },
        STRATEGIC,
      ),
      patch(
        `/api/v1/nodes/${ns}/status`,
        {
          status: {
            conditions: [
              { type: "Ready", status: "False" },
              { type: "DiskPressure", status: "False" },
            ],
            addresses: [{ type: "Hostname", address: "h" }],
            images: [{ names: ["a"] }],
          },
        },
        STRATEGIC,
      ),
      post(`/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`, {
        metadata: { name: "h" },
        spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "d" } },
      }),
      ...on(
        `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers/h`,
        {
          spec: {
            metrics: [
              { type: "Pods", pods: { metric: { name: "x" }, target: { type: "AverageValue", averageValue: "1" } } },
            ],
          },
        },
        { spec: { scaleTargetRef: { name: "e" } } },
      ),
      post(`/apis/networking.k8s.io/v1/namespaces/${ns}/networkpolicies`, {
        metadata: { name: "n" },
        spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
      }),
      ...on(
        `/apis/networking.k8s.io/v1/namespaces/${ns}/networkpolicies/n`,
        { spec: { policyTypes: ["Egress"], egress: [{}] } },
        { spec: { podSelector: { matchLabels: labels } } },
        { spec: { ingress: null } },
      ),
      post(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, {
        metadata: { name: "b" },
        spec: { minAvailable: 1, selector },
      }),
      ...on(
        `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/b`,
        { spec: { maxUnavailable: 1, minAvailable: null } },
        { spec: { selector: { matchLabels: { x: "y" } } } },
        { spec: { selector: { $patch: "replace", matchLabels: { x: "z" } } } },
      ),
      post(`/apis/batch/v1/namespaces/${ns}/jobs`, {
        metadata: { name: "j" },
        spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
      }),
      ...on(
        `/apis/batch/v1/namespaces/${ns}/jobs/j`,
        { spec: { suspend: true } },
        { spec: { template: { spec: { containers: [{ name: "web", env: [{ name: "A", value: "1" }] }] } } } },
        { spec: { parallelism: 3 } },
      ),
      patch(
        `/apis/batch/v1/namespaces/${ns}/jobs/j/status`,
        { status: { conditions: [{ type: "Suspended", status: "True" }], active: 1 } },
        STRATEGIC,
      ),
      post("/apis/storage.k8s.io/v1/storageclasses", {
        metadata: { name: ns },
        provisioner: "example.com/p",
        allowedTopologies: [{ matchLabelExpressions: [{ key: "a", values: ["b"] }] }],
      }),
      ...on(
        `/apis/storage.k8s.io/v1/storageclasses/${ns}`,
        { mountOptions: ["x"] },
        { allowedTopologies: [] },
        { parameters: { a: "b" } },
      ),
      post("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
        metadata: { name: ns },
        webhooks: [],
      }),
      ...on(
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${ns}`,
        {
          webhooks: [
            {
              name: "a.example.com",
              clientConfig: { url: "https://h.example.com/" },
              admissionReviewVersions: ["v1"],
              sideEffects: "None",
              rules: [
                { apiGroups: ["none.example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] },
              ],
            },
          ],
        },
        { webhooks: [{ name: "a.example.com", failurePolicy: "Ignore" }] },
        { webhooks: [{ name: "a.example.com", $patch: "delete" }] },
      ),
    ];
  },
};
