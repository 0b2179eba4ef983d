/**
 * Warnings about a pod spec: of things that are deprecated or do not do what they seem to.
 */
import { goQuote, validateDns1123Label } from "bowline/core";
import type { ApiObject } from "../../registry/strategy.ts";
import { type Fields, fieldsAt, itemsAt, keysInOrder, numberAt, stringMapAt, textAt, textsAt } from "../json-access.ts";
import { ipWarnings } from "../validation/address-warnings.ts";
import { nodeLabelWarning, nodeTermWarnings } from "../validation/node-label-warnings.ts";
import { quantityOf } from "../validation/resource-validation.ts";
import { pathWarnings } from "./path-warnings.ts";
import {
  CONTAINER_APP_ARMOR_ANNOTATION,
  CONTAINER_SECCOMP_ANNOTATION,
  POD_SECCOMP_ANNOTATION,
} from "./pod-annotations.ts";

/** Volume sources that were taken away or moved to CSI drivers, in the order in which they are looked for. */
const DEPRECATED_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};
const DEPRECATED_ANNOTATIONS: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};
const NO_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';
export const OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** Warnings for a Pod, or for a template with the path where it stands: `spec.template`. */
export function podWarnings(holder: Fields, path = ""): string[] {
  const warnings: string[] = [];
  const spec = fieldsAt(holder, "spec") ?? {};
  const specPath = path === "" ? "spec" : `${path}.spec`;
  const annotations = stringMapAt(holder, "metadata", "annotations");
  const annotationsPath = `${path === "" ? "" : `${path}.`}metadata.annotations`;
  for (const key of keysInOrder(stringMapAt(spec, "nodeSelector"))) {
    const text = nodeLabelWarning(key);
    if (text !== undefined) warnings.push(`${specPath}.nodeSelector[${key}]: ${text}`);
  }
  warnings.push(
    ...nodeAffinityWarnings(fieldsAt(spec, "affinity", "nodeAffinity"), `${specPath}.affinity.nodeAffinity`),
  );
  for (const [index, constraint] of itemsAt(spec, "topologySpreadConstraints").entries()) {
    const here = `${specPath}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, "topologyKey");
    const text = nodeLabelWarning(key);
    if (text !== undefined) warnings.push(`${here}.topologyKey: ${key} is ${text}`);
    if (fieldsAt(constraint, "labelSelector") === undefined)
      warnings.push(`${here}.labelSelector: a null labelSelector results in matching no pod`);
  }
  for (const [key, text] of Object.entries(DEPRECATED_ANNOTATIONS))
    if (annotations[key] !== undefined) warnings.push(`${annotationsPath}[${key}]: ${text}`);
  for (const [index, volume] of itemsAt(spec, "volumes").entries())
    warnings.push(...volumeWarnings(volume, `${specPath}.volumes[${index}]`));
  warnings.push(...pathWarnings(itemsAt(spec, "volumes")));
  const aliases = new Set<string>();
  for (const [index, alias] of itemsAt(spec, "hostAliases").entries()) {
    const ip = textAt(alias, "ip");
    if (aliases.has(ip)) warnings.push(`${specPath}.hostAliases[${index}].ip: duplicate ip "${ip}"`);
    aliases.add(ip);
  }
  const secretNames = itemsAt(spec, "imagePullSecrets").map((reference) => textAt(reference, "name"));
  for (const [index, name] of secretNames.entries()) {
    if (secretNames.indexOf(name) < index)
      warnings.push(`${specPath}.imagePullSecrets[${index}].name: duplicate name "${name}"`);
  }
  for (const [index, name] of secretNames.entries())
    if (name === "") warnings.push(`${specPath}.imagePullSecrets[${index}].name: invalid empty name ""`);
  warnings.push(...byteWarnings(fieldsAt(spec, "overhead"), `${specPath}.overhead`, ["memory", "ephemeral-storage"]));
  if (
    annotations[POD_SECCOMP_ANNOTATION] !== undefined &&
    fieldsAt(spec, "securityContext", "seccompProfile") === undefined
  )
    warnings.push(`${annotationsPath}[${POD_SECCOMP_ANNOTATION}]: ${NO_SECCOMP}`);
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const [index, container] of itemsAt(spec, list).entries()) {
      const name = textAt(container, "name");
      const seccomp = `${CONTAINER_SECCOMP_ANNOTATION}${name}`;
      if (annotations[seccomp] !== undefined && fieldsAt(container, "securityContext", "seccompProfile") === undefined)
        warnings.push(`${annotationsPath}[${seccomp}]: ${NO_SECCOMP}`);
      const appArmor = `${CONTAINER_APP_ARMOR_ANNOTATION}${name}`;
      const hasProfile = fieldsAt(container, "securityContext", "appArmorProfile") !== undefined;
      // A Pod's own are said as they are taken over into its fields.
      if (path !== "" && annotations[appArmor] !== undefined && !hasProfile)
        warnings.push(`${annotationsPath}[${appArmor}]: ${OLD_APP_ARMOR}`);
      warnings.push(...containerWarnings(container, `${specPath}.${list}[${index}]`));
    }
  }
  warnings.push(...portWarnings(spec, specPath));
  if ((numberAt(spec, "terminationGracePeriodSeconds") ?? 0) < 0) {
    const why = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${specPath}.terminationGracePeriodSeconds: ${why}`);
  }
  for (const affinity of ["podAffinity", "podAntiAffinity"])
    warnings.push(...affinityWarnings(fieldsAt(spec, "affinity", affinity), `${specPath}.affinity.${affinity}`));
  for (const [index, server] of textsAt(spec, "dnsConfig", "nameservers").entries())
    warnings.push(...ipWarnings(`${specPath}.dnsConfig.nameservers[${index}]`, server));
  for (const [index, alias] of itemsAt(spec, "hostAliases").entries())
    warnings.push(...ipWarnings(`${specPath}.hostAliases[${index}].ip`, textAt(alias, "ip")));
  return warnings;
}

