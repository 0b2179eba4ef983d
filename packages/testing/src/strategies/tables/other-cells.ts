/**
 * Rows of the kinds that run no pods: configuration, network, storage, access, admission.
 */
import {
  at,
  type Fields,
  fieldsAt,
  fieldsOf,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import { accessModesText, labelsText, loadBalancerText, quantityText, selectorText, shortList } from "./cell-texts.ts";
import { ageOf, humanDuration } from "./human-duration.ts";
import { age, type Cells, nameOf } from "./workload-cells.ts";

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(fieldsOf(value) ?? {}).length;
}

const bindingCells: Cells = (o, now) => {
  const subjects = itemsAt(o, "subjects");
  const names = (kind: string) => subjects.filter((s) => s["kind"] === kind).map((s) => textAt(s, "name"));
  const accounts = subjects
    .filter((s) => s["kind"] === "ServiceAccount")
    .map((s) => `${textAt(s, "namespace")}/${textAt(s, "name")}`);
  const role = `${textAt(o, "roleRef", "kind")}/${textAt(o, "roleRef", "name")}`;
  return [nameOf(o), role, age(o, now), names("User").join(", "), names("Group").join(", "), accounts.join(", ")];
};
const webhookCells: Cells = (o, now) => [nameOf(o), sizeOf(o["webhooks"]), age(o, now)];
const nameAndAge: Cells = (o, now) => [nameOf(o), age(o, now)];
const policyCells =
  (list: string): Cells =>
  (o, now) => {
    const param = fieldsAt(o, "spec", "paramKind");
    const text = param === undefined ? "<unset>" : `${textAt(param, "apiVersion")}/${textAt(param, "kind")}`;
    return [nameOf(o), sizeOf(at(o, "spec", list)), text, age(o, now)];
  };
const policyBindingCells: Cells = (o, now) => {
  const param = fieldsAt(o, "spec", "paramRef");
  const name = textAt(param, "name");
  let text = "<unset>";
  if (name !== "") text = `${textAt(param, "namespace") || "*"}/${name}`;
  else if (at(param, "selector") !== undefined) text = selectorText(fieldsAt(param, "selector"));
  return [nameOf(o), textAt(o, "spec", "policyName"), text, age(o, now)];
};

