/**
 * `scale`: the replicas of a workload as an `autoscaling/v1` Scale.
 */
import { formatApiVersion } from "bowline/core";
import { stepsOf } from "../apiextensions/index.ts";
import { decodeBody } from "../http/body-decoder.ts";
import { bodyFormat, type OutputForm, patchType } from "../http/negotiation.ts";
import { OutputWriter } from "../http/output.ts";
import { checkPatchSyntax, decodePatched, readPatch } from "../http/patch-handler.ts";
import { checkNamespace } from "../http/read-handlers.ts";
import { readWriteOptions, type WriteOptions } from "../http/request-options.ts";
import { RequestScope } from "../http/scope.ts";
import { admissionOptions, checkName, ownershipOf } from "../http/write-handlers.ts";
import { clone, type JsonRecord, parentEntries, scaleEntries } from "../merge/index.ts";
import { applyOwned, recordUpdate } from "../registry/ownership.ts";
import { badRequest, conflict, internalError, invalid, MODIFIED, serverError } from "../registry/status-error.ts";
import type { ApiObject, ResourceInfo, TableStrategy } from "../registry/strategy.ts";
import { type StructSchema, schemaFor } from "../schema/index.ts";
import { at, ensureFields, type Fields, numberAt, textAt } from "../strategies/json-access.ts";
import { ageOf } from "../strategies/tables/human-duration.ts";
import { recordedColumns } from "../strategies/tables/recorded-columns.ts";
import type { SubresourceHandlers } from "./index.ts";

const SCALE: { readonly group: string; readonly version: string; readonly kind: string; readonly isCustom: boolean } = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  isCustom: false,
};
/** Where a workload has what a Scale shows. */
interface ScalePaths {
  readonly replicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Of a selector that is text already; undefined for one that is an object, as those of the built-in kinds. */
  readonly selector: readonly string[] | undefined;
}

const BUILT_IN_PATHS: ScalePaths = {
  replicas: ["spec", "replicas"],
  statusReplicas: ["status", "replicas"],
  selector: undefined,
};

const TABLE: TableStrategy = {
  // Read at the first Table.
  get columns() {
    return recordedColumns("autoscaling/v1", SCALE.kind) ?? [];
  },
  cells: (scale, now) => [
    scale.metadata.name,
    replicasOf(scale["spec"]),
    replicasOf(scale["status"]),
    ageOf(scale.metadata["creationTimestamp"], now),
  ],
};

/** Of custom resources, whose printer has other words and types. */
const CUSTOM_TABLE: TableStrategy = {
  get columns() {
    return TABLE.columns.map((column) => ({ ...column, ...CUSTOM_COLUMNS[column.name] }));
  },
  cells: (scale, now) => TABLE.cells(scale, now),
};
const CUSTOM_COLUMNS: Readonly<Record<string, Partial<TableStrategy["columns"][number]>>> = {
  Name: { format: "name" },
  Desired: { description: "Number of desired replicas" },
  Available: { description: "Number of actual replicas" },
  Age: { type: "date" },
};

/** A scope whose bodies are Scales. */
class ScaleScope extends RequestScope {
  override get schema(): StructSchema | undefined {
    return schemaFor(SCALE.group, SCALE.version, SCALE.kind);
  }

  get paths(): ScalePaths {
    const scale = this.server.custom.versionOf(this.resource)?.subresources?.scale;
    if (scale === undefined) return BUILT_IN_PATHS;
    return {
      replicas: stepsOf(scale.specReplicasPath),
      statusReplicas: stepsOf(scale.statusReplicasPath),
      selector: scale.labelSelectorPath === undefined ? [] : stepsOf(scale.labelSelectorPath),
    };
  }

  override writer(form: OutputForm): OutputWriter {
    const resource = { ...this.resource, ...SCALE };
    return new OutputWriter(
      resource,
      { table: this.resource.isCustom ? CUSTOM_TABLE : TABLE },
      form,
      this.exchange.query,
      this.server.clock.now(),
    );
  }

