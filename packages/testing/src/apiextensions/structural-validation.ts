/**
 * Whether the schema of a CustomResourceDefinition is structural: what type each field has must be said outside of logical
 * combinations.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import type { FieldError } from "../registry/field-error.ts";
import { isSemanticallyEqual } from "../strategies/json-access.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { additionalOf, allowsAdditional, itemsOf, type JsonSchema, propertiesOf, propertyOf } from "./json-schema.ts";

type Level = "root" | "item" | "field";

const INT_OR_STRING: readonly JsonSchema[] = [{ type: "integer" }, { type: "string" }];

/** All violations, in alphabetical order. */
export function structuralErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors = new FieldErrors();
  checkNode(errors, schema, "root", path);
  checkCompleteness(errors, schema, path);
  const textOf = ({ field, message }: FieldError) => `${field}: ${message}`;
  return errors.all().sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
}

/** A path into a map: `properties[spec]`. */
export function keyed(path: string, key: string): string {
  return `${path}[${key}]`;
}

function checkNode(errors: FieldErrors, schema: JsonSchema, level: Level, path: string): void {
  const items = itemsOf(schema);
  if (schema.type === "array" && items === undefined) errors.required(child(path, "items"), "must be specified");
  if (items !== undefined) checkNode(errors, items, "item", child(path, "items"));
  for (const [name, property] of propertiesOf(schema))
    checkNode(errors, property, "field", keyed(child(path, "properties"), name));
  if (schema.additionalProperties !== undefined) {
    if (level === "root") errors.forbidden(child(path, "additionalProperties"), "must not be used at the root");
    const additional = additionalOf(schema);
    if (additional !== undefined) checkNode(errors, additional, "field", child(path, "additionalProperties"));
  }
  checkExtensions(errors, schema, path);
  const skipsFirst = isIntOrString(schema.allOf?.[0]?.anyOf);
  checkCombinations(errors, schema, isIntOrString(schema.anyOf), skipsFirst, path);
  checkType(errors, schema, level, path);
  checkResource(errors, schema, level, path);
}

function checkExtensions(errors: FieldErrors, schema: JsonSchema, path: string): void {
  if (schema["x-kubernetes-int-or-string"] !== true) return;
  for (const extension of ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const) {
    if (schema[extension] === true) {
      errors.invalid(child(path, extension), true, "must be false if x-kubernetes-int-or-string is true");
    }
  }
}

function checkType(errors: FieldErrors, schema: JsonSchema, level: Level, path: string): void {
  const field = child(path, "type");
  const type = schema.type ?? "";
  if (schema["x-kubernetes-embedded-resource"] === true && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    if (type === "") errors.required(field, detail);
    else errors.invalid(field, type, detail);
  } else if (
    type === "" &&
    schema["x-kubernetes-int-or-string"] !== true &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true
  ) {
    const where = { root: "at the root", item: "for specified array items", field: "for specified object fields" }[
      level
    ];
    errors.required(field, `must not be empty ${where}`);
  }
  if (level === "root" && type !== "" && type !== "object") errors.invalid(field, type, "must be object at the root");
}

