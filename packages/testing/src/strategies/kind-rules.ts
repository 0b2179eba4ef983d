/**
 * The rules of one kind, and how a full strategy is made of them: what all kinds share is done here once.
 */

import {
  type ValidateName,
  validateDns1123Subdomain,
  validateNameIsDns1123Subdomain,
  validatePathSegmentName,
} from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { FieldError } from "../registry/field-error.ts";
import type { ApiObject, ResourceInfo, Strategy, StrategyContext } from "../registry/strategy.ts";
import { type Fields, fieldsOf, isSemanticallyEqual } from "./json-access.ts";
import { tableFor } from "./tables/kind-table.ts";
import { FieldErrors } from "./validation/field-errors.ts";
import { validateMetadata, validateMetadataUpdate } from "./validation/metadata-validation.ts";

/** Members of a strategy that a kind gives as they are. */
type PlainMembers = Pick<
  Strategy,
  | "default"
  | "patchFromLive"
  | "afterCreate"
  | "afterUpdate"
  | "afterDelete"
  | "beforeDelete"
  | "resetFields"
  | "toStorage"
  | "fromStorage"
  | "deprecation"
  | "fieldSelectorError"
  | "warnings"
  | "selectableFields"
  | "deletion"
  | "allowUnconditionalUpdate"
  | "allowCreateOnUpdate"
>;

/** How one kind differs from the others. */
export interface KindRules extends PlainMembers {
  /** Default: a DNS subdomain. */
  readonly nameRule?: ValidateName;
  /** Whether a rule beside the type checks the name: it counts bytes, and leaves the beginning of a generated name alone. */
  readonly declaresName?: boolean;
  /** In place of `nameRule`, where it hangs on other fields. */
  nameRuleFor?(object: ApiObject): ValidateName;
  /** Top-level members whose change raises `metadata.generation`, which starts at 1. Default: none, the generation stays as it was sent. */
  readonly generation?: readonly string[];
  /** Whether `metadata` goes unchecked, as for Events. */
  readonly skipsMetadata?: boolean;
  /** Whether finalizers may have any name, as those of CustomResourceDefinitions. */
  readonly allowsAnyFinalizer?: boolean;
  /** Whether a write of the status leaves labels, annotations, finalizers and owners as they were. */
  readonly statusKeepsMetadata?: boolean;
  /** Whether a new object keeps the status that it was sent with, as a Node does. */
  readonly statusOnCreate?: boolean;
  /** After the status was emptied and the generation set. */
  prepareForCreate?(object: ApiObject, context: StrategyContext): void;
  /** After the status was taken from the stored object and before generations are compared; main resource only. */
  prepareForUpdate?(object: ApiObject, old: ApiObject, context: StrategyContext): void;
  /** After everything but the status was taken from the stored object. */
  prepareForStatusUpdate?(object: ApiObject, old: ApiObject, context: StrategyContext): void;
  /** Writes of further subresources; says whether it took care of this one. */
  prepareForSubresource?(object: ApiObject, old: ApiObject, context: StrategyContext): boolean;
  /** After `metadata` was checked. */
  validate?(errors: FieldErrors, object: ApiObject, context: StrategyContext): void;
  validateUpdate?(errors: FieldErrors, object: ApiObject, old: ApiObject, context: StrategyContext): void;
  validateStatusUpdate?(errors: FieldErrors, object: ApiObject, old: ApiObject, context: StrategyContext): void;
}

const METADATA_KEPT_BY_STATUS = [
  "deletionTimestamp",
  "generation",
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
];

