/**
 * The resources that the server serves: those of the recorded discovery documents, and those that
 * CustomResourceDefinitions add while it runs.
 */
import { formatApiVersion } from "bowline/core";
import type { ResourceInfo, SubresourceInfo } from "./strategy.ts";

/** One resource of an aggregated discovery document (`apidiscovery.k8s.io/v2`). */
export interface ApiResourceDiscovery {
  readonly resource: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: "Namespaced" | "Cluster";
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
    readonly verbs: readonly string[];
  }[];
}
/** One group of it. */
export interface ApiGroupDiscovery {
  readonly metadata: { readonly name?: string; readonly creationTimestamp?: null };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly ApiResourceDiscovery[];
    readonly freshness?: string;
  }[];
}
/** An aggregated discovery document. */
export interface ApiGroupDiscoveryList {
  readonly items: readonly ApiGroupDiscovery[];
}

/** A group and version in the order of discovery, with its resources. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceInfo[];
  readonly isCustom: boolean;
}

/** Resources whose objects are kept in another version than the one that is served. */
const STORAGE_VERSIONS: Readonly<Record<string, { readonly group: string; readonly version: string }>> = {
  "events.k8s.io/v1/events": { group: "", version: "v1" },
  "autoscaling/v1/horizontalpodautoscalers": { group: "autoscaling", version: "v2" },
};

/** Where etcd keeps what is not under its plural; seen in the text of a failed uid precondition. */
const KEY_PREFIXES: Readonly<Record<string, string>> = {
  services: "services/specs",
  endpoints: "services/endpoints",
  nodes: "minions",
  replicationcontrollers: "controllers",
  "ingresses.networking.k8s.io": "ingress",
  "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/customresourcedefinitions",
  "apiservices.apiregistration.k8s.io": "apiregistration.k8s.io/apiservices",
};

/** What a server serves. Not shared between servers. */
export class ResourceRegistry {
  readonly #builtIn: readonly GroupVersion[];
  readonly #custom: Map<string, GroupVersion> = new Map();
  readonly #byPath: Map<string, ResourceInfo> = new Map();
  readonly #byKind: Map<string, ResourceInfo> = new Map();
  #generation = 0;

  constructor(documents: readonly ApiGroupDiscoveryList[]) {
    this.#builtIn = documents.flatMap((document) =>
      document.items.flatMap((group) =>
        group.versions.map((version) => {
          const name = group.metadata.name ?? "";
          const resources = version.resources.map((resource) => toResourceInfo(name, version.version, resource));
          return { group: name, version: version.version, resources, isCustom: false };
        }),
      ),
    );
    for (const groupVersion of this.#builtIn) this.#index(groupVersion);
  }

  /** Grows when resources come or go. */
  get generation(): number {
    return this.#generation;
  }

  groupVersions(): readonly GroupVersion[] {
    return [...this.#builtIn, ...this.#custom.values()];
  }

  resources(): Iterable<ResourceInfo> {
    return this.#byPath.values();
  }

  hasGroup(group: string): boolean {
    return this.groupVersions().some((item) => item.group === group);
  }

  /** Whether a CustomResourceDefinition made the group. */
  isCustomGroup(group: string): boolean {
    return this.groupVersions().some((item) => item.group === group && item.isCustom);
  }

  byPlural(group: string, version: string, plural: string): ResourceInfo | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  byKind(apiVersion: string, kind: string): ResourceInfo | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** A served resource of this group and plural, whichever version. */
  anyVersion(group: string, plural: string): ResourceInfo | undefined {
    for (const resource of this.#byPath.values())
      if (resource.group === group && resource.plural === plural) return resource;
    return undefined;
  }

  /** Replaces the custom resources of the server. */
  setCustom(groupVersions: readonly GroupVersion[]): void {
    for (const groupVersion of this.#custom.values()) {
      for (const resource of groupVersion.resources) {
        this.#byPath.delete(`${resource.group}/${resource.version}/${resource.plural}`);
        this.#byKind.delete(`${formatApiVersion(resource)}/${resource.kind}`);
      }
    }
    this.#custom.clear();
    for (const groupVersion of groupVersions) {
      this.#custom.set(`${groupVersion.group}/${groupVersion.version}`, groupVersion);
      this.#index(groupVersion);
    }
    this.#generation += 1;
  }

  #index(groupVersion: GroupVersion): void {
    for (const resource of groupVersion.resources) {
      this.#byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, resource);
      const kind = `${formatApiVersion(resource)}/${resource.kind}`;
      if (!this.#byKind.has(kind)) this.#byKind.set(kind, resource);
    }
  }
}

/** The collection that a resource's objects are kept in; two versions of one resource share it. */
export function collectionName(resource: ResourceInfo): string {
  return resource.storage.group === "" ? resource.plural : `${resource.plural}.${resource.storage.group}`;
}

/** The key that a kube-apiserver would keep the object under. */
export function registryKey(resource: ResourceInfo, namespace: string, name: string): string {
  const collection = collectionName(resource);
  const prefix =
    KEY_PREFIXES[collection] ?? (resource.isCustom ? `${resource.group}/${resource.plural}` : resource.plural);
  return `/registry/${prefix}/${namespace === "" ? "" : `${namespace}/`}${name}`;
}

function toResourceInfo(group: string, version: string, resource: ApiResourceDiscovery): ResourceInfo {
  const subresourceKinds: Record<string, SubresourceInfo> = {};
  for (const { subresource, responseKind, verbs } of resource.subresources ?? []) {
    subresourceKinds[subresource] = {
      // An empty group and version are the resource's own.
      group: responseKind.version === "" ? group : responseKind.group,
      version: responseKind.version === "" ? version : responseKind.version,
      kind: responseKind.kind,
      verbs,
    };
  }
  return {
    group,
    version,
    kind: resource.responseKind.kind,
    plural: resource.resource,
    singular: resource.singularResource,
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    isNamespaced: resource.scope === "Namespaced",
    verbs: resource.verbs,
    subresources: Object.keys(subresourceKinds),
    subresourceKinds,
    storage: STORAGE_VERSIONS[`${group}/${version}/${resource.resource}`] ?? { group, version },
    isCustom: false,
  };
}
