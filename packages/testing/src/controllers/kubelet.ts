/**
 * A scheduler and kubelets without containers: Pods get a node, start, become ready, end, and go when they are deleted.
 *
 * A Pod takes one delay from one step to the next. One that is to run to completion succeeds one delay after it started, unless
 * the annotation `bowline.dev/exit-code` says how its containers end.
 */

import { formatTime } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../strategies/json-access.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  isAbout,
  isDeleting,
  isFinishedPod,
} from "./controller.ts";
import { fitsNode } from "./node-fit.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const EXIT_CODE = "bowline.dev/exit-code";
const SCHEDULER = "default-scheduler";

export interface KubeletConfig {
  /** Names of the nodes to be there. */
  readonly nodes: readonly string[];
  readonly delayMs: number;
}

export function kubelet(context: ControllerContext, config: KubeletConfig): Controller {
  const simulation = new Simulation(context, config);
  const queue = new ReconcileQueue(
    context.client,
    (namespace, name) => simulation.step(queue, namespace, name),
    context.onError,
  );
  simulation.registerNodes();
  simulation.registerStorageClass();
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "", "Pod") && event.type !== "DELETED")
        queue.add(object.metadata.namespace, object.metadata.name);
      if (isAbout(event, "", "Pod") && event.type === "DELETED") simulation.forget(object.metadata.uid ?? "");
      const opensPlaces = isAbout(event, "", "Node") || isAbout(event, "", "PersistentVolumeClaim");
      if (opensPlaces && event.type !== "DELETED") {
        for (const pod of context.client.list("v1", "Pod")) {
          if (textAt(pod, "spec", "nodeName") === "") queue.add(pod.metadata.namespace, pod.metadata.name);
        }
      }
    },
    stop: () => queue.stop(),
  };
}

class Simulation {
  readonly #context: ControllerContext;
  readonly #config: KubeletConfig;
  /** When a Pod's present step began, by uid and step. */
  readonly #since: Map<string, { step: string; time: number }> = new Map();
  #addresses = 0;

  constructor(context: ControllerContext, config: KubeletConfig) {
    this.#context = context;
    this.#config = config;
  }

