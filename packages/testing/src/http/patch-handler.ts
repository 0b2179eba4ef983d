/**
 * PATCH in its four kinds.
 */
import { formatApiVersion } from "bowline/core";
import { withWebhooks } from "../admission/webhooks/webhook-session.ts";
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicPatch,
  isRecord,
  JsonPatchError,
  type JsonRecord,
  StrategicPatchError,
} from "../merge/index.ts";
import { applyOwned, recordUpdate } from "../registry/ownership.ts";
import { badRequest, conflict, invalid, StatusError } from "../registry/status-error.ts";
import type { ApiObject, StrategyContext } from "../registry/strategy.ts";
import { formatGo } from "../schema/go-format.ts";
import {
  convertObject,
  DecodeError,
  decode,
  duplicateFields,
  type JsonNode,
  JsonSyntaxError,
  plainJson,
  readJson,
  type StructSchema,
  schemaFor,
} from "../schema/index.ts";
import { checkOperations } from "./json-patch-operations.ts";
import { type PatchType, patchType } from "./negotiation.ts";
import { checkNamespace } from "./read-handlers.ts";
import { readWriteOptions, type WriteOptions } from "./request-options.ts";
import type { RequestScope } from "./scope.ts";
import { admissionOptions, checkName, ownershipOf } from "./write-handlers.ts";
import { readYaml, warningsOf, YamlSyntaxError } from "./yaml-reader.ts";

/** A JSON patch may have this many operations. */
const MAX_OPERATIONS = 10_000;

/** A patch that has been read, ready to be applied to whatever is stored. */
export interface Patch {
  readonly type: PatchType;
  /** From the present object to the patched one, not yet decoded. */
  readonly apply: (live: JsonRecord) => JsonRecord;
  /** The patch as it stands, for apply. */
  readonly config: JsonRecord;
  /** What strict decoding says of the patch itself. */
  readonly strictErrors: readonly string[];
  /** How an error shows the value that could not be decoded. */
  readonly shown: (patched: JsonRecord) => string;
}

/** Patches the object, or the part of it that a subresource stands for. */
export async function patchObject(scope: RequestScope): Promise<void> {
  const type = patchType(scope.exchange.header("content-type"), scope.resource.isCustom);
  const form = scope.outputForm();
  const text = await scope.exchange.body();
  const options = readWriteOptions(scope.exchange.query, "PatchOptions", type === "apply" ? "apply" : "other");
  checkPatchSyntax(type, text);
  const context = scope.context(options.isDryRun);
  const { object, wasCreated } = await withWebhooks(context, () =>
    scope.store.update({
      namespace: scope.namespace,
      name: scope.name,
      context,
      options: admissionOptions("PatchOptions", options),
      allowCreate: mayCreate(scope, type),
      transform: (live) => {
        return transform(scope, readPatch(type, text, options, scope.schema), live, options, context);
      },
    }),
  );
  scope.exchange.object(wasCreated ? 201 : 200, scope.writer(form).object(object), form);
}

/** An apply creates what is missing; to its status only where a PUT would, and any other patch never. */
function mayCreate(scope: RequestScope, type: PatchType): boolean {
  return type === "apply" && (scope.subresource === "" || scope.store.strategy.allowCreateOnUpdate === true);
}

function transform(
  scope: RequestScope,
  patch: Patch,
  live: ApiObject | undefined,
  options: WriteOptions,
  context: StrategyContext,
): ApiObject {
  const write = ownershipOf(scope, options);
  let object: ApiObject;
  if (patch.type === "apply") {
    const applied = applyOwned(live, patch.config, write, options.force === true);
    report(patch.strictErrors, options, scope, (errors) =>
      badRequest(`error strict decoding patch: error converting YAML to JSON: ${errors.join("\n")}`),
    );
    object = applied.object as unknown as ApiObject;
    if (live === undefined && object.metadata.uid) {
      const why = `uid mismatch: the provided object specified uid ${object.metadata.uid}, and no existing object was found`;
      throw conflict({ group: scope.resource.group, name: scope.resource.plural }, scope.name, why);
    }
    scope.store.strategy.default?.(object, context);
  } else {
    const patched = patch.apply(live as unknown as JsonRecord);
    object = decodePatched(patched, patch, options, scope);
    scope.store.strategy.default?.(object, context);
    recordUpdate(live, object, write);
  }
  checkNamespace(scope, object);
  checkName(scope, object);
  return object;
}

/**
 * Whether a patch is JSON at all, which is asked before there is anything to apply it to; the rest is read once there is.
 * @throws StatusError 400
 */
export function checkPatchSyntax(type: PatchType, text: string): void {
  if (type !== "apply") readNode(text, "invalid JSON patch");
}

/**
 * Reads a patch.
 * @throws StatusError 400
 */
