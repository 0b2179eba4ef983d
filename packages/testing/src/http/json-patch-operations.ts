/**
 * The form of a JSON patch's operations, checked before any of them is applied.
 */
import { badRequest } from "../registry/status-error.ts";
import {
  DecodeError,
  decode,
  duplicateFields,
  type Field,
  type JsonNode,
  type ListSchema,
  type Schema,
} from "../schema/index.ts";

const TEXT: Schema = { type: "string", go: "string", bits: 0 };
const ANY: Schema = { type: "any", go: "interface {}", isAtomic: false };

/** What strict decoding reads a patch as. */
const CHECKED = listOf("[]handlers.jsonPatchOp", {
  type: "struct",
  go: "handlers.jsonPatchOp",
  fields: new Map([field("op", TEXT), field("path", TEXT), field("from", TEXT), field("value", ANY)]),
  isAtomic: false,
});

/** What the patch library reads it as: operations with fields of any kind. */
const APPLIED = listOf("jsonpatch.Patch", { type: "map", go: "jsonpatch.Operation", values: ANY, isAtomic: false });

/**
 * Checks the operations, and returns what strict decoding says of them.
 * @throws StatusError 400
 */
export function checkOperations(node: JsonNode, isStrict: boolean): readonly string[] {
  if (!isStrict) {
    read(node, APPLIED, "");
    return [];
  }
  const unknown = read(node, CHECKED, "error decoding patch: ").filter((problem) => problem.startsWith("unknown"));
  return [...duplicateFields(node), ...unknown].map((problem) => `json patch ${problem}`);
}

function read(node: JsonNode, schema: ListSchema, prefix: string): readonly string[] {
  try {
    return decode(node, schema).strictErrors;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
}

function listOf(go: string, items: Schema): ListSchema {
  return { type: "list", go, items, listType: "atomic", keys: [] };
}

function field(name: string, schema: Schema): readonly [string, Field] {
  return [
    name,
    {
      name,
      schema,
      omitEmpty: true,
      omitZero: false,
      embedded: "",
      default: undefined,
      patchStrategy: [],
      patchMergeKey: "",
    },
  ];
}
