/**
 * Parts of a CustomResourceDefinition as kube-apiserver holds them in memory, which is how error texts show them: every member
 * present, named as in Go.
 */
import type { DefinitionVersion, PrinterColumn, Subresources } from "./definition.ts";
import type { JsonSchema, ValidationRule } from "./json-schema.ts";

/** The versions of a spec. */
export function goVersions(versions: readonly DefinitionVersion[]): unknown {
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema === undefined ? null : { OpenAPIV3Schema: goSchemaOrNull(version.schema.openAPIV3Schema) },
    Subresources: goSubresources(version.subresources),
    AdditionalPrinterColumns: version.additionalPrinterColumns?.map(goColumn) ?? null,
    SelectableFields: version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null,
  }));
}

function goSubresources(subresources: Subresources | undefined): unknown {
  if (subresources === undefined) return null;
  const { scale } = subresources;
  return {
    Status: subresources.status ?? null,
    Scale:
      scale === undefined
        ? null
        : {
            SpecReplicasPath: scale.specReplicasPath,
            StatusReplicasPath: scale.statusReplicasPath,
            LabelSelectorPath: scale.labelSelectorPath ?? null,
          },
  };
}

function goColumn(column: PrinterColumn): unknown {
  return {
    Name: column.name,
    Type: column.type,
    Format: column.format ?? "",
    Description: column.description ?? "",
    Priority: column.priority ?? 0,
    JSONPath: column.jsonPath,
  };
}

/** A validation rule. */
export function goRule(rule: ValidationRule): unknown {
  return {
    Rule: rule.rule,
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

function goSchemaOrNull(schema: JsonSchema | undefined): unknown {
  return schema === undefined ? null : goSchema(schema);
}

/** A schema. */
export function goSchema(schema: JsonSchema): unknown {
  const list = (schemas: readonly JsonSchema[] | undefined) => schemas?.map(goSchema) ?? null;
  const map = (schemas: Readonly<Record<string, JsonSchema>> | undefined) =>
    schemas === undefined
      ? null
      : Object.fromEntries(
          Object.keys(schemas)
            .sort()
            .map((name) => [name, goSchema(schemas[name] ?? {})]),
        );
  const orBool = (value: JsonSchema | boolean | undefined) => {
    if (value === undefined) return null;
    return typeof value === "boolean" ? { Allows: value, Schema: null } : { Allows: true, Schema: goSchema(value) };
  };
  const { items } = schema;
  return {
    ID: schema.id ?? "",
    Schema: schema.$schema ?? "",
    Ref: schema.$ref ?? null,
    Description: schema.description ?? "",
    Type: schema.type ?? "",
    Nullable: schema.nullable ?? false,
    Format: schema.format ?? "",
    Title: schema.title ?? "",
    Default: schema.default ?? null,
    Maximum: schema.maximum ?? null,
    ExclusiveMaximum: schema.exclusiveMaximum ?? false,
    Minimum: schema.minimum ?? null,
    ExclusiveMinimum: schema.exclusiveMinimum ?? false,
    MaxLength: schema.maxLength ?? null,
    MinLength: schema.minLength ?? null,
    Pattern: schema.pattern ?? "",
    MaxItems: schema.maxItems ?? null,
    MinItems: schema.minItems ?? null,
    UniqueItems: schema.uniqueItems ?? false,
    MultipleOf: schema.multipleOf ?? null,
    Enum: schema.enum ?? null,
    MaxProperties: schema.maxProperties ?? null,
    MinProperties: schema.minProperties ?? null,
    Required: schema.required ?? null,
    Items:
      items === undefined
        ? null
        : Array.isArray(items)
          ? { Schema: null, JSONSchemas: (items as readonly JsonSchema[]).map(goSchema) }
          : { Schema: goSchema(items as JsonSchema), JSONSchemas: null },
    AllOf: list(schema.allOf),
    OneOf: list(schema.oneOf),
    AnyOf: list(schema.anyOf),
    Not: goSchemaOrNull(schema.not),
    Properties: map(schema.properties),
    AdditionalProperties: orBool(schema.additionalProperties),
    PatternProperties: map(schema.patternProperties),
    Dependencies: schema.dependencies ?? null,
    AdditionalItems: orBool(schema.additionalItems),
    Definitions: map(schema.definitions),
    ExternalDocs: schema.externalDocs ?? null,
    Example: schema.example ?? null,
    XPreserveUnknownFields: schema["x-kubernetes-preserve-unknown-fields"] ?? null,
    XEmbeddedResource: schema["x-kubernetes-embedded-resource"] ?? false,
    XIntOrString: schema["x-kubernetes-int-or-string"] ?? false,
    XListMapKeys: schema["x-kubernetes-list-map-keys"] ?? null,
    XListType: schema["x-kubernetes-list-type"] ?? null,
    XMapType: schema["x-kubernetes-map-type"] ?? null,
    XValidations: schema["x-kubernetes-validations"]?.map(goRule) ?? null,
  };
}
