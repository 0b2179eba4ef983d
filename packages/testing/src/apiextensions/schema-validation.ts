/**
 * What a CustomResourceDefinition's schema may say, beyond being structural.
 */

import type { FieldError } from "../registry/field-error.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { defaultErrors } from "./defaults-validation.ts";
import { isValidPath } from "./field-path.ts";
import { goRule, goSchema } from "./go-spelling.ts";
import {
  additionalOf,
  allowsAdditional,
  itemsOf,
  type JsonSchema,
  propertiesOf,
  propertyOf,
  someSchema,
  type ValidationRule,
} from "./json-schema.ts";
import { ruleSetOf } from "./rule-compilation.ts";
import { mostBelow, multiplied, RuleCosts } from "./rule-costs.ts";
import { keyed, structuralErrors } from "./structural-validation.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const META_FIELDS = new Set(["metadata", "kind", "apiVersion"]);

/** What may stand at the root beside `status`, by its Go name. */
const ROOT_FIELDS = [
  "Description",
  "Type",
  "Format",
  "Title",
  "Maximum",
  "ExclusiveMaximum",
  "Minimum",
  "ExclusiveMinimum",
  "MaxLength",
  "MinLength",
  "Pattern",
  "MaxItems",
  "MinItems",
  "UniqueItems",
  "MultipleOf",
  "Required",
  "Items",
  "Properties",
  "ExternalDocs",
  "Example",
  "XPreserveUnknownFields",
  "XValidations",
];

/** What a node inherits from those above it. */
interface Context {
  readonly isRoot: boolean;
  readonly isInsideMeta: boolean;
  /** Why defaults are forbidden; undefined where they are not. */
  readonly noDefaults?: string | undefined;
  /** The first node above whose parts of two versions of an object cannot be told to be the same. */
  readonly uncorrelatable?: string | undefined;
  /** Whether CEL rules are looked at: not inside combinations. */
  readonly isRuled: boolean;
  /** What is wrong with CEL rules, which comes last. */
  readonly rules: FieldErrors;
  readonly costs: RuleCosts;
  /** How many values of a node there can be; undefined where there is no bound. */
  readonly occurrences: number | undefined;
}

/** All that is wrong with a schema. `path` is that of `openAPIV3Schema`. */
export function schemaErrors(schema: JsonSchema, path: string, hasStatus: boolean): FieldError[] {
  const errors = new FieldErrors();
  if (hasStatus) checkRootFields(errors, schema, path);
  if (schema.nullable === true) errors.forbidden(`${path}.nullable`, "nullable cannot be true at the root");
  const isReadable = !someSchema(schema, isUnsupported);
  const structural = isReadable ? structuralErrors(schema, path) : [];
  const defaults = isReadable && structural.length === 0 ? defaultErrors(schema, path) : [];
  errors.addAll([...structural, ...defaults]);
  const rules = new FieldErrors();
  const isRuled = isReadable && structural.length === 0 && defaults.length === 0;
  const costs = new RuleCosts();
  checkNode(errors, schema, path, { isRoot: true, isInsideMeta: false, isRuled, rules, costs, occurrences: 1 });
  errors.addAll(rules.all());
  costs.checkTotal(errors, path);
  if (errors.count === 0 && someSchema(schema, ({ $schema }) => ($schema ?? "") !== ""))
    errors.invalid(path, "", "OpenAPIV3Schema 'schema' is not supported");
  return errors.all();
}

/** What makes a schema one that is not looked at any further. */
function isUnsupported(schema: JsonSchema): boolean {
  const maps = [schema.patternProperties, schema.definitions, schema.dependencies];
  return (
    [schema.id, schema.$schema, schema.$ref].some((text) => (text ?? "") !== "") ||
    maps.some((map) => Object.keys(map ?? {}).length > 0) ||
    schema.additionalItems !== undefined ||
    schema["x-kubernetes-preserve-unknown-fields"] === false ||
    Array.isArray(schema.items)
  );
}

