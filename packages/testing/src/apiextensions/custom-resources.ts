/**
 * What CustomResourceDefinitions do to a server: the controllers that accept names and establish, the resources that are served
 * then, and the cleaning up when a definition goes.
 */
import { compareKubeVersions, formatTime } from "bowline/core";
import { recordUpdate } from "../registry/ownership.ts";
import type { GroupVersion } from "../registry/resource-registry.ts";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject, ResourceInfo, Strategy, StrategyContext, UserInfo } from "../registry/strategy.ts";
import { type StructSchema, schemaFor, schemaFromCrd } from "../schema/index.ts";
import type { ApiServer } from "../server/api-server.ts";
import { strategyOf } from "../strategies/kind-rules.ts";
import { decideNames } from "./accepted-names.ts";
import { customStrategy } from "./custom-strategy.ts";
import {
  asDefinition,
  CLEANUP_FINALIZER,
  conditionOf,
  DEFINITION_KIND,
  DEFINITION_VERSION,
  type Definition,
  type DefinitionCondition,
  type DefinitionVersion,
  isEstablished,
} from "./definition.ts";
import { definitionRules, setCondition } from "./definition-rules.ts";

const SERVER_USER: UserInfo = { username: "system:apiserver", groups: ["system:masters"] };
const MANAGER = "kube-apiserver";
const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const TERMINATING_VERBS = ["delete", "deletecollection", "get", "list", "watch"];
const SUBRESOURCE_VERBS = ["get", "patch", "update"];

/** One version of a definition, as it is served. */
interface Served {
  readonly resource: ResourceInfo;
  readonly definition: Definition;
  readonly version: DefinitionVersion;
  readonly schema: StructSchema;
}

/** The custom resources of one server. */
export class CustomResources {
  readonly #server: ApiServer;
  readonly #served: Map<ResourceInfo, Served> = new Map();
  /** Who wants to know when a version of a definition is served no more, or otherwise than before. */
  readonly #watchers: Map<string, Set<() => void>> = new Map();
  /** By uid and state of the definition, so that what has not changed stays the same resource. */
  #known: Map<string, readonly Served[]> = new Map();

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** The strategy of definitions and of what they define; undefined for any other resource. */
  strategyFor(resource: ResourceInfo): Strategy | undefined {
    if (resource.group === "apiextensions.k8s.io" && resource.kind === DEFINITION_KIND)
      return this.#definitionStrategy(resource);
    const served = this.#served.get(resource);
    if (served === undefined) return undefined;
    const { definition, version, schema } = served;
    const { name } = definition.metadata;
    return customStrategy(resource, {
      version,
      schema,
      storageSchema: schemaOf(definition.spec.versions?.find(({ storage }) => storage) ?? version),
      deprecation: deprecationOf(definition, version),
      isTerminating: isTerminating(definition),
      afterDelete: () => queueMicrotask(() => this.#cleanUp(name)),
    });
  }

  /** The schema of a custom resource that is served. */
  schemaOf(resource: ResourceInfo): StructSchema | undefined {
    return this.#served.get(resource)?.schema;
  }

  /** Calls back once when the resource is served no more, or by another schema. The returned function cancels. */
  whenUnserved(resource: ResourceInfo, run: () => void): () => void {
    const served = this.#served.get(resource);
    if (served === undefined) return () => undefined;
    const key = stateOf(served);
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(run));
    return () => watchers.delete(run);
  }

  /** The schema of another version of the same resource; undefined where there is no such version. */
  otherSchemaOf(resource: ResourceInfo, apiVersion: string): StructSchema | undefined {
    const version = this.#served
      .get(resource)
      ?.definition.spec.versions?.find(({ name }) => `${resource.group}/${name}` === apiVersion);
    return version === undefined ? undefined : schemaOf(version);
  }

  /** The definition and version behind a custom resource. */
  versionOf(resource: ResourceInfo): DefinitionVersion | undefined {
    return this.#served.get(resource)?.version;
  }

  /** The definitions that are served, with what each version serves. */
  served(): Iterable<{ readonly resource: ResourceInfo; readonly version: DefinitionVersion }> {
    return this.#served.values();
  }

  #definitionStrategy(resource: ResourceInfo): Strategy {
    const strategy = strategyOf(resource, definitionRules);
    const markTerminating = strategy.deletion?.markTerminating;
    return {
      ...strategy,
      deletion: {
        ...strategy.deletion,
        markTerminating: (object): void => {
          markTerminating?.(object);
          // After the answer to the delete is made.
          queueMicrotask(() => this.#cleanUp(object.metadata.name));
        },
      },
      afterCreate: (object) => this.#sync(object.metadata.name),
      afterUpdate: (object) => this.#sync(object.metadata.name),
      afterDelete: () => this.#syncAll(),
    };
  }

