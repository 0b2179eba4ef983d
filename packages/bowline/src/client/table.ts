/**
 * Tables: objects as the server prints them.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
import type { ListOptions } from "./call-options.ts";
import type { KubeObject } from "./kube-object.ts";

/** Options of `table`. */
export interface TableOptions<T extends KubeObject = KubeObject> extends ListOptions<T> {
  /** What each row carries of its object. Default `"Metadata"`. */
  readonly includeObject?: "None" | "Metadata" | "Object" | undefined;
}

/** A column, as the server describes it. */
export interface TableColumn {
  readonly name: string;
  /** OpenAPI: `string`, `integer`, `number`, `boolean`, `date`. */
  readonly type: string;
  /** `"name"` for the column that holds the name. */
  readonly format: string;
  readonly description: string;
  /** 0: always shown; more: on `kubectl get -o wide`. */
  readonly priority: number;
}

/** A row: one cell for each column. */
export interface TableRow<O extends KubeObject> {
  readonly cells: readonly unknown[];
  /** Without `includeObject: "Object"` its metadata only; with `"None"` nothing. */
  readonly object?: O | undefined;
}

/** Objects as the server prints them. */
export interface Table<O extends KubeObject> {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow<O>[];
  readonly resourceVersion: string;
}
