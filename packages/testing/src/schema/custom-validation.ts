/**
 * Validation of a custom resource by the schema in its CustomResourceDefinition, in the server's words and order. Rules in CEL
 * (`x-kubernetes-validations`) are not evaluated.
 */
import type { FieldError, FieldErrorType } from "../registry/field-error.ts";
import { isFloatLiteral } from "./float-literals.ts";
import { formatNumber } from "./go-format.ts";
import type { CustomSchema } from "./schema.ts";
import { isOfFormat } from "./string-format.ts";

/** What is wrong with an object; empty if nothing is. */
export function validateCustom(object: unknown, schema: CustomSchema): FieldError[] {
  const errors = [...validate(object, schema, ""), ...validateLists(object, schema, "")];
  if (!errors.some(isBlocking)) return errors;
  const message =
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
  return hasRules(schema) ? [...errors, { type: "FieldValueInvalid", field: "<nil>", message }] : errors;
}

const blocking: ReadonlySet<FieldErrorType> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

function isBlocking(error: FieldError): boolean {
  return blocking.has(error.type);
}

function hasRules(schema: CustomSchema): boolean {
  return JSON.stringify(schema).includes('"x-kubernetes-validations"');
}

/** `isFloat`: a whole number was spelled as a float, which most checks take for another type. */
function validate(value: unknown, schema: CustomSchema, path: string, isFloat = false): FieldError[] {
  const errors = validateType(value, schema, path, isFloat);
  if (value !== null) {
    errors.push(...validateCombined(value, schema, path, isFloat));
    if (typeof value === "string") errors.push(...validateString(value, schema, path));
    if (typeof value === "number") errors.push(...validateNumber(value, schema, path, isFloat));
    if (Array.isArray(value)) errors.push(...validateItems(value, schema, path));
  }
  errors.push(...validateEnum(value, schema, path));
  if (isFields(value)) errors.push(...validateFields(value, schema, path));
  return errors;
}

function validateType(value: unknown, schema: CustomSchema, path: string, isFloat: boolean): FieldError[] {
  const wanted =
    schema["x-kubernetes-int-or-string"] === true
      ? ["integer", "string"]
      : schema.type === undefined
        ? []
        : [schema.type];
  if (wanted.length === 0) return [];
  if (value === null) return schema.nullable === true ? [] : [wrongType(path, wanted.join(","), "null")];
  const type = isFloat ? "number" : jsonType(value);
  const isWhole = isFloat || type === "integer";
  const isRight = wanted.includes(type) || (isWhole && (wanted.includes("number") || wanted.includes("integer")));
  if (isRight) return [];
  if (schema.format === undefined || schema.format === "") return [wrongType(path, wanted.join(","), type)];
  // With a format, what is neither a string nor a list is measured by the format, and lists pass for strings.
  if (typeof value !== "string" && !Array.isArray(value))
    return [wrongType(path, schema.format, numberFormat(value, isFloat))];
  return wanted.includes("integer") || wanted.includes("number") ? [wrongType(path, wanted.join(","), type)] : [];
}

function numberFormat(value: unknown, isFloat: boolean): string {
  if (typeof value !== "number") return "";
  return Number.isInteger(value) && !isFloat ? "int64" : "float64";
}

function wrongType(path: string, wanted: string, got: string): FieldError {
  const value = JSON.stringify(got);
  const message = `Invalid value: ${value}: ${path} in body must be of type ${wanted}: ${value}`;
  return { type: "FieldValueTypeInvalid", field: fieldOf(path), message };
}

