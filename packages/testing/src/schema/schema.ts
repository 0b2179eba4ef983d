/**
 * The shape of a kind as the server sees it: what a Go type says (names, order, omitempty) and what OpenAPI says (how lists
 * and maps are owned and merged), in one lazily resolved structure. Built-in kinds and custom resources share it.
 */

/** A value of any shape that one field can have. */
export type Schema = ScalarSchema | FormattedSchema | AnySchema | PointerSchema | ListSchema | MapSchema | StructSchema;

export interface ScalarSchema {
  readonly type: "string" | "boolean" | "integer" | "number";
  /** The Go type, as error texts name it: `int32`, `v1.Protocol`. */
  readonly go: string;
  /** For integers, 32 or 64. */
  readonly bits: number;
}

/** A string, mostly, with a Go type that reads and writes itself. */
export interface FormattedSchema {
  readonly type: "quantity" | "time" | "microTime" | "duration" | "intOrString" | "bytes";
  readonly go: string;
}

/** JSON that is kept as it was sent. */
export interface AnySchema {
  readonly type: "any";
  readonly go: string;
  /** Whether it is owned as one value. Otherwise maps inside are owned key by key. */
  readonly isAtomic: boolean;
}

/** An optional value for which zero and absent differ. */
export interface PointerSchema {
  readonly type: "pointer";
  readonly go: string;
  readonly to: Schema;
}

export interface ListSchema {
  readonly type: "list";
  readonly go: string;
  readonly items: Schema;
  readonly listType: "atomic" | "set" | "map";
  /** For `map`, the fields that name an element. */
  readonly keys: readonly string[];
}

export interface MapSchema {
  readonly type: "map";
  readonly go: string;
  readonly values: Schema;
  readonly isAtomic: boolean;
}

export interface StructSchema {
  readonly type: "struct";
  /** The Go type with its package: `v1.Deployment`. */
  readonly go: string;
  /** In the order in which Go writes them. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly isAtomic: boolean;
  /** Set where fields that are not listed are allowed (custom resources): their schema. */
  readonly unknownFields?: Schema | undefined;
  /** For a custom resource, what its CustomResourceDefinition says: objects are pruned by it and otherwise kept as sent. */
  readonly custom?: CustomSchema | undefined;
}

/** A node of `openAPIV3Schema` in a CustomResourceDefinition, as far as the server goes by it. */
export interface CustomSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly nullable?: boolean | undefined;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, CustomSchema>> | undefined;
  readonly additionalProperties?: boolean | CustomSchema | undefined;
  readonly items?: CustomSchema | undefined;
  readonly required?: readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: string | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly allOf?: readonly CustomSchema[] | undefined;
  readonly anyOf?: readonly CustomSchema[] | undefined;
  readonly oneOf?: readonly CustomSchema[] | undefined;
  readonly not?: CustomSchema | undefined;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly "x-kubernetes-list-type"?: string | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-map-type"?: string | undefined;
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  /** Left out when false, 0, "", empty or nil. */
  readonly omitEmpty: boolean;
  /** Left out when the zero value, structs included. */
  readonly omitZero: boolean;
  /** The Go struct through which the field is embedded, which error texts name. */
  readonly embedded: string;
  /** OpenAPI's default, which a missing key of a keyed list counts as: `TCP` for a port's protocol. */
  readonly default: string | number | boolean | undefined;
  /** Strategic merge: `merge`, `replace`, `retainKeys`, or several. */
  readonly patchStrategy: readonly string[];
  readonly patchMergeKey: string;
  /** Field numbers in protobuf, from the struct inwards: two where an embedded struct is a message of its own. */
  readonly wirePath?: readonly number[] | undefined;
  /** The name of the Go field, which protobuf errors show. */
  readonly goName?: string | undefined;
}

/** The Go name without its package: `Deployment`. */
export function shortGoName(go: string): string {
  return go.slice(go.lastIndexOf(".") + 1);
}

/** Looks through a pointer. */
export function withoutPointer(schema: Schema): Schema {
  return schema.type === "pointer" ? withoutPointer(schema.to) : schema;
}

/** The field of a struct, or what a map or an open struct says of all names; undefined where the name is unknown. */
export function memberSchema(schema: Schema, name: string): Schema | undefined {
  const inner = withoutPointer(schema);
  if (inner.type === "struct") return inner.fields.get(name)?.schema ?? inner.unknownFields;
  if (inner.type === "map") return inner.values;
  return inner.type === "any" ? inner : undefined;
}
