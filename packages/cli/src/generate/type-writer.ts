/**
 * Writes the TypeScript type of one schema.
 */
import { kindOfSchema } from "./api-model.ts";
import { type KeyedList, keyedListOf } from "./keyed-list.ts";
import { OPEN_ENUMS } from "./known-schemas.ts";
import { NULLABLE_FIELDS } from "./nullable-fields.ts";
import { referenceOf, type Schema } from "./openapi-document.ts";

/** What the writer needs to know of the file that it writes into. */
export interface TypeScope {
  readonly schemas: ReadonlyMap<string, Schema>;
  /** The name by which the file refers to a named schema; imports it if need be. */
  refer(schema: string): string;
  /** The name by which the file refers to a type of kind-facts. */
  referFact(name: "ListMap" | "Embedded"): string;
  /** Whether descriptions become doc comments. */
  readonly hasDocs: boolean;
}

/** The fields of an object type, one a line, each indented by `indent`. `skip` names fields that the caller writes. */
export function writeFields(
  schema: Schema,
  owner: string,
  indent: string,
  scope: TypeScope,
  skip: ReadonlySet<string> = new Set(),
): string {
  const required = new Set(schema.required);
  const lines: string[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (skip.has(name)) continue;
    const path = `${owner}.${name}`;
    const written = writeType(field, path, indent, scope);
    const type = NULLABLE_FIELDS.has(path) ? `${written} | null` : written;
    lines.push(writeDoc(field.description, indent, scope) + writeField(name, type, required.has(name), indent));
  }
  return lines.join("");
}

/** One field, as a line. Optional fields take `undefined`, which JSON leaves out. */
export function writeField(name: string, type: string, isRequired: boolean, indent: string): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  // A union with unknown is unknown.
  return isRequired
    ? `${indent}${key}: ${type};\n`
    : `${indent}${key}?: ${type === "unknown" ? type : `${type} | undefined`};\n`;
}

/** A doc comment from a description; empty where there is none or none are wanted. */
export function writeDoc(description: string | undefined, indent: string, scope: Pick<TypeScope, "hasDocs">): string {
  if (!scope.hasDocs || description === undefined || description === "") return "";
  const lines = description.replaceAll("*/", "*\\/").trimEnd().split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/** The type's text; `path` is the field's, by which open enums are known. */
export function writeType(schema: Schema, path: string, indent: string, scope: TypeScope): string {
  const type = writeNonNull(schema, path, indent, scope);
  return schema.nullable === true && type !== "unknown" ? `${type} | null` : type;
}

function writeNonNull(schema: Schema, path: string, indent: string, scope: TypeScope): string {
  const reference = referenceOf(schema);
  if (reference !== undefined) return writeReference(reference, scope);
  if (schema.enum !== undefined) return writeEnum(schema.enum, path);
  if (schema["x-kubernetes-int-or-string"] === true || schema.format === "int-or-string") return "number | string";
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return writeArray(schema, path, indent, scope);
    case "object":
      return writeObject(schema, path, indent, scope);
    default:
      return schema.properties === undefined ? "unknown" : writeObject(schema, path, indent, scope);
  }
}

/** An object inside another need not repeat its apiVersion and kind. */
function writeReference(reference: string, scope: TypeScope): string {
  const target = scope.schemas.get(reference);
  const name = scope.refer(reference);
  return target !== undefined && kindOfSchema(target) !== undefined ? `${scope.referFact("Embedded")}<${name}>` : name;
}

function writeEnum(values: readonly unknown[], path: string): string {
  const literals = values.filter((value) => value !== null).map((value) => JSON.stringify(value));
  if (literals.length === 0) return "unknown";
  if (OPEN_ENUMS.has(path)) literals.push("(string & {})");
  return values.includes(null) ? [...literals, "null"].join(" | ") : literals.join(" | ");
}

function writeArray(schema: Schema, path: string, indent: string, scope: TypeScope): string {
  const item = schema.items === undefined ? "unknown" : writeType(schema.items, path, indent, scope);
  const list = keyedListOf(schema, scope.schemas);
  if (list !== undefined) return writeListMap(item, list, scope);
  return /[ {]/.test(item) && !/^\w+<[^|&]*>$/.test(item) ? `(${item})[]` : `${item}[]`;
}

function writeListMap(item: string, list: KeyedList, scope: TypeScope): string {
  const keys = list.requiredKeys.map((key) => JSON.stringify(key)).join(" | ");
  return `${scope.referFact("ListMap")}<${item}, ${keys}>`;
}

function writeObject(schema: Schema, path: string, indent: string, scope: TypeScope): string {
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const hasFields = Object.keys(schema.properties ?? {}).length > 0;
  if (!hasFields && !isEmbedded) {
    const values =
      typeof schema.additionalProperties === "object"
        ? writeType(schema.additionalProperties, path, indent, scope)
        : "unknown";
    return `{ [${isOpen || values === "unknown" ? "field" : "key"}: string]: ${values} }`;
  }
  const inner = `${indent}  `;
  const own = Object.keys(schema.properties ?? {});
  const identity = isEmbedded ? writeIdentity(new Set(own), inner) : "";
  const open = isOpen || isEmbedded ? `${inner}[field: string]: unknown;\n` : "";
  return `{\n${identity}${writeFields(schema, path, inner, scope)}${open}${indent}}`;
}

/** What every embedded object has, where its schema does not say so itself. */
function writeIdentity(own: ReadonlySet<string>, indent: string): string {
  return ["apiVersion", "kind"]
    .filter((name) => !own.has(name))
    .map((name) => writeField(name, "string", true, indent))
    .join("");
}