/** By `group/Kind`. */
export const OTHER_CELLS: Readonly<Record<string, Cells>> = {
  "/ConfigMap": (o, now) => [nameOf(o), sizeOf(o["data"]) + sizeOf(o["binaryData"]), age(o, now)],
  "/Secret": (o, now) => [nameOf(o), textAt(o, "type"), sizeOf(o["data"]), age(o, now)],
  "/ServiceAccount": nameAndAge,
  "/Namespace": (o, now) => [nameOf(o), textAt(o, "status", "phase"), age(o, now)],
  "/ComponentStatus": componentCells,
  "/Event": eventCells,
  "events.k8s.io/Event": eventCells,
  "/Service": serviceCells,
  "/Endpoints": (o, now) => [nameOf(o), endpointsText(o), age(o, now)],
  "discovery.k8s.io/EndpointSlice": (o, now) => {
    const ports = itemsAt(o, "ports").map((port) =>
      at(port, "port") === undefined ? textAt(port, "name") || "*" : String(at(port, "port")),
    );
    const addresses = itemsAt(o, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses"));
    return [
      nameOf(o),
      textAt(o, "addressType"),
      shortList(ports, 3, "<unset>"),
      shortList(addresses, 3, "<unset>"),
      age(o, now),
    ];
  },
  "/Node": nodeCells,
  "/PersistentVolume": (o, now) => [
    nameOf(o),
    quantityText(o, "spec", "capacity", "storage"),
    accessModesText(textsAt(o, "spec", "accessModes")),
    textAt(o, "spec", "persistentVolumeReclaimPolicy"),
    phaseOf(o),
    at(o, "spec", "claimRef") === undefined
      ? ""
      : `${textAt(o, "spec", "claimRef", "namespace")}/${textAt(o, "spec", "claimRef", "name")}`,
    textAt(o, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ||
      textAt(o, "spec", "storageClassName"),
    textAt(o, "spec", "volumeAttributesClassName") || "<unset>",
    textAt(o, "status", "reason"),
    age(o, now),
    textAt(o, "spec", "volumeMode") || "<unset>",
  ],
  "/PersistentVolumeClaim": (o, now) => {
    const isBound = textAt(o, "spec", "volumeName") !== "";
    return [
      nameOf(o),
      phaseOf(o),
      textAt(o, "spec", "volumeName"),
      isBound ? quantityText(o, "status", "capacity", "storage") : "",
      isBound ? accessModesText(textsAt(o, "status", "accessModes")) : "",
      textAt(o, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ||
        textAt(o, "spec", "storageClassName"),
      textAt(o, "spec", "volumeAttributesClassName") || "<unset>",
      age(o, now),
      textAt(o, "spec", "volumeMode") || "<unset>",
    ];
  },
  "/ResourceQuota": quotaCells,
  "networking.k8s.io/Ingress": (o, now) => [
    nameOf(o),
    textAt(o, "spec", "ingressClassName") || "<none>",
    ingressHosts(o),
    loadBalancerText(fieldsAt(o, "status"), true),
    itemsAt(o, "spec", "tls").length > 0 ? "80, 443" : "80",
    age(o, now),
  ],
  "networking.k8s.io/IngressClass": (o, now) => {
    const isDefault = textAt(o, "metadata", "annotations", "ingressclass.kubernetes.io/is-default-class") === "true";
    const parameters = fieldsAt(o, "spec", "parameters");
    const group = textAt(parameters, "apiGroup");
    const kind = `${textAt(parameters, "kind")}${group === "" ? "" : `.${group}`}`;
    const text = parameters === undefined ? "<none>" : `${kind}/${textAt(parameters, "name")}`;
    return [`${nameOf(o)}${isDefault ? " (default)" : ""}`, textAt(o, "spec", "controller"), text, age(o, now)];
  },
  "networking.k8s.io/NetworkPolicy": (o, now) => [
    nameOf(o),
    selectorText(fieldsAt(o, "spec", "podSelector")),
    age(o, now),
  ],
  "networking.k8s.io/ServiceCIDR": (o, now) => [nameOf(o), textsAt(o, "spec", "cidrs").join(","), age(o, now)],
  // Its rows have an age, for which there is no column.
  "networking.k8s.io/IPAddress": (o, now) => {
    const parent = fieldsAt(o, "spec", "parentRef");
    if (parent === undefined) return [nameOf(o), "<none>", age(o, now)];
    const group = textAt(parent, "group");
    const resource = `${textAt(parent, "resource")}${group === "" ? "" : `.${group}`}`.toLowerCase();
    const namespace = textAt(parent, "namespace");
    const text = `${resource}${namespace === "" ? "" : `/${namespace}`}/${textAt(parent, "name")}`;
    return [nameOf(o), text, age(o, now)];
  },
  "storage.k8s.io/StorageClass": (o, now) => [
    textAt(o, "metadata", "annotations", "storageclass.kubernetes.io/is-default-class") === "true"
      ? `${nameOf(o)} (default)`
      : nameOf(o),
    textAt(o, "provisioner"),
    textAt(o, "reclaimPolicy") || "Delete",
    textAt(o, "volumeBindingMode") || "Immediate",
    isTrueAt(o, "allowVolumeExpansion"),
    age(o, now),
  ],
  "storage.k8s.io/VolumeAttributesClass": (o, now) => [nameOf(o), textAt(o, "driverName"), age(o, now)],
  "storagemigration.k8s.io/StorageVersionMigration": (o) => [nameOf(o), migratedResource(o), migrationState(o)],
  "storage.k8s.io/CSINode": (o, now) => [nameOf(o), itemsAt(o, "spec", "drivers").length, age(o, now)],
  "storage.k8s.io/CSIDriver": (o, now) => [
    nameOf(o),
    at(o, "spec", "attachRequired") !== false,
    isTrueAt(o, "spec", "podInfoOnMount"),
    isTrueAt(o, "spec", "storageCapacity"),
    at(o, "spec", "tokenRequests") === undefined
      ? "<unset>"
      : itemsAt(o, "spec", "tokenRequests")
          .map((token) => textAt(token, "audience"))
          .join(","),
    isTrueAt(o, "spec", "requiresRepublish"),
    textsAt(o, "spec", "volumeLifecycleModes").join(",") || "<none>",
    age(o, now),
  ],
  "storage.k8s.io/VolumeAttachment": (o, now) => [
    nameOf(o),
    textAt(o, "spec", "attacher"),
    textAt(o, "spec", "source", "persistentVolumeName"),
    textAt(o, "spec", "nodeName"),
    isTrueAt(o, "status", "attached"),
    age(o, now),
  ],
  "rbac.authorization.k8s.io/RoleBinding": bindingCells,
  "rbac.authorization.k8s.io/ClusterRoleBinding": bindingCells,
  "certificates.k8s.io/CertificateSigningRequest": (o, now) => {
    const duration = numberAt(o, "spec", "expirationSeconds");
    const signer = textAt(o, "spec", "signerName") || "<none>";
    const requested = duration === undefined ? "<none>" : humanDuration(duration * 1000);
    return [nameOf(o), age(o, now), signer, textAt(o, "spec", "username"), requested, signingStatus(o)];
  },
  "certificates.k8s.io/ClusterTrustBundle": (o) => [nameOf(o), textAt(o, "spec", "signerName") || "<none>"],
  "certificates.k8s.io/PodCertificateRequest": (o) => [
    nameOf(o),
    textAt(o, "spec", "podName"),
    textAt(o, "spec", "serviceAccountName"),
    textAt(o, "spec", "nodeName"),
    textAt(o, "spec", "signerName"),
    itemsAt(o, "status", "conditions").reduce(
      (state, c) => (["Issued", "Denied", "Failed"].includes(textAt(c, "type")) ? textAt(c, "type") : state),
      "Pending",
    ),
    labelsText(stringMapAt(o, "spec", "unverifiedUserAnnotations")),
  ],
  "coordination.k8s.io/Lease": (o, now) => [nameOf(o), textAt(o, "spec", "holderIdentity"), age(o, now)],
  "scheduling.k8s.io/PriorityClass": (o, now) => [
    nameOf(o),
    numberAt(o, "value") ?? 0,
    isTrueAt(o, "globalDefault"),
    age(o, now),
    textAt(o, "preemptionPolicy"),
  ],
  "node.k8s.io/RuntimeClass": (o, now) => [nameOf(o), textAt(o, "handler"), age(o, now)],
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhookCells,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhookCells,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": policyCells("validations"),
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": policyCells("mutations"),
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": policyBindingCells,
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": policyBindingCells,
  "apiextensions.k8s.io/CustomResourceDefinition": crdCells,
  "apiregistration.k8s.io/APIService": (o, now) => {
    const service = fieldsAt(o, "spec", "service");
    const available = itemsAt(o, "status", "conditions").find((c) => c["type"] === "Available");
    const status = textAt(available, "status") || "Unknown";
    const text = available === undefined || status === "True" ? status : `${status} (${textAt(available, "reason")})`;
    return [
      nameOf(o),
      service === undefined ? "Local" : `${textAt(service, "namespace")}/${textAt(service, "name")}`,
      text,
      age(o, now),
    ];
  },
  "flowcontrol.apiserver.k8s.io/FlowSchema": (o, now) => [
    nameOf(o),
    textAt(o, "spec", "priorityLevelConfiguration", "name"),
    numberAt(o, "spec", "matchingPrecedence") ?? 0,
    textAt(o, "spec", "distinguisherMethod", "type") || "<none>",
    age(o, now),
    textAt(
      itemsAt(o, "status", "conditions").find((c) => c["type"] === "Dangling"),
      "status",
    ) || "?",
  ],
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": (o, now) => {
    const queuing = fieldsAt(o, "spec", "limited", "limitResponse", "queuing");
    return [
      nameOf(o),
      textAt(o, "spec", "type"),
      numberAt(o, "spec", "limited", "nominalConcurrencyShares") ?? "<none>",
      numberAt(queuing, "queues") ?? "<none>",
      numberAt(queuing, "handSize") ?? "<none>",
      numberAt(queuing, "queueLengthLimit") ?? "<none>",
      age(o, now),
    ];
  },
  "resource.k8s.io/DeviceClass": nameAndAge,
  "resource.k8s.io/ResourceClaimTemplate": nameAndAge,
  "resource.k8s.io/ResourceClaim": (o, now) => [nameOf(o), claimState(o), age(o, now)],
  "resource.k8s.io/ResourceSlice": (o, now) => [
    nameOf(o),
    textAt(o, "spec", "nodeName"),
    textAt(o, "spec", "driver"),
    textAt(o, "spec", "pool", "name"),
    age(o, now),
  ],
  "resource.k8s.io/DeviceTaintRule": (o, now) => {
    const taint = fieldsAt(o, "spec", "taint");
    const added = at(taint, "timeAdded");
    return [
      nameOf(o),
      textAt(taint, "key"),
      textAt(taint, "value"),
      textAt(taint, "effect"),
      added === undefined ? "" : ageOf(added, now),
      age(o, now),
    ];
  },
};

function phaseOf(o: Fields): string {
  return at(o, "metadata", "deletionTimestamp") === undefined ? textAt(o, "status", "phase") : "Terminating";
}

function componentCells(o: Fields): unknown[] {
  const healthy = itemsAt(o, "conditions").find((c) => c["type"] === "Healthy");
  const status = healthy === undefined ? "Unknown" : healthy["status"] === "True" ? "Healthy" : "Unhealthy";
  return [nameOf(o), status, textAt(healthy, "message"), textAt(healthy, "error")];
}

function eventCells(o: Fields, now: Date): unknown[] {
  // events.k8s.io/v1 names the same things differently.
  const about = fieldsAt(o, "involvedObject") ?? fieldsAt(o, "regarding") ?? {};
  const eventTime = at(o, "eventTime");
  const first = at(o, "firstTimestamp") ?? at(o, "deprecatedFirstTimestamp") ?? eventTime;
  const last =
    at(o, "series", "lastObservedTime") ?? at(o, "lastTimestamp") ?? at(o, "deprecatedLastTimestamp") ?? first;
  const count = numberAt(o, "series", "count") ?? (numberAt(o, "count") || numberAt(o, "deprecatedCount") || 1);
  const source = fieldsAt(o, "source") ?? fieldsAt(o, "deprecatedSource");
  const component = textAt(source, "component") || textAt(o, "reportingComponent") || textAt(o, "reportingController");
  const instance = textAt(source, "host") || textAt(o, "reportingInstance");
  const kind = textAt(about, "kind").toLowerCase();
  return [
    ageOf(last, now),
    textAt(o, "type"),
    textAt(o, "reason"),
    textAt(about, "name") === "" ? kind : `${kind}/${textAt(about, "name")}`,
    textAt(about, "fieldPath"),
    instance === "" ? component : `${component}, ${instance}`,
    (textAt(o, "message") || textAt(o, "note")).trim(),
    ageOf(first, now),
    count,
    nameOf(o),
  ];
}

function serviceCells(o: Fields, now: Date): unknown[] {
  const ports = itemsAt(o, "spec", "ports").map((port) => {
    const nodePort = numberAt(port, "nodePort") ?? 0;
    return `${numberAt(port, "port") ?? 0}${nodePort > 0 ? `:${nodePort}` : ""}/${textAt(port, "protocol")}`;
  });
  return [
    nameOf(o),
    textAt(o, "spec", "type"),
    textsAt(o, "spec", "clusterIPs")[0] ?? "<none>",
    externalAddresses(o),
    ports.join(",") || "<none>",
    age(o, now),
    labelsText(stringMapAt(o, "spec", "selector")),
  ];
}

function externalAddresses(o: Fields): string {
  const external = textsAt(o, "spec", "externalIPs");
  switch (textAt(o, "spec", "type")) {
    case "ClusterIP":
    case "NodePort":
      return external.join(",") || "<none>";
    case "LoadBalancer": {
      const balancer = loadBalancerText(fieldsAt(o, "status"), true);
      return [...(balancer === "" ? [] : [balancer]), ...external].join(",") || "<pending>";
    }
    case "ExternalName":
      return textAt(o, "spec", "externalName");
    default:
      return "<unknown>";
  }
}

function endpointsText(o: Fields): string {
  const subsets = itemsAt(o, "subsets");
  if (subsets.length === 0) return "<none>";
  const texts = subsets.flatMap((subset) => {
    const addresses = itemsAt(subset, "addresses").map((address) => textAt(address, "ip"));
    const ports = itemsAt(subset, "ports");
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) =>
      addresses.map((ip) => `${ip.includes(":") ? `[${ip}]` : ip}:${numberAt(port, "port") ?? 0}`),
    );
  });
  return shortList(texts, 3, "");
}

