/**
 * The one implementation of {@link Collection}, {@link AllNamespaces} and {@link Resource}; the types say which part is there.
 */
import { isNotFound } from "../core/api-error-predicates.ts";
import type { TransportResponse } from "../transport/transport.ts";
import type {
  ApplyOptions,
  CallOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  WatchOptions,
  WriteOptions,
} from "./call-options.ts";
import { withDeadline } from "./deadline.ts";
import { deleteObject, deleteObjects } from "./delete-object.ts";
import type { Existing, KubeObject, List, MetadataOnly } from "./kube-object.ts";
import { DEFAULT_CHUNK_SIZE, type ListChunk, type ListRequest, listChunk, listWhole } from "./list-chunks.ts";
import { type LogOptions, type LogStream, logQuery, logStream } from "./log.ts";
import { METADATA_LIST } from "./media-types.ts";
import { type Batches, openStream } from "./open-stream.ts";
import type { PatchType } from "./patch-body.ts";
import type { AllNamespaces, Collection, Resource, Verbs } from "./resource.ts";
import { ResourceContext, selectorQuery } from "./resource-context.ts";
import type { SelectorOptions } from "./selectors.ts";
import type { PortForward, PortForwardOptions } from "./streams/port-forward/port-forward.ts";
import type { Session, SessionOptions } from "./streams/session.ts";
import type { GenericSubresource, SubresourceApi } from "./subresource.ts";
import {
  attachTo,
  bindingOf,
  evictionOf,
  execOf,
  GenericSubresourceHandle,
  portforwardTo,
  proxyOf,
  SubresourceHandle,
  tokenOf,
} from "./subresource-handle.ts";
import type { Table, TableOptions } from "./table.ts";
import { TimedOutError } from "./timed-out-error.ts";
import { UsageError } from "./usage-error.ts";
import type { Bookmark, WatchEvent } from "./watch/watch-event.ts";
import type { AnyWatchOptions } from "./watch-resource.ts";
import {
  applyObject,
  checkedName,
  createObject,
  editObject,
  objectBody,
  patchObject,
  patchObjectJson,
  updateObject,
} from "./write-object.ts";

/** Made by `client.resource()`. */
export class ResourceHandle<T extends KubeObject> {
  readonly #context: ResourceContext;
  readonly #isMetadataOnly: boolean;

  constructor(context: ResourceContext, isMetadataOnly = false) {
    this.#context = context;
    this.#isMetadataOnly = isMetadataOnly;
  }

  get namespace(): string | undefined {
    return this.#context.namespace;
  }

  in(namespace: string): Resource<T> {
    const { client, reference } = this.#context;
    return asResource(new ResourceHandle<T>(new ResourceContext(client, reference, checkedNamespace(namespace))));
  }

  metadataOnly(): Collection<MetadataOnly<T>> {
    return new ResourceHandle<T>(this.#context, true) as unknown as Collection<MetadataOnly<T>>;
  }

  list(options?: ListOptions<T>): Promise<List<T>> {
    return this.#call("list", undefined, options, async (signal) => {
      const list = await this.#listRequest(options, signal);
      const { metadata, items } = await listWhole(this.#context.session, list, signal);
      const { apiVersion, kind } = this.#context.reference;
      return { apiVersion, kind: `${kind}List`, metadata, items } as unknown as List<T>;
    });
  }

  iterate(options?: ListOptions<T>): AsyncIterable<Existing<T>> {
    return openStream((signal) => this.#iterate(options, signal), { signal: options?.signal });
  }

  async *#iterate(options: ListOptions<T> | undefined, signal: AbortSignal): Batches<Existing<T>> {
    const list = await this.#listRequest(options, signal);
    const limits = { signal, timeoutMs: options?.timeoutMs };
    let token: string | undefined;
    do {
      const { items, metadata } = await this.#call<ListChunk>("list", undefined, limits, (inner) =>
        listChunk(this.#context.session, list, token, inner),
      );
      yield items as Existing<T>[];
      token = metadata.continue;
    } while (token !== undefined && token !== "");
  }

