/**
 * Objects and lists in the form that was asked for: as they are, as metadata alone, or as a Table.
 */
import { formatApiVersion } from "bowline/core";
import { goType } from "../registry/go-types.ts";
import { badRequest, StatusError } from "../registry/status-error.ts";
import type { ApiObject, ResourceInfo, Strategy, TableStrategy } from "../registry/strategy.ts";
import { recordedColumns } from "../strategies/tables/recorded-columns.ts";
import type { OutputForm } from "./negotiation.ts";

/** `metadata` of a list. */
export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

/** What a Table's rows carry of their objects. */
type IncludeObject = "Metadata" | "Object" | "None";

/** Turns one resource's objects into answers of one form. */
export class OutputWriter {
  readonly #resource: ResourceInfo;
  readonly #table: TableStrategy;
  readonly #form: OutputForm;
  readonly #include: IncludeObject;
  readonly #now: Date;

  constructor(resource: ResourceInfo, strategy: Strategy, form: OutputForm, query: URLSearchParams, now: Date) {
    this.#resource = resource;
    this.#form = form;
    this.#table = strategy.table ?? DEFAULT_TABLE;
    this.#now = now;
    this.#include = (query.get("includeObject") || "Metadata") as IncludeObject;
    if (form.as === "Table" && !["Metadata", "Object", "None"].includes(this.#include)) {
      const value = JSON.stringify(this.#include);
      const why = `includeObject: Invalid value: ${value}: must be 'Metadata', 'Object', 'None', or empty`;
      throw badRequest(`Unable to convert to Table as requested: ${why}`);
    }
  }

  /** @throws StatusError 406 */
  object(object: ApiObject): unknown {
    switch (this.#form.as) {
      case "object":
        return object;
      case "PartialObjectMetadata":
        return this.#partial(object);
      case "PartialObjectMetadataList": {
        // A custom resource is a map, which could be a list.
        if (this.#resource.isCustom) throw new StatusError(500, "", "content is not a list");
        const why = `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(this.#resource, false)})`;
        throw new StatusError(406, "NotAcceptable", why);
      }
      case "Table":
        return this.#tableOf([object], { resourceVersion: object.metadata.resourceVersion ?? "" }, true);
    }
  }

  /** @throws StatusError 406 */
  list(objects: readonly ApiObject[], metadata: ListMetadata): unknown {
    switch (this.#form.as) {
      case "object": {
        const kind = this.#resource.listKind ?? `${this.#resource.kind}List`;
        const apiVersion = formatApiVersion(this.#resource);
        if (!this.#resource.isCustom) return { kind, apiVersion, metadata, items: objects.map(withoutType) };
        // Lists of custom resources are maps in the real server: keys in order, and no field left out for being empty.
        const { continue: next = "", ...more } = metadata;
        return { apiVersion, items: objects, kind, metadata: { continue: next, ...more } };
      }
      case "PartialObjectMetadata": {
        const why = `you requested PartialObjectMetadata, but the requested object is a list (${goType(this.#resource, true)})`;
        throw new StatusError(406, "NotAcceptable", why);
      }
      case "PartialObjectMetadataList": {
        const items = objects.map((object) => this.#partial(object));
        // Go writes a list that was never appended to as null.
        return {
          kind: "PartialObjectMetadataList",
          apiVersion: this.#metaVersion,
          metadata,
          items: items.length === 0 ? null : items,
        };
      }
      case "Table":
        return this.#tableOf(objects, metadata, true);
    }
  }

  /** The object of a watch event. A Table has its columns in the first event only. */
  event(object: ApiObject, isFirst: boolean): unknown {
    if (this.#form.as !== "Table") return this.object(object);
    return this.#tableOf([object], { resourceVersion: object.metadata.resourceVersion ?? "" }, isFirst);
  }

  /** Tables that are not those of kube-apiserver's own printers, where Go begins with no list at all. */
  get #isGenericTable(): boolean {
    const { isCustom, group } = this.#resource;
    return (
      isCustom ||
      group === "apiextensions.k8s.io" ||
      group === "apiregistration.k8s.io" ||
      this.#table === DEFAULT_TABLE
    );
  }

  get #metaVersion(): string {
    return `meta.k8s.io/${this.#form.version}`;
  }

  #partial(object: ApiObject): unknown {
    return {
      kind: "PartialObjectMetadata",
      apiVersion: this.#metaVersion,
      metadata: withoutVersioned(object.metadata),
    };
  }

  #tableOf(objects: readonly ApiObject[], metadata: ListMetadata, hasColumns: boolean): unknown {
    const rows = objects.map((object) => {
      const cells = this.#table.cells(object, this.#now);
      const conditions = this.#table.conditions?.(object);
      const row = conditions === undefined ? { cells } : { cells, conditions };
      if (this.#include === "None") return { ...row, object: null };
      return { ...row, object: this.#include === "Object" ? object : this.#partial(object) };
    });
    return {
      kind: "Table",
      apiVersion: this.#metaVersion,
      metadata,
      columnDefinitions: hasColumns ? this.#table.columns : null,
      rows: rows.length === 0 && this.#isGenericTable ? null : rows,
    };
  }
}

/** Name and age, as for kinds without columns of their own. */
const DEFAULT_TABLE: TableStrategy = {
  // Their descriptions are those of the fields, which every kind's columns have; read at the first Table.
  get columns() {
    const recorded = recordedColumns("v1", "ConfigMap") ?? [];
    const description = (name: string) => recorded.find((column) => column.name === name)?.description ?? "";
    return [
      { name: "Name", type: "string", format: "name", description: description("Name"), priority: 0 },
      { name: "Created At", type: "date", format: "", description: description("Age"), priority: 0 },
    ];
  },
  // A bookmark has neither name nor time.
  cells: ({ metadata }) => [metadata.name ?? "", metadata["creationTimestamp"] ?? "0001-01-01T00:00:00Z"],
};

/** Annotations that stand for fields of another version are none of the object's own. */
function withoutVersioned(metadata: ApiObject["metadata"]): ApiObject["metadata"] {
  const { annotations } = metadata;
  if (annotations === undefined || !Object.keys(annotations).some((name) => VERSIONED_ANNOTATIONS.test(name)))
    return metadata;
  const kept = Object.entries(annotations).filter(([name]) => !VERSIONED_ANNOTATIONS.test(name));
  const { annotations: _, ...rest } = metadata;
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}

const VERSIONED_ANNOTATIONS = /^(deprecated\.daemonset\.template\.generation|autoscaling\.alpha\.kubernetes\.io\/.*)$/;

function withoutType(object: ApiObject): unknown {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}
