/**
 * The generic store of one resource: the steps that every create, update and delete takes in a kube-apiserver, with the kind's
 * strategy filling them in. It is synchronous, so each write is one transaction.
 */
import { formatTime, jsonEqual } from "bowline/core";
import { denial } from "../auth/access.ts";
import { clone, type JsonValue } from "../merge/json-value.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { collectGarbageFinalizers, type DeleteRequest, markAsDeleting, prepareDeletion } from "./deletion.ts";
import { collectionName, registryKey } from "./resource-registry.ts";
import * as errors from "./status-error.ts";
import type { Collection, StoredObject } from "./storage.ts";
import type { ApiObject, ResourceInfo, Strategy, StrategyContext } from "./strategy.ts";

/** What every write says about itself. */
export interface WriteRequest {
  /** `""` for a cluster-scoped resource. */
  readonly namespace: string;
  readonly context: StrategyContext;
  /** Options as sent, for admission. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface CreateRequest extends WriteRequest {
  /** Writes down who owns the new object's fields, before admission changes it. */
  readonly own?: ((object: ApiObject) => void) | undefined;
}

export interface UpdateRequest extends WriteRequest {
  readonly name: string;
  /** From the present object (`undefined`: there is none) to the one that is asked for, a copy of its own. */
  readonly transform: (live: ApiObject | undefined) => ApiObject;
  /** The uid that the present object must have. */
  readonly uid?: string | undefined;
  /** Whether to create what is missing, as apply does; the strategy decides when left out, as a PUT does. */
  readonly allowCreate?: boolean | undefined;
}

/** What an update did. */
export interface UpdateResult {
  readonly object: ApiObject;
  readonly wasCreated: boolean;
}

/** What a delete did: the object that stays or was deleted, or a Status. */
export interface DeleteResult {
  readonly answer: ApiObject | errors.Status;
  readonly isGone: boolean;
}

const NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";
/** A generated name is cut so that it fits a label with its five random characters. */
const MAX_GENERATED_BASE = 58;

/** Groups whose objects are stored as the JSON that they were sent as. */
const JSON_STORED_GROUPS: ReadonlySet<string> = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

/** Parameters of device drivers are JSON of any kind, and stay as they are. */
function emptyListsToNull(owner: Record<string, unknown>, member: string): void {
  const value = owner[member];
  if (Array.isArray(value)) {
    if (value.length === 0) owner[member] = null;
    for (const item of value as unknown[]) {
      if (typeof item === "object" && item !== null && !Array.isArray(item)) {
        for (const key of Object.keys(item)) emptyListsToNull(item as Record<string, unknown>, key);
      }
    }
  } else if (typeof value === "object" && value !== null && member !== "opaque") {
    for (const key of Object.keys(value)) emptyListsToNull(value as Record<string, unknown>, key);
  }
}

/** Reads and writes of one resource. */
export class ResourceStore {
  readonly resource: ResourceInfo;
  readonly strategy: Strategy;
  readonly collection: Collection;
  readonly #admission: readonly AdmissionPlugin[];
  readonly #normalize: (object: ApiObject) => ApiObject;
  readonly #drop: (object: ApiObject) => void;
  readonly #normalizeStored: (object: ApiObject) => ApiObject;
  /** Objects in this resource's version, where that is not the stored one. */
  readonly #converted: WeakMap<StoredObject, ApiObject> = new WeakMap();

  constructor(parts: {
    readonly resource: ResourceInfo;
    readonly strategy: Strategy;
    readonly collection: Collection;
    readonly admission: readonly AdmissionPlugin[];
    /** Brings an object into the form in which it is stored: required zero values in, empty optional fields out. */
    readonly normalize: (object: ApiObject) => ApiObject;
    /** Takes out what storing loses, in place. */
    readonly drop: (object: ApiObject) => void;
    /** As `normalize`, of the version in which objects are stored. */
    readonly normalizeStored: (object: ApiObject) => ApiObject;
  }) {
    this.resource = parts.resource;
    this.strategy = parts.strategy;
    this.collection = parts.collection;
    this.#admission = parts.admission;
    this.#normalize = parts.normalize;
    this.#drop = parts.drop;
    this.#normalizeStored = parts.normalizeStored;
  }

  /** The object in this resource's version. Never to be changed. */
  find(namespace: string, name: string): ApiObject | undefined {
    const stored = this.collection.get(keyOf(namespace, name));
    return stored === undefined ? undefined : this.served(stored);
  }

