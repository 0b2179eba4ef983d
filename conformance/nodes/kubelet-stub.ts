/**
 * A node without containers: it binds Pods to itself as a scheduler does, and says of them what a kubelet would say of
 * containers that start at once and never fail. Container streams (exec, log) are not answered.
 */
import { type Client, type Existing, isConflict, isExpired, isNotFound, type KindMap } from "bowline";

type Pod = Existing<KindMap["v1/Pod"]>;

/** How the node is. */
export interface KubeletStubConfig {
  /** Default `bowline-node`. */
  readonly nodeName?: string | undefined;
  /** Is told of what the stub recovers from. Default: nothing. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A running node; `close()` stops it and leaves its Node object. */
export interface KubeletStub extends AsyncDisposable {
  readonly nodeName: string;
  close(): Promise<void>;
}

const LEASE_SECONDS = 40;
const HEARTBEAT_MS = 10_000;
const RELIST_MS = 200;
const LEASE_NAMESPACE = "kube-node-lease";
const ADDRESS = "192.0.2.10";

/** Registers the node, waits until it is ready, and runs Pods from then on. Closes `client` in the end. */
export async function startKubeletStub(client: Client, config: KubeletStubConfig = {}): Promise<KubeletStub> {
  const { nodeName = "bowline-node", onError = () => {} } = config;
  const stop = new AbortController();
  await register(client, nodeName);
  const heartbeat = setInterval(() => void renewLease(client, nodeName).catch(onError), HEARTBEAT_MS);
  heartbeat.unref();
  const work = followPods(client, nodeName, stop.signal, onError);
  const close = async (): Promise<void> => {
    clearInterval(heartbeat);
    stop.abort();
    await work;
    await client.close();
  };
  return { nodeName, close, [Symbol.asyncDispose]: close };
}

async function register(client: Client, nodeName: string): Promise<void> {
  const nodes = client.resource("v1", "Node");
  const isThere = (await nodes.find(nodeName)) !== undefined;
  if (!isThere) {
    await nodes.create({
      metadata: { name: nodeName, labels: { "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux" } },
    });
  }
  await renewLease(client, nodeName);
  const now = wireTime();
  const resources = { cpu: "8", memory: "16Gi", pods: "110", "ephemeral-storage": "100Gi" };
  await nodes.status.patch(nodeName, {
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address: ADDRESS },
        { type: "Hostname", address: nodeName },
      ],
      nodeInfo: {
        architecture: "amd64",
        bootID: "",
        containerRuntimeVersion: "stub://1",
        kernelVersion: "",
        kubeProxyVersion: "",
        kubeletVersion: "v1.37.2",
        machineID: "",
        operatingSystem: "linux",
        osImage: "stub",
        systemUUID: "",
      },
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "the stub is ready",
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  });
}

/** What the node lifecycle controller takes for a sign of life. */
async function renewLease(client: Client, nodeName: string): Promise<void> {
  await client.apply(
    {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: nodeName, namespace: LEASE_NAMESPACE },
      spec: { holderIdentity: nodeName, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime() },
    },
    { force: true },
  );
}

async function followPods(
  client: Client,
  nodeName: string,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const node = new Node(client, nodeName, onError);
  while (!signal.aborted) {
    try {
      for await (const { type, object } of client
        .resource("v1", "Pod")
        .watch({ signal, omitManagedFields: true, onError })) {
        if (type !== "DELETED") node.see(object);
      }
    } catch (error) {
      if (signal.aborted) break;
      onError(error);
      if (!isExpired(error)) await new Promise((resolve) => setTimeout(resolve, RELIST_MS));
    }
  }
  await node.settled();
}

/** What is done for each Pod, one thing after the other. */
class Node {
  readonly #client: Client;
  readonly #name: string;
  readonly #onError: (error: unknown) => void;
  readonly #queues: Map<string, Promise<void>> = new Map();
  #addresses = 0;

  constructor(client: Client, name: string, onError: (error: unknown) => void) {
    this.#client = client;
    this.#name = name;
    this.#onError = onError;
  }

  see(pod: Pod): void {
    const { uid } = pod.metadata;
    const before = this.#queues.get(uid) ?? Promise.resolve();
    const now = before
      .then(() => this.#advance(pod))
      .catch((error: unknown) => {
        // Somebody else was there first; the next event says what they did.
        if (!isConflict(error) && !isNotFound(error)) this.#onError(error);
      });
    this.#queues.set(uid, now);
    void now.then(() => {
      if (this.#queues.get(uid) === now) this.#queues.delete(uid);
    });
  }

  async settled(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  /** Takes a Pod one step on. */
  async #advance(pod: Pod): Promise<void> {
    const { name, namespace, uid, deletionTimestamp } = pod.metadata;
    const pods = this.#client.resource("v1", "Pod", { namespace });
    const { nodeName } = pod.spec;
    const phase = pod.status?.phase ?? "Pending";
    if (deletionTimestamp !== undefined) {
      if (nodeName === this.#name) await pods.delete(name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } else if (nodeName === undefined || nodeName === "") {
      if ((pod.spec.schedulingGates ?? []).length === 0)
        await pods.binding.create(name, { kind: "Node", name: this.#name });
    } else if (nodeName === this.#name && phase === "Pending") {
      await pods.status.patch(name, { metadata: { uid }, status: this.#running(pod) });
    }
  }

  #running(pod: Pod): NonNullable<KindMap["v1/Pod"]["status"]> {
    const now = wireTime();
    this.#addresses += 1;
    const podIP = `10.244.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`;
    const conditions = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
    return {
      phase: "Running",
      hostIP: ADDRESS,
      hostIPs: [{ ip: ADDRESS }],
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      conditions: conditions.map((type) => ({ type, status: "True", lastTransitionTime: now })),
      containerStatuses: pod.spec.containers.map(({ name, image = "" }) => ({
        name,
        image,
        imageID: `stub://${image}`,
        containerID: `stub://${pod.metadata.uid}/${name}`,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: now } },
      })),
    };
  }
}

function wireTime(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
