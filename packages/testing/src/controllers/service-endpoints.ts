/**
 * Endpoints and EndpointSlices of Services that select Pods.
 */
import { clone } from "../merge/json-value.ts";
import type { ServerEvent } from "../registry/server-client.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  at,
  type Fields,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../strategies/json-access.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  controllerReference,
  isAbout,
  isDeleting,
  isFinishedPod,
  isReadyPod,
} from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";
const SLICE_MANAGER = "endpointslice-controller.k8s.io";
const MAX_ENDPOINTS = 100;

export function serviceEndpointsController(context: ControllerContext): Controller {
  const { client } = context;
  /** When each Pod of a Service last became ready or not, as of the last look. */
  const seen = new Map<string, Map<string, string>>();
  const queue = new ReconcileQueue(
    client,
    (namespace, name) => reconcile(context, seen, namespace, name),
    context.onError,
  );
  const addSelecting = (pod: ApiObject) => {
    for (const service of client.list("v1", "Service", pod.metadata.namespace)) {
      if (selects(service, pod)) queue.add(service.metadata.namespace, service.metadata.name);
    }
  };
  return {
    onEvent(event: ServerEvent): void {
      const { object } = event;
      if (isAbout(event, "", "Service")) queue.add(object.metadata.namespace, object.metadata.name);
      else if (isAbout(event, "", "Pod")) addSelecting(object);
      else if (isAbout(event, "", "Node") && event.type === "ADDED") {
        for (const pod of client.list("v1", "Pod"))
          if (textAt(pod, "spec", "nodeName") === object.metadata.name) addSelecting(pod);
      } else if (
        event.type === "DELETED" &&
        (isAbout(event, "", "Endpoints") || isAbout(event, "discovery.k8s.io", "EndpointSlice"))
      ) {
        queue.add(
          object.metadata.namespace,
          object.metadata.labels?.["kubernetes.io/service-name"] ?? object.metadata.name,
        );
      }
    },
    stop: () => queue.stop(),
  };
}

function selects(service: ApiObject, pod: ApiObject): boolean {
  const selector = Object.entries(stringMapAt(service, "spec", "selector"));
  return selector.length > 0 && selector.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function reconcile(
  context: ControllerContext,
  seen: Map<string, Map<string, string>>,
  namespace: string,
  name: string,
): void {
  const { client } = context;
  const service = client.get("v1", "Service", namespace, name);
  const key = `${namespace}/${name}`;
  if (service === undefined || isDeleting(service)) {
    seen.delete(key);
    if (
      client.get("v1", "Endpoints", namespace, name)?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] ===
      "endpoint-controller"
    ) {
      client.delete("v1", "Endpoints", namespace, name);
    }
    return;
  }
  if (
    Object.keys(stringMapAt(service, "spec", "selector")).length === 0 ||
    textAt(service, "spec", "type") === "ExternalName"
  )
    return;
  const pods = client
    .list("v1", "Pod", namespace)
    .filter((pod) => selects(service, pod) && textAt(pod, "status", "podIP") !== "" && !isFinishedPod(pod));
  const trigger = triggerTime(seen, key, service, pods);
  writeEndpoints(context, service, pods, trigger);
  writeSlices(context, service, pods, trigger);
}

/** The earliest change that this look is about: the Service's creation, or a Pod that became ready or not. */
function triggerTime(
  seen: Map<string, Map<string, string>>,
  key: string,
  service: ApiObject,
  pods: readonly ApiObject[],
): string | undefined {
  const before = seen.get(key);
  const now = new Map(pods.map((pod) => [pod.metadata.name, textAt(conditionOf(pod, "Ready"), "lastTransitionTime")]));
  seen.set(key, now);
  const changes = [...now].filter(([pod, time]) => time !== "" && before?.get(pod) !== time).map(([, time]) => time);
  if (before === undefined) changes.push(textAt(service, "metadata", "creationTimestamp"));
  return changes.sort()[0];
}

function isPublished(service: ApiObject, pod: ApiObject): boolean {
  return isTrueAt(service, "spec", "publishNotReadyAddresses") || (isReadyPod(pod) && !isDeleting(pod));
}

