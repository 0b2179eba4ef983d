/**
 * Writes the map of all kinds by name, the type that `client.resource("apps/v1", "Deployment")` looks in.
 */
import type { ApiModel } from "./api-model.ts";

/** The text of `built-in-kinds.ts`. */
export function writeKindMap(model: ApiModel, header: string): string {
  const modules = new Map<string, string>();
  const names = new Map<string, string[]>();
  const entries: string[] = [];
  for (const [key, kind] of model.kinds) {
    if (kind.plural === undefined) continue;
    const alias = aliasOf(kind.apiVersion);
    modules.set(kind.apiVersion, alias);
    names.set(kind.apiVersion, [...(names.get(kind.apiVersion) ?? []), JSON.stringify(kind.kind)]);
    entries.push(`  ${JSON.stringify(key)}: ${alias}.${kind.kind};\n`);
  }
  const imports = [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, alias]) => `import type * as ${alias} from "./${module}.ts";\n`);
  const nameEntries = [...names].map(
    ([apiVersion, kinds]) => `  ${JSON.stringify(apiVersion)}: ${kinds.join(" | ")};\n`,
  );
  return `${header}\n${imports.join("")}
/** "apiVersion/kind" -> type, of every kind that kube-apiserver serves by itself. */
export interface BuiltInKinds {\n${entries.join("")}}

/** apiVersion -> kinds, so that the compiler need not take the keys of BuiltInKinds apart. */
export interface BuiltInKindNames {\n${nameEntries.join("")}}\n`;
}

/** `RbacAuthorizationK8sIoV1` from `rbac.authorization.k8s.io/v1`. */
function aliasOf(apiVersion: string): string {
  const name = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return name
    .split(/[./-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