function nodeAffinityWarnings(affinity: Fields | undefined, path: string): string[] {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  return [
    ...itemsAt(affinity, required, "nodeSelectorTerms").flatMap((term, index) =>
      nodeTermWarnings(`${path}.${required}.nodeSelectorTerms[${index}]`, term, false),
    ),
    ...itemsAt(affinity, preferred).flatMap((weighted, index) =>
      nodeTermWarnings(`${path}.${preferred}[${index}].preference`, fieldsAt(weighted, "preference") ?? {}, true),
    ),
  ];
}

function volumeWarnings(volume: Fields, path: string): string[] {
  const warnings: string[] = [];
  for (const [source, text] of Object.entries(DEPRECATED_VOLUMES)) {
    // One is spelt otherwise than its field.
    const name = source === "storageos" ? "storageOS" : source;
    if (fieldsAt(volume, source) !== undefined) warnings.push(`${path}.${name}: ${text}`);
  }
  const claim = fieldsAt(volume, "ephemeral", "volumeClaimTemplate", "spec");
  return [...warnings, ...claimWarnings(`${path}.ephemeral.volumeClaimTemplate.spec`, claim)];
}

/** A claim's spec: bytes come whole. */
export function claimWarnings(path: string, spec: Fields | undefined): string[] {
  return ["requests", "limits"].flatMap((member) =>
    byteWarnings(fieldsAt(spec, "resources", member), `${path}.resources.${member}`, ["storage"]),
  );
}

function byteWarnings(list: Fields | undefined, path: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const quantity = quantityOf(list?.[name]);
    if (quantity === undefined || quantity.milliValue() % 1000n === 0n) return [];
    return [`${path}[${name}]: fractional byte value ${goQuote(quantity.toString())} is invalid, must be an integer`];
  });
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
  for (const name of ["memory", "ephemeral-storage"]) {
    for (const kind of ["limits", "requests"])
      warnings.push(...byteWarnings(fieldsAt(container, "resources", kind), `${path}.resources.${kind}`, [name]));
  }
  const names = new Set<string>();
  for (const [index, variable] of itemsAt(container, "env").entries()) {
    const name = textAt(variable, "name");
    const value = textAt(variable, "value");
    const reference = `$(${name})`;
    // A value that adds to the one before is meant.
    const isMeant = value.includes(reference) && value !== reference && fieldsAt(variable, "valueFrom") === undefined;
    if (names.has(name) && !isMeant) {
      const why = `hides previous definition of ${goQuote(name)}, which may be dropped when using apply`;
      warnings.push(`${path}.env[${index}]: ${why}`);
    }
    names.add(name);
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
