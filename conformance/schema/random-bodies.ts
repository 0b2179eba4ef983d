/**
 * Bodies of several kinds with something wrong in them: other types, unknown and repeated fields, nulls, odd numbers.
 */
import { pick, type Random } from "../merge/random-writes.ts";

export interface Body {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly text: string;
}

const template = {
  metadata: { labels: { app: "x" } },
  spec: {
    restartPolicy: "Always",
    containers: [
      {
        name: "a",
        image: "i",
        ports: [{ containerPort: 80, protocol: "TCP" }],
        env: [{ name: "X", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        resources: { limits: { cpu: "1", memory: "1Gi" } },
        livenessProbe: { httpGet: { port: 80, path: "/" }, periodSeconds: 5 },
      },
    ],
    volumes: [
      { name: "v", emptyDir: { sizeLimit: "1Gi" } },
      { name: "w", configMap: { name: "c", items: [{ key: "k", path: "p", mode: 420 }] } },
    ],
    securityContext: { runAsUser: 1000, fsGroup: 5 },
    tolerations: [{ key: "k", tolerationSeconds: 5, effect: "NoExecute" }],
  },
};

const bases: readonly { readonly plural: string; readonly object: Record<string, unknown> }[] = [
  {
    plural: "configmaps",
    object: {
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "1", b: "2" },
      binaryData: { c: "aGk=" },
      immutable: false,
    },
  },
  {
    plural: "secrets",
    object: { apiVersion: "v1", kind: "Secret", type: "Opaque", data: { a: "aGk=" }, stringData: { b: "x" } },
  },
  {
    plural: "deployments",
    object: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "x" }, matchExpressions: [{ key: "app", operator: "Exists" }] },
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
        template,
      },
      status: { replicas: 1, conditions: [{ type: "A", status: "True", lastUpdateTime: "2026-01-01T00:00:00Z" }] },
    },
  },
  {
    plural: "services",
    object: {
      apiVersion: "v1",
      kind: "Service",
      spec: { ports: [{ port: 80, targetPort: "http", name: "a" }], selector: { a: "b" }, sessionAffinity: "None" },
    },
  },
  {
    plural: "leases",
    object: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      spec: {
        holderIdentity: "h",
        leaseDurationSeconds: 5,
        acquireTime: "2026-01-01T00:00:00.000000Z",
        renewTime: "2026-01-01T00:00:00.123456Z",
      },
    },
  },
  {
    plural: "ingresses",
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      spec: {
        rules: [
          {
            host: "a.b",
            http: {
              paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
  },
  {
    plural: "horizontalpodautoscalers",
    object: {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
        ],
      },
    },
  },
  {
    plural: "cronjobs",
    object: {
      apiVersion: "batch/v1",
      kind: "CronJob",
      spec: {
        schedule: "* * * * *",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "i" }] } } },
        },
      },
    },
  },
  {
    plural: "events",
    object: {
      apiVersion: "v1",
      kind: "Event",
      involvedObject: { kind: "Pod", name: "p" },
      reason: "R",
      firstTimestamp: "2026-01-01T00:00:00Z",
      eventTime: null,
      count: 1,
    },
  },
];

const values: readonly string[] = [
  "null",
  "5",
  "-1",
  "1.5",
  "2.0",
  "1e3",
  "99999999999",
  '"x"',
  '""',
  "true",
  "false",
  "[]",
  "{}",
  '["a"]',
  '{"a":"b"}',
  "[null]",
  '"2026-01-01T00:00:00Z"',
  '"1Gi"',
  '"0.5"',
  "0",
  '"YQ=="',
  '"!!!!"',
  "[1]",
  '{"a":1}',
  '"1k"',
  '"2026-13-01T00:00:00Z"',
  '"2026-01-01T00:00:00.5Z"',
  '"2026-01-01T25:00:00+02:00"',
  '"<&>"',
];

/** A body with one or two mutations. */
export function randomBody(random: Random, name: string): Body {
  const base = pick(random, bases);
  const object = { ...base.object, metadata: { name, labels: { app: "x" }, annotations: { n: "1" } } };
  const text = mutatedJson(object, random);
  return {
    apiVersion: String(base.object["apiVersion"]),
    kind: String(base.object["kind"]),
    plural: base.plural,
    text,
  };
}

/** An object as JSON text with one or two faults. */
export function mutatedJson(object: unknown, random: Random): string {
  const count = 1 + Math.floor(random() * 2);
  const paths = pathsOf(object, "");
  const changes = new Map(
    Array.from({ length: count }, () => [
      pick(random, paths),
      pick(random, ["value", "value", "value", "unknown", "repeat", "drop"]),
    ]),
  );
  return write(object, "", random, changes);
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const own = `${path}/${key}`;
    return ["/apiVersion", "/kind", "/metadata", "/metadata/name"].includes(own)
      ? pathsOf(item, own)
      : [own, ...pathsOf(item, own)];
  });
}

function write(value: unknown, path: string, random: Random, changes: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => member(item, `${path}/${index}`, random, changes, (text) => [text]));
    return `[${items.join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([key, item]) =>
    member(item, `${path}/${key}`, random, changes, (text) => {
      const own = `${JSON.stringify(key)}:${text}`;
      const change = changes.get(`${path}/${key}`);
      if (change === "unknown")
        return [`"${pick(random, ["zzz", key.toUpperCase(), "Name"])}":${pick(random, values)}`, own];
      return change === "repeat"
        ? [own, `${JSON.stringify(key)}:${random() < 0.5 ? text : pick(random, values)}`]
        : [own];
    }),
  );
  return `{${members.join(",")}}`;
}

function member(
  item: unknown,
  path: string,
  random: Random,
  changes: ReadonlyMap<string, string>,
  wrap: (text: string) => string[],
): string[] {
  const change = changes.get(path);
  if (change === "drop") return [];
  return wrap(change === "value" ? pick(random, values) : write(item, path, random, changes));
}