export function readPatch(
  type: PatchType,
  text: string,
  options: WriteOptions,
  schema: StructSchema | undefined,
): Patch {
  switch (type) {
    case "json":
      return readJsonPatch(text, options);
    case "merge":
      return readMergePatch(text);
    case "strategic":
      return readStrategicPatch(text, schema);
    case "apply":
      return readApply(text, options);
  }
}

function readJsonPatch(text: string, options: WriteOptions): Patch {
  const node = readNode(text, "invalid JSON patch");
  const strictErrors = checkOperations(node, options.fieldValidation !== "Ignore");
  if (node === null) return patchOf("json", (live) => live, []);
  const operations = plainJson(node) as readonly unknown[];
  if (operations.length > MAX_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`;
    throw new StatusError(413, "RequestEntityTooLarge", message, {});
  }
  const apply = (live: JsonRecord): JsonRecord => {
    try {
      return applyJsonPatch(live, operations) as JsonRecord;
    } catch (error) {
      if (!(error instanceof JsonPatchError)) throw error;
      throw new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {});
    }
  };
  return patchOf("json", apply, strictErrors);
}

function readMergePatch(text: string): Patch {
  const node = readNode(text, "invalid JSON patch");
  if (node === null) throw badRequest("Invalid JSON Patch");
  const value = plainJson(node);
  if (!isRecord(value)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goKind(node)} into Go value of type map[string]interface {}`,
    );
  }
  return patchOf("merge", (live) => applyMergePatch(live, value), duplicateFields(node));
}

function readStrategicPatch(text: string, schema: StructSchema | undefined): Patch {
  const node = readNode(text, "invalid JSON patch");
  const value = node === null ? {} : plainJson(node);
  if (!isRecord(value))
    throw badRequest(`json: cannot unmarshal ${goKind(node)} into Go value of type map[string]interface {}`);
  const apply = (live: JsonRecord): JsonRecord => {
    try {
      const patched = applyStrategicPatch(live, value, schema ?? { type: "any", go: "interface {}", isAtomic: false });
      // The result is decoded into the kind that is there, whatever the patch calls it.
      for (const key of ["apiVersion", "kind"]) if (patched[key] !== live[key]) patched[key] = live[key] ?? "";
      return patched;
    } catch (error) {
      if (!(error instanceof StrategicPatchError)) throw error;
      if (error.status === 400) throw badRequest(error.message);
      if (error.status === 500) throw new StatusError(500, "", error.message);
      throw new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {});
    }
  };
  return { ...patchOf("strategic", apply, duplicateFields(node)), shown: () => formatGo(value) };
}

