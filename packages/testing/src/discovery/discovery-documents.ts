/**
 * Discovery documents of what is served now, in the old form and the aggregated one.
 */

import { createHash } from "node:crypto";
import { formatApiVersion } from "bowline/core";
import type { GroupVersion, ResourceRegistry } from "../registry/resource-registry.ts";
import type { ResourceInfo } from "../registry/strategy.ts";

/** `APIGroup` without its type. */
export interface DiscoveredGroup {
  readonly name: string;
  readonly versions: readonly { readonly groupVersion: string; readonly version: string }[];
  readonly preferredVersion: { readonly groupVersion: string; readonly version: string };
}

/** The groups of `/apis`, the core group not among them. */
export function groupList(registry: ResourceRegistry): readonly DiscoveredGroup[] {
  const names = [...new Set(registry.groupVersions().map(({ group }) => group))].filter((name) => name !== "");
  return names.flatMap((name) => groupOf(registry, name) ?? []);
}

/** One group. */
export function groupOf(registry: ResourceRegistry, name: string): DiscoveredGroup | undefined {
  const versions = registry
    .groupVersions()
    .filter(({ group }) => group === name)
    .map((item) => ({ groupVersion: formatApiVersion(item), version: item.version }));
  const [preferredVersion] = versions;
  return preferredVersion === undefined ? undefined : { name, versions, preferredVersion };
}

/** The `APIResourceList` of a version; `undefined` for one that is not served. */
export function resourceList(registry: ResourceRegistry, group: string, version: string): unknown {
  const found = registry.groupVersions().find((item) => item.group === group && item.version === version);
  if (found === undefined) return undefined;
  return {
    kind: "APIResourceList",
    // The core group's document is older than this field.
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: formatApiVersion(found),
    resources: found.resources.flatMap((resource) => [listed(resource), ...subresources(resource)]),
  };
}

function listed(resource: ResourceInfo): unknown {
  const { plural, singular, isNamespaced, kind, verbs, shortNames, categories } = resource;
  const isStored = verbs.includes("watch") || verbs.includes("get");
  return {
    name: plural,
    singularName: singular,
    namespaced: isNamespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(isStored && plural !== "componentstatuses" ? { storageVersionHash: storageVersionHash(resource) } : {}),
  };
}

function subresources(resource: ResourceInfo): unknown[] {
  return resource.subresources.map((name) => {
    const info = resource.subresourceKinds[name];
    const isOwn = info === undefined || (info.group === resource.group && info.version === resource.version);
    return {
      name: `${resource.plural}/${name}`,
      singularName: "",
      namespaced: resource.isNamespaced,
      ...(isOwn ? {} : { group: info.group, version: info.version }),
      kind: info?.kind,
      verbs: info?.verbs,
    };
  });
}

/** Kinds that etcd holds in a version which is not served any more, or not the one that is preferred. */
const STORED_AS_BETA: ReadonlySet<string> = new Set([
  "CustomResourceDefinition",
  "ClusterTrustBundle",
  "PodCertificateRequest",
]);

/** Names the version that objects are stored in. */
function storageVersionHash(resource: ResourceInfo): string {
  const { group } = resource.storage;
  const version = !resource.isCustom && STORED_AS_BETA.has(resource.kind) ? "v1beta1" : resource.storage.version;
  return createHash("sha256").update(`${group}/${version}/${resource.kind}`).digest().subarray(0, 8).toString("base64");
}

/** The `APIGroupDiscoveryList` of `/api` (`isCore`) or `/apis`. */
export function aggregatedDiscovery(registry: ResourceRegistry, isCore: boolean): unknown {
  const groups = new Map<string, GroupVersion[]>();
  for (const item of registry.groupVersions()) {
    if ((item.group === "") !== isCore) continue;
    groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  }
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [...groups].map(([name, versions]) => ({
      metadata: name === "" ? {} : { name },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map((resource) => aggregated(resource)),
        freshness: "Current",
      })),
    })),
  };
}

function aggregated(resource: ResourceInfo): unknown {
  const { plural, kind, singular, isNamespaced, verbs, shortNames, categories } = resource;
  const own = resource.isCustom ? { group: resource.group, version: resource.version } : { group: "", version: "" };
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: isNamespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(resource.subresources.length === 0
      ? {}
      : { subresources: resource.subresources.map((name) => aggregatedSubresource(resource, name, own)) }),
  };
}

function aggregatedSubresource(resource: ResourceInfo, name: string, own: { group: string; version: string }): unknown {
  const info = resource.subresourceKinds[name];
  const isOwn = info === undefined || (info.group === resource.group && info.version === resource.version);
  const version = isOwn ? own : { group: info.group, version: info.version };
  return { subresource: name, responseKind: { ...version, kind: info?.kind }, verbs: info?.verbs };
}