function nodeCells(o: Fields, now: Date): unknown[] {
  const ready = itemsAt(o, "status", "conditions").find((c) => c["type"] === "Ready");
  const status = [ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady"];
  if (isTrueAt(o, "spec", "unschedulable")) status.push("SchedulingDisabled");
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(stringMapAt(o, "metadata", "labels"))) {
    const role = key.startsWith("node-role.kubernetes.io/")
      ? key.slice("node-role.kubernetes.io/".length)
      : key === "kubernetes.io/role"
        ? value
        : "";
    if (role !== "") roles.add(role);
  }
  const info = fieldsAt(o, "status", "nodeInfo");
  const address = (type: string) =>
    textAt(
      itemsAt(o, "status", "addresses").find((a) => a["type"] === type),
      "address",
    ) || "<none>";
  const architecture = textAt(info, "architecture");
  return [
    nameOf(o),
    status.join(","),
    [...roles].sort().join(",") || "<none>",
    age(o, now),
    textAt(info, "kubeletVersion"),
    address("InternalIP"),
    address("ExternalIP"),
    textAt(info, "osImage") || "<unknown>",
    `${textAt(info, "kernelVersion") || "<unknown>"}${architecture === "" ? "" : ` (${architecture})`}`,
    textAt(info, "containerRuntimeVersion") || "<unknown>",
  ];
}