function validateCombined(value: unknown, schema: CustomSchema, path: string, isFloat: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const composite = (why: string): void => {
    errors.push({
      type: "FieldValueInvalid",
      field: "<nil>",
      message: `Invalid value: "": ${JSON.stringify(path)} must ${why}`,
    });
  };
  const attempts = (list: readonly CustomSchema[]): FieldError[][] =>
    list.map((part) => validate(value, part, path, isFloat));
  if (schema.anyOf !== undefined && schema.anyOf.length > 0) {
    const found = attempts(schema.anyOf);
    if (!found.some(isEmpty)) {
      composite("validate at least one schema (anyOf)");
      errors.push(...shortest(found));
    }
  }
  if (schema.oneOf !== undefined && schema.oneOf.length > 0) {
    const found = attempts(schema.oneOf);
    const valid = found.filter(isEmpty).length;
    if (valid !== 1)
      composite(
        `validate one and only one schema (oneOf). Found ${valid === 0 ? "none valid" : `${valid} valid alternatives`}`,
      );
    if (valid === 0) errors.push(...shortest(found));
  }
  if (schema.allOf !== undefined && schema.allOf.length > 0) {
    const found = attempts(schema.allOf);
    const valid = found.filter(isEmpty).length;
    errors.push(...found.flat());
    if (valid !== found.length) composite(`validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
  }
  if (schema.not !== undefined && validate(value, schema.not, path, isFloat).length === 0)
    composite("not validate the schema (not)");
  return errors;
}

function isEmpty(errors: readonly FieldError[]): boolean {
  return errors.length === 0;
}

/** The alternative that came closest. */
function shortest(found: readonly FieldError[][]): FieldError[] {
  return found.reduce((best, errors) => (errors.length < best.length ? errors : best));
}

function validateString(value: string, schema: CustomSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    const message = `Too long: may not be more than ${schema.maxLength} ${schema.maxLength === 1 ? "byte" : "bytes"}`;
    errors.push({ type: "FieldValueTooLong", field: fieldOf(path), message });
  } else if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(invalid(path, value, `should be at least ${schema.minLength} chars long`));
  } else if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    errors.push(invalid(path, value, `should match '${schema.pattern}'`));
  }
  if (schema.format !== undefined && !isOfFormat(value, schema.format)) {
    const message = `Invalid value: ${JSON.stringify(value)}: ${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`;
    errors.push({ type: "FieldValueTypeInvalid", field: fieldOf(path), message });
  }
  return errors;
}

function validateNumber(value: number, schema: CustomSchema, path: string, isFloat: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { multipleOf, format } = schema;
  // Whole numbers are compared with whole bounds.
  const [minimum, maximum] = [schema.minimum, schema.maximum].map((bound) => {
    return bound === undefined || isFloat || !Number.isInteger(value) ? bound : Math.trunc(bound);
  });
  if (schema.type === "integer" && !isInRange(value, format)) {
    const how = format === undefined || format === "" ? "(default format)" : `with format ${format}`;
    const message = `Invalid value: "": Checked value must be of type integer ${how} in ${path}`;
    errors.push({ type: "FieldValueInvalid", field: "<nil>", message });
  }
  if (multipleOf !== undefined) errors.push(...validateMultiple(value, multipleOf, path, isFloat));
  const isTooSmall = minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum);
  const isTooLarge = maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum);
  if (isTooSmall)
    errors.push(
      invalid(
        path,
        value,
        `should be greater than ${schema.exclusiveMinimum === true ? "" : "or equal to "}${formatNumber(minimum)}`,
      ),
    );
  if (isTooLarge)
    errors.push(
      invalid(
        path,
        value,
        `should be less than ${schema.exclusiveMaximum === true ? "" : "or equal to "}${formatNumber(maximum)}`,
      ),
    );
  return errors;
}

/** The server measures whole numbers with a factor cut to a whole number, which may leave none. */
function validateMultiple(value: number, multipleOf: number, path: string, isFloat: boolean): FieldError[] {
  const factor = Number.isInteger(value) && !isFloat ? Math.trunc(multipleOf) : multipleOf;
  if (factor > 0)
    return Number.isInteger(value / factor)
      ? []
      : [invalid(path, value, `should be a multiple of ${formatNumber(factor)}`)];
  const message = `Invalid value: ${factor}: factor MultipleOf declared for ${path} must be positive: ${factor}`;
  return [{ type: "FieldValueInvalid", field: fieldOf(path), message }];
}

function isInRange(value: number, format: string | undefined): boolean {
  if (!Number.isInteger(value)) return false;
  if (format === "int32") return value >= -(2 ** 31) && value < 2 ** 31;
  return value >= -(2 ** 63) && value < 2 ** 63;
}

function validateItems(list: readonly unknown[], schema: CustomSchema, path: string): FieldError[] {
  const { items, minItems, maxItems } = schema;
  const errors =
    items === undefined
      ? []
      : list.flatMap((item, index) => validate(item, items, `${path}[${index}]`, isFloatLiteral(list, index)));
  if (minItems !== undefined && list.length < minItems)
    errors.push(invalid(path, list.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && list.length > maxItems) errors.push(tooMany(path, list.length, maxItems));
  if (schema.uniqueItems === true && new Set(list.map((item) => JSON.stringify(item))).size < list.length) {
    errors.push(invalid(path, "", "shouldn't contain duplicates"));
  }
  return errors;
}

function validateEnum(value: unknown, schema: CustomSchema, path: string): FieldError[] {
  if (schema.enum === undefined || (value === null && schema.nullable === true)) return [];
  if (schema.enum.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))) return [];
  const supported = schema.enum.map((allowed) =>
    JSON.stringify(typeof allowed === "string" ? allowed : JSON.stringify(allowed)),
  );
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.join(", ")}`;
  return [{ type: "FieldValueNotSupported", field: fieldOf(path), message }];
}

function validateFields(fields: Readonly<Record<string, unknown>>, schema: CustomSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const count = Object.keys(fields).length;
  const { minProperties, maxProperties, additionalProperties, properties = {} } = schema;
  if (minProperties !== undefined && count < minProperties) {
    errors.push(invalid(path, count, `should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  for (const [key, value] of Object.entries(fields)) {
    if (Object.hasOwn(properties, key)) continue;
    if (typeof additionalProperties === "object")
      errors.push(...validate(value, additionalProperties, `${path}.${key}`, isFloatLiteral(fields, key)));
  }
  for (const [key, property] of Object.entries(properties)) {
    if (Object.hasOwn(fields, key))
      errors.push(
        ...validate(fields[key], property, path === "" ? key : `${path}.${key}`, isFloatLiteral(fields, key)),
      );
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(fields, key))
      errors.push({ type: "FieldValueRequired", field: fieldOf(`${path}.${key}`), message: "Required value" });
  }
  return errors;
}

/** Sets and keyed lists must not repeat themselves. */
function validateLists(value: unknown, schema: CustomSchema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    const own = validateList(value, schema, path);
    return items === undefined
      ? own
      : [...own, ...value.flatMap((item, index) => validateLists(item, items, `${path}[${index}]`))];
  }
  if (!isFields(value)) return [];
  const { additionalProperties, properties = {} } = schema;
  return Object.entries(value).flatMap(([key, item]) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    return typeof property === "object" ? validateLists(item, property, path === "" ? key : `${path}.${key}`) : [];
  });
}

function validateList(list: readonly unknown[], schema: CustomSchema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType !== "set" && listType !== "map") return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const identities: string[] = [];
  for (const [index, item] of list.entries()) {
    if (listType === "set") identities.push(JSON.stringify(item));
    else if (item !== null && !isFields(item)) {
      const message = `Invalid value: ${JSON.stringify(item)}: must be an object for an array of list-type map`;
      return [{ type: "FieldValueInvalid", field: fieldOf(`${path}[${index}]`), message }];
    } else {
      const named = keys.filter((key) => item !== null && Object.hasOwn(item, key)).sort();
      identities.push(
        JSON.stringify(Object.fromEntries(named.map((key) => [key, (item as Record<string, unknown>)[key]]))),
      );
    }
  }
  return identities.flatMap((identity, index) => {
    // Only the first repetition of a value is reported.
    if (identities.slice(0, index).filter((other) => other === identity).length !== 1) return [];
    return [
      {
        type: "FieldValueDuplicate",
        field: fieldOf(`${path}[${index}]`),
        message: `Duplicate value: ${identity}`,
      } as const,
    ];
  });
}

function tooMany(path: string, count: number, maximum: number): FieldError {
  return {
    type: "FieldValueTooMany",
    field: fieldOf(path),
    message: `Too many: ${count}: must have at most ${maximum} items`,
  };
}

function invalid(path: string, value: unknown, why: string): FieldError {
  return {
    type: "FieldValueInvalid",
    field: fieldOf(path),
    message: `Invalid value: ${JSON.stringify(value)}: ${path} in body ${why}`,
  };
}

/** The root has no name, and below it names may begin with a dot. */
function fieldOf(path: string): string {
  return path === "" ? "<nil>" : path.replace(/^\./, "");
}

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
