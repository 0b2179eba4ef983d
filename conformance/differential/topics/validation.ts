/**
 * The topic `validation` with kinds and values of our own: Pods, workloads and what routes to them, each refused for one reason or many.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { container, post, type TopicScenarios } from "./requests.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Tries one object after the other, none of which stays. */
export function tries(path: string, apiVersion: string, kind: string, objects: readonly Fields[]): CapturedStep[] {
  return objects.map((object) => post(`${path}?dryRun=All`, { apiVersion, kind, metadata: { name: "x" }, ...object }));
}

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));
/** A Pod whose container has these fields. */
const with1 = (fields: Fields): Fields => ({ containers: [{ ...container, ...fields }] });
/** A Pod with these fields beside a good container. */
const podOf = (fields: Fields): Fields => ({ containers: [container], ...fields });

export const validationScenarios: TopicScenarios = {
  containers: (ns) =>
    tries(
      `/api/v1/namespaces/${ns}/pods`,
      "v1",
      "Pod",
      specs([
        with1({ image: " spaced " }),
        with1({ name: "x".repeat(64) }),
        with1({ name: "a.b", image: "" }),
        with1({ command: [], args: null, workingDir: "relative" }),
        with1({ ports: [{ containerPort: 0 }, { containerPort: 80, hostPort: 70000 }] }),
        with1({ ports: [{ name: "A" }, { containerPort: 1, name: "1" }] }),
        with1({
          ports: [
            { containerPort: 80, name: "web" },
            { containerPort: 81, name: "web" },
          ],
        }),
        with1({
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 80 },
          ],
        }),
        with1({
          ports: [
            { containerPort: 80, hostPort: 80, protocol: "UDP" },
            { containerPort: 81, hostPort: 80 },
          ],
        }),
        with1({ ports: [{ containerPort: 80 }, { containerPort: 80 }] }),
        with1({ ports: [{ containerPort: 80, hostIP: "not-an-ip", protocol: "SCTP" }] }),
        with1({ ports: [{ containerPort: 80, protocol: "" }] }),
        with1({ env: [{ value: "x" }, { name: "" }] }),
        with1({
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
          ],
        }),
        with1({
          env: [
            { name: "1A", value: "1" },
            { name: "a.b-c", value: "2" },
          ],
        }),
        with1({ env: [{ name: "A", valueFrom: {} }] }),
        with1({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.unknown" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['A b']" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.annotations" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { fieldRef: { apiVersion: "v2", fieldPath: "metadata.name" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.gpu" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "3" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "", key: "" } } }] }),
        with1({ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "Bad_", key: "a b" } } }] }),
        with1({
          env: [
            {
              name: "A",
              valueFrom: { configMapKeyRef: { name: "c", key: "k" }, secretKeyRef: { name: "s", key: "k" } },
            },
          ],
        }),
        with1({ envFrom: [{}, { prefix: "1-", configMapRef: { name: "a" } }] }),
        with1({ envFrom: [{ configMapRef: { name: "" }, secretRef: { name: "s" } }] }),
        with1({ envFrom: [{ prefix: "a=b", secretRef: { name: "A_" } }] }),
        with1({ resources: { limits: { cpu: "1" }, requests: { cpu: "1500m", memory: "1Gi" } } }),
        with1({ resources: { limits: { "example.com/gpu": "1.5" } } }),
        with1({ resources: { requests: { "example.com/gpu": "1" } } }),
        with1({ resources: { limits: { "example.com/gpu": "2" }, requests: { "example.com/gpu": "1" } } }),
        with1({ resources: { limits: { gpu: "1", "a b": "1", "kubernetes.io/x": "1" } } }),
        with1({ resources: { limits: { storage: "1Gi", pods: "1", "hugepages-2Mi": "3Mi" } } }),
        with1({ resources: { limits: { "hugepages-2Mi": "2Mi" } } }),
        with1({ resources: { requests: { "hugepages-2Mi": "2Mi", cpu: "1" }, limits: { cpu: "1" } } }),
        with1({ resources: { claims: [{ name: "none" }, { name: "none" }, { name: "" }] } }),
        with1({ resources: { limits: { memory: "100m" }, requests: { cpu: "0.0001" } } }),
        with1({ volumeMounts: [{ name: "", mountPath: "" }] }),
        with1({ volumeMounts: [{ name: "a", mountPath: "a:b", subPath: "../x", subPathExpr: "$(A)" }] }),
        with1({ volumeMounts: [{ name: "a", mountPath: "/x", subPath: "/abs", mountPropagation: "Odd" }] }),
        with1({ volumeMounts: [{ name: "a", mountPath: "/x", mountPropagation: "Bidirectional" }] }),
        with1({ volumeMounts: [{ name: "a", mountPath: "/x", recursiveReadOnly: "Enabled" }] }),
        with1({ volumeMounts: [{ name: "a", mountPath: "/x", readOnly: true, recursiveReadOnly: "Odd" }] }),
        with1({
          volumeDevices: [
            { name: "", devicePath: "" },
            { name: "x", devicePath: "../y" },
          ],
        }),
        with1({ lifecycle: { postStart: {}, preStop: { exec: {} } } }),
        with1({ lifecycle: { preStop: { sleep: { seconds: -1 } }, stopSignal: "SIGTERM" } }),
        with1({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }),
        with1({ lifecycle: { postStart: { httpGet: { port: 0, path: "", scheme: "FTP" } } } }),
        with1({ lifecycle: { postStart: { httpGet: { port: "A_" }, tcpSocket: { port: 1 } } } }),
        with1({ livenessProbe: {} }),
        with1({ livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "a b" }] } } }),
        with1({ livenessProbe: { httpGet: { port: "no-such" } }, startupProbe: { exec: { command: [] } } }),
        with1({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
        with1({ readinessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 1 } }),
        with1({ livenessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 0 } }),
        with1({
          readinessProbe: {
            tcpSocket: { port: 70000 },
            initialDelaySeconds: -1,
            timeoutSeconds: -1,
            periodSeconds: -1,
            successThreshold: -1,
            failureThreshold: -1,
          },
        }),
        with1({ startupProbe: { grpc: { port: 0 }, successThreshold: 3 } }),
        with1({ livenessProbe: { grpc: { port: 90, service: "s" } } }),
        with1({ terminationMessagePolicy: "Odd", terminationMessagePath: "" }),
        with1({ securityContext: { runAsUser: -1, runAsGroup: -1, procMount: "Odd" } }),
        with1({
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["CAP_SYS_ADMIN"] } },
        }),
        with1({ securityContext: { capabilities: { add: ["CAP_SYS_ADMIN"] }, allowPrivilegeEscalation: false } }),
        with1({ securityContext: { capabilities: { add: ["SYS_ADMIN"] }, procMount: "Unmasked" } }),
        with1({ securityContext: { seccompProfile: { type: "Localhost" }, appArmorProfile: { type: "Localhost" } } }),
        with1({ securityContext: { seccompProfile: { type: "RuntimeDefault", localhostProfile: "x" } } }),
        with1({ securityContext: { seccompProfile: {}, appArmorProfile: { type: "Odd" } } }),
        with1({ securityContext: { windowsOptions: { gmsaCredentialSpecName: "A_", runAsUserName: "" } } }),
        with1({ securityContext: { seLinuxOptions: { level: "s0" }, runAsNonRoot: true, runAsUser: 0 } }),
        with1({ resizePolicy: [{ resourceName: "gpu", restartPolicy: "Odd" }] }),
        with1({ resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }, { resourceName: "cpu" }] }),
        with1({ restartPolicy: "Always" }),
        with1({ restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }] }),
        with1({ restartPolicy: "Never", restartPolicyRules: [{ action: "Odd" }] }),
        with1({ imagePullPolicy: "", stdin: true, stdinOnce: true, tty: true }),
      ]),
    ),
  "pod-specs": (ns) =>
    tries(
      `/api/v1/namespaces/${ns}/pods`,
      "v1",
      "Pod",
      specs([
        {},
        { containers: null },
        { containers: [{}] },
        podOf({ initContainers: [{ name: "web", image: "i" }] }),
        podOf({ initContainers: [{ name: "i", image: "i", livenessProbe: { tcpSocket: { port: 1 } } }] }),
        podOf({ initContainers: [{ name: "i", image: "i", lifecycle: { preStop: { exec: { command: ["a"] } } } }] }),
        podOf({ initContainers: [{ name: "i", image: "i", restartPolicy: "OnFailure" }] }),
        podOf({ initContainers: [{ name: "i", image: "i", restartPolicy: "Always", startupProbe: {} }] }),
        podOf({ ephemeralContainers: [{ name: "e", image: "i" }] }),
        podOf({ activeDeadlineSeconds: 0, terminationGracePeriodSeconds: -1 }),
        podOf({ activeDeadlineSeconds: 2147483648 }),
        podOf({ nodeSelector: { "a b": "c d" } }),
        podOf({ nodeName: "Bad_Name", schedulerName: "", serviceAccountName: "Bad_" }),
        podOf({ hostname: "Bad_", subdomain: "a.b" }),
        podOf({ hostname: "a", hostnameOverride: "b", setHostnameAsFQDN: true }),
        podOf({ hostnameOverride: "Bad_", hostNetwork: true }),
        podOf({ hostNetwork: true, ...with1({ ports: [{ containerPort: 80, hostPort: 81 }] }) }),
        podOf({ hostNetwork: true, hostUsers: false, hostPID: true, hostIPC: true, shareProcessNamespace: true }),
        podOf({ imagePullSecrets: [{}, { name: "a" }, { name: "a" }] }),
        podOf({ hostAliases: [{ ip: "x", hostnames: ["a_b", "ok"] }, {}] }),
        podOf({ dnsPolicy: "None" }),
        podOf({ dnsPolicy: "None", dnsConfig: { nameservers: ["x", "1.1.1.1", "2.2.2.2", "3.3.3.3"] } }),
        podOf({ dnsConfig: { searches: ["a_b", "Bad!", ""], options: [{ value: "x" }] } }),
        podOf({ dnsConfig: { searches: Array.from({ length: 33 }, (_, index) => `s${index}.example.com`) } }),
        podOf({ readinessGates: [{ conditionType: "a b" }, {}] }),
        podOf({ schedulingGates: [{ name: "a" }, { name: "a" }, { name: "A b" }, {}] }),
        podOf({ schedulingGates: [{ name: "g" }], nodeName: "n" }),
        podOf({ preemptionPolicy: "Odd", priority: 5 }),
        podOf({ priorityClassName: "system-node-critical", priority: 1 }),
        podOf({ runtimeClassName: "none", overhead: { cpu: "-1" } }),
        podOf({ overhead: { cpu: "1" } }),
        podOf({ os: { name: "plan9" } }),
        podOf({ os: { name: "windows" }, hostPID: true, securityContext: { runAsUser: 1, fsGroup: 2 } }),
        podOf({ os: { name: "linux" }, securityContext: { windowsOptions: { runAsUserName: "u" } } }),
        podOf({ resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }),
        podOf({ resources: { requests: { "example.com/a": "1", memory: "-1" } } }),
        podOf({ resourceClaims: [{ name: "a" }, { name: "a", resourceClaimName: "x" }, { name: "B_" }] }),
        podOf({ resourceClaims: [{ name: "a", resourceClaimName: "x", resourceClaimTemplateName: "y" }] }),
        podOf({ restartPolicy: "", enableServiceLinks: null }),
        podOf({ securityContext: { fsGroup: -1, supplementalGroups: [-1], runAsUser: -5, runAsGroup: -6 } }),
        podOf({ securityContext: { sysctls: [{ name: "a" }, { name: "a" }, { name: "A B" }, {}] } }),
        podOf({ securityContext: { sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }] }, hostIPC: true }),
        podOf({ securityContext: { fsGroupChangePolicy: "Odd", supplementalGroupsPolicy: "Odd" } }),
        podOf({ securityContext: { seccompProfile: { type: "Odd" }, seLinuxChangePolicy: "Odd" } }),
        podOf({ securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "../x" } } }),
        podOf({ securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: " " } } }),
        podOf({ tolerations: [{ operator: "Equal" }, { key: "a b" }, { effect: "Odd" }] }),
        podOf({ tolerations: [{ key: "a", effect: "NoSchedule", tolerationSeconds: 3 }] }),
        podOf({ tolerations: [{ key: "a", operator: "Odd", value: "not valid!" }] }),
        podOf({
          tolerations: [
            { key: "a", operator: "Gt", value: "x" },
            { key: "a", operator: "Lt", value: "5" },
          ],
        }),
        podOf({
          topologySpreadConstraints: [
            { maxSkew: 0, topologyKey: "", whenUnsatisfiable: "" },
            { maxSkew: 1, topologyKey: "a b", whenUnsatisfiable: "Odd", minDomains: 0 },
          ],
        }),
        podOf({
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway", minDomains: 2, matchLabelKeys: ["a"] },
            { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway", nodeAffinityPolicy: "Odd" },
            { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Odd" },
          ],
        }),
        podOf({
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "z",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: { app: "a b" }, matchExpressions: [{ key: "a", operator: "In" }] },
              matchLabelKeys: ["app", "app", "a b"],
            },
          ],
        }),
        podOf({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } }),
        podOf({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      { key: "a b", operator: "In" },
                      { key: "a", operator: "Gt", values: ["x"] },
                    ],
                  },
                  {
                    matchExpressions: [
                      { key: "a", operator: "Odd" },
                      { key: "a", operator: "Exists", values: ["x"] },
                    ],
                  },
                  { matchFields: [{ key: "metadata.uid", operator: "In", values: ["a", "b"] }] },
                ],
              },
              preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }, { weight: 101 }],
            },
          },
        }),
        podOf({
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: { "a b": "c" } }, topologyKey: "", namespaces: ["A_"] },
                { topologyKey: "z", matchLabelKeys: ["a"], namespaceSelector: { matchExpressions: [{ key: "a" }] } },
              ],
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 200, podAffinityTerm: { topologyKey: "" } },
                { podAffinityTerm: { topologyKey: "a b" } },
              ],
            },
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  topologyKey: "z",
                  labelSelector: { matchLabels: { a: "b" } },
                  matchLabelKeys: ["a", "b"],
                  mismatchLabelKeys: ["b"],
                },
              ],
            },
          },
        }),
      ]),
    ),
  volumes: (ns) =>
    tries(
      `/api/v1/namespaces/${ns}/pods`,
      "v1",
      "Pod",
      specs(
        [
          [{}],
          [{ name: "A_" }, { name: "a", emptyDir: {} }, { name: "a", emptyDir: {} }],
          [{ name: "a", emptyDir: { sizeLimit: "-1", medium: "Odd" } }],
          [
            { name: "a", emptyDir: { medium: "HugePages-2Mi" } },
            { name: "b", emptyDir: { medium: "HugePages" } },
          ],
          [
            { name: "a", hostPath: { path: "" } },
            { name: "b", hostPath: { path: "/a/../b", type: "Odd" } },
          ],
          [{ name: "a", hostPath: { path: "/x", type: "" } }],
          [
            { name: "a", configMap: {} },
            { name: "b", secret: {} },
          ],
          [{ name: "a", configMap: { name: "c", defaultMode: 512, items: [{ key: "", path: "" }] } }],
          [
            {
              name: "a",
              configMap: {
                name: "c",
                items: [
                  { key: "k", path: "/abs" },
                  { key: "k", path: "../x" },
                ],
              },
            },
          ],
          [{ name: "a", secret: { secretName: "s", defaultMode: -1, items: [{ key: "k", path: "p", mode: 1000 }] } }],
          [{ name: "a", downwardAPI: { items: [{ path: "a" }, { path: "b", fieldRef: { fieldPath: "spec.x" } }] } }],
          [{ name: "a", downwardAPI: { defaultMode: 777, items: [{ path: "", fieldRef: {} }] } }],
          [{ name: "a", downwardAPI: { items: [{ path: "a", resourceFieldRef: { resource: "limits.cpu" } }] } }],
          [{ name: "a", projected: {} }],
          [{ name: "a", projected: { sources: [{}, { secret: { name: "s" }, configMap: { name: "c" } }] } }],
          [
            {
              name: "a",
              projected: {
                defaultMode: 9999,
                sources: [
                  { secret: { name: "", items: [{ key: "k", path: "p" }] } },
                  { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
                  { serviceAccountToken: { expirationSeconds: 5, path: "" } },
                  { serviceAccountToken: { expirationSeconds: 5_000_000_000, path: "../t" } },
                  { clusterTrustBundle: { path: "", name: "a", signerName: "b" } },
                ],
              },
            },
          ],
          [{ name: "a", persistentVolumeClaim: { claimName: "" } }],
          [
            { name: "a", nfs: { server: "", path: "relative" } },
            { name: "b", iscsi: { targetPortal: "", iqn: "" } },
          ],
          [
            { name: "a", csi: { driver: "" } },
            { name: "b", csi: { driver: "A b", nodePublishSecretRef: {} } },
          ],
          [
            { name: "a", ephemeral: {} },
            { name: "b", ephemeral: { volumeClaimTemplate: { spec: {} } } },
          ],
          [
            {
              name: "a",
              ephemeral: {
                volumeClaimTemplate: {
                  metadata: { name: "x", labels: { "a b": "c" } },
                  spec: { accessModes: ["Odd"], resources: { requests: { storage: "0" } } },
                },
              },
            },
          ],
          [
            { name: "a", image: { pullPolicy: "Odd" } },
            { name: "b", image: { reference: " x " } },
          ],
          [{ name: "a", awsElasticBlockStore: { volumeID: "", partition: -1 } }],
          [{ name: "a", gcePersistentDisk: { pdName: "", partition: 300 } }],
          [{ name: "a", azureDisk: { diskName: "", diskURI: "", cachingMode: "Odd", kind: "Odd" } }],
          [
            { name: "a", azureFile: { secretName: "", shareName: "" } },
            { name: "b", cephfs: { monitors: [] } },
          ],
          [
            { name: "a", rbd: { monitors: [], image: "" } },
            { name: "b", glusterfs: { endpoints: "", path: "" } },
          ],
          [
            { name: "a", gitRepo: { repository: "", directory: "../x" } },
            { name: "b", fc: {} },
          ],
          [
            { name: "a", flexVolume: { driver: "" } },
            { name: "b", cinder: { volumeID: "" } },
            { name: "c", flocker: {} },
          ],
          [
            { name: "a", vsphereVolume: { volumePath: "" } },
            { name: "b", quobyte: {} },
            { name: "c", scaleIO: {} },
          ],
          [
            { name: "a", portworxVolume: { volumeID: "" } },
            { name: "b", storageos: {} },
            { name: "c", photonPersistentDisk: {} },
          ],
        ].map((volumes) => podOf({ volumes })),
      ),
    ),
};
