/**
 * From a body's text to an object of the kind that the request is about: parsed, its kind checked, decoded by its schema.
 */
import { formatApiVersion } from "bowline/core";
import { type Envelope, readEnvelope, readMessage, WireError } from "../protobuf/index.ts";
import { goPackage } from "../registry/go-types.ts";
import { badRequest, StatusError } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import {
  DecodeError,
  decode,
  duplicateFields,
  isBuiltInVersion,
  isUnservedKind,
  type JsonNode,
  JsonNumber,
  JsonObject,
  JsonSyntaxError,
  plainJson,
  readJson,
  type Schema,
  schemaFor,
} from "../schema/index.ts";
import type { BodyFormat } from "./negotiation.ts";
import { readYaml, warningsOf, YamlSyntaxError } from "./yaml-reader.ts";

/** The kind that a body must be of. */
export interface ExpectedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly isCustom: boolean;
  /** Other versions in which the body may be written. */
  readonly alternatives?: readonly string[] | undefined;
}

/** How strict decoding is, and where warnings go. */
export interface Decoding {
  readonly validation: "Ignore" | "Warn" | "Strict";
  readonly warn: (text: string) => void;
  /** The schema to decode by; default: the built-in one of the kind. */
  readonly schema?: Schema | undefined;
  /** The schema of a custom resource in another version, by which a body in it is looked at before it is refused. */
  readonly otherSchema?: ((apiVersion: string) => Schema | undefined) | undefined;
}

/** A syntax error shows this much of the body. */
const SHOWN_LENGTH = 30;
const SCHEME = 'in scheme "pkg/runtime/scheme.go:111"';

const DELETE_OPTIONS: ExpectedKind = { group: "", version: "v1", kind: "DeleteOptions", isCustom: false };
const NO_CUSTOM_PROTOBUF =
  "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";

/** Kinds that the server knows in several versions, which it could convert but does not take for one another. */
const CONVERTIBLE: Readonly<Record<string, readonly string[]>> = {
  Scale: ["autoscaling/v1", "extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"],
  Event: ["v1", "events.k8s.io/v1"],
  HorizontalPodAutoscaler: ["autoscaling/v1", "autoscaling/v2"],
};

/** Kinds that every group's scheme has. */
const META_KINDS = new Set([
  "DeleteOptions",
  "CreateOptions",
  "UpdateOptions",
  "PatchOptions",
  "ListOptions",
  "GetOptions",
  "WatchEvent",
  "Status",
]);

/**
 * Decodes the body of a create or update.
 * @throws StatusError 400
 */
export function decodeBody(text: string, format: BodyFormat, expected: ExpectedKind, decoding: Decoding): ApiObject {
  const { node, strictErrors } = parse(text, format, expected);
  const value = node === null ? new JsonObject() : node;
  if (!(value instanceof JsonObject)) throw unrecognized(text, expected, typeError(value));
  for (const name of ["apiVersion", "kind"]) {
    const problem = typeProblem(value, name);
    if (problem !== undefined) throw unrecognized(text, expected, problem);
  }
  const sentVersion = stringField(value, "apiVersion");
  const sentKind = stringField(value, "kind");
  if (expected.isCustom && sentKind === "") throw missingKind(text, value, expected, decoding);
  const apiVersion = sentVersion === "" && !expected.isCustom ? formatApiVersion(expected) : sentVersion;
  const kind = sentKind === "" ? expected.kind : sentKind;
  const isExpected =
    kind === expected.kind &&
    (apiVersion === formatApiVersion(expected) || (expected.alternatives?.includes(apiVersion) ?? false));
  if (!isExpected && !expected.isCustom) {
    if (apiVersion.split("/").length > 2)
      throw unrecognized(text, expected, `unexpected GroupVersion string: ${apiVersion}`, "yaml");
    const isConvertible = CONVERTIBLE[kind]?.includes(apiVersion) === true || isUnservedKind(apiVersion, kind);
    if (kind === expected.kind && isConvertible) {
      const wanted = formatApiVersion(expected);
      throw badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
      );
    }
    throw wrongKind(apiVersion, kind, expected);
  }
  if (expected.isCustom && !isExpected) return otherCustom(value, apiVersion, expected, decoding);
  const object = decodeNode(value, expected, decoding, strictErrors);
  object.apiVersion = expected.isCustom ? apiVersion : formatApiVersion(expected);
  object.kind = expected.isCustom ? kind : expected.kind;
  return object;
}

/**
 * Decodes a parsed object of the expected kind.
 * @throws StatusError 400
 */