  table(options: TableOptions<T> & { readonly includeObject: "Object" }): Promise<Table<Existing<T>>>;
  table(options?: TableOptions<T>): Promise<Table<Existing<KubeObject>>>;
  table(options?: TableOptions<T>): Promise<Table<never>> {
    return this.#call("list", undefined, options, async (signal) => {
      const { request, chunkSize } = await this.#listRequest(options, signal);
      const query = { ...request.query, includeObject: options?.includeObject };
      const { readTable } = await import("./read-table.ts");
      return readTable(this.#context.session, { ...request, query }, chunkSize, signal);
    });
  }

  watch(options: WatchOptions<T> & { readonly bookmarks: true }): AsyncIterable<WatchEvent<T> | Bookmark>;
  watch(options?: WatchOptions<T> & { readonly bookmarks?: false | undefined }): AsyncIterable<WatchEvent<T>>;
  watch(options: WatchOptions<T> & { readonly bookmarks?: boolean | undefined } = {}): AsyncIterable<WatchEvent<T>> {
    const { signal, timeoutMs } = options;
    const { clock } = this.#context.client;
    const start = async (inner: AbortSignal): Promise<Batches<WatchEvent<T>>> => {
      // Loaded when it is first needed: many programs never watch.
      const { watchResource } = await import("./watch-resource.ts");
      const events = await watchResource(this.#context, options as AnyWatchOptions, this.#isMetadataOnly, inner);
      return events as Batches<WatchEvent<T>>;
    };
    return openStream(start, { signal, timeoutMs, clock });
  }

  get(name: string, options?: GetOptions): Promise<Existing<T>> {
    return this.#call("get", name, options, async (signal) => {
      const query = { resourceVersion: options?.resourceVersion };
      const verb = { verb: "get", method: "GET", name: this.#named(name, "get"), query };
      return (await this.#context.send(verb, signal)) as Existing<T>;
    });
  }

  async find(name: string, options?: GetOptions): Promise<Existing<T> | undefined> {
    try {
      return await this.get(name, options);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  create(object: object, options?: WriteOptions): Promise<Existing<T>> {
    const name = (object as KubeObject).metadata?.name;
    return this.#call("create", name, options, (signal) => createObject(this.#context, object, options, signal));
  }

  update(object: Existing<T>, options?: WriteOptions): Promise<Existing<T>> {
    return this.#call("update", object.metadata.name, options, async (signal) => {
      const name = this.#named(object.metadata.name, "update");
      return updateObject(this.#place, name, objectBody(this.#context, object, "update"), options, signal);
    });
  }

  patch(
    name: string,
    patch: object,
    options?: WriteOptions & { readonly type?: PatchType | undefined },
  ): Promise<Existing<T>> {
    return this.#call("patch", name, options, async (signal) =>
      patchObject(this.#place, this.#named(name, "patch"), patch, options?.type, options, signal),
    );
  }

  patchJson(name: string, operations: readonly object[], options?: WriteOptions): Promise<Existing<T>> {
    return this.#call("patch", name, options, async (signal) =>
      patchObjectJson(this.#place, this.#named(name, "patch"), operations, options, signal),
    );
  }

  apply(name: string, configuration: object, options?: ApplyOptions): Promise<Existing<T>> {
    return this.#call("apply", name, options, async (signal) => {
      const body = objectBody(this.#context, configuration, "apply");
      return applyObject(this.#place, this.#named(name, "apply"), body, options, signal);
    });
  }

  edit(
    name: string,
    change: (object: Existing<T>) => void | Promise<void>,
    options?: WriteOptions,
  ): Promise<Existing<T>> {
    return this.#call("update", name, options, async (signal) =>
      editObject(this.#place, this.#named(name, "update"), change, options, signal),
    );
  }

  async delete(name: string, options?: DeleteOptions): Promise<void> {
    await this.#call("delete", name, options, async (signal) =>
      deleteObject(this.#context, this.#named(name, "delete"), options, signal),
    );
  }

  async deleteCollection(options: DeleteCollectionOptions<T>): Promise<void> {
    await this.#call("deletecollection", undefined, options, async (signal) =>
      deleteObjects(this.#context, options as DeleteCollectionOptions<KubeObject>, signal),
    );
  }

  wait(name: string, until: (object: Existing<T>) => boolean, options?: CallOptions): Promise<Existing<T>>;
  wait(name: string, until: "deleted", options?: CallOptions): Promise<undefined>;
  wait(
    name: string,
    until: "deleted" | ((object: Existing<T>) => boolean),
    options?: CallOptions,
  ): Promise<Existing<T> | undefined> {
    let isThere = false;
    const pending = (): string =>
      until === "deleted"
        ? "the object is still there"
        : isThere
          ? "its state is not the awaited one"
          : "there is no such object";
    const run = async (signal: AbortSignal): Promise<Existing<T> | undefined> => {
      const { firstState } = await import("./object-states.ts");
      return firstState<T>(
        this.#context,
        this.#named(name, "wait for"),
        (object) => (object === undefined ? until === "deleted" : until !== "deleted" && until(object)),
        signal,
        (object) => {
          isThere = object !== undefined;
        },
      );
    };
    return withDeadline(
      { verb: "wait for", target: this.#context.target(name), pending },
      options,
      run,
      this.#context.client.defaultTimeoutMs,
    );
  }

  subresource(name: string): GenericSubresource {
    return new GenericSubresourceHandle(this.#context, name);
  }

  get status(): SubresourceApi<T>["status"] {
    return new SubresourceHandle(this.#context, "status");
  }

  get scale(): SubresourceApi<T>["scale"] {
    return new SubresourceHandle(this.#context, "scale", SCALE);
  }

  get ephemeralcontainers(): SubresourceApi<T>["ephemeralcontainers"] {
    return new SubresourceHandle(this.#context, "ephemeralcontainers");
  }

  get resize(): SubresourceApi<T>["resize"] {
    return new SubresourceHandle(this.#context, "resize");
  }

  get approval(): SubresourceApi<T>["approval"] {
    return new SubresourceHandle(this.#context, "approval");
  }

  get finalize(): SubresourceApi<T>["finalize"] {
    return new SubresourceHandle<T>(this.#context, "finalize");
  }

  get binding(): SubresourceApi<T>["binding"] {
    return bindingOf(this.#context);
  }

  get eviction(): SubresourceApi<T>["eviction"] {
    return evictionOf(this.#context);
  }

  get token(): SubresourceApi<T>["token"] {
    return tokenOf(this.#context);
  }

  get proxy(): SubresourceApi<T>["proxy"] {
    return proxyOf(this.#context);
  }

  get exec(): SubresourceApi<T>["exec"] {
    return execOf(this.#context);
  }

  attach(name: string, options?: SessionOptions): Promise<Session> {
    return attachTo(this.#context, name, options);
  }

  portforward(
    name: string,
    ports: Readonly<Record<number, number>>,
    options?: PortForwardOptions,
  ): Promise<PortForward> {
    return portforwardTo(this.#context, name, ports, options);
  }

  log(name: string, options: LogOptions = {}): LogStream {
    const verb = {
      verb: "get",
      method: "GET",
      name: this.#named(name, "log"),
      subresource: "log",
      query: logQuery(options),
    };
    const open = async (signal: AbortSignal): Promise<TransportResponse> =>
      this.#context.session.open(await this.#context.request({ ...verb, accept: "*/*" }, signal));
    const { signal, timeoutMs, follow } = options;
    const { clock } = this.#context.client;
    const timeoutError = follow
      ? undefined
      : (): unknown => new TimedOutError("log", this.#context.target(name), timeoutMs ?? 0);
    return logStream(open, { signal, timeoutMs, timeoutError, clock }, (call) =>
      this.#call("log", name, options, call, follow ? 0 : undefined),
    );
  }

  get #place(): { readonly context: ResourceContext } {
    return { context: this.#context };
  }

  #named(name: string, verb: string): string {
    return checkedName(name, verb, this.#context);
  }

  async #listRequest(options: ListOptions<T> | undefined, signal: AbortSignal): Promise<ListRequest> {
    const { resourceVersion, resourceVersionMatch, chunkSize = DEFAULT_CHUNK_SIZE } = options ?? {};
    const query = { ...selectorQuery(options as SelectorOptions | undefined), resourceVersion, resourceVersionMatch };
    const accept = this.#isMetadataOnly ? METADATA_LIST : undefined;
    const { apiVersion, kind } = this.#context.reference;
    return {
      request: await this.#context.request({ verb: "list", method: "GET", query, accept }, signal, true),
      chunkSize,
      omitManagedFields: options?.omitManagedFields ?? false,
      apiVersion,
      kind,
      rename: this.#isMetadataOnly,
    };
  }

  /** Runs a call within its time. Its answer is what the server says the kind looks like. */
  #call<R>(
    verb: string,
    name: string | undefined,
    options: CallOptions | undefined,
    call: (signal: AbortSignal) => Promise<unknown>,
    defaultMs: number | undefined = this.#context.client.defaultTimeoutMs,
  ): Promise<R> {
    const target = this.#context.target(typeof name === "string" ? name : undefined);
    return withDeadline({ verb, target }, options, call as (signal: AbortSignal) => Promise<R>, defaultMs);
  }
}

const SCALE = { apiVersion: "autoscaling/v1", kind: "Scale" };

/** A handle seen as the types have it: the members of a kind's subresources are all there at run time. */
export function asResource<T extends KubeObject>(handle: ResourceHandle<T>): Resource<T> {
  const full: Verbs<T> & AllNamespaces<T> & SubresourceApi<T> = handle;
  return full as unknown as Resource<T>;
}

function checkedNamespace(namespace: unknown): string {
  if (typeof namespace === "string" && namespace !== "") return namespace;
  throw new UsageError("NamespaceMissing", `${JSON.stringify(namespace) ?? "undefined"} is no namespace`);
}
