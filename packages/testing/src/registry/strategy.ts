/**
 * How one kind differs from the others over one generic store: defaulting, validation, what a write may change.
 * Modelled on kube-apiserver's registry: the store runs the steps in its order, a strategy fills them in.
 */
import type { OwnerReference } from "bowline/kinds/meta/v1";
import type { FieldError } from "./field-error.ts";

/** Any object, as JSON. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMetadata;
  [field: string]: unknown;
}
export interface ObjectMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
}

/** The resource that a request addresses, as discovery names it. */
export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The kind of lists. Default: the kind with `List` after it. */
  readonly listKind?: string | undefined;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, ... */
  readonly subresources: readonly string[];
  /** What each subresource speaks: the kind of its bodies and its verbs. */
  readonly subresourceKinds: Readonly<Record<string, SubresourceInfo>>;
  /** The group and version that objects are kept in; another than its own for `events.k8s.io` and `autoscaling/v1`. */
  readonly storage: { readonly group: string; readonly version: string };
  /** Whether a CustomResourceDefinition defines it. */
  readonly isCustom: boolean;
}

/** A subresource, as discovery names it. */
export interface SubresourceInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Who sent a request. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What a strategy can ask of the server around it, without I/O. */
export interface StrategyContext {
  readonly resource: ResourceInfo;
  readonly user: UserInfo;
  /** The namespace of the request; `""` for none. */
  readonly namespace: string;
  /** `""` for the main resource, else the subresource being written. */
  readonly subresource: string;
  readonly dryRun: boolean;
  now(): Date;
  /** Reads another object of the same server, for admission and allocation. */
  find(apiVersion: string, kind: string, namespace: string | undefined, name: string): ApiObject | undefined;
  list(apiVersion: string, kind: string, namespace: string | undefined): readonly ApiObject[];
  /** Whether `user` may do this, by the server's authorizer: for escalation and bind checks. */
  isAllowed(attributes: AccessAttributes): boolean;
  /** The next free value of a named pool: cluster IPs, node ports. `wanted` is given back where it is free. */
  allocate(pool: "clusterIP" | "nodePort", wanted?: string): string;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
  /** What `make` gave first: a write that has to wait for a webhook is tried again, and its random values stay the same. */
  once(name: string, make: () => string): string;
}

/** One access question. */
export interface AccessAttributes {
  readonly verb: string;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly resource?: string | undefined;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** A path such as `/metrics`, in place of a resource. */
  readonly path?: string | undefined;
}

/** The steps of a write that a kind can fill in. Objects are the store's own copies: mutate them. */
export interface Strategy {
  /** Fills defaults into an object that was sent or is about to be stored (kube's `SetDefaults_*`). */
  default?(object: ApiObject, context: StrategyContext): void;
  /** Clears what a client cannot set on create (status, ...), allocates. */
  prepareForCreate?(object: ApiObject, context: StrategyContext): void;
  /** Keeps what a client cannot change, copies status from `old`, bumps generation where the spec changed (the store's default does this for kinds with a spec and status). */
  prepareForUpdate?(object: ApiObject, old: ApiObject, context: StrategyContext): void;
  /** Every check of a new object, `metadata` included, in the order of the real server's causes. */
  validate?(object: ApiObject, context: StrategyContext): FieldError[];
  /** Every check of a changed object, `metadata` included. `context.subresource` says which part is written. */
  validateUpdate?(object: ApiObject, old: ApiObject, context: StrategyContext): FieldError[];
  /** Runs before defaulting of an update, on what was sent: fills from the live object what the kind's storage takes from it (Service: clusterIP). */
  patchFromLive?(object: ApiObject, old: ApiObject, context: StrategyContext): void;
  /** After an object was stored: side effects on other objects. */
  afterCreate?(object: ApiObject, context: StrategyContext): void;
  afterUpdate?(object: ApiObject, old: ApiObject, context: StrategyContext): void;
  afterDelete?(object: ApiObject, context: StrategyContext): void;
  /** Throws (a StatusError) where this object may not be deleted. */
  beforeDelete?(object: ApiObject, context: StrategyContext): void;
  /**
   * Fields that a write through the main resource (`""`) or a subresource does not change, so that they are nobody's in managedFields:
   * `[["status"]]`. Default: `[["status"]]` for `""` where there is a status subresource, `[["spec"]]` for `status`.
   */
  resetFields?(subresource: string): readonly (readonly string[])[];
  /** Between this version and the stored one, where they differ. Mutates nothing. */
  toStorage?(object: ApiObject): ApiObject;
  fromStorage?(object: ApiObject): ApiObject;
  /** The text of the `Warning` header that every request to a deprecated kind gets. */
  deprecation?: string;
  /** Labels that a field selector may name but nothing matches are errors; this replaces the error's text. */
  fieldSelectorError?(field: string): string;
  /** Replaces the default checks of `metadata.name`. Default: DNS-1123 subdomain. */
  validateName?(name: string, isPrefix: boolean): string[];
  /** Texts for the `Warning` header. */
  warnings?(object: ApiObject, old: ApiObject | undefined, context: StrategyContext): string[];
  /** Fields, beyond metadata.name and metadata.namespace, by which lists can be selected. */
  selectableFields?: Readonly<Record<string, (object: ApiObject) => string>>;
  /** Column definitions and cells of `kubectl get`. Default: Name and Created At. */
  table?: TableStrategy;
  /** Whether `status` is a part that only the status subresource writes. Default: the resource has a `status` subresource. */
  hasStatus?: boolean;
  /** Default grace period and finalizers of a delete; see the store. */
  deletion?: DeletionStrategy;
  /** Whether PUT without resourceVersion is allowed. Default true for built-in kinds. */
  allowUnconditionalUpdate?: boolean;
  /** Whether PUT creates an object that is missing. Default false. */
  allowCreateOnUpdate?: boolean;
}

/** How `kubectl get` shows a kind. */
export interface TableStrategy {
  readonly columns: readonly TableColumn[];
  cells(object: ApiObject, now: Date): unknown[];
  /** Row conditions: `Completed` for a pod that has ended. */
  conditions?(object: ApiObject): readonly unknown[] | undefined;
}
/** A column definition, as in a `Table`. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}
/** What a delete does. */
export interface DeletionStrategy {
  /** Whether the answer to a delete is the object (else a Status Success). */
  readonly returnsObject?: boolean;
  /**
   * Makes the kind one that is deleted gracefully (Pod): the grace period that a delete gives, in seconds. `asked` is the
   * request's; without it the object's own. Kinds without this go at once.
   */
  gracePeriodSeconds?(object: ApiObject, asked?: number): number;
  /** Default propagation policy where the request names none. `unsupported`: no finalizers of garbage collection (Event). */
  readonly defaultPropagation?: "orphan" | "background" | "unsupported";
  /** Whether something besides `metadata.finalizers` keeps a deleted object: a namespace's `spec.finalizers`. */
  isHeld?(object: ApiObject): boolean;
  /** On an object that a delete leaves for its finalizers: a namespace's phase becomes `Terminating`. */
  markTerminating?(object: ApiObject): void;
}
