/**
 * Column definitions of the built-in kinds' Tables, as a kube-apiserver answered them (`data/recorded/columns.json`).
 */
import { readFileSync } from "node:fs";
import type { TableColumn } from "../../registry/strategy.ts";

interface Recorded {
  readonly descriptions: readonly string[];
  readonly kinds: Readonly<Record<string, readonly (readonly [string, string, string, number, number])[]>>;
}

let recorded: Recorded | undefined;

/** The columns of a kind, undefined where the kind has none of its own. Read from disk at the first call. */
export function recordedColumns(apiVersion: string, kind: string): readonly TableColumn[] | undefined {
  recorded ??= JSON.parse(
    readFileSync(new URL("../../../data/recorded/columns.json", import.meta.url), "utf8"),
  ) as Recorded;
  const { descriptions, kinds } = recorded;
  return kinds[`${apiVersion}/${kind}`]?.map(([name, type, format, priority, description]) => ({
    name,
    type,
    format,
    description: descriptions[description] ?? "",
    priority,
  }));
}
