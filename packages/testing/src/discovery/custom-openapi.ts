/**
 * OpenAPI documents of custom resources, one a group and version, as a kube-apiserver makes them of their definitions.
 */
import { customDefinitions, customDocument, type OpenApiNode } from "../apiextensions/index.ts";
import type { ApiServer } from "../server/api-server.ts";
import { openApiDocument } from "./recorded-discovery.ts";

/** The documents of one state of a server's resources. */
interface Documents {
  readonly generation: number;
  readonly byPath: Map<string, string>;
}

const known = new WeakMap<ApiServer, Documents>();

/** The paths of the documents: `apis/example.com/v1`. */
export function customOpenApiPaths(server: ApiServer): readonly string[] {
  const custom = server.registry.groupVersions().filter(({ isCustom }) => isCustom);
  return custom.map(({ group, version }) => `apis/${group}/${version}`);
}

/** One document as JSON; `undefined` for another path than those. */
export function customOpenApiDocument(server: ApiServer, path: string): string | undefined {
  if (!customOpenApiPaths(server).includes(path)) return undefined;
  const { byPath } = documentsOf(server);
  let text = byPath.get(path);
  if (text === undefined) {
    const [, group, version] = path.split("/");
    const own = [...server.custom.served()].filter(
      ({ resource }) => resource.group === group && resource.version === version,
    );
    text = JSON.stringify(customDocument(own, readRecorded));
    byPath.set(path, text);
  }
  return text;
}

/** The schemas of all custom resources for the `/openapi/v2` document. */
export function customSwaggerDefinitions(server: ApiServer): OpenApiNode {
  return customDefinitions([...server.custom.served()], readRecorded);
}

function documentsOf(server: ApiServer): Documents {
  const { generation } = server.registry;
  let documents = known.get(server);
  if (documents?.generation !== generation) {
    documents = { generation, byPath: new Map() };
    known.set(server, documents);
  }
  return documents;
}

function readRecorded(path: string): OpenApiNode {
  return JSON.parse(openApiDocument(path) ?? "{}") as OpenApiNode;
}
