/**
 * Writes the types of one group and version as one file.
 */
import { type ApiKind, type ApiModel, kindOfSchema } from "./api-model.ts";
import { WRITTEN_TYPE_DOCS, WRITTEN_TYPES } from "./known-schemas.ts";
import { apiVersionOf, referenceOf, type Schema } from "./openapi-document.ts";
import { META_MODULE, type TypeName } from "./type-names.ts";
import { type TypeScope, writeDoc, writeField, writeFields, writeType } from "./type-writer.ts";

/** What all files of one run share. */
export interface ModuleContext {
  readonly model: ApiModel;
  readonly names: ReadonlyMap<string, TypeName>;
  readonly hasDocs: boolean;
  /** The first lines of every file. */
  readonly header: string;
  /** How module `from` imports module `to` (`apps/v1`, `kind-facts`). */
  specifier(from: string, to: string): string;
}

/** The fields of apiVersion, kind and metadata are written by {@link writeKind}. */
const IDENTITY: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** The text of `<module>.ts`: an interface for every schema that was placed in it, in the order of their names. */
export function writeModule(module: string, context: ModuleContext): string {
  const imports = new Imports(module, context);
  const { schemas } = context.model;
  const scope: TypeScope = {
    schemas,
    hasDocs: context.hasDocs,
    refer: (schema) => imports.refer(schema),
    referFact: (name) => imports.fact(name),
  };
  const blocks: [string, string][] = [];
  for (const [schemaName, { module: home, name }] of context.names) {
    const schema = schemas.get(schemaName);
    if (home !== module || schema === undefined) continue;
    blocks.push([name, writeNamed(schemaName, name, schema, scope, imports, context.model.kinds)]);
  }
  blocks.sort(([a], [b]) => (a < b ? -1 : 1));
  return [context.header, imports.write(), ...blocks.map(([, block]) => block)]
    .filter((part) => part !== "")
    .join("\n");
}

function writeNamed(
  schemaName: string,
  name: string,
  schema: Schema,
  scope: TypeScope,
  imports: Imports,
  kinds: ReadonlyMap<string, ApiKind>,
): string {
  const written = WRITTEN_TYPES[schemaName];
  const doc =
    writeDoc(schema.description ?? "", "", scope) || writeDoc(WRITTEN_TYPE_DOCS[schemaName], "", { hasDocs: true });
  if (written !== undefined) return `${doc}export type ${name} = ${written};\n`;
  if (name === "ObjectMeta") return writeObjectMeta(schema, doc, schemaName, scope);
  const kind = kindOfSchema(schema);
  if (kind !== undefined)
    return doc + writeKind(schemaName, schema, kinds.get(`${apiVersionOf(kind)}/${kind.kind}`), scope, imports);
  if (schema.type === "object" && Object.keys(schema.properties ?? {}).length > 0) {
    return `${doc}export interface ${name} {\n${writeFields(schema, schemaName, "  ", scope)}}\n`;
  }
  const isEmpty = schema.type === "object" && schema.additionalProperties === undefined;
  return `${doc}export type ${name} = ${isEmpty ? "Record<string, never>" : writeType(schema, schemaName, "", scope)};\n`;
}

/** Metadata of objects without a namespace is a type of its own, so that the compiler refuses `metadata.namespace`. */
function writeObjectMeta(schema: Schema, doc: string, schemaName: string, scope: TypeScope): string {
  const fields = writeFields(schema, schemaName, "  ", scope, new Set(["namespace"]));
  const namespace = { properties: { namespace: schema.properties?.["namespace"] ?? { type: "string" } } };
  return `${doc}export interface ClusterObjectMeta {\n${fields}}\n
export interface ObjectMeta extends ClusterObjectMeta {\n${writeFields(namespace, schemaName, "  ", scope)}}\n`;
}

