/**
 * The topic `validation`, continued: what is taken, but with a warning.
 */
import { container, labels, podTemplate, selector, type TopicScenarios } from "./requests.ts";
import { tries } from "./validation.ts";

type Fields = Readonly<Record<string, unknown>>;

const with1 = (fields: Fields): Fields => ({ spec: { containers: [{ ...container, ...fields }] } });
const podOf = (fields: Fields): Fields => ({ spec: { containers: [container], ...fields } });
const beta = "beta.kubernetes.io/os";
const nodeTerm = {
  matchExpressions: [{ key: "failure-domain.beta.kubernetes.io/zone", operator: "In", values: ["a", "b c"] }],
};

export const validationWarningScenarios: TopicScenarios = {
  "pod-warnings": (ns) =>
    tries(`/api/v1/namespaces/${ns}/pods`, "v1", "Pod", [
      podOf({ nodeSelector: { "beta.kubernetes.io/arch": "x", a: "b" } }),
      podOf({
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] } },
        },
      }),
      podOf({
        affinity: {
          nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: nodeTerm }] },
        },
      }),
      podOf({
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "failure-domain.beta.kubernetes.io/region",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: {},
          },
        ],
      }),
      podOf({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule" }] }),
      podOf({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "z" }] } } }),
      podOf({
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: "z" } }],
          },
        },
      }),
      with1({ env: [{ name: "A", value: "1" }, { name: "B" }, { name: "A", value: "2" }, { name: "A" }] }),
      with1({
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "$(A)" },
        ],
      }),
      with1({ ports: [{ containerPort: 80 }, { containerPort: 80 }, { containerPort: 80, protocol: "UDP" }] }),
      {
        spec: {
          containers: [
            { ...container, ports: [{ containerPort: 80, name: "x" }] },
            { name: "two", image: "i", ports: [{ containerPort: 80, name: "x" }] },
          ],
        },
      },
      {
        spec: {
          initContainers: [{ name: "i", image: "i", ports: [{ containerPort: 80 }] }],
          containers: [{ ...container, ports: [{ containerPort: 80 }] }],
        },
      },
      with1({ resources: { requests: { memory: "100m", "ephemeral-storage": "1500m" }, limits: { memory: "1500m" } } }),
      podOf({ overhead: { memory: "1500m" } }),
      podOf({ imagePullSecrets: [{ name: "a" }, { name: "a" }, {}] }),
      podOf({ hostAliases: [{ ip: "10.0.0.1" }, { ip: "10.0.0.1", hostnames: ["a"] }, { ip: "2001:DB8::1" }] }),
      podOf({ dnsConfig: { nameservers: ["2001:0db8::1"], searches: ["a.example.com."] } }),
      podOf({
        volumes: [
          { name: "a", glusterfs: { endpoints: "e", path: "p" } },
          { name: "b", rbd: { monitors: ["m"], image: "i" } },
          { name: "c", cephfs: { monitors: ["m"] } },
        ],
      }),
      podOf({
        volumes: [
          { name: "a", gitRepo: { repository: "r" } },
          { name: "b", flocker: { datasetName: "d" } },
          { name: "c", storageos: { volumeName: "v" } },
          { name: "d", scaleIO: { gateway: "g", system: "s", volumeName: "v", secretRef: { name: "s" } } },
          { name: "e", photonPersistentDisk: { pdID: "p" } },
          { name: "f", quobyte: { registry: "a:1", volume: "v" } },
        ],
      }),
      podOf({
        volumes: [
          { name: "a", configMap: { name: "" } },
          {
            name: "b",
            secret: {
              secretName: "s",
              items: [
                { key: "k", path: "p" },
                { key: "l", path: "p" },
              ],
            },
          },
        ],
      }),
      podOf({
        volumes: [
          {
            name: "a",
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1500m" } } },
              },
            },
          },
        ],
      }),
      podOf({
        volumes: [
          {
            name: "a",
            projected: {
              sources: [
                { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
                { secret: { name: "s", items: [{ key: "k", path: "p" }] } },
              ],
            },
          },
        ],
      }),
      {
        metadata: {
          name: "x",
          annotations: {
            "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
            "container.seccomp.security.alpha.kubernetes.io/web": "localhost/x",
          },
        },
        ...podOf({}),
      },
      {
        metadata: {
          name: "x",
          annotations: { "container.apparmor.security.beta.kubernetes.io/web": "runtime/default" },
        },
        ...podOf({}),
      },
      {
        metadata: {
          name: "x",
          annotations: {
            "scheduler.alpha.kubernetes.io/critical-pod": "",
            "security.alpha.kubernetes.io/sysctls": "a=b",
            "controller.kubernetes.io/pod-deletion-cost": "x",
          },
        },
        ...podOf({}),
      },
      { metadata: { name: "x", annotations: { "kubernetes.io/config.mirror": "m" } }, ...podOf({}) },
      { metadata: { name: "a.b" }, ...podOf({}) },
      podOf({ terminationGracePeriodSeconds: -1, restartPolicy: "Never" }),
      podOf({ serviceAccount: "old", serviceAccountName: "new" }),
      with1({ terminationMessagePath: "relative", workingDir: "a" }),
      with1({
        livenessProbe: { exec: { command: ["a"] }, timeoutSeconds: 0 },
        securityContext: { procMount: "Default" },
      }),
    ]),
  "other-warnings": (ns) => {
    const at = (path: string, apiVersion: string, kind: string, list: readonly Fields[]) =>
      tries(path, apiVersion, kind, list);
    const core = `/api/v1/namespaces/${ns}`;
    const old = {
      metadata: { labels },
      spec: {
        ...podTemplate.spec,
        nodeSelector: { [beta]: "linux" },
        volumes: [{ name: "v", glusterfs: { endpoints: "e", path: "p" } }],
      },
    };
    const never = {
      template: { spec: { containers: [container], restartPolicy: "Never", nodeSelector: { [beta]: "linux" } } },
    };
    const host = { capacity: { storage: "1500m" }, accessModes: ["ReadWriteOnce"] };
    return [
      ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].flatMap((kind) =>
        at(`/apis/apps/v1/namespaces/${ns}/${kind.toLowerCase()}s`, "apps/v1", kind, [
          { spec: { selector, template: old } },
          { metadata: { name: "a.b" }, spec: { selector, template: podTemplate } },
        ]),
      ),
      ...at(`${core}/replicationcontrollers`, "v1", "ReplicationController", [{ spec: { template: old } }]),
      ...at(`${core}/podtemplates`, "v1", "PodTemplate", [{ template: old }]),
      ...at(`/apis/batch/v1/namespaces/${ns}/jobs`, "batch/v1", "Job", [
        { spec: never },
        { metadata: { name: "a.b" }, spec: never },
      ]),
      ...at(`/apis/batch/v1/namespaces/${ns}/cronjobs`, "batch/v1", "CronJob", [
        { spec: { schedule: "@daily", jobTemplate: { spec: never } } },
        { metadata: { name: "a.b" }, spec: { schedule: "@daily", jobTemplate: { spec: never } } },
      ]),
      ...at(`/apis/apps/v1/namespaces/${ns}/statefulsets`, "apps/v1", "StatefulSet", [
        {
          spec: {
            selector,
            template: podTemplate,
            serviceName: "s",
            volumeClaimTemplates: [
              {
                metadata: { name: "v" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1500m" } } },
              },
            ],
          },
        },
        { spec: { selector, template: podTemplate, revisionHistoryLimit: -1 } },
      ]),
      ...at(`${core}/services`, "v1", "Service", [
        {
          metadata: { name: "x", annotations: { "service.kubernetes.io/topology-aware-hints": "auto" } },
          spec: { ports: [{ port: 80 }] },
        },
        {
          spec: {
            clusterIP: "None",
            loadBalancerIP: "10.0.0.1",
            externalIPs: ["192.0.2.1"],
            sessionAffinity: "ClientIP",
            ports: [{ port: 80 }],
          },
        },
        { spec: { type: "ExternalName", externalName: "a.example.com", externalIPs: ["192.0.2.1"] } },
        { spec: { type: "ClusterIP", externalName: "a.example.com", ports: [{ port: 80 }] } },
        {
          spec: {
            type: "LoadBalancer",
            loadBalancerIP: "10.0.0.1",
            loadBalancerSourceRanges: ["2001:DB8::/32"],
            ports: [{ port: 80 }],
          },
        },
        { spec: { trafficDistribution: "PreferClose", ports: [{ port: 80 }], externalIPs: ["2001:DB8::1"] } },
      ]),
      ...at("/api/v1/persistentvolumes", "v1", "PersistentVolume", [
        { spec: { ...host, hostPath: { path: "/x" } } },
        {
          metadata: {
            name: "x",
            annotations: {
              "volume.beta.kubernetes.io/storage-class": "a",
              "volume.beta.kubernetes.io/mount-options": "a",
            },
          },
          spec: { ...host, nfs: { server: "s", path: "/" } },
        },
        { spec: { ...host, persistentVolumeReclaimPolicy: "Recycle", nfs: { server: "s", path: "/" } } },
        { spec: { ...host, rbd: { monitors: ["m"], image: "i" } } },
        { spec: { ...host, cephfs: { monitors: ["m"] } } },
        { spec: { ...host, glusterfs: { endpoints: "e", path: "p" } } },
        {
          spec: {
            ...host,
            scaleIO: { gateway: "g", system: "s", volumeName: "v", secretRef: { name: "s", namespace: "n" } },
          },
        },
        { spec: { ...host, storageos: { volumeName: "v" } } },
        { spec: { ...host, hostPath: { path: "/x" }, nodeAffinity: { required: { nodeSelectorTerms: [nodeTerm] } } } },
      ]),
      ...at(`${core}/persistentvolumeclaims`, "v1", "PersistentVolumeClaim", [
        {
          metadata: { name: "x", annotations: { "volume.beta.kubernetes.io/storage-class": "a" } },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
        {
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1.5" }, limits: { storage: "2500m" } },
          },
        },
      ]),
      ...at("/apis/storage.k8s.io/v1/storageclasses", "storage.k8s.io/v1", "StorageClass", [
        { provisioner: "a", allowedTopologies: [{ matchLabelExpressions: [{ key: beta, values: ["linux"] }] }] },
        { provisioner: "kubernetes.io/glusterfs" },
        {
          metadata: { name: "x", annotations: { "storageclass.beta.kubernetes.io/is-default-class": "true" } },
          provisioner: "a",
        },
      ]),
      ...at(
        `/apis/storage.k8s.io/v1/namespaces/${ns}/csistoragecapacities`,
        "storage.k8s.io/v1",
        "CSIStorageCapacity",
        [
          {
            storageClassName: "a",
            nodeTopology: { matchLabels: { [beta]: "linux" }, matchExpressions: [{ key: beta, operator: "Exists" }] },
          },
        ],
      ),
      ...at("/apis/node.k8s.io/v1/runtimeclasses", "node.k8s.io/v1", "RuntimeClass", [
        {
          handler: "h",
          scheduling: { nodeSelector: { [beta]: "linux" } },
          overhead: { podFixed: { memory: "1500m" } },
        },
      ]),
      ...at(`/apis/networking.k8s.io/v1/namespaces/${ns}/networkpolicies`, "networking.k8s.io/v1", "NetworkPolicy", [
        {
          spec: {
            podSelector: {},
            ingress: [{ from: [{ ipBlock: { cidr: "2001:DB8::/32", except: ["2001:DB8:1::/48"] } }] }],
          },
        },
        { spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "2001:DB8::/32" } }] }] } },
      ]),
      ...at(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, "discovery.k8s.io/v1", "EndpointSlice", [
        { addressType: "FQDN", endpoints: [{ addresses: ["a.example.com"] }] },
        { addressType: "IPv6", endpoints: [{ addresses: ["2001:db8::1"] }] },
      ]),
      ...at(`${core}/endpoints`, "v1", "Endpoints", [
        { subsets: [{ addresses: [{ ip: "2001:DB8::1" }], ports: [{ port: 80 }] }] },
      ]),
      ...at(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, "policy/v1", "PodDisruptionBudget", [
        { spec: { minAvailable: 1, selector: {} } },
      ]),
      ...at("/api/v1/nodes", "v1", "Node", [
        {
          spec: {
            podCIDRs: ["2001:DB8::/64"],
            configSource: { configMap: { name: "a", namespace: "b", kubeletConfigKey: "k" } },
          },
        },
      ]),
      ...at(
        `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`,
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        [
          {
            metadata: { name: "x", annotations: { "autoscaling.alpha.kubernetes.io/metrics": "[]" } },
            spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "v1", kind: "K", name: "n" } },
          },
        ],
      ),
      ...at("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", "flowcontrol.apiserver.k8s.io/v1", "FlowSchema", [
        { spec: { priorityLevelConfiguration: { name: "none" } } },
      ]),
      ...at(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
        [
          {
            webhooks: [
              {
                name: "a.example.com",
                sideEffects: "None",
                admissionReviewVersions: ["v1"],
                clientConfig: { url: "https://x" },
                rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }],
              },
            ],
          },
        ],
      ),
    ];
  },
};
