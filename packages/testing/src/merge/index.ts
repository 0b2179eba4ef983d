/**
 * Patches of all four kinds, and the ownership of fields that goes with writes.
 */
// Patches

// Server-side apply
export { type Applied, ApplyConflictError, ApplyError, type ApplyOptions, applyServerSide } from "./apply.ts";
export { applyJsonPatch, JsonPatchError } from "./json-patch.ts";
// Values
export { clone, isEqual, isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
// Ownership
export {
  decodeManagedFields,
  encodeManagedFields,
  type Managed,
  type ManagedEntry,
  ManagedFieldsError,
} from "./managed-fields.ts";
export { applyMergePatch } from "./merge-patch.ts";
export type { FieldFilter } from "./ownership.ts";
export { type ResetFieldsOptions, resetFields, resetFieldsFilter } from "./reset-fields.ts";
export { parentEntries, scaleEntries } from "./scale-ownership.ts";
export { applyStrategicPatch, StrategicPatchError } from "./strategic-patch.ts";
export {
  keepTimesIfUnchanged,
  type UpdateOptions,
  updateManagedFields,
  withManagedFields,
  withoutManagedFields,
} from "./update.ts";
