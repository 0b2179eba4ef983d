/**
 * How the objects of a custom resource are stored, checked and shown: the same for all, by what their definition says.
 */

import { JsonPath, validateNameIsDns1123Subdomain, validatePathSegmentName } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { FieldError } from "../registry/field-error.ts";
import { forbidden, invalid } from "../registry/status-error.ts";
import type { ApiObject, ResourceInfo, Strategy, StrategyContext } from "../registry/strategy.ts";
import { normalize, type StructSchema, validateCustom } from "../schema/index.ts";
import { isSemanticallyEqual } from "../strategies/json-access.ts";
import { keep } from "../strategies/kind-rules.ts";
import { FieldErrors } from "../strategies/validation/field-errors.ts";
import { validateMetadata, validateMetadataUpdate } from "../strategies/validation/metadata-validation.ts";
import type { DefinitionVersion } from "./definition.ts";
import { validateEmbedded } from "./embedded-resources.ts";
import { itemsOf, type JsonSchema } from "./json-schema.ts";
import { customTable, firstOf } from "./printer-columns.ts";
import { ratchet } from "./ratcheting.ts";
import { validateRules } from "./rule-validation.ts";
import { validateScaleFields } from "./scale-paths.ts";

/** What a strategy is made from. */
export interface CustomParts {
  readonly version: DefinitionVersion;
  readonly schema: StructSchema;
  readonly storageSchema: StructSchema;
  readonly deprecation: string | undefined;
  /** Whether the definition is being deleted, so that nothing new may come. */
  readonly isTerminating: boolean;
  readonly afterDelete: () => void;
}

/** The strategy of one served version. */
export function customStrategy(resource: ResourceInfo, parts: CustomParts): Strategy {
  const { version, schema, storageSchema, deprecation } = parts;
  const json = schema.custom as JsonSchema | undefined;
  const hasStatus = version.subresources?.status !== undefined;
  const apiVersion = `${resource.group}/${resource.version}`;
  const storedApiVersion = `${resource.storage.group}/${resource.storage.version}`;
  const served = new WeakMap<ApiObject, ApiObject>();
  const check = (
    object: ApiObject,
    old: ApiObject | undefined,
    part: "object" | "status",
    context: StrategyContext,
  ): FieldError[] => {
    checkType(resource, object, apiVersion);
    const errors = new FieldErrors();
    if (old === undefined)
      validateMetadata(
        errors,
        object.metadata,
        resource.isNamespaced,
        validateNameIsDns1123Subdomain,
        "metadata",
        false,
      );
    else validateChangedMetadata(errors, object.metadata, old.metadata);
    const found = errors.all();
    if (part === "status") found.push(...statusErrors(object, old, json));
    else if (json !== undefined) found.push(...valueErrors(object, old, json));
    found.push(...validateScaleFields(object, version.subresources?.scale, part === "status"));
    if (json !== undefined) found.push(...validateEmbedded(object, json));
    return json === undefined ? found : withRules(found, json, object, old, context.warn);
  };
  return {
    hasStatus,
    table: customTable(version.additionalPrinterColumns),
    ...(deprecation === undefined ? {} : { deprecation }),
    selectableFields: selectable(version),
    allowUnconditionalUpdate: false,
    toStorage: (object) => asVersion(object, storedApiVersion, storageSchema),
    fromStorage(object): ApiObject {
      let converted = served.get(object);
      if (converted === undefined) {
        converted = asVersion(object, apiVersion, schema);
        served.set(object, converted);
      }
      return converted;
    },
    prepareForCreate(object): void {
      if (parts.isTerminating) {
        const why = "create not allowed while custom resource definition is terminating";
        throw forbidden({ group: resource.group, name: resource.plural }, object.metadata.name, why);
      }
      if (hasStatus) delete object["status"];
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old, context): void {
      if (context.subresource === "status") {
        takeStatus(object, old);
        return;
      }
      if (hasStatus) keep(object, old, "status");
      const generation = old.metadata.generation ?? 0;
      object.metadata.generation = isSameBut(object, old, "metadata") ? generation : generation + 1;
    },
    validate: (object, context) => check(object, undefined, "object", context),
    validateUpdate: (object, old, context) =>
      check(object, old, context.subresource === "status" ? "status" : "object", context),
    warnings: finalizerWarnings,
    afterDelete: () => parts.afterDelete(),
  };
}

/** The store checks the metadata of a change as that of a new object and as a change, and the strategy once more as a change. */
function validateChangedMetadata(
  errors: FieldErrors,
  metadata: ApiObject["metadata"],
  old: ApiObject["metadata"],
): void {
  const change = new FieldErrors();
  validateMetadataUpdate(change, metadata, old, "metadata", false);
  const isNew = ({ field, type }: FieldError) =>
    field.startsWith("metadata.finalizers") && type === "FieldValueInvalid";
  const asChange = change.all().filter((error) => !isNew(error));
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  const kept = { name, namespace, labels, annotations, ownerReferences, finalizers };
  validateMetadata(errors, kept, namespace !== undefined, validatePathSegmentName, "metadata", false);
  errors.addAll([...asChange, ...asChange]);
}

