/**
 * The schema of a custom resource as a CustomResourceDefinition has it, and walks over it.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */

/** `JSONSchemaProps`. */
export interface JsonSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly nullable?: boolean | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly maxLength?: number | undefined;
  readonly minLength?: number | undefined;
  readonly pattern?: string | undefined;
  readonly maxItems?: number | undefined;
  readonly minItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly maxProperties?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | readonly JsonSchema[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly additionalProperties?: JsonSchema | boolean | undefined;
  readonly allOf?: readonly JsonSchema[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly not?: JsonSchema | undefined;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly dependencies?: Readonly<Record<string, JsonSchema | readonly string[]>> | undefined;
  readonly additionalItems?: JsonSchema | boolean | undefined;
  readonly id?: string | undefined;
  readonly $ref?: string | undefined;
  readonly $schema?: string | undefined;
  readonly externalDocs?: unknown;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-list-type"?: string | undefined;
  readonly "x-kubernetes-map-type"?: string | undefined;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[] | undefined;
}

/** One of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly reason?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly optionalOldSelf?: boolean | undefined;
}

/** The schema of list items, where there is one for all. */
export function itemsOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  const items = schema?.items;
  return items === undefined || Array.isArray(items) ? undefined : (items as JsonSchema);
}

/** The schema of properties that are not listed, where there is one. */
export function additionalOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  return typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

/** Whether properties that are not listed are allowed. */
export function allowsAdditional(schema: JsonSchema): boolean {
  return schema.additionalProperties !== undefined && schema.additionalProperties !== false;
}

/** The properties, by name in order. */
export function propertiesOf(schema: JsonSchema | undefined): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(schema?.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The schema of one property; members of `Object.prototype` are none. */
export function propertyOf(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Whether the schema or one inside it is as asked. */
export function someSchema(schema: JsonSchema | undefined, predicate: (schema: JsonSchema) => boolean): boolean {
  if (schema === undefined) return false;
  return predicate(schema) || innerSchemas(schema).some((inner) => someSchema(inner, predicate));
}

function innerSchemas(schema: JsonSchema): JsonSchema[] {
  const isSchema = (value: unknown): value is JsonSchema =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const { items, additionalProperties, additionalItems, not, dependencies } = schema;
  const lists: (readonly unknown[] | undefined)[] = [
    schema.allOf,
    schema.anyOf,
    schema.oneOf,
    Array.isArray(items) ? (items as readonly JsonSchema[]) : [items],
  ];
  const maps = [schema.properties, schema.patternProperties, schema.definitions, dependencies];
  const candidates: unknown[] = [
    ...lists.flatMap((list) => list ?? []),
    ...maps.flatMap((map) => Object.values(map ?? {})),
    additionalProperties,
    additionalItems,
    not,
  ];
  return candidates.filter(isSchema);
}
