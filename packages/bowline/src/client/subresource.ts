/**
 * Subresources: one member for each, by its own name, and any other by `subresource(name)`.
 */
import type { TokenRequest } from "../kinds/authentication.k8s.io/v1.ts";
import type { Scale } from "../kinds/autoscaling/v1.ts";
import type { Eviction } from "../kinds/policy/v1.ts";
import type { ApplyOptions, CallOptions, WriteOptions } from "./call-options.ts";
import type { Existing, KubeObject, Untyped } from "./kube-object.ts";
import type { LogOptions, LogStream } from "./log.ts";
import type { JsonPatchOperation, PatchType, ReplacingMergePatch, StrategicPatch } from "./patch-body.ts";
import type { RawInit } from "./raw-request.ts";
import type { ApplyValue } from "./request-bodies.ts";
import type { Exec } from "./streams/exec.ts";
import type { PortForward, PortForwardOptions } from "./streams/port-forward/port-forward.ts";
import type { Session, SessionOptions } from "./streams/session.ts";

/** A part of an object that is read and written by itself: `status`, `scale`. */
export interface Subresource<T extends KubeObject> {
  get(name: string, options?: CallOptions): Promise<Existing<T>>;
  /** Replaces it; the resourceVersion is the condition, as with the object itself. */
  update(object: Existing<T>, options?: WriteOptions): Promise<Existing<T>>;
  /** A JSON merge patch, or with `{ type: "strategic" }` a strategic merge patch. Lists of a merge patch replace what is there. */
  patch<const Y extends PatchType | undefined = undefined>(
    name: string,
    patch: SubresourcePatchBody<T, Y>,
    options?: WriteOptions & { readonly type?: Y },
  ): Promise<Existing<T>>;
  /** A JSON patch (RFC 6902): all operations or none. */
  patchJson<const P extends readonly string[]>(
    name: string,
    operations: { readonly [I in keyof P]: JsonPatchOperation<T, P[I]> },
    options?: WriteOptions,
  ): Promise<Existing<T>>;
  apply(
    name: string,
    configuration: { [P in keyof T]?: ApplyValue<T[P]> },
    options?: ApplyOptions,
  ): Promise<Existing<T>>;
  /** Read, change, update; again on conflict. `change` may be called more than once. */
  edit(
    name: string,
    change: (object: Existing<T>) => void | Promise<void>,
    options?: WriteOptions,
  ): Promise<Existing<T>>;
}

/** The body that a subresource's `patch` takes for the type `Y`. */
export type SubresourcePatchBody<T, Y> = Y extends "strategic" ? StrategicPatch<T> : ReplacingMergePatch<T>;

/** Any subresource by name. What it takes and answers is the server's affair. */
export interface GenericSubresource {
  get(name: string, options?: CallOptions): Promise<Untyped>;
  create(name: string, body: object, options?: WriteOptions): Promise<Untyped>;
  update(name: string, body: object, options?: WriteOptions): Promise<Untyped>;
  patch(
    name: string,
    patch: object,
    options?: WriteOptions & { readonly type?: PatchType | undefined },
  ): Promise<Untyped>;
  patchJson(
    name: string,
    operations: readonly JsonPatchOperation<Untyped, string>[],
    options?: WriteOptions,
  ): Promise<Untyped>;
  apply(name: string, configuration: object, options?: ApplyOptions): Promise<Untyped>;
  delete(name: string, options?: CallOptions): Promise<void>;
}

/** As for `client.raw`, and which server of the object is meant. */
export type ProxyInit = RawInit & {
  /** A number, or a service's port by name. Default: the object's first, or its only one. */
  readonly port?: number | string | undefined;
  /** How the API server speaks to it. Default `"http"`. */
  readonly scheme?: "http" | "https" | undefined;
};

/** One member for each subresource, by its own name. A kind's handle has those that the kind has. */
export interface SubresourceApi<T extends KubeObject> {
  readonly status: Subresource<T>;
  readonly scale: Subresource<Scale>;
  readonly ephemeralcontainers: Subresource<T>;
  readonly resize: Subresource<T>;
  readonly approval: Subresource<T>;
  readonly finalize: Pick<Subresource<T>, "update">;
  readonly binding: {
    /** Assigns a pod to a node, as a scheduler does. */
    create(
      name: string,
      target: { readonly kind: "Node"; readonly name: string },
      options?: WriteOptions,
    ): Promise<void>;
  };
  readonly eviction: {
    /** Deletes a pod unless a disruption budget forbids it: then `isTooManyRequests`. */
    create(name: string, eviction?: Partial<Eviction>, options?: WriteOptions): Promise<void>;
  };
  readonly token: {
    /** A token of the service account. */
    create(name: string, request: Pick<TokenRequest, "spec">, options?: WriteOptions): Promise<TokenRequest>;
  };
  /** The object's own HTTP server, through the API server. */
  readonly proxy: {
    /**
     * As `fetch`: whatever the server answers is a Response, also where it is the API server itself that says no.
     *
     * @param name the pod, service or node
     * @param path on the object's own server, with its query
     */
    fetch(name: string, path: string, init?: ProxyInit): Promise<Response>;
  };
  /** What a container has written. Nothing is requested before the answer is read. */
  log(name: string, options?: LogOptions): LogStream;
  /** Runs commands in a container. */
  readonly exec: Exec;
  /**
   * The streams of a container's own process: what it writes from now on, and with `stdin: true` what it reads.
   *
   * @throws {ApiError} `isNotFound`, `isForbidden`, `isBadRequest` (no such container), ...
   */
  attach(name: string, options?: SessionOptions): Promise<Session>;
  /**
   * Listens on local ports and carries connections to ports of the pod: `{ 80: 8080 }` leads from port 8080 of this machine to
   * port 80 of the pod, `{ 80: 0 }` from any free one. Needs Kubernetes 1.30.
   *
   * @throws {ApiError} `isNotFound`, `isForbidden`, ... from the first try to reach the pod.
   * @throws {StreamError} `ListenFailed`: the local port is taken.
   */
  portforward(
    name: string,
    ports: Readonly<Record<number, number>>,
    options?: PortForwardOptions,
  ): Promise<PortForward>;
}