  override get bodyKind(): { readonly apiVersion: string; readonly kind: string } {
    return { apiVersion: "autoscaling/v1", kind: "Scale" };
  }
}

export function scaleHandlers(parent: RequestScope): SubresourceHandlers {
  const scope = new ScaleScope(parent.server, parent.exchange, parent.resource);
  return { GET: () => getScale(scope), PUT: () => putScale(scope), PATCH: () => patchScale(scope) };
}

async function getScale(scope: ScaleScope): Promise<void> {
  const form = scope.outputForm();
  const workload = scope.store.get(scope.namespace, scope.name);
  const { replicas } = scope.paths;
  if (scope.resource.isCustom && at(workload, ...replicas) === undefined) {
    throw internalError(`the spec replicas field ".${replicas.join(".")}" does not exist`);
  }
  answer(scope, workload, form);
}

async function putScale(scope: ScaleScope): Promise<void> {
  const form = scope.outputForm();
  const options = readWriteOptions(scope.exchange.query, "UpdateOptions");
  const format = bodyFormat(scope.exchange.header("content-type"));
  const text = await scope.exchange.body();
  if (scope.resource.isCustom) checkScaleKind(text);
  const scale = decodeBody(text, format, SCALE, {
    validation: options.fieldValidation,
    warn: (warning) => scope.exchange.warn(warning),
  });
  checkName(scope, scale);
  checkNamespace(scope, scale);
  const updated = writeScale(
    scope,
    options,
    "UpdateOptions",
    (live) => {
      recordUpdate(live, scale, scaleWrite(scope, options));
      return scale;
    },
    scale.metadata.uid,
  );
  answer(scope, updated, form);
}

/**
 * Of custom resources only Scales are known here.
 * @throws StatusError 400
 */
function checkScaleKind(text: string): void {
  const [, kind] = /"kind"\s*:\s*"([^"]*)"/.exec(text) ?? [];
  if (kind !== undefined && kind !== SCALE.kind)
    throw badRequest('no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"');
}

async function patchScale(scope: ScaleScope): Promise<void> {
  const type = patchType(scope.exchange.header("content-type"), scope.resource.isCustom);
  const form = scope.outputForm();
  const text = await scope.exchange.body();
  const options = readWriteOptions(scope.exchange.query, "PatchOptions", type === "apply" ? "apply" : "other");
  checkPatchSyntax(type, text);
  const updated = writeScale(scope, options, "PatchOptions", (live) => {
    const patch = readPatch(type, text, options, scope.schema);
    if (type === "apply") {
      if (scope.resource.isCustom) checkHasManagers(live);
      const applied = applyOwned(live, patch.config, scaleWrite(scope, options), options.force === true);
      checkName(scope, applied.object as unknown as ApiObject);
      return applied.object as unknown as ApiObject;
    }
    const scale = decodePatched(patch.apply(live as unknown as JsonRecord), patch, options, scope);
    checkName(scope, scale);
    checkNamespace(scope, scale);
    recordUpdate(live, scale, scaleWrite(scope, options));
    return scale;
  });
  answer(scope, updated, form);
}

/**
 * An apply takes over what nobody owns from an empty Scale, and custom resources have none.
 * @throws StatusError 500
 */
function checkHasManagers({ metadata }: ApiObject): void {
  const entries = metadata["managedFields"];
  if (Array.isArray(entries) && entries.length > 0) return;
  const why = "request to convert CR to an invalid group/version: autoscaling/v1";
  throw serverError(
    `failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: ${why}`,
  );
}

