/**
 * Validation of a CustomResourceDefinition, in the order of kube-apiserver's causes.
 */
import { validateDns1035Label, validateDns1123Subdomain } from "bowline/core";
import { validateClientConfig } from "../strategies/admissionregistration/webhooks.ts";
import { type Fields, textAt } from "../strategies/json-access.ts";
import { child, type FieldErrors, IMMUTABLE } from "../strategies/validation/field-errors.ts";
import type {
  Definition,
  DefinitionNames,
  DefinitionSpec,
  DefinitionVersion,
  HoistedSpec,
  PrinterColumn,
  Subresources,
} from "./definition.ts";
import { hoist, isEstablished } from "./definition.ts";
import { resolvePath } from "./field-path.ts";
import { goVersions } from "./go-spelling.ts";
import { type JsonSchema, someSchema } from "./json-schema.ts";
import { schemaErrors } from "./schema-validation.ts";

const MOST_SELECTABLE_FIELDS = 8;
const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const APPROVAL = "api-approved.kubernetes.io";

/** Checks a definition; with `old` also what may not change. `metadata` is checked elsewhere. */
export function validateDefinition(errors: FieldErrors, definition: Definition, old?: Definition): void {
  const { spec } = definition;
  validateSpec(errors, spec);
  if (old !== undefined) {
    const keep = (field: string, value: unknown, before: unknown) => {
      if (value !== before) errors.invalid(field, value, IMMUTABLE);
    };
    if (isEstablished(old)) {
      keep("spec.scope", spec.scope, old.spec.scope);
      keep("spec.names.kind", spec.names.kind, old.spec.names.kind);
    }
    keep("spec.group", spec.group, old.spec.group);
    keep("spec.names.plural", spec.names.plural, old.spec.names.plural);
  }
  const { acceptedNames, storedVersions } = definition.status ?? {};
  if (acceptedNames !== undefined) validateNames(errors, acceptedNames, "status.acceptedNames");
  validateStoredVersions(errors, storedVersions ?? [], spec.versions ?? []);
  validateApproval(errors, definition, old);
  if (spec.preserveUnknownFields === true && old?.spec.preserveUnknownFields !== true) {
    const detail =
      "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
    errors.invalid("spec.preserveUnknownFields", true, detail);
  }
}

/** Checks what a status write can change. */
export function validateDefinitionStatus(errors: FieldErrors, definition: Definition): void {
  if (definition.status?.acceptedNames !== undefined)
    validateNames(errors, definition.status.acceptedNames, "status.acceptedNames");
}

function validateSpec(errors: FieldErrors, spec: DefinitionSpec): void {
  validateGroup(errors, spec.group);
  if (spec.scope === "") errors.required("spec.scope");
  else if (spec.scope !== "Cluster" && spec.scope !== "Namespaced")
    errors.notSupported("spec.scope", spec.scope, ["Cluster", "Namespaced"]);
  const hoisted = hoist(spec);
  if (hoisted.schema?.openAPIV3Schema === undefined) {
    for (const [index, { schema }] of hoisted.versions.entries()) {
      if (schema?.openAPIV3Schema === undefined) errors.required(`spec.versions[${index}].schema.openAPIV3Schema`);
    }
  }
  if (spec.preserveUnknownFields === true && hasDefaults(hoisted)) {
    errors.invalid("spec.preserveUnknownFields", true, "must be false in order to use defaults in the schema");
  }
  validateVersions(errors, hoisted, spec.versions ?? null);
  const { names } = spec;
  for (const name of ["plural", "singular", "kind", "listKind"] as const) {
    if ((names[name] ?? "") === "") errors.required(`spec.names.${name}`);
  }
  validateNames(errors, names, "spec.names");
  validateParts(errors, hoisted, "spec", {
    schema: "validation",
    hasStatus: [hoisted, ...hoisted.versions].some(({ subresources }) => subresources?.status !== undefined),
  });
  validateConversion(errors, spec);
}

function validateGroup(errors: FieldErrors, group: string): void {
  if (group === "") {
    errors.required("spec.group");
    return;
  }
  const problems = validateDns1123Subdomain(group);
  if (problems.length > 0) errors.invalid("spec.group", group, problems.join(","));
  else if (!group.includes(".")) errors.invalid("spec.group", group, "should be a domain with at least one dot");
}