  /** Brings one definition's conditions up to date, and what is served. */
  #sync(name: string): void {
    const definition = this.#find(name);
    if (definition === undefined) return;
    if (definition.metadata["deletionTimestamp"] !== undefined) queueMicrotask(() => this.#cleanUp(name));
    if (this.#acceptNames(definition)) return;
    if (conditionOf(definition, "NamesAccepted")?.status === "True" && !isEstablished(definition)) {
      const message = "the initial names have been accepted";
      this.#writeStatus(name, (changed) => {
        this.#set(changed, { type: "Established", status: "True", reason: "InitialNamesAccepted", message });
      });
      return;
    }
    this.#serve();
  }

  /** Definitions whose names were taken may get them now. */
  #syncAll(): void {
    for (const { metadata } of this.#definitions()) this.#sync(metadata.name);
    this.#serve();
  }

  /** Whether something was written, after which the definition has been synced again. */
  #acceptNames(definition: Definition): boolean {
    const { acceptedNames, accepted, established } = decideNames(definition, this.#definitions());
    const isSame =
      JSON.stringify(sorted(acceptedNames)) === JSON.stringify(sorted(definition.status?.acceptedNames)) &&
      isEquivalent(accepted, conditionOf(definition, "NamesAccepted"));
    if (isSame) return false;
    this.#writeStatus(definition.metadata.name, (changed) => {
      (changed.status as { acceptedNames?: unknown }).acceptedNames = acceptedNames;
      this.#set(changed, accepted);
      this.#set(changed, established);
    });
    // A name may have become free.
    for (const { metadata, spec } of this.#definitions()) {
      if (spec.group === definition.spec.group && metadata.name !== definition.metadata.name) this.#sync(metadata.name);
    }
    return true;
  }

  #set(definition: Definition, condition: DefinitionCondition): void {
    setCondition(definition, { lastTransitionTime: formatTime(this.#server.clock.now()), ...condition });
  }

  /** Serves what is established. */
  #serve(): void {
    const known = new Map<string, readonly Served[]>();
    this.#served.clear();
    const byVersion = new Map<string, Served[]>();
    for (const definition of this.#definitions()) {
      if (!isEstablished(definition)) continue;
      const { uid = "", generation = 0 } = definition.metadata;
      const isGoing = isTerminating(definition);
      const key = [uid, generation, isGoing, JSON.stringify(definition.status?.acceptedNames)].join(" ");
      const resources = this.#known.get(key) ?? servedVersions(definition, isGoing);
      known.set(key, resources);
      for (const served of resources) {
        this.#served.set(served.resource, served);
        const version = `${served.resource.group}/${served.resource.version}`;
        byVersion.set(version, [...(byVersion.get(version) ?? []), served]);
      }
    }
    const isUnchanged = known.size === this.#known.size && [...known.keys()].every((key) => this.#known.has(key));
    this.#known = known;
    if (isUnchanged) return;
    this.#server.registry.setCustom(toGroupVersions([...byVersion.values()]));
    this.#endWatches();
  }

  /** Tells those who watch what is gone. */
  #endWatches(): void {
    const present = new Set([...this.#served.values()].map(stateOf));
    for (const [key, watchers] of this.#watchers) {
      if (present.has(key)) continue;
      this.#watchers.delete(key);
      for (const run of watchers) run();
    }
  }

  /** Deletes the objects of a definition that is being deleted, and lets it go when they are gone. */
  #cleanUp(name: string): void {
    const definition = this.#find(name);
    if (definition?.metadata["deletionTimestamp"] === undefined) return;
    this.#serve();
    if (!definition.metadata.finalizers?.includes(CLEANUP_FINALIZER)) return;
    if (conditionOf(definition, "Terminating")?.reason === "InstanceDeletionPending") {
      this.#writeStatus(name, (changed) => {
        const message = "CustomResource deletion is in progress";
        this.#set(changed, { type: "Terminating", status: "True", reason: "InstanceDeletionInProgress", message });
      });
    }
    if (isEstablished(definition) && !this.#deleteObjects(definition)) return;
    this.#writeStatus(name, (changed) => {
      this.#set(changed, {
        type: "Terminating",
        status: "False",
        reason: "InstanceDeletionCompleted",
        message: "removed all instances",
      });
    });
    this.#write(name, "", (changed) => {
      const finalizers = changed.metadata.finalizers?.filter((finalizer) => finalizer !== CLEANUP_FINALIZER) ?? [];
      if (finalizers.length === 0) delete changed.metadata.finalizers;
      else changed.metadata.finalizers = finalizers;
    });
    this.#syncAll();
  }

  /** Whether none is left. */
  #deleteObjects(definition: Definition): boolean {
    const resource = [...this.#served.values()].find(
      (served) => served.definition.metadata.uid === definition.metadata.uid,
    )?.resource;
    const plural = definition.status?.acceptedNames?.plural ?? "";
    const collection = this.#server.storage.collection(`${plural}.${definition.spec.group}`);
    if (resource !== undefined) {
      const store = this.#server.store(resource);
      for (const key of [...collection.keys()]) {
        const { name, namespace = "" } = collection.get(key)?.object.metadata ?? { name: "" };
        try {
          const context = this.#server.context(resource, { user: SERVER_USER, namespace });
          if (name !== "") store.delete(name, { namespace, context, options: {}, deletion: {} });
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
        }
      }
    }
    return collection.size === 0;
  }

  #definitions(): readonly Definition[] {
    return this.#server.list(DEFINITION_VERSION, DEFINITION_KIND, undefined).map(asDefinition);
  }

  #find(name: string): Definition | undefined {
    const object = this.#server.find(DEFINITION_VERSION, DEFINITION_KIND, undefined, name);
    return object === undefined ? undefined : asDefinition(object);
  }

  #writeStatus(name: string, change: (definition: Definition) => void): void {
    this.#write(name, "status", change);
  }

  #write(name: string, subresource: string, change: (definition: Definition) => void): void {
    const resource = this.#server.registry.byKind(DEFINITION_VERSION, DEFINITION_KIND);
    if (resource === undefined || this.#find(name) === undefined) return;
    const store = this.#server.store(resource);
    const context: StrategyContext = this.#server.context(resource, { user: SERVER_USER, subresource });
    store.update({
      namespace: "",
      name,
      context,
      options: {},
      transform: (live) => {
        const changed = live as ApiObject;
        const before = structuredClone(changed);
        change(asDefinition(changed));
        recordUpdate(before, changed, {
          manager: MANAGER,
          subresource,
          resource,
          strategy: store.strategy,
          schema: schemaFor(resource.group, resource.version, resource.kind),
          now: this.#server.clock.now(),
        });
        return changed;
      },
    });
  }
}

