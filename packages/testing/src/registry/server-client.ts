/**
 * The server seen from inside: what controllers use. It goes through the same strategies, admission and store as requests
 * do, as a user of its own, without HTTP.
 */
import type { ApiObject, ResourceInfo } from "./strategy.ts";

/** A change of a stored object. */
export interface ServerEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** As stored; never to be changed. */
  readonly object: ApiObject;
  readonly resource: ResourceInfo;
}

export interface ServerDeleteOptions {
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
}

/** An object whose server-made fields may be missing. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface ServerWriteOptions {
  /** `status`, `finalize`, ...; default: the main resource. */
  readonly subresource?: string | undefined;
  /** The manager in managedFields. Default: `kube-controller-manager`. */
  readonly fieldManager?: string | undefined;
  /** Acts as this user. Default: `system:kube-controller-manager`, a member of `system:masters`. */
  readonly username?: string | undefined;
}

/** Reads and writes of the server's own parts. Every write throws the `StatusError` that a client would be sent. */
export interface ServerClient {
  /** Every resource that is served now, custom ones included. */
  resources(): readonly ResourceInfo[];
  resource(apiVersion: string, kind: string): ResourceInfo | undefined;
  get(apiVersion: string, kind: string, namespace: string | undefined, name: string): ApiObject | undefined;
  /** In key order. Without a namespace, of all of them. */
  list(apiVersion: string, kind: string, namespace?: string): readonly ApiObject[];
  /** Calls back for each change of any object, in order, after it is stored and before the writer's call returns. */
  subscribe(onEvent: (event: ServerEvent) => void): () => void;
  create(object: NewObject, options?: ServerWriteOptions): ApiObject;
  /** PUT: with `metadata.resourceVersion` it is checked. */
  update(object: ApiObject, options?: ServerWriteOptions): ApiObject;
  /** JSON merge patch. */
  patch(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    patch: Readonly<Record<string, unknown>>,
    options?: ServerWriteOptions,
  ): ApiObject;
  /** Also of an object that is gone already, which is no error. */
  delete(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    options?: ServerDeleteOptions & ServerWriteOptions,
  ): void;
  now(): Date;
  /** Calls back once after `ms`, unless cancelled or the server closes. Holds no process. */
  after(ms: number, run: () => void): () => void;
  /** Calls back in a later turn of the event loop, unless the server has closed. */
  later(run: () => void): void;
}