function quotaCells(o: Fields, now: Date): unknown[] {
  const requests: string[] = [];
  const limits: string[] = [];
  for (const name of Object.keys(fieldsAt(o, "status", "hard") ?? {}).sort()) {
    const text = `${name}: ${quantityText(o, "status", "used", name)}/${quantityText(o, "status", "hard", name)}`;
    (name.startsWith("limits.") ? limits : requests).push(text);
  }
  return [nameOf(o), requests.join(", "), limits.join(", "), age(o, now)];
}

function ingressHosts(o: Fields): string {
  const rules = itemsAt(o, "spec", "rules");
  const hosts = rules.map((rule) => textAt(rule, "host")).filter((host) => host !== "");
  if (hosts.length === 0) return "*";
  return hosts.length > 3 ? `${hosts.slice(0, 3).join(",")} + ${rules.length - 3} more...` : hosts.join(",");
}

function migratedResource(o: Fields): string {
  const group = textAt(o, "spec", "resource", "group");
  return `${textAt(o, "spec", "resource", "resource")}${group === "" ? "" : `.${group}`}`;
}

/** The last condition that holds decides. */
function migrationState(o: Fields): string {
  const held = itemsAt(o, "status", "conditions")
    .filter((c) => c["status"] === "True")
    .map((c) => textAt(c, "type"));
  return held.filter((type) => ["Running", "Failed", "Succeeded"].includes(type)).at(-1) ?? "Unknown";
}