  /** @throws StatusError 404 */
  get(namespace: string, name: string): ApiObject {
    const object = this.find(namespace, name);
    if (object === undefined) throw errors.notFound(this.#qualified, name);
    return object;
  }

  /** A stored object in this resource's version. */
  served(stored: StoredObject): ApiObject {
    const { fromStorage } = this.strategy;
    if (fromStorage === undefined) return stored.object;
    let object = this.#converted.get(stored);
    if (object === undefined) {
      object = this.#normalize(fromStorage(stored.object));
      this.#converted.set(stored, object);
    }
    return object;
  }

  /** The name of the collection in an answer: `configmaps`, `deployments.apps`. */
  get name(): string {
    return collectionName(this.resource);
  }

  /**
   * Stores a decoded and defaulted object.
   * @throws StatusError
   */
  create(object: ApiObject, request: CreateRequest): ApiObject {
    const { context } = request;
    wipeSystemFields(object);
    request.own?.(object);
    this.#admit("admit", "CREATE", object, undefined, object.metadata.name ?? "", request);
    return this.#createAdmitted(object, request, context);
  }

  /**
   * Changes an object, or creates it where that is allowed.
   * @throws StatusError
   */
  update(request: UpdateRequest): UpdateResult {
    const { namespace, name, context } = request;
    const key = keyOf(namespace, name);
    const stored = this.collection.get(key);
    const live = stored === undefined ? undefined : this.served(stored);
    const canCreate = request.allowCreate ?? this.strategy.allowCreateOnUpdate === true;
    if (live === undefined && !canCreate) throw errors.notFound(this.#qualified, name);
    this.#checkUid(request.uid, live, namespace, name);
    const object = request.transform(live === undefined ? undefined : clone(live));
    // A patch can name a uid too, which is seen only once it is applied.
    if (
      live !== undefined &&
      object.metadata.uid !== undefined &&
      object.metadata.uid !== live.metadata.uid &&
      request.uid !== undefined
    ) {
      this.#checkUid(object.metadata.uid, live, namespace, name);
    }
    if (live === undefined) {
      this.#admit("admit", "CREATE", object, undefined, name, request);
      this.#checkMayCreate(context, namespace, name);
      return { object: this.#createAdmitted(object, request, context, true), wasCreated: true };
    }
    this.#admit("admit", "UPDATE", object, live, name, request);
    this.#checkResourceVersion(object, live, name);
    delete object.metadata["selfLink"];
    this.#prepareUpdate(object, live, context, namespace);
    const normalized = this.#normalize(object);
    const failures = this.strategy.validateUpdate?.(normalized, live, context) ?? [];
    if (failures.length > 0) throw errors.invalid(this.#kind, name, failures, this.resource.isCustom);
    for (const text of this.strategy.warnings?.(normalized, live, context) ?? []) context.warn(text);
    keepManagedTimes(normalized, live);
    this.#admit("validate", "UPDATE", normalized, live, name, request);
    this.#dropEmptyLists(normalized);

    const isLastFinalizer = (normalized.metadata.finalizers?.length ?? 0) === 0;
    if (isLastFinalizer && isReadyToGo(live) && isReadyToGo(normalized) && !this.#holds(normalized)) {
      normalized.metadata.resourceVersion = live.metadata.resourceVersion ?? "";
      if (!context.dryRun) this.#remove(key, context);
      return { object: normalized, wasCreated: false };
    }
    if (isUnchanged(normalized, live) || context.dryRun) {
      normalized.metadata.resourceVersion = live.metadata.resourceVersion ?? "";
      return { object: context.dryRun ? normalized : live, wasCreated: false };
    }
    const after = this.#put(key, normalized);
    this.strategy.afterUpdate?.(after, live, context);
    return { object: after, wasCreated: false };
  }

  /**
   * Deletes an object, or begins to.
   * @throws StatusError
   */
  delete(name: string, request: WriteRequest & { readonly deletion: DeleteRequest }): DeleteResult {
    const { namespace, context, deletion } = request;
    const key = keyOf(namespace, name);
    const stored = this.collection.get(key);
    if (stored === undefined) throw errors.notFound(this.#qualified, name);
    const live = this.served(stored);
    this.#checkPreconditions(deletion, live, name);
    if (deletion.ignoreStoreReadErrorWithClusterBreakingPotential === true) {
      const why = "unsafe deletion is not allowed because the object is decodable from storage";
      throw errors.conflict(
        this.#qualified,
        name,
        `StorageError: invalid object, Code: 4, Key: ${registryKey(this.resource, namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
      );
    }
    // A namespace that is going waits for its content, whatever it is told now.
    if (this.strategy.deletion?.markTerminating !== undefined && isReadyToGo(live) && this.#holds(live))
      return { answer: live, isGone: false };
    this.strategy.beforeDelete?.(live, context);
    this.#admit("admit", "DELETE", undefined, live, name, request);
    this.#admit("validate", "DELETE", undefined, live, name, request);

    const object = clone(live);
    const { isGraceful, isPending } = prepareDeletion(object, this.strategy.deletion, deletion, context.now());
    if (isPending) return { answer: this.#deleted(live), isGone: false };
    collectGarbageFinalizers(object, this.strategy.deletion, deletion);
    const hasFinalizers = (object.metadata.finalizers?.length ?? 0) > 0 || this.#holds(object);
    if (!isGraceful && hasFinalizers) {
      markAsDeleting(object, context.now(), this.#holds(object));
      this.strategy.deletion?.markTerminating?.(object);
    }
    const grace = object.metadata["deletionGracePeriodSeconds"];
    const stays = hasFinalizers || (isGraceful && typeof grace === "number" && grace > 0);
    let current = live;
    if (isGraceful || hasFinalizers) {
      const normalized = this.#normalize(object);
      if (context.dryRun) return { answer: stays ? normalized : this.#deleted(normalized), isGone: !stays };
      current = isUnchanged(normalized, live) ? live : this.#put(key, normalized);
      if (stays) return { answer: current, isGone: false };
    }
    if (context.dryRun) return { answer: this.#deleted(current), isGone: true };
    const gone = this.#remove(key, context);
    return { answer: this.#deleted(gone ?? current), isGone: true };
  }

  get #qualified(): errors.Qualified {
    return { group: this.resource.group, name: this.resource.plural };
  }

  /** As it is stored: an Event of `events.k8s.io` goes by its old group. */
  get #kind(): errors.Qualified {
    return { group: this.resource.storage.group, name: this.resource.kind };
  }

  /** A PUT or apply that creates needs the right to create besides its own. */
  #checkMayCreate(context: StrategyContext, namespace: string, name: string): void {
    const { group, version, plural: resource } = this.resource;
    const attributes = { verb: "create", group, version, resource, namespace, name };
    if (!context.isAllowed(attributes)) throw denial(context.user.username, attributes);
  }

  #createAdmitted(object: ApiObject, request: WriteRequest, context: StrategyContext, isUpsert = false): ApiObject {
    const { namespace } = request;
    const metadata = object.metadata;
    const sentVersion = metadata.resourceVersion;
    wipeSystemFields(object);
    metadata.uid = context.once("uid", () => crypto.randomUUID());
    metadata["creationTimestamp"] = formatTime(context.now());
    if (isUpsert) delete metadata.resourceVersion;
    if (this.resource.isNamespaced) metadata.namespace = namespace;
    else delete metadata.namespace;
    const isGenerated =
      !metadata.name && typeof metadata["generateName"] === "string" && metadata["generateName"] !== "";
    const base = String(metadata["generateName"]);
    if (isGenerated) metadata.name = context.once(`name ${base}`, () => this.#generateName(base, namespace));
    this.#prepareCreate(object, context);
    const normalized = this.#normalize(object);
    const name = normalized.metadata.name ?? "";
    const failures = this.strategy.validate?.(normalized, context) ?? [];
    if (failures.length > 0) throw errors.invalid(this.#kind, name, failures);
    for (const text of this.strategy.warnings?.(normalized, undefined, context) ?? []) context.warn(text);
    this.#admit("validate", "CREATE", normalized, undefined, name, request);
    this.#dropEmptyLists(normalized);
    if (!context.dryRun && !isUpsert && sentVersion !== undefined && sentVersion !== "" && sentVersion !== "0") {
      throw errors.serverError("resourceVersion should not be set on objects to be created");
    }
    if (!context.dryRun) delete normalized.metadata.resourceVersion;
    const key = keyOf(namespace, name);
    const present = this.collection.get(key);
    if (present !== undefined) {
      const isTerminating = present.object.metadata["deletionTimestamp"] !== undefined;
      if (metadata["generateName"]) throw errors.notGenerated(this.#qualified, name);
      throw errors.alreadyExists(this.#qualified, name, isTerminating ? "object is being deleted: " : "");
    }
    if (context.dryRun) return normalized;
    const stored = this.#put(key, normalized);
    this.strategy.afterCreate?.(stored, context);
    return stored;
  }

  /** Built-in kinds are stored as protobuf, which cannot tell an empty list from none. */
  #dropEmptyLists(object: ApiObject): void {
    const { group, isCustom } = this.resource;
    if (isCustom || JSON_STORED_GROUPS.has(group)) return;
    for (const member of Object.keys(object)) {
      // A ControllerRevision holds JSON of any kind.
      if (member !== "metadata" && member !== "data") emptyListsToNull(object, member);
    }
  }

  #generateName(base: string, namespace: string): string {
    const prefix = base.slice(0, MAX_GENERATED_BASE);
    for (let attempt = 0; ; attempt++) {
      const bytes = crypto.getRandomValues(new Uint8Array(5));
      const name = prefix + Array.from(bytes, (byte) => NAME_CHARACTERS[byte % NAME_CHARACTERS.length]).join("");
      if (attempt > 8 || this.collection.get(keyOf(namespace, name)) === undefined) return name;
    }
  }

  #prepareCreate(object: ApiObject, context: StrategyContext): void {
    if (this.strategy.prepareForCreate !== undefined) this.strategy.prepareForCreate(object, context);
    else if (this.#hasStatus) {
      delete object["status"];
      object.metadata.generation = 1;
    }
  }

  /** What a client cannot change is taken from the live object; the rest is the strategy's. */
  #prepareUpdate(object: ApiObject, live: ApiObject, context: StrategyContext, namespace: string): void {
    const metadata = object.metadata;
    if (this.resource.isNamespaced) metadata.namespace = namespace;
    else delete metadata.namespace;
    keep(metadata, live.metadata, "generation");
    this.strategy.patchFromLive?.(object, live, context);
    if (this.strategy.prepareForUpdate !== undefined) this.strategy.prepareForUpdate(object, live, context);
    else if (context.subresource === "" && this.#hasStatus) {
      keep(object, live, "status");
      if (!jsonEqual(object["spec"], live["spec"]) && live.metadata.generation !== undefined) {
        metadata.generation = live.metadata.generation + 1;
      }
    } else if (context.subresource === "status") {
      for (const field of new Set([...Object.keys(object), ...Object.keys(live)])) {
        if (field !== "status" && field !== "metadata") keep(object, live, field);
      }
      keep(metadata, live.metadata, "labels");
    }
    if (!metadata.uid) keep(metadata, live.metadata, "uid");
    keep(metadata, live.metadata, "creationTimestamp");
    if (live.metadata["deletionTimestamp"] !== undefined) keep(metadata, live.metadata, "deletionTimestamp");
    if (metadata["deletionGracePeriodSeconds"] === undefined)
      keep(metadata, live.metadata, "deletionGracePeriodSeconds");
  }

  get #hasStatus(): boolean {
    return this.strategy.hasStatus ?? this.resource.subresources.includes("status");
  }

  /** Whether something besides `metadata.finalizers` keeps the object: a namespace's `spec.finalizers`. */
  #holds(object: ApiObject): boolean {
    return this.strategy.deletion?.isHeld?.(object) ?? false;
  }

  #checkUid(uid: string | undefined, live: ApiObject | undefined, namespace: string, name: string): void {
    if (uid === undefined || uid === "" || uid === live?.metadata.uid) return;
    const path = registryKey(this.resource, namespace, name);
    // What is not there is named without the root of the storage.
    const key = live === undefined ? path.replace(/^\/registry/, "") : path;
    throw errors.conflict(
      this.#qualified,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live?.metadata.uid ?? ""}`,
    );
  }

  #checkResourceVersion(object: ApiObject, live: ApiObject, name: string): void {
    const sent = object.metadata.resourceVersion ?? "";
    if (sent === "" || sent === "0") {
      if (this.strategy.allowUnconditionalUpdate ?? !this.resource.isCustom) {
        // From here on the write is one of the present version, as validation expects.
        keep(object.metadata, live.metadata, "resourceVersion");
        return;
      }
      throw errors.invalid({ group: this.resource.group, name: this.resource.plural }, name, [
        {
          type: "FieldValueInvalid",
          field: "metadata.resourceVersion",
          message: "Invalid value: 0: must be specified for an update",
        },
      ]);
    }
    if (!/^\d+$/.test(sent))
      throw errors.serverError(`strconv.ParseUint: parsing ${JSON.stringify(sent)}: invalid syntax`);
    if (sent !== live.metadata.resourceVersion) throw errors.conflict(this.#qualified, name, errors.MODIFIED);
  }

  #checkPreconditions(deletion: DeleteRequest, live: ApiObject, name: string): void {
    const { uid, resourceVersion } = deletion.preconditions ?? {};
    // These two have deletions of their own, which name the resource.
    const { kind } = this.resource;
    const named = kind === "Namespace" || kind === "CustomResourceDefinition" ? this.#qualified : this.#kind;
    const isNamespace = kind === "Namespace" && this.resource.group === "";
    const failed = (what: string, wanted: string, found = "") =>
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
    if (isNamespace && uid !== undefined && uid !== live.metadata.uid)
      throw errors.conflict(named, name, failed("UID", uid, live.metadata.uid));
    if (isNamespace && resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion)
      throw errors.conflict(named, name, failed("ResourceVersion", resourceVersion, live.metadata.resourceVersion));
    if (uid !== undefined && uid !== live.metadata.uid) {
      const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid ?? ""}). The object might have been deleted and then recreated`;
      throw errors.conflict(named, name, why);
    }
    if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
      const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion ?? ""}). The object might have been modified`;
      throw errors.conflict(named, name, why);
    }
  }

  #admit(
    phase: "admit" | "validate",
    operation: AdmissionRequest["operation"],
    object: ApiObject | undefined,
    oldObject: ApiObject | undefined,
    name: string,
    request: WriteRequest,
  ): void {
    const { context, namespace, options } = request;
    const admission: AdmissionRequest = {
      operation,
      resource: this.resource,
      subresource: context.subresource,
      namespace,
      name,
      object,
      oldObject,
      options,
      context,
      fillDefaults: () => {
        if (object !== undefined) this.strategy.default?.(object, context);
      },
    };
    for (const plugin of this.#admission) plugin[phase]?.(admission);
  }

  #put(key: string, object: ApiObject): ApiObject {
    this.#drop(object);
    const { kind, apiVersion, metadata, ...rest } = object;
    // The order in which Go writes the fields; error texts quote whole objects.
    const { name, generateName, namespace, uid, resourceVersion: _, ...more } = metadata;
    const identity = { name, ...present({ generateName, namespace, uid }), resourceVersion: "" };
    const ordered: ApiObject = { kind, apiVersion, metadata: { ...identity, ...more }, ...rest };
    const { toStorage } = this.strategy;
    const stored = toStorage === undefined ? ordered : this.#normalizeStored(toStorage(ordered));
    return this.served(this.collection.put(key, stored));
  }

  #remove(key: string, context: StrategyContext): ApiObject | undefined {
    const stored = this.collection.remove(key);
    if (stored === undefined) return undefined;
    const object = this.served(stored);
    this.strategy.afterDelete?.(object, context);
    return object;
  }

  #deleted(object: ApiObject): ApiObject | errors.Status {
    if (this.strategy.deletion?.returnsObject === true) return object;
    const { name, uid } = object.metadata;
    const { group, plural } = this.resource;
    return errors.success({ name, ...(group === "" ? {} : { group }), kind: plural, uid });
  }
}