export function decodeNode(
  node: unknown,
  expected: ExpectedKind,
  decoding: Decoding,
  found: readonly string[] = [],
): ApiObject {
  const schema = decoding.schema ?? schemaFor(expected.group, expected.version, expected.kind);
  let object: ApiObject;
  let strictErrors: readonly string[];
  if (schema === undefined) {
    object = (node instanceof JsonObject ? plainJson(node) : node) as ApiObject;
    strictErrors = node instanceof JsonObject ? duplicateFields(node) : [];
  } else {
    try {
      const decoded = decode(node, schema);
      object = decoded.value as ApiObject;
      strictErrors = decoded.strictErrors;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw cannotHandle(formatApiVersion(expected), expected.kind, expected, error.message);
    }
  }
  const all = [...found, ...strictErrors];
  if (all.length > 0) {
    if (decoding.validation === "Strict") {
      throw cannotHandle(
        formatApiVersion(expected),
        expected.kind,
        expected,
        `strict decoding error: ${all.join(", ")}`,
      );
    }
    if (decoding.validation === "Warn") for (const text of all.flatMap(warningsOf)) decoding.warn(text);
  }
  // An absent or wrong metadata decodes to nothing; the steps that follow want an object.
  if (typeof object.metadata !== "object" || object.metadata === null) object.metadata = {} as ApiObject["metadata"];
  return object;
}

