/**
 * Reads and writes from inside the process, for controllers and tests: the same steps as a request takes, without HTTP.
 */
import { applyMergePatch, clone, type JsonRecord } from "../merge/index.ts";
import { recordUpdate } from "../registry/ownership.ts";
import { collectionName } from "../registry/resource-registry.ts";
import type {
  NewObject,
  ServerClient,
  ServerDeleteOptions,
  ServerEvent,
  ServerWriteOptions,
} from "../registry/server-client.ts";
import { noSuchResource, StatusError } from "../registry/status-error.ts";
import type { ResourceStore } from "../registry/store.ts";
import type { ApiObject, ResourceInfo, StrategyContext } from "../registry/strategy.ts";
import { withoutNulls } from "../schema/index.ts";
import type { ApiServer } from "./api-server.ts";

const CONTROLLER_MANAGER = "kube-controller-manager";
const MASTERS = "system:masters";

/** The server's own client. */
export class LocalClient implements ServerClient {
  readonly #server: ApiServer;
  readonly #cancels: Set<() => void> = new Set();
  #isClosed = false;

  constructor(server: ApiServer) {
    this.#server = server;
  }

  resources(): readonly ResourceInfo[] {
    return [...this.#server.registry.resources()];
  }

  resource(apiVersion: string, kind: string): ResourceInfo | undefined {
    return this.#server.registry.byKind(apiVersion, kind);
  }

  get(apiVersion: string, kind: string, namespace: string | undefined, name: string): ApiObject | undefined {
    return this.#server.find(apiVersion, kind, namespace, name);
  }

  list(apiVersion: string, kind: string, namespace?: string): readonly ApiObject[] {
    return this.#server.list(apiVersion, kind, namespace);
  }

  subscribe(onEvent: (event: ServerEvent) => void): () => void {
    const cancel = this.#server.storage.subscribe((collection, change) => {
      const resource = this.#resourceOf(collection.name);
      if (resource !== undefined) onEvent({ type: change.type, object: change.after.object, resource });
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  create(object: NewObject, options: ServerWriteOptions = {}): ApiObject {
    const store = this.#store(object.apiVersion, object.kind);
    const { resource } = store;
    const sent = this.#decode(clone(object) as unknown as ApiObject, resource);
    const namespace = resource.isNamespaced ? (sent.metadata.namespace ?? "default") : "";
    const context = this.#context(resource, namespace, options);
    store.strategy.default?.(sent, context);
    return store.create(sent, {
      namespace,
      context,
      options: {},
      own: (admitted) => recordUpdate(undefined, admitted, this.#write(store, options)),
    });
  }

  update(object: ApiObject, options: ServerWriteOptions = {}): ApiObject {
    const store = this.#store(object.apiVersion, object.kind);
    const sent = this.#decode(clone(object), store.resource);
    return this.#update(store, sent.metadata.namespace, sent.metadata.name, options, () => sent);
  }

  patch(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    patch: Readonly<Record<string, unknown>>,
    options: ServerWriteOptions = {},
  ): ApiObject {
    const store = this.#store(apiVersion, kind);
    return this.#update(store, namespace, name, options, (live) => {
      const patched = applyMergePatch(live as unknown as JsonRecord, patch as JsonRecord);
      return this.#decode(patched as unknown as ApiObject, store.resource);
    });
  }

  delete(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    options: ServerDeleteOptions & ServerWriteOptions = {},
  ): void {
    const store = this.#store(apiVersion, kind);
    const within = store.resource.isNamespaced ? (namespace ?? "default") : "";
    try {
      const context = this.#context(store.resource, within, options);
      store.delete(name, { namespace: within, context, options: {}, deletion: options });
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    }
  }

  now(): Date {
    return this.#server.clock.now();
  }

  after(ms: number, run: () => void): () => void {
    if (this.#isClosed) return () => undefined;
    const cancelTimer = this.#server.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#cancels.delete(cancel);
      cancelTimer();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  later(run: () => void): void {
    setImmediate(() => {
      if (!this.#isClosed) run();
    });
  }

  /** Creates an object, its status included, and before it the namespace that it stands in. */
  ensure(object: NewObject): void {
    const resource = this.resource(object.apiVersion, object.kind);
    const metadata = object["metadata"] as { readonly namespace?: string } | undefined;
    const namespace = resource?.isNamespaced === true ? (metadata?.namespace ?? "default") : "";
    if (namespace !== "" && this.get("v1", "Namespace", undefined, namespace) === undefined) {
      this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    }
    const created = this.create(object);
    const status = object["status"];
    if (status !== undefined && resource?.subresources.includes("status")) {
      this.update({ ...created, status }, { subresource: "status" });
    }
  }

  /** Cancels what waits. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of [...this.#cancels]) cancel();
    this.#cancels.clear();
  }

  #update(
    store: ResourceStore,
    namespace: string | undefined,
    name: string,
    options: ServerWriteOptions,
    change: (live: ApiObject) => ApiObject,
  ): ApiObject {
    const within = store.resource.isNamespaced ? (namespace ?? "default") : "";
    const context = this.#context(store.resource, within, options);
    return store.update({
      namespace: within,
      name,
      context,
      options: {},
      allowCreate: false,
      transform: (live) => {
        const changed = change(live as ApiObject);
        store.strategy.default?.(changed, context);
        recordUpdate(live, changed, this.#write(store, options));
        return changed;
      },
    }).object;
  }

  #store(apiVersion: string, kind: string): ResourceStore {
    const resource = this.resource(apiVersion, kind);
    if (resource === undefined) throw noSuchResource();
    return this.#server.store(resource);
  }

  #decode(object: ApiObject, resource: ResourceInfo): ApiObject {
    return this.#server.normalize(withoutNulls(object, this.#server.schemaOf(resource)), resource);
  }

  #context(resource: ResourceInfo, namespace: string, options: ServerWriteOptions): StrategyContext {
    const username = options.username ?? `system:${CONTROLLER_MANAGER}`;
    return this.#server.context(resource, {
      user: { username, groups: [MASTERS, "system:authenticated"] },
      namespace,
      subresource: options.subresource,
    });
  }

  #write(store: ResourceStore, options: ServerWriteOptions): Parameters<typeof recordUpdate>[2] {
    return {
      manager: options.fieldManager ?? CONTROLLER_MANAGER,
      subresource: options.subresource ?? "",
      resource: store.resource,
      strategy: store.strategy,
      schema: this.#server.schemaOf(store.resource),
      now: this.now(),
    };
  }

  #resourceOf(collection: string): ResourceInfo | undefined {
    for (const resource of this.#server.registry.resources()) {
      const isStored = resource.storage.group === resource.group && resource.storage.version === resource.version;
      if (isStored && collectionName(resource) === collection) return resource;
    }
    return undefined;
  }
}
