/**
 * Ownership of `spec.replicas` across the main resource and its `/scale`: there, entries speak of a Scale.
 */
import { FieldSet } from "./field-set.ts";
import type { JsonRecord } from "./json-value.ts";
import { decodeManagedFields, encodeManagedFields, type Managed } from "./managed-fields.ts";
import { fieldElement, type Path } from "./path-element.ts";

const scaleVersion = "autoscaling/v1";
const replicasInScale: Path = [fieldElement("spec"), fieldElement("replicas")];

/** The path of the replicas in the main resource: `["spec", "replicas"]`. */
function toPath(names: readonly string[]): Path {
  return names.map(fieldElement);
}

/** Entries of the main resource that own the replicas, as entries of the Scale. */
export function scaleEntries(
  parent: unknown,
  apiVersion: string,
  replicas: readonly string[],
): JsonRecord[] | undefined {
  const managed: Managed = new Map();
  for (const [id, entry] of decodeManagedFields(parent)) {
    if (entry.apiVersion !== apiVersion || !entry.fields.has(toPath(replicas))) continue;
    managed.set(id, { ...entry, apiVersion: scaleVersion, fields: FieldSet.of(replicasInScale) });
  }
  return encodeManagedFields(managed);
}

/**
 * Entries of the main resource after a write to its Scale, whose entries are `scale`. As on the real server, an entry that comes
 * from the Scale has no time, and an updater of the main resource loses the replicas to itself on the Scale.
 */
export function parentEntries(
  parent: unknown,
  scale: unknown,
  apiVersion: string,
  replicas: readonly string[],
): JsonRecord[] | undefined {
  const path = toPath(replicas);
  const before = decodeManagedFields(parent);
  const written = decodeManagedFields(scale);
  const result: Managed = new Map();
  for (const [id, entry] of before) {
    // An updater's id names its version, so it never equals that of an entry of the Scale.
    if (entry.apiVersion !== apiVersion || !entry.fields.has(path) || written.delete(id)) {
      result.set(id, entry);
      continue;
    }
    const fields = entry.fields.difference(FieldSet.of(path));
    if (!fields.isEmpty) result.set(id, { ...entry, fields });
  }
  for (const [id, entry] of written) {
    if (!entry.fields.has(replicasInScale)) continue;
    result.set(id, { ...entry, apiVersion, time: before.get(id)?.time, fields: FieldSet.of(path) });
  }
  return encodeManagedFields(result);
}