/** Reads the DeleteOptions in a body; `undefined` for an empty one. */
export function decodeDeleteOptions(text: string, format: BodyFormat): Readonly<Record<string, unknown>> | undefined {
  if (text === "") return undefined;
  let node: JsonNode;
  try {
    if (format === "protobuf") node = readProtobuf(text, DELETE_OPTIONS);
    else node = readJson(format === "yaml" ? readYaml(text).json : text);
  } catch (error) {
    if (error instanceof WireError) throw badRequest(error.message);
    if (error instanceof JsonSyntaxError || error instanceof YamlSyntaxError) {
      throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
    }
    throw error;
  }
  const value = node === null ? new JsonObject() : node;
  if (!(value instanceof JsonObject))
    throw badRequest(`couldn't get version/kind; json parse error: ${typeError(value)}`);
  const kind = stringField(value, "kind");
  const apiVersion = stringField(value, "apiVersion");
  if (kind !== "" && kind !== "DeleteOptions") {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${SCHEME}`,
    );
  }
  const schema = schemaFor("", "v1", "DeleteOptions");
  try {
    return (schema === undefined ? plainJson(value) : decode(value, schema).value) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

/** What Go says of an object of another kind than the expected one. */
export function whyWrongKind(
  apiVersion: string,
  kind: string,
  expected: { readonly group: string; readonly kind: string },
): string {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const item = kind.replace(/List$/, "");
  const isKnown =
    isUnservedKind(apiVersion, kind) ||
    (isBuiltInVersion(group, version) &&
      (schemaFor(group, version, kind) !== undefined ||
        schemaFor(group, version, item) !== undefined ||
        META_KINDS.has(kind)));
  return isKnown
    ? `converting (${version}.${kind}) to (${goPackage(expected.group)}.${expected.kind}): unknown conversion`
    : `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${SCHEME}`;
}

function parse(
  text: string,
  format: BodyFormat,
  expected: ExpectedKind,
): { node: JsonNode; strictErrors: readonly string[] } {
  if (format === "protobuf") return { node: parseProtobuf(text, expected), strictErrors: [] };
  try {
    if (format === "json") return { node: readJson(text), strictErrors: [] };
    const { json, strictErrors } = readYaml(text);
    return { node: readJson(json), strictErrors };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError) && !(error instanceof YamlSyntaxError)) throw error;
    throw unrecognized(text, expected, error.message, format);
  }
}

function parseProtobuf(text: string, expected: ExpectedKind): JsonNode {
  // The real server breaks off without an answer here.
  if (expected.isCustom) throw new StatusError(415, "UnsupportedMediaType", NO_CUSTOM_PROTOBUF);
  try {
    return readProtobuf(text, expected);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (error.cause === undefined) throw unrecognized(text, expected, error.message, "protobuf");
    const { apiVersion, kind } = error.cause as Envelope;
    throw cannotHandle(apiVersion || formatApiVersion(expected), kind || expected.kind, expected, error.message);
  }
}

/**
 * The object in a protobuf body, as if it had been JSON. Of a kind that is not the expected one only the name is read.
 * @throws WireError with the envelope as its cause where that could be read
 */
function readProtobuf(text: string, expected: ExpectedKind): JsonObject {
  const envelope = readEnvelope(Buffer.from(text, "latin1"));
  const kind = envelope.kind || expected.kind;
  const apiVersion = envelope.apiVersion || formatApiVersion(expected);
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const isExpected = kind === expected.kind;
  const schema = isExpected
    ? (schemaFor(group, version, kind) ?? schemaFor(expected.group, expected.version, kind))
    : undefined;
  let object = new JsonObject();
  try {
    if (schema !== undefined) object = readMessage(envelope.raw, schema);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new WireError(error.message, { cause: envelope });
  }
  object.entries.unshift(["apiVersion", apiVersion], ["kind", kind]);
  return object;
}

function unrecognized(text: string, expected: ExpectedKind, why: string, format: BodyFormat = "json"): StatusError {
  const prefix = `the object provided is unrecognized (must be of type ${expected.kind}):`;
  if (format === "protobuf") return badRequest(`${prefix} ${why} (${shown(text, "latin1")})`);
  if (format === "yaml") return badRequest(`${prefix} ${why} (${shown(text)})`);
  return badRequest(`${prefix} couldn't get version/kind; json parse error: ${why} (${shown(text)})`);
}

function shown(text: string, encoding: "utf8" | "latin1" = "utf8"): string {
  if (text === "") return "<empty>";
  const bytes = Buffer.from(text, encoding);
  const head = bytes.subarray(0, SHOWN_LENGTH);
  const more = bytes.length > SHOWN_LENGTH ? " ..." : "";
  return (text.startsWith("{") ? head.toString() : head.toString("hex")) + more;
}

/** What Go says where a value of another type stands in place of an object with a kind. */
function typeError(value: JsonNode): string {
  const type = Array.isArray(value)
    ? "array"
    : typeof value === "string"
      ? "string"
      : value instanceof JsonNumber
        ? "number"
        : "bool";
  const target =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  return `json: cannot unmarshal ${type} into Go value of type ${target}`;
}

/** What Go says of a field that names the kind and is no string. */
function typeProblem(object: JsonObject, name: string): string | undefined {
  const value = object.entries.findLast(([key]) => key === name)?.[1];
  if (value === undefined || value === null || typeof value === "string") return undefined;
  const type = Array.isArray(value)
    ? "array"
    : value instanceof JsonObject
      ? "object"
      : value instanceof JsonNumber
        ? "number"
        : "bool";
  return `json: cannot unmarshal ${type} into Go struct field .${name} of type string`;
}

function stringField(object: JsonObject, name: string): string {
  const value = object.entries.findLast(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : "";
}

function wrongKind(apiVersion: string, kind: string, expected: ExpectedKind): StatusError {
  return cannotHandle(apiVersion, kind, expected, whyWrongKind(apiVersion, kind, expected));
}

function cannotHandle(apiVersion: string, kind: string, expected: ExpectedKind, why: string): StatusError {
  const version = apiVersion.split("/").at(-1) ?? "";
  return badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ${why}`);
}

/**
 * A custom resource in another version than the path's is refused, after the fields that nobody knows were warned of; one of
 * another kind is left to validation.
 * @throws StatusError 400
 */
function otherCustom(value: JsonObject, apiVersion: string, expected: ExpectedKind, decoding: Decoding): ApiObject {
  const object = plainJson(value) as ApiObject;
  if (apiVersion === formatApiVersion(expected))
    return decodeNode(value, expected, { ...decoding, schema: { type: "any", go: "", isAtomic: false } });
  // Only what is of the same kind, in whatever version, is looked into.
  if (apiVersion.startsWith(`${expected.group}/`) && object.kind === expected.kind) {
    const schema = decoding.otherSchema?.(apiVersion);
    if (schema !== undefined)
      decodeNode(value, { ...expected, version: apiVersion.slice(expected.group.length + 1) }, { ...decoding, schema });
    else if (decoding.validation === "Warn") {
      const unknown = Object.keys(object).filter((name) => !["apiVersion", "kind", "metadata"].includes(name));
      for (const name of unknown.sort()) decoding.warn(`unknown field ${JSON.stringify(name)}`);
    }
  }
  throw badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${formatApiVersion(expected)})`,
  );
}

function missingKind(text: string, value: JsonObject, expected: ExpectedKind, decoding: Decoding): StatusError {
  const body = text === "" ? JSON.stringify(plainJson(value)) : text;
  const { kind, version } = expected;
  // Without a strict look at it the body is decoded as what is expected.
  if (decoding.validation === "Ignore") {
    const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`;
    return badRequest(`${what}: Object 'Kind' is missing in '${body}'`);
  }
  const prefix = `the object provided is unrecognized (must be of type ${kind}):`;
  return badRequest(`${prefix} Object 'Kind' is missing in '${body}' (${shown(text)})`);
}
