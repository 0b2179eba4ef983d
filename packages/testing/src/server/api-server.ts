/**
 * The server's parts put together, without HTTP: what is served, where it is kept, who may do what.
 */
import { CustomResources } from "../apiextensions/index.ts";
import { Authenticator } from "../auth/authenticator.ts";
import { Authorizer } from "../auth/authorizer.ts";
import { escalationCheck } from "../auth/escalation.ts";
import { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import { discoveryDocuments } from "../discovery/recorded-discovery.ts";
import type { RequestScope } from "../http/scope.ts";
import { type JsonRecord, ManagedFieldsError, type VersionedForm } from "../merge/index.ts";
import { clone } from "../merge/json-value.ts";
import { AddressPools } from "../registry/address-pools.ts";
import type { AdmissionPlugin } from "../registry/admission.ts";
import { collectionName, ResourceRegistry } from "../registry/resource-registry.ts";
import { Storage } from "../registry/storage.ts";
import { ResourceStore } from "../registry/store.ts";
import { dropEmptyLists } from "../registry/stored-form.ts";
import type { ApiObject, ResourceInfo, Strategy, StrategyContext, UserInfo } from "../registry/strategy.ts";
import { normalize, type StructSchema, schemaFor } from "../schema/index.ts";
import type { Clock } from "./clock.ts";

/** What an {@link ApiServer} is made of. */
export interface ApiServerParts {
  readonly clock: Clock;
  readonly historyLength?: number | undefined;
  readonly strategyFor: (resource: ResourceInfo) => Strategy;
  readonly admission: readonly AdmissionPlugin[];
}

/** What a request adds to a {@link StrategyContext}. */
export interface ContextParts {
  readonly user: UserInfo;
  readonly namespace?: string | undefined;
  readonly subresource?: string | undefined;
  readonly isDryRun?: boolean | undefined;
  readonly warn?: ((text: string) => void) | undefined;
}

/** One server's state. Two servers share none. */
export class ApiServer {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly registry: ResourceRegistry;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly serviceAccountTokens: ServiceAccountTokens;
  /** What CustomResourceDefinitions define. */
  readonly custom: CustomResources;
  /** Answers what a node's kubelet would: logs, exec and the like. Absent where none runs. */
  kubelet: ((scope: RequestScope, pod: ApiObject) => true) | undefined;
  readonly #strategyFor: (resource: ResourceInfo) => Strategy;
  readonly #admission: readonly AdmissionPlugin[];
  readonly #stores: Map<ResourceInfo, ResourceStore> = new Map();
  readonly #pools: AddressPools;

  constructor(parts: ApiServerParts) {
    this.clock = parts.clock;
    this.storage = new Storage({ historyLength: parts.historyLength });
    this.registry = new ResourceRegistry(discoveryDocuments());
    this.authenticator = new Authenticator(() => this.clock.now());
    this.custom = new CustomResources(this);
    this.#strategyFor = parts.strategyFor;
    const escalation = escalationCheck(
      ({ context, namespace }) => this.authorizer.rules(context.user, namespace).rules,
    );
    this.#admission = [...parts.admission, escalation];
    this.#pools = new AddressPools(() => this.list("v1", "Service", undefined));
    this.serviceAccountTokens = new ServiceAccountTokens(
      () => this.clock.now(),
      (kind, namespace, name) => this.find("v1", kind, namespace, name),
    );
    this.authenticator.addAuthenticator((token) => this.serviceAccountTokens.verify(token)?.user);
    const rbac = "rbac.authorization.k8s.io/v1";
    this.authorizer = new Authorizer({
      list: (kind, namespace) => this.list(rbac, kind, namespace),
      find: (kind, namespace, name) => this.find(rbac, kind, namespace, name),
    });
  }

  /** The schema of a kind; undefined where there is none. */
  schemaOf(resource: ResourceInfo): StructSchema | undefined {
    return resource.isCustom
      ? this.custom.schemaOf(resource)
      : schemaFor(resource.group, resource.version, resource.kind);
  }

  /** The store of a resource that is served. */
  store(resource: ResourceInfo): ResourceStore {
    let store = this.#stores.get(resource);
    if (store === undefined) {
      store = new ResourceStore({
        resource,
        strategy: this.custom.strategyFor(resource) ?? this.#strategyFor(resource),
        collection: this.storage.collection(collectionName(resource)),
        admission: this.#admission,
        normalize: (object) => this.normalize(object, resource),
        drop: (object) => {
          const schema = resource.isCustom ? undefined : this.schemaOf(resource);
          if (schema !== undefined) dropEmptyLists(object, schema, resource.group);
        },
        normalizeStored: (object) => {
          const stored = resource.isCustom ? undefined : this.registry.byKind(object.apiVersion, resource.kind);
          return stored === undefined ? object : this.normalize(object, stored);
        },
      });
      this.#stores.set(resource, store);
    }
    return store;
  }

  /** The object in the form in which it is stored. */
  normalize(object: ApiObject, resource: ResourceInfo): ApiObject {
    const schema = this.schemaOf(resource);
    if (schema === undefined) return object;
    const normalized = normalize(object, schema);
    normalized.apiVersion = object.apiVersion;
    normalized.kind = object.kind;
    normalized.metadata ??= {} as ApiObject["metadata"];
    return normalized;
  }

  /**
   * An object in another version of its group, for the ownership of its fields; undefined where that version has no such kind.
   * @throws ManagedFieldsError for what is no version
   */
  inVersion(object: JsonRecord, apiVersion: string, resource: ResourceInfo): VersionedForm | undefined {
    if (apiVersion.split("/").length > 2) throw new ManagedFieldsError(`unexpected GroupVersion string: ${apiVersion}`);
    const from = this.registry.byKind(String(object["apiVersion"]), resource.kind);
    const to = this.registry.byKind(apiVersion, resource.kind);
    // Versions of other groups are unknown here, even where they serve the same objects.
    if (from === undefined || to === undefined || from.group !== to.group) return undefined;
    const schema = this.schemaOf(to);
    if (schema === undefined) return undefined;
    const stored = this.store(from).strategy.toStorage?.(clone(object) as unknown as ApiObject) ?? object;
    const form = this.store(to).strategy.fromStorage?.(stored as ApiObject) ?? stored;
    return { object: form as unknown as JsonRecord, schema };
  }

  find(apiVersion: string, kind: string, namespace: string | undefined, name: string): ApiObject | undefined {
    const resource = this.registry.byKind(apiVersion, kind);
    return resource === undefined
      ? undefined
      : this.store(resource).find(resource.isNamespaced ? (namespace ?? "") : "", name);
  }

  list(apiVersion: string, kind: string, namespace: string | undefined): readonly ApiObject[] {
    const resource = this.registry.byKind(apiVersion, kind);
    if (resource === undefined) return [];
    const store = this.store(resource);
    const prefix = namespace === undefined || namespace === "" ? "" : `${namespace}/`;
    const objects: ApiObject[] = [];
    for (const key of store.collection.keys()) {
      const stored = key.startsWith(prefix) ? store.collection.get(key) : undefined;
      if (stored !== undefined) objects.push(store.served(stored));
    }
    return objects;
  }

  context(resource: ResourceInfo, parts: ContextParts): StrategyContext {
    const made = new Map<string, string>();
    return {
      resource,
      user: parts.user,
      namespace: parts.namespace ?? "",
      subresource: parts.subresource ?? "",
      dryRun: parts.isDryRun ?? false,
      now: () => this.clock.now(),
      find: (apiVersion, kind, namespace, name) => this.find(apiVersion, kind, namespace, name),
      list: (apiVersion, kind, namespace) => this.list(apiVersion, kind, namespace),
      isAllowed: (attributes) => this.authorizer.isAllowed(parts.user, attributes),
      allocate: (pool, wanted) => this.#pools.allocate(pool, wanted),
      warn: parts.warn ?? (() => undefined),
      once: (name, make) => {
        const value = made.get(name) ?? make();
        made.set(name, value);
        return value;
      },
    };
  }
}