  registerNodes(): void {
    for (const [index, name] of this.#config.nodes.entries()) {
      if (this.#context.client.get("v1", "Node", undefined, name) === undefined) this.#registerNode(name, index);
    }
  }

  /** A default class, so that claims find a volume. */
  registerStorageClass(): void {
    const { client } = this.#context;
    if (client.list("storage.k8s.io/v1", "StorageClass").length > 0) return;
    client.create({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "simulated.bowline.dev",
    });
  }

  #registerNode(name: string, index: number): void {
    const { client } = this.#context;
    const time = formatTime(client.now());
    const metadata = {
      name,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "simulated",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": `zone-${index + 1}`,
      },
    };
    const spec = { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`] };
    const node = client.create({ apiVersion: "v1", kind: "Node", metadata, spec }, { fieldManager: "kubelet" });
    const condition = (type: string, status: string, reason: string, message: string) => ({
      type,
      status,
      lastHeartbeatTime: time,
      lastTransitionTime: time,
      reason,
      message,
    });
    const resources = { cpu: "8", "ephemeral-storage": "100Gi", memory: "32Gi", pods: "110" };
    const status = {
      capacity: resources,
      allocatable: resources,
      conditions: [
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
      ],
      addresses: [
        { type: "InternalIP", address: `192.0.2.${index + 11}` },
        { type: "Hostname", address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: "",
        systemUUID: "",
        bootID: "",
        kernelVersion: "6.12.0",
        osImage: "Simulated Linux",
        containerRuntimeVersion: "simulated://1.0.0",
        kubeletVersion: "v1.37.2",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    };
    client.update({ ...node, status }, { subresource: "status", fieldManager: "kubelet" });
  }

  forget(uid: string): void {
    this.#since.delete(uid);
  }

  /** Takes a Pod one step on, if it is time. */
  step(queue: ReconcileQueue, namespace: string, name: string): void {
    const { client } = this.#context;
    const pod = client.get("v1", "Pod", namespace, name);
    if (pod === undefined) return;
    const node = textAt(pod, "spec", "nodeName");
    if (node === "") {
      const isGated = itemsAt(pod, "spec", "schedulingGates").length > 0;
      if (!isDeleting(pod) && !isGated && textAt(pod, "status", "phase") === "Pending") this.#schedule(queue, pod);
      return;
    }
    if (!this.#config.nodes.includes(node)) return;
    if (isDeleting(pod))
      this.#wait(queue, pod, "stop", () =>
        client.delete("v1", "Pod", namespace, name, { gracePeriodSeconds: 0, fieldManager: "kubelet" }),
      );
    else if (isFinishedPod(pod)) return;
    else if (textAt(pod, "status", "phase") === "Pending") {
      if (conditionOf(pod, "PodReadyToStartContainers") === undefined) this.#write(pod, this.#creating(pod));
      else this.#wait(queue, pod, "start", () => this.#write(pod, this.#running(pod)));
    } else if (textAt(pod, "spec", "restartPolicy") !== "Always")
      this.#wait(queue, pod, "end", () => this.#write(pod, this.#ended(pod)));
  }

  /** Runs `then` once the step has lasted its time; comes back until then. */
  #wait(queue: ReconcileQueue, pod: ApiObject, step: string, then: () => void): void {
    const uid = pod.metadata.uid ?? "";
    const now = this.#context.client.now().getTime();
    const present = this.#since.get(uid);
    const begun = present?.step === step ? present.time : now;
    if (present?.step !== step) this.#since.set(uid, { step, time: now });
    const left = begun + this.#config.delayMs - now;
    if (left <= 0) then();
    else queue.addAfter(left, pod.metadata.namespace, pod.metadata.name);
  }

  #schedule(queue: ReconcileQueue, pod: ApiObject): void {
    const { client, events } = this.#context;
    const { namespace, name } = pod.metadata;
    if (textAt(pod, "spec", "schedulerName") !== SCHEDULER) return;
    const missing = this.#missingClaim(pod);
    if (missing !== undefined) {
      // Claims are often bound within moments of the Pod.
      this.#wait(queue, pod, "claims", () => this.#unschedulable(pod, missing));
      return;
    }
    const spec = fieldsAt(pod, "spec") ?? {};
    const load = (node: ApiObject) =>
      client.list("v1", "Pod").filter((other) => textAt(other, "spec", "nodeName") === node.metadata.name).length;
    const nodes = client.list("v1", "Node").filter((node) => fitsNode(spec, node));
    const chosen = nodes.sort((a, b) => load(a) - load(b))[0];
    if (chosen === undefined) {
      this.#unschedulable(pod, "no node fits the pod's node selector, affinity and tolerations.");
      return;
    }
    const bound = clone(pod);
    (bound["spec"] as Fields)["nodeName"] = chosen.metadata.name;
    const now = formatTime(client.now());
    const conditions = itemsAt(bound, "status", "conditions").filter(
      (condition) => condition["type"] !== "PodScheduled",
    );
    (bound["status"] as Fields)["conditions"] = [
      {
        type: "PodScheduled",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: now,
        observedGeneration: pod.metadata.generation,
      },
      ...conditions,
    ];
    const stored = client.update(bound, { subresource: "binding", fieldManager: "kube-scheduler" });
    events.record(
      stored,
      "Normal",
      "Scheduled",
      `Successfully assigned ${namespace}/${name} to ${chosen.metadata.name}`,
      SCHEDULER,
    );
  }

  /** Why a claim of the Pod keeps it waiting. */
  #missingClaim(pod: ApiObject): string | undefined {
    const { client } = this.#context;
    for (const volume of itemsAt(pod, "spec", "volumes")) {
      const name = textAt(volume, "persistentVolumeClaim", "claimName");
      if (name === "") continue;
      const claim = client.get("v1", "PersistentVolumeClaim", pod.metadata.namespace, name);
      if (claim === undefined) return `persistentvolumeclaim "${name}" not found.`;
      if (textAt(claim, "status", "phase") !== "Bound") return `persistentvolumeclaim "${name}" is not bound.`;
    }
    return undefined;
  }

  #unschedulable(pod: ApiObject, why: string): void {
    const { client } = this.#context;
    if (conditionOf(pod, "PodScheduled") !== undefined) return;
    const total = client.list("v1", "Node").length;
    const message = `0/${total} nodes are available: ${why}`;
    const condition = {
      type: "PodScheduled",
      status: "False",
      lastProbeTime: null,
      lastTransitionTime: formatTime(client.now()),
      reason: "Unschedulable",
      message,
    };
    const status = { ...fieldsAt(pod, "status"), conditions: [...itemsAt(pod, "status", "conditions"), condition] };
    client.update({ ...pod, status }, { subresource: "status", fieldManager: "kube-scheduler" });
    this.#context.events.record(pod, "Warning", "FailedScheduling", message, SCHEDULER);
  }

  #write(pod: ApiObject, status: Fields): void {
    this.#context.client.update({ ...pod, status }, { subresource: "status", fieldManager: "kubelet" });
  }

  #conditions(pod: ApiObject, values: Readonly<Record<string, string>>, reason?: string): Fields[] {
    const now = formatTime(this.#context.client.now());
    const names = itemsAt(pod, "spec", "containers").map((container) => textAt(container, "name"));
    const made = Object.entries(values).map(([type, status]) => {
      const old = conditionOf(pod, type);
      const isUnready = status === "False" && (type === "Ready" || type === "ContainersReady");
      return {
        type,
        status,
        observedGeneration: pod.metadata.generation,
        lastProbeTime: null,
        lastTransitionTime: old?.["status"] === status ? old["lastTransitionTime"] : now,
        ...(isUnready
          ? {
              reason: reason ?? "ContainersNotReady",
              ...(reason === undefined ? { message: `containers with unready status: [${names.join(" ")}]` } : {}),
            }
          : {}),
      };
    });
    const others = itemsAt(pod, "status", "conditions").filter(
      (condition) => values[textAt(condition, "type")] === undefined,
    );
    return [...made, ...others];
  }

  #statuses(pod: ApiObject, list: "containers" | "initContainers", state: Fields, isReady: boolean): Fields[] {
    return itemsAt(pod, "spec", list).map((container) => ({
      name: textAt(container, "name"),
      state: clone(state),
      lastState: {},
      ready: isReady,
      restartCount: 0,
      image: textAt(container, "image"),
      imageID:
        isReady || state["terminated"] !== undefined ? `${textAt(container, "image")}@sha256:${"0".repeat(64)}` : "",
      ...(isReady || state["terminated"] !== undefined
        ? { containerID: `simulated://${pod.metadata.uid}-${textAt(container, "name")}` }
        : {}),
      started: isReady,
    }));
  }

  #base(pod: ApiObject): Fields {
    const node = this.#context.client.get("v1", "Node", undefined, textAt(pod, "spec", "nodeName"));
    const hostIP = textAt(itemsAt(node, "status", "addresses")[0], "address");
    return {
      ...fieldsAt(pod, "status"),
      observedGeneration: pod.metadata.generation,
      hostIP,
      hostIPs: [{ ip: hostIP }],
      startTime: textAt(pod, "status", "startTime") || formatTime(this.#context.client.now()),
    };
  }

  #creating(pod: ApiObject): Fields {
    const values = {
      PodReadyToStartContainers: "False",
      Initialized: "True",
      Ready: "False",
      ContainersReady: "False",
      PodScheduled: "True",
    };
    const waiting = { waiting: { reason: "ContainerCreating" } };
    return {
      ...this.#base(pod),
      phase: "Pending",
      conditions: this.#conditions(pod, values),
      containerStatuses: this.#statuses(pod, "containers", waiting, false),
    };
  }

  #running(pod: ApiObject): Fields {
    const podIP = this.#nextAddress();
    const now = formatTime(this.#context.client.now());
    const values = {
      PodReadyToStartContainers: "True",
      Initialized: "True",
      Ready: "True",
      ContainersReady: "True",
      PodScheduled: "True",
    };
    const completed = { terminated: { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now } };
    const init = this.#statuses(pod, "initContainers", completed, false);
    for (const container of itemsAt(pod, "spec", "containers")) {
      const name = textAt(container, "name");
      this.#context.events.record(pod, "Normal", "Started", `Started container ${name}`, "kubelet");
    }
    return {
      ...this.#base(pod),
      phase: "Running",
      conditions: this.#conditions(pod, values),
      podIP,
      podIPs: [{ ip: podIP }],
      ...(init.length > 0 ? { initContainerStatuses: init } : {}),
      containerStatuses: this.#statuses(pod, "containers", { running: { startedAt: now } }, true),
    };
  }

  #ended(pod: ApiObject): Fields {
    const now = formatTime(this.#context.client.now());
    const exitCode = Number(pod.metadata.annotations?.[EXIT_CODE] ?? 0);
    const reason = exitCode === 0 ? "Completed" : "Error";
    const values = {
      PodReadyToStartContainers: "False",
      Initialized: "True",
      Ready: "False",
      ContainersReady: "False",
      PodScheduled: "True",
    };
    const startedAt = textAt(itemsAt(pod, "status", "containerStatuses")[0], "state", "running", "startedAt") || now;
    return {
      ...this.#base(pod),
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      conditions: this.#conditions(pod, values, exitCode === 0 ? "PodCompleted" : "PodFailed"),
      containerStatuses: this.#statuses(
        pod,
        "containers",
        { terminated: { exitCode, reason, startedAt, finishedAt: now } },
        false,
      ),
    };
  }

  #nextAddress(): string {
    this.#addresses = (this.#addresses + 1) % (254 * 254);
    return `10.244.${Math.floor(this.#addresses / 254)}.${(this.#addresses % 254) + 1}`;
  }
}