function asVersion(object: ApiObject, apiVersion: string, schema: StructSchema): ApiObject {
  return normalize({ ...clone(object), apiVersion }, schema);
}

/** A status write changes the status and who owns it, nothing else. */
function takeStatus(object: ApiObject, old: ApiObject): void {
  const { status } = object;
  const { resourceVersion, managedFields } = object.metadata;
  for (const member of Object.keys(object)) delete object[member];
  Object.assign(object, clone(old));
  if (managedFields === undefined) delete object.metadata["managedFields"];
  else object.metadata["managedFields"] = managedFields;
  if (resourceVersion !== undefined) object.metadata.resourceVersion = resourceVersion;
  if (status === undefined) delete object["status"];
  else object["status"] = status;
}

function isSameBut(object: ApiObject, old: ApiObject, member: string): boolean {
  const without = ({ [member]: _, ...rest }: ApiObject) => rest;
  return isSemanticallyEqual(without(object), without(old));
}

/** @throws StatusError 422, which names the kind that was sent */
function checkType(resource: ResourceInfo, object: ApiObject, apiVersion: string): void {
  const errors = new FieldErrors();
  if (object.kind !== resource.kind) errors.invalid("kind", object.kind, `must be ${resource.kind}`);
  if (object.apiVersion !== apiVersion) errors.invalid("apiVersion", object.apiVersion, `must be ${apiVersion}`);
  if (errors.hasErrors) throw invalid({ group: resource.group, name: object.kind }, object.metadata.name, errors.all());
}

/** What is wrong with a value that was not so before. */
function valueErrors(value: unknown, old: unknown, schema: JsonSchema): FieldError[] {
  const errors = withoutNotice(validateCustom(value, schema as never));
  if (old === undefined || errors.length === 0) return errors;
  const isDuplicate = ({ type }: FieldError) => type === "FieldValueDuplicate";
  const hadDuplicates = validateCustom(old, schema as never).some(isDuplicate);
  const counted = hadDuplicates ? errors.filter((error) => !isDuplicate(error)) : errors;
  return ratchet(counted, value, old, schema);
}

/** The schema of the status, applied to the status alone. */
function statusErrors(object: ApiObject, old: ApiObject | undefined, schema: JsonSchema | undefined): FieldError[] {
  const status = schema?.properties?.["status"];
  if (status === undefined || object["status"] === undefined) return [];
  // Messages name paths inside the status, fields the whole path.
  return valueErrors(object["status"], old?.["status"], status).map((error) => ({
    ...error,
    field: error.field === "<nil>" ? "status" : `status.${error.field}`,
  }));
}

const BLOCKING = new Set<FieldError["type"]>([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const UNCHECKED =
  "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

function withoutNotice(errors: readonly FieldError[]): FieldError[] {
  return errors.filter(({ message }) => message !== UNCHECKED);
}

/** Rules in CEL run only where the object is sound enough for them. */
function withRules(
  found: FieldError[],
  schema: JsonSchema,
  object: ApiObject,
  old: ApiObject | undefined,
  warn: (text: string) => void,
): FieldError[] {
  if (!hasRules(schema)) return found;
  if (found.some(({ type }) => BLOCKING.has(type)))
    return [...found, { type: "FieldValueInvalid", field: "<nil>", message: UNCHECKED }];
  return [...found, ...validateRules(object, old, schema, warn)];
}

const rulesKnown = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has rules where they are evaluated. */
function hasRules(schema: JsonSchema): boolean {
  let known = rulesKnown.get(schema);
  if (known === undefined) {
    const { additionalProperties } = schema;
    const inner = [
      itemsOf(schema),
      typeof additionalProperties === "object" ? additionalProperties : undefined,
      ...Object.values(schema.properties ?? {}),
    ];
    known =
      (schema["x-kubernetes-validations"]?.length ?? 0) > 0 ||
      inner.some((part) => part !== undefined && hasRules(part));
    rulesKnown.set(schema, known);
  }
  return known;
}

function selectable(version: DefinitionVersion): Readonly<Record<string, (object: ApiObject) => string>> {
  const readers: Record<string, (object: ApiObject) => string> = {};
  for (const { jsonPath } of version.selectableFields ?? []) {
    const path = JsonPath.parse(`{${jsonPath}}`, { allowMissingKeys: true });
    readers[jsonPath.replace(/^\./, "")] = (object) => {
      const value = firstOf(object, path);
      return value === undefined || value === null ? "" : String(value);
    };
  }
  return readers;
}

const STANDARD_FINALIZERS = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

function finalizerWarnings(object: ApiObject, old: ApiObject | undefined): string[] {
  const before = new Set(old?.metadata.finalizers ?? []);
  return [...new Set(object.metadata.finalizers ?? [])]
    .filter((name) => !before.has(name) && !name.includes("/") && !STANDARD_FINALIZERS.has(name))
    .sort()
    .map((name) => {
      const how = name.includes(".") ? "including a path (/) " : "";
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name ${how}to avoid accidental conflicts with other finalizer writers`;
    });
}
