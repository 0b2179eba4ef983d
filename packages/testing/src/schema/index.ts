/**
 * Schemas of kinds, and decoding by them as the real server decodes.
 */
export { isBuiltInVersion, schemaFor } from "./built-in-schemas.ts";
export { convertObject } from "./convert.ts";
export { schemaFromCrd } from "./custom-schema.ts";
export { validateCustom } from "./custom-validation.ts";
export { decode, decodeText, duplicateFields, normalize, withoutNulls } from "./decode.ts";
export { emptyAt, zeroValue } from "./encode.ts";
export { keepOrder, keysInOrder } from "./given-order.ts";
export { DecodeError } from "./go-error.ts";
export { duplicateKeyLines } from "./json-duplicates.ts";
export { type JsonNode, JsonNumber, JsonObject, JsonSyntaxError, plainJson, readJson } from "./json-reader.ts";
export type * from "./schema.ts";
export { isUnservedKind } from "./unserved-versions.ts";
