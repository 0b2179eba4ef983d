/**
 * The Table of each built-in kind: recorded columns, and cells computed from the object.
 */
import { formatApiVersion } from "bowline/core";
import type { ApiObject, ResourceInfo, TableStrategy } from "../../registry/strategy.ts";
import { OTHER_CELLS } from "./other-cells.ts";
import { podCells, podRowConditions } from "./pod-cells.ts";
import { recordedColumns } from "./recorded-columns.ts";
import { type Cells, WORKLOAD_CELLS } from "./workload-cells.ts";

const CELLS: Readonly<Record<string, Cells>> = { ...WORKLOAD_CELLS, ...OTHER_CELLS, "/Pod": podCells };

/** The kind's own Table; undefined for those that have just the default one (name and creation time). */
export function tableFor(resource: ResourceInfo): TableStrategy | undefined {
  const cells = CELLS[`${resource.group}/${resource.kind}`];
  if (cells === undefined) return undefined;
  const apiVersion = formatApiVersion(resource);
  return {
    // Read at the first Table, not at the server's start.
    get columns() {
      return recordedColumns(apiVersion, resource.kind) ?? [];
    },
    cells: (object: ApiObject, now: Date): unknown[] => cells(object, now),
    ...(resource.group === "" && resource.kind === "Pod"
      ? { conditions: (object: ApiObject) => podRowConditions(object) }
      : {}),
  };
}
