/**
 * Whole resources inside of a custom resource: their kind and metadata are read as those of any object.
 */
import { DecodeError } from "./go-error.ts";
import type { CustomSchema } from "./schema.ts";

type Fields = Record<string, unknown>;

/** Reads the metadata of a resource; throws {@link DecodeError}. */
export type MetadataReader = (metadata: unknown) => {
  readonly value: unknown;
  readonly strictErrors: readonly string[];
};

/**
 * Brings embedded resources into form, in place. Returns the strict errors of their metadata.
 *
 * Throws {@link DecodeError} for what cannot be a resource.
 */
export function readEmbedded(
  value: unknown,
  schema: CustomSchema | undefined,
  readMetadata: MetadataReader,
  path = "",
): string[] {
  if (schema === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => readEmbedded(item, schema.items, readMetadata, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Fields;
  const errors = schema["x-kubernetes-embedded-resource"] === true ? readResource(fields, readMetadata, path) : [];
  for (const [key, member] of Object.entries(fields)) {
    const { properties = {}, additionalProperties } = schema;
    const property = Object.hasOwn(properties, key)
      ? properties[key]
      : typeof additionalProperties === "object"
        ? additionalProperties
        : undefined;
    errors.push(...readEmbedded(member, property, readMetadata, path === "" ? key : `${path}.${key}`));
  }
  return errors;
}

function readResource(fields: Fields, readMetadata: MetadataReader, path: string): string[] {
  for (const name of ["apiVersion", "kind"]) {
    const value = fields[name];
    if (value === undefined || typeof value === "string") continue;
    throw new DecodeError(`${path}.${name}: Invalid value: ${JSON.stringify(value)}: must be a string`);
  }
  const { metadata } = fields;
  if (metadata === undefined || metadata === null) return [];
  try {
    const read = readMetadata(metadata);
    fields["metadata"] = read.value;
    return read.strictErrors.map((text) => text.replace('"', `"${path}.metadata.`));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(`${path}.metadata: Invalid value: ${JSON.stringify(metadata)}: ${error.message}`);
  }
}