function writeKind(
  schemaName: string,
  schema: Schema,
  known: ApiKind | undefined,
  scope: TypeScope,
  imports: Imports,
): string {
  const kind = kindOfSchema(schema);
  if (kind === undefined) return "";
  const { metadata } = schema.properties ?? {};
  const metadataType = metadata === undefined ? undefined : referenceOf(metadata);
  const isObject = metadataType?.endsWith(".ObjectMeta") === true;
  const facts = isObject && known !== undefined ? ` extends ${writeFacts(schema, known, imports)}` : "";
  const lines = [
    writeField("apiVersion", JSON.stringify(apiVersionOf(kind)), true, "  "),
    writeField("kind", JSON.stringify(kind.kind), true, "  "),
  ];
  if (metadataType !== undefined) {
    const type =
      isObject && known?.isNamespaced === false
        ? imports.named(META_MODULE, "ClusterObjectMeta")
        : imports.refer(metadataType);
    lines.push(writeField("metadata", type, isObject && known?.isReadable !== false, "  "));
  }
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true ? "  [field: string]: unknown;\n" : "";
  return `export interface ${kind.kind}${facts} {\n${lines.join("")}${writeFields(schema, schemaName, "  ", scope, IDENTITY)}${open}}\n`;
}

function writeFacts(schema: Schema, kind: ApiKind, imports: Imports): string {
  const present = Object.entries(schema.properties ?? {})
    .filter(
      ([name, field]) =>
        !IDENTITY.has(name) && isEmptyObject(field.default) && schema.required?.includes(name) !== true,
    )
    .map(([name]) => name);
  const scope = kind.isNamespaced ? "Namespaced" : "Cluster";
  const lists =
    present.length > 0
      ? [union(kind.subresources), union(present)]
      : kind.subresources.length > 0
        ? [union(kind.subresources)]
        : [];
  return `${imports.fact("KindFacts")}<${[JSON.stringify(scope), ...lists].join(", ")}>`;
}

function union(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map((name) => JSON.stringify(name)).join(" | ");
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** The imports of one file, collected while it is written. */
class Imports {
  readonly #module: string;
  readonly #context: Pick<ModuleContext, "names" | "specifier">;
  /** Specifier -> exported name -> local name. */
  readonly #imported = new Map<string, Map<string, string>>();
  readonly #taken: Set<string>;

  constructor(module: string, context: Pick<ModuleContext, "names" | "specifier">) {
    this.#module = module;
    this.#context = context;
    this.#taken = new Set([...context.names.values()].filter((name) => name.module === module).map(({ name }) => name));
  }

  refer(schema: string): string {
    const type = this.#context.names.get(schema);
    if (type === undefined) return "unknown";
    return this.named(type.module, type.name);
  }

  named(module: string, name: string): string {
    return module === this.#module ? name : this.#import(this.#context.specifier(this.#module, module), name, module);
  }

  fact(name: string): string {
    return this.#import(this.#context.specifier(this.#module, "kind-facts"), name, "facts");
  }

  #import(specifier: string, name: string, module: string): string {
    const names = this.#imported.get(specifier) ?? new Map<string, string>();
    this.#imported.set(specifier, names);
    const known = names.get(name);
    if (known !== undefined) return known;
    const local = this.#taken.has(name) ? prefixOf(module) + name : name;
    this.#taken.add(local);
    names.set(name, local);
    return local;
  }

  write(): string {
    return [...this.#imported]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([specifier, names]) => {
        const list = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
        const clause = list.map(([name, local]) => (name === local ? name : `${name} as ${local}`)).join(", ");
        return `import type { ${clause} } from "${specifier}";\n`;
      })
      .join("");
  }
}

/** `Apps_v1` from `apps/v1`; `Core_v1` from `v1`. */
function prefixOf(module: string): string {
  const [group = "", version] = module.includes("/") ? module.split("/") : ["core", module];
  const label = group.split(".")[0] ?? group;
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}${(version ?? "").toUpperCase()}`;
}
