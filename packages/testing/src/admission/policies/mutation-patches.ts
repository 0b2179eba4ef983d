/**
 * Applies what the expression of a mutation has made to an object.
 */
import { parseJsonPointer } from "bowline/core";
import { asDefinition, DEFINITION_KIND, DEFINITION_VERSION } from "../../apiextensions/definition.ts";
import { CelObject, type CelValue } from "../../cel/index.ts";
import { atomOf, memberOf } from "../../merge/atom.ts";
import { applyJsonPatch, clone, isRecord, JsonPatchError, type JsonRecord, type JsonValue } from "../../merge/index.ts";
import { formatViolations } from "../../merge/typed-error.ts";
import { merge } from "../../merge/typed-pair.ts";
import { violations } from "../../merge/typed-walk.ts";
import type { AdmissionRequest } from "../../registry/admission.ts";
import { internalError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { DecodeError, decode, type Schema, type StructSchema, schemaFor, schemaFromCrd } from "../../schema/index.ts";
import { namingProblem, toJson } from "./mutation-types.ts";

/** Why a mutation could not be made. */
export class MutationError extends Error {}

/** Puts an apply configuration, `Object{...}`, over the object, in place. */
export function applyConfiguration(request: AdmissionRequest, object: ApiObject, value: CelValue): void {
  if (!(value instanceof CelObject))
    throw new MutationError("unsupported return type from ApplyConfiguration expression");
  const misnamed = namingProblem(value);
  if (misnamed !== undefined) throw new MutationError(`type mismatch: ${misnamed}`);
  const schema = schemaOf(request);
  if (schema === undefined) return;
  const { apiVersion, kind } = object;
  const config = { ...(toJson(value) as JsonRecord), apiVersion, kind } as JsonRecord;
  const found = violations(config, schema, false);
  if (found.length > 0) {
    const why = `failed to convert patch object to typed object: ${formatViolations(found)}`;
    throw new MutationError(`error applying patch: ${why}`);
  }
  const atomics = atomicsIn(config, schema, "");
  if (atomics.length > 0) {
    const why = `may not mutate atomic arrays, maps or structs: ${atomics.join(", ")}`;
    throw new MutationError(`error applying patch: invalid ApplyConfiguration: ${why}`);
  }
  replace(request, object, merge(clone(object) as unknown as JsonValue, config, schema) as unknown as ApiObject);
}

/** The parts of a value that have one owner as a whole: an apply configuration could only replace them. */
function atomicsIn(value: JsonValue, schema: Schema, path: string): string[] {
  const atom = atomOf(schema, value);
  if (atom.type === "map" && isRecord(value)) {
    const inner = Object.entries(value).flatMap(([name, member]) => {
      const own = memberOf(atom, name);
      return own === undefined ? [] : atomicsIn(member, own, `${path}.${name}`);
    });
    return atom.isAtomic ? [path, ...inner] : inner;
  }
  if (atom.type === "list" && Array.isArray(value)) {
    const inner = value.flatMap((item, index) => atomicsIn(item, atom.items, `${path}[${index}]`));
    return atom.isAtomic ? [path, ...inner] : inner;
  }
  return [];
}

/** Applies a JSON patch, a list of `JSONPatch{...}`, to the object, in place. A `test` that fails ends it, and nothing is changed. */
export function applyPatchList(request: AdmissionRequest, object: ApiObject, value: CelValue): void {
  const operations = (Array.isArray(value) ? value : []).map(operationOf);
  let patched = clone(object) as unknown as JsonRecord;
  for (const operation of operations) {
    try {
      patched = applyJsonPatch(patched, [operation]) as JsonRecord;
    } catch (error) {
      if (!(error instanceof JsonPatchError)) throw error;
      if (operation["op"] === "test") return;
      throw new MutationError(`JSON Patch: ${problemOf(operation, patched)}`);
    }
  }
  replace(request, object, decoded(request, patched));
}

function operationOf(item: CelValue): JsonRecord {
  if (!(item instanceof CelObject))
    throw new MutationError("type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
  const misnamed = namingProblem(item.get("value"), typeNameOf(item.get("value")));
  if (misnamed !== undefined) throw new MutationError(`type mismatch: ${misnamed}`);
  return toJson(item) as JsonRecord;
}

/** Objects inside a patch may begin at any field. */
function typeNameOf(value: CelValue): string {
  return value instanceof CelObject ? value.type.name : "Object";
}

/** Why an operation does not apply, in the words of the library that a kube-apiserver uses. */
function problemOf(operation: JsonRecord, document: JsonRecord): string {
  const [op, path, from] = [String(operation["op"]), String(operation["path"] ?? ""), String(operation["from"] ?? "")];
  if (!["add", "remove", "replace", "move", "copy"].includes(op)) return `Unexpected kind: ${op}`;
  const isFrom = op === "move" || op === "copy";
  const pointer = isFrom && parentOf(document, from) === undefined ? from : path;
  const parent = parentOf(document, pointer);
  const key = pointer.slice(pointer.lastIndexOf("/") + 1);
  if (parent === undefined) {
    if (op === "replace") return `replace operation does not apply: doc is missing path: ${pointer}: missing value`;
    if (!isFrom) return `${op} operation does not apply: doc is missing path: "${pointer}": missing value`;
    const which = pointer === from ? "from" : "destination";
    return `${op} operation does not apply: doc is missing ${which} path: ${pointer}: missing value`;
  }
  const where = `error in ${op === "replace" ? "remove" : op} for path: '${pointer}'`;
  if (!Array.isArray(parent)) return `${where}: Unable to remove nonexistent key: ${key}: missing value`;
  if (!/^[+-]?\d+$/.test(key)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
    return op === "add" ? `${where}: value was not a proper array index: '${key}': ${why}` : `${where}: ${why}`;
  }
  return `${where}: Unable to access invalid index: ${key}: invalid index referenced`;
}

/** What holds the member that a pointer names. */
function parentOf(document: JsonValue, pointer: string): JsonRecord | JsonValue[] | undefined {
  let value: JsonValue | undefined = document;
  for (const key of parseJsonPointer(pointer).slice(0, -1)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isRecord(value) ? value[key] : undefined;
  }
  return Array.isArray(value) || isRecord(value) ? value : undefined;
}

/** An object as it comes out of its encoding; what is not of its kind's types, or of no field, is an error of the server's own. */
function decoded(request: AdmissionRequest, patched: JsonRecord): ApiObject {
  const schema = schemaOf(request);
  if (schema === undefined || request.resource.isCustom === true) return patched as unknown as ApiObject;
  try {
    const { value, strictErrors } = decode(patched, schema);
    if (strictErrors.length > 0) throw internalError(`strict decoding error: ${strictErrors.join(", ")}`);
    return { ...(value as ApiObject), apiVersion: String(patched["apiVersion"]), kind: String(patched["kind"]) };
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

function replace({ fillDefaults }: AdmissionRequest, object: ApiObject, patched: ApiObject): void {
  for (const member of Object.keys(object)) delete object[member];
  Object.assign(object, patched);
  fillDefaults?.();
}

/** The schema of the object that is written. */
function schemaOf({ resource, context }: AdmissionRequest): StructSchema | undefined {
  if (resource.isCustom !== true) return schemaFor(resource.group, resource.version, resource.kind);
  const name = `${resource.plural}.${resource.group}`;
  const found = context.find(DEFINITION_VERSION, DEFINITION_KIND, undefined, name);
  const version = found && asDefinition(found).spec.versions?.find((candidate) => candidate.name === resource.version);
  return version?.schema === undefined ? undefined : schemaFromCrd((version.schema.openAPIV3Schema ?? {}) as never);
}
