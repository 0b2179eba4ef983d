/**
 * How a custom resource is shown as a Table: by `additionalPrinterColumns`, or by name and age.
 */
import { JsonPath, parseTimeMs } from "bowline/core";
import type { ApiObject, TableColumn, TableStrategy } from "../registry/strategy.ts";
import { ageOf } from "../strategies/tables/human-duration.ts";
import { recordedColumns } from "../strategies/tables/recorded-columns.ts";
import { DEFINITION_KIND, DEFINITION_VERSION, type PrinterColumn } from "./definition.ts";

/** The Table of one version. */
export function customTable(columns: readonly PrinterColumn[] | undefined): TableStrategy {
  const printed = columns === undefined || columns.length === 0 ? undefined : columns;
  const paths = (printed ?? [AGE]).map((column) => ({ column, path: readPath(column.jsonPath) }));
  return {
    get columns(): readonly TableColumn[] {
      const own = recordedColumns(DEFINITION_VERSION, DEFINITION_KIND) ?? [];
      const name: TableColumn = {
        name: "Name",
        type: "string",
        format: "name",
        description: own[0]?.description ?? "",
        priority: 0,
      };
      if (printed === undefined) {
        const description = own.find((column) => column.name === "Created At")?.description ?? "";
        return [name, { name: "Age", type: "date", format: "", description, priority: 0 }];
      }
      return [name, ...printed.map(toColumn)];
    },
    cells: (object, now) => [
      // A bookmark has no name.
      object.metadata.name ?? "",
      ...paths.map(({ column, path }) => cellOf(object, column, path, now)),
    ],
  };
}

const AGE: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

function toColumn(column: PrinterColumn): TableColumn {
  const { name, type, format = "", priority = 0, jsonPath } = column;
  const description = column.description || `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return { name, type, format, description, priority };
}

function readPath(jsonPath: string): JsonPath | undefined {
  try {
    return JsonPath.parse(`{${jsonPath}}`, { allowMissingKeys: true });
  } catch {
    // The definition was accepted with it; its cells are empty.
    return undefined;
  }
}

function cellOf(object: ApiObject, column: PrinterColumn, path: JsonPath | undefined, now: Date): unknown {
  const value = firstOf(object, path);
  if (value === undefined) return null;
  if (column.type === "string") return textOf(value);
  if (value === null) return null;
  switch (column.type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return parseTimeMs(value) === undefined ? "<invalid>" : ageOf(value, now);
    default:
      return null;
  }
}

/** The first value that a path finds. */
export function firstOf(object: ApiObject, path: JsonPath | undefined): unknown {
  try {
    return path?.find(object)[0]?.[0];
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (value === null) return "<nil>";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