function checkRootFields(errors: FieldErrors, schema: JsonSchema, path: string): void {
  if ((schema.type ?? "") !== "" && schema.type !== "object") {
    errors.invalid(
      `${path}.type`,
      schema.type,
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
    );
    return;
  }
  const spelled = goSchema(schema) as Readonly<Record<string, unknown>>;
  const isZero = (value: unknown) => value === null || value === "" || value === false;
  if (Object.entries(spelled).some(([name, value]) => !isZero(value) && !ROOT_FIELDS.includes(name))) {
    errors.invalid(
      path,
      spelled,
      `only [${ROOT_FIELDS.join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`,
    );
  }
}

/** Checks a node and those in it; true where nothing but CEL rules was found wrong. */
function checkNode(errors: FieldErrors, schema: JsonSchema, path: string, context: Context): boolean {
  const before = errors.count;
  checkSupported(errors, schema, path, context);
  checkAdditional(errors, schema, path, context);
  const below = belowNode(schema, context);
  const isCorrelatable = schema["x-kubernetes-map-type"] !== "atomic";
  for (const [name, property] of propertiesOf(schema)) {
    const isMeta = META_FIELDS.has(name) && (context.isRoot || schema["x-kubernetes-embedded-resource"] === true);
    checkNode(errors, property, keyed(child(path, "properties"), name), {
      ...below,
      uncorrelatable: context.uncorrelatable ?? (isCorrelatable ? undefined : path),
      isInsideMeta: context.isInsideMeta || isMeta,
      noDefaults: isMeta && context.isRoot ? `in top-level ${name}` : context.noDefaults,
    });
  }
  checkParts(errors, schema, path, below);
  const items = itemsOf(schema);
  if (items !== undefined) {
    const uncorrelatable = context.uncorrelatable ?? (schema["x-kubernetes-list-type"] === "map" ? undefined : path);
    checkNode(errors, items, child(path, "items"), { ...below, uncorrelatable });
  }
  checkListsAndMaps(errors, schema, path);
  const isSound = checkRuleTexts(errors, schema, path) && errors.count === before;
  if (isSound && context.isRuled) checkRules(context.rules, schema, path, context);
  return errors.count === before;
}

function belowNode(schema: JsonSchema, context: Context): Context {
  const each = mostBelow(schema);
  const { occurrences } = context;
  return {
    ...context,
    isRoot: false,
    occurrences: occurrences === undefined || each === undefined ? undefined : multiplied(occurrences, each),
  };
}

function checkAdditional(errors: FieldErrors, schema: JsonSchema, path: string, context: Context): void {
  if (schema.additionalProperties === undefined) return;
  const field = child(path, "additionalProperties");
  const additional = additionalOf(schema);
  if (propertiesOf(schema).length > 0 && (!allowsAdditional(schema) || additional !== undefined)) {
    errors.forbidden(field, "additionalProperties and properties are mutual exclusive");
  }
  if (additional === undefined) return;
  const noDefaults = context.isInsideMeta
    ? "inside additionalProperties applying to object metadata"
    : context.noDefaults;
  checkNode(errors, additional, field, { ...belowNode(schema, context), noDefaults });
}

function checkParts(errors: FieldErrors, schema: JsonSchema, path: string, context: Context): void {
  const inside = { ...context, isRuled: false };
  if (schema.not !== undefined) checkNode(errors, schema.not, child(path, "not"), inside);
  for (const member of ["allOf", "oneOf", "anyOf"] as const) {
    for (const [index, part] of (schema[member] ?? []).entries())
      checkNode(errors, part, `${child(path, member)}[${index}]`, inside);
  }
  for (const [name, part] of Object.entries(schema.definitions ?? {}).sort()) {
    checkNode(errors, part, keyed(child(path, "definitions"), name), inside);
  }
}