function signingStatus(o: Fields): string {
  const types = itemsAt(o, "status", "conditions").map((c) => textAt(c, "type"));
  let status = types.includes("Denied") ? "Denied" : types.includes("Approved") ? "Approved" : "Pending";
  if (types.includes("Failed")) status += ",Failed";
  if (textAt(o, "status", "certificate") !== "") status += ",Issued";
  return status;
}

function claimState(o: Fields): string {
  const isDeleted = at(o, "metadata", "deletionTimestamp") !== undefined;
  const states = isDeleted ? ["deleted"] : [];
  if (at(o, "status", "allocation") === undefined) {
    if (!isDeleted) states.push("pending");
  } else {
    states.push("allocated");
    if (itemsAt(o, "status", "reservedFor").length > 0) states.push("reserved");
  }
  return states.join(",");
}

function crdCells(o: Fields): unknown[] {
  const established = itemsAt(o, "status", "conditions").find((c) => c["type"] === "Established");
  return [
    nameOf(o),
    textAt(o, "spec", "scope"),
    itemsAt(o, "spec", "versions")
      .filter((version) => isTrueAt(version, "served"))
      .map((version) => textAt(version, "name") + (isTrueAt(version, "storage") ? "(storage)" : ""))
      .sort()
      .join(","),
    at(o, "metadata", "creationTimestamp") ?? null,
    textAt(o, "spec", "group"),
    textAt(o, "spec", "names", "kind"),
    textsAt(o, "spec", "names", "shortNames").join(","),
    established?.["status"] === "True",
  ];
}