/** A Service's ports as a Pod serves them. */
function portsFor(service: ApiObject, pod: ApiObject): Fields[] {
  return itemsAt(service, "spec", "ports").flatMap((port) => {
    const target = at(port, "targetPort");
    const protocol = textAt(port, "protocol");
    const number = typeof target === "number" ? target : namedPort(pod, String(target ?? ""), protocol);
    if (number === undefined) return [];
    const application = at(port, "appProtocol");
    return [
      {
        name: textAt(port, "name"),
        port: number,
        protocol,
        ...(application === undefined ? {} : { appProtocol: application }),
      },
    ];
  });
}

function namedPort(pod: ApiObject, name: string, protocol: string): number | undefined {
  for (const container of itemsAt(pod, "spec", "containers")) {
    for (const port of itemsAt(container, "ports")) {
      if (port["name"] === name && port["protocol"] === protocol) return numberAt(port, "containerPort");
    }
  }
  return undefined;
}

function targetOf(pod: ApiObject): Fields {
  return { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid };
}

function hostnameOf(service: ApiObject, pod: ApiObject): Fields {
  const hostname = textAt(pod, "spec", "hostname");
  const isNamed = hostname !== "" && textAt(pod, "spec", "subdomain") === service.metadata.name;
  return isNamed ? { hostname } : {};
}

interface AddressGroup {
  readonly ports: Fields[];
  readonly ready: Fields[];
  readonly notReady: Fields[];
}

function writeEndpoints(
  context: ControllerContext,
  service: ApiObject,
  pods: readonly ApiObject[],
  trigger: string | undefined,
): void {
  const { client } = context;
  const { namespace, name } = service.metadata;
  const groups = new Map<string, AddressGroup>();
  const isHeadless = textAt(service, "spec", "clusterIP") === "None";
  for (const pod of [...pods].sort((a, b) => (textAt(a, "status", "podIP") < textAt(b, "status", "podIP") ? -1 : 1))) {
    const ports = portsFor(service, pod).map((port) => ({
      ...(port["name"] === "" ? {} : { name: port["name"] }),
      port: port["port"],
      protocol: port["protocol"],
    }));
    if (ports.length === 0 && !isHeadless) continue;
    const group: AddressGroup = groups.get(JSON.stringify(ports)) ?? { ports, ready: [], notReady: [] };
    groups.set(JSON.stringify(ports), group);
    const node = textAt(pod, "spec", "nodeName");
    const address = {
      ip: textAt(pod, "status", "podIP"),
      ...hostnameOf(service, pod),
      ...(node === "" ? {} : { nodeName: node }),
      targetRef: targetOf(pod),
    };
    if (isPublished(service, pod)) group.ready.push(address);
    else if (!isDeleting(pod)) group.notReady.push(address);
  }
  const subsets = [...groups.values()]
    .filter(({ ready, notReady }) => ready.length + notReady.length > 0)
    .map(({ ports, ready, notReady }) => ({
      ...(ready.length > 0 ? { addresses: ready } : {}),
      ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
      ...(ports.length > 0 ? { ports } : {}),
    }));
  const labels: Record<string, string> = {
    ...service.metadata.labels,
    "endpoints.kubernetes.io/managed-by": "endpoint-controller",
    ...(isHeadless ? { "service.kubernetes.io/headless": "" } : {}),
  };
  const present = client.get("v1", "Endpoints", namespace, name);
  if (present === undefined) {
    const annotations = trigger === undefined ? {} : { annotations: { [TRIGGER]: trigger } };
    client.create({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace: namespace ?? "", labels, ...annotations },
      subsets,
    });
    return;
  }
  if (isSemanticallyEqual(present["subsets"], subsets) && isSemanticallyEqual(present.metadata.labels, labels)) return;
  const updated = clone(present);
  updated["subsets"] = subsets;
  updated.metadata.labels = labels;
  setTrigger(updated, trigger);
  client.update(updated);
}

function setTrigger(object: ApiObject, trigger: string | undefined): void {
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  if (trigger === undefined) delete annotations[TRIGGER];
  else annotations[TRIGGER] = trigger;
  if (Object.keys(annotations).length === 0) delete object.metadata.annotations;
  else object.metadata.annotations = annotations;
}