function checkSupported(errors: FieldErrors, schema: JsonSchema, path: string, context: Context): void {
  const type = schema.type ?? "";
  if (type !== "" && !TYPES.includes(type)) errors.notSupported(child(path, "type"), type, TYPES);
  if (schema.default !== undefined && schema.default !== null && context.noDefaults !== undefined) {
    errors.forbidden(child(path, "default"), `must not be set ${context.noDefaults}`);
  }
  const unsupported: readonly (readonly [unknown, string])[] = [
    [(schema.id ?? "") !== "", "id"],
    [schema.additionalItems !== undefined, "additionalItems"],
    [Object.keys(schema.patternProperties ?? {}).length > 0, "patternProperties"],
    [Object.keys(schema.definitions ?? {}).length > 0, "definitions"],
    [schema.dependencies !== undefined, "dependencies"],
    [schema.$ref !== undefined, "$ref"],
  ];
  for (const [isSet, member] of unsupported)
    if (isSet === true) errors.forbidden(child(path, member), `${member} is not supported`);
  if (type === "null")
    errors.forbidden(child(path, "type"), "type cannot be set to null, use nullable as an alternative");
  if (Array.isArray(schema.items) && schema.items.length > 0) {
    errors.forbidden(child(path, "items"), "items must be a schema object and not an array");
  }
  if (context.isInsideMeta && schema["x-kubernetes-embedded-resource"] === true) {
    errors.forbidden(child(path, "x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
  }
  if (schema.uniqueItems === true) {
    errors.forbidden(
      child(path, "uniqueItems"),
      "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
    );
  }
}

function checkListsAndMaps(errors: FieldErrors, schema: JsonSchema, path: string): void {
  const type = schema.type ?? "";
  const mustBe = (wanted: string, extension: string) => {
    const detail = `must be ${wanted} if ${extension} is specified`;
    if (type === "") errors.required(child(path, "type"), detail);
    else errors.invalid(child(path, "type"), type, detail);
  };
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    errors.invalid(child(path, "x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined");
  }
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType !== undefined && type !== "object") mustBe("object", "x-kubernetes-map-type");
  if (mapType !== undefined && mapType !== "atomic" && mapType !== "granular") {
    errors.notSupported(child(path, "x-kubernetes-map-type"), mapType, ["atomic", "granular"]);
  }
  const listType = schema["x-kubernetes-list-type"];
  const items = itemsOf(schema);
  if (listType !== undefined && type !== "array") mustBe("array", "x-kubernetes-list-type");
  else if (listType === "set" && items !== undefined) checkSetItems(errors, items, child(path, "items"));
  if (listType !== undefined && !["atomic", "set", "map"].includes(listType)) {
    errors.notSupported(child(path, "x-kubernetes-list-type"), listType, ["atomic", "set", "map"]);
  }
  checkListMap(errors, schema, path);
  if (items !== undefined && (listType === "set" || listType === "map"))
    checkElements(errors, schema, items, listType, child(path, "items"));
}

function checkSetItems(errors: FieldErrors, items: JsonSchema, path: string): void {
  const listType = items["x-kubernetes-list-type"];
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  if (items.type === "array" && listType !== undefined && listType !== "atomic") {
    errors.invalid(child(path, "x-kubernetes-list-type"), listType, detail);
  }
  if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    errors.invalid(child(path, "x-kubernetes-map-type"), listType ?? null, detail);
  }
}

function checkListMap(errors: FieldErrors, schema: JsonSchema, path: string): void {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const field = child(path, "x-kubernetes-list-map-keys");
  if (keys.length > 0 && listType !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    if (listType === undefined) errors.required(child(path, "x-kubernetes-list-type"), detail);
    else errors.invalid(child(path, "x-kubernetes-list-type"), listType, detail);
  }
  if (listType !== "map") return;
  if (keys.length === 0) errors.required(field, "must not be empty if x-kubernetes-list-type is map");
  const items = itemsOf(schema);
  if (items === undefined) {
    errors.required(child(path, "items"), "must have a schema if x-kubernetes-list-type is map");
    return;
  }
  if (items.type !== "object") {
    errors.invalid(
      child(child(path, "items"), "type"),
      items.type ?? "",
      "must be object if parent array's x-kubernetes-list-type is map",
    );
    return;
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (property === undefined) errors.invalid(field, keys, "entries must all be names of item properties");
    else if (property.type === "array" || property.type === "object") {
      const at = child(keyed(child(child(path, "items"), "properties"), key), "type");
      errors.invalid(at, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map");
    }
    if (keys.indexOf(key) < index) errors.invalid(field, keys, "must not contain duplicate entries");
  }
}

function checkElements(
  errors: FieldErrors,
  schema: JsonSchema,
  items: JsonSchema,
  listType: string,
  path: string,
): void {
  if (items.nullable === true)
    errors.forbidden(child(path, "nullable"), `cannot be nullable when x-kubernetes-list-type is ${listType}`);
  if (listType !== "map") return;
  const what = "this property is in x-kubernetes-list-map-keys, so it";
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const at = keyed(child(path, "properties"), key);
    const hasDefault = property.default !== undefined && property.default !== null;
    if (!(items.required?.includes(key) ?? false) && !hasDefault) {
      errors.required(child(at, "default"), `${what} must have a default or be a required property`);
    }
    if (property.nullable === true) errors.forbidden(child(at, "nullable"), `${what} cannot be nullable`);
  }
}