function readApply(text: string, _options: WriteOptions): Patch {
  let value: unknown;
  let strictErrors: readonly string[];
  try {
    const yaml = readYaml(text);
    value = JSON.parse(yaml.json);
    strictErrors = yaml.strictErrors;
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    // What looks like JSON is left as it is at first.
    const step = text.trimStart().startsWith("{") ? "decoding patch: error converting YAML to JSON" : "encoding patch";
    throw badRequest(`error ${step}: ${error.message}`);
  }
  if (value !== null && !isRecord(value)) {
    const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    throw badRequest(
      `error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    );
  }
  return { ...patchOf("apply", (live) => live, strictErrors), config: (value ?? {}) as JsonRecord };
}

function patchOf(type: PatchType, apply: Patch["apply"], strictErrors: readonly string[]): Patch {
  return { type, apply, config: {}, strictErrors, shown: (patched) => JSON.stringify(patched) };
}

function readNode(text: string, message: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequest(message);
    throw error;
  }
}

/**
 * Decodes what a patch made of an object.
 * @throws StatusError 422 on field `patch`
 */
export function decodePatched(
  patched: JsonRecord,
  patch: Patch,
  options: WriteOptions,
  scope: RequestScope,
): ApiObject {
  const { kind, apiVersion } = scope.bodyKind;
  if (scope.resource.isCustom && scope.subresource !== "scale") {
    sortFields(patched);
    const body = JSON.stringify(patched);
    if ((patched["kind"] ?? "") === "") throw refused(patch, patched, `Object 'Kind' is missing in '${body}'`);
    if (!isRecord(patched["metadata"])) patched["metadata"] = {};
  }
  // The kind of a custom resource is left to its validation.
  if (
    scope.resource.isCustom &&
    scope.subresource !== "scale" &&
    (patched["kind"] !== kind || patched["apiVersion"] !== apiVersion)
  ) {
    return patched as unknown as ApiObject;
  }
  if (!scope.resource.isCustom) {
    if (!patched["apiVersion"]) return decodeInternal(patched, patch, options, scope);
    patched["kind"] ||= kind;
  }
  if (patched["kind"] === kind && patched["apiVersion"] !== apiVersion) {
    const other = decodeOtherVersion(patched, patch, options, scope);
    if (other !== undefined) return other;
  }
  if (patched["kind"] !== kind || patched["apiVersion"] !== apiVersion) {
    const malformed = whyMalformed(patched);
    if (malformed !== undefined) throw refused(patch, patched, malformed);
    const sentVersion = String(patched["apiVersion"] ?? "");
    const sentKind = String(patched["kind"] ?? "");
    throw refused(
      patch,
      patched,
      whyNotDecoded(patched, sentVersion, sentKind) ?? scope.wrongKind(sentVersion, sentKind),
    );
  }
  const { schema } = scope;
  if (schema === undefined) {
    report(patch.strictErrors, options, scope, (errors) =>
      refused(patch, patched, `strict decoding error: ${errors.join(", ")}`),
    );
    return patched as unknown as ApiObject;
  }
  return decodeAs(schema, patched, patch, options, scope);
}

/** An object that a patch has put into another version of its group comes back into this one. */
function decodeOtherVersion(
  patched: JsonRecord,
  patch: Patch,
  options: WriteOptions,
  scope: RequestScope,
): ApiObject | undefined {
  const { server, resource, bodyKind } = scope;
  const other = server.registry.byKind(String(patched["apiVersion"]), bodyKind.kind);
  const schema = other === undefined || resource.isCustom ? undefined : server.schemaOf(other);
  if (other?.group !== resource.group || schema === undefined || scope.subresource === "scale") return undefined;
  const sent = { ...decodeAs(schema, patched, patch, options, scope), apiVersion: formatApiVersion(other) };
  const form = server.inVersion(sent as unknown as JsonRecord, bodyKind.apiVersion, resource);
  return form?.object as unknown as ApiObject | undefined;
}

function decodeAs(
  schema: StructSchema,
  patched: JsonRecord,
  patch: Patch,
  options: WriteOptions,
  scope: RequestScope,
): ApiObject {
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = patch.type === "strategic" ? convertObject(patched, schema) : decode(patched, schema);
  } catch (error) {
    if (error instanceof DecodeError) throw refused(patch, patched, error.message);
    throw error;
  }
  const strictErrors = [...patch.strictErrors, ...decoded.strictErrors];
  report(strictErrors, options, scope, (errors) =>
    refused(patch, patched, `strict decoding error: ${errors.join(", ")}`),
  );
  const object = decoded.value as ApiObject;
  Object.assign(object, scope.bodyKind);
  return object;
}

/** Without a version an object is decoded into the server's internal type, none of whose fields has a name in JSON. */
function decodeInternal(patched: JsonRecord, patch: Patch, options: WriteOptions, scope: RequestScope): ApiObject {
  const unknown = Object.keys(patched).filter((field) => field !== "kind" && field !== "apiVersion");
  const strictErrors = [...patch.strictErrors, ...unknown.map((field) => `unknown field ${JSON.stringify(field)}`)];
  report(strictErrors, options, scope, (errors) =>
    refused(patch, patched, `strict decoding error: ${errors.join(", ")}`),
  );
  return { ...scope.bodyKind, metadata: { name: "" } };
}

/** What says of which kind an object is must be text, and a version of a group. */
function whyMalformed(patched: JsonRecord): string | undefined {
  for (const member of ["apiVersion", "kind"]) {
    const value = patched[member];
    if (typeof value === "string" || value === undefined || value === null) continue;
    const type = Array.isArray(value)
      ? "array"
      : isRecord(value)
        ? "object"
        : typeof value === "boolean"
          ? "bool"
          : typeof value;
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${member} of type string`;
  }
  const apiVersion = String(patched["apiVersion"] ?? "");
  return apiVersion.split("/").length > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined;
}

/** An object of another kind is decoded as that kind before it is refused for it. */
function whyNotDecoded(patched: JsonRecord, apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf("/");
  const schema = schemaFor(slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
  if (schema === undefined) return undefined;
  try {
    decode(patched, schema);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

function report(
  strictErrors: readonly string[],
  options: WriteOptions,
  scope: RequestScope,
  refusal: (errors: readonly string[]) => StatusError,
): void {
  if (strictErrors.length === 0 || options.fieldValidation === "Ignore") return;
  if (options.fieldValidation === "Strict") throw refusal(strictErrors);
  for (const text of strictErrors.flatMap(warningsOf)) scope.exchange.warn(text);
}

function refused(patch: Patch, patched: JsonRecord, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(patch.shown(patched))}: ${why}`;
  return invalid({ group: "", name: "" }, "", [{ type: "FieldValueInvalid", field: "patch", message }]);
}

function goKind(node: JsonNode): string {
  if (Array.isArray(node)) return "array";
  if (typeof node === "string") return "string";
  if (typeof node === "boolean") return "bool";
  return "entries" in (node ?? {}) ? "object" : "number";
}

/** Custom resources are shown with their fields in order. */
function sortFields(object: JsonRecord): void {
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    delete object[name];
    if (value !== undefined) object[name] = value;
    for (const item of Array.isArray(value) ? value : [value]) if (isRecord(item)) sortFields(item);
  }
}
