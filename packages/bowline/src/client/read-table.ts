/**
 * Reading tables, chunk by chunk into one.
 */
import { malformed } from "./answer.ts";
import type { ApiRequest, ApiSession } from "./api-session.ts";
import type { KubeObject } from "./kube-object.ts";
import { TABLE } from "./media-types.ts";
import type { Table, TableColumn, TableRow } from "./table.ts";

interface WireTable {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?: readonly TableColumn[] | null;
  readonly rows?: readonly WireRow[] | null;
}
interface WireRow {
  readonly cells: readonly unknown[];
  readonly object?: KubeObject | null;
}

/** The whole table of a list request. */
export async function readTable(
  session: ApiSession,
  request: ApiRequest,
  chunkSize: number,
  signal: AbortSignal,
): Promise<Table<KubeObject>> {
  const columns: TableColumn[] = [];
  const rows: TableRow<KubeObject>[] = [];
  let resourceVersion = "";
  let token: string | undefined;
  do {
    const { resourceVersion: _version, resourceVersionMatch: _match, ...rest } = request.query ?? {};
    const query = token === undefined ? request.query : { ...rest, continue: token };
    const page = {
      ...request,
      accept: TABLE,
      query: { ...query, limit: chunkSize > 0 ? chunkSize : undefined },
      signal,
    };
    const answer = (await session.json(page)) as WireTable | null;
    if (answer?.kind !== "Table") throw malformed(200, request.verb, request.target, "no Table");
    // Later pages repeat the columns, or leave them out.
    if (columns.length === 0) columns.push(...(answer.columnDefinitions ?? []));
    for (const { cells, object } of answer.rows ?? []) {
      rows.push(object === null || object === undefined ? { cells } : ({ cells, object } as TableRow<KubeObject>));
    }
    resourceVersion = answer.metadata?.resourceVersion ?? resourceVersion;
    token = answer.metadata?.continue;
  } while (token !== undefined && token !== "");
  return { columns, rows, resourceVersion };
}
