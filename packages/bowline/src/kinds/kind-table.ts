/**
 * The built-in kinds at run time: plural, scope and subresources by apiVersion and kind, without asking a cluster.
 *
 * The table is a text until the first question, and then decoded once: it costs an import next to nothing.
 */
import type { Scope } from "./kind-facts.ts";
import { KIND_LINES } from "./kind-table-data.ts";

/** What a request needs to know of a kind. */
export interface KindInfo {
  readonly apiVersion: string;
  readonly kind: string;
  /** The resource's name in paths: `deployments`. */
  readonly plural: string;
  readonly scope: Scope;
  /** Sorted; the last part of each one's path: `status`, `scale`. */
  readonly subresources: readonly string[];
}

interface Table {
  readonly byApiVersion: ReadonlyMap<string, readonly KindInfo[]>;
  readonly byKind: ReadonlyMap<string, KindInfo>;
  readonly byPlural: ReadonlyMap<string, KindInfo>;
}

let decoded: Table | undefined;

/** The built-in kind of that name; `undefined` where only a cluster can tell. */
export function findKind(apiVersion: string, kind: string): KindInfo | undefined {
  return table().byKind.get(`${apiVersion}/${kind}`);
}

/** The built-in kind whose resource has that name in paths: `findResource("apps/v1", "deployments")`. */
export function findResource(apiVersion: string, plural: string): KindInfo | undefined {
  return table().byPlural.get(`${apiVersion}/${plural}`);
}

/** The built-in kinds of one apiVersion, sorted by name; empty where there are none. */
export function kindsOf(apiVersion: string): readonly KindInfo[] {
  return table().byApiVersion.get(apiVersion) ?? [];
}

/** Every apiVersion that has built-in kinds, sorted. */
export function builtInApiVersions(): readonly string[] {
  return [...table().byApiVersion.keys()];
}

function table(): Table {
  decoded ??= decode(KIND_LINES);
  return decoded;
}

function decode(lines: string): Table {
  const byApiVersion = new Map<string, KindInfo[]>();
  const byKind = new Map<string, KindInfo>();
  const byPlural = new Map<string, KindInfo>();
  let apiVersion = "";
  for (const line of lines.trim().split("\n")) {
    const [kind = "", plural, scope, subresources = ""] = line.split(" ");
    if (plural === undefined) {
      apiVersion = kind;
      byApiVersion.set(apiVersion, []);
      continue;
    }
    const info: KindInfo = {
      apiVersion,
      kind,
      plural,
      scope: scope === "N" ? "Namespaced" : "Cluster",
      subresources: subresources === "" ? [] : subresources.split(","),
    };
    byApiVersion.get(apiVersion)?.push(info);
    byKind.set(`${apiVersion}/${kind}`, info);
    byPlural.set(`${apiVersion}/${plural}`, info);
  }
  return { byApiVersion, byKind, byPlural };
}
