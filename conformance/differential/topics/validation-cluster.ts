/**
 * The topic `validation`, continued: storage, rights, and kinds of the whole cluster.
 */
import { labels, selector, type TopicScenarios } from "./requests.ts";
import { tries } from "./validation.ts";

type Fields = Readonly<Record<string, unknown>>;

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));

export const validationClusterScenarios: TopicScenarios = {
  storage: (ns) => {
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const volume = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"] };
    const host = { ...volume, hostPath: { path: "/x" } };
    const storage = (kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/apis/storage.k8s.io/v1/${plural}`, "storage.k8s.io/v1", kind, list);
    return [
      ...tries(`/api/v1/namespaces/${ns}/persistentvolumeclaims`, "v1", "PersistentVolumeClaim", [
        {},
        { metadata: { name: "Bad_" }, spec: claim },
        ...specs([
          { ...claim, accessModes: [] },
          { ...claim, accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] },
          { ...claim, resources: { requests: { storage: "0" } } },
          { ...claim, resources: { requests: { storage: "-1Gi", cpu: "1" } } },
          { ...claim, resources: { requests: { storage: "1Gi" }, limits: { storage: "500Mi" } } },
          { ...claim, resources: { requests: { storage: "1.5" } } },
          { ...claim, resources: {} },
          { ...claim, storageClassName: "Bad_", volumeMode: "Odd" },
          { ...claim, storageClassName: "", volumeName: "v", volumeMode: "Block" },
          { ...claim, volumeAttributesClassName: "Bad_" },
          { ...claim, volumeAttributesClassName: "" },
          { ...claim, selector: { matchLabels: { "a b": "c" } } },
          { ...claim, dataSource: {} },
          { ...claim, dataSource: { kind: "Pod", name: "p" } },
          { ...claim, dataSource: { kind: "PersistentVolumeClaim", name: "p" } },
          { ...claim, dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "s" } },
          { ...claim, dataSourceRef: { kind: "Pod", name: "p" } },
          { ...claim, dataSourceRef: { apiGroup: "example.com", kind: "K", name: "n", namespace: "other" } },
          {
            ...claim,
            dataSource: { kind: "PersistentVolumeClaim", name: "a" },
            dataSourceRef: { kind: "PersistentVolumeClaim", name: "b" },
          },
        ]),
      ]),
      ...tries("/api/v1/persistentvolumes", "v1", "PersistentVolume", [
        {},
        { metadata: { name: "Bad_" }, spec: host },
        ...specs([
          volume,
          { ...host, nfs: { server: "s", path: "/" } },
          { ...host, capacity: {} },
          { ...host, capacity: { storage: "0", cpu: "1" } },
          { ...host, capacity: { storage: "-1" } },
          { ...host, accessModes: [] },
          { ...host, accessModes: ["Odd"] },
          { ...host, persistentVolumeReclaimPolicy: "Odd" },
          { ...host, hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" },
          { ...host, hostPath: { path: "/a/../b", type: "Odd" } },
          { ...host, storageClassName: "Bad_", volumeMode: "Odd", mountOptions: ["a"] },
          { ...host, claimRef: { name: "", namespace: "" } },
          { ...host, nodeAffinity: {} },
          { ...host, nodeAffinity: { required: { nodeSelectorTerms: [] } } },
          {
            ...host,
            nodeAffinity: {
              required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "a b", operator: "Odd" }] }] },
            },
          },
          { ...volume, local: { path: "" } },
          { ...volume, local: { path: "/a/../b" } },
          { ...volume, csi: {} },
          {
            ...volume,
            csi: {
              driver: "Bad_",
              volumeHandle: "",
              controllerPublishSecretRef: {},
              nodeStageSecretRef: { name: "a" },
            },
          },
          { ...volume, nfs: { server: "", path: "rel" } },
          { ...volume, iscsi: { targetPortal: "", iqn: "bad", lun: 300 } },
          { ...volume, fc: { targetWWNs: ["a"] } },
          { ...volume, awsElasticBlockStore: { volumeID: "", partition: -1 } },
          { ...volume, azureFile: { secretName: "", shareName: "", secretNamespace: "" } },
          { ...host, volumeAttributesClassName: "Bad_" },
          { ...host, volumeAttributesClassName: "" },
        ]),
      ]),
      ...storage("StorageClass", "storageclasses", [
        {},
        { provisioner: "Bad_", reclaimPolicy: "Odd", volumeBindingMode: "Odd" },
        { provisioner: "a/b", parameters: { "": "x" } },
        { provisioner: "example.com/p", reclaimPolicy: "Recycle", volumeBindingMode: "" },
        { provisioner: "example.com/p", mountOptions: ["a"], parameters: { a: "x".repeat(300_000) } },
        { provisioner: "example.com/p", allowedTopologies: [{}] },
        { provisioner: "example.com/p", allowedTopologies: [{ matchLabelExpressions: [{ key: "a b", values: [] }] }] },
        {
          provisioner: "example.com/p",
          allowedTopologies: [
            {
              matchLabelExpressions: [
                { key: "a", values: ["b", "b"] },
                { key: "a", values: ["c"] },
              ],
            },
          ],
        },
        {
          provisioner: "example.com/p",
          allowedTopologies: [
            { matchLabelExpressions: [{ key: "a", values: ["b"] }] },
            { matchLabelExpressions: [{ key: "a", values: ["b"] }] },
          ],
        },
      ]),
      ...storage("CSIDriver", "csidrivers", [
        {},
        { metadata: { name: "Bad_" }, spec: {} },
        { metadata: { name: "x".repeat(64) }, spec: {} },
        ...specs([
          { volumeLifecycleModes: ["Odd", "Persistent", "Persistent"] },
          { fsGroupPolicy: "Odd" },
          { tokenRequests: [{ audience: "a" }, { audience: "a", expirationSeconds: 5 }, { audience: "" }] },
          { tokenRequests: [{ audience: "b", expirationSeconds: 5_000_000_000 }] },
          { nodeAllocatableUpdatePeriodSeconds: 5, attachRequired: null },
        ]),
      ]),
      ...storage(
        "CSINode",
        "csinodes",
        specs([
          {},
          { drivers: [{}] },
          { drivers: [{ name: "Bad_", nodeID: "" }] },
          {
            drivers: [
              { name: "a", nodeID: "n" },
              { name: "a", nodeID: "n" },
            ],
          },
          {
            drivers: [
              { name: "a", nodeID: "x".repeat(257), topologyKeys: ["", "a b", "c", "c"], allocatable: { count: -1 } },
            ],
          },
        ]),
      ),
      ...storage(
        "VolumeAttachment",
        "volumeattachments",
        specs([
          {},
          { attacher: "Bad_", nodeName: "Bad_", source: {} },
          { attacher: "a", nodeName: "n", source: { persistentVolumeName: "Bad_" } },
          { attacher: "a", nodeName: "n", source: { persistentVolumeName: "p", inlineVolumeSpec: {} } },
          { attacher: "a", nodeName: "", source: { inlineVolumeSpec: {} } },
        ]),
      ),
      ...storage("VolumeAttributesClass", "volumeattributesclasses", [
        {},
        { driverName: "Bad_" },
        { driverName: "a", parameters: {} },
        { driverName: "a", parameters: { "": "x" } },
        { driverName: "x".repeat(64), parameters: { a: "b" } },
      ]),
      ...tries(
        `/apis/storage.k8s.io/v1/namespaces/${ns}/csistoragecapacities`,
        "storage.k8s.io/v1",
        "CSIStorageCapacity",
        [
          {},
          { storageClassName: "Bad_", capacity: "-1", maximumVolumeSize: "-2" },
          { storageClassName: "a", nodeTopology: { matchLabels: { "a b": "c" } } },
        ],
      ),
    ];
  },
  rights: (ns) => {
    const rbac = (kind: string, plural: string, list: readonly Fields[], isNamespaced = true) =>
      tries(
        `/apis/rbac.authorization.k8s.io/v1/${isNamespaced ? `namespaces/${ns}/` : ""}${plural}`,
        "rbac.authorization.k8s.io/v1",
        kind,
        list,
      );
    const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
    const rules: readonly Fields[] = [
      {},
      { rules: [{}] },
      { rules: [{ verbs: [] }] },
      { rules: [{ verbs: ["get"] }] },
      { rules: [{ verbs: ["get"], apiGroups: [""] }] },
      { rules: [{ verbs: ["get"], resources: ["pods"] }] },
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
      { rules: [{ verbs: ["get"], nonResourceURLs: ["x", "/a*b", "*"], apiGroups: [""], resources: ["pods"] }] },
      { metadata: { name: "a:b/c" }, rules: [] },
      { metadata: { name: "a:b" }, rules: null },
    ];
    const bindings: readonly Fields[] = [
      {},
      { roleRef: { kind: "Odd", name: "" } },
      { roleRef: { ...role, apiGroup: "other" } },
      { roleRef: { ...role, name: "a/b" } },
      { roleRef: role, subjects: [{}] },
      { roleRef: role, subjects: [{ kind: "Odd", name: "x" }] },
      {
        roleRef: role,
        subjects: [
          { kind: "User", name: "" },
          { kind: "Group", name: "g", apiGroup: "other" },
        ],
      },
      { roleRef: role, subjects: [{ kind: "ServiceAccount", name: "Bad_" }] },
      { roleRef: role, subjects: [{ kind: "ServiceAccount", name: "a", namespace: "b", apiGroup: "x" }] },
      { roleRef: role, subjects: [{ kind: "User", name: "u", namespace: "n" }] },
    ];
    return [
      ...rbac("Role", "roles", rules),
      ...rbac(
        "ClusterRole",
        "clusterroles",
        [
          ...rules,
          { aggregationRule: {} },
          { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "a b": "c" } }] } },
          {
            aggregationRule: { clusterRoleSelectors: [{}] },
            rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
          },
        ],
        false,
      ),
      ...rbac("RoleBinding", "rolebindings", bindings),
      ...rbac(
        "ClusterRoleBinding",
        "clusterrolebindings",
        [...bindings, { roleRef: { ...role, kind: "Role" } }],
        false,
      ),
    ];
  },
  cluster: (ns) => {
    const cluster = (apiVersion: string, kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/apis/${apiVersion}/${plural}`, apiVersion, kind, list);
    const hook = {
      name: "a.example.com",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      clientConfig: { url: "https://127.0.0.1:1/x" },
      rules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] }],
    };
    const constraints = { resourceRules: hook.rules };
    const hooks: readonly Fields[] = [
      {},
      { webhooks: [{}] },
      { webhooks: [{ ...hook, name: "short" }, hook, hook] },
      { webhooks: [{ ...hook, sideEffects: "Some", admissionReviewVersions: [] }] },
      { webhooks: [{ ...hook, sideEffects: "Unknown", admissionReviewVersions: ["v2", "v2", "a b"] }] },
      { webhooks: [{ ...hook, timeoutSeconds: 31, failurePolicy: "Odd", matchPolicy: "Odd" }] },
      { webhooks: [{ ...hook, timeoutSeconds: 0 }] },
      { webhooks: [{ ...hook, clientConfig: {} }] },
      { webhooks: [{ ...hook, clientConfig: { url: "http://x", service: { name: "s", namespace: "n" } } }] },
      { webhooks: [{ ...hook, clientConfig: { url: "http://x/?q#f" } }] },
      { webhooks: [{ ...hook, clientConfig: { url: "https://u@x/p?q#f" } }] },
      { webhooks: [{ ...hook, clientConfig: { service: { name: "", namespace: "", path: "x//", port: 70000 } } }] },
      { webhooks: [{ ...hook, clientConfig: { service: { name: "s", namespace: "n", path: "/a//b" } } }] },
      { webhooks: [{ ...hook, rules: [{}] }] },
      {
        webhooks: [
          {
            ...hook,
            rules: [
              {
                apiGroups: ["*", "apps"],
                apiVersions: ["*", "v1"],
                operations: ["*", "CREATE"],
                resources: ["*", "pods"],
              },
            ],
          },
        ],
      },
      {
        webhooks: [
          {
            ...hook,
            rules: [{ ...hook.rules[0], operations: ["Odd"], scope: "Odd", resources: ["*/*", "pods/*", "a/b/c", ""] }],
          },
        ],
      },
      {
        webhooks: [
          {
            ...hook,
            namespaceSelector: { matchLabels: { "a b": "c" } },
            objectSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
          },
        ],
      },
      {
        webhooks: [
          {
            ...hook,
            matchConditions: [
              { name: "", expression: "" },
              { name: "a b", expression: "1" },
              { name: "a", expression: "object.x ==" },
            ],
          },
        ],
      },
    ];
    const policy = { matchConstraints: constraints, validations: [{ expression: "true" }] };
    const admission = "admissionregistration.k8s.io/v1";
    return [
      ...cluster(admission, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", hooks),
      ...cluster(admission, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", [
        ...hooks,
        { webhooks: [{ ...hook, reinvocationPolicy: "Odd" }] },
      ]),
      ...cluster(
        admission,
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        specs([
          {},
          { matchConstraints: constraints },
          { ...policy, matchConstraints: {} },
          { ...policy, failurePolicy: "Odd" },
          { ...policy, paramKind: {} },
          { ...policy, paramKind: { apiVersion: "a/b/c", kind: "Bad_" } },
          { ...policy, validations: [{}] },
          { ...policy, validations: [{ expression: "  " }, { expression: "object.spec.replicas >" }] },
          { ...policy, validations: [{ expression: "1 + 1" }] },
          { ...policy, validations: [{ expression: "true", message: " ", reason: "Odd" }] },
          { ...policy, validations: [{ expression: "true", message: "a\nb", messageExpression: "1" }] },
          { ...policy, auditAnnotations: [{ key: "a b", valueExpression: "" }] },
          {
            ...policy,
            auditAnnotations: [
              { key: "a", valueExpression: "'x'" },
              { key: "a", valueExpression: "1" },
            ],
          },
          {
            ...policy,
            variables: [
              { name: "", expression: "" },
              { name: "a-b", expression: "1" },
              { name: "a", expression: "1" },
            ],
          },
          {
            ...policy,
            matchConditions: [
              { name: "a", expression: "true" },
              { name: "a", expression: "1" },
            ],
          },
          { ...policy, validations: [{ expression: "params.x > 1" }] },
        ]),
      ),
      ...cluster(
        admission,
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        specs([
          {},
          { policyName: "Bad_", validationActions: [] },
          { policyName: "a", validationActions: ["Deny", "Warn"] },
          { policyName: "a", validationActions: ["Odd", "Deny", "Deny"] },
          { policyName: "a", validationActions: ["Deny"], paramRef: {} },
          { policyName: "a", validationActions: ["Deny"], paramRef: { name: "n", selector: {} } },
          { policyName: "a", validationActions: ["Deny"], paramRef: { name: "n", parameterNotFoundAction: "Odd" } },
        ]),
      ),
      ...cluster("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", [
        {},
        { value: 1_000_000_001 },
        { value: 5, preemptionPolicy: "Odd" },
        { metadata: { name: "system-x" }, value: 5 },
        { metadata: { name: "system-node-critical" }, value: 2_000_001_000, globalDefault: true },
      ]),
      ...cluster("node.k8s.io/v1", "RuntimeClass", "runtimeclasses", [
        {},
        { handler: "Bad_" },
        { handler: "a.b", overhead: { podFixed: { cpu: "-1", gpu: "1" } } },
        {
          handler: "h",
          scheduling: { nodeSelector: { "a b": "c" }, tolerations: [{ operator: "Odd" }, { key: "a" }, { key: "a" }] },
        },
      ]),
      ...cluster(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        "certificatesigningrequests",
        specs([
          {},
          { request: "eA==", signerName: "x", usages: [] },
          {
            request: "eA==",
            signerName: "example.com/s",
            usages: ["odd", "client auth", "client auth"],
            expirationSeconds: 5,
          },
          { request: "eA==", signerName: "Example_/s", usages: ["client auth"] },
        ]),
      ),
      ...cluster(
        "flowcontrol.apiserver.k8s.io/v1",
        "FlowSchema",
        "flowschemas",
        specs([
          {},
          { priorityLevelConfiguration: { name: "Bad_" }, matchingPrecedence: 0, distinguisherMethod: { type: "Odd" } },
          { priorityLevelConfiguration: { name: "a" }, matchingPrecedence: 10_001, rules: [{}] },
          {
            priorityLevelConfiguration: { name: "a" },
            rules: [{ subjects: [{ kind: "Odd" }, { kind: "User" }], resourceRules: [{}] }],
          },
          {
            priorityLevelConfiguration: { name: "a" },
            rules: [
              {
                subjects: [{ kind: "Group", group: { name: "g" }, user: { name: "u" } }],
                nonResourceRules: [{ verbs: ["Odd"], nonResourceURLs: ["x"] }],
              },
            ],
          },
        ]),
      ),
      ...cluster(
        "flowcontrol.apiserver.k8s.io/v1",
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        specs([
          {},
          { type: "Odd" },
          { type: "Exempt", limited: {} },
          { type: "Limited" },
          {
            type: "Limited",
            limited: { nominalConcurrencyShares: -1, lendablePercent: 101, limitResponse: { type: "Odd" } },
          },
          { type: "Limited", limited: { limitResponse: { type: "Reject", queuing: {} } } },
          {
            type: "Limited",
            limited: { limitResponse: { type: "Queue", queuing: { queues: -1, handSize: 100, queueLengthLimit: -1 } } },
          },
        ]),
      ),
      ...cluster("networking.k8s.io/v1", "IPAddress", "ipaddresses", [
        { metadata: { name: "10.0.0.300" }, spec: {} },
        { metadata: { name: "10.0.0.77" }, spec: { parentRef: {} } },
        {
          metadata: { name: "2001:DB8::1" },
          spec: { parentRef: { resource: "services", name: "a", namespace: "Bad_" } },
        },
      ]),
      ...cluster(
        "networking.k8s.io/v1",
        "ServiceCIDR",
        "servicecidrs",
        specs([
          {},
          { cidrs: ["x"] },
          { cidrs: ["10.0.0.1/8"] },
          { cidrs: ["10.0.0.0/8", "11.0.0.0/8"] },
          { cidrs: ["10.0.0.0/8", "fd00::/64", "12.0.0.0/8"] },
        ]),
      ),
      ...cluster("apiregistration.k8s.io/v1", "APIService", "apiservices", [
        {},
        {
          metadata: { name: "v1.example.com" },
          spec: { group: "other", version: "v1", groupPriorityMinimum: 0, versionPriority: 0 },
        },
        {
          metadata: { name: "v1.example.com" },
          spec: {
            group: "example.com",
            version: "v1",
            groupPriorityMinimum: 20001,
            versionPriority: 1001,
            service: {},
          },
        },
        {
          metadata: { name: "v1.example.com" },
          spec: {
            group: "example.com",
            version: "v1",
            groupPriorityMinimum: 5,
            versionPriority: 5,
            insecureSkipTLSVerify: true,
            caBundle: "eA==",
            service: { name: "s", namespace: "n" },
          },
        },
      ]),
      ...tries(`/apis/apps/v1/namespaces/${ns}/controllerrevisions`, "apps/v1", "ControllerRevision", [
        {},
        { revision: -1, data: { a: 1 } },
        { revision: 1, data: null },
      ]),
      ...tries(
        `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`,
        "policy/v1",
        "PodDisruptionBudget",
        specs([
          { minAvailable: 1, selector },
          { maxUnavailable: 0, selector: { matchLabels: labels } },
        ]),
      ),
    ];
  },
};