/** Changes the replicas of the workload to those of the Scale that `transform` makes of the present one. */
function writeScale(
  scope: ScaleScope,
  options: WriteOptions,
  kind: string,
  transform: (live: ApiObject) => ApiObject,
  uid?: string,
): ApiObject {
  const { resource, store, name } = scope;
  const apiVersion = formatApiVersion(resource);
  return store.update({
    namespace: scope.namespace,
    name,
    // The write goes to the workload itself, under its main rules.
    context: { ...scope.context(options.isDryRun), subresource: "" },
    options: admissionOptions(kind, options),
    uid,
    transform: (workload) => {
      const live = workload as ApiObject;
      const present = toScale(resource, live, scope.paths);
      present.metadata["managedFields"] = scaleEntries(
        live.metadata["managedFields"],
        apiVersion,
        scope.paths.replicas,
      );
      const scale = transform(clone(present));
      const sent = scale.metadata.resourceVersion ?? "";
      if (sent !== "" && sent !== "0" && sent !== live.metadata.resourceVersion) {
        throw conflict({ group: resource.group, name: resource.plural }, name, MODIFIED);
      }
      const replicas = replicasOf(scale["spec"]);
      // Those of a custom resource are checked where its definition says they are.
      if (replicas < 0 && !resource.isCustom) {
        const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
        const failure = { type: "FieldValueInvalid", field: "spec.replicas", message } as const;
        throw invalid({ group: SCALE.group, name: SCALE.kind }, name, [failure]);
      }
      const changed = clone(live);
      setAt(changed, scope.paths.replicas, replicas);
      changed.metadata["managedFields"] = parentEntries(
        live.metadata["managedFields"],
        scale.metadata["managedFields"],
        apiVersion,
        scope.paths.replicas,
      );
      return changed;
    },
  }).object;
}

function scaleWrite(scope: RequestScope, options: WriteOptions): Parameters<typeof recordUpdate>[2] {
  const resource = { ...scope.resource, group: SCALE.group, version: SCALE.version, kind: SCALE.kind };
  return { ...ownershipOf(scope, options), resource, inVersion: undefined };
}

function answer(scope: ScaleScope, workload: ApiObject, form: Parameters<RequestScope["writer"]>[0]): void {
  scope.exchange.object(200, scope.writer(form).object(toScale(scope.resource, workload, scope.paths)), form);
}

function replicasOf(spec: unknown): number {
  const replicas = (spec as { replicas?: unknown } | undefined)?.replicas;
  return typeof replicas === "number" ? replicas : 0;
}

/** The Scale of a workload. Its selector is text, as `kubectl` would write it. */
export function toScale(resource: ResourceInfo, workload: ApiObject, paths: ScalePaths = BUILT_IN_PATHS): ApiObject {
  const { name, namespace, uid, resourceVersion } = workload.metadata;
  const replicas = at(workload, ...paths.replicas);
  const selector =
    paths.selector === undefined ? builtInSelector(resource, workload) : textAt(workload, ...paths.selector);
  return {
    kind: SCALE.kind,
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      creationTimestamp: workload.metadata["creationTimestamp"],
    },
    spec: typeof replicas !== "number" || replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(workload, ...paths.statusReplicas) ?? 0, ...(selector === "" ? {} : { selector }) },
  };
}

function builtInSelector(resource: ResourceInfo, workload: ApiObject): string {
  const selector = at(workload, "spec", "selector");
  return selectorText(resource.plural === "replicationcontrollers" ? { matchLabels: selector } : selector);
}

function setAt(object: Fields, path: readonly string[], value: unknown): void {
  const [first = "", ...rest] = path;
  if (rest.length === 0) object[first] = value;
  else setAt(ensureFields(object, first), rest, value);
}

interface LabelSelector {
  readonly matchLabels?: unknown;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = (selector ?? {}) as LabelSelector;
  const terms = Object.entries((matchLabels ?? {}) as Record<string, string>).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  for (const { key, operator, values = [] } of matchExpressions ?? []) {
    const list = `(${[...values].sort().join(",")})`;
    const text = { In: `${key} in ${list}`, NotIn: `${key} notin ${list}`, Exists: key, DoesNotExist: `!${key}` }[
      operator
    ];
    if (text !== undefined) terms.push({ key, text });
  }
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(",");
}
