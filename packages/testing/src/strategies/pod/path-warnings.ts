/**
 * Warnings about files of one volume that hide each other.
 */
import { type Fields, fieldsAt, itemsAt, textAt } from "../json-access.ts";

interface MountedPath {
  readonly path: string;
  /** What puts it there; `""` where the volume says it. */
  readonly source: string;
}

export function pathWarnings(volumes: readonly Fields[]): string[] {
  return volumes.flatMap((volume) => {
    const name = textAt(volume, "name");
    const projected = fieldsAt(volume, "projected");
    return [
      ...overlaps(name, `ConfigMap "${textAt(volume, "configMap", "name")}"`, itemPaths(volume, "configMap")),
      ...overlaps(name, `Secret "${textAt(volume, "secret", "secretName")}"`, itemPaths(volume, "secret")),
      ...overlaps(name, "DownwardAPI", itemPaths(volume, "downwardAPI")),
      ...(projected === undefined ? [] : projectionWarnings(name, itemsAt(projected, "sources"))),
    ];
  });
}

function projectionWarnings(volume: string, sources: readonly Fields[]): string[] {
  const empty = sources
    .filter((source) => Object.values(source).every((value) => value === undefined))
    .map(() => `volume "${volume}" (Projected) has no sources provided`);
  return [...empty, ...overlaps(volume, "Projected", sources.flatMap(projectedPaths))];
}

function projectedPaths(source: Fields): MountedPath[] {
  if (itemsAt(source, "configMap", "items").length > 0)
    return itemPaths(source, "configMap", `ConfigMap "${textAt(source, "configMap", "name")}"`);
  if (itemsAt(source, "secret", "items").length > 0)
    return itemPaths(source, "secret", `Secret "${textAt(source, "secret", "name")}"`);
  if (itemsAt(source, "downwardAPI", "items").length > 0) return itemPaths(source, "downwardAPI", "DownwardAPI");
  if (fieldsAt(source, "serviceAccountToken") !== undefined)
    return [{ path: textAt(source, "serviceAccountToken", "path"), source: "ServiceAccountToken" }];
  const bundle = fieldsAt(source, "clusterTrustBundle");
  if (bundle === undefined) return [];
  const name = textAt(bundle, "name") || textAt(bundle, "signerName");
  return [{ path: textAt(bundle, "path"), source: `ClusterTrustBundle "${name}"` }];
}

function itemPaths(holder: Fields, member: string, source = ""): MountedPath[] {
  return itemsAt(holder, member, "items").map((item) => ({ path: textAt(item, "path"), source }));
}

function overlaps(volume: string, what: string, paths: readonly MountedPath[]): string[] {
  const warnings: string[] = [];
  const seen: MountedPath[] = [];
  for (const { path: sent, source } of paths) {
    const here = { path: sent.replace(/\/+$/, ""), source };
    for (const other of seen) {
      if (hides(here.path, other.path))
        warnings.push(`volume "${volume}" (${what}): overlapping paths: ${textOf(here)} with ${textOf(other)}`);
    }
    seen.push(here);
  }
  return warnings;
}

function hides(a: string, b: string): boolean {
  return a !== "" && b !== "" && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

function textOf({ path, source }: MountedPath): string {
  return source === "" ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
}
