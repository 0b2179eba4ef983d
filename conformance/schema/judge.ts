/**
 * Whether decoding by the test server's schemas says what a real server answered to a create.
 */
import { isRecord } from "../../packages/testing/src/merge/index.ts";
import { DecodeError, decodeText, schemaFor } from "../../packages/testing/src/schema/index.ts";

export interface DecodeExchange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly text: string;
  readonly strictStatus: number;
  /** The text of a 400 with fieldValidation=Strict. */
  readonly strict: string;
  readonly laxStatus: number;
  /** The text of a 400 with fieldValidation=Ignore. */
  readonly lax: string;
  /** What was stored, if anything. */
  readonly object: Record<string, unknown> | undefined;
}

/** What differs; undefined if nothing does. */
export function judgeDecoding(exchange: DecodeExchange): string | undefined {
  const [group, version] = exchange.apiVersion.includes("/")
    ? (exchange.apiVersion.split("/") as [string, string])
    : ["", exchange.apiVersion];
  const schema = schemaFor(group, version, exchange.kind);
  if (schema === undefined) return "no schema";
  const prefix = `${exchange.kind} in version ${JSON.stringify(version)} cannot be handled as a ${exchange.kind}: `;
  let mine: { value: unknown; strictErrors: readonly string[] };
  try {
    mine = decodeText(exchange.text, schema);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return exchange.laxStatus === 400 && exchange.lax === prefix + error.message
      ? undefined
      : `real: ${exchange.laxStatus} ${exchange.lax}\n  mine: ${error.message}`;
  }
  if (exchange.laxStatus === 400 && exchange.lax.startsWith(prefix)) return `real: ${exchange.lax}\n  mine: success`;
  const strict =
    mine.strictErrors.length === 0 ? "" : `${prefix}strict decoding error: ${mine.strictErrors.join(", ")}`;
  if (exchange.strict !== strict && (exchange.strictStatus === 400 || strict !== ""))
    return `real: ${exchange.strictStatus} ${exchange.strict}\n  mine: ${strict}`;
  // The strategy of Secrets moves stringData into data.
  if (exchange.kind === "Secret" && isRecord(mine.value)) delete mine.value["data"];
  return exchange.object === undefined ? undefined : notWithin(mine.value, exchange.object, "");
}

const volatile = new Set([
  ".status",
  ".metadata.creationTimestamp",
  ".metadata.namespace",
  ".metadata.selfLink",
  ".metadata.managedFields",
  ".metadata.deletionTimestamp",
]);

function notWithin(mine: unknown, real: unknown, path: string): string | undefined {
  if (volatile.has(path) || path.startsWith(".stringData")) return undefined;
  if (Array.isArray(mine)) {
    if (!Array.isArray(real) || real.length !== mine.length)
      return `${path}: real ${JSON.stringify(real)}, mine ${JSON.stringify(mine)}`;
    for (const [index, item] of mine.entries()) {
      const found = notWithin(item, real[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(mine)) {
    if (!isRecord(real))
      return Object.keys(mine).length === 0
        ? undefined
        : `${path}: real ${JSON.stringify(real)}, mine ${JSON.stringify(mine)}`;
    for (const key of Object.keys(mine)) {
      const found = notWithin(mine[key], real[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // Zero values are what defaulting replaces.
  if (mine === real || mine === null || mine === 0 || mine === "" || mine === false) return undefined;
  return `${path}: real ${JSON.stringify(real)}, mine ${JSON.stringify(mine)}`;
}