export function keyOf(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** What a client cannot say of a new object. */
function wipeSystemFields(object: ApiObject): void {
  for (const field of ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]) {
    delete object.metadata[field];
  }
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function keep(target: Record<string, unknown>, source: Readonly<Record<string, unknown>>, field: string): void {
  if (source[field] === undefined) delete target[field];
  else target[field] = clone(source[field]);
}

/** Whether the object is being deleted without any grace left. */
function isReadyToGo(object: ApiObject): boolean {
  const grace = object.metadata["deletionGracePeriodSeconds"];
  return object.metadata["deletionTimestamp"] !== undefined && (grace === undefined || grace === 0);
}

function isUnchanged(object: ApiObject, live: ApiObject): boolean {
  const withoutVersion = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: ApiObject) => ({
    ...rest,
    metadata,
  });
  return jsonEqual(withoutVersion(object), withoutVersion(live));
}

/** Where nothing but the times in managedFields would change, they stay, so that a write without effect is none. */
function keepManagedTimes(object: ApiObject, live: ApiObject): void {
  type Entry = Record<string, JsonValue>;
  const now = object.metadata["managedFields"] as Entry[] | undefined;
  const then = live.metadata["managedFields"] as Entry[] | undefined;
  if (now === undefined || then === undefined || now.length !== then.length) return;
  const untimed = (entry: Entry | undefined): Entry => {
    const { time: _, ...rest } = entry ?? {};
    return rest;
  };
  if (!now.every((entry, index) => jsonEqual(untimed(entry), untimed(then[index])))) return;
  const candidate = { ...object, metadata: { ...object.metadata, managedFields: then } };
  if (isUnchanged(candidate, live)) object.metadata["managedFields"] = then;
}
