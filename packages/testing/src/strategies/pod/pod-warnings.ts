/**
 * Warnings about a pod spec: of things that are deprecated or do not do what they seem to.
 */
import { validateDns1123Label } from "bowline/core";
import type { ApiObject } from "../../registry/strategy.ts";
import { type Fields, fieldsAt, itemsAt, numberAt, stringMapAt, textAt } from "../json-access.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { pathWarnings } from "./path-warnings.ts";

/** Labels of nodes that go by another name now. */
const DEPRECATED_NODE_LABELS: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Volume sources that were taken away or moved to CSI drivers. */
const DEPRECATED_VOLUMES: Readonly<Record<string, string>> = {
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
};

/** Warnings for a Pod, or for a template with the path where it stands: `spec.template`. */
export function podWarnings(holder: Fields, path = ""): string[] {
  const warnings: string[] = [];
  const spec = fieldsAt(holder, "spec") ?? {};
  const specPath = path === "" ? "spec" : `${path}.spec`;
  for (const key of Object.keys(stringMapAt(spec, "nodeSelector")).sort()) {
    const text = DEPRECATED_NODE_LABELS[key];
    if (text !== undefined) warnings.push(`${specPath}.nodeSelector[${key}]: ${text}`);
  }
  for (const [index, volume] of itemsAt(spec, "volumes").entries()) {
    for (const [source, text] of Object.entries(DEPRECATED_VOLUMES)) {
      if (fieldsAt(volume, source) !== undefined) warnings.push(`${specPath}.volumes[${index}].${source}: ${text}`);
    }
  }
  warnings.push(...pathWarnings(itemsAt(spec, "volumes")));
  const aliases = new Set<string>();
  for (const [index, alias] of itemsAt(spec, "hostAliases").entries()) {
    const ip = textAt(alias, "ip");
    if (aliases.has(ip)) warnings.push(`${specPath}.hostAliases[${index}].ip: duplicate ip "${ip}"`);
    aliases.add(ip);
  }
  const secrets = new Set<string>();
  for (const [index, reference] of itemsAt(spec, "imagePullSecrets").entries()) {
    const name = textAt(reference, "name");
    const here = `${specPath}.imagePullSecrets[${index}].name`;
    if (name === "") warnings.push(`${here}: invalid empty name "${name}"`);
    else if (secrets.has(name)) warnings.push(`${here}: duplicate name "${name}"`);
    secrets.add(name);
  }
  for (const list of ["initContainers", "containers"]) {
    for (const [index, container] of itemsAt(spec, list).entries())
      warnings.push(...containerWarnings(container, `${specPath}.${list}[${index}]`));
  }
  warnings.push(...portWarnings(spec, specPath));
  if ((numberAt(spec, "terminationGracePeriodSeconds") ?? 0) < 0) {
    const why = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${specPath}.terminationGracePeriodSeconds: ${why}`);
  }
  for (const affinity of ["podAffinity", "podAntiAffinity"])
    warnings.push(...affinityWarnings(fieldsAt(spec, "affinity", affinity), `${specPath}.affinity.${affinity}`));
  return warnings;
}

/** Terms that no Pod meets. */
function affinityWarnings(affinity: Fields | undefined, path: string): string[] {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  const terms = [
    ...itemsAt(affinity, required).map((term, index) => ({ term, here: `${path}.${required}[${index}]` })),
    ...itemsAt(affinity, preferred).map((weighted, index) => ({
      term: fieldsAt(weighted, "podAffinityTerm"),
      here: `${path}.${preferred}[${index}].podAffinityTerm`,
    })),
  ];
  return terms
    .filter(({ term }) => fieldsAt(term, "labelSelector") === undefined)
    .map(({ here }) => `${here}.labelSelector: a null labelSelector results in matching no pod`);
}

/** Ports that clash, within a container and between containers. */
function portWarnings(spec: Fields, specPath: string): string[] {
  const warnings: string[] = [];
  const nameWarnings: string[] = [];
  const seen = new Map<string, { readonly path: string; readonly port: Fields }[]>();
  const names = new Map<string, string>();
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const [at, container] of itemsAt(spec, list).entries()) {
      for (const [index, port] of itemsAt(container, "ports").entries()) {
        const path = `${specPath}.${list}[${at}].ports[${index}]`;
        const key = `${String(port["containerPort"])}/${textAt(port, "protocol")}`;
        if (textAt(port, "hostIP") !== "" && (numberAt(port, "hostPort") ?? 0) === 0)
          warnings.push(`${path}: hostIP set without hostPort: ${goPort(port)}`);
        const others = seen.get(key) ?? [];
        for (const other of others) {
          const how = portClash(port, other.port);
          if (how !== undefined) warnings.push(`${path}: ${how} port definition with ${other.path}`);
        }
        seen.set(key, [...others, { path, port }]);
        const name = textAt(port, "name");
        const first = names.get(name);
        if (name === "") continue;
        if (first === undefined) names.set(name, path);
        else {
          const why = `services and probes that select ports by name will use ${first}`;
          nameWarnings.push(`${path}: duplicate port name ${JSON.stringify(name)} with ${first}, ${why}`);
        }
      }
    }
  }
  return [...warnings, ...nameWarnings];
}

/** The port as Go prints a struct. */
function goPort(port: Fields): string {
  const values = [
    `Name:${textAt(port, "name")}`,
    `HostPort:${numberAt(port, "hostPort") ?? 0}`,
    `ContainerPort:${numberAt(port, "containerPort") ?? 0}`,
    `Protocol:${textAt(port, "protocol")}`,
    `HostIP:${textAt(port, "hostIP")}`,
  ];
  return `{${values.join(" ")}}`;
}

function portClash(port: Fields, other: Fields): "duplicate" | "overlapping" | "dangerously ambiguous" | undefined {
  const hostPort = Number(port["hostPort"] ?? 0);
  const otherHostPort = Number(other["hostPort"] ?? 0);
  const hostIp = textAt(port, "hostIP");
  const otherHostIp = textAt(other, "hostIP");
  if (hostPort === otherHostPort && hostIp === otherHostIp) return "duplicate";
  if (hostPort === 0 || otherHostPort === 0) return "overlapping";
  return hostPort === otherHostPort && (hostIp === "") !== (otherHostIp === "") ? "dangerously ambiguous" : undefined;
}

function containerWarnings(container: Fields, path: string): string[] {
  const warnings: string[] = [];
  const names = new Set<string>();
  for (const [index, variable] of itemsAt(container, "env").entries()) {
    const name = textAt(variable, "name");
    if (names.has(name)) {
      warnings.push(
        `${path}.env[${index}]: hides previous definition of "${name}", which may be dropped when using apply`,
      );
    }
    names.add(name);
  }
  for (const kind of ["limits", "requests"]) {
    for (const [name, value] of Object.entries(fieldsAt(container, "resources", kind) ?? {})) {
      const quantity = quantityOf(value);
      if (
        (name === "memory" || name === "ephemeral-storage") &&
        quantity !== undefined &&
        quantity.milliValue() % 1000n !== 0n
      ) {
        warnings.push(
          `${path}.resources.${kind}[${name}]: fractional byte value "${quantity.toString()}" is invalid, must be an integer`,
        );
      }
    }
  }
  return warnings;
}

/** Of a new workload whose name its Pods' host names begin with. */
export function podNameWarnings(object: ApiObject, old: ApiObject | undefined): string[] {
  const problems = old === undefined ? validateDns1123Label(object.metadata.name) : [];
  const why = "this is used in Pod names and hostnames, which can result in surprising behavior";
  return problems.length === 0 ? [] : [`metadata.name: ${why}; a DNS label is recommended: [${problems.join(" ")}]`];
}

/** Warnings about a workload's template: at creation, and when a change has raised the generation. */
export function templateWarnings(object: ApiObject, old: ApiObject | undefined): string[] {
  if (old !== undefined && object.metadata.generation === old.metadata.generation) return [];
  return podWarnings(fieldsAt(object, "spec", "template") ?? {}, "spec.template");
}