/** The strategy of a built-in kind. */
export function strategyOf(resource: ResourceInfo, rules: KindRules): Strategy {
  const nameRule = rules.nameRule ?? validateNameIsDns1123Subdomain;
  const hasStatus = resource.subresources.includes("status");
  const table = tableFor(resource);
  return {
    ...rules,
    hasStatus,
    default(object, context): void {
      dropRepeatedOwners(object, context);
      rules.default?.(object, context);
    },
    validateName: nameRule,
    // A write of the status warns of nothing that stands elsewhere.
    warnings: (object, old, context) =>
      context.subresource === "status" ? [] : (rules.warnings?.(object, old, context) ?? []),
    ...(table === undefined ? {} : { table }),
    prepareForCreate(object, context): void {
      if (hasStatus && rules.statusOnCreate !== true) object["status"] = {};
      if (rules.generation !== undefined) object.metadata.generation = 1;
      rules.prepareForCreate?.(object, context);
    },
    prepareForUpdate(object, old, context): void {
      // A write of the scale is one of the object's own spec.
      if (context.subresource === "" || context.subresource === "scale")
        prepareMainUpdate(object, old, context, rules, hasStatus);
      else if (rules.prepareForSubresource?.(object, old, context) !== true && context.subresource === "status") {
        prepareStatusUpdate(object, old, context, rules);
      }
    },
    validate(object, context): FieldError[] {
      const errors = new FieldErrors();
      object.metadata.name ??= "";
      if (!rules.skipsMetadata)
        validateMetadata(
          errors,
          object.metadata,
          resource.isNamespaced,
          rules.declaresName ? () => [] : (rules.nameRuleFor?.(object) ?? nameRule),
          "metadata",
          rules.allowsAnyFinalizer !== true,
        );
      const { name } = object.metadata;
      if (rules.declaresName && name !== "")
        errors.declared.invalidEach("metadata.name", name, validateDns1123Subdomain(name, "bytes"));
      rules.validate?.(errors, object, context);
      // What a kind does not ask of its metadata, the store asks of all.
      if (rules.skipsMetadata && !errors.hasErrors)
        validateMetadata(errors, object.metadata, resource.isNamespaced, validatePathSegmentName, "metadata", false);
      return errors.all();
    },
    validateUpdate(object, old, context): FieldError[] {
      const errors = new FieldErrors();
      const wantsQualified = rules.allowsAnyFinalizer !== true && rules.skipsMetadata !== true;
      validateMetadataUpdate(errors, object.metadata, old.metadata, "metadata", wantsQualified);
      if (context.subresource === "status") rules.validateStatusUpdate?.(errors, object, old, context);
      else rules.validateUpdate?.(errors, object, old, context);
      return errors.all();
    },
  };
}

function dropRepeatedOwners({ metadata }: ApiObject, context: StrategyContext): void {
  const owners = metadata.ownerReferences ?? [];
  const firstOf = (owner: unknown) => owners.findIndex((other) => isSemanticallyEqual(other, owner));
  const repeated = owners.filter((owner, index) => firstOf(owner) < index);
  if (repeated.length === 0) return;
  metadata.ownerReferences = owners.filter((owner) => !repeated.includes(owner));
  const uids = [...new Set(repeated.map(({ uid }) => uid))].join(", ");
  context.warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  );
}

function prepareMainUpdate(
  object: ApiObject,
  old: ApiObject,
  context: StrategyContext,
  rules: KindRules,
  hasStatus: boolean,
): void {
  if (hasStatus) keep(object, old, "status");
  rules.prepareForUpdate?.(object, old, context);
  if (rules.generation === undefined) return;
  const hasChanged = rules.generation.some(
    (member) => !isSemanticallyEqual(memberAt(object, member), memberAt(old, member)),
  );
  const generation = old.metadata.generation ?? 0;
  object.metadata.generation = hasChanged ? generation + 1 : generation;
}

function prepareStatusUpdate(object: ApiObject, old: ApiObject, context: StrategyContext, rules: KindRules): void {
  for (const member of new Set([...Object.keys(object), ...Object.keys(old)])) {
    if (member !== "metadata" && member !== "status" && member !== "apiVersion" && member !== "kind")
      keep(object, old, member);
  }
  if (rules.statusKeepsMetadata) {
    for (const member of METADATA_KEPT_BY_STATUS) keep(object.metadata, old.metadata, member);
  }
  rules.prepareForStatusUpdate?.(object, old, context);
}

/** Takes a member as it was. */
export function keep(object: Fields, old: Fields, member: string): void {
  if (old[member] === undefined) delete object[member];
  else object[member] = clone(old[member]);
}

function memberAt(object: Fields, path: string): unknown {
  return path.split(".").reduce<unknown>((value, step) => fieldsOf(value)?.[step], object);
}
