/**
 * Reads OpenAPI documents into what the writers need: named schemas, and of every kind its plural, scope and subresources.
 */
import {
  apiVersionOf,
  type GroupVersionKind,
  type OpenApiDocument,
  type Operation,
  referenceOf,
  type Schema,
} from "./openapi-document.ts";

/** A kind that has a path of its own or is the body of a subresource. */
export interface ApiKind extends GroupVersionKind {
  readonly apiVersion: string;
  /** Undefined for the body of a subresource (Scale, Eviction, TokenRequest). */
  readonly plural: string | undefined;
  readonly isNamespaced: boolean;
  /** Whether one object can be read by name; not so for reviews and bindings, which are made and never stored. */
  readonly isReadable: boolean;
  /** Sorted. */
  readonly subresources: readonly string[];
}

/** What a cluster's OpenAPI documents say. */
export interface ApiModel {
  /** By name, sorted by it. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /** By `apiVersion/kind`, sorted by it. */
  readonly kinds: ReadonlyMap<string, ApiKind>;
}

const RESOURCE_PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)\/(?<scope>namespaces\/\{namespace\}\/)?(?<plural>[^/{]+)(?<name>\/\{name\})?(?:\/(?<subresource>[^/{]+))?(?:\/\{path\})?$/;

/** A kind while its paths are being read. */
interface Draft {
  readonly kind: GroupVersionKind;
  plural: string | undefined;
  isNamespaced: boolean;
  isReadable: boolean;
  readonly subresources: Set<string>;
}

/** The model of all documents together. */
export function readApi(documents: readonly OpenApiDocument[]): ApiModel {
  const schemas = new Map<string, Schema>();
  const drafts = new Map<string, Draft>();
  for (const document of documents) {
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) schemas.set(name, schema);
    readPaths(document, drafts);
  }
  const kinds = [...drafts].map(([key, draft]): [string, ApiKind] => [
    key,
    {
      ...draft.kind,
      apiVersion: apiVersionOf(draft.kind),
      plural: draft.plural,
      isNamespaced: draft.isNamespaced,
      isReadable: draft.isReadable,
      subresources: [...draft.subresources].sort(),
    },
  ]);
  return { schemas: new Map([...schemas].sort(byKey)), kinds: new Map(kinds.sort(byKey)) };
}

/** The single kind that a named schema describes; undefined for parts of kinds, and for options shared by all groups. */
export function kindOfSchema(schema: Schema): GroupVersionKind | undefined {
  const kinds = schema["x-kubernetes-group-version-kind"] ?? [];
  return kinds.length === 1 ? kinds[0] : undefined;
}

/** Whether a schema is the list of a kind: `PodList` and the like, for which there is one generic type. */
export function isListOfKind(name: string, schema: Schema): boolean {
  const metadata = schema.properties?.["metadata"];
  return (
    name.endsWith("List") &&
    schema.properties?.["items"] !== undefined &&
    metadata !== undefined &&
    referenceOf(metadata)?.endsWith(".ListMeta") === true
  );
}

function readPaths(document: OpenApiDocument, drafts: Map<string, Draft>): void {
  const kindsByPlural = new Map<string, Draft>();
  const subresources: [string, string][] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const match = path.includes("/watch/") ? undefined : RESOURCE_PATH.exec(path)?.groups;
    if (match === undefined) continue;
    const { group = "", version, scope, plural, name, subresource } = match;
    if (plural === undefined) continue;
    for (const [method, value] of Object.entries(item)) {
      if (method === "parameters") continue;
      const { "x-kubernetes-action": action, "x-kubernetes-group-version-kind": kind } = value as Operation;
      if (subresource !== undefined) subresources.push([`${group}/${version}/${plural}`, subresource]);
      // Connect operations name the options of the connection (PodExecOptions), which are query parameters and no body.
      if (kind === undefined || action === "connect") continue;
      const draft = draftOf(kind, drafts);
      if (subresource === undefined) {
        draft.plural = plural;
        kindsByPlural.set(`${group}/${version}/${plural}`, draft);
      }
      if (scope !== undefined) draft.isNamespaced = true;
      if (name !== undefined && action === "get") draft.isReadable = true;
    }
  }
  for (const [plural, subresource] of subresources) kindsByPlural.get(plural)?.subresources.add(subresource);
}

function draftOf(kind: GroupVersionKind, drafts: Map<string, Draft>): Draft {
  const key = `${apiVersionOf(kind)}/${kind.kind}`;
  const known = drafts.get(key);
  if (known !== undefined) return known;
  const draft: Draft = { kind, plural: undefined, isNamespaced: false, isReadable: false, subresources: new Set() };
  drafts.set(key, draft);
  return draft;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
