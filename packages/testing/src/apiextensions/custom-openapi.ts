/**
 * OpenAPI documents of custom resources. Their operations are those of a built-in kind (Deployment, which has every subresource that
 * a custom resource can have) with its names replaced; their schemas are what the definition says.
 */
import type { ResourceInfo } from "../registry/strategy.ts";
import type { DefinitionVersion } from "./definition.ts";
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from "./json-schema.ts";

/** A part of a document. */
export type OpenApiNode = { [member: string]: unknown };

/** One custom resource that is to be described. */
export interface DescribedResource {
  readonly resource: ResourceInfo;
  readonly version: DefinitionVersion;
}

/** Reads a recorded document, `apis/apps/v1` or the like, as a copy of its own. */
export type DocumentReader = (path: string) => OpenApiNode;

const TEMPLATE = {
  document: "apis/apps/v1",
  path: "/apis/apps/v1",
  plural: "deployments",
  kind: "Deployment",
  definition: "io.k8s.api.apps.v1.Deployment",
};
const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const MEDIA_TYPES = new Set([
  "application/json",
  "application/yaml",
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
]);

/** The `/openapi/v3` document of one group and version. */
export function customDocument(resources: readonly DescribedResource[], read: DocumentReader): OpenApiNode {
  const template = read(TEMPLATE.document);
  const paths: OpenApiNode = {};
  const schemas: OpenApiNode = {};
  for (const described of resources) {
    Object.assign(paths, pathsOf(described, template));
    Object.assign(schemas, schemasOf(described, template));
  }
  addReferenced(schemas, [paths, schemas], (template["components"] as { readonly schemas: OpenApiNode }).schemas);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
    paths: sorted(paths),
    components: { schemas: sorted(schemas) },
  };
}

/** The definitions of custom resources in the `/openapi/v2` document. */
export function customDefinitions(resources: readonly DescribedResource[], read: DocumentReader): OpenApiNode {
  const template = read(TEMPLATE.document);
  const definitions: OpenApiNode = {};
  for (const described of resources) Object.assign(definitions, schemasOf(described, template));
  return toVersion2(definitions) as OpenApiNode;
}

/** The name of a kind's schema: `com.example.stable.v1.CronTab`. */
function definitionName(resource: ResourceInfo, suffix = ""): string {
  return [...resource.group.split(".").reverse(), resource.version, resource.kind + suffix].join(".");
}

function pathsOf({ resource }: DescribedResource, template: OpenApiNode): OpenApiNode {
  const paths: OpenApiNode = {};
  const base = `/apis/${resource.group}/${resource.version}`;
  for (const [path, item] of Object.entries(template["paths"] as OpenApiNode)) {
    const rest = path.slice(TEMPLATE.path.length);
    if (path.includes("/watch/") || !new RegExp(`/${TEMPLATE.plural}(/|$)`).test(rest)) continue;
    const subresource = /\{name\}\/(\w+)$/.exec(rest)?.[1];
    if (subresource !== undefined && !resource.subresources.includes(subresource)) continue;
    const isAcross = !rest.includes("{namespace}");
    if (!resource.isNamespaced && isAcross) continue;
    const own = (resource.isNamespaced ? rest : rest.replace("/namespaces/{namespace}", "")).replace(
      TEMPLATE.plural,
      resource.plural,
    );
    paths[base + own] = renamed(item, resource);
  }
  return paths;
}

/** A copy of an item of the template with the resource's names. */
function renamed(node: unknown, resource: ResourceInfo): unknown {
  if (Array.isArray(node)) {
    return node
      .filter((item) => resource.isNamespaced || (item as OpenApiNode | null)?.["name"] !== "namespace")
      .filter((item) => typeof item !== "string" || !item.includes("/") || MEDIA_TYPES.has(item))
      .map((item) => renamed(item, resource));
  }
  if (typeof node !== "object" || node === null) return typeof node === "string" ? renamedText(node, resource) : node;
  const copy: OpenApiNode = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "*/*") {
      for (const type of ["application/json", "application/yaml"]) copy[type] = renamed(value, resource);
      continue;
    }
    if (key.includes("/") && !MEDIA_TYPES.has(key)) continue;
    copy[key] =
      key === "x-kubernetes-group-version-kind"
        ? renamedKind(value as OpenApiNode, resource)
        : renamed(value, resource);
  }
  return copy;
}

function renamedKind(value: OpenApiNode, resource: ResourceInfo): unknown {
  const { group, version, kind } = resource;
  return value["kind"] === TEMPLATE.kind || value["kind"] === "Scale" ? { group, version, kind } : value;
}

function renamedText(text: string, resource: ResourceInfo): string {
  const words = resource.group.split(".");
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const tag = `${title.charAt(0).toLowerCase()}${title.slice(1)}_${resource.version}`;
  const operation = title + resource.version.charAt(0).toUpperCase() + resource.version.slice(1);
  const scoped = resource.isNamespaced
    ? text
    : text.replace("AppsV1Namespaced", "AppsV1").replace("AppsV1CollectionNamespaced", "AppsV1Collection");
  return scoped
    .replace(/^apps_v1$/, tag)
    .replace("AppsV1", operation)
    .replaceAll(TEMPLATE.definition, definitionName(resource))
    .replace(/\bDeployment(List)?\b/g, `${resource.kind}$1`)
    .replace(/(?<=Namespaced|AppsV1|V\d\w*|Collection)Deployment/g, resource.kind);
}

