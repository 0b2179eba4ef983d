// The bytes that the fixture server sends: 10,000 pods of about 5.8 kB, as kubectl sees them, with managedFields.

export const PODS = 10_000;
const CHUNK = 500;

const hex = (number, length) => (number * 2_654_435_761).toString(16).slice(-length).padStart(length, "0");

function managedFields(index) {
  const k = (name) => `k:{"name":"${name}"}`;
  const leaf = (...names) => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  const container = (name) => ({
    ".": {},
    ...leaf("image", "imagePullPolicy", "name", "terminationMessagePath", "terminationMessagePolicy"),
    "f:env": {
      ".": {},
      [k("POD_NAME")]: { ".": {}, ...leaf("name"), "f:valueFrom": { ".": {}, "f:fieldRef": {} } },
      [k("LEVEL")]: { ".": {}, ...leaf("name", "value") },
    },
    "f:livenessProbe": {
      ".": {},
      ...leaf("failureThreshold", "periodSeconds", "successThreshold", "timeoutSeconds"),
      "f:httpGet": { ".": {}, ...leaf("path", "port", "scheme") },
    },
    "f:ports": {
      ".": {},
      [`k:{"containerPort":8080,"protocol":"TCP"}`]: { ".": {}, ...leaf("containerPort", "name", "protocol") },
    },
    "f:resources": {
      ".": {},
      "f:limits": { ".": {}, ...leaf("cpu", "memory") },
      "f:requests": { ".": {}, ...leaf("cpu", "memory") },
    },
    "f:volumeMounts": { ".": {}, [`k:{"mountPath":"/var/lib/${name}"}`]: { ".": {}, ...leaf("mountPath", "name") } },
  });
  const condition = (type) => ({
    [`k:{"type":"${type}"}`]: { ".": {}, ...leaf("lastProbeTime", "lastTransitionTime", "status", "type") },
  });
  return [
    {
      manager: "kube-controller-manager",
      operation: "Update",
      apiVersion: "v1",
      time: "2026-03-01T10:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:metadata": {
          "f:annotations": { ".": {}, ...leaf("checksum/config") },
          "f:generateName": {},
          "f:labels": { ".": {}, ...leaf("app", "pod-template-hash", "tier") },
          "f:ownerReferences": { ".": {}, [`k:{"uid":"${hex(index >> 3, 8)}-0000-4000-8000-000000000001"}`]: {} },
        },
        "f:spec": {
          "f:containers": { [k("server")]: container("server") },
          ...leaf(
            "dnsPolicy",
            "enableServiceLinks",
            "restartPolicy",
            "schedulerName",
            "securityContext",
            "serviceAccount",
            "serviceAccountName",
            "terminationGracePeriodSeconds",
          ),
          "f:volumes": { ".": {}, [k("data")]: { ".": {}, ...leaf("emptyDir", "name") } },
        },
      },
    },
    {
      manager: "kubelet",
      operation: "Update",
      apiVersion: "v1",
      time: "2026-03-01T10:00:09Z",
      subresource: "status",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:status": {
          "f:conditions": {
            ...condition("ContainersReady"),
            ...condition("Initialized"),
            ...condition("PodReadyToStartContainers"),
            ...condition("Ready"),
          },
          ...leaf("containerStatuses", "hostIP", "hostIPs", "phase", "podIP", "startTime"),
          "f:podIPs": {
            ".": {},
            [`k:{"ip":"10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}"}`]: { ".": {}, ...leaf("ip") },
          },
        },
      },
    },
  ];
}

export function pod(index) {
  const name = `shop-${hex(index >> 3, 10)}-${hex(index, 5)}`;
  const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const container = (containerName, port) => ({
    name: containerName,
    image: `registry.example.com/shop/${containerName}:v1.${index % 40}.3`,
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
      { name: "LEVEL", value: 'say "info"' },
    ],
    resources: { limits: { cpu: "500m", memory: "256Mi" }, requests: { cpu: "100m", memory: "128Mi" } },
    volumeMounts: [
      { name: "data", mountPath: `/var/lib/${containerName}` },
      { name: "kube-api-access", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
    ],
    livenessProbe: {
      httpGet: { path: "/healthz", port: "http", scheme: "HTTP" },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
  });
  const status = (containerName) => ({
    name: containerName,
    state: { running: { startedAt: "2026-03-01T10:00:07Z" } },
    lastState: {},
    ready: true,
    restartCount: index % 3,
    image: `registry.example.com/shop/${containerName}:v1.${index % 40}.3`,
    imageID: `registry.example.com/shop/${containerName}@sha256:${hex(index % 40, 8).repeat(8)}`,
    containerID: `containerd://${hex(index, 8).repeat(8)}`,
    started: true,
  });
  const condition = (type) => ({
    type,
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: "2026-03-01T10:00:07Z",
  });
  return {
    metadata: {
      name,
      generateName: `shop-${hex(index >> 3, 10)}-`,
      namespace: `team-${index % 20}`,
      uid: `${hex(index, 8)}-0000-4000-8000-000000000000`,
      resourceVersion: String(100_000 + index),
      creationTimestamp: "2026-03-01T10:00:00Z",
      labels: { app: "shop", "pod-template-hash": hex(index >> 3, 10), tier: "web" },
      annotations: { "checksum/config": hex(index, 8).repeat(8) },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `shop-${hex(index >> 3, 10)}`,
          uid: `${hex(index >> 3, 8)}-0000-4000-8000-000000000001`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFields(index),
    },
    spec: {
      volumes: [
        { name: "data", emptyDir: {} },
        {
          name: "kube-api-access",
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
              { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: [container("server", 8080)],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      serviceAccountName: "default",
      serviceAccount: "default",
      nodeName: `node-${index % 100}`,
      securityContext: {},
      schedulerName: "default-scheduler",
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
    },
    status: {
      phase: "Running",
      conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
        condition,
      ),
      hostIP: `192.168.0.${index % 100}`,
      hostIPs: [{ ip: `192.168.0.${index % 100}` }],
      podIP: ip,
      podIPs: [{ ip }],
      startTime: "2026-03-01T10:00:00Z",
      containerStatuses: [status("server")],
      qosClass: "Burstable",
    },
  };
}

/** Everything that is sent, made once. */
export function makeFixtures() {
  const items = Array.from({ length: PODS }, (_, index) => JSON.stringify(pod(index)));
  const list = (from, to, more) =>
    Buffer.from(
      `{"kind":"PodList","apiVersion":"v1","metadata":${JSON.stringify({ resourceVersion: "200000", ...more })},"items":[${items.slice(from, to).join(",")}]}\n`,
    );
  const chunks = new Map();
  for (let from = 0; from < PODS; from += CHUNK) {
    const left = PODS - from - CHUNK;
    chunks.set(
      from,
      list(from, from + CHUNK, left > 0 ? { continue: String(from + CHUNK), remainingItemCount: left } : {}),
    );
  }
  const events = [];
  for (let from = 0; from < PODS; from += 10) {
    const lines = items
      .slice(from, from + 10)
      .map((item) => `{"type":"MODIFIED","object":{"kind":"Pod","apiVersion":"v1",${item.slice(1)}}\n`);
    events.push(Buffer.from(lines.join("")));
  }
  const configMap = Buffer.from(
    `${JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "small", namespace: "default", uid: "0000", resourceVersion: "7", creationTimestamp: "2026-03-01T10:00:00Z", labels: { app: "shop" } }, data: { "application.yaml": "level: info\nport: 8080\n", other: "x".repeat(200) } })}\n`,
  );
  return { whole: list(0, PODS, {}), chunks, small: list(0, 3, {}), events, configMap };
}