/** Checks what can be said of rules without compiling them. */
function checkRuleTexts(errors: FieldErrors, schema: JsonSchema, path: string): boolean {
  const before = errors.count;
  for (const [index, rule] of (schema["x-kubernetes-validations"] ?? []).entries()) {
    checkRuleText(errors, rule, schema, `${child(path, "x-kubernetes-validations")}[${index}]`);
  }
  return errors.count === before;
}

function checkRuleText(errors: FieldErrors, rule: ValidationRule, schema: JsonSchema, path: string): void {
  const { message = "", messageExpression = "", fieldPath = "", reason } = rule;
  const hasBreaks = (text: string) => /[\n\r]/.test(text);
  if (rule.rule.trim() === "") errors.required(child(path, "rule"), "rule is not specified");
  else if (message !== "" && message.trim() === "")
    errors.invalid(child(path, "message"), message, "must be non-empty if specified");
  else if (hasBreaks(message.trim())) errors.invalid(child(path, "message"), message, "must not contain line breaks");
  else if (hasBreaks(rule.rule.trim()) && message.trim() === "") {
    errors.required(child(path, "message"), "message must be specified if rule contains line breaks");
  }
  if (messageExpression !== "" && messageExpression.trim() === "") {
    errors.required(child(path, "messageExpression"), "messageExpression must be non-empty if specified");
  }
  if (reason !== undefined && !REASONS.includes(reason)) errors.notSupported(child(path, "reason"), reason, REASONS);
  if (fieldPath === "") return;
  const field = child(path, "fieldPath");
  if (fieldPath.trim() === "") errors.invalid(field, fieldPath, "must be non-empty if specified");
  if (hasBreaks(fieldPath)) errors.invalid(field, fieldPath, "must not contain line breaks");
  if (!isValidPath(fieldPath, schema)) errors.invalid(field, fieldPath, "must be a valid path");
}

function checkRules(rules: FieldErrors, schema: JsonSchema, path: string, context: Context): void {
  const validations = schema["x-kubernetes-validations"] ?? [];
  if (validations.length === 0) return;
  const set = ruleSetOf(schema, context.isRoot);
  const occurrences = context.occurrences ?? set?.mostOccurrences ?? 1;
  for (const [index, rule] of validations.entries()) {
    const at = `${child(path, "x-kubernetes-validations")}[${index}]`;
    const {
      error,
      messageError,
      messageProgram,
      usesOldSelf,
      mostCost = 0,
      mostMessageCost = 0,
    } = set?.rules[index] ?? {};
    context.costs.count(rules, child(at, "rule"), "estimated rule cost", multiplied(mostCost, occurrences));
    if (error !== undefined) rules.invalid(child(at, "rule"), goRule(rule), error);
    if (messageError !== undefined) rules.invalid(child(at, "messageExpression"), goRule(rule), messageError);
    else if (messageProgram !== undefined)
      context.costs.count(rules, child(at, "messageExpression"), "estimated messageExpression cost", mostMessageCost);
    if (usesOldSelf === true && context.uncorrelatable !== undefined) {
      rules.invalid(
        child(at, "rule"),
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${context.uncorrelatable}`,
      );
    } else if (usesOldSelf !== true && rule.optionalOldSelf !== undefined) {
      rules.invalid(
        child(at, "optionalOldSelf"),
        rule.optionalOldSelf,
        "may not be set if oldSelf is not used in rule",
      );
    }
  }
}
