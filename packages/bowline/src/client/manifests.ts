/**
 * Manifests: YAML or JSON documents as objects.
 */
import { KubeError } from "../core/kube-error.ts";
import type { Untyped } from "./kube-object.ts";

/** A text that is not YAML, or a document in it that is no object of Kubernetes. The message never quotes the text. */
export class ManifestError extends KubeError {
  constructor(message: string, options?: ErrorOptions) {
    super("ManifestInvalid", message, options);
  }
}

/**
 * Every object of a YAML or JSON text: documents in order, lists unpacked, empty documents left out. Loads the YAML parser
 * when it is called. YAML is read as kubectl reads it: `yes` is true, `0o17` and `017` are 15.
 *
 * @throws {ManifestError} where the text is not YAML, or a document has no apiVersion or kind.
 * @example
 * ```ts
 * import { parseManifests } from "bowline";
 *
 * for (const object of await parseManifests("apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n")) {
 *   console.log(object.kind, object.metadata.name);
 * }
 * ```
 */
export async function parseManifests(yaml: string): Promise<Untyped[]> {
  const { readAllDocuments } = await import("../config/yaml/read-yaml.ts");
  let documents: readonly unknown[];
  try {
    documents = readAllDocuments(yaml);
  } catch (cause) {
    throw new ManifestError(`cannot read the manifests: ${cause instanceof Error ? cause.message : "not YAML"}`, {
      cause,
    });
  }
  const objects: Untyped[] = [];
  documents.forEach((document, index) => {
    if (document !== null && document !== undefined) collect(document, `document ${index + 1}`, objects);
  });
  return objects;
}

function collect(document: unknown, place: string, objects: Untyped[]): void {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new ManifestError(`cannot read the manifests: ${place} is not an object`);
  }
  const { apiVersion, kind, items } = document as Record<string, unknown>;
  for (const [field, value] of [
    ["apiVersion", apiVersion],
    ["kind", kind],
  ] as const) {
    if (typeof value !== "string" || value === "") {
      throw new ManifestError(`cannot read the manifests: ${place} has no ${field}`);
    }
  }
  if (Array.isArray(items) && (kind as string).endsWith("List")) {
    items.forEach((item, index) => {
      collect(withListKind(item, apiVersion as string, kind as string), `item ${index + 1} of ${place}`, objects);
    });
    return;
  }
  objects.push(document as Untyped);
}

/** A server's own list leaves apiVersion and kind out of its items. */
function withListKind(item: unknown, apiVersion: string, listKind: string): unknown {
  const kind = listKind.slice(0, -"List".length);
  if (kind === "" || typeof item !== "object" || item === null || "apiVersion" in item || "kind" in item) return item;
  return { apiVersion, kind, ...item };
}