function writeSlices(
  context: ControllerContext,
  service: ApiObject,
  pods: readonly ApiObject[],
  trigger: string | undefined,
): void {
  const { client } = context;
  const { namespace, name } = service.metadata;
  const families = textsAt(service, "spec", "ipFamilies").filter((family) => family === "IPv4");
  if (families.length === 0) return;
  // A Pod on a node that does not exist is left out, unless the Service wants what is not ready as well.
  const reachable = pods.filter(
    (pod) =>
      client.get("v1", "Node", undefined, textAt(pod, "spec", "nodeName")) !== undefined ||
      isTrueAt(service, "spec", "publishNotReadyAddresses"),
  );
  const byPorts = new Map<string, { ports: Fields[]; endpoints: Fields[] }>();
  for (const pod of reachable) {
    const ports = portsFor(service, pod);
    const group = byPorts.get(JSON.stringify(ports)) ?? { ports, endpoints: [] };
    byPorts.set(JSON.stringify(ports), group);
    group.endpoints.push(endpointOf(context, service, pod));
  }
  const wanted = [...byPorts.values()].flatMap(({ ports, endpoints }) => {
    const parts: { ports: Fields[]; endpoints: Fields[] }[] = [];
    for (let first = 0; first < endpoints.length; first += MAX_ENDPOINTS)
      parts.push({ ports, endpoints: endpoints.slice(first, first + MAX_ENDPOINTS) });
    return parts;
  });
  if (wanted.length === 0) wanted.push({ ports: [], endpoints: [] });
  const present = client
    .list("discovery.k8s.io/v1", "EndpointSlice", namespace)
    .filter(
      (slice) =>
        slice.metadata.labels?.["kubernetes.io/service-name"] === name &&
        slice.metadata.labels["endpointslice.kubernetes.io/managed-by"] === SLICE_MANAGER &&
        !isDeleting(slice),
    );
  for (const [index, { ports, endpoints }] of wanted.entries()) {
    const slice = present[index];
    if (slice === undefined) createSlice(context, service, ports, endpoints, trigger);
    else if (!isSemanticallyEqual(slice["endpoints"], endpoints) || !isSemanticallyEqual(slice["ports"], ports)) {
      const updated: ApiObject = { ...clone(slice), endpoints, ports };
      setTrigger(updated, trigger);
      client.update(updated);
    }
  }
  for (const slice of present.slice(wanted.length))
    client.delete("discovery.k8s.io/v1", "EndpointSlice", namespace, slice.metadata.name);
}

function createSlice(
  context: ControllerContext,
  service: ApiObject,
  ports: Fields[],
  endpoints: Fields[],
  trigger: string | undefined,
): void {
  const { namespace, name } = service.metadata;
  const isHeadless = textAt(service, "spec", "clusterIP") === "None";
  context.client.create({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: {
        ...service.metadata.labels,
        "endpointslice.kubernetes.io/managed-by": SLICE_MANAGER,
        "kubernetes.io/service-name": name,
        ...(isHeadless ? { "service.kubernetes.io/headless": "" } : {}),
      },
      ...(trigger === undefined ? {} : { annotations: { [TRIGGER]: trigger } }),
      ownerReferences: [controllerReference(service)],
    } as unknown as ApiObject["metadata"],
    addressType: "IPv4",
    ...(endpoints.length > 0 ? { endpoints, ports } : {}),
  });
}

function endpointOf(context: ControllerContext, service: ApiObject, pod: ApiObject): Fields {
  const node = textAt(pod, "spec", "nodeName");
  const zone = context.client.get("v1", "Node", undefined, node)?.metadata.labels?.["topology.kubernetes.io/zone"];
  const serving = isReadyPod(pod);
  return {
    addresses: [textAt(pod, "status", "podIP")],
    conditions: { ready: isPublished(service, pod), serving, terminating: isDeleting(pod) },
    ...hostnameOf(service, pod),
    ...(node === "" ? {} : { nodeName: node }),
    targetRef: targetOf(pod),
    ...(zone === undefined ? {} : { zone }),
  };
}
