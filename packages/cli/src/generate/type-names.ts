/**
 * Where each named schema's type goes: `io.k8s.api.apps.v1.Deployment` is `Deployment` of the module `apps/v1`.
 */
import { kindOfSchema } from "./api-model.ts";
import { RENAMED } from "./known-schemas.ts";
import { apiVersionOf, type Schema } from "./openapi-document.ts";

/** The module of apimachinery's types, which belong to all groups. */
export const META_MODULE = "meta/v1";

export interface TypeName {
  /** A group and version: `apps/v1`, `v1`, `meta/v1`. */
  readonly module: string;
  readonly name: string;
}

/** Thrown for a schema whose group nothing tells. */
export class UnplacedSchemaError extends Error {
  constructor(schema: string) {
    super(`cannot tell the group of schema ${schema}: no schema of its package has x-kubernetes-group-version-kind`);
    this.name = "UnplacedSchemaError";
  }
}

/** What is known of schemas beforehand. */
export interface Placement {
  /** Package without version (`io.k8s.api.core`) -> group, for packages of which the documents may hold no kind. */
  readonly groups?: ReadonlyMap<string, string> | undefined;
  /** The module of schemas whose group nothing tells. Default: they are an error. */
  readonly elsewhere?: string | undefined;
}

/**
 * Places every schema. A schema without a kind goes with the kinds of its package, `io.k8s.api.<package>.<version>`, or
 * of the same package in another version.
 *
 * @throws {UnplacedSchemaError} where that does not place one, and `elsewhere` is not given.
 */
export function placeSchemas(schemas: ReadonlyMap<string, Schema>, placement: Placement = {}): Map<string, TypeName> {
  const groups = new Map(placement.groups);
  for (const [name, schema] of schemas) {
    const kind = kindOfSchema(schema);
    if (kind !== undefined && !isMeta(name)) groups.set(packageOf(name).path, kind.group);
  }
  const placed = new Map<string, TypeName>();
  const taken = new Set<string>();
  for (const schema of schemas.keys()) {
    const module = moduleOf(schema, groups) ?? placement.elsewhere;
    if (module === undefined) throw new UnplacedSchemaError(schema);
    const name = uniqueName(nameOf(schema), module, taken);
    placed.set(schema, { module, name });
  }
  return placed;
}

function moduleOf(name: string, groups: ReadonlyMap<string, string>): string | undefined {
  if (isMeta(name)) return META_MODULE;
  const { path, version } = packageOf(name);
  const group = groups.get(path);
  return group === undefined ? undefined : apiVersionOf({ group, version });
}

/** Two packages may share a group, or be of none, and have types of one name. */
function uniqueName(name: string, module: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(`${module}/${unique}`); count++) unique = `${name}${count}`;
  taken.add(`${module}/${unique}`);
  return unique;
}

function nameOf(name: string): string {
  const last = RENAMED[name] ?? name.slice(name.lastIndexOf(".") + 1);
  // Names of aggregated servers may hold what no identifier may.
  return last.replace(/[^\w$]/g, "_").replace(/^(?=\d)/, "_");
}

function isMeta(name: string): boolean {
  return name.startsWith("io.k8s.apimachinery.pkg.");
}

/** `io.k8s.api.apps.v1.Deployment` is in package `io.k8s.api.apps`, version `v1`. */
function packageOf(name: string): { readonly path: string; readonly version: string } {
  const parts = name.split(".");
  return { path: parts.slice(0, -2).join("."), version: parts.at(-2) ?? "" };
}
