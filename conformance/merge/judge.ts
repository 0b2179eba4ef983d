/**
 * Whether the test server's merge functions say what a real server answered to one write.
 */
import { isDeepStrictEqual } from "node:util";
import {
  ApplyConflictError,
  ApplyError,
  applyJsonPatch,
  applyMergePatch,
  applyServerSide,
  applyStrategicPatch,
  isRecord,
  JsonPatchError,
  type JsonRecord,
  type JsonValue,
  resetFieldsFilter,
  StrategicPatchError,
  updateManagedFields,
} from "../../packages/testing/src/merge/index.ts";
import { convertObject } from "../../packages/testing/src/schema/convert.ts";
import { DecodeError, decode, type Schema, schemaFor } from "../../packages/testing/src/schema/index.ts";
import type { StructSchema } from "../../packages/testing/src/schema/schema.ts";
import type { Write } from "./random-writes.ts";

/** A write to a real server with what was stored before and what was answered. */
export interface Exchange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly live: JsonRecord | undefined;
  readonly write: Write;
  readonly status: number;
  readonly answer: JsonRecord;
}

/** What differs; undefined if nothing does. */
export function judge(exchange: Exchange): string | undefined {
  const [group, version] = exchange.apiVersion.includes("/")
    ? (exchange.apiVersion.split("/") as [string, string])
    : ["", exchange.apiVersion];
  const schema = schemaFor(group, version, exchange.kind) as StructSchema;
  const { live, write, answer, status } = exchange;
  const hasStatus = exchange.kind !== "ConfigMap";
  const filter = resetFieldsFilter({ group, kind: exchange.kind, subresource: "", hasStatus });
  const common = {
    schema,
    apiVersion: exchange.apiVersion,
    kind: exchange.kind,
    manager: write.manager,
    subresource: "",
    filter,
    now: new Date(0),
  };
  let mine: JsonRecord;
  try {
    if (write.type === "apply") {
      const applied = applyServerSide({
        ...common,
        group,
        version,
        live,
        config: write.body as JsonRecord,
        force: write.force,
      });
      mine = applied.object;
    } else {
      mine = patched(exchange, schema);
    }
  } catch (error) {
    return judgeError(error, exchange);
  }
  if (status >= 300) {
    // Validation is not ours.
    const isValidation = status === 422 && isRecord(answer["details"]) && answer["details"]["kind"] === exchange.kind;
    return isValidation ? undefined : `real: ${status} ${String(answer["message"])}; mine: success`;
  }
  if (write.type !== "apply" && live !== undefined) {
    // The real result stands for the defaulted one.
    const updated = {
      ...answer,
      metadata: { ...(answer["metadata"] as JsonRecord), managedFields: managedFields(mine) ?? null },
    } as JsonRecord;
    if (isRecord(mine["status"])) updated["status"] = mine["status"];
    const list = updateManagedFields({ ...common, live, updated });
    mine = {
      ...mine,
      metadata: { ...(mine["metadata"] as JsonRecord), ...(list === undefined ? {} : { managedFields: list }) },
    };
    if (list === undefined) delete (mine["metadata"] as JsonRecord)["managedFields"];
  }
  const wanted = withoutTimes(managedFields(answer));
  const got = withoutTimes(managedFields(mine));
  if (!isDeepStrictEqual(sortedTexts(wanted), sortedTexts(got)))
    return `managedFields\n  real ${JSON.stringify(wanted)}\n  mine ${JSON.stringify(got)}`;
  return notWithin(mine, answer, "", schema);
}

function patched(exchange: Exchange, schema: Schema): JsonRecord {
  const { live = {}, write } = exchange;
  switch (write.type) {
    case "json":
      return decode(applyJsonPatch(live, write.body as unknown[]), schema).value as JsonRecord;
    case "merge":
      return decode(applyMergePatch(live, write.body as JsonRecord), schema).value as JsonRecord;
    case "strategic":
      return convertObject(
        applyStrategicPatch(live, JSON.parse(JSON.stringify(write.body)) as JsonRecord, schema),
        schema,
      ).value as JsonRecord;
    default:
      return decode(write.body, schema).value as JsonRecord;
  }
}

function judgeError(error: unknown, { status, answer }: Exchange): string | undefined {
  const message = String(answer["message"]);
  const mine = error instanceof Error ? error.message : String(error);
  if (error instanceof ApplyError || error instanceof StrategicPatchError) {
    return status === error.status && message === mine
      ? undefined
      : `real: ${status} ${message}; mine: ${error.status} ${mine}`;
  }
  if (error instanceof ApplyConflictError) {
    const causes = isRecord(answer["details"]) ? answer["details"]["causes"] : undefined;
    return status === 409 && message === mine && isDeepStrictEqual(sortedTexts(causes), sortedTexts(error.causes))
      ? undefined
      : `real: ${status} ${message}; mine: 409 ${mine}`;
  }
  if (error instanceof JsonPatchError)
    return status === 422 && message.startsWith("the server rejected our request")
      ? undefined
      : `real: ${status} ${message}; mine: ${mine}`;
  if (error instanceof DecodeError)
    return message.endsWith(mine) ? undefined : `real: ${status} ${message}; mine: ${mine}`;
  throw error;
}

/** Without order: the real server goes through managers in a random one, and times of a test differ. */
function sortedTexts(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list
    .map((item: unknown) =>
      JSON.stringify(isRecord(item) ? Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)) : item),
    )
    .sort();
}

function managedFields(object: JsonRecord): JsonValue | undefined {
  return isRecord(object["metadata"]) ? object["metadata"]["managedFields"] : undefined;
}

function withoutTimes(list: JsonValue | undefined): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((entry) =>
    isRecord(entry) ? { ...entry, time: entry["time"] === undefined ? "none" : "some" } : entry,
  );
}

const volatile = new Set([
  ".metadata.resourceVersion",
  ".metadata.generation",
  ".metadata.managedFields",
  ".metadata.uid",
  ".metadata.creationTimestamp",
  ".status",
  // The strategy of Services takes it away.
  ".spec.sessionAffinityConfig",
]);

/** What of `mine` is not in `real`, which may have more: defaults. */
function notWithin(mine: unknown, real: unknown, path: string, schema: Schema): string | undefined {
  if (volatile.has(path)) return undefined;
  if (Array.isArray(mine)) {
    if (!Array.isArray(real) || real.length !== mine.length)
      return `${path}\n  real ${JSON.stringify(real)}\n  mine ${JSON.stringify(mine)}`;
    for (const [index, item] of mine.entries()) {
      const found = notWithin(item, real[index], `${path}[${index}]`, schema);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(mine)) {
    if (!isRecord(real))
      return Object.keys(mine).length === 0 ? undefined : `${path} is missing in ${JSON.stringify(real)}`;
    for (const key of Object.keys(mine)) {
      const found = notWithin(mine[key], real[key], `${path}.${key}`, schema);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // A zero that defaulting replaces.
  if (mine === 0 && path.endsWith(".targetPort")) return undefined;
  return mine === real || mine === null
    ? undefined
    : `${path}: real ${JSON.stringify(real)}, mine ${JSON.stringify(mine)}`;
}
