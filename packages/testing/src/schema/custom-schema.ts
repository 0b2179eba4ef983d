/**
 * The schema of a custom resource, made from its CustomResourceDefinition.
 */
import { schemaFor } from "./built-in-schemas.ts";
import type { CustomSchema, Field, Schema, StructSchema } from "./schema.ts";

/**
 * The schema by which objects of a custom resource are read, patched and owned.
 *
 * @param openAPIV3Schema what the version's `schema` in the CustomResourceDefinition holds
 */
export function schemaFromCrd(openAPIV3Schema: CustomSchema): StructSchema {
  return { ...structOf(openAPIV3Schema, false, true), custom: openAPIV3Schema };
}

/** The schema of `metadata`, which custom resources share with all the others. */
export function objectMetaSchema(): Schema {
  const metadata = schemaFor("", "v1", "ConfigMap")?.fields.get("metadata");
  if (metadata === undefined) throw new TypeError("go-types.json has no ObjectMeta");
  return metadata.schema;
}

const string: Schema = { type: "string", go: "string", bits: 0 };
const intOrString: Schema = { type: "intOrString", go: "intstr.IntOrString" };
/** A scalar of any type, which a string with a format counts as. */
const anyScalar: Schema = { type: "time", go: "string" };
const anything: Schema = { type: "any", go: "interface {}", isAtomic: false };

function toSchema(node: CustomSchema, keepsUnknown: boolean): Schema {
  const keeps = keepsUnknown || node["x-kubernetes-preserve-unknown-fields"] === true;
  if (node["x-kubernetes-int-or-string"] === true) return intOrString;
  switch (node.type) {
    case "object":
      return objectOf(node, keeps);
    case "array":
      return {
        type: "list",
        go: "[]interface {}",
        items: node.items === undefined ? anything : toSchema(node.items, keeps),
        listType: listTypeOf(node),
        keys: node["x-kubernetes-list-map-keys"] ?? [],
      };
    case "string":
      return node.format === undefined || node.format === "" || node.format === "byte" ? string : anyScalar;
    case "integer":
      return { type: "integer", go: "int64", bits: 64 };
    case "number":
      return { type: "number", go: "float64", bits: 64 };
    case "boolean":
      return { type: "boolean", go: "bool", bits: 0 };
    default:
      return node.properties === undefined ? anything : objectOf(node, keeps);
  }
}

function listTypeOf(node: CustomSchema): "atomic" | "set" | "map" {
  const listType = node["x-kubernetes-list-type"];
  return listType === "set" || listType === "map" ? listType : "atomic";
}

function objectOf(node: CustomSchema, keeps: boolean): Schema {
  const isEmbedded = node["x-kubernetes-embedded-resource"] === true;
  const { additionalProperties } = node;
  if (!isEmbedded && node.properties === undefined && typeof additionalProperties === "object") {
    const values = toSchema(additionalProperties, keeps);
    return { type: "map", go: "map[string]interface {}", values, isAtomic: isAtomicMap(node) };
  }
  return structOf(node, keeps, isEmbedded);
}

function structOf(node: CustomSchema, keepsUnknown: boolean, isResource: boolean): StructSchema {
  const keeps = keepsUnknown || node["x-kubernetes-preserve-unknown-fields"] === true;
  const fields = new Map<string, Field>();
  if (isResource) {
    fields.set("apiVersion", fieldOf("apiVersion", string, undefined));
    fields.set("kind", fieldOf("kind", string, undefined));
    fields.set("metadata", fieldOf("metadata", objectMetaSchema(), undefined));
  }
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    if (!fields.has(name)) fields.set(name, fieldOf(name, toSchema(property, keeps), property.default));
  }
  const { additionalProperties } = node;
  const isFreeForm = node.properties === undefined && additionalProperties === undefined && !isResource;
  const unknownFields =
    typeof additionalProperties === "object"
      ? toSchema(additionalProperties, keeps)
      : additionalProperties === true || keeps || isFreeForm
        ? anything
        : undefined;
  return { type: "struct", go: "map[string]interface {}", fields, isAtomic: isAtomicMap(node), unknownFields };
}

function isAtomicMap(node: CustomSchema): boolean {
  return node["x-kubernetes-map-type"] === "atomic";
}

function fieldOf(name: string, schema: Schema, value: unknown): Field {
  return {
    name,
    schema,
    omitEmpty: true,
    omitZero: false,
    embedded: "",
    default: typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined,
    patchStrategy: [],
    patchMergeKey: "",
  };
}
