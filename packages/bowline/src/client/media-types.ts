/**
 * Media types that ask for another form of the same objects, and those of patches.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
const PARTIAL = "application/json;g=meta.k8s.io;v=v1;as=PartialObjectMetadata";

/** One object, or the objects of a watch, without all but metadata. */
export const METADATA_ITEM: string = PARTIAL;
/** The same of a list. */
export const METADATA_LIST: string = `${PARTIAL}List`;
/** Objects as a table. */
export const TABLE: string = "application/json;g=meta.k8s.io;v=v1;as=Table";

export const MERGE_PATCH: string = "application/merge-patch+json";
export const STRATEGIC_PATCH: string = "application/strategic-merge-patch+json";
export const JSON_PATCH: string = "application/json-patch+json";
export const APPLY_PATCH: string = "application/apply-patch+yaml";
