/**
 * Random writes to a few kinds: applies, patches of all types and replaces by several managers, small enough that they often
 * meet in the same fields.
 */

/** A source of randomness: a number from 0 up to 1. */
export type Random = () => number;

export type WriteType = "apply" | "merge" | "strategic" | "json" | "put";

export interface Write {
  readonly type: WriteType;
  readonly manager: string;
  readonly force: boolean;
  /** The patch or configuration. For `put` it is a merge patch that the driver applies to the live object and sends whole. */
  readonly body: unknown;
}

export interface RandomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** A full, valid object to begin with. */
  base(name: string): Record<string, unknown>;
  /** Part of an object, as an applied configuration or a merge patch. */
  part(random: Random): Record<string, unknown>;
  /** A strategic merge patch. */
  strategic(random: Random): Record<string, unknown>;
}

/** A repeatable source of randomness. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

function maybe(random: Random, chance: number, make: () => Record<string, unknown>): Record<string, unknown> {
  return random() < chance ? make() : {};
}

function some<T>(random: Random, items: readonly T[]): T[] {
  const chosen = items.filter(() => random() < 0.5);
  if (random() < 0.3) chosen.reverse();
  return chosen;
}

function metadata(random: Random): Record<string, unknown> {
  const strings = (): Record<string, string> =>
    Object.fromEntries(some(random, ["a", "b", "c"]).map((key) => [key, pick(random, ["1", "2"])]));
  return {
    ...maybe(random, 0.4, () => ({ labels: strings() })),
    ...maybe(random, 0.3, () => ({ annotations: strings() })),
    ...maybe(random, 0.3, () => ({ finalizers: some(random, ["x.io/a", "x.io/b", "x.io/c"]) })),
  };
}

function container(random: Random, name: string): Record<string, unknown> {
  return {
    name,
    image: pick(random, ["i:1", "i:2"]),
    ...maybe(random, 0.4, () => ({
      env: some(random, ["X", "Y", "Z"]).map((key) => ({ name: key, value: pick(random, ["1", "2"]) })),
    })),
    ...maybe(random, 0.4, () => ({
      ports: some(random, [80, 81, 82]).map((port) => ({
        containerPort: port,
        ...maybe(random, 0.5, () => ({ protocol: "TCP" })),
        ...maybe(random, 0.3, () => ({ name: `p${port}` })),
      })),
    })),
    ...maybe(random, 0.3, () => ({ args: some(random, ["a", "b", "c"]) })),
    ...maybe(random, 0.3, () => ({
      resources: {
        limits: { cpu: pick(random, ["1", "500m", "0.5"]) },
        ...maybe(random, 0.5, () => ({ requests: { memory: "1Mi" } })),
      },
    })),
    ...maybe(random, 0.2, () => ({ securityContext: { ...maybe(random, 0.5, () => ({ privileged: false })) } })),
    ...maybe(random, 0.2, () => ({
      volumeMounts: some(random, ["/a", "/b"]).map((mountPath) => ({ name: "v", mountPath })),
    })),
  };
}

function podSpec(random: Random): Record<string, unknown> {
  const names = some(random, ["a", "b", "c"]);
  return {
    ...maybe(random, 0.7, () => ({ containers: names.map((name) => container(random, name)) })),
    ...maybe(random, 0.2, () => ({ tolerations: [{ key: pick(random, ["k", "l"]), operator: "Exists" }] })),
    ...maybe(random, 0.2, () => ({ imagePullSecrets: some(random, ["s", "t"]).map((name) => ({ name })) })),
    ...maybe(random, 0.2, () => ({ nodeSelector: { disk: pick(random, ["ssd", "hdd"]) } })),
    ...maybe(random, 0.2, () => ({ terminationGracePeriodSeconds: pick(random, [5, 30]) })),
    volumes: [
      pick(random, [
        { name: "v", emptyDir: {} },
        { name: "v", configMap: { name: "c" } },
      ]),
    ],
  };
}

const configMap: RandomKind = {
  apiVersion: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  base: (name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "1" } }),
  part: (random) => ({
    metadata: metadata(random),
    ...maybe(random, 0.7, () => ({
      data: Object.fromEntries(some(random, ["a", "b", "c", "d"]).map((key) => [key, pick(random, ["1", "2", "3"])])),
    })),
    ...maybe(random, 0.2, () => ({ binaryData: { z: "aGk=" } })),
    ...maybe(random, 0.1, () => ({ data: pick(random, [null, {}, { a: null }, { a: 5 }, "text", { e: true }]) })),
  }),
  strategic: (random) => ({
    ...configMap.part(random),
    ...maybe(random, 0.3, () => ({
      // Adding to and deleting from one list in the same patch is random on the real server.
      metadata:
        random() < 0.5
          ? {
              finalizers: some(random, ["x.io/a", "x.io/b", "x.io/c"]),
              "$setElementOrder/finalizers": ["x.io/c", "x.io/b", "x.io/a"],
            }
          : { "$deleteFromPrimitiveList/finalizers": some(random, ["x.io/c", "x.io/b"]) },
    })),
    ...maybe(random, 0.2, () => ({ data: { $patch: pick(random, ["replace", "delete", "merge"]), q: "1" } })),
  }),
};

const deployment: RandomKind = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  plural: "deployments",
  base: (name) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: "x" } },
      template: {
        metadata: { labels: { app: "x" } },
        spec: { containers: [{ name: "a", image: "i:1" }], volumes: [{ name: "v", emptyDir: {} }] },
      },
    },
  }),
  part: (random) => ({
    metadata: metadata(random),
    spec: {
      ...maybe(random, 0.4, () => ({ replicas: pick(random, [0, 1, 2]) })),
      ...maybe(random, 0.2, () => ({ paused: random() < 0.5 })),
      ...maybe(random, 0.1, () => ({ selector: { matchLabels: { app: "x" } } })),
      ...maybe(random, 0.2, () => ({
        strategy: pick<Record<string, unknown>>(random, [
          { type: "Recreate" },
          { rollingUpdate: { maxSurge: pick<unknown>(random, [1, "50%"]) } },
          { type: "Recreate", rollingUpdate: null },
        ]),
      })),
      ...maybe(random, 0.7, () => ({
        template: {
          ...maybe(random, 0.3, () => ({ metadata: { labels: { app: "x", t: pick(random, ["1", "2"]) } } })),
          spec: podSpec(random),
        },
      })),
    },
    ...maybe(random, 0.1, () => ({ status: { replicas: 5 } })),
    ...maybe(random, 0.05, () => ({ bogus: 1 })),
  }),
  strategic: (random) => ({
    metadata: metadata(random),
    spec: {
      ...maybe(random, 0.2, () => ({ strategy: { $retainKeys: ["type"], type: "Recreate" } })),
      template: {
        spec: {
          ...maybe(random, 0.8, () => ({
            containers: some(random, ["a", "b", "c"]).map((name) =>
              random() < 0.2
                ? { $patch: pick(random, ["delete", "replace", "explode"]), name }
                : container(random, name),
            ),
          })),
          ...maybe(random, 0.4, () => ({
            "$setElementOrder/containers": ["c", "b", "a"].filter(() => random() < 0.8).map((name) => ({ name })),
          })),
          ...maybe(random, 0.3, () => ({ volumes: [{ $retainKeys: ["name", "emptyDir"], name: "v", emptyDir: {} }] })),
          ...maybe(random, 0.2, () => ({ nodeSelector: { $patch: "replace", x: "1" } })),
        },
      },
    },
  }),
};

const service: RandomKind = {
  apiVersion: "v1",
  kind: "Service",
  plural: "services",
  base: (name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { ports: [{ name: "p80", port: 80 }], selector: { app: "x" } },
  }),
  part: (random) => ({
    metadata: metadata(random),
    spec: {
      ...maybe(random, 0.6, () => ({
        ports: some(random, [80, 81, 82]).map((port) => ({
          name: `p${port}`,
          port,
          ...maybe(random, 0.4, () => ({ protocol: pick(random, ["TCP", "UDP"]) })),
          ...maybe(random, 0.4, () => ({ targetPort: pick<unknown>(random, [8080, "http"]) })),
        })),
      })),
      ...maybe(random, 0.3, () => ({ selector: { app: pick(random, ["x", "y"]) } })),
      ...maybe(random, 0.2, () => ({ sessionAffinity: pick(random, ["None", "ClientIP"]) })),
      ...maybe(random, 0.1, () => ({ ports: [{ port: 80 }, { port: 80 }] })),
    },
  }),
  strategic: (random) => service.part(random),
};

const pod: RandomKind = {
  apiVersion: "v1",
  kind: "Pod",
  plural: "pods",
  base: (name) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        { name: "a", image: "i:1", env: [{ name: "X", value: "1" }] },
        { name: "b", image: "i:1" },
      ],
    },
  }),
  part: (random) => ({
    metadata: metadata(random),
    ...maybe(random, 0.6, () => ({
      spec: {
        ...maybe(random, 0.7, () => ({
          containers: some(random, ["a", "b"]).map((name) => ({ name, image: pick(random, ["i:1", "i:2"]) })),
        })),
        ...maybe(random, 0.3, () => ({ activeDeadlineSeconds: pick(random, [100, 50, 20]) })),
      },
    })),
    ...maybe(random, 0.2, () => ({ status: { phase: "Running", message: "m" } })),
  }),
  strategic: (random) => pod.part(random),
};

export const randomKinds: readonly RandomKind[] = [configMap, deployment, service, pod];

function jsonOperations(random: Random): unknown[] {
  const path = (): string =>
    pick(random, [
      "/metadata/labels",
      "/metadata/labels/a",
      "/metadata/finalizers",
      "/metadata/finalizers/0",
      "/metadata/finalizers/-",
      "/data/a",
      "/spec/template/spec/containers/0/image",
      "/spec/template/spec/containers/-1/env",
      "/spec/ports/0/targetPort",
    ]);
  const value = (): unknown =>
    pick<unknown>(random, ["1", "2", { a: "1" }, ["x.io/a"], null, [{ name: "Q", value: "1" }], 8080]);
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, () => ({
    op: pick(random, ["add", "replace", "remove", "test", "copy", "move", "add"]),
    path: path(),
    from: path(),
    value: value(),
  }));
}

/** A random write to an object of a kind. */
export function randomWrite(random: Random, kind: RandomKind, name: string): Write {
  const type = pick<WriteType>(random, ["apply", "apply", "apply", "merge", "strategic", "json", "put"]);
  const manager = pick(random, ["one", "two", "three"]);
  const force = type === "apply" && random() < 0.4;
  switch (type) {
    case "apply": {
      const part = kind.part(random);
      return {
        type,
        manager,
        force,
        body: {
          apiVersion: kind.apiVersion,
          kind: kind.kind,
          ...part,
          metadata: { name, ...(part["metadata"] as object) },
        },
      };
    }
    case "strategic":
      return { type, manager, force, body: kind.strategic(random) };
    case "json":
      return { type, manager, force, body: jsonOperations(random) };
    default:
      return { type, manager, force, body: kind.part(random) };
  }
}