function hasDefaults(spec: HoistedSpec): boolean {
  const schemas = [spec.schema, ...spec.versions.map(({ schema }) => schema)].map((schema) => schema?.openAPIV3Schema);
  return schemas.some((schema) => someSchema(schema, (inner) => inner.default !== undefined && inner.default !== null));
}

function validateVersions(errors: FieldErrors, spec: HoistedSpec, sent: readonly DefinitionVersion[] | null): void {
  const { versions } = spec;
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    const problems = validateDns1035Label(version.name);
    if (problems.length > 0) errors.invalid(`${path}.name`, version.name, problems.join(","));
    validateVersion(errors, version, path, spec);
  }
  const names = versions.map(({ name }) => name);
  const spelled = sent === null ? null : goVersions(versions);
  if (new Set(names).size < names.length) errors.invalid("spec.versions", spelled, "must contain unique version names");
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.invalid("spec.versions", spelled, "must have exactly one version marked as storage version");
  }
  // Kept from the time when a definition had one version.
  const [first] = versions;
  const problems = first === undefined ? [] : validateDns1035Label(first.name);
  if (first !== undefined && first.name !== "" && problems.length > 0)
    errors.invalid("spec.version", first.name, problems.join(","));
}

function validateVersion(errors: FieldErrors, version: DefinitionVersion, path: string, spec: HoistedSpec): void {
  const { deprecationWarning } = version;
  const field = `${path}.deprecationWarning`;
  if (deprecationWarning !== undefined) {
    if (version.deprecated !== true)
      errors.invalid(field, deprecationWarning, "can only be set for deprecated versions");
    else {
      if (Buffer.byteLength(deprecationWarning) > 256)
        errors.invalid(field, deprecationWarning, "must be <= 256 characters long");
      if (deprecationWarning === "") errors.invalid(field, deprecationWarning, "must not be an empty string");
      const index = deprecationWarning.search(/[\p{C}\p{Z}]/u);
      const unprintable = [...deprecationWarning.matchAll(/[\p{C}\p{Z}]/gu)].find(([character]) => character !== " ");
      if (index >= 0 && unprintable !== undefined) {
        const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${unprintable.index}`;
        errors.invalid(field, deprecationWarning, detail);
      }
    }
  }
  const subresources = spec.subresources ?? version.subresources;
  validateParts(errors, version, path, { schema: "schema", hasStatus: subresources?.status !== undefined });
}

/** What a version says of its own, or the spec of all versions. */
function validateParts(
  errors: FieldErrors,
  parts: Pick<HoistedSpec, "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields">,
  path: string,
  { schema: member, hasStatus }: { readonly schema: "schema" | "validation"; readonly hasStatus: boolean },
): void {
  const schema = parts.schema?.openAPIV3Schema;
  const schemaPath = `${path}.${member}`;
  if (schema !== undefined) errors.addAll(schemaErrors(schema, `${schemaPath}.openAPIV3Schema`, hasStatus));
  validateSubresources(errors, parts.subresources, `${path}.subresources`);
  for (const [index, column] of (parts.additionalPrinterColumns ?? []).entries()) {
    validateColumn(errors, column, `${path}.additionalPrinterColumns[${index}]`);
  }
  validateSelectableFields(errors, parts.selectableFields ?? [], schema, path, member);
}

function validateSelectableFields(
  errors: FieldErrors,
  fields: readonly { readonly jsonPath: string }[],
  schema: JsonSchema | undefined,
  path: string,
  member: "schema" | "validation",
): void {
  if (fields.length === 0) return;
  const list = `${path}.selectableFields`;
  if (schema === undefined) {
    const detail =
      member === "schema"
        ? "may only be set when `version.schema.openAPIV3Schema` is not included"
        : "may only be set when validations.schema is included";
    errors.invalid(list, "", detail);
    return;
  }
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const field = `${list}[${index}].jsonPath`;
    if (jsonPath === "") {
      errors.required(field);
      continue;
    }
    const resolved = resolvePath(jsonPath, schema, false);
    if (!resolved.isValid) {
      errors.invalid(field, jsonPath, `is an invalid path: ${resolved.why}`);
      continue;
    }
    if (resolved.root === "metadata") errors.invalid(field, jsonPath, "must not point to fields in metadata");
    if (!["string", "boolean", "integer"].includes(resolved.schema?.type ?? "")) {
      const detail =
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      errors.invalid(field, jsonPath, detail);
    }
    if (seen.has(resolved.path)) errors.duplicate(field, jsonPath);
    seen.add(resolved.path);
  }
  if (seen.size > MOST_SELECTABLE_FIELDS) errors.tooMany(list, seen.size, MOST_SELECTABLE_FIELDS);
}

function validateSubresources(errors: FieldErrors, subresources: Subresources | undefined, path: string): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  const check = (member: string, value: string, prefixes: readonly string[], where: string) => {
    const field = `${path}.scale.${member}`;
    if (!value.startsWith(".")) errors.invalid(field, value, "must be a simple json path starting with .");
    else if (!prefixes.some((prefix) => value.startsWith(prefix)))
      errors.invalid(field, value, `should be a json path under ${where}`);
  };
  if (scale.specReplicasPath === "") errors.required(`${path}.scale.specReplicasPath`);
  else check("specReplicasPath", scale.specReplicasPath, [".spec."], ".spec");
  if (scale.statusReplicasPath === "") errors.required(`${path}.scale.statusReplicasPath`);
  else check("statusReplicasPath", scale.statusReplicasPath, [".status."], ".status");
  const selector = scale.labelSelectorPath ?? "";
  if (selector !== "") check("labelSelectorPath", selector, [".spec.", ".status."], "either .spec or .status");
}

function validateColumn(errors: FieldErrors, column: PrinterColumn, path: string): void {
  const { name, type, format = "", jsonPath } = column;
  if (name === "") errors.required(child(path, "name"));
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (type === "") errors.required(child(path, "type"), types);
  else if (!COLUMN_TYPES.includes(type)) errors.invalid(child(path, "type"), type, types);
  if (format !== "" && !COLUMN_FORMATS.includes(format)) {
    errors.invalid(child(path, "format"), format, `must be one of ${COLUMN_FORMATS.join(",")}`);
  }
  if (jsonPath === "") errors.required(child(path, "JSONPath"));
  else if (!jsonPath.startsWith("."))
    errors.invalid(child(path, "JSONPath"), jsonPath, "must be a simple json path starting with .");
}

function validateNames(errors: FieldErrors, names: DefinitionNames, path: string): void {
  const check = (field: string, value: string, prefix = "") => {
    const problems = validateDns1035Label(prefix === "" ? value : value.toLowerCase());
    if (value !== "" && problems.length > 0) errors.invalid(child(path, field), value, prefix + problems.join(","));
  };
  const mixed = "may have mixed case, but should otherwise match: ";
  check("plural", names.plural);
  check("singular", names.singular ?? "");
  check("kind", names.kind, mixed);
  check("listKind", names.listKind ?? "", mixed);
  const checkEach = (field: string, values: readonly string[]) => {
    for (const [index, value] of values.entries()) {
      const problems = validateDns1035Label(value);
      if (problems.length > 0) errors.invalid(`${child(path, field)}[${index}]`, value, problems.join(","));
    }
  };
  checkEach("shortNames", names.shortNames ?? []);
  if (names.kind !== "" && names.kind === names.listKind) {
    errors.invalid(child(path, "listKind"), names.listKind, "kind and listKind may not be the same");
  }
  checkEach("categories", names.categories ?? []);
}

function validateConversion(errors: FieldErrors, spec: DefinitionSpec): void {
  const { conversion } = spec;
  if (conversion === undefined) return;
  const path = "spec.conversion";
  const strategy = textAt(conversion, "strategy");
  if (strategy === "") errors.required(`${path}.strategy`);
  else if (strategy !== "None" && strategy !== "Webhook")
    errors.notSupported(`${path}.strategy`, strategy, ["None", "Webhook"]);
  const webhook = conversion["webhook"] as
    | { readonly clientConfig?: object; readonly conversionReviewVersions?: readonly string[] }
    | undefined;
  const config = webhook?.clientConfig as { readonly url?: string; readonly service?: object } | undefined;
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== "Webhook") {
    const detail = "should not be set when strategy is not set to Webhook";
    if (config !== undefined) errors.forbidden(`${path}.webhookClientConfig`, detail);
    if (versions.length > 0) errors.forbidden(`${path}.conversionReviewVersions`, detail);
    return;
  }
  if (config === undefined) errors.required(`${path}.webhookClientConfig`, "required when strategy is set to Webhook");
  else validateClientConfig(errors, `${path}.webhookClientConfig`, config as Fields);
  validateReviewVersions(errors, versions, `${path}.conversionReviewVersions`);
}

function validateReviewVersions(errors: FieldErrors, versions: readonly string[], path: string): void {
  if (versions.length === 0) {
    errors.required(path);
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.invalid(`${path}[${index}]`, version, "duplicate version");
    else errors.invalidEach(`${path}[${index}]`, version, validateDns1035Label(version));
  }
  if (!versions.some((version) => version === "v1" || version === "v1beta1")) {
    errors.invalid(path, versions, "must include at least one of v1, v1beta1");
  }
}

function validateStoredVersions(
  errors: FieldErrors,
  stored: readonly string[],
  versions: readonly DefinitionVersion[],
): void {
  const path = "status.storedVersions";
  if (stored.length === 0) {
    errors.invalid(path, null, "must have at least one stored version");
    return;
  }
  for (const { name, storage } of versions) {
    if (storage && !stored.includes(name)) errors.invalid(path, stored, `must have the storage version ${name}`);
  }
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.invalid(`${path}[${index}]`, name, detail);
  }
}

/** Groups of the Kubernetes community want an approved proposal. */
function validateApproval(errors: FieldErrors, definition: Definition, old: Definition | undefined): void {
  const { group } = definition.spec;
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const approval = definition.metadata.annotations?.[APPROVAL] ?? "";
  const stateOf = (text: string) => {
    if (text === "") return "missing";
    if (text.startsWith("unapproved")) return "bypassed";
    return URL.canParse(text) && new URL(text).host !== "" ? "approved" : "invalid";
  };
  const state = stateOf(approval);
  if (old !== undefined && stateOf(old.metadata.annotations?.[APPROVAL] ?? "") === state) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (state === "missing")
    errors.required(field, `protected groups must have approval annotation "${APPROVAL}", ${see}`);
  if (state === "invalid") {
    const detail = `protected groups must have approval annotation "${APPROVAL}" with either a URL or a reason starting with "unapproved", ${see}`;
    errors.invalid(field, approval, detail);
  }
}

/** Warnings of a definition: formats that nobody knows, sets of what cannot be compared. */
export function definitionWarnings(spec: DefinitionSpec): string[] {
  const formats: string[] = [];
  const sets = new Set<string>();
  const hoisted = hoist(spec);
  for (const schema of [hoisted.schema, ...hoisted.versions.map((version) => version.schema)]) {
    someSchema(schema?.openAPIV3Schema, (inner) => {
      if (inner.format !== undefined && inner.format !== "" && !isKnownFormat(inner)) formats.push(inner.format);
      const items = inner.items as JsonSchema | undefined;
      if (inner["x-kubernetes-list-type"] === "set" && (items?.type === "object" || items?.type === "array")) {
        sets.add(
          `x-kubernetes-list-type: set for items of type "${items.type}" is not supported by server-side apply or CEL validation rules`,
        );
      }
      return false;
    });
  }
  return [...formats.map((format) => `unrecognized format "${format}"`), ...[...sets].sort()];
}

const STRING_FORMATS = new Set(
  "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password date duration datetime k8sshortname k8slongname".split(
    " ",
  ),
);

function isKnownFormat({ type = "", format = "" }: JsonSchema): boolean {
  if (type === "" || type === "string") return STRING_FORMATS.has(format.replaceAll("-", ""));
  if (type === "integer") return format === "int32" || format === "int64";
  return type === "number" && (format === "float" || format === "double");
}
