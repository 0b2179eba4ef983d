/**
 * Patches of all four kinds, and the ownership of fields that goes with writes.
 */

// Server-side apply
export { type Applied, ApplyConflictError, ApplyError, applyServerSide } from "./apply.ts";
// Patches
export { applyJsonPatch, JsonPatchError } from "./json-patch.ts";
// Values
export { clone, isRecord, type JsonRecord, type JsonValue } from "./json-value.ts";
// Ownership
export { ManagedFieldsError } from "./managed-fields.ts";
export { applyMergePatch } from "./merge-patch.ts";
export type { FieldFilter, VersionedForm, WriteContext } from "./ownership.ts";
export { resetFieldsFilter } from "./reset-fields.ts";
export { parentEntries, scaleEntries } from "./scale-ownership.ts";
export { applyStrategicPatch, StrategicPatchError } from "./strategic-patch.ts";
export { updateManagedFields } from "./update.ts";