function schemasOf({ resource, version }: DescribedResource, template: OpenApiNode): OpenApiNode {
  const { schemas } = template["components"] as { readonly schemas: Readonly<Record<string, OpenApiNode>> };
  const { group, kind } = resource;
  const model = (schemas[TEMPLATE.definition]?.["properties"] ?? {}) as Readonly<Record<string, OpenApiNode>>;
  const listModel = (schemas[`${TEMPLATE.definition}List`]?.["properties"] ?? {}) as Readonly<
    Record<string, OpenApiNode>
  >;
  const text = (property: OpenApiNode | undefined) => ({ description: property?.["description"], type: "string" });
  const typeFields = { apiVersion: text(model["apiVersion"]), kind: text(model["kind"]) };
  const reference = (name: string, property: OpenApiNode | undefined) => ({
    description: property?.["description"],
    allOf: [ref(`${META}.${name}`)],
  });
  const metadata = reference("ObjectMeta", model["metadata"]);
  const own = (version.schema?.openAPIV3Schema ?? { type: "object" }) as OpenApiNode;
  const described = embed(own as JsonSchema, { ...typeFields, metadata });
  const properties = { ...(described["properties"] as OpenApiNode | undefined), ...typeFields, metadata };
  const keepsUnknown = own["x-kubernetes-preserve-unknown-fields"] === true && own["properties"] === undefined;
  const named = (name: string) => [{ group, kind: name, version: resource.version }];
  return {
    [definitionName(resource)]: {
      ...described,
      ...(keepsUnknown && own["type"] === undefined ? {} : { properties: sorted(properties) }),
      "x-kubernetes-group-version-kind": named(kind),
    },
    [definitionName(resource, "List")]: {
      description: `${kind}List is a list of ${kind}`,
      type: "object",
      required: ["items"],
      properties: {
        ...typeFields,
        items: {
          description: `List of ${resource.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
          type: "array",
          items: ref(definitionName(resource)),
        },
        metadata: { ...reference("ListMeta", listModel["metadata"]) },
      },
      "x-kubernetes-group-version-kind": named(`${kind}List`),
    },
  };
}

/** A schema as it is published: resources inside of it have their metadata described. */
function embed(schema: JsonSchema, resourceFields: OpenApiNode): OpenApiNode {
  const copy = { ...schema } as OpenApiNode;
  const items = itemsOf(schema);
  const additional = additionalOf(schema);
  if (items !== undefined) copy["items"] = embed(items, resourceFields);
  if (additional !== undefined) copy["additionalProperties"] = embed(additional, resourceFields);
  const properties: OpenApiNode = {};
  for (const [name, property] of propertiesOf(schema)) properties[name] = embed(property, resourceFields);
  if (schema["x-kubernetes-embedded-resource"] === true) {
    Object.assign(properties, resourceFields);
    copy["required"] = [...new Set([...(schema.required ?? []), "kind", "apiVersion"])];
  }
  if (Object.keys(properties).length > 0) copy["properties"] = sorted(properties);
  if (schema["x-kubernetes-int-or-string"] === true && schema.anyOf === undefined)
    copy["anyOf"] = [{ type: "integer" }, { type: "string" }];
  return copy;
}

/** Adds the schemas that are referred to and not there yet, with those that these refer to. */
function addReferenced(schemas: OpenApiNode, nodes: readonly unknown[], known: OpenApiNode): void {
  for (const name of nodes.flatMap(referencesIn)) {
    if (schemas[name] !== undefined || known[name] === undefined) continue;
    schemas[name] = known[name];
    addReferenced(schemas, [known[name]], known);
  }
}

const PREFIX = "#/components/schemas/";

function referencesIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { $ref } = node as { readonly $ref?: unknown };
  const own = typeof $ref === "string" && $ref.startsWith(PREFIX) ? [$ref.slice(PREFIX.length)] : [];
  return [...own, ...Object.values(node).flatMap(referencesIn)];
}

function ref(name: string): OpenApiNode {
  return { $ref: PREFIX + name };
}

/** What OpenAPI 2 can say of a schema: no alternatives, no defaults of nullable fields, unknown fields without a type. */
function toVersion2(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toVersion2);
  if (typeof node !== "object" || node === null) {
    return typeof node === "string" && node.startsWith(PREFIX) ? `#/definitions/${node.slice(PREFIX.length)}` : node;
  }
  const { anyOf: _anyOf, oneOf: _oneOf, not: _not, allOf, nullable, ...rest } = node as OpenApiNode;
  const [only] = Array.isArray(allOf) ? (allOf as OpenApiNode[]) : [];
  if (typeof only?.["$ref"] === "string") Object.assign(rest, only);
  if (nullable === true) for (const member of ["type", "default", "items", "properties"]) delete rest[member];
  if (rest["x-kubernetes-preserve-unknown-fields"] === true)
    for (const member of ["type", "items", "properties"]) delete rest[member];
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, toVersion2(value)]));
}

function sorted(node: OpenApiNode): OpenApiNode {
  return Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)));
}
