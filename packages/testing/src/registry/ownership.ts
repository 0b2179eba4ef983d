/**
 * Who owns which fields, written into `metadata.managedFields` on every write.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import { formatApiVersion } from "bowline/core";
import {
  type Applied,
  ApplyConflictError,
  ApplyError,
  applyServerSide,
  type FieldFilter,
  type JsonRecord,
  resetFieldsFilter,
  updateManagedFields,
  type WriteContext,
} from "../merge/index.ts";
import type { StructSchema } from "../schema/index.ts";
import { badRequest, StatusError, serverError } from "./status-error.ts";
import type { ApiObject, ResourceInfo, Strategy } from "./strategy.ts";

/** Who writes, and through what. */
export interface FieldWrite {
  readonly manager: string;
  readonly subresource: string;
  readonly resource: ResourceInfo;
  readonly strategy: Strategy;
  /** The kind's schema; without one nothing is noted. */
  readonly schema: StructSchema | undefined;
  readonly now: Date;
  /** Brings an object of the resource into another version of its group, as {@link WriteContext} says. */
  readonly inVersion?: WriteContext["inVersion"];
}

/** Notes in `object` what this write owns, given the object as it was. */
export function recordUpdate(live: ApiObject | undefined, object: ApiObject, write: FieldWrite): void {
  if (write.schema === undefined) return;
  const managedFields = updateManagedFields({
    ...common(write),
    schema: write.schema,
    live: live as JsonRecord | undefined,
    updated: object as unknown as JsonRecord,
  });
  if (managedFields === undefined) delete object.metadata["managedFields"];
  else object.metadata["managedFields"] = managedFields;
}

/**
 * Server-side apply of `config` onto `live`.
 * @throws StatusError 400, 409 and 500
 */
export function applyOwned(
  live: ApiObject | undefined,
  config: JsonRecord,
  write: FieldWrite,
  isForced: boolean,
): Applied {
  if (write.schema === undefined) throw badRequest(`apply is not supported for ${write.resource.kind}`);
  try {
    return applyServerSide({
      ...common(write),
      schema: write.schema,
      group: write.resource.group,
      version: write.resource.version,
      live: live as JsonRecord | undefined,
      config,
      force: isForced,
    });
  } catch (error) {
    if (error instanceof ApplyConflictError)
      throw new StatusError(409, "Conflict", error.message, { causes: error.causes });
    if (error instanceof ApplyError)
      throw error.status === 400 ? badRequest(error.message) : serverError(error.message);
    throw error;
  }
}

function common(write: FieldWrite): {
  apiVersion: string;
  kind: string;
  manager: string;
  subresource: string;
  filter: FieldFilter | undefined;
  now: Date;
  inVersion: WriteContext["inVersion"];
} {
  const { resource, subresource } = write;
  const filter = resetFieldsFilter({
    group: resource.group,
    kind: resource.kind,
    subresource,
    hasStatus: write.strategy.hasStatus ?? resource.subresources.includes("status"),
    isCustom: resource.isCustom,
  });
  return {
    apiVersion: formatApiVersion(resource),
    kind: resource.kind,
    manager: write.manager,
    subresource,
    filter,
    now: write.now,
    inVersion: write.inVersion,
  };
}