/** What a schema may say of `apiVersion`, `kind` and `metadata`. */
function checkResource(errors: FieldErrors, schema: JsonSchema, level: Level, path: string): void {
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const isResource = level === "root" || isEmbedded;
  if (isEmbedded && schema.additionalProperties !== undefined) {
    errors.forbidden(child(path, "additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
  }
  for (const name of ["kind", "apiVersion"]) {
    const property = propertyOf(schema, name);
    if (isResource && property !== undefined && property.type !== "string") {
      errors.invalid(child(keyed(child(path, "properties"), name), "type"), property.type ?? "", "must be string");
    }
  }
  const metadata = propertyOf(schema, "metadata");
  if (metadata !== undefined) {
    const field = keyed(child(path, "properties"), "metadata");
    if (isResource && metadata.type !== "object")
      errors.invalid(child(field, "type"), metadata.type ?? "", "must be object");
    if (level === "root" && !isPlainMetadata(metadata)) {
      errors.forbidden(
        field,
        "must not specify anything other than name and generateName, but metadata is implicitly specified",
      );
    }
  }
  if (isEmbedded && schema["x-kubernetes-preserve-unknown-fields"] !== true && propertiesOf(schema).length === 0) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.required(child(path, "properties"), detail);
  }
}

function isPlainMetadata(metadata: JsonSchema): boolean {
  const { type: _type, default: _default, properties, ...rest } = metadata;
  const hasOnlyNames = Object.keys(properties ?? {}).every((name) => name === "name" || name === "generateName");
  return hasOnlyNames && Object.keys(rest).length === 0;
}

function isIntOrString(schemas: readonly JsonSchema[] | undefined): boolean {
  return schemas !== undefined && isSemanticallyEqual(schemas, INT_OR_STRING);
}

function checkCombinations(
  errors: FieldErrors,
  schema: JsonSchema,
  skipsAnyOf: boolean,
  skipsFirstOfAllOf: boolean,
  path: string,
): void {
  if (!skipsAnyOf) {
    for (const [index, part] of (schema.anyOf ?? []).entries())
      checkNested(errors, part, false, `${child(path, "anyOf")}[${index}]`);
  }
  for (const [index, part] of (schema.allOf ?? []).entries()) {
    checkNested(errors, part, skipsFirstOfAllOf && index === 0, `${child(path, "allOf")}[${index}]`);
  }
  for (const [index, part] of (schema.oneOf ?? []).entries())
    checkNested(errors, part, false, `${child(path, "oneOf")}[${index}]`);
  if (schema.not !== undefined) checkNested(errors, schema.not, false, child(path, "not"));
  const problem = patternProblem(schema.pattern ?? "");
  if (problem !== undefined) {
    errors.invalid(child(path, "pattern"), schema.pattern, `must be a valid regular expression, but isn't: ${problem}`);
  }
}

/** Inside a combination only values may be constrained. */
function checkNested(errors: FieldErrors, schema: JsonSchema, skipsAnyOf: boolean, path: string): void {
  checkCombinations(errors, schema, skipsAnyOf, false, path);
  const items = itemsOf(schema);
  if (items !== undefined) checkNested(errors, items, false, child(path, "items"));
  for (const [name, property] of propertiesOf(schema))
    checkNested(errors, property, false, keyed(child(path, "properties"), name));
  const forbid = (isSet: boolean, member: string, must: string) => {
    if (isSet) errors.forbidden(child(path, member), `must be ${must} to be structural`);
  };
  forbid((schema.type ?? "") !== "", "type", "empty");
  forbid(allowsAdditional(schema), "additionalProperties", "undefined");
  forbid(schema.default !== undefined && schema.default !== null, "default", "undefined");
  forbid((schema.title ?? "") !== "", "title", "empty");
  forbid((schema.description ?? "") !== "", "description", "empty");
  forbid(schema.nullable === true, "nullable", "false");
  for (const flag of ["preserve-unknown-fields", "embedded-resource", "int-or-string"] as const) {
    forbid(schema[`x-kubernetes-${flag}`] === true, `x-kubernetes-${flag}`, "false");
  }
  forbid((schema["x-kubernetes-list-map-keys"]?.length ?? 0) > 0, "x-kubernetes-list-map-keys", "empty");
  forbid(schema["x-kubernetes-list-type"] !== undefined, "x-kubernetes-list-type", "undefined");
  forbid(schema["x-kubernetes-map-type"] !== undefined, "x-kubernetes-map-type", "undefined");
  forbid((schema["x-kubernetes-validations"]?.length ?? 0) > 0, "x-kubernetes-validations", "empty");
  if (propertyOf(schema, "metadata") !== undefined) {
    errors.forbidden(keyed(child(path, "properties"), "metadata"), "must not be specified in a nested context");
  }
}

/** Every field that a combination at the root names must be declared outside of it. */
function checkCompleteness(errors: FieldErrors, schema: JsonSchema, path: string): void {
  for (const [at, part] of partsOf(schema, path)) checkDeclared(errors, part, schema, at, path);
}

function checkDeclared(
  errors: FieldErrors,
  part: JsonSchema,
  schema: JsonSchema | undefined,
  path: string,
  schemaPath: string,
): void {
  if (schema === undefined) {
    errors.required(schemaPath, `because it is defined in ${path}`);
    return;
  }
  for (const [at, inner] of partsOf(part, path)) checkDeclared(errors, inner, schema, at, schemaPath);
  const items = itemsOf(part);
  if (items !== undefined)
    checkDeclared(errors, items, itemsOf(schema), child(path, "items"), child(schemaPath, "items"));
  for (const [name, property] of propertiesOf(part)) {
    const at = keyed(child(path, "properties"), name);
    checkDeclared(errors, property, propertyOf(schema, name), at, keyed(child(schemaPath, "properties"), name));
  }
}

/** The members of a schema's combinations, with their paths. */
function* partsOf(schema: JsonSchema, path: string): Generator<readonly [string, JsonSchema]> {
  if (schema.not !== undefined) yield [child(path, "not"), schema.not];
  for (const member of ["allOf", "anyOf", "oneOf"] as const) {
    for (const [index, part] of (schema[member] ?? []).entries()) yield [`${child(path, member)}[${index}]`, part];
  }
}

/** What Go's regexp has against a pattern; undefined if nothing. */
function patternProblem(pattern: string): string | undefined {
  const lookaround = /\(\?(=|!|<=|<!)/.exec(pattern);
  if (lookaround !== null) {
    return `error parsing regexp: invalid or unsupported Perl syntax: \`${lookaround[0].startsWith("(?<") ? lookaround[0].slice(0, 4) : lookaround[0]}\``;
  }
  try {
    new RegExp(
      pattern
        .replace(/\(\?P</g, "(?<")
        .replace(/^\(\?[imsU]+\)/, "")
        .replace(/\\z$/, "$"),
    );
    return undefined;
  } catch {
    return goParseError(pattern);
  }
}

function goParseError(pattern: string): string {
  const prefix = "error parsing regexp: ";
  const open = unclosedBracket(pattern);
  if (open !== undefined) return `${prefix}missing closing ]: \`${open}\``;
  if (/^[*+?]/.test(pattern)) return `${prefix}missing argument to repetition operator: \`${pattern[0]}\``;
  const opens = (pattern.match(/(?<!\\)\(/g) ?? []).length;
  const closes = (pattern.match(/(?<!\\)\)/g) ?? []).length;
  if (opens > closes) return `${prefix}missing closing ): \`${pattern}\``;
  if (closes > opens) return `${prefix}unexpected ): \`${pattern}\``;
  return `${prefix}invalid or unsupported syntax: \`${pattern}\``;
}

function unclosedBracket(pattern: string): string | undefined {
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] === "\\") index += 1;
    else if (pattern[index] === "[") {
      const start = index;
      index += 1;
      if (pattern[index] === "^") index += 1;
      if (pattern[index] === "]") index += 1;
      while (index < pattern.length && pattern[index] !== "]") index += pattern[index] === "\\" ? 2 : 1;
      if (index >= pattern.length) return pattern.slice(start);
    }
  }
  return undefined;
}