/** What watches of a resource depend on. */
function stateOf({ definition, version }: Served): string {
  return `${definition.metadata.uid} ${definition.metadata.generation} ${version.name}`;
}

/** Whether a definition is being deleted with its objects. */
function isTerminating(definition: Definition): boolean {
  return conditionOf(definition, "Terminating")?.status === "True";
}

function schemaOf(version: DefinitionVersion): StructSchema {
  return schemaFromCrd((version.schema?.openAPIV3Schema ?? {}) as never);
}

function servedVersions(definition: Definition, isGoing: boolean): Served[] {
  const { spec, status } = definition;
  const names = status?.acceptedNames ?? spec.names;
  const storage = spec.versions?.find((version) => version.storage)?.name ?? "";
  return (spec.versions ?? [])
    .filter(({ served }) => served)
    .map((version) => {
      const own = { group: spec.group, version: version.name, kind: names.kind, verbs: SUBRESOURCE_VERBS };
      const subresourceKinds = {
        ...(version.subresources?.status === undefined ? {} : { status: own }),
        ...(version.subresources?.scale === undefined
          ? {}
          : { scale: { group: "autoscaling", version: "v1", kind: "Scale", verbs: SUBRESOURCE_VERBS } }),
      };
      const resource: ResourceInfo = {
        group: spec.group,
        version: version.name,
        kind: names.kind,
        listKind: names.listKind,
        plural: names.plural,
        singular: names.singular ?? "",
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        isNamespaced: spec.scope === "Namespaced",
        verbs: isGoing ? TERMINATING_VERBS : VERBS,
        subresources: Object.keys(subresourceKinds),
        subresourceKinds,
        storage: { group: spec.group, version: storage },
        isCustom: true,
      };
      return { resource, definition, version, schema: schemaOf(version) };
    });
}

/** In the order of discovery: groups by name, versions by maturity. */
function toGroupVersions(versions: readonly (readonly Served[])[]): GroupVersion[] {
  return versions
    .map((served): GroupVersion => {
      const resources = served.map(({ resource }) => resource);
      return { group: resources[0]?.group ?? "", version: resources[0]?.version ?? "", resources, isCustom: true };
    })
    .sort((a, b) => (a.group === b.group ? compareKubeVersions(b.version, a.version) : a.group < b.group ? -1 : 1));
}

function deprecationOf(definition: Definition, version: DefinitionVersion): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const { group, names, versions = [] } = definition.spec;
  const [better] = versions
    .filter(
      ({ served, deprecated, name }) => served && deprecated !== true && compareKubeVersions(version.name, name) < 0,
    )
    .map(({ name }) => name)
    .sort((a, b) => compareKubeVersions(b, a));
  const text = `${group}/${version.name} ${names.kind} is deprecated`;
  return better === undefined ? text : `${text}; use ${group}/${better} ${names.kind}`;
}

function isEquivalent(a: DefinitionCondition, b: DefinitionCondition | undefined): boolean {
  return a.status === b?.status && a.reason === b.reason && a.message === b.message;
}

function sorted(value: object | undefined): unknown {
  return Object.entries(value ?? {})
    .filter(([, member]) => member !== undefined && member !== "" && !(Array.isArray(member) && member.length === 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
